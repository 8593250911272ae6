"""A run in this process, which costs a quarter of one apart: the entry point, and a clock that never waits."""

from __future__ import annotations

import os
import time
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO, TextIOWrapper
from pathlib import Path
from threading import current_thread, main_thread
from typing import TYPE_CHECKING
from unittest.mock import patch

import entrypoint
from digest.repository.connection import TIMEOUT, connect
from sandbox.action import Run, read_outputs
from sandbox.github.faults import at, drop, lose

if TYPE_CHECKING:
    from digest.sources.rate_limit import Clock
    from sandbox.action import Action
    from sandbox.github.faults import Condition
    from sandbox.github.wire import Request


@dataclass
class Hurried:
    """A clock whose pauses take no time; `slept` holds them, and each second of an answer counts as `pace` seconds."""

    slept: list[float] = field(default_factory=list)
    pace: float = 1

    def time(self) -> float:
        return time.time() + sum(self.slept)

    def monotonic(self) -> float:
        return time.monotonic() * self.pace + sum(self.slept)

    def sleep(self, seconds: float, /) -> None:
        self.slept.append(seconds)


def run_here(
    action: Action,
    clock: Hurried | None = None,
    timeout: float = TIMEOUT,
    arxivs_clock: Clock | None = None,
    /,
    **inputs: str,
) -> Run:
    """One run; what GitHub has not answered within `timeout` seconds is given up.

    Pauses go by `clock`, those between requests to arXiv by `arxivs_clock`. Signals bound its requests, which only
    the main thread hears: from a hook of a stand-in, start a process.
    """
    assert current_thread() is main_thread(), "a run in another thread fails at its first request"
    action.runs += 1
    environ = action.environ(**inputs)
    written = BytesIO()
    with (
        patch.dict(os.environ, environ, clear=True),
        redirect_stdout(TextIOWrapper(written)),
    ):
        code = entrypoint.main(partial(connect, clock=clock or Hurried(), timeout=timeout), arxivs_clock or Hurried())
        log = written.getvalue().decode()
    summary = Path(environ["GITHUB_STEP_SUMMARY"] or os.devnull)
    outputs = read_outputs(Path(environ["GITHUB_OUTPUT"] or os.devnull))
    return Run(code, log, outputs, summary.read_text("utf-8") if summary.exists() else "")


def dead_after(action: Action, when: int | Condition) -> None:
    """A run that dies right after the effect of a request: nothing of what it asks afterwards arrives."""
    dies = at(len(action.github.requests) + when) if isinstance(when, int) else when
    died: list[int] = []

    def first(request: Request) -> bool:
        if not died and dies(request):
            died.append(request.index)
        return [request.index] == died

    action.github.fail(lose(), first)
    action.github.fail(drop(), lambda request: bool(died) and request.index > died[0], times=None)
    gone = run_here(action)
    assert gone.code == 1, gone.log
    action.github.heal()
