"""What arXiv makes of a search_query before it reads it: missing fields and operators filled in, dates completed.

The feed's title shows the result. After the behaviour of arxiv-search's classic_search_query.py.
"""

from __future__ import annotations

import calendar
import re
from enum import Enum
from itertools import pairwise
from typing import NamedTuple

FIELDS = ("abs", "all", "au", "cat", "co", "doi", "id", "jr", "rn", "submittedDate", "ti", "title")
_DATES = re.compile(r"submittedDate:\[([\d-]{4,14}) TO ([\d-]{4,14})\]")
_TOKEN = re.compile(
    r'(?P<quoted>"[^"]*")|(?P<opening>\()|(?P<closing>\))'
    r"|(?P<operator>\b(?:ANDNOT|AND|NOT|OR)\b(?=[()\s]|$))"
    rf"|(?P<field>(?:{'|'.join(FIELDS)}):)"
    r'|(?P<text>[^"()\s]+)'
)


class Kind(Enum):
    FIELD = "field"
    OPENING = "opening"
    CLOSING = "closing"
    OPERATOR = "operator"
    TEXT = "text"


class Token(NamedTuple):
    kind: Kind
    text: str


def adapt(search_query: str) -> str:
    return written(adapted_tokens(search_query))


def adapted_tokens(search_query: str) -> list[Token]:
    query = re.sub(r"[\r\n]", " ", search_query).replace("lastUpdatedDate:", "submittedDate:")
    tokens = plain_tokens(_with_full_dates(query))
    for step in (_not, _spread_fields, _name_fields, _drop_operators, _join, _author_underscores, _drop_fields):
        tokens = step(tokens)
    return tokens


def written(tokens: list[Token]) -> str:
    if not tokens:
        return ""
    tight = {(Kind.OPENING, Kind.FIELD), (Kind.TEXT, Kind.CLOSING), (Kind.FIELD, Kind.TEXT)}
    parts = [tokens[0].text]
    for before, token in pairwise(tokens):
        parts += ["" if (before.kind, token.kind) in tight else " ", token.text]
    return "".join(parts).strip()


def _with_full_dates(query: str) -> str:
    return _DATES.sub(lambda m: f'submittedDate:"{_full_date(m[1], "start")} TO {_full_date(m[2], "end")}"', query)


def _full_date(digits: str, edge: str) -> str:
    if not digits.isdigit():
        return digits
    first = edge == "start"
    if len(digits) == 6:
        try:
            last_day = calendar.monthrange(int(digits[:4]), int(digits[4:]))[1]
        except calendar.IllegalMonthError:
            return digits
        digits += "01" if first else f"{last_day:02}"
    if len(digits) == 4:
        digits += "0101" if first else "1231"
    if len(digits) == 8:
        digits += "0000" if first else "2359"
    return digits[:12]


def plain_tokens(query: str) -> list[Token]:
    kinds = {kind.value: kind for kind in Kind} | {"quoted": Kind.TEXT}
    return [Token(kinds[found.lastgroup or "text"], found[0]) for found in _TOKEN.finditer(query)]


def _not(tokens: list[Token]) -> list[Token]:
    result: list[Token] = []
    for token in tokens:
        if token == (Kind.OPERATOR, "NOT"):
            if result and result[-1] == (Kind.OPERATOR, "AND"):
                result.pop()
            token = Token(Kind.OPERATOR, "ANDNOT")  # noqa: PLW2901
        result.append(token)
    return result


def _spread_fields(tokens: list[Token]) -> list[Token]:
    """`ti:(a b)` becomes `(ti:a ti:b)`."""
    result: list[Token] = []
    outer: Token | None = None
    depth = 0
    for token in tokens:
        if not depth and token.kind is Kind.OPENING and result and result[-1].kind is Kind.FIELD:
            outer = result.pop()
        if outer:
            depth += {Kind.OPENING: 1, Kind.CLOSING: -1}.get(token.kind, 0)
            if token.kind is Kind.TEXT and result[-1].kind is not Kind.FIELD:
                result.append(outer)
            outer = outer if depth else None
        result.append(token)
    return result


def _name_fields(tokens: list[Token]) -> list[Token]:
    result: list[Token] = []
    for token in tokens:
        if token.kind is Kind.TEXT and (not result or result[-1].kind is not Kind.FIELD):
            result.append(Token(Kind.FIELD, "all:"))
        result.append(token)
    return result


def _drop_operators(tokens: list[Token]) -> list[Token]:
    """Of operators in a row the last stays."""
    result: list[Token] = []
    for token in tokens:
        if token.kind is Kind.OPERATOR and result and result[-1].kind is Kind.OPERATOR:
            result.pop()
        result.append(token)
    return result


def _join(tokens: list[Token]) -> list[Token]:
    """OR where an operator is missing."""
    ends, starts = (Kind.CLOSING, Kind.TEXT), (Kind.FIELD, Kind.OPENING, Kind.TEXT)
    result: list[Token] = []
    for token in tokens:
        if result:
            before = result[-1].kind
            if (before in ends and token.kind in starts) or before is token.kind is Kind.FIELD:
                result.append(Token(Kind.OPERATOR, "OR"))
        result.append(token)
    return result


def _author_underscores(tokens: list[Token]) -> list[Token]:
    """As the server does it, which looks at the query's second token whichever author it is at."""
    result = list(tokens)
    for at, (before, token) in enumerate(pairwise(tokens), 1):
        if before == (Kind.FIELD, "au:") and token.kind is Kind.TEXT and "_" in result[1].text:
            text = result[1].text.replace("_", " ")
            result[at] = Token(Kind.TEXT, text if '"' in text else f'"{text}"')
    return result


def _drop_fields(tokens: list[Token]) -> list[Token]:
    """Fields without text go; `title:` is `ti:`."""
    following = [*(token.kind for token in tokens[1:]), None]
    return [
        Token(Kind.FIELD, "ti:") if token == (Kind.FIELD, "title:") else token
        for token, after in zip(tokens, following, strict=True)
        if token.kind is not Kind.FIELD or after is Kind.TEXT
    ]
