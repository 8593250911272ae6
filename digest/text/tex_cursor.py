"""What TeX's commands and accents take their arguments from. Types only: `digest.text.tex.Reader` is one."""

from __future__ import annotations

from typing import Protocol


class Cursor(Protocol):
    """A place in a text, behind which a command's arguments stand.

    text: the whole text
    at: where it stands
    end: where the part ends that is read
    math: whether that is a formula

    A method that takes something moves the cursor behind it; where there is none it gives None or "", and the cursor
    stays. `inside` reads a part that was taken, and moves nothing.
    """

    text: str
    at: int
    end: int
    math: bool

    def inside(self, part: tuple[int, int], *, math: bool) -> str: ...
    def group(self) -> tuple[int, int] | None: ...
    def option(self) -> str: ...
    def argument(self, *, math: bool | None = None) -> str | None: ...
    def end_name(self, *, swallow: bool) -> None: ...
