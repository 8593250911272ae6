"""Asks a source for every keyword, and for the next part of the lists that shared papers leave short."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from digest.listing import listings
from digest.sources.rate_limit import span
from digest.sources.source import Answer, Cost, Failure

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from digest.config import Config
    from digest.listing import Question
    from digest.section.section import Section
    from digest.sources.source import Result, Search, Source

# So long after a list was last whole an older one is believed: a wrong date may not freeze it for good.
_BINDS = timedelta(days=7)


def collect(
    asked: Sequence[Question], source: Source, before: Callable[[], Section], config: Config
) -> dict[Question, Answer | Failure]:
    """What the source answers; `before`, the section as it stood, is asked for once arXiv has answered.

    A keyword costs two requests at most where nothing fails. A list whose second part fails has failed: it is whole, or
    yesterday's.
    """
    ids = {question.search: question.search_id for question in asked}

    def newest(search: Search) -> datetime | None:
        block = next((block for block in before().blocks if block.search_id == ids[search]), None)
        if block is None or (block.whole and source.now().date() - block.whole >= _BINDS):
            return None
        return block.newest

    found = source.answer(ids, newest)
    answers: dict[Question, Answer | Failure] = {}
    for question in asked:
        answers[question] = found[question.search]
        # Keywords that share a search share its answer, and the first of them pays.
        found[question.search] = replace(found[question.search], cost=Cost())
    asked_twice: set[Question] = set()
    while True:
        made = listings(answers, before(), config)
        short = next((one for one in made if one.missing and one.question not in asked_twice), None)
        if short is None or not isinstance(short.answer, Answer):
            return answers
        asked_twice.add(short.question)
        answers[short.question] = source.more(short.question.search, short.answer, short.missing)


def nothing_found(answers: Mapping[Question, Result], seconds: float, page: str) -> str:
    """The sentence where no keyword got a list in so many seconds; "" where one did."""
    failures = [answer for answer in answers.values() if isinstance(answer, Failure)]
    if len(failures) < len(answers):
        return ""
    reasons = "; ".join(dict.fromkeys(failure.reason for failure in failures))
    requests = sum(failure.cost.requests for failure in failures)
    tried = f"in {span(seconds)} of trying ({requests} request{'s' * (requests != 1)})"
    hopeless = all(failure.kind == "refused" for failure in failures)
    cure = "change the keywords" if hopeless else "the next run will make up for it"
    return f"{reasons}: no list for any keyword {tried}, {page} is untouched; {cure}."
