"""Reads a file, commits files, opens an issue. The only module that talks to GitHub.

Nothing is checked out: https://docs.github.com/en/rest/git and https://docs.github.com/en/rest/issues.
A commit names no author, so that GitHub signs it for the token's bot and shows it as Verified.
"""

from __future__ import annotations

import random
import time
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

import requests
from github import Auth, Github, GithubException, GithubRetry, InputGitTreeElement
from github.GitCommit import GitCommit
from github.GithubObject import NotSet
from github.GitRef import GitRef

from digest.announce import Issue
from digest.errors import GithubFailed, HeadMoved
from digest.github_errors import explained, sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import TypeVar

    from digest.config import Config

    T = TypeVar("T")

_FILE, _LINK = "100644", "120000"
# Seconds without an answer, and the longest wait for a rate limit to end.
_TIMEOUT, _LONGEST_WAIT = 30, 120
_READ_TRIES, _WRITE_TRIES = 4, 4
_NOT_FOUND, _UNPROCESSABLE, _SERVER_ERROR = 404, 422, 500


@dataclass(frozen=True)
class Head:
    """The branch's newest commit and its tree, as they were when they were read."""

    commit: str
    tree: str


class Repository:
    """One branch of one repository, seen through the API."""

    def __init__(self, config: Config) -> None:
        runner = config.runner
        # Reads may be repeated as they are; a repeated POST could make a second issue, so writes are repeated below.
        reads = GithubRetry(
            total=_READ_TRIES, backoff_factor=0.5, allowed_methods={"GET"}, max_rate_limit_wait=_LONGEST_WAIT
        )
        self._github = Github(
            auth=Auth.Token(config.token) if config.token else None,
            base_url=runner.api_url,
            timeout=_TIMEOUT,
            retry=reads,
            seconds_between_requests=0,
            seconds_between_writes=0,
            user_agent="daily-papers",
            lazy=True,
        )
        self.name, self.branch = runner.repository, config.branch
        self._repository = self._github.get_repo(self.name)
        self._head: Head | None = None

    def close(self) -> None:
        self._github.close()

    def head(self, *, again: bool = False) -> Head:
        """The branch's newest commit; asked once, or `again`. GithubFailed where there is no such branch."""
        if self._head is None or again:
            with explained("read the branch", self.branch, "contents: read"):
                branch = self._repository.get_branch(self.branch)
                self._head = Head(branch.commit.sha, branch.commit.commit.tree.sha)
        return self._head

    def read(self, path: str) -> bytes | None:
        """The file's bytes at the head, of any size; None where there is none. GithubFailed where it is no file."""
        commit = self.head().commit
        with explained(f"read {path}", self.branch, "contents: read"):
            try:
                content = self._repository.get_contents(path, ref=commit)
            except GithubException as error:
                if error.status == _NOT_FOUND:
                    return None
                raise
            if isinstance(content, list) or content.type != "file":
                raise GithubFailed(f"{path} in {self.name} is a folder or a link to somewhere else, not a file.")
            if content.encoding == "base64":
                return content.decoded_content
            # Over 1 MB: https://docs.github.com/en/rest/repos/contents#get-repository-content
            return b64decode(self._repository.get_git_blob(content.sha).content)

    def commit(self, files: Mapping[str, bytes], message: str) -> str:
        """Commits the files on top of the head and moves the branch there; the commit's sha.

        HeadMoved where the branch has moved since `head` was read; nothing of ours is on it then.
        """
        head = self.head()
        with explained("write to the repository", self.branch, "contents: write"):
            base = self._repository.get_git_tree(head.tree, recursive=any("/" in path for path in files))
            modes = {entry.path: entry.mode for entry in base.tree}
            elements = [self._element(path, content, modes.get(path, _FILE)) for path, content in files.items()]
            tree = _repeated(lambda: self._repository.create_git_tree(elements, base))
            parent = GitCommit(self._repository.requester, {}, {"sha": head.commit}, completed=True)
            commit = _repeated(lambda: self._repository.create_git_commit(message, tree, [parent]))
            self._move(commit.sha)
        return commit.sha

    def _element(self, path: str, content: bytes, mode: str) -> InputGitTreeElement:
        if mode == _LINK:
            raise GithubFailed(f"{path} is a symbolic link. Set `readme` to the path of the file that it points to.")
        try:
            return InputGitTreeElement(path, mode, "blob", content=content.decode())
        except UnicodeDecodeError:
            blob = _repeated(lambda: self._repository.create_git_blob(b64encode(content).decode(), "base64"))
            return InputGitTreeElement(path, mode, "blob", sha=blob.sha)

    def _move(self, commit: str) -> None:
        """Moves the branch; where the answer was lost, looks whether it moved before it says so."""
        try:
            # A reference that was not read first is edited at an address that GitHub does not document.
            address = f"{self._repository.url}/git/refs/heads/{quote(self.branch)}"
            GitRef(self._repository.requester, {}, {"url": address}, completed=True).edit(commit)
        except (GithubException, requests.RequestException) as error:
            if isinstance(error, GithubException) and error.status < _SERVER_ERROR:
                if error.status == _UNPROCESSABLE and "fast forward" in sentence(error).lower():
                    raise HeadMoved(f"Somebody else committed to {self.branch} meanwhile.") from None
                raise
            time.sleep(_pause(0))
            if self.head(again=True).commit != commit:
                raise HeadMoved(f"Moving {self.branch} got no answer.") from None

    def issues_since(self, moment: int) -> Iterator[Issue]:
        """The issues that changed since, newest first, closed ones too. `moment` in seconds since 1970."""
        since = datetime.fromtimestamp(moment, UTC)
        with explained("read the issues", self.branch, "issues: write"):
            for issue in self._repository.get_issues(state="all", sort="created", direction="desc", since=since):
                yield Issue(issue.title, issue.body or "", int(issue.created_at.timestamp()), issue.html_url)

    def open_issue(self, title: str, body: str, labels: tuple[str, ...], find: Callable[[], str | None]) -> str:
        """Opens an issue exactly once; its address. `find` looks for it, and is asked before it is sent again."""
        with explained("open the issue", self.branch, "issues: write"):
            for number in range(_WRITE_TRIES):
                try:
                    return self._repository.create_issue(title, body, labels=list(labels) or NotSet).html_url
                except (GithubException, requests.RequestException) as error:
                    if not _may_pass(error) or number == _WRITE_TRIES - 1:
                        raise
                # The answer was lost: GitHub may have opened it all the same.
                time.sleep(_pause(number))
                if address := find():
                    return address
        raise AssertionError("unreachable: the last try returns or raises")


def _repeated(write: Callable[[], T]) -> T:
    """A write that may be repeated: a blob, a tree and a commit are the same object however often they are made."""
    for number in range(_WRITE_TRIES - 1):
        try:
            return write()
        except (GithubException, requests.RequestException) as error:
            if not _may_pass(error):
                raise
        time.sleep(_pause(number))
    return write()


def _may_pass(error: GithubException | requests.RequestException) -> bool:
    return isinstance(error, requests.RequestException) or error.status >= _SERVER_ERROR


def _pause(number: int) -> float:
    """Seconds before the next try, growing and with jitter."""
    return random.uniform(0.5, 1.0) * (1 << number)  # noqa: S311 - jitter, no secret
