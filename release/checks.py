"""What is checked by looking on: it is so, or becomes so in time, or that is the end of it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from release.version import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

_PATIENCE = 60.0


def expect(is_so: bool, what: str, seen: str = "") -> None:
    if not is_so:
        raise Refused(f"NOT SO: {what}\n{seen}".rstrip())
    print(f"ok: {what}")


def until(reached: Callable[[], object], what: str) -> None:
    began = time.monotonic()
    while not reached():
        if time.monotonic() - began > _PATIENCE:
            raise Refused(f"NOT SO in {_PATIENCE:.0f} s: {what}")
        time.sleep(0.05)
