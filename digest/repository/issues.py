"""A repository's issues: reads them, and opens one exactly once: https://docs.github.com/en/rest/issues."""

from __future__ import annotations

from functools import partial
from itertools import count
from typing import TYPE_CHECKING

from github import GithubException
from github.GithubObject import NotSet

from digest.issue import Issue
from digest.repository.error_messages import explained
from digest.repository.retry import FAULTS, SETTLES, fate_unknown, sound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from github.AuthenticatedUser import AuthenticatedUser
    from github.Issue import Issue as Listed
    from github.NamedUser import NamedUser
    from github.Repository import Repository

    from digest.repository.retry import Patience

PAGE = 100
# Who may write to the repository: https://docs.github.com/en/graphql/reference/enums#commentauthorassociation
_WRITERS = {"OWNER", "MEMBER", "COLLABORATOR"}


class Issues:
    """The issues of a repository, of which a run writes the branch."""

    def __init__(
        self, repository: Repository, branch: str, patience: Patience, user: Callable[[], AuthenticatedUser]
    ) -> None:
        """`user` asks who the token belongs to."""
        self._repository, self._branch, self._patience, self._user = repository, branch, patience, user
        self._own_login: str | None = None

    def since(self, moment: int) -> Iterator[Issue]:
        """The issues, newest first, closed ones too: the newest hundred, and all that were opened since the moment."""
        listed = self._repository.get_issues(state="all", sort="created", direction="desc")
        with explained("read the issues", self._branch, "issues: write"):
            for number in count():
                page = list(map(_issue, self._patience.asked(partial(listed.get_page, number))))
                yield from page
                if len(page) < PAGE or page[-1].created < moment:
                    return

    def open(self, title: str, body: str, labels: tuple[str, ...], opened: Callable[[], str | None]) -> str:
        """Opens an issue exactly once; its address. `opened` looks for it, and is asked before it is sent again."""
        with explained("open the issue", self._branch, "issues: write"):
            for number in count():
                try:
                    made = self._repository.create_issue(title, body, labels=list(labels) or NotSet)
                    return sound(made.html_url)
                except FAULTS as fault:
                    if fate_unknown(fault):
                        self._patience.pause(SETTLES)
                        if address := opened():
                            return address
                    self._patience.wait(fault, number)
                    if address := opened():
                        return address
        raise AssertionError("unreachable: the loop ends by returning or raising")

    def let_finish(self, seconds: float) -> None:
        """Time for a run that has committed to open its issue."""
        self._patience.pause(seconds)

    def own_login(self) -> str:
        """The login of the token's own user, asked once; "" where the token belongs to an app.

        https://docs.github.com/en/rest/users/users#get-the-authenticated-user
        """
        if self._own_login is None:
            try:
                self._own_login = self._patience.asked(lambda: sound(self._user().login))
            except GithubException:
                self._own_login = ""
        return self._own_login


def _issue(listed: Listed) -> Issue:
    user: NamedUser | None = listed.user  # None where the account was deleted
    return Issue(
        title=listed.title,
        body=listed.body or "",
        created=int(listed.created_at.timestamp()),
        url=listed.html_url,
        author=user.login if user else "",
        writer=listed.author_association in _WRITERS,
        bot=user is not None and user.type == "Bot",
        # Another field would be asked for again, issue by issue.
        pull_request="/pull/" in listed.html_url,
    )
