"""A branch's ref, made, put elsewhere and deleted by comparison: only where it is still where it was read.

GitHub's REST API moves a ref with force and without comparison, or without force; GraphQL's `updateRefs` compares:
https://docs.github.com/en/graphql/reference/mutations#updaterefs
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING
from urllib.parse import quote

from digest.errors import HeadMoved
from digest.repository.door import required, sha
from digest.repository.error_messages import explained
from digest.repository.faults import Refused, RequestFault
from digest.repository.retry import SETTLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from digest.repository.error_messages import Target
    from digest.repository.retry import RetryingClient

_UPDATE = "mutation($input: UpdateRefsInput!) { updateRefs(input: $input) { clientMutationId } }"
# As a commit it means that there is no such branch.
_NONE = "0" * 40
_NOT_FOUND = 404
_WRITE = "contents: write"


class Ref:
    """One branch's ref."""

    def __init__(self, client: RetryingClient, target: Target) -> None:
        self._client, self._target, self._branch = client, target, target.branch
        self._api = f"/repos/{target.repository}"
        self._address = f"{self._api}/git/refs/heads/{quote(target.branch)}"

    def create(self, commit: str) -> None:
        """HeadMoved where the branch is there already."""
        fields = {"ref": f"refs/heads/{self._branch}", "sha": commit}

        def made() -> None:
            sha(self._client.once("POST", f"{self._api}/git/refs", fields).document, "object", "sha")

        self._placed("", commit, made)

    def replace(self, before: str, commit: str, repository_id: str) -> None:
        """Puts the branch from one commit to any other. HeadMoved where it is elsewhere."""

        def force() -> None:
            moved = self._client.once("PATCH", self._address, {"sha": commit, "force": True}).document
            sha(moved, "object", "sha")

        self._swap(before, commit, repository_id, force)

    def delete(self, before: str, repository_id: str) -> None:
        """HeadMoved where the branch is elsewhere; nothing happens where it is gone already."""
        self._swap(before, "", repository_id, lambda: self._client.once("DELETE", self._address))

    def _swap(self, before: str, commit: str, repository_id: str, force: Callable[[], object]) -> None:
        """Puts the branch from one commit to another, to none where that is "".

        Where GraphQL is refused to the token, the branch is read once more, and then put there by force.
        """
        name = f"refs/heads/{self._branch}"
        update = {"name": name, "beforeOid": before, "afterOid": commit or _NONE, "force": True}
        variables = {"input": {"repositoryId": repository_id, "refUpdates": [update]}}

        def compared() -> None:
            try:
                body = {"query": _UPDATE, "variables": variables}
                document = self._client.once("POST", self._client.graphql_url, body).document
            except Refused as refused:
                if refused.is_limit or refused.fate_unknown:
                    raise
                raise _NotComparedError from refused
            # https://spec.graphql.org/October2021/#sec-Errors
            if required(document, dict).get("errors"):
                raise _NotComparedError
            required(document, dict, "data", "updateRefs")

        def forced() -> None:
            if self._newest() != before:
                raise HeadMoved(f"Somebody else wrote to {self._branch} meanwhile.")
            force()

        try:
            self._placed(before, commit, compared)
        except _NotComparedError:
            self._placed(before, commit, forced)

    def _placed(self, before: str, commit: str, place: Callable[[], object]) -> None:
        """Places the branch at the commit, whatever becomes of answers."""
        doing, so_far = ("write to the repository", "Nothing was written.") if commit else ("delete the branch", "")
        with explained(doing, self._target, _WRITE, so_far):
            for number in count():
                try:
                    place()
                except (RequestFault, _NotComparedError) as fault:
                    if self._has_arrived(fault, before, commit):
                        return
                    if isinstance(fault, _NotComparedError):
                        raise
                    self._client.wait(fault, number, passing=fault.is_passing)
                else:
                    return

    def _has_arrived(self, fault: Exception, before: str, commit: str) -> bool:
        """Whether the branch is at the commit in spite of the fault. HeadMoved where it is not where it was either."""
        if isinstance(fault, RequestFault) and fault.fate_unknown:
            self._client.pause(SETTLES)
        newest = self._newest()
        if newest not in (before, commit):
            raise HeadMoved(f"Somebody else wrote to {self._branch} meanwhile.") from fault
        return newest == commit

    def _newest(self) -> str:
        """The commit where the branch is, "" where there is none."""
        try:
            return self._client.get(
                lambda document: sha(document, "commit", "sha"), f"{self._api}/branches/{quote(self._branch)}"
            )
        except Refused as refused:
            if refused.status == _NOT_FOUND:
                return ""
            raise


class _NotComparedError(Exception):
    """GraphQL refused; where the branch is tells whether it had moved."""
