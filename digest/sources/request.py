"""One request, sent once: a whole, sound list, or what arXiv did instead. `digest.sources.search` asks again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import arxiv
import requests

from digest.errors import ArxivUnavailable, QueryRefused
from digest.papers import Bounds, Paper, merge_versions, read_entry_id
from digest.sources.faults import ArxivFault
from digest.sources.http import seconds_until
from digest.sources.validation import Expected, Head, check, refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from digest.sources.http import Http, Response

_SORTS = {"updated": arxiv.SortCriterion.LastUpdatedDate, "submitted": arxiv.SortCriterion.SubmittedDate}
_THROTTLES = (406, 429, 503)
_TOO_LONG = (413, 414)
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
    checked = _Checked(url, http, request, newest)
    client = arxiv.Client(page_size=request.count, delay_seconds=0, num_retries=0)
    client.query_url_format = url + "?{}"
    client._session = checked  # noqa: SLF001 - the package has no other door for timeouts and checks
    search = arxiv.Search(
        query=request.query,
        max_results=request.start + request.count,
        sort_by=_SORTS[request.sort_by],
        sort_order=arxiv.SortOrder.Descending,
    )
    papers = _papers(client.results(search, offset=request.start))
    return Reply(papers, checked.head.total, echo(checked.head.title, request.query))


def echo(title: str, query: str) -> str:
    """The query in a feed's title as arXiv read it, "" where there is none, or one far longer than was sent.

    `arXiv Query: search_query=…&id_list=…&start=0&max_results=10`, by
    https://info.arxiv.org/help/api/user-manual.html#_details_of_atom_results_returned
    """
    found = title.partition("search_query=")[2].rpartition("&id_list=")[0]
    return found if len(found) <= 2 * len(query) + 1000 else ""


class _Checked:
    """What the `arxiv` package takes for its session: it lets only a sound feed through."""

    head: Head

    def __init__(self, url: str, http: Http, request: Request, newest: Callable[[], datetime | None]) -> None:
        self._url, self._http, self._request, self._newest = url, http, request, newest

    def get(self, address: str, **_: Any) -> Response:
        """The response with a sound feed. ArxivFault, QueryRefused or ArxivForbids otherwise."""
        sent = address.removeprefix(f"{self._url}?")
        if len(sent) > _LONGEST_QUERY:
            response = self._http.send(self._url, dict(parse_qsl(sent, keep_blank_values=True)))
        else:
            response = self._http.send(address)
        if response.status_code != requests.codes.ok:
            raise refused(response)
        self.head = check(response.content, self._expected())
        return response

    def _expected(self) -> Expected:
        date = "updated" if self._request.sort_by == "updated" else "published"
        return Expected(self._request.start, self._request.count, date, self._newest(), Bounds(self._http.now()))


def refused(response: Response) -> ArxivFault | ArxivUnavailable:
    """What a status other than 200 means."""
    status = response.status_code
    if status == requests.codes.bad_request:
        return QueryRefused(f"arXiv refuses the query: {refusal(response.content)}")
    if status in _TOO_LONG:
        return QueryRefused(f"arXiv takes no query of this length ({status}): make two keywords of it")
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
