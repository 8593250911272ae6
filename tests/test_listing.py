"""Who lists which paper: the first keyword that finds it; former rows where a search fails; lists topped up once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from digest.collect import collect
from digest.listing import Listing, Question, listings, questions
from digest.papers import Paper, identifier
from digest.section.section import Block, Section, fingerprint
from digest.sources.source import Answer, Cost, Failure, Search
from tests.test_inputs import config

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ONCE = config()
FAILED = Failure("it is throttling")


def paper(number: int, version: int = 1) -> Paper:
    moment = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=number)
    return Paper(identifier(f"2603.{number:05}"), version, f"V{version}", "", (), moment, moment, ())


def asked(*headings: str, **inputs: str) -> tuple[Question, ...]:
    return questions(config({"keywords": "\n".join(headings), **inputs}))


def answer(numbers: Iterable[int], total: int | None = None) -> Answer:
    papers = tuple(paper(number) for number in sorted(numbers, reverse=True))
    return Answer(papers, len(papers) if total is None else total, len(papers))


def numbers(listing: Listing) -> list[int]:
    return [paper.id.number for paper in listing.papers]


def block(heading: str, *numbers: int, search: str = "") -> Block:
    papers = tuple(identifier(f"2603.{number:05}") for number in numbers)
    return Block(fingerprint(heading), search, None, None, papers, f"## {heading}", "rows")


@given(
    st.lists(st.none() | st.lists(st.integers(1, 12), unique=True), min_size=1, max_size=4),
    st.lists(st.sets(st.integers(1, 12), max_size=3), min_size=4, max_size=4),
    st.integers(1, 5),
)
def test_each_paper_stands_under_the_first_keyword_that_has_room_for_it(
    found: list[list[int] | None], before: list[set[int]], most: int
) -> None:
    headings = [f"K{number}" for number in range(len(found))]
    section = Section(blocks=tuple(block(name, *own) for name, own in zip(headings, before, strict=False)))
    answers = {
        question: FAILED if own is None else answer(own)
        for question, own in zip(asked(*headings, **{"max-results": str(most)}), found, strict=True)
    }
    made = listings(answers, section, ONCE)

    retained = [[known.number for known in listing.retained] for listing in made]
    assert [set(own) for own in retained] == [
        own if one is None else set() for one, own in zip(found, before, strict=False)
    ]
    everything = [number for listing in made for number in numbers(listing)]
    kept = {number for own in retained for number in own}
    assert len(everything) == len(set(everything))
    assert kept.isdisjoint(everything)
    for place, (listing, own) in enumerate(zip(made, found, strict=True)):
        earlier = kept.union(*(numbers(one) for one in made[:place]))
        assert (
            numbers(listing) == [number for number in sorted(own or (), reverse=True) if number not in earlier][:most]
        )


def test_without_deduplication_a_paper_stands_under_each() -> None:
    answers = dict.fromkeys(asked("A", "B"), answer([1, 2]))
    assert [numbers(one) for one in listings(answers, Section(), config({"deduplicate": "false"}))] == [[2, 1], [2, 1]]


def test_the_newest_version_is_shown_wherever_it_was_found() -> None:
    first, second = asked("A", "B")
    newer = replace(answer([1]), papers=(paper(1, version=2),))
    made = listings({first: answer([1]), second: newer}, Section(), ONCE)
    assert [[one.version for one in listing.papers] for listing in made] == [[2], []]


def test_former_rows_are_found_again_under_another_heading_of_the_same_search() -> None:
    (question,) = asked("New name: all:alpha")
    section = Section(blocks=(block("Old name", 7, search=question.search_id), block("Other", 8, search="x")))
    (listing,) = listings({question: FAILED}, section, ONCE)
    assert [known.number for known in listing.retained] == [7]


@dataclass
class Scripted:
    """A source with these papers for each search, which fails where it is told to."""

    papers: dict[Search, list[int]]
    failing_more: bool = False
    requests: list[tuple[Search, int]] = field(default_factory=list)

    def answer(
        self, searches: Iterable[Search], newest: Callable[[Search], datetime | None]
    ) -> dict[Search, Answer | Failure]:
        return {search: self._answer(search, search.limit, newest(search)) for search in searches}

    def now(self) -> datetime:
        return datetime(2026, 3, 1, tzinfo=UTC)

    def more(self, search: Search, answer: Answer, count: int) -> Answer | Failure:
        if self.failing_more:
            return FAILED
        return self._answer(search, answer.fetched + count, None)

    def _answer(self, search: Search, count: int, _: datetime | None) -> Answer:
        self.requests.append((search, count))
        whole = sorted(self.papers[search], reverse=True)
        papers = tuple(map(paper, whole[:count]))
        return Answer(papers, len(whole), count, cost=Cost(1, 0.5))


def test_a_list_that_shared_papers_leave_short_is_asked_for_once_more() -> None:
    first, second = asked("A", "B", **{"max-results": "3"})
    source = Scripted({first.search: [5, 6, 7], second.search: [1, 2, 3, 4, 6, 7]})
    answers = collect((first, second), source, Section, ONCE)
    assert [numbers(one) for one in listings(answers, Section(), ONCE)] == [[7, 6, 5], [4, 3, 2]]
    # Three for B at first, of which one is its own; two are missing, and one of A's is not among the three.
    assert source.requests == [(first.search, 3), (second.search, 3), (second.search, 6)]


def test_where_the_second_part_fails_the_list_has_failed() -> None:
    first, second = asked("A", "B", **{"max-results": "2"})
    source = Scripted({first.search: [2, 3], second.search: [1, 2, 3]}, failing_more=True)
    answers = collect((first, second), source, Section, ONCE)
    assert [isinstance(one, Failure) for one in answers.values()] == [False, True]


def test_keywords_that_share_a_search_share_its_answer_and_the_first_pays() -> None:
    one, other = asked("A: all:alpha", "B: all:alpha", **{"max-results": "2"})
    source = Scripted({one.search: [1, 2, 3, 4]})
    answers = collect((one, other), source, Section, ONCE)
    made = listings(answers, Section(), ONCE)
    assert [numbers(listing) for listing in made] == [[4, 3], [2, 1]]
    assert len(source.requests) == 2
