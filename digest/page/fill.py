"""The user's one-line texts, such as the title of issues -> text. Jinja2 loads only for what needs it."""

from __future__ import annotations

import re

_PLACEHOLDER = re.compile(r"\{\{ *(\w+) *\}\}")
# What a text may take and make.
TEXT_SECONDS = 5.0
_LONGEST = 10_000


def fill(text: str, name: str, **values: object) -> str:
    """The text with its values, `name` being its input. TemplateFailed where it cannot be rendered."""
    names = _PLACEHOLDER.findall(text)
    if "{" not in _PLACEHOLDER.sub("", text) and values.keys() >= set(names):
        return _PLACEHOLDER.sub(lambda found: str(values[found[1]]), text)
    # Most runs do without.
    from digest.template_process import rendered  # noqa: PLC0415

    return rendered(name, text, TEXT_SECONDS, _LONGEST, values)
