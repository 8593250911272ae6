"""A paper and its identity: identifiers, versions, dates; merging versions and deduplicating lists.

Identifiers: https://info.arxiv.org/help/arxiv_identifier.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

_ENTRY_ID = re.compile(
    r"(?P<id>(?P<month>\d{4})\.\d{4,5}|[a-z-]+(?:\.[A-Za-z-]+)?/(?P<old_month>\d{4})\d{3})(?:v(?P<version>\d+))?$"
)


class Month(NamedTuple):
    """The month in which arXiv gave out an identifier."""

    year: int
    month: int

    def minus(self, months: int) -> Month:
        years, month = divmod(self.year * 12 + self.month - 1 - months, 12)
        return Month(years, month + 1)


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
    return read_entry_id(text)[0]


def read_entry_id(address: str) -> tuple[Identifier, int]:
    """Identifier and version in `http://arxiv.org/abs/2510.22693v3`. ValueError where there is none."""
    found = _ENTRY_ID.search(address)
    if not found:
        raise ValueError(f"no arXiv identifier: {address}")
    digits = found["month"] or found["old_month"]
    year, month = int(digits[:2]), int(digits[2:])
    archive, _, tail = found["id"].rpartition("/")
    number = int(tail[4:].lstrip("."))
    # arXiv began in August 1991.
    given_out = Month(year + (1900 if year >= 91 else 2000), month)
    return Identifier(given_out, number, archive, found["id"]), int(found["version"] or 1)


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

    @property
    def pdf(self) -> str:
        return f"https://arxiv.org/pdf/{self.id}v{self.version}"

    @property
    def html(self) -> str:
        return f"https://arxiv.org/html/{self.id}v{self.version}"


@dataclass(frozen=True)
class Found:
    """A keyword's whole, sound list, newest first; `query` is the question that it answers."""

    papers: tuple[Paper, ...]
    query: str
    newest: datetime | None


@dataclass(frozen=True)
class Failed:
    """Why there is no list for a keyword in this run."""

    reason: str
    query: str


def merge_versions(papers: Iterable[Paper]) -> list[Paper]:
    """Each paper once, in its latest version, in the order in which they came."""
    latest: dict[Identifier, Paper] = {}
    for paper in papers:
        known = latest.get(paper.id)
        if known is None or paper.version > known.version:
            latest[paper.id] = paper
    return list(latest.values())


def deduplicate(found: Sequence[Sequence[Paper]], listed: Iterable[Identifier], most: int) -> list[list[Paper]]:
    """Each paper under the first list that holds it, unless it is listed elsewhere already; `most` a list."""
    taken = set(listed)
    lists = []
    for papers in found:
        own = [paper for paper in papers if paper.id not in taken][:most]
        taken.update(paper.id for paper in own)
        lists.append(own)
    return lists


def horizon(highest: Identifier) -> Month:
    """The first month whose identifiers can be news: two months before the month of the highest identifier."""
    return highest.month.minus(2)
