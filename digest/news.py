"""The new papers of an edition -> their announcement, and its text for readers elsewhere. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.announcement import Announcement, key, title_fingerprint
from digest.config import DEFAULTS
from digest.page.cells import Row
from digest.page.fill import fill
from digest.page.issue_body import Group, issue_body, issue_columns, issue_title, news_markdown, standing_text
from digest.section.memory import Promise
from digest.standing import TITLE as STANDING_TITLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from digest.composition import Composition, RunContext
    from digest.edition import Edition
    from digest.page.truncation import Truncation
    from digest.papers import Identifier
    from digest.section.section import Block


def announce(made: Composition, truncation: Truncation, today: Edition) -> Announcement | None:
    """The announcement of the new papers; None where there are none, or where nobody is to be told."""
    context, config = made.context, made.context.config
    if not today.new or config.notify == "none":
        return None
    comment = config.notify == "comment"
    title = STANDING_TITLE if comment and config.issue_title == DEFAULTS["issue-title"] else _title(context, today)
    body = issue_body(config, context.link, list(_groups(made, truncation, today)), key(config.section, today.new))
    again = [one for one in context.promises_in(made.memory) if one.identifiers & today.new]
    promise = Promise(
        identifiers=today.new,
        since=context.now,
        title_fingerprint="" if comment else title_fingerprint(title),
        run=context.run,
        tries=1 + max((one.tries for one in again), default=0),
        refused=any(one.refused for one in again),
    )
    standing = standing_text(config, context.link) if comment else ""
    return Announcement(promise, title, body, made.memory.apps, standing)


def news(made: Composition, truncation: Truncation, today: Edition) -> str:
    """What the announcement tells, for readers elsewhere; "" where nothing is new."""
    if not today.new:
        return ""
    return news_markdown(made.context.config, made.context.link, list(_groups(made, truncation, today)))


def _title(context: RunContext, today: Edition) -> str:
    values = {"date": context.today.isoformat(), "new": len(today.new), "papers": today.count}
    return issue_title(fill(context.config.issue_title, "issue-title", **values))


def _groups(made: Composition, truncation: Truncation, today: Edition) -> Iterator[Group]:
    """Per keyword its new papers, then those that were promised earlier and have left the lists since."""
    config = made.context.config
    columns = issue_columns(config)
    left = today.new.difference(paper.id for listing in today.listings for paper in listing.papers)
    for part in made.parts:
        made_today = (row for row in part.shown(truncation) if isinstance(row, Row))
        own = [row.cells(columns, folded=False) for row in made_today if row.identifier in today.new]
        former = part.listing.former
        earlier = [paper for paper in former.identifiers if paper in left] if former else []
        left = left.difference(earlier)
        rows = [*own, *(_only_link(paper, columns, former) for paper in earlier)]
        if rows:
            yield Group(part.listing.keyword.heading, rows)
    if left:
        blocks = made.document.section.blocks
        shown = {paper: block for block in blocks for paper in block.links}
        rows = [_only_link(paper, columns, shown.get(paper)) for paper in sorted(left, reverse=True)]
        yield Group("Earlier", rows)


def _only_link(paper: Identifier, columns: Sequence[str], former: Block | None) -> list[str]:
    """The cells of a paper of which the source said nothing today: its link as it stood on the page."""
    link = former.links.get(paper) if former else None
    place = columns.index("title") if "title" in columns else 0
    cells = [""] * len(columns)
    cells[place] = link or f"**[{paper}](https://arxiv.org/abs/{paper})**"
    return cells
