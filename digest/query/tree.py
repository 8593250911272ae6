"""What is asked of arXiv, kept as a small tree, and the text that is sent for it. Pure.

arXiv groups from the right and knows no precedence (`a AND b OR c` is `a AND (b OR c)` there), so every group is
sent in parentheses. The server's rules are in `search/domain/classic_api` of https://github.com/arXiv/arxiv-search,
the users' in https://info.arxiv.org/help/api/user-manual.html#51-details-of-query-construction
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

FIELDS = ("ti", "au", "abs", "co", "jr", "cat", "rn", "id", "all", "submittedDate", "doi", "title")
OPERATORS = ("AND", "OR", "ANDNOT", "NOT")
FIELD = re.compile(rf"(?:{'|'.join(FIELDS)}):")
# What XML cannot carry, neither can arXiv's answer, which repeats the query.
_UNSENDABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

_NOTHING = "there is nothing to search for in this phrase"
# Characters of a faulty text on either side of the fault: enough to find it, and far from the 4096 that GitHub shows.
_SHOWN = 200


@dataclass(frozen=True)
class Term:
    """One thing to look for in one field.

    field: one of FIELDS, without its colon; `ti` also where the user wrote `title`
    text: the words, without quotes; of `submittedDate` the range, `YYYYMMDDHHMM TO YYYYMMDDHHMM`, in GMT
    quoted: whether it is a phrase: its words in a row, and no wildcards
    """

    field: str
    text: str
    quoted: bool = False


@dataclass(frozen=True)
class And:
    """Papers that all of the parts match.

    parts: two or more, none of them an And itself where the parser made them
    """

    parts: tuple[Query, ...]


@dataclass(frozen=True)
class Or:
    """Papers that any of the parts matches.

    parts: two or more, none of them an Or itself where the parser made them
    """

    parts: tuple[Query, ...]


@dataclass(frozen=True)
class AndNot:
    """Papers that the left matches and the right does not.

    left: what is wanted
    right: what is left out
    """

    left: Query
    right: Query


Query: TypeAlias = Term | And | Or | AndNot


class QueryError(ValueError):
    """A fault in a query.

    message: what is wrong, and what to write instead
    text: what was read
    position: of the fault in the text, from 0
    """

    def __init__(self, message: str, text: str, position: int) -> None:
        super().__init__(message)
        self.message = message
        self.text = text
        self.position = position

    @property
    def shown(self) -> str:
        """The message, and below it the place."""
        return f"{self.message}\n{self.place}"

    @property
    def place(self) -> str:
        """The text, and a caret below the place of the fault."""
        return pointed(self.text, self.position)


def pointed(text: str, position: int) -> str:
    """Two lines: the text, or of a long one what stands around the position, and a caret under the position."""
    before, behind = text[:position], text[position:]
    if len(before) > _SHOWN:
        before = f"…{before[-_SHOWN:]}"
    if len(behind) > _SHOWN:
        behind = f"{behind[:_SHOWN]}…"
    one_line = re.sub(r"\s", " ", before + behind)
    return f"{one_line}\n{' ' * len(before)}^"


def phrase(text: str) -> Query:
    """The phrase in title or abstract. QueryError for a double quote: arXiv has no way to write one in a phrase."""
    if '"' in text:
        advice = "a phrase cannot hold a double quote; for a query of your own, write `Heading: query`"
        raise QueryError(advice, text, text.index('"'))
    refuse_unsendable(text)
    words = phrase_text(text, text, 0)
    if not re.search(r"\w", words):
        raise QueryError(_NOTHING, text, 0)
    return Or((Term("ti", words, quoted=True), Term("abs", words, quoted=True)))


def searched_phrase(query: Query) -> str | None:
    """The phrase of a query that `phrase` made; None for any other."""
    match query:
        case Or((Term("ti", text, True), Term("abs", again, True))) if text == again:
            return text
        case _:
            return None


def terms(query: Query) -> Iterator[Term]:
    """Every term, from left to right."""
    match query:
        case Term():
            yield query
        case AndNot(left, right):
            yield from terms(left)
            yield from terms(right)
        case And(parts) | Or(parts):
            for part in parts:
                yield from terms(part)


def scoped(query: Query, categories: Sequence[str] = (), exclude: Sequence[str] = ()) -> Query:
    """The query within the categories (any of them), without the excluded phrases."""
    if categories:
        query = all_of([query, any_of(Term("cat", category) for category in categories)])
    if exclude:
        query = AndNot(query, any_of(map(phrase, exclude)))
    return query


def to_arxiv(query: Query) -> str:
    """What is sent: every group in parentheses, every term with its field.

    The outermost parentheses keep a fault of arXiv's away: it reads `ti:a_b AND au:smith` as `... AND au:"a b"`.
    """
    match query:
        case Term():
            return _write_term(query)
        case AndNot(left, right):
            return f"({to_arxiv(left)} ANDNOT {to_arxiv(right)})"
        case And(parts) | Or(parts):
            operator = " AND " if isinstance(query, And) else " OR "
            return f"({operator.join(map(to_arxiv, parts))})"


def _write_term(term: Term) -> str:
    if term.field == "submittedDate":
        return f"submittedDate:[{term.text}]"
    return f'{term.field}:"{term.text}"' if term.quoted or _needs_quotes(term.text) else f"{term.field}:{term.text}"


def _needs_quotes(text: str) -> bool:
    return text in OPERATORS or bool(re.search(r"[\s()]", text) or FIELD.match(text))


def all_of(parts: Iterable[Query]) -> Query:
    """AND, flat and without groups of one."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, And) else (part,))]
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def any_of(parts: Iterable[Query]) -> Query:
    """OR, flat and without groups of one."""
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, Or) else (part,))]
    return flat[0] if len(flat) == 1 else Or(tuple(flat))


def phrase_text(inside: str, text: str, position: int) -> str:
    """A phrase's words, `position` being its place in the text. QueryError where arXiv would refuse it."""
    words = " ".join(inside.split())
    if not words:
        raise QueryError(_NOTHING, text, position)
    if (len(words) - len(words.rstrip("\\"))) % 2:
        raise QueryError("arXiv refuses a phrase that ends with a backslash", text, position)
    return words


def refuse_unsendable(text: str) -> None:
    """QueryError where the text holds what no feed can repeat."""
    if found := _UNSENDABLE.search(text):
        raise QueryError("a control character or a broken one cannot be sent", text, found.start())
