"""A paper and its identity: identifiers, versions, dates; merging versions and deduplicating lists.

Identifiers: https://info.arxiv.org/help/arxiv_identifier.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

_ENTRY_ID = re.compile(
    r"(?P<id>(?P<month>\d{4})\.\d{4,5}|[a-z-]+(?:\.[A-Za-z-]+)?/(?P<old_month>\d{4})\d{3})(?:v(?P<version>\d+))?$"
)


class Month(NamedTuple):
    """The month in which arXiv gave out an identifier."""

    year: int
    month: int

    def minus(self, months: int) -> Month:
        return Month(*divmod(self.year * 12 + self.month - 1 - months, 12))._replace_month()

    def _replace_month(self) -> Month:
        return Month(self.year, self.month + 1)


class Identifier(NamedTuple):
    """A paper's identifier without version; identifiers sort in the order in which arXiv gave them out."""

    month: Month
    number: int
    archive: str
    text: str

    def __str__(self) -> str:
        return self.text


def identifier(text: str) -> Identifier:
    """The identifier in an id or address, whatever its version. ValueError where there is none."""
    return _read(text)[0]


def _read(text: str) -> tuple[Identifier, int]:
    found = _ENTRY_ID.search(text)
    if not found:
        raise ValueError(f"no arXiv identifier: {text}")
    digits = found["month"] or found["old_month"]
    year = int(digits[:2])
    # arXiv began in August 1991.
    month = Month(year + (1900 if year >= 91 else 2000), int(digits[2:]))
    archive, _, tail = found["id"].rpartition("/")
    number = int(tail[4:].lstrip("."))
    return Identifier(month, number, archive, found["id"]), int(found["version"] or 1)


@dataclass(frozen=True, slots=True)
class Paper:
    """One version of a paper, its text as arXiv gives it: strangers' text, not yet safe for any place."""

    id: Identifier
    version: int
    title: str
    abstract: str
    authors: tuple[str, ...]
    published: datetime
    updated: datetime
    categories: tuple[str, ...]
    comment: str = ""
    journal: str = ""
    doi: str = ""

    @property
    def url(self) -> str:
        return f"https://arxiv.org/abs/{self.id}v{self.version}"


def read_entry_id(address: str) -> tuple[Identifier, int]:
    """Identifier and version in an entry's id, `http://arxiv.org/abs/2510.22693v3`. ValueError where there is none."""
    return _read(address)


def merge_versions(papers: Iterable[Paper]) -> list[Paper]:
    """Each paper once, in its latest version, in the order in which they came."""
    latest: dict[Identifier, Paper] = {}
    for paper in papers:
        known = latest.get(paper.id)
        if known is None or paper.version > known.version:
            latest[paper.id] = paper
    return list(latest.values())


def without(papers: Iterable[Paper], listed: set[Identifier]) -> list[Paper]:
    """The papers that are not listed yet, in their order."""
    return [paper for paper in papers if paper.id not in listed]


def highest(identifiers: Iterable[Identifier]) -> Identifier | None:
    """The identifier that arXiv gave out last."""
    return max(identifiers, default=None)


def horizon(newest: Identifier) -> Month:
    """The first month whose identifiers can be news: two months before the month of the highest identifier."""
    return newest.month.minus(2)


def union(lists: Sequence[Sequence[Paper]]) -> set[Identifier]:
    return {paper.id for papers in lists for paper in papers}
