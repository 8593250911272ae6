"""Questions -> arXiv's lists, whatever arXiv does meanwhile.

A question ends in one of two ways: a whole, sound list, or a named failure. Between them lie retries with growing
waits (`digest.sources.rate_limit`) of what `digest.sources.request` asks once.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from threading import Event
from typing import TYPE_CHECKING

from digest.errors import ArxivForbids, ArxivUnavailable, QueryRefused
from digest.sources.http import Wire
from digest.sources.rate_limit import span
from digest.sources.request import Answer, Question, ask_once
from digest.sources.validation import ArxivFault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from digest.sources.rate_limit import Pace

# So many queries in a row without a sound answer, and no patience left: arXiv is taken to be down.
_DOWN = 3


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
        cost = self.costs.setdefault(question, Cost())
        began, before = self.pace.clock.monotonic(), self._wire.requests
        try:
            return ask_once(question, self.url, self._wire)
        finally:
            cost.requests += self._wire.requests - before
            cost.seconds += self.pace.clock.monotonic() - began
