"""A branch at one commit, as far as it was read. Pure: `digest.repository` takes it, the middle reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Snapshot:
    """A branch at one commit, as far as it was read.

    branch: its name
    commit: the commit's sha
    tree: the sha of its tree
    files: the bytes of each path that was asked for; None where there is no file
    """

    branch: str
    commit: str
    tree: str
    files: Mapping[str, bytes | None]
