"""What is done once an announcement stands: people are assigned, earlier issues are closed. A refusal is a warning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.errors import GithubFailed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from digest.config import Config
    from digest.issue import Issue, Opened
    from digest.landing import Handling

# So many earlier issues are closed a run: the rest is closed by the next ones.
_MOST_CLOSED = 10


def follow_up(config: Config, opened: Opened, earlier: Iterable[Issue], issues: Handling) -> Iterator[str]:
    """Sentences on what was refused; `earlier` issues carry the section's key, and are believed."""
    if opened.without_labels:
        yield f"issue-labels: the issue has none, since GitHub refused them: {opened.without_labels}."
    if opened.is_new and config.issue_assignees:
        yield from _assigned(opened.issue, config.issue_assignees, issues)
    if config.close_previous and config.notify == "issue":
        yield from _closed(opened.issue, earlier, issues)


def _assigned(issue: Issue, logins: Sequence[str], issues: Handling) -> Iterator[str]:
    try:
        assigned = issues.assign(issue, logins)
    except GithubFailed as failed:
        yield f"issue-assignees: {', '.join(logins)}: {failed}"
        return
    if missing := [login for login in logins if login.lower() not in assigned]:
        yield (
            f"issue-assignees: GitHub did not assign {', '.join(missing)}: it takes ten, who may write to the "
            "repository or belong to its organization."
        )


def _closed(new: Issue, earlier: Iterable[Issue], issues: Handling) -> Iterator[str]:
    """Only issues of apps that write here, and of who opened the new one: whoever else may write could copy a key."""
    own = [one for one in earlier if one.is_open and one.number < new.number and (one.bot or one.author == new.author)]
    for issue in own[:_MOST_CLOSED]:
        try:
            issues.close(issue)
        except GithubFailed as failed:
            yield f"close-previous: {failed}"
            return
