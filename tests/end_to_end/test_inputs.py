"""Where a run reads and writes, and what its inputs mean beyond the lists, the section and the announcement."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from digest.config import DEFAULTS
from tests.factories import listed, paper, papers, started

if TYPE_CHECKING:
    from pathlib import Path


def test_an_empty_value_means_the_default(tmp_path: Path) -> None:
    with started(tmp_path, papers(range(1, 5), comment="8 pages")) as action:
        given = action.inputs
        action.run()
        page = action.github.read("README.md")
        action.inputs = dict.fromkeys(DEFAULTS, "") | given
        again = action.run()
        assert (again.code, again.outputs["changed"]) == (0, "false"), again.log
        assert action.github.read("README.md") == page


def test_keywords_stand_one_a_line_with_comments_blanks_and_queries_of_their_own(tmp_path: Path) -> None:
    found = [
        paper(1, "deep alpha"),
        paper(2, "x", title="VLM here"),
        paper(3, "x", authors=("Yann Le Cun",)),
        paper(4, "x", comment="ICML"),
        paper(5, "x", journal="Nature"),
        paper(6, "x", categories=("q-bio.NC",)),
        paper(7, "x", report="TR-7"),
        paper(8, "x", abstract="Re:Zero, a study"),
        paper(9, "x", published=datetime(2020, 5, 5, tzinfo=UTC)),
    ]
    keywords = (
        "\n# one comment\n  # another\nDeep  Alpha\r\n\nShort: ti:VLM OR (abs:none AND abs:such)\n"
        'au:"Le Cun"\nco:ICML ANDNOT ti:none\n"Nature"\n(cat:q-bio.* OR rn:TR-7)\nRe:Zero\n'
        "Old: submittedDate:[2020 TO 2020]\nOne: id:2603.00001"
    )
    with started(tmp_path, found, keywords=keywords, deduplicate="false") as action:
        run = action.run()
        page = action.page()

        assert run.code == 0, run.log
        headings = [line for line in page.splitlines() if line.startswith("## ")]
        assert [[entry.partition(".")[2] for entry in listed(page, heading)] for heading in headings] == [
            ["00001v1"], ["00002v1"], ["00003v1"], ["00004v1"], ["00005v1"], ["00007v1", "00006v1"], ["00008v1"],
            ["00009v1"], ["00001v1"],
        ]  # fmt: skip
        assert headings[:2] == ["## Deep Alpha", "## Short"]
        assert headings[-2:] == ["## Old", "## One"]


@pytest.mark.parametrize(
    "variables",
    [
        {"GITHUB_REF": "refs/heads/feature/x", "GITHUB_REF_NAME": "feature/x"},
        {"GITHUB_REF": "refs/pull/7/merge", "GITHUB_HEAD_REF": "main", "INPUT_BRANCH": "feature/x"},
        {"GITHUB_REF": "refs/tags/v1", "GITHUB_REF_NAME": "v1", "INPUT_BRANCH": "feature/x"},
        {"GITHUB_REF": "refs/heads/main", "INPUT_BRANCH": "refs/heads/feature/x"},
    ],
)
def test_the_runs_own_branch_is_written_or_the_one_that_is_named(tmp_path: Path, variables: dict[str, str]) -> None:
    with started(tmp_path, [paper(1)], readme="docs/papers.md") as action:
        action.github.push("docs/papers.md", b"# There\n", branch="feature/x")
        action.variables = variables
        run = action.run()

        assert run.code == 0, run.log
        assert len(action.github.log()) == 1
        written = (action.github.read("docs/papers.md", "feature/x") or b"").decode()
        assert written.startswith("# There\n\n<!-- daily-papers:start -->\n")
        assert "/blob/feature/x/docs/papers.md)" in str(action.github.issues[0].body)


@pytest.mark.parametrize(
    "variables",
    [
        {"GITHUB_REF": "refs/tags/v1", "GITHUB_REF_NAME": "v1"},
        {"GITHUB_REF": "refs/pull/7/merge", "GITHUB_REF_NAME": "7/merge", "GITHUB_HEAD_REF": "main"},
        {"GITHUB_REF": "refs/pull/7/head", "GITHUB_REF_NAME": "main", "GITHUB_HEAD_REF": "feature/x"},
    ],
)
def test_a_tag_or_a_pull_request_is_no_branch_to_write_to(tmp_path: Path, variables: dict[str, str]) -> None:
    with started(tmp_path, [paper(1)]) as action:
        action.variables = variables
        run = action.run()
        assert run.code == 1
        assert "Input branch" in run.annotations("error")[0]
        assert "set `branch`" in run.annotations("error")[0]
        assert not action.github.requests
        assert not action.arxiv.requests


def test_lines_that_look_like_queries_are_warned_of_and_asked_as_they_stand(tmp_path: Path) -> None:
    found = [paper(1, "LLM VLM"), paper(2, "alpha")]
    with started(tmp_path, found, keywords="- Alpha\n* LLM; VLM\nsurvey OR video", exclude="a | b") as action:
        run = action.run()
        assert run.code == 0, run.log
        assert listed(action.page(), "## LLM; VLM") == ["2603.00001v1"]
        assert listed(action.page(), "## Alpha") == ["2603.00002v1"]
        told = run.annotations("warning")
        assert len(told) == 2
        assert "line 2: 'LLM; VLM' is searched as one phrase" in told[0]
        assert "line 3: 'survey OR video' is searched as one phrase" in told[0]
        assert "'a | b' is left out as one phrase" in told[1]
        (notice,) = [text for text in run.annotations("notice") if "has no paper" in text]
        assert notice.endswith("arXiv has no paper for survey OR video, searched as a phrase in title or abstract")


def test_a_category_that_no_paper_is_in_is_told_before_anything_is_asked(tmp_path: Path) -> None:
    with started(tmp_path, [paper(1)], categories="cs", keywords="A: cat:stat") as action:
        run = action.run()
        assert run.code == 1
        assert [("cs.*" in told, "stat.*" in told) for told in run.annotations("error")] == [
            (False, True),
            (True, False),
        ]
        assert not action.arxiv.requests


def test_enterprise_server_is_reached_under_its_prefix(tmp_path: Path) -> None:
    with started(tmp_path, [paper(1)], prefix="/api/v3") as action:
        action.variables = {"GITHUB_SERVER_URL": "https://ghe.example"}
        run = action.run()

        assert run.code == 0, run.log
        assert listed(action.page()) == ["2603.00001v1"]
        assert "](https://ghe.example/octo/papers/blob/main/README.md)" in str(action.github.issues[0].body)


def test_the_date_is_the_zones(tmp_path: Path) -> None:
    zone = "Pacific/Kiritimati"
    with started(tmp_path, [paper(1)], timezone=zone) as action:
        before = datetime.now(ZoneInfo(zone))
        action.run()
        after = datetime.now(ZoneInfo(zone))
        date = action.page().partition("Last update: ")[2][:10]
        assert date in {f"{before:%Y-%m-%d}", f"{after:%Y-%m-%d}"}
        assert date in action.github.issues[0].title


def test_it_runs_without_files_for_outputs_and_summary(tmp_path: Path) -> None:
    with started(tmp_path, [paper(1)]) as action:
        action.variables = {"GITHUB_OUTPUT": "", "GITHUB_STEP_SUMMARY": "", "LC_ALL": "C"}
        run = action.run_apart()
        assert run.code == 0, run.log
        assert listed(action.page()) == ["2603.00001v1"]


def test_a_plain_run_costs_few_requests(tmp_path: Path) -> None:
    with started(tmp_path, [paper(1), paper(2, "beta")], keywords="Alpha\nBeta") as action:
        action.run()
        assert len(action.arxiv.requests) == 2
        assert len(action.github.requests) <= 8
        (agent,) = {request.headers["User-Agent"] for request in action.arxiv.requests}
        assert "daily-papers" in agent
