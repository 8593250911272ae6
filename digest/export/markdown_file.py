"""The form `.md`: a Collection -> bytes, the lists as the page shows them, in a file of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.export.mark import MARKDOWN_MARK
from digest.page.cells import rows
from digest.page.render import builtin
from digest.papers import identifier
from digest.text import markdown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.export.collection import Collection


def write(
    collection: Collection,
    columns: Sequence[str],
    sort_by: str,
    *,
    template: str = "table",
    heading_level: int = 2,
    links: tuple[str, ...] = ("pdf", "html"),
) -> bytes:
    """The whole file; `columns`, `sort_by`, `template` (`table` or `list`) and `heading_level` are the page's."""
    render = builtin(template)
    parts = [f"{MARKDOWN_MARK}\n\nLast update: {collection.updated}"]
    for keyword in collection.keywords:
        records = [collection.papers[id_] for id_ in keyword.papers]
        found_by = {identifier(record.id): record.keywords for record in records}
        shown = rows((record.paper for record in records), sort_by, found_by, links)
        heading = f"{'#' * heading_level} {markdown.heading(keyword.heading)}"
        parts.append(f"{heading}\n\n{render(shown, columns, keyword.heading)}")
    return ("\n\n".join(parts) + "\n").encode()
