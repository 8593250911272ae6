"""What goes wrong before anything is written: each fault is told once, in a sentence, and nothing is touched."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from tests.factories import paper, started
from tests.github_markdown import commands

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Run


def only_error(run: Run) -> str:
    """The one error of a failed run."""
    assert run.code == 1, run.log
    (error,) = run.annotations("error")
    return error


def unused_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def test_every_bad_input_is_told_at_once_and_nobody_is_asked(tmp_path: Path) -> None:
    keywords = (
        "# a comment\n\nFine\n"
        'A: ti:"open\nB: (ti:x\nC: ti:x y\nD: ti:x AND\nE: foo:x\nF:\nFine\nG: ti:x) OR y\nH: OR x\n'
    )
    bad = {
        "keywords": keywords,
        "categories": "cs.CV\nnonsense!",
        "exclude": 'a "quote" inside',
        "max-results": "2001",
        "sort-by": "relevance",
        "deduplicate": "yes",
        "readme": "../README.md",
        "max-bytes": "-1",
        "section": "a b",
        "columns": "title, title, autors",
        "template": "/etc/passwd",
        "heading-level": "7",
        "timezone": "Mars/Base",
        "commit-message": "{{ new",
        "notify": "mail",
        "notify-limit": "-1",
        "issue-title": "{% if %}",
        "dry-run": "maybe",
        "arxiv-api-url": "ftp://x",
        "arxiv-interval": "-3",
        "retry-minutes": "ten",
    }
    with started(tmp_path, [paper(1)]) as action:
        run = action.run_apart(**bad)

        errors = run.annotations("error")
        assert run.code == 1
        assert [error.partition("::")[2].partition(" title=Input ")[2].partition("::")[0] for error in errors] == list(
            bad
        )
        for line in (4, 5, 6, 7, 8, 9, 10, 11, 12):
            assert f"keywords, line {line}: " in errors[0]
        assert "line 3:" not in errors[0]
        assert "categories, line 2: " in errors[1]
        assert "title" in errors[9]
        assert "autors" in errors[9]
        assert "'authors'" in errors[9]
        assert not action.arxiv.requests + action.github.requests
        assert run.outputs == {
            "changed": "false",
            "papers": "0",
            "new-papers": "0",
            "new-papers-json": "[]",
            "news-markdown": "",
            "failed-keywords": "",
            "harvested-keywords": "",
            "files-changed": "",
            "commit-sha": "",
            "issue-url": "",
            "comment-url": "",
            "pull-request-url": "",
            "pull-request-number": "",
            "pull-request-operation": "none",
        }


@pytest.mark.parametrize("interval", ["2.9", "0"])
def test_arxiv_itself_is_never_asked_faster_than_its_terms_say(tmp_path: Path, interval: str) -> None:
    with started(tmp_path) as action:
        run = action.run(arxiv_api_url="", arxiv_interval=interval)
        assert "Input arxiv-interval" in only_error(run)
        assert not action.github.requests


def test_a_token_is_needed_for_writing(tmp_path: Path) -> None:
    with started(tmp_path) as action:
        assert "Input token" in only_error(action.run(token=""))
        assert "token" in only_error(action.run(token="wrong"))
        assert len(action.arxiv.requests) <= 1


def test_a_branch_that_does_not_exist_is_an_error_before_anything_is_written(tmp_path: Path) -> None:
    with started(tmp_path, [paper(1)]) as action:
        error = only_error(action.run(branch="nowhere"))
        assert "`nowhere`" in error
        assert "`branch`" in error
        assert len(action.arxiv.requests) <= 1


def test_a_readme_that_is_a_folder_is_an_error(tmp_path: Path) -> None:
    with started(tmp_path, [paper(1)], {"docs/x.md": b""}) as action:
        assert "docs" in only_error(action.run(readme="docs"))
        assert len(action.arxiv.requests) <= 1


def test_github_out_of_reach_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with started(tmp_path, [paper(1)]) as action:
        monkeypatch.setattr(action.github, "url", f"http://127.0.0.1:{unused_port()}")
        run = action.run()

        assert "GitHub did not answer" in only_error(run)
        assert len(run.log.splitlines()) <= 6
        assert len(action.arxiv.requests) <= 1
        assert run.outputs["changed"] == "false"


def test_arxiv_out_of_reach_is_one_sentence_and_leaves_the_readme_untouched(tmp_path: Path) -> None:
    with started(tmp_path, [paper(1)], keywords="Alpha\nBeta") as action:
        run = action.run(arxiv_api_url=f"http://127.0.0.1:{unused_port()}/api/query", retry_minutes="0.001")

        error = only_error(run)
        assert "refuses the connection" in error
        assert "README.md is untouched" in error
        assert run.outputs["failed-keywords"] == "Alpha\nBeta"
        assert len(action.github.log()) == 1


def test_a_fault_of_our_own_asks_for_a_report_and_commands_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a title:\n::error::forged")

    monkeypatch.setattr("digest.run.collect", broken)
    with started(tmp_path, [paper(1)]) as action:
        run = action.run()

        assert run.code == 1
        # What was forged stands in the log, and the runner reads it as no command.
        assert commands(run.log).count("error") == 1
        assert "\n::error::forged\n" in run.log
        assert "Traceback (most recent call last)" in run.log
        assert "(RuntimeError). Please report it" in run.annotations("error")[-1]
        assert run.outputs["changed"] == "false"


def test_a_run_outside_of_a_workflow_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with started(tmp_path, [paper(1)]) as action:
        monkeypatch.setattr(action.github, "repository", "")
        assert "GITHUB_REPOSITORY" in only_error(action.run())
