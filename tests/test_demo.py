"""The demo runs, shows what a user sees, and leaves what it says."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sandbox.demo_html import document
from sandbox.demo_text import issue, log

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    folder = tmp_path_factory.mktemp("demo") / "left behind"
    return _run(folder), folder


def _run(folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "sandbox", str(folder)],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": str(folder.parent), "COLUMNS": "100", "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def _days(shown: str) -> list[str]:
    """What is shown of each run."""
    return re.split(r"^━━ ", shown, flags=re.MULTILINE)[1:-1]


def test_shows_four_days_their_log_commit_and_issue(demo: tuple[str, Path]) -> None:
    shown, _ = demo
    *good_days, again, bad_day, _ = _days(shown)
    days = [*good_days, bad_day]
    assert [day.partition(",")[0] for day in days] == ["Monday", "Tuesday", "Wednesday", "Thursday"]
    for number, day in enumerate(days, 1):
        assert re.search(r"Video Anomaly Detection: \d+ listed, \d+ new", day)
        assert re.search(r"Commit \w{7} by github-actions\[bot\], Verified: Update papers: \d+ new", day)
        for file in ("README.md", "archive/2026-03.md", "docs/index.html", "docs/papers.json"):
            assert re.search(rf"{file} +\| +\d+ \+", day), file
        assert re.search(rf"Issue #{number}, .*: Daily papers \S+: \d+ new", day)
        assert "| **Title** | **Date** | **Comment** |" in day
    assert "is up to date: nothing to write" in again
    assert max(map(len, shown.partition("━━ Left")[0].splitlines())) <= 100


def test_on_the_fourth_day_the_search_throttles_and_the_harvest_has_the_papers(demo: tuple[str, Path]) -> None:
    shown, _ = demo
    day = _days(shown)[4]
    assert re.match(r"Thursday, 19 March 2026: arXiv's search throttles, its harvest answers", day)
    assert len(re.findall(r"listed, [1-9]\d* new, by the harvest", day)) >= 2
    assert "arXiv's harvest was matched here" in day


def test_on_the_fifth_day_there_is_a_pull_request_and_a_comment_on_a_standing_issue(demo: tuple[str, Path]) -> None:
    shown, _ = demo
    day = _days(shown)[5]
    assert re.match("Sunday, 22 March 2026: pull-request: true, notify: comment", day)
    assert re.search(r"Committed README\.md, .* to\s+daily-papers", day, re.DOTALL)
    assert re.search(r"Pull request #5, from daily-papers to main: Update papers: [1-9]\d* new", day)
    assert re.search(r"Issue #6, .*: Daily papers\n", day)
    assert "| **Title** | **Date** | **Comment** |" in day.partition("Its first comment")[2]


def test_leaves_the_branch_and_the_issues_where_it_says(demo: tuple[str, Path]) -> None:
    shown, folder = demo
    page = (folder / "README.md").read_text("utf-8")
    git = ["git", "--git-dir", str(folder / "repository.git")]
    assert _stdout([*git, "show", "main:README.md"]) == page
    assert _stdout([*git, "rev-list", "--count", "--no-merges", "main"]).strip() == "6"
    assert "the action never touches it." in page.partition("<!-- daily-papers:start -->")[0]
    assert page.endswith("This one too.\n")
    html = (folder / "README.html").read_text("utf-8")
    assert html.count("<details>") == page.count("<details>") > 10
    assert "<h2>Video Understanding</h2>" in html
    papers = json.loads((folder / "docs/papers.json").read_text("utf-8"))["papers"]
    assert len(papers) > 10
    for paper in papers:
        month = (folder / f"archive/20{paper[:2]}-{paper[2:4]}.md").read_text("utf-8")
        assert f"arxiv.org/abs/{paper}v" in month
        assert paper in (folder / "docs/index.html").read_text("utf-8")
    assert "and 5 more in the README" in (folder / "issue.html").read_text("utf-8")
    assert " is merged:" in (folder / "standing-issue.html").read_text("utf-8")
    left = shown.rpartition("━━ Left for you")[2]
    named = ("README.html", "docs/index.html", "issue.html", "standing-issue.html", "README.md", "docs/papers.json")
    assert [name for name in (*named, "archive/2026-03.md") if not (folder / name).is_file() or name not in left] == []


def test_runs_again_in_the_same_folder(demo: tuple[str, Path]) -> None:
    _, folder = demo
    assert "Issue #4" in _run(folder)


def test_whoever_reads_only_its_start_sees_no_error(demo: tuple[str, Path]) -> None:
    _, folder = demo
    command = [sys.executable, "-u", "-X", "utf8", "-m", "sandbox", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""


def _stdout(command: Sequence[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout


def test_the_page_for_the_browser_loads_and_runs_nothing() -> None:
    html = document("<x>", "# A\n\n<script>alert(1)</script><details><summary>s</summary></details>\n")
    assert "<title>&lt;x&gt;</title>" in html
    assert "default-src 'none'" in html
    assert "<script" not in html
    assert "<details>" in html


def test_the_log_is_shown_as_the_runner_does() -> None:
    lines = (
        "::notice::50%25%0Amore",
        "::error title=Input keywords::line 1",
        "::group::The change",
        "::stop-commands::T",
        "::notice::text, no command",
        "::T::",
        "::endgroup::",
        "::add-mask::secret",
        "end",
    )
    shown = "Notice: 50%\nmore\nError: Input keywords: line 1\n▾ The change\n::notice::text, no command\nend"
    assert log("\n".join(lines)) == shown


def test_the_issue_is_shown_as_its_reader_sees_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "64")
    row = "| **[T \\[x\\]](https://arxiv.org/abs/1v1)** | <details><summary>Accep...</summary><p>x</p></details> |"
    text = f"New\n\n| **Title** |\n| --- |\n{row}\n| {'y' * 99} |\n\n{'word ' * 20}\n\n<!-- daily-papers:x -->"
    told = f"{'word ' * 11}word\n{'word ' * 7}word"
    assert issue(text) == f"New\n\n| **Title** |\n| T \\[x\\] | ▸ Accep... |\n| {'y' * 57}…\n\n{told}"
