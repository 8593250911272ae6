"""Is an answer of arXiv's whole and sound? Bytes in; the feed's head out, or an ArxivFault that says what is wrong.

The `arxiv` package parses what it can and takes a page of HTML or half a feed for a short list; so it is checked here.
Form of the feed: https://info.arxiv.org/help/api/user-manual.html#_details_of_atom_results_returned
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from digest.papers import identifier
from digest.sources.faults import ArxivFault
from digest.sources.xml import parse, sentence

if TYPE_CHECKING:
    from lxml import etree

    from digest.papers import Bounds

# arXiv has three million papers.
_MOST_PAPERS = 10**8
_ROOT = "{http://www.w3.org/2005/Atom}feed"
_NAMES = {"atom": "http://www.w3.org/2005/Atom", "search": "http://a9.com/-/spec/opensearch/1.1/"}
# Entries of nearly the same moment may swap; a feed that is sorted otherwise differs by more.
_OUT_OF_ORDER = timedelta(days=1)


@dataclass(frozen=True)
class Expected:
    """What an answer must hold up to.

    start: the first result that was asked for, from 0
    count: how many results were asked for
    date: `updated` or `published`, by which the feed is sorted
    newest: the newest date seen on an earlier day, None where there was none
    bounds: what cannot be yet
    """

    start: int
    count: int
    date: str
    newest: datetime | None
    bounds: Bounds


@dataclass(frozen=True)
class Head:
    """What a sound feed says of itself.

    title: tells how arXiv read the query
    total: how many results there are in all
    entries: its papers, as they were parsed
    """

    title: str
    total: int
    entries: tuple[etree._Element, ...] = field(default=(), repr=False, compare=False)


def check(body: bytes, expected: Expected) -> Head:
    """The feed's head, where the feed is whole and what was asked. ArxivFault otherwise."""
    root = parse(body, _ROOT, "feed")
    if (error := _error_sentence(root)) is not None:
        raise ArxivFault(f"answered with an error: {error}")
    entries = root.findall("atom:entry", _NAMES)
    total = _total(root)
    promised = max(0, min(expected.count, total - expected.start))
    if len(entries) != promised:
        raise ArxivFault(f"promised {promised} papers and sent {len(entries)}")
    dates = [_date(entry, expected) for entry in entries]
    _check_order(dates)
    if expected.newest and expected.start == 0:
        _check_newest(max(dates, default=None), expected.newest)
    return Head(root.findtext("atom:title", "", _NAMES), total, tuple(entries))


def refusal(body: bytes) -> str:
    """arXiv's own sentence in the body of an answer 400."""
    try:
        return _error_sentence(parse(body, _ROOT, "feed")) or "it gave no reason"
    except ArxivFault:
        return "it gave no reason"


def _error_sentence(root: etree._Element) -> str | None:
    """The sentence of an error feed: one entry whose id lies under /api/errors."""
    entry = root.find("atom:entry", _NAMES)
    if entry is None or "/api/errors" not in entry.findtext("atom:id", "", _NAMES):
        return None
    return sentence(entry.findtext("atom:summary", "", _NAMES))


def _total(root: etree._Element) -> int:
    try:
        total = int(root.findtext("search:totalResults", "", _NAMES))
    except ValueError:
        raise ArxivFault("sent a feed that does not say how many papers there are") from None
    if not 0 <= total <= _MOST_PAPERS:
        raise ArxivFault("says that it has a number of papers that cannot be")
    return total


def _date(entry: etree._Element, expected: Expected) -> datetime:
    """The date by which the feed is sorted. ArxivFault where the entry's id or dates are missing or cannot be."""
    address = entry.findtext("atom:id", "", _NAMES).strip()
    if not address:
        raise ArxivFault("sent a paper without an id")
    try:
        paper = identifier(address)
    except ValueError as error:
        raise ArxivFault(f"sent a paper that cannot be read ({error})") from None
    try:
        # The package drops an entry where either is missing.
        dates = {key: _moment(entry.findtext(f"atom:{key}", "", _NAMES)) for key in ("published", "updated")}
    except (ValueError, OverflowError):
        raise ArxivFault("sent a paper without a date") from None
    if not expected.bounds.allows(paper) or not all(map(expected.bounds.allows_date, dates.values())):
        raise ArxivFault(f"sent a paper of the future ({paper} of {max(dates.values()):%Y-%m-%d})")
    return dates[expected.date]


def _moment(text: str) -> datetime:
    """OverflowError where it lies outside of the years from 1 to 9999 in UTC."""
    moment = datetime.fromisoformat(text.strip())
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _check_order(dates: list[datetime]) -> None:
    oldest = None
    for date in dates:
        if oldest and date - oldest > _OUT_OF_ORDER:
            raise ArxivFault("sent papers out of order")
        oldest = min(oldest or date, date)


def _check_newest(newest: datetime | None, before: datetime) -> None:
    if newest is None:
        raise ArxivFault("has no paper where it had some before")
    if newest < before:
        raise ArxivFault(f"shows a newest paper of {newest:%Y-%m-%d} where it had one of {before:%Y-%m-%d} before")
