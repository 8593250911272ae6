"""What GitHub's lists say of an issue or a comment. Pure.

https://docs.github.com/en/rest/issues/issues#list-repository-issues and
https://docs.github.com/en/rest/issues/comments#list-issue-comments-for-a-repository
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

# So many of the newest issues are looked at whatever they tell: one page of GitHub's list.
NEWEST = 100
# Seconds after which an issue is looked for that somebody may just have opened, each after the one before: GitHub was
# seen to list one half a minute late.
LOOKS = (3, 6, 12, 24)
_APP = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*\[bot\]")
_LONGEST_APP = 60
# Tells the login of the token's own user, "" where it has none; it may cost a request.
OwnLogin: TypeAlias = "Callable[[], str]"


def _nobody() -> str:
    return ""


@dataclass(frozen=True)
class Writers:
    """Who writes for us, besides those of whom GitHub says that they may write to the repository.

    apps: logins of the apps whose tokens have written the section; other apps may write what strangers tell them
    own_login: tells the token's own user
    """

    apps: tuple[str, ...] = ()
    own_login: OwnLogin = _nobody


@dataclass(frozen=True)
class Issue:
    """An issue, or a comment in one, as far as announcements need it.

    title: as it stands now; "" of a comment
    body: as it stands now
    created: in seconds since 1970
    url: its address for people
    author: login of who wrote it, "" where the account was deleted
    writer: whether GitHub says that the author may write to the repository; of an organization's members it says only
        that they belong to it
    bot: whether an app wrote it
    pull_request: GitHub lists pull requests among the issues
    number: by which it is called in the repository; 0 of a comment
    is_open: and not closed
    is_locked: so that only who may write to the repository may comment on it
    comments: how many it has
    """

    title: str
    body: str
    created: int
    url: str
    author: str = ""
    writer: bool = True
    bot: bool = False
    pull_request: bool = False
    number: int = 0
    is_open: bool = True
    is_locked: bool = False
    comments: int = 0


def is_app(login: str) -> bool:
    """Whether it is an app's: GitHub names it as the author of what the app's token commits."""
    return len(login) <= _LONGEST_APP and bool(_APP.fullmatch(login))


def is_believed(issue: Issue, writers: Writers) -> bool:
    """Whether who wrote it may write to the repository, or might, or writes for us."""
    if issue.bot:
        return issue.author in writers.apps
    return issue.writer or (issue.author != "" and issue.author == writers.own_login())


@dataclass(frozen=True)
class Opened:
    """An announcement that was made.

    issue: the one that tells of the papers, or in which the comment stands
    comment: the address of the comment that tells of them, "" where the issue does
    is_new: whether the issue was opened for it
    without_labels: GitHub's words where it refused the labels, so that the issue has none; "" where it took them
    """

    issue: Issue
    comment: str = ""
    is_new: bool = True
    without_labels: str = ""
