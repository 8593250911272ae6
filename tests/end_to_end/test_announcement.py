"""What is new, and the issue that tells of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.factories import listed, paper, papers, shown, started, table_head

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Action


def told(action: Action) -> list[list[str]]:
    """Per issue the papers whose rows it shows."""
    return [listed(str(issue.body)) for issue in action.github.issues]


def ids(*numbers: int, month: str = "2603") -> list[str]:
    return [f"{month}.{number:05}v1" for number in numbers]


def test_the_issue_shows_the_new_papers_rows_without_the_abstract(tmp_path: Path) -> None:
    found = [*papers([1, 2, 3], comment="8 pages"), paper(4, "beta", comment="This one is folded on the page")]
    with started(tmp_path, found, keywords="Alpha\nNothing Such\nBeta", notify_limit="2") as action:
        run = action.run(issue_labels="papers\ngood first read, arxiv")
        (issue,) = action.github.issues
        date = action.page().partition("Last update: ")[2][:10]

        assert run.code == 0, run.log
        assert issue.title == f"Daily papers {date}: 4 new"
        assert issue.labels == ["papers", "good first read", "arxiv"]
        assert shown(str(issue.body)).strip() == (
            "New in [README.md](https://github.test/octo/papers/blob/main/README.md):\n\n"
            "## Alpha\n\n"
            f"{table_head('Title', 'Date', 'Comment')}\n"
            "| **[Paper 3](https://arxiv.org/abs/2603.00003v1)** | 2026-03-01 | 8 pages |\n"
            "| **[Paper 2](https://arxiv.org/abs/2603.00002v1)** | 2026-03-01 | 8 pages |\n\n"
            "and 1 more in the README\n\n"
            "## Beta\n\n"
            f"{table_head('Title', 'Date', 'Comment')}\n"
            "| **[Paper 4](https://arxiv.org/abs/2603.00004v1)** | 2026-03-01 | This one is folded on the page |"
        )
        assert run.outputs["issue-url"] == "https://github.com/octo/papers/issues/1"
        assert issue.labels == action.github.labels


def test_a_notify_limit_of_zero_only_counts(tmp_path: Path) -> None:
    with started(tmp_path, [*papers([1, 2]), paper(3, "beta")], keywords="Alpha\nBeta", notify_limit="0") as action:
        action.run()
        body = shown(str(action.github.issues[0].body)).strip()
        assert (
            body.partition("\n\n")[2] == "## Alpha\n\nand 2 more in the README\n\n## Beta\n\nand 1 more in the README"
        )


@pytest.mark.parametrize(
    ("readme", "page"), [("docs/README.md", "the README"), ("docs/video.md", "video.md"), ("a_b.md", "a_b.md")]
)
def test_what_is_left_out_stands_on_the_page(tmp_path: Path, readme: str, page: str) -> None:
    with started(tmp_path, papers([1, 2]), {"README.md": b"# Papers\n", readme: b""}, readme=readme) as action:
        action.run(notify_limit="1")
        assert f"\n\nand 1 more in {page}\n\n" in str(action.github.issues[0].body)


def test_notify_none_opens_no_issue_and_makes_up_for_nothing_later(tmp_path: Path) -> None:
    with started(tmp_path, papers([1, 2])) as action:
        run = action.run(notify="none")
        assert (run.outputs["new-papers"], run.outputs["issue-url"]) == ("2", "")
        action.arxiv.show(papers([1, 2, 3]))
        action.run(notify="issue")
        assert told(action) == [ids(3)]


def test_columns_without_a_title_name_the_papers_in_the_issue_all_the_same(tmp_path: Path) -> None:
    with started(tmp_path, [paper(1)], columns="abstract") as action:
        assert action.run().code == 0
        assert told(action) == [ids(1)]
        assert action.run().outputs["changed"] == "false"


def test_a_link_that_needs_quoting_leads_to_the_file(tmp_path: Path) -> None:
    with started(tmp_path, [paper(1)], readme="docs/daily papers (1).md", branch="feature/#1") as action:
        action.github.push("x", b"", branch="feature/#1")
        assert action.run().code == 0
        link = "https://github.test/octo/papers/blob/feature/%231/docs/daily%20papers%20%281%29.md"
        assert f"]({link})" in str(action.github.issues[0].body)


def test_no_new_papers_no_issue(tmp_path: Path) -> None:
    with started(tmp_path, []) as action:
        run = action.run()
        assert (run.code, run.outputs["changed"], run.outputs["new-papers"]) == (0, "true", "0")
        assert run.outputs["new-papers-json"] == "[]"
        assert not action.github.issues


def test_each_run_announces_only_what_the_section_never_listed(tmp_path: Path) -> None:
    with started(tmp_path, papers(range(1, 4)), max_results="3") as action:
        action.run()
        # 1 and 2 fall off the list, and come back as 2 is revised and the newer ones are gone.
        action.arxiv.show(papers(range(1, 7)))
        second = action.run()
        action.arxiv.show([*papers([1, 3]), paper(2, version=2, updated=paper(9).updated), paper(8)])
        third = action.run()
        assert listed(action.page()) == [*ids(8)[:0], "2603.00002v2", *ids(8, 3)]
        # Under another keyword, and under another heading, they are no news either.
        fourth = action.run(keywords="Number: abs:number\nAlpha")

        assert told(action) == [ids(3, 2, 1), ids(6, 5, 4), ids(8)]
        assert [run.outputs["new-papers"] for run in (second, third, fourth)] == ["3", "1", "0"]
        assert len(action.github.issues) == 3


def test_papers_from_before_the_horizon_are_listed_and_counted_but_not_announced(tmp_path: Path) -> None:
    # The highest identifier is of March 2026: January is the horizon's month.
    months = ["2603", "2602", "2601", "2512", "1503"]
    found = [paper(number, month=month) for number, month in enumerate(months, 11)]
    old_style = paper(1, id="hep-th/9901001v3")
    with started(tmp_path, [*found, old_style]) as action:
        run = action.run()

        assert (run.outputs["papers"], run.outputs["new-papers"]) == ("6", "3")
        assert len(listed(action.page())) == 6
        assert told(action) == [["2601.00013v1", "2602.00012v1", "2603.00011v1"]]
        assert "| Alpha | 6 | 3 | 3 |" in run.summary
        assert "3 new" in action.github.issues[0].title

        # The horizon stays where it was when March's paper leaves the list, and moves with April's.
        action.arxiv.show([*found[1:], paper(21, month="2512"), paper(22, month="2601")])
        assert action.run().outputs["new-papers"] == "1"
        action.arxiv.show([*found[1:], paper(23, month="2604"), paper(24, month="2601"), paper(25, month="2602")])
        assert action.run().outputs["new-papers"] == "2"
        assert told(action)[1:] == [["2601.00022v1"], ["2602.00025v1", "2604.00023v1"]]


def test_a_keyword_just_added_announces_its_papers_from_the_horizon_on(tmp_path: Path) -> None:
    with started(tmp_path, [paper(1), paper(2, "beta"), paper(3, "beta", month="2511")]) as action:
        action.run()
        added = action.run(keywords="Alpha\nBeta")
        assert (added.outputs["papers"], added.outputs["new-papers"]) == ("3", "1")
        assert told(action)[1] == ids(2)
        assert "| Beta | 2 | 1 | 1 |" in added.summary


@pytest.mark.parametrize("wide", ["🌊", "x"])
def test_the_body_stays_under_githubs_limit_and_says_how_many_more_there_are(tmp_path: Path, wide: str) -> None:
    found = [
        paper(number, "alpha" if number <= 400 else "beta", title=wide * 120 + str(number)) for number in range(1, 601)
    ]
    with started(tmp_path, found, keywords="Alpha\nBeta", max_results="400", notify_limit="9999") as action:
        run = action.run()
        body = str(action.github.issues[0].body)

        assert run.code == 0, run.log
        assert 50_000 < len(body.encode("utf-16-le")) // 2 <= 65_536
        assert body.count("more in the README") == 2
        counts = [int(line.split()[1]) for line in body.splitlines() if line.endswith("more in the README")]
        assert len(listed(body)) + sum(counts) == 600
        # Whole rows only, and the same papers are not told again.
        assert all(line.endswith("|  |") for line in body.splitlines() if line.startswith("| **["))
        assert action.run().outputs["changed"] == "false"
        assert len(action.github.issues) == 1


def test_two_sections_with_the_same_title_do_not_take_each_others_issue_for_their_own(tmp_path: Path) -> None:
    with started(tmp_path, [paper(1), paper(2, "beta")]) as action:
        action.run(section="a", keywords="Alpha")
        # The second section is committed, and its issue refused.
        action.github.permissions["issues"] = "read"
        refused = action.run(section="b", keywords="Beta")
        assert refused.code == 1
        action.github.permissions["issues"] = "write"
        assert action.run(section="b", keywords="Beta").code == 0
        assert told(action) == [ids(1), ids(2)]


def test_a_withdrawn_paper_is_listed_as_such_and_no_news(tmp_path: Path) -> None:
    gone = paper(2, comment="This paper has been withdrawn by the authors")
    with started(tmp_path, [paper(1), gone]) as action:
        run = action.run()

        assert "**[Paper 2](https://arxiv.org/abs/2603.00002v1)** *(withdrawn)* |" in action.page()
        assert (run.outputs["papers"], run.outputs["new-papers"]) == ("2", "1")
        assert told(action)[0] == ids(1)
        assert action.run().outputs["changed"] == "false"
