"""One branch: a snapshot of it is read, and files are committed on top of what was read, or not at all.

Nothing is checked out: https://docs.github.com/en/rest/git. A commit names no author, so that GitHub signs it for the
token's bot and shows it as Verified.
"""

from __future__ import annotations

import random
from base64 import b64decode, b64encode
from hashlib import sha1
from itertools import count
from typing import TYPE_CHECKING
from urllib.parse import quote

from github import GithubException, InputGitTreeElement
from github.GitCommit import GitCommit
from github.GitRef import GitRef

from digest.errors import GithubFailed, HeadMoved
from digest.repository.error_messages import explained, sentence
from digest.repository.retry import FAULTS, SETTLES, Fault, fate_unknown, sound
from digest.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from github.GitTree import GitTree
    from github.GitTreeElement import GitTreeElement
    from github.Repository import Repository

    from digest.repository.retry import Patience

_FILE, _LINK = "100644", "120000"
_LONGEST_PAUSE = 4.0
_NOT_FOUND, _CONFLICTS = 404, (409, 422)
# What GitHub says of a branch that somebody else moves at this moment, or of a commit that one of its copies lacks yet.
_PASSING = {"reference cannot be updated", "reference update failed", "object does not exist"}


class Branch:
    """One branch of a repository; what was read of it is held by the Snapshot that was taken."""

    def __init__(self, repository: Repository, name: str, patience: Patience) -> None:
        self._repository, self.name, self._patience = repository, name, patience

    def read(self, paths: Iterable[str]) -> Snapshot:
        """The branch at its newest commit. GithubFailed where there is no branch, or where a path is no file."""
        with explained("read the branch", self.name, "contents: read"):
            commit, tree = self._patience.asked(self._head)
        return Snapshot(self.name, commit, tree, {path: self._read(path, commit) for path in paths})

    def _head(self) -> tuple[str, str]:
        """The newest commit and its tree."""
        branch = self._repository.get_branch(self.name)
        return branch.commit.sha, branch.commit.commit.tree.sha

    def _read(self, path: str, commit: str) -> bytes | None:
        """The file's bytes, of any size; None where there is none."""
        with explained(f"read {path}", self.name, "contents: read"):
            try:
                return self._patience.asked(lambda: self._content(path, commit))
            except GithubException as error:
                if error.status != _NOT_FOUND:
                    raise
        return None

    def _content(self, path: str, commit: str) -> bytes:
        content = self._repository.get_contents(path, ref=commit)
        if isinstance(content, list) or sound(content.type) != "file":
            raise GithubFailed(f"{path} in {self.name} is a folder or a link to somewhere else, not a file.")
        if content.encoding == "base64":
            return content.decoded_content
        # Over 1 MB: https://docs.github.com/en/rest/repos/contents#get-repository-content
        return b64decode(sound(self._repository.get_git_blob(content.sha).content))

    def commit(self, base: Snapshot, files: Mapping[str, bytes], message: str) -> str:
        """Commits the files on top of the base and moves the branch there; the commit's sha.

        HeadMoved where the branch has moved since it was read, or where GitHub showed a file otherwise than it has it;
        nothing of ours is on it then.
        """
        asked = self._patience.asked
        with explained("write to the repository", self.name, "contents: write", "Nothing was written."):
            deep = any("/" in path for path in files)
            there = asked(lambda: _whole(self._repository.get_git_tree(base.tree, recursive=deep)))
            elements = [self._element(base, path, files[path], self._there(there, path)) for path in files]
            tree = asked(lambda: _whole(self._repository.create_git_tree(elements, there)))
            parent = GitCommit(self._repository.requester, {}, {"sha": base.commit}, completed=True)
            commit = asked(lambda: sound(self._repository.create_git_commit(message, tree, [parent]).sha))
            self._move(base.commit, commit)
        return commit

    def _there(self, base: GitTree, path: str) -> GitTreeElement | None:
        """What the tree has at the path. GithubFailed where the path leads through a file."""
        # More than GitHub lists at once: https://docs.github.com/en/rest/git/trees#get-a-tree
        if base.raw_data.get("truncated"):
            return self._walked_to(base.sha, path, path)
        for entry in base.tree:
            if path.startswith(f"{entry.path}/"):
                _folder(entry, path)
            elif entry.path == path:
                return entry
        return None

    def _walked_to(self, tree: str, path: str, whole: str) -> GitTreeElement | None:
        """The same, folder by folder; `path` is what is left of the `whole` one."""
        listed = self._patience.asked(lambda: _whole(self._repository.get_git_tree(tree)))
        name, _, rest = path.partition("/")
        found = next((entry for entry in listed.tree if entry.path == name), None)
        return self._walked_to(_folder(found, whole).sha, rest, whole) if found and rest else found

    def _element(self, base: Snapshot, path: str, content: bytes, there: GitTreeElement | None) -> InputGitTreeElement:
        mode = there.mode if there else _FILE
        if mode == _LINK:
            raise GithubFailed(f"{path} is a symbolic link. Set `readme` to the path of the file that it points to.")
        read = base.files.get(path)
        if path in base.files and (None if read is None else _blob(read)) != (there.sha if there else None):
            raise HeadMoved(f"GitHub showed {path} otherwise than {self.name} has it.")
        try:
            return InputGitTreeElement(path, mode, "blob", content=content.decode())
        except UnicodeDecodeError:
            encoded = b64encode(content).decode()
            blob = self._patience.asked(lambda: sound(self._repository.create_git_blob(encoded, "base64").sha))
            return InputGitTreeElement(path, mode, "blob", sha=blob)

    def _move(self, base: str, commit: str) -> None:
        """Moves the branch from one commit to the next. HeadMoved where it is elsewhere."""
        # A reference that was not read first is edited at an address that GitHub does not document.
        address = f"{self._repository.url}/git/refs/heads/{quote(self.name)}"
        reference = GitRef(self._repository.requester, {}, {"url": address}, completed=True)
        for number in count():
            try:
                reference.edit(commit)
                sound(reference.object.sha)
            except FAULTS as fault:
                if self._has_arrived(fault, base, commit):
                    return
                self._patience.wait(fault, number, passing=_is_passing(fault))
            else:
                return

    def _has_arrived(self, fault: Fault, base: str, commit: str) -> bool:
        """Whether the branch moved to our commit in spite of the fault. HeadMoved where it is elsewhere."""
        if isinstance(fault, GithubException) and fault.status in _CONFLICTS:
            if "fast forward" in sentence(fault).lower() or self._newest() != base:
                raise HeadMoved(f"Somebody else committed to {self.name} meanwhile.")
            return False
        if not fate_unknown(fault):
            return False
        self._patience.pause(SETTLES)
        head = self._newest()
        if head in (base, commit):
            return head == commit
        # Others may have committed on top of it.
        with_ours = self._patience.asked(lambda: self._repository.get_commits(sha=head).get_page(0))
        if any(other.sha == commit for other in with_ours):
            return True
        raise HeadMoved(f"Moving {self.name} got no answer, and somebody else committed meanwhile.")

    def _newest(self) -> str:
        with explained("read the branch", self.name, "contents: read"):
            return self._patience.asked(self._head)[0]

    def give_way(self, number: int) -> None:
        """Lets others finish, longer each time, before the branch is read once more."""
        self._patience.pause(random.uniform(0, min(_LONGEST_PAUSE, 0.25 * 2**number)))  # noqa: S311 - jitter


def _is_passing(fault: Fault) -> bool:
    """Whether GitHub may well grant in a moment what it refused."""
    return isinstance(fault, GithubException) and fault.status in _CONFLICTS and sentence(fault).lower() in _PASSING


def _folder(entry: GitTreeElement, path: str) -> GitTreeElement:
    """A part of the path that may lead on; git would replace a file with a folder without a word."""
    if entry.type != "tree":
        raise GithubFailed(f"{path} would lie in a file or a link. Set `readme` to a path through folders only.")
    return entry


def _blob(content: bytes) -> str:
    """The name that git gives to a file's content."""
    return sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def _whole(tree: GitTree) -> GitTree:
    sound(tree.sha)
    return tree
