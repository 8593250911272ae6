"""What is listed -> what archives may take in, and which of their files tell whether they do. Pure.

What an archive holds is read only where a listed paper may be missing there: where it was not listed before, or where
the file of its month is gone. So most days read a month, and days without new papers none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from digest.export.file_names import archives, filled, first_part, part_path, period_name, period_of, places
from digest.papers import identifier
from digest.section.section import fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from digest.config import Config
    from digest.export.collection import Collection, Record
    from digest.git import Entry
    from digest.papers import Identifier
    from digest.snapshot import Snapshot


@dataclass(frozen=True)
class Period:
    """Papers of one month or year that may be new to the archive.

    path: of its first file
    title: such as `2026-03`, or `2026` where the pattern names no month
    records: in any order
    last: which of its files is the last one that is there, counted from 1; 0 where there is none
    """

    path: str
    title: str
    records: tuple[Record, ...]
    last: int = 0

    @property
    def parts(self) -> list[str]:
        """Its files, of which people may have deleted some."""
        return [part_path(self.path, part) for part in range(1, self.last + 1)]


@dataclass(frozen=True)
class Growth:
    """What archives may take in.

    config: the inputs
    updated: the day of the run, YYYY-MM-DD
    periods: those in which a listed paper may be missing, each with all of its listed papers
    is_whole: whether they have all that may be missing; not where only a row is left of a listed paper
    entries: what lies at each path where the change goes
    """

    config: Config
    updated: str
    periods: tuple[Period, ...]
    is_whole: bool
    entries: Mapping[str, Entry]

    @property
    def paths(self) -> list[str]:
        """The files to read."""
        return [path for period in self.periods for path in period.parts if path in self.entries]


def growth(config: Config, whole: Collection, held: Mapping[str, frozenset[Identifier]], snapshot: Snapshot) -> Growth:
    """What the archives may take in of all that is listed.

    `held` are the papers that they hold for sure where the file of their month is there, by their heading's
    fingerprint.
    """
    entries = snapshot.current_entries
    last = _last_parts(entries)
    found: list[Period] = []
    is_whole = True
    for pattern in archives(config.files):
        for heading, papers in _lists(pattern, whole):
            paths = {paper: filled(pattern, heading=heading, month=identifier(paper).month) for paper in papers}
            sure = held.get(fingerprint(heading), frozenset()) if heading else frozenset().union(*held.values())
            missing = [paper for paper in papers if paths[paper] not in last or identifier(paper) not in sure]
            is_whole = is_whole and whole.papers.keys() >= set(missing)
            grow = {paths[paper] for paper in missing}
            records = [whole.papers[paper] for paper in papers if paths[paper] in grow and paper in whole.papers]
            found += periods(pattern, records, heading)
            found += _overtaken(pattern, heading, snapshot)
    each_once = {period.path: replace(period, last=last.get(period.path, 0)) for period in reversed(found)}
    return Growth(config, whole.updated, tuple(each_once.values()), is_whole, entries)


def _overtaken(pattern: str, heading: str, snapshot: Snapshot) -> Iterator[Period]:
    """Those that grew on a pull request's branch whose base has moved on: each may hold what the other lacks."""
    proposal = snapshot.proposal
    for path in proposal.carried if proposal and proposal.is_behind else ():
        if period := period_of(pattern, path, heading):
            month, _ = period
            yield Period(filled(pattern, heading=heading, month=month), period_name(pattern, month), ())


def periods(pattern: str, records: Iterable[Record], heading: str = "") -> list[Period]:
    """The records by the file to which the pattern, with `{{ year }}` or more, leads; by their identifiers' months."""
    found: dict[tuple[str, str], list[Record]] = {}
    for record in records:
        month = identifier(record.id).month
        place = filled(pattern, heading=heading, month=month), period_name(pattern, month)
        found.setdefault(place, []).append(record)
    return [Period(path, title, tuple(records)) for (path, title), records in found.items()]


def _last_parts(paths: Iterable[str]) -> dict[str, int]:
    """By the path of a first file the last that is there, whether the first one is or not."""
    last: dict[str, int] = {}
    for path in paths:
        first, part = first_part(path)
        last[path] = max(last.get(path, 0), 1)
        last[first] = max(last.get(first, 0), part)
    return last


def _lists(pattern: str, whole: Collection) -> Iterator[tuple[str, Sequence[str]]]:
    """The papers that go into an archive, with the heading that its path names."""
    if "heading" in places(pattern):
        yield from ((keyword.heading, keyword.papers) for keyword in whole.keywords)
    else:
        yield "", tuple(dict.fromkeys(paper for keyword in whole.keywords for paper in keyword.papers))
