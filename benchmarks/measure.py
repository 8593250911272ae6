"""Runs of the real action against the stand-ins, measured from outside, and what they are held against."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Self
from urllib.parse import urlencode, urlsplit

from benchmarks.catalogue import catalogue, headings
from benchmarks.harvest import KEYWORDS, announced
from sandbox.action import ENTRYPOINT, Action
from sandbox.arxiv import faults
from sandbox.arxiv.stand_in import ArxivStandIn
from sandbox.github.stand_in import GithubStandIn

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_PROCESS = Path(__file__).with_name("process.py")
IMPORTS = [sys.executable, "-c", "import arxiv, github, jinja2"]


@dataclass(frozen=True)
class Process:
    """What a process took: seconds, seconds of processor time, bytes at most; `started` is time.monotonic()."""

    started: float
    wall: float
    cpu: float
    peak: int


@dataclass(frozen=True)
class Run:
    """A run of the action; `floor` is what arXiv alone takes: the pauses that it asks for, and its answers."""

    process: Process
    first_request: float
    floor: float
    arxiv_requests: int
    github_requests: int


def process(command: list[str], environ: Mapping[str, str] | None = None) -> Process:
    """Runs the command to its end; CalledProcessError where it fails."""
    done = subprocess.run(
        [sys.executable, str(_PROCESS), *command], env=environ, capture_output=True, text=True, check=True
    )
    return Process(**json.loads(done.stdout))


class Bench:
    """So many keywords with so many papers each, and an empty repository at every run."""

    def __init__(self, keywords: int, papers: int) -> None:
        self.keywords, self.papers = keywords, papers
        self._stack = ExitStack()
        self._arxiv = ArxivStandIn(catalogue(keywords, papers))

    def __enter__(self) -> Self:
        self._stack.enter_context(self._arxiv)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def runs(self, interval: float = 0, times: int = 1, **inputs: str) -> list[Run]:
        """So many runs of one day, one after another: the first commits and announces, the others find nothing new."""
        with TemporaryDirectory() as scratch, GithubStandIn(Path(scratch) / "repository.git") as github:
            given = {
                "keywords": "\n".join(headings(self.keywords)),
                "max-results": str(self.papers),
                "token": github.token,
                "arxiv-api-url": self._arxiv.url,
                "arxiv-oai-url": self._arxiv.oai_url,
                "arxiv-interval": str(interval),
            }
            action = Action(self._arxiv, github, Path(scratch), given)
            return [self._run(action, interval, inputs) for _ in range(times)]

    def harvested(self, pages: int, interval: float = 0) -> Run:
        """A run whose search throttles, and whose harvest has so many pages; at arXiv's size of them."""
        self._arxiv.announce(announced(pages * self._arxiv.page_size))
        # For longer than a run has patience: nothing is waited for but arXiv's pace.
        self._arxiv.fail(faults.throttled("3600"), door="search")
        (run,) = self.runs(interval, keywords=KEYWORDS)
        self._arxiv.heal()
        return run

    def _run(self, action: Action, interval: float, inputs: Mapping[str, str]) -> Run:
        self._arxiv.forget()
        github_before = len(action.github.requests)
        action.runs += 1
        took = process([sys.executable, str(ENTRYPOINT)], action.environ(**inputs))
        asked = list(self._arxiv.requests)
        answers = self._answers(f"{request.path}?{urlencode(request.params)}" for request in asked)
        return Run(
            process=took,
            first_request=asked[0].at - took.started,
            floor=(len(asked) - 1) * interval + answers,
            arxiv_requests=len(asked),
            github_requests=len(action.github.requests) - github_before,
        )

    def _answers(self, addresses: Iterable[str]) -> float:
        """Seconds that the same answers take when nothing is done with them."""
        connection = HTTPConnection(urlsplit(self._arxiv.url).netloc)
        started = time.monotonic()
        for address in addresses:
            connection.request("GET", address)
            connection.getresponse().read()
        took = time.monotonic() - started
        connection.close()
        return took
