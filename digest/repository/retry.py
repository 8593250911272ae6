"""When GitHub is asked once more, and after how long: a run's patience where it fails, throttles or is silent.

https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import requests
from github import BadAttributeException, GithubException

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias, TypeVar

    T = TypeVar("T")

# What PyGithub raises over a refusal, over silence, and over an answer that is not GitHub's, such as a page of HTML.
FAULTS = (
    GithubException,
    requests.RequestException,
    BadAttributeException,
    AssertionError,
    AttributeError,
    TypeError,
    ValueError,
)
Fault: TypeAlias = (
    "GithubException | requests.RequestException | BadAttributeException | AssertionError | AttributeError | TypeError"
    "| ValueError"
)
# Seconds until what GitHub may still be doing is done and shows.
SETTLES = 1.5
_FORBIDDEN, _TOO_MANY, _SERVER_ERROR = 403, 429, 500
# Where a secondary limit does not say how long to wait, GitHub asks for a minute at least.
_SECONDARY_WAIT = 60.0


class Clock(Protocol):
    """Seconds since 1970, and a way to let some pass."""

    def time(self) -> float: ...
    def sleep(self, seconds: float, /) -> None: ...


@dataclass
class Patience:
    """How often a request is sent at most, and how many seconds a run waits for GitHub in all."""

    tries: int = 4
    left: float = 180.0
    clock: Clock = time

    def asked(self, send: Callable[[], T]) -> T:
        """The answer to a request that may be repeated as it is: it reads, or makes what is named by its content."""
        number = 0
        while True:
            try:
                return send()
            except FAULTS as fault:
                self.wait(fault, number)
            number += 1

    def wait(self, fault: Fault, number: int, *, passing: bool = False) -> None:
        """Waits before the request is sent again; raises the fault of try `number` (from 0) where that is of no use.

        `passing` says that GitHub may well grant in a moment what it refused.
        """
        seconds = self._wait(fault, number, passing)
        if seconds is None or seconds > self.left or number + 1 >= self.tries:
            raise fault
        self.pause(seconds)

    def pause(self, seconds: float) -> None:
        self.left -= seconds
        self.clock.sleep(seconds)

    def _wait(self, fault: Fault, number: int, passing: bool) -> float | None:
        growing = random.uniform(0.5, 1.0) * (1 << number)  # noqa: S311 - jitter, no secret
        if fate_unknown(fault):
            return max(growing, _retry_after(fault) or 0.0)
        if not is_limit(fault):
            return growing if passing else None
        reset = reset_of(fault)
        if reset is not None:
            return max(growing, reset - self.clock.time() + 1)
        return max(growing, _retry_after(fault) or _SECONDARY_WAIT)


def fate_unknown(fault: Fault) -> bool:
    """Whether the request may have taken effect all the same."""
    return not isinstance(fault, GithubException) or fault.status >= _SERVER_ERROR


def is_limit(fault: Fault) -> bool:
    """Whether GitHub refused because it is asked too much."""
    if not isinstance(fault, GithubException) or fault.status not in (_FORBIDDEN, _TOO_MANY):
        return False
    said = fault.data.get("message") if isinstance(fault.data, dict) else None
    return fault.status == _TOO_MANY or "rate limit" in str(said).lower() or _retry_after(fault) is not None


def reset_of(fault: Fault) -> float | None:
    """When a used up budget of requests is full again, in seconds since 1970."""
    return _number(fault, "x-ratelimit-reset") if _number(fault, "x-ratelimit-remaining") == 0 else None


def _retry_after(fault: Fault) -> float | None:
    return _number(fault, "retry-after")


def _number(fault: Fault, header: str) -> float | None:
    headers = fault.headers if isinstance(fault, GithubException) else None
    try:
        return float((headers or {})[header])
    except (LookupError, ValueError):
        return None


def sound(value: T | None) -> T:
    """What an answer of GitHub's cannot lack; a page of HTML from somebody in between does."""
    if not value:
        raise ValueError("no answer of GitHub's")
    return value
