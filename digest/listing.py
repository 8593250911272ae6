"""Who lists which paper, decided once: a source's answers and the section as it stood -> a Listing a keyword.

Pure, and quick enough to be decided anew whenever an answer grows or somebody else commits.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from digest.papers import merge_versions
from digest.query import tree
from digest.section.section import fingerprint
from digest.sources.source import Answer, Failure, Search

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from digest.config import Config, Keyword
    from digest.papers import Identifier, Paper
    from digest.section.section import Block, Section


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
    missing: how many further results the source should be asked for to fill the list
    """

    question: Question
    answer: Answer | Failure
    papers: tuple[Paper, ...]
    former: Block | None
    missing: int

    @property
    def keyword(self) -> Keyword:
        return self.question.keyword

    @property
    def failure(self) -> Failure | None:
        return self.answer if isinstance(self.answer, Failure) else None

    @property
    def retained(self) -> tuple[Identifier, ...]:
        """The papers whose former rows stay, since there is no answer."""
        return self.former.identifiers if self.failure and self.former else ()

    @property
    def newest(self) -> datetime | None:
        """The date of the newest paper that arXiv has for the search."""
        if isinstance(self.answer, Failure) or not self.answer.papers:
            return None
        return self.answer.papers[0].date(self.question.search.sort_by)

    @property
    def count(self) -> int:
        return len(self.papers) + len(self.retained)


def questions(config: Config) -> tuple[Question, ...]:
    """What is asked for each keyword, in the order of the input."""
    return tuple(
        Question(
            keyword,
            Search(tree.scoped(keyword.query, config.categories, config.exclude), config.sort_by, config.max_results),
        )
        for keyword in config.keywords
    )


def listings(
    answers: Mapping[Question, Answer | Failure], before: Section, *, deduplicate: bool
) -> tuple[Listing, ...]:
    """A listing a question, in their order.

    A paper stands under the first keyword that finds it; where a search failed its former rows stay, and their papers
    are listed there. Without `deduplicate` it stands under each.
    """
    formers = before.blocks_of([(question.keyword.heading, question.search_id) for question in answers])
    asked = list(zip(answers.items(), formers, strict=True))
    taken: set[Identifier] = set()
    for (_, answer), former in asked:
        if former and isinstance(answer, Failure):
            taken.update(former.identifiers)
    # arXiv may have taken in a new version between two requests.
    found = (paper for answer in answers.values() if isinstance(answer, Answer) for paper in answer.papers)
    latest = {paper.id: paper for paper in merge_versions(found)}
    made = []
    for (question, answer), former in asked:
        limit = question.search.limit
        papers = answer.papers if isinstance(answer, Answer) else ()
        free = (latest[paper.id] for paper in papers if not deduplicate or paper.id not in taken)
        own = tuple(islice(free, limit))
        missing = _missing(answer, len(own), limit, taken) if deduplicate else 0
        taken.update(paper.id for paper in own)
        made.append(Listing(question, answer, own, former, missing))
    return tuple(made)


def _missing(answer: Answer | Failure, listed: int, limit: int, taken: set[Identifier]) -> int:
    """Enough further results to fill the list, whatever of them is listed elsewhere; 0 where there are none."""
    if isinstance(answer, Failure) or listed >= limit:
        return 0
    elsewhere = len(taken.difference(paper.id for paper in answer.papers))
    return min(limit - listed + elsewhere, max(0, answer.total - answer.fetched))
