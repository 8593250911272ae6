"""Every message of the action stands in docs/troubleshooting.md with its cause and cure, and no other."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/troubleshooting.md").read_text("utf-8")
# Modules that say nothing to anybody: patterns, tables, and the text of pages and issues.
SILENT = {
    "announcement",
    "html_page",
    "identifier_set",
    "issue_body",
    "standing",
    "cells",
    "calendar",
    "markdown",
    "memory",
    "papers",
    "autolinks",
    "tex",
    "tex_source",
    "tex_tables",
    "tex_letters",
    "stems",
    "words",
    "category_names",
}
# A text that may be part of a sentence: two words in a row, or a word beside what is filled in.
WORDS = re.compile(r"[a-z]{2,}[,:;.]? [a-z]{2,}|… [a-z]{4,}|[a-z]{4,} …")
# What looks like a message and is none.
OTHERS = (
    r"title, date, abstract, comment|pdf, html|Update papers.*|Daily papers .*",  # values
    r"any of|all of|(contents|issues|pull-requests): \w+",  # more of them
    r"rule violation|pull request|status check|review is required|verified signature|push restrictions",  # GitHub's
    r"protected (branch|ref)|object does not exist|reference (cannot be updated|update failed)",  # and more
    r"(reference )?already exists|not permitted to create|no common ancestor",  # more of them
    r"merge queue|not authorized to push|being restricted|locked branch|branch is locked|rate limit",  # more
    r"commenting is disabled",  # and more
    r"commit message|file (path|extension|size)|path length|(author|committer) email|repository is empty",  # more
    r"not accessible|reference does not exist|fast forward|'….… object'",  # more of them, and Jinja2's
    r"No papers yet\.|<!-- .*|\^?Last update: .*|\| Keyword \| .*|Input …",  # the page, the summary
    r"the file|the (job summary|outputs)|… kept: …|Remember that .*",  # more of it, and a commit
    r"(acc-ph|dis-nn) .*|import sys; .*",  # arXiv's categories, a program
    r"The daily papers of .*|…, pull-requests: write",  # a pull request; a part of a row
    r"unreachable: .*|no answer of GitHub's",  # never shown
)


def _texts(module: Path) -> Iterator[str]:
    """Each text in a module but its docstrings, with … for what is filled in."""
    nodes = list(ast.walk(ast.parse(module.read_text("utf-8"))))
    docstrings = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    parts = {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in nodes:
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings | parts:
            yield node.value


def _pieces(text: str) -> list[str]:
    return [piece.strip() for piece in text.split("…") if piece.strip()]


# So do those that write files.
MODULES = [
    module
    for module in sorted((ROOT / "digest").rglob("*.py"))
    if module.stem not in SILENT
    and (module.parent.name not in ("export", "columns") or module.stem in ("files", "clashes"))
]
TEXTS = {text.replace("`", "").strip() for module in MODULES for text in _texts(module)}
MESSAGES = {text for text in TEXTS if WORDS.search(text) and not re.fullmatch("|".join(OTHERS), text, re.DOTALL)}
ROWS = [
    re.split(r"(?<!\\) \| ", row.strip("| "))
    for table in re.findall(r"^\| message \|.*\n\|[- |]+\n((?:\|.*\n)*)", PAGE, re.MULTILINE)
    for row in table.splitlines()
]
TOLD = [message for row in ROWS for message in re.findall(r"`([^`]+)`", row[0])]


def test_every_message_is_told() -> None:
    patterns = {message: ".*".join(map(re.escape, _pieces(message))) for message in MESSAGES}
    assert len(MESSAGES) > 100
    assert [message for message, fixed in patterns.items() if not any(re.search(fixed, told) for told in TOLD)] == []


def test_no_message_is_told_that_the_action_does_not_have() -> None:
    fixed = sorted({piece for text in TEXTS for piece in _pieces(text) if re.search(r"[A-Za-z]{3}", piece)}, key=len)
    known = re.compile("|".join(map(re.escape, reversed(fixed))))
    assert [message for message in TOLD if re.search(r"[A-Za-z]{3}", known.sub("…", message))] == []


def test_every_message_is_told_with_its_cause_and_its_cure() -> None:
    assert [row for row in ROWS if len(row) != 3 or not all(row)] == []
