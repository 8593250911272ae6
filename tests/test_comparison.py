"""Two branches as GitHub tells them: digest/repository/comparison.py."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from digest.config import Runner
from digest.repository.comparison import compared
from digest.repository.door import Door
from digest.repository.error_messages import Target
from digest.repository.retry import RetryingClient
from sandbox.github.stand_in import GithubStandIn
from tests.in_process import Hurried

if TYPE_CHECKING:
    from pathlib import Path

    from digest.proposal import Comparison

TEXT = b"one\ntwo\nthree\nfour\nfive\nsix\n"


def comparison(github: GithubStandIn) -> Comparison:
    with closing(Door(Runner(github.repository, api_url=github.url), github.token, 10)) as door:
        found = compared(RetryingClient(door, Hurried()), Target(github.repository, "theirs"), "main")
    assert found
    return found


def test_what_became_of_a_file_is_shown_where_it_was_there_or_is_new(tmp_path: Path) -> None:
    with GithubStandIn(tmp_path / "papers.git", {"a.md": TEXT}) as github:
        github.push("a.md", TEXT.replace(b"two", b"2"), branch="theirs")
        github.push("b.md", b"new\n", branch="theirs")

        assert comparison(github).patches == {
            "a.md": "@@ -1,5 +1,5 @@\n one\n-two\n+2\n three\n four\n five",
            "b.md": "@@ -0,0 +1 @@\n+new",
        }


def test_that_of_a_renamed_file_is_not_for_it_was_never_there(tmp_path: Path) -> None:
    with GithubStandIn(tmp_path / "papers.git", {"a.md": TEXT, "c.md": b"other\n"}) as github:
        github.push("b.md", TEXT.replace(b"two", b"2"), branch="theirs")
        github.push("a.md", None, branch="theirs")

        found = comparison(github)

    assert (found.blobs["a.md"], set(found.blobs), found.patches) == ("", {"a.md", "b.md"}, {})
