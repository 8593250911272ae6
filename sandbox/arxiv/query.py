"""Searches entries as arXiv's API does: its fields, its grouping from the right, its words.

The grammar is that of arxiv-search's query_parser.py; words are folded and lose a plural s, no more.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from sandbox.arxiv.adapt import Kind, Token, adapted_tokens, plain_tokens, written

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sandbox.recorded import Day, Entry

    Test = Callable[[Entry], bool]

_STOP_WORDS = frozenset(
    "a an and are as at be but by for if in into is it no not of on or such that the their then there these they this"  # noqa: SIM905
    " to was will with".split()
)


class InvalidQuery(Exception):
    """The sentence that the error feed shows."""


@dataclass(frozen=True)
class Catalogue:
    """What a search finds. `recorded`: what a phrase equal to a recorded heading finds, whatever the words."""

    entries: Sequence[Entry] = ()
    recorded: Mapping[str, Sequence[Entry]] = field(default_factory=dict)

    @classmethod
    def of(cls, day: Day) -> Catalogue:
        """Replays a recorded day."""
        return cls(day.entries, day.sections)

    @cached_property
    def current(self) -> list[Entry]:
        """The newest version of every paper, as only these are searched."""
        newest: dict[str, Entry] = {}
        for entry in self.entries:
            held = newest.get(entry.paper)
            if held is None or held.version < entry.version:
                newest[entry.paper] = entry
        return list(newest.values())

    @cached_property
    def under(self) -> dict[tuple[str, ...], frozenset[str]]:
        """Papers by the words of their recorded heading."""
        return {
            words(heading): frozenset(entry.paper for entry in entries) for heading, entries in self.recorded.items()
        }


def search(catalogue: Catalogue, search_query: str, *, raw: bool = False) -> tuple[str, list[Entry]]:
    """The adapted query and the entries that it finds, most relevant first. InvalidQuery for what arXiv refuses."""
    tokens = plain_tokens(search_query) if raw else adapted_tokens(search_query)
    adapted = search_query if raw else written(tokens)
    try:
        expression, rest = _expression(tokens, catalogue)
    except (_SyntaxError, IndexError):
        raise InvalidQuery(f"Invalid query string: '{adapted}'") from None
    if rest:
        raise InvalidQuery(f"Invalid query string: '{adapted}'")
    found = [entry for entry in catalogue.current if expression(entry)]
    asked = {word for token in tokens if token.kind is Kind.TEXT for word in words(token.text)}
    found.sort(key=lambda entry: (len(asked.intersection(words(entry.title))), entry.updated, entry.id), reverse=True)
    return adapted, found


@lru_cache(maxsize=100_000)
def words(text: str) -> tuple[str, ...]:
    return tuple(_stem(word) for word in re.findall(r"\w+", _fold(text)) if word not in _STOP_WORDS)


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in plain if not unicodedata.combining(char))


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


class _SyntaxError(Exception):
    pass


def _expression(tokens: list[Token], catalogue: Catalogue) -> tuple[Test, list[Token]]:
    left, rest = _operand(tokens, catalogue)
    if not rest or rest[0].kind is not Kind.OPERATOR:
        return left, rest
    operator = rest[0].text
    right, rest = _expression(rest[1:], catalogue)
    if operator == "OR":
        return lambda entry: left(entry) or right(entry), rest
    if operator == "AND":
        return lambda entry: left(entry) and right(entry), rest
    return lambda entry: left(entry) and not right(entry), rest


def _operand(tokens: list[Token], catalogue: Catalogue) -> tuple[Test, list[Token]]:
    token = tokens[0]
    if token == (Kind.OPERATOR, "ANDNOT"):
        refused, rest = _expression(tokens[1:], catalogue)
        return lambda entry: not refused(entry), rest
    if token.kind is Kind.OPENING:
        inner, rest = _expression(tokens[1:], catalogue)
        if rest[0].kind is not Kind.CLOSING:
            raise _SyntaxError
        return inner, rest[1:]
    if token.kind is Kind.FIELD and tokens[1].kind is Kind.TEXT:
        return _term(token.text[:-1], tokens[1].text, catalogue), tokens[2:]
    raise _SyntaxError


def _term(name: str, text: str, catalogue: Catalogue) -> Test:
    quoted = text.startswith('"')
    # A backslash before the closing quote escapes it: no phrase.
    if quoted and re.search(r'(?<!\\)(\\\\)*\\"$', text):
        raise _SyntaxError
    text = text.strip('"').strip()
    if not quoted and text[:1] in {"*", "?"}:
        raise InvalidQuery("Wildcard operators cannot be used as the first character of a search term")
    if name == "cat":
        return _wildcard(text)
    if name == "submittedDate":
        return _between(text)
    if name == "id":
        return lambda entry: text in {entry.id, entry.paper}
    if name == "doi":
        return lambda entry: entry.doi.casefold() == text.casefold() != ""
    papers = catalogue.under.get(words(text)) if name in {"ti", "abs", "all"} else None
    if papers is not None:
        return lambda entry: entry.paper in papers
    return _phrase(name, text, wild=not quoted)


def _wildcard(text: str) -> Test:
    pattern = re.compile(_wild(text))
    return lambda entry: any(pattern.fullmatch(category) for category in entry.categories)


def _wild(text: str) -> str:
    return re.escape(text).replace(r"\*", r"\S*").replace(r"\?", r"\S")


def _between(text: str) -> Test:
    try:
        start, end = (datetime.strptime(part, "%Y%m%d%H%M").replace(tzinfo=UTC) for part in text.split(" TO "))
    except ValueError:
        raise InvalidQuery(f"Invalid date range: {text}") from None
    return lambda entry: start <= entry.published <= end


def _phrase(name: str, text: str, *, wild: bool) -> Test:
    if wild and re.search(r"[*?]", text):
        pattern = re.compile(rf"\b{_wild(_fold(text))}\b")
        return lambda entry: any(pattern.search(_fold(part)) for part in _texts(name, entry))
    if not words(text):
        return lambda _: False
    wanted = f" {' '.join(words(text))} "
    return lambda entry: any(wanted in f" {' '.join(words(part))} " for part in _texts(name, entry))


def _texts(name: str, entry: Entry) -> tuple[str, ...]:
    texts: dict[str, tuple[str, ...]] = {
        "ti": (entry.title,),
        "abs": (entry.abstract,),
        "au": entry.authors,
        "co": (entry.comment,),
        "jr": (entry.journal,),
        "rn": (entry.report,),
    }
    if name != "all":
        return texts[name]
    return (*(part for parts in texts.values() for part in parts), entry.doi, entry.id, *entry.categories)
