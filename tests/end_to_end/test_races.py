"""Others write at the same time: everyone's change stays, no paper is announced twice, and the end is clear."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from sandbox.github.faults import lose, refuse, verb
from tests.factories import announced, ids, listed, papers, started
from tests.in_process import Hurried, run_here

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.conftest import Action

MOVE = verb("PATCH")
README = b"# Mine\n\n<!-- daily-papers:start -->\n<!-- daily-papers:end -->\n\nBelow.\n"


@pytest.fixture
def action(tmp_path: Path) -> Iterator[Action]:
    with started(tmp_path, papers(range(1, 4)), {"README.md": README}) as action:
        yield action


def text(action: Action, path: str = "README.md") -> str:
    return (action.github.read(path) or b"").decode()


def test_a_push_to_another_file_stays(action: Action) -> None:
    action.github.before(MOVE, lambda _: action.github.push("notes.txt", b"theirs\n"))

    run = run_here(action)

    assert run.code == 0, run.log
    assert text(action, "notes.txt") == "theirs\n"
    assert len(listed(text(action))) == 3
    assert announced(action) == ids(1, 2, 3)
    assert [len(commit.parents) for commit in action.github.log()] == [1, 1, 0]


def test_a_push_to_the_same_file_stays(action: Action) -> None:
    changed = README.replace(b"Mine", b"Yours").replace(b"Below", b"Under it")
    action.github.before(MOVE, lambda _: action.github.push("README.md", changed))

    run = run_here(action)

    assert run.code == 0, run.log
    assert text(action).startswith("# Yours\n\n<!-- daily-papers:start -->\nLast update")
    assert text(action).endswith("<!-- daily-papers:end -->\n\nUnder it.\n")
    assert announced(action) == ids(1, 2, 3)


@pytest.mark.parametrize("ending", ["lost", "refused with 502"])
def test_a_push_on_top_of_a_commit_whose_answer_is_lost_stays(action: Action, ending: str) -> None:
    fault = refuse(502)
    action.github.after(MOVE, lambda _: action.github.push("notes.txt", b"theirs\n"))
    action.github.fail(type(fault)(takes_effect=ending == "lost", answer=fault.answer), MOVE)

    run = run_here(action)

    assert run.code == 0, run.log
    assert text(action, "notes.txt") == "theirs\n"
    assert len(action.github.log()) == 3
    assert announced(action) == ids(1, 2, 3)
    ours = [commit for commit in action.github.log() if commit.verified]
    assert [run.outputs["commit-sha"]] == [commit.sha for commit in ours]


def test_a_run_that_finds_its_own_promise_keeps_it(action: Action) -> None:
    """The commit's answer is lost, the next look at the branch lags behind, and others commit on top of it."""

    def lag(_: object) -> None:
        action.github.stale_reads = 1

    action.github.after(MOVE, lag)
    action.github.fail(lose(), MOVE)
    action.github.before(MOVE, lambda _: action.github.push("notes.txt", b"theirs\n"), skip=1)

    run = run_here(action)

    assert run.code == 0, run.log
    assert text(action, "notes.txt") == "theirs\n"
    assert announced(action) == ids(1, 2, 3)
    assert run.outputs["issue-url"]


def test_reads_that_lag_behind_do_no_harm(action: Action) -> None:
    run_here(action)
    action.arxiv.show(papers(range(1, 6)))
    action.github.stale_reads = 3

    run = run_here(action)

    assert run.code == 0, run.log
    assert len(listed(text(action))) == 5
    assert announced(action) == ids(1, 2, 3, 4, 5)


def test_where_others_never_stop_the_end_is_clear(action: Action) -> None:
    pushes = iter(range(10_000))
    action.github.before(MOVE, lambda _: action.github.push("notes.txt", b"%d" % next(pushes)), times=None)
    clock = Hurried()

    run = run_here(action, clock)

    assert run.code == 1
    assert "Somebody else committed to main meanwhile. So it went 30 times in a row; nothing was written." in run.log
    assert text(action) == README.decode()
    assert not action.github.issues
    # With jitter, and no longer than a few seconds each.
    assert len(set(clock.slept)) == len(clock.slept)
    assert max(clock.slept) <= 4


def test_a_run_inside_another_announces_once(action: Action) -> None:
    """The inner run reads, commits and announces between the outer's reading and its commit."""
    action.github.before(MOVE, lambda _: action.finish(action.start()))

    run = run_here(action)

    assert run.code == 0, run.log
    assert announced(action) == ids(1, 2, 3)
    assert len(action.github.log()) == 2


def test_a_run_that_finds_a_fresh_promise_lets_its_maker_finish(action: Action) -> None:
    """The second starts after the first one's commit, and looks through the issues before the first one's is there."""
    second: list[subprocess.Popen[str]] = []

    def start_another(_: object) -> None:
        second.append(action.start())
        while [request.path.rpartition("/")[2] for request in action.github.requests].count("issues") < 3:
            time.sleep(0.02)

    action.github.before(verb("POST", "/issues"), start_another)

    run_here(action)
    log, _ = second[0].communicate(timeout=30)

    assert second[0].returncode == 0, log
    assert announced(action) == ids(1, 2, 3)


def test_a_promise_that_another_run_makes_meanwhile_is_left_to_it(action: Action) -> None:
    """The other run commits and is about to announce when this one, which read before, comes to its commit."""
    other: list[subprocess.Popen[str]] = []
    announcing, done = threading.Event(), threading.Event()

    def start_other(_: object) -> None:
        other.append(action.start())
        assert announcing.wait(30)

    def wait_for_this_one(_: object) -> None:
        announcing.set()
        assert done.wait(30)

    action.github.before(MOVE, start_other)
    action.github.before(verb("POST", "/issues"), wait_for_this_one)

    run = run_here(action)
    told = len(action.github.issues)
    done.set()
    log, _ = other[0].communicate(timeout=30)

    assert (run.code, other[0].returncode) == (0, 0), run.log + log
    assert told == 0
    assert announced(action) == ids(1, 2, 3)


def test_two_runs_at_once_announce_each_paper_once(action: Action) -> None:
    for day in range(3):
        action.arxiv.show(papers(range(1, 4 + 2 * day)))
        runs = [action.start() for _ in range(2)]
        # The outputs of both go to files of their own; only the log is looked at.
        logs = [process.communicate(timeout=60)[0] for process in runs]

        assert [process.returncode for process in runs] == [0, 0], logs
        assert announced(action) == ids(*range(1, 4 + 2 * day))


def test_eight_jobs_keep_a_section_each_in_one_file(tmp_path: Path) -> None:
    with started(tmp_path, papers(range(1, 4)), {"README.md": b"# Mine\n"}) as action:
        names = [f"papers-{number}" for number in range(8)]
        runs = [action.start(section=name) for name in names]
        logs = [process.communicate(timeout=60)[0] for process in runs]
        tries = [log.count("Once more") for log in logs]

        assert [process.returncode for process in runs] == [0] * 8, "\n".join(logs)
        assert "Traceback" not in "".join(logs)
        page = text(action)
        assert page.startswith("# Mine\n\n")
        for name in names:
            assert page.count(f"<!-- {name}:start -->") == page.count(f"<!-- {name}:end -->") == 1
        assert len(listed(page)) == 8 * 3
        assert announced(action) == ids(*[1, 2, 3] * 8)
        assert len(action.github.log()) == 9
        assert max(tries) < 8


def test_a_branch_deleted_meanwhile_is_a_clear_error(action: Action) -> None:
    action.github.push("README.md", README, branch="papers")
    action.github.before(
        MOVE, lambda _: action.github.store.move("refs/heads/papers", None, action.github.store.head("papers"))
    )

    run = run_here(action, branch="papers")

    assert run.code == 1
    assert "Check that the branch `papers` exists (input `branch`)" in run.log
    assert not action.github.issues


def test_a_branch_forced_elsewhere_meanwhile_gets_the_section_there(action: Action) -> None:
    first = action.github.log()[0].sha
    action.github.push("notes.txt", b"to be forgotten\n")

    def force(_: object) -> None:
        action.github.store.move("refs/heads/main", first, action.github.store.head("main"))
        action.github.push("README.md", README.replace(b"Mine", b"Forced"))

    action.github.before(MOVE, force)

    run = run_here(action)

    assert run.code == 0, run.log
    assert text(action).startswith("# Forced\n")
    assert action.github.read("notes.txt") is None
    assert announced(action) == ids(1, 2, 3)


def removed(action: Action) -> None:
    action.github.push("docs.md", README)
    action.github.push("README.md", None)


def emptied(action: Action) -> None:
    action.github.push("README.md", b"# Mine\n")


def broken(action: Action) -> None:
    action.github.push("README.md", README.replace(b":end", b":no end"))


def archived(action: Action) -> None:
    action.github.archived = True


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (removed, "README.md was removed from main or renamed while this run was under way; nothing was written"),
        (emptied, "The section daily-papers was removed from README.md while this run was under way"),
        (broken, "README.md, line 3: <!-- daily-papers:start --> without a <!-- daily-papers:end -->"),
        (archived, "Unarchive the repository, or switch the workflow off"),
    ],
)
def test_what_was_taken_away_meanwhile_is_a_clear_error(
    action: Action, change: Callable[[Action], None], sentence: str
) -> None:
    action.github.before(MOVE, lambda _: change(action))

    run = run_here(action)

    assert run.code == 1
    assert sentence in run.log
    assert not action.github.issues
    assert not [commit for commit in action.github.log() if commit.verified]
