"""The action with `pull-request: true`, over stand-ins: a day's run, and what stands on either branch then."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.factories import listed, papers, started
from tests.in_process import run_here

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sandbox.github.git import Commit
    from tests.conftest import Action, Run

BRANCH = "daily-papers"
README = b"# Mine\n\n<!-- daily-papers:start -->\n<!-- daily-papers:end -->\n\nBelow.\n"


@contextmanager
def proposing(
    folder: Path, standing: Mapping[str, bytes] | None = None, /, *, prefix: str = "", **inputs: str
) -> Iterator[Action]:
    """On a day on which arXiv has three papers, with the permission that pull requests take."""
    there = {"README.md": README} if standing is None else standing
    with started(folder, papers([1, 2, 3]), there, prefix=prefix, **{"pull_request": "true"} | inputs) as action:
        action.github.permissions["pull-requests"] = "write"
        yield action


def day(action: Action, *numbers: int, code: int = 0, **inputs: str) -> Run:
    """A run on a day on which arXiv has these papers, or the same as the day before."""
    if numbers:
        action.arxiv.show(papers(numbers))
    action.github.requests.clear()
    run = run_here(action, **inputs)
    assert run.code == code, run.log
    return run


def asked(action: Action) -> list[str]:
    """What was asked that day, as `POST git/trees`: the verb and the beginning of the path."""
    named = (
        re.search(r"/(graphql|(?:git/)?[a-z]+)(?:/|$)", request.path.removeprefix("/repos/octo/papers"))
        for request in action.github.requests
    )
    return [
        f"{request.verb} {name[1] if name else ''}" for request, name in zip(action.github.requests, named, strict=True)
    ]


def text(action: Action, branch: str = BRANCH, path: str = "README.md") -> str:
    """A file as a branch has it, "" where it has none."""
    return (action.github.read(path, branch) or b"").decode()


def on(branch: str, action: Action) -> list[int]:
    """The numbers of the papers that the page lists there."""
    return [int(paper[5:10]) for paper in listed(text(action, branch))]


def ahead(action: Action, branch: str = BRANCH) -> list[Commit]:
    """The commits that a branch has and its base has not, newest first."""
    base = {commit.sha for commit in action.github.log()}
    return [commit for commit in action.github.log(branch) if commit.sha not in base]
