"""The input `contents`: a list of the keywords above the first heading, kept in step with what is listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sandbox.arxiv.faults import status
from tests.factories import listed, paper, papers, shown, started

if TYPE_CHECKING:
    from pathlib import Path

FOUND = [*papers([1, 2, 3]), *papers([4], "beta")]
KEYWORDS = "Alpha\nBeta\nNothing Such\nC++: abs:nothing\nC#: abs:nothing"
LIST = [
    "- [Alpha](#alpha) (3)",
    "- [Beta](#beta) (1)",
    "- [Nothing Such](#nothing-such) (0)",
    "- [C++](#c) (0)",
    "- [C#](#c-1) (0)",
]


def contents(page: str) -> list[str]:
    """The lines between the date and the first heading of the section, as a reader sees them."""
    lines = page.partition("Last update: ")[2].partition("\n## ")[0].split("\n")[1:]
    return [line for line in lines if line and not line.startswith("<!--")]


@pytest.mark.parametrize("template", ["table", "list", "own.j2"])
def test_it_stands_above_the_first_heading_and_a_second_run_writes_nothing(tmp_path: Path, template: str) -> None:
    files = {"README.md": b"# Mine\n", "own.j2": b"{% for p in papers %}\n* {{ p.title }}\n\n{% endfor %}\n"}
    with started(tmp_path, FOUND, files, keywords=KEYWORDS, template=template, contents="true") as action:
        run = action.run()
        page = action.page()

        assert run.code == 0, run.log
        assert contents(page) == LIST
        assert f"\n\n{LIST[0]}\n" in page
        assert f"{LIST[-1]}\n\n<!-- daily-papers:list " in page
        assert action.run(timezone="Pacific/Kiritimati").outputs["changed"] == "false"
        assert action.run(timezone="Etc/GMT+12").outputs["changed"] == "false"


def test_without_it_the_page_is_as_it_always_was_and_it_comes_and_goes_at_once(tmp_path: Path) -> None:
    with started(tmp_path, FOUND, keywords=KEYWORDS) as action:
        action.run()
        without = action.page()
        assert contents(without) == []
        assert action.run(contents="true").outputs["changed"] == "true"
        assert contents(action.page()) == LIST
        assert action.run().outputs["changed"] == "true"
        assert shown(action.page()) == shown(without)


def test_it_counts_what_is_listed_also_where_a_keyword_failed_or_max_bytes_cuts(tmp_path: Path) -> None:
    with started(tmp_path, papers(range(1, 31)), keywords="Alpha\nBeta", contents="true") as action:
        action.run()
        action.arxiv.show([*papers(range(1, 31)), *papers([40], "beta")])
        action.arxiv.fail(status(503), when="Alpha")
        assert action.run().code == 0
        assert contents(action.page()) == ["- [Alpha](#alpha) (30)", "- [Beta](#beta) (1)"]

        action.arxiv.heal()
        assert action.run(max_bytes="2500").code == 0
        page = action.page()
        assert 10 <= len(listed(page, "## Alpha")) < 30
        assert contents(page) == [f"- [Alpha](#alpha) ({len(listed(page, '## Alpha'))})", "- [Beta](#beta) (1)"]
        assert len(page.encode()) <= 2500
        assert action.run(max_bytes="2500").outputs["changed"] == "false"


def test_its_bytes_count_into_max_bytes(tmp_path: Path) -> None:
    with started(tmp_path, papers(range(1, 31)), keywords="Alpha") as action:
        counts = []
        for on in ("false", "true"):
            run = action.run(max_bytes="2500", contents=on)
            counts.append(int(run.outputs["papers"]))
            assert len(action.page().encode()) <= 2500
        # A row without its abstract has some 80 bytes, the list 23.
        assert counts[0] - counts[1] in (0, 1)
        assert action.run(max_bytes="0", contents="true").outputs["papers"] == "30"


def test_headings_above_the_section_with_the_same_name_have_the_first_numbers(tmp_path: Path) -> None:
    before = b"# Alpha\n\n```md\n# Beta\n```\n\n<h2>alpha 1</h2>\n\n## Links\n"
    with started(tmp_path, FOUND, {"README.md": before}, keywords="Alpha\nBeta", contents="true") as action:
        action.run()
        assert contents(action.page()) == ["- [Alpha](#alpha-2) (3)", "- [Beta](#beta) (1)"]
        action.github.push("README.md", action.page().replace("## Links", "## Beta").encode())
        assert action.run().outputs["changed"] == "true"
        assert contents(action.page()) == ["- [Alpha](#alpha-2) (3)", "- [Beta](#beta-1) (1)"]


def test_two_sections_of_one_file_link_to_their_own_headings(tmp_path: Path) -> None:
    with started(tmp_path, FOUND, keywords="Alpha", contents="true") as action:
        action.run(section="one")
        action.run(section="two")
        assert "- [Alpha](#alpha) (3)" in action.page()
        assert "- [Alpha](#alpha-1) (3)" in action.page()
        assert action.run(section="one").outputs["changed"] == "false"
        assert action.run(section="two").outputs["changed"] == "false"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("- [Beta](#beta) (1)\n", ""),
        ("- [Beta](#beta) (1)\n", "- [Beta](#beta) (7)\n"),
        ("- [Beta](#beta) (1)\n", "* Beta, which I like best\n\nand more\n\n"),
        ("- [Alpha](#alpha) (3)\n", "<<<<<<< HEAD\n- [Alpha](#alpha) (3)\n=======\n- [Alpha](#alpha) (2)\n>>>>>>> b\n"),
        ("(3)\n- [Beta]", "(3)\n\n- [Beta]"),
    ],
)
def test_what_people_did_to_it_is_gone_with_the_next_run_and_nothing_else_comes_of_it(
    tmp_path: Path, before: str, after: str
) -> None:
    with started(tmp_path, FOUND, keywords=KEYWORDS, contents="true") as action:
        action.run()
        page = action.page()
        assert before in page
        action.github.push("README.md", page.replace(before, after).encode())
        run = action.run()

        assert (run.outputs["changed"], run.outputs["new-papers"]) == ("true", "0")
        assert run.annotations("warning") == []
        assert shown(action.page()) == shown(page)
        assert len(action.github.issues) == 1


def test_it_stays_where_a_refused_issue_is_remembered(tmp_path: Path) -> None:
    with started(tmp_path, [paper(1)], contents="true") as action:
        action.github.permissions["issues"] = "read"
        assert action.run().code == 1
        assert len(action.github.log()) == 3
        assert contents(action.page()) == ["- [Alpha](#alpha) (1)"]


def test_headings_of_a_template_are_counted_too(tmp_path: Path) -> None:
    template = b"{% for p in papers %}\n### {{ p.title }}\n\n{% endfor %}\n"
    found = [paper(1, title="Beta"), paper(2, "beta")]
    files = {"README.md": b"", "t.j2": template}
    with started(tmp_path, found, files, keywords="Alpha\nBeta", template="t.j2", contents="true") as action:
        action.run()
        assert contents(action.page()) == ["- [Alpha](#alpha) (1)", "- [Beta](#beta-1) (1)"]


def test_a_value_that_is_neither_is_a_bad_input(tmp_path: Path) -> None:
    with started(tmp_path, FOUND, contents="yes") as action:
        run = action.run()
        assert run.code == 1
        assert "title=Input contents" in run.log
