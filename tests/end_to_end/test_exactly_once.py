"""Each new paper is announced by exactly one issue, whichever request of a run fails, and however, and is run again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from digest.announcement import key
from digest.papers import identifier
from sandbox.arxiv.faults import status
from sandbox.github.faults import at, lose, lose_as, posts, refuse, verb
from tests.factories import announced, ids, listed, next_day, paper, papers, run_well, started, verbs
from tests.in_process import Hurried, dead_after, run_here

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sandbox.github.faults import Condition, Fault
    from tests.conftest import Action, Run

# What a run that commits and announces asks of GitHub, as a test below holds it to.
ASKED = ["GET branch", "GET file", "GET tree", "POST tree", "POST commit", "PATCH branch", "GET issues", "POST issue"]
COMMITTED, ANNOUNCED = 5, 7
# Where a promise stands it looks whether it was kept before it writes.
ASKED_LATER = [*ASKED[:2], "GET issues", *ASKED[2:]]


@pytest.fixture
def action(tmp_path: Path) -> Iterator[Action]:
    with started(tmp_path, papers(range(1, 4)), keywords="Alpha\nBeta") as action:
        yield action


def killed_after(action: Action, when: Condition) -> Run:
    """A run whose process is killed between the effect of a request and its answer."""
    process: list[subprocess.Popen[str]] = []
    action.github.after(when, lambda _: process[0].kill())
    process.append(action.start())
    run = action.finish(process[0])
    assert run.code == -9, run.log
    return run


def test_a_run_that_commits_and_announces_asks_github_eight_times_and_later_nine(action: Action) -> None:
    for numbers, asked in ((range(1, 4), ASKED), (range(1, 6), ASKED_LATER), (range(1, 9), ASKED_LATER)):
        next_day(action, *numbers)
        run_well(action)

        assert verbs(action) == [request.split()[0] for request in asked]
    assert (len(ASKED), len(ASKED_LATER)) == (8, 9)


LATIN = {"README.md": b"# Caf\xe9\n"}
LARGE = {"README.md": b"A line of words.\n" * 70_000}
OWN = {"README.md": b"# Mine\n", "own.j2": b"{% for paper in papers %}{{ paper.title }} {% endfor %}"}


@pytest.mark.parametrize(
    ("files", "inputs", "first", "again"),
    [(LATIN, {}, 9, 3), (LARGE, {"max_bytes": "0"}, 9, 4), (OWN, {"template": "own.j2"}, 9, 4)],
    ids=["not UTF-8", "over a megabyte", "a template of one's own"],
)
def test_what_is_out_of_the_ordinary_costs_a_request_more(
    tmp_path: Path, files: dict[str, bytes], inputs: dict[str, str], first: int, again: int
) -> None:
    with started(tmp_path, papers([1]), files, **inputs) as action:
        for most in (first, again):
            action.github.requests.clear()
            run_well(action)
            assert len(action.github.requests) == most
        assert announced(action) == ids(1)


def test_a_run_that_takes_over_a_fresh_promise_looks_for_its_issue_for_45_seconds(action: Action) -> None:
    dead_after(action, COMMITTED)
    action.github.requests.clear()
    clock = Hurried()

    run_here(action, clock)

    assert clock.slept == [3, 6, 12, 24]
    assert verbs(action) == [*["GET"] * 2, *["GET"] * 5, "GET", "POST", "POST", "PATCH", "GET", "POST"]


def test_a_run_with_nothing_to_do_asks_github_three_times(action: Action) -> None:
    run_well(action)
    next_day(action, 1, 2, 3)

    run_well(action)

    assert verbs(action) == ["GET"] * 3


def test_a_run_that_never_announces_asks_less(action: Action) -> None:
    run_well(action, notify="none")
    assert len(action.github.requests) == 6
    action.github.requests.clear()

    run_well(action, notify="none")
    assert verbs(action) == ["GET"] * 2
    assert not action.github.issues


FAULTS: dict[str, Callable[[], Fault]] = {
    "refused with 500": lambda: refuse(500),
    "refused with 502": lambda: refuse(502, body=b"<html>Bad gateway</html>"),
    "lost": lose,
    "lost as 502": lambda: lose_as(502),
}


LISTED = ["2603.00003v1", "2603.00002v1", "2603.00001v1"]


@pytest.mark.parametrize("index", range(len(ASKED)), ids=ASKED)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_request_that_fails_once_does_no_harm(action: Action, index: int, fault: str) -> None:
    action.github.fail(FAULTS[fault](), at(index))

    run = run_here(action)
    assert run.code == 0, run.log
    assert len(action.github.issues) == 1
    again = run_here(action)

    assert again.outputs["changed"] == "false"
    assert listed(action.page()) == LISTED
    assert announced(action) == ids(1, 2, 3)
    assert len(action.github.log()) == 2


@pytest.mark.parametrize("index", range(len(ASKED)), ids=ASKED)
@pytest.mark.parametrize("fault", ["refused with 500", "lost"])
def test_a_request_that_fails_for_good_is_made_up_for_by_the_next_run(action: Action, index: int, fault: str) -> None:
    action.github.fail(FAULTS[fault](), lambda request: request.index >= index, times=None)

    assert run_here(action).code == 1
    action.github.heal()
    run_here(action)
    again = run_here(action)

    assert again.outputs["changed"] == "false"
    assert listed(action.page()) == LISTED
    assert announced(action) == ids(1, 2, 3)


@pytest.mark.parametrize("index", range(len(ASKED)), ids=ASKED)
def test_a_run_that_is_killed_after_a_request_is_made_up_for(action: Action, index: int) -> None:
    killed_after(action, at(index))

    run_here(action)
    again = run_here(action)

    assert again.outputs["changed"] == "false"
    assert listed(action.page()) == LISTED
    assert announced(action) == ids(1, 2, 3)


# Before its commit a run changes nothing; two of its requests stand for those five.
FIRST_DEATHS = (1, 4, COMMITTED, 6, ANNOUNCED)
SECOND_DEATHS = [posts("/git/trees"), posts("/git/commits"), verb("PATCH"), posts("/issues")]


@pytest.mark.parametrize("first", FIRST_DEATHS, ids=ASKED.__getitem__)
@pytest.mark.parametrize("second", SECOND_DEATHS, ids=["POST tree", "POST commit", "PATCH branch", "POST issue"])
def test_two_deaths_in_a_row_are_made_up_for(action: Action, first: int, second: Condition) -> None:
    """The second on a day with two papers more, of which the first day's oldest has fallen off the list."""
    dead_after(action, first)
    next_day(action, 2, 3, 4, 5)
    dead_after(action, second)

    run_here(action)
    again = run_here(action)

    assert again.outputs["changed"] == "false"
    assert listed(action.page()) == ["2603.00005v1", "2603.00004v1", *LISTED[:2]]
    told = announced(action)
    assert told - ids(1) == ids(2, 3, 4, 5)
    # The first paper was listed where the first run's commit took effect.
    assert told["2603.00001"] == (first >= COMMITTED)


def close(action: Action) -> None:
    action.github.issues[0].state = "closed"


def cut_the_key(action: Action) -> None:
    action.github.issues[0].body = "Thanks, read."


def damage_the_key(action: Action) -> None:
    issue = action.github.issues[0]
    issue.body = (issue.body or "").replace(":announced ", ":announced A")


def rename(action: Action) -> None:
    action.github.issues[0].title = "Papers to read"


def relabel(action: Action) -> None:
    action.github.issues[0].labels = []


@pytest.mark.parametrize("edit", [close, cut_the_key, damage_the_key, rename, relabel])
def test_an_issue_that_people_handle_before_the_next_run_stays_the_only_one(
    action: Action, edit: Callable[[Action], None]
) -> None:
    dead_after(action, ANNOUNCED)
    edit(action)

    run_here(action)
    next_day(action, 2, 3, 4)
    run_here(action)

    assert len(action.github.issues) == 2
    assert announced(action) - ids(1, 2, 3) == ids(4)


@pytest.mark.parametrize("opened", [False, True])
def test_the_issue_is_found_in_a_long_list(action: Action, opened: bool) -> None:
    dead_after(action, ANNOUNCED if opened else COMMITTED)
    for number in range(250):
        action.github.open_issue(f"Question {number}", "How?")
    action.github.requests.clear()

    run = run_here(action)

    assert run.code == 0, run.log
    assert announced(action) == ids(1, 2, 3)
    assert len(action.github.requests) == (4 if opened else 25)


def test_a_strangers_issue_announces_nothing(tmp_path: Path) -> None:
    """Anybody may open an issue with the key of papers to come, and with the title of a run that died."""
    with started(tmp_path / "a", papers([1]), issue_title="News") as other:
        run_here(other)
        key = other.github.issues[0].body or ""
    with started(tmp_path / "b", papers([1]), issue_title="News") as action:
        action.github.open_issue("News", key, association="CONTRIBUTOR")
        action.github.open_issue("News", association="NONE")
        dead_after(action, COMMITTED)
        action.github.open_issue("News", key)
        action.github.open_issue("News")
        run_here(action)

        assert [issue.user for issue in action.github.issues].count("github-actions[bot]") == 1


def test_a_key_silences_no_paper_that_is_submitted_after_its_issue(tmp_path: Path) -> None:
    """Somebody who counts as a writer may forge an issue; numbers to come are easily guessed."""
    forged = f"New in [README.md](https://github.test):\n\n{key('daily-papers', map(identifier, ids(1, 2, 3)))}"
    later = paper(3, published=datetime.now(UTC) + timedelta(hours=1), updated=datetime.now(UTC) + timedelta(hours=1))
    with started(tmp_path, [*papers([1, 2]), later]) as action:
        action.github.open_issue("News", forged, association="MEMBER")

        run = run_here(action)

        assert (run.code, run.outputs["papers"], run.outputs["new-papers"]) == (0, "3", "1"), run.log
        assert announced(action) == ids(1, 2, 3) + ids(3)
        assert "[Paper 3]" in str(action.github.issues[-1].body)


def test_an_issue_whose_authors_account_is_deleted_does_no_harm(action: Action) -> None:
    action.github.open_issue("A question", "How?", user="")

    run = run_here(action)
    again = run_here(action)

    assert (run.code, again.code) == (0, 0), run.log
    assert announced(action) == ids(1, 2, 3)


def test_two_files_whose_sections_have_the_same_name_announce_each_paper_once(tmp_path: Path) -> None:
    with started(tmp_path, [*papers([1, 2], "alpha and beta"), *papers([3], "beta")]) as action:
        run_here(action, keywords="Alpha")
        other = run_here(action, keywords="Beta", readme="docs/beta.md")

        assert announced(action) == ids(1, 2, 3)
        assert (other.outputs["papers"], other.outputs["new-papers"]) == ("3", "1")


def test_an_issue_opened_with_a_persons_token_is_believed(tmp_path: Path) -> None:
    with started(tmp_path, papers([1])) as action:
        action.github.actor = "mona"
        dead_after(action, ANNOUNCED)
        run_here(action)

        assert announced(action) == ids(1)
        assert [issue.user for issue in action.github.issues] == ["mona"]


def test_the_issue_of_another_section_with_the_same_title_is_not_taken_for_ours(action: Action) -> None:
    dead_after(action, COMMITTED)
    run_here(action, section="other", issue_title=f"Daily papers {date(action)}: 3 new")

    run_here(action)

    assert announced(action) == ids(1, 2, 3) + ids(1, 2, 3)


def date(action: Action) -> str:
    return action.page().partition("Last update: ")[2][:10]


def test_what_is_owed_is_announced_from_its_rows_where_its_keyword_fails(tmp_path: Path) -> None:
    found = [*papers([1, 2]), *papers([3], "beta")]
    with started(tmp_path, found, keywords="Alpha\nBeta") as action:
        dead_after(action, COMMITTED)
        action.arxiv.fail(status(503), when="Alpha")
        run = run_here(action)

        assert run.code == 0, run.log
        assert announced(action) == ids(1, 2, 3)
        body = action.github.issues[0].body or ""
        assert (
            body.index("## Alpha\n") < body.index("[Paper 2](https://arxiv.org/abs/2603.00002v1)") < body.index("## B")
        )


def test_what_is_owed_waits_where_every_keyword_fails(action: Action) -> None:
    dead_after(action, COMMITTED)
    action.arxiv.fail(status(503))
    assert run_here(action).code == 1
    assert not action.github.issues
    action.arxiv.heal()

    run_here(action)

    assert announced(action) == ids(1, 2, 3)


def test_what_is_owed_and_has_left_the_lists_is_announced_from_its_rows(action: Action) -> None:
    dead_after(action, COMMITTED)
    next_day(action, 4, 5)

    run_here(action, keywords="Gamma\nAlpha")

    assert announced(action) == ids(1, 2, 3, 4, 5)
    body = action.github.issues[0].body or ""
    assert all(f"[Paper {number}](https://arxiv.org/abs/2603.{number:05}v1)" in body for number in range(1, 6))


def test_what_is_owed_under_a_keyword_that_is_gone_is_announced_all_the_same(action: Action) -> None:
    dead_after(action, COMMITTED)
    next_day(action)
    action.arxiv.show(papers([7], "gamma"))

    run_here(action, keywords="Gamma")

    assert announced(action) == ids(1, 2, 3, 7)
    assert "## Earlier" in (action.github.issues[0].body or "")


def test_an_older_readme_put_back_announces_nothing_again(action: Action) -> None:
    run_here(action)
    monday = action.github.read("README.md")
    next_day(action, 2, 3, 4, 5)
    run_here(action)
    action.github.push("README.md", monday)
    next_day(action, 3, 4, 5, 6)

    run_here(action)

    assert announced(action) == ids(1, 2, 3, 4, 5, 6)
    assert len(action.github.issues) == 3


@pytest.mark.parametrize(
    "content",
    [
        b"<!-- daily-papers:start -->\n<!-- daily-papers:end -->\n",
        b"# Mine\n",
        b"",
    ],
)
def test_an_emptied_section_announces_nothing_again(action: Action, content: bytes) -> None:
    run_here(action)
    action.github.push("README.md", content)
    next_day(action, 2, 3, 4)

    run_here(action)

    assert announced(action) == ids(1, 2, 3, 4)


def test_a_promise_is_dropped_where_nobody_wants_to_be_told_any_more(action: Action) -> None:
    dead_after(action, COMMITTED)
    next_day(action, 2, 3, 4)
    run_here(action, notify="none")
    next_day(action, 3, 4, 5)
    run_here(action)

    assert announced(action) == ids(5)


def test_a_copy_in_another_repository_owes_nothing(action: Action, tmp_path: Path) -> None:
    dead_after(action, COMMITTED)
    copied = action.github.read("README.md") or b""
    with started(tmp_path / "copy", papers([1, 2, 3, 4]), {"README.md": copied}, keywords="Alpha\nBeta") as copy:
        copy.variables["GITHUB_REPOSITORY_ID"] = "8"
        run_here(copy)

        assert announced(copy) == ids(4)
