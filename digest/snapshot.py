"""A branch at one commit, as far as it was read, and what would stand in the way of writing there.

Pure: `digest.repository` takes it, the middle reads it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha1
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from digest.proposal import Proposal

FILE, FOLDER, LINK = "100644", "040000", "120000"
_FILES = (FILE, "100755", LINK)
# Where GitHub looks for the README that it shows of a repository, in this order:
# https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-readmes
README_FOLDERS = (".github", "", "docs")
# With the endings that GitHub renders: https://github.com/github/markup#markups
_README = re.compile(
    r"readme(\.(md|mkdn?|mdown|markdown|rst|txt|adoc|asc|asciidoc|org|textile|rdoc|creole|mediawiki|wiki|pod))?",
    re.IGNORECASE,
)
# Rules that no commit through the API breaks, or none that GitHub signs.
_HARMLESS_RULES = {
    *("creation", "deletion", "non_fast_forward", "required_linear_history", "required_signatures"),
    *("branch_name_pattern", "tag_name_pattern"),
}


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
        proposal = self.proposal
        return proposal.files if proposal and proposal.is_shown and not proposal.on_top else self.files

    @property
    def current_entries(self) -> Mapping[str, Entry]:
        """What lies at paths there."""
        carried = self.proposal.carried if self.proposal else {}
        entries = {path: entry for path, entry in (self.entries or {}).items() if carried.get(path) != ""}
        return entries | {path: Entry(FILE, blob) for path, blob in carried.items() if blob}


def name_of_content(content: bytes) -> str:
    """The name that git gives to a file's content."""
    return sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def folders_of(path: str) -> Iterator[str]:
    """The folders on the way to a path, from the root, which is left out."""
    return reversed([str(folder) for folder in PurePosixPath(path).parents if folder.name])


def unwritable(entries: Mapping[str, Entry], path: str) -> str:
    """Why no file can be written at the path; "" where one can. git would replace what is there without a word."""
    if any(entries[folder].mode != FOLDER for folder in folders_of(path) if folder in entries):
        return f"{path} would lie in a file or a link. Name a path through folders only."
    mode = entries[path].mode if path in entries else FILE
    if mode == LINK:
        return f"{path} is a symbolic link. Name the file that it points to instead."
    return "" if mode in _FILES else f"{path} is a folder or a link to somewhere else, not a file."


def second_readme(entries: Mapping[str, Entry], path: str) -> str:
    """Why a new file at the path would be a second README; "" where it would not be one."""
    place = PurePosixPath(path)
    if path in entries or not _README.fullmatch(place.name):
        return ""
    folder = "" if place.parent.name == "" else str(place.parent)
    rivals = README_FOLDERS if folder == "" else (folder,)
    for rival in rivals:
        for other, entry in sorted(entries.items()):
            there, _, name = other.rpartition("/")
            if there == rival and _README.fullmatch(name) and entry.mode in _FILES:
                return (
                    f"{path} is not there, but {other} is: GitHub would show only one of them. Set `readme` to "
                    f"{other}, or make an empty {path} first, if both are wanted."
                )
    return ""


def barrier(snapshot: Snapshot) -> str:
    """Why GitHub may refuse a commit to the branch; "" where nothing is known that it would."""
    rules = sorted(set(snapshot.rules) - _HARMLESS_RULES)
    if rules:
        return f"The branch {snapshot.branch} has rules that may refuse the commit: {', '.join(rules)}."
    if snapshot.protected and not snapshot.rules:
        return (
            f"The branch {snapshot.branch} is protected: where it asks for pull requests or checks, no commit passes."
        )
    return ""
