"""A branch at one commit: what was asked for, what more is read of that commit, and what a commit of ours goes onto."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from digest.config import Runner
from digest.errors import AnotherApp, GithubFailed, HeadMoved
from digest.git import name_of_content
from digest.repository.branch import Branch
from digest.repository.door import Door
from digest.repository.error_messages import Target
from digest.repository.retry import RetryingClient
from sandbox.github.faults import refuse
from sandbox.github.stand_in import GithubStandIn
from tests.in_process import Hurried

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

APPS = ("github-actions[bot]",)
STANDING = {"README.md": b"# Papers\n", "a/2026/1.md": b"one\n", "a/2026/2.md": b"two\n", "b/x/y.md": b"three\n"}


@pytest.fixture
def github(tmp_path: Path) -> Iterator[GithubStandIn]:
    with GithubStandIn(tmp_path / "papers.git", STANDING) as stand_in:
        yield stand_in


@pytest.fixture
def branch(github: GithubStandIn) -> Iterator[Branch]:
    with closing(Door(Runner(github.repository, api_url=github.url), github.token, 10)) as door:
        yield Branch(RetryingClient(door, Hurried()), Target(github.repository, "main"))


def asked(github: GithubStandIn) -> list[str]:
    done = [request.path.rpartition("/papers/")[2] for request in github.requests]
    github.requests.clear()
    return done


def in_two_answers(github: GithubStandIn, *, whole: str = "") -> None:
    """A repository of more files than GitHub lists at once; the tree `whole` alone has fewer."""
    cut = json.dumps({"sha": "0" * 40, "tree": [], "truncated": True}).encode()
    github.fail(
        refuse(200, body=cut),
        lambda request: "recursive" in request.query and (not whole or not request.path.endswith(whole)),
        times=None,
    )


def test_what_is_under_a_folder_is_known_with_one_request_and_read_when_it_is_wanted(
    github: GithubStandIn, branch: Branch
) -> None:
    snapshot = branch.read(["README.md"], under=("a",))
    assert [path.partition("/")[0] for path in asked(github)] == ["branches", "contents", "git"]
    assert snapshot.entries is not None
    assert {"a/2026/1.md", "a/2026/2.md"} <= snapshot.entries.keys()

    more = branch.more(snapshot, ["a/2026/1.md", "a/2026/3.md", "README.md"])
    assert more.files == {"README.md": b"# Papers\n", "a/2026/1.md": b"one\n", "a/2026/3.md": None}
    assert asked(github) == ["contents/a/2026/1.md"]


def test_more_is_of_the_same_commit_whatever_others_do(github: GithubStandIn, branch: Branch) -> None:
    snapshot = branch.read(["README.md"], under=("a",))
    github.push("a/2026/1.md", b"theirs\n")

    more = branch.more(snapshot, ["a/2026/1.md"])
    assert more.files["a/2026/1.md"] == b"one\n"
    with pytest.raises(HeadMoved):
        branch.commit(more, {"a/2026/1.md": b"ours\n"}, "Ours", APPS)
    assert github.read("a/2026/1.md") == b"theirs\n"


def test_more_is_read_too_where_nobody_had_asked_what_there_is(branch: Branch) -> None:
    snapshot = branch.read(["README.md"])
    assert snapshot.entries is None
    assert branch.more(snapshot, ["a/2026/1.md", "none.md"]).files == {
        "README.md": b"# Papers\n",
        "a/2026/1.md": b"one\n",
        "none.md": None,
    }


@pytest.mark.parametrize(
    ("path", "why"), [("a/2026", "is a folder"), ("README.md/x", "would lie in a file"), ("link", "is a symbolic link")]
)
def test_what_is_no_file_is_told(github: GithubStandIn, branch: Branch, path: str, why: str) -> None:
    github.push("link", b"README.md", mode="120000")
    snapshot = branch.read(["README.md"], under=("",))
    with pytest.raises(GithubFailed, match=why):
        branch.more(snapshot, [path])


def test_a_commit_of_files_that_were_read_or_known_not_to_be_there_lists_nothing_again(
    github: GithubStandIn, branch: Branch
) -> None:
    snapshot = branch.more(branch.read(["README.md"], under=("a",)), ["a/2026/1.md", "a/2026/3.md"])
    asked(github)
    branch.commit(snapshot, {"a/2026/1.md": b"1\n", "a/2026/3.md": b"3\n"}, "Ours", APPS)
    assert asked(github) == ["git/trees", "git/commits", "git/refs/heads/main"]
    assert (github.read("a/2026/1.md"), github.read("a/2026/3.md")) == (b"1\n", b"3\n")


def test_a_file_that_was_never_read_is_not_written_over(github: GithubStandIn, branch: Branch) -> None:
    snapshot = branch.read(["README.md"])
    with pytest.raises(HeadMoved, match=r"GitHub showed b/x/y\.md otherwise"):
        branch.commit(snapshot, {"b/x/y.md": b"ours\n"}, "Ours", APPS)
    assert github.read("b/x/y.md") == b"three\n"


def test_where_github_cannot_list_all_at_once_a_folder_is_listed_alone(github: GithubStandIn, branch: Branch) -> None:
    archive = next(entry.sha for entry in github.store.entries(github.log()[0].tree) if entry.path == "a")
    in_two_answers(github, whole=archive)
    snapshot = branch.read(["README.md", "b/x/y.md"], under=("a", "none/at/all"))
    assert snapshot.entries is not None
    assert {"a/2026/1.md", "a/2026/2.md", "b/x/y.md"} <= snapshot.entries.keys()


@pytest.mark.parametrize(("under", "named"), [("a", "a"), ("", "The branch")])
def test_a_folder_of_more_files_than_github_lists_is_told(
    github: GithubStandIn, branch: Branch, under: str, named: str
) -> None:
    in_two_answers(github)
    with pytest.raises(GithubFailed, match=f"^files: {named} holds more files than GitHub lists at once"):
        branch.read(["README.md"], under=(under,))


def test_nothing_is_moved_where_the_token_is_of_another_app(github: GithubStandIn, branch: Branch) -> None:
    snapshot = branch.read(["README.md"])
    github.actor = "papers[bot]"

    with pytest.raises(AnotherApp) as raised:
        branch.commit(snapshot, {"README.md": b"ours\n"}, "Ours", APPS)
    assert raised.value.login == "papers[bot]"
    assert len(github.log()) == 1
    assert branch.commit(snapshot, {"README.md": b"ours\n"}, "Ours", [*APPS, "papers[bot]"])


def test_a_person_is_no_app(github: GithubStandIn, branch: Branch) -> None:
    github.actor = "mona"

    assert branch.commit(branch.read(["README.md"]), {"README.md": b"ours\n"}, "Ours", APPS)


def test_what_is_carried_along_replaces_no_folder(github: GithubStandIn, branch: Branch) -> None:
    blob = name_of_content(b"one\n")
    snapshot = branch.read(["README.md"])

    with pytest.raises(GithubFailed, match="a is a folder"):
        branch.commit_on(snapshot, {"README.md": b"ours\n"}, "Ours", APPS, {"a": blob})
    made = branch.commit_on(snapshot, {"README.md": b"ours\n"}, "Ours", APPS, {"c": blob, "a/2026/2.md": ""})
    there = {entry.path for entry in github.store.entries(made, recursive=True)}
    assert {"c", "a/2026/1.md"} <= there
    assert "a/2026/2.md" not in there


def test_what_is_carried_as_deleted_may_be_gone_already(github: GithubStandIn, branch: Branch) -> None:
    """GitHub refuses to delete what is not there."""
    snapshot = branch.read(["README.md"])

    carried = {"gone.md": "", "b/gone/too.md": ""}
    made = branch.commit_on(snapshot, {"README.md": b"ours\n"}, "Ours", APPS, carried)
    assert "a/2026/1.md" in {entry.path for entry in github.store.entries(made, recursive=True)}


def test_a_commit_of_what_is_there_already_is_none(github: GithubStandIn, branch: Branch) -> None:
    snapshot = branch.read(["README.md"])

    assert branch.commit(snapshot, {"README.md": STANDING["README.md"]}, "Nothing", APPS) == ""
    assert len(github.log()) == 1
