"""The section as text, and back: the date, what it remembers, and a block of rows a keyword.

In goes what stands between the markers, with line feeds only; what people changed is read as far as it is whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING

from digest.papers import Identifier, identifier
from digest.section import memory as memories
from digest.section.memory import Memory

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from digest.papers import Bounds

# The link of a row of ours is bold; an edit may have cut one side of it. Strangers' asterisks and brackets stand behind
# a backslash.
_OWN_LINK = re.compile(
    r"(?P<title>\*\*\[(?:[^\[\]\\]|\\.)*)?\]\(https://arxiv\.org/abs/(?P<id>[\w./-]{9,40}?)v\d+\)(?P<bold>\*\*)?"
)
# In rows of a template of the repository's own: the first link of a line.
_FIRST_LINK = re.compile(
    r"^(?:(?!\]\(https?://arxiv\.org/).)*\]\(https?://arxiv\.org/abs/(?P<id>[\w./-]{9,40}?)v\d+\)", re.MULTILINE
)
# A line of the list of keywords above the first heading.
_CONTENTS = re.compile(r"- \[.*\]\(#[^()\s]*\) \([0-9]+\)")
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"
_NOTHING = "-"


@dataclass(frozen=True)
class Block:
    """One keyword's part of a section: its heading and its papers' rows, and what tomorrow's run asks of them.

    heading_fingerprint: of the keyword's heading
    search_id: fingerprint of what was asked for the rows
    newest: date of the newest paper that arXiv had for it, None where it had none
    whole: the day on which the list was last whole, None where that is not known
    identifiers: the papers listed
    heading: the heading's line
    rows: the text below it, "" where there is none
    linked: whether the rows tell their papers by links of ours, so that the comment need not
    harvested: the last day of which the harvest has put papers among the rows since, None where it has not
    """

    heading_fingerprint: str
    search_id: str
    newest: datetime | None
    whole: date | None
    identifiers: tuple[Identifier, ...]
    heading: str
    rows: str
    linked: bool = True
    harvested: date | None = None

    @cached_property
    def links(self) -> dict[Identifier, str]:
        """The Markdown of each row's own link, by paper, in the order of the rows."""
        return {paper: found[0] for paper, found in _own(self.rows) if found["title"]}

    @cached_property
    def comment(self) -> str:
        """The fields of the comment above it."""
        fields = {
            "heading": self.heading_fingerprint,
            "search": self.search_id,
            "newest": self.newest.strftime(_MOMENT) if self.newest else _NOTHING,
            "whole": self.whole.isoformat() if self.whole else _NOTHING,
        }
        if self.harvested:
            fields["harvested"] = self.harvested.isoformat()
        if not self.linked:
            fields["papers"] = ",".join(map(str, self.identifiers)) or _NOTHING
        return " ".join(f"{name}={value}" for name, value in fields.items())


@dataclass(frozen=True)
class Section:
    """What a section shows and remembers.

    date: of the last update, as it is shown
    memory: what it remembers
    blocks: one a keyword, in the page's order
    damaged: whether its memory was lost or changed by hand
    ahead: how many identifiers and dates were dropped since they lie in the future
    contents: the list of keywords above the first heading, "" where there is none
    """

    date: str = ""
    memory: Memory = field(default_factory=Memory)
    blocks: tuple[Block, ...] = ()
    damaged: bool = False
    ahead: int = 0
    contents: str = ""

    def blocks_of(self, wanted: Sequence[tuple[str, str]]) -> list[Block | None]:
        """Per heading and search id what was last shown there, or for this search under a heading that was renamed.

        No block is given to two.
        """
        headings = [fingerprint(heading) for heading, _ in wanted]
        left = {block.heading_fingerprint: block for block in self.blocks}
        same_heading = [left.pop(heading, None) for heading in headings]
        renamed = {block.search_id: block for block in reversed(left.values())}
        return [block or renamed.pop(search, None) for block, (_, search) in zip(same_heading, wanted, strict=True)]


def fingerprint(text: str) -> str:
    """Twelve characters that tell a text again."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def write(name: str, section: Section) -> str:
    """The section's text between its markers; Jekyll and formatters want an empty line around headings and tables."""
    parts = [f"Last update: {section.date}\n<!-- {name}:memory {memories.write(section.memory)} -->", section.contents]
    for block in section.blocks:
        parts += [f"<!-- {name}:list {block.comment} -->", block.heading, block.rows]
    return "\n\n".join(filter(None, parts))


def read(text: str, name: str, bounds: Bounds) -> Section:
    """What stands in the section; what lies beyond the bounds is dropped and counted."""
    dated = re.search(r"^Last update: (.*)$", text, re.MULTILINE)
    comment = re.compile(rf"^<!-- {re.escape(name)}:list (.*) -->$", re.MULTILINE)
    head, *parts = comment.split(text)
    blocks = [_read_block(fields, rows) for fields, rows in zip(parts[::2], parts[1::2], strict=True)]
    memory, damaged = _read_memory(text, name, blocks)
    believed = [_within(block, bounds) for block in blocks]
    remembered = _remembered_within(memory, believed, bounds)
    changed = sum(one != other for one, other in zip(blocks, believed, strict=True))
    ahead = len(memory.listed - remembered.listed) + changed
    return Section(
        date=dated[1].strip() if dated else "",
        memory=remembered,
        blocks=tuple(believed),
        damaged=damaged,
        ahead=ahead,
        contents="\n".join(filter(_CONTENTS.fullmatch, head.split("\n"))),
    )


def _read_block(comment: str, text: str) -> Block:
    fields = dict(part.split("=", 1) for part in comment.split() if "=" in part)
    heading, _, rows = text.strip("\n").partition("\n")
    rows = rows.strip("\n")
    return Block(
        heading_fingerprint=fields.get("heading", ""),
        search_id=fields.get("search", ""),
        newest=_moment(fields.get("newest", "")),
        whole=_day(fields.get("whole", "")),
        identifiers=tuple(_named(fields["papers"]) if "papers" in fields else _linked(rows)),
        heading=heading,
        rows=rows,
        linked="papers" not in fields,
        harvested=_day(fields.get("harvested", "")),
    )


def _read_memory(text: str, name: str, blocks: Sequence[Block]) -> tuple[Memory, bool]:
    """The memory, and whether it is damaged: lost, changed, or several as a bad merge leaves them."""
    found = re.findall(rf"^<!-- {re.escape(name)}:memory (.*) -->$", text, re.MULTILINE)
    whole = [memory for memory in map(memories.read, found) if memory]
    if len(whole) == 1 == len(found):
        return whole[0], False
    listed = {paper for block in blocks for paper in block.identifiers}
    shown = listed or set(_linked(text) if found or blocks else _linked_by_anybody(text))
    return _mended(whole, shown), bool(shown or found)


def _mended(whole: Sequence[Memory], shown: set[Identifier]) -> Memory:
    """All of several memories together; nothing up to the newest paper shown is news."""
    listed = shown.union(*(memory.listed for memory in whole))
    highest = max((*listed, *(memory.highest for memory in whole if memory.highest)), default=None)
    promises = tuple(dict.fromkeys(promise for memory in whole for promise in memory.promises))
    mended = Memory(frozenset(listed), highest, highest, promises, whole[0].owner if whole else "")
    return replace(mended, apps=memories.last_apps(memory.apps for memory in whole)) if whole else mended


def _within(block: Block, bounds: Bounds) -> Block:
    """The block without what cannot be yet."""
    return replace(
        block,
        newest=block.newest if block.newest and bounds.allows_date(block.newest) else None,
        identifiers=tuple(filter(bounds.allows, block.identifiers)),
    )


def _remembered_within(memory: Memory, blocks: Iterable[Block], bounds: Bounds) -> Memory:
    """The memory without what cannot be yet. That drew the horizon too far on, so that what was listed before was
    forgotten: nothing shown is news.
    """
    if all(map(bounds.allows, (*memory.listed, *filter(None, (memory.highest, memory.floor))))):
        return memory
    promises = (
        replace(promise, identifiers=frozenset(filter(bounds.allows, promise.identifiers)))
        for promise in memory.promises
    )
    sound = replace(
        memory,
        listed=frozenset(filter(bounds.allows, memory.listed)),
        highest=None,
        promises=tuple(promise for promise in promises if promise.identifiers),
    )
    return _mended([sound], {paper for block in blocks for paper in block.identifiers})


def _linked(text: str) -> list[Identifier]:
    """The papers that rows link to, by the link that is a row's own."""
    own = [paper for paper, _ in _own(text)]
    return own or [paper for paper, _ in _found(_FIRST_LINK.finditer(text))]


def _linked_by_anybody(text: str) -> list[Identifier]:
    """The papers of a list of which nothing is known to be ours: another script may have written it."""
    # Once in a section's life.
    from digest.section.foreign_rows import linked  # noqa: PLC0415

    return max(_linked(text), linked(text), key=len)


def _own(text: str) -> Iterator[tuple[Identifier, re.Match[str]]]:
    return _found(link for link in _OWN_LINK.finditer(text) if link["title"] or link["bold"])


def _found(links: Iterable[re.Match[str]]) -> Iterator[tuple[Identifier, re.Match[str]]]:
    for link in links:
        try:
            yield identifier(link["id"]), link
        except ValueError:
            continue


def _named(names: str) -> list[Identifier]:
    try:
        return [identifier(name) for name in names.split(",") if name not in ("", _NOTHING)]
    except ValueError:
        return []


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, _MOMENT).replace(tzinfo=UTC)
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
