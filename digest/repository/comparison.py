"""Two branches side by side: https://docs.github.com/en/rest/commits/commits#compare-two-commits"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from digest.errors import GithubFailed
from digest.git import Head
from digest.proposal import Comparison
from digest.repository.branch import head_of
from digest.repository.door import required, sha
from digest.repository.error_messages import explained
from digest.repository.faults import Refused

if TYPE_CHECKING:
    from digest.repository.error_messages import Target
    from digest.repository.retry import RetryingClient

_NOT_FOUND, _UNRELATED = 404, "no common ancestor"
_MOST_FILES = 300


def compared(client: RetryingClient, target: Target, base: str) -> Comparison | None:
    """The target's branch beside its base; None where there is no such branch, or no such base.

    GithubFailed where both are there and share no commit.
    """
    api, branch = f"/repos/{target.repository}", target.branch
    with explained("compare the branches", target, "contents: read"):
        try:
            found, commits = client.get(_comparison, f"{api}/compare/{quote(base)}...{quote(branch)}")
            if commits == found.ahead:
                return found
            # Of more than 250 commits not all are shown: the branch itself tells the newest.
            return replace(found, head=client.get(head_of, f"{api}/branches/{quote(branch)}"))
        except Refused as refused:
            if refused.status != _NOT_FOUND:
                raise
            if _UNRELATED in refused.sentence.lower():
                raise GithubFailed(
                    f"The branch {branch} has no history in common with {base}, so that no pull request can be made of "
                    "it. Set `pull-request-branch` to another branch; nothing was written."
                ) from refused
            return None


def _comparison(document: Any) -> tuple[Comparison, int]:
    """The comparison, and how many of its commits are shown."""
    commits = required(document, list, "commits")
    merge_base = required(document, dict, "merge_base_commit")
    files = required(document.get("files", []), list)
    blobs = _blobs(files)
    comparison = Comparison(
        base=_head(required(document, dict, "base_commit")),
        head=_head(commits[-1] if commits else merge_base),
        merge_base=sha(merge_base, "sha"),
        ahead=required(document, int, "ahead_by"),
        behind=required(document, int, "behind_by"),
        blobs={path: blob for path, blob in blobs.items() if blob is not None},
        # By GitHub's own description it may leave out all of the files, and the name of a file's content.
        is_whole="files" in document and len(files) < _MOST_FILES and None not in blobs.values(),
        patches={file["filename"]: file["patch"] for file in files if _is_shown(file)},
    )
    return comparison, len(commits)


def _head(commit: Any) -> Head:
    return Head(sha(commit, "sha"), sha(commit, "commit", "tree", "sha"))


def _blobs(files: list[Any]) -> dict[str, str | None]:
    """By path; None where GitHub does not name the content."""
    blobs: dict[str, str | None] = {}
    for file in files:
        status = required(file, str, "status")
        blob = sha(file, "sha") if file.get("sha") is not None else None
        blobs[required(file, str, "filename")] = "" if status == "removed" else blob
        if status == "renamed":
            blobs[required(file, str, "previous_filename")] = ""
    return blobs


def _is_shown(file: Any) -> bool:
    """Whether its patch tells all that became of what stood at its path; a renamed file's tells of another path."""
    patch = file.get("patch")
    if not isinstance(patch, str) or "previous_filename" in file:
        return False
    counts = patch.count("\n+"), patch.count("\n-")
    return counts == (required(file, int, "additions"), required(file, int, "deletions"))
