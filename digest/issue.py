"""What GitHub's list of issues says of one. Pure: https://docs.github.com/en/rest/issues/issues#list-repository-issues"""

from __future__ import annotations

from dataclasses import dataclass

# So many of the newest issues are looked at whatever they tell: one page of GitHub's list.
NEWEST = 100
# Seconds after which an issue is looked for that somebody may just have opened, each after the one before: GitHub was
# seen to list one half a minute late.
LOOKS = (3, 6, 12, 24)


@dataclass(frozen=True)
class Issue:
    """An issue as far as announcements need it.

    title: as it stands now
    body: as it stands now
    created: in seconds since 1970
    url: its address for people
    author: login of who opened it, "" where the account was deleted
    writer: whether GitHub says that the author may write to the repository, or might, as it says of members
    bot: whether an app opened it
    pull_request: GitHub lists pull requests among the issues
    """

    title: str
    body: str
    created: int
    url: str
    author: str = ""
    writer: bool = True
    bot: bool = False
    pull_request: bool = False


@dataclass(frozen=True)
class Opened:
    """An issue that was opened.

    url: its address for people
    without_labels: GitHub's words where it refused the labels, so that the issue has none; "" where it took them
    """

    url: str
    without_labels: str = ""
