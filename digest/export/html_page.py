"""A collection -> one HTML page that needs nothing else: its style and its script stand in it. Pure.

Whole without scripts; with them it is filtered, and the reader's browser keeps what is read and starred. The script
gets no data but what the page shows, so no text of strangers' ever stands where code could.
"""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urlsplit

from digest.export.mark import HTML_MARK
from digest.text.autolinks import ADDRESS
from digest.text.markdown import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from jinja2 import Template

    from digest.export.collection import Collection, Record

_ASSETS = Path(__file__).parent / "page"
_SHOWN_AUTHORS = 6
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_ADDRESSES = re.compile(rf"({ADDRESS})", re.VERBOSE | re.IGNORECASE)
# https://www.rfc-editor.org/rfc/rfc3986#section-2
_PLAIN = re.compile(r"https://[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+", re.ASCII)
_PUNCTUATION = "?!.,:;*_~'"
# https://www.doi.org/doi-handbook/HTML/syntax-of-a-doi-name.html
_DOI = re.compile(r"10\.[0-9.]{4,}/\S+", re.ASCII)


class Text(NamedTuple):
    """A piece of a text.

    text: what is shown
    url: where it leads, "" where it is no link
    """

    text: str
    url: str = ""


@dataclass(frozen=True)
class Card:
    """A paper as the page shows it: text that is readable and one line each.

    paper: whose identifier, version and addresses are shown as they are
    title: never empty
    authors: the first few, with commas between
    more_authors: all others, as the first
    more_authors_count: how many others
    notes: what the authors say of it, and where it appeared
    abstract: in pieces
    venue: where it was accepted, "" where it does not say
    categories: the primary one first
    links: what it names of its own, and its DOI; https only
    keywords: the places of its headings among the collection's
    """

    paper: Record
    title: str
    authors: str
    more_authors: str
    more_authors_count: int
    notes: tuple[tuple[Text, ...], ...]
    abstract: tuple[Text, ...]
    venue: str
    categories: tuple[str, ...]
    links: tuple[Text, ...]
    keywords: tuple[int, ...]


@dataclass(frozen=True)
class Day:
    """The papers whose shown version is of that day, newest first.

    date: as `datetime` says it to machines
    day: as people write it, without the year
    year: in full
    cards: its papers
    """

    date: str
    day: str
    year: int
    cards: tuple[Card, ...]


def write(collection: Collection) -> bytes:
    """The page in UTF-8. The date of the run stands in it once."""
    headings = [visible(keyword.heading) for keyword in collection.keywords]
    keywords = _keywords(collection)
    style, script = _asset("page.css"), _asset("page.js")
    page = _template().render(
        mark=HTML_MARK,
        policy=_policy(style, script),
        style=style,
        script=script,
        updated=collection.updated,
        headings=headings,
        counts=[sum(place in of_paper for of_paper in keywords.values()) for place in range(len(headings))],
        days=list(_days(collection, keywords)),
        total=len(collection.papers),
    )
    return page.encode()


def _keywords(collection: Collection) -> dict[str, tuple[int, ...]]:
    """By paper the places of the keywords that list it, and of those that found it although others list it."""
    listed = [frozenset(keyword.papers) for keyword in collection.keywords]
    found = [(keyword.heading, papers) for keyword, papers in zip(collection.keywords, listed, strict=True)]
    return {
        id_: tuple(
            place for place, (heading, papers) in enumerate(found) if id_ in papers or heading in record.keywords
        )
        for id_, record in collection.papers.items()
    }


def _days(collection: Collection, keywords: Mapping[str, tuple[int, ...]]) -> Iterator[Day]:
    newest_first = sorted(collection.papers.items(), key=lambda item: item[1].updated, reverse=True)
    for day, items in groupby(newest_first, key=lambda item: item[1].updated.date()):
        cards = tuple(_card(record, keywords[id_]) for id_, record in items)
        yield Day(day.isoformat(), _day(day), day.year, cards)


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]}"


def _card(paper: Record, keywords: tuple[int, ...]) -> Card:
    authors = list(filter(None, map(visible, paper.authors)))
    rest = authors[_SHOWN_AUTHORS:]
    return Card(
        paper=paper,
        title=visible(paper.title) or paper.id,
        authors=", ".join(authors[:_SHOWN_AUTHORS]),
        more_authors=", ".join(rest),
        more_authors_count=len(rest),
        notes=tuple(filter(None, (_pieces(paper.comment), _pieces(paper.journal)))),
        abstract=_pieces(paper.abstract),
        venue=visible(paper.venue),
        categories=tuple(filter(None, map(visible, paper.categories))),
        links=tuple(_links(paper)),
        keywords=keywords,
    )


def _links(paper: Record) -> Iterator[Text]:
    for link in paper.code:
        if url := _https(link.url):
            yield Text(visible(link.kind), url)
    if _DOI.fullmatch(paper.doi):
        yield Text("DOI", f"https://doi.org/{quote(paper.doi)}")


def _pieces(text: str) -> tuple[Text, ...]:
    """The text with its https addresses as links."""
    pieces = []
    for place, part in enumerate(_ADDRESSES.split(visible(text))):
        # Each second one is an address; the punctuation at its end is the sentence's.
        address = part.rstrip(_PUNCTUATION) if place % 2 else ""
        url = _https(address)
        pieces += [Text(address, url), Text(part[len(address) :])] if url else [Text(part)]
    return tuple(piece for piece in pieces if piece.text)


def _https(address: str) -> str:
    """The address where it is one that may be a link: https, no name or password before its host; otherwise ""."""
    try:
        parts = urlsplit(address)
        port_is_number = parts.port is None or parts.port > 0
    except ValueError:
        return ""
    host = parts.hostname and "." in parts.hostname and "@" not in parts.netloc
    return address if host and port_is_number and _PLAIN.fullmatch(address) else ""


def _policy(style: str, script: str) -> str:
    """Nothing is loaded from anywhere, and no script or style counts but these two: https://www.w3.org/TR/CSP3/"""
    return (
        f"default-src 'none'; script-src 'sha256-{_hash(script)}'; style-src 'sha256-{_hash(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return b64encode(sha256(text.encode()).digest()).decode()


def _asset(name: str) -> str:
    return (_ASSETS / name).read_text("utf-8")


@cache
def _template() -> Template:
    # Loaded where such a page is written: most runs write none.
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    return environment.from_string(_asset("page.html.jinja"))
