"""GitHub's issues and comments in memory, asked through the action's own code: for histories of many runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from digest.repository.door import Answer, Door
from digest.repository.error_messages import Target
from digest.repository.issue_lists import comment, issue
from digest.repository.issues import Issues
from digest.repository.retry import RetryingClient
from digest.repository.standing_issue import StandingIssue

if TYPE_CHECKING:
    from digest.issue import Issue

Document = dict[str, Any]
# Told before an announcement or a standing issue is made, and after it.
Hook = Callable[[str], object]
_BOT = {"login": "github-actions[bot]", "type": "Bot"}
_PAGE = "https://github.test/octo/papers/issues"


class Still:
    """A clock on which nothing takes time but pauses, which nobody waits for."""

    def time(self) -> float:
        return 0.0

    def monotonic(self) -> float:
        return 0.0

    def sleep(self, seconds: float, /) -> None:
        pass


@dataclass
class Tracker:
    """A repository's issues and comments, of which GitHub shows so many at once."""

    shown_at_once: int = 100
    now: int = 0
    issues: list[Document] = field(default_factory=list)
    comments: list[Document] = field(default_factory=list)

    def seen_by(self, notify: str, hook: Hook) -> Issues:
        """As one run asks for them."""
        client = RetryingClient(cast("Door", _Door(self, hook)), Still())
        return (StandingIssue if notify == "comment" else Issues)(client, Target("octo/papers", "main"), "daily-papers")

    @property
    def announcements(self) -> list[Issue]:
        """Whatever may tell of papers."""
        return [*map(issue, self.issues), *map(comment, self.comments)]

    @property
    def standing(self) -> list[Document]:
        return [one for one in self.issues if ":standing -->" in one["body"]]

    def add(self, path: str, fields: Document) -> Document:
        """A new issue, or a new comment, by the path of its POST."""
        made: Document = {"body": fields["body"], "user": _BOT, "author_association": "NONE"}
        made["created_at"] = made["updated_at"] = datetime.fromtimestamp(self.now, UTC).isoformat()
        if path.endswith("/comments"):
            to = self.issues[int(path.split("/")[-2]) - 1]
            assert not to["locked"]
            to |= {"comments": to["comments"] + 1, "updated_at": made["updated_at"]}
            made["html_url"] = f"{_PAGE}/{to['number']}#issuecomment-{len(self.comments) + 1}"
            self.comments.append(made)
        else:
            made |= {"title": fields["title"], "number": len(self.issues) + 1, "comments": 0, "locked": False}
            made |= {"state": "open", "html_url": f"{_PAGE}/{made['number']}"}
            self.issues.append(made)
        return made


@dataclass
class _Door:
    """Answers in the place of `digest.repository.door.Door`."""

    tracker: Tracker
    hook: Hook

    def send(self, verb: str, path: str, asked: Document, fields: Document, _: float) -> Answer:
        if verb == "GET":
            return self._list(path, asked)
        assert verb == "POST"
        what = "standing issue" if ":standing -->" in fields["body"] else "issue"
        self.hook(f"before the {what}")
        made = self.tracker.add(path, fields)
        self.hook(f"after the {what}")
        return Answer(made)

    def _list(self, path: str, asked: Document) -> Answer:
        rows = self.tracker.comments if path.endswith("/comments") else self.tracker.issues
        since = datetime.fromisoformat(asked["since"]) if "since" in asked else None
        rows = [row for row in rows if not since or datetime.fromisoformat(row["updated_at"]) >= since]
        if asked["direction"] == "asc":
            return Answer(rows)
        if asked["sort"] == "updated":
            return Answer(sorted(rows, key=lambda row: (row["updated_at"], row["number"]), reverse=True))
        return Answer(rows[::-1][: self.tracker.shown_at_once], len(rows) > self.tracker.shown_at_once)
