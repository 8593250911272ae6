"""Workflows under act, a runner that nobody here wrote: https://nektosact.com

In goes a workflow as people copy it, out comes what act saw of it. The stand-ins on this machine take the places of
arXiv and GitHub: act is told GitHub's address, and arXiv's is the default in the copy of action.yml that it is given,
which names the image as a release's does. So the workflow is run as it is written, to the byte.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from digest.config import DEFAULTS
from release.pinned import ACTION, BUILT
from release.version import Refused
from sandbox.arxiv.stand_in import ArxivStandIn
from sandbox.github.stand_in import GithubStandIn
from sandbox.recorded import days

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from release.engine import Engine

ROOT = Path(__file__).parents[1]
ACT = Path(sys.executable).with_name("act")
USES = "OWNER/daily-papers@v1"
_WORKFLOW = ".github/workflows/daily-papers.yml"
# A workflow that names another address than arXiv's own.
_OTHER_ADDRESS = re.compile(r"(?m)^( +arxiv-api-url: ).+$")


@dataclass(frozen=True)
class Acted:
    """What act told of a job.

    code: its exit code
    log: all of it, as JSON, a line a message
    """

    code: int
    log: str

    @cached_property
    def told(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.splitlines() if line.startswith("{")]

    def commands(self, *names: str) -> list[dict[str, Any]]:
        """What the steps asked of the runner: annotations, outputs, the summary."""
        return [line for line in self.told if line.get("command") in names]

    @property
    def outputs(self) -> list[Mapping[str, str]]:
        """A step's, in the order of the steps."""
        steps: dict[str, dict[str, str]] = {}
        for line in self.commands("set-output"):
            steps.setdefault(str(line["stepID"]), {})[line["name"]] = line["arg"]
        return list(steps.values())

    @property
    def summary(self) -> str:
        return "".join(line["content"] for line in self.commands("summary"))


@dataclass(frozen=True)
class Repository:
    """A repository on the stand-in that holds a workflow, and a clone of it, where act runs.

    event: for which the workflow is started
    """

    arxiv: ArxivStandIn
    github: GithubStandIn
    folder: Path
    engine: Engine
    image: str
    event: str

    @property
    def clone(self) -> Path:
        return self.folder / "clone"

    def start(self) -> subprocess.Popen[str]:
        flags = {
            "--directory": str(self.clone),
            "--workflows": _WORKFLOW,
            "--local-repository": f"{USES}={self.folder / 'action'}",
            "--secret": f"GITHUB_TOKEN={self.github.token}",
        }
        # Only shells and Node.js would need more of the job's own container than that it stays.
        platforms = [f"--platform={label}={self.image}" for label in ("ubuntu-latest", "self-hosted")]
        variables = {
            "GITHUB_API_URL": self.github.url,
            "GITHUB_REPOSITORY": self.github.repository,
            "GITHUB_REPOSITORY_ID": "7",
        }
        return subprocess.Popen(
            [str(ACT), self.event, "--json", "--bind", "--pull=false", "--no-cache-server", "--network=host"]
            + [*(f"{name}={value}" for name, value in flags.items()), *platforms]
            + [f"--env={name}={value}" for name, value in variables.items()],
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(self.folder),  # somebody's own settings change nothing
                "DOCKER_HOST": self.engine.address,
                "ACT_DISABLE_VERSION_CHECK": "1",
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )

    def run(self) -> Acted:
        process = self.start()
        log, _ = process.communicate(timeout=300)
        return Acted(process.returncode, log)

    def files(self) -> dict[str, bytes]:
        """All that the clone holds."""
        return {str(path): path.read_bytes() for path in self.clone.rglob("*") if path.is_file()}


def workflows() -> dict[str, str]:
    """By name: the README's, and every example."""
    readme = (ROOT / "README.md").read_text("utf-8")
    examples = {path.stem: path.read_text("utf-8") for path in sorted((ROOT / "examples").glob("*.yml"))}
    return {"README": readme.partition("```yaml\n")[2].partition("```")[0], **examples}


@contextmanager
def repository(workflow: str, engine: Engine, image: str, prefix: str = "") -> Iterator[Repository]:
    """`prefix`: of GitHub's API, as on Enterprise Server."""
    with tempfile.TemporaryDirectory() as scratch, ArxivStandIn(days()[-1]) as arxiv:
        folder = Path(scratch)
        (folder / "action").mkdir()
        (folder / "action" / ACTION).write_text(_action(arxiv, image), "utf-8")
        files = {
            "README.md": b"# Ours\n",
            _WORKFLOW: _OTHER_ADDRESS.sub(rf"\g<1>{arxiv.url}", workflow).encode(),
            ".github/papers.md.j2": (ROOT / "examples/papers.md.j2").read_bytes(),
        }
        with GithubStandIn(folder / "repository.git", files, prefix=prefix) as github:
            github.permissions = permissions(workflow)
            made = Repository(arxiv, github, folder, engine, image, _event(workflow))
            subprocess.run(["git", "clone", "--quiet", str(folder / "repository.git"), str(made.clone)], check=True)
            yield made


def permissions(workflow: str) -> dict[str, str]:
    """What its job grants to the token."""
    return dict(re.findall(r"([\w-]+): (\w+)", re.findall(r"(?m)^    permissions: \{(.*?)\}", workflow)[0]))


def _event(workflow: str) -> str:
    return "schedule" if re.search(r"(?m)^  schedule:", workflow) else "workflow_dispatch"


def _action(arxiv: ArxivStandIn, image: str) -> str:
    """action.yml with the image by name, and the stand-in's address and pace as defaults."""
    text = (ROOT / ACTION).read_text("utf-8")
    defaults = {"arxiv-api-url": arxiv.url, "arxiv-oai-url": arxiv.oai_url, "arxiv-interval": '"0"'}
    for name, value in defaults.items():
        text = _replaced(
            text, rf'(?s)(^  {name}:\n.*?^    default: )"?{re.escape(DEFAULTS[name])}"?$', rf"\g<1>{value}"
        )
    return _replaced(text, rf"^{re.escape(BUILT)}$", f"  image: docker://{image}")


def _replaced(text: str, what: str, by: str) -> str:
    replaced, count = re.subn(f"(?m){what}", by, text)
    if count != 1:
        raise Refused(f"{ACTION} has {count} times {what}, not once")
    return replaced
