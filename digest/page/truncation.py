"""How far the lists are cut so that the file stays under `max-bytes`, and the same tomorrow where that is possible.

The papers of all keywords stand in one order of places: the first of each keyword, then the second of each, and so
on. Behind one place no abstract is shown, behind another no paper.
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
# So many times the room is too much, even if the rows further down are shorter.
_FAR = 3


@dataclass(frozen=True)
class Truncation:
    """Where the lists are cut.

    abstracts: how many places show their abstract
    papers: how many places are listed
    """

    abstracts: int
    papers: int

    def listed(self, count: int, keyword: int, keywords: int) -> int:
        """How many of the `count` papers of a keyword, counted from 0 among `keywords`, are listed."""
        return min(count, len(range(keyword, self.papers, keywords)))

    def with_abstract(self, count: int, keyword: int, keywords: int) -> int:
        """How many of a keyword's `count` listed papers show their abstract."""
        return min(count, len(range(keyword, self.abstracts, keywords)))


def fit(longest: int, keywords: int, most: int, yesterday: int, size: Callable[[Truncation], int]) -> Truncation:
    """The least truncation whose file has at most `most` bytes, 0 for no limit; the greatest one where none has.

    `longest` is the length of the longest list, `yesterday` how many places showed their abstract then, 0 where
    nothing was cut.
    """
    whole = longest * keywords
    least = min(whole, LEAST_PAPERS * keywords)
    if not most or (not yesterday and _is_all(whole, least, most, size)):
        return Truncation(whole, whole)
    papers = _greatest(least, whole, lambda places: most - size(Truncation(0, places)))
    if papers != whole:
        return Truncation(0, least if papers is None else papers)
    abstracts = _greatest(0, whole, lambda places: most - size(Truncation(places, whole))) or 0
    if 0 < yesterday < abstracts and size(Truncation(yesterday, whole)) >= most * _STILL_FULL:
        return Truncation(yesterday, whole)
    return Truncation(abstracts, whole)


def _is_all(whole: int, least: int, most: int, size: Callable[[Truncation], int]) -> bool:
    """Whether nothing need be cut; lists that are far too long, by what the first rows take, are not measured whole."""
    return size(Truncation(least, least)) * whole <= _FAR * most * least and size(Truncation(whole, whole)) <= most


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
        per_row = (left - then) / (probe - low)
        if then >= 0:
            low, left = probe, then
        else:
            high = probe - 1
        step = max(1, int(left / per_row)) if per_row > 0 else high
    return low
