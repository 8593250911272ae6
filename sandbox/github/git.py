"""The bare git repository under the GitHub stand-in. What takes more than to read and write an object, git itself does:
it moves refs, walks histories, compares and merges."""

from __future__ import annotations

import os
import re
import subprocess
import threading
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sandbox.github.loose import FOLDER, Loose, rows_of, tree_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

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
    objects: Loose = field(init=False, repr=False)
    # What git said of objects, which never change, and of the refs, which nobody else moves: a process less each time.
    _said: dict[tuple[str, ...], bytes] = field(default_factory=dict, repr=False)
    _refs: dict[str, str] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.objects = Loose(self.folder / "objects")
        if not (self.folder / "HEAD").exists():
            # What `git init` makes, without its samples of hooks.
            self.objects.folder.mkdir(parents=True)
            (self.folder / "refs").mkdir()
            (self.folder / "config").write_text("[core]\n\trepositoryformatversion = 0\n\tbare = true\n")
            (self.folder / "HEAD").write_text("ref: refs/heads/main\n")
            self._refs = {}

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
        found = self.objects.get(sha) if SHA.fullmatch(sha) else None
        return found[0] if found else None

    def _read(self, kind: str, sha: str) -> bytes:
        found = self.objects.get(sha)
        if found is None or found[0] != kind:
            raise GitError(f"{sha} is no {kind}")
        return found[1]

    def blob(self, sha: str) -> bytes:
        return self._read("blob", sha)

    def add_blob(self, content: bytes) -> str:
        return self.objects.add("blob", content)

    def entries(self, tree: str, recursive: bool = False) -> list[Entry]:
        """What a tree, or a commit's tree, holds; trees too, as GitHub lists them."""
        sha = self.commit(tree).tree if self.kind(tree) == "commit" else tree
        listed = []
        for mode, name, inner in rows_of(self._read("tree", sha)):
            entry = self._entry(mode, inner, name)
            listed.append(entry)
            if recursive and entry.kind == "tree":
                listed += [replace(below, path=f"{name}/{below.path}") for below in self.entries(inner, recursive)]
        return listed

    def _entry(self, mode: str, sha: str, path: str) -> Entry:
        kind = {FOLDER: "tree", "160000": "commit"}.get(mode, "blob")
        return Entry(mode.zfill(6), kind, sha, len(self.blob(sha)) if kind == "blob" else None, path)

    def entry(self, tree: str, path: str) -> Entry | None:
        found = Entry("040000", "tree", tree, None, "")
        for name in path.split("/"):
            below = self.entries(found.sha) if found.kind == "tree" else []
            inner = next((entry for entry in below if entry.path == name), None)
            if inner is None:
                return None
            found = inner
        return replace(found, path=path)

    def add_tree(self, base: str | None, changes: Sequence[tuple[str, str | None, str]]) -> str:
        """A tree like `base`, changed: (mode, sha or None to delete, path)."""
        before = self._files(base) if base else {}
        files = dict(before)
        for mode, sha, path in changes:
            if {"", ".", "..", ".git"} & set(path.lower().split("/")):
                raise GitError(f"{path} is no path in a repository")
            if sha is None:
                gone = [name for name in before if f"{name}/".startswith(f"{path}/")]
                if not gone:
                    raise GitError(f"{path} is not in the base tree")
                files = {name: row for name, row in files.items() if name not in gone}
                continue
            tree = mode == "040000"
            made = {f"{path}/{name}": row for name, row in self._files(sha).items()} if tree else {path: (mode, sha)}
            # A file takes the place of a folder, and a folder that of a file.
            files = {name: row for name, row in files.items() if not any(_clash(name, other) for other in made)} | made
        return self._add_folder(files)

    def _files(self, tree: str) -> dict[str, tuple[str, str]]:
        """Modes and shas by path."""
        return {entry.path: (entry.mode, entry.sha) for entry in self.entries(tree, True) if entry.kind != "tree"}

    def _add_folder(self, files: dict[str, tuple[str, str]]) -> str:
        rows: dict[str, tuple[str, str]] = {}
        folders: dict[str, dict[str, tuple[str, str]]] = {}
        for path, row in files.items():
            name, slash, below = path.partition("/")
            if slash:
                folders.setdefault(name, {})[below] = row
            else:
                rows[name] = row
        rows |= {name: (FOLDER, self._add_folder(below)) for name, below in folders.items()}
        return self.objects.add("tree", tree_of(rows))

    def add_commit(
        self, tree: str, parents: list[str], message: str, author: Person, committer: Person, verified: bool = False
    ) -> str:
        """Written by hand, since GitHub keeps a message to the byte."""
        lines = [f"tree {tree}", *(f"parent {sha}" for sha in parents)]
        lines += [f"author {author.line()}", f"committer {committer.line()}", "", message]
        sha = self.objects.add("commit", "\n".join(lines).encode())
        if verified:
            self.verified.add(sha)
        return sha

    def commit(self, sha: str) -> Commit:
        head, _, message = self._read("commit", sha).decode().partition("\n\n")
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
        waiting, seen = [new], set[str]()
        while waiting and old not in seen:
            sha = waiting.pop()
            if sha not in seen:
                seen.add(sha)
                waiting += self.commit(sha).parents
        return old in seen

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
            moved = self.refs() | {ref: new for ref, new, _ in moves}
            self._refs = {ref: sha for ref, sha in sorted(moved.items()) if sha}
            for ref, new, _ in moves:
                for watcher in self.watchers:
                    watcher(ref, new)

    def changes(self, sha: str) -> dict[str, tuple[int, int]]:
        """Lines added and deleted by path."""
        options = ["--numstat", "--root", "--no-commit-id", "--no-renames", "--text", "-r", "-z"]
        rows = self.git("diff-tree", *options, sha).decode().split("\0")
        parts = [row.split("\t", 2) for row in rows if row]
        return {path: (int(added), int(deleted)) for added, deleted, path in parts}


def _clash(one: str, other: str) -> bool:
    """Whether one path lies in the other."""
    return one.startswith(f"{other}/") or other.startswith(f"{one}/")


def _person(line: str) -> Person:
    name, _, rest = line.partition(" <")
    email, _, date = rest.partition("> ")
    return Person(name, email, datetime.fromtimestamp(int(date.split()[0]), UTC))
