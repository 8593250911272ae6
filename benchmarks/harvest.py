"""A harvest of as many papers as wanted, and ten queries that it is matched with."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from time import process_time
from typing import TYPE_CHECKING

from digest.inputs import parse
from digest.listing import questions
from digest.papers import Paper, read_entry_id
from digest.section.section import Section
from digest.sources.records import Harvested
from digest.sources.source import Cost, Failure
from digest.supplement import supplement
from sandbox.recorded import Entry, days

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

# Of all fields and kinds that keywords have, wildcards among them.
KEYWORDS = """\
Video Anomaly Detection
Vision Language Action
Surveillance: abs:surveillance ANDNOT ti:survey
Deepfake: abs:deepfake OR ti:forgery
Diffusion: abs:diffus* ANDNOT abs:image
Robots: cat:cs.RO AND (abs:manipulation OR abs:grasp*)
Reasoning: all:"chain of thought" OR abs:"spatial reasoning"
People: au:"Grace Kim" AND au:Tanaka
Accepted: co:"CVPR 2026"
Benchmarks: (ti:benchmark OR ti:dataset) ANDNOT ti:video
"""


def announced(count: int) -> list[Entry]:
    """So many papers of the last days: the recorded ones, with their real titles and abstracts, again and again."""
    now = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    texts = list({entry.paper: entry for day in days() for entry in day.entries}.values())
    return [
        replace(text, id=f"{at:%y%m}.{99_999 - number:05}v1", updated=at, published=at)
        for number, text in enumerate(islice(cycle(texts), count))
        for at in [now - timedelta(seconds=30 * number)]
    ]


class _Harvest:
    """What a harvest gives, one paper after another."""

    cost = Cost()
    left_out = 0

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = entries

    def papers(self, since: date, _: Iterable[str]) -> Iterator[Harvested]:
        for entry in self._entries:
            paper, version = read_entry_id(entry.id)
            yield Harvested(
                Paper(
                    paper, version, entry.title, entry.abstract, entry.authors, entry.published, entry.updated,
                    entry.categories, entry.comment,
                ),
                "", "Grace Kim", withdrawn=False, datestamp=since,
            )  # fmt: skip


def _matched(entries: Iterable[Entry]) -> int:
    """How many rows the keywords would get of this harvest."""
    config = parse(
        {
            "INPUT_KEYWORDS": KEYWORDS,
            "INPUT_TOKEN": "token",
            "GITHUB_REPOSITORY": "octo/papers",
            "GITHUB_REF": "refs/heads/main",
        }
    )
    failed = {question: Failure("arXiv is throttling (429)") for question in questions(config)}
    results = supplement(failed, _Harvest(entries), Section(), config, datetime.now(UTC).date())
    return sum(len(result.papers) for result in results.values() if not isinstance(result, Failure))


def seconds_to_match(count: int) -> float:
    """Seconds of processor time in which so many papers are matched with the ten queries."""
    entries = announced(count)
    started = process_time()
    matched = _matched(entries)
    took = process_time() - started
    if not matched:
        raise AssertionError("nothing matched")
    return took
