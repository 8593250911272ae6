"""What an image holds above its base, and which package costs how much."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    # By path: size and time of change.
    Files = Mapping[str, list[int]]

MOST = 60_000_000
OURS = "Daily Papers"
PYTHON = "Python's own modules, compiled"
OTHER = "other"


def added(held: Files, base: Files) -> dict[str, int]:
    """The bytes of each file that the base has not, or has otherwise."""
    return {path: size for path, (size, time) in held.items() if base.get(path) != [size, time]}


def total(files: Mapping[str, int]) -> int:
    return sum(files.values())


def shares(files: Mapping[str, int], packages: Iterable[Mapping[str, Any]]) -> list[tuple[str, int]]:
    """Every byte has an owner; the largest comes first."""
    owners = {path: f"{package['name']} {package['version']}" for package in packages for path in package["files"]}
    sizes: Counter[str] = Counter()
    for path, size in files.items():
        sizes[owners.get(path) or _owner(path)] += size
    return sizes.most_common()


def _owner(path: str) -> str:
    if path.startswith("/action/"):
        return OURS
    return PYTHON if path.startswith("/usr/local/lib/python") and "/site-packages/" not in path else OTHER


def table(files: Mapping[str, int], packages: Iterable[Mapping[str, Any]]) -> str:
    rows = [f"| {name} | {size / 1e6:.2f} |" for name, size in shares(files, packages)]
    rows.append(f"| **all above the base** | **{total(files) / 1e6:.2f}** |")
    return "\n".join(("| package | MB |", "| --- | --- |", *rows))
