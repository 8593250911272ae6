"""When the next request to arXiv may leave, how long to wait after a fault, and when to stop trying.

https://info.arxiv.org/help/api/tou.html: one request every three seconds, one connection at a time.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from typing import Protocol

_FIRST_WAIT, _LONGEST_WAIT = 5.0, 120.0
# A small budget is spent on more than one wait: the first is at most this part of it.
_FIRST_SHARE = 20


class Clock(Protocol):
    """Monotonic seconds and a way to let them pass."""

    def monotonic(self) -> float: ...
    def sleep(self, seconds: float, /) -> None: ...


@dataclass
class RateLimit:
    """One run's pace, and its budget for waiting.

    `interval` and `budget` are in seconds; the budget begins with the first fault.
    """

    interval: float
    budget: float
    clock: Clock = time
    chance: random.Random = field(default_factory=random.Random)
    _last_start: float | None = field(default=None, init=False)
    _deadline: float | None = field(default=None, init=False)
    _faults: int = field(default=0, init=False)

    def start(self) -> None:
        """Waits until the next request may leave, and counts it as started."""
        self.wait(self._until_next())
        self._last_start = self.clock.monotonic()

    def succeeded(self) -> None:
        """A sound answer came: arXiv is up."""
        self._faults = 0

    def fault(self, retry_after: float | None) -> float | None:
        """Seconds until the next try, growing and with jitter; None where the budget does not last so long.

        A try that was granted may be made even if others have used up the budget meanwhile.
        """
        now = self.clock.monotonic()
        self._faults += 1
        if self._deadline is None:
            # The request that failed first took its time out of the budget too.
            self._deadline = (now if self._last_start is None else self._last_start) + self.budget
        left = self.left()
        least = max(retry_after or 0.0, self._until_next())
        if left <= 0 or least > left:
            # Nobody else need wait for what this one cannot wait for.
            self._deadline = min(self._deadline, now)
            return None
        first = min(_FIRST_WAIT, self.budget / _FIRST_SHARE)
        growing = min(_LONGEST_WAIT, first * 2.0 ** (self._faults - 1)) * self.chance.uniform(0.75, 1.25)
        # The last try is made when the budget ends, not an unused minute before.
        return max(least, min(growing, left))

    def renew(self, budget: float) -> None:
        """A new budget of so many seconds, from the next fault on; the pace goes on."""
        self.budget, self._deadline, self._faults = budget, None, 0

    def left(self) -> float:
        """Seconds of the budget that are left."""
        return self.budget if self._deadline is None else max(0.0, self._deadline - self.clock.monotonic())

    def wait(self, seconds: float) -> None:
        until = self.clock.monotonic() + seconds
        while (left := until - self.clock.monotonic()) > 0:
            self.clock.sleep(left)

    def _until_next(self) -> float:
        """Seconds until the interval since the last start is over."""
        if self._last_start is None:
            return 0.0
        return max(0.0, self._last_start + self.interval - self.clock.monotonic())


def span(seconds: float) -> str:
    """A time for people: `5 h`, `8 min`, `37 s`, `0.3 s`."""
    if seconds >= 7200:
        return f"{seconds / 3600:.0f} h"
    if seconds >= 120:
        return f"{seconds / 60:.0f} min"
    return f"{seconds:.0f} s" if seconds >= 3 else f"{seconds:.1f} s"
