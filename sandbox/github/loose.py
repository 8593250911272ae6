"""Git's objects as files, one each, read and written as git does it, which would start a process for each of them.
https://git-scm.com/book/en/v2/Git-Internals-Git-Objects"""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

FOLDER = "40000"


@dataclass(frozen=True)
class Loose:
    """The objects in a folder, which never change once they are there: `_known` holds those seen, kind and content."""

    folder: Path
    _known: dict[str, tuple[str, bytes]] = field(default_factory=dict, repr=False)

    def add(self, kind: str, content: bytes) -> str:
        whole = f"{kind} {len(content)}\0".encode() + content
        sha = hashlib.sha1(whole, usedforsecurity=False).hexdigest()
        if self.get(sha) is None:
            file = self._file(sha)
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(zlib.compress(whole, 1))
            self._known[sha] = kind, content
        return sha

    def get(self, sha: str) -> tuple[str, bytes] | None:
        """Kind and content; None where there is no such object."""
        if sha not in self._known:
            try:
                head, _, content = zlib.decompress(self._file(sha).read_bytes()).partition(b"\0")
            except FileNotFoundError:
                return None
            self._known[sha] = head.decode().partition(" ")[0], content
        return self._known[sha]

    def _file(self, sha: str) -> Path:
        return self.folder / sha[:2] / sha[2:]


def rows_of(tree: bytes) -> Iterator[tuple[str, str, str]]:
    """Mode, name and sha of each entry."""
    while tree:
        head, _, rest = tree.partition(b"\0")
        mode, _, name = head.decode().partition(" ")
        yield mode, name, rest[:20].hex()
        tree = rest[20:]


def tree_of(rows: Mapping[str, tuple[str, str]]) -> bytes:
    """A tree of modes and shas by name, in git's order: that of bytes, with a slash behind a folder's name."""
    keys = {name: f"{name}/".encode() if mode == FOLDER else name.encode() for name, (mode, _) in rows.items()}
    return b"".join(
        f"{mode} {name}\0".encode() + bytes.fromhex(sha)
        for name, (mode, sha) in sorted(rows.items(), key=lambda row: keys[row[0]])
    )
