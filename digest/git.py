"""Git's own words: what a tree holds at a path, where a branch stands, what a content is named. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha1
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_HUNK = re.compile(rb"@@ -[0-9,]+ \+([0-9]{1,9})[, ]")
# In the place of bytes that are not UTF-8: which ones they are is lost.
_LOST = re.compile("[\ufffd\ud800-\udfff]")

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
    if _LOST.search(patch):
        return None
    after, before, at = content.split(b"\n"), list[bytes](), 0
    for shown in patch.encode().removesuffix(b"\n").split(b"\n") if patch else ():
        kind, line = shown[:1], shown[1:]
        if hunk := _HUNK.match(shown):
            begins = max(int(hunk[1]) - 1, 0)
            if not at <= begins < len(after):
                return None
            before += after[at:begins]
            at = begins
        elif kind == b"-":
            before.append(line)
        elif kind in (b" ", b"+"):
            if after[at : at + 1] != [line]:
                return None
            before += [line] if kind == b" " else []
            at += 1
        elif kind != b"\\":
            return None
    return b"\n".join(before + after[at:])
