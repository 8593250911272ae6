"""A time limit on what happens inside a `with`, by the alarm signal: for the main thread, and one at a time.

It cannot end a single call of C code that does not return, such as looking up a name.
"""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


# Python drops what is raised inside a destructor: then it rings again, in seconds.
_AGAIN = 0.1


class TooLong(Exception):
    """It took longer than it may."""


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """TooLong, raised wherever the code inside stands by then."""

    ended = False

    def ring(*_: object) -> None:
        if not ended:
            raise TooLong

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
    try:
        yield
    finally:
        ended = True
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
