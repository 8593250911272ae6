"""GraphQL of the GitHub stand-in: the one mutation `updateRefs`, which moves refs by compare and swap.
https://docs.github.com/en/graphql/reference/mutations#updaterefs"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.github.faults import WENT_WRONG
from sandbox.github.git import SHA, GitError, Store
from sandbox.github.repository import NODE
from sandbox.github.wire import Answer, Json, Refusal, Request, Site, answer

if TYPE_CHECKING:
    from sandbox.github.git import Move
    from sandbox.github.rules import Rules

NOTHING = "0" * 40
MUTATION = re.compile(
    r"\s*mutation(?:\s+\w+)?\s*\(\s*\$(\w+)\s*:\s*UpdateRefsInput!\s*\)\s*"
    r"\{\s*updateRefs\s*\(\s*input\s*:\s*\$\1\s*\)\s*\{\s*clientMutationId\s*\}\s*\}\s*"
)


class GraphqlError(Exception):
    """An error of the mutation; the answer's status is 200 all the same."""

    def __init__(self, kind: str | None, message: str) -> None:
        super().__init__(kind, message)
        where = {"path": ["updateRefs"], "locations": [{"line": 1, "column": 48}]}
        self.error: Json = {"message": message} if kind is None else {"type": kind, **where, "message": message}


class Invalid(Exception):
    """A variable that is no UpdateRefsInput."""


@dataclass
class Graphql:
    site: Site
    store: Store
    rules: Rules

    def post(self, request: Request) -> Answer:
        query = request.fields.get("query")
        if not isinstance(query, str):
            return _refused({"message": "A query attribute must be specified and must be a string."})
        known = MUTATION.fullmatch(query)
        if known is None:
            return _refused({"message": "The stand-in for GitHub knows no GraphQL but updateRefs(input: $input)"})
        given = (request.fields.get("variables") or {}).get(known[1])
        try:
            checked = _checked(given)
        except Invalid as wrong:
            return _refused({"message": f"Variable ${known[1]} of type UpdateRefsInput! was provided {wrong}"})
        try:
            self._update(checked)
        except GraphqlError as refused:
            return answer({"data": {"updateRefs": None}, "errors": [refused.error]})
        return answer({"data": {"updateRefs": {"clientMutationId": checked.get("clientMutationId")}}})

    def _update(self, given: Json) -> None:
        """All refs or none."""
        if given["repositoryId"] != NODE:
            raise GraphqlError(
                "NOT_FOUND", f"Could not resolve to a node with the global id of '{given['repositoryId']}'"
            )
        self._permit()
        moves = [self._move(update) for update in given["refUpdates"]]
        try:
            self.store.move_all([move for move in moves if move[1] != move[2]])
        except GitError as error:
            raise GraphqlError("UNPROCESSABLE", "Reference update failed") from error

    def _permit(self) -> None:
        if self.site.permissions.get("contents") != "write" or not self.site.may_update_refs:
            kind = "integration" if self.site.is_bot else "personal access token"
            raise GraphqlError("FORBIDDEN", f"Resource not accessible by {kind}")
        if self.site.archived:
            raise GraphqlError("FORBIDDEN", "Repository was archived so is read-only.")

    def _move(self, update: Json) -> Move:
        ref, before, after = update["name"], update.get("beforeOid"), update["afterOid"]
        old = self.store.refs().get(ref)
        if before is not None and before != (old or NOTHING):
            told = f"{ref} is at {old or NOTHING} but expected {before}"
            raise GraphqlError("UNPROCESSABLE", told) if self.site.tells_stale_refs else GraphqlError(None, WENT_WRONG)
        if after == NOTHING:
            if old is None:
                raise GraphqlError("UNPROCESSABLE", "Reference does not exist")
            self._check(ref, forced=False)
            return ref, None, old
        kind = self.store.kind(after)
        if kind != "commit":
            said = f"Invalid object type {kind}, expected commit" if kind else "Object does not exist"
            raise GraphqlError("UNPROCESSABLE", said)
        forward = old is None or self.store.is_ancestor(old, after)
        self._check(ref, forced=not forward, new=old is None)
        if not forward and not update.get("force"):
            raise GraphqlError("UNPROCESSABLE", "Update is not a fast forward")
        return ref, after, old

    def _check(self, ref: str, *, forced: bool, new: bool = False) -> None:
        try:
            self.rules.check_new(ref) if new else self.rules.check(ref, forced=forced)
        except Refusal as refused:
            raise GraphqlError("UNPROCESSABLE", json.loads(refused.answer.body)["message"]) from refused


def _refused(error: Json) -> Answer:
    return answer({"errors": [error | {"locations": [{"line": 1, "column": 1}]}]})


def _checked(given: object) -> Json:
    """The variable, where it is an UpdateRefsInput; raises in GraphQL's words."""
    updates = given.get("refUpdates") if isinstance(given, dict) else None
    if not isinstance(given, dict) or not isinstance(given.get("repositoryId"), str) or not isinstance(updates, list):
        raise Invalid("invalid value for repositoryId or refUpdates (Expected value to not be null)")
    for number, update in enumerate(updates):
        where = f"invalid value for refUpdates.{number}"
        if not isinstance(update, dict) or not str(update.get("name")).startswith("refs/"):
            raise Invalid(f"{where}.name (Git ref names must be fully qualified)")
        for field in ("beforeOid", "afterOid"):
            oid = update.get(field) or (NOTHING if field == "beforeOid" else "")
            if not SHA.fullmatch(str(oid)):
                raise Invalid(f"{where}.{field} (Git object IDs have 40 characters)")
    return given
