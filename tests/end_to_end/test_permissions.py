"""What the token may not do, and what the repository does not allow: exit 1, what to change, what was done so far."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from sandbox.arxiv.stand_in import ArxivStandIn
from sandbox.github.faults import posts, refuse, verb
from sandbox.github.stand_in import GithubStandIn
from tests.conftest import Action
from tests.factories import announced, ids, listed, papers, started
from tests.in_process import Hurried, run_here

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sandbox.github.wire import Request

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
    (hidden, ["Not Found", "lacks `contents: write` for octo/papers", LINE, NOTHING]),
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
    (no_such_repository, ["Not Found", "that the token may see the repository octo/papers"]),
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


PROTECTED = (
    "The branch `main` is protected: let the token's owner bypass the rule, set `pull-request: true`, or set `branch` "
    "to another branch."
)
MESSAGES = "The branch `main` has a rule on commit messages: set `commit-message` so that it fits."
PATHS = (
    "The branch `main` has a rule on paths or sizes of files: set `readme` to another path, or exempt the token's "
    "owner."
)
PEOPLE = "The branch `main` has a rule on who commits: exempt the token's owner from it."
LOCKED = "The branch `main` is locked: unlock it, or set `branch` to another branch."
SUSPENDED = "The account of the token's owner is suspended: give the input `token` another one."
SINGLE_SIGN_ON = "Authorize the token for the organization's single sign-on, in the settings of its owner."
RULE = "Repository rule violations found\n\n"


@pytest.mark.parametrize(
    ("status", "said", "cure"),
    [
        (422, "Changes must be made through the merge queue", PROTECTED),
        (422, "You're not authorized to push to this branch. Visit https://docs.github.com", PROTECTED),
        (409, "Cannot create ref due to creations being restricted.", PROTECTED),
        (422, f"{RULE}Changes must be made through a pull request.\n\n", PROTECTED),
        (422, f'{RULE}Required status check "build" is expected.\n\n', PROTECTED),
        (422, "At least 1 approving review is required by reviewers with write access.", PROTECTED),
        (422, "Cannot change this locked branch", LOCKED),
        (403, "This branch is locked.", LOCKED),
        (422, f"{RULE}Commit message must match a given regex pattern: ^feat", MESSAGES),
        (422, "The commit message must start with JIRA-", MESSAGES),
        (422, f"{RULE}Commit messages must not contain [skip ci]. Commit message was: Update", MESSAGES),
        (422, f"{RULE}File path is restricted: README.md", PATHS),
        (422, f"{RULE}File extension is restricted: *.md", PATHS),
        (422, f"{RULE}Max file size exceeded", PATHS),
        (422, f"{RULE}Commit author email must end with @example.org", PEOPLE),
        (422, f"{RULE}Committer email must match a given pattern", PEOPLE),
        (403, "Sorry. Your account was suspended.", SUSPENDED),
        (403, "Your account has been suspended. Please visit https://support.github.com", SUSPENDED),
        (
            403,
            "Resource protected by organization SAML enforcement. You must grant your OAuth token access.",
            SINGLE_SIGN_ON,
        ),
        (
            403,
            "Although you appear to have the correct authorization, organization has enabled SAML SSO.",
            SINGLE_SIGN_ON,
        ),
    ],
)
def test_a_refusal_is_told_with_its_cure(action: Action, status: int, said: str, cure: str) -> None:
    action.github.fail(refuse(status, said), verb("PATCH"), times=None)

    run = run_here(action)

    assert run.code == 1
    [error] = run.annotations("error")
    assert said.removeprefix(RULE).partition(".")[0].strip() in error
    assert f"{cure} {NOTHING}" in error
    assert (action.page(), len(action.github.log()), action.github.issues) == ("# Papers\n", 1, [])


@pytest.mark.parametrize("change", [bad_token, wrong_branch, private_without_contents, no_such_repository])
def test_what_no_waiting_heals_is_known_at_the_first_answer(action: Action, change: Callable[[Action], None]) -> None:
    change(action)
    clock = Hurried()

    assert run_here(action, clock).code == 1

    assert (len(action.github.requests), clock.slept) == (1, [])


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
    (
        switched_off,
        ["Issues has been disabled", "Switch issues on in the repository's settings, or set `notify: none`"],
    ),
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


# Labels


def new_ones(action: Action) -> None:
    action.github.may_make_labels = False


def too_long(action: Action) -> None:
    errors = [{"resource": "Label", "code": "invalid", "field": "name"}]
    refused = {"message": "Validation Failed", "errors": errors}
    action.github.fail(refuse(422, body=json.dumps(refused).encode()), labelled, times=None)


def without_words(action: Action) -> None:
    action.github.fail(refuse(422, "Validation Failed"), labelled, times=None)


def by_name(action: Action) -> None:
    action.github.fail(refuse(403, "Label is not accessible."), labelled, times=None)


def labelled(request: Request) -> bool:
    return posts("/issues")(request) and "labels" in request.body


@pytest.mark.parametrize("change", [new_ones, too_long, without_words, by_name])
def test_where_labels_are_refused_the_issue_is_opened_without_them(
    action: Action, change: Callable[[Action], None]
) -> None:
    change(action)

    run = run_here(action)

    assert run.code == 0, run.log
    [warning] = run.annotations("warning")
    assert "issue-labels: the issue has none, since GitHub refused them: " in warning
    [issue] = action.github.issues
    assert issue.labels == []
    assert run.outputs["issue-url"].endswith("/issues/1")
    assert announced(action) == ids(1, 2, 3)
    assert sum(map(posts("/issues"), action.github.requests)) == 2


def test_labels_that_are_there_are_taken_by_a_token_that_makes_none(action: Action) -> None:
    action.github.open_issue("First", labels=("Daily-Papers",))
    new_ones(action)

    run = run_here(action)

    assert run.annotations("warning") == []
    assert action.github.issues[-1].labels == ["Daily-Papers"]


def test_without_labels_a_refusal_is_not_blamed_on_them(action: Action) -> None:
    action.github.fail(refuse(422, "Validation Failed"), posts("/issues"), times=None)

    assert run_here(action, issue_labels=",").code == 1

    assert sum(map(posts("/issues"), action.github.requests)) == 1


# What is in the way of a file, known before anything is written


@pytest.mark.parametrize("dry", ["true", "false"])
@pytest.mark.parametrize(
    ("there", "mode", "path", "said"),
    [
        ("list.md", "120000", "list.md", "list.md is a symbolic link. Name the file that it points to instead."),
        ("docs/list.md", "120000", "docs/list.md", "docs/list.md is a symbolic link."),
        ("docs", "100644", "docs/list.md", "docs/list.md would lie in a file or a link."),
        ("a/docs", "120000", "a/docs/b/list.md", "a/docs/b/list.md would lie in a file or a link."),
        ("list.md/other", "100644", "list.md", "list.md in main is a folder or a link to somewhere else, not a file."),
    ],
)
def test_a_dry_run_fails_like_a_real_one_over_what_is_in_the_way(
    action: Action, there: str, mode: str, path: str, said: str, dry: str
) -> None:
    target = b"README.md" if "/" not in there else b"../README.md"
    action.github.push(there, target, mode=mode)

    run = run_here(action, readme=path, dry_run=dry)

    assert run.code == 1
    assert said in run.annotations("error")[0]
    assert action.github.read(there) == target


@pytest.mark.parametrize("dry", ["true", "false"])
@pytest.mark.parametrize(
    ("other", "path"),
    [
        *((name, "README.md") for name in ("readme.md", "Readme.md", "README", "README.rst", "ReadMe.markdown")),
        *((name, "README.md") for name in ("docs/README.md", ".github/README.md", "docs/readme.rst")),
        ("docs/Readme.md", "docs/README.md"),
        ("README.md", "readme.md"),
    ],
)
def test_a_second_readme_is_not_made(action: Action, other: str, path: str, dry: str) -> None:
    action.github.push("README.md", None)
    action.github.push(other, b"# Mine\n")
    commits = len(action.github.log())

    run = run_here(action, readme=path, dry_run=dry)

    assert run.code == 1
    [error] = run.annotations("error")
    assert f"{path} is not there, but {other} is: GitHub would show only one of them. Set `readme` to {other}" in error
    assert (len(action.github.log()), action.github.issues) == (commits, [])


@pytest.mark.parametrize(
    ("others", "path"),
    [
        ((), "README.md"),
        (("README.zh-CN.md", "readmes.md", "src/README.md", "docs/guide.md", "READMEE"), "README.md"),
        (("README.md",), "docs/README.md"),
        (("readme.md",), "papers.md"),
        (("docs/README.md", "README.md"), "README.md"),
    ],
)
def test_a_file_that_is_no_second_readme_is_made(action: Action, others: tuple[str, ...], path: str) -> None:
    action.github.push("README.md", None)
    for other in others:
        action.github.push(other, b"# Mine\n")

    run = run_here(action, readme=path)

    assert run.code == 0, run.log
    assert len(listed((action.github.read(path) or b"").decode())) == 3


def test_a_readme_in_a_repository_of_more_files_than_github_lists_is_seen(action: Action) -> None:
    action.github.push("README.md", None)
    action.github.push(".github/README.md", b"# Mine\n")
    cut = json.dumps({"sha": action.github.log()[0].tree, "tree": [], "truncated": True}).encode()
    action.github.fail(refuse(200, body=cut), lambda request: "recursive" in request.query, times=None)

    run = run_here(action)

    assert "README.md is not there, but .github/README.md is" in run.log


# Rules, as far as a dry run can tell


def rules(action: Action, *kinds: str) -> None:
    told = [{"type": kind, "ruleset_id": 1} for kind in kinds]
    action.github.fail(refuse(200, body=json.dumps(told).encode()), verb("GET", "/rules/branches/main"), times=None)


@pytest.mark.parametrize(
    ("kinds", "named"),
    [
        (["pull_request"], "pull_request"),
        (["deletion", "merge_queue", "update", "merge_queue"], "merge_queue, update"),
        (["required_status_checks", "non_fast_forward"], "required_status_checks"),
        (["commit_message_pattern"], "commit_message_pattern"),
        (["a rule of next year"], "a rule of next year"),
    ],
)
def test_a_dry_run_warns_of_rules(action: Action, kinds: list[str], named: str) -> None:
    rules(action, *kinds)

    run = run_here(action, dry_run="true")

    assert run.code == 0
    assert run.annotations("warning") == [f"::warning::The branch main has rules that may refuse the commit: {named}."]


@pytest.mark.parametrize("kinds", [[], ["deletion", "non_fast_forward"], ["required_signatures", "creation"]])
def test_a_dry_run_does_not_warn_of_rules_that_let_a_commit_pass(action: Action, kinds: list[str]) -> None:
    rules(action, *kinds)

    assert run_here(action, dry_run="true").annotations("warning") == []


def test_a_dry_run_warns_of_a_protected_branch_whose_rules_it_may_not_see(action: Action) -> None:
    protected(action)

    run = run_here(action, dry_run="true")

    assert "The branch main is protected: where it asks for pull requests or checks, no commit passes." in run.log


@pytest.mark.parametrize("status", [403, 404])
def test_where_rules_cannot_be_asked_for_a_dry_run_goes_on(action: Action, status: int) -> None:
    action.github.fail(refuse(status, "Not Found"), verb("GET", "/rules/branches/main"), times=None)

    run = run_here(action, dry_run="true", token="")

    assert run.code == 0, run.log
    assert run.annotations("warning") == []


# Whose issues are believed


@pytest.mark.parametrize("association", ["NONE", "CONTRIBUTOR", "FIRST_TIMER"])
def test_what_the_tokens_own_user_opened_is_believed_and_asked_for_only_then(action: Action, association: str) -> None:
    """A member whom the organisation does not show is no writer to GitHub's list of issues."""
    action.github.actor = "mona"
    assert run_here(action).code == 0
    asked = verb("GET", "/user")
    assert sum(map(asked, action.github.requests)) == 0
    action.github.issues[0].association = association

    for number in (1, 2):
        action.arxiv.show(papers(range(1, 4 + number)))
        run = run_here(action)

        assert run.code == 0, run.log
        assert run.annotations("warning") == []
    assert announced(action) == ids(1, 2, 3, 4, 5)
    assert sum(map(asked, action.github.requests)) == 2


def test_what_a_stranger_opened_is_not_believed_and_an_app_has_no_user_to_be_asked_for(action: Action) -> None:
    assert run_here(action).code == 0
    ours = action.github.issues[0]
    ours.user = "mallory"

    run = run_here(action)

    assert run.code == 0, run.log
    assert any(map(verb("GET", "/user"), action.github.requests))
    assert "names papers that were promised, and is not by somebody who may write" in run.log


def test_an_account_that_cannot_be_asked_for_just_now_is_told(action: Action) -> None:
    action.github.actor = "mona"
    assert run_here(action).code == 0
    action.github.issues[0].association = "NONE"
    action.github.fail(refuse(503), verb("GET", "/user"), times=None)

    run = run_here(action)

    assert run.code == 1
    assert "GitHub would not tell whose the token is: Server Error (status 503). Run it again." in run.log
