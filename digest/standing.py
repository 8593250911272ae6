"""The standing issue, in which each announcement is a comment: its body, and how it is known again. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from digest.issue import Issue

TITLE = "Daily papers"
# By it a standing issue of ours is known from others that hold a key.
BEGINNING = "New papers in ["
# GitHub takes 2,500 comments in an issue, a day's papers among those of others.
MOST_COMMENTS = 2000


def _key(section: str) -> str:
    """The invisible line at the end of a section's standing issue."""
    return f"<!-- {section}:standing -->"


def body(text: str, former: str, section: str) -> str:
    """The body of an issue that says so much of itself; `former` is the address of the one before it, "" for none."""
    return "\n\n".join(filter(None, (text, former and f"Before: {former}", _key(section))))


def is_standing(issue: Issue, section: str) -> bool:
    """Whether it looks like the standing issue of a section; who wrote it is another question."""
    text = issue.body.strip()
    return not issue.pull_request and text.startswith(BEGINNING) and text.endswith(_key(section))


def is_usable(issue: Issue) -> bool:
    """Whether a standing issue takes a comment, and people want it to."""
    return issue.is_open and not issue.is_locked and issue.comments < MOST_COMMENTS
