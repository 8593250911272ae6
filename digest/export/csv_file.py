"""The form `.csv`: a Collection -> bytes, a paper a row, text as arXiv gives it but on one line.

RFC 4180: commas, CRLF, quotes doubled; every cell between quotes, since LibreOffice also parts cells at semicolons.
UTF-8 with a byte order mark, without which Excel reads it as something else.
"""

from __future__ import annotations

import csv
import re
from io import StringIO
from typing import TYPE_CHECKING

from digest.export.json_file import moment
from digest.export.mark import CSV_HEADER
from digest.text.plain_text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from digest.export.collection import Collection, Record

BYTE_ORDER_MARK = "\ufeff"
# What begins a formula: https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = re.compile("[\"' ]*[=+@＝＋－＠-]")
# More than Excel takes in a cell runs over into others:
# https://support.microsoft.com/en-us/office/excel-specifications-and-limits-1672b34d-7043-467e-8e27-269d656771c3
_LONGEST_CELL = 32_767


def write(collection: Collection) -> bytes:
    """The whole file, the papers in the order of the collection."""
    return whole(map(row, collection.papers.values()))


def whole(rows: Iterable[str]) -> bytes:
    """A file of these rows, as `row` makes them."""
    return "".join((BYTE_ORDER_MARK, _line(CSV_HEADER), *rows)).encode()


def row(record: Record) -> str:
    """A paper's row with the end of its line."""
    cells = {
        "id": record.id,
        "version": str(record.version),
        "title": record.title,
        "url": record.url,
        "pdf": record.pdf,
        "authors": _authors(record.authors),
        "published": moment(record.published),
        "updated": moment(record.updated),
        "categories": "; ".join(record.categories),
        "keywords": "; ".join(record.keywords),
        "abstract": record.abstract,
        "comment": record.comment,
        "journal": record.journal,
        "doi": record.doi,
        "code": "; ".join(link.url for link in record.code),
        "venue": record.venue,
    }
    return _line([_guarded(cells[name]) for name in CSV_HEADER])


def _authors(names: Sequence[str]) -> str:
    """All of them, or as many as a cell takes."""
    room = _LONGEST_CELL - len("; and 1000000 more")
    for number, name in enumerate(names):
        room -= len(name) + 2
        if room < 0:
            return "; ".join((*names[:number], f"and {len(names) - number} more"))
    return "; ".join(names)


def _guarded(text: str) -> str:
    """A cell that no spreadsheet runs: an apostrophe before what would begin a formula.

    In many countries Excel parts cells at semicolons, also between quotes.
    """
    parts = clean(text)[:_LONGEST_CELL].split(";")
    return ";".join(f"'{part}" if _FORMULA.match(part) else part for part in parts)[:_LONGEST_CELL]


def _line(cells: Iterable[str]) -> str:
    line = StringIO()
    csv.writer(line, lineterminator="\r\n", quoting=csv.QUOTE_ALL).writerow(cells)
    return line.getvalue()
