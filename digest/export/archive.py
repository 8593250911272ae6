"""What archives may take in and what their files hold -> the files to write; they only grow. Pure.

A period, a month or a year, has one file, or several where one would have too many bytes. New rows go into the last,
newest first; rows that stand there stay as they are, to the byte, and so does whatever people wrote between them.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from digest.export import archive_index
from digest.export.archive_rows import FORMS, Pieces, Style
from digest.export.file_names import indexes, part_path
from digest.export.files import refuse_foreign
from digest.export.mark import dated, form_of
from digest.git import name_of_content
from digest.papers import identifier

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from digest.export.collection import Record
    from digest.export.growth import Growth, Period
    from digest.papers import Identifier

# GitHub shows no more than 512,000 bytes of a Markdown file.
LONGEST = 500_000
# So many authors a paper keeps whose row alone would be too long.
_FEW_AUTHORS = 100


def files(growth: Growth, base: Mapping[str, bytes | None], shown: Mapping[str, bytes | None]) -> dict[str, bytes]:
    """The files that grow, and the indexes that have to show others; ForeignFile where one is somebody else's.

    `base` is what stands at each path on which the change is built, `shown` where it goes: another in a pull request,
    whose rows are kept.
    """
    refuse_foreign(growth.paths, base)
    refuse_foreign(growth.paths, shown)
    style = Style(growth.config.columns, growth.config.sort_by, growth.config.links)
    made: dict[str, bytes] = {}
    for period in growth.periods:
        # One that people deleted holds nothing, and keeps its number.
        parts, others = ([files.get(path) or b"" for path in period.parts] for files in (base, shown))
        while parts and not parts[-1]:
            parts.pop()
        rows = {} if parts == others else _rows(period, others)
        for part, content in enumerate(grown(period, parts, growth.updated, style, rows=rows), start=1):
            path = part_path(period.path, part)
            if content != (shown.get(path) or b""):
                made[path] = content
    return made | _indexes(growth, {*growth.entries, *made})


def grown(
    period: Period,
    parts: Sequence[bytes],
    updated: str,
    style: Style,
    longest: int = LONGEST,
    rows: Mapping[Identifier, bytes] = MappingProxyType({}),
) -> list[bytes]:
    """The period's files, of which `parts` are there already. A paper in them, in whatever version, is not added.

    Only the last of the parts may change, and files may be added behind it; where no paper is new, all stay. `rows` are
    those of further papers that were written already.
    """
    form = FORMS[form_of(period.path)]
    read = [form.read(content) for content in parts]
    known = {paper for part in read for paper in part.papers}
    records = {identifier(one.id): one for one in sorted(period.records, key=lambda one: one.version)}
    files, changed = list(parts), dict[int, Pieces]()
    last = read[-1] if read and not read[-1].closed else None
    # The oldest first, so that another file begins with newer ones.
    for id_ in sorted((records.keys() | rows.keys()) - known):
        row = rows.get(id_) or form.row(records[id_], style.of(last))
        if last is None or (last.pieces and last.size + len(row) > longest):
            title = f"{period.title}, part {len(files) + 1}" if files else period.title
            last = form.empty(title, updated, style)
            files.append(b"")
            row = rows.get(id_) or form.row(records[id_], style)
            if last.size + len(row) > longest and id_ in records:
                row = form.row(_short(records[id_]), style)
        last.add(id_, row)
        changed[len(files) - 1] = last
    for number, part in changed.items():
        files[number] = dated(period.path, part.content(), updated)
    return files


def _short(record: Record) -> Record:
    return replace(record, abstract="", comment="", authors=record.authors[:_FEW_AUTHORS])


def _rows(period: Period, parts: Sequence[bytes]) -> dict[Identifier, bytes]:
    form = FORMS[form_of(period.path)]
    return {paper: row for part in map(form.read, parts) for paper, row in part.pieces if paper and not part.closed}


def _indexes(growth: Growth, paths: Iterable[str]) -> dict[str, bytes]:
    """By git's names for contents, so that none has to be read where it says the same already."""
    headings = [keyword.heading for keyword in growth.config.keywords]
    made = {}
    for pattern, index in indexes(growth.config.files).items():
        content = archive_index.write(pattern, paths, headings)
        there = growth.entries.get(index)
        is_new = there is None or there.sha != name_of_content(content)
        if is_new and content != archive_index.write(pattern, (), headings):
            made[index] = content
    return made
