"""max-bytes: abstracts go first, from the lists' ends, then papers from the longest lists, down to ten a keyword."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from sandbox.arxiv.faults import status
from tests.factories import announced, block, ids, listed, paper, papers, started

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Action, Run

LONG = "x" * 1500
FOUND = [
    *(paper(number, abstract=f"alpha {LONG}") for number in range(101, 116)),
    *(paper(number, abstract=f"beta {LONG}") for number in range(201, 213)),
    *(paper(number, abstract=f"gamma {LONG}") for number in range(301, 304)),
]
KEYWORDS = "Alpha\nBeta\nGamma"


def abstracts(page: str, heading: str) -> list[bool]:
    """Per row of a list whether it shows its abstract."""
    block = page.partition(f"{heading}\n")[2].partition("\n\n")[0]
    return ["<summary>Show" in line for line in block.splitlines() if line.startswith("| **[")]


def cut_to(action: Action, most: int) -> tuple[Run, list[int], list[int]]:
    """A run under `most` bytes: per keyword how many papers are listed, and how many of them with their abstract."""
    run = action.run(max_bytes=str(most))
    assert run.code == 0, run.log
    shows = [abstracts(action.page(), f"## {heading}") for heading in KEYWORDS.split()]
    for own in shows:
        assert own == sorted(own, reverse=True), "an abstract below one that was left out"
    assert listed(action.page()) == [
        entry.id
        for count, last in zip(map(len, shows), (115, 212, 303), strict=True)
        for entry in papers(range(last, last - count, -1))
    ]
    return run, [len(own) for own in shows], [sum(own) for own in shows]


def size(action: Action) -> int:
    return len(action.github.read("README.md") or b"")


@pytest.mark.parametrize("most", [0, 60_000])
def test_nothing_is_cut_where_everything_fits_or_there_is_no_limit(tmp_path: Path, most: int) -> None:
    with started(tmp_path, FOUND, keywords=KEYWORDS) as action:
        run, counts, shown = cut_to(action, most)
        assert counts == shown == [15, 12, 3]
        assert not [note for note in run.annotations("notice") if "max-bytes" in note]


def test_the_abstracts_furthest_down_their_lists_are_left_out_first(tmp_path: Path) -> None:
    with started(tmp_path, FOUND, keywords=KEYWORDS) as action:
        run, counts, shown = cut_to(action, 30_000)

        assert counts == [15, 12, 3]
        # As many as fit: another one of some 1,560 bytes would not.
        assert 30_000 - 1600 < size(action) <= 30_000
        assert max(shown[0], shown[1]) - min(shown[0], shown[1]) <= 1
        assert shown[2] == 3
        (notice,) = [note for note in run.annotations("notice") if "max-bytes" in note]
        assert f" {30 - sum(shown)} abstracts left out" in notice
        assert not run.annotations("warning")
        assert (run.outputs["papers"], run.outputs["new-papers"]) == ("30", "30")
        assert action.run(max_bytes="30000").outputs["changed"] == "false"


def test_then_papers_from_the_ends_of_the_longest_lists_which_are_neither_listed_nor_new(tmp_path: Path) -> None:
    with started(tmp_path, FOUND, keywords=KEYWORDS) as action:
        run, counts, shown = cut_to(action, 3200)

        assert shown == [0, 0, 0]
        assert 10 <= counts[1] <= counts[0] < 15
        assert counts[0] - counts[1] <= 1 or counts[1] == 12
        assert counts[2] == 3
        assert size(action) <= 3200
        left = sum(counts)
        (notice,) = [note for note in run.annotations("notice") if "max-bytes" in note]
        assert f"{left} abstracts and {30 - left} papers" in notice
        assert (run.outputs["papers"], run.outputs["new-papers"]) == (str(left), str(left))
        assert f"{left} new" in action.github.issues[0].title
        assert action.run(max_bytes="3200").outputs["changed"] == "false"

        # With room again they are listed, and are news that was never told.
        again = action.run(max_bytes="0")
        assert (again.outputs["papers"], again.outputs["new-papers"]) == ("30", str(30 - left))


def test_ten_papers_a_keyword_stay_with_a_warning_where_the_file_is_too_long_all_the_same(tmp_path: Path) -> None:
    with started(tmp_path, FOUND, keywords=KEYWORDS) as action:
        run, counts, shown = cut_to(action, 100)

        assert (counts, shown) == ([10, 10, 3], [0, 0, 0])
        (notice,) = [note for note in run.annotations("notice") if "max-bytes" in note]
        assert "23 abstracts and 7 papers left out, since README.md may have 100 bytes at most." in notice
        assert [warning for warning in run.annotations("warning") if "max-bytes" in warning and "README.md" in warning]
        again = action.run(max_bytes="100")
        assert (again.outputs["changed"], again.outputs["papers"]) == ("false", "23")
        assert again.annotations("warning") == run.annotations("warning")


def test_no_abstract_is_said_to_be_left_out_where_none_would_be_shown(tmp_path: Path) -> None:
    with started(tmp_path, FOUND, keywords=KEYWORDS, columns="title, comment") as action:
        run = action.run(max_bytes="2200")

        (notice,) = [note for note in run.annotations("notice") if "max-bytes" in note]
        left_out = 30 - int(run.outputs["papers"])
        assert left_out > 0
        assert f"max-bytes: {left_out} papers left out" in notice
        assert "abstract" not in notice


@pytest.mark.parametrize("template", ["list", "own.j2"])
@pytest.mark.parametrize("most", [4000, 20_000])
def test_a_second_run_writes_nothing_whatever_the_template(tmp_path: Path, template: str, most: int) -> None:
    files = {
        "README.md": b"# Mine\n",
        "own.j2": b"{% for p in papers %}\n* {{ p.title }}: {{ p.abstract }} [#]({{ p.url }})\n\n{% endfor %}\n\n",
    }
    with started(tmp_path, FOUND, files, keywords=KEYWORDS, template=template, deduplicate="false") as action:
        first = action.run(max_bytes=str(most))
        assert first.code == 0, first.log
        assert size(action) <= most
        assert action.run(max_bytes=str(most)).outputs["changed"] == "false"


def test_kept_rows_are_never_cut(tmp_path: Path) -> None:
    with started(tmp_path, FOUND, keywords=KEYWORDS) as action:
        action.run()
        kept = block(action.page(), "Alpha")
        action.arxiv.fail(status(503), when="Alpha")
        run = action.run(max_bytes="26000")

        assert run.code == 0, run.log
        assert block(action.page(), "Alpha") == kept
        assert abstracts(action.page(), "## Beta").count(True) < 12


def test_a_paper_of_enormous_size_does_no_harm(tmp_path: Path) -> None:
    vast = paper(
        2,
        title="Long " * 400,
        abstract="alpha | " * 6250,
        comment="pages, " * 10_000,
        authors=tuple(f"Author {number}" for number in range(3000)),
    )
    with started(tmp_path, [vast, paper(1)], columns="title, authors, abstract, comment") as action:
        run = action.run()
        page, (issue,) = action.page(), action.github.issues

        assert run.code == 0, run.log
        assert listed(page) == ["2603.00002v1", "2603.00001v1"]
        assert "Author 9 and 2990 more" in page
        assert page.count("alpha \\|") == 6250
        assert len(json.loads(run.outputs["new-papers-json"])[0]["authors"]) == 3000
        # Its row is longer than an issue may be.
        assert len(issue.body or "") < 1500
        assert "and 2 more" in (issue.body or "")
        assert announced(action) == ids(1, 2)
        assert action.run().outputs["changed"] == "false"

        # Where room is short, its abstract goes first though it stands on top.
        assert action.run(max_bytes="100000").code == 0
        assert abstracts(action.page(), "## Alpha") == [False, False]
