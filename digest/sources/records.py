"""A page of the harvest -> its papers. Bytes in; records, how many were left out, and the next page's token out.

OAI-PMH: https://www.openarchives.org/OAI/openarchivesprotocol.html; the format arXivRaw, by its writer:
https://github.com/arXiv/oaipmh (templates/record_formats.xml, serializers/create_records.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, NamedTuple

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
_WITHDRAWN = re.compile(r"\bwithdrawn\b", re.IGNORECASE)
_LONGEST_DATE = 100
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


def read_page(body: bytes, asked: Mapping[str, str], since: date, bounds: Bounds) -> Page:
    """The page that answers what was asked, of a window that begins at `since`.

    ArxivFault where it is not whole. QueryRefused with arXiv's sentence where what was asked is not allowed.
    """
    root = parse(body, _ROOT, "harvest")
    token = root.findtext("oai:ListRecords/oai:resumptionToken", "", _NAMES).strip()
    _check_head(root, asked, token, bounds)
    if (error := root.find("oai:error", _NAMES)) is not None:
        if error.get("code") == "noRecordsMatch" and "resumptionToken" not in asked:
            return Page()
        said = sentence(f"{error.get('code', 'error')}: {error.text or ''}")
        raise QueryRefused(f"arXiv refuses the harvest: {said}")
    found = root.findall("oai:ListRecords/oai:record", _NAMES)
    if not found:
        raise ArxivFault("sent a page of its harvest without a paper")
    records, left_out = [], 0
    for record in found:
        if record.find("oai:header[@status='deleted']", _NAMES) is not None:
            continue
        try:
            records.append(_record(record, bounds))
        except ArxivFault:
            if not _is_old(record, since):
                raise
            left_out += 1
    return Page(tuple(records), left_out, token)


def _check_head(root: etree._Element, asked: Mapping[str, str], token: str, bounds: Bounds) -> None:
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
    others = {name for name, value in asked.items() if told.get(name, value) != value}
    # A page of several days that another one follows has the last of them there: `fetch_list` writes it over.
    if others - ({"from"} if token else set()):
        raise ArxivFault("sent the harvest of something else")


def _record(record: etree._Element, bounds: Bounds) -> Harvested:
    """ArxivFault where it lacks something that a row needs, or cannot be yet."""
    raw = record.find("oai:metadata/raw:arXivRaw", _NAMES)
    if raw is None:
        raise _without("its paper")

    def text(name: str) -> str:
        return raw.findtext(f"raw:{name}", "", _NAMES).strip()

    try:
        paper_id = identifier(text("id"))
    except ValueError:
        raise _without("an id") from None
    versions = sorted(map(_version, raw.findall("raw:version", _NAMES)))
    if not versions:
        raise _without("a version")
    if not text("title"):
        raise _without("a title")
    datestamp = _datestamp(record)
    latest = max(datetime.combine(datestamp, time(), UTC), *(version.submitted for version in versions))
    if not bounds.allows(paper_id) or not bounds.allows_date(latest):
        raise ArxivFault(f"sent a paper of the future ({paper_id} of {latest:%Y-%m-%d})")
    first, last = versions[0], versions[-1]
    paper = Paper(
        id=paper_id,
        version=last.number,
        title=" ".join(text("title").split()),
        abstract=text("abstract"),
        authors=names(text("authors")),
        published=first.submitted,
        updated=last.submitted,
        categories=tuple(text("categories").split()),
        comment=text("comments"),
        journal=text("journal-ref"),
        doi=text("doi"),
    )
    withdrawn = "I" in last.files or bool(_WITHDRAWN.search(paper.comment))
    return Harvested(paper, text("report-no"), text("submitter"), withdrawn, datestamp)


class _Version(NamedTuple):
    """One of a paper's versions.

    number: from 1
    submitted: when
    files: how they are kept, `I`: there are none (`_process_source_format` in create_records.py)
    """

    number: int
    submitted: datetime
    files: str


def _version(version: etree._Element) -> _Version:
    number = _VERSION.fullmatch(version.get("version", ""))
    if not number:
        raise _without("a version")
    try:
        moment = parsedate_to_datetime(version.findtext("raw:date", "", _NAMES).strip()[:_LONGEST_DATE])
        submitted = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise _without("a date") from None
    return _Version(int(number[1]), submitted, version.findtext("raw:source_type", "", _NAMES))


def _datestamp(record: etree._Element) -> date:
    try:
        return date.fromisoformat(record.findtext("oai:header/oai:datestamp", "", _NAMES).strip())
    except ValueError:
        raise _without("a datestamp") from None


def _without(what: str) -> ArxivFault:
    return ArxivFault(f"sent a record without {what}")


def _is_old(record: etree._Element, since: date) -> bool:
    """Whether its paper was given out before the month in which the window begins."""
    try:
        address = record.findtext("oai:header/oai:identifier", "", _NAMES).strip()
        return identifier(address.rpartition(":")[2]).month < Month(since.year, since.month)
    except ValueError:
        return False
