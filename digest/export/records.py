"""A paper -> a Record, as files and outputs hold it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.columns.code_links import code_links
from digest.columns.venues import venue
from digest.export.collection import Record
from digest.text.plain_text import clean

if TYPE_CHECKING:
    from digest.papers import Paper


def record_of(paper: Paper, keywords: tuple[str, ...]) -> Record:
    """The paper as files hold it, with the headings that found it."""
    return Record(
        id=str(paper.id),
        version=paper.version,
        title=clean(paper.title),
        authors=tuple(filter(None, map(clean, paper.authors))),
        published=paper.published,
        updated=paper.updated,
        categories=tuple(map(clean, paper.categories)),
        keywords=keywords,
        abstract=clean(paper.abstract),
        comment=clean(paper.comment),
        journal=clean(paper.journal),
        doi=clean(paper.doi),
        code=code_links(paper.comment, paper.abstract),
        venue=venue(paper.journal, paper.comment),
    )
