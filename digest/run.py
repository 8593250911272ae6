"""The story of one run: papers from arXiv, meanwhile the repository as it stands; then page, commit, announcement."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from secrets import token_hex
from typing import TYPE_CHECKING
from urllib.parse import quote

from digest import actions
from digest.collect import collect
from digest.errors import ArxivUnavailable
from digest.report import Report, tell
from digest.sources.rate_limit import Pace
from digest.sources.search import ArxivFeed

if TYPE_CHECKING:
    from digest.before import Before
    from digest.collect import Collected
    from digest.config import Config


def run(config: Config) -> int:
    """One run; the exit code. DigestError where it ends early, after what was done is told."""
    report = Report(config)
    try:
        return _run(config, report)
    finally:
        tell(report)


def _run(config: Config, report: Report) -> int:
    feed = ArxivFeed(config.arxiv_api_url, Pace(config.arxiv_interval, config.retry_minutes * 60), actions.say)
    with ThreadPoolExecutor(1) as aside, closing(feed):
        before = aside.submit(_read, config, feed)
        report.collected = collected = collect(config, feed, lambda: before.result().section)
    if collected.nothing:
        raise ArxivUnavailable(collected.nothing)
    _write(config, before.result(), collected, report)
    return 1 if collected.refused else 0


def _read(config: Config, feed: ArxivFeed) -> Before:
    """The repository as it stands, read while arXiv answers: the packages for it load only then."""
    feed.under_way.wait()
    from digest.before import read_before  # noqa: PLC0415 - as said above

    return read_before(config)


def _write(config: Config, before: Before, collected: Collected, report: Report) -> None:
    """The page, committed and announced."""
    from digest.draft import Day  # noqa: PLC0415 - loaded by now, as above
    from digest.publish import publish  # noqa: PLC0415 - as above

    now = datetime.now(UTC)
    date = f"{now.astimezone(config.timezone):%Y-%m-%d}"
    day = Day(config, before.page, collected.answers, date, int(now.timestamp()), _link(config), token_hex(4))
    report.published.before = before.text
    with closing(before.repository):
        publish(day, before.repository.files, before.repository.issues, before.text, report.published)


def _link(config: Config) -> str:
    runner = config.runner
    return f"{runner.server_url}/{runner.repository}/blob/{quote(config.branch)}/{quote(config.readme)}"
