"""The stand-in's pull requests, comparisons, compare and swap, and refused pushes, as GitHub has them."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
import requests
from github import Auth, Github, GithubException, UnknownObjectException

from sandbox.github import faults
from sandbox.github.stand_in import GithubStandIn, Request
from sandbox.github.wire import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from github.Repository import Repository

P = "daily/papers"
ZERO = "0" * 40


@pytest.fixture
def github(tmp_path: Path) -> Iterator[GithubStandIn]:
    with GithubStandIn(tmp_path / "papers.git", {"README.md": b"# Papers\n", "a.txt": b"1\n2\n3\n"}) as stand_in:
        stand_in.permissions["pull-requests"] = "write"
        yield stand_in


def connect(github: GithubStandIn) -> Github:
    pace = {"seconds_between_requests": 0, "seconds_between_writes": 0}
    return Github(auth=Auth.Token(github.token), base_url=github.url, retry=None, **pace)  # type: ignore[arg-type]


@pytest.fixture
def api(github: GithubStandIn) -> Iterator[Github]:
    with connect(github) as client:
        yield client


@pytest.fixture
def repo(github: GithubStandIn, api: Github) -> Repository:
    return api.get_repo(github.repository)


def head(github: GithubStandIn, branch: str = "main") -> str:
    return github.log(branch)[0].sha


def errors(error: pytest.ExceptionInfo[GithubException]) -> list[tuple[str, str]]:
    return [(one["code"], one.get("message") or one["field"]) for one in error.value.data["errors"]]


def ask(github: GithubStandIn, path: str, **query: str) -> requests.Response:
    return requests.get(f"{github.url}/repos/{github.repository}{path}", params=query, timeout=5)


# Opened


def test_a_pull_request_is_opened(github: GithubStandIn, repo: Repository) -> None:
    github.open_issue("First")
    base, ours = head(github), github.push("README.md", b"# Papers\nnew\n", branch=P)
    pull = repo.create_pull(base="main", head=P, title="Papers", body="of today")
    assert (pull.number, pull.state, pull.title, pull.body, pull.draft) == (2, "open", "Papers", "of today", False)
    assert (pull.head.ref, pull.head.label, pull.head.sha, pull.base.sha) == (P, f"octo:{P}", ours, base)
    assert (pull.mergeable, pull.commits, pull.additions, pull.changed_files) == (True, 1, 1, 1)
    assert (pull.user.login, pull.user.type, pull.raw_data["author_association"]) == (github.actor, "Bot", "NONE")
    assert pull.html_url == "https://github.com/octo/papers/pull/2"
    assert pull.base.repo.raw_data["node_id"] == repo.raw_data["node_id"]
    assert [(one.number, one.title) for one in github.pulls] == [(2, "Papers")]
    github.actor = "mona"
    github.push("x", b"", branch="other")
    assert repo.create_pull(base="main", head="octo:other", title="x").raw_data["author_association"] == "COLLABORATOR"


def test_it_counts_and_is_listed_among_the_issues(github: GithubStandIn, repo: Repository) -> None:
    github.push("x", b"", branch=P)
    github.open_issue("First")
    repo.create_pull(base="main", head=P, title="Papers")
    assert repo.create_issue("Third").number == 3
    assert [(one.number, bool(one.pull_request)) for one in repo.get_issues()] == [(3, False), (2, True), (1, False)]
    assert repo.get_issue(2).html_url == "https://github.com/octo/papers/pull/2"
    assert [issue.number for issue in github.issues] == [1, 3]
    github.issues_enabled = False
    assert [one.number for one in repo.get_issues()] == [2]


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"head": "gone"}, ("invalid", "head")),
        ({"head": f"stranger:{P}"}, ("invalid", "head")),
        ({"base": "gone"}, ("invalid", "base")),
        ({"title": ""}, ("missing_field", "title")),
        ({"head": "main"}, ("custom", "No commits between main and main")),
        ({"head": "behind"}, ("custom", "No commits between main and behind")),
        ({"head": "open"}, ("custom", "A pull request already exists for octo:open.")),
        ({"body": "x" * 65537}, ("custom", "body is too long (maximum is 65536 characters)")),
    ],
)
def test_it_is_not_opened(
    github: GithubStandIn, repo: Repository, fields: dict[str, str], error: tuple[str, str]
) -> None:
    github.restore_branch("behind", head(github))
    github.push("y", b"")
    for branch in (P, "open"):
        github.push("x", b"", branch=branch)
    github.open_pull("open")
    with pytest.raises(GithubException) as refused:
        repo.create_pull(**{"base": "main", "head": P, "title": "x"} | fields)  # type: ignore[arg-type]
    assert (refused.value.status, errors(refused)) == (422, [error])
    assert len(github.pulls) == 1


def test_actions_may_not_open_pull_requests(github: GithubStandIn, repo: Repository) -> None:
    github.push("x", b"", branch=P)
    github.actions_may_open_pulls = False
    with pytest.raises(GithubException) as refused:
        repo.create_pull(base="main", head=P, title="x")
    said = "GitHub Actions is not permitted to create or approve pull requests."
    assert (refused.value.status, refused.value.data["message"]) == (403, said)
    github.actor = "papers[bot]"
    assert repo.create_pull(base="main", head=P, title="x").user.login == "papers[bot]"


def test_it_wants_a_permission_of_its_own(github: GithubStandIn, repo: Repository) -> None:
    github.push("x", b"", branch=P)
    github.permissions["pull-requests"] = "read"
    with pytest.raises(GithubException, match="Resource not accessible by integration"):
        repo.create_pull(base="main", head=P, title="x")
    del github.permissions["pull-requests"]
    assert list(repo.get_pulls()) == []
    github.private = True
    with pytest.raises(GithubException, match="Resource not accessible by integration"):
        repo.get_pulls().get_page(0)


# Listed


def test_lists(github: GithubStandIn, repo: Repository) -> None:
    github.push("x", b"", branch="base")
    for number in range(1, 5):
        github.push(str(number), b"", branch=f"b{number}")
        github.open_pull(f"b{number}", "base" if number == 4 else "main")
    github.close_pull(2)
    github.open_pull("b1", fork="stranger")

    def numbers(**asked: str) -> list[int]:
        return [row["number"] for row in ask(github, "/pulls", **asked).json()]

    assert numbers() == [5, 4, 3, 1]
    assert numbers(state="closed") == [2]
    assert numbers(state="all", direction="asc") == [1, 2, 3, 4, 5]
    github.pulls[2].updated_at = github.pulls[2].updated_at.replace(year=3000)
    assert numbers(state="all", sort="updated", direction="desc")[0] == 3
    assert numbers(state="all", sort="updated")[-1] == 3
    assert numbers(base="base") == [4]
    assert numbers(head="octo:b1") == [1]
    assert numbers(head="stranger:b1") == [5]
    assert numbers(head="b1") == [5, 4, 3, 1]  # GitHub ignores a head without its owner
    assert numbers(per_page="2", page="2") == [3, 1]
    github.late_pulls = 1
    assert [pull.number for pull in repo.get_pulls()] == [4, 3, 1]
    assert [pull.number for pull in repo.get_pulls()] == [5, 4, 3, 1]


def test_a_fork_keeps_its_own_branch(github: GithubStandIn, repo: Repository) -> None:
    pull = repo.get_pull(github.open_pull(P, fork="stranger").number)
    assert (pull.head.label, pull.head.repo.fork, pull.user.login) == (f"stranger:{P}", True, "stranger")
    github.push("x", b"", branch=P)
    assert repo.create_pull(base="main", head=P, title="ours").number == 2
    github.delete_branch(P)
    assert [one.state for one in github.pulls] == ["open", "closed"]
    github.merge(1)
    assert repo.get_pull(1).merged


# Changed, closed, reopened


def test_changes(github: GithubStandIn, repo: Repository) -> None:
    github.push("x", b"", branch=P)
    github.push("y", b"", branch="other")
    pull = repo.get_pull(github.open_pull(P).number)
    pull.edit(title="New", body="text", base="other")
    assert (github.pulls[0].title, github.pulls[0].body, github.pulls[0].base) == ("New", "text", "other")
    with pytest.raises(GithubException) as refused:
        pull.edit(base="gone")
    assert errors(refused) == [("invalid", "base")]
    pull.edit(state="closed")
    assert (pull.state, pull.closed_at is None, pull.merged) == ("closed", False, False)
    repo.get_issue(1).edit(state="open")
    assert (repo.get_pull(1).state, repo.get_pull(1).closed_at) == ("open", None)
    with pytest.raises(UnknownObjectException):
        repo.get_pull(9)


def test_deleting_the_branch_closes_it(github: GithubStandIn, repo: Repository) -> None:
    for branch in ("one", "two", "base"):
        github.push(branch, b"", branch=branch)
    one, two = github.open_pull("one"), github.open_pull("two", "base")
    sha = head(github, "one")
    repo.get_git_ref("heads/one").delete()
    github.delete_branch("base")
    assert [(pull.state, pull.merged_at) for pull in (one, two)] == [("closed", None)] * 2
    assert repo.get_pull(1).head.sha == sha


def test_what_cannot_be_reopened(github: GithubStandIn) -> None:
    first, ours = head(github), github.push("x", b"", branch=P)
    pull = github.open_pull(P)

    def reopened() -> str:
        github.close_pull(1)
        url, headers = f"{github.url}/repos/{github.repository}/pulls/1", {"Authorization": f"Bearer {github.token}"}
        reply = requests.patch(url, json={"state": "open"}, headers=headers, timeout=5)
        assert reply.status_code in {200, 422}
        return "open" if reply.ok else str(reply.json()["errors"][0]["message"])

    assert reopened() == "open"
    github.push("y", b"", branch=P)
    assert (reopened(), pull.head_sha) == ("open", head(github, P))
    github.restore_branch(P, ours)
    assert pull.head_sha == ours
    github.close_pull(1)
    github.restore_branch(P, github.push("z", b"", branch="elsewhere"))
    forced = f"state cannot be changed. The {P} branch was force-pushed or recreated."
    assert reopened() == forced
    with pytest.raises(Refusal):
        github.reopen(1)
    github.restore_branch(P, ours)
    assert reopened() == "open"
    github.delete_branch(P)
    assert reopened() == f"state cannot be changed. The {P} branch has been deleted."
    github.restore_branch(P, ours)
    github.open_pull(P)
    assert reopened() == f"state cannot be changed. A pull request already exists for octo:{P}."
    github.restore_branch(P, first)
    github.merge(github.open_pull("elsewhere").number)
    assert reopened() == forced


def test_a_branch_without_news_closes_it(github: GithubStandIn) -> None:
    first = head(github)
    github.push("x", b"", branch=P)
    pull = github.open_pull(P)
    github.restore_branch(P, first)
    assert (pull.state, pull.merged_at) == ("closed", None)


def test_commits_that_reach_the_base_by_hand_are_merged(github: GithubStandIn, repo: Repository) -> None:
    ours = github.push("x", b"", branch=P)
    pull = github.open_pull(P)
    repo.get_git_ref("heads/main").edit(ours)
    assert (pull.state, pull.merged_at is None, pull.merge_commit_sha) == ("closed", False, ours)


# Merged


@pytest.mark.parametrize(
    ("method", "subjects", "verified"),
    [
        ("merge", [f"Merge pull request #1 from octo/{P}", "theirs", "two", "one"], True),
        ("squash", ["A change (#1)", "theirs"], True),
        ("rebase", ["two", "one", "theirs"], False),
    ],
)
def test_merges(github: GithubStandIn, repo: Repository, method: str, subjects: list[str], verified: bool) -> None:
    github.push("a.txt", b"0\n1\n2\n3\n", "one", branch=P)
    github.push("b.txt", b"b", "two", branch=P, login="hubot")
    github.protected = {"main"}
    github.push("a.txt", b"1\n2\n3\n4\n", "theirs")
    pull = repo.get_pull(github.open_pull(P).number)
    made = pull.merge(merge_method=method)
    assert (made.merged, made.sha) == (True, head(github))
    log = github.log()
    assert log[0].message.partition("\n")[0] == subjects[0]
    assert sorted(commit.message.partition("\n")[0] for commit in log[:-1]) == sorted(subjects)
    assert (github.read("a.txt"), github.read("b.txt")) == (b"0\n1\n2\n3\n4\n", b"b")
    assert log[0].verified == verified
    assert (log[0].author.name, log[0].committer.name) == {
        "merge": (github.actor, "GitHub"),
        "squash": ("mona", "GitHub"),
        "rebase": ("hubot", github.actor),
    }[method]
    assert ("Co-authored-by: hubot <hubot@users.noreply.github.com>" in log[0].message) == (method == "squash")
    merged = repo.get_pull(1)
    assert (merged.state, merged.merged, merged.merge_commit_sha) == ("closed", True, made.sha)
    assert (merged.merged_by.login, github.log(P)[0].message) == (github.actor, "two")
    assert ask(github, "/pulls/1/merge").status_code == 204
    with pytest.raises(GithubException) as refused:
        pull.merge()
    assert refused.value.status == 405


def test_people_merge(github: GithubStandIn) -> None:
    for method in ("merge", "squash", "rebase"):
        github.push(method, b"", "only\n\nbody", branch=method, login="hubot")
        pull = github.open_pull(method)
        assert github.merge(pull.number, method, user="lisa") == head(github)
        assert (pull.merged_by, github.read(method)) == ("lisa", b"")
    assert github.log()[1].message == "only (#2)\n\nbody\n\nCo-authored-by: hubot <hubot@users.noreply.github.com>"
    assert "merge" in [name.removeprefix("refs/heads/") for name in github.store.refs()]


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
def test_conflicts(github: GithubStandIn, repo: Repository, method: str) -> None:
    github.push("a.txt", b"ours\n", branch=P)
    before = github.push("a.txt", b"theirs\n")
    pull = repo.get_pull(github.open_pull(P).number)
    assert (pull.mergeable, pull.mergeable_state) == (False, "dirty")
    with pytest.raises(GithubException) as refused:
        pull.merge(merge_method=method)
    assert (refused.value.status, refused.value.data["message"]) == (405, "Pull Request is not mergeable")
    with pytest.raises(Refusal):
        github.merge(1, method)
    assert (head(github), github.pulls[0].state) == (before, "open")


def test_a_merge_may_name_the_head_that_it_means(github: GithubStandIn, repo: Repository) -> None:
    old = github.push("x", b"", branch=P)
    pull = repo.get_pull(github.open_pull(P).number)
    github.push("y", b"", branch=P)
    with pytest.raises(GithubException) as refused:
        pull.merge(sha=old)
    assert (refused.value.status, github.pulls[0].state) == (409, "open")


def test_the_base_is_merged_into_the_branch(github: GithubStandIn, repo: Repository) -> None:
    github.push("x", b"", branch=P)
    github.push("y", b"")
    pull = github.open_pull(P)
    sha = github.update_branch(1, user="lisa")
    assert (pull.head_sha, pull.state, github.read("y", P)) == (sha, "open", b"")
    with pytest.raises(Refusal, match="no new commits on the base"):
        github.update_branch(1)
    comparison = repo.compare("main", P)
    assert (comparison.status, comparison.behind_by) == ("ahead", 0)
    assert [commit.author and commit.author.login for commit in comparison.commits] == [None, "lisa"]


# Compared


def test_compare(github: GithubStandIn, repo: Repository) -> None:
    first = head(github)
    ours = github.push("README.md", b"# Papers\nnew\n", "one", branch=P, login="mona")
    github.push("a.txt", None, "two", branch=P)
    github.push("b.txt", b"1\n2\n3\n", "three", branch=P, login="mona", web=True)
    theirs = github.push("z", b"")
    comparison = repo.compare("main", P)
    assert (comparison.status, comparison.ahead_by, comparison.behind_by) == ("diverged", 3, 1)
    assert (comparison.base_commit.sha, comparison.merge_base_commit.sha) == (theirs, first)
    commits = comparison.raw_data["commits"]
    assert [row["commit"]["message"] for row in commits] == ["one", "two", "three"]
    assert (commits[0]["sha"], commits[0]["parents"][0]["sha"]) == (ours, first)
    assert commits[2]["commit"]["tree"]["sha"] == github.log(P)[0].tree
    people = [[row[who] and row[who]["login"] for who in ("author", "committer")] for row in commits]
    assert people == [["mona", "mona"], [None, None], ["mona", "web-flow"]]
    assert [row["commit"]["verification"]["verified"] for row in commits] == [False, False, True]
    files = [(row["filename"], row["status"], row["additions"]) for row in comparison.raw_data["files"]]
    assert files == [("README.md", "modified", 1), ("b.txt", "renamed", 0)]
    assert comparison.raw_data["files"][1]["previous_filename"] == "a.txt"
    for names, status in [(("main", "main"), "identical"), ((ours, "main"), "diverged"), (("main", first), "behind")]:
        assert repo.compare(*names).status == status


def test_whose_commits_they_are(github: GithubStandIn, repo: Repository) -> None:
    repo.create_git_ref(f"refs/heads/{P}", head(github))
    repo.create_file("a", "ours", "a", branch=P)
    github.actor = "mona"
    repo.create_file("b", "theirs", "b", branch=P)
    ours, theirs = repo.compare("main", P).commits
    assert (ours.author.login, ours.author.type, ours.committer.login) == ("github-actions[bot]", "Bot", "web-flow")
    assert (theirs.author.login, theirs.author.type, theirs.committer.login) == ("mona", "User", "mona")


def test_compare_names_and_pages(github: GithubStandIn) -> None:
    for number in range(5):
        github.push(f"{number}.txt", b"", str(number), branch=P)
    for name in (P, "daily%2Fpapers", f"octo:{P}", f"refs/heads/{P}", head(github, P)):
        assert ask(github, f"/compare/main...{name}").json()["ahead_by"] == 5, name
    for missing in ("main...gone", "gone...main", f"main...stranger:{P}"):
        reply = ask(github, f"/compare/{missing}")
        assert (reply.status_code, reply.json()["message"]) == (404, "Not Found")
    reply = ask(github, f"/compare/main...{P}", per_page="2", page="2")
    page = reply.json()
    assert [row["commit"]["message"] for row in page["commits"]] == ["2", "3"]
    assert (page["total_commits"], "files" in page, "next" in reply.links) == (5, False, True)


def test_compare_shows_the_newest_commits(github: GithubStandIn) -> None:
    start = f"from {head(github)}\n"
    who = "committer Mona <mona@example.org> 1795000000 +0000"
    rows = [f"commit refs/made\n{who}\ndata {len(str(n))}\n{n}\n{'' if n else start}\n" for n in range(252)]
    github.store.git("-c", "fastimport.unpackLimit=1000", "fast-import", "--quiet", feed="".join(rows).encode())
    github.restore_branch(P, github.store.text("rev-parse", "refs/made"))
    comparison = ask(github, f"/compare/main...{P}").json()
    assert (comparison["total_commits"], len(comparison["commits"])) == (252, 250)
    assert comparison["commits"][-1]["sha"] == head(github, P)


def test_compare_shows_three_hundred_files(github: GithubStandIn) -> None:
    store, base = github.store, head(github)
    empty = store.add_blob(b"")
    tree = store.add_tree(github.log()[0].tree, [("100644", empty, f"many/{number}") for number in range(301)])
    who = github.log()[0].author
    github.restore_branch(P, store.add_commit(tree, [base], "many", who, who))
    assert len(ask(github, f"/compare/main...{P}").json()["files"]) == 300


def test_compare_may_show_what_was(github: GithubStandIn) -> None:
    github.push("x", b"", branch=P)
    github.push("y", b"", branch=P)
    github.stale_reads = 1
    assert [ask(github, f"/compare/main...{P}").json()["ahead_by"] for _ in range(2)] == [1, 2]


def test_histories_that_share_nothing(github: GithubStandIn, repo: Repository) -> None:
    who = github.log()[0].author
    github.restore_branch(P, github.store.add_commit(github.log()[0].tree, [], "orphan", who, who))
    assert ask(github, f"/compare/main...{P}").status_code == 404
    with pytest.raises(GithubException, match="has no history in common with main"):
        repo.create_pull(base="main", head=P, title="x")


# Compare and swap


def swap(api: Github, node: str, *updates: dict[str, Any]) -> None:
    given = {"repositoryId": node, "refUpdates": list(updates)}
    api.requester.graphql_named_mutation("updateRefs", given, "clientMutationId")


def move(
    after: str, before: str | None = None, name: str = f"refs/heads/{P}", *, force: bool = False
) -> dict[str, Any]:
    return {"name": name, "beforeOid": before, "afterOid": after, "force": force}


def graphql_error(call: Callable[[], None]) -> tuple[str | None, str]:
    """Type and message of GraphQL's error."""
    with pytest.raises(GithubException) as refused:
        call()
    (error,) = refused.value.data["errors"]
    assert "data" not in refused.value.data or refused.value.data["data"] == {"updateRefs": None}
    return error.get("type"), error["message"]


def test_a_ref_moves_from_where_it_was_expected(github: GithubStandIn, api: Github, repo: Repository) -> None:
    node, first, second = repo.raw_data["node_id"], head(github), github.push("x", b"")
    swap(api, node, move(first, ZERO))
    assert head(github, P) == first
    swap(api, node, move(second, first))
    swap(api, node, move(first, second, force=True))
    assert head(github, P) == first
    swap(api, node, move(second))
    swap(api, node, move(ZERO, second))
    assert f"refs/heads/{P}" not in github.store.refs()
    assert {(request.verb, request.path) for request in github.requests} == {
        ("GET", "/repos/octo/papers"),
        ("POST", "/graphql"),
    }


def test_a_ref_that_is_elsewhere_stays(github: GithubStandIn, api: Github, repo: Repository) -> None:
    node, first, second = repo.raw_data["node_id"], head(github), github.push("x", b"")
    github.restore_branch(P, first)
    for before in (second, ZERO):
        kind, message = graphql_error(lambda before=before: swap(api, node, move(second, before, force=True)))  # type: ignore[misc]
        assert (kind, message.partition(" while ")[0]) == (None, "Something went wrong")
    github.tells_stale_refs = True
    kind, message = graphql_error(lambda: swap(api, node, move(second, second, force=True)))
    assert (kind, message) == ("UNPROCESSABLE", f"refs/heads/{P} is at {first} but expected {second}")
    assert head(github, P) == first


def test_all_refs_move_or_none(github: GithubStandIn, api: Github, repo: Repository) -> None:
    node, first, second = repo.raw_data["node_id"], head(github), github.push("x", b"")
    new = [move(first, ZERO, f"refs/heads/{name}") for name in ("one", "two")]
    swap(api, node, *new)
    with pytest.raises(GithubException):
        swap(api, node, move(second, first, "refs/heads/one"), move(first, ZERO, "refs/heads/two"))
    with pytest.raises(GithubException):  # a folder where a branch is: only git notices
        swap(api, node, move(second, first, "refs/heads/one"), move(first, ZERO, "refs/heads/two/three"))
    assert (head(github, "one"), head(github, "two")) == (first, first)


@pytest.mark.parametrize(
    ("update", "error"),
    [
        (move("1" * 40), ("UNPROCESSABLE", "Object does not exist")),
        (move("TREE"), ("UNPROCESSABLE", "Invalid object type tree, expected commit")),
        (move("FIRST"), ("UNPROCESSABLE", "Update is not a fast forward")),
        (move(ZERO, name="refs/heads/gone"), ("UNPROCESSABLE", "Reference does not exist")),
        (move("FIRST", ZERO, "refs/heads/a..b"), ("UNPROCESSABLE", "Reference update failed")),
    ],
)
def test_updates_that_cannot_be(
    github: GithubStandIn, api: Github, repo: Repository, update: dict[str, Any], error: tuple[str, str]
) -> None:
    names = {"FIRST": head(github), "TREE": github.log()[0].tree}
    github.push("x", b"", branch=P)
    update = update | {"afterOid": names.get(update["afterOid"], update["afterOid"])}
    assert graphql_error(lambda: swap(api, repo.raw_data["node_id"], update)) == error


def test_who_may_update_refs(github: GithubStandIn, api: Github, repo: Repository) -> None:
    node, update = repo.raw_data["node_id"], move(head(github), ZERO)
    wrong = "Could not resolve to a node with the global id of 'R_wrong'"
    with pytest.raises(UnknownObjectException) as missing:
        swap(api, "R_wrong", update)
    assert missing.value.data["errors"][0]["message"] == wrong
    forbidden = ("FORBIDDEN", "Resource not accessible by integration")
    github.may_update_refs = False
    assert graphql_error(lambda: swap(api, node, update)) == forbidden
    github.may_update_refs, github.permissions["contents"] = True, "read"
    assert graphql_error(lambda: swap(api, node, update)) == forbidden
    github.permissions["contents"], github.archived = "write", True
    assert graphql_error(lambda: swap(api, node, update)) == ("FORBIDDEN", "Repository was archived so is read-only.")
    url, query = f"{github.url}/graphql", {"query": "query { viewer { login } }"}
    assert requests.post(url, json=query, timeout=5).status_code == 401
    reply = requests.post(url, json=query, headers={"Authorization": f"Bearer {github.token}"}, timeout=5)
    assert (reply.status_code, list(reply.json())) == (200, ["errors"])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "Expected value to not be null"),
        ({"repositoryId": "R", "refUpdates": [{"name": P, "afterOid": ZERO}]}, "refUpdates.0.name"),
        ({"repositoryId": "R", "refUpdates": [move(ZERO), move("abc")]}, "refUpdates.1.afterOid"),
        ({"repositoryId": "R", "refUpdates": [move(ZERO, "abc")]}, "refUpdates.0.beforeOid"),
    ],
)
def test_variables_are_checked(api: Github, given: dict[str, Any], words: str) -> None:
    with pytest.raises(GithubException) as refused:
        api.requester.graphql_named_mutation("updateRefs", given, "clientMutationId")
    assert words in refused.value.data["errors"][0]["message"]


def test_of_many_swaps_at_once_one_wins(github: GithubStandIn) -> None:
    first = head(github)
    commits = [github.push("x", bytes([number]), branch=f"b{number}") for number in range(4)]
    github.restore_branch(P, first)

    def take(sha: str) -> int:
        with connect(github) as client:
            try:
                swap(client, client.get_repo(github.repository).node_id, move(sha, first, force=True))
            except GithubException:
                return 0
            return 1

    with ThreadPoolExecutor(len(commits)) as pool:
        assert sum(pool.map(take, commits)) == 1
    assert head(github, P) in commits


def test_enterprise_server_has_it_beside_its_rest_api(tmp_path: Path) -> None:
    with GithubStandIn(tmp_path / "papers.git", prefix="/api/v3") as github, connect(github) as client:
        swap(client, client.get_repo(github.repository).node_id, move(head(github), ZERO))
        assert (head(github, P), github.requests[-1].path) == (head(github), "/api/graphql")


# Refused pushes


@pytest.mark.parametrize(
    "text",
    [
        "Changes must be made through a pull request.",
        "Changes must be made through the merge queue",
        "You're not authorized to push to this branch",
        "Cannot change this locked branch",
    ],
)
@pytest.mark.parametrize("kind", ["protected", "ruleset"])
def test_a_direct_push_is_refused(github: GithubStandIn, api: Github, repo: Repository, text: str, kind: str) -> None:
    github.push("x", b"", branch=P)
    setattr(github, kind, {"main"})
    github.protection = text
    said = text if kind == "protected" else f"Repository rule violations found\n\n{text}\n\n"
    with pytest.raises(GithubException) as refused:
        repo.get_git_ref("heads/main").edit(head(github, P))
    assert (refused.value.status, refused.value.data["message"]) == (422, said)
    with pytest.raises(GithubException) as refused:
        repo.create_file("b", "b", "b")
    assert (refused.value.status, refused.value.data["message"]) == (409, said)
    update = move(head(github, P), head(github), "refs/heads/main")
    assert graphql_error(lambda: swap(api, repo.raw_data["node_id"], update)) == ("UNPROCESSABLE", said)
    assert repo.get_branch("main").protected
    repo.create_pull(base="main", head=P, title="x").merge()
    assert github.read("x") == b""


def test_branches_that_may_not_be_made_or_forced(github: GithubStandIn, api: Github, repo: Repository) -> None:
    first, node = head(github), repo.raw_data["node_id"]
    github.push("x", b"", branch=P)
    github.creations_restricted, github.unforceable = True, {P}
    made = "Repository rule violations found\n\nCannot create ref due to creations being restricted.\n\n"
    forced = "Repository rule violations found\n\nCannot force-push to this branch\n\n"
    with pytest.raises(GithubException) as refused:
        repo.create_git_ref("refs/heads/new", first)
    assert (refused.value.status, refused.value.data["message"]) == (422, made)
    with pytest.raises(GithubException) as refused:
        repo.get_git_ref(f"heads/{P}").edit(first, force=True)
    assert (refused.value.status, refused.value.data["message"]) == (422, forced)
    assert graphql_error(lambda: swap(api, node, move(first, ZERO, "refs/heads/new"))) == ("UNPROCESSABLE", made)
    assert graphql_error(lambda: swap(api, node, move(first, force=True))) == ("UNPROCESSABLE", forced)
    rules = ask(github, f"/rules/branches/{P}").json()
    assert [rule["type"] for rule in rules] == ["non_fast_forward", "creation"]
    repo.get_git_ref(f"heads/{P}").edit(github.push("y", b"", branch=P))


# Faults


@pytest.mark.parametrize(
    ("fault", "done"), [(faults.refuse(502), 0), (faults.drop(), 0), (faults.lose(), 1), (faults.lose_as(502), 1)]
)
def test_requests_fail_before_and_after(
    github: GithubStandIn, repo: Repository, fault: faults.Fault, done: int
) -> None:
    github.push("x", b"", branch=P)
    github.fail(fault, faults.posts("/pulls"))
    with pytest.raises((GithubException, requests.RequestException)):
        repo.create_pull(base="main", head=P, title="x")
    assert len(github.pulls) == done
    if not done:
        github.open_pull(P)
    github.fail(fault, faults.verb("PUT", "/merge"))
    with pytest.raises((GithubException, requests.RequestException)):
        repo.get_pull(1).merge()
    assert (github.pulls[0].state == "closed") == bool(done)


@pytest.mark.parametrize("takes_effect", [False, True])
def test_graphql_fails_with_status_200(
    github: GithubStandIn, api: Github, repo: Repository, takes_effect: bool
) -> None:
    node, sha = repo.raw_data["node_id"], head(github)
    github.fail(faults.went_wrong(takes_effect), faults.posts("/graphql"))
    assert graphql_error(lambda: swap(api, node, move(sha, ZERO)))[0] is None
    assert (f"refs/heads/{P}" in github.store.refs()) == takes_effect


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_client_dies_around_the_swap(github: GithubStandIn, repo: Repository, when: str) -> None:
    given = {"repositoryId": repo.raw_data["node_id"], "refUpdates": [move(head(github), ZERO)]}
    query = "mutation M($input: UpdateRefsInput!) { updateRefs(input: $input) { clientMutationId } }"
    body = {"query": query, "variables": {"input": given}}
    script = "import json, sys, requests; requests.post(sys.argv[1], sys.argv[2], headers=json.loads(sys.argv[3]))"
    headers = {"Authorization": f"Bearer {github.token}"}
    arguments = [f"{github.url}/graphql", json.dumps(body), json.dumps(headers)]
    started: list[subprocess.Popen[bytes]] = []
    done = threading.Event()

    def kill(_request: Request) -> None:
        started[0].kill()
        started[0].wait()

    getattr(github, when)(faults.posts("/graphql"), kill)
    github.after(faults.posts("/graphql"), lambda _: done.set())
    started.append(subprocess.Popen([sys.executable, "-c", script, *arguments]))
    assert done.wait(10)
    assert started[0].wait(10) == -9
    assert head(github, P) == head(github)
