"""Keywords -> arXiv's lists: what is asked, what a list must hold up to, and what is asked for where papers are shared.

One question a keyword, and a second one only where papers listed under earlier keywords leave its list short. A list
whose second part fails has failed: it is whole, or yesterday's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from digest.errors import QueryRefused
from digest.papers import Failed, Found, merge_versions
from digest.query import tree as query
from digest.query.meaning import misreading
from digest.section import section
from digest.sources.rate_limit import span
from digest.sources.request import Answer, Question
from digest.sources.search import Cost

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from digest.config import Config, Keyword
    from digest.errors import ArxivUnavailable
    from digest.papers import Identifier
    from digest.section.section import Section
    from digest.sources.search import ArxivFeed

# https://info.arxiv.org/help/api/user-manual.html: slices of at most 2000.
LARGEST_SLICE = 2000


@dataclass(frozen=True)
class Collected:
    """Per keyword arXiv's answer and what it cost; what the log says of them; whether a query was refused.

    `nothing` is the sentence for the user where no keyword got a list.
    """

    answers: tuple[Found | Failed, ...]
    costs: tuple[tuple[int, float], ...]
    notices: tuple[str, ...]
    warnings: tuple[str, ...]
    refused: bool
    nothing: str


@dataclass(frozen=True)
class _Outcome:
    """What came of one keyword; without a failure the answers make up its list."""

    keyword: Keyword
    question: Question
    answers: tuple[Answer, ...]
    failure: ArxivUnavailable | None
    cost: tuple[int, float]

    @property
    def list(self) -> Found | Failed:
        asked = identity(self.question)
        if self.failure:
            return Failed(str(self.failure), asked)
        merged = merge_versions(paper for answer in self.answers for paper in answer.papers)
        by_update = self.question.sort_by == "updated"
        date = {paper.id: paper.updated if by_update else paper.published for paper in merged}
        # Requests made while arXiv changes may overlap; the page is newest first all the same.
        merged.sort(key=lambda paper: date[paper.id], reverse=True)
        return Found(tuple(merged), asked, date[merged[0].id] if merged else None)


def collect(config: Config, feed: ArxivFeed, before: Callable[[], Section]) -> Collected:
    """Asks arXiv for every keyword's list; `before`, the section as it stands, is asked for once arXiv has answered."""
    began = feed.pace.clock.monotonic()
    outcomes = _Collecting(config, feed, before).outcomes()
    seconds = feed.pace.clock.monotonic() - began
    return Collected(
        answers=tuple(outcome.list for outcome in outcomes),
        costs=tuple(outcome.cost for outcome in outcomes),
        notices=tuple(_notices(config, outcomes)),
        warnings=tuple(_warnings(outcomes)),
        refused=any(isinstance(outcome.failure, QueryRefused) for outcome in outcomes),
        nothing=_nothing(outcomes, seconds, config.readme) if all(outcome.failure for outcome in outcomes) else "",
    )


def identity(question: Question) -> str:
    """What tells a question from another: a list that answers another question may differ in any way."""
    return f"{question.query} by {question.sort_by}"


class _Collecting:
    """The questions of one run and their answers so far."""

    def __init__(self, config: Config, feed: ArxivFeed, before: Callable[[], Section]) -> None:
        self.config, self.feed, self.before = config, feed, before
        self.questions = [self._question(keyword) for keyword in config.keywords]

    def outcomes(self) -> list[_Outcome]:
        firsts = self.feed.ask(self.questions)
        parts = list(zip(self.config.keywords, self.questions, self._kept(), strict=True))
        failed = (kept for _, question, kept in parts if not isinstance(firsts[question], Answer))
        taken: set[Identifier] = set().union(*failed)
        outcomes = []
        for keyword, question, kept in parts:
            outcomes.append(outcome := self._outcome(keyword, question, firsts[question], taken))
            taken.update(kept if outcome.failure else self._listed(outcome.list, taken))
        return outcomes

    def _question(self, keyword: Keyword) -> Question:
        config = self.config
        sent = query.to_arxiv(query.scoped(keyword.query, config.categories, config.exclude))
        question = Question(sent, 0, config.max_results, config.sort_by)
        return replace(question, newest=lambda: self._newest(question))

    def _newest(self, question: Question) -> datetime | None:
        asked = section.digest(identity(question))
        return next((block.newest for block in self.before().blocks if block.query == asked), None)

    def _kept(self) -> list[set[Identifier]]:
        """Per keyword the papers in its rows: where it fails it keeps them, and they count as listed there."""
        pairs = zip(self.config.keywords, self.questions, strict=True)
        blocks = self.before().blocks_of((keyword.heading, identity(question)) for keyword, question in pairs)
        return [set(block.identifiers) if block else set() for block in blocks]

    def _outcome(
        self, keyword: Keyword, question: Question, first: Answer | ArxivUnavailable, taken: set[Identifier]
    ) -> _Outcome:
        asked, results = [question], [first]
        if isinstance(first, Answer) and (second := self._second(question, first, taken)):
            asked.append(second)
            results.append(self.feed.ask([second])[second])
        # Keywords that share a question share its answer, and the first of them pays.
        costs = [self.feed.costs.pop(each, Cost()) for each in asked]
        return _Outcome(
            keyword,
            question,
            answers=tuple(result for result in results if isinstance(result, Answer)),
            failure=next((result for result in results if not isinstance(result, Answer)), None),
            cost=(sum(cost.requests for cost in costs), sum(cost.seconds for cost in costs)),
        )

    def _second(self, question: Question, first: Answer, taken: set[Identifier]) -> Question | None:
        """For the next part of a list that shared papers leave short: enough to fill it whatever it shares."""
        own = {paper.id for paper in first.papers}
        missing = question.count - len(own - taken)
        if not self.config.deduplicate or missing <= 0 or first.total <= question.count:
            return None
        count = min(LARGEST_SLICE, missing + len(taken - own), first.total - question.count)
        return Question(question.query, question.count, count, question.sort_by)

    def _listed(self, answer: Found | Failed, taken: set[Identifier]) -> list[Identifier]:
        """The papers that a keyword takes away from those after it."""
        papers = answer.papers if isinstance(answer, Found) else ()
        return [paper.id for paper in papers if paper.id not in taken][: self.config.max_results]


def _notices(config: Config, outcomes: Iterable[_Outcome]) -> Iterable[str]:
    for outcome in outcomes:
        if outcome.failure:
            continue
        keyword, first = outcome.keyword, outcome.answers[0]
        if not first.total:
            yield f"keywords, line {keyword.line}: arXiv has no paper for {keyword.heading}"
        meant = query.scoped(keyword.query, config.categories, config.exclude)
        if reading := misreading(first.title, meant):
            yield f"keywords, line {keyword.line}: arXiv reads this query as {reading}"


def _warnings(outcomes: Iterable[_Outcome]) -> Iterable[str]:
    """One a reason: GitHub shows only ten of a step's warnings."""
    failed: dict[str, list[Keyword]] = {}
    for outcome in outcomes:
        if outcome.failure:
            failed.setdefault(str(outcome.failure), []).append(outcome.keyword)
    for reason, keywords in failed.items():
        lines = ", ".join(str(keyword.line) for keyword in keywords)
        headings = ", ".join(keyword.heading for keyword in keywords)
        many = len(keywords) > 1
        yield f"keywords, line{'s' * many} {lines}: {headings} {'keep their' if many else 'keeps its'} rows: {reason}"


def _nothing(outcomes: Sequence[_Outcome], seconds: float, readme: str) -> str:
    reasons = "; ".join(dict.fromkeys(str(outcome.failure) for outcome in outcomes))
    requests = sum(outcome.cost[0] for outcome in outcomes)
    tried = f"in {span(seconds)} of trying ({requests} request{'s' * (requests != 1)})"
    hopeless = all(isinstance(outcome.failure, QueryRefused) for outcome in outcomes)
    cure = "change the keywords" if hopeless else "the next run will make up for it"
    return f"{reasons}: no list for any keyword {tried}, {readme} is untouched; {cure}."
