"""What would stand in the way of writing to a branch, told before it is tried. Pure."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from digest.git import EXECUTABLE, FILE, FOLDER, LINK, folders_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from digest.git import Entry
    from digest.snapshot import Snapshot

_FILES = (FILE, EXECUTABLE, LINK)
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
