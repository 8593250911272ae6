"""`notify: comment`: each run with news adds a comment to one standing issue, exactly once, whatever happens to it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from sandbox.github.faults import at, lose, lose_as, posts, refuse, verb
from tests.factories import announced, ids, listed, next_day, papers, run_well, shown, started, verbs
from tests.in_process import Hurried, dead_after, run_here

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sandbox.github.faults import Fault
    from sandbox.github.stand_in import Comment, Issue
    from tests.conftest import Action

STANDING = "<!-- daily-papers:standing -->"
# What a run asks that commits and opens the standing issue; then what one asks that finds a promise and the issue.
LANDED = ["GET tree", "POST tree", "POST commit", "PATCH branch"]
LOOKED = ["GET issues", "GET comments"]
FIRST = ["GET branch", "GET file", *LANDED, *LOOKED, "GET standing", "POST issue", "POST comment"]
LATER = ["GET branch", "GET file", *LOOKED, *LANDED, *LOOKED, "GET standing", "POST comment"]


@pytest.fixture
def action(tmp_path: Path) -> Iterator[Action]:
    with started(tmp_path, papers(range(1, 4)), notify="comment") as action:
        yield action


@pytest.fixture
def second(action: Action) -> Action:
    """The second day, with two papers more."""
    run_well(action)
    next_day(action, 2, 3, 4, 5)
    return action


def of(asked: list[str]) -> list[str]:
    return [request.split()[0] for request in asked]


def comments_on(action: Action) -> list[int]:
    """The issue of each comment of ours, in order of their issues."""
    return sorted(comment.issue for comment in action.github.comments if ":announced" in comment.body)


def test_the_first_news_opens_the_standing_issue_and_comments_on_it(action: Action) -> None:
    run = run_well(action)

    (issue,), (comment,) = action.github.issues, action.github.comments
    assert issue.title == "Daily papers"
    assert issue.labels == ["daily-papers"]
    assert issue.body == (
        "New papers in [README.md](https://github.test/octo/papers/blob/main/README.md) are told here, in a comment on "
        "each day that has some. **Subscribe** has GitHub mail them to you, whether you watch this repository or not."
        f"\n\n{STANDING}"
    )
    assert shown(comment.body).startswith("New in [README.md](")
    assert listed(comment.body) == ["2603.00003v1", "2603.00002v1", "2603.00001v1"]
    assert run.outputs["issue-url"] == "https://github.com/octo/papers/issues/1"
    assert run.outputs["comment-url"] == "https://github.com/octo/papers/issues/1#issuecomment-1"
    assert f"Announced in {run.outputs['comment-url']}" in run.log


def test_later_news_are_further_comments_on_the_same_issue(action: Action) -> None:
    run_well(action)
    next_day(action, 1, 2, 3)
    quiet = run_well(action)
    next_day(action, 2, 3, 4, 5)
    run = run_well(action)

    assert (quiet.outputs["issue-url"], quiet.outputs["comment-url"]) == ("", "")
    assert run.outputs["comment-url"].endswith("/issues/1#issuecomment-2")
    assert len(action.github.issues) == 1
    assert [listed(comment.body) for comment in action.github.comments][1] == ["2603.00005v1", "2603.00004v1"]
    assert announced(action) == ids(1, 2, 3, 4, 5)


def test_it_asks_github_eleven_times_and_later_twelve(action: Action) -> None:
    for numbers, asked in ((range(1, 4), FIRST), (range(1, 6), LATER), (range(1, 9), LATER)):
        next_day(action, *numbers)
        run_well(action)

        assert verbs(action) == of(asked)
    assert (len(FIRST), len(LATER)) == (11, 12)


def test_the_standing_issue_has_a_title_of_ones_own(action: Action) -> None:
    run_well(action, issue_title="What to read @mona", issue_labels="reading")

    (issue,) = action.github.issues
    assert shown(issue.title).replace("\u200b", "") == "What to read @mona"
    assert issue.labels == ["reading"]


def test_a_dry_run_says_what_a_real_one_would_add(action: Action) -> None:
    assert "A real one would commit README.md to main and add a comment" in run_well(action, dry_run="true").log
    action.arxiv.show([])
    assert "A real one would commit README.md to main and add no comment" in run_well(action, dry_run="true").log
    assert not action.github.issues


# What becomes of the standing issue.


def renamed(_: Action, issue: Issue) -> None:
    issue.title = "Reading club"


def edited(_: Action, issue: Issue) -> None:
    issue.body = str(issue.body).replace("**Subscribe**", "Welcome! **Subscribe**").replace("\n", "\r\n")


def relabelled(_: Action, issue: Issue) -> None:
    issue.labels = []


def discussed(action: Action, issue: Issue) -> None:
    issue.more_comments = 1997
    action.github.comment(issue, "Thanks!")


@pytest.mark.parametrize("handle", [renamed, edited, relabelled, discussed])
def test_people_may_handle_the_standing_issue(second: Action, handle: Callable[[Action, Issue], None]) -> None:
    handle(second, second.github.issues[0])

    run_well(second)

    assert comments_on(second) == [1] * 2
    assert announced(second) == ids(1, 2, 3, 4, 5)


def closed(_: Action, issue: Issue) -> None:
    issue.state = "closed"


def locked(_: Action, issue: Issue) -> None:
    issue.locked = True


def full(_: Action, issue: Issue) -> None:
    issue.more_comments = 1999


def deleted(action: Action, issue: Issue) -> None:
    action.github.remove_issue(issue)


def moved(action: Action, issue: Issue) -> None:
    action.github.remove_issue(issue, f"{action.github.url}/repos/octo/other/issues/1")


def emptied(_: Action, issue: Issue) -> None:
    """Without its key it is no standing issue any more."""
    issue.body = "Words."


LINKED, GONE = [closed, locked, full], [deleted, moved, emptied]


@pytest.mark.parametrize("handle", [*LINKED, *GONE])
def test_where_it_takes_no_comments_the_next_news_opens_a_new_one(
    second: Action, handle: Callable[[Action, Issue], None]
) -> None:
    handle(second, second.github.issues[0])

    run_well(second)
    next_day(second, 6)
    run_well(second)

    new = second.github.issues[-1]
    assert (new.number, new.labels) == (2, ["daily-papers"])
    assert comments_on(second)[-2:] == [2, 2]
    assert ("Before: https://github.com/octo/papers/issues/1\n" in str(new.body)) == (handle in LINKED)
    # The second day's and the third's; the first day's went with the issue where that is gone.
    told = announced(second)
    assert told - ids(1, 2, 3) == ids(4, 5, 6)
    assert max(told.values()) == 1


@pytest.mark.parametrize("handle", [closed, locked, deleted, moved])
def test_where_that_happens_at_the_last_moment_the_comment_is_made_all_the_same(
    second: Action, handle: Callable[[Action, Issue], None]
) -> None:
    second.github.before(posts("/1/comments"), lambda _: handle(second, second.github.issues[0]))

    run = run_well(second)

    assert announced(second) - ids(1, 2, 3) == ids(4, 5)
    # A closed issue takes comments, and mails them.
    assert run.outputs["issue-url"].endswith("/1" if handle is closed else "/2")


def test_an_issue_in_which_github_allows_no_comment_more_is_left_for_one_new_one(second: Action) -> None:
    """As GitHub said it to others; the count that it shows may be lower."""
    disabled = refuse(403, "Commenting is disabled on issues with more than 2500 comments")
    second.github.fail(disabled, posts("/issues/1/comments"), times=None)

    run_well(second)
    next_day(second, 6, 7)
    run_well(second)

    assert len(second.github.issues) == 2
    assert "Before: https://github.com/octo/papers/issues/1\n" in str(second.github.issues[1].body)
    assert comments_on(second) == [1, 2, 2]
    assert announced(second) == ids(1, 2, 3, 4, 5, 6, 7)


def test_the_new_one_is_opened_once_though_the_answer_is_lost(second: Action) -> None:
    """The old one still looks as if it took comments."""
    second.github.fail(refuse(403, "Unable to create comment because issue is locked."), posts("/issues/1/comments"))
    second.github.fail(lose(), posts("/issues"))

    run_well(second)

    assert len(second.github.issues) == 2
    assert comments_on(second) == [1, 2]


def test_of_several_the_oldest_is_taken(second: Action) -> None:
    """Two runs that opened one each at the same moment go on in the same one."""
    first = second.github.issues[0]
    second.github.open_issue("Daily papers", str(first.body), user="github-actions[bot]")

    run_well(second)

    assert comments_on(second) == [1, 1]


def test_it_is_found_below_hundreds_of_other_issues(second: Action) -> None:
    for number in range(150):
        second.github.open_issue(f"Question {number}", "How?")

    run_well(second)

    assert comments_on(second) == [1, 1]
    assert verbs(second).count("GET") == of(LATER).count("GET") + 1


def test_each_section_has_one_of_its_own(action: Action) -> None:
    for day in (range(1, 4), range(2, 6)):
        next_day(action, *day)
        run_well(action)
        run_well(action, section="other", readme="other.md")

    assert comments_on(action) == [1, 1, 2, 2]


@pytest.mark.parametrize(("association", "believed"), [("NONE", False), ("CONTRIBUTOR", False), ("MEMBER", True)])
def test_a_strangers_standing_issue_is_not_taken(action: Action, association: str, believed: bool) -> None:
    action.github.open_issue("Daily papers", f"New papers in [x](x)\n\n{STANDING}", association=association)

    run_well(action)

    assert comments_on(action) == [1 if believed else 2]


@pytest.mark.parametrize(
    "body",
    [f"I quote:\nNew papers in [x](x)\n\n{STANDING}", f"New papers in [x](x)\n\n{STANDING}\n\nYes.", STANDING],
    ids=["another beginning", "another end", "only the key"],
)
def test_what_looks_otherwise_is_no_standing_issue(action: Action, body: str) -> None:
    action.github.open_issue("Daily papers", body, association="OWNER")

    run_well(action)

    assert comments_on(action) == [2]


def test_with_a_persons_token_the_persons_own_is_taken(action: Action) -> None:
    """Of whom GitHub may say that a stranger wrote it, where the membership is private."""
    action.github.actor = "mona"
    run_well(action)
    action.github.issues[0].association = action.github.comments[0].association = "NONE"
    next_day(action, 2, 3, 4)

    run_well(action)

    assert comments_on(action) == [1, 1]
    assert announced(action) == ids(1, 2, 3, 4)


def test_a_comment_links_to_the_pull_request_that_brings_the_papers(action: Action) -> None:
    action.github.permissions["pull-requests"] = "write"
    for numbers in (range(1, 4), range(2, 5)):
        next_day(action, *numbers)
        run_well(action, pull_request="true")

    assert comments_on(action) == [2, 2]
    assert all("[pull request 1](" in comment.body for comment in action.github.comments)
    assert "pull request" not in str(action.github.issues[0].body)
    assert announced(action) == ids(1, 2, 3, 4)


# Exactly once.

FAULTS: dict[str, Callable[[], Fault]] = {
    "refused with 502": lambda: refuse(502, body=b"<html>Bad gateway</html>"),
    "lost": lose,
    "lost as 502": lambda: lose_as(502),
}


def made_up_for(action: Action) -> None:
    """The next run goes through, and after it there is nothing left to do."""
    run_well(action)
    again = run_well(action)

    assert again.outputs["changed"] == "false"
    assert announced(action) == ids(1, 2, 3)
    assert len(action.github.issues) == 1


@pytest.mark.parametrize("index", range(len(FIRST)), ids=FIRST)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_request_that_fails_once_does_no_harm(action: Action, index: int, fault: str) -> None:
    action.github.fail(FAULTS[fault](), at(index))

    run = run_well(action)

    assert run.outputs["comment-url"].endswith("/issues/1#issuecomment-1")
    made_up_for(action)


@pytest.mark.parametrize("index", range(len(FIRST)), ids=FIRST)
@pytest.mark.parametrize("fault", ["refused with 502", "lost"])
def test_a_request_that_fails_for_good_is_made_up_for_by_the_next_run(action: Action, index: int, fault: str) -> None:
    action.github.fail(FAULTS[fault](), lambda request: request.index >= index, times=None)

    assert run_here(action).code == 1
    action.github.heal()
    made_up_for(action)


@pytest.mark.parametrize("index", range(len(FIRST)), ids=FIRST)
def test_a_run_that_dies_after_a_request_is_made_up_for(action: Action, index: int) -> None:
    dead_after(action, index)

    made_up_for(action)


@pytest.mark.parametrize("index", range(len(LATER)), ids=LATER)
def test_a_run_of_the_second_day_that_dies_is_made_up_for(second: Action, index: int) -> None:
    dead_after(second, index)

    run_well(second)
    again = run_well(second)

    assert again.outputs["changed"] == "false"
    assert announced(second) == ids(1, 2, 3, 4, 5)
    assert comments_on(second) == [1, 1]


DEATHS = {"tree": posts("/git/trees"), "move": verb("PATCH"), "issue": posts("/issues"), "comment": posts("/comments")}
# A standing issue that is there is not opened.
TWO_DEATHS = [
    *[("move", second) for second in DEATHS],
    *[(first, second) for first in ("issue", "comment") for second in ("tree", "move", "comment")],
]


@pytest.mark.parametrize(("first", "second"), TWO_DEATHS)
def test_two_runs_that_die_are_made_up_for(action: Action, first: str, second: str) -> None:
    dead_after(action, DEATHS[first])
    next_day(action, 2, 3, 4, 5)
    dead_after(action, DEATHS[second])

    run_well(action)

    assert announced(action) == ids(1, 2, 3, 4, 5)
    assert len(action.github.issues) == 1


def test_lists_that_show_comments_late_do_no_harm(action: Action) -> None:
    action.github.fail(lose(), posts("/comments"))
    action.github.after(posts("/comments"), lambda _: setattr(action.github, "late_comments", 3))
    clock = Hurried()

    run = run_here(action, clock)

    assert run.code == 0, run.log
    assert clock.slept == [3, 6, 12, 24]
    made_up_for(action)


def test_a_new_standing_issue_that_shows_late_is_opened_once(action: Action) -> None:
    action.github.fail(lose(), posts("/issues"))
    action.github.after(posts("/issues"), lambda _: setattr(action.github, "late_lists", 3))

    run_well(action)

    made_up_for(action)


def test_a_comment_that_is_refused_is_tried_again_without_a_commit(action: Action) -> None:
    run_well(action)
    next_day(action, 2, 3, 4)
    action.github.permissions["issues"] = "read"
    for _ in range(2):
        action.github.requests.clear()
        refused = run_here(action)
        assert refused.code == 1
        assert "GitHub would not add a comment: Resource not accessible by integration. The token lacks" in refused.log
        assert "The next run adds the comment." in refused.log
    # The first day's, the second's, and that it was refused.
    assert len(action.github.log()) == 1 + 3
    action.github.permissions["issues"] = "write"

    run_well(action)

    assert announced(action) == ids(1, 2, 3, 4)
    assert len(action.github.log()) == 1 + 3


def test_two_runs_at_once_tell_of_each_paper_once(action: Action) -> None:
    for day in range(3):
        action.arxiv.show(papers(range(1, 4 + 2 * day)))
        runs = [action.start() for _ in range(2)]
        logs = [process.communicate(timeout=60)[0] for process in runs]

        assert [process.returncode for process in runs] == [0, 0], logs
        assert announced(action) == ids(*range(1, 4 + 2 * day))


def test_two_runs_that_open_a_standing_issue_each_go_on_in_the_older(action: Action) -> None:
    """Each has news of its own, and neither sees the other's issue."""
    other: list[subprocess.Popen[str]] = []
    opening, done = threading.Event(), threading.Event()
    action.arxiv.show(papers(range(1, 6)))

    def start_other(_: object) -> None:
        action.arxiv.show(papers(range(1, 4)))
        other.append(action.start())
        assert opening.wait(30)

    def wait_for_this_one(_: object) -> None:
        opening.set()
        assert done.wait(30)

    action.github.before(verb("PATCH"), start_other)
    action.github.before(posts("/issues"), wait_for_this_one)

    run_well(action)
    done.set()
    log, _ = other[0].communicate(timeout=30)
    next_day(action, 4, 5, 6)
    run_well(action)

    assert other[0].returncode == 0, log
    assert announced(action) == ids(1, 2, 3, 4, 5, 6)
    assert comments_on(action) == [1, 1, 2]


def cut_the_key(comment: Comment) -> None:
    comment.body = "Thanks, read."


def test_a_comment_whose_key_is_edited_away_before_the_next_run_is_not_known(action: Action) -> None:
    """It has no title to be known by: docs/exactly-once.md says so."""
    dead_after(action, FIRST.index("POST comment"))
    cut_the_key(action.github.comments[0])

    run_well(action)

    assert len(action.github.comments) == 2


def test_it_stays_known_once_a_run_has_seen_it(action: Action) -> None:
    run_well(action)
    run_well(action)
    next_day(action, 2, 3, 4)
    run_well(action)
    cut_the_key(action.github.comments[0])
    next_day(action, 3, 4, 5)
    run_well(action)

    assert announced(action) == ids(4, 5)


@pytest.mark.parametrize("association", ["NONE", "CONTRIBUTOR"])
def test_a_strangers_comment_announces_nothing(action: Action, association: str) -> None:
    dead_after(action, FIRST.index("POST issue"))
    with_key = started_elsewhere(action)
    action.github.comment(action.github.issues[0], with_key, association=association)

    run = run_well(action)

    assert [comment.user for comment in action.github.comments] == ["mona", "github-actions[bot]"]
    assert "issuecomment-1 names papers that were promised, and is not by somebody who may write" in run.log


def started_elsewhere(action: Action) -> str:
    """What a comment of ours would say."""
    with started(action.folder / "elsewhere", papers(range(1, 4)), notify="comment") as other:
        run_well(other)
        return other.github.comments[0].body


@pytest.mark.parametrize("repository", ["octo/pull", "pull/papers", "pull/12"])
def test_a_repository_may_be_called_as_pull_requests_are(action: Action, repository: str) -> None:
    action.github.repository = repository
    dead_after(action, FIRST.index("POST comment"))
    run_well(action)

    assert announced(action) == ids(1, 2, 3)


def test_a_comment_in_a_pull_request_announces_nothing(action: Action) -> None:
    action.github.push("words", b"words\n", branch="words")
    action.github.comment(action.github.open_pull("words"), started_elsewhere(action), association="OWNER")

    run_well(action)

    assert len(action.github.comments) == 2


# The other kind of announcement.


@pytest.mark.parametrize(("before", "then"), [("issue", "comment"), ("comment", "issue")])
@pytest.mark.parametrize("death", ["commit", "announcement"])
def test_a_promise_of_the_other_kind_is_kept_once(action: Action, before: str, then: str, death: str) -> None:
    action.inputs["notify"] = before
    when = verb("PATCH") if death == "commit" else posts("/issues" if before == "issue" else "/comments")
    dead_after(action, when)

    run_well(action, notify=then)
    run_well(action, notify=then)
    next_day(action, 2, 3, 4)
    run_well(action, notify=then)

    assert announced(action) == ids(1, 2, 3, 4)


def test_a_promise_of_a_comment_is_found_where_many_issues_have_come_since(action: Action) -> None:
    dead_after(action, posts("/comments"))
    for number in range(120):
        action.github.open_issue(f"Question {number}", "How?")

    run_well(action, notify="issue")

    assert announced(action) == ids(1, 2, 3)


def test_a_refused_issue_that_a_comment_tells_of_is_promised_anew(action: Action) -> None:
    """Or else a later run would look for it among the issues alone."""
    action.github.permissions["issues"] = "read"
    assert run_here(action, notify="issue").code == 1
    action.github.permissions["issues"] = "write"
    dead_after(action, posts("/comments"))
    for number in range(120):
        action.github.open_issue(f"Question {number}", "How?")

    run_well(action, notify="issue")

    assert announced(action) == ids(1, 2, 3)


def test_a_standing_issue_with_the_promised_title_is_not_taken_for_the_announcement(action: Action) -> None:
    """An issue was refused; in comments now, the run dies between the standing issue and its comment."""
    action.inputs["issue-title"] = "News"
    action.github.permissions["issues"] = "read"
    assert run_here(action, notify="issue").code == 1
    action.github.permissions["issues"] = "write"
    dead_after(action, posts("/issues"))

    run_well(action)

    assert announced(action) == ids(1, 2, 3)
    assert [issue.title for issue in action.github.issues] == ["News"]


@pytest.mark.parametrize(("before", "then"), [("issue", "comment"), ("comment", "issue")])
def test_an_older_page_put_back_after_a_change_announces_nothing_again(action: Action, before: str, then: str) -> None:
    blank = action.github.read("README.md")
    run_well(action, notify=before)
    next_day(action, 2, 3, 4)
    run_well(action, notify=then)
    action.github.push("README.md", blank)
    next_day(action, 3, 4, 5)

    run_well(action, notify=then)

    assert announced(action) == ids(1, 2, 3, 4, 5)


def test_issues_cost_no_request_more_where_there_never_was_a_standing_one(action: Action) -> None:
    for numbers, most in ((range(1, 4), 8), (range(1, 6), 9)):
        next_day(action, *numbers)
        run_well(action, notify="issue")

        assert len(action.github.requests) == most
