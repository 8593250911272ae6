"""The GitHub stand-in's comments, assignees and locks behave as GitHub's, asked through PyGithub."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import requests
from github import Auth, Github, GithubException

from sandbox.github.stand_in import GithubStandIn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from github.Repository import Repository


@pytest.fixture
def github(tmp_path: Path) -> Iterator[GithubStandIn]:
    with GithubStandIn(tmp_path / "papers.git") as stand_in:
        yield stand_in


@pytest.fixture
def repo(github: GithubStandIn) -> Iterator[Repository]:
    pace: dict[str, Any] = {"seconds_between_requests": 0, "seconds_between_writes": 0}
    with Github(auth=Auth.Token(github.token), base_url=github.url, retry=None, **pace) as client:
        yield client.get_repo(github.repository)


def said(error: pytest.ExceptionInfo[GithubException]) -> tuple[int, str]:
    return error.value.status, error.value.data["message"]


def test_a_comment_is_made_counted_and_shown(github: GithubStandIn, repo: Repository) -> None:
    issue = repo.create_issue("Title", "body")
    made = issue.create_comment("Words")
    page = f"https://github.com/{github.repository}/issues/1"

    assert (made.body, made.user.login, made.html_url) == ("Words", "github-actions[bot]", f"{page}#issuecomment-1")
    assert made.issue_url == f"{github.url}/repos/{github.repository}/issues/1"
    assert repo.get_issue(1).comments == 1
    assert [one.body for one in repo.get_issue(1).get_comments()] == ["Words"]


def test_a_persons_comment_says_that_they_may_write(github: GithubStandIn, repo: Repository) -> None:
    github.actor = "mona"
    made = repo.create_issue("Title").create_comment("Words")
    assert (made.user.type, made.raw_data["author_association"]) == ("User", "COLLABORATOR")


def test_comments_of_all_issues_are_listed_as_asked(github: GithubStandIn) -> None:
    issues = [github.open_issue(title) for title in ("one", "two")]
    comments = [github.comment(issues[number % 2], str(number)) for number in range(5)]
    for number, comment in enumerate(comments):
        comment.created_at = comment.updated_at = comment.created_at + timedelta(minutes=number)
    comments[0].updated_at += timedelta(hours=1)

    def listed(**asked: str) -> list[str]:
        reply = requests.get(f"{github.url}/repos/{github.repository}/issues/comments", params=asked, timeout=5)
        return [comment["body"] for comment in reply.json()]

    assert listed() == listed(direction="desc") == ["0", "1", "2", "3", "4"]
    assert listed(sort="created", direction="desc") == ["4", "3", "2", "1", "0"]
    assert listed(sort="updated", direction="desc", per_page="2") == ["0", "4"]
    assert listed(since=comments[3].created_at.isoformat()) == ["0", "3", "4"]
    github.late_comments = 1
    assert listed(sort="created", direction="desc")[0] == "3"
    assert listed(sort="created", direction="desc")[0] == "4"


def test_a_pull_requests_comments_are_among_them(github: GithubStandIn, repo: Repository) -> None:
    github.push("x", b"", branch="words")
    github.comment(github.open_pull("words"), "Words")
    assert repo.get_issues_comments()[0].html_url.endswith("/pull/1#issuecomment-1")


def test_an_issue_takes_no_comment_where_it_is_locked_full_or_gone(github: GithubStandIn, repo: Repository) -> None:
    issue = repo.create_issue("Title")
    issue.lock("resolved")
    assert repo.get_issue(1).locked
    with pytest.raises(GithubException) as error:
        issue.create_comment("x")
    assert said(error) == (403, "Unable to create comment because issue is locked.")
    github.actor = "mona"
    issue.create_comment("Who may write may comment.")
    issue.unlock()
    github.issues[0].more_comments = 2499
    with pytest.raises(GithubException) as error:
        issue.create_comment("x")
    assert said(error) == (403, "Commenting is disabled on issues with more than 2500 comments")
    github.remove_issue(github.issues[0])
    with pytest.raises(GithubException) as error:
        issue.create_comment("x")
    assert said(error) == (410, "This issue was deleted")
    assert repo.create_issue("Next").number == 2


def test_an_issue_that_was_moved_answers_with_its_new_place(github: GithubStandIn) -> None:
    there = f"{github.url}/repos/octo/other/issues/7"
    github.remove_issue(github.open_issue("Title"), there)
    address = f"{github.url}/repos/{github.repository}/issues"

    moved = requests.get(f"{address}/1", allow_redirects=False, timeout=5)

    assert (moved.status_code, moved.headers["location"]) == (301, there)
    assert requests.get(address, timeout=5).json() == []


@pytest.mark.parametrize(("body", "said"), [(" ", "can't be blank"), ("x" * 65537, "maximum is 65536 characters")])
def test_a_comment_has_limits(repo: Repository, body: str, said: str) -> None:
    with pytest.raises(GithubException, match="Validation Failed") as error:
        repo.create_issue("Title").create_comment(body)
    assert error.value.status == 422
    assert said in error.value.data["errors"][0]["message"]


def test_comments_need_the_permission(github: GithubStandIn, repo: Repository) -> None:
    issue = repo.create_issue("Title")
    github.permissions["issues"] = "read"
    with pytest.raises(GithubException, match="Resource not accessible by integration"):
        issue.create_comment("x")
    assert github.comments == []


def test_who_cannot_be_assigned_is_passed_over(repo: Repository) -> None:
    issue = repo.create_issue("Title")
    issue.add_to_assignees("MONA", "stranger")
    assert [user.login for user in repo.get_issue(1).assignees] == ["mona"]


def test_a_closed_issue_says_why_and_takes_comments(github: GithubStandIn, repo: Repository) -> None:
    issue = repo.create_issue("Title")
    issue.edit(state="closed", state_reason="completed")
    shown = repo.get_issue(1)
    assert (shown.state, shown.state_reason) == ("closed", "completed")
    issue.create_comment("Late")
    with pytest.raises(GithubException, match="Validation Failed"):
        issue.edit(state="closed", state_reason="bored")
    assert github.issues[0].comment_count == 1
