"""The README tells the truth: its tables, examples, links and the workflow that people copy."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest.errors import BadInputs
from digest.inputs import parse as parse_inputs
from digest.page import Page
from digest.papers import Paper, identifier
from digest.query_grammar import parse
from digest.query_meaning import same_meaning
from digest.shown import Shown
from digest.table import rows

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
# GitHub's words for an empty default.
EMPTY = {"none", "the run's branch"}


def _part(title: str) -> str:
    """The text below a heading, up to the next one."""
    return re.split(rf"^## {re.escape(title)}\n", README, flags=re.MULTILINE)[1].partition("\n## ")[0]


def _code(language: str, text: str = README) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def _table(text: str, first: str) -> list[list[str]]:
    """The rows of the table whose first column has this title."""
    body = re.split(rf"^\| {re.escape(first)} \|.*\n\|[- |]+\n", text, flags=re.MULTILINE)[1]
    lines = re.match(r"(?:\|.*\n?)*", body)
    assert lines
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[0].splitlines()]


def _declared(part: str) -> dict[str, str]:
    """Names and defaults in a part of `action.yml`, read without a YAML library: each default stands in one line."""
    block = re.split(rf"^{part}:\n", (ROOT / "action.yml").read_text("utf-8"), flags=re.MULTILINE)[1]
    block = re.split(r"^\S", block, maxsplit=1, flags=re.MULTILINE)[0]
    fields = re.split(r"^  ([a-z-]+):\n", block, flags=re.MULTILINE)[1:]
    defaults = (re.search(r"^    default: *(.*)$", field, re.MULTILINE) for field in fields[1::2])
    return {name: found[1].strip('"') if found else "" for name, found in zip(fields[::2], defaults, strict=True)}


def _inputs(keywords: str) -> dict[str, str]:
    return {
        "INPUT_KEYWORDS": keywords,
        "INPUT_TOKEN": "t",
        "GITHUB_REPOSITORY": "octo/papers",
        "GITHUB_REF": "refs/heads/main",
    }


def test_every_input_is_told_with_its_default() -> None:
    told = {name.strip("`"): default for name, default, _ in _table(_part("Inputs"), "input")}
    declared = _declared("inputs")
    assert list(told) == list(declared)
    assert told.pop("keywords") == "required"
    assert {name: "" if default in EMPTY else default.strip("`") for name, default in told.items()} == {
        name: default for name, default in declared.items() if name != "keywords"
    }


def test_every_output_is_told() -> None:
    assert [row[0].strip("`") for row in _table(_part("Outputs"), "output")] == list(_declared("outputs"))


def test_the_workflow_is_short_and_sound(tmp_path: Path) -> None:
    workflow = _code("yaml")[0]
    assert len(workflow.splitlines()) < 20
    assert "permissions: {}\n" in workflow
    assert re.search(r"^    permissions: \{ contents: write, issues: write \} #", workflow, re.MULTILINE)
    minute = re.search(r'cron: "(\d+) \d+ \* \* 1-5"', workflow)
    assert minute
    assert int(minute[1]) % 5, "a minute at which few others start"
    given = re.split(r"^        with:\n", workflow, flags=re.MULTILINE)[1]
    assert set(re.findall(r"^ {10}([a-z-]+):", given, re.MULTILINE)) <= _declared("inputs").keys()
    file = tmp_path / "papers.yml"
    file.write_text(workflow, encoding="utf-8")
    checked = subprocess.run(
        [Path(sys.executable).with_name("actionlint"), file], capture_output=True, encoding="utf-8", check=False
    )
    assert (checked.returncode, checked.stdout) == (0, "")


def test_the_workflows_keywords_are_good_inputs() -> None:
    keywords = _code("yaml")[0].partition("keywords: |\n")[2]
    config = parse_inputs(_inputs(keywords))
    assert [keyword.heading for keyword in config.keywords][1:] == ["Video Understanding", "Vision Language Model"]


def test_the_examples_of_keywords_are_good_inputs() -> None:
    example = _code("text", _part("Choose keywords"))[0]
    assert len(parse_inputs(_inputs(example)).keywords) == 3


@pytest.mark.parametrize("row", _table(_part("Choose keywords"), "to ask for"), ids=lambda row: row[0])
def test_the_examples_of_queries_are_read(row: list[str]) -> None:
    parse(row[1].strip("`"))


def test_queries_group_as_told() -> None:
    told = re.search(r"`(\S+ OR \S+ AND \S+)` means `(.*?)`", README)
    assert told
    assert same_meaning(parse(told[1]), parse(told[2]))
    assert same_meaning(parse("ti:(a OR b)"), parse("ti:a OR ti:b"))
    assert parse("submittedDate:[2025 TO 202606]") == parse("submittedDate:[202501010000 TO 202606302359]")


def test_a_mistake_is_shown_as_told() -> None:
    told = _code("text", _part("Choose keywords"))[1].rstrip("\n")
    with pytest.raises(BadInputs) as caught:
        parse_inputs(_inputs(f"A\nB\n{told.splitlines()[1]}"))
    assert str(caught.value) == told


def test_the_examples_template_renders() -> None:
    moment = datetime(2026, 3, 18, tzinfo=UTC)
    paper = Paper(identifier("2603.01234"), 2, "A | B", "", ("Ana", "Bo"), moment, moment, ("cs.CV", "cs.AI"))
    page = Page("papers.md.j2", _code("jinja")[0])
    assert page.papers(rows([paper], ("title",), "updated"), ("title",), "Heading") == (
        "1. **[A \\| B](https://arxiv.org/abs/2603.01234v2)** (2026-03-18)\n   Ana, Bo in cs.CV"
    )
    own = Page("t", '| {{ columns | map("bold") | join(" | ") }} | {{ columns | map("rule") | join }} |')
    assert own.papers(rows([paper], ("title",), "updated"), ("title",), "") == "| **Title** | --- |"


def test_every_variable_of_a_template_is_told() -> None:
    told = {name for row in _table(_part("Templates"), "variable") for name in re.findall(r"`paper\.(\w+)`", row[0])}
    assert told == {name for name in vars(Shown) if not name.startswith("_")}


def test_links_lead_somewhere() -> None:
    headings = {
        re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in re.findall(r"(?m)^##+ (.+)$", README)
    }
    for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"(?ms)^```.*?^```$|`[^`\n]*`", "", README)):
        if target.startswith("#"):
            assert target[1:] in headings
        elif "://" not in target:
            assert (ROOT / target.partition("#")[0]).is_file(), target


def test_the_picture_is_light() -> None:
    assert (ROOT / "docs/page.png").stat().st_size < 300_000
