"""Does arXiv read a query as it was sent? Its feed's title repeats what it reads; the two are compared as text. Pure.

Before arXiv parses a query it "adapts" it (`adapt_query` in search/domain/classic_api/classic_search_query.py of
https://github.com/arXiv/arxiv-search): it names missing fields and operators, fills up dates, and writes the result
with blanks of its own. Of what `to_arxiv` sends, only those blanks and the brackets around dates come back otherwise.
"""

from __future__ import annotations

import re

# Blanks count inside a phrase only; arXiv puts some between parentheses.
_PIECE = re.compile(r'"[^"]*"|[()]|[^\s"()]+')
_DATES = re.compile(r'submittedDate:\[([^]["]*)\]')


def misread(echo: str, sent: str) -> str | None:
    """The query as arXiv read it, where that is another one than was sent; None also where it repeats nothing.

    >>> misread("( ti:a  AND ti:b) OR ti:c", "(ti:a AND ti:b) OR ti:c")
    >>> misread("all:a_b OR ti:c", "ti:a_b OR ti:c")
    'all:a_b OR ti:c'
    """
    echo = echo.strip()
    return echo if echo and _pieces(echo) != _pieces(sent) else None


def _pieces(query: str) -> list[str]:
    return _PIECE.findall(_DATES.sub(r'submittedDate:"\1"', query))
