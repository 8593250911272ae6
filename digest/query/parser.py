"""A keyword line or a query's text -> the tree of `digest.query.tree`, or QueryError with the fault's place. Pure."""

from __future__ import annotations

import re
from difflib import get_close_matches

from digest.query import taxonomy
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

# Deeper ones would end Python's recursion: parentheses by the hand that writes them, groups by chains of ANDNOT.
_DEEPEST_PARENTHESES = 50
_DEEPEST_GROUP = 200
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
    heading = heading.rstrip()
    if colon and not heading:
        raise QueryError("there is no heading before the colon", line, 0)
    if colon:
        return heading, parse(query)
    if _LOOKS_LIKE_QUERY.match(line):
        return line, parse(line)
    return line, phrase(line)


def parse(text: str) -> Query:
    """The user's query, AND and ANDNOT before OR and from left to right. QueryError where it is not sound."""
    return _Reader(text).whole()


class _Reader:
    """Reads a query from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
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
        if _depth(query) > _DEEPEST_GROUP:
            raise self._fault("the operators alternate too often; to leave out several, write ANDNOT (a OR b)", 0)
        return query

    def _chain(self, field: str) -> Query:
        """Operands up to a closing parenthesis or the end: AND and ANDNOT bind first, from left to right, then OR."""
        alternatives: list[Query] = []
        together = [self._operand(field, None)]
        while self._tokens and self._tokens[-1].kind != "close":
            operator = self._operator()
            operand = self._operand(field, operator)
            if operator.text == "AND":
                together.append(operand)
            elif operator.text == "ANDNOT":
                together = [AndNot(all_of(together), operand)]
            else:
                alternatives.append(all_of(together))
                together = [operand]
        return any_of([*alternatives, all_of(together)])

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
        if len(self._open) > _DEEPEST_PARENTHESES:
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
        if field == "cat":
            self._check_category(text, token)
        if field == "au" and "_" in text:
            # arXiv reads the underscore as a space only where the author comes first.
            text = phrase_text(text.replace("_", " "), self._text, token.position)
            return Term(field, text, quoted=True)
        return Term(field, text, quoted=token.kind == "phrase")

    def _check_category(self, text: str, token: Token) -> None:
        if re.search(r"[\s,;|，、]", text):
            raise self._fault("several categories are a group: cat:(cs.CV OR cs.LG)", token.position)
        try:
            taxonomy.check(text)
        except ValueError as error:
            raise self._fault(str(error), token.position) from None

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
