"""A keyword line or a query's text -> the tree of `digest.query.tree`, or QueryError with the place of the fault. Pure.

The same reader reads the users' queries, by the usual precedence, and arXiv's own account of them, as arXiv groups.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from digest.query.lexer import Token, moment, tokens
from digest.query.tree import (
    FIELD,
    FIELDS,
    OPERATORS,
    And,
    AndNot,
    Or,
    Query,
    QueryError,
    Term,
    all_of,
    any_of,
    phrase,
    phrase_text,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_DEEPEST = 50
_STARTS_QUERY = re.compile(rf'["(]|{FIELD.pattern}')
# `TI:x` or `author:x` means a field, and is told so; `Re:Zero`, `std::move` and `https://...` are headings.
_LOOKS_LIKE_QUERY = re.compile(rf"[a-z]+:[^\s:/]|(?i:{FIELD.pattern})\S")
_RANGE = "[202501010000 TO 202512312359]"


def read_line(line: str) -> tuple[str, Query]:
    """A keyword line's heading and query: `Heading`, `Heading: query`, or a query that is its own heading."""
    line = " ".join(line.split())
    if _STARTS_QUERY.match(line):
        return line, parse(line)
    heading, colon, query = line.partition(": ")
    if not colon and line.endswith(":"):
        raise QueryError("there is nothing behind the heading's colon", line, len(line))
    if colon and not heading:
        raise QueryError("there is no heading before the colon", line, 0)
    if colon:
        return heading, parse(query)
    if _LOOKS_LIKE_QUERY.match(line):
        return line, parse(line)
    return line, phrase(line)


def parse(text: str) -> Query:
    """The user's query, AND and ANDNOT before OR and from left to right. QueryError where it is not sound."""
    return _Reader(text, _group_by_precedence).whole()


def read_by_arxiv(text: str) -> Query:
    """An adapted query as arXiv groups it: from the right, whatever the operators. QueryError where it refuses."""
    return _Reader(text, _group_from_the_right).whole()


def _group_by_precedence(operands: Sequence[Query], operators: Sequence[str]) -> Query:
    alternatives = [operands[0]]
    for operator, operand in zip(operators, operands[1:], strict=True):
        if operator == "OR":
            alternatives.append(operand)
        elif operator == "AND":
            alternatives[-1] = all_of([alternatives[-1], operand])
        else:
            alternatives[-1] = AndNot(alternatives[-1], operand)
    return any_of(alternatives)


def _group_from_the_right(operands: Sequence[Query], operators: Sequence[str]) -> Query:
    right = operands[-1]
    for operator, operand in zip(reversed(operators), reversed(operands[:-1]), strict=True):
        if operator == "OR":
            right = any_of([operand, right])
        elif operator == "AND":
            right = all_of([operand, right])
        else:
            right = AndNot(operand, right)
    return right


class _Reader:
    """Reads a query from left to right, and leaves to `group` which operator binds which operands."""

    def __init__(self, text: str, group: Callable[[Sequence[Query], Sequence[str]], Query]) -> None:
        self._text = text
        self._group = group
        self._tokens = tokens(text)
        self._open: list[Token] = []

    def whole(self) -> Query:
        if not self._tokens:
            raise self._fault("the query is empty", 0)
        # Read from the end of a reversed list: the next token is the last.
        self._tokens.reverse()
        query = self._chain("all")
        if self._tokens:
            raise self._fault("this parenthesis closes nothing", self._tokens[-1].position)
        if _depth(query) > _DEEPEST:
            raise self._fault("the operators alternate too often; leave some out", 0)
        return query

    def _chain(self, field: str) -> Query:
        operands = [self._operand(field, None)]
        operators: list[str] = []
        while self._tokens and self._tokens[-1].kind != "close":
            operator = self._operator()
            operators.append(operator.text)
            operands.append(self._operand(field, operator))
        return self._group(operands, operators)

    def _operator(self) -> Token:
        token = self._tokens.pop()
        if token.kind != "operator":
            hint = f" (operators are upper case: {token.text.upper()})" if token.text.upper() in OPERATORS else ""
            raise self._fault(f"an operator is missing here: AND, OR or ANDNOT{hint}", token.position)
        if token.text == "AND" and self._next_is("operator") and self._tokens[-1].text == "NOT":
            self._tokens.pop()
            return token._replace(text="ANDNOT")
        return token._replace(text="ANDNOT") if token.text == "NOT" else token

    def _operand(self, field: str, operator: Token | None) -> Query:
        if not self._next_is("dates", "phrase", "word", "open", "field"):
            raise self._missing_operand(operator)
        token = self._tokens.pop()
        if token.kind == "field":
            return self._behind_field(token)
        if token.kind == "open":
            return self._inside(token, field)
        if token.kind == "dates":
            return self._dates(token)
        if token.kind == "word" and ":" in token.text:
            raise self._fault(_unknown_field(token.text.partition(":")[0]), token.position)
        return self._term(field, token)

    def _behind_field(self, field: Token) -> Query:
        name = field.text.rstrip(":")
        if not self._next_is("phrase", "word", "open"):
            raise self._fault(f"the field {field.text} has no text", field.position)
        token = self._tokens.pop()
        if token.kind == "open":
            # arXiv gives the field to every term inside that has none of its own.
            return self._inside(token, name)
        return self._term(name, token)

    def _inside(self, opening: Token, field: str) -> Query:
        self._open.append(opening)
        if len(self._open) > _DEEPEST:
            raise self._fault("the parentheses are nested too deeply", opening.position)
        query = self._chain(field)
        if not self._tokens:
            raise self._fault("this parenthesis is not closed", opening.position)
        self._tokens.pop()
        self._open.pop()
        return query

    def _term(self, field: str, token: Token) -> Term:
        field = "ti" if field == "title" else field
        if field == "submittedDate":
            raise self._fault(f"dates are a range: submittedDate:{_RANGE}", token.position)
        if token.kind == "phrase":
            text = phrase_text(token.text[1:-1], self._text, token.position)
        else:
            text = token.text
            if text[0] in "*?" and field not in ("cat", "id"):
                raise self._fault("arXiv refuses a word that begins with a wildcard", token.position)
        if field == "au" and "_" in text:
            # arXiv reads the underscore as a space only where the author comes first.
            return Term(field, " ".join(text.replace("_", " ").split()) or text, quoted=True)
        return Term(field, text, quoted=token.kind == "phrase")

    def _dates(self, token: Token) -> Term:
        inside = re.search(r'[\["](.*)[\]"]', token.text, re.DOTALL)
        ends = re.fullmatch(r"\s*([\d-]+)\s+TO\s+([\d-]+)\s*", inside[1] if inside else "", re.ASCII)
        if not ends:
            raise self._fault(f"this is no range of dates; write it like submittedDate:{_RANGE}", token.position)
        try:
            first, last = moment(ends[1], last=False), moment(ends[2], last=True)
        except ValueError:
            advice = f"no such date; dates are YYYY, YYYYMM, YYYYMMDD or YYYYMMDDHHMM, as in {_RANGE}"
            raise self._fault(advice, token.position) from None
        if last < first:
            raise self._fault("the range of dates ends before it begins", token.position)
        return Term("submittedDate", f"{first} TO {last}")

    def _next_is(self, *kinds: str) -> bool:
        return bool(self._tokens) and self._tokens[-1].kind in kinds

    def _missing_operand(self, operator: Token | None) -> QueryError:
        if self._next_is("operator"):
            token = self._tokens[-1]
            return self._fault(f"{token.text} has no term before it", token.position)
        if operator:
            return self._fault(f"{operator.text} has no term after it", operator.position)
        if self._next_is("close") and not self._open:
            return self._fault("this parenthesis closes nothing", self._tokens[-1].position)
        opening = self._open[-1]
        message = "there is nothing in these parentheses" if self._tokens else "this parenthesis is not closed"
        return self._fault(message, opening.position)

    def _fault(self, message: str, position: int) -> QueryError:
        return QueryError(message, self._text, position)


def _unknown_field(name: str) -> str:
    if name == "lastUpdatedDate":
        return "arXiv cannot search by the last update: it reads lastUpdatedDate as submittedDate"
    spelled = {field.lower(): field for field in FIELDS} | {"author": "au", "abstract": "abs", "category": "cat"}
    near = get_close_matches(name.lower(), spelled, n=1)
    hint = f"did you mean {spelled[near[0]]}:?" if near else f"the fields are {', '.join(FIELDS)}"
    return f"unknown field {name}: {hint} (a text with a colon needs quotes)"


def _depth(query: Query) -> int:
    """How deep groups stand in groups, counted without recursion since it guards against it."""
    level: list[Query] = [query]
    depth = 0
    while level := [part for group in level for part in _parts(group)]:
        depth += 1
    return depth


def _parts(query: Query) -> tuple[Query, ...]:
    match query:
        case Term():
            return ()
        case AndNot(left, right):
            return (left, right)
        case And(parts) | Or(parts):
            return parts
