"""Does a paper match a query, as arXiv's search would have it? Yes, no, or None: cannot tell. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.query.fields import FIELDS
from digest.query.logic import all_of, any_of, negated
from digest.query.tree import And, AndNot, Or, Query, Term, to_arxiv

if TYPE_CHECKING:
    from digest.query.logic import Answer, Matcher
    from digest.query.record import Record


def match(query: Query, record: Record) -> Answer:
    """Whether the query finds the paper; `matcher` is quicker where a query is asked of many."""
    return matcher(query)(record)


def matcher(query: Query) -> Matcher:
    """The query, prepared. What cannot be told of a part matters only where the other parts do not decide."""
    match query:
        case Term(field):
            return FIELDS[field](to_arxiv(query).partition(":")[2])
        case And(parts):
            return all_of([matcher(part) for part in parts])
        case Or(parts):
            return any_of([matcher(part) for part in parts])
        case AndNot(left, right):
            return all_of([matcher(left), negated(matcher(right))])
