"""An archive's file, taken apart into its rows and put together again with new ones, a class a form. Pure.

What is no row, such as people's notes, stays between the rows where it stood.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from digest.config import COLUMNS
from digest.export import bibtex, csv_file, json_file
from digest.export.mark import CSV_HEADER, MARKDOWN_MARK
from digest.page.cells import rows as page_rows
from digest.page.render import table_head, table_line
from digest.papers import Identifier, identifier

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from digest.export.collection import Record


@dataclass(frozen=True)
class Style:
    """How rows of Markdown look; in a table that stands there already, they have its columns.

    columns: as on the page
    sort_by: which date is shown, as the input
    links: what the column of that name shows, as the input
    """

    columns: tuple[str, ...]
    sort_by: str
    links: tuple[str, ...] = ("pdf", "html")

    def of(self, pieces: Pieces | None) -> Style:
        """The style of rows that are put into that file."""
        return replace(self, columns=pieces.columns) if pieces and pieces.columns else self

    @property
    def titled(self) -> tuple[str, ...]:
        """With the title, whose link tells which paper a row is."""
        return self.columns if "title" in self.columns else ("title", *self.columns)


@dataclass
class Pieces:
    """A file in pieces.

    head: what stands above the first row
    pieces: the rows with their papers, and what is no row with None
    tail: what stands below the last row whatever is added
    between: what stands between two pieces
    columns: of Markdown's table
    closed: whether no row can be added, since people or their programs wrote the file anew in another way
    """

    head: bytes
    pieces: list[tuple[Identifier | None, bytes]]
    tail: bytes = b""
    between: bytes = b""
    columns: tuple[str, ...] = ()
    closed: bool = False

    def __post_init__(self) -> None:
        self.size = len(self.content())

    @property
    def papers(self) -> set[Identifier]:
        return {one for one, _ in self.pieces if one}

    def content(self) -> bytes:
        return self.head + self.between.join(piece for _, piece in self.pieces) + self.tail

    def add(self, new: Identifier, row: bytes) -> None:
        """Puts a row before the first older one, or below all rows."""
        places = [number for number, (one, _) in enumerate(self.pieces) if one]
        older = (number for number in places if (self.pieces[number][0] or new) < new)
        at = next(older, places[-1] + 1 if places else 0)
        above = self.pieces[at - 1][1] if at else self.head
        if not self.between and not above.endswith(b"\n"):
            row = b"\n" + row
        self.pieces.insert(at, (new, row))
        self.size += len(row) + len(self.between)


@dataclass(frozen=True)
class Form:
    """How files of a form are read and written.

    read: the file in pieces
    empty: a file without rows, of that title and date
    row: a paper's row
    """

    read: Callable[[bytes], Pieces]
    empty: Callable[[str, str, Style], Pieces]
    row: Callable[[Record, Style], bytes]


def _paper(found: re.Match[bytes] | None) -> Identifier | None:
    try:
        return identifier(found[1].decode("ascii")) if found else None
    except ValueError:
        return None


def _in_pieces(content: bytes, cuts: Sequence[int], row: re.Pattern[bytes]) -> Pieces:
    """The file cut at these places, its head being all above the first row."""
    parts = [content[start:end] for start, end in pairwise([*cuts, len(content)])]
    pieces = [(_paper(row.match(part)), part) for part in parts]
    first = next((number for number, (one, _) in enumerate(pieces) if one), len(pieces))
    return Pieces(b"".join(part for _, part in pieces[:first]), pieces[first:])


# A record of RFC 4180 with the end of its line; a quote that is never closed takes the rest.
_CSV_RECORD = re.compile(rb'(?:[^"\r\n]++|"[^"]*+(?:"|\Z))*+(?:\r\n|[\r\n]|\Z)')
_CSV_ROW = re.compile(rb'"?([^",;\t]+)')
_CSV_HEAD = re.compile(rb'(?:\xef\xbb\xbf)?"?' + rb'"?,"?'.join(name.encode() for name in CSV_HEADER) + rb'"?\r?\n?')


def _read_csv(content: bytes) -> Pieces:
    read = _in_pieces(content, [found.start() for found in _CSV_RECORD.finditer(content) if found[0]], _CSV_ROW)
    read.closed = not _CSV_HEAD.match(read.head)
    return read


_ENTRY = re.compile(rb"^(?=@)", re.MULTILINE)
_BIBTEX_ROW = re.compile(rb"@misc\{arxiv:([^,\s]+),")


def _read_bibtex(content: bytes) -> Pieces:
    cuts = sorted({0, *(found.start() for found in _ENTRY.finditer(content))})
    return _in_pieces(content, cuts, _BIBTEX_ROW)


# Strangers' brackets have a backslash before them, and so have their backslashes.
_MARKDOWN_ROW = re.compile(rb"\|.*?(?<!\\)(?:\\\\)*+\]\(https://arxiv\.org/abs/([^)\s]+)\)")
_TABLE = re.compile(rb"^\|(.*)\|[ \t]*\r?\n\|(?:[ \t]*:?-+:?[ \t]*\|)+[ \t]*\r?\n?\Z", re.MULTILINE)


def _read_markdown(content: bytes) -> Pieces:
    cuts = [0, *(found.end() for found in re.finditer(rb"\n(?!\Z)", content))]
    read = _in_pieces(content, cuts, _MARKDOWN_ROW)
    table = _TABLE.search(read.head)
    titles = re.findall(r"\*\*(\w+)\*\*", table[1].decode("utf-8", "replace").lower()) if table else []
    read.columns = tuple(titles)
    # A column of people's own would shift the cells of a new row.
    others = len(titles) != table[1].count(b"|") + 1 if table else True
    read.closed = others or "title" not in titles or not set(titles) <= set(COLUMNS)
    return read


_JSON_HEAD = re.compile(rb'\s*\{"version": 1, "updated": "[^"]*", "keywords": \[\], "papers": \{\r?\n')
_JSON_TAIL = re.compile(rb"\r?\n\}\}\s*\Z")
_JSON_ROW = re.compile(rb'"([^"]+)": \{"id": "\1", .*\},?', re.DOTALL)
_JSON_ID = re.compile(rb'(?<!\\)"id"\s*:\s*"([^"\\]+)"')


def _read_json(content: bytes) -> Pieces:
    head, tail = _JSON_HEAD.match(content), _JSON_TAIL.search(content)
    if head and tail and head.end() <= tail.start():
        lines = content[head.end() : tail.start()].split(b"\n")
        pieces = [(_paper(_JSON_ROW.fullmatch(line.rstrip(b"\r"))), line.rstrip(b",\r")) for line in lines]
        if all(one for one, _ in pieces):
            return Pieces(head[0], list(pieces), tail[0], b",\n")
    named = [(_paper(found), b"") for found in _JSON_ID.finditer(content)]
    return Pieces(content, list(named), closed=True)


def _empty_json(_: str, updated: str, __: Style) -> Pieces:
    head, tail = json_file.whole(updated, "[]", ["row"]).split(b"row")
    return Pieces(head, [], tail, b",\n")


def _empty_markdown(title: str, _: str, style: Style) -> Pieces:
    lines = [MARKDOWN_MARK, "", f"# {title}", "", *table_head(style.titled), ""]
    return Pieces("\n".join(lines).encode(), [], columns=style.titled)


def _markdown_row(record: Record, style: Style) -> bytes:
    paper = record.paper
    (row,) = page_rows([paper], style.sort_by, {paper.id: record.keywords}, style.links)
    return f"{table_line(row.cells(style.titled))}\n".encode()


FORMS = {
    ".csv": Form(
        _read_csv, lambda _, __, ___: Pieces(csv_file.whole([]), []), lambda record, _: csv_file.row(record).encode()
    ),
    ".bib": Form(
        _read_bibtex,
        lambda _, updated, __: Pieces(bibtex.whole(updated, []) + b"\n", []),
        lambda record, _: f"{bibtex.entry(record)}\n".encode(),
    ),
    ".md": Form(_read_markdown, _empty_markdown, _markdown_row),
    ".json": Form(_read_json, _empty_json, lambda record, _: json_file.paper_line(record).encode()),
}
