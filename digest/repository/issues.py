"""A repository's issues: reads them, and opens one exactly once: https://docs.github.com/en/rest/issues."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, Any

from digest.issue import LOOKS, NEWEST, Issue, Opened
from digest.repository.door import required
from digest.repository.error_messages import Target, explained
from digest.repository.faults import Refused, RequestFault, lacking

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from digest.repository.retry import RetryingClient

# Who may write to the repository: https://docs.github.com/en/graphql/reference/enums#commentauthorassociation
_WRITERS = {"OWNER", "MEMBER", "COLLABORATOR"}
_INVALID = 422


class Issues:
    """The issues of a repository, of which a run writes the branch."""

    def __init__(self, client: RetryingClient, repository: str, branch: str) -> None:
        self._client, self._target = client, Target(repository, branch)
        self._address = f"/repos/{repository}/issues"
        self._own_login: str | None = None

    def since(self, moment: int) -> Iterator[Issue]:
        """The newest hundred issues, newest first, closed ones too; then those opened since the moment, oldest first.

        A page is asked for only where somebody goes on reading, and what was promised a while ago was mostly opened
        right then: whoever has found it stops, however many issues have come since.
        """
        with explained("read the issues", self._target, "issues: write"):
            newest, has_more = self._page(direction="desc")
            yield from newest
            if not has_more or not newest or newest[-1].created < moment:
                return
            seen = {issue.url for issue in newest}
            since = datetime.fromtimestamp(max(moment, 0), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            for number in count(1):
                # GitHub's `since` goes by the last change: older issues that were changed come first.
                page, has_more = self._page(direction="asc", since=since, page=number)
                yield from (issue for issue in page if issue.created >= moment and issue.url not in seen)
                if not has_more or not page or page[-1].url in seen:
                    return

    def _page(self, **parameters: Any) -> tuple[list[Issue], bool]:
        """The issues of a page, and whether there is another."""
        return self._client.page(
            lambda document: [_issue(one) for one in required(document, list)],
            self._address,
            state="all",
            sort="created",
            per_page=NEWEST,
            **parameters,
        )

    def open(self, title: str, body: str, labels: tuple[str, ...], opened: Callable[[], str | None]) -> Opened:
        """Opens an issue exactly once. `opened` looks for it, and is asked before it is sent again."""
        with explained("open the issue", self._target, "issues: write"):
            try:
                return Opened(self._open(title, body, labels, opened))
            except Refused as refused:
                if not labels or not _is_over_labels(refused):
                    raise
                return Opened(self._open(title, body, (), opened), refused.sentence)

    def _open(self, title: str, body: str, labels: tuple[str, ...], opened: Callable[[], str | None]) -> str:
        fields = {"title": title, "body": body, **({"labels": labels} if labels else {})}
        for number in count():
            try:
                made = self._client.once("POST", self._address, fields)
                return required(made.document, str, "html_url")
            except RequestFault as fault:
                if fault.fate_unknown and (address := self._lost(fault, opened)):
                    return address
                self._client.wait(fault, number)
                if address := opened():
                    return address
        raise AssertionError("unreachable: the loop ends by returning or raising")

    def _lost(self, fault: RequestFault, opened: Callable[[], str | None]) -> str | None:
        """The address of the issue whose answer was lost; the fault where no time is left to be sure of it."""
        for seconds in LOOKS:
            if not self._client.has(seconds):
                raise fault
            self._client.pause(seconds)
            if address := opened():
                return address
        return None

    def let_finish(self, seconds: float) -> None:
        """Time for a run that has committed to open its issue."""
        self._client.pause(seconds)

    def own_login(self) -> str:
        """The login of the token's own user, asked once; "" where the token belongs to an app.

        https://docs.github.com/en/rest/users/users#get-the-authenticated-user
        """
        if self._own_login is None:
            with explained("tell whose the token is", self._target, "issues: write"):
                try:
                    self._own_login = self._client.get(lambda user: required(user, str, "login"), "/user")
                except Refused as refused:
                    if refused.fate_unknown or refused.is_limit:
                        raise
                    self._own_login = ""
        return self._own_login


def _is_over_labels(refused: Refused) -> bool:
    """Whether the labels are what GitHub refuses, as where the token may not make new ones."""
    fields = {
        str(detail.get(name)).lower()
        for detail in refused.details
        if isinstance(detail, dict)
        for name in ("resource", "field")
    }
    return refused.status == _INVALID or bool(fields & {"label", "labels"}) or "label" in refused.sentence.lower()


def _issue(document: Any) -> Issue:
    user = required(document, dict).get("user") or {}  # none where the account was deleted
    return Issue(
        title=required(document, str, "title"),
        body=required(document.get("body") or "", str),
        created=_seconds(required(document, str, "created_at")),
        url=required(document, str, "html_url"),
        author=required(user, str, "login") if user else "",
        writer=document.get("author_association") in _WRITERS,
        bot=bool(user) and user.get("type") == "Bot",
        pull_request="pull_request" in document,
    )


def _seconds(moment: str) -> int:
    try:
        return int(datetime.fromisoformat(moment).timestamp())
    except (ValueError, OverflowError):
        raise lacking("created_at") from None
