"""GitHub's refusals and silences -> a sentence that says what could not be done and what to change.

Texts of refusals: https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api, and of rules:
https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/available-rules-for-rulesets
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from digest.errors import GithubFailed
from digest.repository.faults import Refused, RequestFault, Unanswered

if TYPE_CHECKING:
    from collections.abc import Iterator

_READ = "contents: read"
_PERMISSIONS = "contents: write, issues: write"
_STATUSES = {
    401: "The token is wrong or has expired: check the input `token`.",
    410: "Switch issues on in the repository's settings, or set `notify: none`.",
}
_WORDS = (
    ("archived", "Unarchive the repository, or switch the workflow off."),
    ("saml", "Authorize the token for the organization's single sign-on, in the settings of its owner."),
    ("suspended", "The account of the token's owner is suspended: give the input `token` another one."),
    ("repository is empty", "Make a first commit."),
)
_FORBIDDEN = ("not accessible", "read-only", "permission")
# How rules refuse, as they were seen or as GitHub's documentation names them, and what to change. The first that fits.
_RULES = (
    (("commit message",), "has a rule on commit messages: set `commit-message` so that it fits."),
    (
        ("file path", "file extension", "path length", "file size"),
        "has a rule on paths or sizes of files: set `readme` to another path, or exempt the token's owner.",
    ),
    (("author email", "committer email"), "has a rule on who commits: exempt the token's owner from it."),
)
# https://git-scm.com/docs/git-check-ref-format
_IN_THE_WAY = "reference update failed"
_LOCKED = ("locked branch", "branch is locked")
_PROTECTED = (
    *("protected branch", "protected ref", "rule violation", "ruleset", "pull request", "merge queue"),
    *("status check", "review is required", "verified signature", "push restrictions"),
    *("not authorized to push", "being restricted"),
)


@dataclass(frozen=True)
class Target:
    """What a run asks of.

    repository: OWNER/NAME
    branch: its name
    input: the one that names the branch
    by_pull_request: whether the run's change goes into a pull request
    """

    repository: str
    branch: str
    input: str = "branch"
    by_pull_request: bool = False

    @property
    def permissions(self) -> str:
        """All that a job needs for such a run."""
        return f"{_PERMISSIONS}, pull-requests: write" if self.by_pull_request else _PERMISSIONS


@contextmanager
def explained(doing: str, target: Target, permission: str, so_far: str = "") -> Iterator[None]:
    """Turns a RequestFault into GithubFailed with the line to add or the setting to change.

    `so_far` tells what is done where it is refused.
    """
    try:
        yield
    except Refused as refused:
        told = "" if refused.fate_unknown else so_far
        raise GithubFailed(
            f"GitHub would not {doing}: {_cause(refused, target, permission)} {told}".rstrip()
        ) from refused
    except RequestFault as fault:
        cure = fault.cure if isinstance(fault, Unanswered) else ""
        raise GithubFailed(
            f"GitHub did not answer as it should when asked to {doing}: {fault}. {cure or 'Run it again.'}"
        ) from fault


def _cause(refused: Refused, target: Target, permission: str) -> str:
    said = refused.sentence
    if refused.is_limit:
        return f"{said}. Run it again {_when(refused.reset)}."
    if refused.fate_unknown:
        return f"{said} (status {refused.status}). Run it again."
    cure = _cure(refused, target, permission)
    return f"{said}. {cure}" if cure else f"{said} (status {refused.status})."


def _when(reset: float | None) -> str:
    return f"after {datetime.fromtimestamp(reset, UTC):%H:%M} UTC" if reset else "in a few minutes"


def _cure(refused: Refused, target: Target, permission: str) -> str:
    """What to change."""
    known, status = refused.sentence.lower(), refused.status
    if status in _STATUSES:
        return _STATUSES[status]
    for words, cure in _WORDS:
        if words in known:
            return cure
    if status == 403 and any(words in known for words in _FORBIDDEN):
        return _lacking(permission, target)
    if status == 404 and permission != _READ:
        # The branch was seen before: GitHub hides from a token what it may not do.
        return _lacking(permission, target)
    if status == 404 or "reference does not exist" in known:
        return (
            f"Check that the branch `{target.branch}` exists (input `{target.input}`) and that the token may see the "
            f"repository {target.repository} (`permissions: {{ {_READ} }}`)."
        )
    if target.by_pull_request and _IN_THE_WAY in known:
        return (
            f"git keeps no branch `{target.branch}` beside one called `{target.branch}/…`, nor below another one: "
            f"where there is one, set `{target.input}` to another name."
        )
    return _rule(known, target)


def _lacking(permission: str, target: Target) -> str:
    return (
        f"The token lacks `{permission}` for {target.repository}: add `permissions: {{ {target.permissions} }}` to the "
        "job, or give the input `token` that right. A pull request from a fork never gets it."
    )


def _rule(known: str, target: Target) -> str:
    """What to change where a rule of the branch refuses; "" where it is none that is known."""
    branch, elsewhere = f"The branch `{target.branch}`", f"or set `{target.input}` to another branch."
    for words, cure in _RULES:
        if any(word in known for word in words):
            return f"{branch} {cure}"
    if any(word in known for word in _LOCKED):
        return f"{branch} is locked: unlock it, {elsewhere}"
    if any(word in known for word in _PROTECTED):
        proposed = "" if target.by_pull_request else "set `pull-request: true`, "
        return f"{branch} is protected: let the token's owner bypass the rule, {proposed}{elsewhere}"
    return ""
