"""A snapshot -> the page as it stands, with all that its section remembers. Pure.

Where a pull request's branch is written, what is listed and remembered there counts too.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from functools import cache, reduce
from typing import TYPE_CHECKING

from digest.errors import BrokenSection, NotUtf8
from digest.section.document import parse
from digest.section.memory import united
from digest.section.section import fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from digest.config import Config
    from digest.papers import Bounds
    from digest.proposal import Proposal
    from digest.section.document import Document
    from digest.section.memory import Memory
    from digest.snapshot import Snapshot


def current_page(snapshot: Snapshot, config: Config, bounds: Bounds) -> Document:
    """The page. BrokenSection where its markers do not enclose one section."""

    @cache
    def read(content: bytes | None) -> Document:
        return parse(content, config.readme, config.section, bounds)

    proposal = snapshot.proposal
    if proposal is None:
        return read(snapshot.files[config.readme])
    with _on(snapshot.branch):
        page = read(snapshot.files[config.readme])
    with _on(config.places.target):
        standing = read(proposal.files[config.readme]) if proposal.is_shown and not proposal.on_top else page
    memories = (standing.section.memory, *_memories(proposal, config.readme, read))
    memory = reduce(united, (_here(one, owner(config)) for one in memories))
    return replace(page, section=replace(standing.section, memory=memory), standing=standing)


@contextmanager
def _on(branch: str) -> Iterator[None]:
    """Says of which of two branches a fault is."""
    try:
        yield
    except (BrokenSection, NotUtf8) as fault:
        raise type(fault)(f"On the branch {branch}: {fault}") from fault


def owner(config: Config) -> str:
    """Tells the repository again."""
    return fingerprint(config.runner.repository_id or config.runner.repository)[:8]


def _here(memory: Memory, owner: str) -> Memory:
    """The memory without what another repository promised, from which people copied it: nothing of that is owed."""
    return memory if memory.owner == owner else replace(memory, promises=(), owner=owner)


def _memories(proposal: Proposal, path: str, read: Callable[[bytes | None], Document]) -> Iterator[Memory]:
    """What either branch remembers, as far as it is whole."""
    for files in (proposal.base, proposal.files):
        try:
            yield read(files.get(path)).section.memory
        except (BrokenSection, NotUtf8):
            continue
