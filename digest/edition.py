"""What a run's page lists and what of it is new: listings and memory -> Edition. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from digest.sources.source import Failure

if TYPE_CHECKING:
    from collections.abc import Iterable

    from digest.listing import Listing
    from digest.papers import Identifier, Paper
    from digest.section.memory import Memory
    from digest.section.section import Section


@dataclass(frozen=True)
class Edition:
    """What the section lists after a run.

    listings: one a keyword, as far as `max-bytes` lets them show
    new: the papers that are announced now, whether they are listed or not
    known: the papers that were listed before
    """

    listings: tuple[Listing, ...]
    new: frozenset[Identifier]
    known: frozenset[Identifier]

    @property
    def count(self) -> int:
        """How many papers are listed."""
        return sum(listing.count for listing in self.listings)

    @cached_property
    def new_papers(self) -> tuple[Paper, ...]:
        """The new papers that are listed, each once."""
        papers = (paper for listing in self.listings for paper in self.new_in(listing))
        return tuple({paper.id: paper for paper in papers}.values())

    def new_in(self, listing: Listing) -> tuple[Paper, ...]:
        return tuple(paper for paper in listing.papers if paper.id in self.new)

    def older_in(self, listing: Listing) -> int:
        """How many papers came in that are no news: from before the horizon, or announced elsewhere."""
        return sum(paper.id not in self.known and paper.id not in self.new for paper in listing.papers)


def listed(listings: Iterable[Listing]) -> frozenset[Identifier]:
    """Every paper that is listed, those in former rows that stay among them."""
    return frozenset(
        paper for listing in listings for paper in (*(paper.id for paper in listing.papers), *listing.retained)
    )


def keywords_of(listings: Iterable[Listing]) -> dict[Identifier, tuple[str, ...]]:
    """Per paper the headings that found it, also those under which it is not listed."""
    found: dict[Identifier, list[str]] = {}
    for listing in listings:
        answered = () if isinstance(listing.answer, Failure) else listing.answer.papers
        for paper in {*(paper.id for paper in (*answered, *listing.papers)), *listing.retained}:
            found.setdefault(paper, []).append(listing.keyword.heading)
    return {paper: tuple(headings) for paper, headings in found.items()}


def edition(
    listings: tuple[Listing, ...],
    before: Section,
    memory: Memory,
    unannounced: frozenset[Identifier],
    announced: frozenset[Identifier],
) -> Edition:
    """The edition of these listings.

    `unannounced` papers were promised and no issue tells of them; `announced` ones are told of in an issue, whatever
    the memory says.
    """
    highest = max((*listed(listings), *filter(None, [memory.highest])), default=None)
    shown = (paper.id for listing in listings for paper in listing.papers if not paper.withdrawn)
    news = frozenset(paper for paper in shown if highest and memory.is_news(paper, highest))
    known = memory.listed.union(*(block.identifiers for block in before.blocks))
    return Edition(listings, news - announced | unannounced, known)
