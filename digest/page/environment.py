"""Jinja2 texts, compiled: in a sandbox, and with errors that name the text's line.

What a template puts out is made safe for Markdown unless it is safe already, so that a naive template is safe. How long
it takes and how much memory is not limited here, but by the process that loads this, `digest.page.template_program`.
"""

from __future__ import annotations

import json
from collections.abc import Generator
from functools import cache, wraps
from traceback import walk_tb
from typing import TYPE_CHECKING, Any

from jinja2 import (
    DictLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    pass_context,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from digest.page.template_view import TemplatePaper, Text, safe, strangers_text
from digest.text import markdown
from digest.text.plain_text import clean

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2 import Template
    from jinja2.runtime import Context


# A sentence of Jinja2's can hold whatever the template made.
_LONGEST_SENTENCE = 500


@cache
def compiled_line(text: str) -> Template:
    """One of the user's one-line texts. What Jinja2 raises where it is broken."""
    return _Sandbox(autoescape=False, finalize=_unchanged, optimized=False, undefined=StrictUndefined).from_string(text)


@cache
def compiled(text: str) -> Template:
    """The repository's own template. What Jinja2 raises where it is broken."""
    environment = _Sandbox(
        loader=DictLoader({}),
        autoescape=True,
        finalize=_finalize,
        optimized=False,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    # Jinja2's own make markup that is safe in HTML only.
    environment.filters |= dict.fromkeys(("safe", "e", "escape", "forceescape"), _finalize)
    environment.filters |= {"tojson": json.dumps, "urlize": lambda text: text, "striptags": lambda text: text}
    environment.filters = {name: _strangers(filter_) for name, filter_ in environment.filters.items()}
    environment.filters["bold"] = lambda column: safe(f"**{markdown.inline(column.title())}**")
    environment.filters["rule"] = lambda _: Markup("---")
    return environment.from_string(text)


class _Sandbox(ImmutableSandboxedEnvironment):
    """What a text's method makes is a stranger's text again."""

    def call(self, context: Context, called: Any, *arguments: Any, **named: Any) -> Any:
        return strangers_text(super().call(context, called, *arguments, **named), getattr(called, "__self__", None))


def _strangers(filter_: Callable[..., Any]) -> Callable[..., Any]:
    """The filter, whose results are no more to be trusted than what it was given."""

    @wraps(filter_)
    def strangers(*arguments: Any, **named: Any) -> Any:
        return strangers_text(filter_(*arguments, **named), next((a for a in arguments if isinstance(a, str)), None))

    return strangers


# Without a context, and with `optimized`, the compiler would compute what is constant: without a line to name, and
# escaped for HTML.
@pass_context
def _unchanged(_: Context, value: object) -> object:
    return value


@pass_context
def _finalize(context: Context, value: object) -> Markup:
    """Whatever a template puts out is made safe, unless it is safe already; a list stands with commas between."""
    if isinstance(value, Markup):
        return value
    if isinstance(value, (list, tuple, Generator)):
        return Markup(", ").join(_finalize(context, part) for part in value)
    return safe((value if isinstance(value, Text) else Text(clean(str(value)))).__html__())


def failure(name: str, error: Exception) -> str:
    """The sentence for an error of the text of that name, with the line in which it came about."""
    lines = [line for frame, line in walk_tb(error.__traceback__) if frame.f_code.co_filename == "<template>"]
    if isinstance(error, TemplateSyntaxError):
        lines.append(error.lineno)
    said = _said(error)
    return f"{name}, line {lines[-1]}: {said}" if lines else f"{name}: {said}"


def _said(error: Exception) -> str:
    if isinstance(error, MemoryError):
        return "it was stopped, since it took too much memory"
    if isinstance(error, (RecursionError, SyntaxError)):
        return "it goes too deep"
    if isinstance(error, TemplateNotFound):
        return f"there is no {error.name}: a template stands alone"
    said = (error.message if isinstance(error, TemplateError) else "") or f"{type(error).__name__}: {error}"
    return said[:_LONGEST_SENTENCE].replace(f"'{TemplatePaper.__module__}.{TemplatePaper.__name__} object'", "a paper")
