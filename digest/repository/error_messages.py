"""GitHub's refusals and silences -> a sentence that says what could not be done and what to change.

Texts of refusals: https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from github import GithubException

from digest.errors import GithubFailed
from digest.repository.retry import FAULTS, is_limit, reset_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_SERVER_ERROR = 500
_READ = "contents: read"
_LINE = "permissions: { contents: write, issues: write }"
# How protection rules and rulesets refuse.
_PROTECTION = (
    "protected branch",
    "protected ref",
    "rule violation",
    "ruleset",
    "pull request",
    "status check",
    "review is required",
    "verified signature",
    "push restrictions",
)


@contextmanager
def explained(doing: str, branch: str, permission: str, so_far: str = "") -> Iterator[None]:
    """Turns what PyGithub and requests raise into GithubFailed with the line to add or the setting to change.

    `so_far` tells what is done where it is refused.
    """
    try:
        yield
    except GithubException as error:
        told = so_far if error.status < _SERVER_ERROR else ""
        cause = f"{_cause(error, branch, permission)} {told}".rstrip()
        raise GithubFailed(f"GitHub would not {doing}: {cause}") from error
    except FAULTS as error:
        raise GithubFailed(
            f"GitHub did not answer soundly when asked to {doing} ({type(error).__name__}). Run it again."
        ) from error


def sentence(error: GithubException) -> str:
    """GitHub's own words on one line, without the dot at their end."""
    data = error.data if isinstance(error.data, dict) else {}
    details = data.get("errors") or []
    more = [detail.get("message", "") if isinstance(detail, dict) else str(detail) for detail in details]
    said = "\n\n".join(map(str, filter(None, (data.get("message") or error.message, *more))))
    paragraphs = (" ".join(part.split()).rstrip(".") for part in said.split("\n\n"))
    return ". ".join(filter(None, paragraphs)) or f"it gave no reason (status {error.status})"


def _cause(error: GithubException, branch: str, permission: str) -> str:
    said = sentence(error)
    known = said.lower()
    if is_limit(error):
        reset = reset_of(error)
        when = f"after {datetime.fromtimestamp(reset, UTC):%H:%M} UTC" if reset else "in a few minutes"
        return f"{said}. Run it again {when}."
    if "archived" in known:
        return f"{said}. Unarchive the repository, or switch the workflow off."
    if error.status == 403 and ("not accessible" in known or "read-only" in known or "permission" in known):
        return _lacking(said, permission)
    return _by_status(error.status, said, branch, permission)


def _lacking(said: str, permission: str) -> str:
    return (
        f"{said}. The token lacks `{permission}`: add `{_LINE}` to the job, or give the input `token` that right. "
        "A pull request from a fork never gets it."
    )


def _by_status(status: int, said: str, branch: str, permission: str) -> str:
    known = said.lower()
    if status == 401:
        return f"{said}. The token is wrong or has expired: check the input `token`."
    if status == 410:
        return f"{said}. Switch issues on in the repository's settings, or set `notify: none`."
    if "empty" in known and "repository" in known:
        return f"{said}. Make a first commit."
    if status == 404 and permission != _READ:
        # The branch was seen before: GitHub hides from a token what it may not do.
        return _lacking(said, permission)
    if status == 404 or "reference does not exist" in known:
        return (
            f"{said}. Check that the branch `{branch}` exists (input `branch`) and that the token may see the "
            f"repository (`permissions: {{ {_READ} }}`)."
        )
    if status < _SERVER_ERROR and any(word in known for word in _PROTECTION):
        return (
            f"{said}. The branch `{branch}` is protected: let the token's owner bypass the rule, "
            "or set `branch` to another branch."
        )
    return f"{said} (status {status}). {'Run it again.' if status >= _SERVER_ERROR else ''}".rstrip()
