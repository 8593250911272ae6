"""The new papers of an edition -> a JSON array for the output `new-papers-json`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from digest.columns.code_links import code_links
from digest.columns.venues import venue
from digest.edition import keywords_of
from digest.text.plain_text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from digest.edition import Edition
    from digest.papers import Paper

# Outputs of a job have 1 MB in all, counted in bytes of UTF-16; `news-markdown` takes up to 120,000 of them:
# https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idoutputs
_LONGEST = 850_000
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"


def new_papers_json(edition: Edition) -> str:
    """Each new paper once, with the headings that found it; without abstracts where they do not all fit, and cut to
    whole papers where those do not either."""
    found_by = keywords_of(edition.listings)
    fields = [paper_fields(paper, found_by[paper.id]) for paper in edition.new_papers]
    items = list(map(_json, fields))
    if sum(map(_length, items)) > _LONGEST:
        items = [_json(field | {"abstract": ""}) for field in fields]
    shown, room = [], _LONGEST
    for item in items:
        room -= _length(item)
        if room < 0:
            break
        shown.append(item)
    return f"[{','.join(shown)}]"


def _json(fields: Mapping[str, Any]) -> str:
    return json.dumps(fields, ensure_ascii=False)


def _length(item: str) -> int:
    return len(f"{item},".encode("utf-16-le"))


def paper_fields(paper: Paper, keywords: Sequence[str]) -> dict[str, Any]:
    """A paper as JSON; its text is plain and clean."""
    return {
        "id": str(paper.id),
        "version": paper.version,
        "title": clean(paper.title),
        "url": paper.url,
        "pdf": paper.pdf,
        "authors": list(map(clean, paper.authors)),
        "published": paper.published.strftime(_MOMENT),
        "updated": paper.updated.strftime(_MOMENT),
        "categories": list(map(clean, paper.categories)),
        "keywords": list(keywords),
        "abstract": clean(paper.abstract),
        "comment": clean(paper.comment),
        "code": [{"kind": link.kind, "url": link.address} for link in code_links(paper.comment, paper.abstract)],
        "venue": clean(venue(paper.journal, paper.comment)),
    }
