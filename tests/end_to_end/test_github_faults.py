"""GitHub's bad days: tried again within bounds, never a second issue, and then a clear error."""

from __future__ import annotations

import json
import time
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from sandbox.github import faults
from sandbox.github.faults import any_request, posts, verb, writes
from tests.factories import announced, ids, listed, papers, started
from tests.in_process import Hurried, dead_after, run_here

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sandbox.github.faults import Condition, Fault
    from tests.conftest import Action

TREE, COMMIT, MOVE, ISSUE = posts("/git/trees"), posts("/git/commits"), verb("PATCH"), posts("/issues")
READ, LOOK = verb("GET", "/README.md"), verb("GET", "/issues")
REQUESTS: dict[str, Condition] = {
    "branch": verb("GET", "/branches/main"),
    "file": READ,
    "issues": LOOK,
    "tree": TREE,
    "commit": COMMIT,
    "move": MOVE,
    "issue": ISSUE,
}
# Seconds that a test waits for an answer that does not come.
SHORT = 0.5
HTML = b"<!DOCTYPE html><title>Unicorn! &middot; GitHub</title>"


@pytest.fixture
def action(tmp_path: Path) -> Iterator[Action]:
    with started(tmp_path, papers(range(1, 4))) as action:
        yield action


def proved(action: Action) -> None:
    assert listed(action.page()) == ["2603.00003v1", "2603.00002v1", "2603.00001v1"]
    assert announced(action) == ids(1, 2, 3)
    assert len(action.github.issues) == 1


PASSING: dict[str, Callable[[], Fault]] = {
    "503": lambda: faults.refuse(503, "Service unavailable"),
    "503 with Retry-After": lambda: faults.refuse(503, Retry_After="7"),
    "a page of HTML": lambda: faults.refuse(502, body=HTML),
    "HTML that looks well": lambda: faults.refuse(200, body=HTML),
    "dropped": faults.drop,
    "reset": faults.reset,
    "half an answer": lambda: faults.cut(takes_effect=True),
    "half an answer to nothing": lambda: faults.cut(takes_effect=False),
    "secondary limit": lambda: faults.secondary(7),
    "secondary limit as 429": lambda: faults.secondary(7, 429),
    "secondary limit that does not say how long": lambda: faults.secondary(None),
    "primary limit that ends soon": lambda: faults.primary(20),
}


@pytest.mark.parametrize("fault", PASSING)
@pytest.mark.parametrize("request_", REQUESTS)
def test_a_passing_fault_does_no_harm(action: Action, request_: str, fault: str) -> None:
    clock = Hurried()
    action.github.fail(PASSING[fault](), REQUESTS[request_])

    run = run_here(action, clock)

    assert run.code == 0, run.log
    proved(action)
    assert len(action.github.log()) == 2
    assert sum(clock.slept) < 70
    if "Retry-After" in fault or fault.startswith("secondary limit"):
        assert sum(clock.slept) >= 7
    if fault.startswith("primary"):
        assert 18 <= sum(clock.slept) < 25


@pytest.mark.parametrize("fault", ["503", "a page of HTML", "HTML that looks well", "dropped", "half an answer"])
@pytest.mark.parametrize("request_", REQUESTS)
def test_a_lasting_fault_is_a_clear_error_after_few_tries(action: Action, request_: str, fault: str) -> None:
    clock = Hurried()
    action.github.fail(PASSING[fault](), REQUESTS[request_], times=None)

    run = run_here(action, clock)

    if run.code:
        [error] = run.annotations("error")
        assert "Run it again" in error or "The next run opens the issue" in error
        assert ("Done so far: README.md is committed to main" in error) == (request_ in ("issues", "issue"))
    else:
        # The effect took place, and was found.
        assert fault == "half an answer"
        proved(action)
    assert "Traceback" not in run.log
    assert sum(map(REQUESTS[request_], action.github.requests)) <= 4
    # Before an issue is sent again, it is looked for as long as GitHub was seen to show one late.
    assert sum(clock.slept) < (180 if request_ == "issue" else 20)
    action.github.heal()

    assert run_here(action).code == 0
    proved(action)


@pytest.mark.parametrize(
    ("request_", "takes_effect"), [("file", False), ("move", False), ("move", True), ("issue", False), ("issue", True)]
)
def test_silence_is_given_up_and_the_request_looked_after(action: Action, request_: str, takes_effect: bool) -> None:
    action.github.fail(faults.hang(takes_effect), REQUESTS[request_])

    run = run_here(action, None, SHORT)

    assert run.code == 0, run.log
    proved(action)


def test_lasting_silence_is_told(action: Action) -> None:
    action.github.fail(faults.hang(), READ, times=None)

    run = run_here(action, None, SHORT)

    assert run.code == 1
    assert (
        "GitHub did not answer as it should when asked to read README.md: 127.0.0.1 gave no whole answer within 0.5 s."
        in run.log
    )
    assert sum(map(READ, action.github.requests)) == 4


@pytest.mark.parametrize("request_", REQUESTS)
def test_a_primary_limit_that_ends_late_is_told_at_once(action: Action, request_: str) -> None:
    clock = Hurried()
    action.github.fail(faults.primary(3000), REQUESTS[request_], times=None)
    ends = datetime.now(UTC) + timedelta(seconds=3000)

    run = run_here(action, clock)

    assert run.code == 1
    assert "API rate limit exceeded for installation ID 1234567. Run it again after " in run.log
    assert any(f"after {ends + timedelta(minutes=late):%H:%M} UTC" in run.log for late in (0, 1))
    assert sum(clock.slept) < 1


def test_a_secondary_limit_that_lasts_is_given_up(action: Action) -> None:
    clock = Hurried()
    action.github.fail(faults.secondary(60), writes, times=None)

    run = run_here(action, clock)

    assert run.code == 1
    assert "You have exceeded a secondary rate limit" in run.log
    assert "Run it again in a few minutes." in run.log
    assert sum(clock.slept) <= 180


def test_a_branch_that_cannot_be_moved_just_now_is_moved_a_moment_later(action: Action) -> None:
    action.github.fail(faults.refuse(422, "Reference cannot be updated"), MOVE, times=2)

    run = run_here(action)

    assert run.code == 0, run.log
    proved(action)


def test_a_branch_that_can_never_be_moved_is_told(action: Action) -> None:
    action.github.fail(faults.refuse(422, "Reference cannot be updated"), MOVE, times=None)

    run = run_here(action)

    assert run.code == 1
    assert "Reference cannot be updated (status 422). Nothing was written." in run.log
    assert sum(map(MOVE, action.github.requests)) == 4


@pytest.mark.parametrize("condition", [any_request, writes])
def test_a_used_up_budget_of_requests_is_told(action: Action, condition: Condition) -> None:
    action.github.fail(faults.primary(3000), condition, times=None)

    run = run_here(action)

    assert run.code == 1
    assert "rate limit" in run.log


def test_nothing_waits_in_a_run_without_faults(action: Action) -> None:
    clock = Hurried()
    start = time.monotonic()

    run_here(action, clock)

    assert clock.slept == []
    assert time.monotonic() - start < 3


def test_a_file_over_a_megabyte_is_read_and_written(tmp_path: Path) -> None:
    readme = b"# Mine\n" + b"A line of words, one of many.\n" * 50_000
    with started(tmp_path, papers([1]), {"README.md": readme}, max_bytes="0") as action:
        run = run_here(action)

        assert run.code == 0, run.log
        assert action.page().startswith(readme.decode())
        assert listed(action.page()) == ["2603.00001v1"]


def shows(content: bytes) -> Fault:
    """What the file was a moment ago."""
    document = {"type": "file", "encoding": "base64", "content": b64encode(content).decode(), "sha": "0" * 40}
    return faults.refuse(200, body=json.dumps(document).encode())


@pytest.mark.parametrize("path", ["README.md", "docs/papers.md"])
@pytest.mark.parametrize(
    "shown",
    [faults.refuse(404, "Not Found"), faults.refuse(404, "No commit found for the ref 0123456"), shows(b"# Old\n")],
    ids=["not there", "no commit", "old"],
)
def test_a_file_that_github_shows_otherwise_at_first_is_not_written_over(
    action: Action, path: str, shown: Fault
) -> None:
    action.github.push(path, b"# Mine\n")
    action.github.fail(shown, verb("GET", f"/{path}"), times=2)

    run = run_here(action, readme=path)

    assert run.code == 0, run.log
    page = (action.github.read(path) or b"").decode()
    assert page.startswith("# Mine\n\n<!-- daily-papers:start -->")
    assert listed(page) == ["2603.00003v1", "2603.00002v1", "2603.00001v1"]
    assert announced(action) == ids(1, 2, 3)


def test_a_repository_of_more_files_than_github_lists_is_written_all_the_same(action: Action) -> None:
    action.github.push("docs/a/papers.md", b"# Mine\n", mode="100755")
    cut = json.dumps({"sha": action.github.log()[0].tree, "tree": [], "truncated": True}).encode()
    action.github.fail(faults.refuse(200, body=cut), lambda request: "recursive" in request.query, times=None)

    run = run_here(action, readme="docs/a/papers.md")

    assert run.code == 0, run.log
    assert (action.github.read("docs/a/papers.md") or b"").startswith(b"# Mine\n\n")
    assert action.github.mode_of("docs/a/papers.md") == "100755"
    assert action.page() == "# Papers\n"


def test_a_file_that_github_never_shows_as_it_is_is_told(action: Action) -> None:
    action.github.fail(faults.refuse(404, "Not Found"), READ, times=None)

    run = run_here(action)

    assert run.code == 1
    assert "GitHub showed README.md otherwise than main has it. So it went 30 times in a row; nothing was" in run.log
    assert action.page() == "# Papers\n"


@pytest.mark.parametrize("mode", ["100644", "100755"])
def test_the_files_mode_stays(action: Action, mode: str) -> None:
    action.github.push("docs/papers.md", b"# Mine\n", mode=mode)

    run = run_here(action, readme="docs/papers.md")

    assert run.code == 0, run.log
    assert action.github.mode_of("docs/papers.md") == mode


def test_a_symbolic_link_is_not_written_over(action: Action) -> None:
    action.github.push("docs/README.md", b"../README.md", mode="120000")

    run = run_here(action, readme="docs/README.md")

    assert run.code == 1
    assert "docs/README.md is a symbolic link. Name the file that it points to instead." in run.log
    assert action.github.read("docs/README.md") == b"../README.md"


@pytest.mark.parametrize("listed_whole", [True, False])
@pytest.mark.parametrize(("there", "mode"), [("docs", "100644"), ("docs", "120000"), ("a/docs", "100644")])
def test_a_file_or_a_link_is_not_replaced_by_a_folder(
    action: Action, there: str, mode: str, *, listed_whole: bool
) -> None:
    action.github.push(there, b"README.md", mode=mode)
    if not listed_whole:
        cut = json.dumps({"sha": action.github.log()[0].tree, "tree": [], "truncated": True}).encode()
        action.github.fail(faults.refuse(200, body=cut), lambda request: "recursive" in request.query, times=None)

    run = run_here(action, readme=f"{there}/papers.md")

    assert run.code == 1
    assert f"{there}/papers.md would lie in a file or a link. Name a path through folders only." in run.log
    assert action.github.read(there) == b"README.md"
    assert not action.github.issues


@pytest.mark.parametrize("request_", ["branch", "file"])
def test_an_answer_that_is_never_ready_is_asked_for_four_times(action: Action, request_: str) -> None:
    clock = Hurried()
    action.github.fail(faults.refuse(202, body=b"{}"), REQUESTS[request_], times=None)

    run = run_here(action, clock)

    assert run.code == 1
    assert "it is still at work on the answer (202). Run it again." in run.log
    assert sum(map(REQUESTS[request_], action.github.requests)) == 4
    assert sum(clock.slept) < 20


@pytest.mark.parametrize("slow", [faults.hang(), faults.trickle(0.1, whole=True)], ids=["silent", "byte by byte"])
def test_a_run_waits_for_three_minutes_whatever_takes_the_time(action: Action, slow: Fault) -> None:
    action.github.fail(slow, times=None)
    # Half a second counts as a minute.
    clock = Hurried(pace=120)

    run = run_here(action, clock, SHORT)

    assert run.code == 1
    assert "asked to read the branch: 127.0.0.1 gave no whole answer within 0.5 s. Run it again." in run.log
    assert len(action.github.requests) == 3


STRANGE: dict[str, Callable[[], Fault]] = {
    "a limit without end": lambda: faults.refuse(
        403, faults.PRIMARY, None, X_RateLimit_Remaining="0", X_RateLimit_Reset="inf"
    ),
    "a limit until the year 5138": lambda: faults.refuse(
        403, faults.PRIMARY, None, X_RateLimit_Remaining="0", X_RateLimit_Reset="99999999999"
    ),
    "errors that are a number": lambda: faults.refuse(422, body=b'{"message": "Validation Failed", "errors": 5}'),
    "a message that is none": lambda: faults.refuse(403, body=b'{"message": {"x": 1}}'),
    "JSON without end": lambda: faults.refuse(200, body=b"[" * 200_000),
    "a refusal without end": lambda: faults.refuse(404, body=b'{"message":' * 200_000),
    "redirects in a circle": lambda: faults.refuse(301, body=b"{}", Location=""),
    "a redirect to nowhere": lambda: faults.refuse(302, body=b"{}", Location="http://[::1/x"),
    "another's answer": lambda: faults.refuse(
        200, body=b'{"sha": 5, "commit": [], "tree": {}, "content": 7, "type": 1}'
    ),
    "null": lambda: faults.refuse(200, body=b"null"),
    "a list of nothing": lambda: faults.refuse(200, body=b"[null, 5]"),
}


@pytest.mark.parametrize("fault", STRANGE)
@pytest.mark.parametrize("request_", REQUESTS)
def test_an_answer_of_no_sense_is_a_named_failure(action: Action, request_: str, fault: str) -> None:
    clock = Hurried()
    action.github.fail(STRANGE[fault](), REQUESTS[request_], times=None)

    run = run_here(action, clock)

    assert run.code == 1
    [error] = run.annotations("error")
    assert "The action itself has a fault" not in error
    assert "GitHub" in error or "README.md in main is a folder" in error
    assert sum(clock.slept) <= 180


@pytest.mark.parametrize("unseen", [0, 1, 3])
@pytest.mark.parametrize("lost", ["dropped", "502"])
def test_an_issue_whose_answer_is_lost_and_that_shows_late_is_not_opened_again(
    action: Action, lost: str, unseen: int
) -> None:
    action.github.fail(faults.lose() if lost == "dropped" else faults.lose_as(502), ISSUE)
    action.github.after(ISSUE, lambda _: setattr(action.github, "late_lists", unseen))
    clock = Hurried()

    run = run_here(action, clock)

    assert run.code == 0, run.log
    proved(action)
    assert clock.slept == [3, 6, 12, 24][: unseen + 1]


def test_where_no_time_is_left_to_look_for_an_issue_it_is_not_sent_again(action: Action) -> None:
    action.github.fail(faults.lose(), ISSUE)
    action.github.after(ISSUE, lambda _: setattr(action.github, "late_lists", 9))
    # What was asked before has taken two and a half minutes.
    action.github.before(COMMIT, lambda _: clock.slept.append(150))
    clock = Hurried()

    run = run_here(action, clock)

    assert run.code == 1
    assert "The next run opens the issue." in run.log
    assert sum(map(ISSUE, action.github.requests)) == 1
    assert sum(clock.slept) <= 180
    action.github.late_lists = 0

    assert run_here(action).code == 0
    proved(action)


@pytest.mark.parametrize("others", [0, 150, 5000])
def test_a_run_with_nothing_to_do_asks_little_however_many_issues_came_since(action: Action, others: int) -> None:
    assert run_here(action).code == 0
    for number in range(others):
        action.github.open_issue(f"Question {number}", "How?")
    action.github.requests.clear()

    run = run_here(action)

    assert run.code == 0, run.log
    assert len(action.github.requests) == (3 if others < 100 else 4)
    assert sum("/issues" in request.path for request in action.github.requests) <= 2


def test_older_issues_that_were_changed_since_are_no_news(action: Action) -> None:
    for number in range(120):
        old = action.github.open_issue(f"Question {number}", "How?")
        old.created_at -= timedelta(days=30)
    dead_after(action, ISSUE)
    for number in range(120):
        action.github.open_issue(f"Answer {number}", "So.")

    run = run_here(action)

    assert run.code == 0, run.log
    proved_among(action, 241)


@pytest.mark.parametrize("largest", [1, 2, 7, 99])
def test_a_page_that_is_not_full_is_not_the_last(action: Action, largest: int) -> None:
    """GitHub's pages may hold fewer than asked for; `Link` says whether there is another."""
    dead_after(action, ISSUE)
    for number in range(5):
        action.github.open_issue(f"Question {number}", "How?")
    action.github.largest_page = largest

    run = run_here(action)

    assert run.code == 0, run.log
    proved_among(action, 6)


def proved_among(action: Action, issues: int) -> None:
    assert announced(action) == ids(1, 2, 3)
    assert len(action.github.issues) == issues
