"""What the pages for people tell: their parts, code and tables, read as a reader would."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
DOCS = {page.stem: page.read_text("utf-8") for page in sorted((ROOT / "docs").glob("*.md"))}


def part(page: str, title: str) -> str:
    """The text below a heading, up to the next one."""
    return re.split(rf"^## {re.escape(title)}\n", page, flags=re.MULTILINE)[1].partition("\n## ")[0]


def code(language: str, page: str) -> list[str]:
    """The code blocks in one language, without the indentation of the list that they stand in."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^\1```$", page, flags=re.MULTILINE | re.DOTALL)
    return [re.sub(rf"^{indent}", "", text, flags=re.MULTILINE) for indent, text in found]


def table(page: str, first: str) -> list[list[str]]:
    """The rows of the table whose first column has this title."""
    body = re.split(rf"^\| {re.escape(first)} \|.*\n\|[- |]+\n", page, flags=re.MULTILINE)[1]
    lines = re.match(r"(?:\|.*\n?)*", body)
    assert lines
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[0].splitlines()]


def declared(kind: str) -> dict[str, str]:
    """Names and defaults in a part of `action.yml`, read without a YAML library: each default stands in one line."""
    block = re.split(rf"^{kind}:\n", (ROOT / "action.yml").read_text("utf-8"), flags=re.MULTILINE)[1]
    block = re.split(r"^\S", block, maxsplit=1, flags=re.MULTILINE)[0]
    fields = re.split(r"^  ([a-z-]+):\n", block, flags=re.MULTILINE)[1:]
    defaults = (re.search(r"^    default: *(.*)$", field, re.MULTILINE) for field in fields[1::2])
    return {name: found[1].strip('"') if found else "" for name, found in zip(fields[::2], defaults, strict=True)}


def inputs(keywords: str, **given: str) -> dict[str, str]:
    """The environment of a run with these inputs."""
    return {
        "INPUT_KEYWORDS": keywords,
        "INPUT_TOKEN": "t",
        "GITHUB_REPOSITORY": "octo/papers",
        "GITHUB_REF": "refs/heads/main",
        **{f"INPUT_{name.upper()}": text for name, text in given.items()},
    }
