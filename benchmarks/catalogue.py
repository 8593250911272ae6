"""As many papers as wanted: the recorded ones, with their real titles, abstracts and TeX, again and again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice

from sandbox.arxiv.query import Catalogue
from sandbox.recorded import Entry, days

_NEWEST = datetime(2026, 4, 30, 12, tzinfo=UTC)


def headings(keywords: int) -> list[str]:
    return [f"Keyword {number}" for number in range(1, keywords + 1)]


def catalogue(keywords: int, papers: int) -> Catalogue:
    """Each keyword with so many papers of its own, newest first."""
    texts = list({entry.paper: entry for day in days() for entry in day.entries}.values())
    made = [_made(text, number) for number, text in enumerate(islice(cycle(texts), keywords * papers))]
    parts = (made[start : start + papers] for start in range(0, len(made), papers))
    return Catalogue(made, dict(zip(headings(keywords), parts, strict=True)))


def _made(text: Entry, number: int) -> Entry:
    at = _NEWEST - timedelta(minutes=number)
    return replace(text, id=f"2604.{99_999 - number:05}v1", updated=at, published=at)
