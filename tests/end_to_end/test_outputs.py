"""What a run leaves behind: outputs, the job summary, and a log in which strangers' text commands nothing."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from sandbox.arxiv.faults import refusal, status
from tests.factories import paper, papers, started
from tests.github_markdown import commands

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Action, Run

EVIL = "::error::gotcha ##[group]x ##[error]y %0A::set-output name=x::y"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Action, Run]]:
    """A first run over a shared paper, an older one, and a title, a heading and a name that look like commands."""
    found = [
        paper(
            1,
            "alpha and beta",
            version=3,
            title=EVIL,
            comment=EVIL,
            authors=("A. One", EVIL),
            categories=("cs.CV", "cs.AI"),
        ),
        paper(2, "beta", title='A "quoted" \\ title\twith\n  blanks', published=paper(1).updated),
        paper(3, "beta", month="2401"),
    ]
    keywords = f"Alpha\nBeta\n::error::x ##[group]: abs:nothing OR {'abs:none'}"
    with started(tmp_path_factory.mktemp("told"), found, keywords=keywords, deduplicate="false") as action:
        yield action, action.run_apart()


def test_every_output_is_there(told: tuple[Action, Run]) -> None:
    action, run = told
    assert run.code == 0, run.log
    assert list(run.outputs) == [
        "changed", "papers", "new-papers", "new-papers-json", "news-markdown", "failed-keywords", "harvested-keywords",
        "files-changed", "commit-sha", "issue-url", "comment-url", "pull-request-url", "pull-request-number",
        "pull-request-operation",
    ]  # fmt: skip
    assert {**run.outputs, "new-papers-json": "", "news-markdown": ""} == {
        "changed": "true",
        "papers": "4",
        "new-papers": "2",
        "new-papers-json": "",
        "news-markdown": "",
        "failed-keywords": "",
        "harvested-keywords": "",
        "files-changed": "README.md",
        "commit-sha": action.github.log()[0].sha,
        "issue-url": "https://github.com/octo/papers/issues/1",
        "comment-url": "",
        "pull-request-url": "",
        "pull-request-number": "",
        "pull-request-operation": "none",
    }


def test_new_papers_json_holds_each_new_paper_once_with_all_its_keywords(told: tuple[Action, Run]) -> None:
    _, run = told
    assert json.loads(run.outputs["new-papers-json"]) == [
        {
            "id": "2603.00001",
            "version": 3,
            "title": EVIL,
            "url": "https://arxiv.org/abs/2603.00001v3",
            "pdf": "https://arxiv.org/pdf/2603.00001v3",
            "authors": ["A. One", EVIL],
            "published": "2026-03-01T01:00:00Z",
            "updated": "2026-03-01T01:00:00Z",
            "categories": ["cs.CV", "cs.AI"],
            "keywords": ["Alpha", "Beta"],
            "abstract": "Number 1 is about alpha and beta.",
            "comment": EVIL,
            "code": [],
            "venue": "",
        },
        {
            "id": "2603.00002",
            "version": 1,
            "title": 'A "quoted" \\ title with blanks',
            "url": "https://arxiv.org/abs/2603.00002v1",
            "pdf": "https://arxiv.org/pdf/2603.00002v1",
            "authors": ["Grace Kim"],
            "published": "2026-03-01T01:00:00Z",
            "updated": "2026-03-01T02:00:00Z",
            "categories": ["cs.CV"],
            "keywords": ["Beta"],
            "abstract": "Number 2 is about beta.",
            "comment": "",
            "code": [],
            "venue": "",
        },
    ]


def test_news_markdown_is_the_issue_without_its_key(told: tuple[Action, Run]) -> None:
    action, run = told
    body, _, key = str(action.github.issues[0].body).rpartition("\n\n")
    assert key.startswith("<!-- daily-papers:announced ")
    assert run.outputs["news-markdown"] == body


def test_news_markdown_is_told_whatever_tells_of_it_and_is_empty_where_nothing_is_new(tmp_path: Path) -> None:
    with started(tmp_path, papers([1, 2]), notify="none", notify_limit="1") as action:
        dry, run, again = action.run(dry_run="true"), action.run(), action.run()
        news = run.outputs["news-markdown"]
        assert news.startswith(
            "New in [README.md](https://github.test/octo/papers/blob/main/README.md):\n\n## Alpha\n\n"
        )
        assert news.endswith("\n\nand 1 more in the README")
        assert "[Paper 2](https://arxiv.org/abs/2603.00002v1)" in news
        assert "<!--" not in news
        assert dry.outputs["news-markdown"] == news
        assert (again.outputs["new-papers"], again.outputs["news-markdown"]) == ("0", "")


def test_news_markdown_has_none_of_those_whom_the_issue_mentions(tmp_path: Path) -> None:
    with started(tmp_path, papers([1]), issue_mentions="mona") as action:
        run = action.run()
        assert "\n\n@mona\n\n" in str(action.github.issues[0].body)
        assert "mona" not in run.outputs["news-markdown"]


def test_news_markdown_is_cut_to_whole_rows_at_60_000_bytes(tmp_path: Path) -> None:
    found = papers(range(1, 401), title="\U0001f30a" * 60, comment="視訊" * 40)
    with started(tmp_path, found, max_results="400", notify_limit="400", notify="none") as action:
        run = action.run()
        news = run.outputs["news-markdown"]
        rows = [line for line in news.splitlines() if line.startswith("| **[")]
        assert 59_000 < len(news.encode()) <= 60_000
        assert all(line.endswith("視訊 |") for line in rows)
        assert news.endswith(f"\n\nand {400 - len(rows)} more in the README")


def test_the_summary_counts_per_keyword(told: tuple[Action, Run]) -> None:
    action, run = told
    rows = [line for line in run.summary.splitlines() if line.startswith("| ")]
    assert rows[0] == "| Keyword | Listed | New | Older, came in | Seconds | Requests |"
    assert re.fullmatch(r"\| Alpha \| 1 \| 1 \| 0 \| \d+\.\d \| 1 \|", rows[2])
    assert re.fullmatch(r"\| Beta \| 3 \| 2 \| 1 \| \d+\.\d \| 1 \|", rows[3])
    assert rows[4].endswith("| 2 |")
    assert f"({action.github.log()[0].sha[:7]})" in run.summary
    assert "https://github.com/octo/papers/issues/1" in run.summary


def test_nothing_that_strangers_wrote_is_a_command(told: tuple[Action, Run]) -> None:
    action, run = told
    more = [paper(5, title=EVIL), paper(6, title=f"\n{EVIL}"), paper(7, title="::endgroup::")]
    action.arxiv.show([*action.arxiv.entries, *more])
    dry = action.run(dry_run="true")

    assert dry.outputs["new-papers"] == "3"
    assert commands(run.log) == ["notice", "notice"]
    assert commands(dry.log) == ["notice", "group", "endgroup"]


def test_failed_keywords_and_what_is_known_are_told_also_where_the_run_fails(tmp_path: Path) -> None:
    keywords = "Alpha\nBeta\nGamma"
    with started(tmp_path, papers([1, 2]), keywords=keywords) as action:
        action.arxiv.fail(lambda _: refusal("No such thing: ::error:: x"), when="Beta")
        action.arxiv.fail(status(503, retry_after=999), when="Gamma")
        run = action.run()

        assert run.code == 1
        assert run.outputs["failed-keywords"] == "Beta\nGamma"
        assert (run.outputs["changed"], run.outputs["papers"], run.outputs["new-papers"]) == ("true", "2", "2")
        assert run.outputs["commit-sha"] == action.github.log()[0].sha
        assert run.outputs["issue-url"]
        warnings = run.annotations("warning")
        assert any("line 2" in line and "Beta" in line and "No such thing" in line for line in warnings)
        assert any("line 3" in line and "Gamma" in line for line in warnings)
        assert set(commands(run.log)) <= {"notice", "warning", "error"}


def test_where_every_keyword_failed_nothing_is_written_and_the_outputs_say_so(tmp_path: Path) -> None:
    with started(tmp_path, papers([1]), keywords="Alpha\nBeta") as action:
        action.arxiv.fail(status(503, retry_after=999))
        run = action.run()

        assert run.code == 1
        assert (run.outputs["changed"], run.outputs["failed-keywords"]) == ("false", "Alpha\nBeta")
        assert (run.outputs["commit-sha"], run.outputs["issue-url"], run.outputs["new-papers-json"]) == ("", "", "[]")
        assert len(run.annotations("error")) == 1
        assert len(action.github.log()) == 1


def test_nothing_is_said_to_have_changed_where_the_commit_is_refused(tmp_path: Path) -> None:
    with started(tmp_path, papers([1])) as action:
        action.github.permissions["contents"] = "read"
        run = action.run()

        assert run.code == 1
        assert (run.outputs["changed"], run.outputs["commit-sha"]) == ("false", "")
        assert run.outputs["new-papers"] == "1"
        assert len(action.github.log()) == 1


def test_what_was_done_is_told_where_the_issue_is_refused(tmp_path: Path) -> None:
    with started(tmp_path, papers([1])) as action:
        action.github.permissions["issues"] = "read"
        run = action.run()

        assert run.code == 1
        assert (run.outputs["changed"], run.outputs["new-papers"], run.outputs["issue-url"]) == ("true", "1", "")
        # The newest commit only remembers the refusal.
        assert run.outputs["commit-sha"] == action.github.log()[1].sha
        (error,) = run.annotations("error")
        assert "issues: write" in error


def test_new_papers_json_is_cut_to_whole_papers_under_a_megabyte_in_utf_16(tmp_path: Path) -> None:
    found = papers(range(1, 701), title="\U0001f30a" * 400, authors=("Ł" * 700,))
    with started(tmp_path, found, max_results="700", max_bytes="0") as action:
        run = action.run()

        text = run.outputs["new-papers-json"]
        held = json.loads(text)
        assert run.code == 0, run.log
        assert 800_000 < len(text.encode("utf-16-le")) <= 1_000_000
        assert len(held) < 700
        assert run.outputs["new-papers"] == "700"
        assert [item["id"] for item in held] == [f"2603.{number:05}" for number in range(700, 700 - len(held), -1)]


def test_the_summary_of_a_dry_run_stays_under_a_mebibyte(tmp_path: Path) -> None:
    found = papers(range(1, 701), abstract="alpha " + "Ł" * 1000)
    before = {"README.md": b"````md\nMine\n````\n"}
    with started(tmp_path, found, before, max_results="700", max_bytes="0", dry_run="true") as action:
        run = action.run()

        assert run.code == 0, run.log
        assert 900_000 < len(run.summary.encode()) < 1 << 20
        assert "\n`````diff\n" in run.summary
        assert run.summary.endswith("\n`````\n")
        assert "cut here" in run.summary
        assert run.log.count("Ł") == 700_000, "the log has it whole"
