"""The repository itself, as GitHub's REST API shows it, alone and inside pull requests.
https://docs.github.com/en/rest/repos/repos#get-a-repository"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.github.wire import stamp

if TYPE_CHECKING:
    from datetime import datetime

    from sandbox.github.wire import Json, Site

NODE = "R_kgDOABPPnQ"
# What stands behind the repository's address, by the name of the field.
_UNDER = {
    "archive_url": "{archive_format}{/ref}",
    "assignees_url": "assignees{/user}",
    "blobs_url": "git/blobs{/sha}",
    "branches_url": "branches{/branch}",
    "collaborators_url": "collaborators{/collaborator}",
    "comments_url": "comments{/number}",
    "commits_url": "commits{/sha}",
    "compare_url": "compare/{base}...{head}",
    "contents_url": "contents/{+path}",
    "contributors_url": "contributors",
    "deployments_url": "deployments",
    "downloads_url": "downloads",
    "events_url": "events",
    "forks_url": "forks",
    "git_commits_url": "git/commits{/sha}",
    "git_refs_url": "git/refs{/sha}",
    "git_tags_url": "git/tags{/sha}",
    "hooks_url": "hooks",
    "issue_comment_url": "issues/comments{/number}",
    "issue_events_url": "issues/events{/number}",
    "issues_url": "issues{/number}",
    "keys_url": "keys{/key_id}",
    "labels_url": "labels{/name}",
    "languages_url": "languages",
    "merges_url": "merges",
    "milestones_url": "milestones{/number}",
    "notifications_url": "notifications{?since,all,participating}",
    "pulls_url": "pulls{/number}",
    "releases_url": "releases{/id}",
    "stargazers_url": "stargazers",
    "statuses_url": "statuses/{sha}",
    "subscribers_url": "subscribers",
    "subscription_url": "subscription",
    "tags_url": "tags",
    "teams_url": "teams",
    "trees_url": "git/trees{/sha}",
}


def repository(site: Site, pushed_at: datetime | None = None) -> Json:
    owner, name = site.repository.split("/")
    may_write = site.permissions.get("contents") == "write"
    host = site.server_url.partition("://")[2]
    zero = ("forks", "forks_count", "open_issues", "open_issues_count", "stargazers_count", "watchers", "size")
    return {
        "id": 1296269,
        "node_id": NODE,
        "name": name,
        "full_name": site.repository,
        "owner": site.user(owner),
        "private": site.private,
        "visibility": "private" if site.private else "public",
        "html_url": site.page,
        "url": site.api,
        "clone_url": f"{site.page}.git",
        "git_url": f"git://{host}/{site.repository}.git",
        "ssh_url": f"git@{host}:{site.repository}.git",
        "svn_url": site.page,
        **{field: f"{site.api}/{rest}" for field, rest in _UNDER.items()},
        **dict.fromkeys(("description", "homepage", "language", "license", "mirror_url")),
        **dict.fromkeys((*zero, "watchers_count"), 0),
        "fork": False,
        "default_branch": site.default_branch,
        "archived": site.archived,
        "disabled": False,
        "has_issues": site.issues_enabled,
        **dict.fromkeys(("has_downloads", "has_projects", "has_wiki", "has_pages"), False),
        "created_at": "2026-01-01T00:00:00Z",
        "updated_at": stamp(pushed_at) if pushed_at else None,
        "pushed_at": stamp(pushed_at) if pushed_at else None,
        "permissions": {"admin": False, "maintain": False, "push": may_write, "pull": True},
    }
