"""A dry run: everything as in a real one, shown and not written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sandbox.arxiv.faults import status
from tests.factories import paper, papers, started

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("day", ["first", "later", "failing", "cut"])
def test_its_outputs_are_a_real_runs_without_the_commit_and_the_issue(tmp_path: Path, day: str) -> None:
    found = [*papers(range(1, 15)), paper(20, "beta", month="2401"), paper(21, "alpha and beta")]
    with started(tmp_path, found, keywords="Alpha\nBeta") as action:
        if day != "first":
            action.run()
            action.arxiv.show([*found, paper(22), paper(23, "beta")])
        if day == "failing":
            action.arxiv.fail(status(503, retry_after=999), when="Beta")
        cut = {"max_bytes": "2000"} if day == "cut" else {}
        commits, issues = action.github.log(), len(action.github.issues)

        dry = action.run(dry_run="true", **cut)
        assert (action.github.log(), len(action.github.issues)) == (commits, issues)
        assert {request.verb for request in action.github.requests[-3:]} == {"GET"}
        real = action.run(**cut)

        assert dry.code == real.code == 0, dry.log
        assert dry.outputs == {**real.outputs, "commit-sha": "", "issue-url": ""}
        assert real.outputs["commit-sha"]
        assert real.outputs["issue-url"] or day == "cut"
        assert dry.annotations("warning") == real.annotations("warning")
        assert dry.annotations("notice") == real.annotations("notice")


def test_the_diff_is_in_the_log_and_in_the_summary(tmp_path: Path) -> None:
    before = b"# Caf\xe9\r\n\n<!-- daily-papers:start -->\n<!-- daily-papers:end -->\nna\xefve"
    with started(tmp_path, [paper(1)], {"README.md": before}) as action:
        run = action.run_apart(dry_run="true")

        assert run.code == 0, run.log
        for text in (run.log, run.summary):
            assert "+++ b/README.md\n" in text
            assert "+## Alpha\n" in text
            assert "+| **[Paper 1](https://arxiv.org/abs/2603.00001v1)**" in text
            # Lines outside the section are not said to change.
            assert "\n <!-- daily-papers:start -->\n" in text
            assert "\n-" not in text.partition("+++ b/README.md")[2].partition("```")[0]
        assert "```diff\n" in run.summary
        assert action.github.read("README.md") == before


@pytest.mark.parametrize(
    ("inputs", "would"),
    [
        ({}, "commit README.md to main and open an issue"),
        ({"notify": "comment"}, "commit README.md to main and add a comment"),
        ({"files": "p.csv"}, "commit README.md, p.csv to main and open an issue"),
        ({"pull_request": "true"}, "commit README.md to daily-papers, for a pull request, and open an issue"),
    ],
)
def test_it_says_what_a_real_run_would_do(tmp_path: Path, inputs: dict[str, str], would: str) -> None:
    with started(tmp_path, [paper(1)], **inputs) as action:
        action.github.permissions["pull-requests"] = "write"
        run = action.run(dry_run="true")

        assert f"This was a dry run: nothing was written. A real one would {would}\n" in run.log


def test_where_nothing_would_change_there_is_no_diff(tmp_path: Path) -> None:
    with started(tmp_path, [paper(1)]) as action:
        action.run()
        run = action.run(dry_run="true")
        assert (run.outputs["changed"], run.outputs["papers"]) == ("false", "1")
        assert "nothing was written. A real one would open no issue\n" in run.log
        assert "+++" not in run.log + run.summary


@pytest.mark.parametrize(("private", "code"), [(False, 0), (True, 1)])
def test_it_needs_no_token_where_the_repository_is_public(tmp_path: Path, private: bool, code: int) -> None:
    with started(tmp_path, [paper(1)], token="") as action:
        action.github.private = private
        run = action.run(dry_run="TRUE")
        assert run.code == code, run.log
        assert len(run.annotations("error")) == code
        assert run.outputs["new-papers"] == ("1" if code == 0 else "0")
        assert not any("authorization" in request.headers for request in action.github.requests)


def test_without_a_token_too_it_counts_what_an_earlier_run_still_owes(tmp_path: Path) -> None:
    with started(tmp_path, [paper(1)]) as action:
        action.github.permissions["issues"] = "read"
        assert action.run().code == 1
        action.github.permissions["issues"] = "write"
        dry, real = action.run(dry_run="true", token=""), action.run()
        assert dry.outputs == {**real.outputs, "commit-sha": "", "issue-url": ""}
        assert real.outputs["issue-url"]
