"""The runner's side: log lines, groups and annotations, outputs, the job summary.

https://docs.github.com/en/actions/reference/workflow-commands - strangers' text can never be a command here.
"""

from __future__ import annotations

import re
import secrets
import traceback
from typing import TYPE_CHECKING

from digest.text import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from digest.errors import Fault

# A summary has 1 MiB, or it is dropped.
_LONGEST_SUMMARY = 1_000_000
_SPARE = 100
# The outputs of a run that ended before anything was known.
NOTHING_DONE = {
    "changed": "false",
    "papers": "0",
    "new-papers": "0",
    "new-papers-json": "[]",
    "news-markdown": "",
    "failed-keywords": "",
    "harvested-keywords": "",
    "files-changed": "",
    "commit-sha": "",
    "issue-url": "",
    "comment-url": "",
    "pull-request-url": "",
    "pull-request-number": "",
    "pull-request-operation": "none",
}


def say(text: str) -> None:
    """A line in the log."""
    print(plain_text.log_line(text), flush=True)


def notice(text: str) -> None:
    _annotate("notice", text)


def warning(text: str) -> None:
    _annotate("warning", text)


def error(text: str, title: str = "") -> None:
    _annotate("error", text, title)


def faults(found: Iterable[Fault]) -> None:
    """An annotation an input, its faults joined: GitHub shows only ten a step."""
    by_input: dict[str, list[str]] = {}
    for fault in found:
        by_input.setdefault(fault.input, []).append(str(fault))
    for name, sentences in by_input.items():
        error("\n".join(sentences), title=f"Input {name}")


def own_fault(fault: Exception) -> None:
    """What nobody foresaw, folded in the log, and where to report it."""
    lines = "".join(traceback.format_exception(fault)).splitlines()
    group("Traceback", lines)
    error(
        f"The action itself has a fault ({type(fault).__name__}). Please report it with this log at "
        "https://github.com/OWNER/daily-papers/issues. Running it again is safe."
    )


def _annotate(kind: str, text: str, title: str = "") -> None:
    properties = f" title={_escaped(title).replace(':', '%3A').replace(',', '%2C')}" if title else ""
    print(f"::{kind}{properties}::{_escaped(text)}", flush=True)


def _escaped(text: str) -> str:
    return plain_text.without_commands(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def group(title: str, lines: Iterable[str]) -> None:
    """Lines that are folded in the log, and of which none is read as a command."""
    token = secrets.token_hex(16)
    print(f"::group::{_escaped(title)}\n::stop-commands::{token}", flush=True)
    for line in lines:
        print(line, flush=True)
    print(f"::{token}::\n::endgroup::", flush=True)


def summary(file: Path | None, text: str, diff: str = "") -> None:
    """Appends Markdown to the job summary, and as much of a diff as fits."""
    if diff:
        text += f"\n{_fenced(_cut(diff, _LONGEST_SUMMARY - len(text.encode('utf-8', 'replace'))))}\n"
    _append(file, _cut(text, _LONGEST_SUMMARY), "the job summary")


def outputs(file: Path | None, values: Mapping[str, str]) -> None:
    """Appends the outputs, each between delimiters that no value can forge."""
    delimiters = {name: f"end_{secrets.token_hex(16)}" for name in values}
    parts = (f"{name}<<{delimiters[name]}\n{value}\n{delimiters[name]}\n" for name, value in values.items())
    _append(file, "".join(parts), "the outputs")


def _append(file: Path | None, text: str, what: str) -> None:
    if file is None:
        return
    try:
        with file.open("a", encoding="utf-8", errors="replace") as stream:
            stream.write(text)
    except OSError as fault:
        warning(f"The runner's file for {what} cannot be written ({fault.strerror}); the work itself is done.")


def _fenced(text: str) -> str:
    """As a code block whose fence is longer than any in the text."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}diff\n{text}\n{fence}"


def _cut(text: str, room: int) -> str:
    encoded = text.encode("utf-8", "replace")
    if len(encoded) <= room:
        return text
    return encoded[: room - _SPARE].decode("utf-8", "ignore").rpartition("\n")[0] + "\n[cut here: the rest is too long]"
