"""What a section remembers, as a line of an HTML comment: which papers it has listed, what announcements it promises.

In goes a Memory, out comes a line of JSON behind its checksum, and back; a line that is not whole is None, never an
exception.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from digest.issue import is_app
from digest.papers import Identifier, horizon, identifier
from digest.section import identifier_set

if TYPE_CHECKING:
    from collections.abc import Iterable

VERSION = 1
# The app of the default token.
_ACTIONS = "github-actions[bot]"
_MOST_APPS = 3


@dataclass(frozen=True)
class Promise:
    """An announcement that a commit promised, until an issue or a comment is seen that keeps it.

    identifiers: the papers that are to be announced
    since: when it was promised, in seconds since 1970
    title_fingerprint: of the issue's title, "" of a comment
    run: which run promised it, so that two that start at the same second do not take each other's commit, the same to
        the byte, for their own
    tries: how often its papers were promised in a row, this time included
    refused: whether GitHub refused to open its issue, or to add its comment
    """

    identifiers: frozenset[Identifier]
    since: int
    title_fingerprint: str
    run: str = ""
    tries: int = 1
    refused: bool = False

    @property
    def is_comment(self) -> bool:
        return not self.title_fingerprint


@dataclass(frozen=True)
class Memory:
    """What was listed, and what is promised.

    listed: every identifier listed from the horizon on, and those that are promised
    highest: the highest identifier ever listed, None where none was
    floor: identifiers up to it count as listed too; set where a memory was lost
    promises: announcements without an issue as far as is known
    owner: fingerprint of the repository that wrote it, so that a copy elsewhere is noticed
    abstracts: how many places showed their abstract where `max-bytes` cut the lists, 0 where it did not
    archives: tells again the archives that hold all that is listed; "" where there are none, or that is not sure
    apps: logins of the apps whose tokens have written here, the newest last
    """

    listed: frozenset[Identifier] = frozenset()
    highest: Identifier | None = None
    floor: Identifier | None = None
    promises: tuple[Promise, ...] = ()
    owner: str = ""
    abstracts: int = 0
    archives: str = ""
    apps: tuple[str, ...] = (_ACTIONS,)

    def is_news(self, paper: Identifier, highest: Identifier) -> bool:
        """Never listed, and not from before the horizon that `highest` draws."""
        known = paper in self.listed or (self.floor is not None and paper <= self.floor)
        return not known and paper.month >= horizon(highest)

    def with_app(self, login: str) -> Memory:
        """This memory after a commit by the token of this app; the last few are remembered."""
        return replace(self, apps=(*(app for app in self.apps if app != login), login)[-_MOST_APPS:])

    def with_listed(self, papers: Iterable[Identifier]) -> Memory:
        """This memory after a page that lists `papers`: what lies before the horizon is forgotten."""
        listed = self.listed | frozenset(papers)
        highest = max((*listed, *filter(None, [self.highest])), default=None)
        if highest is None:
            return self
        first = horizon(highest)
        promised = promised_papers(self.promises)
        return replace(
            self,
            listed=frozenset(paper for paper in listed if paper.month >= first or paper in promised),
            highest=highest,
            floor=self.floor if self.floor and self.floor.month >= first else None,
        )


def promised_papers(promises: Iterable[Promise]) -> frozenset[Identifier]:
    """The papers of all these promises."""
    return frozenset(paper for promise in promises for paper in promise.identifiers)


def united(memory: Memory, other: Memory) -> Memory:
    """What either remembers; of a promise that both hold, the first one's words count."""
    runs = {promise.run for promise in memory.promises}
    return replace(
        memory,
        listed=memory.listed | other.listed,
        highest=max(filter(None, (memory.highest, other.highest)), default=None),
        floor=max(filter(None, (memory.floor, other.floor)), default=None),
        promises=(*memory.promises, *(promise for promise in other.promises if promise.run not in runs)),
        owner=memory.owner or other.owner,
        apps=last_apps((other.apps, memory.apps)),
    )


def last_apps(remembered: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """The last few of all these apps."""
    return tuple(dict.fromkeys(app for apps in remembered for app in apps))[-_MOST_APPS:]


def write(memory: Memory) -> str:
    """`CHECKSUM JSON`; under 16 KiB for any three months of identifiers."""
    places = {paper: place for place, paper in enumerate(sorted(memory.listed))}
    value = {
        "version": VERSION,
        "highest": str(memory.highest or ""),
        "floor": str(memory.floor or ""),
        "owner": memory.owner,
        "abstracts": memory.abstracts,
        "apps": list(memory.apps),
        "promises": [
            {
                "since": promise.since,
                "title": promise.title_fingerprint,
                "run": promise.run,
                "tries": promise.tries,
                "refused": promise.refused,
                # As places among those listed, of which they are a part.
                "papers": identifier_set.encode_numbers(map(places.__getitem__, promise.identifiers)),
            }
            for promise in memory.promises
        ],
        "listed": identifier_set.encode(memory.listed),
    }
    if memory.archives:
        value["archives"] = memory.archives
    text = json.dumps(value, separators=(",", ":"))
    return f"{_checksum(text)} {text}"


def read(text: str) -> Memory | None:
    """The memory that `write` wrote; None where the text is of another version, cut, changed or absurd."""
    checksum, _, value = text.partition(" ")
    if checksum != _checksum(value):
        return None
    try:
        return _read(json.loads(value))
    except (ValueError, LookupError, TypeError, RecursionError):
        return None


def _read(value: dict[str, Any]) -> Memory:
    """ValueError, LookupError or TypeError where the value is none that `write` makes."""
    if value["version"] != VERSION:
        raise ValueError("of another version")
    listed = identifier_set.decode(value["listed"])
    papers = sorted(listed)
    return Memory(
        listed=listed,
        highest=identifier(value["highest"]) if value["highest"] else None,
        floor=identifier(value["floor"]) if value["floor"] else None,
        owner=_of(str, value["owner"]),
        abstracts=_of(int, value["abstracts"]),
        archives=_of(str, value.get("archives", "")),
        apps=tuple(app for app in _of(list, value["apps"]) if is_app(_of(str, app)))[-_MOST_APPS:],
        promises=tuple(_read_promise(promise, papers) for promise in value["promises"]),
    )


def _read_promise(value: dict[str, Any], papers: list[Identifier]) -> Promise:
    return Promise(
        identifiers=frozenset(papers[place] for place in identifier_set.decode_numbers(value["papers"])),
        since=_of(int, value["since"]),
        title_fingerprint=_of(str, value["title"]),
        run=_of(str, value["run"]),
        tries=_of(int, value["tries"]),
        refused=_of(bool, value["refused"]),
    )


def _of(kind: type, value: Any) -> Any:
    """ValueError where the value is of another kind: a checksum is no proof of sense."""
    if type(value) is not kind:
        raise ValueError(f"not {kind.__name__}: {value!r}")
    return value


def _checksum(text: str) -> str:
    return f"{zlib.crc32(text.encode('utf-8', 'surrogatepass')):08x}"
