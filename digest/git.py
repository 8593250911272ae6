"""Git's own words: what a tree holds at a path, where a branch stands, what a content is named. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha1
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_HUNK = re.compile(r"@@ -[0-9,]+ \+([0-9]+)")

FILE, EXECUTABLE, FOLDER, LINK = "100644", "100755", "040000", "120000"


@dataclass(frozen=True)
class Entry:
    """What a tree holds at a path.

    mode: what it is, as git writes it
    sha: the name of its content
    """

    mode: str
    sha: str


@dataclass(frozen=True)
class Head:
    """Where a branch stands.

    commit: its newest commit's sha
    tree: the sha of that commit's tree
    protected: whether any rule protects the branch
    """

    commit: str
    tree: str
    protected: bool = False


def name_of_content(content: bytes) -> str:
    """The name that git gives to a file's content."""
    return sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def folders_of(path: str) -> Iterator[str]:
    """The folders on the way to a path, from the root, which is left out."""
    return reversed([str(folder) for folder in PurePosixPath(path).parents if folder.name])


def undone(patch: str, content: bytes) -> bytes | None:
    """The content as it was before the patch made this of it; None where the patch does not fit.

    https://git-scm.com/docs/diff-generate-patch; the lines before the first hunk are left out.
    """
    after, before, at = content.split(b"\n"), list[bytes](), 0
    for shown in patch.removesuffix("\n").split("\n"):
        kind, line = shown[:1], shown[1:].encode(errors="replace")
        if hunk := _HUNK.match(shown):
            begins = int(hunk[1]) - 1
            before += after[at:begins]
            at = begins
        elif kind == "-":
            before.append(line)
        elif kind in (" ", "+"):
            if after[at : at + 1] != [line]:
                return None
            before += [line] if kind == " " else []
            at += 1
    return b"\n".join(before + after[at:])
