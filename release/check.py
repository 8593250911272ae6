"""May this commit be released under this tag? Every fault at once, before anything is built.

`python -m release.check v1.2.3`, in a clone with all tags.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

from release.changelog import CHANGELOG, entry
from release.pinned import ACTION, BUILT
from release.version import Refused, Version

_FROM = re.compile(r"(?im)^FROM (?:--\S+ )*(?P<image>\S+)(?: AS (?P<stage>\S+))?\s*$")
_BY_DIGEST = re.compile(r"\S+@sha256:(?!0{64})[0-9a-f]{64}", re.ASCII)
# What stands for the account's name until there is one.
_PLACEHOLDER = re.compile(r"\bOWNER/daily-papers\b")


def requested(tag: str) -> Version:
    if not tag.startswith("v"):
        raise Refused(f"{tag!r} asks for no release: push a tag such as v1.2.3")
    return Version.parse(tag.removeprefix("v"))


def faults(root: Path, version: Version) -> list[str]:
    """In the order in which a maintainer mends them."""
    return [*_numbers(root, version), *_changelog(root, version), *_image(root), *_placeholders(root)]


def _numbers(root: Path, version: Version) -> list[str]:
    found = []
    told = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    if told != str(version):
        found.append(f"pyproject.toml says version {told}, the tag says {version}")
    # The tag that asks is one of them.
    newest = max((other for other in released(root) if other != version), default=None)
    if newest and version < newest:
        found.append(f"{newest.tag} is out already: a release's number is higher than all before it")
    # It moves to a commit later, which GitHub may not take for a step forward from an annotated one.
    if _git(root, "cat-file", "-t", f"refs/tags/{version.tag}").stdout.strip() == "tag":
        found.append(f"{version.tag} is annotated or signed: delete it and make a plain one, git tag --no-sign")
    if not _on_main(root):
        found.append("the commit is not on the main branch: merge it first")
    return found


def released(root: Path) -> list[Version]:
    """By the tags that the clone has."""
    versions = []
    for tag in _git(root, "tag", "--list", "v*").stdout.split():
        try:
            versions.append(Version.parse(tag[1:]))
        except Refused:  # v1, which follows
            continue
    return versions


def _on_main(root: Path) -> bool:
    return _git(root, "merge-base", "--is-ancestor", "HEAD", "refs/remotes/origin/main").returncode == 0


def _changelog(root: Path, version: Version) -> list[str]:
    file = root / CHANGELOG
    if not file.is_file():
        return [f"{CHANGELOG} is missing"]
    try:
        entry(file.read_text("utf-8"), version)
    except Refused as refused:
        return [str(refused)]
    return []


def _image(root: Path) -> list[str]:
    found = []
    stages: set[str] = set()
    text = (root / "Dockerfile").read_text("utf-8")
    for source in _FROM.finditer(text):
        line = text.count("\n", 0, source.start()) + 1
        if source["image"] not in stages and not _BY_DIGEST.fullmatch(source["image"]):
            found.append(f"Dockerfile, line {line}: {source['image']} is not pinned: write its digest, name@sha256:...")
        stages.add(source["stage"])
    if (root / ACTION).read_text("utf-8").splitlines().count(BUILT) != 1:
        found.append(f"{ACTION} needs the line `{BUILT}` once; the release writes the digest there itself")
    return found


def _placeholders(root: Path) -> list[str]:
    """In what people read and copy, and where arXiv is told who asks."""
    found = []
    for name in _git(root, "ls-files", "*.md", "digest/*.py", "examples/*.yml", ".github/*.yml").stdout.splitlines():
        lines = (root / name).read_text("utf-8").splitlines()
        numbers = [number for number, line in enumerate(lines, 1) if _PLACEHOLDER.search(line)]
        if numbers:
            more = f" and {len(numbers) - 1} more" if numbers[1:] else ""
            found.append(f"{name}, line {numbers[0]}{more}: write the account's name for OWNER")
    return found


def _git(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, encoding="utf-8", check=False)


def main(tag: str) -> int:
    try:
        found = faults(Path.cwd(), requested(tag))
    except Refused as refused:
        found = [str(refused)]
    for fault in found:
        print(f"::error::{fault}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
