"""GitHub's runner, as a container sees it: what is mounted where, which variables are set, where it starts.

https://docs.github.com/en/actions/reference/workflows-and-actions/dockerfile-support
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import uuid4

from digest.config import DEFAULTS
from sandbox.action import Action, Run, read_outputs

if TYPE_CHECKING:
    from pathlib import Path

    from release.buildah import Container
    from sandbox.arxiv.stand_in import ArxivStandIn
    from sandbox.github.stand_in import GithubStandIn

MOUNTS = ("workspace", "home", "workflow", "file_commands", "runner_temp")
# Modules that a run imports, where a repository or a person might happen to have files of that name.
TRAPS = ("digest", "json", "requests", "sitecustomize", "usercustomize")
TRAP = "raise SystemExit('imported from a place that is not the action's')\n"
KEYWORDS = "Video Understanding\nVision Language Model\n"


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

    def run(self, container: Container, **inputs: str) -> Run:
        """`max_results=` means `max-results`. Every input is set, as the runner does it, the undeclared ones too."""
        given = {name.replace("_", "-"): value for name, value in inputs.items()}
        commands = {name: f"{name}_{uuid4()}" for name in ("set_output", "step_summary")}
        for name in commands.values():
            (self.mounts["file_commands"] / name).touch()
        done = container.run(
            *container.config["Entrypoint"],
            flags=[f"--volume={path}:/github/{name}" for name, path in self.mounts.items()]
            + ["--workingdir=/github/workspace"],
            environ=self._environ({**DEFAULTS, **self._inputs(), **given}, commands),
        )
        output, summary = (self.mounts["file_commands"] / name for name in commands.values())
        return Run(done.returncode, done.stdout + done.stderr, read_outputs(output), summary.read_text("utf-8"))

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
