"""Git data of the GitHub stand-in: blobs, trees and commits, read and made.
https://docs.github.com/en/rest/git"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sandbox.github.git import SHA, Commit, Entry, GitError, Person, Store
from sandbox.github.wire import BOT, Answer, Json, Refusal, Request, Route, Site, answer, route, stamp

if TYPE_CHECKING:
    from collections.abc import Sequence

MODES = {"100644": "blob", "100755": "blob", "120000": "blob", "040000": "tree", "160000": "commit"}
MOST = 40 * 1024 * 1024
LINE = 60
WEB = "noreply@github.com"  # who commits for people on github.com, and signs
TOO_LARGE = (
    "Sorry, your input was too large to process. Consider creating the blob in a local clone "
    "of the repository and then pushing it to GitHub."
)


@dataclass
class Objects:
    site: Site
    store: Store

    def routes(self) -> list[Route]:
        return [
            route("GET", r"/git/blobs/(.+)", self.get_blob),
            route("POST", r"/git/blobs", self.post_blob),
            route("GET", r"/git/trees/(.+)", self.get_tree),
            route("POST", r"/git/trees", self.post_tree),
            route("GET", r"/git/commits/(.+)", self.get_commit),
            route("POST", r"/git/commits", self.post_commit),
        ]

    def get_blob(self, request: Request, sha: str) -> Answer:
        if self.store.kind(sha) != "blob":
            raise Refusal(404, "Not Found")
        content = self.store.blob(sha)
        if "raw" in request.accept:
            return Answer(200, content, content_type="application/vnd.github.raw+json; charset=utf-8")
        shown = {"size": len(content), "encoding": "base64", "content": encoded(content)}
        return answer(self._named("blobs", sha) | shown)

    def post_blob(self, request: Request) -> Answer:
        content = decoded(request.needs("content"), request.fields.get("encoding", "utf-8"))
        sha = self.store.add_blob(content)
        return self._made({"sha": sha, "url": f"{self.site.api}/git/blobs/{sha}"})

    def get_tree(self, request: Request, name: str) -> Answer:
        sha = self.store.resolve(name)
        if sha is None or self.store.kind(sha) == "blob":
            raise Refusal(404, "Not Found")
        tree = self.store.commit(sha).tree if self.store.kind(sha) == "commit" else sha
        return answer(self._tree(tree, bool(request.query.get("recursive"))))

    def post_tree(self, request: Request) -> Answer:
        base, wanted = request.fields.get("base_tree"), request.needs("tree")
        if base is not None and self.store.kind(str(base)) != "tree":
            raise Refusal(422, "base_tree is not a valid tree oid")
        if not isinstance(wanted, list) or not wanted:
            raise Refusal(422, "Invalid tree info")
        changes = [self._change(item) for item in wanted]
        try:
            tree = self.store.add_tree(base, changes)
        except GitError as error:
            raise Refusal(422, "GitRPC::BadObjectState") from error
        return self._made(self._tree(tree, recursive=False))

    def _change(self, item: Any) -> tuple[str, str | None, str]:
        path, mode = str(item.get("path") or ""), str(item.get("mode") or "")
        parts = path.split("/")
        if not path or path.startswith("/"):
            raise Refusal(422, "tree.path cannot start with a slash" if path else "tree.path is missing")
        if {"", ".", "..", ".git"} & set(parts):
            raise Refusal(422, "tree.path contains a malformed path component")
        if mode not in MODES:
            raise Refusal(422, "Must supply a valid tree.mode")
        if "content" in item and "sha" in item:
            raise Refusal(422, "Must supply either tree.sha or tree.content")
        if "content" in item:
            return mode, self.store.add_blob(decoded(item["content"], "utf-8")), path
        if "sha" not in item:
            raise Refusal(422, "Must supply tree.sha or tree.content")
        return mode, self._known(item["sha"], MODES[mode]), path

    def _known(self, sha: str | None, kind: str) -> str | None:
        if sha is not None and kind != "commit" and self.store.kind(sha) != kind:
            raise Refusal(422, f"tree.sha {sha} is not a valid {kind}")
        return sha

    def get_commit(self, _request: Request, sha: str) -> Answer:
        if self.store.kind(sha) != "commit":
            raise Refusal(404, "Not Found")
        return answer(self.commit(self.store.commit(sha)))

    def post_commit(self, request: Request) -> Answer:
        message, tree, parents = request.needs("message"), request.needs("tree"), request.fields.get("parents") or []
        self._check_history(tree, parents)
        sha = self.add_commit(tree, parents, message, request.fields)
        return self._made(self.commit(self.store.commit(sha)))

    def _check_history(self, tree: Any, parents: Any) -> None:
        for sha in (tree, *parents):
            if not SHA.fullmatch(str(sha)):
                raise Refusal(422, "The tree and parents parameters must be exactly 40 characters of hex")
        if self.store.kind(tree) is None:
            raise Refusal(422, "Tree SHA does not exist")
        if self.store.kind(tree) != "tree":
            raise Refusal(422, "Tree SHA is not a tree object")
        if any(self.store.kind(sha) != "commit" for sha in parents):
            raise Refusal(422, "Parent SHA does not exist or is not a commit object")

    def add_commit(self, tree: str, parents: Sequence[str], message: str, fields: Json) -> str:
        """Signed only for a bot that names no author and no committer."""
        given = [fields.get("author"), fields.get("committer")]
        signed = self.site.is_bot and given == [None, None]
        author = _person(given[0]) or self.myself()
        web = Person("GitHub", WEB, author.date)
        committer = web if signed else _person(given[1]) or author
        return self.store.add_commit(tree, list(parents), message, author, committer, signed)

    def myself(self) -> Person:
        """The token's owner."""
        return person(self.site.actor)

    def commit(self, commit: Commit) -> Json:
        """As /git/commits shows it."""
        parents = [
            {"sha": sha, "url": f"{self.site.api}/git/commits/{sha}", "html_url": f"{self.site.page}/commit/{sha}"}
            for sha in commit.parents
        ]
        return {
            **self._named("commits", commit.sha),
            "html_url": f"{self.site.page}/commit/{commit.sha}",
            "author": _shown(commit.author),
            "committer": _shown(commit.committer),
            "tree": {"sha": commit.tree, "url": f"{self.site.api}/git/trees/{commit.tree}"},
            "message": commit.message,
            "parents": parents,
            "verification": {
                "verified": commit.verified,
                "reason": "valid" if commit.verified else "unsigned",
                "signature": "-----BEGIN PGP SIGNATURE-----" if commit.verified else None,
                "payload": None,
                "verified_at": stamp(commit.committer.date) if commit.verified else None,
            },
        }

    def _tree(self, sha: str, recursive: bool) -> Json:
        rows = [self._row(entry) for entry in self.store.entries(sha, recursive)]
        return {"sha": sha, "url": f"{self.site.api}/git/trees/{sha}", "tree": rows, "truncated": False}

    def _row(self, entry: Entry) -> Json:
        row: Json = {"path": entry.path, "mode": entry.mode, "type": entry.kind, "sha": entry.sha}
        if entry.size is not None:
            row["size"] = entry.size
        if entry.kind != "commit":
            row["url"] = f"{self.site.api}/git/{entry.kind}s/{entry.sha}"
        return row

    def _named(self, kind: str, sha: str) -> Json:
        return {"sha": sha, "node_id": f"O_{sha[:12]}", "url": f"{self.site.api}/git/{kind}/{sha}"}

    def _made(self, shown: Json) -> Answer:
        return answer(shown, 201, {"Location": shown["url"]})


def decoded(content: Any, encoding: Any) -> bytes:
    """The bytes of a blob as sent."""
    if encoding not in {"utf-8", "base64"}:
        raise Refusal(422, "encoding must be utf-8 or base64")
    try:
        data = str(content).encode() if encoding == "utf-8" else base64.b64decode(_bare(content), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refusal(422, "content is not valid Base64") from error
    if len(data) > MOST:
        raise Refusal(422, TOO_LARGE)
    return data


def encoded(content: bytes) -> str:
    """Base64 as GitHub sends it: 60 characters a line."""
    text = base64.b64encode(content).decode()
    return "".join(f"{text[start : start + LINE]}\n" for start in range(0, len(text), LINE))


def _bare(content: Any) -> bytes:
    return b"".join(str(content).encode().split())


def person(login: str) -> Person:
    """An account's owner, by the address that GitHub gives everybody."""
    number = "41898282+" if login == BOT else ""
    return Person(login, f"{number}{login}@users.noreply.github.com", datetime.now(UTC))


def login_of(who: Person) -> str | None:
    """The account that an address belongs to; None where GitHub knows none."""
    if who.email == WEB:
        return "web-flow"
    name, _, host = who.email.partition("@")
    return name.rpartition("+")[2] if host == "users.noreply.github.com" else None


def _person(given: Any) -> Person | None:
    if not isinstance(given, dict):
        return None
    date = datetime.fromisoformat(given["date"]) if given.get("date") else datetime.now(UTC)
    return Person(str(given["name"]), str(given["email"]), date)


def _shown(person: Person) -> Json:
    return {"name": person.name, "email": person.email, "date": stamp(person.date)}
