"""One request, sent once: a whole, sound list, or what arXiv did instead. `digest.sources.search` asks again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import arxiv
import requests

from digest.errors import QueryRefused
from digest.papers import Bounds, Paper, merge_versions, read_entry_id
from digest.sources.faults import ArxivFault
from digest.sources.http import seconds_until
from digest.sources.validation import Expected, check, refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from digest.sources.http import Http, Response

_SORTS = {"updated": arxiv.SortCriterion.LastUpdatedDate, "submitted": arxiv.SortCriterion.SubmittedDate}
_THROTTLES = (406, 429, 503)
_TOO_LONG = (413, 414)
# What another try does not change.
REFUSALS = (400, *_TOO_LONG)
# Longer queries go as a form, which arXiv takes since 2025-11-21; the others stay in the address, by which answers may
# be cached. gunicorn, which runs its API (Dockerfile-classic-api of https://github.com/arXiv/arxiv-search), takes 4094
# bytes for the whole first line of a request.
_LONGEST_QUERY = 4000


@dataclass(frozen=True)
class Request:
    """What is asked.

    query: as it is sent
    start: the first result, counted from 0
    count: how many results
    sort_by: the date by which they are sorted, newest first: `updated` or `submitted`
    """

    query: str
    start: int
    count: int
    sort_by: str


@dataclass(frozen=True)
class Reply:
    """A whole, sound list.

    papers: newest first
    total: how many there are in all
    echo: the query as arXiv read it, "" where it does not say
    """

    papers: tuple[Paper, ...]
    total: int
    echo: str


def send(request: Request, url: str, http: Http, newest: Callable[[], datetime | None] = lambda: None) -> Reply:
    """The reply. ArxivFault where another try may help, QueryRefused or ArxivForbids where none does.

    `newest` tells the date of the newest paper seen for this query on an earlier day; it is asked once arXiv answered.
    """
    date = "updated" if request.sort_by == "updated" else "published"
    response = _response(request, url, http)
    head = check(response.content, Expected(request.start, request.count, date, newest(), Bounds(http.now())))
    # The package's own reader of an entry; its door takes bytes only, and would parse them once more.
    papers = _papers(map(arxiv._feed._build_result, head.entries))  # noqa: SLF001
    return Reply(papers, head.total, echo(head.title, request.query))


def _response(request: Request, url: str, http: Http) -> Response:
    """A response with status 200. ArxivFault, QueryRefused or ArxivForbids otherwise."""
    search = arxiv.Search(request.query, sort_by=_SORTS[request.sort_by], sort_order=arxiv.SortOrder.Descending)
    asked = {**search._url_args(), "start": str(request.start), "max_results": str(request.count)}  # noqa: SLF001
    sent = urlencode(asked)
    response = http.send(url, asked) if len(sent) > _LONGEST_QUERY else http.send(f"{url}?{sent}")
    if response.status_code in REFUSALS:
        raise _refused(response)
    if response.status_code != requests.codes.ok:
        raise bad_status(response)
    return response


def echo(title: str, query: str) -> str:
    """The query in a feed's title as arXiv read it, "" where there is none, or one far longer than was sent.

    `arXiv Query: search_query=…&id_list=…&start=0&max_results=10`, by
    https://info.arxiv.org/help/api/user-manual.html#_details_of_atom_results_returned
    """
    found = title.partition("search_query=")[2].rpartition("&id_list=")[0]
    return found if len(found) <= 2 * len(query) + 1000 else ""


def _refused(response: Response) -> QueryRefused:
    if response.status_code in _TOO_LONG:
        return QueryRefused(f"arXiv takes no query of this length ({response.status_code}): make two keywords of it")
    return QueryRefused(f"arXiv refuses the query: {refusal(response.content)}")


def bad_status(response: Response) -> ArxivFault:
    """What a status means that is neither 200 nor one of REFUSALS."""
    status = response.status_code
    deed = f"is throttling ({status})" if status in _THROTTLES else f"answered {status} {response.reason}".rstrip()
    return ArxivFault(deed, seconds_until(response.headers.get("Retry-After", "")))


def _papers(results: Iterable[arxiv.Result]) -> tuple[Paper, ...]:
    try:
        return tuple(merge_versions(map(_paper, results)))
    except ValueError as error:
        raise ArxivFault(f"sent a paper that cannot be read ({error})") from None


def _paper(result: arxiv.Result) -> Paper:
    identifier, version = read_entry_id(result.entry_id)
    return Paper(
        id=identifier,
        version=version,
        title=result.title.strip(),
        abstract=result.summary.strip(),
        authors=tuple(author.name for author in result.authors),
        published=result.published,
        updated=result.updated,
        categories=tuple(result.categories),
        comment=(result.comment or "").strip(),
        journal=(result.journal_ref or "").strip(),
        doi=result.doi or "",
    )
