"""GitHub's runner, as a container sees it: what is mounted where, which variables are set, where it starts.

https://docs.github.com/en/actions/reference/workflows-and-actions/dockerfile-support
"""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from digest.config import DEFAULTS
from sandbox.action import Action, Run, read_outputs
from sandbox.arxiv.stand_in import ArxivStandIn
from sandbox.github.stand_in import GithubStandIn
from sandbox.recorded import days

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from release.buildah import Container

MOUNTS = ("workspace", "home", "workflow", "file_commands", "runner_temp")
# Modules that a run imports, where a repository or a person might happen to have files of that name.
TRAPS = ("digest", "json", "requests", "sitecustomize", "usercustomize")
TRAP = "raise SystemExit('imported from a place that is not the action's')\n"
KEYWORDS = "Video Understanding\nVision Language Model\n"


@dataclass(frozen=True)
class Step:
    """One step of a job.

    mounts: folders of this machine, by the places where the container sees them
    environ: the variables
    output: the file for its outputs
    summary: the one for its summary
    workdir: where it starts
    """

    mounts: Mapping[str, Path]
    environ: Mapping[str, str]
    output: Path
    summary: Path
    workdir: str = "/github/workspace"

    def ended(self, code: int, log: str) -> Run:
        return Run(code, log, read_outputs(self.output), self.summary.read_text("utf-8"))


@dataclass
class Job:
    """A step of a workflow, repeated: the same folders, new files for its outputs and its summary."""

    arxiv: ArxivStandIn
    github: GithubStandIn
    folder: Path
    mounts: dict[str, Path] = field(init=False)

    def __post_init__(self) -> None:
        self.mounts = {name: self.folder / name for name in MOUNTS}
        for path in self.mounts.values():
            path.mkdir()
        for place in self._trapped():
            place.mkdir(parents=True, exist_ok=True)
            for name in TRAPS:
                (place / f"{name}.py").write_text(TRAP, encoding="utf-8")

    def step(self, **inputs: str) -> Step:
        """`max_results=` means `max-results`. Every input is set, as the runner does it, the undeclared ones too."""
        given = {name.replace("_", "-"): value for name, value in inputs.items()}
        commands = {name: f"{name}_{uuid4()}" for name in ("set_output", "step_summary")}
        for name in commands.values():
            (self.mounts["file_commands"] / name).touch()
        return Step(
            mounts={f"/github/{name}": path for name, path in self.mounts.items()},
            environ=self._environ({**DEFAULTS, **self._inputs(), **given}, commands),
            output=self.mounts["file_commands"] / commands["set_output"],
            summary=self.mounts["file_commands"] / commands["step_summary"],
        )

    def run(self, container: Container, **inputs: str) -> Run:
        step = self.step(**inputs)
        done = container.run(
            *container.config["Entrypoint"],
            flags=[f"--volume={path}:{place}" for place, path in step.mounts.items()]
            + [f"--workingdir={step.workdir}"],
            environ=step.environ,
        )
        return step.ended(done.returncode, done.stdout + done.stderr)

    def strays(self) -> list[str]:
        """Files that a run left where it has no business."""
        found = []
        for name in ("workspace", "home", "workflow", "runner_temp"):
            found += [str(path.relative_to(self.folder)) for path in self.mounts[name].rglob("*") if path.is_file()]
        traps = {str((place / f"{name}.py").relative_to(self.folder)) for place in self._trapped() for name in TRAPS}
        return sorted(set(found) - traps)

    def _trapped(self) -> tuple[Path, Path]:
        user_site = self.mounts["home"] / ".local/lib/python3.13/site-packages"
        return self.mounts["workspace"], user_site

    def _inputs(self) -> dict[str, str]:
        return {
            "keywords": KEYWORDS,
            "max-results": "5",
            "timezone": "US/Eastern",  # one of the old names, which Debian keeps in a package of their own
            "token": self.github.token,
            "arxiv-api-url": self.arxiv.url,
            "arxiv-interval": "0",
            "retry-minutes": "0.05",
        }

    def _environ(self, inputs: dict[str, str], commands: dict[str, str]) -> dict[str, str]:
        environ = Action(self.arxiv, self.github, self.folder, inputs).environ()
        del environ["PATH"]  # the image's own
        return environ | {
            "GITHUB_OUTPUT": f"/github/file_commands/{commands['set_output']}",
            "GITHUB_STEP_SUMMARY": f"/github/file_commands/{commands['step_summary']}",
            "GITHUB_WORKSPACE": "/github/workspace",
            "GITHUB_ACTIONS": "true",
            "CI": "true",
            "HOME": "/github/home",
            "PYTHONPATH": "/github/workspace",  # as `env:` of a workflow may set it
        }


@contextmanager
def new_job() -> Iterator[Job]:
    """A job over stand-ins of its own, whose repository holds a template."""
    with tempfile.TemporaryDirectory() as scratch, ArxivStandIn(days()[-1]) as arxiv:
        folder = Path(scratch)
        with GithubStandIn(folder / "repository.git") as github:
            github.push("papers.md.j2", b"{% for paper in papers %}- {{ paper.title }}\n{% endfor %}")
            yield Job(arxiv, github, folder)
