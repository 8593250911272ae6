"""One request, sent once: a whole, sound list, or what arXiv did instead. `digest.sources.search` asks again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import arxiv
import requests

from digest.errors import ArxivForbids, ArxivUnavailable, QueryRefused
from digest.papers import Paper, merge_versions, read_entry_id
from digest.sources.validation import ArxivFault, Expected, Head, check, refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from digest.sources.http import Http, Response

_SORTS = {"updated": arxiv.SortCriterion.LastUpdatedDate, "submitted": arxiv.SortCriterion.SubmittedDate}
_THROTTLES = (406, 429, 503)
# https://info.arxiv.org/help/api/user-manual.html#_details_of_atom_results_returned
_ECHO = re.compile(r"search_query=(.*?)&id_list=[^&]*&start=\d+", re.DOTALL)


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
    checked = _Checked(http, request, newest)
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
    return Reply(papers, checked.head.total, _echo(checked.head.title))


def _echo(title: str) -> str:
    """The query in a feed's title."""
    found = _ECHO.search(title)
    return found[1] if found else ""


class _Checked:
    """What the `arxiv` package takes for its session: it lets only a sound feed through."""

    head: Head

    def __init__(self, http: Http, request: Request, newest: Callable[[], datetime | None]) -> None:
        self._http, self._request, self._newest = http, request, newest

    def get(self, url: str, **_: Any) -> Response:
        """The response with a sound feed. ArxivFault, QueryRefused or ArxivForbids otherwise."""
        response = self._http.get(url)
        if response.status_code == requests.codes.ok:
            self.head = check(response.content, _expected(self._request, self._newest()))
            return response
        raise _refused(response)


def _expected(request: Request, newest: datetime | None) -> Expected:
    date = "updated" if request.sort_by == "updated" else "published"
    return Expected(request.start, request.count, date, newest)


def _refused(reply: Response) -> ArxivFault | ArxivUnavailable:
    status = reply.status_code
    if status == requests.codes.bad_request:
        return QueryRefused(f"arXiv refuses the query: {refusal(reply.content)}")
    if status == requests.codes.forbidden:
        return ArxivForbids("arXiv forbids this address to ask (403)")
    deed = f"is throttling ({status})" if status in _THROTTLES else f"answered {status} {reply.reason}".rstrip()
    return ArxivFault(deed, _seconds(reply.headers.get("Retry-After", "")))


def _seconds(retry_after: str) -> float | None:
    """Seconds from now; None where there is nothing to go by, 0 among it: it came with answers that failed again."""
    try:
        if retry_after.strip().isdecimal():
            seconds = float(retry_after)
        else:
            seconds = (parsedate_to_datetime(retry_after).astimezone(UTC) - datetime.now(UTC)).total_seconds()
    except (ValueError, OverflowError):
        return None
    return seconds if seconds > 0 else None


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
