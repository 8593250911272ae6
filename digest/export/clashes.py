"""The paths of the input `files` -> those that could be one file, found before anything is asked. Pure.

Capitals do not count, as on Windows and macOS. An archive's files are compared by their shape: a digit of a year, of a
month or of a part may be any.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.export.file_names import ANY_DIGIT, indexes, one_file, places, shapes
from digest.obstacles import README_FOLDERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_OWN_FOLDER = "give each archive a folder of its own"
# Before any other README.
_SHOWN_FIRST = f"{README_FOLDERS[0]}/README.md"
_DIGITS = {ANY_DIGIT, *"0123456789"}


@dataclass(frozen=True)
class _Claim:
    """Paths that one line of an input takes.

    owner: in a sentence
    heading: of the keyword that they are for, "" where they are for all
    shapes: the paths, with ANY_DIGIT for each digit that may be any
    cure: what to do where somebody else takes one of them
    """

    owner: str
    heading: str
    shapes: tuple[str, ...]
    cure: str = "choose another path"


def clashes(readme: str, patterns: Sequence[str], headings: Sequence[str]) -> Iterator[str]:
    """A sentence for every two that could be one file."""
    known: dict[int, list[tuple[str, _Claim]]] = {}
    told = set()
    for claim in _claims(readme, patterns, headings):
        for shape in claim.shapes:
            there = known.setdefault(len(shape), [])
            for other, before in there:
                if before is not claim and _may_be_one(shape, other):
                    told_of = (claim.owner, before.owner, claim.heading if claim.owner == before.owner else "")
                    if told_of not in told:
                        yield _sentence(claim, before)
                    told.add(told_of)
            there.append((shape, claim))
    for pattern, index in indexes(patterns).items():
        if one_file(index) == one_file(_SHOWN_FIRST):
            yield f"the index of {pattern!r} is what GitHub would show as the repository's README: {_OWN_FOLDER}"


def _claims(readme: str, patterns: Sequence[str], headings: Sequence[str]) -> Iterator[_Claim]:
    yield _Claim("readme", "", (one_file(readme),))
    for pattern in patterns:
        for heading in headings if "heading" in places(pattern) else [""]:
            yield _Claim(repr(pattern), heading, tuple(shapes(pattern, heading)))
    for pattern, index in indexes(patterns).items():
        yield _Claim(f"the index of {pattern!r}, {index},", "", (one_file(index),), _OWN_FOLDER)


def _may_be_one(shape: str, other: str) -> bool:
    pairs = ({one, another} for one, another in zip(shape, other, strict=True))
    return all(len(pair) == 1 or (ANY_DIGIT in pair and pair <= _DIGITS) for pair in pairs)


def _sentence(claim: _Claim, before: _Claim) -> str:
    if claim.owner == before.owner:
        return f"{claim.owner}: {before.heading} and {claim.heading} would be one file"
    return f"{claim.owner} is the path of {before.owner} too: {claim.cure}"
