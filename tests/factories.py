"""Papers made up for one test, and the action over stand-ins that hold them."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from digest.announcement import announced as announced_by
from digest.issue import Issue
from sandbox.arxiv.stand_in import ArxivStandIn
from sandbox.github.stand_in import GithubStandIn
from sandbox.recorded import Entry
from tests.conftest import Action

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from sandbox.recorded import Day
    from tests.conftest import Run

_SECTION = re.compile(r"<!-- ([\w-]+):announced ")
_FIRST = datetime(2026, 3, 1, tzinfo=UTC)


def paper(number: int, about: str = "alpha", *, month: str = "2603", version: int = 1, **texts: Any) -> Entry:
    """A paper that the keywords named in `about` find; the higher its number, the newer it is."""
    made = Entry(
        id=f"{month}.{number:05}v{version}",
        title=f"Paper {number}",
        abstract=f"Number {number} is about {about}.",
        comment="",
        updated=_FIRST + timedelta(hours=number),
        published=_FIRST + timedelta(hours=number),
    )
    return replace(made, **texts)


def papers(numbers: Sequence[int], about: str = "alpha", **texts: Any) -> list[Entry]:
    return [paper(number, about, **texts) for number in numbers]


@contextmanager
def started(
    folder: Path,
    shown: Day | Sequence[Entry] = (),
    standing: Mapping[str, bytes] | None = None,
    /,
    *,
    prefix: str = "",
    **inputs: str,
) -> Iterator[Action]:
    """The action with quick inputs over stand-ins of its own; `max_results=` means the input `max-results`."""
    folder.mkdir(exist_ok=True)
    with ArxivStandIn(shown) as arxiv, GithubStandIn(folder / "repository.git", standing, prefix=prefix) as github:
        quick = {
            "keywords": "Alpha",
            "token": github.token,
            "arxiv-api-url": arxiv.url,
            "arxiv-interval": "0",
            "retry-minutes": "0.002",
        }
        yield Action(arxiv, github, folder, quick | {name.replace("_", "-"): text for name, text in inputs.items()})


def listed(page: str, heading: str | None = None) -> list[str]:
    """The identifiers, with their versions, of the rows below a heading, or of all rows, in the page's order."""
    lines = page.splitlines()
    if heading is not None:
        lines = lines[lines.index(heading) + 1 :]
        lines = lines[: next((at for at, line in enumerate(lines) if line.startswith("#")), len(lines))]
    parts = (line.partition("](https://arxiv.org/abs/")[2] for line in lines if line.startswith(("| **[", "- **[")))
    return [part.partition(")")[0] for part in parts]


def block(page: str, heading: str) -> str:
    """What stands below a heading, up to the next list or the end."""
    found = re.search(rf"^#+ {re.escape(heading)}\n(.*?)\n<!-- ", page, re.MULTILINE | re.DOTALL)
    assert found, f"no heading {heading}"
    assert found[1].strip(), f"nothing below {heading}"
    return found[1].strip("\n")


def table_head(*columns: str) -> str:
    """The header of a table with these columns, and the line below it."""
    titles = [f"{'&nbsp;' * 6}**Date**{'&nbsp;' * 6}" if name == "Date" else f"**{name}**" for name in columns]
    return f"| {' | '.join(titles)} |\n|{' --- |' * len(titles)}"


def shown(text: str) -> str:
    """A page or an issue's body as its readers see it: without the invisible comments."""
    return "\n".join(line for line in text.splitlines() if not (line.startswith("<!--") and line.endswith("-->")))


def announced(action: Action) -> Counter[str]:
    """How often each paper was announced, as the keys of the issues and of the comments say."""
    told: Counter[str] = Counter()
    bodies = [*(issue.body or "" for issue in action.github.issues), *(one.body for one in action.github.comments)]
    for body in bodies:
        for name in _SECTION.findall(body):
            told.update(map(str, announced_by((), [[Issue("", body, 0, "")]], name).papers))
    return told


def ids(*numbers: int) -> Counter[str]:
    return Counter(f"2603.{number:05}" for number in numbers)


def run_well(action: Action, **inputs: str) -> Run:
    run = action.run(**inputs)
    assert run.code == 0, run.log
    return run


def next_day(action: Action, *numbers: int) -> None:
    action.arxiv.show(papers(numbers))
    action.github.requests.clear()


def verbs(action: Action) -> list[str]:
    return [request.verb for request in action.github.requests]
