"""GitHub's refusals and silences -> a sentence that says what could not be done and what to change.

Texts of refusals: https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import requests
from github import GithubException, RateLimitExceededException

from digest.errors import GithubFailed

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def explained(doing: str, branch: str, permission: str) -> Iterator[None]:
    """Turns what PyGithub and requests raise into GithubFailed with the line to add or the setting to change."""
    try:
        yield
    except GithubException as error:
        raise GithubFailed(f"GitHub would not {doing}: {_cause(error, branch, permission)}") from error
    except requests.RequestException as error:
        raise GithubFailed(
            f"GitHub did not answer when asked to {doing} ({type(error).__name__}). Run it again."
        ) from error


def sentence(error: GithubException) -> str:
    """GitHub's own words."""
    data = error.data if isinstance(error.data, dict) else {}
    details = data.get("errors") or []
    more = [detail.get("message", "") if isinstance(detail, dict) else str(detail) for detail in details]
    return " ".join(filter(None, (str(data.get("message") or error.message or "no reason given"), *more)))


def _cause(error: GithubException, branch: str, permission: str) -> str:
    said = sentence(error)
    known = said.lower()
    if isinstance(error, RateLimitExceededException) or "rate limit" in known:
        return f"{said} Run it again in an hour."
    if "not accessible" in known or ("read-only" in known and error.status == 403):
        if "archived" in known:
            return f"{said} Unarchive the repository, or switch the workflow off."
        return f"{said}. Add `permissions: {{ {permission} }}` to the job, or give `token` that right."
    return _by_status(error.status, said, branch, permission)


def _by_status(status: int, said: str, branch: str, permission: str) -> str:
    if status == 401:
        return f"{said}. The token is wrong or has expired: check the input `token`."
    if status == 410:
        return f"{said}. Switch issues on in the repository's settings, or set `notify: none`."
    if status == 409 and "empty" in said.lower():
        return f"{said}. Make a first commit."
    if status == 404:
        return (
            f"{said}. Check that the branch `{branch}` exists (input `branch`) and that the token may see the "
            f"repository (`permissions: {{ {permission} }}`)."
        )
    if any(word in said.lower() for word in ("protected", "rule violation", "ruleset")):
        return (
            f"{said}. The branch `{branch}` is protected: let the token's owner bypass the rule, "
            "or set `branch` to another branch."
        )
    return f"{said} ({status})"
