"""The stand-in for GitHub behaves as GitHub does, asked through PyGithub.
What it says no to, and how it fails, is what the action's own tests build on."""

from __future__ import annotations

import base64
import contextlib
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
import requests
from github import Auth, Github, GithubException, InputGitTreeElement, UnknownObjectException

from sandbox.github import faults
from sandbox.github.stand_in import GithubStandIn, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from github.Repository import Repository

    Opener = Callable[..., Repository]

FILES = {"README.md": b"# Papers\n", "docs/a.txt": b"a\n", "docs/b/c.txt": b"c\n"}


@pytest.fixture
def github(tmp_path: Path) -> Iterator[GithubStandIn]:
    with GithubStandIn(tmp_path / "papers.git", FILES) as stand_in:
        yield stand_in


@pytest.fixture
def client(github: GithubStandIn) -> Iterator[Opener]:
    opened: list[Github] = []

    def connect(token: str | None = github.token) -> Repository:
        auth = Auth.Token(token) if token else None
        pace = {"seconds_between_requests": 0, "seconds_between_writes": 0}
        opened.append(Github(auth=auth, base_url=github.url, retry=None, **pace))  # type: ignore[arg-type]
        return opened[-1].get_repo(github.repository)

    yield connect
    for one in opened:
        one.close()


def text(path: str, content: str, mode: str = "100644") -> InputGitTreeElement:
    return InputGitTreeElement(path, mode, "blob", content=content)


def prepare(repo: Repository, *changes: InputGitTreeElement, message: str = "Update papers") -> str:
    """A commit on the branch's head that no branch points at yet."""
    head = repo.get_git_commit(repo.get_git_ref("heads/main").object.sha)
    return repo.create_git_commit(message, repo.create_git_tree(list(changes), head.tree), [head]).sha


def said(error: pytest.ExceptionInfo[GithubException]) -> tuple[int, str]:
    return error.value.status, error.value.data["message"]


# A whole commit


def test_tree_commit_ref_is_one_commit(github: GithubStandIn, client: Opener) -> None:
    repo = client()
    sha = prepare(repo, text("README.md", "# Pāpers\nnew\n"), text("docs/b/d.txt", "d"), message="Update: ü\n\nmore")
    repo.get_git_ref("heads/main").edit(sha)
    newest, first = github.log()
    assert (newest.sha, newest.message, newest.parents) == (sha, "Update: ü\n\nmore", (first.sha,))
    assert github.commit_stat(sha) == {"README.md": (2, 1), "docs/b/d.txt": (1, 0)}
    assert github.read("README.md") == "# Pāpers\nnew\n".encode()
    assert github.read("docs/a.txt") == b"a\n"
    assert [request.verb for request in github.requests] == ["GET"] * 3 + ["POST", "POST", "GET", "PATCH"]


def test_only_a_bot_without_author_signs(github: GithubStandIn, client: Opener) -> None:
    repo = client()
    ours = repo.get_git_commit(prepare(repo, text("a", "a")))
    assert (ours.author.name, ours.committer.name) == ("github-actions[bot]", "GitHub")
    assert ours.verification is not None
    assert ours.verification.verified
    github.actor = "octocat"
    theirs = repo.get_git_commit(prepare(repo, text("a", "b")))
    assert theirs.verification is not None
    assert not theirs.verification.verified


def test_delete_and_mode(github: GithubStandIn, client: Opener) -> None:
    github.push("run.sh", b"#!\n", mode="100755")
    repo = client()
    gone = InputGitTreeElement("docs/a.txt", "100644", "blob", sha=None)
    folder = InputGitTreeElement("docs/b", "040000", "tree", sha=None)
    repo.get_git_ref("heads/main").edit(prepare(repo, text("run.sh", "#!x\n", "100755"), gone, folder))
    assert github.read("docs/a.txt") is None
    assert github.read("docs/b/c.txt") is None
    assert (github.mode_of("run.sh"), github.read("run.sh")) == ("100755", b"#!x\n")


def test_odd_names_and_bytes(github: GithubStandIn, client: Opener) -> None:
    repo, content = client(), bytes(range(256))
    blob = repo.create_git_blob(base64.b64encode(content).decode(), "base64")
    path = "dir with space/ü[*]?.md"
    repo.get_git_ref("heads/main").edit(prepare(repo, InputGitTreeElement(path, "100644", "blob", sha=blob.sha)))
    assert github.read(path) == content
    file = repo.get_contents(path)
    assert not isinstance(file, list)
    assert (file.path, file.decoded_content) == (path, content)
    for shown in (file.content, repo.get_git_blob(blob.sha).content):
        assert [len(line) for line in shown.splitlines()] == [60, 60, 60, 60, 60, 44]


def test_what_a_tree_or_commit_may_not_hold(client: Opener) -> None:
    repo, nothing = client(), "0" * 39 + "1"
    head = repo.get_git_ref("heads/main").object.sha
    commit = repo.get_git_commit(head)
    tries: list[tuple[Callable[[], object], str]] = [
        (
            lambda: repo.create_git_tree([InputGitTreeElement("a", "100644", "blob", sha=nothing)]),
            "is not a valid blob",
        ),
        (lambda: repo.create_git_tree([text("/a", "")]), "cannot start with a slash"),
        (lambda: repo.create_git_tree([text("a/../b", "")]), "malformed path"),
        (
            lambda: repo.create_git_tree([InputGitTreeElement("no", "100644", "blob", sha=None)], commit.tree),
            "BadObject",
        ),
        (lambda: repo.create_git_ref("refs/heads/main", head), "Reference already exists"),
        (lambda: repo.create_git_ref("refs/heads/x", nothing), "Object does not exist"),
        (lambda: repo.get_git_ref("heads/gone").edit(head), "Not Found"),
    ]
    for attempt, words in tries:
        with pytest.raises(GithubException, match=words):
            attempt()


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("/git/trees", {"base_tree": "0" * 40, "tree": [{"path": "a", "mode": "100644", "content": ""}]}, "base_tree"),
        ("/git/trees", {"tree": [{"path": "a", "mode": "1", "content": ""}]}, "tree.mode"),
        ("/git/commits", {"message": "m", "tree": "0" * 40, "parents": []}, "Tree SHA does not exist"),
        ("/git/commits", {"tree": "0" * 40}, '"message" wasn\'t supplied'),
        ("/git/blobs", {"content": "!", "encoding": "base64"}, "not valid Base64"),
    ],
)
def test_raw_refusals(github: GithubStandIn, path: str, body: object, words: str) -> None:
    headers = {"Authorization": f"Bearer {github.token}"}
    reply = requests.post(f"{github.url}/repos/{github.repository}{path}", json=body, headers=headers, timeout=5)
    assert reply.status_code == 422
    assert words in reply.json()["message"]
    assert reply.json()["status"] == "422"


def test_unknown_parent(github: GithubStandIn) -> None:
    tree = github.log()[0].tree
    headers = {"Authorization": f"token {github.token}"}
    body = {"message": "m", "tree": tree, "parents": ["0" * 40]}
    url = f"{github.url}/repos/{github.repository}/git/commits"
    reply = requests.post(url, json=body, headers=headers, timeout=5)
    assert reply.status_code == 422
    assert reply.json()["message"] == "Parent SHA does not exist or is not a commit object"


# Races


def test_the_slower_of_two_writers_loses(github: GithubStandIn, client: Opener) -> None:
    repo = client()
    one, two = prepare(repo, text("README.md", "one")), prepare(repo, text("README.md", "two"))
    repo.get_git_ref("heads/main").edit(one)
    with pytest.raises(GithubException) as error:
        repo.get_git_ref("heads/main").edit(two)
    assert said(error) == (422, "Update is not a fast forward")
    assert github.read("README.md") == b"one"
    repo.get_git_ref("heads/main").edit(two, force=True)
    assert github.read("README.md") == b"two"


def test_of_many_writers_at_once_one_wins(github: GithubStandIn, client: Opener) -> None:
    commits = [prepare(client(), text("README.md", str(number))) for number in range(6)]
    start = threading.Barrier(len(commits))

    def push(repo: Repository, sha: str) -> int:
        ref = repo.get_git_ref("heads/main")
        start.wait()
        try:
            ref.edit(sha)
        except GithubException as error:
            return error.status
        return 200

    with ThreadPoolExecutor(len(commits)) as pool:
        results = list(pool.map(push, [client() for _ in commits], commits))
    assert sorted(results) == [200, *[422] * (len(commits) - 1)]
    assert len(github.log()) == 2


def test_somebody_else_commits_in_between(github: GithubStandIn, client: Opener) -> None:
    github.before(faults.verb("PATCH"), lambda _: github.push("docs/a.txt", b"theirs"))
    repo = client()
    with pytest.raises(GithubException, match="not a fast forward"):
        repo.get_git_ref("heads/main").edit(prepare(repo, text("README.md", "ours")))
    repo.get_git_ref("heads/main").edit(prepare(repo, text("README.md", "ours")))
    assert (github.read("README.md"), github.read("docs/a.txt")) == (b"ours", b"theirs")


def test_stale_reads(github: GithubStandIn, client: Opener) -> None:
    old, repo = github.log()[0].sha, client()
    new = github.push("x", b"x")
    github.stale_reads = 1
    assert repo.get_git_ref("heads/main").object.sha == old
    assert repo.get_branch("main").commit.sha == new


# Reading


def test_big_files(github: GithubStandIn, client: Opener) -> None:
    content = b"0123456789abcdef" * 100_000
    github.push("big.md", content)
    repo = client()
    file = repo.get_contents("big.md")
    assert not isinstance(file, list)
    assert (file.encoding, file.size) == ("none", len(content))
    assert base64.b64decode(repo.get_git_blob(file.sha).content) == content
    url, accept = f"{github.url}/repos/{github.repository}/contents/big.md", "application/vnd.github.raw+json"
    assert requests.get(url, headers={"Accept": accept}, timeout=5).content == content
    repo.get_git_ref("heads/main").edit(prepare(repo, text("big.md", content.decode() + "!")))
    assert github.read("big.md") == content + b"!"


def test_folders_and_links(github: GithubStandIn, client: Opener) -> None:
    github.push("docs/link.txt", b"../README.md", mode="120000")
    repo = client()
    listed = repo.get_contents("docs")
    assert isinstance(listed, list)
    assert [(row.path, row.type) for row in listed] == [
        ("docs/a.txt", "file"),
        ("docs/b", "dir"),
        ("docs/link.txt", "symlink"),
    ]
    followed = repo.get_contents("docs/link.txt")
    assert not isinstance(followed, list)
    assert followed.decoded_content == b"# Papers\n"
    tree = {row.path: (row.mode, row.type) for row in repo.get_git_tree("main", recursive=True).tree}
    assert tree["docs/link.txt"] == ("120000", "blob")
    assert tree["docs/b"] == ("040000", "tree")


def test_repository_branch_commit(github: GithubStandIn, client: Opener) -> None:
    github.push("x", b"1\n2\n", branch="side/branch")
    repo = client()
    assert (repo.full_name, repo.default_branch, repo.has_issues) == (github.repository, "main", True)
    branch = repo.get_branch("side/branch")
    assert branch.commit.commit.tree.sha == github.log("side/branch")[0].tree
    commit = repo.get_commit(branch.commit.sha)
    assert (commit.stats.additions, [file.filename for file in commit.files]) == (2, ["x"])
    assert [ref.ref for ref in repo.get_git_matching_refs("")] == ["refs/heads/main", "refs/heads/side/branch"]
    assert [commit.sha for commit in repo.get_commits("side/branch")] == [c.sha for c in github.log("side/branch")]


def test_contents_are_written_one_commit_a_file(github: GithubStandIn, client: Opener) -> None:
    repo = client()
    made = repo.create_file("new/file.md", "Add", "hello")
    assert github.read("new/file.md") == b"hello"
    repo.update_file("new/file.md", "Change", "bye", made["content"].sha)
    with pytest.raises(GithubException, match="does not match") as error:
        repo.update_file("new/file.md", "Change", "late", made["content"].sha)
    assert error.value.status == 409
    with pytest.raises(GithubException, match='"sha" wasn\'t supplied'):
        repo.create_file("README.md", "Add", "x")
    assert [commit.message for commit in github.log()] == ["Change", "Add", "First commit"]


def test_what_is_missing(client: Opener) -> None:
    repo = client()
    missing: list[tuple[Callable[[], object], str]] = [
        (lambda: repo.get_branch("no"), "Branch not found"),
        (lambda: repo.get_contents("no"), "Not Found"),
        (lambda: repo.get_contents("README.md/no"), "Not Found"),
        (lambda: repo.get_contents("README.md", ref="no"), "No commit found for the ref no"),
        (lambda: repo.get_git_tree("no"), "Not Found"),
        (lambda: repo.get_issue(1).title, "Not Found"),
    ]
    for read, words in missing:
        with pytest.raises(GithubException, match=words) as error:
            read()
        assert error.value.status == 404


def test_paths_stay_inside_the_repository(github: GithubStandIn) -> None:
    assert github.read("../README.md") is None
    url = f"{github.url}/repos/{github.repository}/contents/%2e%2e%2fREADME.md"
    assert requests.get(url, timeout=5).status_code == 404


def test_empty_repository(tmp_path: Path) -> None:
    with GithubStandIn(tmp_path / "empty.git", empty=True, prefix="/api/v3") as github:
        pace = {"seconds_between_requests": 0, "seconds_between_writes": 0}
        with Github(auth=Auth.Token(github.token), base_url=github.url, retry=None, **pace) as api:  # type: ignore[arg-type]
            repo = api.get_repo(github.repository)
            with pytest.raises(GithubException) as error:
                repo.create_git_blob("x", "utf-8")
            assert said(error) == (409, "Git Repository is empty.")
            with pytest.raises(UnknownObjectException, match="Branch not found"):
                repo.get_branch("main")
            repo.create_file("README.md", "First", "hello")
        assert github.read("README.md") == b"hello"


# Who may do what


def test_tokens(github: GithubStandIn, client: Opener) -> None:
    assert client(None).get_branch("main").name == "main"
    for token, status, words in [(None, 401, "Requires authentication"), ("wrong", 401, "Bad credentials")]:
        with pytest.raises(GithubException) as error:
            client(token).create_issue("x")
        assert said(error) == (status, words)
    github.private = True
    with pytest.raises(UnknownObjectException):
        client(None).get_branch("main")


def test_permissions(github: GithubStandIn, client: Opener) -> None:
    repo, words = client(), "Resource not accessible by integration"
    github.permissions = {"contents": "read"}
    for write in (lambda: repo.create_issue("x"), lambda: prepare(repo, text("a", "a"))):
        with pytest.raises(GithubException) as error:
            write()
        assert said(error) == (403, words)
    github.permissions, github.private = {"issues": "write"}, True
    repo.create_issue("x")
    with pytest.raises(GithubException, match=words):
        repo.get_branch("main")


def test_protected_archived_disabled(github: GithubStandIn, client: Opener) -> None:
    repo = client()
    sha = prepare(repo, text("a", "a"))
    github.protected = {"main"}
    with pytest.raises(GithubException, match="pull request") as error:
        repo.get_git_ref("heads/main").edit(sha)
    assert (error.value.status, repo.get_branch("main").protected) == (422, True)
    github.protected, github.ruleset = set(), {"main"}
    with pytest.raises(GithubException, match="Repository rule violations found"):
        repo.get_git_ref("heads/main").edit(sha)
    with pytest.raises(GithubException) as error:
        repo.create_file("b", "b", "b")
    assert error.value.status == 409
    github.archived, github.issues_enabled = True, False
    with pytest.raises(GithubException, match="archived so is read-only"):
        repo.create_git_blob("x", "utf-8")
    github.archived = False
    with pytest.raises(GithubException) as error:
        repo.create_issue("x")
    assert said(error) == (410, "Issues has been disabled in this repository.")
    assert len(github.log()) == 1


def test_a_ruleset_shows_in_its_own_endpoint_only(github: GithubStandIn) -> None:
    github.ruleset = {"main"}
    start, headers = f"{github.url}/repos/{github.repository}", {"Authorization": f"Bearer {github.token}"}
    assert [rule["type"] for rule in requests.get(f"{start}/rules/branches/main", timeout=5).json()] == ["pull_request"]
    assert requests.get(f"{start}/branches/main/protection", headers=headers, timeout=5).status_code == 403
    github.permissions["administration"] = "read"
    reply = requests.get(f"{start}/branches/main/protection", headers=headers, timeout=5)
    assert (reply.status_code, reply.json()["message"]) == (404, "Branch not protected")


def test_primary_rate_limit(github: GithubStandIn, client: Opener) -> None:
    github.rate_limit, repo = 2, client()
    repo.get_branch("main")
    with pytest.raises(GithubException, match="API rate limit exceeded") as error:
        repo.get_branch("main")
    assert (error.value.headers or {})["x-ratelimit-remaining"] == "0"


# Issues


def test_an_issue(github: GithubStandIn, client: Opener) -> None:
    repo = client()
    issue = repo.create_issue("Title", "<!-- key -->\nbody", labels=["daily", "Daily"])
    assert (issue.number, issue.html_url) == (1, f"https://github.com/{github.repository}/issues/1")
    assert (github.issues[0]["labels"], github.issues[0].user) == (["daily"], "github-actions[bot]")
    issue.edit(state="closed", body="other", labels=["x"])
    assert (github.issues[0].state, github.issues[0].body, github.labels) == ("closed", "other", ["daily", "x"])
    assert repo.get_issue(1).state == "closed"


def test_issue_limits(github: GithubStandIn, client: Opener) -> None:
    repo = client()
    repo.create_issue("t" * 256, "😀" * 65536)
    for title, body, field in [("t", "x" * 65537, "body"), ("t" * 257, "", "title"), (" ", "", "title")]:
        with pytest.raises(GithubException, match="Validation Failed") as error:
            repo.create_issue(title, body)
        assert (error.value.status, error.value.data["errors"][0]["field"]) == (422, field)
    assert len(github.issues) == 1


def test_issue_lists(github: GithubStandIn, client: Opener) -> None:
    for number in range(1, 66):
        github.open_issue(f"issue {number}", labels=("odd",) if number % 2 else ("even", "daily papers"))
    github.issues[0].state = "closed"
    repo = client()
    assert [issue.number for issue in repo.get_issues()] == list(range(65, 1, -1))
    assert len(list(repo.get_issues(state="all"))) == 65
    assert [issue.number for issue in repo.get_issues(state="closed", labels=["ODD"])] == [1]
    assert repo.get_issues(labels=["even", "daily papers"], direction="asc").get_page(0)[0].number == 2
    url = f"{github.url}/repos/{github.repository}/issues"
    assert requests.get(url, params={"creator": "somebody"}, timeout=5).json() == []
    github.issues[4].updated_at = github.issues[4].updated_at.replace(year=3000)
    since = github.issues[4].updated_at.replace(year=2999)
    assert [issue.number for issue in repo.get_issues(since=since)] == [5]


def test_link_header(github: GithubStandIn) -> None:
    for number in range(5):
        github.open_issue(str(number))
    url = f"{github.url}/repos/{github.repository}/issues"
    reply = requests.get(url, params={"per_page": "2", "labels": "", "page": "2"}, timeout=5)
    assert {name: "page=" in link["url"] for name, link in reply.links.items()} == dict.fromkeys(
        ["prev", "first", "next", "last"], True
    )
    assert reply.links["last"]["url"].endswith("page=3")
    assert {"x-github-request-id", "x-ratelimit-limit", "x-ratelimit-reset"} <= {name.lower() for name in reply.headers}


def test_a_page_may_hold_fewer_than_asked_for(github: GithubStandIn, client: Opener) -> None:
    for number in range(5):
        github.open_issue(str(number))
    github.largest_page = 2
    url = f"{github.url}/repos/{github.repository}/issues"
    reply = requests.get(url, params={"per_page": "100"}, timeout=5)
    assert (len(reply.json()), "next" in reply.links) == (2, True)
    assert [issue.title for issue in client().get_issues()] == ["4", "3", "2", "1", "0"]


def test_the_newest_issue_may_show_late(github: GithubStandIn, client: Opener) -> None:
    repo = client()
    for title in ("old", "new"):
        repo.create_issue(title)
    github.late_lists = 2
    for shown in (["old"], ["old"], ["new", "old"]):
        assert [issue.title for issue in repo.get_issues()] == shown


def test_labels_that_are_not_there_may_be_refused(github: GithubStandIn, client: Opener) -> None:
    github.open_issue("First", labels=("daily",))
    github.may_make_labels = False
    repo = client()
    with pytest.raises(GithubException) as error:
        repo.create_issue("x", labels=["daily", "new"])
    assert said(error) == (403, "You do not have permission to create labels on this repository.")
    assert error.value.data["errors"] == [{"resource": "Repository", "field": "label", "code": "unauthorized"}]
    assert [label.name for label in repo.create_issue("x", labels=["Daily"]).labels] == ["daily"]


def test_whose_token_it_is(github: GithubStandIn) -> None:
    headers = {"Authorization": f"Bearer {github.token}"}
    url = f"{github.url}/user"
    assert requests.get(url, timeout=5).status_code == 401
    reply = requests.get(url, headers=headers, timeout=5)
    assert (reply.status_code, reply.json()["message"]) == (403, "Resource not accessible by integration")
    github.actor = "mona"
    assert requests.get(url, headers=headers, timeout=5).json()["login"] == "mona"


# Faults


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (faults.refuse(500), 500),
        (faults.refuse(502, body=b"<html>Bad Gateway</html>"), 502),
        (faults.refuse(503, Retry_After="1"), 503),
        (faults.secondary(), 403),
        (faults.secondary(None, 429), 429),
        (faults.primary(), 403),
    ],
)
def test_refused_before_it_takes_effect(
    github: GithubStandIn, client: Opener, fault: faults.Fault, status: int
) -> None:
    github.fail(fault, faults.posts("/issues"))
    repo = client()
    with pytest.raises(GithubException) as error:
        repo.create_issue("x")
    assert error.value.status == status
    assert github.issues == []
    assert repo.create_issue("x").number == 1


@pytest.mark.parametrize(
    ("fault", "done"),
    [
        (faults.lose(), 1),
        (faults.lose_as(502), 1),
        (faults.cut(), 1),
        (faults.drop(), 0),
        (faults.reset(), 0),
        (faults.hang(seconds=0.05), 0),
    ],
)
def test_lost_answers(github: GithubStandIn, client: Opener, fault: faults.Fault, done: int) -> None:
    github.fail(fault, faults.posts("/issues"))
    repo = client()
    with pytest.raises((GithubException, requests.RequestException)):
        repo.create_issue("x")
    assert len(github.issues) == done
    assert repo.create_issue("x").number == done + 1


@pytest.mark.parametrize(
    ("fault", "done"), [(faults.hang(takes_effect=True), 1), (faults.late(5), 1), (faults.hang(), 0)]
)
def test_answers_that_the_client_does_not_wait_for(github: GithubStandIn, fault: faults.Fault, done: int) -> None:
    github.fail(fault, faults.writes)
    headers = {"Authorization": f"Bearer {github.token}"}
    url = f"{github.url}/repos/{github.repository}/issues"
    with pytest.raises(requests.Timeout):
        requests.post(url, json={"title": "x"}, headers=headers, timeout=0.1)
    assert len(github.issues) == done


@pytest.mark.parametrize("whole", [False, True])
def test_answers_that_come_byte_by_byte(github: GithubStandIn, whole: bool) -> None:
    github.fail(faults.trickle(0.001, takes_effect=True, whole=whole))
    reply = requests.get(f"{github.url}/repos/{github.repository}/git/ref/heads/none", timeout=5)
    assert (reply.status_code, reply.json()["message"]) == (404, "Not Found")


def test_which_request_fails(github: GithubStandIn, client: Opener) -> None:
    github.fail(faults.refuse(500), faults.at(2))
    github.fail(faults.refuse(502), faults.verb("GET"), skip=3)
    repo, statuses = client(), []
    for _ in range(5):
        try:
            statuses.append(200 if repo.get_branch("main") else 0)
        except GithubException as error:
            statuses.append(error.status)
    assert statuses == [200, 500, 200, 502, 200]
    github.fail(faults.refuse(503), times=None)
    for _ in range(3):
        with pytest.raises(GithubException):
            repo.get_branch("main")
    github.heal()
    assert repo.get_branch("main").name == "main"


def test_hooks_run_around_the_effect(github: GithubStandIn, client: Opener) -> None:
    seen: list[int] = []
    github.before(faults.posts("/issues"), lambda _: seen.append(len(github.issues)))
    github.after(faults.posts("/issues"), lambda request: seen.append(len(github.issues) + request.index))
    repo = client()
    repo.create_issue("x")
    repo.create_issue("y")
    assert seen == [0, 1 + 1]


def test_a_client_killed_before_its_answer(github: GithubStandIn, client: Opener) -> None:
    script = (
        "import sys, requests; requests.post(sys.argv[1], json={'title': 'x'}, headers={'Authorization': sys.argv[2]})"
    )
    url = f"{github.url}/repos/{github.repository}/issues"
    started: list[subprocess.Popen[bytes]] = []

    def kill(_request: Request) -> None:
        started[0].kill()
        started[0].wait()

    github.after(faults.posts("/issues"), kill)
    started.append(subprocess.Popen([sys.executable, "-c", script, url, f"Bearer {github.token}"]))
    assert started[0].wait(10) == -9
    assert [issue.number for issue in client().get_issues()] == [1]


def test_a_broken_hook_is_raised_on_leaving(tmp_path: Path) -> None:
    github = GithubStandIn(tmp_path / "r.git")
    github.before(faults.any_request, lambda _: 1 // 0)
    with contextlib.ExitStack() as stack:
        stack.enter_context(pytest.raises(ZeroDivisionError))
        stack.enter_context(github)
        url = f"{github.url}/repos/{github.repository}"
        assert requests.get(url, timeout=5).status_code == 500


def test_leaving_does_not_hang(tmp_path: Path) -> None:
    with GithubStandIn(tmp_path / "r.git") as github, requests.Session() as session:
        url = f"{github.url}/repos/{github.repository}"
        session.get(url, timeout=5)  # a connection that stays open
        github.fail(faults.hang())
        with pytest.raises(requests.Timeout):
            requests.get(url, timeout=0.1)
        start = time.monotonic()
        github.close()
        assert time.monotonic() - start < 1


def test_a_broken_body(github: GithubStandIn) -> None:
    headers = {"Authorization": f"Bearer {github.token}"}
    url = f"{github.url}/repos/{github.repository}/issues"
    assert requests.post(url, data=b"{", headers=headers, timeout=5).json()["message"] == "Problems parsing JSON"
    assert (
        requests.post(url, data=b"[]", headers=headers, timeout=5).json()["message"] == "Body should be a JSON object"
    )
