"""What arXiv's API says to a request's parameters: a page of results, or why it refuses.

The sentences are those of arxiv-search's controller, but for the two limits that only the manual names.
"""

from __future__ import annotations

import re
from operator import attrgetter
from typing import TYPE_CHECKING, Literal

from sandbox.arxiv.feed import Page
from sandbox.arxiv.query import InvalidQuery, search

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.arxiv.query import Catalogue
    from sandbox.recorded import Entry

MOST_PER_REQUEST, MOST_IN_ALL = 2000, 30_000
_ID = re.compile(r"(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?")
_SORTS = {"relevance": None, "lastUpdatedDate": attrgetter("updated"), "submittedDate": attrgetter("published")}
_ORDERS = ("ascending", "descending")


class Refused(Exception):
    """A request answered with status 400 and a feed that holds the sentence."""

    def __init__(self, sentence: str, anchor: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.anchor = anchor


def answer(catalogue: Catalogue, params: Mapping[str, str]) -> Page:
    ids = [id_ for id_ in params.get("id_list", "").split(",") if id_]
    for id_ in ids:
        if not _ID.fullmatch(id_):
            raise _refusal(f"incorrect id format for {id_}")
    size, start = _number(params, "max_results", 10), _number(params, "start", 0)
    if size > MOST_PER_REQUEST:
        raise Refused(f"max_results must not exceed {MOST_PER_REQUEST}")
    if start + size > MOST_IN_ALL:
        raise Refused(f"start + max_results must not exceed {MOST_IN_ALL}")
    by, order = _choice(params, "sortBy", tuple(_SORTS)), _choice(params, "sortOrder", _ORDERS)
    query, found = _found(catalogue, params, ids)
    if key := _SORTS[by]:
        found = sorted(found, key=key, reverse=order == "descending")
    elif order == "ascending":
        found = found[::-1]
    return Page(params, query, ",".join(ids), start, size, found)


def _found(catalogue: Catalogue, params: Mapping[str, str], ids: list[str]) -> tuple[str, list[Entry]]:
    query = params.get("search_query", "")
    if not query.strip():
        if not ids:
            raise Refused("Either a search_query or id_list must be specified for the classic API.")
        held = {entry.id: entry for entry in catalogue.entries} | {entry.paper: entry for entry in catalogue.current}
        return "", [held[id_] for id_ in dict.fromkeys(ids) if id_ in held]
    try:
        adapted, found = search(catalogue, query, raw=params.get("raw") == "1")
    except InvalidQuery as error:
        raise Refused(str(error)) from None
    return adapted, [entry for entry in found if not ids or entry.id in ids or entry.paper in ids]


def _number(params: Mapping[str, str], name: Literal["start", "max_results"], default: int) -> int:
    try:
        number = int(params.get(name, default))
    except ValueError:
        raise _refusal(f"{name} must be an integer") from None
    if number < 0:
        raise _refusal(f"{name} must be non-negative")
    return number


def _choice(params: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    default = "relevance" if name == "sortBy" else "descending"
    choice = params.get(name, default)
    if choice not in choices:
        raise Refused(f"{name} must be in: {', '.join(choices)}")
    return choice


def _refusal(sentence: str) -> Refused:
    return Refused(sentence, sentence.replace(" ", "_"))
