"""The section in a Markdown file: where it stands, what it shows and remembers, and the file with another in its place.

In goes a file's text and a section's name; nothing outside the two markers is ever changed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

from digest.errors import BrokenSection
from digest.papers import Identifier, identifier
from digest.section import memory as memories
from digest.section.markers import markers
from digest.section.memory import Memory

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from digest.section.markers import Marker

_PAPER_LINK = re.compile(r"\]\(https?://arxiv\.org/abs/(?P<id>[\w./-]+?)v\d+\)")
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class Block:
    """One keyword's part of a section: its papers' rows as text, and what tomorrow's run asks of them.

    `heading` and `query` are digests that tell the keyword again; `newest` is the date of the newest paper
    that arXiv had for it, None where it had none.
    """

    heading: str
    query: str
    newest: datetime | None
    identifiers: tuple[Identifier, ...]
    rows: str

    @property
    def had_papers(self) -> bool:
        return self.newest is not None

    @cached_property
    def line(self) -> str:
        """What the comment above it says: its papers too, where its rows do not tell them."""
        newest = self.newest.strftime(_MOMENT) if self.newest else "-"
        words = [self.heading, self.query, newest]
        if set(_linked(self.rows)) != set(self.identifiers):
            words.append(",".join(map(str, self.identifiers)) or "-")
        return " ".join(words)


@dataclass(frozen=True)
class Section:
    """What a section shows and remembers; `damaged` where its memory was lost or changed by hand."""

    date: str = ""
    memory: Memory = field(default_factory=Memory)
    blocks: tuple[Block, ...] = ()
    damaged: bool = False

    def blocks_of(self, asked: Iterable[tuple[str, str]]) -> list[Block | None]:
        """Per heading and query what was last shown there, or for this query under a heading that was renamed since.

        No block is given to two.
        """
        digests = [(digest(heading), digest(query)) for heading, query in asked]
        left = {block.heading: block for block in self.blocks}
        same_heading = [left.pop(heading, None) for heading, _ in digests]
        renamed = {block.query: block for block in reversed(left.values())}
        return [block or renamed.pop(query, None) for block, (_, query) in zip(same_heading, digests, strict=True)]


@dataclass(frozen=True)
class Place:
    """Where a section stands in a file's text: from the end of its start marker to the start of its end marker."""

    start: int
    end: int


def digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def find(text: str, name: str, file: str = "the file") -> Place | None:
    """The section's place, None where the text has no marker of it. BrokenSection where its markers do not match.

    `file` is what the complaint calls the text.
    """
    found = markers(text, name)
    if not found:
        return None
    if [marker.kind for marker in found] != ["start", "end"]:
        raise BrokenSection(f"{file}, {_complaint(found, name)}")
    return Place(found[0].end, found[1].begin)


def _complaint(found: Sequence[Marker], name: str) -> str:
    cure = "Keep one of each, the start before the end, or remove them all to have the section appended anew."
    seen: dict[str, int] = {}
    for marker in found:
        kind, line = marker.kind, marker.line
        if kind in seen:
            return f"line {line}: a second <!-- {name}:{kind} -->, the first is in line {seen[kind]}. {cure}"
        if kind == "end" and "start" not in seen:
            return f"line {line}: <!-- {name}:end --> without a <!-- {name}:start --> before it. {cure}"
        seen[kind] = line
    return f"line {seen['start']}: <!-- {name}:start --> without a <!-- {name}:end --> after it. {cure}"


def replace(text: str, place: Place | None, name: str, content: str) -> str:
    """The text with `content` as its section; appended at the end where it has no place yet."""
    if place:
        return f"{text[: place.start]}\n{content}\n{text[place.end :]}"
    gap = "" if not text else "\n" if text.endswith("\n") else "\n\n"
    return f"{text}{gap}<!-- {name}:start -->\n{content}\n<!-- {name}:end -->\n"


def write(name: str, section: Section, headings: Iterable[str]) -> str:
    """The section's text between its markers, each block under its heading line."""
    parts = [f"Last update: {section.date}\n<!-- {name}:memory {memories.write(section.memory)} -->"]
    parts += [
        f"<!-- {name}:list {block.line} -->\n{heading}\n{block.rows}"
        for heading, block in zip(headings, section.blocks, strict=True)
    ]
    return "\n\n".join(parts)


def read(text: str, place: Place | None, name: str) -> Section:
    """What stands in the section, as far as it is whole: what people changed by hand is read from its rows.

    Nothing where it has no place yet.
    """
    if place is None:
        return Section()
    content = text[place.start : place.end].replace("\r\n", "\n")
    date = re.search(r"^Last update: (.*)$", content, re.MULTILINE)
    parts = re.split(rf"^<!-- {re.escape(name)}:list (.*) -->\n", content, flags=re.MULTILINE)
    blocks = tuple(_read_block(words, rows) for words, rows in zip(parts[1::2], parts[2::2], strict=True))
    memory, damaged = _read_memory(content, name)
    return Section(date[1].strip() if date else "", memory, blocks, damaged)


def _read_block(words: str, text: str) -> Block:
    heading, query, newest, identifiers = (*words.split(), "", "", "", "")[:4]
    _, _, rows = text.rstrip("\n").partition("\n")
    return Block(heading, query, _moment(newest), tuple(_named(identifiers) or _linked(rows)), rows)


def _read_memory(content: str, name: str) -> tuple[Memory, bool]:
    found = re.findall(rf"^<!-- {re.escape(name)}:memory (.*) -->$", content, re.MULTILINE)
    memories_found = [memories.read(line) for line in found]
    whole = [memory for memory in memories_found if memory]
    if len(whole) == 1 == len(found):
        return whole[0], False
    shown = set(_linked(content))
    return _mended(whole, shown), bool(shown or found)


def _mended(whole: list[Memory], shown: set[Identifier]) -> Memory:
    """Of several memories, as a bad merge leaves them, all; where one is lost, nothing up to the newest row is news."""
    listed = shown.union(*(memory.listed for memory in whole))
    highest = max((*listed, *(memory.highest for memory in whole if memory.highest)), default=None)
    due = tuple(dict.fromkeys(due for memory in whole for due in memory.due))
    return Memory(frozenset(listed), highest, highest, due, whole[0].owner if whole else "")


def _linked(text: str) -> Iterator[Identifier]:
    for found in _PAPER_LINK.finditer(text):
        try:
            yield identifier(found["id"])
        except ValueError:
            continue


def _named(words: str) -> list[Identifier]:
    try:
        return [identifier(word) for word in words.split(",") if word not in ("", "-")]
    except ValueError:
        return []


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, _MOMENT).replace(tzinfo=UTC)
    except ValueError:
        return None
