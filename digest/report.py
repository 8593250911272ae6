"""What a run tells at its end, however it ends: annotations, the log, the job summary and the outputs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from difflib import unified_diff
from typing import TYPE_CHECKING

from digest import actions
from digest.papers import Failed
from digest.sources.calendar import next_announcement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digest.collect import Collected
    from digest.config import Config
    from digest.update import Update


@dataclass
class Published:
    """What was made of the file's text `before`, and what is done so far: the commit's sha and the issue's address."""

    before: str = ""
    update: Update | None = None
    committed: str = ""
    issue: str = ""


@dataclass
class Report:
    """What is known of the run so far."""

    config: Config
    collected: Collected | None = None
    published: Published = field(default_factory=Published)


def tell(report: Report) -> None:
    """Annotations, the log, the job summary and the outputs, as far as the run came."""
    config, collected, done = report.config, report.collected, report.published.update
    notices = [*(collected.notices if collected else ()), *(done.notices if done else ())]
    warnings = [*(collected.warnings if collected else ()), *(done.warnings if done else ())]
    for text in notices:
        actions.notice(text)
    for text in warnings:
        actions.warning(text)
    diff = _diff(report) if config.dry_run else ""
    if diff:
        actions.group("The change, not written (dry-run)", diff.split("\n"))
    for listed in done.lists if done else ():
        kept = ", its rows were kept" if listed.failure else ""
        actions.say(f"{listed.keyword.heading}: {listed.count} listed, {len(listed.new)} new{kept}")
    for line in _log(report):
        actions.say(line)
    told = (
        [actions.Told(listed, *cost) for listed, cost in zip(done.lists, collected.costs, strict=True)]
        if done and collected
        else []
    )
    actions.summary(config.runner.summary, told, list(_log(report)), [*warnings, *notices], diff)
    actions.outputs(config.runner.output, _outputs(report))


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
    # A commit that was refused changed nothing; that of a dry run would have.
    written = bool(report.config.dry_run or report.published.committed)
    return actions.NOTHING_DONE | {
        "changed": str(bool(done and done.changed and written)).lower(),
        **(_counted(done) if done else {}),
        "failed-keywords": "\n".join(failed),
        "commit-sha": report.published.committed,
        "issue-url": report.published.issue,
    }


def _counted(update: Update) -> dict[str, str]:
    return {
        "papers": str(update.count),
        "new-papers": str(len(update.new)),
        "new-papers-json": actions.new_papers_json(update.lists),
    }


def _diff(report: Report) -> str:
    name, made = report.config.readme, report.published
    after = made.update.text if made.update and made.update.changed else made.before
    lines = unified_diff(made.before.split("\n"), after.split("\n"), f"a/{name}", f"b/{name}", lineterm="")
    return "\n".join(lines)
