"""A run that dies, is refused or gets no answer on its way into a pull request still announces each paper once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests

from sandbox.github.faults import Fault, lose, lose_as, posts, refuse, verb, writes
from sandbox.github.wire import answer
from tests.factories import announced, ids, papers
from tests.in_process import dead_after
from tests.proposing import BRANCH, README, ahead, asked, day, on, proposing, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.conftest import Action

# What a first and a later run ask, as tests/end_to_end/test_pull_request.py holds them to.
FIRST = [
    *("GET compare", "GET pulls", "GET branch", "GET file", "GET tree"),
    *("POST tree", "POST commit", "POST ref", "POST pull", "GET issues", "POST issue"),
]
LATER = [
    *("GET compare", "GET pulls", "GET file", "GET file of the branch", "GET issues", "GET tree"),
    *("POST tree", "POST commit", "POST graphql", "GET issues", "POST issue"),
]
ON_TOP = [*LATER[:8], "PATCH ref", *LATER[9:]]
COMMITTED = FIRST.index("POST ref"), LATER.index("POST graphql")


@pytest.fixture
def action(tmp_path: Path) -> Iterator[Action]:
    with proposing(tmp_path) as action:
        yield action


def check(action: Action, *newest_first: int) -> None:
    """All is as though nothing had happened, and stays so."""
    assert day(action).outputs["changed"] == "false"
    assert on(BRANCH, action) == list(newest_first)
    assert len(ahead(action)) == 1
    assert [pull.state for pull in action.github.pulls] == ["open"]
    assert announced(action) == ids(*newest_first)
    # The base was never written to.
    assert [commit.message for commit in action.github.log("main")] == ["First commit"]


class TestDeaths:
    @pytest.mark.parametrize("index", range(len(FIRST)), ids=FIRST)
    def test_of_the_first_run_are_made_up_for(self, action: Action, index: int) -> None:
        dead_after(action, index)

        day(action)

        check(action, 3, 2, 1)

    @pytest.mark.parametrize("index", range(len(LATER)), ids=LATER)
    def test_of_a_later_run_are_made_up_for(self, action: Action, index: int) -> None:
        day(action)
        action.arxiv.show(papers([2, 3, 4, 5]))
        dead_after(action, index)

        day(action)

        check_told(action)
        assert day(action).outputs["changed"] == "false"

    @pytest.mark.parametrize("first", range(COMMITTED[0], len(FIRST)), ids=FIRST[COMMITTED[0] :])
    @pytest.mark.parametrize("second", range(COMMITTED[1], len(LATER)), ids=LATER[COMMITTED[1] :])
    def test_two_in_a_row_are_made_up_for(self, action: Action, first: int, second: int) -> None:
        """The second on a day with a paper more."""
        dead_after(action, first)
        action.arxiv.show(papers([1, 2, 3, 4]))
        dead_after(action, second)

        day(action)

        check(action, 4, 3, 2, 1)

    @pytest.mark.parametrize("index", range(COMMITTED[1] - 1, len(LATER)), ids=ON_TOP[COMMITTED[1] - 1 :])
    def test_on_top_of_what_people_committed_are_made_up_for(self, action: Action, index: int) -> None:
        day(action)
        theirs = action.github.push("notes.txt", b"theirs\n", branch=BRANCH)
        action.arxiv.show(papers([1, 2, 3, 4]))
        dead_after(action, index)

        day(action)

        assert theirs in [commit.sha for commit in ahead(action)]
        assert on(BRANCH, action) == [4, 3, 2, 1]
        assert announced(action) == ids(1, 2, 3, 4)

    @pytest.mark.parametrize("index", range(COMMITTED[1], len(LATER)), ids=LATER[COMMITTED[1] :])
    @pytest.mark.parametrize("method", ["merge", "squash"])
    def test_before_people_merge_are_made_up_for(self, action: Action, index: int, method: str) -> None:
        day(action)
        action.arxiv.show(papers([1, 2, 3, 4]))
        dead_after(action, index)
        action.github.merge(1, method)

        day(action)

        assert on("main", action) == [4, 3, 2, 1]
        assert announced(action) == ids(1, 2, 3, 4)

    @pytest.mark.parametrize("index", range(COMMITTED[1], len(LATER)), ids=LATER[COMMITTED[1] :])
    @pytest.mark.parametrize("deleted", [False, True], ids=["branch kept", "branch deleted"])
    def test_before_people_close_it_are_made_up_for(self, action: Action, index: int, deleted: bool) -> None:
        day(action)
        action.arxiv.show(papers([1, 2, 3, 4]))
        dead_after(action, index)
        action.github.close_pull(1)
        if deleted:
            action.github.delete_branch(BRANCH)

        day(action)
        day(action)

        assert announced(action) == ids(1, 2, 3, 4)
        assert text(action, "main") == README.decode()


def check_told(action: Action) -> None:
    """Of the second day, on which the first day's oldest paper is off the list."""
    assert on(BRANCH, action) == [5, 4, 3, 2]
    assert len(ahead(action)) == 1
    assert announced(action) == ids(1, 2, 3, 4, 5)
    assert [commit.message for commit in action.github.log("main")] == ["First commit"]


FAULTS: dict[str, Callable[[], Fault]] = {
    "refused with 502": lambda: refuse(502, body=b"<html>Bad gateway</html>"),
    "lost": lose,
    "lost as 502": lambda: lose_as(502),
}


class TestLostAnswers:
    @pytest.mark.parametrize("fault", FAULTS)
    @pytest.mark.parametrize("when", ["/git/refs", "/pulls", "/issues"])
    def test_on_the_first_day_do_no_harm(self, action: Action, when: str, fault: str) -> None:
        action.github.fail(FAULTS[fault](), posts(when))

        day(action)

        check(action, 3, 2, 1)

    @pytest.mark.parametrize("fault", FAULTS)
    @pytest.mark.parametrize("when", ["/graphql", "/issues"])
    def test_on_a_later_day_do_no_harm(self, action: Action, when: str, fault: str) -> None:
        day(action)
        action.github.fail(FAULTS[fault](), posts(when))

        day(action, 1, 2, 3, 4)

        check(action, 4, 3, 2, 1)

    @pytest.mark.parametrize("data", [None, {"updateRefs": None}])
    def test_graphql_that_tells_neither_success_nor_error_is_asked_again(
        self, action: Action, data: dict[str, None] | None
    ) -> None:
        day(action)
        action.github.fail(Fault(False, answer({"data": data})), posts("/graphql"))

        day(action, 1, 2, 3, 4)

        check(action, 4, 3, 2, 1)

    @pytest.mark.parametrize("may", [True, False], ids=["by comparison", "by force"])
    @pytest.mark.parametrize("fault", FAULTS)
    def test_as_it_is_closed_do_no_harm(self, action: Action, may: bool, fault: str) -> None:
        action.github.may_update_refs = may
        day(action)
        action.github.push("README.md", text(action).encode())
        action.github.fail(FAULTS[fault](), posts("/graphql") if may else verb("DELETE"))

        assert day(action).outputs["pull-request-operation"] == "closed"
        assert [pull.state for pull in action.github.pulls] == ["closed"]
        assert action.github.log(BRANCH) == []

    def test_a_death_as_it_is_closed_does_none_either(self, action: Action) -> None:
        day(action)
        action.github.push("README.md", text(action).encode())
        dead_after(action, posts("/graphql"))

        assert day(action).outputs["pull-request-operation"] == "none"
        day(action, 1, 2, 3, 4)

        assert on(BRANCH, action) == [4, 3, 2, 1]
        assert announced(action) == ids(1, 2, 3, 4)


class TestCopiesThatLagBehind:
    """GitHub keeps copies of a repository; one may not have what another one just took."""

    @pytest.mark.parametrize("said", ["Object does not exist", "Reference already exists", "Reference update failed"])
    def test_a_new_branch_is_made_in_a_moment(self, action: Action, said: str) -> None:
        action.github.fail(refuse(422, said), posts("/git/refs"))

        day(action)

        check(action, 3, 2, 1)

    def test_a_branch_is_moved_in_a_moment(self, action: Action) -> None:
        action.github.may_update_refs = False
        day(action)
        action.github.fail(refuse(422, "Object does not exist"), verb("PATCH"))

        day(action, 1, 2, 3, 4)

        check(action, 4, 3, 2, 1)


class TestCompareAndSwap:
    """GraphQL's `updateRefs` puts the branch elsewhere only where it is still where it was read."""

    def test_where_it_is_refused_the_branch_is_read_once_more_and_moved_by_force(self, action: Action) -> None:
        action.github.may_update_refs = False
        day(action)

        day(action, 1, 2, 3, 4)

        assert asked(action)[8:12] == ["POST graphql", "GET branches", "GET branches", "PATCH git/refs"]
        check(action, 4, 3, 2, 1)

    @pytest.mark.parametrize("status", [401, 403, 404])
    def test_where_there_is_none_too(self, action: Action, status: int) -> None:
        day(action)
        action.github.fail(refuse(status, "Not Found"), posts("/graphql"))

        day(action, 1, 2, 3, 4)

        check(action, 4, 3, 2, 1)

    @pytest.mark.parametrize("fault", FAULTS)
    def test_a_lost_answer_of_the_forced_move_does_no_harm(self, action: Action, fault: str) -> None:
        action.github.may_update_refs = False
        day(action)
        action.github.fail(FAULTS[fault](), verb("PATCH"))

        day(action, 1, 2, 3, 4)

        check(action, 4, 3, 2, 1)

    def test_a_death_after_the_forced_move_is_made_up_for(self, action: Action) -> None:
        action.github.may_update_refs = False
        day(action)
        action.arxiv.show(papers([1, 2, 3, 4]))
        dead_after(action, verb("PATCH"))

        day(action)

        check(action, 4, 3, 2, 1)

    def test_a_commit_that_comes_before_the_forced_move_is_built_upon(self, action: Action) -> None:
        action.github.may_update_refs = False
        day(action)
        action.github.before(posts("/graphql"), lambda _: action.github.push("notes.txt", b"theirs\n", branch=BRANCH))

        day(action, 1, 2, 3, 4)

        assert text(action, path="notes.txt") == "theirs\n"
        assert len(ahead(action)) == 3
        assert announced(action) == ids(1, 2, 3, 4)

    def test_one_that_comes_at_the_last_look_before_it_too(self, action: Action) -> None:
        action.github.may_update_refs = False
        day(action)
        look = verb("GET", f"/branches/{BRANCH}")
        action.github.before(look, lambda _: action.github.push("notes.txt", b"theirs\n", branch=BRANCH), skip=1)

        day(action, 1, 2, 3, 4)

        assert text(action, path="notes.txt") == "theirs\n"
        assert announced(action) == ids(1, 2, 3, 4)


class TestNotPermitted:
    """*Allow GitHub Actions to create and approve pull requests* is off, as it is in new repositories."""

    @pytest.fixture
    def action(self, tmp_path: Path) -> Iterator[Action]:
        with proposing(tmp_path) as action:
            action.github.actions_may_open_pulls = False
            yield action

    def test_the_news_is_told_and_the_sentence_names_setting_and_address(self, action: Action) -> None:
        run = day(action, code=1)

        assert (
            "::error::GitHub would not open the pull request: GitHub Actions is not permitted to create or approve "
            "pull requests. Tick *Allow GitHub Actions to create and approve pull requests* in the repository's "
            "Settings, Actions, General (an organization may have to allow it first), or open it yourself once: "
            "https://github.test/octo/papers/compare/main...daily-papers?expand=1"
        ) in run.log
        assert on(BRANCH, action) == [3, 2, 1]
        assert announced(action) == ids(1, 2, 3)
        assert run.outputs["commit-sha"] == ahead(action)[0].sha
        assert run.outputs["issue-url"]
        assert (run.outputs["pull-request-url"], run.outputs["pull-request-operation"]) == ("", "none")

    def test_the_next_days_say_so_again_and_tell_nothing_twice(self, action: Action) -> None:
        day(action, code=1)
        day(action, code=1)
        day(action, 1, 2, 3, 4, code=1)

        assert on(BRANCH, action) == [4, 3, 2, 1]
        assert len(ahead(action)) == 1
        assert announced(action) == ids(1, 2, 3, 4)

    def test_once_it_is_permitted_the_next_run_opens_it(self, action: Action) -> None:
        day(action, code=1)
        action.github.actions_may_open_pulls = True

        assert day(action).outputs["pull-request-operation"] == "created"

        check(action, 3, 2, 1)

    def test_once_people_have_opened_it_it_is_kept_up_to_date(self, action: Action) -> None:
        day(action, code=1)
        action.github.open_pull(BRANCH)

        assert day(action).outputs["pull-request-number"] == str(action.github.pulls[0].number)
        day(action, 1, 2, 3, 4)

        check(action, 4, 3, 2, 1)


class TestPermissions:
    def test_without_pull_requests_write_the_news_is_told_and_the_line_to_add_is_named(self, action: Action) -> None:
        del action.github.permissions["pull-requests"]

        run = day(action, code=1)

        assert "add `permissions: { contents: write, issues: write, pull-requests: write }` to the job" in run.log
        assert announced(action) == ids(1, 2, 3)

    def test_in_a_private_repository_nothing_is_done(self, action: Action) -> None:
        del action.github.permissions["pull-requests"]
        action.github.private = True

        run = day(action, code=1)

        assert "add `permissions: { contents: write, issues: write, pull-requests: write }` to the job" in run.log
        assert not [request for request in action.github.requests if writes(request)]

    @pytest.mark.parametrize("later", [False, True], ids=["the first day", "a later day"])
    def test_without_contents_write_nothing_is_done(self, action: Action, later: bool) -> None:
        if later:
            day(action)
        action.github.permissions["contents"] = "read"

        run = day(action, 1, 2, 3, 4, code=1)

        assert (
            "::error::GitHub would not write to the repository: Resource not accessible by integration. The token "
            "lacks `contents: write` for octo/papers"
        ) in run.log
        assert "add `permissions: { contents: write, issues: write, pull-requests: write }` to the job" in run.log
        assert "Nothing was written." in run.log
        assert announced(action) == (ids(1, 2, 3) if later else ids())

    def test_without_issues_write_the_next_run_announces(self, action: Action) -> None:
        action.github.permissions["issues"] = "read"
        run = day(action, code=1)
        assert "Done so far: README.md is committed to daily-papers" in run.log
        assert [pull.state for pull in action.github.pulls] == ["open"]
        action.github.permissions["issues"] = "write"

        day(action)

        check(action, 3, 2, 1)

    def test_where_issues_are_off_the_branch_remembers_it_and_is_not_written_again(self, action: Action) -> None:
        action.github.issues_enabled = False
        day(action, code=1)
        remembered = action.github.log(BRANCH)
        day(action, code=1)
        assert action.github.log(BRANCH) == remembered
        action.github.issues_enabled = True

        day(action)

        assert announced(action) == ids(1, 2, 3)
        assert on(BRANCH, action) == [3, 2, 1]

    def test_a_rule_against_new_branches_is_named(self, action: Action) -> None:
        action.github.creations_restricted = True

        run = day(action, code=1)

        assert (
            "Cannot create ref due to creations being restricted. The branch `daily-papers` is protected: let the "
            "token's owner bypass the rule, or set `pull-request-branch` to another branch. Nothing was written."
        ) in run.log
        assert not action.github.issues
        assert not action.github.pulls

    def test_a_rule_on_the_branch_itself_is_named(self, action: Action) -> None:
        day(action)
        action.github.ruleset = {"main", BRANCH}

        run = day(action, 1, 2, 3, 4, code=1)

        assert "The branch `daily-papers` is protected: let the token's owner bypass the rule, or set `pull" in run.log
        assert announced(action) == ids(1, 2, 3)

    @pytest.mark.parametrize("rule", ["protected", "ruleset"])
    def test_a_protected_base_is_no_hindrance(self, action: Action, rule: str) -> None:
        setattr(action.github, rule, {"main"})

        day(action)

        check(action, 3, 2, 1)


class TestLists:
    def test_one_that_github_does_not_show_yet_is_taken_all_the_same(self, action: Action) -> None:
        day(action)
        action.github.late_pulls = 1

        run = day(action, 1, 2, 3, 4)

        assert "POST pulls" in asked(action)
        assert (run.outputs["pull-request-operation"], run.outputs["pull-request-number"]) == ("updated", "1")
        check(action, 4, 3, 2, 1)

    def test_one_that_it_shows_late_after_a_lost_answer_is_taken_too(self, action: Action) -> None:
        def lag(_: object) -> None:
            action.github.late_pulls = 2

        action.github.after(posts("/pulls"), lag)
        action.github.fail(lose(), posts("/pulls"))

        assert day(action).outputs["pull-request-number"] == "1"
        check(action, 3, 2, 1)

    @pytest.mark.parametrize("without", ["files", "sha"], ids=["files", "names of contents"])
    def test_a_comparison_that_tells_not_all_builds_upon_the_branch(self, action: Action, without: str) -> None:
        """GitHub's description of it allows either."""
        first = day(action).outputs["commit-sha"]
        document = requests.get(f"{action.github.url}/repos/octo/papers/compare/main...{BRANCH}", timeout=5).json()
        if without == "files":
            del document["files"]
        else:
            document["files"][0]["sha"] = None
        action.github.fail(Fault(False, answer(document)), lambda request: "/compare/" in request.path)

        second = day(action, 1, 2, 3, 4).outputs["commit-sha"]

        assert [commit.sha for commit in ahead(action)] == [second, first]
        assert announced(action) == ids(1, 2, 3, 4)

    def test_reads_that_lag_behind_do_no_harm(self, action: Action) -> None:
        day(action)
        action.github.stale_reads = 3
        action.github.fail(lose(), posts("/graphql"))

        day(action, 1, 2, 3, 4)

        check(action, 4, 3, 2, 1)
