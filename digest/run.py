"""The story of one run: inputs, papers, page, commit, announcement, and what the user is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from difflib import unified_diff
from typing import TYPE_CHECKING
from urllib.parse import quote

from digest import workflow
from digest.arxiv_feed import ArxivFeed
from digest.calendar import next_announcement
from digest.collect import collect
from digest.config import TEMPLATES
from digest.draft import Day, Failed
from digest.errors import ArxivUnavailable, GithubFailed
from digest.pace import Pace
from digest.page import Page
from digest.publish import Published, publish, read_text
from digest.repository import Repository
from digest.section import Section, find, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digest.collect import Collected
    from digest.config import Config
    from digest.update import Update


@dataclass
class Report:
    """What is known of the run so far; told at its end, however it ends."""

    config: Config
    collected: Collected | None = None
    published: Published = field(default_factory=Published)
    diff: str = ""


def run(config: Config) -> int:
    """One run; the exit code. DigestError where it ends early, after what was done is told."""
    report = Report(config)
    repository = Repository(config)
    try:
        return _run(config, repository, report)
    finally:
        repository.close()
        _tell(report)


def _run(config: Config, repository: Repository, report: Report) -> int:
    text = read_text(repository, config.readme) or ""
    before = _section(text, config)
    page = _page(repository, config)
    report.collected = collected = _collect(config, before)
    if collected.nothing:
        raise ArxivUnavailable(collected.nothing)
    now = datetime.now(UTC)
    date = f"{now.astimezone(config.timezone):%Y-%m-%d}"
    day = Day(config, page, collected.answers, date, int(now.timestamp()), _link(config))
    publish(day, repository, text, report.published)
    if config.dry_run:
        report.diff = _diff(config.readme, text, report.published.update)
    return 1 if collected.refused else 0


def _section(text: str, config: Config) -> Section:
    place = find(text, config.section, config.readme)
    return read(text, place, config.section) if place else Section()


def _page(repository: Repository, config: Config) -> Page:
    if config.template in TEMPLATES:
        return Page(config.template)
    own = repository.read(config.template)
    if own is None:
        raise GithubFailed(f"template: {config.template} does not exist on the branch {config.branch}.")
    return Page(config.template, own.decode("utf-8", "replace"))


def _collect(config: Config, before: Section) -> Collected:
    feed = ArxivFeed(config.arxiv_api_url, Pace(config.arxiv_interval, config.retry_minutes * 60), workflow.say)
    try:
        return collect(config, feed, before)
    finally:
        feed.close()


def _diff(name: str, before: str, update: Update | None) -> str:
    after = update.text if update and update.changed else before
    lines = unified_diff(before.split("\n"), after.split("\n"), f"a/{name}", f"b/{name}", lineterm="")
    return "\n".join(lines)


def _link(config: Config) -> str:
    runner = config.runner
    return f"{runner.server_url}/{runner.repository}/blob/{quote(config.branch)}/{quote(config.readme)}"


def _tell(report: Report) -> None:
    """Annotations, the log, the job summary and the outputs, as far as the run came."""
    config, collected, done = report.config, report.collected, report.published.update
    notices = [*(collected.notices if collected else ()), *(done.notices if done else ())]
    warnings = [*(collected.warnings if collected else ()), *(done.warnings if done else ())]
    for text in notices:
        workflow.notice(text)
    for text in warnings:
        workflow.warning(text)
    if report.diff:
        workflow.group("The change, not written (dry-run)", report.diff.split("\n"))
    for listed in done.lists if done else ():
        kept = ", its rows were kept" if listed.failure else ""
        workflow.say(f"{listed.keyword.heading}: {listed.count} listed, {len(listed.new)} new{kept}")
    for line in _log(report):
        workflow.say(line)
    told = (
        [workflow.Told(listed, *cost) for listed, cost in zip(done.lists, collected.costs, strict=True)]
        if done and collected
        else []
    )
    workflow.summary(config.runner.summary, told, list(_log(report)), [*warnings, *notices], report.diff)
    workflow.outputs(config.runner.output, _outputs(report))


def _log(report: Report) -> Iterator[str]:
    """What was done, in sentences of our own."""
    done = report.published.update
    if done is None:
        return
    if report.published.committed:
        yield f"Committed {report.config.readme} to {report.config.branch} ({report.published.committed[:7]})"
    elif not done.changed:
        yield f"{report.config.readme} is up to date: nothing to write"
    if report.published.issue:
        yield f"Announced in {report.published.issue}"
    if not done.new:
        yield f"No new papers. arXiv announces next on {next_announcement(datetime.now(UTC)):%A %Y-%m-%d at %H:%M} UTC"


def _outputs(report: Report) -> dict[str, str]:
    done, collected = report.published.update, report.collected
    failed = (
        [
            keyword.heading
            for keyword, answer in zip(report.config.keywords, collected.answers, strict=True)
            if isinstance(answer, Failed)
        ]
        if collected
        else []
    )
    return {
        "changed": str(bool(done and done.changed)).lower(),
        "papers": str(sum(part.count for part in done.lists) if done else 0),
        "new-papers": str(len(done.new) if done else 0),
        "new-papers-json": workflow.new_papers_json(done.lists if done else ()),
        "failed-keywords": "\n".join(failed),
        "commit-sha": report.published.committed,
        "issue-url": report.published.issue,
    }
