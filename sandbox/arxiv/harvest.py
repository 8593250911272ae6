"""What arXiv's OAI-PMH interface says to a request: a page of records as arXivRaw, or why it refuses, with status 200.

After https://github.com/arXiv/oaipmh (27ad99e): its sentences, its order, its tokens; and the recorded answers' form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, unquote, urlencode
from xml.sax.saxutils import escape

from sandbox.arxiv.feed import Page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sandbox.recorded import Entry

_ADDRESS = "http://oaipmh.arxiv.org/oai"
_PREFIXES = ("oai_dc", "arXiv", "arXivOld", "arXivRaw")
_ALLOWED = {"verb", "metadataPrefix", "from", "until", "set"}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_EARLIEST = date(2005, 9, 16)
_GROUPS = ("cs", "econ", "eess", "math", "physics", "q-bio", "q-fin", "stat")
_PHYSICS = (
    *("astro-ph", "cond-mat", "gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th", "math-ph", "nlin", "nucl-ex"),
    *("nucl-th", "physics", "quant-ph"),
)
_DESCRIPTIONS = {
    "badArgument": "The request includes illegal arguments, is missing required arguments, includes a repeated "
    "argument, or values for arguments have an illegal syntax.",
    "badResumptionToken": "The value of the resumptionToken argument is invalid or expired.",
    "badVerb": "The value of the verb argument is not a legal OAI-PMH verb, the verb argument is missing, or the verb"
    " argument is repeated.",
    "cannotDisseminateFormat": "The metadata format identified by the value given for the metadataPrefix argument is "
    "not supported by the item or by the repository.",
    "noRecordsMatch": "The combination of the values of the from, until, set and metadataPrefix arguments results in an"
    " empty list.",
}


@dataclass(frozen=True)
class Announced:
    """Every version of each paper, and on which day the paper last changed in whatever way."""

    papers: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    changed: Mapping[str, date] = field(default_factory=dict)

    def after(self, entries: Sequence[Entry], day: date) -> Announced:
        papers = dict(self.papers)
        for entry in entries:
            others = (known for known in papers.get(entry.paper, ()) if known.version != entry.version)
            papers[entry.paper] = tuple(sorted((*others, entry), key=lambda version: version.version))
        return Announced(papers, {**self.changed, **{entry.paper: day for entry in entries}})

    def between(self, first: date, last: date, wanted: str) -> list[str]:
        """The papers of a set, in the interface's order."""
        found = (paper for paper, day in self.changed.items() if first <= day <= last)
        held = (paper for paper in found if not wanted or _holds(wanted, self.papers[paper][-1].categories))
        return sorted(held, key=lambda paper: (self.changed[paper], paper))


class _Refused(Exception):
    def __init__(self, code: str, reason: str = "") -> None:
        super().__init__(code)
        self.code, self.reason = code, reason


@dataclass(frozen=True)
class HarvestPage(Page):
    """A page of records as XML. The search's faults work on it too: its papers are `found`."""

    announced: Announced = field(default_factory=Announced)
    request: Mapping[str, str] = field(default_factory=dict)
    token: str | None = None
    code: str = ""
    reason: str = ""

    def feed(self, *, entries: Sequence[Entry] | None = None, total: int | None = None) -> bytes:
        shown = self.entries if entries is None else entries
        code = "noRecordsMatch" if entries is not None and total == 0 else self.code
        if code:
            reason = f" Reason: {self.reason}" if self.reason else ""
            inside = f"    <error code='{code}'>{_escaped(_DESCRIPTIONS[code] + reason)}</error>\n"
        else:
            records = "".join(record_xml(self.announced, entry) for entry in shown)
            inside = f"    <ListRecords>\n{records}{self._token_xml()}    </ListRecords>\n"
        now = datetime.now(UTC)
        return f"""<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" \n\
         xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
         xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/ http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd">
    <responseDate>{now:%Y-%m-%dT%H:%M:%SZ}</responseDate>
                {self._request_xml()}


{inside}</OAI-PMH>""".encode()

    def _request_xml(self) -> str:
        mark = "'" if "resumptionToken" in self.request else '"'
        attributes = "".join(f" {name}={mark}{_escaped(value)}{mark}" for name, value in self.request.items())
        return f"<request{attributes}>{_ADDRESS}</request>"

    def _token_xml(self) -> str:
        if self.token is None:
            return ""
        if not self.token:
            return "                    <resumptionToken/>\n\n"
        midnight = f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%dT00:00:00Z}"
        return f"                    <resumptionToken expirationDate='{midnight}'>{self.token}</resumptionToken>\n\n"


def answer(announced: Announced, params: Mapping[str, str], size: int, *, repeated: bool = False) -> HarvestPage:
    try:
        return _records(announced, params, size, repeated=repeated)
    except _Refused as refused:
        shown = params if refused.code == "noRecordsMatch" else {}
        return HarvestPage(params, request=shown, code=refused.code, reason=refused.reason)


def _records(announced: Announced, params: Mapping[str, str], size: int, *, repeated: bool) -> HarvestPage:
    if repeated:
        raise _Refused("badArgument", "Duplicate parameters not allowed")
    if params.get("verb") != "ListRecords":
        raise _Refused("badVerb", "Invalid verb provided")
    asked, skip = dict(params), 0
    token = params.get("resumptionToken")
    if token is not None:
        if set(params) != {"verb", "resumptionToken"}:
            raise _Refused("badArgument", "No other paramters allowed with resumptionToken")
        asked, skip = _from_token(token)
    if "metadataPrefix" not in asked:
        raise _Refused("badArgument", "metadataPrefix required.")
    if set(asked) - _ALLOWED:
        raise _Refused("badArgument", f"Unallowed parameter. Allowed parameters: {', '.join(sorted(_ALLOWED))}")
    if asked["metadataPrefix"] not in _PREFIXES:
        raise _Refused("cannotDisseminateFormat", "Did not recognize requested format")
    first, last = _window(asked)
    _check_set(asked.get("set", ""))
    found = announced.between(first, last, asked.get("set", ""))
    if not found[skip:]:
        raise _Refused("noRecordsMatch")
    following, shown = None if token is None else "", params
    if len(found) > skip + size:
        next_asked, next_skip = _next_page(announced, found[skip : skip + size + 1], asked, skip)
        following = quote(urlencode({**next_asked, "skip": next_skip}))
        # The service changes what it was asked, and then repeats that.
        shown = params if token is not None else next_asked
    return HarvestPage(
        params,
        start=skip,
        size=size,
        found=[announced.papers[paper][-1] for paper in found],
        announced=announced,
        request=shown,
        token=following,
    )


def _next_page(
    announced: Announced, shown: Sequence[str], asked: Mapping[str, str], skip: int
) -> tuple[Mapping[str, str], int]:
    """What the next page is asked and how many papers it skips; `shown` ends with its first one.

    A page of several days is followed by one that begins at its last day (`fetch_list`).
    """
    days = [announced.changed[paper] for paper in shown]
    if days[0] == days[-1]:
        return asked, skip + len(shown) - 1
    return {**asked, "from": f"{days[-1]}"}, days[:-1].count(days[-1])


def _from_token(token: str) -> tuple[dict[str, str], int]:
    # Once more than the request's own encoding, as it was written.
    asked = {name: values[0] for name, values in parse_qs(unquote(token)).items()}
    skip = asked.pop("skip", "")
    if "verb" not in asked or not skip.isdigit():
        raise _Refused("badResumptionToken", "Token decoding failed or format is invalid.")
    return asked, int(skip)


def _window(asked: Mapping[str, str]) -> tuple[date, date]:
    today = datetime.now(UTC).date()
    first, last = (_day(asked, name, default) for name, default in (("from", _EARLIEST), ("until", today)))
    if first > last:
        raise _Refused("badArgument", "until date must be greater than or equal to from date")
    if first < _EARLIEST:
        raise _Refused("badArgument", "start date too early")
    if last > today:
        raise _Refused("badArgument", "until date too late")
    return first, last


def _day(asked: Mapping[str, str], name: str, default: date) -> date:
    text = asked.get(name)
    if not text:
        return default
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise _Refused("badArgument", f"{name} date format must be YYYY-MM-DD")


def _check_set(name: str) -> None:
    if not name:
        return
    group, *rest = name.split(":")
    if len(rest) > 2:
        raise _Refused("badArgument", "Set has too many levels")
    archives = _PHYSICS if group == "physics" else (group,)
    subjects = "[a-z]+(-[a-z]+)*" if rest[:1] in (["cond-mat"], ["physics"]) else "[A-Z]{2}"
    subject = re.fullmatch(subjects, rest[1]) if rest[1:] else True
    if group not in _GROUPS or (rest and rest[0] not in archives) or not subject:
        raise _Refused("badArgument", "Set does not exist")


def _holds(name: str, categories: Sequence[str]) -> bool:
    return any(spec == name or spec.startswith(f"{name}:") for spec in map(set_of, categories))


def set_of(category: str) -> str:
    archive = category.partition(".")[0]
    return f"{'physics' if archive in _PHYSICS else archive}:{category.replace('.', ':')}"


def record_xml(announced: Announced, entry: Entry) -> str:
    specs = "".join(f"            <setSpec>{set_of(category)}</setSpec>\n" for category in entry.categories)
    texts = {
        "comments": entry.comment,
        "report-no": entry.report,
        "journal-ref": entry.journal,
        "doi": entry.doi,
        "license": "http://arxiv.org/licenses/nonexclusive-distrib/1.0/",
        "abstract": entry.abstract,
    }
    further = "".join(f"            <{name}>{_escaped(text)}</{name}>\n" for name, text in texts.items() if text)
    return f"""\
                    <record>
                <header>
        <identifier>oai:arXiv.org:{entry.paper}</identifier>
        <datestamp>{announced.changed[entry.paper]}</datestamp>
{specs}    </header>

            <metadata>
                        <arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="http://arxiv.org/OAI/arXivRaw/ https://oaipmh.arxiv.org/OAI/arXivRaw.xsd">
        <id>{entry.paper}</id>
        <submitter>{_escaped(entry.authors[0])}</submitter>
{_versions_xml(announced.papers[entry.paper])}\
        <title>{_escaped(entry.title)}</title>
        <authors>{_escaped(", ".join(entry.authors))}</authors>
        <categories>{" ".join(entry.categories)}</categories>
{further}    </arXivRaw>

            </metadata>
        </record>

"""


def _versions_xml(known: Sequence[Entry]) -> str:
    """Every version up to the last; one that nobody recorded lies as far between its neighbours as its number says."""
    last = known[-1]
    moments = {1: last.published} | {entry.version: entry.updated for entry in known}
    lines = []
    for number in range(1, last.version + 1):
        step = (last.updated - last.published) / max(last.version - 1, 1)
        at = moments.get(number, last.published + step * (number - 1)).astimezone(UTC)
        files = "I" if number == last.version and "withdrawn" in last.comment.lower() else ""
        source = f"                    <source_type>{files}</source_type>\n" if files else ""
        lines.append(
            f'            <version version="v{number}">\n'
            f"                <date>{at:%a, %d %b %Y %H:%M:%S GMT}</date>\n"
            f"                <size>{len(last.abstract)}kb</size>\n{source}            </version>\n"
        )
    return "".join(lines)


def _escaped(text: str) -> str:
    return escape(text, {"'": "&#39;", '"': "&#34;"})
