"""One pull request of the GitHub stand-in, and how the API shows it; it is an issue too.
https://docs.github.com/en/rest/pulls/pulls"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.github.issues import Issue
from sandbox.github.repository import repository
from sandbox.github.wire import Json, Site, stamp

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(kw_only=True)
class PullRequest(Issue):
    """From the branch `head` to the branch `base`; `head_sha` stays where it was once it is closed.
    `owner`: whose `head` is, somebody else's where it comes from a fork."""

    owner: str
    head: str
    head_sha: str
    base: str
    base_sha: str
    draft: bool = False
    closed_at: datetime | None = None
    merged_at: datetime | None = None
    merged_by: str | None = None
    merge_commit_sha: str | None = None

    def beside(self, site: Site) -> Json:
        """What an issue that is a pull request says besides."""
        page = f"{site.page}/pull/{self.number}"
        urls = {"html_url": page, "diff_url": f"{page}.diff", "patch_url": f"{page}.patch"}
        closed, merged = (stamp(moment) if moment else None for moment in (self.closed_at, self.merged_at))
        about = {"url": f"{site.api}/pulls/{self.number}", **urls, "merged_at": merged}
        return {"html_url": page, "draft": self.draft, "closed_at": closed, "pull_request": about}

    def shown(self, site: Site, issue: Json) -> Json:
        """As a list shows it; `issue` is what /issues says of it."""
        url, page = f"{site.api}/pulls/{self.number}", f"{site.page}/pull/{self.number}"
        same = ("number", "title", "body", "user", "author_association", "labels", "locked", "state", "milestone")
        moments = ("created_at", "updated_at", "closed_at")
        urls = {
            "url": url,
            "html_url": page,
            "diff_url": f"{page}.diff",
            "patch_url": f"{page}.patch",
            "issue_url": issue["url"],
            "commits_url": f"{url}/commits",
            "review_comments_url": f"{url}/comments",
            "review_comment_url": f"{site.api}/pulls/comments{{/number}}",
            "comments_url": f"{issue['url']}/comments",
            "statuses_url": f"{site.api}/statuses/{self.head_sha}",
        }
        ends = {
            "head": _end(site, self.owner, self.head, self.head_sha),
            "base": _end(site, site.owner, self.base, self.base_sha),
        }
        return {
            "id": 7_000_000 + self.number,
            "node_id": f"PR_{self.number}",
            **{name: issue[name] for name in (*same, "assignee", "assignees", *moments)},
            **urls,
            **ends,
            "_links": _links(urls),
            "requested_reviewers": [],
            "requested_teams": [],
            "draft": self.draft,
            "auto_merge": None,
            "active_lock_reason": None,
            "merged_at": issue["pull_request"]["merged_at"],
            "merge_commit_sha": self.merge_commit_sha,
        }


def _end(site: Site, owner: str, branch: str, sha: str) -> Json:
    return {
        "label": f"{owner}:{branch}",
        "ref": branch,
        "sha": sha,
        "user": site.user(owner),
        "repo": repository(site, owner),
    }


def _links(urls: dict[str, str]) -> Json:
    names = ("html", "issue", "commits", "review_comments", "review_comment", "comments", "statuses")
    return {"self": {"href": urls["url"]}, **{name: {"href": urls[f"{name}_url"]} for name in names}}
