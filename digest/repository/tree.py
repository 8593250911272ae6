"""What lies at each path of a commit: https://docs.github.com/en/rest/git/trees#get-a-tree"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from digest.repository.door import required, sha
from digest.snapshot import FOLDER, README_FOLDERS, Entry, folders_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from digest.repository.retry import RetryingClient


def entries_of(
    client: RetryingClient, api: str, tree: str, paths: Iterable[str], *, recursive: bool = False
) -> dict[str, Entry]:
    """What a tree holds, at least at the paths and on the way there; `recursive`: in the folders of READMEs too.

    One request, unless there is more than GitHub lists at once: then one a folder.
    """
    paths = list(paths)
    everything = {"recursive": 1} if recursive or any("/" in path for path in paths) else {}
    entries, is_cut = client.get(_listed, f"{api}/git/trees/{tree}", **everything)
    if not is_cut:
        return entries
    entries, _ = client.get(_listed, f"{api}/git/trees/{tree}")
    # A folder comes before what is in it.
    for folder in sorted(
        {*filter(None, README_FOLDERS), *(on_the_way for path in paths for on_the_way in folders_of(path))}
    ):
        if folder in entries and entries[folder].mode == FOLDER:
            inside, _ = client.get(_listed, f"{api}/git/trees/{entries[folder].sha}")
            entries |= {f"{folder}/{name}": entry for name, entry in inside.items()}
    return entries


def _listed(document: Any) -> tuple[dict[str, Entry], bool]:
    """The entries, and whether there are more."""
    rows = required(document, list, "tree")
    entries = {required(row, str, "path"): Entry(required(row, str, "mode"), sha(row, "sha")) for row in rows}
    return entries, document.get("truncated") is True
