"""Rows -> the text of a page or an announcement, through a Jinja2 template.

What a template puts out is made safe for Markdown unless it is safe already, so that a naive template is safe.
"""

from __future__ import annotations

from pathlib import Path
from traceback import walk_tb
from typing import TYPE_CHECKING

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from digest import markdown
from digest.errors import TemplateFailed
from digest.table import Line, safe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jinja2 import Environment, Template

    from digest.table import Row

NO_PAPERS = "No papers yet."


class Page:
    """Renders lists of papers by one template: `table`, `list`, or the text of the repository's own."""

    def __init__(self, template: str, own_text: str | None = None) -> None:
        """TemplateFailed where the repository's own text is broken."""
        self.name = template
        self._template = _compiled(template, own_text)

    def papers(self, rows: Sequence[Row], columns: tuple[str, ...], heading: str) -> str:
        """One keyword's papers below its heading, without the newline at the end."""
        if not rows:
            return NO_PAPERS
        return _rendered(self._template, self.name, papers=rows, columns=columns, heading=heading).rstrip("\n")

    def announced(self, lines: Sequence[Row | Line], columns: tuple[str, ...]) -> tuple[list[str], list[str]]:
        """The lines above the rows, and a line a row: an announcement is a table, or a list where the page is one."""
        name = "list" if self.name == "list" else "table"
        text = _rendered(_compiled(name, None), name, papers=lines, columns=columns, heading="")
        rendered = text.rstrip("\n").split("\n")
        above = 0 if name == "list" else 2
        return rendered[:above], rendered[above:]


def fill(text: str, name: str, **values: object) -> str:
    """One of the user's one-line Jinja2 texts, `name` being its input. TemplateFailed where it cannot be rendered."""
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
    try:
        return environment.from_string(text).render(values)
    except Exception as error:  # a template can raise whatever its expressions do
        raise _failed(name, error) from error


def _compiled(name: str, own_text: str | None) -> Template:
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    _add_filters(environment)
    if own_text is None:
        return environment.get_template(f"{name}.md.j2")
    try:
        return environment.from_string(own_text)
    except TemplateSyntaxError as error:
        raise _failed(name, error) from error


def _add_filters(environment: Environment) -> None:
    environment.filters["bold"] = lambda column: safe(f"**{markdown.inline(column.title())}**")
    environment.filters["rule"] = lambda _: Markup("---")


def _finalize(value: object) -> object:
    """Whatever a template puts out is made safe, unless it is safe already."""
    return value if isinstance(value, Markup) else safe(markdown.inline(str(value)))


def _rendered(template: Template, name: str, **values: object) -> str:
    try:
        return template.render(values)
    except Exception as error:  # a template can raise whatever its expressions do
        raise _failed(name, error) from error


def _failed(name: str, error: Exception) -> TemplateFailed:
    """The failure with the line of the user's text in which it came about."""
    lines = [line for frame, line in walk_tb(error.__traceback__) if frame.f_code.co_filename == "<template>"]
    if isinstance(error, TemplateSyntaxError):
        lines.append(error.lineno)
    said = str(error.message if isinstance(error, TemplateError) else "") or f"{type(error).__name__}: {error}"
    return TemplateFailed(f"{name}, line {lines[-1]}: {said}" if lines else f"{name}: {said}")
