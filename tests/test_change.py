"""What a run makes of a file, over generated files and days: only the section changes, and news is told once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.announcement import announced
from digest.change import Change, Known, change
from digest.composition import RunContext
from digest.issue import Issue
from digest.listing import listings, questions
from digest.page.issue_body import LONGEST_BODY
from digest.page.render import builtin
from digest.papers import Bounds, Identifier, Month, Paper, identifier
from digest.section.document import encode, parse
from digest.section.memory import promised_papers
from digest.sources.source import Answer, Failure
from digest.text import markdown
from tests.test_inputs import config

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.listing import Question
    from digest.section.document import Document

START, END = "<!-- daily-papers:start -->", "<!-- daily-papers:end -->"
PAGES = {name: builtin(name) for name in ("table", "list")} | {
    "own.j2": lambda rows, *_: "".join(f"\n* {markdown.link_text(row.paper.title)}\n\n" for row in rows) + "\n \n\n"
}
NOW = datetime(2026, 6, 1, tzinfo=UTC)
BOUNDS = Bounds(NOW)
WHY = "it is throttling (429)"


def paper(id_: str, version: int = 1, title: str = "", **texts: str) -> Paper:
    known = identifier(id_)
    moment = datetime(known.month.year, known.month.month, 1, tzinfo=UTC) + timedelta(
        minutes=known.number, days=version
    )
    return Paper(
        known, version, title or f"Title of {id_}", texts.get("abstract", ""), ("A. One",), moment, moment, ("cs.CV",)
    )


@dataclass(frozen=True)
class Day:
    """A run's day: what it brings, and what arXiv answered."""

    context: RunContext
    answers: dict[Question, Answer | Failure]

    def document(self, text: str) -> Document:
        config = self.context.config
        return parse(encode(text), config.readme, config.section, BOUNDS)

    def change(self, text: str, announced: frozenset[Identifier] = frozenset()) -> Change:
        """The change of the text; what is promised and was not `announced` is announced with the day's news."""
        document = self.document(text)
        section = document.section
        listed = listings(self.answers, section, self.context.config)
        promised = promised_papers(self.context.promises_in(section.memory))
        return change(self.context, document, section.memory, listed, Known(promised - announced, announced))


def day(answers: Sequence[Sequence[Paper] | None], today: str = "2026-06-01", **inputs: str) -> Day:
    """A day on which keywords find these papers; None where one fails."""
    headings = [f"Keyword {number}" for number in range(len(answers))]
    given = {name.replace("_", "-"): text for name, text in inputs.items()} | {"keywords": "\n".join(headings)}
    settings = config(given)
    found = {
        question: Failure(WHY) if papers is None else Answer(newest_first(papers), len(papers), len(papers))
        for question, papers in zip(questions(settings), answers, strict=True)
    }
    render = PAGES[inputs.get("template", "table")]
    context = RunContext(
        settings, render, date.fromisoformat(today), int(NOW.timestamp()), "https://github.test/x", BOUNDS
    )
    return Day(context, found)


def newest_first(papers: Sequence[Paper]) -> tuple[Paper, ...]:
    return tuple(sorted(papers, key=lambda paper: paper.updated, reverse=True))


def text_of(content: bytes) -> str:
    return content.decode("utf-8", "surrogateescape")


months = st.sampled_from(["2510", "2511", "2512", "2601", "2602", "2603"])
ids = st.builds("{}.{:05}".format, months, st.integers(1, 12)) | st.builds("hep-th/0601{:03}".format, st.integers(1, 3))
lists = st.lists(st.builds(paper, ids, st.integers(1, 3), st.text(max_size=20)), max_size=8, unique_by=lambda p: p.id)
answers = st.lists(lists | st.none(), min_size=1, max_size=3)
settings_of_users = st.fixed_dictionaries(
    {
        "template": st.sampled_from(sorted(PAGES)),
        "deduplicate": st.sampled_from(["true", "false"]),
        "max_results": st.sampled_from(["3", "100"]),
        "max_bytes": st.sampled_from(["0", "1", "1500", "3000"]),
        "columns": st.sampled_from(["title, date, abstract, comment", "date, authors", "links"]),
        "notify": st.sampled_from(["issue", "none"]),
        "contents": st.sampled_from(["true", "false"]),
    }
)
# Bytes of which some look like fences, markers of others, and line ends of every kind.
pieces = st.sampled_from(
    [b"\n", b"\r\n", b"```\n", b"~~~\n", b"\xff", b"\xef\xbb\xbf", b"<!-- other:start -->", b"# A\n", b"x"]
)
around = st.lists(pieces | st.binary(max_size=5).map(lambda some: some.replace(b"\0", b"\1")), max_size=8).map(b"".join)


@given(around, around, answers, settings_of_users)
@settings(max_examples=150)
def test_nothing_outside_the_section_changes_by_a_byte(
    before: bytes, after: bytes, found: list[list[Paper] | None], inputs: dict[str, str]
) -> None:
    file = before + START.encode() + b"\nold\n" + END.encode() + after
    text = text_of(file)
    # Where the generated fences make the markers text, there is no place yet, and all of it is before the section.
    there = day(found).document(text).has_section

    written = day(found, **inputs).change(text).text.encode("utf-8", "surrogateescape")

    head, tail = (before + START.encode(), END.encode() + after) if there else (file, b"")
    assert written.startswith(head)
    assert written.endswith(tail)
    assert day(found).document(text_of(written)).has_section


@given(around, answers, answers, settings_of_users)
@settings(max_examples=150)
def test_a_second_run_on_the_same_papers_changes_nothing(
    before: bytes, first: list[list[Paper] | None], second: list[list[Paper] | None], inputs: dict[str, str]
) -> None:
    text = text_of(before)
    for found in (first, second):
        done = day(found, **inputs).change(text)
        told = done.announcement.promise.identifiers if done.announcement else frozenset()
        again = day(found, "2026-06-02", **inputs).change(done.text, told)
        assert (again.files, again.text, again.edition.new_papers) == ({}, done.text, ())
        assert [one.count for one in again.edition.listings] == [one.count for one in done.edition.listings]
        text = done.text


@dataclass
class Reader:
    """Somebody who reads every page and knows the contract by heart."""

    seen: set[Identifier] = field(default_factory=set)

    def news(self, listed: set[Identifier]) -> set[Identifier]:
        highest = max(self.seen | listed, default=None)
        first_month = highest.month.minus(2) if highest else Month(0, 1)
        new = {known for known in listed - self.seen if known.month >= first_month}
        self.seen |= listed
        return new


def identifiers_on(done: Change) -> set[Identifier]:
    return {known for one in done.edition.listings for known in (*(paper.id for paper in one.papers), *one.retained)}


@given(st.lists(answers, min_size=1, max_size=5), settings_of_users)
@settings(max_examples=150)
def test_over_many_days_each_paper_is_new_exactly_once_as_the_contract_says(
    days: list[list[list[Paper] | None]], inputs: dict[str, str]
) -> None:
    text, reader = "", Reader()
    told: frozenset[Identifier] = frozenset()
    for found in days:
        done = day(found, **inputs).change(text, told)
        new = reader.news(identifiers_on(done))

        assert {paper.id for paper in done.edition.new_papers} == new
        assert len(done.edition.new_papers) == len(new)
        assert (done.announcement is not None) == (bool(new) and inputs["notify"] == "issue")
        if done.announcement:
            assert done.announcement.promise.identifiers == new
            told |= new
        text = done.text


@given(answers, settings_of_users)
def test_deduplicated_lists_share_no_paper_and_false_shares_all(
    found: list[list[Paper] | None], inputs: dict[str, str]
) -> None:
    inputs = inputs | {"max_bytes": "0"}
    done = day(found, **inputs).change("")
    own = [[paper.id for paper in part.papers] for part in done.edition.listings]
    everything = [known for listed in own for known in listed]
    if inputs["deduplicate"] == "true":
        assert len(everything) == len(set(everything))
    else:
        assert own == [
            [paper.id for paper in sorted(papers or (), key=lambda paper: paper.updated, reverse=True)][
                : int(inputs["max_results"])
            ]
            for papers in found
        ]


@pytest.mark.parametrize("keywords", [1, 30, 400, 1500])
@pytest.mark.parametrize(("title", "mentions"), [("short", 0), ("\U0001f30a" * 300, 0), ("middle" * 20, 100)])
def test_the_issues_body_fits_and_counts_every_paper_however_many_there_are(
    keywords: int, title: str, mentions: int
) -> None:
    papers = [paper(f"2603.{number:05}", title=title) for number in range(1, max(keywords, 900) + 1)]
    share = len(papers) // keywords
    found = [papers[number * share : (number + 1) * share] for number in range(keywords)]
    logins = ", ".join(f"{number:039}" for number in range(mentions))
    inputs = {"max_results": "2000", "notify_limit": "2000", "max_bytes": "0", "issue_mentions": logins}
    made = day(found, **inputs).change("").announcement

    assert made
    assert len(made.body.encode("utf-16-le")) // 2 <= LONGEST_BODY
    rows = made.body.count("](https://arxiv.org/abs/")
    more = [int(line.split()[1]) for line in made.body.splitlines() if line.endswith("more in the README")]
    assert rows + sum(more) == keywords * share
    assert rows
    # Where everything fits nothing is left out.
    assert more or keywords <= 30
    told = announced([made.promise], [[Issue("other", made.body, 0, "")]], "daily-papers")
    assert set(told.papers) == made.promise.identifiers


@pytest.mark.parametrize("file", ["# Mine\n", f"{START}\r\nLast update: 2020-01-01\r\n{END}\r\n"])
def test_rows_of_a_failed_keyword_survive_a_change_of_line_ends(file: str) -> None:
    first = day([[paper("2603.00001"), paper("2603.00002")], [paper("2603.00003")]]).change(file)
    told = first.edition.new
    second = day([None, [paper("2603.00003"), paper("2603.00004")]]).change(
        first.text.replace("\r\n", "\n").replace("\n", "\r\n"), told
    )
    assert second.edition.listings[0].retained == (identifier("2603.00002"), identifier("2603.00001"))
    assert "**[Title of 2603.00002](https://arxiv.org/abs/2603.00002v1)**" in second.text
    assert [new.id for new in second.edition.new_papers] == [identifier("2603.00004")]


def test_a_section_copied_from_another_repository_owes_nothing_here() -> None:
    promised = day([[paper("2603.00001")]]).change("").text
    here = day([[paper("2603.00001")]])
    other_repository = config({"keywords": "Keyword 0"}, GITHUB_REPOSITORY_ID="43")
    assert here.change(promised).announcement is not None
    elsewhere = replace(here, context=replace(here.context, config=other_repository))
    assert elsewhere.change(promised).announcement is None
