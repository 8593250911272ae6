"""Keywords whose search failed -> what arXiv's harvest has for them since their lists were last whole."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from digest.config import TEMPLATES
from digest.errors import ArxivForbids, ArxivUnavailable
from digest.page.former_rows import read_rows
from digest.query.categories import categories
from digest.query.match import matcher
from digest.query.record import Record
from digest.sources.harvest import first_day
from digest.sources.source import Additions, Cost, Failure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from digest.config import Config
    from digest.listing import Question
    from digest.papers import Identifier, Paper
    from digest.query.logic import Matcher
    from digest.section.section import Block, Section
    from digest.sources.records import Harvested
    from digest.sources.source import Result

_UNDECIDED = "its harvest does not tell whether this query finds a paper"
_OWN_TEMPLATE = "a template of your own cannot be given rows of which only the text is left"
_OTHER_ROWS = "its rows have other columns than today, or were edited"
# A paper is announced so long after it was submitted at most, holidays and moderation included, or it is seldom news.
_BEFORE_ANNOUNCEMENT = timedelta(days=14)


class Harvests(Protocol):
    """What this needs of `digest.sources.harvest.Harvest`."""

    cost: Cost
    left_out: int

    def papers(self, since: date, categories: Iterable[str]) -> Iterator[Harvested]: ...


@dataclass
class _Waiting:
    """A keyword without a list.

    failure: why there is none
    own: what stands under it of the same search; a list of another one was never whole for this one
    finds: its query
    former: the papers of its list, where they are shown anew; None where their rows stay
    found: the papers that it finds, in their latest version
    undecided: whether the query cannot be decided from a record
    """

    failure: Failure
    own: Block | None
    finds: Matcher
    former: tuple[Paper, ...] | None = None
    found: dict[Identifier, Paper] = field(default_factory=dict)
    undecided: bool = False

    @property
    def was_whole(self) -> bool:
        return self.own is not None and self.own.whole is not None

    @property
    def whole_until(self) -> date | None:
        """The day up to which the list has all that was announced; None where that is not known."""
        return max(filter(None, (self.own.whole, self.own.harvested)), default=None) if self.own else None

    def see(self, record: Record) -> None:
        matches = self.finds(record)
        # An earlier page may have had an earlier version.
        self.found.pop(record.paper.id, None)
        if matches:
            self.found[record.paper.id] = record.paper
        self.undecided = self.undecided or matches is None


def supplement(
    answers: Mapping[Question, Result],
    harvest: Harvests,
    before: Section,
    config: Config,
    today: date,
    known: Mapping[Identifier, Paper] = MappingProxyType({}),
) -> dict[Question, Result]:
    """The answers, with additions for the keywords that failed; `today` is the day by UTC.

    `known` are papers of former lists: they are shown anew where rows, of which only the text is left, take no others
    among them.
    Where the harvest fails, or cannot tell, a failure stays one, and says why.
    """
    formers = before.blocks_of([(question.keyword.heading, question.search_id) for question in answers])
    results = dict(answers)
    waiting = {}
    for (question, answer), former in zip(answers.items(), formers, strict=True):
        if not isinstance(answer, Failure) or answer.kind != "unavailable":
            continue
        rows_stay = read_rows(former, config.template, config.columns) is not None
        papers = None if rows_stay else _papers_of(former, known)
        if not rows_stay and papers is None:
            results[question] = _told(answer, _OTHER_ROWS if config.template in TEMPLATES else _OWN_TEMPLATE)
        else:
            own = former if former and former.search_id == question.search_id else None
            waiting[question] = _Waiting(answer, own, matcher(question.search.query), papers)
    if waiting:
        results.update(_additions(waiting, harvest, today))
    return results


def _papers_of(block: Block | None, known: Mapping[Identifier, Paper]) -> tuple[Paper, ...] | None:
    """The papers of a list; None where not all of them are known."""
    papers = [known.get(paper) for paper in block.identifiers] if block else []
    found = tuple(paper for paper in papers if paper)
    return found if len(found) == len(papers) else None


def _additions(waiting: Mapping[Question, _Waiting], harvest: Harvests, today: date) -> dict[Question, Result]:
    since = min(first_day(one.whole_until, today) for one in waiting.values())
    # Papers that were only edited are no news of the last days; a list that was whole once has them in their places.
    oldest = since - _BEFORE_ANNOUNCEMENT
    until = since
    try:
        for harvested in harvest.papers(since, _categories(waiting)):
            until = max(until, harvested.datestamp)
            paper = replace(harvested.paper, without_files=harvested.withdrawn)
            record = Record(paper, harvested.report_number, harvested.submitter)
            for one in waiting.values():
                one.see(record)
    except (ArxivUnavailable, ArxivForbids) as error:
        paid = _paid(waiting, harvest.cost)
        return {question: _told(failure, f"its harvest failed too: {error}") for question, failure in paid.items()}
    results: dict[Question, Result] = {}
    for question, failure in _paid(waiting, harvest.cost).items():
        one = waiting[question]
        if one.undecided:
            results[question] = _told(failure, _UNDECIDED)
            continue
        found = (paper for paper in one.found.values() if one.was_whole or paper.updated.date() >= oldest)
        papers = sorted(found, key=lambda paper: paper.date(question.search.sort_by), reverse=True)
        complete = (one.whole_until or since) >= since
        results[question] = Additions(
            tuple(papers), failure, since, until, complete, harvest.left_out, one.former, failure.cost
        )
    return results


def _categories(waiting: Iterable[Question]) -> Sequence[str]:
    """Those in which all of the keywords' papers are; none where one may find papers in any."""
    found = [categories(question.search.query) for question in waiting]
    named = [one for one in found if one is not None]
    return sorted(frozenset().union(*named)) if len(named) == len(found) else ()


def _paid(waiting: Mapping[Question, _Waiting], cost: Cost) -> dict[Question, Failure]:
    """The failures; the first keyword pays for the harvest, which is for all of them."""
    costs = (cost, *(Cost() for _ in waiting))
    return {
        question: replace(one.failure, cost=one.failure.cost + more)
        for (question, one), more in zip(waiting.items(), costs, strict=False)
    }


def _told(failure: Failure, why: str) -> Failure:
    return replace(failure, reason=f"{failure.reason}; {why}")
