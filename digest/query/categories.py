"""Which categories a query's papers can be in. Pure."""

from __future__ import annotations

from digest.query.tree import And, AndNot, Or, Query, Term


def categories(query: Query) -> frozenset[str] | None:
    """Patterns of categories, of which every paper that the query finds has one; None where it may have any.

    >>> from digest.query.parser import parse
    >>> sorted(categories(parse("(cat:cs.CV OR cat:eess.*) AND abs:video")))
    ['cs.CV', 'eess.*']
    """
    match query:
        case Term("cat", text):
            return frozenset({text})
        case Or(parts):
            found = [categories(part) for part in parts]
            named = [one for one in found if one is not None]
            return frozenset().union(*named) if len(named) == len(found) else None
        case And(parts):
            # Any of the parts that name some is enough; the fewest are the fewest records.
            named = [one for one in map(categories, parts) if one is not None]
            return min(named, key=len, default=None)
        case AndNot(left):
            return categories(left)
        case _:
            return None
