"""Reads a file, commits files, reads issues and opens one. The only module that talks to GitHub.

Nothing is checked out: https://docs.github.com/en/rest/git and https://docs.github.com/en/rest/issues.
A commit names no author, so that GitHub signs it for the token's bot and shows it as Verified.
"""

from __future__ import annotations

import random
from base64 import b64decode, b64encode
from dataclasses import dataclass
from functools import partial
from hashlib import sha1
from itertools import count
from typing import TYPE_CHECKING
from urllib.parse import quote

from github import Auth, Github, GithubException, InputGitTreeElement
from github.GitCommit import GitCommit
from github.GithubObject import NotSet
from github.GitRef import GitRef

from digest.announce import Issue
from digest.errors import GithubFailed, HeadMoved
from digest.github_errors import explained, sentence
from digest.patience import FAULTS, Patience, fate_unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import TypeVar

    from github.GitTree import GitTree
    from github.GitTreeElement import GitTreeElement
    from github.Issue import Issue as Listed
    from github.NamedUser import NamedUser

    from digest.config import Config

    T = TypeVar("T")

_FILE, _LINK = "100644", "120000"
# Seconds without an answer; GitHub itself gives up after ten.
_TIMEOUT = 20
_PAGE = 100
# Who may write to the repository: https://docs.github.com/en/graphql/reference/enums#commentauthorassociation
_WRITERS = {"OWNER", "MEMBER", "COLLABORATOR"}
# Seconds until what GitHub may still be doing is done and shows.
_SETTLES = 1.5
_LONGEST_PAUSE = 4.0
_ISSUE_TAKES = 3.0
_NOT_FOUND, _CONFLICTS = 404, (409, 422)
# What GitHub says of a branch that somebody else moves at this moment, or of a commit that one of its copies lacks yet.
_PASSING = {"reference cannot be updated", "reference update failed", "object does not exist"}


@dataclass(frozen=True)
class Head:
    """The branch's newest commit and its tree, as they were when they were read."""

    commit: str
    tree: str


class Repository:
    """One branch of one repository, seen through the API."""

    def __init__(self, config: Config, patience: Patience | None = None) -> None:
        runner = config.runner
        self._patience = patience or Patience()
        # PyGithub would repeat a POST, which makes a second issue, sleep for an hour and pause between requests.
        self._github = Github(
            auth=Auth.Token(config.token) if config.token else None,
            base_url=runner.api_url,
            timeout=_TIMEOUT,
            retry=None,
            seconds_between_requests=0,
            seconds_between_writes=0,
            per_page=_PAGE,
            user_agent="daily-papers",
            lazy=True,
        )
        self.name, self.branch = runner.repository, config.branch
        self._repository = self._github.get_repo(self.name)
        self._head: Head | None = None
        # The blobs that were read, by path; None where there was no file.
        self._read: dict[str, str | None] = {}

    def close(self) -> None:
        self._github.close()

    def head(self) -> Head:
        """The branch's newest commit; asked once, and again after HeadMoved. GithubFailed where there is no branch."""
        if self._head is None:
            with explained("read the branch", self.branch, "contents: read"):
                self._head = self._patience.asked(self._read_head)
        return self._head

    def _read_head(self) -> Head:
        branch = self._repository.get_branch(self.branch)
        return Head(branch.commit.sha, branch.commit.commit.tree.sha)

    def read(self, path: str) -> bytes | None:
        """The file's bytes at the head, of any size; None where there is none. GithubFailed where it is no file."""
        commit = self.head().commit
        content: bytes | None = None
        with explained(f"read {path}", self.branch, "contents: read"):
            try:
                content = self._patience.asked(lambda: self._content(path, commit))
            except GithubException as error:
                if error.status != _NOT_FOUND:
                    raise
        self._read[path] = None if content is None else _blob(content)
        return content

    def _content(self, path: str, commit: str) -> bytes:
        content = self._repository.get_contents(path, ref=commit)
        if isinstance(content, list) or _sound(content.type) != "file":
            raise GithubFailed(f"{path} in {self.name} is a folder or a link to somewhere else, not a file.")
        if content.encoding == "base64":
            return content.decoded_content
        # Over 1 MB: https://docs.github.com/en/rest/repos/contents#get-repository-content
        return b64decode(_sound(self._repository.get_git_blob(content.sha).content))

    def commit(self, files: Mapping[str, bytes], message: str) -> str:
        """Commits the files on top of the head and moves the branch there; the commit's sha.

        HeadMoved where the branch has moved since it was read, or where GitHub showed a file otherwise than it has it;
        nothing of ours is on it then.
        """
        head, asked = self.head(), self._patience.asked
        with explained("write to the repository", self.branch, "contents: write", "Nothing was written."):
            deep = any("/" in path for path in files)
            base = asked(lambda: _whole(self._repository.get_git_tree(head.tree, recursive=deep)))
            elements = [self._element(path, content, self._there(base, path)) for path, content in files.items()]
            tree = asked(lambda: _whole(self._repository.create_git_tree(elements, base)))
            parent = GitCommit(self._repository.requester, {}, {"sha": head.commit}, completed=True)
            commit = asked(lambda: _sound(self._repository.create_git_commit(message, tree, [parent]).sha))
            self._move(head.commit, commit)
        self._head = None
        return commit

    def _there(self, base: GitTree, path: str) -> GitTreeElement | None:
        """What the tree has at the path."""
        # More than GitHub lists at once: https://docs.github.com/en/rest/git/trees#get-a-tree
        if base.raw_data.get("truncated"):
            return self._walked_to(base.sha, path)
        return next((entry for entry in base.tree if entry.path == path), None)

    def _walked_to(self, tree: str, path: str) -> GitTreeElement | None:
        """The same, folder by folder."""
        listed = self._patience.asked(lambda: _whole(self._repository.get_git_tree(tree)))
        name, _, rest = path.partition("/")
        found = next((entry for entry in listed.tree if entry.path == name), None)
        return self._walked_to(found.sha, rest) if found and rest else found

    def _element(self, path: str, content: bytes, there: GitTreeElement | None) -> InputGitTreeElement:
        mode = there.mode if there else _FILE
        if mode == _LINK:
            raise GithubFailed(f"{path} is a symbolic link. Set `readme` to the path of the file that it points to.")
        if path in self._read and self._read[path] != (there.sha if there else None):
            self._head = None
            raise HeadMoved(f"GitHub showed {path} otherwise than {self.branch} has it.")
        try:
            return InputGitTreeElement(path, mode, "blob", content=content.decode())
        except UnicodeDecodeError:
            encoded = b64encode(content).decode()
            blob = self._patience.asked(lambda: _sound(self._repository.create_git_blob(encoded, "base64").sha))
            return InputGitTreeElement(path, mode, "blob", sha=blob)

    def _move(self, base: str, commit: str) -> None:
        """Moves the branch from one commit to the next. HeadMoved where it is elsewhere."""
        # A reference that was not read first is edited at an address that GitHub does not document.
        address = f"{self._repository.url}/git/refs/heads/{quote(self.branch)}"
        reference = GitRef(self._repository.requester, {}, {"url": address}, completed=True)
        for number in count():
            try:
                reference.edit(commit)
                _sound(reference.object.sha)
            except FAULTS as fault:
                passing = False
                if isinstance(fault, GithubException) and fault.status in _CONFLICTS:
                    self._check_moved(base, sentence(fault))
                    passing = sentence(fault).lower() in _PASSING
                elif fate_unknown(fault):
                    self._patience.pause(_SETTLES)
                    if self._arrived(base, commit):
                        return
                self._patience.wait(fault, number, passing=passing)
            else:
                return

    def _check_moved(self, base: str, said: str) -> None:
        """HeadMoved where the refusal says that the branch is elsewhere, or where it is."""
        self._head = None
        if "fast forward" in said.lower() or self.head().commit != base:
            raise HeadMoved(f"Somebody else committed to {self.branch} meanwhile.")

    def _arrived(self, base: str, commit: str) -> bool:
        """Whether the branch moved to our commit although the answer was lost. HeadMoved where it is elsewhere."""
        self._head = None
        head = self.head().commit
        if head in (base, commit):
            return head == commit
        # Others may have committed on top of it.
        with_ours = self._patience.asked(lambda: self._repository.get_commits(sha=head).get_page(0))
        if any(other.sha == commit for other in with_ours):
            return True
        raise HeadMoved(f"Moving {self.branch} got no answer, and somebody else committed meanwhile.")

    def give_way(self, number: int) -> None:
        """Lets others finish, longer each time, before the branch is read once more."""
        self._patience.pause(random.uniform(0, min(_LONGEST_PAUSE, 0.25 * 2**number)))  # noqa: S311 - jitter

    def let_finish(self) -> None:
        """Time enough for a run that has committed to open its issue."""
        self._patience.pause(_ISSUE_TAKES)

    def issues(self, since: int) -> Iterator[Issue]:
        """The issues, newest first, closed ones too: the newest hundred, and all that were opened since."""
        listed = self._repository.get_issues(state="all", sort="created", direction="desc")
        with explained("read the issues", self.branch, "issues: write"):
            for number in count():
                page = list(map(_issue, self._patience.asked(partial(listed.get_page, number))))
                yield from page
                if len(page) < _PAGE or page[-1].created < since:
                    return

    def open_issue(self, title: str, body: str, labels: tuple[str, ...], opened: Callable[[], str | None]) -> str:
        """Opens an issue exactly once; its address. `opened` looks for it, and is asked before it is sent again."""
        with explained("open the issue", self.branch, "issues: write"):
            for number in count():
                try:
                    made = self._repository.create_issue(title, body, labels=list(labels) or NotSet)
                    return _sound(made.html_url)
                except FAULTS as fault:
                    if fate_unknown(fault):
                        self._patience.pause(_SETTLES)
                        if address := opened():
                            return address
                    self._patience.wait(fault, number)
                    if address := opened():
                        return address
        raise AssertionError("unreachable: the loop ends by returning or raising")


def _issue(listed: Listed) -> Issue:
    user: NamedUser | None = listed.user  # None where the account was deleted
    writer = listed.author_association in _WRITERS or (user is not None and user.type == "Bot")
    return Issue(listed.title, listed.body or "", int(listed.created_at.timestamp()), listed.html_url, writer)


def _blob(content: bytes) -> str:
    """The name that git gives to a file's content."""
    return sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def _sound(value: T | None) -> T:
    """What an answer of GitHub's cannot lack; a page of HTML from somebody in between does."""
    if not value:
        raise ValueError("no answer of GitHub's")
    return value


def _whole(tree: GitTree) -> GitTree:
    _sound(tree.sha)
    return tree
