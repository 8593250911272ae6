"""The repository itself, its branches, refs and commits, as GitHub's REST API shows and moves them.
https://docs.github.com/en/rest/git/refs and /branches"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox.github.git import GitError, Store
from sandbox.github.wire import Answer, Json, Refusal, Request, Route, Site, answer, paged, route

if TYPE_CHECKING:
    from sandbox.github.objects import Objects

RULES = "Repository rule violations found\n\nChanges must be made through a pull request.\n\n"
PROTECTED = "Changes must be made through a pull request."


@dataclass
class Branches:
    site: Site
    store: Store
    objects: Objects

    def routes(self) -> list[Route]:
        return [
            route("GET", r"", self.get_repository, "metadata"),
            route("GET", r"/rules/branches/(.+)", self.get_rules, "metadata"),
            route("GET", r"/branches", self.list_branches),
            route("GET", r"/branches/(.+)/protection", self.get_protection, "administration"),
            route("GET", r"/branches/(.+)", self.get_branch),
            route("GET", r"/git/(?:ref|refs)/(.+)", self.get_ref),
            route("GET", r"/git/(?:refs|matching-refs/(.*))", self.list_refs),
            route("POST", r"/git/refs", self.post_ref),
            route("PATCH", r"/git/refs/(.+)", self.patch_ref),
            route("DELETE", r"/git/refs/(.+)", self.delete_ref),
            route("GET", r"/commits", self.list_commits),
            route("GET", r"/commits/(.+)", self.get_commit),
        ]

    def get_repository(self, _request: Request) -> Answer:
        owner, name = self.site.repository.split("/")
        may_write = self.site.permissions.get("contents") == "write"
        return answer(
            {
                "id": 1296269,
                "node_id": "R_1296269",
                "name": name,
                "full_name": self.site.repository,
                "owner": self.site.user(owner),
                "private": self.site.private,
                "visibility": "private" if self.site.private else "public",
                "html_url": self.site.page,
                "url": self.site.api,
                "description": None,
                "fork": False,
                "default_branch": self.site.default_branch,
                "archived": self.site.archived,
                "disabled": False,
                "has_issues": self.site.issues_enabled,
                "permissions": {"admin": False, "maintain": False, "push": may_write, "pull": True},
            }
        )

    def get_rules(self, _request: Request, branch: str) -> Answer:
        rule = {"type": "pull_request", "ruleset_source_type": "Repository", "ruleset_id": 1}
        source = {"ruleset_source": self.site.repository, "parameters": {"required_approving_review_count": 1}}
        return answer([rule | source] if branch in self.site.ruleset else [])

    def get_protection(self, _request: Request, branch: str) -> Answer:
        self._head(branch, "Branch not found")
        if branch not in self.site.protected:
            raise Refusal(404, "Branch not protected")
        url = f"{self.site.api}/branches/{branch}/protection"
        return answer({"url": url, "required_pull_request_reviews": {"required_approving_review_count": 1}})

    def list_branches(self, request: Request) -> Answer:
        names = [ref.removeprefix("refs/heads/") for ref in self.store.refs() if ref.startswith("refs/heads/")]
        rows = [self._branch(name, self._head(name)) for name in names]
        for row in rows:
            row["commit"] = {"sha": row["commit"]["sha"], "url": row["commit"]["url"]}
        return paged(self.site, request, rows)

    def get_branch(self, _request: Request, name: str) -> Answer:
        sha = self._seen(f"refs/heads/{name}", self._head(name, "Branch not found"))
        return answer(self._branch(name, sha))

    def _branch(self, name: str, sha: str) -> Json:
        protected = name in self.site.protected | self.site.ruleset
        rule: Json = {"enabled": name in self.site.protected}
        url = f"{self.site.api}/branches/{name}"
        links = {"self": url, "html": f"{self.site.page}/tree/{name}"}
        details = {"protection": rule, "protection_url": f"{url}/protection", "_links": links}
        return {"name": name, "commit": self.commit(sha), "protected": protected, **details}

    def _head(self, name: str, message: str = "Not Found") -> str:
        sha = self.store.head(name)
        if sha is None:
            raise Refusal(404, message)
        return sha

    def _seen(self, ref: str, sha: str) -> str:
        """What a read shows: GitHub's replicas may lag behind a write."""
        if self.site.stale_reads and self.store.previous.get(ref):
            self.site.stale_reads -= 1
            return self.store.previous[ref]
        return sha

    def get_ref(self, _request: Request, name: str) -> Answer:
        sha = self._refs().get(f"refs/{name}")
        if sha is None:
            raise Refusal(404, "Not Found")
        return answer(self._ref(f"refs/{name}", self._seen(f"refs/{name}", sha)))

    def list_refs(self, request: Request, start: str) -> Answer:
        refs = self._refs().items()
        rows = [self._ref(name, sha) for name, sha in refs if name.startswith(f"refs/{start}")]
        return paged(self.site, request, rows)

    def post_ref(self, request: Request) -> Answer:
        name, sha = request.needs("ref"), request.needs("sha")
        if not str(name).startswith("refs/") or str(name).count("/") < 2:
            raise Refusal(422, "Reference name must start with 'refs/' and have at least 2 slashes.")
        if name in self._refs():
            raise Refusal(422, "Reference already exists")
        self._move(name, self._commit(sha), None)
        return answer(self._ref(name, sha), 201, {"Location": f"{self.site.api}/git/{name}"})

    def patch_ref(self, request: Request, name: str) -> Answer:
        ref, sha = f"refs/{name}", self._commit(request.needs("sha"))
        old = self._refs().get(ref)
        if old is None:
            raise Refusal(422, "Reference does not exist")
        self.check_rules(ref)
        if not request.fields.get("force") and not self.store.is_ancestor(old, sha):
            raise Refusal(422, "Update is not a fast forward")
        if sha != old:
            self._move(ref, sha, old)
        return answer(self._ref(ref, sha))

    def delete_ref(self, _request: Request, name: str) -> Answer:
        ref, old = f"refs/{name}", self._refs().get(f"refs/{name}")
        if old is None:
            raise Refusal(422, "Reference does not exist")
        self.check_rules(ref)
        self._move(ref, None, old)
        return Answer(204)

    def check_rules(self, ref: str, status: int = 422) -> None:
        """A protection rule or a ruleset wants a pull request."""
        branch = ref.removeprefix("refs/heads/")
        if branch in self.site.ruleset:
            raise Refusal(status, RULES)
        if branch in self.site.protected:
            raise Refusal(status, PROTECTED)

    def _move(self, ref: str, new: str | None, old: str | None) -> None:
        try:
            self.store.move(ref, new, old)
        except GitError as error:
            raise Refusal(422, "Reference update failed") from error

    def _commit(self, sha: Any) -> str:
        if self.store.kind(str(sha)) is None:
            raise Refusal(422, "Object does not exist")
        if self.store.kind(str(sha)) != "commit":
            raise Refusal(422, "Reference update failed")
        return str(sha)

    def _refs(self) -> dict[str, str]:
        return self.store.refs()

    def _ref(self, name: str, sha: str) -> Json:
        target = {"sha": sha, "type": "commit", "url": f"{self.site.api}/git/commits/{sha}"}
        url = f"{self.site.api}/git/{name}"
        return {"ref": name, "node_id": f"REF_{sha[:12]}", "url": url, "object": target}

    def list_commits(self, request: Request) -> Answer:
        start = self.store.resolve(request.query.get("sha", self.site.default_branch))
        if start is None:
            raise Refusal(404 if self._refs() else 409, "Not Found" if self._refs() else "Git Repository is empty.")
        history = self.store.history(start, request.query.get("path", ""))
        return paged(self.site, request, [self.commit(sha) for sha in history])

    def get_commit(self, _request: Request, name: str) -> Answer:
        sha = self.store.resolve(name)
        if sha is None or self.store.kind(sha) != "commit":
            raise Refusal(422, f"No commit found for SHA: {name}")
        changes = self.store.changes(sha)
        added, deleted = (sum(pair[n] for pair in changes.values()) for n in (0, 1))
        files = [
            {"filename": path, "additions": plus, "deletions": minus, "changes": plus + minus}
            for path, (plus, minus) in changes.items()
        ]
        stats = {"total": added + deleted, "additions": added, "deletions": deleted}
        return answer(self.commit(sha) | {"stats": stats, "files": files})

    def commit(self, sha: str) -> Json:
        """As /commits and /branches show it."""
        commit = self.store.commit(sha)
        inner = self.objects.commit(commit)
        parents, page = inner.pop("parents"), inner.pop("html_url")
        inner["url"] = f"{self.site.api}/git/commits/{sha}"
        users = {"author": self._user(commit.author.name), "committer": self._user(commit.committer.name)}
        url = f"{self.site.api}/commits/{sha}"
        named = {"sha": inner.pop("sha"), "node_id": inner.pop("node_id"), "url": url, "html_url": page}
        return named | {"commit": inner, "parents": parents} | users

    def _user(self, name: str) -> Json | None:
        if name == "GitHub":
            return self.site.user("web-flow")
        return self.site.user(name) if name == self.site.actor else None
