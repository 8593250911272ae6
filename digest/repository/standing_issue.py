"""One standing issue, in which each announcement is a comment: https://docs.github.com/en/rest/issues/comments."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from digest import standing
from digest.issue import Opened, Writers, is_believed
from digest.repository.error_messages import explained
from digest.repository.exactly_once import made_once
from digest.repository.faults import Refused
from digest.repository.issue_lists import comment, issue, page
from digest.repository.issues import Issues

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from digest.announcement import Announcement
    from digest.issue import Issue

# So many pages of issues are looked through, the last changed first, for one to comment on.
_PAGES = 10
_FORBIDDEN, _GONE = 403, (404, 410)
# What GitHub says where an issue takes no comment more: `Commenting is disabled on issues with more than 2500 comments`
# and `Unable to create comment because issue is locked.`
_TAKES_NO_MORE = ("commenting is disabled", "locked")


class StandingIssue(Issues):
    """The issues of a repository; each announcement is a comment in the standing one of a section."""

    def since(self, moment: int, *, comments: bool = True) -> Iterator[Sequence[Issue]]:  # noqa: ARG002 - always
        """Comments and issues: once each announcement may have been an issue."""
        return super().since(moment, comments=True)

    def open(self, announcement: Announcement, labels: tuple[str, ...], opened: Callable[[], Issue | None]) -> Opened:
        """Adds a comment exactly once, in a new standing issue where there is none that takes it."""
        with explained("add a comment", self.target, "issues: write"):
            usable, former = self._standing(announcement.apps)
            for known in usable:
                try:
                    return Opened(known, self._add(known, announcement.body, opened), is_new=False)
                except Refused as refused:
                    if not _takes_no_more(refused):
                        raise
                    former = known
            made = self._open_standing(announcement, labels, former, usable)
            return replace(made, comment=self._add(made.issue, announcement.body, opened))

    def _add(self, to: Issue, body: str, added: Callable[[], Issue | None]) -> str:
        """The address of a comment, added exactly once."""
        path = f"{self.address}/{to.number}/comments"
        return made_once(self.client, path, {"body": body}, comment, added).url

    def _open_standing(
        self, announcement: Announcement, labels: tuple[str, ...], former: Issue | None, refused: Sequence[Issue]
    ) -> Opened:
        """A new standing issue, or one that another run opened meanwhile; none of those that refused the comment."""
        numbers = {one.number for one in refused}

        def opened() -> Issue | None:
            return next((one for one in self._standing(announcement.apps)[0] if one.number not in numbers), None)

        body = standing.body(announcement.standing, former.url if former else "", self.section)
        return self.open_issue(announcement.title, body, labels, opened)

    def _standing(self, apps: tuple[str, ...]) -> tuple[list[Issue], Issue | None]:
        """The standing issues that take comments, oldest first: all runs take that one. And the last that does not."""
        writers, former = Writers(apps, self.own_login), None
        for number in range(1, _PAGES + 1):
            changed, has_more = page(
                self.client, self.address, issue, state="all", sort="updated", direction="desc", page=number
            )
            own = [one for one in changed if standing.is_standing(one, self.section) and is_believed(one, writers)]
            if usable := [one for one in own if standing.is_usable(one)]:
                return sorted(usable, key=lambda one: one.number), former
            former = former or (own[0] if own else None)
            if not has_more:
                break
        return [], former


def _takes_no_more(refused: Refused) -> bool:
    """Whether it is the issue that takes no comment, and another one might."""
    words = refused.sentence.lower()
    return refused.status in _GONE or (refused.status == _FORBIDDEN and any(said in words for said in _TAKES_NO_MORE))
