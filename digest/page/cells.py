"""A paper's cells: each column's text, made safe for Markdown where strangers wrote it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from markupsafe import Markup

from digest.text import markdown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from digest.papers import Identifier, Paper

_FOLDED_COMMENT = 20
_SHOWN_AUTHORS = 10


def safe(text: str) -> Markup:
    """Text that `digest.text.markdown` made safe, marked so that templates leave it as it is."""
    return Markup(text)  # noqa: S704 - the one door for such text


@dataclass(frozen=True)
class Row:
    """A paper with the columns that are shown of it."""

    paper: Paper
    columns: tuple[str, ...]
    date: str
    show_abstract: bool = True

    @cached_property
    def cells(self) -> list[Markup]:
        return [safe(_CELLS[column](self)) for column in self.columns]

    @cached_property
    def without_abstract(self) -> Row:
        return replace(self, show_abstract=False)


def _title_cell(row: Row) -> str:
    title = markdown.link_text(row.paper.title) or row.paper.id
    return f"**[{title}]({row.paper.url})**"


def _authors_cell(row: Row) -> str:
    names = row.paper.authors[:_SHOWN_AUTHORS]
    more = len(row.paper.authors) - len(names)
    return _listed(names) + (f" and {more} more" if more else "")


def _abstract_cell(row: Row) -> str:
    abstract = markdown.inline(row.paper.abstract) if row.show_abstract else ""
    return _folded("Show", abstract) if abstract else ""


def _comment_cell(row: Row) -> str:
    comment = row.paper.comment
    if len(markdown.visible(comment)) <= _FOLDED_COMMENT:
        return markdown.inline(comment)
    return _folded(markdown.summary(comment, 5) + "...", markdown.inline(comment))


def _links_cell(row: Row) -> str:
    return f"[PDF]({row.paper.pdf}) · [HTML]({row.paper.html})"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(markdown.inline, names))


def _folded(summary: str, text: str) -> str:
    return f"<details><summary>{summary}</summary><p>{text}</p></details>"


_CELLS: dict[str, Callable[[Row], str]] = {
    "title": _title_cell,
    "date": lambda row: row.date,
    "authors": _authors_cell,
    "abstract": _abstract_cell,
    "comment": _comment_cell,
    "categories": lambda row: _listed(row.paper.categories),
    "links": _links_cell,
}


def rows(papers: Iterable[Paper], columns: tuple[str, ...], sort_by: str) -> list[Row]:
    """The papers as rows; `sort_by` also says which date is shown."""
    dates = ((paper, paper.updated if sort_by == "updated" else paper.published) for paper in papers)
    return [Row(paper, columns, f"{date:%Y-%m-%d}") for paper, date in dates]


@dataclass(frozen=True)
class Line:
    """A row of which only the cells are known."""

    cells: list[Markup]


def line_shown(paper: Identifier, columns: tuple[str, ...], shown: str) -> Line:
    """The row of a paper of which arXiv said nothing today: its title as it stands in the section's text `shown`."""
    found = re.search(rf"\*\*\[.*\]\(https://arxiv\.org/abs/{re.escape(str(paper))}v\d+\)\*\*", shown)
    title = safe(found[0] if found else f"**[{paper}](https://arxiv.org/abs/{paper})**")
    place = columns.index("title") if "title" in columns else 0
    return Line([title if place == number else Markup() for number in range(len(columns))])
