"""A run from end to end: the page, the commit, the issue, and what the second run makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.factories import table_head

if TYPE_CHECKING:
    from tests.conftest import Action


def test_a_first_run_lists_commits_and_announces(action: Action) -> None:
    run = action.run_apart()

    assert run.code == 0, run.log
    assert f"## Video Anomaly Detection\n\n{table_head('Title', 'Date', 'Abstract', 'Comment')}" in action.page()
    assert run.outputs["commit-sha"] == action.github.log()[0].sha
    assert action.github.log()[0].verified
    assert [issue.title for issue in action.github.issues] == [
        f"Daily papers {action.page().split('Last update: ')[1][:10]}: {run.outputs['new-papers']} new"
    ]
    assert len(action.github.requests) <= 8


def test_a_second_run_writes_nothing(action: Action) -> None:
    action.run_apart()
    page, commits = action.page(), action.github.log()
    action.github.requests.clear()

    again = action.run_apart()

    assert again.code == 0, again.log
    assert again.outputs["changed"] == "false"
    assert (action.page(), action.github.log(), len(action.github.issues)) == (page, commits, 1)
    assert [request.verb for request in action.github.requests] == ["GET"] * 3
