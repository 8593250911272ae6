"""A pull request's branch beside its base: what is to stand on it next, and what of it counts. Pure.

https://docs.github.com/en/rest/pulls/pulls and https://docs.github.com/en/rest/commits/commits#compare-two-commits
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from digest.git import Entry, Head

Operation = Literal["created", "updated", "closed", "none"]
_NOTHING: Mapping[str, str] = MappingProxyType({})
_NO_ENTRIES: Mapping[str, Entry] = MappingProxyType({})


@dataclass(frozen=True)
class Comparison:
    """A branch beside its base.

    base: where the base stands
    head: where the branch stands
    merge_base: the commit at which they parted
    ahead: how many commits the branch has that the base has not
    behind: how many commits the base has that the branch has not
    blobs: the content that the branch has at each path that it changed since they parted, "" where it deleted it
    is_whole: whether these are all such paths; GitHub tells 300 at most
    patches: what became of the content at such a path, where GitHub shows all of it; a long one it leaves out
    """

    base: Head
    head: Head
    merge_base: str
    ahead: int
    behind: int
    blobs: Mapping[str, str]
    is_whole: bool = True
    patches: Mapping[str, str] = field(default_factory=lambda: _NOTHING)


@dataclass(frozen=True)
class Pull:
    """A pull request from the branch to its base.

    number: as people say it
    url: its address for people
    is_open: whether it can still be merged
    is_merged: whether it was
    head: the branch's commit, the last one that it had while it was open
    repository_id: what GraphQL knows the repository by
    """

    number: int
    url: str
    is_open: bool
    is_merged: bool
    head: str
    repository_id: str = ""


@dataclass(frozen=True)
class Proposal:
    """What a pull request's branch holds, and what the next commit does to it.

    head: the branch's commit, "" where there is no such branch
    base: what the base holds at the paths that were read
    files: what the branch holds there; where that is nothing of its own, what the closed pull request had
    pull: the pull request that is open, None where none is
    on_top: whether the next commit comes on top of the branch; otherwise it takes the place of all that is on it
    is_shown: whether what it lists is the section as it stands; otherwise only what it remembers counts
    awaits_news: whether people closed what it proposed, of which the base has no copy, so that nothing is written until
        there is news
    is_waiting: whether it was never proposed, as where a run died before it could
    is_empty: whether it holds nothing that the base has not
    carried: the blobs, by path, of what it changed; they stay where the next commit takes its place
    is_behind: whether the base has moved on since they parted
    repository_id: what GraphQL knows the repository by, "" where that is not known
    """

    head: str
    base: Mapping[str, bytes | None]
    files: Mapping[str, bytes | None]
    pull: Pull | None = None
    on_top: bool = False
    is_shown: bool = False
    awaits_news: bool = False
    is_waiting: bool = False
    is_empty: bool = False
    carried: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    is_behind: bool = False
    repository_id: str = ""


@dataclass(frozen=True)
class Proposed:
    """What became of the pull request.

    pull: which one, None where there is none
    operation: what the run did to it
    """

    pull: Pull | None = None
    operation: Operation = "none"


NOTHING_PROPOSED = Proposed()


def is_past(comparison: Comparison, pulls: Sequence[Pull]) -> bool:
    """Whether all that the branch holds was merged, by whatever method, so that the base has it."""
    return not comparison.ahead or any(pull.is_merged and pull.head == comparison.head.commit for pull in pulls)


def closed(pulls: Sequence[Pull]) -> Pull | None:
    """The newest of them, where people closed it."""
    return pulls[0] if pulls and not pulls[0].is_open and not pulls[0].is_merged else None


def proposal(
    comparison: Comparison | None,
    pulls: Sequence[Pull],
    base: Mapping[str, bytes | None],
    files: Mapping[str, bytes | None],
    *,
    is_ours: bool,
    entries: Mapping[str, Entry] = _NO_ENTRIES,
) -> Proposal:
    """The proposal of a branch that has these files, beside a base that has those.

    `pulls` are its pull requests, newest first; `is_ours` says that nobody else's work is on it; `entries` tell what
    the base has at paths that were not read. Where there is no such branch, or all that it holds was merged, `files`
    are what the closed one had.
    """
    pull = next((one for one in pulls if one.is_open), None)
    head = comparison.head.commit if comparison else ""
    repository_id = pulls[0].repository_id if pulls else ""
    if comparison is None or is_past(comparison, pulls):
        awaits_news = any(files[path] != base.get(path) for path in files)
        return Proposal(head, base, files, pull, awaits_news=awaits_news, is_empty=True, repository_id=repository_id)

    def has_too(path: str) -> bool:
        """Whether the base has what the branch changed there."""
        if path in files:
            return base.get(path) == files[path]
        return path in entries and entries[path].sha == comparison.blobs[path]

    was_seen = any(one.head == head for one in pulls)
    is_shown = pull is not None or not was_seen
    is_empty = is_ours and all(map(has_too, comparison.blobs))
    return Proposal(
        head,
        base,
        files,
        pull,
        on_top=not is_ours,
        is_shown=is_shown,
        awaits_news=not is_shown and not is_empty,
        is_waiting=pull is None and not was_seen,
        is_empty=is_empty,
        carried=comparison.blobs if is_ours and is_shown else _NOTHING,
        is_behind=comparison.behind > 0,
        repository_id=repository_id,
    )
