"""Is an answer of arXiv's whole and sound? Bytes in; the feed's head out, or a Fault that says what is wrong.

The `arxiv` package parses what it can and takes a page of HTML or half a feed for a short list; so it is checked here.
Form of the feed: https://info.arxiv.org/help/api/user-manual.html#_details_of_atom_results_returned
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from lxml import etree

_NAMES = {"atom": "http://www.w3.org/2005/Atom", "search": "http://a9.com/-/spec/opensearch/1.1/"}
# Entries of nearly the same moment may swap; a feed that is sorted otherwise differs by more.
_OUT_OF_ORDER = timedelta(days=1)


class Fault(Exception):
    """An answer that may be better when asked again; `retry_after` in seconds where arXiv named a time."""

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.reason, self.retry_after = reason, retry_after


@dataclass(frozen=True)
class Expected:
    """What an answer must hold up to: the question's window and order, and the newest date seen before, if any."""

    start: int
    count: int
    date: str  # "updated" or "published", by which the feed is sorted
    newest: datetime | None


@dataclass(frozen=True)
class Head:
    """What a sound feed says of itself; `title` tells how arXiv read the query."""

    title: str
    total: int
    entries: int


def check(body: bytes, expected: Expected) -> Head:
    """The feed's head, where the feed is whole and what was asked. Fault otherwise."""
    root = _parsed(body)
    entries = root.findall("atom:entry", _NAMES)
    sentence = error_sentence(root)
    if sentence is not None:
        raise Fault(f"it answered with an error: {sentence}")
    total = _number(root, "search:totalResults")
    _check_count(len(entries), total, expected)
    dates = [_date(entry, expected.date) for entry in entries]
    for earlier, later in pairwise(dates):
        if later - earlier > _OUT_OF_ORDER:
            raise Fault("its entries are out of order")
    if expected.newest and expected.start == 0:
        if not dates:
            raise Fault("it has no papers where it had some before")
        if max(dates) < expected.newest:
            raise Fault(f"its newest paper is of {max(dates):%Y-%m-%d}, older than one seen before")
    return Head(root.findtext("atom:title", "", _NAMES), total, len(entries))


def refusal(body: bytes) -> str:
    """arXiv's own sentence in the body of an answer 400."""
    try:
        return error_sentence(_parsed(body)) or "it gave no reason"
    except Fault:
        return "it gave no reason"


def error_sentence(root: etree._Element) -> str | None:
    """The sentence of an error feed: one entry whose id lies under /api/errors."""
    entry = root.find("atom:entry", _NAMES)
    if entry is None or "/api/errors" not in entry.findtext("atom:id", "", _NAMES):
        return None
    return " ".join(entry.findtext("atom:summary", "", _NAMES).split())


def _parsed(body: bytes) -> etree._Element:
    start = body.lstrip()[:200].lower()
    if not start:
        raise Fault("its answer is empty")
    if b"rate exceeded" in start:
        raise Fault("it is throttling (Rate exceeded.)")
    try:
        root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        kind = "a page of HTML" if start.startswith((b"<!doctype html", b"<html")) else "half a feed"
        kind = kind if start.startswith(b"<") else "something that is no feed"
        raise Fault(f"it answered with {kind}") from None
    if root.tag != "{http://www.w3.org/2005/Atom}feed":
        raise Fault(
            "it answered with a page of HTML" if "html" in str(root.tag).lower() else "it answered without a feed"
        )
    return root


def _number(root: etree._Element, name: str) -> int:
    try:
        return int(root.findtext(name, "", _NAMES))
    except ValueError:
        raise Fault("its feed does not say how many papers there are") from None


def _check_count(entries: int, total: int, expected: Expected) -> None:
    promised = max(0, min(expected.count, total - expected.start))
    if entries != promised:
        raise Fault(f"it promised {promised} papers and sent {entries}")


def _date(entry: etree._Element, name: str) -> datetime:
    if not entry.findtext("atom:id", "", _NAMES).strip():
        raise Fault("an entry has no id")
    try:
        dates = {
            key: datetime.fromisoformat(entry.findtext(f"atom:{key}", "", _NAMES)) for key in ("published", "updated")
        }
    except ValueError:
        raise Fault("an entry has no date") from None
    return dates[name]
