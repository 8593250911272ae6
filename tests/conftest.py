"""The action against the stand-ins, as fixtures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from sandbox.action import Action as Started
from sandbox.action import Run
from sandbox.arxiv.stand_in import ArxivStandIn
from sandbox.github.stand_in import GithubStandIn
from sandbox.recorded import days
from tests.in_process import run_here
from tests.openapi.conformity import hold

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path

    from sandbox.recorded import Day

# A busy machine is no fault of the example at hand.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

__all__ = ["Action", "Run"]


@dataclass
class Action(Started):
    """Runs the entry point over the stand-ins, in this process; a traceback in its log is never right.

    `variables` are the runner's, in place of the usual ones or besides them.
    """

    variables: dict[str, str] = field(default_factory=dict)

    def environ(self, **inputs: str) -> dict[str, str]:
        return super().environ(**inputs) | self.variables

    def run(self, **inputs: str) -> Run:
        return run_here(self, **inputs)

    def run_apart(self, **inputs: str) -> Run:
        """In a process of its own, as the runner starts it: slower, by the real clock."""
        return self.finish(self.start(**inputs))

    def finish(self, process: subprocess.Popen[str], timeout: float = 60) -> Run:
        run = super().finish(process, timeout)
        assert "Traceback" not in run.log, run.log
        return run


@pytest.fixture(scope="session", autouse=True)
def _as_github_describes() -> Iterator[None]:
    """Every exchange of any test with the stand-in for GitHub is held to GitHub's own description."""
    GithubStandIn.observers.append(hold)
    yield
    GithubStandIn.observers.remove(hold)


@pytest.fixture(scope="session")
def recorded() -> list[Day]:
    return days()


@pytest.fixture
def arxiv(recorded: list[Day]) -> Iterator[ArxivStandIn]:
    with ArxivStandIn(recorded[0]) as stand_in:
        yield stand_in


@pytest.fixture
def github(tmp_path: Path) -> Iterator[GithubStandIn]:
    with GithubStandIn(tmp_path / "repository.git") as stand_in:
        yield stand_in


@pytest.fixture
def action(arxiv: ArxivStandIn, github: GithubStandIn, tmp_path: Path) -> Action:
    inputs = {
        "keywords": "Video Anomaly Detection\nVideo Understanding\n",
        "max-results": "20",
        "token": github.token,
        "arxiv-api-url": arxiv.url,
        "arxiv-interval": "0",
        "retry-minutes": "0.05",
    }
    return Action(arxiv, github, tmp_path, inputs)
