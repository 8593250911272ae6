"""A paper and its identity: identifiers, versions, dates.

Identifiers: https://info.arxiv.org/help/arxiv_identifier.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

_ENTRY_ID = re.compile(
    r"(?:^|(?<=/))(?P<id>(?P<month>\d{4})\.\d{4,5}|[a-z-]{2,10}(?:\.[A-Za-z-]{2,10})?/(?P<old_month>\d{4})\d{3})"
    r"(?:v(?P<version>[1-9]\d{0,3}))?$",
    re.ASCII,
)
# As authors and arXiv's administrators write it; *withdrawn from* a conference is something else.
_WITHDRAWN = re.compile(
    r"(?:this|the|our)\s+(?:\w+\s+)?(?:paper|article|submission|manuscript|preprint|work|version)\s+"
    r"(?:has\s+been|have\s+been|had\s+been|was|is)\s+(?:\w+\s+)?withdrawn\b(?!\s+from)"
    r"|withdrawn\s+by\s+(?:the\s+)?(?:\w+\s+)?(?:author|arxiv)"
    r"|^\W*withdrawn\W*$",
    re.IGNORECASE,
)
# Since when identifiers have their present form, and since when five digits in it.
_NEW_FORM, _FIVE_DIGITS = "0704", "1501"


class Month(NamedTuple):
    """The month in which arXiv gave out an identifier.

    year: in full
    month: from 1 to 12
    """

    year: int
    month: int

    def minus(self, months: int) -> Month:
        years, month = divmod(self.year * 12 + self.month - 1 - months, 12)
        return Month(years, month + 1)


class Identifier(NamedTuple):
    """A paper's identifier without version; identifiers sort in the order in which arXiv gave them out.

    month: when it was given out
    number: its place within the month
    archive: of identifiers before April 2007, such as `hep-th`; "" of later ones
    text: as it is written
    """

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
    if not found or not _is_given_out(found):
        raise ValueError(f"no arXiv identifier: {address[:100]}")
    digits = found["month"] or found["old_month"]
    year, month = int(digits[:2]), int(digits[2:])
    archive, _, tail = found["id"].rpartition("/")
    number = int(tail[4:].lstrip("."))
    # arXiv began in 1991, with identifiers of the old form.
    given_out = Month(year + (1900 if archive and year >= 91 else 2000), month)
    return Identifier(given_out, number, archive, found["id"]), int(found["version"] or 1)


def _is_given_out(found: re.Match[str]) -> bool:
    """Whether arXiv can have given such an identifier: a month, a number from 1, and the digits of its time."""
    month = found["month"] or found["old_month"]
    if not "01" <= month[2:] <= "12" or not found["id"].rpartition("/")[2][4:].strip(".0"):
        return False
    if found["month"] is None:
        return month < _NEW_FORM or month >= "9107"
    return month >= _NEW_FORM and len(found["id"]) == (10 if month >= _FIVE_DIGITS else 9)


@dataclass(frozen=True, slots=True)
class Paper:
    """One version of a paper, its text as arXiv gives it: strangers' text, not yet safe for any place.

    id: identifier without version
    version: from 1
    title: one line
    abstract: may hold line breaks and TeX
    authors: names in order
    published: when version 1 was submitted
    updated: when this version was submitted
    categories: the primary one first, then those it is cross-listed in
    comment: the authors' comment, "" where there is none
    journal: the journal reference, "" where there is none
    doi: "" where there is none
    without_files: whether this version has none, as only the harvest tells: it is withdrawn
    """

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
    without_files: bool = False

    def date(self, sort_by: str) -> datetime:
        """The date by which a list is sorted and which it shows: `updated` or `submitted`, as the input `sort-by`."""
        return self.updated if sort_by == "updated" else self.published

    @property
    def withdrawn(self) -> bool:
        """Whether its authors or arXiv took it back: https://info.arxiv.org/help/withdraw.html"""
        return self.without_files or bool(_WITHDRAWN.search(self.comment) or _WITHDRAWN.match(self.abstract))

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
class Bounds:
    """What cannot be yet: no clock decides what is new, it only tells what lies ahead of it.

    latest: now, as the later of the machine's clock and arXiv's
    """

    latest: datetime

    def allows_date(self, moment: datetime) -> bool:
        """Whether it lies at most two days ahead."""
        return moment - self.latest <= timedelta(days=2)

    def allows(self, paper: Identifier) -> bool:
        """Whether it was given out next month at the latest."""
        return paper.month <= Month(self.latest.year, self.latest.month).minus(-1)


def merge_versions(papers: Iterable[Paper]) -> list[Paper]:
    """Each paper once, in its latest version, in the order in which they came."""
    latest: dict[Identifier, Paper] = {}
    for paper in papers:
        known = latest.get(paper.id)
        if known is None or paper.version > known.version:
            latest[paper.id] = paper
    return list(latest.values())


def horizon(highest: Identifier) -> Month:
    """The first month whose identifiers can be news: two months before the month of the highest identifier."""
    return highest.month.minus(2)
