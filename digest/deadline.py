"""A time limit on what happens inside a `with`, by the alarm signal: for the main thread, and one at a time."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class TooLong(Exception):
    """It took longer than it may."""


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """TooLong, raised wherever the code inside stands by then."""

    def ring(*_: object) -> None:
        raise TooLong

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
