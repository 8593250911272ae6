"""The harvest's line of authors -> their names, as arXiv's search gives them. Pure.

After `split_authors` in arxiv/authors of https://github.com/arXiv/arxiv-base: parentheses hold affiliations.
"""

from __future__ import annotations

import re

from digest.text.tex import readable

_AND = re.compile(r",?\s(?:and|&)\s")
_SUFFIX = re.compile(r"(?:Jr|Sr)\.?|I{2,3}|IV")
_OTHERS = re.compile(r"et\.? al\.?", re.IGNORECASE)
# Initials stand apart, but for the accent `\.` of TeX.
_INITIAL = re.compile(r"(?<!\\)\.(?=\S)")


def names(line: str) -> tuple[str, ...]:
    """Each author's name.

    >>> names("A.B. Smith (1), Jane Doe and Erd\\\\H{o}s, Jr. ((1) Somewhere, (2) Elsewhere)")
    ('A. B. Smith', 'Jane Doe', 'Erdős, Jr.')
    """
    found: list[list[str]] = []
    for part in _outside_parentheses(line):
        for piece in re.split("[,:]", _AND.sub(",", f" {' '.join(part.split())} ")):
            name = readable(_INITIAL.sub(". ", piece.strip())).strip()
            if _SUFFIX.fullmatch(name) and found:
                found[-1].append(name)
            elif name and not _OTHERS.fullmatch(name):
                found.append([name])
    return tuple(map(", ".join, found))


def _outside_parentheses(line: str) -> list[str]:
    """What stands before, between and behind the outermost parentheses; one that is not closed reaches to the end."""
    parts: list[list[str]] = [[]]
    depth = 0
    for piece in re.split(r"([()])", line):
        if piece == "(":
            if depth == 0:
                parts.append([])
            depth += 1
        elif piece == ")":
            depth = max(0, depth - 1)
        elif depth == 0:
            parts[-1].append(piece)
    return list(map("".join, parts))
