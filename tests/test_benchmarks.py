"""The benchmark measures what it says: real runs that announce, find nothing new, and are held against a floor."""

from __future__ import annotations

import pytest

from benchmarks.__main__ import Figure
from benchmarks.catalogue import catalogue, headings
from benchmarks.measure import Bench


def test_each_keyword_has_papers_of_its_own_newest_first() -> None:
    made = catalogue(3, 40)
    assert [len(made.recorded[heading]) for heading in headings(3)] == [40, 40, 40]
    assert len({entry.paper for entry in made.entries}) == 120
    for own in made.recorded.values():
        assert list(own) == sorted(own, key=lambda entry: entry.updated, reverse=True)


def test_a_run_is_measured_from_outside() -> None:
    with Bench(2, 5) as bench:
        announcing, idle = bench.runs(times=2)
    assert (announcing.arxiv_requests, announcing.github_requests) == (2, 8)
    assert (idle.arxiv_requests, idle.github_requests) == (2, 3)
    for run in (announcing, idle):
        assert 0 < run.first_request < run.process.wall
        assert 0 < run.process.cpu <= run.process.wall * 4
        assert 10e6 < run.process.peak < 1e9
        assert 0 < run.floor < run.process.wall


def test_a_run_by_the_harvest_asks_the_search_three_times_and_then_for_its_pages() -> None:
    with Bench(2, 5) as bench:
        harvested = bench.harvested(2)
        healthy = bench.runs()[0]
    assert (harvested.arxiv_requests, harvested.github_requests) == (3 + 2, 8)
    assert healthy.arxiv_requests == 2


@pytest.mark.parametrize(("measured", "verdict"), [(1.02, "yes"), (1.03, "**no**")])
def test_a_goal_that_is_missed_is_told(measured: float, verdict: str) -> None:
    assert Figure("a run ÷ its floor", measured, 1.02).cells == [
        "a run ÷ its floor", f"{measured:.3f}", "at most 1.020", verdict
    ]  # fmt: skip
