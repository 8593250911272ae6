"""One branch of a repository and its issues: reads and commits files, reads issues and opens one.

With `digest.github.files` the only module that talks to GitHub: https://docs.github.com/en/rest/issues.
"""

from __future__ import annotations

from functools import partial
from itertools import count
from typing import TYPE_CHECKING

from github import Auth, Github
from github.GithubObject import NotSet

from digest.announce import Issue
from digest.github.files import Files
from digest.github.patience import FAULTS, SETTLES, Patience, fate_unknown, sound
from digest.github.refusals import explained

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from github.Issue import Issue as Listed
    from github.NamedUser import NamedUser

    from digest.config import Config

# Seconds without an answer; GitHub itself gives up after ten.
_TIMEOUT = 20
_PAGE = 100
# Who may write to the repository: https://docs.github.com/en/graphql/reference/enums#commentauthorassociation
_WRITERS = {"OWNER", "MEMBER", "COLLABORATOR"}
_ISSUE_TAKES = 3.0


class Repository(Files):
    """The files of the branch that a run writes, and its repository's issues."""

    def __init__(self, config: Config) -> None:
        # PyGithub would repeat a POST, which makes a second issue, sleep for an hour and pause between requests.
        self._github = Github(
            auth=Auth.Token(config.token) if config.token else None,
            base_url=config.runner.api_url,
            timeout=_TIMEOUT,
            retry=None,
            seconds_between_requests=0,
            seconds_between_writes=0,
            per_page=_PAGE,
            user_agent="daily-papers",
            lazy=True,
        )
        super().__init__(self._github.get_repo(config.runner.repository), config.branch, Patience())

    def close(self) -> None:
        self._github.close()

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


def _issue(listed: Listed) -> Issue:
    user: NamedUser | None = listed.user  # None where the account was deleted
    writer = listed.author_association in _WRITERS or (user is not None and user.type == "Bot")
    return Issue(listed.title, listed.body or "", int(listed.created_at.timestamp()), listed.html_url, writer)
