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
    whole, short = _Array(), _Array()
    for paper in edition.new_papers:
        told = {
            name: value for name, value in fields(record_of(paper, found_by[paper.id])).items() if name not in _LEFT_OUT
        }
        whole.add(told)
        short.add(told | {"abstract": ""})
        if short.is_full:
            break
    return str(short if whole.is_full else whole)


class _Array:
    """A JSON array that takes items until one has no room any more."""

    def __init__(self) -> None:
        self._items: list[str] = []
        self._room = _LONGEST

    @property
    def is_full(self) -> bool:
        return self._room < 0

    def add(self, item: Mapping[str, Any]) -> None:
        if self.is_full:
            return
        text = json.dumps(item, ensure_ascii=False)
        self._room -= len(f"{text},".encode("utf-16-le"))
        if not self.is_full:
            self._items.append(text)

    def __str__(self) -> str:
        return f"[{','.join(self._items)}]"
