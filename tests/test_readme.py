"""The README tells the truth: its tables, examples, links and the workflow that people copy."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from digest.inputs import parse as parse_inputs
from tests.pages import README, ROOT, code, declared, inputs, part, table

# GitHub's words for an empty default.
EMPTY = {"none", "the run's branch"}


def test_every_input_is_told_with_its_default() -> None:
    told = {name.strip("`"): default for name, default, _ in table(part(README, "Inputs"), "input")}
    known = declared("inputs")
    assert list(told) == list(known)
    assert told.pop("keywords") == "required"
    assert {name: "" if default in EMPTY else default.strip("`") for name, default in told.items()} == {
        name: default for name, default in known.items() if name != "keywords"
    }


def test_every_output_is_told() -> None:
    assert [row[0].strip("`") for row in table(part(README, "Outputs"), "output")] == list(declared("outputs"))


def test_the_workflow_is_short_and_sound(tmp_path: Path) -> None:
    workflow = code("yaml", README)[0]
    assert len(workflow.splitlines()) < 20
    assert "permissions: {}\n" in workflow
    assert re.search(r"^    permissions: \{ contents: write, issues: write \} #", workflow, re.MULTILINE)
    minute = re.search(r'cron: "(\d+) \d+ \* \* 1-5"', workflow)
    assert minute
    assert int(minute[1]) % 5, "a minute at which few others start"
    given = re.split(r"^        with:\n", workflow, flags=re.MULTILINE)[1]
    assert set(re.findall(r"^ {10}([a-z-]+):", given, re.MULTILINE)) <= declared("inputs").keys()
    file = tmp_path / "papers.yml"
    file.write_text(workflow, encoding="utf-8")
    checked = subprocess.run(
        [Path(sys.executable).with_name("actionlint"), file], capture_output=True, encoding="utf-8", check=False
    )
    assert (checked.returncode, checked.stdout) == (0, "")


def test_the_workflows_keywords_are_good_inputs() -> None:
    keywords = code("yaml", README)[0].partition("keywords: |\n")[2]
    config = parse_inputs(inputs(keywords))
    assert [keyword.heading for keyword in config.keywords][1:] == ["Video Understanding", "Vision Language Model"]


def test_what_sells_it_fits_on_a_screen_or_two() -> None:
    before_the_reference = README.partition("\n## ")[0]
    assert len(before_the_reference.splitlines()) < 70


def test_every_page_can_be_found_from_here() -> None:
    pages = {f"docs/{page.name}" for page in (ROOT / "docs").glob("*.md")} - {"docs/releasing.md"}
    assert pages | {"examples/README.md"} <= set(re.findall(r"\]\(([^)#\s]+)", README))


def test_the_pictures_are_there_and_light_and_no_others_are_kept() -> None:
    shown = set(re.findall(r"docs/[\w-]+\.png", README))
    kept = {f"docs/{picture.name}": picture.stat().st_size for picture in (ROOT / "docs").glob("*.png")}
    assert shown == kept.keys()
    assert max(kept.values()) < 100_000
