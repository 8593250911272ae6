"""Jinja2 texts -> text: in a sandbox, within limits of time and memory, and with errors that name the text's line.

What a template puts out is made safe for Markdown unless it is safe already, so that a naive template is safe.
"""

from __future__ import annotations

import json
import resource
from collections.abc import Generator, Sized
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
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

from digest.deadline import TooLong, deadline
from digest.errors import TemplateFailed
from digest.page.template_view import TemplatePaper, Text, safe, strangers_text
from digest.text import markdown
from digest.text.plain_text import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jinja2 import Template
    from jinja2.runtime import Context

# Seconds for a short text.
TEXT_SECONDS = 5.0
_MEMORY = 1 << 30
_LONGEST_RESULT = 1_000_000
_MEMORY_USED = Path("/proc/self/statm")


def rendered_text(text: str, name: str, **values: object) -> str:
    """One of the user's one-line texts, `name` being its input. TemplateFailed where it cannot be rendered."""
    with _failing_as(name), deadline(TEXT_SECONDS), _little_memory():
        return _Sandbox(undefined=StrictUndefined, autoescape=False).from_string(text).render(values)


def compiled(name: str, text: str) -> Template:
    """The repository's own template of that name. TemplateFailed where it is broken."""
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
    with _failing_as(name):
        return environment.from_string(text)


def rendered(template: Template, name: str, seconds: float, **values: object) -> str:
    """What the repository's own template makes of the values. TemplateFailed where it fails."""
    with _failing_as(name), deadline(max(seconds, 0.01)), _little_memory():
        return template.render(values)


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
        return strangers_text(super().call(context, called, *arguments, **named), getattr(called, "__self__", None))


def _size(value: Any) -> int:
    return len(value) if isinstance(value, Sized) else int(value)


def _strangers(filter_: Callable[..., Any]) -> Callable[..., Any]:
    """The filter, whose results are no more to be trusted than what it was given."""

    @wraps(filter_)
    def strangers(*arguments: Any, **named: Any) -> Any:
        return strangers_text(filter_(*arguments, **named), next((a for a in arguments if isinstance(a, str)), None))

    return strangers


@pass_context  # without one, and with `optimized`, what is constant would be computed by the compiler, without limits
def _finalize(context: Context, value: object) -> Markup:
    """Whatever a template puts out is made safe, unless it is safe already; a list stands with commas between."""
    if isinstance(value, Markup):
        return value
    if isinstance(value, (list, tuple, Generator)):
        return Markup(", ").join(_finalize(context, part) for part in value)
    return safe((value if isinstance(value, Text) else Text(clean(str(value)))).__html__())


@contextmanager
def _failing_as(name: str) -> Iterator[None]:
    """TemplateFailed where what is done with the text of that name fails."""
    try:
        yield
    except Exception as error:  # a template can raise whatever its expressions do
        raise _failed(name, error) from error


@contextmanager
def _little_memory() -> Iterator[None]:
    """MemoryError where much more is taken than now: a few doublings fill any machine. Linux only."""
    if not _MEMORY_USED.exists():
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    used = int(_MEMORY_USED.read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + _MEMORY if hard < 0 else min(used + _MEMORY, hard), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


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
    if isinstance(error, MemoryError):
        return "it was stopped, since it took too much memory"
    if isinstance(error, (RecursionError, SyntaxError)):
        return "it goes too deep"
    if isinstance(error, TemplateNotFound):
        return f"there is no {error.name}: a template stands alone"
    said = (error.message if isinstance(error, TemplateError) else "") or f"{type(error).__name__}: {error}"
    return said.replace(f"'{TemplatePaper.__module__}.{TemplatePaper.__name__} object'", "a paper")
