"""GitHub's lists of issues and of comments, page by page, and what they say of each."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, Any

from digest.issue import NEWEST, Issue
from digest.repository.door import required
from digest.repository.faults import lacking

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from digest.repository.retry import RetryingClient

# Who may write to the repository: https://docs.github.com/en/graphql/reference/enums#commentauthorassociation
_WRITERS = {"OWNER", "MEMBER", "COLLABORATOR"}
# A repository or its owner may be called so too.
_OF_A_PULL_REQUEST = re.compile(r"/pull/\d+#")


def pages(
    client: RetryingClient, path: str, read: Callable[[Any], Issue], moment: int, **parameters: str
) -> Iterator[list[Issue]]:
    """The newest hundred of a list, newest first; then pages of those made since the moment, oldest first.

    A page is asked for only where somebody goes on reading, and what was promised a while ago was mostly made right
    then: whoever has found it stops, however much has come since.
    """
    parameters["sort"] = "created"
    newest, has_more = page(client, path, read, direction="desc", **parameters)
    yield newest
    if not has_more or not newest or newest[-1].created < moment:
        return
    seen = {issue.url for issue in newest}
    since = datetime.fromtimestamp(max(moment, 0), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    for number in count(1):
        # GitHub's `since` goes by the last change: older ones that were changed come first.
        further, has_more = page(client, path, read, direction="asc", since=since, page=number, **parameters)
        yield [issue for issue in further if issue.created >= moment and issue.url not in seen]
        if not has_more or not further or further[-1].url in seen:
            return


def page(
    client: RetryingClient, path: str, read: Callable[[Any], Issue], **parameters: Any
) -> tuple[list[Issue], bool]:
    """One page, and whether there is another."""
    return client.page(
        lambda document: [read(one) for one in required(document, list)], path, per_page=NEWEST, **parameters
    )


def issue(document: Any) -> Issue:
    """What GitHub says of an issue: https://docs.github.com/en/rest/issues/issues#get-an-issue"""
    return Issue(
        title=required(document, str, "title"),
        pull_request="pull_request" in document,
        number=required(document, int, "number"),
        is_open=document.get("state") != "closed",
        is_locked=document.get("locked") is True,
        comments=required(document, int, "comments"),
        **_written(document),
    )


def comment(document: Any) -> Issue:
    """What GitHub says of a comment: https://docs.github.com/en/rest/issues/comments#get-an-issue-comment"""
    written = _written(document)
    # A pull request is discussed in comments of the same list.
    return Issue(title="", pull_request=bool(_OF_A_PULL_REQUEST.search(written["url"])), **written)


def _written(document: Any) -> dict[str, Any]:
    """What an issue and a comment have in common."""
    user = required(document, dict).get("user") or {}  # none where the account was deleted
    return {
        "body": required(document.get("body") or "", str),
        "created": _seconds(required(document, str, "created_at")),
        "url": required(document, str, "html_url"),
        "author": required(user, str, "login") if user else "",
        "writer": document.get("author_association") in _WRITERS,
        "bot": bool(user) and user.get("type") == "Bot",
    }


def _seconds(moment: str) -> int:
    try:
        return int(datetime.fromisoformat(moment).timestamp())
    except (ValueError, OverflowError):
        raise lacking("created_at") from None
