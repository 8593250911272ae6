"""A repository as a run sees it: its branches, its pull requests and its issues, through one connection."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from digest.repository.branch import Branch
from digest.repository.comparison import compared
from digest.repository.door import Door
from digest.repository.error_messages import Target
from digest.repository.issues import Issues
from digest.repository.pulls import Pulls
from digest.repository.ref import Ref
from digest.repository.retry import RetryingClient
from digest.repository.standing_issue import StandingIssue

if TYPE_CHECKING:
    from collections.abc import Callable

    from digest.config import Config
    from digest.proposal import Comparison
    from digest.repository.retry import Clock

# Seconds for one request, until its answer is whole; GitHub itself gives up after ten.
TIMEOUT = 30.0


@dataclass(frozen=True)
class Repository:
    """What a run reads and writes.

    base: the branch that is read
    target: the branch that is written
    ref: of that branch
    compare: the target beside the base; None where there is no such branch
    pulls: the pull requests from the target to the base
    issues: where papers are announced
    close: ends the connection
    """

    base: Branch
    target: Branch
    ref: Ref
    compare: Callable[[], Comparison | None]
    pulls: Pulls
    issues: Issues
    close: Callable[[], None]


def connect(config: Config, clock: Clock = time, timeout: float = TIMEOUT) -> Repository:
    """The repository that the config names. Nothing is asked yet.

    `clock` is what pauses go by; `timeout` the most seconds that one request takes.
    """
    door = Door(config.runner, config.token, timeout)
    client, repository, places = RetryingClient(door, clock), config.runner.repository, config.places
    base = target = Target(repository, places.base, by_pull_request=config.pull_request)
    if config.pull_request:
        target = replace(base, branch=places.target, input="pull-request-branch")
    issues = StandingIssue if config.notify == "comment" else Issues
    return Repository(
        base=Branch(client, base),
        target=Branch(client, target),
        ref=Ref(client, target),
        compare=lambda: compared(client, target, places.base),
        pulls=Pulls(client, target, places.base, config.runner.server_url),
        issues=issues(client, target, config.section),
        close=door.close,
    )
