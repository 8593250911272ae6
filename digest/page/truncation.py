"""How far the lists are cut so that the file stays under `max-bytes`, and the same tomorrow where that is possible.

The papers of all keywords stand in one order of slots: the first of each keyword, then the second of each, and so
on. A cut is two slots: behind the first no abstract is shown, behind the second no paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

LEAST_PAPERS = 10
# A file that is this full stays cut where it was, so that no row gets its abstract back only to lose it again.
_STILL_FULL = 0.95
_FIRST_STEP = 64
_GUESSES = 8


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
    papers = _greatest(least, whole, lambda slots: most - size(Cut(0, slots)))
    if papers != whole:
        return Cut(0, least if papers is None else papers)
    abstracts = _greatest(0, whole, lambda slots: most - size(Cut(slots, whole))) or 0
    if 0 < yesterday < abstracts and size(Cut(yesterday, whole)) >= most * _STILL_FULL:
        return Cut(yesterday, whole)
    return Cut(abstracts, whole)


def _greatest(low: int, high: int, room: Callable[[int], int]) -> int | None:
    """The greatest number that leaves room, None where not even `low` does.

    Rows are of about one size: two measures tell where the room ends, and of lists far too long only a part is
    ever measured.
    """
    left = room(low)
    if left < 0:
        return None
    step = _FIRST_STEP
    for tries in count():
        if low == high:
            break
        # Rows of all sizes could lead the guess astray for ever.
        probe = min(low + step, high) if tries < _GUESSES else (low + high + 1) // 2
        then = room(probe)
        a_row = (left - then) / (probe - low)
        if then >= 0:
            low, left = probe, then
        else:
            high = probe - 1
        step = max(1, int(left / a_row)) if a_row > 0 else high
    return low
