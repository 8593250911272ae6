"""Files of the GitHub stand-in by path: read as GitHub shows them, written one commit a file.
https://docs.github.com/en/rest/repos/contents"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from sandbox.github.git import Entry, GitError, Store
from sandbox.github.objects import Objects, decoded, encoded
from sandbox.github.wire import Answer, Json, Refusal, Request, Route, Site, answer, route

if TYPE_CHECKING:
    from sandbox.github.rules import Rules

INLINE = 1024 * 1024
RAW = 100 * 1024 * 1024


@dataclass
class Contents:
    site: Site
    store: Store
    objects: Objects
    rules: Rules

    def routes(self) -> list[Route]:
        return [
            route("GET", r"/contents(?:/(.*))?", self.get),
            route("GET", r"/readme", self.get_readme),
            route("PUT", r"/contents/(.+)", self.put),
            route("DELETE", r"/contents/(.+)", self.delete),
        ]

    def get_readme(self, request: Request) -> Answer:
        return self.get(request, "README.md")

    def get(self, request: Request, path: str) -> Answer:
        if not self.store.refs():
            raise Refusal(404, "This repository is empty.")
        ref = request.query.get("ref") or self.site.default_branch
        start = self.store.resolve(ref)
        if start is None:
            raise Refusal(404, f"No commit found for the ref {ref}")
        path = path.strip("/")
        entry = self.store.entry(start, path) if path else Entry("040000", "tree", start, None, "")
        if entry is None:
            raise Refusal(404, "Not Found")
        if entry.kind == "tree":
            return self._folder(request, ref, entry, path)
        return self._leaf(request, ref, start, entry)

    def _leaf(self, request: Request, ref: str, start: str, entry: Entry) -> Answer:
        if entry.kind == "commit":
            return answer(self._about(entry, ref, entry.path) | {"type": "submodule", "submodule_git_url": None})
        if entry.mode != "120000":
            return self._file(request, ref, entry)
        target = self.store.blob(entry.sha).decode()
        found = self.store.entry(start, posixpath.normpath(posixpath.join(posixpath.dirname(entry.path), target)))
        if found is None or found.kind != "blob" or found.mode == "120000":
            return answer(self._about(entry, ref, entry.path) | {"type": "symlink", "target": target})
        followed = Entry(found.mode, found.kind, found.sha, found.size, entry.path)
        return self._file(request, ref, followed)

    def _folder(self, request: Request, ref: str, folder: Entry, path: str) -> Answer:
        kinds = {"tree": "dir", "blob": "file", "commit": "submodule"}
        rows = []
        for entry in self.store.entries(folder.sha):
            kind = "symlink" if entry.mode == "120000" else kinds[entry.kind]
            rows.append(self._about(entry, ref, posixpath.join(path, entry.path)) | {"type": kind})
        if "object" in request.accept:
            return answer(self._about(folder, ref, path) | {"type": "dir", "entries": rows})
        return answer(rows)

    def _file(self, request: Request, ref: str, entry: Entry) -> Answer:
        size = entry.size or 0
        if size > RAW:
            error = {"resource": "Blob", "field": "data", "code": "too_large"}
            raise Refusal(403, "This API returns blobs up to 100 MB in size.", [error])
        if "raw" in request.accept:
            raw_type = "application/vnd.github.raw+json; charset=utf-8"
            return Answer(200, self.store.blob(entry.sha), content_type=raw_type)
        about = self._about(entry, ref, entry.path) | {"type": "file"}
        if size > INLINE:
            return answer(about | {"encoding": "none", "content": ""})
        return answer(about | {"encoding": "base64", "content": encoded(self.store.blob(entry.sha))})

    def _about(self, entry: Entry, ref: str, path: str) -> Json:
        url = f"{self.site.api}/contents/{quote(path)}?ref={quote(ref, safe='')}"
        kind = "tree" if entry.kind == "tree" else "blob"
        git_url = f"{self.site.api}/git/{kind}s/{entry.sha}"
        html_url = f"{self.site.page}/{kind}/{ref}/{quote(path)}"
        raw_url = f"{self.site.server_url}/{self.site.repository}/raw/{ref}/{quote(path)}" if kind == "blob" else None
        links = {"self": url, "git": git_url, "html": html_url}
        urls = {"url": url, "html_url": html_url, "git_url": git_url, "download_url": raw_url, "_links": links}
        return {"name": posixpath.basename(path), "path": path, "sha": entry.sha, "size": entry.size or 0, **urls}

    def put(self, request: Request, path: str) -> Answer:
        message = request.needs("message")
        content = decoded(request.needs("content"), "base64")
        old = self._replaced(request, path)
        mode = old.mode if old else "100644"
        sha = self.store.add_blob(content)
        commit = self._write(request, path, [(mode, sha, path)], message)
        row = self._about(Entry(mode, "blob", sha, len(content), path), self._branch(request), path)
        return answer({"content": row | {"type": "file"}, "commit": commit}, 200 if old else 201)

    def delete(self, request: Request, path: str) -> Answer:
        message = request.needs("message")
        request.needs("sha")
        if self._replaced(request, path) is None:
            raise Refusal(404, "Not Found")
        return answer({"content": None, "commit": self._write(request, path, [("0", None, path)], message)})

    def _branch(self, request: Request) -> str:
        fields = request.body if isinstance(request.body, dict) else request.query
        return str(fields.get("branch") or self.site.default_branch)

    def _replaced(self, request: Request, path: str) -> Entry | None:
        """The file there is now, if its sha is the one that the writer knows."""
        branch = self._branch(request)
        head = self.store.head(branch)
        if head is None and self.store.refs():
            raise Refusal(404, f"Branch {branch} not found")
        old = self.store.entry(head, path) if head else None
        known = request.fields.get("sha")
        if old is not None and known is None:
            raise Refusal(422, 'Invalid request.\n\n"sha" wasn\'t supplied.')
        if known is not None and (old is None or old.sha != known):
            raise Refusal(409, f"{path} does not match {known}")
        return old

    def _write(self, request: Request, path: str, changes: list[tuple[str, str | None, str]], message: str) -> Json:
        ref = f"refs/heads/{self._branch(request)}"
        self.rules.check(ref, 409)
        head = self.store.refs().get(ref)
        if head is None:
            self.rules.check_new(ref, 409)
        base = self.store.commit(head).tree if head else None
        try:
            tree = self.store.add_tree(base, changes)
        except GitError as error:
            raise Refusal(422, f"{path} cannot be written") from error
        sha = self.objects.add_commit(tree, [head] if head else [], message, request.fields)
        self.store.move(ref, sha, head)
        return self.objects.commit(self.store.commit(sha))
