"""Which papers the rows of a list tell of that another script wrote, so that nothing it shows is announced again. Pure.

It is a wall: only what stands where most rows have their link counts, never a link in what strangers wrote.
"""

from __future__ import annotations

import re
from collections import Counter

from digest.papers import Identifier, identifier

# To the abstract or the PDF, with a version or without.
_LINK = re.compile(
    r"\]\(https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf)/(?P<id>[\w./-]{9,40}?)(?:v\d+)?(?:\.pdf)?\)", re.IGNORECASE
)
_BAR = re.compile(r"(?<!\\)\|")


def linked(text: str) -> list[Identifier]:
    """The papers to which most rows link in one and the same column; an item of a list is a row of one column.

    A row with more or fewer columns than most, and a cell that links to several papers, tell nothing: strangers' text
    may have made them so.
    """
    rows = [_BAR.split(line) for line in text.split("\n") if "](http" in line]
    ((width, count),) = Counter(map(len, rows)).most_common(1) or [(0, 0)]
    columns = zip(*(cells for cells in rows if len(cells) == width), strict=True)
    papers = max((list(filter(None, map(_only_paper, column))) for column in columns), key=len, default=[])
    return papers if 2 * len(papers) >= count else []


def _only_paper(cell: str) -> Identifier | None:
    if "](http" not in cell:
        return None
    papers = set()
    for link in _LINK.finditer(cell):
        try:
            papers.add(identifier(link["id"]))
        except ValueError:
            continue
    return papers.pop() if len(papers) == 1 else None
