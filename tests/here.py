"""A run in this process, for tests that need many: the same inputs and stand-ins, and a clock that never waits."""

from __future__ import annotations

import io
import time
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

from digest import workflow
from digest.errors import DigestError
from digest.inputs import parse
from digest.patience import Patience
from digest.run import run
from sandbox.action import Run, read_outputs
from sandbox.github_faults import at, drop, lose

if TYPE_CHECKING:
    from tests.conftest import Action


@dataclass
class Hurried:
    """A clock whose pauses take no time; `slept` holds them."""

    slept: list[float] = field(default_factory=list)

    def time(self) -> float:
        return time.time() + sum(self.slept)

    def sleep(self, seconds: float, /) -> None:
        self.slept.append(seconds)


def run_here(action: Action, clock: Hurried | None = None, repository_id: str = "7", **inputs: str) -> Run:
    """One run; what `entrypoint.py` does, without its process. Requests that hang are given up soon."""
    action.runs += 1
    environ, log = action.environ(**inputs) | {"GITHUB_REPOSITORY_ID": repository_id}, io.StringIO()
    hurried = clock or Hurried()
    with (
        redirect_stdout(log),
        patch("digest.repository.Patience", lambda: Patience(clock=hurried)),
        patch("digest.repository._TIMEOUT", 1),
    ):
        try:
            code = run(parse(environ))
        except DigestError as error:
            workflow.error(str(error))
            code = 1
    outputs = read_outputs(Path(environ["GITHUB_OUTPUT"]))
    return Run(code, log.getvalue(), outputs, "")


def dead_after(action: Action, index: int) -> None:
    """A run that dies right after the effect of a request: nothing of what it asks afterwards arrives."""
    asked = len(action.github.requests)
    action.github.fail(lose(), at(asked + index))
    action.github.fail(drop(), lambda request: request.index > asked + index, times=None)
    gone = run_here(action)
    assert gone.code == 1, gone.log
    action.github.heal()
