"""A paper's cells: each column's text, made safe for Markdown where strangers wrote it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from digest.text import markdown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from digest.papers import Identifier, Paper

_FOLDED_COMMENT = 20
_SHOWN_AUTHORS = 10
_LONGEST_PLAIN = 5000


@dataclass(frozen=True)
class Row:
    """A paper as it stands in a list; a cell is made once, however often it is shown.

    paper: what is shown
    date: the one that the list is sorted by, YYYY-MM-DD
    keywords: the headings that found it, also those under which it is not listed
    links: what the column of that name shows, as in the input
    show_abstract: False where `max-bytes` leaves no room for it
    broken: columns whose text could not be written as Markdown; they are shown plain
    """

    paper: Paper
    date: str
    keywords: tuple[str, ...] = ()
    links: tuple[str, ...] = ("pdf", "html")
    show_abstract: bool = True
    broken: list[str] = field(default_factory=list, repr=False, compare=False)
    _made: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    @property
    def identifier(self) -> Identifier:
        return self.paper.id

    def line(self, columns: Iterable[str], write: Callable[[Iterable[str]], str]) -> str:
        """The row as it is written in these columns."""
        return write(self.cells(columns))

    def cells(self, columns: Iterable[str], *, folded: bool = True) -> list[str]:
        """A cell a column; where it is not `folded`, a long comment stands open, since a mail shows both halves."""
        return [self._cell(column if folded or column != "comment" else "open comment") for column in columns]

    def _cell(self, column: str) -> str:
        if column == "abstract" and not self.show_abstract:
            return ""
        if column not in self._made:
            try:
                self._made[column] = _CELLS[column](self)
            except Exception:  # noqa: BLE001 - no stranger's text may end a run
                self.broken.append(column)
                self._made[column] = _PLAIN[column](self)
        return self._made[column]

    @cached_property
    def without_abstract(self) -> Row:
        return replace(self, show_abstract=False)


def rows(
    papers: Iterable[Paper],
    sort_by: str,
    keywords: Mapping[Identifier, tuple[str, ...]] = MappingProxyType({}),
    links: tuple[str, ...] = ("pdf", "html"),
) -> list[Row]:
    """The papers as rows; `sort_by` also says which date is shown, `keywords` which headings found a paper."""
    return [Row(paper, f"{paper.date(sort_by):%Y-%m-%d}", keywords.get(paper.id, ()), links) for paper in papers]


def _title(row: Row) -> str:
    title = markdown.link_text(row.paper.title) or row.paper.id
    return f"**[{title}]({row.paper.url})**{' *(withdrawn)*' if row.paper.withdrawn else ''}"


def _authors(row: Row) -> str:
    names = row.paper.authors[:_SHOWN_AUTHORS]
    more = len(row.paper.authors) - len(names)
    return _joined(names) + (f" and {more} more" if more else "")


def _abstract(row: Row) -> str:
    abstract = markdown.inline(row.paper.abstract)
    return _fold("Show", abstract) if abstract else ""


def _open_comment(row: Row) -> str:
    return markdown.inline(row.paper.comment)


def _comment(row: Row) -> str:
    comment = markdown.visible(row.paper.comment)
    if len(comment) <= _FOLDED_COMMENT:
        return _open_comment(row)
    return _fold(f"{markdown.summary(row.paper.comment, 5)}...", _open_comment(row))


def _links(row: Row) -> str:
    return " · ".join(filter(None, (_LINKS[link](row) for link in row.links)))


def _code(row: Row) -> str:
    """Links that are made of letters, digits and a few signs: `digest.columns.code_links` lets nothing else through."""
    # Few pages show it.
    from digest.columns.code_links import code_links  # noqa: PLC0415

    found = code_links(row.paper.comment, row.paper.abstract)
    return " · ".join(f"[{link.kind}]({link.url})" for link in found)


def _venue(row: Row) -> str:
    # Few pages show it.
    from digest.columns.venues import venue  # noqa: PLC0415

    return markdown.inline(venue(row.paper.journal, row.paper.comment))


def _joined(names: Iterable[str]) -> str:
    return ", ".join(filter(None, map(markdown.inline, names)))


def _fold(summary: str, text: str) -> str:
    return f"<details><summary>{summary}</summary><p>{text}</p></details>"


_CELLS: dict[str, Callable[[Row], str]] = {
    "title": _title,
    "date": lambda row: row.date,
    "authors": _authors,
    "abstract": _abstract,
    "comment": _comment,
    "open comment": _open_comment,
    "categories": lambda row: _joined(row.paper.categories),
    "links": _links,
    "code": _code,
    "venue": _venue,
    "keywords": lambda row: _joined(row.keywords),
}
# Addresses made from the identifier; nobody is asked.
_LINKS: dict[str, Callable[[Row], str]] = {
    "pdf": lambda row: f"[PDF]({row.paper.pdf})",
    "html": lambda row: f"[HTML]({row.paper.html})",
    "code": _code,
    "alphaxiv": lambda row: f"[alphaXiv](https://www.alphaxiv.org/abs/{row.paper.id})",
    "huggingface": lambda row: f"[Hugging Face](https://huggingface.co/papers/{row.paper.id})",
    "semantic-scholar": lambda row: f"[Semantic Scholar](https://www.semanticscholar.org/arxiv/{row.paper.id})",
    "papers.cool": lambda row: f"[papers.cool](https://papers.cool/arxiv/{row.paper.id})",
    "bibtex": lambda row: f"[BibTeX](https://arxiv.org/bibtex/{row.paper.id})",
}


def _literal(text: str) -> str:
    """The text with each character that is no letter, digit or blank written as an entity: nothing is read into it."""
    words = " ".join(text[:_LONGEST_PLAIN].split())
    return "".join(c if c.isalnum() or c == " " else f"&#{ord(c)};" for c in words)


_PLAIN: dict[str, Callable[[Row], str]] = {
    "title": lambda row: f"**[{row.paper.id}]({row.paper.url})**",
    "authors": lambda row: _literal(", ".join(row.paper.authors)),
    "abstract": lambda row: _fold("Show", _literal(row.paper.abstract)),
    "comment": lambda row: _literal(row.paper.comment),
    "open comment": lambda row: _literal(row.paper.comment),
    "categories": lambda row: _literal(", ".join(row.paper.categories)),
    "links": lambda row: f"[PDF]({row.paper.pdf})",
    "code": lambda _: "",
    "venue": lambda _: "",
    "keywords": lambda row: _literal(", ".join(row.keywords)),
}
