"""A release's tags, made through GitHub's API with the job's token."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from release import publish
from sandbox.github.faults import at, lose, refuse
from sandbox.github.stand_in import GithubStandIn
from tests.test_release import IMAGE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ACTION = "name: Daily Papers\nruns:\n  using: docker\n  image: Dockerfile\n"
TAGGED = f"name: Daily Papers\nruns:\n  using: docker\n  image: docker://{IMAGE}\n"


@pytest.fixture
def github(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GithubStandIn]:
    with GithubStandIn(tmp_path / "r.git", {"action.yml": ACTION.encode(), "Dockerfile": b"FROM x\n"}) as stand_in:
        stand_in.permissions = {"contents": "write", "metadata": "read"}
        monkeypatch.setenv("GITHUB_API_URL", stand_in.url)
        monkeypatch.setenv("GITHUB_REPOSITORY", stand_in.repository)
        monkeypatch.setenv("GITHUB_TOKEN", stand_in.token)
        yield stand_in


def _main(github: GithubStandIn) -> str:
    return github.log()[0].sha


def _tag(github: GithubStandIn, image: str = IMAGE, version: str = "1.2.3") -> int:
    """As if a maintainer had pushed the tag, and what was tested had passed."""
    if f"refs/tags/v{version}" not in github.store.refs():
        github.store.move(f"refs/tags/v{version}", _main(github), None)
    return publish.main("tag", version, image, _main(github))


def test_the_tag_is_one_commit_on_top_of_main_with_the_image_by_digest(github: GithubStandIn) -> None:
    before = github.store.refs()
    assert _tag(github) == 0
    made = github.store.commit(github.store.refs()["refs/tags/v1.2.3"])
    assert made.parents == (_main(github),)
    assert made.verified
    assert IMAGE in made.message
    assert github.store.changes(made.sha) == {"action.yml": (1, 1)}
    entry = github.store.entry(made.sha, "action.yml")
    assert entry
    assert github.store.blob(entry.sha).decode() == TAGGED
    assert {name: sha for name, sha in github.store.refs().items() if name != "refs/tags/v1.2.3"} == before


def test_a_repeated_release_finds_its_tag(github: GithubStandIn) -> None:
    _tag(github)
    there = github.store.refs()
    assert _tag(github) == 0
    assert github.store.refs() == there


def test_a_tag_moves_once_and_only_on_top_of_what_was_tested(
    github: GithubStandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    _tag(github)
    there = github.store.refs()
    assert _tag(github, IMAGE.replace("0", "1")) == 1
    assert github.store.refs() == there
    assert "v1.2.3 is at another commit than the one that was tested" in capsys.readouterr().out


def test_a_tag_that_was_taken_back_stays_away(github: GithubStandIn, capsys: pytest.CaptureFixture[str]) -> None:
    assert publish.main("tag", "1.2.3", IMAGE, _main(github)) == 1
    assert "v1.2.3 is not there any more: push it again" in capsys.readouterr().out
    assert "refs/tags/v1.2.3" not in github.store.refs()


def test_a_step_whose_answer_is_lost_may_be_started_again(
    github: GithubStandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    _tag(github, version="1.0.0")
    writes = [number for number, request in enumerate(github.requests) if request.verb != "GET"]
    assert len(writes) == 3, "tree, commit, tag"
    asked = len(github.requests)
    github.fail(lose(), at(asked + writes[-1]))
    assert _tag(github) == 1
    assert "::error::GitHub did not answer: " in capsys.readouterr().out
    assert _tag(github) == 0
    assert publish.main("follow", "1.2.3") == 0


def test_v1_follows_and_is_made_where_there_is_none(github: GithubStandIn) -> None:
    _tag(github)
    assert publish.main("follow", "1.2.3") == 0
    first = github.store.refs()
    assert first["refs/tags/v1"] == first["refs/tags/v1.2.3"]
    _tag(github, IMAGE.replace("0", "1"), "1.3.0")
    assert publish.main("follow", "1.3.0") == 0
    second = github.store.refs()
    assert second["refs/tags/v1"] == second["refs/tags/v1.3.0"] != first["refs/tags/v1"]
    assert second["refs/tags/v1.2.3"] == first["refs/tags/v1.2.3"]


def test_v1_does_not_go_back_to_an_older_release(github: GithubStandIn, capsys: pytest.CaptureFixture[str]) -> None:
    for version in ("1.2.3", "1.10.0", "2.0.0"):
        _tag(github, version=version)
    assert publish.main("follow", "1.10.0") == 0
    there = github.store.refs()
    assert publish.main("follow", "1.2.3") == 1
    assert "v1.10.0 is newer than v1.2.3: v1 stays there" in capsys.readouterr().out
    assert github.store.refs() == there


def test_v1_does_not_follow_what_is_not_there(github: GithubStandIn, capsys: pytest.CaptureFixture[str]) -> None:
    assert publish.main("follow", "1.2.3") == 1
    assert "v1.2.3 is not there yet" in capsys.readouterr().out
    assert "refs/tags/v1" not in github.store.refs()


def test_what_github_refuses_is_told(github: GithubStandIn, capsys: pytest.CaptureFixture[str]) -> None:
    github.permissions = {"contents": "read", "metadata": "read"}
    assert _tag(github) == 1
    assert "::error::GitHub refused: 403" in capsys.readouterr().out
    github.fail(refuse(502))
    assert _tag(github) == 1
    assert "::error::GitHub refused: 502" in capsys.readouterr().out
