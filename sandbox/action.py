"""The action as the runner starts it, against the stand-ins: a process of its own, its inputs in the environment."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.arxiv.stand_in import ArxivStandIn
    from sandbox.github.stand_in import GithubStandIn

ENTRYPOINT = Path(__file__).parents[1] / "entrypoint.py"


@dataclass(frozen=True)
class Run:
    """How a run ended: its exit code, its log, its outputs and its job summary."""

    code: int
    log: str
    outputs: Mapping[str, str]
    summary: str

    def annotations(self, kind: str) -> list[str]:
        return [line for line in self.log.splitlines() if line.startswith(f"::{kind}")]


@dataclass
class Action:
    """Runs the entry point over the stand-ins; `inputs` may be changed between runs."""

    arxiv: ArxivStandIn
    github: GithubStandIn
    folder: Path
    inputs: dict[str, str] = field(default_factory=dict)
    runs: int = 0

    def environ(self, **inputs: str) -> dict[str, str]:
        """Only what the runner sets: INPUT_* (dashes kept; here `max_results=` means `max-results`) and GITHUB_*."""
        given = self.inputs | {name.replace("_", "-"): value for name, value in inputs.items()}
        return {
            "PATH": os.environ["PATH"],
            **{f"INPUT_{name.upper()}": value for name, value in given.items()},
            "GITHUB_REPOSITORY": self.github.repository,
            "GITHUB_REPOSITORY_ID": "7",
            "GITHUB_API_URL": self.github.url,
            "GITHUB_SERVER_URL": "https://github.test",
            "GITHUB_REF": "refs/heads/main",
            "GITHUB_REF_NAME": "main",
            "GITHUB_OUTPUT": str(self._file("output")),
            "GITHUB_STEP_SUMMARY": str(self._file("summary")),
        }

    def start(self, **inputs: str) -> subprocess.Popen[str]:
        self.runs += 1
        # The working directory is somebody's repository, with a module that must not be imported.
        workspace = self.folder / "workspace"
        workspace.mkdir(exist_ok=True)
        for name in ("digest", "requests", "json"):
            (workspace / f"{name}.py").write_text("raise SystemExit('imported from the working directory')\n")
        return subprocess.Popen(
            [sys.executable, str(ENTRYPOINT)],
            env=self.environ(**inputs),
            cwd=workspace,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )

    def finish(self, process: subprocess.Popen[str], timeout: float = 60) -> Run:
        log, _ = process.communicate(timeout=timeout)
        outputs = read_outputs(self._file("output"))
        summary = self._file("summary")
        return Run(process.returncode, log, outputs, summary.read_text("utf-8") if summary.exists() else "")

    def run(self, **inputs: str) -> Run:
        return self.finish(self.start(**inputs))

    def page(self) -> str:
        """The README as it stands in the repository."""
        return (self.github.read(self.inputs.get("readme", "README.md")) or b"").decode()

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}-{self.runs}"


def read_outputs(file: Path) -> dict[str, str]:
    """The outputs as the runner reads them."""
    outputs: dict[str, str] = {}
    lines = iter(file.read_text("utf-8").splitlines() if file.exists() else ())
    for line in lines:
        name, _, delimiter = line.partition("<<")
        value = []
        for part in lines:
            if part == delimiter:
                break
            value.append(part)
        outputs[name] = "\n".join(value)
    return outputs
