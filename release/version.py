"""A release's number: `1.2.3`, its tags `v1.2.3` and `v1`."""

from __future__ import annotations

import re
import sys
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable

# https://semver.org: no leading zeros. A release that is not meant for everybody has no number here.
_NUMBER = r"(0|[1-9][0-9]*)"
_VERSION = re.compile(rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}", re.ASCII)


class Refused(Exception):
    """Why a step of a release was not taken; its text is for the maintainer."""


def printed(made: Callable[[], str]) -> int:
    """Prints what a step makes, for a file; where it is refused, tells the runner why. The exit code."""
    try:
        print(made(), end="")
    except Refused as refused:
        print(f"::error::{refused}", file=sys.stderr)
        return 1
    return 0


@dataclass(frozen=True, order=True)
class Version:
    major: int
    minor: int
    patch: int

    @classmethod
    def parse(cls, text: str) -> Self:
        found = _VERSION.fullmatch(text)
        if not found:
            raise Refused(f"{text!r} is no version: write three numbers, as in 1.2.3")
        return cls(*map(int, found.groups()))

    def __str__(self) -> str:
        return ".".join(map(str, astuple(self)))

    @property
    def tag(self) -> str:
        """The release's own."""
        return f"v{self}"

    @property
    def moving_tag(self) -> str:
        """What follows every release that keeps its promises."""
        return f"v{self.major}"
