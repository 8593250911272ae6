"""One branch: a snapshot of it is read, and files are committed on top of what was read, or not at all.

Nothing is checked out: https://docs.github.com/en/rest/git. A commit names no author, so that GitHub signs it for the
token's bot and shows it as Verified.
"""

from __future__ import annotations

import random
from base64 import b64decode, b64encode
from dataclasses import replace
from itertools import count
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

from digest.errors import AnotherApp, GithubFailed, HeadMoved, NoFile
from digest.git import FILE, Head, name_of_content
from digest.issue import is_app
from digest.obstacles import unwritable
from digest.proposal import NOTHING_PROPOSED
from digest.repository.door import required, sha
from digest.repository.error_messages import explained
from digest.repository.faults import CONFLICTS, Refused, RequestFault, lacking
from digest.repository.retry import SETTLES
from digest.repository.tree import entries_of
from digest.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from digest.git import Entry
    from digest.proposal import Proposed
    from digest.repository.error_messages import Target
    from digest.repository.retry import RetryingClient

T = TypeVar("T")
_LONGEST_PAUSE = 4.0
_NOT_FOUND = 404
_NOTHING: Mapping[str, str] = MappingProxyType({})


class Branch:
    """One branch of a repository; what was read of it is held by the Snapshot that was taken."""

    def __init__(self, client: RetryingClient, target: Target) -> None:
        self._client, self._target, self.name = client, target, target.branch
        self._api = f"/repos/{target.repository}"

    def read(self, paths: Iterable[str], *, under: tuple[str, ...] = (), thorough: bool = False) -> Snapshot:
        """The branch at its newest commit. GithubFailed where there is no branch, or where a path is no file.

        `under`: folders and files of which it is to be known what is there; one request more. `thorough`: for a run
        that shall tell beforehand what would refuse it; two requests more.
        """
        return self.read_at(self.head(), paths, under=under, thorough=thorough)

    def read_at(
        self, head: Head, paths: Iterable[str], *, under: tuple[str, ...] = (), thorough: bool = False
    ) -> Snapshot:
        """The branch at that commit of it."""
        files = {path: self.file(path, head.commit) for path in paths}
        entries: Mapping[str, Entry] | None = None
        rules: tuple[str, ...] = ()
        if thorough or under or None in files.values():
            with explained("read the branch", self._target, "contents: read"):
                entries = entries_of(self._client, self._api, head.tree, files, recursive=True, under=under)
                rules = self._rules() if thorough else ()
        return Snapshot(self.name, head.commit, head.tree, files, entries, head.protected, rules, under)

    def more(self, snapshot: Snapshot, paths: Iterable[str]) -> Snapshot:
        """The snapshot with further files of its commit. GithubFailed where a path is no file.

        Nothing is asked for those that it has, nor for those of which its entries tell that they are not there.
        """
        files, entries = dict(snapshot.files), snapshot.entries
        for path in paths:
            if path in files:
                continue
            if entries is not None and (why := unwritable(entries, path)):
                raise GithubFailed(why)
            files[path] = self.file(path, snapshot.commit) if entries is None or path in entries else None
        return replace(snapshot, files=files)

    def head(self) -> Head:
        with explained("read the branch", self._target, "contents: read"):
            return self._client.get(head_of, f"{self._api}/branches/{quote(self.name)}")

    def file(self, path: str, commit: str) -> bytes | None:
        """The file's bytes, of any size; None where there is none. NoFile where there is something else."""
        with explained(f"read {path}", self._target, "contents: read"):
            try:
                content = self._client.get(_content, f"{self._api}/contents/{quote(path)}", ref=commit)
                if content is None:
                    raise NoFile(f"{path} in {self.name} is a folder or a link to somewhere else, not a file.")
                if isinstance(content, bytes):
                    return content
                # Over 1 MB: https://docs.github.com/en/rest/repos/contents#get-repository-content
                return self._client.get(_decoded, f"{self._api}/git/blobs/{content}")
            except Refused as refused:
                if refused.status != _NOT_FOUND:
                    raise
        return None

    def _rules(self) -> tuple[str, ...]:
        """The kinds of the active rules: https://docs.github.com/en/rest/repos/rules#get-rules-for-a-branch"""
        try:
            return self._client.get(_kinds, f"{self._api}/rules/branches/{quote(self.name)}")
        except Refused:
            # Not every GitHub Enterprise Server has them.
            return ()

    def commit(self, base: Snapshot, files: Mapping[str, bytes], message: str, apps: Sequence[str]) -> str:
        """Commits the files on top of the base and moves the branch there; the commit's sha, "" where nothing changes.

        HeadMoved where the branch has moved since it was read, or where GitHub showed a file otherwise than it has it;
        AnotherApp where the token is of none of these apps. Nothing of ours is on the branch then.
        """
        commit = self.commit_on(base, files, message, apps)
        if commit:
            with self._writing():
                self._move(base.commit, commit)
        return commit

    def commit_on(
        self,
        base: Snapshot,
        files: Mapping[str, bytes],
        message: str,
        apps: Sequence[str],
        carried: Mapping[str, str] = _NOTHING,
    ) -> str:
        """A commit of the files on top of the base, to which no branch leads yet; its sha.

        `carried` are further files, by the shas of their blobs, "" where one is taken away. The sha is "" where it
        would hold nothing that the base has not. AnotherApp where the token is of none of these apps.
        """
        entries = base.entries
        with self._writing():
            if entries is None or carried or not files.keys() <= base.files.keys():
                entries = entries_of(self._client, self._api, base.tree, [*files, *carried])
            elements: list[dict[str, Any]] = [self._element(base, path, files[path], entries) for path in files]
            # GitHub refuses to take away what is not there.
            left = ((path, blob) for path, blob in carried.items() if path not in files and (blob or path in entries))
            elements += [self._carried(path, blob, entries) for path, blob in left]
            tree = self._make("trees", {"base_tree": base.tree, "tree": elements}, _sha)
            if tree == base.tree:
                return ""
            fields = {"message": message, "tree": tree, "parents": [base.commit]}
            commit, author = self._make("commits", fields, _sha_and_author)
        if is_app(author) and author not in apps:
            raise AnotherApp(author)
        return commit

    def _writing(self) -> AbstractContextManager[None]:
        return explained("write to the repository", self._target, "contents: write", "Nothing was written.")

    def _make(self, kind: str, body: object, read: Callable[[Any], T]) -> T:
        """What is read of the answer where a git object is made."""
        return self._client.make(read, f"{self._api}/git/{kind}", body)

    def _element(self, base: Snapshot, path: str, content: bytes, entries: Mapping[str, Entry]) -> dict[str, str]:
        """One file of a new tree: https://docs.github.com/en/rest/git/trees#create-a-tree"""
        if why := unwritable(entries, path):
            raise GithubFailed(why)
        there, read = entries.get(path), base.files.get(path)
        if (None if read is None else name_of_content(read)) != (there.sha if there else None):
            raise HeadMoved(f"GitHub showed {path} otherwise than {self.name} has it.")
        element = {"path": path, "mode": there.mode if there else FILE, "type": "blob"}
        try:
            return element | {"content": content.decode()}
        except UnicodeDecodeError:
            encoded = {"content": b64encode(content).decode(), "encoding": "base64"}
            return element | {"sha": self._make("blobs", encoded, _sha)}

    def _carried(self, path: str, blob: str, entries: Mapping[str, Entry]) -> dict[str, Any]:
        """A file of a new tree by its blob; GitHub takes it away where the blob is null."""
        if why := unwritable(entries, path):
            raise GithubFailed(why)
        mode = entries[path].mode if path in entries else FILE
        return {"path": path, "mode": mode, "type": "blob", "sha": blob or None}

    def _move(self, before: str, commit: str) -> None:
        """Moves the branch from one commit to the next. HeadMoved where it is elsewhere."""
        for number in count():
            try:
                moved = self._client.once("PATCH", f"{self._api}/git/refs/heads/{quote(self.name)}", {"sha": commit})
                sha(moved.document, "object", "sha")
            except RequestFault as fault:
                if self._has_arrived(fault, before, commit):
                    return
                self._client.wait(fault, number, passing=fault.is_passing)
            else:
                return

    def _has_arrived(self, fault: RequestFault, before: str, commit: str) -> bool:
        """Whether the branch moved to our commit in spite of the fault. HeadMoved where it is elsewhere."""
        if fault.fate_unknown:
            return self._is_at(before, commit)
        if isinstance(fault, Refused) and fault.status in CONFLICTS and self._is_elsewhere(fault, before):
            raise HeadMoved(f"Somebody else committed to {self.name} meanwhile.")
        return False

    def _is_elsewhere(self, refused: Refused, before: str) -> bool:
        return "fast forward" in refused.sentence.lower() or self._newest() != before

    def _is_at(self, before: str, commit: str) -> bool:
        self._client.pause(SETTLES)
        head = self._newest()
        if head == before:
            return False
        # Others may have committed on top of it.
        if head == commit or commit in self._client.get(_shas, f"{self._api}/commits", sha=head, per_page=100):
            return True
        raise HeadMoved(f"Moving {self.name} got no answer, and somebody else committed meanwhile.")

    def _newest(self) -> str:
        return self.head().commit

    def give_way(self, number: int) -> None:
        """Lets others finish, longer each time, before the branch is read once more."""
        self._client.pause(random.uniform(0, min(_LONGEST_PAUSE, 0.25 * 2**number)))  # noqa: S311 - jitter

    def propose(self, *_: object, **__: object) -> Proposed:
        """What is committed here needs no pull request."""
        return NOTHING_PROPOSED


def head_of(document: Any) -> Head:
    """Of what GitHub says of a branch: https://docs.github.com/en/rest/branches/branches#get-a-branch"""
    commit = required(document, dict, "commit")
    return Head(sha(commit, "sha"), sha(commit, "commit", "tree", "sha"), document.get("protected") is True)


def _sha(document: Any) -> str:
    return sha(document, "sha")


def _sha_and_author(document: Any) -> tuple[str, str]:
    """Of a commit that names no author, GitHub takes the token's: https://docs.github.com/en/rest/git/commits"""
    return _sha(document), required(document, str, "author", "name")


def _content(document: Any) -> bytes | str | None:
    """A file's bytes; the sha of its blob, where it is too large to be shown at once; None where it is no file."""
    if isinstance(document, list) or required(document, str, "type") != "file":
        return None
    return _decoded(document) if document.get("encoding") == "base64" else sha(document, "sha")


def _decoded(document: Any) -> bytes:
    try:
        return b64decode(required(document, str, "content"))
    except ValueError:
        raise lacking("content") from None


def _kinds(document: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(required(rule, str, "type") for rule in required(document, list)))


def _shas(document: Any) -> list[str]:
    return [sha(commit, "sha") for commit in required(document, list)]
