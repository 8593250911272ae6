"""The text that announces new papers: a link, then per keyword its rows, cut where GitHub's limit for an issue ends.

A comment in the standing issue has the same text; what that issue itself says is here too. Readers elsewhere get the
text in fewer bytes and without the issue's key.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from digest.page.render import list_head, list_line, table_head, table_line
from digest.standing import BEGINNING as STANDING_BEGINNING
from digest.text import markdown, plain_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from digest.config import Config
    from digest.proposal import Pull

# https://docs.github.com/en/rest/issues/issues#create-an-issue refuses longer ones with 422.
LONGEST_BODY = 65_536
# Half of what Linux takes in a variable, by which steps hand it to their scripts.
LONGEST_NEWS = 60_000
# By it an issue of ours is known from others that hold a key.
BEGINNING = "New in ["
# For blank lines, and the words on a pull request.
_SPARE = 400
# More than are ever left out.
_MANY = 1_000_000


@dataclass(frozen=True)
class Group:
    """The new papers of one keyword.

    heading: the keyword's
    rows: a paper's cells each, in the columns of `issue_columns`
    """

    heading: str
    rows: Sequence[Sequence[str]]


def issue_columns(config: Config) -> tuple[str, ...]:
    """The columns of an announcement: those of the page but the abstract."""
    return tuple(column for column in config.columns if column != "abstract") or ("title",)


def issue_title(text: str) -> str:
    """A title as the user's template made it, safe and of at most 256 characters."""
    return plain_text.issue_title(text) or "Daily papers"


def issue_body(config: Config, link: str, groups: Sequence[Group], key: str) -> str:
    """A link to the page, who is mentioned, the groups, the key."""
    # The owner's own, so they tell who is named; in strangers' texts none does.
    mentions = " ".join(f"@{login}" for login in config.issue_mentions)
    most = LONGEST_BODY - plain_text.units(key)
    return f"{_news(config, link, mentions, groups, most, plain_text.units)}\n\n{key}"


def news_markdown(config: Config, link: str, groups: Sequence[Group]) -> str:
    """A link to the page and the groups, in at most LONGEST_NEWS bytes of UTF-8; "" where there is no group."""
    return _news(config, link, "", groups, LONGEST_NEWS, lambda text: len(text.encode())) if groups else ""


def with_pull_request(body: str, pull: Pull | None) -> str:
    """The text with a link to the pull request that brings the papers to the page."""
    if pull is None:
        return body
    first, _, rest = body.partition("\n\n")
    return f"{first.removesuffix(':')} once [pull request {pull.number}]({pull.url}) is merged:\n\n{rest}"


def standing_text(config: Config, link: str) -> str:
    """What the standing issue says of itself."""
    return (
        f"{STANDING_BEGINNING}{markdown.link_text(config.readme)}]({link}) are told here, in a comment on each day "
        "that has some. **Subscribe** has GitHub mail them to you, whether you watch this repository or not."
    )


def _news(
    config: Config, link: str, mentions: str, groups: Sequence[Group], most: int, size: Callable[[str], int]
) -> str:
    """The text in whole rows, as many as `most` allows by this measure of `size`."""
    parts = [f"{BEGINNING}{markdown.link_text(config.readme)}]({link}):", *([mentions] if mentions else [])]
    room = most - sum(map(size, (*parts, _more(config, _MANY)))) - _SPARE
    for number, group in enumerate(groups):
        text = _group(config, group, room, size)
        if text is None:
            parts.append(_more(config, sum(len(later.rows) for later in groups[number:])))
            break
        parts.append(text)
        room -= size(text) + 2
    return "\n\n".join(parts)


def _group(config: Config, group: Group, room: int, size: Callable[[str], int]) -> str | None:
    """One keyword's part that takes at most `room`, None where not even its heading fits."""
    # An announcement is a table, or a list where the page is one.
    head, line = (list_head, list_line) if config.template == "list" else (table_head, table_line)
    lines = [line(cells) for cells in group.rows[: config.notify_limit]]
    while True:
        left_out = len(group.rows) - len(lines)
        parts = (
            f"## {markdown.heading(group.heading)}",
            "\n".join((*head(issue_columns(config)), *lines)) if lines else "",
            _more(config, left_out) if left_out else "",
        )
        text = "\n\n".join(filter(None, parts))
        taken = size(text)
        if taken <= room:
            return text
        if not lines:
            return None
        # Part of the surplus at a time, so that thousands of rows are cut in a few steps.
        del lines[-max(1, len(lines) * (taken - room) // (2 * taken)) :]


def _more(config: Config, count: int) -> str:
    name = PurePosixPath(config.readme).name
    page = "the README" if name.lower() == "readme.md" else markdown.link_text(name)
    return f"and {count} more in {page}"
