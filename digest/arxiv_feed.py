"""Questions -> arXiv's lists. With `digest.arxiv_wire`, the only module that talks to arXiv.

A question ends in one of two ways: a whole, sound list, or a named failure. Between them lie retries with growing
waits (`digest.pace`) and the checks of `digest.feed_checks`.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from threading import Event
from typing import TYPE_CHECKING, Any

import arxiv
import requests

from digest.arxiv_wire import Reply, Wire
from digest.errors import ArxivForbids, ArxivUnavailable, QueryRefused
from digest.feed_checks import ArxivFault, Expected, Head, check, refusal
from digest.pace import span
from digest.papers import Paper, merge_versions, read_entry_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from digest.pace import Pace

_SORTS = {"updated": arxiv.SortCriterion.LastUpdatedDate, "submitted": arxiv.SortCriterion.SubmittedDate}
_THROTTLES = (406, 429, 503)
# So many queries in a row without a sound answer, and no patience left: arXiv is taken to be down.
_DOWN = 3


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


@dataclass
class Cost:
    """What was spent on a question, whatever came of it; `seconds` without the waits after faults."""

    requests: int = 0
    seconds: float = 0.0


@dataclass
class ArxivFeed:
    """arXiv at `url`, asked at a pace; `costs` grow with every question. `say` is told in a line what is waited for.

    `under_way` is set when the first request leaves.
    """

    url: str
    pace: Pace
    say: Callable[[str], None]
    under_way: Event = field(default_factory=Event, init=False)
    costs: dict[Question, Cost] = field(default_factory=dict, init=False)
    _wire: Wire = field(init=False)
    _forbidden: ArxivForbids | None = field(default=None, init=False)
    _last_fault: str = field(default="", init=False)
    # The queries that failed since the last sound answer.
    _failing: set[str] = field(default_factory=set, init=False)
    _down: bool = field(default=False, init=False)
    _seen_empty: set[Question] = field(default_factory=set, init=False)

    def __post_init__(self) -> None:
        self._wire = Wire(self.pace, self.under_way)

    def ask(self, questions: Iterable[Question]) -> dict[Question, Answer | ArxivUnavailable]:
        """An answer or a failure to each question; a question that is asked twice shares its answer.

        A question that fails waits behind the others for its next try, so that one that arXiv cannot
        answer holds nobody up.
        """
        outcomes: dict[Question, Answer | ArxivUnavailable] = {}
        waiting = deque(dict.fromkeys(questions))
        while waiting:
            question = waiting.popleft()
            outcome = self._outcome(question)
            if outcome is None:
                waiting.append(question)
            else:
                outcomes[question] = outcome
        return outcomes

    def close(self) -> None:
        """Ends the connection, and the waiting for a first request if none was made."""
        self._wire.close()
        self.under_way.set()

    def _outcome(self, question: Question) -> Answer | ArxivUnavailable | None:
        """The end of a question, None where it is to be asked once more."""
        if self._forbidden:
            return self._forbidden
        if self._down:
            return ArxivUnavailable(self._last_fault)
        try:
            answer = self._answer(question)
        except QueryRefused as refused:
            self._sound()
            return refused
        except ArxivForbids as forbidden:
            self._forbidden = forbidden
            return forbidden
        except ArxivFault as fault:
            return self._after(fault, question)
        self._sound()
        if answer.papers or question.start or question in self._seen_empty:
            return answer
        # Not to be told from a lie, but one lie is seldom followed by the same.
        self._seen_empty.add(question)
        return None

    def _sound(self) -> None:
        self._failing.clear()
        self.pace.sound()

    def _after(self, fault: ArxivFault, question: Question) -> ArxivUnavailable | None:
        self._wire.close()
        self._last_fault = str(fault)
        self._failing.add(question.query)
        wait = self.pace.fault(fault.retry_after)
        if wait is None:
            self._down = len(self._failing) >= _DOWN
            over = f"{span(self.pace.budget)} of trying are over"
            why = f"it asks to wait {span(fault.retry_after)}" if fault.retry_after else over
            self.say(f"{fault}: given up, {why}")
            return ArxivUnavailable(str(fault))
        self.say(f"{fault}: waiting {span(wait)}, {span(self.pace.left())} left")
        self.pace.wait(wait)
        return None

    def _answer(self, question: Question) -> Answer:
        checked = _Checked(self._wire, question)
        client = arxiv.Client(page_size=question.count, delay_seconds=0, num_retries=0)
        client.query_url_format = self.url + "?{}"
        client._session = checked  # noqa: SLF001 - the package has no other door for timeouts and checks
        search = arxiv.Search(
            query=question.query,
            max_results=question.start + question.count,
            sort_by=_SORTS[question.sort_by],
            sort_order=arxiv.SortOrder.Descending,
        )
        cost = self.costs.setdefault(question, Cost())
        began, before = self.pace.clock.monotonic(), self._wire.requests
        try:
            papers = _papers(client.results(search, offset=question.start))
        finally:
            cost.requests += self._wire.requests - before
            cost.seconds += self.pace.clock.monotonic() - began
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
