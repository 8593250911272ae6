"""`pull-request: true`: the list goes into one pull request, however long it is open and whatever becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sandbox.github.faults import writes
from tests.factories import announced, ids, paper, papers
from tests.proposing import BRANCH, README, ahead, asked, day, on, proposing, text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Action

METHODS = ("merge", "squash", "rebase")
KEPT = pytest.mark.parametrize("deleted", [False, True], ids=["branch kept", "branch deleted"])


@pytest.fixture
def action(tmp_path: Path) -> Iterator[Action]:
    with proposing(tmp_path) as action:
        yield action


def delete(action: Action, deleted: bool) -> None:
    if deleted:
        action.github.delete_branch(BRANCH)


class TestDays:
    def test_the_first_run_opens_one_and_announces_by_eleven_requests(self, action: Action) -> None:
        run = day(action)

        assert asked(action) == [
            *("GET compare", "GET pulls", "GET branches", "GET contents", "GET git/trees"),
            *("POST git/trees", "POST git/commits", "POST git/refs", "POST pulls", "GET issues", "POST issues"),
        ]
        (pull,) = action.github.pulls
        assert (pull.state, pull.head, pull.base) == ("open", BRANCH, "main")
        assert run.outputs["pull-request-operation"] == "created"
        assert on(BRANCH, action) == [3, 2, 1]
        assert text(action, "main") == README.decode()
        assert announced(action) == ids(1, 2, 3)

    def test_the_second_day_rebuilds_it_as_one_commit_on_the_newest_base_by_eleven(self, action: Action) -> None:
        day(action)
        newest = action.github.push("notes.txt", b"ours\n")

        run = day(action, 2, 3, 4, 5)

        assert asked(action) == [
            *("GET compare", "GET pulls", "GET contents", "GET contents", "GET issues", "GET git/trees"),
            *("POST git/trees", "POST git/commits", "POST graphql", "GET issues", "POST issues"),
        ]
        (commit,) = ahead(action)
        assert commit.parents == (newest,)
        assert [pull.state for pull in action.github.pulls] == ["open"]
        assert run.outputs["pull-request-operation"] == "updated"
        assert on(BRANCH, action) == [5, 4, 3, 2]
        assert announced(action) == ids(1, 2, 3, 4, 5)

    def test_a_day_without_anything_new_takes_five_and_no_commit(self, action: Action) -> None:
        day(action)
        before = action.github.log(BRANCH)

        run = day(action)

        assert asked(action) == ["GET compare", "GET pulls", "GET contents", "GET contents", "GET issues"]
        assert action.github.log(BRANCH) == before
        assert (run.outputs["changed"], run.outputs["pull-request-operation"]) == ("false", "none")

    def test_it_stays_open_for_days_and_each_day_is_announced_once(self, action: Action) -> None:
        for newest in range(3, 9):
            day(action, *range(1, newest + 1))
            day(action)

        assert [pull.state for pull in action.github.pulls] == ["open"]
        assert len(ahead(action)) == 1
        assert len(action.github.issues) == 6
        assert announced(action) == ids(*range(1, 9))
        assert text(action, "main") == README.decode()

    def test_a_revision_is_written_to_it_and_is_no_news(self, action: Action) -> None:
        day(action)
        action.arxiv.show([paper(3, version=2), *papers([2, 1])])

        run = day(action)

        assert run.outputs["pull-request-operation"] == "updated"
        assert "2603.00003v2" in text(action)
        assert len(action.github.issues) == 1


class TestMerged:
    @pytest.mark.parametrize("method", METHODS)
    @KEPT
    def test_the_next_news_open_another_one_on_what_was_merged(
        self, action: Action, method: str, deleted: bool
    ) -> None:
        day(action)
        merged = action.github.merge(1, method)
        delete(action, deleted)

        quiet = day(action)
        assert (quiet.outputs["changed"], quiet.outputs["pull-request-operation"]) == ("false", "none")
        news = day(action, 1, 2, 3, 4)

        assert on("main", action) == [3, 2, 1]
        assert on(BRANCH, action) == [4, 3, 2, 1]
        assert [commit.parents for commit in ahead(action)] == [(merged,)]
        assert [pull.state for pull in action.github.pulls] == ["closed", "open"]
        assert news.outputs["pull-request-operation"] == "created"
        assert announced(action) == ids(1, 2, 3, 4)

    @pytest.mark.parametrize("method", METHODS)
    def test_it_was_open_for_two_days(self, action: Action, method: str) -> None:
        day(action)
        day(action, 1, 2, 3, 4)
        action.github.merge(1, method)
        day(action, 1, 2, 3, 4, 5)
        action.github.merge(action.github.pulls[-1].number, method)
        day(action)

        assert on("main", action) == [5, 4, 3, 2, 1]
        assert [pull.state for pull in action.github.pulls] == ["closed", "closed"]
        assert announced(action) == ids(1, 2, 3, 4, 5)

    def test_a_revision_opens_one_too_which_announces_nothing(self, action: Action) -> None:
        day(action)
        action.github.merge(1)
        action.arxiv.show([paper(3, version=2), *papers([2, 1])])

        assert day(action).outputs["pull-request-operation"] == "created"
        assert announced(action) == ids(1, 2, 3)


class TestClosedByPeople:
    @KEPT
    def test_nothing_is_written_until_there_is_news(self, action: Action, deleted: bool) -> None:
        day(action)
        action.github.close_pull(1)
        delete(action, deleted)
        action.arxiv.show([paper(3, version=2), *papers([2, 1])])

        for _ in range(2):
            run = day(action)

            assert not [request for request in action.github.requests if writes(request)]
            assert (run.outputs["changed"], run.outputs["pull-request-operation"]) == ("false", "none")
        assert [pull.state for pull in action.github.pulls] == ["closed"]

    @KEPT
    def test_news_open_another_one_with_all_that_is_listed_and_tell_nothing_twice(
        self, action: Action, deleted: bool
    ) -> None:
        day(action)
        action.github.close_pull(1)
        delete(action, deleted)

        run = day(action, 1, 2, 3, 4)
        day(action)

        assert run.outputs["new-papers"] == "1"
        assert run.outputs["pull-request-operation"] == "created"
        assert on(BRANCH, action) == [4, 3, 2, 1]
        assert [pull.state for pull in action.github.pulls] == ["closed", "open"]
        assert announced(action) == ids(1, 2, 3, 4)

    def test_reopened_it_is_kept_up_to_date(self, action: Action) -> None:
        day(action)
        action.github.close_pull(1)
        action.github.reopen(1)

        day(action, 1, 2, 3, 4)

        assert [pull.state for pull in action.github.pulls] == ["open"]
        assert announced(action) == ids(1, 2, 3, 4)

    @KEPT
    def test_without_announcements_it_is_not_opened_again_either(self, action: Action, deleted: bool) -> None:
        day(action, notify="none")
        action.github.close_pull(1)
        delete(action, deleted)

        assert day(action, notify="none").outputs["pull-request-operation"] == "none"
        assert day(action, 1, 2, 3, 4, notify="none").outputs["pull-request-operation"] == "created"
        assert [pull.state for pull in action.github.pulls] == ["closed", "open"]

    def test_a_branch_deleted_while_it_was_open_is_the_same(self, action: Action) -> None:
        day(action)
        action.github.delete_branch(BRANCH)

        assert day(action).outputs["pull-request-operation"] == "none"
        day(action, 1, 2, 3, 4)

        assert [pull.state for pull in action.github.pulls] == ["closed", "open"]
        assert announced(action) == ids(1, 2, 3, 4)


class TestTheBaseMoves:
    def test_what_is_written_around_the_section_comes_to_the_branch(self, action: Action) -> None:
        day(action)
        action.github.push("README.md", README.replace(b"Mine", b"Ours").replace(b"Below", b"Under it"))

        day(action, 1, 2, 3, 4)

        assert text(action).startswith("# Ours\n")
        assert text(action).endswith("\n\nUnder it.\n")
        assert len(ahead(action)) == 1
        action.github.merge(1)
        assert on("main", action) == [4, 3, 2, 1]

    def test_a_change_of_the_base_alone_is_no_reason_to_write(self, action: Action) -> None:
        day(action)
        action.github.push("notes.txt", b"ours\n")

        assert day(action).outputs["changed"] == "false"

    def test_what_is_written_into_its_section_conflicts_no_longer_after_the_next_day(self, action: Action) -> None:
        day(action)
        action.github.push("README.md", README.replace(b":start -->\n", b":start -->\nA list will come.\n"))

        day(action, 1, 2, 3, 4)

        assert len(ahead(action)) == 1
        action.github.merge(1)
        assert on("main", action) == [4, 3, 2, 1]
        assert "A list will come." not in text(action, "main")

    def test_an_older_page_put_back_on_the_base_announces_nothing_again(self, action: Action) -> None:
        day(action)
        action.github.merge(1)
        action.github.push("README.md", README)

        day(action)
        day(action, 1, 2, 3, 4)

        assert on(BRANCH, action) == [4, 3, 2, 1]
        assert announced(action) == ids(1, 2, 3, 4)


class TestNothingLeftToChange:
    """Somebody merges by hand: the base has the same files by other commits."""

    @pytest.mark.parametrize("moved", [False, True], ids=["no more commits", "another file besides"])
    def test_it_is_closed_and_its_branch_deleted(self, action: Action, moved: bool) -> None:
        day(action)
        action.github.push("README.md", text(action).encode())
        if moved:
            action.github.push("notes.txt", b"ours\n")

        run = day(action)

        assert [pull.state for pull in action.github.pulls] == ["closed"]
        assert action.github.log(BRANCH) == []
        assert (run.outputs["changed"], run.outputs["pull-request-operation"]) == ("false", "closed")
        assert run.outputs["pull-request-number"] == "1"
        assert day(action).outputs["pull-request-operation"] == "none"

    def test_the_next_news_open_another_one(self, action: Action) -> None:
        day(action)
        action.github.push("README.md", text(action).encode())
        day(action)

        assert day(action, 1, 2, 3, 4).outputs["pull-request-operation"] == "created"
        assert announced(action) == ids(1, 2, 3, 4)

    def test_news_on_the_very_day_go_on_with_the_one_that_is_open(self, action: Action) -> None:
        day(action)
        action.github.push("README.md", text(action).encode())

        assert day(action, 1, 2, 3, 4).outputs["pull-request-operation"] == "updated"
        assert [pull.state for pull in action.github.pulls] == ["open"]
        assert announced(action) == ids(1, 2, 3, 4)
