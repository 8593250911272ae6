"""Rows -> the text of a page or an announcement, through a Jinja2 template.

What a template puts out is made safe for Markdown unless it is safe already, so that a naive template is safe.
"""

from __future__ import annotations

import json
from collections.abc import Sized
from functools import cache, wraps
from pathlib import Path
from time import monotonic
from traceback import walk_tb
from typing import TYPE_CHECKING, Any

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from digest import markdown
from digest.deadline import TooLong, deadline
from digest.errors import TemplateFailed
from digest.plain_text import clean
from digest.shown import Shown, Text, told
from digest.table import safe

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jinja2 import Template
    from jinja2.runtime import Context

    from digest.table import Line, Row

NO_PAPERS = "No papers yet."
# Seconds in all for a run's own template, which is rendered again and again to fit `max-bytes`; and for a short text.
TEMPLATE_SECONDS = 60.0
TEXT_SECONDS = 5.0
_LONGEST_RESULT = 1_000_000


class Page:
    """Renders lists of papers by one template: `table`, `list`, or the text of the repository's own."""

    def __init__(self, template: str, own_text: str | None = None) -> None:
        """TemplateFailed where the repository's own text is broken."""
        self.name = template
        self._template = _compiled(template, own_text)
        self._own = own_text is not None
        self._seconds = TEMPLATE_SECONDS

    def papers(self, rows: Sequence[Row], columns: tuple[str, ...], heading: str) -> str:
        """One keyword's papers below its heading, without the newline at the end."""
        if not rows:
            return NO_PAPERS
        if not self._own:
            return self._template.render(papers=rows, columns=columns).rstrip("\n")
        started = monotonic()
        text = _rendered(
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
        rendered = _compiled(name, None).render(papers=lines, columns=columns).rstrip("\n").split("\n")
        above = 0 if name == "list" else 2
        return rendered[:above], rendered[above:]


def fill(text: str, name: str, **values: object) -> str:
    """One of the user's one-line Jinja2 texts, `name` being its input. TemplateFailed where it cannot be rendered."""
    environment = _Sandbox(undefined=StrictUndefined, autoescape=False)
    try:
        template = environment.from_string(text)
    except TemplateSyntaxError as error:
        raise _failed(name, error) from error
    return _rendered(template, name, TEXT_SECONDS, **values)


class _Sandbox(ImmutableSandboxedEnvironment):
    """Also without what no deadline can end: one operation that takes for ever."""

    intercepted_binops = frozenset(("*", "**"))

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        size = 0
        if operator == "**" and isinstance(left, int) and isinstance(right, int):
            size = left.bit_length() * right
        elif operator == "*" and (isinstance(left, Sized) or isinstance(right, Sized)):
            size = _size(left) * _size(right)
        if size > _LONGEST_RESULT:
            raise OverflowError(f"what {operator} makes is too long")
        return super().call_binop(context, operator, left, right)

    def call(self, context: Context, called: Any, *arguments: Any, **named: Any) -> Any:
        return told(super().call(context, called, *arguments, **named), getattr(called, "__self__", None))


def _size(value: Any) -> int:
    return len(value) if isinstance(value, Sized) else int(value)


@cache
def _compiled(name: str, own_text: str | None) -> Template:
    environment = _Sandbox(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    # Jinja2's own make markup that is safe in HTML only.
    environment.filters |= dict.fromkeys(("safe", "e", "escape", "forceescape"), _finalize)
    environment.filters |= {"tojson": json.dumps, "urlize": lambda text: text, "striptags": lambda text: text}
    environment.filters = {name: _telling(filter_) for name, filter_ in environment.filters.items()}
    environment.filters["bold"] = lambda column: safe(f"**{markdown.inline(column.title())}**")
    environment.filters["rule"] = lambda _: Markup("---")
    if own_text is None:
        return environment.get_template(f"{name}.md.j2")
    try:
        return environment.from_string(own_text)
    except TemplateSyntaxError as error:
        raise _failed(name, error) from error


def _telling(filter_: Callable[..., Any]) -> Callable[..., Any]:
    """The filter, whose results are no more to be trusted than what it was given."""

    @wraps(filter_)
    def telling(*arguments: Any, **named: Any) -> Any:
        return told(filter_(*arguments, **named), next((a for a in arguments if isinstance(a, str)), None))

    return telling


def _finalize(value: object) -> Markup:
    """Whatever a template puts out is made safe, unless it is safe already; a list stands with commas between."""
    if isinstance(value, Markup):
        return value
    if isinstance(value, (list, tuple)):
        return Markup(", ").join(map(_finalize, value))
    return safe((value if isinstance(value, Text) else Text(clean(str(value)))).__html__())


def _rendered(template: Template, name: str, seconds: float, **values: object) -> str:
    try:
        with deadline(max(seconds, 0.01)):
            return template.render(values)
    except Exception as error:  # a template can raise whatever its expressions do
        raise _failed(name, error) from error


def _failed(name: str, error: Exception) -> TemplateFailed:
    """The failure with the line of the user's text in which it came about."""
    lines = [line for frame, line in walk_tb(error.__traceback__) if frame.f_code.co_filename == "<template>"]
    if isinstance(error, TemplateSyntaxError):
        lines.append(error.lineno)
    said = _said(error)
    return TemplateFailed(f"{name}, line {lines[-1]}: {said}" if lines else f"{name}: {said}")


def _said(error: Exception) -> str:
    if isinstance(error, TooLong):
        return "it was stopped, since it took too long"
    said = (error.message if isinstance(error, TemplateError) else "") or f"{type(error).__name__}: {error}"
    return said.replace(f"'{Shown.__module__}.{Shown.__name__} object'", "a paper")
