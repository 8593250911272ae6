"""When arXiv announces: Sunday to Thursday at 20:00 US Eastern. https://info.arxiv.org/help/availability.html"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

_EASTERN = ZoneInfo("America/New_York")
_EVENING = time(20)
_FRIDAY, _SATURDAY = 4, 5


def next_announcement(now: datetime) -> datetime:
    """The next announcement after `now`, holidays aside, in UTC."""
    local = now.astimezone(_EASTERN)
    day = local.date()
    while True:
        evening = datetime.combine(day, _EVENING, _EASTERN)
        if evening > local and day.weekday() not in (_FRIDAY, _SATURDAY):
            return evening.astimezone(ZoneInfo("UTC"))
        day += timedelta(days=1)
