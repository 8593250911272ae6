"""Who is told by name: mentions in the issue or the comment, and assignees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sandbox.github.faults import drop, lose, posts, refuse
from tests.factories import paper, papers, started
from tests.in_process import run_here

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sandbox.github.faults import Fault
    from sandbox.github.wire import Request
    from tests.conftest import Action, Run


@pytest.fixture
def action(tmp_path: Path) -> Iterator[Action]:
    with started(tmp_path, papers(range(1, 4))) as action:
        yield action


def run_well(action: Action, **inputs: str) -> Run:
    run = run_here(action, **inputs)
    assert run.code == 0, run.log
    return run


@pytest.mark.parametrize("notify", ["issue", "comment"])
def test_the_owners_mentions_are_live_and_strangers_are_not(action: Action, notify: str) -> None:
    action.arxiv.show([paper(1, title="By @hubot and @mona")])

    run_well(action, notify=notify, issue_mentions="@mona, octocat\nhubot")

    body = str((action.github.comments if notify == "comment" else action.github.issues)[0].body)
    _, mentions, rest = body.split("\n\n", 2)
    assert mentions == "@mona @octocat @hubot"
    assert "hubot" in rest
    assert "@hubot" not in rest
    assert "@mona" not in rest


def test_a_standing_issue_mentions_nobody(action: Action) -> None:
    run_well(action, notify="comment", issue_mentions="mona")

    assert "@" not in str(action.github.issues[0].body)


# Assignees.


@pytest.mark.parametrize("notify", ["issue", "comment"])
def test_the_issue_is_assigned_once_it_is_open(action: Action, notify: str) -> None:
    run = run_well(action, notify=notify, issue_assignees="@Mona, octocat")

    assert action.github.issues[0].assignees == ["mona", "octocat"]
    assert not run.annotations("warning")


def test_a_standing_issue_is_assigned_once(action: Action) -> None:
    run_well(action, notify="comment", issue_assignees="mona")
    action.github.issues[0].assignees.clear()
    action.arxiv.show(papers([4]))

    run_well(action, notify="comment", issue_assignees="mona")

    assert len(action.github.comments) == 2
    assert action.github.issues[0].assignees == []


def test_who_cannot_be_assigned_costs_a_warning(action: Action) -> None:
    run = run_well(action, issue_assignees="stranger\nmona\nnobody")

    assert action.github.issues[0].assignees == ["mona"]
    (warning,) = run.annotations("warning")
    assert "issue-assignees: GitHub did not assign stranger, nobody: it takes ten, who may write to" in warning
    assert run.outputs["issue-url"]


def test_more_than_ten_cost_a_warning(action: Action) -> None:
    names = [f"member{number}" for number in range(12)]
    action.github.assignable.update(names)

    run = run_well(action, issue_assignees=", ".join(names))

    assert action.github.issues[0].assignees == names[:10]
    assert "did not assign member10, member11:" in run.annotations("warning")[0]


def test_where_github_refuses_all_for_one_the_others_are_assigned(action: Action) -> None:
    """As it was seen to: https://github.com/dependabot/dependabot-core/pull/9860"""

    def names_a_stranger(request: Request) -> bool:
        return posts("/assignees")(request) and "stranger" in request.body["assignees"]

    action.github.fail(refuse(422, "Validation Failed"), names_a_stranger, times=None)

    run = run_well(action, issue_assignees="mona, stranger, octocat")

    assert action.github.issues[0].assignees == ["mona", "octocat"]
    assert "did not assign stranger:" in run.annotations("warning")[0]


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (refuse(403, "Resource not accessible by integration"), "The token lacks `issues: write` for octo/papers"),
        (refuse(404, "Not Found"), "The token lacks `issues: write` for octo/papers"),
        (refuse(422, "Validation Failed"), "Validation Failed"),
        (refuse(500), "GitHub would not assign the issue: Server Error (status 500)"),
        (drop(), "GitHub did not answer as it should when asked to assign the issue"),
    ],
)
def test_a_refusal_is_a_warning_that_names_them(action: Action, fault: Fault, said: str) -> None:
    action.github.fail(fault, posts("/assignees"), times=None)

    run = run_well(action, issue_assignees="mona")

    (warning,) = run.annotations("warning")
    assert "issue-assignees: mona: " in warning
    assert said in warning
    assert run_well(action, issue_assignees="mona").outputs["changed"] == "false"
    assert len(action.github.issues) == 1


def test_an_answer_that_is_lost_assigns_them_all_the_same(action: Action) -> None:
    action.github.fail(lose(), posts("/assignees"))

    run = run_well(action, issue_assignees="mona")

    assert action.github.issues[0].assignees == ["mona"]
    assert not run.annotations("warning")
