"""The repository's own template: rows -> the text below a heading, within one limit of time for the whole run."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from digest.page.cells import Row
from digest.page.environment import compiled, rendered
from digest.page.render import NO_PAPERS
from digest.page.template_view import TemplatePaper, Text
from digest.text import markdown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.page.former_rows import AnyRow

# For all renderings of a run, which renders again and again to fit `max-bytes`.
TEMPLATE_SECONDS = 60.0


class OwnTemplate:
    """A Renderer by a template of the repository's own."""

    def __init__(self, name: str, text: str) -> None:
        """TemplateFailed where the text is broken."""
        self._name, self._template = name, compiled(name, text)
        self._seconds = TEMPLATE_SECONDS

    def __call__(self, rows: Sequence[AnyRow], columns: Sequence[str], heading: str) -> str:
        if not rows:
            return NO_PAPERS
        started = monotonic()
        text = rendered(
            self._template,
            self._name,
            self._seconds,
            papers=[TemplatePaper(row, columns) for row in rows if isinstance(row, Row)],
            columns=tuple(columns),
            heading=Text(markdown.visible(heading), is_title=True),
        )
        self._seconds -= monotonic() - started
        return text.rstrip("\n")
