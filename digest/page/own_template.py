"""The repository's own template: rows -> the text below a heading, within one limit of time for the whole run."""

from __future__ import annotations

from functools import cache
from time import monotonic
from typing import TYPE_CHECKING

from digest.columns.code_links import code_links
from digest.columns.venues import venue
from digest.page.cells import Row
from digest.page.render import NO_PAPERS
from digest.template_process import rendered
from digest.text import markdown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.page.render import Written
    from digest.papers import Paper

# For all renderings of a run, which renders again and again to fit `max-bytes`.
TEMPLATE_SECONDS = 60.0
# A list of the most papers that a keyword can have, in characters.
_LONGEST = 10_000_000


class OwnTemplate:
    """A Renderer by a template of the repository's own."""

    def __init__(self, name: str, text: str) -> None:
        """TemplateFailed where the text is broken."""
        self._name, self._text = name, text
        self._seconds = TEMPLATE_SECONDS
        self._shown = cache(_shown)
        self._rendered(None)

    def __call__(self, rows: Sequence[Written], columns: Sequence[str], heading: str) -> str:
        if not rows:
            return NO_PAPERS
        papers = [self._shown(row.paper) | _of_row(row, columns) for row in rows if isinstance(row, Row)]
        values = {"heading": markdown.visible(heading), "columns": columns, "papers": papers}
        return self._rendered(values).rstrip("\n")

    def _rendered(self, values: object) -> str:
        started = monotonic()
        try:
            return rendered(self._name, self._text, self._seconds, _LONGEST, values, is_page=True)
        finally:
            self._seconds -= monotonic() - started


def _shown(paper: Paper) -> dict[str, object]:
    """A paper's part of what `digest.page.template_view.TemplatePaper` is made of: text as a reader shall see it."""
    return {
        "id": str(paper.id),
        "version": paper.version,
        "url": paper.url,
        "pdf": paper.pdf,
        "title": markdown.visible(paper.title) or str(paper.id),
        "authors": list(map(markdown.visible, paper.authors)),
        "abstract": markdown.visible(paper.abstract),
        "comment": markdown.visible(paper.comment),
        "journal": markdown.visible(paper.journal),
        "doi": markdown.visible(paper.doi),
        "categories": list(map(markdown.visible, paper.categories)),
        "code": [link.url for link in code_links(paper.comment, paper.abstract)],
        "venue": markdown.visible(venue(paper.journal, paper.comment)),
        "published": f"{paper.published:%Y-%m-%d}",
        "updated": f"{paper.updated:%Y-%m-%d}",
    }


def _of_row(row: Row, columns: Sequence[str]) -> dict[str, object]:
    """What a paper's row adds to that."""
    added = {"date": row.date, "show_abstract": row.show_abstract, "cells": row.cells(columns)}
    added["keywords"] = list(map(markdown.visible, row.keywords))
    return added if row.show_abstract else added | {"abstract": ""}
