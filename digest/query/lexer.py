"""A query's text -> its tokens: fields, operators, words, phrases, dates, parentheses. Pure."""

from __future__ import annotations

import calendar
import re
from datetime import datetime
from typing import NamedTuple

from digest.query.tree import FIELD, OPERATORS, QueryError, refuse_unsendable

_TOKEN = re.compile(
    rf"""\s+
    | (?P<dates>submittedDate:\s*(?:\[[^]["]*\]|"[^"]*"))
    | (?P<phrase>"[^"]*")
    | (?P<quote>")
    | (?P<open>\()
    | (?P<close>\))
    | (?P<field>{FIELD.pattern})
    | (?P<word>[^\s"()]+)""",
    re.VERBOSE,
)


class Token(NamedTuple):
    """One piece of a query.

    kind: `field` (`ti:`), `word`, `phrase` (with its quotes), `dates` (the whole of `submittedDate:[...]`), `operator`
        (AND, OR, ANDNOT or NOT), `open` or `close` (a parenthesis)
    text: as it stands in the query
    position: of its first character in the query, from 0
    """

    kind: str
    text: str
    position: int


def tokens(text: str) -> list[Token]:
    """QueryError where a quote is not closed, or what no feed can carry stands in it."""
    refuse_unsendable(text)
    read = []
    for found in _TOKEN.finditer(text):
        kind, word = found.lastgroup, found[0]
        if kind == "quote":
            raise QueryError("this quote is not closed", text, found.start())
        if kind:
            read.append(Token("operator" if word in OPERATORS else kind, word, found.start()))
    return read


def moment(digits: str, *, last: bool) -> str:
    """A date in full, filled up as arXiv fills it: from its first minute to its last."""
    digits = digits.replace("-", "")[:12]
    if len(digits) == 4:
        digits += "12" if last else "01"
    if len(digits) == 6:
        days = calendar.monthrange(int(digits[:4]), int(digits[4:]))[1]
        digits += f"{days:02}" if last else "01"
    if len(digits) == 8:
        digits += "2359" if last else "0000"
    if len(digits) != 12:
        raise ValueError(digits)
    datetime.strptime(digits, "%Y%m%d%H%M")  # noqa: DTZ007 (only asked whether there is such a minute)
    return digits
