"""A page of the harvest -> its papers. Bytes in; records, how many were left out, and the next page's token out.

OAI-PMH: https://www.openarchives.org/OAI/openarchivesprotocol.html; the format arXivRaw, by its writer:
https://github.com/arXiv/oaipmh (templates/record_formats.xml, serializers/create_records.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from digest.errors import QueryRefused
from digest.papers import Month, Paper, identifier
from digest.sources.authors import names
from digest.sources.faults import ArxivFault
from digest.sources.xml import parse, sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml import etree

    from digest.papers import Bounds

_NAMES = {"oai": "http://www.openarchives.org/OAI/2.0/", "raw": "http://arxiv.org/OAI/arXivRaw/"}
_ROOT = "{http://www.openarchives.org/OAI/2.0/}OAI-PMH"
_VERSION = re.compile(r"v([1-9]\d{0,3})", re.ASCII)
# An answer of an earlier day is somebody's copy.
_OLDEST_COPY = timedelta(days=1)


@dataclass(frozen=True)
class Harvested:
    """A paper of the harvest, and what the search does not tell of it.

    paper: the paper in its current version; title and abstract with TeX's accents, where the search has letters
    report_number: "" where there is none
    submitter: the name of who submitted it, "" where there is none
    withdrawn: whether the current version has no files, or its comment says so
    datestamp: the day (UTC) of its last change: announced, revised, or edited by arXiv
    """

    paper: Paper
    report_number: str
    submitter: str
    withdrawn: bool
    datestamp: date


@dataclass(frozen=True)
class Page:
    """A whole page.

    records: in arXiv's order
    left_out: how many papers from before the window lacked something that a row needs
    token: asks for the next page, "" on the last
    """

    records: tuple[Harvested, ...] = ()
    left_out: int = 0
    token: str = ""


class _Incomplete(Exception):
    """What a record lacks."""


def read_page(body: bytes, asked: Mapping[str, str], since: date, bounds: Bounds) -> Page:
    """The page that answers what was asked, of a window that begins at `since`.

    ArxivFault where it is not whole. QueryRefused with arXiv's sentence where what was asked is not allowed.
    """
    root = parse(body, _ROOT, "harvest")
    _check_head(root, asked, bounds)
    if (error := root.find("oai:error", _NAMES)) is not None:
        if error.get("code") == "noRecordsMatch" and "resumptionToken" not in asked:
            return Page()
        said = sentence(f"{error.get('code')}: {error.text or ''}")
        raise QueryRefused(f"arXiv refuses the harvest: {said}")
    records, left_out = [], 0
    found = root.findall("oai:ListRecords/oai:record", _NAMES)
    for record in found:
        try:
            records.append(_record(record, bounds))
        except _Incomplete as lack:
            if not _is_old(record, since):
                raise ArxivFault(f"sent a record without {lack}") from None
            left_out += 1
    if not found:
        raise ArxivFault("sent a page of its harvest without a paper")
    token = root.findtext("oai:ListRecords/oai:resumptionToken", "", _NAMES).strip()
    return Page(tuple(records), left_out, token)


def _check_head(root: etree._Element, asked: Mapping[str, str], bounds: Bounds) -> None:
    """ArxivFault where the answer is of an earlier day, or one to something else."""
    try:
        made = datetime.fromisoformat(root.findtext("oai:responseDate", "", _NAMES).strip())
        age = bounds.latest - (made if made.tzinfo else made.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        raise ArxivFault("sent a harvest that does not say of when it is") from None
    if age > _OLDEST_COPY:
        raise ArxivFault(f"sent a harvest of {made:%Y-%m-%d}")
    request = root.find("oai:request", _NAMES)
    # Of a page asked for by its token, arXiv repeats the token only, written otherwise.
    told = {} if request is None or "resumptionToken" in asked else {str(k): str(v) for k, v in request.attrib.items()}
    if any(told.get(name, value) != value for name, value in asked.items()):
        raise ArxivFault("sent the harvest of something else")


def _record(record: etree._Element, bounds: Bounds) -> Harvested:
    raw = record.find("oai:metadata/raw:arXivRaw", _NAMES)
    if raw is None:
        raise _Incomplete("its paper")

    def text(name: str) -> str:
        return (raw.findtext(f"raw:{name}", "", _NAMES) or "").strip()

    try:
        paper_id = identifier(text("id"))
    except ValueError:
        raise _Incomplete("an id") from None
    versions = _versions(raw)
    last = max(versions)
    datestamp = _datestamp(record)
    if not bounds.allows(paper_id) or not all(map(bounds.allows_date, versions.values())):
        raise ArxivFault(f"sent a paper of the future ({paper_id} of {max(versions.values()):%Y-%m-%d})")
    if not text("title"):
        raise _Incomplete("a title")
    paper = Paper(
        id=paper_id,
        version=last,
        title=" ".join(text("title").split()),
        abstract=text("abstract"),
        authors=names(text("authors")),
        published=versions[min(versions)],
        updated=versions[last],
        categories=tuple(text("categories").split()),
        comment=text("comments"),
        journal=text("journal-ref"),
        doi=text("doi"),
    )
    withdrawn = "I" in _source_type(raw, last) or bool(re.search(r"\bwithdrawn\b", paper.comment, re.IGNORECASE))
    return Harvested(paper, text("report-no"), text("submitter"), withdrawn, datestamp)


def _versions(raw: etree._Element) -> dict[int, datetime]:
    """When each version was submitted."""
    versions = {}
    for version in raw.findall("raw:version", _NAMES):
        number = _VERSION.fullmatch(version.get("version", ""))
        if not number:
            raise _Incomplete("a version")
        try:
            moment = parsedate_to_datetime(version.findtext("raw:date", "", _NAMES).strip()[:100])
            versions[int(number[1])] = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            raise _Incomplete("a date") from None
    if not versions:
        raise _Incomplete("a version")
    return versions


def _source_type(raw: etree._Element, number: int) -> str:
    """How a version's files are kept; `I`: there are none. https://github.com/arXiv/oaipmh, _process_source_format"""
    versions = raw.findall("raw:version", _NAMES)
    return next((v.findtext("raw:source_type", "", _NAMES) for v in versions if v.get("version") == f"v{number}"), "")


def _datestamp(record: etree._Element) -> date:
    try:
        return date.fromisoformat(record.findtext("oai:header/oai:datestamp", "", _NAMES).strip())
    except ValueError:
        raise _Incomplete("a datestamp") from None


def _is_old(record: etree._Element, since: date) -> bool:
    """Whether a record is of a paper that was given out before the window, or of a change before it."""
    try:
        if _datestamp(record) < since:
            return True
    except _Incomplete:
        pass
    try:
        address = record.findtext("oai:header/oai:identifier", "", _NAMES).strip()
        return identifier(address.rpartition("oai:arXiv.org:")[2]).month < Month(since.year, since.month)
    except ValueError:
        return False
