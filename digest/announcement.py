"""The announcement of new papers: what a commit promises of it, its invisible key, and which papers were announced.

Pure; the text that people read is made in `digest.page.issue_body`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from digest.issue import Writers, is_believed
from digest.page.issue_body import BEGINNING
from digest.section import identifier_set
from digest.section.memory import promised_papers
from digest.section.section import fingerprint
from digest.standing import is_standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from digest.issue import Issue
    from digest.papers import Identifier
    from digest.section.memory import Promise

_KEY = re.compile(r"<!-- ([\w-]+):announced (\{[^<>\n]*\}) -->")
# The runner's clock and GitHub's may differ by so many seconds.
_CLOCK_SKEW = 300
# So many issues that name a paper promised so often are proof enough, whoever opened them.
_ENOUGH = 2
# Where neither apps nor the token's user are known: those count of whom GitHub says that they may write.
_NOBODY_ELSE = Writers()
_ANY_TIME: Mapping[Identifier, float] = MappingProxyType({})


@dataclass(frozen=True)
class Announcement:
    """The issue, or the comment, that tells of an edition's new papers.

    promise: what the section remembers of it until the issue is seen
    title: of the issue, plain text; of the standing one, should it have to be opened for the comment
    body: Markdown, with the key at its end
    apps: whose tokens have written the section, so that a standing issue may be theirs
    standing: Markdown, what a standing issue says of itself; "" where there is none
    """

    promise: Promise
    title: str
    body: str
    apps: tuple[str, ...] = ()
    standing: str = ""


@dataclass(frozen=True)
class Announced:
    """What the issues tell.

    papers: when, in seconds since 1970, the newest issue was opened that names the paper
    disbelieved: addresses of issues that name a promised paper, opened by somebody who may not write
    strange: papers that are named by apps that are not believed
    issues: the believed ones that hold keys of this section alone, newest first; no comments
    """

    papers: dict[Identifier, int]
    disbelieved: tuple[str, ...] = ()
    strange: frozenset[Identifier] = frozenset()
    issues: tuple[Issue, ...] = ()


NOTHING_ANNOUNCED = Announced({})


def key(section: str, papers: Iterable[Identifier]) -> str:
    """The invisible line of an issue that names its papers."""
    return f"<!-- {section}:announced {json.dumps(identifier_set.encode(papers), separators=(',', ':'))} -->"


def title_fingerprint(title: str) -> str:
    return fingerprint(title)[:8]


def earliest(promises: Iterable[Promise], now: int) -> int:
    """Since when, in seconds since 1970, issues have to be looked through to find what is promised."""
    return min((promise.since for promise in promises), default=now) - _CLOCK_SKEW


def find(
    promise: Promise,
    pages: Iterable[Iterable[Issue]],
    section: str,
    writers: Writers = _NOBODY_ELSE,
    submitted: Mapping[Identifier, float] = _ANY_TIME,
) -> Issue | None:
    """What announces one of the promised papers, None where there is nothing; `submitted` as of `announced`."""
    for page in pages:
        for issue in page:
            papers = promise.identifiers & _told_by(issue, [promise], section, submitted)
            if papers and (_may_keep(issue, promise.since) or is_believed(issue, writers)):
                return issue
    return None


def announced(
    promises: Iterable[Promise],
    pages: Iterable[Iterable[Issue]],
    section: str,
    writers: Writers = _NOBODY_ELSE,
    submitted: Mapping[Identifier, float] = _ANY_TIME,
) -> Announced:
    """The papers that issues and comments announce, promised or not.

    `submitted` tells when papers were, in seconds since 1970, as far as that is known: no issue can have told of one
    before.

    The first page is looked through whatever it tells, a further one only where a promised paper was not found yet. A
    key names the papers; where somebody edited that of a promised issue away, its title and the time of its making do.
    Only what a writer wrote is believed, or the token's own user, who is asked for only then; of what is promised any
    app since then, as the token may be another one's today. A paper that was promised twice, and that two issues name,
    is announced whoever opened them: never a third time.
    """
    promises = sorted(promises, key=lambda promise: -promise.since)
    since = {paper: promise.since for promise in promises for paper in promise.identifiers}
    often = promised_papers(promise for promise in promises if promise.tries >= _ENOUGH)
    told: dict[Identifier, int] = {}
    disbelieved: dict[Identifier, list[str]] = {}
    strange: set[Identifier] = set()
    own: list[Issue] = []
    for page in pages:
        for issue in page:
            papers = _told_by(issue, promises, section, submitted)
            believed = bool(papers) and is_believed(issue, writers)
            if believed and issue.number and {name for name, _ in _keys(issue.body)} == {section}:
                own.append(issue)
            if issue.bot and not believed:
                strange |= papers
            for paper in papers if believed else papers & since.keys():
                proven = believed or _may_keep(issue, since[paper])
                if not proven:
                    disbelieved.setdefault(paper, []).append(issue.url)
                if proven or (paper in often and len(disbelieved[paper]) >= _ENOUGH):
                    told[paper] = max(issue.created, told.get(paper, 0))
        if since.keys() <= told.keys():
            # Each further page would be a request.
            break
    doubtful = (url for paper, urls in disbelieved.items() if paper not in told for url in urls)
    return Announced(told, tuple(dict.fromkeys(doubtful)), frozenset(strange), tuple(own))


def _may_keep(issue: Issue, promised: int) -> bool:
    """Whether it may be the one that was promised then, written by an app."""
    return issue.bot and issue.created >= promised - _CLOCK_SKEW


def _told_by(
    issue: Issue, promises: Iterable[Promise], section: str, submitted: Mapping[Identifier, float]
) -> frozenset[Identifier]:
    """The papers that an issue tells of, if it is to be believed."""
    if issue.pull_request or is_standing(issue, section):
        return frozenset()
    return frozenset(paper for paper in _named_by(issue, promises, section) if submitted.get(paper, 0) <= issue.created)


def _named_by(issue: Issue, promises: Iterable[Promise], section: str) -> frozenset[Identifier]:
    """Those of its keys, or of its title where they are gone."""
    keys = _keys(issue.body)
    if keys:
        return frozenset(paper for name, value in keys if name == section for paper in _named(value))
    return promised_papers(
        promise
        for promise in promises
        if title_fingerprint(issue.title) == promise.title_fingerprint and issue.created >= promise.since - _CLOCK_SKEW
    )


def _keys(body: str) -> list[tuple[str, str]]:
    """The keys of a body that our text begins and a key ends; several where somebody put issues together."""
    found = list(_KEY.finditer(body))
    ours = found and body.lstrip().startswith(BEGINNING) and not body[found[-1].end() :].strip()
    return [(one[1], one[2]) for one in found] if ours else []


def _named(value: str) -> frozenset[Identifier]:
    """The papers that a key names; none where it is not whole."""
    try:
        return identifier_set.decode(json.loads(value))
    except (ValueError, TypeError, LookupError, RecursionError):
        return frozenset()
