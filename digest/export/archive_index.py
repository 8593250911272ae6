"""The paths of an archive in Markdown -> a file that leads to all of them, newest first. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from digest.export.file_names import folder_of, period_name, period_of, places
from digest.export.mark import MARKDOWN_MARK
from digest.text import markdown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def write(pattern: str, paths: Iterable[str], headings: Sequence[str] = ()) -> bytes:
    """The index of those of the paths to which the pattern leads: a line a year, a list a heading where it has one."""
    known = list(paths)
    parts = [f"{MARKDOWN_MARK}\n\n# Archive"]
    for heading in headings if "heading" in places(pattern) else [""]:
        if heading:
            parts.append(f"## {markdown.heading(heading)}")
        parts.append("\n".join(_lines(pattern, known, heading)))
    return ("\n\n".join(filter(None, parts)) + "\n").encode()


def _lines(pattern: str, paths: Iterable[str], heading: str) -> list[str]:
    found = ((period_of(pattern, path, heading), path) for path in paths)
    files = sorted(((*period, path) for period, path in found if period), key=lambda one: (one[0], -one[1]))
    years: dict[int, list[str]] = {}
    for month, part, path in reversed(files):
        name = period_name(pattern, month) + (f", part {part}" if part > 1 else "")
        link = quote(path.removeprefix(folder_of(pattern)).lstrip("/"))
        years.setdefault(month.year, []).append(f"[{name}]({link})")
    return [f"- {' · '.join(links)}" for links in years.values()]
