"""Does arXiv read a query as it was meant? Its feed's title tells its reading; trees are compared by their meaning."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digest.query.parser import read_by_arxiv
from digest.query.tree import And, AndNot, Or, Query, QueryError, Term, to_arxiv

if TYPE_CHECKING:
    from collections.abc import Hashable

_FEED_TITLE = re.compile(
    r"search_query=(?P<query>.*?)(?:&id_list=[^&]*)?(?:&start=\d+)?(?:&max_results=\d+)?\s*$", re.DOTALL
)


def misreading(title: str, meant: Query) -> str | None:
    """arXiv's reading of the query, told in the feed's title, where it isn't ours. None also where it tells nothing.

    >>> misreading("arXiv Query: search_query=ti:a AND ti:b OR ti:c&id_list=&start=0", parse("ti:a AND ti:b OR ti:c"))
    '(ti:a AND (ti:b OR ti:c))'
    """
    found = _FEED_TITLE.search(title)
    if not found:
        return None
    try:
        reading = read_by_arxiv(found["query"])
    except QueryError:
        return None
    return None if same_meaning(reading, meant) else to_arxiv(reading)


def same_meaning(a: Query, b: Query) -> bool:
    """Whether both find the same papers by the laws of AND, OR and ANDNOT alone: order, grouping, repetition."""
    return _meaning(a) == _meaning(b)


def _meaning(query: Query) -> Hashable:
    """Equal for queries that differ in order, grouping or repetition only; quotes say nothing around one word."""
    match query:
        case Term(field, text, quoted):
            return field, text, quoted and bool(re.search(r"[*?]", text))
        case Or():
            parts = _alternatives(query)
            return next(iter(parts)) if len(parts) == 1 else ("any of", parts)
        case _:
            wanted, unwanted = _conditions(query)
            return next(iter(wanted)) if len(wanted) == 1 and not unwanted else ("all of", wanted, unwanted)


def _alternatives(query: Query) -> frozenset[Hashable]:
    if isinstance(query, Or):
        return frozenset().union(*map(_alternatives, query.parts))
    return frozenset([_meaning(query)])


def _conditions(query: Query) -> tuple[frozenset[Hashable], frozenset[Hashable]]:
    """What a paper must have, and what it must not: `a ANDNOT b ANDNOT c` is `a`, neither `b` nor `c`."""
    match query:
        case And(parts):
            wanted, unwanted = zip(*map(_conditions, parts), strict=True)
            return frozenset().union(*wanted), frozenset().union(*unwanted)
        case AndNot(left, right):
            left_wanted, left_unwanted = _conditions(left)
            return left_wanted, left_unwanted | _alternatives(right)
        case _:
            return frozenset([_meaning(query)]), frozenset()
