"""Files beside the page: written with it, from the same lists, and never over somebody else's."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

from sandbox.arxiv import faults
from tests.factories import announced, papers, started
from tests.in_process import dead_after, run_here

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.action import Action

ALL = "docs/papers.json\npapers.csv\ndocs/papers.bib\nfeed.xml\ndocs/list.md\ndocs/index.html"
PATHS = sorted([*ALL.split("\n"), "README.md"])


def text(action: Action, path: str) -> str:
    content = action.github.read(path)
    assert content is not None, path
    return content.decode()


def listed_in(action: Action, path: str) -> dict[str, list[str]]:
    return {keyword["heading"]: keyword["papers"] for keyword in json.loads(text(action, path))["keywords"]}


def ids(*numbers: int) -> list[str]:
    return [f"2603.{number:05}" for number in numbers]


def test_every_form_is_written_in_the_pages_commit(tmp_path: Path) -> None:
    with started(tmp_path, papers([1, 2]), files=ALL) as action:
        run = run_here(action)

        assert run.code == 0, run.log
        assert run.outputs["files-changed"].split("\n") == PATHS
        assert sorted(action.github.commit_stat(action.github.log()[0].sha)) == PATHS
        assert listed_in(action, "docs/papers.json") == {"Alpha": ids(2, 1)}
        rows = list(csv.DictReader(io.StringIO(text(action, "papers.csv").removeprefix("\ufeff"))))
        assert [row["id"] for row in rows] == ids(2, 1)
        assert "@misc{arxiv:2603.00002," in text(action, "docs/papers.bib")
        assert "<id>https://github.test/octo/papers/raw/main/feed.xml</id>" in text(action, "feed.xml")
        assert "| **[Paper 2](https://arxiv.org/abs/2603.00002v1)** |" in text(action, "docs/list.md")
        assert "Paper 2" in text(action, "docs/index.html")


def test_a_second_run_writes_nothing_and_a_deleted_file_comes_back_alone(tmp_path: Path) -> None:
    with started(tmp_path, papers([1, 2]), files=ALL) as action:
        run_here(action)
        again = run_here(action)
        assert (again.outputs["changed"], again.outputs["files-changed"]) == ("false", "")

        run = run_here(action, files=f"{ALL}\nnew.csv")
        assert run.outputs["files-changed"] == "new.csv"
        assert len(action.github.issues) == 1


def test_the_date_alone_is_no_change(tmp_path: Path) -> None:
    with started(tmp_path, papers([1]), files=ALL) as action:
        run_here(action)
        for path in PATHS[1:]:
            content = text(action, path)
            day = content.partition("Last update: ")[2][:10] or action.page().partition("Last update: ")[2][:10]
            action.github.push(path, content.replace(day, "2020-01-01").encode())
        assert run_here(action).outputs["changed"] == "false"


def test_a_file_a_keyword_by_its_heading(tmp_path: Path) -> None:
    keywords = "Alpha/Beta: abs:alpha\nCON: abs:beta\n视频: abs:alpha"
    with started(
        tmp_path,
        [*papers([1]), *papers([2], "beta")],
        keywords=keywords,
        files="x/{{ heading }}.json",
        deduplicate="false",
    ) as action:
        run = run_here(action)

        assert run.outputs["files-changed"].split("\n") == sorted(
            ["README.md", "x/Alpha-Beta.json", "x/CON-.json", "x/视频.json"]
        )
        assert listed_in(action, "x/CON-.json") == {"CON": ids(2)}


@pytest.mark.parametrize("path", ["papers.csv", "feed.xml", "docs/a.md", "a.json", "b.bib", "index.html"])
def test_a_file_without_our_mark_is_never_overwritten(tmp_path: Path, path: str) -> None:
    with started(tmp_path, papers([1]), {path: b"mine\n"}, files=path) as action:
        run = run_here(action)

        assert (run.code, len(action.github.log())) == (1, 1)
        assert f"::error::files: {path} is there already, and this action did not write it" in run.log
        assert action.github.read(path) == b"mine\n"


def test_a_keyword_that_fails_keeps_its_papers_where_a_json_is_kept(tmp_path: Path) -> None:
    shown = [*papers([1, 2]), *papers([3], "beta")]
    files = "p.json\np.csv\n{{ heading }}.bib"
    with started(tmp_path, shown, keywords="Alpha\nBeta", files=files) as action:
        run_here(action)
        action.arxiv.show([*shown, *papers([4], "beta")])
        action.arxiv.fail(faults.throttled(), when="Alpha")

        run = run_here(action)

        assert run.outputs["files-changed"].split("\n") == ["Beta.bib", "README.md", "p.csv", "p.json"]
        assert listed_in(action, "p.json") == {"Alpha": ids(2, 1), "Beta": ids(4, 3)}
        assert "2603.00002" in text(action, "p.csv")


def test_without_a_json_a_file_of_all_keywords_stays_as_it_is_while_one_fails(tmp_path: Path) -> None:
    shown = [*papers([1, 2]), *papers([3], "beta")]
    with started(tmp_path, shown, keywords="Alpha\nBeta", files="p.csv") as action:
        run_here(action)
        before = action.github.read("p.csv")
        action.arxiv.show([*shown, *papers([4], "beta")])
        action.arxiv.fail(faults.throttled(), when="Alpha")
        assert run_here(action).outputs["files-changed"] == "README.md"
        assert action.github.read("p.csv") == before

        action.arxiv.heal()
        assert run_here(action).outputs["files-changed"] == "p.csv"


@pytest.mark.parametrize("when", range(1, 8))
def test_a_run_that_dies_loses_no_file_and_tells_nothing_twice(tmp_path: Path, when: int) -> None:
    with started(tmp_path, papers([1, 2]), files="p.json\np.csv") as action:
        dead_after(action, when)
        assert run_here(action).code == 0
        assert listed_in(action, "p.json") == {"Alpha": ids(2, 1)}
        assert set(announced(action).values()) == {1}


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ("papers.txt", "has no form"),
        ("papers", "has no form"),
        ("../a.json", "leads outside the repository"),
        ("/a.json", "is absolute"),
        ("a.json\na.json", "is named twice"),
        ("README.md", "is the path of readme too"),
        ("readme.MD", "is the path of readme too"),
        ("a.json\nA.json", "is the path of 'a.json' too"),
        ("{{ heading }}.md\nalpha.md", "is the path of '{{ heading }}.md' too"),
        ("{{ day }}.json", "knows {{ heading }}, {{ year }} and {{ month }}, not {{ day }}"),
        ("{{ month }}.json", "write {{ year }} beside {{ month }}"),
        ("{{ year }}.xml", "an archive by {{ year }} ends in .json, .csv, .bib or .md"),
        ("a/{{ year }}.html", "an archive by {{ year }} ends in .json, .csv, .bib or .md"),
        ("{{ year }}.md\narchive.md", "the index of '{{ year }}.md', archive.md, is the path of 'archive.md' too"),
        ("{{ year }}.bib\n2026.bib", "is the path of '{{ year }}.bib' too"),
    ],
)
def test_wrong_paths_are_bad_inputs(tmp_path: Path, files: str, why: str) -> None:
    with started(tmp_path, papers([1]), files=files) as action:
        run = run_here(action)

        assert run.code == 1
        assert action.arxiv.requests == []
        assert why in run.log
        assert "title=Input files" in run.log


def test_two_headings_that_would_be_one_file_are_a_bad_input(tmp_path: Path) -> None:
    keywords = "A/B: abs:alpha\na-b: abs:beta"
    with started(tmp_path, papers([1]), keywords=keywords, files="{{ heading }}.md") as action:
        assert "A/B and a-b would be one file" in run_here(action).log


@pytest.mark.parametrize("dry_run", ["true", "false"])
@pytest.mark.parametrize(
    ("there", "mode", "path", "why"),
    [
        ("p.csv", "120000", "p.csv", "p.csv is a symbolic link. Name the file that it points to instead."),
        ("docs", "100644", "docs/p.csv", "docs/p.csv would lie in a file or a link. Name a path"),
        ("p.csv/x", "100644", "p.csv", "p.csv is a folder or a link to somewhere else, not a file."),
    ],
)
def test_what_is_no_file_is_told_by_a_dry_run_too(
    tmp_path: Path, there: str, mode: str, path: str, why: str, dry_run: str
) -> None:
    with started(tmp_path, papers([1]), files="real.csv") as action:
        run_here(action)
        action.github.push(there, b"real.csv", mode=mode)
        action.arxiv.show(papers([1, 2]))
        run = run_here(action, files=path, dry_run=dry_run)

        assert run.code == 1
        assert why in run.log


def test_files_cost_no_request_where_nothing_changed_and_one_each_where_they_do(tmp_path: Path) -> None:
    with started(tmp_path, papers([1, 2]), files="p.json\np.csv\nd/p.md\nd/p.html\np.xml\np.bib") as action:
        assert run_here(action).code == 0
        assert len(action.github.requests) == 8
        action.github.requests.clear()

        assert run_here(action).outputs["files-changed"] == ""
        assert [request.path.split("/")[-2] for request in action.github.requests] == [
            "branches", "contents", "trees", "papers",
        ]  # fmt: skip

        action.github.requests.clear()
        action.arxiv.show(papers([1, 2, 3]))
        assert len(run_here(action).outputs["files-changed"].splitlines()) == 7
        # Besides the nine of a day with news.
        assert len(action.github.requests) == 9 + 6
