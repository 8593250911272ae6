"""The pull requests from one branch to another: read, and opened once: https://docs.github.com/en/rest/pulls/pulls"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from digest.errors import GithubFailed
from digest.issue import LOOKS
from digest.proposal import Pull
from digest.repository.door import required, sha
from digest.repository.error_messages import explained
from digest.repository.faults import Refused, RequestFault

if TYPE_CHECKING:
    from digest.repository.error_messages import Target
    from digest.repository.retry import RetryingClient

_EXISTS, _NOT_PERMITTED = "already exists", "not permitted to create"
_PERMISSION = "pull-requests: write"
_NEWEST = 10


class Pulls:
    """The pull requests from a branch of a repository to another one of it."""

    def __init__(self, client: RetryingClient, target: Target, base: str, server_url: str) -> None:
        """From the target's branch to the base; `server_url`: of the web site, without a slash at the end."""
        self._client, self._target, self._server_url = client, target, server_url
        self._base, self._head, self._repository = base, target.branch, target.repository
        self._address = f"/repos/{target.repository}/pulls"

    def newest(self, state: str = "all") -> list[Pull]:
        """The newest of them, whatever became of them or those in that state, the newest first."""
        with explained("read the pull requests", self._target, _PERMISSION):
            return self._client.get(
                lambda document: [_pull(one) for one in required(document, list) if _is_from_here(one)],
                self._address,
                state=state,
                head=f"{self._repository.partition('/')[0]}:{self._head}",
                base=self._base,
                sort="created",
                direction="desc",
                per_page=_NEWEST,
            )

    def open(self, title: str, body: str) -> tuple[Pull, bool]:
        """The open pull request, and whether it was opened just now."""
        fields = {"title": title, "body": body, "head": self._head, "base": self._base}
        with explained("open the pull request", self._target, _PERMISSION):
            for number in count():
                try:
                    return _pull(self._client.once("POST", self._address, fields).document), True
                except RequestFault as fault:
                    if isinstance(fault, Refused) and _NOT_PERMITTED in fault.sentence.lower():
                        raise GithubFailed(self._not_permitted(fault)) from fault
                    exists = isinstance(fault, Refused) and _EXISTS in fault.sentence.lower()
                    if (exists or fault.fate_unknown) and (pull := self._opened_meanwhile()):
                        return pull, not exists
                    self._client.wait(fault, number)
        raise AssertionError("unreachable: the loop ends by returning or raising")

    def _opened_meanwhile(self) -> Pull | None:
        """The open one, which GitHub may show late."""
        for seconds in LOOKS:
            if opened := self.newest("open"):
                return opened[0]
            if not self._client.has(seconds):
                return None
            self._client.pause(seconds)
        return None

    def _not_permitted(self, refused: Refused) -> str:
        """The setting: https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/
        enabling-features-for-your-repository/managing-github-actions-settings-for-a-repository
        """
        branches = f"{quote(self._base)}...{quote(self._head)}"
        compare = f"{self._server_url}/{self._repository}/compare/{branches}?expand=1"
        return (
            f"GitHub would not open the pull request: {refused.sentence}. Tick *Allow GitHub Actions to create and "
            "approve pull requests* in the repository's Settings, Actions, General (an organization may have to allow "
            f"it first), or open it yourself once: {compare}"
        )

    def repository_id(self) -> str:
        """What GraphQL knows the repository by: https://docs.github.com/en/rest/repos/repos#get-a-repository"""
        with explained("read the repository", self._target, "contents: read"):
            return self._client.get(
                lambda document: required(document, str, "node_id"), self._address.removesuffix("/pulls")
            )


def _is_from_here(document: Any) -> bool:
    """Whether it is from no fork; an organization may keep one beside the repository, with a branch of that name."""
    head, base = (_repository(document, end).get("node_id") for end in ("head", "base"))
    return head == base


def _repository(document: Any, end: str) -> dict[str, Any]:
    """That of the head or of the base; nothing where it was deleted."""
    return required(document, dict, end).get("repo") or {}


def _pull(document: Any) -> Pull:
    repository = _repository(document, "base")
    return Pull(
        number=required(document, int, "number"),
        url=required(document, str, "html_url"),
        is_open=required(document, str, "state") == "open",
        is_merged=document.get("merged_at") is not None,
        head=sha(document, "head", "sha"),
        repository_id=required(repository, str, "node_id") if repository else "",
    )
