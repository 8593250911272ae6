"""Questions -> arXiv's lists. The only module that talks to arXiv.

A question ends in one of two ways: a whole, sound list, or a named failure. Between them lie the pace that arXiv's
terms ask for, retries with growing waits, and the checks of `digest.feed_checks`.
"""

from __future__ import annotations

import signal
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import arxiv
import requests

from digest.errors import ArxivForbids, ArxivUnavailable, QueryRefused
from digest.feed_checks import Expected, Fault, Head, check, refusal
from digest.papers import Paper, merge_versions, read_entry_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from digest.pace import Pace

USER_AGENT = "daily-papers/1 (+https://github.com/daily-papers/daily-papers)"
# Seconds: to connect, without a byte, and in all. arXiv was seen to take minutes to fail.
_CONNECT, _SILENCE, _WHOLE = 10.0, 30.0, 90.0
# However little patience is left, a request that leaves gets so many seconds.
_LEAST = 10.0
_REDIRECTS = 3
_SORTS = {"updated": arxiv.SortCriterion.LastUpdatedDate, "submitted": arxiv.SortCriterion.SubmittedDate}


@dataclass(frozen=True)
class Question:
    """What is asked: the query as it is sent, a window of its results, and the order, newest first.

    `newest` is the date of the newest paper seen for this very query before, None where there was none.
    """

    query: str
    start: int
    count: int
    sort_by: str
    newest: datetime | None = None


@dataclass(frozen=True)
class Answer:
    """A whole, sound list: papers newest first, how many there are in all, and how arXiv read the query."""

    papers: tuple[Paper, ...]
    total: int
    title: str
    requests: int
    seconds: float


@dataclass
class _Asked:
    """A question on its way to an answer."""

    question: Question
    requests: int = 0
    seconds: float = 0.0
    reason: str = ""
    nothing_once: bool = False


@dataclass
class ArxivFeed:
    """arXiv at `url`, asked at a pace. `say` is told in a line what is waited for."""

    url: str
    pace: Pace
    say: Callable[[str], None]
    _session: _Session | None = field(default=None, init=False)
    _forbidden: ArxivForbids | None = field(default=None, init=False)

    def ask(self, questions: Sequence[Question]) -> dict[Question, Answer | ArxivUnavailable]:
        """An answer or a failure to each question; a question that is asked twice shares its answer.

        A question that fails waits behind the others for its next try, so that one that arXiv cannot
        answer holds nobody up.
        """
        outcomes: dict[Question, Answer | ArxivUnavailable] = {}
        waiting = deque(_Asked(question) for question in dict.fromkeys(questions))
        while waiting:
            asked = waiting.popleft()
            outcome = self._outcome(asked)
            if outcome is None:
                waiting.append(asked)
            else:
                outcomes[asked.question] = outcome
        return outcomes

    def _outcome(self, asked: _Asked) -> Answer | ArxivUnavailable | None:
        """The end of a question, None where it is to be asked once more."""
        if self._forbidden:
            return self._forbidden
        if self.pace.down() or (asked.reason and not self.pace.left()):
            return ArxivUnavailable(asked.reason or "it did not answer the questions before this one")
        try:
            answer = self._try(asked)
        except QueryRefused as refused:
            self.pace.sound()
            return refused
        except ArxivForbids as forbidden:
            self._forbidden = forbidden
            return forbidden
        except Fault as fault:
            return self._after(fault, asked)
        self.pace.sound()
        if answer.papers or asked.question.start or asked.nothing_once:
            return answer
        asked.nothing_once = True
        return None

    def _after(self, fault: Fault, asked: _Asked) -> ArxivUnavailable | None:
        self.close()
        asked.reason = fault.reason
        wait = self.pace.fault(fault.retry_after)
        if wait is None:
            return ArxivUnavailable(fault.reason)
        self.say(f"arXiv: {fault.reason}: waiting {wait:.0f} s, {self.pace.left() / 60:.1f} min left")
        self.pace.wait(wait)
        return None

    def _try(self, asked: _Asked) -> Answer:
        question = asked.question
        session = self._session = self._session or _Session(self.pace)
        session.expected = Expected(
            question.start,
            question.count,
            "updated" if question.sort_by == "updated" else "published",
            question.newest,
        )
        began = self.pace.clock.monotonic()
        before = session.requests
        try:
            papers = _papers(self._client(session, question).results(_search(question), offset=question.start))
        finally:
            asked.requests += session.requests - before
            asked.seconds += self.pace.clock.monotonic() - began
        feed = session.feed
        return Answer(papers, feed.total, feed.title, asked.requests, asked.seconds)

    def _client(self, session: _Session, question: Question) -> arxiv.Client:
        client = arxiv.Client(page_size=question.count, delay_seconds=0, num_retries=0)
        client.query_url_format = self.url + "?{}"
        client._session = session  # noqa: SLF001 - the package has no other door for timeouts and checks
        return client

    def close(self) -> None:
        """Ends the connection; the next request makes a new one."""
        if self._session:
            self._session.close()
            self._session = None


def _search(question: Question) -> arxiv.Search:
    return arxiv.Search(
        query=question.query,
        max_results=question.start + question.count,
        sort_by=_SORTS[question.sort_by],
        sort_order=arxiv.SortOrder.Descending,
    )


def _papers(results: Iterator[arxiv.Result]) -> tuple[Paper, ...]:
    try:
        return tuple(merge_versions(map(_paper, results)))
    except ValueError as error:
        raise Fault(f"it sent an entry that cannot be read ({error})") from None


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


class _Session(requests.Session):
    """The session that the `arxiv` package asks with: paced, timed, and passing on only sound feeds."""

    expected: Expected
    feed: Head

    def __init__(self, pace: Pace) -> None:
        super().__init__()
        self.pace, self.requests = pace, 0
        self.headers.update({"Accept": "application/atom+xml, */*"})

    def get(self, url: str | bytes, **_: Any) -> requests.Response:
        """The answer with a sound feed. Fault, QueryRefused or ArxivForbids otherwise."""
        address = str(url)
        for _redirect in range(_REDIRECTS):
            response = self._answer(address)
            if not response.is_redirect:
                self.feed = _sound(response, self.expected)
                return response
            address = _same_host(address, response.headers["Location"])
        raise Fault("it redirects without end")

    def _answer(self, address: str) -> requests.Response:
        self.pace.start()
        self.requests += 1
        whole = min(_WHOLE, max(_LEAST, self.pace.left()))
        silence = min(_SILENCE, whole)
        try:
            with _deadline(whole):
                return super().get(
                    address,
                    headers={"User-Agent": USER_AGENT},
                    timeout=(min(_CONNECT, whole), silence),
                    allow_redirects=False,
                )
        except requests.exceptions.ConnectTimeout:
            raise Fault(f"no connection within {min(_CONNECT, whole):.0f} s") from None
        except requests.exceptions.Timeout:
            raise Fault(f"no answer within {silence:.0f} s") from None
        except _TooLong:
            raise Fault(f"its answer did not end within {whole:.0f} s") from None
        except requests.exceptions.RequestException as error:
            raise Fault(_connection(error)) from None


def _connection(error: requests.exceptions.RequestException) -> str:
    text = str(error)
    if "resolve" in text or "getaddrinfo" in text or "Name or service" in text:
        return "its name does not resolve"
    if "refused" in text:
        return "it refuses the connection"
    return "the connection broke"


def _same_host(address: str, location: str) -> str:
    target = urljoin(address, location)
    if urlsplit(target).hostname != urlsplit(address).hostname:
        raise Fault(f"it redirects to another host ({urlsplit(target).hostname}), which is not followed")
    return target


def _sound(response: requests.Response, expected: Expected) -> Head:
    status = response.status_code
    if status == requests.codes.ok:
        return check(response.content, expected)
    if status == requests.codes.bad_request:
        raise QueryRefused(refusal(response.content))
    if status == requests.codes.forbidden:
        raise ArxivForbids("it forbids this address to ask (403)")
    throttles = status in (406, 429, 503)
    kind = f"it is throttling ({status})" if throttles else f"it answered {status} {response.reason or ''}".rstrip()
    raise Fault(kind, _retry_after(response.headers.get("Retry-After", "")))


def _retry_after(value: str) -> float | None:
    """Seconds from now; None where there is nothing to go by, 0 among it: it came with answers that failed again."""
    if value.strip().isdigit():
        return float(value) or None
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (moment.astimezone(UTC) - datetime.now(UTC)).total_seconds()) or None


class _TooLong(Exception):
    """The whole request took too long."""


@contextmanager
def _deadline(seconds: float) -> Iterator[None]:
    """Bounds what no timeout of a socket bounds: an answer that comes byte by byte."""

    def ring(*_: object) -> None:
        raise _TooLong

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
