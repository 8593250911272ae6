"""What a source of papers is asked, and what it answers: the same for each source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date, datetime

    from digest.papers import Paper
    from digest.query.tree import Query


@dataclass(frozen=True)
class Search:
    """What a source is asked.

    query: which papers, as a tree
    sort_by: the date by which they are sorted, newest first: the last version's or the first one's
    limit: how many of them
    """

    query: Query
    sort_by: Literal["updated", "submitted"]
    limit: int


@dataclass(frozen=True)
class Cost:
    """What was spent on a search, whatever came of it.

    requests: how many were sent
    seconds: until they were answered, without the waits after faults
    """

    requests: int = 0
    seconds: float = 0.0

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.requests + other.requests, self.seconds + other.seconds)


@dataclass(frozen=True)
class Answer:
    """A whole, sound list.

    papers: newest first, each once, in its latest version
    total: how many papers there are in all
    fetched: how many of the results were asked for so far, from the first on
    echo: the query as arXiv read it, "" where it does not say
    cost: what was spent on it
    """

    papers: tuple[Paper, ...]
    total: int
    fetched: int
    echo: str = ""
    cost: Cost = Cost()


@dataclass(frozen=True)
class Failure:
    """Why there is no list.

    reason: a sentence without its full stop
    kind: arXiv refused the query (400), forbids this client to ask (403), or gave no sound answer
    cost: what was spent on it
    """

    reason: str
    kind: Literal["unavailable", "refused", "forbidden"] = "unavailable"
    cost: Cost = Cost()


@dataclass(frozen=True)
class Additions:
    """What arXiv announced since a list was last whole, where the list itself could not be had.

    papers: that the search would find, newest first, each once, in its latest version
    failure: why there is no list
    since: the first day (UTC) whose announcements were looked through
    until: the last one
    complete: whether nothing is missing between `since` and the day on which the list is known to have been whole
    left_out: how many records of older papers could not be read
    former: the papers of the list as it was, where they are shown anew; None where their rows stay
    cost: what was spent on it, the failed search included
    """

    papers: tuple[Paper, ...]
    failure: Failure
    since: date
    until: date
    complete: bool = True
    left_out: int = 0
    former: tuple[Paper, ...] | None = None
    cost: Cost = Cost()


# What comes of asking for a list.
Result: TypeAlias = Answer | Additions | Failure


class Source(Protocol):
    """Where papers come from."""

    def answer(
        self, searches: Iterable[Search], newest: Callable[[Search], datetime | None]
    ) -> dict[Search, Answer | Failure]:
        """An answer or a failure to each search.

        `newest` tells the date of the newest paper seen for a search on an earlier day, None where there was none; it
        may wait for GitHub, so it is asked only when arXiv has answered.
        """
        ...

    def now(self) -> datetime:
        """The later of this machine's clock and the source's."""
        ...

    def more(self, search: Search, answer: Answer, count: int) -> Answer | Failure:
        """The answer with `count` further results behind those that it holds."""
        ...
