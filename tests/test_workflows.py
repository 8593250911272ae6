"""What can be said of `make runner` without an engine: act gets workflows as they are written, and is understood."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from ruamel.yaml import YAML

from digest.config import DEFAULTS
from release.act import ACT, Acted, repository, workflows
from release.engine import Engine
from tests.pages import README, ROOT, code

if TYPE_CHECKING:
    from pathlib import Path

IMAGE = "localhost/daily-papers:checked"
WORKFLOW = ".github/workflows/daily-papers.yml"
# By act 0.2.89; what no test looks at is left out.
LOG = r"""
{"level":"info","msg":"Using docker host 'unix:///var/run/docker.sock', and daemon socket 'unix:///var/run/docker.sock'"}
{"level":"info","msg":"⭐ Run Main OWNER/daily-papers@v1","stage":"Main","step":"OWNER/daily-papers@v1","stepID":["0"]}
{"arg":"It has no markers yet.","command":"notice","msg":"  ❓  ::notice::It has no markers yet.\n","stepID":["0"]}
{"level":"info","msg":"Video Understanding: 20 listed, 16 new\n","raw_output":true,"stepID":["0"]}
{"arg":"README.md","command":"set-output","level":"info","name":"files-changed","stage":"Main","stepID":["0"]}
{"arg":"31","command":"set-output","msg":"  ⚙  ::set-output:: papers=31","name":"papers","stepID":["0"]}
{"command":"summary","content":"## Daily Papers\n","stepID":["0"]}
{"arg":"A branch.","command":"warning","msg":"  🚧  ::warning::A branch.\n","stepID":["1"]}
{"arg":"","command":"set-output","msg":"  ⚙  ::set-output:: commit-sha=","name":"commit-sha","stepID":["1"]}
Error: Job 'papers' failed
"""


def test_says_so_where_no_engine_is_here(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "release.workflows"]
    asked = subprocess.run(
        command, cwd=ROOT, env={"PATH": str(tmp_path)}, capture_output=True, encoding="utf-8", check=False
    )
    assert asked.returncode == 1
    assert asked.stdout.startswith("Neither Docker nor Podman answers here: nothing was built or run.")


def test_act_is_here() -> None:
    asked = subprocess.run([ACT, "--version"], capture_output=True, encoding="utf-8", check=True)
    assert asked.stdout.startswith("act version ")


def test_every_workflow_that_people_copy_is_run() -> None:
    examples = {path.stem: path.read_text("utf-8") for path in (ROOT / "examples").glob("*.yml")}
    assert workflows() == examples | {"README": code("yaml", README)[0]}


@pytest.mark.parametrize("name", workflows())
def test_it_is_run_as_it_is_written_on_the_stand_ins(name: str) -> None:
    text = workflows()[name]
    with repository(text, Engine("docker", ""), IMAGE) as place:
        written = (place.clone / WORKFLOW).read_text("utf-8")
        action = YAML(typ="safe").load((place.folder / "action/action.yml").read_text("utf-8"))
        given = {key: one["default"] for key, one in action["inputs"].items() if "default" in one}

        assert re.sub(r"https://arxiv-proxy\.example\.com\S+", place.arxiv.url, text) == written
        (job,) = YAML(typ="safe").load(text)["jobs"].values()
        assert place.github.permissions == job["permissions"]
        assert place.event == ("workflow_dispatch" if name == "manual" else "schedule")
        assert action["runs"]["image"] == f"docker://{IMAGE}"
        changed = {key: value for key, value in given.items() if DEFAULTS[key] != value and key != "token"}
        assert changed == {
            "arxiv-api-url": place.arxiv.url,
            "arxiv-oai-url": place.arxiv.oai_url,
            "arxiv-interval": "0",
        }


def test_what_act_tells_is_understood() -> None:
    acted = Acted(1, LOG)

    assert acted.outputs == [{"files-changed": "README.md", "papers": "31"}, {"commit-sha": ""}]
    assert [line["arg"] for line in acted.commands("warning", "error")] == ["A branch."]
    assert acted.summary == "## Daily Papers\n"
