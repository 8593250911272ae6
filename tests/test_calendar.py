"""When arXiv announces next, checked against its own words: Sunday to Thursday at 20:00 US Eastern."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.sources.calendar import next_announcement


@pytest.mark.parametrize(
    ("now", "then"),
    [
        # Winter: 01:00 UTC of the day after.
        ("2026-01-14T12:00", "2026-01-15T01:00"),  # Wednesday
        ("2026-01-15T00:59", "2026-01-15T01:00"),
        ("2026-01-15T01:00", "2026-01-16T01:00"),  # Wednesday's is out; Thursday's is next
        ("2026-01-16T01:00", "2026-01-19T01:00"),  # Thursday's is out; none until Sunday evening
        ("2026-01-17T12:00", "2026-01-19T01:00"),  # Saturday
        ("2026-01-18T23:00", "2026-01-19T01:00"),  # Sunday
        # Summer: midnight UTC.
        ("2026-07-14T12:00", "2026-07-15T00:00"),
        ("2026-07-17T06:23", "2026-07-20T00:00"),  # Friday morning
        # The nights on which clocks change there: 8 March and 1 November 2026, both Sundays.
        ("2026-03-06T12:00", "2026-03-09T00:00"),
        ("2026-10-30T12:00", "2026-11-02T01:00"),
    ],
)
def test_the_next_announcement(now: str, then: str) -> None:
    expected = datetime.fromisoformat(then).replace(tzinfo=UTC)
    assert next_announcement(datetime.fromisoformat(now).replace(tzinfo=UTC)) == expected


def test_the_zone_of_the_question_makes_no_difference() -> None:
    now = datetime(2026, 1, 14, 12, tzinfo=UTC)

    assert next_announcement(now.astimezone(timezone(timedelta(hours=9)))) == next_announcement(now)


@given(
    st.integers(0, 12 * 365 * 24 * 60).map(
        lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    )
)
def test_it_is_always_ahead_on_an_evening_from_sunday_to_thursday(now: datetime) -> None:
    then = next_announcement(now)
    there = then.astimezone(ZoneInfo("America/New_York"))

    assert timedelta(0) < then - now <= timedelta(days=3, hours=1)
    assert (there.hour, there.minute, there.second) == (20, 0, 0)
    assert there.weekday() in (6, 0, 1, 2, 3)
