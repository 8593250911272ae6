"""The new papers of an edition -> a JSON array for the output `new-papers-json`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from digest.edition import keywords_of
from digest.export.json_file import fields
from digest.export.records import record_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from digest.edition import Edition

# Outputs of a job have 1 MB in all, counted in bytes of UTF-16; `news-markdown` takes up to 120,000 of them:
# https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idoutputs
_LONGEST = 850_000
# What `files` say besides.
_LEFT_OUT = {"journal", "doi"}


def new_papers_json(edition: Edition) -> str:
    """Each new paper once, with the headings that found it; without abstracts where they do not all fit, and cut to
    whole papers where those do not either."""
    found_by = keywords_of(edition.listings)
    papers = [fields(record_of(paper, found_by[paper.id])) for paper in edition.new_papers]
    items = list(map(_json, papers))
    if sum(map(_length, items)) > _LONGEST:
        items = [_json(paper | {"abstract": ""}) for paper in papers]
    shown, room = [], _LONGEST
    for item in items:
        room -= _length(item)
        if room < 0:
            break
        shown.append(item)
    return f"[{','.join(shown)}]"


def _json(paper: Mapping[str, Any]) -> str:
    told = {name: value for name, value in paper.items() if name not in _LEFT_OUT}
    return json.dumps(told, ensure_ascii=False)


def _length(item: str) -> int:
    return len(f"{item},".encode("utf-16-le"))
