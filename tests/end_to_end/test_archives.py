"""Archives by year and month: they only grow, nothing in them is lost or twice, and little of them is read."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from digest.export import json_file
from sandbox.arxiv import faults
from sandbox.github.faults import at, refuse, verb
from tests.factories import announced, listed, paper, papers, started
from tests.in_process import dead_after, run_here
from tests.proposing import BRANCH, ahead, day, proposing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sandbox.action import Action, Run

MONTHLY = "archive/{{ year }}-{{ month }}.md"
ALL = "\n".join(f"archive/{{{{ year }}}}-{{{{ month }}}}{form}" for form in (".json", ".csv", ".bib", ".md"))
MARCH, APRIL, INDEX = "archive/2026-03.md", "archive/2026-04.md", "archive/README.md"
MOVE = verb("PATCH")
# What a run asks besides the branch, the page and, where a promise stands, the issues.
TREE = "git/trees"


def text(action: Action, path: str) -> str:
    content = action.github.read(path)
    assert content is not None, path
    return content.decode()


def rows(action: Action, path: str) -> list[str]:
    """The papers of an archive's file, with their versions, in its order."""
    content = text(action, path)
    if path.endswith(".md"):
        return listed(content)
    if path.endswith(".json"):
        read = json_file.read(content.encode())
        assert read is not None
        return [f"{one.id}v{one.version}" for one in read.papers.values()]
    return re.findall(r"https://arxiv\.org/abs/([\w.]+)", content)


def ids(*numbers: int, month: str = "2603", version: int = 1) -> list[str]:
    return [f"{month}.{number:05}v{version}" for number in numbers]


def asked(action: Action) -> list[str]:
    """What was asked of GitHub since the last time, without what stands behind a tree's name."""
    done = []
    for request in action.github.requests:
        path = request.path.rpartition("/papers/")[2].removeprefix("contents/")
        done.append(f"{request.verb} {re.sub('/[0-9a-f]{40}', '', path)}")
    action.github.requests.clear()
    return done


def next_day(action: Action, *shown: Sequence[object], **inputs: str) -> Run:
    action.arxiv.show([one for some in shown for one in some])  # type: ignore[misc]
    action.github.requests.clear()
    run = run_here(action, **inputs)
    assert run.code == 0, run.log
    return run


def changed(run: Run) -> list[str]:
    return run.outputs["files-changed"].split("\n") if run.outputs["files-changed"] else []


WRITTEN = ["POST git/trees", "POST git/commits", "PATCH git/refs/heads/main"]
TOLD = ["GET issues", "POST issues"]


def test_the_first_run_puts_all_that_is_listed_into_its_months(tmp_path: Path) -> None:
    found = [*papers([1, 2]), *papers([7], month="2511")]
    with started(tmp_path, found, files=ALL) as action:
        run = run_here(action)

        assert run.code == 0, run.log
        forms = (".bib", ".csv", ".json", ".md")
        months = [f"archive/{month}{form}" for month in ("2025-11", "2026-03") for form in forms]
        assert changed(run) == sorted(["README.md", INDEX, *months])
        assert sorted(action.github.commit_stat(action.github.log()[0].sha)) == changed(run)
        for form in forms:
            assert rows(action, f"archive/2026-03{form}") == ids(2, 1)
            assert rows(action, f"archive/2025-11{form}") == ids(7, month="2511")
        assert text(action, INDEX) == (
            "<!-- daily-papers:file -->\n\n# Archive\n\n- [2026-03](2026-03.md)\n- [2025-11](2025-11.md)\n"
        )
        assert asked(action) == [
            *("GET branches/main", "GET README.md", "GET git/trees"),
            *WRITTEN,
            *TOLD,
        ]


def test_a_day_reads_the_months_of_its_new_papers_and_one_without_them_none(tmp_path: Path) -> None:
    with started(tmp_path, [*papers([1, 2]), *papers([7], month="2511")], files=MONTHLY) as action:
        run_here(action)
        run = next_day(action, papers([1, 2, 3]), papers([7], month="2511"))
        assert changed(run) == ["README.md", MARCH]
        assert rows(action, MARCH) == ids(3, 2, 1)
        assert asked(action) == [
            *("GET branches/main", "GET README.md", "GET git/trees", "GET issues"),
            f"GET {MARCH}",
            *WRITTEN,
            *TOLD,
        ]

        run = next_day(action, papers([1, 2, 3]), papers([7], month="2511"))
        assert run.outputs["changed"] == "false"
        assert asked(action) == ["GET branches/main", "GET README.md", "GET git/trees", "GET issues"]


def test_what_left_the_list_stays_in_the_archive(tmp_path: Path) -> None:
    with started(tmp_path, papers([1, 2]), files=MONTHLY, max_results="2") as action:
        run_here(action)
        next_day(action, papers([3, 4]))
        next_day(action, papers([5, 6]))
        assert listed(action.page()) == ids(6, 5)
        assert rows(action, MARCH) == ids(6, 5, 4, 3, 2, 1)


def test_a_new_month_is_a_new_file_and_the_last_one_is_not_read(tmp_path: Path) -> None:
    with started(tmp_path, papers([1]), files=MONTHLY) as action:
        run_here(action)
        run = next_day(action, papers([1]), papers([2], month="2604"))
        assert changed(run) == sorted(["README.md", APRIL, INDEX])
        assert text(action, INDEX).endswith("- [2026-04](2026-04.md) · [2026-03](2026-03.md)\n")
        # The index is read since it is to show another month.
        assert [one for one in asked(action) if "archive/" in one] == [f"GET {INDEX}"]


def test_by_year_and_by_heading(tmp_path: Path) -> None:
    found = [*papers([1]), *papers([2], "beta"), *papers([9], "beta", month="2511")]
    with started(tmp_path, found, keywords="Alpha\nBeta", files="a/{{ heading }}/{{ year }}.md") as action:
        run_here(action)
        assert rows(action, "a/Alpha/2026.md") == ids(1)
        assert rows(action, "a/Beta/2026.md") == ids(2)
        assert rows(action, "a/Beta/2025.md") == ids(9, month="2511")
        assert text(action, "a/README.md") == (
            "<!-- daily-papers:file -->\n\n# Archive\n\n## Alpha\n\n- [2026](Alpha/2026.md)\n\n"
            "## Beta\n\n- [2026](Beta/2026.md)\n- [2025](Beta/2025.md)\n"
        )
        assert text(action, "a/Alpha/2026.md").startswith("<!-- daily-papers:file -->\n\n# 2026\n\n| **Title** |")


def test_a_keyword_that_is_renamed_begins_a_new_archive_and_the_old_one_stays(tmp_path: Path) -> None:
    with started(tmp_path, papers([1]), keywords="One: abs:alpha", files="a/{{ heading }}/{{ year }}.md") as action:
        run_here(action)
        before = text(action, "a/One/2026.md")
        run_here(action, keywords="Two: abs:alpha")
        assert rows(action, "a/Two/2026.md") == ids(1)
        assert text(action, "a/One/2026.md") == before
        assert "One" not in text(action, "a/README.md")


def test_a_paper_that_changes_its_keyword_is_in_the_archive_of_both(tmp_path: Path) -> None:
    both, files = papers([1], "alpha and beta"), "a/{{ heading }}/{{ year }}.bib"
    with started(tmp_path, [*both, *papers([2], "beta")], keywords="Alpha\nBeta", files=files) as action:
        run_here(action)
        assert rows(action, "a/Beta/2026.bib") == ids(2)
        next_day(action, both, papers([2], "beta"), keywords="Beta\nAlpha")
        assert rows(action, "a/Alpha/2026.bib") == ids(1)
        assert rows(action, "a/Beta/2026.bib") == ids(2, 1)


def test_a_paper_that_is_revised_later_keeps_its_row_and_costs_nothing(tmp_path: Path) -> None:
    with started(tmp_path, papers([1, 2]), files=MONTHLY) as action:
        run_here(action)
        before = text(action, MARCH)
        run = next_day(action, [paper(1, version=2, title="Another title")], papers([2]))
        assert changed(run) == ["README.md"]
        assert text(action, MARCH) == before
        assert f"GET {MARCH}" not in asked(action)


def test_a_paper_that_comes_back_to_the_list_is_looked_for_and_not_added_twice(tmp_path: Path) -> None:
    with started(tmp_path, papers([1, 2]), files=MONTHLY, max_results="2") as action:
        run_here(action)
        next_day(action, papers([2, 3]))
        run = next_day(action, [paper(1, version=2)], papers([3]))
        assert changed(run) == ["README.md"]
        assert f"GET {MARCH}" in asked(action)
        assert rows(action, MARCH) == ids(3, 2, 1)


@pytest.mark.parametrize(
    ("day", "when"), [("first", when) for when in range(8)] + [("second", when) for when in range(14)]
)
def test_a_run_that_dies_after_any_request_loses_nothing_and_adds_nothing_twice(
    tmp_path: Path, day: str, when: int
) -> None:
    files = f"{ALL}\np.json"
    with started(tmp_path, papers([1, 2]), files=files, max_results="2") as action:
        if day == "second":
            run_here(action)
            action.arxiv.show(papers([3, 4]))
        dead_after(action, when)

        assert run_here(action).code == 0
        again = run_here(action)

        assert again.outputs["changed"] == "false"
        for form in (".json", ".csv", ".bib", ".md"):
            assert rows(action, f"archive/2026-03{form}") == (ids(2, 1) if day == "first" else ids(4, 3, 2, 1))
        assert set(announced(action).values()) == {1}


@pytest.mark.parametrize("when", range(12))
def test_a_request_that_fails_once_does_no_harm(tmp_path: Path, when: int) -> None:
    with started(tmp_path, papers([1]), files=MONTHLY) as action:
        run_here(action)
        action.github.fail(refuse(500), at(len(action.github.requests) + when))
        next_day(action, papers([1, 2]), papers([3], month="2604"))
        assert rows(action, MARCH) == ids(2, 1)
        assert rows(action, APRIL) == ids(3, month="2604")
        assert text(action, INDEX).count("](2026-") == 2


def test_two_runs_at_once_that_find_other_papers_keep_both(tmp_path: Path) -> None:
    with started(tmp_path, papers([1]), files=MONTHLY) as action:
        run_here(action)

        def another(_: object) -> None:
            action.arxiv.show(papers([1, 2]))
            run = action.finish(action.start())
            assert (run.code, run.outputs["new-papers"]) == (0, "1"), run.log

        action.arxiv.show([*papers([1, 3]), *papers([4], month="2604")])
        action.github.before(MOVE, another)
        run = run_here(action)

        assert run.code == 0, run.log
        assert "Once more." in run.log
        assert rows(action, MARCH) == ids(3, 2, 1)
        assert rows(action, APRIL) == ids(4, month="2604")
        assert set(announced(action).values()) == {1}


def test_a_run_inside_another_over_the_same_papers_adds_nothing_twice(tmp_path: Path) -> None:
    with started(tmp_path, papers([1]), files=ALL) as action:
        run_here(action)
        action.arxiv.show([*papers([1, 2]), *papers([4], month="2604")])
        action.github.before(MOVE, lambda _: action.finish(action.start()))
        run = run_here(action)
        assert run.code == 0, run.log
        assert "Once more." in run.log
        for form in (".json", ".csv", ".bib", ".md"):
            assert rows(action, f"archive/2026-03{form}") == ids(2, 1)
            assert rows(action, f"archive/2026-04{form}") == ids(4, month="2604")


def test_two_sections_share_an_archive(tmp_path: Path) -> None:
    with started(tmp_path, [*papers([1, 2]), *papers([3, 4], "beta")], files=MONTHLY) as action:
        run_here(action, keywords="Alpha", section="one")
        # What it lists is news to the archive, though its month is there already.
        run_here(action, keywords="Beta", section="two", readme="b.md")
        assert rows(action, MARCH) == ids(4, 3, 2, 1)


class TestPeople:
    def test_what_they_write_stays_to_the_byte(self, tmp_path: Path) -> None:
        with started(tmp_path, papers([1, 3]), files=MONTHLY) as action:
            run_here(action)
            edited = text(action, MARCH).replace("Paper 3", "Paper 3, which I like").replace("# 2026-03", "# March")
            edited += "\nMy notes.\n"
            action.github.push(MARCH, edited.encode())
            next_day(action, papers([1, 2, 3]))
            made = text(action, MARCH)
            assert [line for line in made.splitlines() if "2603.00002" not in line] == edited.splitlines()
            assert rows(action, MARCH) == ids(3, 2, 1)

    def test_a_row_that_they_delete_comes_back_with_the_next_read_while_it_is_listed(self, tmp_path: Path) -> None:
        with started(tmp_path, papers([1, 2, 3]), files=MONTHLY, max_results="3") as action:
            run_here(action)
            without = "".join(line for line in text(action, MARCH).splitlines(keepends=True) if "abs/2603" not in line)
            action.github.push(MARCH, without.encode())
            assert run_here(action).outputs["changed"] == "false"
            next_day(action, papers([2, 3, 4]))
            assert rows(action, MARCH) == ids(4, 3, 2)

    @pytest.mark.parametrize("form", [".json", ".csv", ".bib", ".md"])
    def test_a_month_that_they_delete_is_made_again_of_what_is_listed(self, tmp_path: Path, form: str) -> None:
        path = f"archive/2026-03{form}"
        with started(tmp_path, papers([1, 2]), files=ALL) as action:
            run_here(action)
            action.github.push(path, None)
            assert changed(run_here(action)) == [path]
            assert rows(action, path) == ids(2, 1)

    def test_an_index_that_they_delete_or_edit_is_made_again(self, tmp_path: Path) -> None:
        with started(tmp_path, papers([1]), files=MONTHLY) as action:
            run_here(action)
            index = text(action, INDEX)
            for content in (None, index.replace("2026-03", "March").encode()):
                action.github.push(INDEX, content)
                assert changed(run_here(action)) == [INDEX]
                assert text(action, INDEX) == index

    def test_a_month_that_they_add_is_shown_in_the_index(self, tmp_path: Path) -> None:
        with started(tmp_path, papers([1]), files=MONTHLY) as action:
            run_here(action)
            action.github.push("archive/2019-12.md", b"Mine.\n")
            assert changed(run_here(action)) == [INDEX]
            assert text(action, INDEX).endswith("- [2019-12](2019-12.md)\n")
            assert action.github.read("archive/2019-12.md") == b"Mine.\n"

    def test_other_line_ends_stay(self, tmp_path: Path) -> None:
        with started(tmp_path, papers([1, 3]), files=ALL) as action:
            run_here(action)
            before = {}
            for path in [*(f"archive/2026-03{form}" for form in (".json", ".csv", ".bib", ".md")), INDEX]:
                before[path] = text(action, path).replace("\r\n", "\n").replace("\n", "\r\n")
                action.github.push(path, before[path].encode())
            run = next_day(action, papers([1, 2, 3]))
            assert changed(run) == sorted(["README.md", *(path for path in before if path != INDEX)])
            assert text(action, INDEX) == before[INDEX]
            for path in changed(run)[1:]:
                assert rows(action, path) == ids(3, 2, 1)


def full(action: Action, path: str, size: int = 499_600) -> bytes:
    """The file with notes of people's below its rows, so long that hardly anything fits in."""
    content = action.github.read(path) or b""
    return content + b"\n" + b"A note.\n" * ((size - len(content)) // 8)


def test_a_full_file_has_another_behind_it(tmp_path: Path) -> None:
    with started(tmp_path, papers([1, 2]), files=MONTHLY) as action:
        run_here(action)
        first = full(action, MARCH)
        action.github.push(MARCH, first)
        second = "archive/2026-03-part2.md"
        many = papers(range(3, 9))

        run = next_day(action, papers([1, 2]), many)

        assert changed(run) == sorted(["README.md", MARCH, second, INDEX])
        assert asked(action).count("GET git/trees") == 1
        assert len(action.github.read(MARCH) or b"") <= 500_000
        assert sorted(rows(action, MARCH) + rows(action, second)) == ids(*range(1, 9))
        assert rows(action, MARCH)
        assert text(action, second).startswith("<!-- daily-papers:file -->\n\n# 2026-03, part 2\n\n| **Title** |")
        assert text(action, INDEX).endswith("- [2026-03](2026-03.md) · [2026-03, part 2](2026-03-part2.md)\n")

        run = next_day(action, papers([1, 2, 9]), many)
        assert changed(run) == ["README.md", second]
        assert [one for one in asked(action) if "archive/" in one] == [f"GET {MARCH}", f"GET {second}"]
        assert rows(action, second)[0] == ids(9)[0]

        # Where people delete the first one, its rows do not come into the second one twice.
        action.github.push(MARCH, None)
        next_day(action, papers([1, 2, 9, 10]), many)
        assert action.github.read(MARCH) is None
        assert sorted(rows(action, second)) == ids(*range(1, 11))


def test_papers_that_max_bytes_cuts_off_are_not_listed_and_come_with_the_day_on_which_they_are(tmp_path: Path) -> None:
    long = [paper(number, abstract=f"alpha {'x' * 500}") for number in range(1, 61)]
    with started(tmp_path, long, files=MONTHLY, max_bytes="5000") as action:
        run_here(action)
        shown = listed(action.page())
        assert 10 <= len(shown) < 60
        assert rows(action, MARCH) == shown
        run_here(action, max_bytes="0")
        assert rows(action, MARCH) == ids(*range(60, 0, -1))


def test_without_notifications_too(tmp_path: Path) -> None:
    with started(tmp_path, papers([1]), files=MONTHLY, notify="none") as action:
        run_here(action)
        next_day(action, papers([1, 2]))
        assert rows(action, MARCH) == ids(2, 1)
        assert asked(action) == ["GET branches/main", "GET README.md", "GET git/trees", f"GET {MARCH}", *WRITTEN]


def test_a_dry_run_shows_what_a_real_one_writes(tmp_path: Path) -> None:
    with started(tmp_path, papers([1]), files=ALL) as action:
        for shown in (papers([1]), [*papers([1, 2]), *papers([3], month="2604")]):
            action.arxiv.show(shown)
            head = action.github.log()[0].sha
            dry = run_here(action, dry_run="true", token="")
            assert (dry.code, action.github.log()[0].sha) == (0, head)
            assert changed(dry) == changed(run_here(action))


@pytest.mark.parametrize("dry_run", ["true", "false"])
@pytest.mark.parametrize("path", ["archive/2026-03.json", MARCH, INDEX, "archive/2026-03-part2.csv"])
def test_a_file_without_our_mark_is_never_overwritten(tmp_path: Path, path: str, dry_run: str) -> None:
    with started(tmp_path, papers([1]), {path: b"mine\n"}, files=ALL, dry_run=dry_run) as action:
        run = run_here(action)

        assert (run.code, len(action.github.log())) == (1, 1)
        assert f"::error::files: {path} is there already, and this action did not write it" in run.log
        assert action.github.read(path) == b"mine\n"


@pytest.mark.parametrize(
    ("there", "mode", "why"),
    [
        (MARCH, "120000", f"{MARCH} is a symbolic link. Name the file that it points to instead."),
        (f"{MARCH}/x", "100644", f"{MARCH} is a folder or a link to somewhere else, not a file."),
        ("archive", "100644", f"{MARCH} would lie in a file or a link. Name a path through folders only."),
    ],
)
def test_what_is_no_file_is_told(tmp_path: Path, there: str, mode: str, why: str) -> None:
    with started(tmp_path, papers([1])) as action:
        action.github.push(there, b"README.md", mode=mode)
        for dry_run in ("true", "false"):
            run = run_here(action, files=MONTHLY, dry_run=dry_run)
            assert run.code == 1
            assert why in run.log
        assert len(action.github.log()) == 2


class TestSwitchedOn:
    def test_later_all_that_is_listed_goes_in(self, tmp_path: Path) -> None:
        with started(tmp_path, [*papers([1, 2]), *papers([7], month="2511")]) as action:
            run_here(action)
            run = run_here(action, files=MONTHLY)
            assert changed(run) == ["README.md", "archive/2025-11.md", MARCH, INDEX]
            assert rows(action, MARCH) == ids(2, 1)
            assert run_here(action, files=MONTHLY).outputs["changed"] == "false"
            assert len(action.github.issues) == 1

    def test_after_a_pause_what_came_meanwhile_goes_in(self, tmp_path: Path) -> None:
        with started(tmp_path, [*papers([1]), *papers([7], month="2511")]) as action:
            run_here(action, files=MONTHLY)
            later = [*papers([1, 2]), *papers([7, 8], month="2511")]
            next_day(action, later)
            run = run_here(action, files=MONTHLY)
            assert changed(run) == ["README.md", "archive/2025-11.md", MARCH]
            assert rows(action, MARCH) == ids(2, 1)
            assert rows(action, "archive/2025-11.md") == ids(8, 7, month="2511")

    def test_while_a_keyword_fails_its_papers_follow_when_they_are_known(self, tmp_path: Path) -> None:
        shown = [*papers([1]), *papers([2], "beta"), *papers([7], "beta", month="2511")]
        with started(tmp_path, shown, keywords="Alpha\nBeta") as action:
            run_here(action)
            action.arxiv.fail(faults.throttled(), when="Beta")
            assert run_here(action, files=MONTHLY).code == 0
            assert rows(action, MARCH) == ids(1)
            action.arxiv.heal()
            assert changed(run_here(action, files=MONTHLY)) == ["README.md", "archive/2025-11.md", MARCH, INDEX]
            assert rows(action, MARCH) == ids(2, 1)
            assert rows(action, "archive/2025-11.md") == ids(7, month="2511")
            assert run_here(action, files=MONTHLY).outputs["changed"] == "false"

    def test_while_a_keyword_fails_they_are_read_from_a_json(self, tmp_path: Path) -> None:
        with started(tmp_path, [*papers([1]), *papers([2], "beta")], keywords="Alpha\nBeta", files="p.json") as action:
            run_here(action)
            action.arxiv.fail(faults.throttled(), when="Beta")
            run_here(action, files=f"p.json\n{MONTHLY}")
            assert rows(action, MARCH) == ids(2, 1)


def test_a_keyword_that_fails_loses_nothing_and_the_others_go_on(tmp_path: Path) -> None:
    shown = [*papers([1, 2]), *papers([3], "beta")]
    with started(tmp_path, shown, keywords="Alpha\nBeta", files=MONTHLY) as action:
        run_here(action)
        action.arxiv.show([*shown, *papers([4], "beta"), *papers([5])])
        action.arxiv.fail(faults.throttled(), when="Alpha")
        run_here(action)
        assert rows(action, MARCH) == ids(4, 3, 2, 1)
        action.arxiv.heal()
        run_here(action)
        assert rows(action, MARCH) == ids(5, 4, 3, 2, 1)


def test_papers_of_the_harvest_go_in(tmp_path: Path) -> None:
    with started(tmp_path, papers([1]), files=ALL) as action:
        run_here(action)
        action.arxiv.fail(faults.throttled(), door="search")
        action.arxiv.announce(papers([2]))
        run = run_here(action, arxiv_oai_url=action.arxiv.oai_url)
        assert run.outputs["harvested-keywords"] == "Alpha", run.log
        for form in (".json", ".csv", ".bib", ".md"):
            assert rows(action, f"archive/2026-03{form}") == ids(2, 1)


def test_columns_that_a_paper_itself_fills_are_those_of_the_page(tmp_path: Path) -> None:
    texts = {
        "abstract": "alpha and beta, see https://octo.github.io/x and more",
        "comment": "Accepted at CVPR 2026 (oral). Code: https://github.com/octo/papers",
    }
    inputs = {
        "columns": "title, date, authors, comment, categories, links, code, venue, keywords",
        "links": "pdf, code",
    }
    with started(tmp_path, papers([1], **texts), keywords="Alpha\nBeta", files=MONTHLY, **inputs) as action:
        run_here(action)
        (row,) = [line for line in text(action, MARCH).splitlines() if "2603.00001" in line]
        assert row in action.page().splitlines()
        assert "[Code](https://github.com/octo/papers) · [Page](https://octo.github.io/x)" in row
        assert row.endswith("| CVPR 2026 · oral | Alpha, Beta |")


def test_a_repository_of_more_files_than_github_lists_keeps_its_archive(tmp_path: Path) -> None:
    with started(tmp_path, papers([1]), files=MONTHLY) as action:
        run_here(action)
        folder = next(
            one.sha for one in action.github.store.entries(action.github.log()[0].tree) if one.path == "archive"
        )
        cut = json.dumps({"sha": "0" * 40, "tree": [], "truncated": True}).encode()
        action.github.fail(
            refuse(200, body=cut),
            lambda request: "recursive" in request.query and not request.path.endswith(folder),
            times=None,
        )
        next_day(action, papers([1, 2]))
        assert rows(action, MARCH) == ids(2, 1)
        run = run_here(action, files="{{ year }}.bib")
        assert "files: The branch holds more files than GitHub lists at once" in run.log


class TestPullRequest:
    """With `pull-request: true` an archive grows on the pull request's branch, whatever becomes of its base."""

    def on_branch(self, action: Action, path: str = MARCH) -> list[str]:
        return listed((action.github.read(path, BRANCH) or b"").decode())

    def test_it_grows_there_from_day_to_day(self, tmp_path: Path) -> None:
        with proposing(tmp_path, files=MONTHLY, max_results="2") as action:
            day(action, 1, 2)
            action.github.push("notes.txt", b"ours\n")
            day(action, 3, 4)
            day(action, 5, 6)
            assert self.on_branch(action) == ids(6, 5, 4, 3, 2, 1)
            assert len(ahead(action)) == 1
            assert day(action, 5, 6).outputs["changed"] == "false"
            action.github.merge(1, "squash")
            day(action, 7)
            assert self.on_branch(action) == ids(7, 6, 5, 4, 3, 2, 1)
            assert rows(action, MARCH) == ids(6, 5, 4, 3, 2, 1)

    def test_what_people_write_into_the_base_meanwhile_is_not_undone(self, tmp_path: Path) -> None:
        with proposing(tmp_path, files=MONTHLY) as action:
            day(action, 1, 2)
            action.github.merge(1, "merge")
            day(action, 1, 2, 3)
            edited = text(action, MARCH).replace("Paper 2", "Paper 2, which I like") + "\nMy notes.\n"
            action.github.push(MARCH, edited.encode())

            day(action, 1, 2, 3, 4)

            made = (action.github.read(MARCH, BRANCH) or b"").decode()
            assert "Paper 2, which I like" in made
            assert made.endswith("\nMy notes.\n")
            assert self.on_branch(action) == ids(4, 3, 2, 1)
            action.github.merge(action.github.pulls[-1].number, "merge")
            assert rows(action, MARCH) == ids(4, 3, 2, 1)

    @pytest.mark.parametrize("news", [False, True])
    def test_what_grows_in_the_base_meanwhile_is_kept_beside_what_grew_here(self, tmp_path: Path, news: bool) -> None:
        """Another list shares the archive, and is written to the base."""
        with proposing(tmp_path, files=MONTHLY, max_results="2") as action:
            day(action, 1, 2)
            action.github.merge(1, "merge")
            day(action, 3, 4)
            action.arxiv.show(papers([11, 12], "beta"))
            others = {"section": "other", "readme": "b.md", "keywords": "Beta", "pull_request": "false"}
            assert run_here(action, **others).code == 0
            assert rows(action, MARCH) == ids(12, 11, 2, 1)

            day(action, *((5, 6) if news else (3, 4)))

            fifth = ids(6, 5) if news else []
            assert self.on_branch(action) == ids(12, 11) + fifth + ids(4, 3, 2, 1)
            action.github.merge(action.github.pulls[-1].number, "merge")
            assert rows(action, MARCH) == ids(12, 11) + fifth + ids(4, 3, 2, 1)

    def test_what_people_closed_is_put_in_again_with_the_next_news_as_far_as_it_is_listed(self, tmp_path: Path) -> None:
        with proposing(tmp_path, files=MONTHLY) as action:
            day(action, 1, 2)
            action.github.merge(1, "merge")
            day(action, 1, 2, 3)
            action.github.close_pull(action.github.pulls[-1].number)
            assert day(action, 1, 2, 3).outputs["changed"] == "false"
            day(action, 1, 2, 3, 4)
            assert self.on_branch(action) == ids(4, 3, 2, 1)

    def test_on_top_of_peoples_commits_it_goes_on(self, tmp_path: Path) -> None:
        with proposing(tmp_path, files=MONTHLY) as action:
            day(action, 1, 2)
            edited = (action.github.read(MARCH, BRANCH) or b"").decode().replace("Paper 2", "Paper 2, which I like")
            theirs = action.github.push(MARCH, edited.encode(), branch=BRANCH)
            day(action, 1, 2, 3)
            assert theirs in [commit.sha for commit in ahead(action)]
            assert "which I like" in (action.github.read(MARCH, BRANCH) or b"").decode()
            assert self.on_branch(action) == ids(3, 2, 1)
            assert day(action, 1, 2, 3).outputs["changed"] == "false"

    def test_a_month_alone_that_is_made_again_is_proposed_and_stays_so(self, tmp_path: Path) -> None:
        with proposing(tmp_path, files=MONTHLY) as action:
            day(action, 1, 2)
            action.github.merge(1, "merge")
            action.github.push(MARCH, None)
            for operation in ("created", "none"):
                run = day(action, 1, 2)
                assert run.outputs["pull-request-operation"] == operation
                assert self.on_branch(action) == ids(2, 1)
            assert [pull.state for pull in action.github.pulls][-1] == "open"
