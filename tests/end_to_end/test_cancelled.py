"""SIGINT and SIGTERM, as the runner's *Cancel* and `docker stop` send them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import redirect_stdout
from io import BytesIO, TextIOWrapper
from typing import TYPE_CHECKING, Never
from unittest.mock import patch

import pytest

import entrypoint
from digest.cancelled import SENTENCE, Cancelled
from sandbox.arxiv import faults
from sandbox.github.faults import hang, verb
from tests.factories import announced, papers, started

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sandbox.action import Action, Run

SIGNALS = pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])


def until(reached: Callable[[], object]) -> None:
    began = time.monotonic()
    while not reached():
        assert time.monotonic() - began < 20
        time.sleep(0.01)


def cancelled(action: Action, number: signal.Signals, reached: Callable[[], object], **inputs: str) -> Run:
    """A run that gets the signal once it has come so far, and what it left behind; at most a second after that."""
    process = action.start(**inputs)
    until(reached)
    process.send_signal(number)
    began = time.monotonic()
    run = action.finish(process)
    assert time.monotonic() - began < 1.0
    assert run.code == 1
    assert run.log.count(SENTENCE) == 1
    assert "Traceback" not in run.log
    assert run.outputs["commit-sha"] == ("" if not action.github.log()[1:] else action.github.log()[0].sha)
    assert SENTENCE in run.summary
    return run


@SIGNALS
def test_while_arxiv_says_nothing(tmp_path: Path, number: signal.Signals) -> None:
    with started(tmp_path, papers([1])) as action:
        action.arxiv.fail(faults.hang())
        run = cancelled(action, number, lambda: action.arxiv.requests)
        assert run.outputs["changed"] == "false"


@SIGNALS
def test_while_it_waits_to_ask_again(tmp_path: Path, number: signal.Signals) -> None:
    with started(tmp_path, papers([1]), retry_minutes="10") as action:
        action.arxiv.fail(faults.throttled("60"))
        cancelled(action, number, lambda: action.arxiv.requests)


@SIGNALS
def test_while_github_is_silent_to_the_reader(tmp_path: Path, number: signal.Signals) -> None:
    with started(tmp_path, papers([1])) as action:
        action.github.fail(hang(), lambda _: True, times=None)
        cancelled(action, number, lambda: action.arxiv.requests and action.github.requests)


@SIGNALS
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_while_it_writes_and_the_next_run_makes_up_for_it(tmp_path: Path, number: signal.Signals, method: str) -> None:
    with started(tmp_path, papers([1, 2])) as action:
        action.github.fail(hang(), verb(method))
        cancelled(action, number, lambda: any(request.verb == method for request in action.github.requests))
        action.github.heal()

        assert action.run().code == 0
        assert set(announced(action).values()) == {1}
        assert len(announced(action)) == 2


def test_while_a_template_computes(tmp_path: Path) -> None:
    template = b"{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    with started(tmp_path, papers([1]), {"t.j2": template}, template="t.j2") as action:
        cancelled(action, signal.SIGTERM, lambda: action.arxiv.requests and len(action.github.requests) > 2)


def test_while_a_class_is_made(tmp_path: Path) -> None:
    """As while modules are loaded: Python 3.11 hides what is raised there behind a RuntimeError."""

    def connect(_: object) -> Never:
        raise RuntimeError from Cancelled()

    with (
        started(tmp_path, papers([1])) as action,
        patch.dict(os.environ, action.environ(), clear=True),
        redirect_stdout(TextIOWrapper(written := BytesIO())),
    ):
        assert entrypoint.main(connect) == 1
        log = written.getvalue().decode()
    assert SENTENCE in log
    assert "Traceback" not in log


DEAF = """
import ctypes, os, signal, threading
from digest.cancelled import raise_when_cancelled
raise_when_cancelled(lambda: print("last words", flush=True))
mutex = ctypes.create_string_buffer(64)
threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGTERM)).start()
for _ in range(2):
    ctypes.CDLL(None).pthread_mutex_lock(mutex)
"""


def test_inside_a_call_of_the_system_that_does_not_return() -> None:
    """As when a name is looked up."""
    ended = subprocess.run([sys.executable, "-c", DEAF], capture_output=True, text=True, timeout=5, check=False)
    assert (ended.returncode, ended.stdout) == (1, "last words\n")


SWALLOWED = """
import os, signal, time
from digest.cancelled import Cancelled, caught, raise_when_cancelled
raise_when_cancelled(lambda: print("last words", flush=True))

class Dies:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0)

try:
    Dies()
    time.sleep(5)
except Cancelled:
    caught()
    print("caught", flush=True)
    os._exit(1)
"""


def test_inside_a_destructor_where_python_drops_what_is_raised() -> None:
    ended = subprocess.run([sys.executable, "-c", SWALLOWED], capture_output=True, text=True, timeout=5, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (1, "caught\n", "")
