"""The commit and the issue, so that each new paper is announced by exactly one issue: docs/exactly-once.md.

The commit promises the issue; a promise that a dead run left behind is kept by the next run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from digest import actions, announce
from digest.errors import GithubFailed, HeadMoved
from digest.page.environment import fill
from digest.section import section
from digest.text import plain_text
from digest.update import promised, update

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from digest.announce import Issue
    from digest.config import Config
    from digest.draft import Day
    from digest.papers import Identifier
    from digest.report import Published
    from digest.section.memory import Due
    from digest.update import Announcement, Update

# Each lost try is another's commit: enough for a matrix of jobs that all write at once.
_COMMIT_TRIES = 30
# Seconds after a promise in which the run that made it may well be alive.
_YOUNG = 300


class Files(Protocol):
    """What publishing needs of `digest.repository.branch.Files`."""

    def read(self, path: str) -> bytes | None: ...
    def commit(self, files: Mapping[str, bytes], message: str) -> str: ...
    def give_way(self, number: int) -> None: ...


class Issues(Protocol):
    """What publishing needs of `digest.repository.issues.Issues`."""

    def since(self, moment: int) -> Iterable[Issue]: ...
    def open(self, title: str, body: str, labels: tuple[str, ...], opened: Callable[[], str | None]) -> str: ...
    def let_finish(self) -> None: ...


def read_text(files: Files, path: str) -> str | None:
    """A file's text; what is not UTF-8 in it survives the way through text unchanged."""
    content = files.read(path)
    return None if content is None else content.decode("utf-8", "surrogateescape")


def publish(day: Day, files: Files, issues: Issues, text: str, done: Published) -> None:
    """Commits the update of `text`, again on top of what others commit meanwhile, and opens the issue it promises."""
    config = day.config
    known = promises = promised(day, text)
    for number in range(_COMMIT_TRIES):
        # What was promised while this run was under way is the business of another one that lives. A promise of this
        # run's own is there too where its commit was not seen to arrive.
        waiting = tuple(promise for promise in promises if promise not in known and promise.run != day.run)
        owing = [promise for promise in promises if promise not in waiting]
        done.update = made = _updated(day, issues, text, owing, waiting, first=not number)
        if config.dry_run:
            return
        if not made.changed:
            break
        try:
            content = made.text.encode("utf-8", "surrogateescape")
            done.committed = files.commit({config.readme: content}, _message(day, made))
            break
        except HeadMoved as moved:
            if number + 1 == _COMMIT_TRIES:
                raise GithubFailed(
                    f"{moved} So it went {_COMMIT_TRIES} times in a row; nothing was written. Run it again."
                ) from moved
            actions.say(f"{moved} Once more.")
            files.give_way(number)
            text = _text_meanwhile(config, files, text)
            promises = promised(day, text)
    if made.announcement:
        done.issue = _announce(config, issues, made.announcement, done.committed)


def _text_meanwhile(config: Config, files: Files, before: str) -> str:
    """The file as others left it. GithubFailed where they took away what this run was to write into."""
    text = read_text(files, config.readme)
    if text is None and before:
        raise GithubFailed(
            f"{config.readme} was removed from {config.branch} or renamed while this run was under way; nothing was "
            "written. Set the input `readme` to its new path, or run it again to have it made anew."
        )
    if section.find(before, config.section) and not section.find(text or "", config.section, config.readme):
        raise GithubFailed(
            f"The section {config.section} was removed from {config.readme} while this run was under way; nothing was "
            "written. Run it again to have it appended anew."
        )
    return text or ""


def _updated(day: Day, issues: Issues, text: str, owing: list[Due], waiting: tuple[Due, ...], *, first: bool) -> Update:
    """The update of the text; what an issue has announced is not announced again, whatever the section remembers."""
    told = _told(day, issues, owing) if owing and day.config.notify != "none" else None
    if first and told is not None and any(_is_young(promise, day) and promise.identifiers - told for promise in owing):
        # Whoever promised it may be about to open the issue.
        issues.let_finish()
        told = _told(day, issues, owing)
    made = update(day, text, told or frozenset(), waiting)
    if told is None and made.announcement:
        # Somebody may have put an older file in the place of the one that remembers it.
        told = _told(day, issues, owing)
        if told & made.announcement.due.identifiers:
            made = update(day, text, told, waiting)
    return made


def _is_young(promise: Due, day: Day) -> bool:
    return day.now - promise.since < _YOUNG


def _told(day: Day, issues: Issues, owing: Iterable[Due]) -> frozenset[Identifier]:
    opened = issues.since(announce.earliest(owing, day.now))
    return announce.announced(owing, opened, day.config.section)


def _announce(config: Config, issues: Issues, announcement: Announcement, commit: str) -> str:
    due = announcement.due

    def opened() -> str | None:
        return announce.find(due, issues.since(announce.earliest([due], due.since)), config.section)

    try:
        return issues.open(announcement.title, announcement.body, config.issue_labels, opened)
    except GithubFailed as failed:
        raise GithubFailed(
            f"{failed} Done so far: {config.readme} is committed to {config.branch} ({commit[:7]}). "
            "The next run opens the issue."
        ) from failed


def _message(day: Day, made: Update) -> str:
    text = fill(day.config.commit_message, "commit-message", new=len(made.new), papers=made.count, date=day.date)
    return plain_text.commit_message(text) or "Update papers"
