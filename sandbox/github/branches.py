"""The repository itself, its branches, refs and commits, as GitHub's REST API shows and moves them.
https://docs.github.com/en/rest/git/refs and /branches"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sandbox.github.differences import EMPTY, differences
from sandbox.github.git import GitError, Person, Store
from sandbox.github.objects import login_of
from sandbox.github.repository import whole_repository
from sandbox.github.wire import Answer, Json, Refusal, Request, Route, Site, answer, paged, route

if TYPE_CHECKING:
    from sandbox.github.objects import Objects
    from sandbox.github.rules import Rules


@dataclass
class Branches:
    site: Site
    store: Store
    objects: Objects
    rules: Rules

    def routes(self) -> list[Route]:
        return [
            route("GET", r"", self.get_repository, "metadata"),
            route("GET", r"/branches", self.list_branches),
            route("GET", r"/branches/(.+)", self.get_branch),
            route("GET", r"/git/ref/(.+)", self.get_ref),
            route("GET", r"/git/matching-refs/(.*)", self.list_refs),
            route("POST", r"/git/refs", self.post_ref),
            route("PATCH", r"/git/refs/(.+)", self.patch_ref),
            route("DELETE", r"/git/refs/(.+)", self.delete_ref),
            route("GET", r"/commits", self.list_commits),
            route("GET", r"/commits/(.+)", self.get_commit),
        ]

    def get_repository(self, _request: Request) -> Answer:
        return answer(whole_repository(self.site))

    def list_branches(self, request: Request) -> Answer:
        names = [ref.removeprefix("refs/heads/") for ref in self.store.refs() if ref.startswith("refs/heads/")]
        rows = [self._branch(name, self._head(name)) for name in names]
        for row in rows:
            del row["_links"]
            row["commit"] = {"sha": row["commit"]["sha"], "url": row["commit"]["url"]}
        return paged(self.site, request, rows)

    def get_branch(self, _request: Request, name: str) -> Answer:
        sha = self.seen(f"refs/heads/{name}", self._head(name, "Branch not found"))
        return answer(self._branch(name, sha))

    def _branch(self, name: str, sha: str) -> Json:
        protected = name in self.site.protected | self.site.ruleset
        rule: Json = {"enabled": name in self.site.protected}
        url = f"{self.site.api}/branches/{quote(name)}"
        links = {"self": url, "html": f"{self.site.page}/tree/{quote(name)}"}
        details = {"protection": rule, "protection_url": f"{url}/protection", "_links": links}
        return {"name": name, "commit": self.commit(sha), "protected": protected, **details}

    def _head(self, name: str, message: str = "Not Found") -> str:
        sha = self.store.head(name)
        if sha is None:
            raise Refusal(404, message)
        return sha

    def seen(self, ref: str, sha: str) -> str:
        """What a read shows: GitHub's replicas may lag behind a write."""
        if self.site.stale_reads and self.store.previous.get(ref):
            self.site.stale_reads -= 1
            return self.store.previous[ref]
        return sha

    def get_ref(self, _request: Request, name: str) -> Answer:
        sha = self._refs().get(f"refs/{name}")
        if sha is None:
            raise Refusal(404, "Not Found")
        return answer(self._ref(f"refs/{name}", self.seen(f"refs/{name}", sha)))

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
        self._commit(sha)
        self.rules.check_new(name)
        self._move(name, sha, None)
        made = self._ref(name, sha)
        return answer(made, 201, {"Location": made["url"]})

    def patch_ref(self, request: Request, name: str) -> Answer:
        ref, sha = f"refs/{name}", self._commit(request.needs("sha"))
        old = self._refs().get(ref)
        if old is None:
            raise Refusal(422, "Reference does not exist")
        forward = self.store.is_ancestor(old, sha)
        self.rules.check(ref, forced=not forward)
        if not request.fields.get("force") and not forward:
            raise Refusal(422, "Update is not a fast forward")
        if sha != old:
            self._move(ref, sha, old)
        return answer(self._ref(ref, sha))

    def delete_ref(self, _request: Request, name: str) -> Answer:
        ref, old = f"refs/{name}", self._refs().get(f"refs/{name}")
        if old is None:
            raise Refusal(422, "Reference does not exist")
        self.rules.check(ref)
        self._move(ref, None, old)
        return Answer(204)

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
        url = f"{self.site.api}/git/{quote(name)}"
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
        parents = self.store.commit(sha).parents
        rows = differences(self.store, parents[0] if parents else EMPTY, sha)
        added, deleted = sum(row.additions for row in rows), sum(row.deletions for row in rows)
        stats = {"total": added + deleted, "additions": added, "deletions": deleted}
        return answer(self.commit(sha) | {"stats": stats, "files": [row.shown(self.site, sha) for row in rows]})

    def commit(self, sha: str) -> Json:
        """As /commits and /branches show it."""
        commit = self.store.commit(sha)
        inner = self.objects.commit(commit)
        parents, page = inner.pop("parents"), inner.pop("html_url")
        inner["url"], inner["comment_count"] = f"{self.site.api}/git/commits/{sha}", 0
        users = {"author": self._user(commit.author), "committer": self._user(commit.committer)}
        url = f"{self.site.api}/commits/{sha}"
        urls = {"url": url, "html_url": page, "comments_url": f"{url}/comments"}
        named = {"sha": inner.pop("sha"), "node_id": inner.pop("node_id"), **urls}
        return named | {"commit": inner, "parents": parents} | users

    def _user(self, person: Person) -> Json | None:
        """Whose account the address belongs to."""
        login = login_of(person)
        return self.site.user(login) if login else None
