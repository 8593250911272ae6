"""What an update makes of a file, over generated files and days: only the section changes, and news is told once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.announce import LONGEST_BODY, Issue, announced
from digest.draft import Day
from digest.page.render import Page
from digest.papers import Failed, Found, Identifier, Month, Paper, identifier
from digest.section import section
from digest.update import Update, update
from tests.test_inputs import config

if TYPE_CHECKING:
    from collections.abc import Sequence

START, END = "<!-- daily-papers:start -->", "<!-- daily-papers:end -->"
PAGES = {name: Page(name) for name in ("table", "list")} | {
    "own.j2": Page("own.j2", "{% for p in papers %}\n* {{ p.title }}\n\n{% endfor %}\n \n\n")
}
WHY = "it is throttling (429)"


def paper(id_: str, version: int = 1, title: str = "", **texts: str) -> Paper:
    known = identifier(id_)
    moment = datetime(known.month.year, known.month.month, 1, tzinfo=UTC) + timedelta(
        minutes=known.number, days=version
    )
    return Paper(
        known, version, title or f"Title of {id_}", texts.get("abstract", ""), ("A. One",), moment, moment, ("cs.CV",)
    )


def day(answers: Sequence[Sequence[Paper] | None], date: str = "2026-06-01", **inputs: str) -> Day:
    """A day on which keywords find these papers; None where one fails."""
    headings = [f"Keyword {number}" for number in range(len(answers))]
    given = {name.replace("_", "-"): text for name, text in inputs.items()} | {"keywords": "\n".join(headings)}
    found = (
        Failed(WHY, heading)
        if papers is None
        else Found(tuple(sorted(papers, key=lambda paper: paper.updated, reverse=True)), heading, None)
        for heading, papers in zip(headings, answers, strict=True)
    )
    page = PAGES[inputs.get("template", "table")]
    return Day(config(given), page, tuple(found), date, 1_780_000_000, "https://github.test/x")


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
    }
)
# Bytes of which some look like fences, markers of others, and line ends of every kind.
pieces = st.sampled_from(
    [b"\n", b"\r\n", b"```\n", b"~~~\n", b"\xff", b"\xef\xbb\xbf", b"<!-- other:start -->", b"# A\n", b"x"]
)
around = st.lists(pieces | st.binary(max_size=5), max_size=8).map(b"".join)


@given(around, around, answers, settings_of_users)
@settings(max_examples=150)
def test_nothing_outside_the_section_changes_by_a_byte(
    before: bytes, after: bytes, found: list[list[Paper] | None], inputs: dict[str, str]
) -> None:
    file = before + START.encode() + b"\nold\n" + END.encode() + after
    text = text_of(file)
    # Where the generated fences make the markers text, there is no place yet, and all of it is before the section.
    place = section.find(text, "daily-papers")

    written = update(day(found, **inputs), text).text.encode("utf-8", "surrogateescape")

    head, tail = (before + START.encode(), END.encode() + after) if place else (file, b"")
    assert written.startswith(head)
    assert written.endswith(tail)
    assert section.find(text_of(written), "daily-papers")


@given(around, answers, answers, settings_of_users)
@settings(max_examples=150)
def test_a_second_run_on_the_same_papers_changes_nothing(
    before: bytes, first: list[list[Paper] | None], second: list[list[Paper] | None], inputs: dict[str, str]
) -> None:
    text = text_of(before)
    for found in (first, second):
        done = update(day(found, **inputs), text)
        told = done.announcement.due.identifiers if done.announcement else frozenset()
        again = update(day(found, "2026-06-02", **inputs), done.text, told)
        assert (again.changed, again.text, again.new) == (False, done.text, ())
        assert [listed.count for listed in again.lists] == [listed.count for listed in done.lists]
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


def identifiers_on(done: Update) -> set[Identifier]:
    return {known for part in done.lists for known in (*(paper.id for paper in part.papers), *part.kept)}


@given(st.lists(answers, min_size=1, max_size=5), settings_of_users)
@settings(max_examples=150)
def test_over_many_days_each_paper_is_new_exactly_once_as_the_contract_says(
    days: list[list[list[Paper] | None]], inputs: dict[str, str]
) -> None:
    text, reader = "", Reader()
    told: frozenset[Identifier] = frozenset()
    for found in days:
        done = update(day(found, **inputs), text, told)
        new = reader.news(identifiers_on(done))

        assert {paper.id for paper in done.new} == new
        assert len(done.new) == len(new)
        assert (done.announcement is not None) == (bool(new) and inputs["notify"] == "issue")
        if done.announcement:
            assert done.announcement.due.identifiers == new
            told |= new
        text = done.text


@given(answers, settings_of_users)
def test_deduplicated_lists_share_no_paper_and_false_shares_all(
    found: list[list[Paper] | None], inputs: dict[str, str]
) -> None:
    inputs = inputs | {"max_bytes": "0"}
    done = update(day(found, **inputs), "")
    own = [[paper.id for paper in part.papers] for part in done.lists]
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
@pytest.mark.parametrize("title", ["short", "\U0001f30a" * 300])
def test_the_issues_body_fits_and_counts_every_paper_however_many_there_are(keywords: int, title: str) -> None:
    papers = [paper(f"2603.{number:05}", title=title) for number in range(max(keywords, 900))]
    share = len(papers) // keywords
    found = [papers[number * share : (number + 1) * share] for number in range(keywords)]
    made = update(day(found, max_results="2000", notify_limit="2000", max_bytes="0"), "").announcement

    assert made
    assert len(made.body.encode("utf-16-le")) // 2 <= LONGEST_BODY
    rows = made.body.count("](https://arxiv.org/abs/")
    more = [int(line.split()[1]) for line in made.body.splitlines() if line.endswith("more in the README")]
    assert rows + sum(more) == keywords * share
    assert rows
    # Where everything fits nothing is left out.
    assert more or keywords <= 30
    assert announced([made.due], [Issue("other", made.body, 0, "")], "daily-papers") == made.due.identifiers


@pytest.mark.parametrize("file", ["# Mine\n", f"{START}\r\nLast update: 2020-01-01\r\n{END}\r\n"])
def test_rows_of_a_failed_keyword_survive_a_change_of_line_ends(file: str) -> None:
    first = update(day([[paper("2603.00001"), paper("2603.00002")], [paper("2603.00003")]]), file)
    told = frozenset(paper.id for paper in first.new)
    second = update(day([None, [paper("2603.00003"), paper("2603.00004")]]), first.text.replace("\n", "\r\n"), told)
    assert second.lists[0].kept == (identifier("2603.00002"), identifier("2603.00001"))
    assert "**[Title of 2603.00002](https://arxiv.org/abs/2603.00002v1)**" in second.text
    assert [new.id for new in second.new] == [identifier("2603.00004")]


def test_a_section_copied_from_another_repository_owes_nothing_here() -> None:
    promised = update(day([[paper("2603.00001")]]), "").text
    here = day([[paper("2603.00001")]])
    assert update(here, promised).announcement is not None
    elsewhere = Day(
        config({"keywords": "Keyword 0"}, GITHUB_REPOSITORY_ID="43"),
        here.page,
        here.answers,
        here.date,
        here.now,
        here.link,
    )
    assert update(elsewhere, promised).announcement is None
