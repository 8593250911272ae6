"""What a change asks of the repository: where it goes, and where it is announced. Types only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from digest.announcement import Announcement
    from digest.issue import Issue, Opened
    from digest.proposal import Proposed
    from digest.snapshot import Snapshot


class Landing(Protocol):
    """Where a change goes: `digest.repository.branch`, or `digest.pull_request`."""

    def read(self, paths: Iterable[str], *, under: tuple[str, ...] = (), thorough: bool = False) -> Snapshot: ...
    def more(self, snapshot: Snapshot, paths: Iterable[str]) -> Snapshot: ...
    def commit(self, snapshot: Snapshot, files: Mapping[str, bytes], message: str, apps: Sequence[str]) -> str: ...
    def propose(
        self, snapshot: Snapshot, title: Callable[[], str], *, is_changed: bool, is_committed: bool
    ) -> Proposed: ...
    def give_way(self, number: int) -> None: ...


class Handling(Protocol):
    """What `digest.follow_up` needs of `digest.repository.issues.Issues`."""

    def assign(self, issue: Issue, logins: Sequence[str]) -> frozenset[str]: ...
    def close(self, issue: Issue) -> None: ...


class Issues(Handling, Protocol):
    """What publishing needs of `digest.repository.issues.Issues`."""

    def since(self, moment: int, *, comments: bool = ...) -> Iterable[Iterable[Issue]]: ...
    def open(
        self, announcement: Announcement, labels: tuple[str, ...], opened: Callable[[], Issue | None]
    ) -> Opened: ...
    def let_finish(self, seconds: float) -> None: ...
    def own_login(self) -> str: ...
