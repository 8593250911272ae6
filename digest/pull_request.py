"""A change's way into a pull request: `pull-request: true` writes to a branch of its own, beside the one that is read.

That branch holds one commit on the newest base as long as all on it is ours, and is built upon otherwise. How that
keeps each announcement to one: docs/exactly-once.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from digest.errors import HeadMoved, NoFile
from digest.git import undone
from digest.proposal import Proposal, Proposed, closed, is_past, proposal
from digest.section.document import outside
from digest.text import markdown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from digest.config import Config
    from digest.git import Head
    from digest.proposal import Comparison, Pull
    from digest.snapshot import Snapshot


class Branch(Protocol):
    """What this needs of `digest.repository.branch`."""

    @property
    def name(self) -> str: ...
    def head(self) -> Head: ...
    def read_at(
        self, head: Head, paths: Iterable[str], *, under: tuple[str, ...] = (), thorough: bool = False
    ) -> Snapshot: ...
    def more(self, snapshot: Snapshot, paths: Iterable[str]) -> Snapshot: ...
    def file(self, path: str, commit: str) -> bytes | None: ...
    def commit(self, base: Snapshot, files: Mapping[str, bytes], message: str, apps: Sequence[str]) -> str: ...
    def commit_on(
        self,
        base: Snapshot,
        files: Mapping[str, bytes],
        message: str,
        apps: Sequence[str],
        carried: Mapping[str, str],
    ) -> str: ...
    def give_way(self, number: int) -> None: ...


class Ref(Protocol):
    """What this needs of `digest.repository.ref`."""

    def create(self, commit: str) -> None: ...
    def replace(self, before: str, commit: str, repository_id: str) -> None: ...
    def delete(self, before: str, repository_id: str) -> None: ...


class Pulls(Protocol):
    """What this needs of `digest.repository.pulls`."""

    def newest(self) -> list[Pull]: ...
    def open(self, title: str, body: str) -> tuple[Pull, bool]: ...
    def repository_id(self) -> str: ...


@dataclass(frozen=True)
class PullRequest:
    """The landing of a change in a pull request.

    config: the inputs
    base: the branch that is read, and never written
    target: the pull request's branch
    compare: the one beside the other; None where there is no pull request's branch
    pulls: the pull requests from the one to the other
    ref: of the pull request's branch
    is_written: whether a run with these inputs may write a path
    """

    config: Config
    base: Branch
    target: Branch
    compare: Callable[[], Comparison | None]
    pulls: Pulls
    ref: Ref
    is_written: Callable[[str], bool]

    def read(self, paths: Iterable[str], *, under: tuple[str, ...] = (), thorough: bool = False) -> Snapshot:
        """The commit on which the next one is made, and what the pull request's branch holds."""
        paths = list(paths)
        comparison = self.compare()
        pulls = self.pulls.newest()
        head = comparison.base if comparison else self.base.head()
        base = self.base.read_at(head, paths, under=under, thorough=thorough)
        if comparison is None or is_past(comparison, pulls):
            return replace(base, proposal=proposal(comparison, pulls, base.files, self._closed(pulls), is_ours=True))
        changed = [path for path in paths if path in comparison.blobs or not comparison.is_whole]
        files = {**base.files, **{path: self.target.file(path, comparison.head.commit) for path in changed}}
        is_ours = self._is_ours(comparison, base.files, files)
        proposed = proposal(comparison, pulls, base.files, files, is_ours=is_ours, entries=base.entries or {})
        if is_ours:
            return replace(base, proposal=proposed)
        # Where people deleted the page, it is to be known what they put in its place.
        gone = [path for path in paths if files[path] is None]
        return replace(self.target.read_at(comparison.head, gone, under=under), files=files, proposal=proposed)

    def more(self, snapshot: Snapshot, paths: Iterable[str]) -> Snapshot:
        """The snapshot with further files, of the base and, where they are shown, of the branch."""
        proposed = _proposal(snapshot)
        if proposed.on_top:
            read = self.target.more(snapshot, paths)
            return replace(read, proposal=replace(proposed, files=read.files))
        read = self.base.more(snapshot, paths)
        changed = {
            path: self.target.file(path, proposed.head)
            for path in paths
            if path in proposed.carried and path not in proposed.files
        }
        return replace(read, proposal=replace(proposed, files={**read.files, **proposed.files, **changed}))

    def _closed(self, pulls: Sequence[Pull]) -> dict[str, bytes | None]:
        """The page that people closed and whose branch is gone: what it remembers counts; GitHub keeps its commits."""
        pull, page = closed(pulls), self.config.readme
        if pull is None:
            return {}
        try:
            return {page: self.target.file(page, pull.head)}
        except NoFile:
            return {page: None}

    def _is_ours(
        self, comparison: Comparison, base: Mapping[str, bytes | None], files: Mapping[str, bytes | None]
    ) -> bool:
        """Whether the branch has one commit, in which nothing changed but the section and the files of ours.

        One that leaves the page as it is may be people's, who wrote into an archive.
        """
        page, changed = self.config.readme, comparison.blobs
        is_one = comparison.ahead <= 1 and comparison.is_whole and page in changed
        if not is_one or not all(map(self.is_written, changed)):
            return False
        around = outside(files[page], self.config.section)
        if around == outside(base[page], self.config.section):
            return True
        # Either people wrote on the branch, or the base moved on.
        return comparison.behind > 0 and around == outside(self._parted(comparison, files), self.config.section)

    def _parted(self, comparison: Comparison, files: Mapping[str, bytes | None]) -> bytes | None:
        """The page as it was where the branches parted."""
        page = self.config.readme
        content, patch = files[page], comparison.patches.get(page)
        if content is not None and patch is not None and (parted := undone(patch, content)) is not None:
            return parted
        return self.target.file(page, comparison.merge_base)

    def commit(self, snapshot: Snapshot, files: Mapping[str, bytes], message: str, apps: Sequence[str]) -> str:
        """The commit's sha, "" where the base has all of it by now. HeadMoved where the branch moved meanwhile.

        AnotherApp where the token is of none of these apps, and nothing is moved.
        """
        proposed = _proposal(snapshot)
        if proposed.on_top:
            return self.target.commit(snapshot, files, message, apps)
        commit = self.base.commit_on(snapshot, files, message, apps, proposed.carried)
        if not commit:
            return ""
        if not proposed.head:
            self.ref.create(commit)
        else:
            self.ref.replace(proposed.head, commit, self._repository_id(proposed))
        return commit

    def _repository_id(self, proposed: Proposal) -> str:
        return proposed.repository_id or self.pulls.repository_id()

    def give_way(self, number: int) -> None:
        self.base.give_way(number)

    def propose(
        self, snapshot: Snapshot, title: Callable[[], str], *, is_changed: bool, is_committed: bool
    ) -> Proposed:
        """The pull request as it has to be now: opened, kept, or closed where nothing is left to change.

        `title` is made where one is opened only, since it may take a process; `is_changed` says that there was
        something to commit: where nothing `is_committed` even so, the base has it by now.
        """
        proposed = _proposal(snapshot)
        if not is_committed and proposed.pull and not proposed.on_top and (is_changed or proposed.is_empty):
            return self._withdrawn(proposed, proposed.pull)
        if proposed.pull:
            return Proposed(proposed.pull, "updated" if is_committed else "none")
        if not is_committed and not proposed.is_waiting:
            return Proposed()
        pull, is_new = self.pulls.open(title(), self._body())
        return Proposed(pull, "created" if is_new else "updated")

    def _withdrawn(self, proposed: Proposal, pull: Pull) -> Proposed:
        """GitHub closes a pull request whose branch is deleted; it stays where people committed meanwhile."""
        try:
            self.ref.delete(proposed.head, self._repository_id(proposed))
        except HeadMoved:
            return Proposed(pull)
        return Proposed(pull, "closed")

    def _body(self) -> str:
        """A short text, without rows: whoever watches pull requests is told of papers by the announcement."""
        page, base = markdown.inline(self.config.readme), markdown.inline(self.config.places.base)
        return (
            f"The daily papers of {page}, for {base}. New papers are announced when they are committed here; each run "
            "keeps this pull request up to date, and builds upon what others commit to its branch."
        )


def _proposal(snapshot: Snapshot) -> Proposal:
    if snapshot.proposal is None:
        raise AssertionError("unreachable: `read` makes one")
    return snapshot.proposal
