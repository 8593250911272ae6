"""Hostile papers through a whole update, judged by GitHub's own parser: the page, the issue, what is told of them,
and tomorrow's reading."""

from __future__ import annotations

import json
from contextlib import redirect_stdout
from dataclasses import replace
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest import actions
from digest.columns.code_links import code_links
from digest.columns.venues import venue
from digest.config import COLUMNS
from digest.export.papers_json import new_papers_json
from digest.page.own_template import OwnTemplate
from digest.text.markdown import visible
from digest.text.plain_text import clean, shorten
from sandbox.action import read_outputs
from tests.factories import paper as entry
from tests.factories import started
from tests.github_markdown import LINKED_BY_GITHUB, REFERENCE, Judged, Part, commands, seen
from tests.test_change import END, START, day
from tests.test_change import paper as made_up
from tests.test_markdown import fragments, texts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from digest.papers import Paper

BEFORE, AFTER = f"# Mine\n\n{START}", f"{END}\n\n[mine]: https://mine.org\n"
OURS = {"h1", "h2", "p", "table", "thead", "tbody", "tr", "th", "td", "strong", "a", "details", "summary", "span"}
ITEMS = {"ul", "li"}


def stranger(number: int, told: Sequence[str]) -> Paper:
    """A paper that says these three things, in all places in which a paper can."""
    title, abstract, comment = told
    return replace(
        made_up(f"2603.{number:05}"),
        title=title,
        abstract=abstract,
        comment=comment,
        journal=abstract,
        doi=title,
        authors=(comment, f"{title} {comment}", title),
        categories=(abstract, "cs.CV"),
    )


def several(told: list[tuple[str, str, str]]) -> list[Paper]:
    """Newest first, as they stand on the page."""
    return [stranger(number, one) for number, one in enumerate(told, 1)][::-1]


papers = st.lists(st.tuples(texts, texts, texts), min_size=4, max_size=6).map(several)
columns = st.permutations(COLUMNS).flatmap(lambda names: st.integers(1, len(names)).map(lambda count: names[:count]))


def expected(paper: Paper, column: str, *, folded: bool = True, keywords: str = "") -> str:
    """What a cell shows; in an issue no comment is folded."""
    comment = visible(paper.comment)
    return seen(
        {
            "title": visible(paper.title) or str(paper.id),
            "date": f"{paper.updated:%Y-%m-%d}",
            "authors": ", ".join(filter(None, map(visible, paper.authors))),
            "abstract": f"Show{visible(paper.abstract)}" if visible(paper.abstract) else "",
            "comment": comment if len(comment) <= 20 or not folded else f"{shorten(comment, 5)}...{comment}",
            "categories": ", ".join(filter(None, map(visible, paper.categories))),
            "links": "PDF · HTML",
            "code": " · ".join(link.kind for link in code_links(paper.comment, paper.abstract)),
            "venue": visible(venue(paper.journal, paper.comment)),
            "keywords": keywords,
        }[column]
    )


def judge(source: str, shown: Sequence[Paper], columns: Sequence[str], template: str, *, folded: bool = True) -> Judged:
    page = Judged(source)
    page.judge(OURS if template == "table" else OURS | ITEMS)
    if template == "table":
        rows = page.rows
        assert [part.text.strip("\xa0") for part in rows[0]] == [column.title() for column in columns]
        assert len(rows) == len(shown) + 1
        for row, paper in zip(rows[1:], shown, strict=True):
            assert [seen(part.text) for part in row] == [
                expected(paper, column, folded=folded, keywords="Keyword 0") for column in columns
            ]
            judge_title([part for part, column in zip(row, columns, strict=True) if column == "title"], paper)
    else:
        items = page.of("li")
        for item, paper in zip(items, shown, strict=True):
            cells = filter(None, (expected(paper, column, folded=folded, keywords="Keyword 0") for column in columns))
            # What parts the cells may stand in a cell too.
            assert seen(item.text.replace("·", " ")) == seen(" ".join(cells).replace("·", " "))
            judge_title([item] if "title" in columns else [], paper)
    return page


def judge_title(parts: list[Part], paper: Paper) -> None:
    for part in parts:
        own = [text for address, text in part.links if address == paper.url]
        assert list(map(seen, own)) == [expected(paper, "title")]


@settings(max_examples=400, deadline=None)
@given(papers, columns, st.sampled_from(["table", "list"]))
def test_page_and_issue_show_what_strangers_wrote_and_nothing_acts(
    found: list[Paper], names: list[str], template: str
) -> None:
    today = day([found], columns=",".join(names), template=template)
    text = f"{BEFORE}\n{AFTER}"
    made = today.change(text)

    assert made.text.startswith(BEFORE)
    assert made.text.endswith(AFTER)
    page = judge(made.text, found, names, template)
    assert [comment.split()[0] for comment in page.comments] == [
        f"daily-papers:{kind}" for kind in ("start", "memory", "list", "end")
    ]
    assert made.announcement
    of_issue = [name for name in names if name != "abstract"] or ["title"]
    body = judge(made.announcement.body, found, of_issue, template, folded=False)
    assert [comment.split()[0] for comment in body.comments] == ["daily-papers:announced"]

    told = json.loads(new_papers_json(made.edition))
    # An author of whose name nothing is left is none.
    assert [(one["title"], one["authors"], one["categories"]) for one in told] == [
        (clean(paper.title), list(filter(None, map(clean, paper.authors))), list(map(clean, paper.categories)))
        for paper in found
    ]

    read = today.document(made.text).section
    assert not read.damaged
    assert read.memory.listed == {paper.id for paper in found}
    assert [block.identifiers for block in read.blocks] == [tuple(paper.id for paper in found)]
    # A day on which arXiv fails keeps the rows, byte for byte.
    failed = day([None], "2026-06-02", columns=",".join(names), template=template)
    kept = failed.change(made.text, read.memory.listed)
    assert (kept.files, kept.text) == ({}, made.text)


def test_the_users_own_texts_close_nothing_and_call_nobody(tmp_path: Path) -> None:
    said = "Closes #5, octo/papers#6 and GH-7 for @octo/team, see https://github.com/octo/papers/issues/8 and deadbeef1"
    heading = f"{said} <!-- daily-papers:end --> ${{{{ x }}}}"
    keywords = f"{heading}: all:alpha"
    with started(tmp_path, [entry(1)], keywords=keywords, issue_title=said, commit_message=said) as action:
        run = action.run()
        (issue,), message = action.github.issues, action.github.log()[0].message

        assert run.code == 0, run.log
        for source in (action.page(), str(issue.body)):
            page = Judged(source)
            page.judge(OURS)
            assert [seen(part.text) for part in page.of("h2")] == [heading]
        for plain in (issue.title, message.strip()):
            assert not LINKED_BY_GITHUB.search(plain)
            assert not REFERENCE.search(plain)
            assert plain.replace("\u200b", "") == said
        assert action.run().outputs["changed"] == "false"


# Templates of people who think of no Markdown, and what an item of theirs shows; None where only its safety counts.
NAIVE: dict[str, Callable[[Paper], str] | None] = {
    "{{ paper.title }} by {{ paper.authors }}; {{ paper.abstract }}": lambda paper: (
        f"{expected(paper, 'title')} by {', '.join(map(visible, paper.authors))}; {visible(paper.abstract)}"
    ),
    "{{ paper.title }}[pdf]({{ paper.pdf }}){{ paper.comment }}[x]({{ paper.url }}){{ paper.journal }}": lambda paper: (
        f"{expected(paper, 'title')}pdf{visible(paper.comment)}x{visible(paper.journal)}"
    ),
    "[{{ paper.title }}]({{ paper.url }}){{ paper.doi }} **{{ paper.title }}**": lambda paper: (
        f"{expected(paper, 'title')}{visible(paper.doi)} {expected(paper, 'title')}"
    ),
    "x {{ paper.title ~ ' | ' ~ paper.comment }} {{ paper.authors | join('; ') }}": lambda paper: (
        f"x {expected(paper, 'title')} | {visible(paper.comment)} {'; '.join(map(visible, paper.authors))}"
    ),
    "{{ paper.abstract | truncate(20) | upper }} {{ paper.comment[1:] }} {{ paper.title | safe }}": None,
    "{{ paper.title | replace('a', '|') | title }} {{ paper.comment | striptags | e }} {{ paper.doi | reverse }}": None,
    "x <b>{{ paper.title }}</b> {{ paper.abstract | wordwrap(9) }} {{ paper.comment | tojson }}": None,
    "x {{ paper.authors ~ paper.cells[0] }} {{ paper.comment | urlize }} {{ paper.title | forceescape }}": None,
}


@pytest.mark.parametrize("template", NAIVE)
@settings(max_examples=20, deadline=None)
@given(papers)
def test_a_naive_template_is_safe(template: str, found: list[Paper]) -> None:
    own = OwnTemplate("own.j2", f"{{% for paper in papers %}}\n- {template}\n{{% endfor %}}")
    today = day([found], columns="title")
    made = replace(today, context=replace(today.context, render=own)).change(f"{BEFORE}\n{AFTER}")
    judged = Judged(made.text)
    judged.judge(OURS | ITEMS | {"b"})
    items = judged.of("li")
    assert len(items) == len(found)
    assert len(judged.comments) == 4
    show = NAIVE[template]
    for item, paper in zip(items, found, strict=True):
        assert show is None or seen(item.text) == seen(show(paper))


COMMANDS = [
    "::error::x",
    "##[error]x",
    "%0A::warning::x",
    "\r::set-env name=x::y",
    "::stop-commands::x",
    "::endgroup::",
]
said = st.lists(fragments | st.sampled_from([*COMMANDS, "\n", "\r", "a<<b", "end_", "${{ github.token }}"])).map(
    "".join
)


@given(said)
def test_nothing_that_is_told_commands_the_runner(text: str) -> None:
    log = StringIO()
    with redirect_stdout(log):
        actions.say(text)
        actions.notice(text)
        actions.error(text, title=text)
        # The old form of a command counts anywhere in a line.
        assert "##[" not in log.getvalue()
        actions.group(text, [text, text])
    assert commands(log.getvalue()) == ["notice", "error", "group", "endgroup"]


@given(said, said)
def test_no_output_is_forged(tmp_path_factory: pytest.TempPathFactory, first: str, second: str) -> None:
    file = tmp_path_factory.mktemp("outputs") / "outputs"
    for _ in range(2):
        # Whoever saw one run's delimiter knows nothing of the next one's.
        known = file.read_text("utf-8") if file.exists() else ""
        actions.outputs(file, {"first": f"{known}{first}", "second": second})
    assert list(read_outputs(file)) == ["first", "second"]
