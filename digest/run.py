"""The story of one run: papers from arXiv, meanwhile the branch as it stands; then the change, landed and announced."""

from __future__ import annotations

import time
from contextlib import closing
from datetime import UTC, datetime
from functools import cache
from secrets import token_hex
from typing import TYPE_CHECKING
from urllib.parse import quote

from digest import actions
from digest.aside import aside
from digest.cancelled import Cancelled, caught
from digest.collect import collect, nothing_found
from digest.composition import RunContext
from digest.current_page import current_page
from digest.draft import Drafts
from digest.errors import ArxivUnavailable, DigestError
from digest.listing import questions
from digest.obstacles import barrier
from digest.outcome import Outcome
from digest.papers import Bounds
from digest.publish import Publisher
from digest.reading import known_papers, read
from digest.report import tell
from digest.sources.rate_limit import RateLimit
from digest.sources.search import SearchApi
from digest.sources.source import Failure

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from concurrent.futures import Future

    from digest.config import Config
    from digest.listing import Question
    from digest.page.render import Renderer
    from digest.papers import Identifier, Paper
    from digest.reading import Connect, Reading
    from digest.section.document import Document
    from digest.section.section import Section
    from digest.sources.rate_limit import Clock
    from digest.sources.source import Result


def run(config: Config, connect: Connect | None = None, clock: Clock = time) -> int:
    """One run; the exit code. DigestError where it ends early, after what was done is told.

    `connect` and `clock` as in `entrypoint.main`.
    """
    outcome = Outcome(config)
    try:
        return _run(config, outcome, connect, clock)
    except DigestError as error:
        outcome.error = str(error)
        raise
    except Cancelled as cancelled:
        caught()
        outcome.error = str(cancelled)
        raise
    finally:
        tell(outcome)


def _run(config: Config, outcome: Outcome, connect: Connect | None, clock: Clock) -> int:
    reading = aside(lambda: read(config, connect))
    say, seconds = _say_unless_failed(reading), config.retry_minutes * 60
    # The harvest is tried for the other half.
    for_search = seconds / 2 if config.arxiv_oai_url else seconds
    source = SearchApi(config.arxiv_api_url, RateLimit(config.arxiv_interval, for_search, clock), say)

    @cache
    def document() -> Document:
        return current_page(reading.result().snapshot, config, Bounds(source.now()))

    began = clock.monotonic()
    with closing(source):
        answers = collect(questions(config), source, lambda: document().section, config)
        outcome.answers = answers
        if config.arxiv_oai_url and any(isinstance(answer, Failure) for answer in answers.values()):
            source.rate_limit.renew(seconds - for_search)
            papers = known_papers(config, reading.result())
            outcome.answers = _supplemented(answers, source, document().section, config, say, papers)
    if sentence := nothing_found(outcome.answers, clock.monotonic() - began, config.readme):
        raise ArxivUnavailable(sentence)
    there = reading.result()
    with closing(there.repository):
        if config.dry_run and not config.pull_request and (why := barrier(there.snapshot)):
            actions.warning(why)
        outcome.before = document().current.text
        context = _context(config, there.render, Bounds(source.now()))
        drafts = Drafts(context, outcome.answers, there.landing, there.repository.issues)
        Publisher(drafts, outcome).publish(there.snapshot, document())
    return 1 if any(failure.kind == "refused" for failure in outcome.failures.values()) else 0


def _supplemented(
    answers: Mapping[Question, Result],
    source: SearchApi,
    before: Section,
    config: Config,
    say: Callable[[str], None],
    known: Mapping[Identifier, Paper],
) -> Mapping[Question, Result]:
    # Most days do without.
    from digest.sources.harvest import Harvest  # noqa: PLC0415
    from digest.supplement import supplement  # noqa: PLC0415

    harvest = Harvest(config.arxiv_oai_url or "", source.http, say)
    return supplement(answers, harvest, before, config, source.now().date(), known)


def _context(config: Config, render: Renderer, bounds: Bounds) -> RunContext:
    now, runner = datetime.now(UTC), config.runner
    page = f"{quote(config.places.linked)}/{quote(config.readme)}"
    return RunContext(
        config=config,
        render=render,
        today=now.astimezone(config.timezone).date(),
        now=int(now.timestamp()),
        link=f"{runner.server_url}/{runner.repository}/blob/{page}",
        bounds=bounds,
        run=token_hex(4),
    )


def _say_unless_failed(reading: Future[Reading]) -> Callable[[str], None]:
    """Tells in the log what is waited for; what GitHub refused by then ends the run, since no waiting heals it."""

    def say(text: str) -> None:
        actions.say(text)
        if reading.done():
            reading.result()

    return say
