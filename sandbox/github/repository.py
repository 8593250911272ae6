"""The repository itself, as GitHub's REST API shows it, alone and inside pull requests.
https://docs.github.com/en/rest/repos/repos#get-a-repository"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
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


def whole_repository(site: Site) -> Json:
    """As it is shown by itself; https://docs.github.com/en/rest/repos/repos#get-a-repository"""
    return repository(site) | {"network_count": 0, "subscribers_count": 0}


def repository(site: Site, owner: str | None = None) -> Json:
    """`owner`: of a fork of it."""
    name = site.repository.partition("/")[2]
    full_name, forked = f"{owner or site.owner}/{name}", owner not in {None, site.owner}
    page, api = f"{site.server_url}/{full_name}", f"{site.url}/repos/{full_name}"
    may_write = site.permissions.get("contents") == "write"
    host = site.server_url.partition("://")[2]
    zero = ("forks", "open_issues", "watchers")
    counts = ("forks", "open_issues", "stargazers", "watchers")
    return {
        "id": 1296270 if forked else 1296269,
        "node_id": "R_kgDOABPPng" if forked else NODE,
        "name": name,
        "full_name": full_name,
        "owner": site.user(owner or site.owner),
        "private": site.private,
        "visibility": "private" if site.private else "public",
        "html_url": page,
        "url": api,
        "clone_url": f"{page}.git",
        "git_url": f"git://{host}/{full_name}.git",
        "ssh_url": f"git@{host}:{full_name}.git",
        "svn_url": page,
        **{field: f"{api}/{rest}" for field, rest in _UNDER.items()},
        **dict.fromkeys(("description", "homepage", "language", "license", "mirror_url")),
        **dict.fromkeys((*zero, *(f"{name}_count" for name in counts), "size"), 0),
        "fork": forked,
        "default_branch": site.default_branch,
        "archived": site.archived,
        "disabled": False,
        "has_issues": site.issues_enabled,
        **dict.fromkeys(("has_discussions", "has_downloads", "has_projects", "has_wiki", "has_pages"), False),
        **dict.fromkeys(("created_at", "updated_at", "pushed_at"), "2026-01-01T00:00:00Z"),
        "permissions": {"admin": False, "maintain": False, "push": may_write, "pull": True},
    }
