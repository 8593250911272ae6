"""What is checked by looking on: it is so, or becomes so in time, or that is the end of it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from release.version import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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


def not_checked(missing: Sequence[str], base: str | None) -> str:
    """What no check here tells, so that nobody takes it for told; `base` stood in for the base that was not here."""
    base_too = [f"the base that the Dockerfile names: {base} stood in for it"] if base else []
    return "Not checked:\n" + "\n".join(f"- {what}" for what in (*base_too, *missing))
