"""What the demo prints: a run's log as the runner shows it, an issue as its reader sees it. Pure but for the width."""

from __future__ import annotations

import re
import shutil
import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_COMMAND = re.compile(r"::(?P<name>[a-z-]+)(?: title=(?P<title>[^:]*))?::(?P<text>.*)")
_ANNOTATIONS = {"notice": "Notice", "warning": "Warning", "error": "Error"}


def rule(title: str) -> str:
    """A heading over the width of the text."""
    return f"━━ {title} ".ljust(_width(), "━")


def indented(text: str, by: str = "    ") -> str:
    return "\n".join(by + line if line else "" for line in text.strip("\n").split("\n"))


def issue(text: str) -> str:
    """An issue's text: links as their words, what is folded as its summary, lines within the terminal."""
    seen = re.sub(r"\n*<!--.*?-->", "", text, flags=re.DOTALL)
    seen = re.sub(r"\*?\*?\[(.*?)\]\(\S+?\)\*?\*?", r"\1", seen)
    seen = re.sub(r"<details><summary>(.*?)</summary>.*?</details>", r"▸ \1", seen)
    seen = seen.replace("&nbsp;", "")
    room = _width() - 4
    lines = (line for line in seen.split("\n") if not line.startswith("| ---"))
    return "\n".join(_cut(line, room) if line.startswith("|") else textwrap.fill(line, room) for line in lines)


def _cut(line: str, room: int) -> str:
    return line if len(line) <= room else line[: room - 1] + "…"


def log(text: str) -> str:
    """The log as the runner shows it: commands carried out, not printed, every line within the terminal."""
    lines = (line for part in _shown(text) for line in part.split("\n"))
    return "\n".join(textwrap.fill(line, _width() - 4, break_on_hyphens=False) for line in lines)


def _shown(text: str) -> Iterator[str]:
    token = None
    for line in text.splitlines():
        command = None if token else _COMMAND.fullmatch(line)
        if token and line == f"::{token}::":
            token = None
        elif command is None:
            yield line
        elif command["name"] == "stop-commands":
            token = command["text"]
        elif command["name"] == "group":
            yield f"▾ {_plain(command['text'])}"
        elif command["name"] in _ANNOTATIONS:
            title = f"{_plain(command['title'])}: " if command["title"] else ""
            yield f"{_ANNOTATIONS[command['name']]}: {title}{_plain(command['text'])}"


def _plain(text: str) -> str:
    for escape, character in (("%0A", "\n"), ("%0D", "\r"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(escape, character)
    return text


def _width() -> int:
    return max(60, min(shutil.get_terminal_size((110, 24)).columns, 140))
