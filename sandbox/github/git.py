"""The bare git repository under the GitHub stand-in, driven through the `git` command.
Every object is a real one, so what a test reads back is what git says."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Move = tuple[str, str | None, str | None]  # a full ref, where it goes, where it was

SHA = re.compile(r"[0-9a-f]{40}")


class GitError(Exception):
    """What git had to say."""


@dataclass(frozen=True)
class Person:
    name: str
    email: str
    date: datetime

    def line(self) -> str:
        return f"{self.name} <{self.email}> {int(self.date.timestamp())} +0000"


@dataclass(frozen=True)
class Commit:
    sha: str
    tree: str
    parents: tuple[str, ...]
    author: Person
    committer: Person
    message: str
    verified: bool = False


@dataclass(frozen=True)
class Entry:
    """One line of a tree; `size` is a blob's."""

    mode: str
    kind: str
    sha: str
    size: int | None
    path: str


@dataclass
class Store:
    """A bare repository that nobody else changes; `lock` makes a check and the change after it one step."""

    folder: Path
    lock: threading.RLock = field(default_factory=threading.RLock)
    verified: set[str] = field(default_factory=set)
    previous: dict[str, str] = field(default_factory=dict)  # where a ref stood before its last move
    watchers: list[Callable[[str, str | None], object]] = field(default_factory=list)  # told after each move of a ref
    # What git said of objects, which never change, and of the refs since their last move: a process less each time.
    _said: dict[tuple[str, ...], bytes] = field(default_factory=dict, repr=False)
    _refs: dict[str, str] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if not (self.folder / "HEAD").exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            self.git("init", "--quiet", "--bare", "--initial-branch=main")

    def git(self, *arguments: str, feed: bytes | None = None, **variables: str) -> bytes:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        environment |= {"GIT_DIR": str(self.folder), "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        done = subprocess.run(
            ["git", *arguments],
            input=feed,
            stdin=None if feed is not None else subprocess.DEVNULL,
            capture_output=True,
            env=environment | variables,
            cwd=self.folder,
            check=False,
        )
        if done.returncode:
            raise GitError(done.stderr.decode(errors="replace").strip())
        return done.stdout

    def text(self, *arguments: str, feed: bytes | None = None, **variables: str) -> str:
        return self.git(*arguments, feed=feed, **variables).decode().strip()

    def show(self, *arguments: str) -> bytes:
        """What git says of an object named by its sha."""
        if arguments not in self._said:
            self._said[arguments] = self.git(*arguments)
        return self._said[arguments]

    def refs(self) -> dict[str, str]:
        """Every ref by its full name."""
        with self.lock:
            if self._refs is None:
                lines = self.text("for-each-ref", "--format=%(objectname) %(refname)").splitlines()
                pairs = (line.split(" ", 1) for line in lines)
                self._refs = {name: sha for sha, name in pairs}
            return self._refs

    def head(self, branch: str) -> str | None:
        return self.refs().get(f"refs/heads/{branch}")

    def resolve(self, name: str) -> str | None:
        """The commit or tree that a sha, branch, tag or ref means."""
        refs = self.refs()
        for prefix in ("refs/heads/", "refs/tags/", "refs/", ""):
            if prefix + name in refs:
                return refs[prefix + name]
        return name if self.kind(name) else None

    def kind(self, sha: str) -> str | None:
        """blob, tree or commit; None where there is no such object."""
        if not SHA.fullmatch(sha):
            return None
        try:
            return self.show("cat-file", "-t", sha).decode().strip()
        except GitError:
            return None

    def blob(self, sha: str) -> bytes:
        return self.show("cat-file", "blob", sha)

    def add_blob(self, content: bytes) -> str:
        return self.text("hash-object", "-w", "--stdin", feed=content)

    def entries(self, tree: str, recursive: bool = False) -> list[Entry]:
        """What a tree, or a commit's tree, holds; trees too, as GitHub lists them."""
        lines = self.show("ls-tree", "-z", "-l", *(["-r", "-t"] if recursive else []), tree).split(b"\0")
        return [_entry(line.decode()) for line in lines if line]

    def entry(self, tree: str, path: str) -> Entry | None:
        try:
            lines = self.show("--literal-pathspecs", "ls-tree", "-z", "-l", tree, "--", path).split(b"\0")
        except GitError:  # a path that leaves the repository
            return None
        return _entry(lines[0].decode()) if lines[0] else None

    def add_tree(self, base: str | None, changes: Sequence[tuple[str, str | None, str]]) -> str:
        """A tree like `base`, changed: (mode, sha or None to delete, path)."""
        with tempfile.TemporaryDirectory() as folder:
            index = str(Path(folder) / "index")
            if base:
                self.git("read-tree", base, GIT_INDEX_FILE=index)
            rows = [self._row(base, *change) for change in changes]
            feed = "".join(rows).encode()
            self.git("update-index", "--replace", "-z", "--index-info", feed=feed, GIT_INDEX_FILE=index)
            return self.text("write-tree", GIT_INDEX_FILE=index)

    def _row(self, base: str | None, mode: str, sha: str | None, path: str) -> str:
        if sha is None:
            gone = self.entry(base, path) if base else None
            if gone is None:
                raise GitError(f"{path} is not in the base tree")
            inside = self.entries(gone.sha, recursive=True) if gone.kind == "tree" else []
            paths = [f"{path}/{entry.path}" for entry in inside if entry.kind != "tree"] or [path]
            return "".join(f"0 {'0' * 40}\t{name}\0" for name in paths)
        if mode == "040000":
            files = [entry for entry in self.entries(sha, recursive=True) if entry.kind != "tree"]
            return "".join(f"{entry.mode} {entry.sha}\t{path}/{entry.path}\0" for entry in files)
        return f"{mode} {sha}\t{path}\0"

    def add_commit(
        self, tree: str, parents: list[str], message: str, author: Person, committer: Person, verified: bool = False
    ) -> str:
        """Written by hand, since GitHub keeps a message to the byte."""
        lines = [f"tree {tree}", *(f"parent {sha}" for sha in parents)]
        lines += [f"author {author.line()}", f"committer {committer.line()}", "", message]
        sha = self.text("hash-object", "-w", "-t", "commit", "--stdin", feed="\n".join(lines).encode())
        if verified:
            self.verified.add(sha)
        return sha

    def commit(self, sha: str) -> Commit:
        head, _, message = self.show("cat-file", "commit", sha).decode().partition("\n\n")
        fields: dict[str, list[str]] = {}
        for line in head.splitlines():
            name, _, value = line.partition(" ")
            fields.setdefault(name, []).append(value)
        people = _person(fields["author"][0]), _person(fields["committer"][0])
        parents = tuple(fields.get("parent", []))
        return Commit(sha, fields["tree"][0], parents, *people, message, sha in self.verified)

    def history(self, start: str, path: str = "") -> list[str]:
        """From a commit back to the first, newest first."""
        return self.text("rev-list", "--topo-order", start, *(["--", path] if path else [])).split()

    def between(self, old: str, new: str) -> list[str]:
        """What `new` has that `old` lacks, oldest first."""
        return self.show("rev-list", "--topo-order", "--reverse", f"{old}..{new}").decode().split()

    def merge_base(self, one: str, other: str) -> str | None:
        try:
            return self.show("merge-base", one, other).decode().split()[0]
        except GitError:  # histories that share nothing
            return None

    def is_ancestor(self, old: str, new: str) -> bool:
        try:
            self.git("merge-base", "--is-ancestor", old, new)
        except GitError:
            return False
        return True

    def move(self, ref: str, new: str | None, old: str | None) -> None:
        """Set, make (`old` None) or delete (`new` None) a full ref, only if it still is at `old`."""
        self.move_all([(ref, new, old)])

    def move_all(self, moves: Sequence[Move]) -> None:
        """All of them or none."""
        nothing = "0" * 40
        rows = [f"update {ref}\0{new or nothing}\0{old or nothing}\0" for ref, new, old in moves]
        with self.lock:
            self.git("update-ref", "--stdin", "-z", feed="".join(rows).encode())
            self.previous |= {ref: old or "" for ref, _, old in moves}
            self._refs = None
            for ref, new, _ in moves:
                for watcher in self.watchers:
                    watcher(ref, new)

    def changes(self, sha: str) -> dict[str, tuple[int, int]]:
        """Lines added and deleted by path."""
        options = ["--numstat", "--root", "--no-commit-id", "--no-renames", "--text", "-r", "-z"]
        rows = self.git("diff-tree", *options, sha).decode().split("\0")
        parts = [row.split("\t", 2) for row in rows if row]
        return {path: (int(added), int(deleted)) for added, deleted, path in parts}


def _entry(line: str) -> Entry:
    words, _, path = line.partition("\t")
    mode, kind, sha, size = words.split()
    return Entry(mode, kind, sha, int(size) if size != "-" else None, path)


def _person(line: str) -> Person:
    name, _, rest = line.partition(" <")
    email, _, date = rest.partition("> ")
    return Person(name, email, datetime.fromtimestamp(int(date.split()[0]), UTC))
