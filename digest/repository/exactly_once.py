"""What a POST makes, made exactly once, whichever answer is lost. It has to show in what GitHub lists."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any, TypeVar

from digest.issue import LOOKS
from digest.repository.faults import RequestFault

if TYPE_CHECKING:
    from collections.abc import Callable

    from digest.repository.retry import RetryingClient

T = TypeVar("T")


def made_once(
    client: RetryingClient, path: str, fields: object, read: Callable[[Any], T], found: Callable[[], T | None]
) -> T:
    """What is read of the answer; or what `found` finds, which is asked before it is sent again."""
    for number in count():
        try:
            return read(client.once("POST", path, fields).document)
        except RequestFault as fault:
            if fault.fate_unknown and (there := _lost(client, fault, found)) is not None:
                return there
            client.wait(fault, number)
            if (there := found()) is not None:
                return there
    raise AssertionError("unreachable: the loop ends by returning or raising")


def _lost(client: RetryingClient, fault: RequestFault, found: Callable[[], T | None]) -> T | None:
    """What was made although its answer was lost; the fault where no time is left to be sure of it."""
    for seconds in LOOKS:
        if not client.has(seconds):
            raise fault
        client.pause(seconds)
        if (there := found()) is not None:
            return there
    return None
