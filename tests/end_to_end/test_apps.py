"""Tokens of apps: what another app writes silences nothing, and a change of the token's app tells nothing twice."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from digest.announcement import key
from digest.papers import identifier
from sandbox.github.faults import drop, posts
from tests.factories import announced, ids, papers, started
from tests.in_process import dead_after, run_here
from tests.proposing import README

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sandbox.github.issues import Issue
    from tests.conftest import Action, Run

ACTIONS, OURS, THEIRS = "github-actions[bot]", "papers[bot]", "forms[bot]"


@pytest.fixture
def action(tmp_path: Path) -> Iterator[Action]:
    with started(tmp_path, papers([1, 2, 3]), {"README.md": README}) as action:
        yield action


def day(action: Action, *numbers: int, app: str = ACTIONS, **inputs: str) -> Run:
    """A run by the token of an app, on a day on which arXiv has these papers."""
    action.github.actor = app
    action.arxiv.show(papers(numbers))
    action.github.requests.clear()
    run = run_here(action, **inputs)
    assert run.code == 0, run.log
    return run


def forged(action: Action, *numbers: int, user: str, association: str = "NONE") -> Issue:
    body = f"New in [README.md](https://github.test):\n\n{key('daily-papers', map(identifier, ids(*numbers)))}"
    return action.github.open_issue("Daily papers", body, user=user, association=association)


class TestAnotherApp:
    def test_that_writes_what_strangers_tell_it_silences_nothing(self, action: Action) -> None:
        day(action, 1, 2)
        forged(action, 3, 4, user=THEIRS)

        assert day(action, 1, 2, 3, 4).outputs["new-papers"] == "2"
        assert announced(action) == ids(1, 2, 3, 4) + ids(3, 4)

    def test_nor_does_its_standing_issue_take_our_comments(self, action: Action) -> None:
        body = "New papers in [README.md](https://github.test) are told here.\n\n<!-- daily-papers:standing -->"
        action.github.open_issue("Daily papers", body, user=THEIRS)

        assert day(action, 1, 2, notify="comment").outputs["issue-url"].endswith("/2")

    def test_nor_is_its_issue_closed(self, action: Action) -> None:
        forged(action, 3, user=THEIRS)

        day(action, 1, 2, close_previous="true")

        assert [issue.state for issue in action.github.issues] == ["open", "open"]


class TestWhatWasWrittenTooEarly:
    """Before the papers were promised, by another app; before they were submitted, by anybody."""

    @pytest.fixture(
        params=[(THEIRS, timedelta(minutes=10)), (ACTIONS, timedelta(days=365)), ("mona", timedelta(days=365))]
    )
    def early(self, action: Action, request: pytest.FixtureRequest) -> Action:
        user, before = request.param
        day(action, 1, 2)
        issue = forged(action, 3, user=user, association="COLLABORATOR" if user == "mona" else "NONE")
        issue.created_at -= before
        return action

    @pytest.mark.parametrize("index", range(9))
    def test_silences_nothing_though_a_run_dies_anywhere(self, early: Action, index: int) -> None:
        early.arxiv.show(papers([1, 2, 3]))
        dead_after(early, index)

        day(early, 1, 2, 3)

        assert announced(early) == ids(1, 2, 3) + ids(3)

    def test_nor_where_the_answer_to_the_issue_is_lost(self, early: Action) -> None:
        early.github.fail(drop(), posts("/issues"))

        day(early, 1, 2, 3)

        assert announced(early) == ids(1, 2, 3) + ids(3)


class TestTheTokensApp:
    @pytest.mark.parametrize("proposed", ["false", "true"])
    def test_takes_three_requests_more_on_its_first_day_and_none_on_later_ones(
        self, action: Action, proposed: str
    ) -> None:
        action.github.permissions["pull-requests"] = "write"
        asked = []
        for numbers in ([1], [1, 2], [1, 2, 3]):
            day(action, *numbers, app=OURS, pull_request=proposed)
            asked.append(len(action.github.requests))

        usual = (11, 11, 11) if proposed == "true" else (8, 9, 9)
        assert asked == [usual[0] + 3, *usual[1:]]
        assert announced(action) == ids(1, 2, 3)

    def test_is_known_again_where_an_older_page_is_put_back(self, action: Action) -> None:
        day(action, 1, 2, app=OURS)
        action.github.push("README.md", README)

        assert day(action, 1, 2, app=OURS).outputs["new-papers"] == "0"
        assert announced(action) == ids(1, 2)

    def test_comments_in_its_own_standing_issue(self, action: Action) -> None:
        for numbers in ([1], [1, 2], [1, 2, 3]):
            day(action, *numbers, app=OURS, notify="comment")

        assert len(action.github.issues) == 1
        assert [comment.user for comment in action.github.comments] == [OURS] * 3

    @pytest.mark.parametrize("first", [ACTIONS, OURS])
    @pytest.mark.parametrize("index", range(9))
    def test_may_change_after_a_death_at_any_request(self, action: Action, first: str, index: int) -> None:
        day(action, 1, app=first)
        action.arxiv.show(papers([1, 2]))
        dead_after(action, index)

        day(action, 1, 2, 3, app=THEIRS)
        day(action, 1, 2, 3, app=THEIRS)
        day(action, 1, 2, 3, 4, app=first)

        assert announced(action) == ids(1, 2, 3, 4)

    def test_may_change_while_an_announcement_is_refused(self, action: Action) -> None:
        day(action, 1, app=OURS)
        action.github.permissions["issues"] = "read"
        action.arxiv.show(papers([1, 2]))
        assert run_here(action).code == 1
        action.github.permissions["issues"] = "write"

        for _ in range(2):
            day(action, 1, 2, app=THEIRS)

        assert announced(action) == ids(1, 2)
