"""The list above the first heading: a line a keyword, linked to its heading, with how many papers are listed. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.text import markdown
from digest.text.anchors import free, headings, slug

if TYPE_CHECKING:
    from collections.abc import Iterable


def taken_above(text: str) -> frozenset[str]:
    """The anchors of the headings in the text above the list."""
    taken: set[str] = set()
    for heading in headings(text):
        free(slug(heading), taken)
    return frozenset(taken)


def contents(keywords: Iterable[tuple[str, int, str]], above: frozenset[str]) -> str:
    """The list of keywords, each a heading, how many papers are listed, and the text below in which headings may stand.

    The anchors `above` are those of headings that come before.
    """
    taken = set(above)
    lines = []
    for heading, count, below in keywords:
        anchor = free(slug(markdown.visible(heading)), taken)
        lines.append(f"- [{markdown.link_text(heading)}](#{anchor}) ({count})")
        for other in headings(below):
            free(slug(other), taken)
    return "\n".join(lines)
