"""A repository as a run sees it: the files of the branch that it writes, and the issues, through one connection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from github import Auth, Github

from digest.repository.branch import Branch
from digest.repository.issues import PAGE, Issues
from digest.repository.retry import Patience

if TYPE_CHECKING:
    from collections.abc import Callable

    from digest.config import Config

# Seconds without an answer; GitHub itself gives up after ten.
_TIMEOUT = 20


@dataclass(frozen=True)
class Repository:
    """What a run reads and writes; `close` ends the connection."""

    branch: Branch
    issues: Issues
    close: Callable[[], None]


def connect(config: Config) -> Repository:
    """The repository that the config names. Nothing is asked yet."""
    # PyGithub would repeat a POST, which makes a second issue, sleep for an hour and pause between requests.
    github = Github(
        auth=Auth.Token(config.token) if config.token else None,
        base_url=config.runner.api_url,
        timeout=_TIMEOUT,
        retry=None,
        seconds_between_requests=0,
        seconds_between_writes=0,
        per_page=PAGE,
        user_agent="daily-papers",
        lazy=True,
    )
    parts = (github.get_repo(config.runner.repository), config.places.target, Patience())
    return Repository(Branch(*parts), Issues(*parts, github.get_user), github.close)
