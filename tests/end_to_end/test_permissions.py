"""What the token may not do, and what the repository does not allow: exit 1, what to change, what was done so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sandbox.arxiv.stand_in import ArxivStandIn
from sandbox.github.faults import posts, refuse, verb
from sandbox.github.stand_in import GithubStandIn
from tests.conftest import Action
from tests.factories import announced, ids, listed, papers, started
from tests.in_process import run_here

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

LINE = "add `permissions: { contents: write, issues: write }` to the job"
# What is done already where only the issue fails.
COMMITTED = "Done so far: README.md is committed to main"
NOTHING = "Nothing was written."


@pytest.fixture
def action(tmp_path: Path) -> Iterator[Action]:
    with started(tmp_path, papers(range(1, 4))) as action:
        yield action


def no_contents(action: Action) -> None:
    action.github.permissions = {"issues": "write"}


def read_only(action: Action) -> None:
    """As a pull request from a fork, whatever the workflow says."""
    action.github.permissions = {"contents": "read", "issues": "read"}


def personal_token(action: Action) -> None:
    action.github.actor = "mona"
    action.github.permissions = {"contents": "read", "issues": "write"}


def protected(action: Action) -> None:
    action.github.protected = {"main"}


def ruleset(action: Action) -> None:
    action.github.ruleset = {"main"}


def signed(action: Action) -> None:
    said = "Repository rule violations found\n\nCommits must have verified signatures.\n\n"
    action.github.fail(refuse(422, said), verb("PATCH"), times=None)


def protected_ref(action: Action) -> None:
    action.github.fail(refuse(422, "Cannot update this protected ref."), verb("PATCH"), times=None)


def checked(action: Action) -> None:
    action.github.fail(refuse(422, 'Required status check "build" is expected.'), verb("PATCH"), times=None)


def hidden(action: Action) -> None:
    """As GitHub refuses a personal token whose owner may only read."""
    action.github.fail(refuse(404, "Not Found"), posts("/git/trees"), times=None)


def single_sign_on(action: Action) -> None:
    said = "Resource protected by organization SAML enforcement. You must grant your token access to this organization."
    action.github.fail(refuse(403, said), posts("/git/trees"), times=None)


def archived(action: Action) -> None:
    action.github.archived = True


def private_without_contents(action: Action) -> None:
    action.github.private = True
    action.github.permissions = {"issues": "write"}


def private_without_issues(action: Action) -> None:
    action.github.private = True
    action.github.permissions = {"contents": "write"}


def bad_token(action: Action) -> None:
    action.inputs["token"] = "expired"


def wrong_branch(action: Action) -> None:
    action.inputs["branch"] = "no-such"


def no_such_repository(action: Action) -> None:
    action.github.fail(refuse(404, "Not Found"), times=None)


BEFORE_ANYTHING: list[tuple[Callable[[Action], None], list[str]]] = [
    (no_contents, ["Resource not accessible by integration", "lacks `contents: write`", LINE, NOTHING]),
    (read_only, ["lacks `contents: write`", LINE, "A pull request from a fork never gets it.", NOTHING]),
    (personal_token, ["not accessible by personal access token", "give the input `token` that right", NOTHING]),
    (hidden, ["Not Found", "lacks `contents: write`", LINE, NOTHING]),
    (
        single_sign_on,
        [
            "You must grant your token access to this organization",
            "single sign-on, in the settings of its owner",
            NOTHING,
        ],
    ),
    (protected, ["pull request", "branch `main` is protected", "bypass the rule", "set `branch` to another", NOTHING]),
    (ruleset, ["violations found. Changes must be made through", "branch `main` is protected", NOTHING]),
    (signed, ["Commits must have verified signatures", "branch `main` is protected", NOTHING]),
    (protected_ref, ["Cannot update this protected ref", "branch `main` is protected", NOTHING]),
    (checked, ["Required status check", "branch `main` is protected", NOTHING]),
    (archived, ["Unarchive the repository, or switch the workflow off", NOTHING]),
    (private_without_contents, ["lacks `contents: read`", LINE]),
    (bad_token, ["Bad credentials", "wrong or has expired: check the input `token`"]),
    (wrong_branch, ["Check that the branch `no-such` exists (input `branch`)"]),
    (no_such_repository, ["Not Found", "that the token may see the repository"]),
]


@pytest.mark.parametrize(("change", "sentences"), BEFORE_ANYTHING, ids=[c.__name__ for c, _ in BEFORE_ANYTHING])
def test_what_forbids_the_commit_is_told_and_nothing_is_done(
    action: Action, change: Callable[[Action], None], sentences: list[str]
) -> None:
    change(action)

    run = run_here(action)

    assert run.code == 1
    [error] = run.annotations("error")
    assert [sentence for sentence in sentences if sentence not in error] == []
    assert "%0A" not in error
    assert action.page() == "# Papers\n"
    assert (len(action.github.log()), action.github.issues) == (1, [])
    assert run.outputs["commit-sha"] == run.outputs["issue-url"] == ""


def no_issues(action: Action) -> None:
    action.github.permissions = {"contents": "write"}


def may_read_issues(action: Action) -> None:
    action.github.private = True
    action.github.permissions = {"contents": "write", "issues": "read"}


def switched_off(action: Action) -> None:
    action.github.issues_enabled = False


def hidden_issues(action: Action) -> None:
    action.github.fail(refuse(404, "Not Found"), posts("/issues"), times=None)


def label_refused(action: Action) -> None:
    action.github.fail(refuse(422, "Validation Failed"), posts("/issues"), times=None)


AFTER_THE_COMMIT: list[tuple[Callable[[Action], None], list[str]]] = [
    (no_issues, ["Resource not accessible by integration", "lacks `issues: write`", LINE]),
    (may_read_issues, ["lacks `issues: write`", LINE]),
    (private_without_issues, ["would not read the issues", "lacks `issues: write`", LINE]),
    (hidden_issues, ["Not Found", "lacks `issues: write`", LINE]),
    (switched_off, ["Issues are disabled", "Switch issues on in the repository's settings, or set `notify: none`"]),
    (label_refused, ["would not open the issue: Validation Failed"]),
]


@pytest.mark.parametrize(("change", "sentences"), AFTER_THE_COMMIT, ids=[c.__name__ for c, _ in AFTER_THE_COMMIT])
def test_what_forbids_only_the_issue_is_told_with_what_is_done_and_is_made_up_for(
    action: Action, change: Callable[[Action], None], sentences: list[str]
) -> None:
    change(action)

    first = run_here(action)
    log = action.github.log()
    again = run_here(action)

    for run in (first, again):
        assert run.code == 1
        [error] = run.annotations("error")
        assert [sentence for sentence in sentences if sentence not in error] == []
    [error] = first.annotations("error")
    assert f"{COMMITTED} ({first.outputs['commit-sha'][:7]}). The next run opens the issue." in error
    # With nothing new only the issue is tried again.
    assert (again.outputs["commit-sha"], action.github.log()) == ("", log)
    assert len(listed(action.page())) == 3
    assert not action.github.issues

    action.github.heal()
    action.github.private, action.github.issues_enabled = False, True
    action.github.permissions = {"contents": "write", "issues": "write"}
    run = run_here(action)

    assert run.code == 0, run.log
    assert announced(action) == ids(1, 2, 3)


def test_without_an_announcement_no_issues_permission_is_needed(action: Action) -> None:
    private_without_issues(action)

    run = run_here(action, notify="none")

    assert run.code == 0, run.log
    assert len(listed(action.page())) == 3


def test_a_dry_run_of_a_public_repository_needs_no_token(action: Action) -> None:
    dead = run_here(action)
    assert dead.code == 0
    action.arxiv.show(papers(range(1, 6)))

    run = run_here(action, token="", dry_run="true")

    assert run.code == 0, run.log
    assert run.outputs["new-papers"] == "2"


def test_the_branch_that_is_named_is_written(action: Action) -> None:
    action.github.push("README.md", b"# Other\n", branch="release/a#1%é")

    run = run_here(action, branch="release/a#1%é")

    assert run.code == 0, run.log
    written = action.github.read("README.md", "release/a#1%é") or b""
    assert len(listed(written.decode())) == 3
    assert action.page() == "# Papers\n"


def test_an_empty_repository_is_told(tmp_path: Path) -> None:
    with ArxivStandIn(papers([1])) as arxiv, GithubStandIn(tmp_path / "empty.git", empty=True) as github:
        inputs = {"keywords": "Alpha", "token": github.token, "arxiv-api-url": arxiv.url, "arxiv-interval": "0"}
        run = run_here(Action(arxiv, github, tmp_path, inputs))

    assert run.code == 1
    assert "branch `main` exists" in run.log or "Make a first commit" in run.log
