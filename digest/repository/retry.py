"""When GitHub is asked once more, and after how long, where it fails, throttles or is silent: a budget a run.

https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
"""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from digest.repository.faults import Refused, RequestFault, Unanswered

if TYPE_CHECKING:
    from collections.abc import Callable

    from digest.repository.door import Answer, Door

T = TypeVar("T")

# Seconds that a run waits for GitHub in all: answers, pauses, and other runs' issues.
BUDGET = 180.0
_TRIES = 4
# Seconds until what GitHub may still be doing is done and shows.
SETTLES = 1.5
# Where a secondary limit does not say how long to wait, GitHub asks for a minute at least.
_SECONDARY_WAIT = 60.0


class Clock(Protocol):
    """Seconds since 1970, seconds since whenever that no adjustment moves, and a way to let some pass."""

    def time(self) -> float: ...
    def monotonic(self) -> float: ...
    def sleep(self, seconds: float, /) -> None: ...


class RetryingClient:
    """Asks through the door, again where that may help, until a run has waited for GitHub for so long in all."""

    def __init__(self, door: Door, clock: Clock = time, budget: float = BUDGET) -> None:
        """`budget` in seconds."""
        self._door, self._clock, self._budget, self._left = door, clock, budget, budget

    @property
    def graphql_url(self) -> str:
        return self._door.graphql_url

    def once(self, verb: str, path: str, body: object = None, **parameters: Any) -> Answer:
        """The answer to a request that is sent once. RequestFault where there is none."""
        if self._left <= 0:
            raise Unanswered(f"it kept this run waiting for {self._budget:.0f} s in all", arrived=False)
        began = self._clock.monotonic()
        try:
            return self._door.send(verb, path, parameters, body, self._left)
        finally:
            self._left -= self._clock.monotonic() - began

    def get(self, read: Callable[[Any], T], path: str, **parameters: Any) -> T:
        """What is read of the answer to a request that changes nothing."""
        return self.page(read, path, **parameters)[0]

    def page(self, read: Callable[[Any], T], path: str, **parameters: Any) -> tuple[T, bool]:
        """The same of one page of a list, and whether there is another."""
        return self._repeated(lambda: _page(read, self.once("GET", path, **parameters)))

    def make(self, read: Callable[[Any], T], path: str, body: object) -> T:
        """What is read of the answer about an object that GitHub names by its content, so that it may be made twice."""
        return self._repeated(lambda: read(self.once("POST", path, body).document))

    def _repeated(self, ask: Callable[[], T]) -> T:
        number = 0
        while True:
            try:
                return ask()
            except RequestFault as fault:
                self.wait(fault, number)
            number += 1

    def wait(self, fault: RequestFault, number: int, *, passing: bool = False) -> None:
        """Waits before the request is sent again; raises the fault of try `number` (from 0) where that is of no use.

        `passing` says that GitHub may well grant in a moment what it refused.
        """
        seconds = self._seconds(fault, number, passing)
        if seconds is None or not self.has(seconds) or number + 1 >= _TRIES:
            raise fault
        self.pause(seconds)

    def pause(self, seconds: float) -> None:
        self._left -= seconds
        self._clock.sleep(seconds)

    def has(self, seconds: float) -> bool:
        """Whether so much is left."""
        return seconds < self._left

    def _seconds(self, fault: RequestFault, number: int, passing: bool) -> float | None:
        """None where no waiting helps."""
        growing = random.uniform(0.5, 1.0) * (1 << number)  # noqa: S311 - jitter, no secret
        if not isinstance(fault, Refused):
            return None if isinstance(fault, Unanswered) and not fault.heals else growing
        if fault.is_limit:
            if fault.reset is not None:
                return max(growing, fault.reset - self._clock.time() + 1)
            return max(growing, fault.retry_after or _SECONDARY_WAIT)
        if fault.fate_unknown:
            return max(growing, fault.retry_after or 0.0)
        return growing if passing else None


def _page(read: Callable[[Any], T], answer: Answer) -> tuple[T, bool]:
    return read(answer.document), answer.has_next
