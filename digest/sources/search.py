"""arXiv's search API as a source of papers: searches -> whole, sound lists, whatever arXiv does meanwhile.

A request ends in one of two ways: an answer, or a named failure. Between them lie retries with growing waits
(`digest.sources.rate_limit`) of what `digest.sources.request` asks once.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from digest.errors import ArxivForbids, QueryRefused
from digest.papers import merge_versions
from digest.query.tree import to_arxiv
from digest.sources.faults import ArxivFault
from digest.sources.http import Http
from digest.sources.rate_limit import span
from digest.sources.request import Request, send
from digest.sources.source import Answer, Cost, Failure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from digest.sources.rate_limit import RateLimit
    from digest.sources.request import Reply
    from digest.sources.source import Search

# So many queries in a row without a sound answer, and nothing left of the budget: arXiv is taken to be down.
_DOWN = 3
# https://info.arxiv.org/help/api/user-manual.html: slices of at most 2000.
_LARGEST_SLICE = 2000


def _nothing_seen(_: Request) -> datetime | None:
    return None


@dataclass
class SearchApi:
    """arXiv at `url`, asked as `rate_limit` allows. `say` is told in a line what is waited for."""

    url: str
    rate_limit: RateLimit
    say: Callable[[str], None]
    # For arXiv's other doors too: its terms count the requests to all of them together.
    http: Http = field(init=False)
    _spent: dict[Request, Cost] = field(default_factory=dict, init=False)
    _last_fault: str = field(default="", init=False)
    # The queries that failed since the last sound answer.
    _failing: set[str] = field(default_factory=set, init=False)
    _down: bool = field(default=False, init=False)
    _seen_empty: set[Request] = field(default_factory=set, init=False)

    def __post_init__(self) -> None:
        self.http = Http(self.rate_limit)

    def answer(
        self, searches: Iterable[Search], newest: Callable[[Search], datetime | None]
    ) -> dict[Search, Answer | Failure]:
        """An answer or a failure to each search; those that are sent as the same text share it."""
        sent = {search: Request(to_arxiv(search.query), 0, search.limit, search.sort_by) for search in searches}
        searched = {request: search for search, request in sent.items()}
        found = self.ask(sent.values(), lambda request: newest(searched[request]))
        return {search: found[request] for search, request in sent.items()}

    def more(self, search: Search, answer: Answer, count: int) -> Answer | Failure:
        """The answer with further results, at most as many as arXiv gives at once; its failure where they fail."""
        count = min(count, _LARGEST_SLICE)
        request = Request(to_arxiv(search.query), answer.fetched, count, search.sort_by)
        found = self.ask([request])[request]
        cost = answer.cost + found.cost
        if isinstance(found, Failure):
            return replace(found, cost=cost)
        merged = merge_versions((*answer.papers, *found.papers))
        # Requests made while arXiv changes may overlap; the list is newest first all the same.
        merged.sort(key=lambda paper: paper.date(search.sort_by), reverse=True)
        return replace(answer, papers=tuple(merged), fetched=found.fetched, cost=cost)

    def ask(
        self, requests: Iterable[Request], newest: Callable[[Request], datetime | None] = _nothing_seen
    ) -> dict[Request, Answer | Failure]:
        """An answer or a failure to each request; one that is asked twice shares its answer.

        A request that fails waits behind the others for its next try, so that one that arXiv cannot answer holds
        nobody up.
        """
        outcomes: dict[Request, Answer | Failure] = {}
        waiting = deque(dict.fromkeys(requests))
        while waiting:
            request = waiting.popleft()
            outcome = self._outcome(request, newest)
            if outcome is None:
                waiting.append(request)
            else:
                outcomes[request] = replace(outcome, cost=self._spent.pop(request, Cost()))
        return outcomes

    def now(self) -> datetime:
        """The later of this machine's clock and arXiv's, as far as arXiv told it."""
        return self.http.now()

    def close(self) -> None:
        """Ends the connection."""
        self.http.close()

    def _outcome(self, request: Request, newest: Callable[[Request], datetime | None]) -> Answer | Failure | None:
        """The end of a request, None where it is to be asked once more."""
        if self._down:
            return Failure(self._last_fault)
        try:
            reply = self._send(request, newest)
        except QueryRefused as refused:
            self._succeeded()
            return Failure(str(refused), "refused")
        except ArxivForbids as forbidden:
            return Failure(str(forbidden), "forbidden")
        except ArxivFault as fault:
            return self._after(fault, request)
        self._succeeded()
        if reply.papers or request.start or request in self._seen_empty:
            return Answer(reply.papers, reply.total, request.start + request.count, reply.echo)
        # Not to be told from a lie, but one lie is seldom followed by the same.
        self._seen_empty.add(request)
        return None

    def _succeeded(self) -> None:
        self._failing.clear()
        self.rate_limit.succeeded()

    def _after(self, fault: ArxivFault, request: Request) -> Failure | None:
        self.http.close()
        self._last_fault = str(fault)
        self._failing.add(request.query)
        wait = self.rate_limit.fault(fault.retry_after)
        if wait is None:
            self._down = len(self._failing) >= _DOWN
            over = f"{span(self.rate_limit.budget)} of trying are over"
            why = f"it asks to wait {span(fault.retry_after)}" if fault.retry_after else over
            self.say(f"{fault}: given up, {why}")
            return Failure(str(fault))
        self.say(f"{fault}: waiting {span(wait)}, {span(self.rate_limit.left())} left")
        self.rate_limit.wait(wait)
        return None

    def _send(self, request: Request, newest: Callable[[Request], datetime | None]) -> Reply:
        clock, sent = self.rate_limit.clock, self.http.requests
        began = clock.monotonic()
        try:
            return send(request, self.url, self.http, lambda: newest(request))
        finally:
            spent = Cost(self.http.requests - sent, clock.monotonic() - began)
            self._spent[request] = self._spent.get(request, Cost()) + spent
