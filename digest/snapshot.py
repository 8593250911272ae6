"""A branch at one commit, as far as it was read. Pure: `digest.repository` takes it, the middle reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.git import FILE, Entry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from digest.proposal import Proposal


@dataclass(frozen=True)
class Snapshot:
    """A branch at one commit, as far as it was read.

    branch: its name
    commit: the commit's sha
    tree: the sha of its tree
    files: the bytes of each path that was asked for; None where there is no file
    entries: what lies on the way to those paths, beside every README, and in the folders `under` which all was asked
        for; None where nobody had to ask
    protected: whether any rule protects the branch, even one that lets every commit pass
    rules: the kinds of the rulesets' rules that hold for it, such as `pull_request`; empty where nobody had to ask
    under: files of which the entries tell, and folders of which they hold everything, "" being the root
    proposal: what a pull request's branch holds besides; None where the branch itself is written
    """

    branch: str
    commit: str
    tree: str
    files: Mapping[str, bytes | None]
    entries: Mapping[str, Entry] | None = None
    protected: bool = False
    rules: tuple[str, ...] = ()
    under: tuple[str, ...] = ()
    proposal: Proposal | None = None

    @property
    def current(self) -> Mapping[str, bytes | None]:
        """What stands at the paths that were read, where the change goes."""
        return self.proposal.files if self.proposal and self.proposal.is_shown else self.files

    @property
    def current_entries(self) -> Mapping[str, Entry]:
        """What lies at paths there."""
        carried = self.proposal.carried if self.proposal else {}
        entries = {path: entry for path, entry in (self.entries or {}).items() if carried.get(path) != ""}
        return entries | {path: Entry(FILE, blob) for path, blob in carried.items() if blob}
