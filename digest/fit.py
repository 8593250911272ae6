"""How far the lists are cut so that the file stays under `max-bytes`, and the same tomorrow where that is possible.

The papers of all keywords stand in one order of slots: the first of each keyword, then the second of each, and so
on. A cut is two slots: behind the first no abstract is shown, behind the second no paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

LEAST_PAPERS = 10
# A file that is this full stays cut where it was, so that no row gets its abstract back only to lose it again.
_STILL_FULL = 0.95
_FIRST_STEP = 64


@dataclass(frozen=True)
class Cut:
    """How many slots show their abstract, and how many are listed."""

    abstracts: int
    papers: int

    def kept(self, count: int, keyword: int, keywords: int) -> int:
        """How many of a keyword's `count` papers are listed."""
        return min(count, _below(self.papers, keyword, keywords))

    def with_abstract(self, count: int, keyword: int, keywords: int) -> int:
        """How many of a keyword's `count` papers show their abstract."""
        return min(count, _below(self.abstracts, keyword, keywords))


def _below(slots: int, keyword: int, keywords: int) -> int:
    return max(0, -((keyword - slots) // keywords))


def fit(longest: int, keywords: int, most: int, yesterday: int, size: Callable[[Cut], int]) -> Cut:
    """The least cut whose file has at most `most` bytes, 0 for no limit; the greatest one where none has.

    `yesterday` is how many slots showed their abstract then, 0 where nothing was cut.
    """
    whole = longest * keywords
    if not most:
        return Cut(whole, whole)
    least = min(whole, LEAST_PAPERS * keywords)
    papers = _greatest(least, whole, lambda slots: size(Cut(0, slots)) <= most)
    if papers != whole:
        return Cut(0, least if papers is None else papers)
    abstracts = _greatest(0, whole, lambda slots: size(Cut(slots, whole)) <= most) or 0
    if 0 < yesterday < abstracts and size(Cut(yesterday, whole)) >= most * _STILL_FULL:
        return Cut(yesterday, whole)
    return Cut(abstracts, whole)


def _greatest(low: int, high: int, holds: Callable[[int], bool]) -> int | None:
    """The greatest number for which it holds, None where it does not even hold for `low`."""
    if not holds(low):
        return None
    # From below in growing steps, so that of lists far too long only the part that may fit is ever looked at.
    step = _FIRST_STEP
    while low < high:
        probe = min(low + step, high)
        if holds(probe):
            low, step = probe, 2 * step
        else:
            high, step = probe - 1, max(1, (probe - low) // 2)
    return low
