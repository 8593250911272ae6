"""When the next request to arXiv may leave, how long to wait after a fault, and when to stop trying.

https://info.arxiv.org/help/api/tou.html: one request every three seconds, one connection at a time.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from typing import Protocol

_FIRST_WAIT, _LONGEST_WAIT = 5.0, 120.0
# So many requests in a row without a sound answer, and arXiv is taken to be down.
_DOWN = 3


class Clock(Protocol):
    """Monotonic seconds and a way to let them pass."""

    def monotonic(self) -> float: ...
    def sleep(self, seconds: float, /) -> None: ...


@dataclass
class Pace:
    """One run's pace and patience. `interval` and `budget` are in seconds; the budget begins with the first fault."""

    interval: float
    budget: float
    clock: Clock = time
    _last_start: float | None = None
    _deadline: float | None = None
    _faults: int = 0
    _chance: random.Random = field(default_factory=random.Random)

    def start(self) -> None:
        """Waits until the next request may leave, and counts it as started."""
        if self._last_start is not None:
            self._sleep_until(self._last_start + self.interval)
        self._last_start = self.clock.monotonic()

    def sound(self) -> None:
        """A sound answer came: arXiv is up."""
        self._faults = 0

    def fault(self, retry_after: float | None) -> float | None:
        """Seconds to wait before the next try, growing and with jitter; None where the budget does not last so long."""
        now = self.clock.monotonic()
        self._faults += 1
        if self._deadline is None:
            # The request that failed first took its time out of the budget too.
            self._deadline = (self._last_start or now) + self.budget
        left = self._deadline - now
        if retry_after is not None and retry_after > left:
            self._deadline = now
            return None
        first = min(_FIRST_WAIT, self.budget / 20)
        growing = min(_LONGEST_WAIT, first * 2 ** (self._faults - 1)) * self._chance.uniform(0.75, 1.25)
        # The last try is made when the patience ends, not an unused minute before.
        return max(min(growing, left), retry_after or 0.0) if left > 0 else None

    def left(self) -> float:
        """Seconds of patience left."""
        return self.budget if self._deadline is None else max(0.0, self._deadline - self.clock.monotonic())

    def down(self) -> bool:
        """Whether arXiv is taken to be down: nothing but faults, and no patience left to try more."""
        return self._faults >= _DOWN and self.left() == 0.0

    def wait(self, seconds: float) -> None:
        self._sleep_until(self.clock.monotonic() + seconds)

    def _sleep_until(self, moment: float) -> None:
        while (left := moment - self.clock.monotonic()) > 0:
            self.clock.sleep(left)
