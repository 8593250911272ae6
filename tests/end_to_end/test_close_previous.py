"""`close-previous`: once a new issue is open, the earlier ones are closed; only ours, and nothing of it fails a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sandbox.github.faults import drop, lose, posts, refuse
from tests.factories import announced, ids, papers, started
from tests.in_process import dead_after, run_here

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sandbox.github.faults import Fault
    from sandbox.github.wire import Request
    from tests.conftest import Action, Run


@pytest.fixture
def action(tmp_path: Path) -> Iterator[Action]:
    with started(tmp_path, papers([1]), close_previous="true") as action:
        yield action


def day(action: Action, number: int, **inputs: str) -> Run:
    """A run on a day whose only news is that paper."""
    action.arxiv.show(papers([number]))
    run = run_here(action, **inputs)
    assert run.code == 0, run.log
    return run


def still_open(action: Action) -> list[int]:
    return [issue.number for issue in action.github.issues if issue.state == "open"]


def closes(request: Request) -> bool:
    return request.verb == "PATCH" and "/issues/" in request.path


def test_a_new_issue_closes_the_one_before(action: Action) -> None:
    day(action, 1)
    day(action, 1)
    assert still_open(action) == [1]
    for number in (2, 3):
        day(action, number)

    assert still_open(action) == [3]
    assert {issue.state_reason for issue in action.github.issues[:2]} == {"completed"}
    assert not action.github.comments
    assert announced(action) == ids(1, 2, 3)


def test_without_it_they_stay_open_and_nothing_is_asked(action: Action) -> None:
    for number in (1, 2):
        day(action, number, close_previous="false")

    assert still_open(action) == [1, 2]
    assert not [request for request in action.github.requests if closes(request)]


def test_it_costs_a_request_an_issue(action: Action) -> None:
    day(action, 1)
    for number in (2, 3):
        action.github.requests.clear()
        day(action, number)
        assert len(action.github.requests) == 9 + 1


def test_nothing_is_closed_before_the_new_one_is_open(action: Action) -> None:
    day(action, 1)
    action.github.permissions["issues"] = "read"
    action.arxiv.show(papers([2]))

    assert run_here(action).code == 1
    assert still_open(action) == [1]


def test_at_most_ten_a_run_until_none_is_left(action: Action) -> None:
    for number in range(1, 15):
        day(action, number, close_previous="false")

    day(action, 15)
    assert still_open(action) == [1, 2, 3, 4, 15]
    day(action, 16)
    assert still_open(action) == [16]


def test_another_sections_issues_stay(action: Action) -> None:
    day(action, 1, section="other", readme="other.md")
    for number in (2, 3):
        day(action, number)

    assert still_open(action) == [1, 3]


def test_an_issue_that_tells_of_two_sections_stays(action: Action) -> None:
    day(action, 1)
    day(action, 2, section="other", readme="other.md")
    first, other = action.github.issues
    first.body = f"{first.body}\n\n{other.body}"

    day(action, 3)

    assert still_open(action) == [1, 2, 3]


@pytest.mark.parametrize("association", ["NONE", "CONTRIBUTOR", "COLLABORATOR", "MEMBER", "OWNER"])
def test_a_forged_key_closes_nothing(action: Action, association: str) -> None:
    day(action, 1)
    key = str(action.github.issues[0].body)
    action.github.open_issue("Daily papers", key, association=association)

    day(action, 2)

    assert still_open(action) == [2, 3]


def test_issues_of_the_bot_are_closed_after_a_change_to_a_persons_token(action: Action) -> None:
    day(action, 1)
    action.github.actor = "mona"
    for number in (2, 3):
        day(action, number)

    assert still_open(action) == [3]


def test_a_persons_issues_stay_after_a_change_to_the_default_token(action: Action) -> None:
    """Whoever may write might have forged them."""
    action.github.actor = "mona"
    day(action, 1)
    action.github.actor = "github-actions[bot]"
    for number in (2, 3):
        day(action, number)

    assert still_open(action) == [1, 3]


def test_other_peoples_issues_and_pull_requests_stay(action: Action) -> None:
    day(action, 1)
    body = str(action.github.issues[0].body)
    action.github.push("words", b"words\n", branch="words")
    pull = action.github.open_pull("words", user="github-actions[bot]")
    pull.body = body
    action.github.open_issue("A question", f"I quote: {body}", user="github-actions[bot]")

    day(action, 2)

    assert pull.state == "open"
    assert still_open(action) == [3, 4]


def test_one_whose_key_was_edited_away_stays(action: Action) -> None:
    day(action, 1)
    action.github.issues[0].body = "Read."

    day(action, 2)

    assert still_open(action) == [1, 2]


def test_a_run_that_died_before_it_closed_leaves_them_to_the_next_news(action: Action) -> None:
    day(action, 1)
    action.arxiv.show(papers([2]))
    dead_after(action, posts("/issues"))
    day(action, 2)
    assert still_open(action) == [1, 2]

    day(action, 3)

    assert still_open(action) == [3]
    assert announced(action) == ids(1, 2, 3)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (refuse(403, "Resource not accessible by integration"), "The token lacks `issues: write` for octo/papers"),
        (refuse(410, "This issue was deleted"), "This issue was deleted"),
        (refuse(500), "Server Error (status 500)"),
        (drop(), "it broke the connection"),
    ],
)
def test_a_refusal_is_a_warning(action: Action, fault: Fault, said: str) -> None:
    for number in (1, 2):
        day(action, number, close_previous="false")
    action.github.fail(fault, closes, times=None)

    run = day(action, 3)

    (warning,) = run.annotations("warning")
    assert "close-previous: " in warning
    assert "close issue 2: " in warning
    assert said in warning
    action.github.heal()
    day(action, 4)
    assert still_open(action) == [4]


def test_one_that_is_deleted_meanwhile_leaves_the_others_to_the_next_run(action: Action) -> None:
    for number in (1, 2):
        day(action, number, close_previous="false")
    action.github.before(closes, lambda _: action.github.remove_issue(action.github.issues[1]))

    run = day(action, 3)

    assert "This issue was deleted" in run.annotations("warning")[0]
    day(action, 4)
    assert still_open(action) == [4]


def test_an_answer_that_is_lost_does_no_harm(action: Action) -> None:
    day(action, 1)
    action.github.fail(lose(), closes)

    day(action, 2)

    assert still_open(action) == [2]


@pytest.mark.parametrize("notify", ["comment", "none"])
def test_where_no_issue_is_opened_it_is_doubtful_and_closes_nothing(action: Action, notify: str) -> None:
    day(action, 1)

    run = day(action, 2, notify=notify)

    assert 1 in still_open(action)
    assert f"close-previous: with `notify: {notify}` no issue is opened" in run.annotations("warning")[0]
