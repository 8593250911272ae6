"""A repository as a run sees it: the files of the branch that it writes, and the issues, through one connection."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.repository.branch import Branch
from digest.repository.door import Door
from digest.repository.issues import Issues
from digest.repository.retry import RetryingClient

if TYPE_CHECKING:
    from collections.abc import Callable

    from digest.config import Config
    from digest.repository.retry import Clock

# Seconds for one request, until its answer is whole; GitHub itself gives up after ten.
TIMEOUT = 30.0


@dataclass(frozen=True)
class Repository:
    """What a run reads and writes; `close` ends the connection."""

    branch: Branch
    issues: Issues
    close: Callable[[], None]


def connect(config: Config, clock: Clock = time, timeout: float = TIMEOUT) -> Repository:
    """The repository that the config names. Nothing is asked yet.

    `clock` is what pauses go by; `timeout` the most seconds that one request takes.
    """
    door = Door(config.runner, config.token, timeout)
    parts = (RetryingClient(door, clock), config.runner.repository, config.places.target)
    return Repository(Branch(*parts), Issues(*parts), door.close)
