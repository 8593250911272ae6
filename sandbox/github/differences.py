"""What two commits differ in, as GitHub lists it under `files`; without a patch for what is no text, or too long.
https://docs.github.com/en/rest/commits/commits#compare-two-commits"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.github.git import Store
    from sandbox.github.wire import Json, Site

EMPTY = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"  # the tree without files, which git knows
MOST_LINES = 2000
_STATUS = {"A": "added", "D": "removed", "M": "modified", "T": "changed", "R": "renamed", "C": "copied"}


@dataclass(frozen=True)
class Difference:
    """`former`: the old path of what was renamed; `sha`: the new blob's, of what is gone the old one's."""

    path: str
    former: str | None
    status: str
    sha: str
    additions: int
    deletions: int
    patch: str | None

    def shown(self, site: Site, commit: str) -> Json:
        path = quote(self.path)
        row: Json = {
            "sha": self.sha,
            "filename": self.path,
            "status": self.status,
            "additions": self.additions,
            "deletions": self.deletions,
            "changes": self.additions + self.deletions,
            "blob_url": f"{site.page}/blob/{commit}/{quote(self.path, safe='')}",
            "raw_url": f"{site.page}/raw/{commit}/{quote(self.path, safe='')}",
            "contents_url": f"{site.api}/contents/{path}?ref={commit}",
        }
        if self.patch is not None and self.additions + self.deletions <= MOST_LINES:
            row["patch"] = self.patch
        return row | {"previous_filename": self.former} if self.former else row


def differences(store: Store, old: str, new: str) -> list[Difference]:
    """By path, renames found."""
    shown = ("--raw", "--numstat", "--patch", "--no-abbrev", "-M")
    said, _, patches = (
        store.show("diff-tree", "-r", "-z", *shown, old, new).decode(errors="replace").partition("\0\0diff --git ")
    )
    words = iter(said.split("\0") if said else ())
    rows: list[tuple[str, str, str | None, str]] = []
    counts: dict[str, tuple[int, int]] = {}
    for word in words:
        if word.startswith(":"):
            rows.append(_raw(word, words))
        else:
            added, deleted, path = word.split("\t", 2)
            if not path:
                next(words)
            counts[path or next(words)] = _number(added), _number(deleted)
    parts = iter(patches.split("\ndiff --git "))
    return [
        Difference(path, former, status, sha, *counts[path], _patch(parts, status))
        for path, status, former, sha in rows
    ]


def _patch(parts: Iterator[str], status: str) -> str | None:
    """That of the next row; what became another kind of thing is shown as gone, and then as new."""
    if status == "changed":
        next(parts), next(parts)
        return None
    _, at, hunks = next(parts).rstrip("\n").partition("\n@@ ")
    return f"@@ {hunks}" if at else None


def _raw(word: str, words: Iterator[str]) -> tuple[str, str, str | None, str]:
    _, _, before, after, letter = word.split()
    status, first = _STATUS[letter[0]], next(words)
    moved = letter[0] in "RC"
    sha = before if letter == "D" else after
    return next(words) if moved else first, status, first if moved else None, sha


def _number(count: str) -> int:
    return 0 if count == "-" else int(count)  # "-": bytes that are no text
