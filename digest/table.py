"""A paper's cells: each column's text, made safe for Markdown where strangers wrote it.

A template sees only these rows, so that a naive template is safe too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from markupsafe import Markup

from digest import markdown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from digest.papers import Identifier, Paper

_FOLDED_COMMENT = 20
_SHOWN_AUTHORS = 10


def safe(text: str) -> Markup:
    """Text that `digest.markdown` made safe, marked so that templates leave it as it is."""
    return Markup(text)  # noqa: S704 - the one door for such text


@dataclass(frozen=True)
class Row:
    """What a template sees of a paper; every text is safe Markdown for a table's cell."""

    paper: Paper
    columns: tuple[str, ...]
    date: str
    show_abstract: bool = True

    @property
    def id(self) -> str:
        return str(self.paper.id)

    @property
    def version(self) -> int:
        return self.paper.version

    @property
    def url(self) -> Markup:
        return safe(self.paper.url)

    @property
    def pdf(self) -> Markup:
        return safe(self.paper.url.replace("/abs/", "/pdf/"))

    @cached_property
    def title(self) -> Markup:
        return safe(markdown.link_text(self.paper.title))

    @property
    def authors(self) -> list[Markup]:
        return [safe(markdown.inline(name)) for name in self.paper.authors]

    @cached_property
    def abstract(self) -> Markup:
        return safe(markdown.inline(self.paper.abstract) if self.show_abstract else "")

    @cached_property
    def comment(self) -> Markup:
        return safe(markdown.inline(self.paper.comment))

    @property
    def journal(self) -> Markup:
        return safe(markdown.inline(self.paper.journal))

    @property
    def doi(self) -> Markup:
        return safe(markdown.inline(self.paper.doi))

    @property
    def categories(self) -> list[Markup]:
        return [safe(markdown.inline(category)) for category in self.paper.categories]

    @property
    def published(self) -> str:
        return f"{self.paper.published:%Y-%m-%d}"

    @property
    def updated(self) -> str:
        return f"{self.paper.updated:%Y-%m-%d}"

    @cached_property
    def cells(self) -> list[Markup]:
        return [_CELLS[column](self) for column in self.columns]

    @cached_property
    def without_abstract(self) -> Row:
        return replace(self, show_abstract=False)


def _title_cell(row: Row) -> Markup:
    return safe(f"**[{row.title}]({row.url})**")


def _authors_cell(row: Row) -> Markup:
    names = row.authors[:_SHOWN_AUTHORS]
    more = len(row.paper.authors) - len(names)
    return safe(", ".join(names) + (f" and {more} more" if more else ""))


def _abstract_cell(row: Row) -> Markup:
    return _folded("Show", row.abstract) if row.abstract else row.abstract


def _comment_cell(row: Row) -> Markup:
    if len(markdown.visible(row.paper.comment)) <= _FOLDED_COMMENT:
        return row.comment
    return _folded(markdown.summary(row.paper.comment, 5) + "...", row.comment)


def _links_cell(row: Row) -> Markup:
    links = [f"[PDF]({row.pdf})", f"[HTML]({row.url.replace('/abs/', '/html/')})"]
    return safe(" · ".join(links))


def _folded(summary: str, text: str) -> Markup:
    return safe(f"<details><summary>{summary}</summary><p>{text}</p></details>")


_CELLS: dict[str, Callable[[Row], Markup]] = {
    "title": _title_cell,
    "date": lambda row: safe(row.date),
    "authors": _authors_cell,
    "abstract": _abstract_cell,
    "comment": _comment_cell,
    "categories": lambda row: safe(", ".join(row.categories)),
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
