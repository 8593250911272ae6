"""The runner's side: log lines, groups and annotations, outputs, the job summary.

https://docs.github.com/en/actions/reference/workflow-commands - strangers' text can never be a command here.
"""

from __future__ import annotations

import json
import secrets
import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.text import markdown, plain_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from digest.errors import Fault
    from digest.update import Listed

# Outputs of a job have 1 MB in all, counted in bytes of UTF-16; a summary has 1 MiB, or it is dropped.
_LONGEST_JSON = 900_000
_LONGEST_SUMMARY = 1_000_000
# The outputs of a run that ended before anything was known.
NOTHING_DONE = {
    "changed": "false",
    "papers": "0",
    "new-papers": "0",
    "new-papers-json": "[]",
    "failed-keywords": "",
    "commit-sha": "",
    "issue-url": "",
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
    # `##[` is the old form of a command, read anywhere in a line.
    text = text.replace("##[", "#\u200b#[")
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def group(title: str, lines: Iterable[str]) -> None:
    """Lines that are folded in the log, and of which none is read as a command."""
    token = secrets.token_hex(16)
    print(f"::group::{_escaped(title)}\n::stop-commands::{token}", flush=True)
    for line in lines:
        print(line, flush=True)
    print(f"::{token}::\n::endgroup::", flush=True)


@dataclass(frozen=True)
class Told:
    """One keyword's line in the summary, with what it cost at arXiv."""

    listed: Listed
    requests: int
    seconds: float


def summary(
    file: Path | None, told: Sequence[Told], done: Sequence[str], remarks: Sequence[str], diff: str = ""
) -> None:
    """Appends the job summary: a table per keyword, what was done, remarks, and as much of a dry run's diff as fits."""
    if file is None:
        return
    lines = ["## Daily Papers", "", "| Keyword | Listed | New | Older, came in | Seconds | Requests |"]
    lines.append("| --- | ---: | ---: | ---: | ---: | ---: |")
    for part in told:
        listed = part.listed
        kept = f" kept: {markdown.inline(listed.failure)}" if listed.failure else ""
        numbers = (f"{listed.count}{kept}", len(listed.new), listed.older, f"{part.seconds:.1f}", part.requests)
        lines.append(f"| {markdown.inline(listed.keyword.heading)} | {' | '.join(map(str, numbers))} |")
    lines += ["", *(f"- {sentence}" for sentence in done), *(f"- {markdown.inline(remark)}" for remark in remarks), ""]
    text = "\n".join(lines)
    if diff:
        text += f"\n{_fenced(_cut(diff, _LONGEST_SUMMARY - len(text.encode())))}\n"
    with file.open("a", encoding="utf-8", errors="replace") as stream:
        stream.write(_cut(text, _LONGEST_SUMMARY))


def _fenced(text: str) -> str:
    """As a code block whose fence is longer than any in the text."""
    fence = "`" * 3
    while fence in text:
        fence += "`"
    return f"{fence}diff\n{text}\n{fence}"


def _cut(text: str, room: int) -> str:
    encoded = text.encode("utf-8", "replace")
    if len(encoded) <= room:
        return text
    return encoded[: room - 100].decode("utf-8", "ignore").rpartition("\n")[0] + "\n[cut here: the rest is too long]"


def outputs(file: Path | None, values: dict[str, str]) -> None:
    """Appends the outputs, each between delimiters that no value can forge."""
    if file is None:
        return
    with file.open("a", encoding="utf-8", errors="replace") as stream:
        for name, value in values.items():
            delimiter = f"end_{secrets.token_hex(16)}"
            stream.write(f"{name}<<{delimiter}\n{value}\n{delimiter}\n")


def new_papers_json(lists: Sequence[Listed]) -> str:
    """The new papers as a JSON array, cut to whole papers where GitHub's limit for outputs ends."""
    keywords: dict[str, list[str]] = {}
    papers = {}
    for listed in lists:
        for paper in listed.new:
            keywords.setdefault(str(paper.id), []).append(listed.keyword.heading)
            papers[str(paper.id)] = paper
    items, room = [], _LONGEST_JSON
    for name, paper in papers.items():
        item = json.dumps(
            {
                "id": name,
                "version": paper.version,
                "title": plain_text.clean(paper.title),
                "url": paper.url,
                "authors": [plain_text.clean(author) for author in paper.authors],
                "published": paper.published.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "updated": paper.updated.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "categories": [plain_text.clean(category) for category in paper.categories],
                "keywords": keywords[name],
            },
            ensure_ascii=False,
        )
        room -= len(f"{item},".encode("utf-16-le"))
        if room < 0:
            break
        items.append(item)
    return f"[{','.join(items)}]"
