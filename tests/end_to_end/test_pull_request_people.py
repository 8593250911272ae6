"""People commit to a pull request's branch, and others use it: nobody's work is overwritten, and the list goes on."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import requests

from sandbox.github.faults import Fault, posts, verb
from sandbox.github.wire import answer
from tests.factories import announced, ids, papers, started
from tests.in_process import dead_after, run_here
from tests.proposing import BRANCH, README, ahead, asked, day, on, proposing, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sandbox.github.faults import Condition
    from tests.conftest import Action


@pytest.fixture
def action(tmp_path: Path) -> Iterator[Action]:
    with proposing(tmp_path) as action:
        yield action


def around(action: Action) -> str:
    """Above the section."""
    return action.github.push("README.md", text(action).replace("# Mine", "# Ours").encode(), branch=BRANCH)


def beside(action: Action) -> str:
    """In another file."""
    return action.github.push("notes.txt", b"ours\n", branch=BRANCH)


def inside(action: Action) -> str:
    """In the section, where the next run writes over it."""
    return action.github.push("README.md", text(action).replace("Paper 3", "Look at this").encode(), branch=BRANCH)


EDITS = pytest.mark.parametrize("edit", [around, beside, inside], ids=["around the section", "another file", "inside"])


class TestCommits:
    @EDITS
    def test_theirs_stay_and_ours_come_on_top(self, action: Action, edit: Callable[[Action], str]) -> None:
        first = day(action).outputs["commit-sha"]
        theirs = edit(action)

        second = day(action, 1, 2, 3, 4).outputs["commit-sha"]
        third = day(action, 1, 2, 3, 4, 5).outputs["commit-sha"]

        assert [commit.sha for commit in ahead(action)] == [third, second, theirs, first]
        assert on(BRANCH, action) == [5, 4, 3, 2, 1]
        assert "Look at this" not in text(action)
        assert announced(action) == ids(1, 2, 3, 4, 5)
        assert [pull.state for pull in action.github.pulls] == ["open"]

    def test_a_run_that_builds_upon_theirs_asks_eleven_times_too_and_never_forces(self, action: Action) -> None:
        day(action)
        beside(action)

        day(action, 1, 2, 3, 4)

        assert asked(action) == [
            *("GET compare", "GET pulls", "GET contents", "GET contents", "GET issues", "GET git/trees"),
            *("POST git/trees", "POST git/commits", "PATCH git/refs", "GET issues", "POST issues"),
        ]
        (moved,) = [request.fields for request in action.github.requests if request.verb == "PATCH"]
        assert set(moved) == {"sha"}

    @EDITS
    def test_without_news_only_what_they_wrote_into_the_section_is_put_right(
        self, action: Action, edit: Callable[[Action], str]
    ) -> None:
        day(action)
        edit(action)

        assert day(action).outputs["changed"] == str(edit is inside).lower()
        assert announced(action) == ids(1, 2, 3)

    @EDITS
    def test_merged_with_theirs_the_next_begins_anew(self, action: Action, edit: Callable[[Action], str]) -> None:
        day(action)
        edit(action)
        day(action, 1, 2, 3, 4)
        action.github.merge(1, "squash")

        day(action, 1, 2, 3, 4, 5)

        assert len(ahead(action)) == 1
        assert ("# Ours" in text(action)) == (edit is around)
        assert (action.github.read("notes.txt", BRANCH) is not None) == (edit is beside)
        action.github.merge(action.github.pulls[-1].number)
        assert on("main", action) == [5, 4, 3, 2, 1]
        assert announced(action) == ids(1, 2, 3, 4, 5)

    def test_one_that_comes_after_it_was_merged_is_in_the_next(self, action: Action) -> None:
        day(action)
        action.github.merge(1, "squash")
        theirs = beside(action)

        day(action, 1, 2, 3, 4)
        day(action, 1, 2, 3, 4, 5)

        assert theirs in [commit.sha for commit in ahead(action)]
        assert [pull.state for pull in action.github.pulls] == ["closed", "open"]
        assert on(BRANCH, action) == [5, 4, 3, 2, 1]
        assert announced(action) == ids(1, 2, 3, 4, 5)

    @pytest.mark.parametrize("edit", [around, beside], ids=["around the section", "another file"])
    def test_one_that_they_put_in_the_place_of_ours_stays_too(
        self, action: Action, edit: Callable[[Action], str]
    ) -> None:
        """As by `git commit --amend` and a forced push: the branch has one commit still."""
        day(action)
        edit(action)
        tree = action.github.store.commit(action.github.log(BRANCH)[0].sha).tree
        base, mona = action.github.log()[0], action.github.log()[0].author
        amended = action.github.store.add_commit(tree, [base.sha], "Papers, and more", mona, mona)
        action.github.restore_branch(BRANCH, amended)

        commit = day(action, 1, 2, 3, 4).outputs["commit-sha"]

        assert [one.sha for one in ahead(action)] == [commit, amended]
        assert announced(action) == ids(1, 2, 3, 4)

    def test_one_that_puts_replacement_characters_for_bytes_stays_where_the_base_moved_on(self, action: Action) -> None:
        """As an editor saves what is not UTF-8; GitHub's differences show these bytes as the same characters."""
        old = README.replace(b"Below", b"Caf\xe9")
        parted = action.github.push("README.md", old)
        day(action)
        page = (action.github.read("README.md", BRANCH) or b"").decode(errors="replace").encode()
        action.github.push("README.md", page, branch=BRANCH)
        tree = action.github.store.commit(action.github.log(BRANCH)[0].sha).tree
        mona = action.github.log()[0].author
        theirs = action.github.store.add_commit(tree, [parted], "Papers, and more", mona, mona)
        action.github.restore_branch(BRANCH, theirs)
        action.github.push("README.md", old.replace(b"Mine", b"Ours"))

        commit = day(action, 1, 2, 3, 4).outputs["commit-sha"]

        assert [one.sha for one in ahead(action)] == [commit, theirs]

    @pytest.mark.parametrize("edit", [around, beside], ids=["around the section", "another file"])
    def test_in_one_that_is_closed_they_stay_when_news_open_another(
        self, action: Action, edit: Callable[[Action], str]
    ) -> None:
        first = day(action).outputs["commit-sha"]
        theirs = edit(action)
        action.github.close_pull(1)

        assert day(action).outputs["changed"] == "false"
        second = day(action, 1, 2, 3, 4).outputs["commit-sha"]

        assert [commit.sha for commit in ahead(action)] == [second, theirs, first]
        assert [pull.state for pull in action.github.pulls] == ["closed", "open"]
        assert announced(action) == ids(1, 2, 3, 4)

    def test_hundreds_of_files_besides_stay_too(self, action: Action) -> None:
        """GitHub tells 300 of them at most, by their names."""
        day(action)
        store, first = action.github.store, ahead(action)[0]
        rows = [("100644", store.add_blob(b"theirs\n"), f"A/{number:03}.txt") for number in range(310)]
        theirs = store.add_commit(store.add_tree(first.tree, rows), [first.sha], "Notes", first.author, first.author)
        action.github.restore_branch(BRANCH, theirs)

        commit = day(action, 1, 2, 3, 4).outputs["commit-sha"]

        assert [one.sha for one in ahead(action)] == [commit, theirs, first.sha]
        assert on(BRANCH, action) == [4, 3, 2, 1]
        assert announced(action) == ids(1, 2, 3, 4)

    def test_a_page_that_they_rename_is_not_made_a_second_time_beside_it(self, action: Action) -> None:
        day(action)
        action.github.push("readme.md", text(action).encode(), branch=BRANCH)
        theirs = action.github.push("README.md", None, branch=BRANCH)

        run = day(action, 1, 2, 3, 4, code=1)

        assert "README.md is not there, but readme.md is" in run.log
        assert ahead(action)[0].sha == theirs
        assert announced(action) == ids(1, 2, 3)

    def test_a_merge_of_the_base_into_it_stays_too(self, action: Action) -> None:
        """The button *Update branch*."""
        first = day(action).outputs["commit-sha"]
        action.github.push("README.md", README.replace(b"Mine", b"Ours"))
        merge = action.github.update_branch(1)

        second = day(action, 1, 2, 3, 4).outputs["commit-sha"]

        assert [commit.sha for commit in ahead(action)] == [second, merge, first]
        assert text(action).startswith("# Ours\n")
        action.github.merge(1)
        assert on("main", action) == [4, 3, 2, 1]
        assert announced(action) == ids(1, 2, 3, 4)

    def test_one_that_comes_while_the_run_is_under_way_is_built_upon(self, action: Action) -> None:
        first = day(action).outputs["commit-sha"]
        theirs: list[str] = []
        action.github.before(posts("/graphql"), lambda _: theirs.append(beside(action)))

        run = day(action, 1, 2, 3, 4)

        assert [commit.sha for commit in ahead(action)] == [run.outputs["commit-sha"], *theirs, first]
        assert "Somebody else wrote to daily-papers meanwhile. Once more." in run.log
        assert announced(action) == ids(1, 2, 3, 4)

    @pytest.mark.parametrize("may", [True, False], ids=["by comparison", "by force"])
    def test_one_that_comes_as_nothing_is_left_to_change_keeps_it_open(self, action: Action, may: bool) -> None:
        action.github.may_update_refs = may
        day(action)
        action.github.push("README.md", text(action).encode())
        action.github.before(posts("/graphql"), lambda _: beside(action))

        assert day(action).outputs["pull-request-operation"] == "none"
        assert action.github.read("notes.txt", BRANCH) == b"ours\n"
        assert [pull.state for pull in action.github.pulls] == ["open"]

    def test_their_branch_of_that_name_is_built_upon_and_proposed(self, action: Action) -> None:
        theirs = beside(action)

        commit = day(action).outputs["commit-sha"]

        assert [one.sha for one in ahead(action)] == [commit, theirs]
        assert [pull.state for pull in action.github.pulls] == ["open"]

    def test_their_pull_request_from_it_is_taken(self, action: Action) -> None:
        beside(action)
        action.github.open_pull(BRANCH)

        assert day(action).outputs["pull-request-operation"] == "updated"
        assert len(action.github.pulls) == 1


@pytest.mark.parametrize("is_there", [True, False], ids=["a fork", "a fork that was deleted"])
def test_a_pull_request_from_a_fork_of_the_same_owner_is_not_taken(action: Action, is_there: bool) -> None:
    """An organization may keep a fork beside its repository; GitHub's lists go by the owner and the branch."""
    theirs = action.github.open_pull("main", fork="octo")
    theirs.head = BRANCH
    document = requests.get(f"{action.github.url}/repos/octo/papers/pulls?state=all", timeout=5).json()
    document[0]["head"]["repo"] = document[0]["head"]["repo"] | {"node_id": "R_fork"} if is_there else None
    action.github.fail(Fault(False, answer(document)), verb("GET", "/pulls"))
    theirs.owner = "elsewhere"

    run = day(action)

    assert run.outputs["pull-request-number"] == str(action.github.pulls[-1].number)
    assert [pull.state for pull in action.github.pulls] == ["open", "open"]
    assert announced(action) == ids(1, 2, 3)


def test_a_branch_of_that_name_with_another_history_is_a_clear_error(action: Action) -> None:
    mona = action.github.log()[0].author
    alone = action.github.store.add_commit(action.github.log()[0].tree, [], "Another beginning", mona, mona)
    action.github.restore_branch(BRANCH, alone)

    run = day(action, code=1)

    assert "Set `pull-request-branch` to another branch" in run.log
    assert [commit.sha for commit in action.github.log(BRANCH)] == [alone]
    assert not action.github.issues


def test_one_that_they_reopen_is_taken_however_many_came_after_it(action: Action) -> None:
    day(action)
    action.github.close_pull(1)
    for _ in range(11):
        action.github.close_pull(action.github.open_pull(BRANCH).number)
    action.github.reopen(1)

    run = day(action, 1, 2, 3, 4)

    assert (run.outputs["pull-request-number"], run.outputs["pull-request-operation"]) == ("1", "updated")
    assert announced(action) == ids(1, 2, 3, 4)


@pytest.mark.parametrize("branch", ["main", BRANCH])
def test_an_error_names_the_branch_on_which_the_markers_are_broken(action: Action, branch: str) -> None:
    day(action)
    action.github.push("README.md", README.replace(b":end", b":start"), branch=branch)

    assert f"On the branch {branch}: README.md, line 4: a second <!-- daily-papers:start -->" in day(action, code=1).log


def test_a_branch_below_that_name_is_a_clear_error(action: Action) -> None:
    action.github.push("notes.txt", b"ours\n", branch=f"{BRANCH}/x")

    run = day(action, code=1)

    assert f"git keeps no branch `{BRANCH}` beside one called `{BRANCH}/…`, nor below another one" in run.log
    assert not action.github.issues


def test_a_folder_in_the_place_of_the_page_on_a_branch_that_is_closed_and_gone_does_no_harm(action: Action) -> None:
    day(action)
    action.github.push("README.md", None, branch=BRANCH)
    action.github.push("README.md/other", b"theirs\n", branch=BRANCH)
    action.github.close_pull(1)
    action.github.delete_branch(BRANCH)

    assert day(action).outputs["pull-request-operation"] == "none"
    assert day(action, 1, 2, 3, 4).outputs["pull-request-operation"] == "created"
    assert announced(action) == ids(1, 2, 3, 4)


def test_a_branch_that_they_copy_from_another_repository_owes_nothing_here_and_takes_no_promise_away(
    action: Action, tmp_path: Path
) -> None:
    with started(tmp_path / "other", papers([1, 2, 3]), {"README.md": README}) as other:
        other.variables["GITHUB_REPOSITORY_ID"] = "4711"
        dead_after(other, verb("PATCH"))
        copied = text(other, "main")
    dead_after(replace(action, inputs=action.inputs | {"pull-request": "false"}), verb("PATCH"))
    action.github.push("README.md", copied.encode(), branch=BRANCH)

    day(action)

    assert announced(action) == ids(1, 2, 3)


@pytest.mark.parametrize("owner", ["", "4711"], ids=["ours", "another"])
def test_a_promise_on_a_branch_that_they_copy_is_kept_where_it_was_made(
    action: Action, tmp_path: Path, owner: str
) -> None:
    with started(tmp_path / "other", papers([1, 2, 3]), {"README.md": README}) as other:
        other.variables["GITHUB_REPOSITORY_ID"] = owner
        dead_after(other, verb("PATCH"))
        copied = text(other, "main")
    action.github.push("README.md", copied.encode(), branch=BRANCH)
    action.variables["GITHUB_REPOSITORY_ID"] = ""

    day(action)

    assert announced(action) == (Counter() if owner else ids(1, 2, 3))


def run_inside_another(action: Action, when: Condition) -> None:
    """A whole run while another one, a process of its own, is held before a request of it takes effect."""
    arrived, done = threading.Event(), threading.Event()

    def hold(_: object) -> None:
        arrived.set()
        assert done.wait(30)

    action.github.before(when, hold)
    outer = action.start()
    assert arrived.wait(30)
    inner = run_here(action)
    done.set()
    log, _ = outer.communicate(timeout=60)
    assert (inner.code, outer.returncode) == (0, 0), inner.log + log


class TestAtOnce:
    @pytest.mark.parametrize("when", ["/git/refs", "/pulls"])
    def test_a_run_inside_the_first_one_does_all_and_nothing_is_done_twice(self, action: Action, when: str) -> None:
        run_inside_another(action, posts(when))
        day(action)

        assert [pull.state for pull in action.github.pulls] == ["open"]
        assert len(ahead(action)) == 1
        assert announced(action) == ids(1, 2, 3)

    def test_nor_inside_a_later_one(self, action: Action) -> None:
        day(action)
        action.arxiv.show(papers([1, 2, 3, 4]))

        run_inside_another(action, posts("/graphql"))
        day(action)

        assert len(ahead(action)) == 1
        assert announced(action) == ids(1, 2, 3, 4)

    def test_two_processes(self, action: Action) -> None:
        for newest in (3, 5):
            action.arxiv.show(papers(range(1, newest + 1)))
            both = [action.start() for _ in range(2)]
            logs = [process.communicate(timeout=60)[0] for process in both]

            assert [process.returncode for process in both] == [0, 0], logs
        day(action)

        assert announced(action) == ids(1, 2, 3, 4, 5)
        assert [pull.state for pull in action.github.pulls] == ["open"]
        assert on(BRANCH, action) == [5, 4, 3, 2, 1]

    def test_three_jobs_that_keep_a_section_each_share_one(self, action: Action) -> None:
        jobs = [action.start(section=f"papers-{number}") for number in range(3)]
        logs = [job.communicate(timeout=60)[0] for job in jobs]

        assert [job.returncode for job in jobs] == [0] * 3, "\n".join(logs)
        assert [pull.state for pull in action.github.pulls] == ["open"]
        assert sorted(on(BRANCH, action)) == sorted([1, 2, 3] * 3)
        assert announced(action) == ids(*[1, 2, 3] * 3)

    def test_people_merge_it_while_the_run_is_under_way(self, action: Action) -> None:
        day(action)
        action.github.before(posts("/graphql"), lambda _: action.github.merge(1))

        day(action, 1, 2, 3, 4)
        day(action)

        assert on("main", action) == [3, 2, 1]
        assert on(BRANCH, action) == [4, 3, 2, 1]
        assert [pull.state for pull in action.github.pulls] == ["closed", "open"]
        assert announced(action) == ids(1, 2, 3, 4)

    @pytest.mark.parametrize("deleted", [False, True], ids=["branch kept", "branch deleted"])
    def test_people_close_it_while_the_run_is_under_way(self, action: Action, deleted: bool) -> None:
        def close(_: object) -> None:
            action.github.close_pull(1)
            if deleted:
                action.github.delete_branch(BRANCH)

        day(action)
        action.github.before(posts("/graphql"), close)

        day(action, 1, 2, 3, 4)
        day(action)
        day(action, 1, 2, 3, 4, 5)

        assert announced(action) == ids(1, 2, 3, 4, 5)
        assert on(BRANCH, action) == [5, 4, 3, 2, 1]
        assert action.github.pulls[-1].state == "open"


class TestSeveralSteps:
    def test_two_sections_of_one_file_share_one(self, tmp_path: Path) -> None:
        with proposing(tmp_path, {"README.md": b"# Mine\n"}) as action:
            steps = {"alpha": "Alpha", "beta": "Beta"}
            for newest in (2, 4, 6):
                action.arxiv.show([*papers(range(1, newest), "alpha"), *papers(range(51, 50 + newest), "beta")])
                for _ in range(2):
                    for section, keywords in steps.items():
                        day(action, section=section, keywords=keywords)

            assert [pull.state for pull in action.github.pulls] == ["open"]
            assert announced(action) == ids(*range(1, 6), *range(51, 56))
            action.github.merge(1)
            assert on("main", action) == [*range(5, 0, -1), *range(55, 50, -1)]
            assert text(action, "main").startswith("# Mine\n")

    def test_two_pull_requests_keep_out_of_each_others_way(self, tmp_path: Path) -> None:
        with proposing(tmp_path, {"README.md": b"# Mine\n"}) as action:
            steps = {"alpha": "Alpha", "beta": "Beta"}

            def both(newest: int) -> None:
                action.arxiv.show([*papers(range(1, newest), "alpha"), *papers(range(51, 50 + newest), "beta")])
                for name, keywords in steps.items():
                    day(action, section=name, keywords=keywords, pull_request_branch=f"papers/{name}")

            both(2)
            action.github.merge(1)
            both(3)
            both(3)

            assert [(pull.head, pull.state) for pull in action.github.pulls] == [
                ("papers/alpha", "closed"),
                ("papers/beta", "open"),
                ("papers/alpha", "open"),
            ]
            assert len(ahead(action, "papers/alpha")) == len(ahead(action, "papers/beta")) == 1
            assert on("papers/beta", action) == [1, 52, 51]
            action.github.merge(action.github.pulls[1].number)
            both(4)
            action.github.merge(action.github.pulls[2].number)
            assert on("main", action) == [3, 2, 1, 52, 51]
            assert announced(action) == ids(1, 2, 3, 51, 52, 53)
