"""Rows -> the text of a page or an announcement, through a template."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from digest.page.environment import compiled, rendered
from digest.page.template_view import Shown, Text
from digest.text import markdown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.page.cells import Line, Row

NO_PAPERS = "No papers yet."
# For all renderings of a run's own template, which is rendered again and again to fit `max-bytes`.
TEMPLATE_SECONDS = 60.0


class Page:
    """Renders lists of papers by one template: `table`, `list`, or the text of the repository's own."""

    def __init__(self, template: str, own_text: str | None = None) -> None:
        """TemplateFailed where the repository's own text is broken."""
        self.name = template
        self._template = compiled(template, own_text)
        self._own = own_text is not None
        self._seconds = TEMPLATE_SECONDS

    def papers(self, rows: Sequence[Row], columns: tuple[str, ...], heading: str) -> str:
        """One keyword's papers below its heading, without the newline at the end."""
        if not rows:
            return NO_PAPERS
        if not self._own:
            return self._template.render(papers=rows, columns=columns).rstrip("\n")
        started = monotonic()
        text = rendered(
            self._template,
            self.name,
            self._seconds,
            papers=list(map(Shown, rows)),
            columns=columns,
            heading=Text(markdown.visible(heading), is_title=True),
        )
        self._seconds -= monotonic() - started
        return text.rstrip("\n")

    def announced(self, lines: Sequence[Row | Line], columns: tuple[str, ...]) -> tuple[list[str], list[str]]:
        """The lines above the rows, and a line a row: an announcement is a table, or a list where the page is one."""
        name = "list" if self.name == "list" else "table"
        made = compiled(name, None).render(papers=lines, columns=columns).rstrip("\n").split("\n")
        above = 0 if name == "list" else 2
        return made[:above], made[above:]
