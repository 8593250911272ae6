"""`pull-request: true`: the list goes into one pull request, however long it is open and whatever becomes of it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from sandbox.arxiv.faults import status
from sandbox.github import differences
from sandbox.github.faults import writes
from tests.factories import announced, ids, paper, papers
from tests.proposing import BRANCH, README, ahead, asked, day, on, proposing, text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Action

EARLIER = datetime(2026, 2, 9, tzinfo=UTC)
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


class TestMerged:
    @pytest.mark.parametrize("method", METHODS)
    @KEPT
    def test_the_next_news_open_another_one_on_what_was_merged(
        self, action: Action, method: str, deleted: bool
    ) -> None:
        day(action)
        merged = action.github.merge(1, method)
        delete(action, deleted)

        quiet = day(action)
        assert (quiet.outputs["changed"], quiet.outputs["pull-request-operation"]) == ("false", "none")
        news = day(action, 1, 2, 3, 4)

        assert on("main", action) == [3, 2, 1]
        assert on(BRANCH, action) == [4, 3, 2, 1]
        assert [commit.parents for commit in ahead(action)] == [(merged,)]
        assert [pull.state for pull in action.github.pulls] == ["closed", "open"]
        assert news.outputs["pull-request-operation"] == "created"
        assert announced(action) == ids(1, 2, 3, 4)

    @pytest.mark.parametrize("method", METHODS)
    def test_it_was_open_for_two_days(self, action: Action, method: str) -> None:
        day(action)
        day(action, 1, 2, 3, 4)
        action.github.merge(1, method)
        day(action, 1, 2, 3, 4, 5)
        action.github.merge(action.github.pulls[-1].number, method)
        day(action)

        assert on("main", action) == [5, 4, 3, 2, 1]
        assert [pull.state for pull in action.github.pulls] == ["closed", "closed"]
        assert announced(action) == ids(1, 2, 3, 4, 5)

    def test_a_revision_opens_one_too_which_announces_nothing(self, action: Action) -> None:
        day(action)
        action.github.merge(1)
        action.arxiv.show([paper(3, version=2), *papers([2, 1])])

        assert day(action).outputs["pull-request-operation"] == "created"
        assert announced(action) == ids(1, 2, 3)


class TestClosedByPeople:
    @KEPT
    def test_nothing_is_written_until_there_is_news(self, action: Action, deleted: bool) -> None:
        day(action)
        action.github.close_pull(1)
        delete(action, deleted)
        action.arxiv.show([paper(3, version=2), *papers([2, 1])])

        for _ in range(2):
            run = day(action)

            assert not [request for request in action.github.requests if writes(request)]
            assert len(asked(action)) == (6 if deleted else 5)
            assert (run.outputs["changed"], run.outputs["pull-request-operation"]) == ("false", "none")
        assert [pull.state for pull in action.github.pulls] == ["closed"]

    @KEPT
    def test_news_open_another_one_with_all_that_is_listed_and_tell_nothing_twice(
        self, action: Action, deleted: bool
    ) -> None:
        day(action)
        action.github.close_pull(1)
        delete(action, deleted)

        run = day(action, 1, 2, 3, 4)
        day(action)

        assert run.outputs["new-papers"] == "1"
        assert run.outputs["pull-request-operation"] == "created"
        assert on(BRANCH, action) == [4, 3, 2, 1]
        assert [pull.state for pull in action.github.pulls] == ["closed", "open"]
        assert announced(action) == ids(1, 2, 3, 4)

    def test_reopened_it_is_kept_up_to_date(self, action: Action) -> None:
        day(action)
        action.github.close_pull(1)
        action.github.reopen(1)

        day(action, 1, 2, 3, 4)

        assert [pull.state for pull in action.github.pulls] == ["open"]
        assert announced(action) == ids(1, 2, 3, 4)

    @KEPT
    def test_without_announcements_it_is_not_opened_again_either(self, action: Action, deleted: bool) -> None:
        day(action, notify="none")
        action.github.close_pull(1)
        delete(action, deleted)

        assert day(action, notify="none").outputs["pull-request-operation"] == "none"
        assert day(action, 1, 2, 3, 4, notify="none").outputs["pull-request-operation"] == "created"
        assert [pull.state for pull in action.github.pulls] == ["closed", "open"]

    def test_a_branch_deleted_while_it_was_open_is_the_same(self, action: Action) -> None:
        day(action)
        action.github.delete_branch(BRANCH)

        assert day(action).outputs["pull-request-operation"] == "none"
        day(action, 1, 2, 3, 4)

        assert [pull.state for pull in action.github.pulls] == ["closed", "open"]
        assert announced(action) == ids(1, 2, 3, 4)


class TestTheBaseMoves:
    def test_what_is_written_around_the_section_comes_to_the_branch(self, action: Action) -> None:
        day(action)
        action.github.push("README.md", README.replace(b"Mine", b"Ours").replace(b"Below", b"Under it"))

        day(action, 1, 2, 3, 4)

        assert text(action).startswith("# Ours\n")
        assert text(action).endswith("\n\nUnder it.\n")
        assert len(ahead(action)) == 1
        assert len(asked(action)) == 11
        action.github.merge(1)
        assert on("main", action) == [4, 3, 2, 1]

    def test_nobody_is_taken_for_its_author_where_github_shows_no_differences_as_they_are_long(
        self, action: Action, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        day(action)
        action.github.push("README.md", README.replace(b"Mine", b"Ours"))
        monkeypatch.setattr(differences, "MOST_LINES", 0)

        day(action, 1, 2, 3, 4)

        assert text(action).startswith("# Ours\n")
        assert len(ahead(action)) == 1

    def test_a_change_of_the_base_alone_is_no_reason_to_write(self, action: Action) -> None:
        day(action)
        action.github.push("notes.txt", b"ours\n")

        assert day(action).outputs["changed"] == "false"

    def test_what_is_written_into_its_section_conflicts_no_longer_after_the_next_day(self, action: Action) -> None:
        day(action)
        action.github.push("README.md", README.replace(b":start -->\n", b":start -->\nA list will come.\n"))

        day(action, 1, 2, 3, 4)

        assert len(ahead(action)) == 1
        action.github.merge(1)
        assert on("main", action) == [4, 3, 2, 1]
        assert "A list will come." not in text(action, "main")

    def test_an_older_page_put_back_on_the_base_announces_nothing_again(self, action: Action) -> None:
        day(action)
        action.github.merge(1)
        action.github.push("README.md", README)

        day(action)
        day(action, 1, 2, 3, 4)

        assert on(BRANCH, action) == [4, 3, 2, 1]
        assert announced(action) == ids(1, 2, 3, 4)


class TestNothingLeftToChange:
    """Somebody merges by hand: the base has the same files by other commits."""

    @pytest.mark.parametrize("moved", [False, True], ids=["no more commits", "another file besides"])
    def test_it_is_closed_and_its_branch_deleted(self, action: Action, moved: bool) -> None:
        day(action)
        action.github.push("README.md", text(action).encode())
        if moved:
            action.github.push("notes.txt", b"ours\n")

        run = day(action)

        assert [pull.state for pull in action.github.pulls] == ["closed"]
        assert action.github.log(BRANCH) == []
        assert (run.outputs["changed"], run.outputs["pull-request-operation"]) == ("false", "closed")
        assert run.outputs["pull-request-number"] == "1"
        assert day(action).outputs["pull-request-operation"] == "none"

    def test_the_next_news_open_another_one(self, action: Action) -> None:
        day(action)
        action.github.push("README.md", text(action).encode())
        day(action)

        assert day(action, 1, 2, 3, 4).outputs["pull-request-operation"] == "created"
        assert announced(action) == ids(1, 2, 3, 4)

    @pytest.mark.parametrize("ending", ["withdrawn", "closed", "closed, branch deleted"])
    def test_a_revision_opens_another_one_since_nobody_turned_the_list_down(self, action: Action, ending: str) -> None:
        day(action)
        action.github.push("README.md", text(action).encode())
        if ending != "withdrawn":
            action.github.close_pull(1)
            delete(action, ending != "closed")
        assert day(action).outputs["changed"] == "false"
        action.arxiv.show([paper(3, version=2), *papers([2, 1])])

        assert day(action).outputs["pull-request-operation"] == "created"
        assert "2603.00003v2" in text(action)
        assert announced(action) == ids(1, 2, 3)

    def test_news_on_the_very_day_go_on_with_the_one_that_is_open(self, action: Action) -> None:
        day(action)
        action.github.push("README.md", text(action).encode())

        assert day(action, 1, 2, 3, 4).outputs["pull-request-operation"] == "updated"
        assert [pull.state for pull in action.github.pulls] == ["open"]
        assert announced(action) == ids(1, 2, 3, 4)


class TestWhatIsTold:
    def test_outputs_and_log_tell_what_became_of_it(self, action: Action) -> None:
        names = ("pull-request-url", "pull-request-number", "pull-request-operation", "commit-sha", "files-changed")
        url = "https://github.com/octo/papers/pull/1"

        run = day(action)
        assert [run.outputs[name] for name in names] == [url, "1", "created", ahead(action)[0].sha, "README.md"]
        assert (
            f"Committed README.md to daily-papers ({ahead(action)[0].sha[:7]})\nPull request created: {url}" in run.log
        )
        assert f"Pull request created: {url}" in run.summary

        run = day(action, 1, 2, 3, 4)
        assert [run.outputs[name] for name in names] == [url, "1", "updated", ahead(action)[0].sha, "README.md"]
        run = day(action)
        assert [run.outputs[name] for name in names] == [url, "1", "none", "", ""]
        action.github.push("README.md", text(action).encode())
        run = day(action)
        assert [run.outputs[name] for name in names] == [url, "1", "closed", "", ""]
        run = day(action)
        assert [run.outputs[name] for name in names] == ["", "", "none", "", ""]

    def test_title_and_body_are_short_and_hold_neither_rows_nor_key(self, action: Action) -> None:
        day(action, commit_message="papers: {{ new }} new of {{ papers }}", readme="lists/*.md")

        (pull,) = action.github.pulls
        assert pull.title == "papers: 3 new of 3"
        assert pull.body == (
            "The daily papers of lists/\\*.md, for main. New papers are announced when they are committed here; each "
            "run keeps this pull request up to date, and builds upon what others commit to its branch."
        )

    @pytest.mark.parametrize(
        ("message", "title"),
        [
            ("Update papers\n\nBy the daily run.\n", "Update papers"),
            ("papers " * 15_000, ("papers " * 37)[:255].rstrip() + "…"),
        ],
        ids=["lines", "100 KB"],
    )
    def test_the_title_is_the_first_line_of_the_commits_message_as_far_as_github_takes_it(
        self, action: Action, message: str, title: str
    ) -> None:
        day(action, commit_message=message)

        assert [pull.title for pull in action.github.pulls] == [title]
        assert ahead(action)[0].message == message.strip()

    def test_the_issue_links_to_the_list_on_the_base_and_to_the_pull_request(self, action: Action) -> None:
        run = day(action)

        body = action.github.issues[0].body or ""
        assert run.outputs["news-markdown"] == body.rpartition("\n\n")[0]
        assert body.startswith(
            "New in [README.md](https://github.test/octo/papers/blob/main/README.md) once "
            "[pull request 1](https://github.com/octo/papers/pull/1) is merged:\n\n## Alpha\n\n"
        )

    def test_our_commits_name_no_author_so_that_github_signs_them(self, action: Action) -> None:
        day(action)
        made = [request.fields for request in action.github.requests if request.path.endswith("/git/commits")]

        assert [set(fields) for fields in made] == [{"message", "tree", "parents"}]
        assert [commit.verified for commit in ahead(action)] == [True]


class TestOtherInputs:
    def test_a_dry_run_writes_nothing_and_shows_what_would_change_on_the_branch(self, action: Action) -> None:
        first = day(action, dry_run="true")
        assert action.github.log(BRANCH) == []
        day(action)
        before = action.github.log(BRANCH)

        later = day(action, 1, 2, 3, 4, dry_run="true")

        assert not [request for request in action.github.requests if writes(request)]
        assert action.github.log(BRANCH) == before
        assert (first.outputs["new-papers"], later.outputs["new-papers"]) == ("3", "1")
        assert [line[:16] for line in later.log.splitlines() if line.startswith("+| ")] == ["+| **[Paper 4](h"]
        assert "-| **" not in later.log

    @pytest.mark.parametrize("rule", ["protected", "ruleset"])
    def test_a_dry_run_warns_of_no_rule_of_the_base(self, action: Action, rule: str) -> None:
        setattr(action.github, rule, {"main"})

        assert not day(action, dry_run="true").annotations("warning")

    def test_a_dry_run_of_a_public_repository_needs_no_token(self, action: Action) -> None:
        day(action)

        assert day(action, 1, 2, 3, 4, dry_run="true", token="").outputs["new-papers"] == "1"

    def test_a_base_that_does_not_exist_is_an_error_that_names_its_input(self, action: Action) -> None:
        run = day(action, code=1, branch="nowhere")

        assert "Check that the branch `nowhere` exists (input `branch`)" in run.log

    def test_line_ends_are_the_bases(self, action: Action) -> None:
        day(action)
        action.github.push("README.md", README.replace(b"\n", b"\r\n"))
        day(action, 1, 2, 3, 4)

        assert text(action).count("\n") == text(action).count("\r\n") > 10
        action.github.merge(1)
        assert day(action).outputs["changed"] == "false"

    def test_without_announcements_it_is_kept_all_the_same(self, action: Action) -> None:
        day(action, notify="none")
        assert len(action.github.requests) == 9
        run = day(action, 1, 2, 3, 4, notify="none")

        assert len(action.github.requests) == 8
        assert run.outputs["new-papers"] == "1"
        assert on(BRANCH, action) == [4, 3, 2, 1]
        assert [pull.state for pull in action.github.pulls] == ["open"]
        assert not action.github.issues

    def test_a_standing_issue_is_told_of_it_too(self, action: Action) -> None:
        day(action, notify="comment")
        run = day(action, 1, 2, 3, 4, notify="comment")
        day(action, notify="comment")

        assert "once [pull request 1](" in str(action.github.comments[-1].body)
        assert run.outputs["comment-url"]
        assert len(action.github.comments) == 2
        assert on(BRANCH, action) == [4, 3, 2, 1]

    def test_a_template_is_the_bases_until_people_change_it_on_the_branch(self, tmp_path: Path) -> None:
        standing = {"README.md": README, "own.j2": b"{% for paper in papers %}* {{ paper.title }}\n{% endfor %}"}
        with proposing(tmp_path, standing, template="own.j2") as action:
            day(action)
            assert "\n* Paper 3\n" in text(action)
            action.github.push("own.j2", standing["own.j2"].replace(b"*", b"+"))
            day(action)
            assert "\n+ Paper 3\n" in text(action)
            assert len(ahead(action)) == 1
            action.github.push("own.j2", standing["own.j2"].replace(b"*", b"1."), branch=BRANCH)
            day(action)

            assert "\n1. Paper 3\n" in text(action)
            assert len(ahead(action)) == 3
            assert announced(action) == ids(1, 2, 3)

    def test_branches_have_slashes_in_their_names(self, tmp_path: Path) -> None:
        with proposing(tmp_path, branch="release/1.x", pull_request_branch="bots/daily/papers") as action:
            action.github.push("README.md", README, branch="release/1.x")
            for newest in (3, 4):
                day(action, *range(1, newest + 1))
                day(action)
            (pull,) = action.github.pulls

            assert (pull.head, pull.base, pull.state) == ("bots/daily/papers", "release/1.x", "open")
            assert on("bots/daily/papers", action) == [4, 3, 2, 1]
            assert announced(action) == ids(1, 2, 3, 4)
            action.github.merge(pull.number)
            assert on("release/1.x", action) == [4, 3, 2, 1]
            assert day(action).outputs["changed"] == "false"

    def test_not_permitted_the_address_quotes_them(self, tmp_path: Path) -> None:
        with proposing(tmp_path, branch="release/1.x", pull_request_branch="bots/#päpers") as action:
            action.github.push("README.md", README, branch="release/1.x")
            action.github.actions_may_open_pulls = False

            run = day(action, code=1)

            assert "https://github.test/octo/papers/compare/release/1.x...bots/%23p%C3%A4pers?expand=1" in run.summary

    def test_on_enterprise_server_graphql_is_beside_the_rest_api(self, tmp_path: Path) -> None:
        with proposing(tmp_path, prefix="/api/v3") as action:
            day(action)
            day(action, 1, 2, 3, 4)

            assert "/api/graphql" in [request.path for request in action.github.requests]
            assert [pull.state for pull in action.github.pulls] == ["open"]
            assert on(BRANCH, action) == [4, 3, 2, 1]
            assert announced(action) == ids(1, 2, 3, 4)

    def test_a_page_that_is_not_there_yet_is_made(self, tmp_path: Path) -> None:
        with proposing(tmp_path, {"notes.txt": b"ours\n"}, readme="docs/papers.md") as action:
            run = day(action)
            assert "::notice::The section daily-papers has no markers yet: it begins the new file" in run.log
            run = day(action, 1, 2, 3, 4)

            assert not run.annotations("notice")
            assert len(ahead(action)) == 1
            action.github.merge(1)
            assert text(action, "main", "docs/papers.md").count("https://arxiv.org/abs/") == 4
            assert announced(action) == ids(1, 2, 3, 4)


class TestTurnedOnAndOff:
    def test_a_list_that_was_committed_so_far_goes_on_in_a_pull_request(self, action: Action) -> None:
        day(action, pull_request="false")
        day(action, 1, 2, 3, 4)

        assert on("main", action) == [3, 2, 1]
        assert on(BRANCH, action) == [4, 3, 2, 1]
        assert announced(action) == ids(1, 2, 3, 4)

    def test_and_the_other_way_round(self, action: Action) -> None:
        day(action)
        day(action, 1, 2, 3, 4, pull_request="false")

        assert on("main", action) == [4, 3, 2, 1]
        assert announced(action) == ids(1, 2, 3, 4)

    def test_a_run_without_it_asks_no_more_than_ever(self, action: Action) -> None:
        day(action, pull_request="false")

        assert not [kind for kind in asked(action) if kind.partition(" ")[2] in ("compare", "pulls", "graphql")]
        assert len(asked(action)) == 8


class TestFiles:
    def test_they_are_in_the_same_commit_and_one_that_stays_the_same_stays_through_a_rebuild(
        self, tmp_path: Path
    ) -> None:
        with proposing(tmp_path, keywords="Alpha\nBeta", files="docs/papers.json\nlists/{{ heading }}.md") as action:
            action.arxiv.show([*papers([1, 2]), *papers([51], "beta")])
            run = day(action)
            assert run.outputs["files-changed"].split("\n") == [
                *("README.md", "docs/papers.json", "lists/Alpha.md", "lists/Beta.md")
            ]
            action.github.push("notes.txt", b"ours\n")

            action.arxiv.show([*papers([1, 2, 3]), *papers([51], "beta")])
            run = day(action)

            assert run.outputs["files-changed"].split("\n") == ["README.md", "docs/papers.json", "lists/Alpha.md"]
            assert len(ahead(action)) == 1
            assert "Paper 51" in text(action, path="lists/Beta.md")
            assert "Paper 3" in text(action, path="lists/Alpha.md")
            action.github.merge(1)
            assert "Paper 51" in text(action, "main", "lists/Beta.md")
            assert day(action).outputs["changed"] == "false"

    def test_a_failed_keywords_file_stays_through_a_rebuild(self, tmp_path: Path) -> None:
        with proposing(tmp_path, keywords="Alpha\nBeta", files="papers.csv\nlists/{{ heading }}.md") as action:
            action.arxiv.show([*papers([1, 2]), *papers([51], "beta")])
            day(action)
            before = {path: text(action, path=path) for path in ("lists/Beta.md", "papers.csv")}
            action.github.push("notes.txt", b"ours\n")
            action.arxiv.show([*papers([1, 2, 3]), *papers([51, 52], "beta")])
            action.arxiv.fail(status(503), when="Beta")

            day(action)

            assert len(ahead(action)) == 1
            assert {path: text(action, path=path) for path in before} == before
            assert on(BRANCH, action) == [3, 2, 1, 51]

    def test_a_file_of_the_base_that_is_not_ours_is_an_error_before_anything_is_written(self, tmp_path: Path) -> None:
        with proposing(tmp_path, {"README.md": README, "papers.csv": b"mine\n"}, files="papers.csv") as action:
            run = day(action, code=1)

            assert "files: papers.csv is there already" in run.log
            assert action.github.log(BRANCH) == []

    def test_one_that_is_named_no_longer_stays_with_the_branch(self, tmp_path: Path) -> None:
        with proposing(tmp_path, files="papers.csv\npapers.json") as action:
            day(action)
            day(action, 1, 2, 3, 4, files="papers.csv")

            assert "Paper 3" in text(action, path="papers.json")
            assert announced(action) == ids(1, 2, 3, 4)

    def test_an_archive_grows_on_the_branch_and_stays_whole_however_often_it_is_rebuilt(self, tmp_path: Path) -> None:
        with proposing(tmp_path, files="archive/{{ year }}-{{ month }}.csv", max_results="3") as action:
            action.arxiv.show([*papers([1, 2]), paper(9, month="2602", published=EARLIER, updated=EARLIER)])
            day(action)
            for newest in range(3, 7):
                action.github.push("notes.txt", str(newest).encode())
                day(action, *range(1, newest + 1))
                assert len(ahead(action)) == 1

            assert on(BRANCH, action) == [6, 5, 4]
            assert archived(action, BRANCH) == ["2602.00009", *(f"2603.{number:05}" for number in range(1, 7))]
            action.github.merge(1, "squash")
            day(action, *range(1, 8))
            action.github.merge(action.github.pulls[-1].number, "squash")
            assert archived(action, "main") == ["2602.00009", *(f"2603.{number:05}" for number in range(1, 8))]

    def test_an_archive_that_people_wrote_beside_grows_on_top(self, tmp_path: Path) -> None:
        with proposing(tmp_path, files="archive/{{ year }}-{{ month }}.csv", max_results="3") as action:
            day(action)
            action.github.push("notes.txt", b"theirs\n", branch=BRANCH)
            day(action, 2, 3, 4, 5)
            day(action, 4, 5, 6, 7)

            assert len(ahead(action)) == 4
            assert action.github.read("archive/2026-03-part2.csv", BRANCH) is None
            assert archived(action, BRANCH) == [f"2603.{number:05}" for number in range(1, 8)]


def archived(action: Action, branch: str) -> list[str]:
    """The papers of every month, oldest first."""
    months = ("archive/2026-02.csv", "archive/2026-03.csv")
    return sorted(set(re.findall(r"abs/(26\d\d\.\d{5})", "".join(text(action, branch, path) for path in months))))
