"""What an image holds. The text of this file is run by the image's own Python, so it imports nothing but Python's.

Prints JSON: every file with its size and time of change, the Python packages with their files, Debian's packages.
"""

from __future__ import annotations

import json
import os
import re
from importlib.metadata import distributions
from importlib.util import cache_from_source
from pathlib import Path

# What whoever runs the container puts there.
_MOUNTED = {"/dev", "/github", "/proc", "/run", "/sys", "/etc/hosts", "/etc/hostname", "/etc/resolv.conf"}


def files() -> dict[str, tuple[int, int]]:
    found = {}
    for folder, folders, names in os.walk("/"):
        folders[:] = [name for name in folders if str(Path(folder, name)) not in _MOUNTED]
        for path in (Path(folder, name) for name in names):
            if str(path) not in _MOUNTED:
                status = path.lstat()
                found[str(path)] = (status.st_size, status.st_mtime_ns)
    return found


def python_packages() -> list[dict[str, object]]:
    found = []
    for package in distributions():
        paths = [Path(str(package.locate_file(file))) for file in package.files or ()]
        paths += [Path(cache_from_source(str(path))) for path in paths if path.suffix == ".py"]
        licence = (package.metadata.get_all("License-Expression") or [None])[0]
        named: dict[str, object] = {"name": package.name, "version": package.version, "licence": licence}
        found.append(named | {"files": [str(path.resolve()) for path in paths]})
    return found


def debian_packages() -> list[dict[str, str]]:
    status = Path("/var/lib/dpkg/status")
    records = status.read_text("utf-8").split("\n\n") if status.exists() else []
    fields = [dict(re.findall(r"(?m)^([A-Z][\w-]*): (.*)$", record)) for record in records]
    keys = {"name": "Package", "version": "Version", "architecture": "Architecture"}
    here = [field for field in fields if field.get("Status", "").endswith(" installed")]
    return [{key: field[name] for key, name in keys.items()} for field in here]


if __name__ == "__main__":
    print(json.dumps({"files": files(), "python": python_packages(), "debian": debian_packages()}))
