"""The new papers of an edition -> a JSON array for the output `new-papers-json`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from digest.text.plain_text import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.edition import Edition
    from digest.papers import Paper

# Outputs of a job have 1 MB in all, counted in bytes of UTF-16:
# https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idoutputs
_LONGEST = 900_000
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"


def new_papers_json(edition: Edition) -> str:
    """Each new paper once, with the headings under which it is listed; cut to whole papers where the limit ends."""
    headings: dict[Paper, list[str]] = {paper: [] for paper in edition.new_papers}
    for listing in edition.listings:
        for paper in edition.new_in(listing):
            headings[paper].append(listing.keyword.heading)
    items, room = [], _LONGEST
    for paper, keywords in headings.items():
        item = json.dumps(paper_fields(paper, keywords), ensure_ascii=False)
        room -= len(f"{item},".encode("utf-16-le"))
        if room < 0:
            break
        items.append(item)
    return f"[{','.join(items)}]"


def paper_fields(paper: Paper, keywords: Sequence[str]) -> dict[str, Any]:
    """A paper as JSON; its text is plain and clean."""
    return {
        "id": str(paper.id),
        "version": paper.version,
        "title": clean(paper.title),
        "url": paper.url,
        "authors": list(map(clean, paper.authors)),
        "published": paper.published.strftime(_MOMENT),
        "updated": paper.updated.strftime(_MOMENT),
        "categories": list(map(clean, paper.categories)),
        "keywords": list(keywords),
    }
