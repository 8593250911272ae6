"""Every example works as it stands: a sound workflow, whose steps do what they say with just their inputs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML

from sandbox.arxiv.stand_in import ArxivStandIn
from sandbox.github.stand_in import GithubStandIn
from tests.conftest import Action
from tests.factories import shown
from tests.in_process import run_here

if TYPE_CHECKING:
    from sandbox.recorded import Day

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*.yml"))
# Papers go by this day's lists; `arxiv-api-url` and the pace are the stand-in's.
QUICK = {"arxiv-interval": "0", "retry-minutes": "0.05"}


def read(file: Path) -> Any:
    return YAML(typ="safe").load(file.read_text("utf-8"))


def steps(workflow: Any) -> list[dict[str, str]]:
    """What each of the action's steps is given, with the form's defaults filled in as GitHub fills them in."""
    form = ((workflow.get("on") or {}).get("workflow_dispatch") or {}).get("inputs") or {}

    def filled(value: object) -> str:
        return re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda found: text(form[found[1]]["default"]), text(value))

    return [
        {name: filled(value) for name, value in step["with"].items()}
        for job in workflow["jobs"].values()
        for step in job["steps"]
        if "/daily-papers@" in step["uses"]
    ]


def permissions(workflow: Any) -> dict[str, str]:
    """Those of the only job."""
    (job,) = workflow["jobs"].values()
    granted: dict[str, str] = job["permissions"]
    return granted


def text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def headings(keywords: str) -> list[str]:
    lines = (line.strip() for line in keywords.splitlines())
    return [line.partition(": ")[0] for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_each_step_lists_papers_under_its_headings(file: Path, recorded: list[Day], tmp_path: Path) -> None:
    files = {"README.md": b"# Ours\n"} | {
        f".github/{template.name}": template.read_bytes() for template in (ROOT / "examples").glob("*.j2")
    }
    prefix = "/api/v3" if file.stem == "enterprise" else ""
    with (
        ArxivStandIn(recorded[-1]) as arxiv,
        GithubStandIn(tmp_path / "repository.git", files, prefix=prefix) as github,
    ):
        github.permissions = permissions(read(file))
        for given in steps(read(file)):
            branch = given.get("pull-request-branch") if given.get("pull-request") == "true" else None
            github.protected = {"main"} if branch else set()
            stand_in = {"token": github.token, "arxiv-api-url": arxiv.url} | QUICK
            action = Action(arxiv, github, tmp_path, given | stand_in)
            run = run_here(action)
            page = (github.read(given.get("readme", "README.md"), branch) or b"").decode()
            page = shown(page) if given.get("dry-run") != "true" else run.log

            assert run.code == 0, run.log
            assert not run.annotations("warning") + run.annotations("error"), run.log
            assert int(run.outputs["papers"]) > len(headings(given["keywords"]))
            marks = "#" * int(given.get("heading-level", "2"))
            for heading in headings(given["keywords"]):
                assert re.search(rf"^\+?{marks} {re.escape(heading)}$", page, re.MULTILINE), heading
            assert "No papers yet." not in page
            notify = given.get("notify", "issue")
            assert bool(run.outputs["issue-url"]) == (notify != "none")
            assert bool(run.outputs["comment-url"]) == (notify == "comment")
            named = re.sub(r"\{\{ \w+ \}\}", "", given.get("files", "")).split()
            assert len(run.outputs["files-changed"].splitlines()) > len(named)
            assert bool(run.outputs["pull-request-url"]) == bool(branch)


def test_the_workflows_are_sound() -> None:
    actionlint = Path(sys.executable).with_name("actionlint")
    checked = subprocess.run([actionlint, *EXAMPLES], capture_output=True, encoding="utf-8", check=False)
    assert (checked.returncode, checked.stdout) == (0, "")


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_the_workflows_ask_for_no_more_than_they_need(file: Path) -> None:
    workflow = read(file)
    assert workflow["permissions"] == {}
    proposes = any(given.get("pull-request") == "true" for given in steps(workflow))
    needed = {"contents", "issues", *(["pull-requests"] if proposes else [])}
    assert permissions(workflow) == dict.fromkeys(needed, "write")
    assert workflow["concurrency"]["cancel-in-progress"] is False
    for schedule in workflow["on"].get("schedule", ()):
        assert int(schedule["cron"].split()[0]) % 5, "a minute at which few others start"


def test_every_example_is_in_the_list() -> None:
    told = re.findall(r"^\| \[(.*?)\]\(\1\) \|", (ROOT / "examples/README.md").read_text("utf-8"), re.MULTILINE)
    assert sorted(told) == [file.name for file in EXAMPLES]
