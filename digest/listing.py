"""Who lists which paper, decided once: a source's answers and the section as it stood -> a Listing a keyword.

Pure, and quick enough to be decided anew whenever an answer grows or somebody else commits.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING

from digest.page.cells import Row, rows
from digest.page.former_rows import merged, read_rows
from digest.papers import merge_versions
from digest.query import tree
from digest.section.section import fingerprint
from digest.sources.source import Additions, Answer, Failure, Search

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from digest.config import Config, Keyword
    from digest.page.former_rows import AnyRow
    from digest.papers import Identifier, Paper
    from digest.section.section import Block, Section
    from digest.sources.source import Result


@dataclass(frozen=True)
class Question:
    """A keyword, and what a source is asked for it."""

    keyword: Keyword
    search: Search

    @cached_property
    def search_id(self) -> str:
        """Tells the search again; a list of another search may differ in any way."""
        return fingerprint(f"{tree.to_arxiv(self.search.query)} by {self.search.sort_by}")


@dataclass(frozen=True)
class Listing:
    """What one keyword lists.

    question: the keyword, and what was asked for it
    answer: what came of it
    papers: newest first, without those that are listed elsewhere
    former: what stood under the keyword before, None where nothing did
    retained: the papers whose former rows stay, since there is no list
    missing: how many further results the source should be asked for to fill the list
    """

    question: Question
    answer: Result
    papers: tuple[Paper, ...]
    former: Block | None = None
    retained: tuple[Identifier, ...] = ()
    missing: int = 0

    @property
    def keyword(self) -> Keyword:
        return self.question.keyword

    @property
    def failure(self) -> Failure | None:
        return self.answer if isinstance(self.answer, Failure) else None

    @property
    def newest(self) -> datetime | None:
        """The date of the newest paper that arXiv has for the search; of its last list where it gave none."""
        if not isinstance(self.answer, Answer):
            return self.former.newest if self.former else None
        if not self.answer.papers:
            return None
        return self.answer.papers[0].date(self.question.search.sort_by)

    @property
    def count(self) -> int:
        return len(self.papers) + len(self.retained)

    def rows(
        self, config: Config, found_by: Mapping[Identifier, tuple[str, ...]] = MappingProxyType({})
    ) -> Sequence[AnyRow] | None:
        """The rows that it shows; None where what stood there stays as it is."""
        if isinstance(self.answer, Failure):
            return None
        new = rows(self.papers, config.sort_by, found_by, config.links)
        if isinstance(self.answer, Answer) or self.answer.former is not None:
            return new
        former = read_rows(self.former, config.template, config.columns)
        return None if former is None else merged(new, former, config.max_results)

    def showing(self, shown: Sequence[AnyRow] | None) -> Listing:
        """The listing that shows these rows; None: what stood there stays as it is."""
        if shown is None:
            return replace(self, papers=())
        return replace(
            self,
            papers=tuple(row.paper for row in shown if isinstance(row, Row)),
            retained=tuple(row.identifier for row in shown if not isinstance(row, Row) and row.identifier),
        )


def questions(config: Config) -> tuple[Question, ...]:
    """What is asked for each keyword, in the order of the input."""
    return tuple(
        Question(
            keyword,
            Search(tree.scoped(keyword.query, config.categories, config.exclude), config.sort_by, config.max_results),
        )
        for keyword in config.keywords
    )


def listings(answers: Mapping[Question, Result], before: Section, config: Config) -> tuple[Listing, ...]:
    """A listing a question, in their order.

    A paper stands under the first keyword that finds it and has room for it; where a search failed its former rows
    stay, and their papers are listed there, in a newer version where one was announced. Without `deduplicate` it
    stands under each.
    """
    formers = before.blocks_of([(question.keyword.heading, question.search_id) for question in answers])
    asked = list(zip(answers.items(), formers, strict=True))
    taken: set[Identifier] = set()
    for (_, answer), former in asked:
        if former and not isinstance(answer, Answer):
            taken.update(former.identifiers)
    # arXiv may have taken in a new version between two requests.
    found = (paper for question, answer in answers.items() for paper in papers_of(question, answer))
    latest = {paper.id: paper for paper in merge_versions(found)}
    made = []
    for (question, answer), former in asked:
        limit = question.search.limit
        held = former.identifiers if former and not isinstance(answer, Answer) else ()
        # A newer version takes its own row's place.
        elsewhere = taken.difference(held) if config.deduplicate else frozenset()
        papers = papers_of(question, answer)
        own = tuple(islice((latest[paper.id] for paper in papers if paper.id not in elsewhere), limit))
        missing = _missing(answer, len(own), limit, taken) if config.deduplicate else 0
        is_shown_anew = isinstance(answer, Additions) and answer.former is not None
        listing = Listing(question, answer, own, former, () if is_shown_anew else held, missing)
        if isinstance(answer, Additions):
            listing = listing.showing(listing.rows(config))
            # What there is no room for may stand under a later keyword.
            taken.difference_update(held)
        taken.update(listing.retained, (paper.id for paper in listing.papers))
        made.append(listing)
    return tuple(made)


def papers_of(question: Question, answer: Result) -> Sequence[Paper]:
    """What there is to list, newest first; of a list that is shown anew its former papers too."""
    if isinstance(answer, Failure):
        return ()
    if not isinstance(answer, Additions) or answer.former is None:
        return answer.papers
    together = merge_versions((*answer.papers, *answer.former))
    return sorted(together, key=lambda paper: paper.date(question.search.sort_by), reverse=True)


def _missing(answer: Result, listed: int, limit: int, taken: set[Identifier]) -> int:
    """Enough further results to fill the list, whatever of them is listed elsewhere; 0 where there are none."""
    if not isinstance(answer, Answer) or listed >= limit:
        return 0
    elsewhere = len(taken.difference(paper.id for paper in answer.papers))
    return min(limit - listed + elsewhere, max(0, answer.total - answer.fetched))
