"""Keywords -> arXiv's lists: what is asked, what a list must hold up to, and what is asked for where papers are shared.

One question a keyword, and a second one only where papers listed under earlier keywords leave its list short.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from digest import query, section
from digest.arxiv_feed import Answer, Question
from digest.draft import Failed, Found
from digest.errors import ArxivForbids, QueryRefused
from digest.papers import merge_versions
from digest.query_meaning import misreading

if TYPE_CHECKING:
    from collections.abc import Iterable

    from digest.arxiv_feed import ArxivFeed
    from digest.config import Config, Keyword
    from digest.errors import ArxivUnavailable
    from digest.papers import Identifier, Paper
    from digest.section import Block, Section

# https://info.arxiv.org/help/api/user-manual.html: slices of at most 2000.
LARGEST_SLICE = 2000


@dataclass(frozen=True)
class Collected:
    """Per keyword arXiv's answer and what it cost; what the log says of them; whether a query was refused."""

    answers: tuple[Found | Failed, ...]
    costs: tuple[tuple[int, float], ...]
    notices: tuple[str, ...]
    warnings: tuple[str, ...]
    refused: bool


def collect(config: Config, feed: ArxivFeed, before: Section) -> Collected:
    """Asks arXiv for every keyword's list."""
    return _Collecting(config, feed, before).collected()


class _Collecting:
    """The questions of one run and their answers so far."""

    def __init__(self, config: Config, feed: ArxivFeed, before: Section) -> None:
        self.config, self.feed = config, feed
        self.newest = {block.query: block.newest for block in before.blocks}
        self.questions = [self._question(keyword) for keyword in config.keywords]
        pairs = zip(config.keywords, self.questions, strict=True)
        self.blocks = before.blocks_of((keyword.heading, identity(question)) for keyword, question in pairs)
        self.firsts = feed.ask(self.questions)
        self.asked: dict[Question, list[Answer]] = {}

    def collected(self) -> Collected:
        outcomes = [self.firsts[question] for question in self.questions]
        taken = set(self._kept(outcomes))
        found: list[Found | Failed] = []
        costs = []
        for question, block, outcome in zip(self.questions, self.blocks, outcomes, strict=True):
            answers = [outcome]
            if isinstance(outcome, Answer) and self.config.deduplicate:
                answers += self._more(question, outcome, taken)
            found.append(_found(question, answers))
            taken.update(self._listed(found[-1], block, taken))
            costs.append(self._cost(question, answers))
        pairs = list(zip(self.config.keywords, outcomes, strict=True))
        return Collected(
            answers=tuple(found),
            costs=tuple(costs),
            notices=tuple(_notices(self.config, pairs)),
            warnings=tuple(_warnings(self.config.keywords, found, outcomes)),
            refused=any(isinstance(outcome, QueryRefused) for outcome in outcomes),
        )

    def _question(self, keyword: Keyword) -> Question:
        config = self.config
        sent = query.to_arxiv(query.scoped(keyword.query, config.categories, config.exclude))
        question = Question(sent, 0, config.max_results, config.sort_by)
        return replace(question, newest=self.newest.get(section.digest(identity(question))))

    def _kept(self, outcomes: list[Answer | ArxivUnavailable]) -> Iterable[Identifier]:
        for block, outcome in zip(self.blocks, outcomes, strict=True):
            if block and not isinstance(outcome, Answer):
                yield from block.identifiers

    def _listed(self, answer: Found | Failed, block: Block | None, taken: set[Identifier]) -> list[Identifier]:
        """The papers that a keyword takes away from those after it."""
        if isinstance(answer, Failed):
            return list(block.identifiers) if block else []
        return [paper.id for paper in answer.papers if paper.id not in taken][: self.config.max_results]

    def _more(self, question: Question, first: Answer, taken: set[Identifier]) -> list[Answer | ArxivUnavailable]:
        """The next part of a list that shared papers leave short; large enough to fill it whatever it shares."""
        own = {paper.id for paper in first.papers}
        missing = question.count - len(own - taken)
        if missing <= 0 or first.total <= question.count:
            return []
        count = min(LARGEST_SLICE, missing + len(taken - own), first.total - question.count)
        second = Question(question.query, question.count, count, question.sort_by)
        return [self.feed.ask([second])[second]]

    def _cost(self, question: Question, answers: list[Answer | ArxivUnavailable]) -> tuple[int, float]:
        """Requests and seconds; keywords that share a question share its answer, and the first of them pays."""
        paid = question in self.asked
        sound = [answer for answer in answers[1 if paid else 0 :] if isinstance(answer, Answer)]
        self.asked[question] = sound
        return sum(answer.requests for answer in sound), sum(answer.seconds for answer in sound)


def identity(question: Question) -> str:
    """What tells a question from another: a list that answers another question may differ in any way."""
    return f"{question.query} by {question.sort_by}"


def _found(question: Question, answers: list[Answer | ArxivUnavailable]) -> Found | Failed:
    asked = identity(question)
    papers: list[Paper] = []
    for answer in answers:
        if not isinstance(answer, Answer):
            return Failed(str(answer), asked)
        papers += answer.papers
    merged = merge_versions(papers)
    date = {paper.id: paper.updated if question.sort_by == "updated" else paper.published for paper in merged}
    # Requests made while arXiv changes may overlap; the page is newest first all the same.
    merged.sort(key=lambda paper: date[paper.id], reverse=True)
    return Found(tuple(merged), asked, date[merged[0].id] if merged else None)


def _notices(config: Config, pairs: list[tuple[Keyword, Answer | ArxivUnavailable]]) -> Iterable[str]:
    for keyword, outcome in pairs:
        if not isinstance(outcome, Answer):
            continue
        if not outcome.total:
            yield f"keywords, line {keyword.line}: arXiv has no paper for {keyword.heading}"
        meant = query.scoped(keyword.query, config.categories, config.exclude)
        if reading := misreading(outcome.title, meant):
            yield f"keywords, line {keyword.line}: arXiv reads this query as {reading}"


def _warnings(
    keywords: Iterable[Keyword], found: list[Found | Failed], outcomes: list[Answer | ArxivUnavailable]
) -> Iterable[str]:
    for keyword, answer, outcome in zip(keywords, found, outcomes, strict=True):
        if not isinstance(answer, Failed):
            continue
        verb = "arXiv refuses the query" if isinstance(outcome, QueryRefused) else "no list from arXiv"
        verb = "arXiv was not asked on" if isinstance(outcome, ArxivForbids) else verb
        yield f"keywords, line {keyword.line}: {keyword.heading} keeps its rows, {verb}: {answer.reason}"
