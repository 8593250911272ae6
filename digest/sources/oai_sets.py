"""Categories -> the smallest of the harvest's sets that hold their papers. Pure.

`make_set_str` and `_parse_set` of https://github.com/arXiv/oaipmh: `cs`, `cs:cs:CV`, `physics:hep-th`,
`physics:astro-ph:HE`. A set holds cross-listed papers too; closed categories have none.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from itertools import groupby
from typing import TYPE_CHECKING

from digest.query.taxonomy import CATEGORIES, successor

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PHYSICS = re.compile("astro-ph|cond-mat|gr-qc|hep-.*|math-ph|nlin|nucl-.*|physics|quant-ph")
# cs.CV, cs.LG, cs.AI and cs.CL together are about as many papers a day as all of cs, each some 400.
_MOST_OF_ARCHIVE = 3
ALL = ""


def sets(categories: Iterable[str]) -> tuple[str, ...]:
    """The sets, of which none holds another; ALL, alone, where no category is named.

    >>> sets(["cs.CV", "hep-th", "math.*"])
    ('cs:cs:CV', 'math:math', 'physics:hep-th')
    """
    wanted = {category for pattern in categories for category in _open_categories(pattern)}
    if not wanted:
        return (ALL,)
    found: list[str] = []
    for archive, group in groupby(sorted(wanted), _archive):
        members = list(group)
        if archive in members or len(members) > _MOST_OF_ARCHIVE:
            found.append(f"{_group(archive)}:{archive}")
        else:
            found += (f"{_group(archive)}:{category.replace('.', ':')}" for category in members)
    return tuple(found)


def _open_categories(pattern: str) -> Iterator[str]:
    """The categories that a pattern names, those of long ago by what took their place."""
    for category in CATEGORIES:
        # A bracket is no wildcard at arXiv.
        if fnmatchcase(category, pattern.replace("[", "[[]")):
            today = successor(category)
            if today is None:
                yield category
            else:
                yield today.removesuffix(".*")


def _archive(category: str) -> str:
    return category.partition(".")[0]


def _group(archive: str) -> str:
    return "physics" if _PHYSICS.fullmatch(archive) else archive
