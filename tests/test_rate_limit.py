"""RateLimit and patience by a clock that moves only when told: no two requests too close, and an end in time."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.sources.rate_limit import RateLimit, span


@dataclass
class Clock:
    """Seconds that pass on demand, from a moment that is nobody's zero."""

    now: float = 1000.0
    sleeps: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float, /) -> None:
        self.sleeps.append(seconds)
        self.now += seconds


def paced(interval: float = 3.0, budget: float = 600.0, seed: int = 1) -> tuple[RateLimit, Clock]:
    clock = Clock()
    return RateLimit(interval, budget, clock, random.Random(seed)), clock  # noqa: S311 - the same waits in every run


def tries(pace: RateLimit, clock: Clock, seconds: float, most: int = 1000) -> list[float]:
    """When the requests to a service leave that is down and takes so long to say so, until patience ends."""
    starts: list[float] = []
    while len(starts) < most:
        pace.start()
        starts.append(clock.now)
        clock.now += seconds
        wait = pace.fault(None)
        if wait is None:
            break
        pace.wait(wait)
    return starts


def test_the_first_request_leaves_at_once_and_the_next_an_interval_after_its_start() -> None:
    pace, clock = paced()
    pace.start()
    clock.now += 2
    pace.start()
    clock.now += 5
    pace.start()

    assert clock.sleeps == [1]


def test_waits_double_up_to_two_minutes_a_quarter_more_or_less() -> None:
    for seed in range(50):
        pace, _ = paced(budget=36_000, seed=seed)
        pace.start()
        waits = [pace.fault(None) or 0 for _ in range(8)]
        for wait, middle in zip(waits, [5, 10, 20, 40, 80, 120, 120, 120], strict=True):
            assert 0.75 * middle <= wait <= 1.25 * middle
        assert len(set(waits)) == 8


def test_a_sound_answer_makes_the_waits_short_again() -> None:
    pace, _ = paced()
    for _ in range(5):
        pace.fault(None)
    pace.succeeded()

    assert (pace.fault(None) or 0) <= 6.25


@pytest.mark.parametrize("retry_after", [7.0, 37.0, 300.0])
def test_retry_after_is_the_least_that_is_waited(retry_after: float) -> None:
    pace, _ = paced()
    pace.start()

    assert pace.fault(retry_after) == retry_after


def test_a_retry_after_shorter_than_the_next_wait_does_not_shorten_it() -> None:
    pace, _ = paced()
    pace.start()

    assert (pace.fault(1.0) or 0) >= 3.75


def test_a_retry_after_beyond_the_budget_ends_the_patience_of_all() -> None:
    pace, _ = paced()
    pace.start()

    assert pace.fault(601.0) is None
    assert pace.left() == 0
    assert pace.fault(None) is None


def test_the_last_try_leaves_when_patience_ends() -> None:
    pace, clock = paced()
    starts = tries(pace, clock, 0)

    assert starts[-1] - starts[0] == pytest.approx(600)
    assert 8 <= len(starts) <= 13


@pytest.mark.parametrize("budget", [0.12, 0.6, 1.2, 3, 6, 30, 60, 600, 3600])
def test_two_faults_fit_in_the_smallest_budget(budget: float) -> None:
    for seed in range(50):
        pace, clock = paced(interval=0, budget=budget, seed=seed)
        assert len(tries(pace, clock, budget / 20, most=3)) == 3
        assert pace.left() > budget / 3


def test_the_request_that_failed_first_took_its_time_out_of_the_budget() -> None:
    pace, clock = paced()
    pace.start()
    clock.now += 90
    pace.fault(None)

    assert pace.left() == 510


def test_without_a_budget_nothing_is_tried_again() -> None:
    pace, clock = paced(budget=0)
    pace.start()

    assert pace.fault(None) is None
    assert clock.sleeps == []


def test_what_can_only_leave_after_the_budget_does_not_leave() -> None:
    pace, _ = paced(interval=3, budget=2)
    pace.start()

    assert pace.fault(None) is None


events = st.tuples(
    st.sampled_from(["sound", "fault"]),
    st.floats(0, 200),
    st.none() | st.floats(0.1, 1000),
)


@given(
    interval=st.floats(0, 10),
    budget=st.floats(0, 1200),
    seed=st.integers(0, 10),
    happened=st.lists(events, max_size=40),
)
def test_whatever_happens_no_request_leaves_too_early_and_none_is_granted_too_late(
    interval: float, budget: float, seed: int, happened: list[tuple[str, float, float | None]]
) -> None:
    pace, clock = paced(interval, budget, seed)
    starts: list[float] = []
    first_fault = None
    for kind, seconds, retry_after in happened:
        pace.start()
        starts.append(clock.now)
        clock.now += seconds
        if kind == "sound":
            pace.succeeded()
            continue
        first_fault = first_fault or starts[-1]
        ended = clock.now
        wait = pace.fault(retry_after)
        if wait is None:
            assert pace.left() == 0
            continue
        assert wait >= (retry_after or 0)
        pace.wait(wait)
        assert clock.now >= ended + wait - 1e-6
        assert clock.now <= first_fault + budget + 1e-6
    assert all(later - earlier >= interval - 1e-6 for earlier, later in pairwise(starts))


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0.0 s"),
        (0.31, "0.3 s"),
        (2.96, "3.0 s"),
        (37.2, "37 s"),
        (119, "119 s"),
        (480, "8 min"),
        (3600, "60 min"),
        (18000, "5 h"),
    ],
)
def test_times_are_short(seconds: float, shown: str) -> None:
    assert span(seconds) == shown
