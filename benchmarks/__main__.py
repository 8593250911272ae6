"""`python -m benchmarks`: what a run costs, held against arXiv's own pace and bare imports; see results.md.

Everything is measured in turns and told as medians and ratios, since machines differ and drift.
"""

from __future__ import annotations

import os
import platform
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.growth import CASES, FACTOR, MOST, too_fast
from benchmarks.harvest import seconds_to_match
from benchmarks.measure import IMPORTS, Bench, process

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from benchmarks.measure import Process, Run

RESULTS = Path(__file__).with_name("results.md")
INTERVAL = 3.0
HARVESTED, PAGES = 4_000, 4
KEYWORDS, PAPERS = (1, 5, 10, 20), (10, 100, 500, 2000)
FILES = ("papers.json", "papers.csv", "papers.bib", "feed.xml", "index.html", "{{ heading }}.md")
ARCHIVES = tuple(f"archive/{{{{ year }}}}-{{{{ month }}}}{form}" for form in (".json", ".csv", ".bib", ".md"))
MB = 1_000_000
_DECIMALS = {"": 3, "s": 2}

_INTRODUCTION = """\
Written by `make bench` on {date} ({machine}), against the stand-ins of `sandbox/`. The papers are recorded ones with
their TeX, and arXiv's answers come at once."""
_GOALS = """\
10 keywords x 100 papers, {interval:.0f} s between requests; median of {times} runs, bare imports in turn with them. The
floor is what arXiv alone takes: nine pauses and ten answers; where the search throttles, six pauses, its three refusals
and {pages} pages of the harvest with 1,300 papers each, matched with 10 keywords."""
_GROWTH = """\
Keywords x papers without pauses, under the default `max-bytes`. Time and memory are the whole process's; of the
processor time the {bare:.2f} s that bare imports take are taken off."""

_FILES = """\
All forms of `files` at once, {files} lines with an archive in each of its four forms, over the same run without them;
one of the lines makes a file a keyword."""


@dataclass(frozen=True)
class Figure:
    """One row of the table of goals."""

    what: str
    measured: float
    goal: float
    unit: str = ""

    @property
    def reached(self) -> bool:
        return self.measured <= self.goal

    @property
    def cells(self) -> list[str]:
        shown = (f"{number:.{_DECIMALS.get(self.unit, 0)}f}" for number in self.both)
        measured, goal = (f"{number} {self.unit}".strip() for number in shown)
        return [self.what, measured, f"at most {goal}", "yes" if self.reached else "**no**"]

    @property
    def both(self) -> tuple[float, float]:
        return self.measured, self.goal


def main(times: int = 7) -> int:
    """0 where every goal is reached."""
    say(f"{times} runs of 10 x 100 at arXiv's pace, and as many bare imports between them")
    paced, imports = _paced(times)
    say("the harvest")
    harvest = _harvest_figures(min(times, 3))
    say("how readers grow with what they read")
    fast = list(too_fast())
    print("\n".join(fast), file=sys.stderr)
    say("how it grows")
    grown = {
        (keywords, papers): _growth(keywords, papers, 3 if keywords * papers <= 10_000 else 1)
        for keywords in KEYWORDS
        for papers in PAPERS
    }
    say("all files at once")
    written = {size: _with_files(*size) for size in ((10, 100), (20, 2000))}
    bare = median(run.cpu for run in imports)
    readers = Figure(
        f"of {len(CASES)} kinds of text: {FACTOR} times as long, over {MOST:.0f} times the time", len(fast), 0, "kinds"
    )
    figures = [*_figures(paced, imports), *harvest, *_grown_figures(grown, bare), readers]
    text = _report(figures, grown, bare, times, _files_table(written))
    RESULTS.write_text(text, encoding="utf-8")
    print(text)
    return 0 if all(figure.reached for figure in figures) else 1


def say(what: str) -> None:
    print(f"{datetime.now(UTC):%H:%M:%S} {what}", file=sys.stderr)


def _paced(times: int) -> tuple[list[list[Run]], list[Process]]:
    """Per turn a run that announces and one with nothing to do; and the bare imports between them."""
    runs, imports = [], []
    with Bench(10, 100) as bench:
        for _ in range(times):
            imports.append(process(IMPORTS))
            runs.append([*bench.runs(INTERVAL), bench.runs(times=2)[1]])
    return runs, imports


def _harvest_figures(times: int) -> list[Figure]:
    """What a day costs on which the search throttles."""
    with Bench(10, 100) as bench:
        half = bench.harvested(PAGES // 2)
        runs = [bench.harvested(PAGES, INTERVAL) for _ in range(times)]
    matching = median(seconds_to_match(HARVESTED) for _ in range(times))
    over_floor = median(run.process.wall / run.floor for run in runs)
    memory = median(run.process.peak for run in runs) / half.process.peak
    pages = f"{PAGES} pages of the harvest"
    return [
        Figure(f"{HARVESTED:,} papers of the harvest, matched with 10 keywords", matching, 1, "s"),
        Figure(f"a run with {pages} ÷ its floor", over_floor, 1.1),
        Figure(f"{pages}: peak memory ÷ that of {PAGES // 2}", memory, 1.1),
        Figure(f"requests to arXiv, with {pages}", max(run.arxiv_requests for run in runs), 3 + PAGES, "requests"),
    ]


def _growth(keywords: int, papers: int, times: int) -> Run:
    """The run with the median of processor time."""
    with Bench(keywords, papers) as bench:
        runs = [bench.runs()[0] for _ in range(times)]
    return sorted(runs, key=lambda run: run.process.cpu)[times // 2]


def _with_files(keywords: int, papers: int) -> tuple[Run, Run, Run]:
    """A run without files, one with all of them, and the next one, which finds nothing new."""
    with Bench(keywords, papers) as bench:
        (without,) = bench.runs()
        first, again = bench.runs(times=2, files="\n".join((*(f"docs/{name}" for name in FILES), *ARCHIVES)))
    return without, first, again


def _files_table(written: Mapping[tuple[int, int], tuple[Run, Run, Run]]) -> str:
    rows = []
    for (keywords, papers), (without, first, again) in written.items():
        rows.append(
            [
                f"{keywords} x {papers}",
                f"{first.process.cpu - without.process.cpu:.2f} s",
                f"{(first.process.peak - without.process.peak) / MB:.0f} MB",
                f"{first.github_requests - without.github_requests}",
                f"{again.github_requests}",
            ]
        )
    columns = ["run", "processor time more", "peak memory more", "requests more", "requests with nothing to do"]
    return _table(columns, rows)


def _figures(turns: Sequence[Sequence[Run]], imports: Sequence[Process]) -> list[Figure]:
    paced, idle = [first for first, _ in turns], [second for _, second in turns]
    pairs = list(zip(paced, imports, strict=True))
    return [
        Figure(
            "start to first arXiv request ÷ `import arxiv, github, jinja2`",
            median(run.first_request / bare.wall for run, bare in pairs),
            0.8,
        ),
        Figure("a run ÷ its floor", median(run.process.wall / run.floor for run in paced), 1.02),
        Figure(
            "processor time beyond these imports", median(run.process.cpu - bare.cpu for run, bare in pairs), 0.35, "s"
        ),
        Figure("peak memory", median(run.process.peak for run in paced) / MB, 80, "MB"),
        Figure("requests to arXiv, where its search answers", max(run.arxiv_requests for run in paced), 10, "requests"),
        Figure("requests to GitHub, announcing", max(run.github_requests for run in paced), 8, "requests"),
        Figure("requests to GitHub, with nothing to do", max(run.github_requests for run in idle), 3, "requests"),
    ]


def _grown_figures(grown: dict[tuple[int, int], Run], bare: float) -> list[Figure]:
    small, large = grown[10, 100], grown[20, 2000]
    per_paper = ((run.process.cpu - bare) / (k * p) for (k, p), run in (((20, 2000), large), ((10, 100), small)))
    most, one = per_paper
    return [
        Figure("20 x 2000: processor time per paper ÷ that of 10 x 100", most / one, 1.1),
        Figure("20 x 2000: peak memory", large.process.peak / MB, 300, "MB"),
    ]


def _report(figures: Iterable[Figure], grown: dict[tuple[int, int], Run], bare: float, times: int, files: str) -> str:
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    growth = [
        [
            f"{keywords} x {papers}",
            f"{run.process.cpu - bare:.2f} s",
            f"{(run.process.cpu - bare) / (keywords * papers) * 1000:.2f} ms",
            f"{run.process.wall - run.floor:.2f} s",
            f"{run.process.peak / MB:.0f} MB",
        ]
        for (keywords, papers), run in grown.items()
    ]
    parts = [
        "# What a run costs",
        _INTRODUCTION.format(date=f"{datetime.now(UTC):%Y-%m-%d}", machine=machine),
        "## Goals",
        _GOALS.format(interval=INTERVAL, times=times, pages=PAGES),
        _table(["figure", "measured", "goal", "reached"], (figure.cells for figure in figures)),
        "## Growth",
        _GROWTH.format(bare=bare),
        _table(["run", "processor time", "per paper", "beyond arXiv's answers", "peak memory"], growth),
        "## Files",
        _FILES.format(files=len(FILES) + len(ARCHIVES)),
        files,
    ]
    return "\n\n".join(parts) + "\n"


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    sys.exit(main())
