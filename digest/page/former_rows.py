"""Rows of which only the text is left: a list as it stood -> its lines, and new rows put among them. Pure."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from digest.config import TEMPLATES
from digest.page.cells import Row
from digest.page.render import NO_PAPERS, table_head

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from digest.papers import Identifier
    from digest.section.section import Block

# Strangers' bars stand behind a backslash.
_BAR = re.compile(r"(?<!\\)\|")
_DATE = re.compile(r"(?:^- | · )(\d{4}-\d\d-\d\d)(?= ·| <|$)")
_ABSTRACT = ("<details><summary>Show</summary><p>", "</p></details>")
# At the link's end: a title may say (v2) too.
_VERSION = re.compile(r"v(\d{1,4})\)(?:\*\*)?$")
# In a list nothing tells a date from one that strangers wrote in another column before it.
_BEFORE_DATE = {"title", "links"}


@dataclass(frozen=True)
class FormerRow:
    """A row as it stood.

    text: as it is written
    identifier: of its paper; None of a line that people put there
    version: of its paper, 0 where the row does not tell
    date: as it is shown, YYYY-MM-DD; that of the row above where it shows none, "" where none above does
    show_abstract: False where its abstract is left out
    """

    text: str
    identifier: Identifier | None
    version: int
    date: str
    show_abstract: bool = True

    def line(self, _columns: Iterable[str], _write: Callable[[Iterable[str]], str]) -> str:
        return self.text

    @cached_property
    def without_abstract(self) -> FormerRow:
        opens, closes = _ABSTRACT
        before, _, abstract = self.text.partition(opens)
        _, closed, after = abstract.partition(closes)
        return replace(self, text=before + after if closed else self.text, show_abstract=False)


AnyRow: TypeAlias = Row | FormerRow


def read_rows(block: Block | None, template: str, columns: Sequence[str]) -> list[FormerRow] | None:
    """The rows of a list; None where no other rows can be put among them.

    That is where a template of the repository's own made them, where they have other columns, or where people edited
    them so that they no longer tell their papers.
    """
    if block is None or block.rows in ("", NO_PAPERS):
        return []
    if template not in TEMPLATES:
        return None
    lines = block.rows.split("\n")
    head = table_head(columns) if template == "table" else []
    if lines[: len(head)] != head or not all(line.startswith("- " if template == "list" else "|") for line in lines):
        return None
    if not block.linked and len(lines) - len(head) != len(block.identifiers):
        return None
    before = columns[: columns.index("date")] if "date" in columns else None
    cell = len(before) if before is not None and head else None
    shows_date = before is not None and (bool(head) or _BEFORE_DATE.issuperset(before))
    rows = list(_read(block, lines[len(head) :], cell, shows_date=shows_date))
    return rows if tuple(row.identifier for row in rows if row.identifier) == block.identifiers else None


def _read(block: Block, lines: Iterable[str], date_cell: int | None, *, shows_date: bool) -> Iterator[FormerRow]:
    # In the order of the rows, both of them.
    linked = deque(block.links.items())
    unlinked = deque(() if block.linked else block.identifiers)
    date = ""
    for line in lines:
        paper, version, rest = None, None, line
        if linked and linked[0][1] in line:
            paper, link = linked.popleft()
            version = _VERSION.search(link)
            rest = line if date_cell is not None else line.replace(link, "", 1)
        elif unlinked:
            paper = unlinked.popleft()
        date = (_date(rest, date_cell) if shows_date else "") or date
        yield FormerRow(line, paper, int(version[1]) if version else 0, date)


def _date(line: str, cell: int | None) -> str:
    if cell is None:
        found = _DATE.search(line)
        return found[1] if found else ""
    cells = _BAR.split(line)
    return cells[cell + 1].strip() if cell + 1 < len(cells) else ""


def merged(new: Sequence[Row], former: Sequence[FormerRow], most: int) -> list[AnyRow]:
    """The rows together, newest first: new ones above former ones of the same day, a newer version for an older one.

    Former rows stay in their order; new ones stand above all of them where those show no date.
    """
    shown = {row.identifier: row.version for row in former}
    waiting = [row for row in new if row.paper.version > shown.get(row.paper.id, 0)]
    replaced = {row.paper.id for row in waiting}
    together: list[AnyRow] = []
    for row in former:
        while waiting and waiting[0].date >= row.date:
            together.append(waiting.pop(0))
        if row.identifier not in replaced:
            together.append(row)
    return [*together, *waiting][:most]
