"""A stand-in for GitHub's API: a real HTTP server on this machine over a real bare git repository.
`with GithubStandIn(folder) as github:` serves `github.repository` at `github.url`.
See faults.py for how it fails, and people.py for what others do meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from sandbox.github.branches import Branches
from sandbox.github.comments import Comments
from sandbox.github.compare import Compare
from sandbox.github.contents import Contents
from sandbox.github.faults import Faults
from sandbox.github.gate import admit, permit
from sandbox.github.git import Commit, Person, Store
from sandbox.github.graphql import Graphql
from sandbox.github.issues import Comment, Issue, Issues
from sandbox.github.objects import Objects
from sandbox.github.people import People
from sandbox.github.pull_request import PullRequest
from sandbox.github.pull_requests import PullRequests
from sandbox.github.pulls import Pulls
from sandbox.github.rules import Rules
from sandbox.github.server import Server
from sandbox.github.wire import Answer, Refusal, Request, Route, Site, answer, refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from ssl import SSLContext
    from types import TracebackType

__all__ = ["Comment", "GithubStandIn", "Issue", "Request"]


class GithubStandIn(People):
    """One repository, its issues, and everything that was asked; settings may change at any time (see Site)."""

    def __init__(
        self,
        folder: Path,
        files: Mapping[str, bytes] | None = None,
        *,
        empty: bool = False,
        prefix: str = "",
        tls: SSLContext | None = None,
    ) -> None:
        """`files`: the first commit (by default a README). `prefix`: of the API, `/api/v3` on Enterprise Server."""
        Site.__init__(self)
        Faults.__init__(self)
        self.store = Store(folder)
        self.prefix = prefix
        self.requests: list[Request] = []
        self.broken: list[BaseException] = []  # what failed in the stand-in or in a hook: raised on leaving
        self._issues = Issues(self)
        self._comments = Comments(self, self._issues)
        self._pulls = PullRequests(self, self.store, self._issues)
        pulls = Pulls(self, self.store, self._issues, self._pulls)
        objects, rules = Objects(self, self.store), Rules(self, self.store)
        branches = Branches(self, self.store, objects, rules)
        contents = Contents(self, self.store, objects, rules)
        compare = Compare(self, self.store, branches)
        parts = (objects, rules, branches, compare, contents, pulls, self._issues, self._comments)
        self._routes: list[Route] = [route for part in parts for route in part.routes()]
        self._graphql = Graphql(self, self.store, rules)
        if not empty and not self.store.refs():
            self._first_commit(files if files is not None else {"README.md": b"# Papers\n"})
        self._server = Server(self, tls)
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self._server.server_port}{prefix}"

    def _first_commit(self, files: Mapping[str, bytes]) -> None:
        rows = [("100644", self.store.add_blob(content), path) for path, content in files.items()]
        mona = Person("Mona Lisa", "mona@example.org", datetime.now(UTC))
        sha = self.store.add_commit(self.store.add_tree(None, rows), [], "First commit", mona, mona)
        self.store.move(f"refs/heads/{self.default_branch}", sha, None)

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        if self.broken and error is None:
            raise self.broken[0]

    def close(self) -> None:
        """Ends every connection, waiting ones too."""
        self._server.stop()

    def respond(self, request: Request) -> Answer:
        """One request's effect and its answer, one at a time."""
        start = f"/repos/{self.repository}".lower()
        inside = request.path[len(start) :] if request.path.lower().startswith(start) else None
        with self.store.lock:
            try:
                admit(self, request, len(self.requests))
                if request.path == "/user":
                    return self._owner(request)
                if (request.verb, request.path) == ("POST", self.prefix.removesuffix("/v3") + "/graphql"):
                    return self._graphql.post(request)
                for route in self._routes if inside is not None else []:
                    parts = route.match(request.verb, inside or "")
                    if parts is not None:
                        permit(self, request, route.permission)
                        return self._answer(route, request, parts)
            except Refusal as refused:
                return refused.answer
        return refusal(404, "Not Found")

    def _owner(self, request: Request) -> Answer:
        """Whose token it is: https://docs.github.com/en/rest/users/users#get-the-authenticated-user"""
        if "authorization" not in request.headers:
            raise Refusal(401, "Requires authentication")
        if self.is_bot:
            raise Refusal(403, "Resource not accessible by integration")
        return answer(self.account(self.actor))

    def _answer(self, route: Route, request: Request, parts: list[str]) -> Answer:
        if "/git/" in request.path and not self.store.refs():
            raise Refusal(409, "Git Repository is empty.")
        return route.handler(request, *parts)

    @property
    def issues(self) -> list[Issue]:
        """The issues themselves, oldest first, without pull requests."""
        return [issue for issue in self._issues.issues if not isinstance(issue, PullRequest)]

    @property
    def comments(self) -> list[Comment]:
        """The comments of all issues and pull requests that are there, oldest first."""
        return sorted((one for issue in self._issues.issues for one in issue.comments), key=lambda one: one.id)

    @property
    def labels(self) -> list[str]:
        return list(self._issues.labels.values())

    def open_issue(
        self,
        title: str,
        body: str = "",
        labels: tuple[str, ...] = (),
        user: str = "mona",
        association: str = "NONE",
    ) -> Issue:
        """An issue of somebody else's; `association` says whether they may write, as COLLABORATOR."""
        with self.store.lock:
            return self._issues.add(title, body, list(labels), user, association)

    def comment(self, issue: Issue, body: str, user: str = "mona", association: str = "NONE") -> Comment:
        """A comment of somebody else's."""
        with self.store.lock:
            return self._comments.add(issue, body, user, association)

    def remove_issue(self, issue: Issue, moved_to: str = "") -> None:
        """Deletes an issue, or moves it to another repository, whose API address of it is given."""
        with self.store.lock:
            self._issues.remove(issue, moved_to)

    def read(self, path: str, branch: str | None = None) -> bytes | None:
        """A file as the branch has it; None where there is none."""
        head = self.store.head(branch or self.default_branch)
        entry = self.store.entry(head, path) if head else None
        return self.store.blob(entry.sha) if entry else None

    def mode_of(self, path: str, branch: str | None = None) -> str | None:
        head = self.store.head(branch or self.default_branch)
        entry = self.store.entry(head, path) if head else None
        return entry.mode if entry else None

    def log(self, branch: str | None = None) -> list[Commit]:
        """The branch's commits, newest first."""
        head = self.store.head(branch or self.default_branch)
        return [self.store.commit(sha) for sha in self.store.history(head)] if head else []

    def commit_stat(self, sha: str) -> dict[str, tuple[int, int]]:
        """Lines added and deleted by path."""
        return self.store.changes(sha)
