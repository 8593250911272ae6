"""The issue that announces new papers: its body under GitHub's limit, and how a later run tells it again.

In goes a draft of the page, out comes text. The issue names its papers in an invisible key, so that no run opens
a second one for them.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zlib import compress, decompressobj
from zlib import error as DeflateError  # noqa: N812 - zlib names its exception in lower case

from digest.page.cells import line_shown, rows
from digest.section import section
from digest.section.memory import pack, unpack
from digest.text import markdown, plain_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from digest.draft import Draft
    from digest.page.cells import Line, Row
    from digest.papers import Identifier, Paper
    from digest.section.memory import Due

# https://docs.github.com/en/rest/issues/issues#create-an-issue refuses longer ones with 422.
LONGEST_BODY = 65_536
_KEY = re.compile(r"<!-- ([\w-]+):announced ([\w+/=]+) -->")
# Bytes of the identifiers in a key, where 40,000 of them take at most three each.
_LONGEST_KEY = 1 << 18
# The runner's clock and GitHub's may differ by so many seconds.
_CLOCK_SKEW = 300


@dataclass(frozen=True)
class Issue:
    """What GitHub's list of issues says of one; `created` in seconds since 1970.

    Anybody may open an issue in a public repository; it is believed to announce what its key names only where it was
    opened by a `writer`: an app, or somebody who may write to the repository.
    """

    title: str
    body: str
    created: int
    url: str
    writer: bool = True


def issue_title(text: str) -> str:
    """A title as the user's template made it, safe and of at most 256 characters."""
    return plain_text.issue_title(text) or "Daily papers"


def title_digest(title: str) -> str:
    return section.digest(title)[:8]


def body(page: Draft, new: Sequence[Sequence[Paper]], papers: Iterable[Identifier]) -> str:
    """A link to the section, then per keyword its new papers' rows, then the key; cut between rows where it is full."""
    config = page.day.config
    key = f"<!-- {config.section}:announced {b64encode(compress(pack(papers), 9)).decode()} -->"
    parts = [f"New in [{markdown.link_text(config.readme)}]({page.day.link}):"]
    room = LONGEST_BODY - plain_text.units(parts[0]) - plain_text.units(key) - 200
    groups = list(_groups(page, new, set(papers)))
    for number, (heading, own) in enumerate(groups):
        text = _group(page, heading, own, room)
        if text is None:
            parts.append(f"and {sum(len(later) for _, later in groups[number:])} more in the README")
            break
        parts.append(text)
        room -= plain_text.units(text) + 2
    return "\n\n".join((*parts, key))


def _groups(
    page: Draft, new: Sequence[Sequence[Paper]], papers: set[Identifier]
) -> Iterator[tuple[str, list[Row | Line]]]:
    """Per heading its rows: the new papers, then those that were promised earlier and have left the lists since."""
    config, columns = page.day.config, _columns(page)
    owed = papers.difference(paper.id for own in new for paper in own)
    blocks = {block.heading: block for block in page.before.blocks}
    for keyword, own in zip(config.keywords, new, strict=True):
        block = blocks.get(section.digest(keyword.heading))
        left = [paper for paper in block.identifiers if paper in owed] if block else []
        owed.difference_update(left)
        if own or left:
            earlier = [line_shown(paper, columns, block.rows if block else "") for paper in left]
            yield keyword.heading, [*rows(own, columns, config.sort_by), *earlier]
    if owed:
        shown = "\n".join(block.rows for block in page.before.blocks)
        yield "Earlier", [line_shown(paper, columns, shown) for paper in sorted(owed, reverse=True)]


def _columns(page: Draft) -> tuple[str, ...]:
    return tuple(column for column in page.day.config.columns if column != "abstract") or ("title",)


def _group(page: Draft, heading: str, own: list[Row | Line], room: int) -> str | None:
    """One keyword's part in at most `room` characters, None where not even its heading fits."""
    config = page.day.config
    head, lines = (
        page.day.page.announced(own[: config.notify_limit], _columns(page)) if config.notify_limit else ([], [])
    )
    while True:
        more = len(own) - len(lines)
        table = "\n".join((*head, *lines)) if lines else ""
        parts = (f"## {markdown.heading(heading)}", table, f"and {more} more in the README" if more else "")
        text = "\n\n".join(filter(None, parts))
        if plain_text.units(text) <= room:
            return text
        if not lines:
            return None
        # Part of the surplus at a time, so that thousands of rows are cut in a few steps.
        del lines[-max(1, len(lines) * (plain_text.units(text) - room) // (2 * plain_text.units(text))) :]


def announced(due: Iterable[Due], issues: Iterable[Issue], name: str) -> frozenset[Identifier]:
    """The papers that one of the issues announces, promised or not.

    Its key says so; where somebody edited the key of a promised one away, its title and the time of its making do.
    """
    told: set[Identifier] = set()
    for issue in issues:
        told |= _told(due, issue, name)
    return frozenset(told)


def _told(due: Iterable[Due], issue: Issue, name: str) -> frozenset[Identifier]:
    if not issue.writer:
        return frozenset()
    # More than one where somebody put the texts of several issues together.
    keys = _KEY.findall(issue.body)
    ours = [key for owner, key in keys if owner == name]
    if keys and not ours:
        return frozenset()
    named: frozenset[Identifier] = frozenset().union(*map(_named, ours))
    if named:
        return named
    same = (
        promise.identifiers
        for promise in due
        if title_digest(issue.title) == promise.title and issue.created >= promise.since - _CLOCK_SKEW
    )
    return frozenset().union(*same)


def find(due: Due, issues: Iterable[Issue], name: str) -> str | None:
    """The address of the issue that announces one of the due papers, None where there is none."""
    return next((issue.url for issue in issues if due.identifiers & _told([due], issue, name)), None)


def earliest(due: Iterable[Due], now: int) -> int:
    """Since when, in seconds, issues have to be looked through to find what is due."""
    return min((promise.since for promise in due), default=now) - _CLOCK_SKEW


def _named(key: str) -> frozenset[Identifier]:
    """The papers that a key names; none where it is not whole."""
    try:
        inflated = decompressobj().decompress(b64decode(key), _LONGEST_KEY)
        return unpack(inflated) if inflated else frozenset()
    except (ValueError, LookupError, DeflateError):
        return frozenset()
