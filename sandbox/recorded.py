"""The recorded days: what a page with four searches showed, read as entries that a feed can hold.

What the page didn't show (authors, categories, time of day, first submission) is made up; see days/README.md.
"""

from __future__ import annotations

import gzip
import json
import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_DAYS = Path(__file__).parent / "days"
_NAMES = (
    "Ana Lúcia Nogueira", "Bjørn Sæther", "Chen Wei", "Chloé Lefèvre", "Daniel O'Hara", "Dmitri Volkov", "Emeka Obi",
    "Fatima Al-Zahra", "Grace Kim", "Hana Svobodová", "Ingrid Müller", "J. R. Thornton", "José Ángel Peña", "Kai Wang",
    "Leila Haddad", "Li Zhang", "Łukasz Wójcik", "Maria del Mar Ruiz", "Nguyễn Thị Hoa", "Ömer Yıldız", "Priya Raman",
    "Raúl Ibáñez", "Sofia Rossi", "Søren Kjær", "Tomás Novák", "Vikram Patel", "Yuki Tanaka", "Zoë van der Berg",
    "山田 太郎", "李 明", "김민준",
)  # fmt: skip
_CATEGORIES = ("cs.CV",) * 12 + ("cs.CL", "cs.LG", "cs.AI", "cs.MM", "cs.RO", "eess.IV")
_CROSS_LISTS = ("cs.AI", "cs.CL", "cs.CV", "cs.HC", "cs.IR", "cs.LG", "cs.MM", "cs.RO", "eess.IV", "stat.ML")


@dataclass(frozen=True, slots=True)
class Entry:
    """One version of a paper; `id` carries the version, `keywords` are the headings it was ever recorded under."""

    id: str
    title: str
    abstract: str
    comment: str
    updated: datetime
    published: datetime
    authors: tuple[str, ...] = ("Grace Kim",)
    categories: tuple[str, ...] = ("cs.CV",)
    keywords: frozenset[str] = frozenset()
    journal: str = ""
    doi: str = ""
    report: str = ""

    @property
    def paper(self) -> str:
        """The identifier without version."""
        return self.id.rpartition("v")[0]

    @property
    def version(self) -> int:
        return int(self.id.rpartition("v")[2])


@dataclass(frozen=True, slots=True)
class Day:
    """What the page showed after one run; sections hold their entries in the page's order."""

    date: date
    at: datetime
    sections: dict[str, list[Entry]]

    @property
    def entries(self) -> list[Entry]:
        """Every entry of the day once."""
        return list({entry.id: entry for section in self.sections.values() for entry in section}.values())


@cache
def days() -> list[Day]:
    """The twelve days that the project ships."""
    return read_days(_DAYS / "days.jsonl.gz", _DAYS / "papers.jsonl.gz")


def read_days(days_path: Path, papers_path: Path) -> list[Day]:
    """A history in the form of days/README.md, oldest day first."""
    papers = {row["key"]: row for row in _lines(papers_path)}
    pages = [
        (datetime.fromisoformat(row["day"]), {s["keyword"]: list(s["ids"]) for s in row["sections"]})
        for row in _lines(days_path)
    ]
    entries = _entries(papers, [sections for _, sections in pages])
    return [
        Day(at.date(), at, {heading: [entries[key] for key in keys] for heading, keys in sections.items()})
        for at, sections in pages
    ]


def unsatisfied(history: Sequence[Day]) -> list[tuple[date, str]]:
    """The days and headings whose page order isn't `updated`, newest first: none in the days shipped."""
    return [
        (day.date, heading)
        for day in history
        for heading, section in day.sections.items()
        if any(above.updated <= below.updated for above, below in pairwise(section))
    ]


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def _entries(papers: Mapping[str, dict[str, Any]], pages: Sequence[Mapping[str, list[str]]]) -> dict[str, Entry]:
    headings: dict[str, set[str]] = {}
    for page in pages:
        for heading, keys in page.items():
            for key in keys:
                headings.setdefault(key, set()).add(heading)
    updated = _times(papers, pages)
    entries: dict[str, Entry] = {}
    for key, under in headings.items():
        row = papers[key]
        chance = random.Random(row["id"])  # noqa: S311 - the same for the same id, on every machine
        entries[key] = Entry(
            row["id"], row["title"], row["abstract"], row["comment"], updated[row["id"]],
            _published(row["id"], updated, chance), _authors(row["id"]), _categories(row["id"]), frozenset(under),
        )  # fmt: skip
    return entries


def _times(papers: Mapping[str, dict[str, Any]], pages: Sequence[Mapping[str, list[str]]]) -> dict[str, datetime]:
    """For every id a moment of its date, such that on each page newest first is the page's order."""
    by_date: dict[str, dict[str, set[str]]] = {}
    for page in pages:
        for keys in page.values():
            rows = [papers[key] for key in keys]
            for row in rows:
                by_date.setdefault(row["date"], {}).setdefault(row["id"], set())
            for above, below in pairwise(rows):
                if above["date"] == below["date"]:
                    by_date[above["date"]][below["id"]].add(above["id"])
    times: dict[str, datetime] = {}
    for day, above_of in by_date.items():
        order = _order(above_of)
        last = datetime.combine(date.fromisoformat(day), time(23, 59, 59), UTC)
        step = 86_000 // len(order)
        # A few odd seconds, so that the times don't look like a clock's.
        times |= {
            id_: last - timedelta(seconds=step * n + _hash(id_) % max(step - 1, 1)) for n, id_ in enumerate(order)
        }
    return times


def _order(above_of: dict[str, set[str]]) -> list[str]:
    """Every id after those above it; where pages contradict each other, the wish that closes a circle is dropped."""
    while True:
        try:
            # Sorted, for sets of words have another order in every process.
            return list(TopologicalSorter({id_: sorted(above) for id_, above in above_of.items()}).static_order())
        except CycleError as circle:
            above, below = circle.args[1][:2]
            above_of[below].discard(above)


def _published(id_: str, updated: Mapping[str, datetime], chance: random.Random) -> datetime:
    paper, _, version = id_.rpartition("v")
    now = updated[id_]
    if version == "1":
        return now
    if first := updated.get(f"{paper}v1"):
        return first
    start = datetime(2000 + int(paper[:2]), int(paper[2:4]), 1, tzinfo=UTC)
    room = min(now - start - timedelta(hours=1), timedelta(days=28))
    if room <= timedelta(0):
        return now - timedelta(days=1)
    return start + timedelta(seconds=chance.randrange(int(room.total_seconds()) or 1))


def _hash(text: str) -> int:
    return random.Random(text).getrandbits(32)  # noqa: S311 - the same for the same text, on every machine


def _authors(id_: str) -> tuple[str, ...]:
    chance = random.Random(id_.rpartition("v")[0])  # noqa: S311
    return tuple(chance.sample(_NAMES, chance.randint(1, 6)))


def _categories(id_: str) -> tuple[str, ...]:
    chance = random.Random("category " + id_.rpartition("v")[0])  # noqa: S311
    primary = chance.choice(_CATEGORIES)
    others: Iterable[str] = chance.sample(_CROSS_LISTS, chance.randint(0, 3))
    return (primary, *(other for other in others if other != primary))
