"""One question, asked once: a whole, sound list, or what arXiv did instead. `digest.sources.search` asks again."""

from __future__ import annotations

from dataclasses import dataclass, field
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

    from digest.sources.http import Reply, Wire

_SORTS = {"updated": arxiv.SortCriterion.LastUpdatedDate, "submitted": arxiv.SortCriterion.SubmittedDate}
_THROTTLES = (406, 429, 503)


@dataclass(frozen=True)
class Question:
    """What is asked: the query as it is sent, a window of its results, and the order, newest first.

    `newest` tells the date of the newest paper seen for this very query before, None where there was none; it is
    asked once an answer is there.
    """

    query: str
    start: int
    count: int
    sort_by: str
    newest: Callable[[], datetime | None] = field(default=lambda: None, compare=False)


@dataclass(frozen=True)
class Answer:
    """A whole, sound list: papers newest first, how many there are in all, and how arXiv read the query."""

    papers: tuple[Paper, ...]
    total: int
    title: str


def ask_once(question: Question, url: str, wire: Wire) -> Answer:
    """The answer. ArxivFault where another try may help, QueryRefused or ArxivForbids where none does."""
    checked = _Checked(wire, question)
    client = arxiv.Client(page_size=question.count, delay_seconds=0, num_retries=0)
    client.query_url_format = url + "?{}"
    client._session = checked  # noqa: SLF001 - the package has no other door for timeouts and checks
    search = arxiv.Search(
        query=question.query,
        max_results=question.start + question.count,
        sort_by=_SORTS[question.sort_by],
        sort_order=arxiv.SortOrder.Descending,
    )
    papers = _papers(client.results(search, offset=question.start))
    return Answer(papers, checked.head.total, checked.head.title)


class _Checked:
    """What the `arxiv` package takes for its session: it lets only a sound feed through."""

    head: Head

    def __init__(self, wire: Wire, question: Question) -> None:
        self._wire, self._question = wire, question

    def get(self, url: str, **_: Any) -> Reply:
        """The answer with a sound feed. ArxivFault, QueryRefused or ArxivForbids otherwise."""
        reply = self._wire.get(url)
        if reply.status_code == requests.codes.ok:
            self.head = check(reply.content, _expected(self._question))
            return reply
        raise _refused(reply)


def _expected(question: Question) -> Expected:
    date = "updated" if question.sort_by == "updated" else "published"
    return Expected(question.start, question.count, date, question.newest())


def _refused(reply: Reply) -> ArxivFault | ArxivUnavailable:
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
