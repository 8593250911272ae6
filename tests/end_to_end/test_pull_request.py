"""`pull-request: true`: the list goes into one pull request, however long it is open and whatever becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

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
