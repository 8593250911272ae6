"""What lies at each path of a commit: https://docs.github.com/en/rest/git/trees#get-a-tree"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from digest.errors import GithubFailed
from digest.git import FOLDER, Entry, folders_of
from digest.obstacles import README_FOLDERS
from digest.repository.door import required, sha

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from digest.repository.retry import RetryingClient


def entries_of(
    client: RetryingClient,
    api: str,
    tree: str,
    paths: Iterable[str],
    *,
    recursive: bool = False,
    under: Collection[str] = (),
) -> dict[str, Entry]:
    """What a tree holds, at least at the paths, on the way there, and in the folders `under` which all is wanted;
    `recursive`: in the folders of READMEs too.

    One request, unless there is more than GitHub lists at once: then one a folder. GithubFailed where all that is
    wanted of one folder is more than that.
    """
    paths = list(paths)
    everything = {"recursive": 1} if recursive or under or any("/" in path for path in paths) else {}
    entries, is_cut = client.get(_listed, f"{api}/git/trees/{tree}", **everything)
    if not is_cut:
        return entries
    if "" in under:
        raise _too_many("The branch")
    entries, _ = client.get(_listed, f"{api}/git/trees/{tree}")
    on_the_way = {folder for path in (*paths, *under) for folder in folders_of(path)}
    # A folder comes before what is in it.
    for folder in sorted({*filter(None, README_FOLDERS), *on_the_way, *under}):
        if folder in entries and entries[folder].mode == FOLDER:
            everything = {"recursive": 1} if folder in under else {}
            inside, is_cut = client.get(_listed, f"{api}/git/trees/{entries[folder].sha}", **everything)
            if is_cut and folder in under:
                raise _too_many(folder)
            entries |= {f"{folder}/{name}": entry for name, entry in inside.items()}
    return entries


def _too_many(folder: str) -> GithubFailed:
    return GithubFailed(
        f"files: {folder} holds more files than GitHub lists at once, so that nobody can tell which of an archive are "
        "there. Give the archive a folder of its own."
    )


def _listed(document: Any) -> tuple[dict[str, Entry], bool]:
    """The entries, and whether there are more."""
    rows = required(document, list, "tree")
    entries = {required(row, str, "path"): Entry(required(row, str, "mode"), sha(row, "sha")) for row in rows}
    return entries, document.get("truncated") is True
