"""What the stand-in for GitHub writes and reads by itself is what git says of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from typing import TYPE_CHECKING

import pytest

from sandbox.github.git import GitError, Person, Store

if TYPE_CHECKING:
    from pathlib import Path

MONA = Person("Mona Lisa", "mona@example.org", datetime(2026, 3, 1, tzinfo=UTC))
# A folder's name sorts as if a slash stood behind it: a-b, a.txt, a/, a0.
PATHS = ["a/b/c", "a/é.md", "a-b", "a.txt", "a0", "docs/a b", "docs/ü/ü", "B"]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "repository.git")


def tree(store: Store, *paths: str, base: str | None = None) -> str:
    return store.add_tree(base, [("100644", store.add_blob(path.encode()), path) for path in paths])


def by_git(store: Store, *paths: str, base: str | None = None, gone: tuple[str, ...] = ()) -> str:
    """The tree that git's own index makes."""
    index = str(store.folder / "index")
    (store.folder / "index").unlink(missing_ok=True)
    if base:
        store.git("read-tree", base, GIT_INDEX_FILE=index)
    rows = [f"0 {'0' * 40}\t{path}\0" for path in gone]
    rows += [f"100644 {store.add_blob(path.encode())}\t{path}\0" for path in paths]
    store.git("update-index", "--replace", "-z", "--index-info", feed="".join(rows).encode(), GIT_INDEX_FILE=index)
    return store.text("write-tree", GIT_INDEX_FILE=index)


def test_blobs_trees_and_commits_are_gits(store: Store) -> None:
    made = tree(store, *PATHS)
    first = store.add_commit(made, [], "Héllo\n\n", MONA, MONA)
    store.move("refs/heads/main", store.add_commit(made, [first], "", MONA, MONA), None)

    assert made == by_git(store, *PATHS)
    assert store.text("fsck", "--strict", "--full", "--no-dangling") == ""
    assert store.git("cat-file", "blob", f"{first}:a/é.md") == "a/é.md".encode()
    assert store.text("log", "--format=%H %an <%ae> %at %B", "main^") == f"{first} {MONA.line()[:-6].strip()} Héllo"


@pytest.mark.parametrize("recursive", [True, False])
def test_a_tree_is_listed_as_git_lists_it(store: Store, *, recursive: bool) -> None:
    changes = [("120000", store.add_blob(b"a/b"), "link"), ("100755", store.add_blob(b""), "docs/run")]
    made = store.add_tree(tree(store, *PATHS), [*changes, ("160000", "1" * 40, "module")])

    listed = store.git("ls-tree", "-z", "-l", *(["-r", "-t"] if recursive else []), made).decode().split("\0")[:-1]
    told = [
        f"{one.mode} {one.kind} {one.sha} {'-' if one.size is None else one.size}\t{one.path}"
        for one in store.entries(made, recursive)
    ]
    assert [" ".join(line.split(" ", 3)[:3]) + f" {line.split(' ', 3)[3].lstrip()}" for line in listed] == told
    assert all(store.entry(made, one.path) == one for one in store.entries(made, recursive))


@pytest.mark.parametrize(
    ("added", "gone"),
    [
        (["a"], []),
        (["a.txt/b/c"], []),
        (["a/b"], []),
        (["a/b/c/d", "new"], ["B"]),
        (["B/b"], ["B"]),
        ([], ["a/b/c", "a-b"]),
        ([], PATHS),
    ],
    ids=str,
)
def test_a_tree_is_changed_as_git_changes_it(store: Store, added: list[str], gone: list[str]) -> None:
    base = tree(store, *PATHS)
    changes = [("0", None, path) for path in gone]
    made = store.add_tree(base, changes + [("100644", store.add_blob(path.encode()), path) for path in added])

    assert made == by_git(store, *added, base=base, gone=tuple(gone))


def test_a_folder_goes_and_comes_as_one(store: Store) -> None:
    base = tree(store, *PATHS)
    folder = store.entry(base, "a")
    assert folder

    moved = store.add_tree(base, [("0", None, "a"), ("040000", folder.sha, "z/a")])

    assert store.entry(moved, "a") is None
    assert store.entry(moved, "z/a") == replace(folder, path="z/a")
    assert store.text("fsck", "--strict", "--full", "--no-dangling", moved) == ""


@pytest.mark.parametrize("path", ["", "/a", "a/", "a//b", "./a", "a/../b", ".git/config", "a/.GIT"])
def test_what_git_takes_for_no_path_is_refused(store: Store, path: str) -> None:
    base = tree(store, *PATHS)
    with pytest.raises(GitError):
        tree(store, path, base=base)
    assert by_git(store, path, base=base) == base


def test_what_is_not_there_is_refused(store: Store) -> None:
    base = tree(store, *PATHS)
    with pytest.raises(GitError, match="docs/b is not in the base tree"):
        store.add_tree(base, [("0", None, "docs/b")])
    with pytest.raises(GitError):
        store.blob(base)
    assert [store.kind(name) for name in ("0" * 40, "main", "")] == [None] * 3
    assert [store.entry(base, path) for path in ("", "a/", "a//b", "../a", "a.txt/b", "docs/b")] == [None] * 6


def test_an_object_is_read_that_git_wrote(store: Store) -> None:
    content = bytes(range(256)) * 1000
    sha = store.text("hash-object", "-w", "--stdin", feed=content)

    assert Store(store.folder).blob(sha) == store.blob(sha) == content
    assert store.add_blob(content) == sha


def test_whose_ancestor_a_commit_is(store: Store) -> None:
    made = tree(store, *PATHS)
    first, other = (store.add_commit(made, [], name, MONA, MONA) for name in ("first", "other"))
    second = store.add_commit(made, [first], "second", MONA, MONA)
    both = store.add_commit(made, [second, other], "both", MONA, MONA)

    for old, new in product((first, other, second, both), repeat=2):
        found = store.merge_base(old, new) == old
        assert store.is_ancestor(old, new) == found, (old, new)


def test_refs_are_those_that_git_has(store: Store) -> None:
    made = tree(store, *PATHS)
    first = store.add_commit(made, [], "first", MONA, MONA)
    second = store.add_commit(made, [first], "second", MONA, MONA)
    assert store.refs() == Store(store.folder).refs() == {}

    store.move_all([("refs/tags/v1", first, None), ("refs/heads/main", first, None), ("refs/heads/a", first, None)])
    store.move("refs/heads/main", second, first)
    store.move("refs/heads/a", None, first)
    for wrong in (
        ("refs/heads/main", None, first),
        ("refs/heads/main/b", first, None),
        ("refs/heads/a..b", first, None),
    ):
        with pytest.raises(GitError):
            store.move_all([("refs/heads/c", first, None), wrong])

    assert list(store.refs().items()) == [("refs/heads/main", second), ("refs/tags/v1", first)]
    assert list(Store(store.folder).refs().items()) == list(store.refs().items())
