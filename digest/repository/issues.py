"""A repository's issues: reads them, and opens one exactly once: https://docs.github.com/en/rest/issues."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from digest.issue import Opened
from digest.repository.door import required
from digest.repository.error_messages import explained
from digest.repository.exactly_once import made_once
from digest.repository.faults import Refused
from digest.repository.issue_lists import comment, issue, pages
from digest.standing import is_standing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from digest.announcement import Announcement
    from digest.issue import Issue
    from digest.repository.error_messages import Target
    from digest.repository.retry import RetryingClient

_INVALID = 422
_MOST_ASSIGNEES = 10


class Issues:
    """The issues of a repository, of which a run writes a section of a branch; each announcement is an issue."""

    def __init__(self, client: RetryingClient, target: Target, section: str) -> None:
        self.client, self.target, self.section = client, target, section
        self.address = f"/repos/{target.repository}/issues"
        self._own_login: str | None = None

    def since(self, moment: int, *, comments: bool = False) -> Iterator[Sequence[Issue]]:
        """The newest hundred issues, closed ones too, as one page; then those opened since the moment.

        `comments`: likewise of comments, the newest hundred on the same page; so it is where a standing issue is among
        the newest, since announcements were comments then.
        """
        with explained("read the issues", self.target, "issues: write"):
            lists = [pages(self.client, self.address, issue, moment, state="all")]
            newest = next(lists[0])
            if comments or any(is_standing(one, self.section) for one in newest):
                lists.append(pages(self.client, f"{self.address}/comments", comment, moment))
                newest = [*newest, *next(lists[1])]
            yield newest
            yield from chain(*lists)

    def open(self, announcement: Announcement, labels: tuple[str, ...], opened: Callable[[], Issue | None]) -> Opened:
        """Opens an issue exactly once. `opened` looks for it, and is asked before it is sent again."""
        return self.open_issue(announcement.title, announcement.body, labels, opened)

    def open_issue(self, title: str, body: str, labels: tuple[str, ...], opened: Callable[[], Issue | None]) -> Opened:
        """The same, without labels where GitHub refuses them."""
        with explained("open the issue", self.target, "issues: write"):
            fields = {"title": title, "body": body}
            try:
                with_labels = fields | ({"labels": labels} if labels else {})
                return Opened(made_once(self.client, self.address, with_labels, issue, opened))
            except Refused as refused:
                if not labels or not _is_over_labels(refused):
                    raise
                made = made_once(self.client, self.address, fields, issue, opened)
                return Opened(made, without_labels=refused.sentence)

    def assign(self, issue: Issue, logins: Sequence[str]) -> frozenset[str]:
        """Who has the issue then, in lower case: GitHub passes over in silence whom it cannot assign, or refuses all.

        https://docs.github.com/en/rest/issues/assignees#add-assignees-to-an-issue
        """
        path = f"{self.address}/{issue.number}/assignees"
        with explained("assign the issue", self.target, "issues: write"):
            try:
                return self.client.make(_assignees, path, {"assignees": logins[:_MOST_ASSIGNEES]})
            except Refused as refused:
                if refused.status != _INVALID or len(logins) == 1:
                    raise
            return frozenset(login for one in logins for login in self._assign_alone(path, one))

    def _assign_alone(self, path: str, login: str) -> frozenset[str]:
        try:
            return self.client.make(_assignees, path, {"assignees": [login]})
        except Refused as refused:
            if refused.status != _INVALID:
                raise
        return frozenset()

    def close(self, issue: Issue) -> None:
        """Closes an issue as completed: https://docs.github.com/en/rest/issues/issues#update-an-issue"""
        with explained(f"close issue {issue.number}", self.target, "issues: write"):
            self.client.once(
                "PATCH", f"{self.address}/{issue.number}", {"state": "closed", "state_reason": "completed"}
            )

    def let_finish(self, seconds: float) -> None:
        """Time for a run that has committed to announce."""
        self.client.pause(seconds)

    def own_login(self) -> str:
        """The login of the token's own user, asked once; "" where the token belongs to an app.

        https://docs.github.com/en/rest/users/users#get-the-authenticated-user
        """
        if self._own_login is None:
            with explained("tell whose the token is", self.target, "issues: write"):
                try:
                    self._own_login = self.client.get(lambda user: required(user, str, "login"), "/user")
                except Refused as refused:
                    if refused.fate_unknown or refused.is_limit:
                        raise
                    self._own_login = ""
        return self._own_login


def _assignees(document: Any) -> frozenset[str]:
    return frozenset(required(user, str, "login").lower() for user in required(document, list, "assignees"))


def _is_over_labels(refused: Refused) -> bool:
    """Whether the labels are what GitHub refuses, as where the token may not make new ones."""
    fields = {
        str(detail.get(name)).lower()
        for detail in refused.details
        if isinstance(detail, dict)
        for name in ("resource", "field")
    }
    return refused.status == _INVALID or bool(fields & {"label", "labels"}) or "label" in refused.sentence.lower()
