"""Faults of the GitHub stand-in: which request fails, how, and what happens around it.
`github.fail(lose(), when=posts("/issues"), times=1)` loses the answer to the next new issue."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.github.wire import Answer, Request, answer, refusal

Condition = Callable[[Request], bool]
Hook = Callable[[Request], object]

SECONDARY = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. "
    "If you reach out to GitHub Support for help, please include the request ID."
)
PRIMARY = "API rate limit exceeded for installation ID 1234567."
# All that GraphQL was seen to say where a reference is not where it was expected; it names neither type nor path.
WENT_WRONG = (
    "Something went wrong while executing your query on 2026-09-13T20:55:20Z. "
    "Please include `8C2A:3E0F1:1D2B3C4:5E6F7A8:68C5D1E8` when reporting this issue."
)


@dataclass(frozen=True)
class Fault:
    """`takes_effect`: the request is done all the same. `answer`: what is sent instead; without one, `ending`."""

    takes_effect: bool
    answer: Answer | None = None
    # drop, reset, hang, cut; late: the true answer after `seconds`; trickle: a byte of it each `seconds`
    ending: str = "drop"
    seconds: float | None = None
    whole: bool = False  # the head trickles too


def refuse(status: int, message: str = "", body: bytes | None = None, **headers: str) -> Fault:
    """Answered before it takes effect. Headers by keyword: `Retry_After="1"`; `body` for one that isn't JSON."""
    return Fault(False, _answer(status, message, body, headers))


def lose() -> Fault:
    """Takes effect; the connection is dropped without an answer."""
    return Fault(True)


def lose_as(status: int = 502, message: str = "", body: bytes | None = None, **headers: str) -> Fault:
    """Takes effect; the answer says that it failed."""
    return Fault(True, _answer(status, message, body, headers))


def drop() -> Fault:
    """Never takes effect; the connection is dropped without an answer."""
    return Fault(False)


def reset() -> Fault:
    """Never takes effect; the connection is reset (RST)."""
    return Fault(False, ending="reset")


def cut(takes_effect: bool = True) -> Fault:
    """Half of the answer arrives."""
    return Fault(takes_effect, ending="cut")


def hang(takes_effect: bool = False, seconds: float | None = None) -> Fault:
    """No answer for so long (None: until the stand-in closes), then the connection is dropped."""
    return Fault(takes_effect, ending="hang", seconds=seconds)


def late(seconds: float) -> Fault:
    """Takes effect at once; its answer comes that much later."""
    return Fault(True, ending="late", seconds=seconds)


def trickle(seconds: float, takes_effect: bool = False, whole: bool = False) -> Fault:
    """The answer comes byte by byte, so many seconds apart; `whole`: its head too."""
    return Fault(takes_effect, ending="trickle", seconds=seconds, whole=whole)


def secondary(retry_after: int | None = 1, status: int = 403) -> Fault:
    """GitHub's secondary rate limit, as 403 or 429, with or without Retry-After."""
    headers = {} if retry_after is None else {"Retry_After": str(retry_after)}
    return refuse(status, SECONDARY, None, **headers)


def primary(reset_in: float = 60) -> Fault:
    """GitHub's primary rate limit: nothing remains until X-RateLimit-Reset."""
    reset_at = str(int(time.time() + reset_in))
    return refuse(403, PRIMARY, None, X_RateLimit_Remaining="0", X_RateLimit_Reset=reset_at)


def went_wrong(takes_effect: bool = True) -> Fault:
    """GraphQL's own error, with status 200; it was seen after refs had been moved, too."""
    document = {"data": {"updateRefs": None}, "errors": [{"message": WENT_WRONG}]}
    return Fault(takes_effect, answer(document))


def posts(ending: str) -> Condition:
    return verb("POST", ending)


def verb(name: str, ending: str = "") -> Condition:
    """Requests of that verb whose path ends so."""
    return lambda request: request.verb == name and request.path.endswith(ending)


def at(index: int) -> Condition:
    """The request number `index`, from 0."""
    return lambda request: request.index == index


def writes(request: Request) -> bool:
    return request.verb not in {"GET", "HEAD"}


def any_request(_request: Request) -> bool:
    return True


@dataclass
class _Rule:
    what: Any
    when: Condition
    left: int | None  # None: always
    skip: int

    def takes(self, request: Request) -> bool:
        if self.left == 0 or not self.when(request):
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.left is not None:
            self.left -= 1
        return True


@dataclass
class Faults:
    """What a test has asked for; the first fitting fault wins, every fitting hook runs."""

    faults: list[_Rule] = field(default_factory=list)
    befores: list[_Rule] = field(default_factory=list)
    afters: list[_Rule] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def fail(self, fault: Fault, when: Condition = any_request, *, times: int | None = 1, skip: int = 0) -> None:
        """The next `times` fitting requests fail so, after `skip` fitting ones that pass."""
        self.faults.append(_Rule(fault, when, times, skip))

    def before(self, when: Condition, hook: Hook, *, times: int | None = 1, skip: int = 0) -> None:
        """Runs the hook when a fitting request has arrived, before it takes effect."""
        self.befores.append(_Rule(hook, when, times, skip))

    def after(self, when: Condition, hook: Hook, *, times: int | None = 1, skip: int = 0) -> None:
        """Runs the hook between a fitting request's effect and its answer."""
        self.afters.append(_Rule(hook, when, times, skip))

    def heal(self) -> None:
        """Forget every fault and hook."""
        for rules in (self.faults, self.befores, self.afters):
            rules.clear()

    def fault_of(self, request: Request) -> Fault | None:
        with self.lock:
            return next((rule.what for rule in self.faults if rule.takes(request)), None)

    def run(self, rules: list[_Rule], request: Request) -> None:
        with self.lock:
            hooks = [rule.what for rule in rules if rule.takes(request)]
        for hook in hooks:
            hook(request)


def _answer(status: int, message: str, body: bytes | None, headers: dict[str, str]) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if body is not None:
        return Answer(status, body, named, "text/html; charset=utf-8")
    return refusal(status, message or "Server Error", None, named)
