"""What an archive's files hold and new records -> its files; it only grows. Pure.

A period, a month or a year, has one file, or several where one would have too many bytes. New rows go into the last,
newest first; rows that stand there stay as they are, to the byte, and so does whatever people wrote between them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from digest.export.archive_rows import FORMS, Pieces, Style
from digest.export.file_names import filled, period_name
from digest.export.mark import dated, form_of
from digest.papers import identifier

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from digest.export.collection import Record

# GitHub shows no more than 512,000 bytes of a Markdown file.
LONGEST = 500_000
# So many authors a paper keeps whose row alone would be too long.
_FEW_AUTHORS = 100


@dataclass(frozen=True)
class Period:
    """Papers of one month or year that may be new to the archive.

    path: of its first file
    title: such as `2026-03`, or `2026` where the pattern names no month
    records: in any order
    """

    path: str
    title: str
    records: tuple[Record, ...]


def periods(pattern: str, records: Iterable[Record], heading: str = "") -> list[Period]:
    """The records by the file to which the pattern, with `{{ year }}` or more, leads; by their identifiers' months."""
    found: dict[tuple[str, str], list[Record]] = {}
    for record in records:
        month = identifier(record.id).month
        place = filled(pattern, heading=heading, month=month), period_name(pattern, month)
        found.setdefault(place, []).append(record)
    return [Period(path, title, tuple(records)) for (path, title), records in found.items()]


def grown(period: Period, parts: Sequence[bytes], updated: str, style: Style, longest: int = LONGEST) -> list[bytes]:
    """The period's files, of which `parts` are there already. A paper in them, in whatever version, is not added.

    Only the last of the parts may change, and files may be added behind it; where no paper is new, all stay.
    """
    form = FORMS[form_of(period.path)]
    read = [form.read(content) for content in parts]
    known = {paper for part in read for paper in part.papers}
    versions = sorted(period.records, key=lambda record: record.version)
    news = {id_: record for record in versions if (id_ := identifier(record.id)) not in known}
    files, changed = list(parts), dict[int, Pieces]()
    last = read[-1] if read and not read[-1].closed else None
    # The oldest first, so that another file begins with newer ones.
    for id_, record in sorted(news.items()):
        row = form.row(record, style.of(last))
        if last is None or (last.pieces and last.size + len(row) > longest):
            title = f"{period.title}, part {len(files) + 1}" if files else period.title
            last = form.empty(title, updated, style)
            files.append(b"")
            row = form.row(record, style)
            if last.size + len(row) > longest:
                row = form.row(replace(record, abstract="", comment="", authors=record.authors[:_FEW_AUTHORS]), style)
        last.add(id_, row)
        changed[len(files) - 1] = last
    for number, part in changed.items():
        files[number] = dated(period.path, part.content(), updated)
    return files
