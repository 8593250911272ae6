"""SIGINT and SIGTERM end a run within a second, wherever it stands.

The runner sends SIGINT, 7.5 seconds later SIGTERM, and kills 2.5 seconds after that; `docker stop` sends SIGTERM, which
Python would ignore as the first process of a container: https://docs.docker.com/reference/cli/docker/container/stop/
"""

from __future__ import annotations

import os
import signal
import sys
from threading import Event, Thread
from time import monotonic, sleep
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

SENTENCE = "The run was cancelled. It is safe to run again, and the next run makes up for it."
_SIGNALS = (signal.SIGINT, signal.SIGTERM)
# Seconds for the sentence and the outputs, and until it is raised again.
_GRACE = 0.7
_AGAIN = 0.1
_CAUGHT = Event()


class Cancelled(BaseException):
    """Somebody ended the run; no handler of errors takes it for one."""

    def __str__(self) -> str:
        return SENTENCE


def raise_when_cancelled(last_words: Callable[[], object]) -> None:
    """From now on either signal raises Cancelled in the main thread, again and again until it is `caught`.

    Where that stands in a call of the system that does not return, such as looking up a name, the process ends all the
    same, after `last_words`.
    """
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    for number in _SIGNALS:
        signal.signal(number, _cancel)
    sys.unraisablehook = _say_dropped
    Thread(target=_end, args=(woken, last_words), daemon=True).start()


def caught() -> None:
    """Whoever catches Cancelled says so first; what is left to do is not interrupted."""
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    _CAUGHT.set()


def _say_dropped(dropped: sys.UnraisableHookArgs) -> None:
    """Says what Python drops, as it does by itself; Cancelled is raised again, so its traceback would only confuse."""
    if not isinstance(dropped.exc_value, Cancelled):
        sys.__unraisablehook__(dropped)


def _cancel(*_: int | FrameType | None) -> None:
    raise Cancelled


def _end(woken: int, last_words: Callable[[], object]) -> None:
    # The alarm that bounds requests wakes too.
    while not {*os.read(woken, 16)} & set(_SIGNALS):
        pass
    ends = monotonic() + _GRACE
    # Python drops what is raised inside a destructor.
    while not _CAUGHT.wait(_AGAIN) and monotonic() < ends:
        os.kill(os.getpid(), signal.SIGTERM)
    sleep(max(0.0, ends - monotonic()))
    last_words()
    os._exit(1)
