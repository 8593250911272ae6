"""Who is told by name: mentions in the issue or the comment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.factories import paper, papers, started
from tests.in_process import run_here

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Action, Run


@pytest.fixture
def action(tmp_path: Path) -> Iterator[Action]:
    with started(tmp_path, papers(range(1, 4))) as action:
        yield action


def run_well(action: Action, **inputs: str) -> Run:
    run = run_here(action, **inputs)
    assert run.code == 0, run.log
    return run


@pytest.mark.parametrize("notify", ["issue", "comment"])
def test_the_owners_mentions_are_live_and_strangers_are_not(action: Action, notify: str) -> None:
    action.arxiv.show([paper(1, title="By @hubot and @mona")])

    run_well(action, notify=notify, issue_mentions="@mona, octocat\nhubot")

    body = str((action.github.comments if notify == "comment" else action.github.issues)[0].body)
    _, mentions, rest = body.split("\n\n", 2)
    assert mentions == "@mona @octocat @hubot"
    assert "hubot" in rest
    assert "@hubot" not in rest
    assert "@mona" not in rest


def test_a_standing_issue_mentions_nobody(action: Action) -> None:
    run_well(action, notify="comment", issue_mentions="mona")

    assert "@" not in str(action.github.issues[0].body)
