"""A section's markers in a Markdown file; one that is shown as code is text: https://github.github.com/gfm/#fenced-code-blocks"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# A fence may stand in a list or a quotation; "`" behind "```" makes it inline code.
_FENCE = re.compile(r"(?P<container>[ \t]*(?:(?:[-+*]|[0-9]{1,9}[.)]|>)[ \t]+)*)(?P<mark>`{3,}(?!.*`)|~{3,})")
# A line behind fewer blanks stands in no list; a fence behind more than the other number stands in one.
_LEAST_IN_A_LIST = 2
_MOST_IN_NO_LIST = 3


@dataclass(frozen=True)
class Marker:
    """A section's start or end: its line, counted from 1, and where it begins and ends in the text."""

    kind: str
    line: int
    begin: int
    end: int


@dataclass(frozen=True)
class _Fence:
    container: str
    mark: str
    line: int

    def closed_by(self, line: str) -> bool:
        found = _FENCE.match(line)
        if not found or found["mark"][0] != self.mark[0] or len(found["mark"]) < len(self.mark):
            return False
        return not line[found.end() :].strip()

    def left_by(self, line: str) -> bool:
        """Whether the line stands outside of the list or the quotation in which the fence was opened."""
        if ">" in self.container:
            return not line.lstrip().startswith(">")
        within = self.container.strip() or len(self.container) > _MOST_IN_NO_LIST
        return bool(within and line.strip()) and len(line) - len(line.lstrip()) < _LEAST_IN_A_LIST


def markers(text: str, name: str) -> tuple[list[Marker], int | None]:
    """The markers of the section `name`, in order, and the line of a fence outside of it that is never closed.

    What stands below such a fence is shown as code; markers count there all the same.
    """
    marker = re.compile(rf"<!--[ \t]*{re.escape(name)}[ \t]*:[ \t]*((?i:start|end))[ \t]*-->")
    found: list[Marker] = []
    fence, before_fence = None, 0
    for number, at, line in _lines(text):
        if fence and (fence.left_by(line) or fence.closed_by(line)):
            del found[before_fence:]
            closed, fence = fence.closed_by(line), None
            if closed:
                continue
        # What strangers wrote into the section opens nothing.
        inside = bool(found) and found[-1].kind == "start" and not fence
        opened = None if fence or inside else _FENCE.match(line)
        if opened:
            fence, before_fence = _Fence(opened["container"], opened["mark"], number), len(found)
            continue
        found += (
            Marker(one[1].lower(), number, one.start(), one.end())
            for one in marker.finditer(text, at, at + len(line))
            if not (text.endswith("`", at, one.start()) and text.startswith("`", one.end()))
        )
    return found, fence.line if fence else None


def _lines(text: str) -> Iterator[tuple[int, int, str]]:
    """Each line with its number and where it begins."""
    at = 0
    for number, line in enumerate(text.split("\n"), 1):
        yield number, at, line
        at += len(line) + 1
