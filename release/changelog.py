"""CHANGELOG.md -> what one release says of itself. The form: https://keepachangelog.com/en/1.1.0/

`python -m release.changelog 1.2.3 IMAGE REPOSITORY` prints the release's notes.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

from release.pinned import by_digest
from release.version import Refused, Version, printed

CHANGELOG = Path("CHANGELOG.md")
_HEADING = re.compile(r"## \[?(?P<name>[^\]\s]+)\]?(?: - (?P<date>\S+))?\s*")
_DEFINITION = re.compile(r"\[(?P<label>[^\]]+)\]: \S+.*")
_VERIFY = """\
This is the image that runs, and how to check that this release's workflow built it:

```sh
gh attestation verify oci://{image} --repo {repository} \\
  --signer-workflow {repository}/.github/workflows/release.yml --source-ref refs/tags/{tag}
```"""
_FENCE = re.compile(r" {0,3}(```+|~~~+)")


@dataclass(frozen=True)
class Entry:
    """A heading and what stands under it, down to the next one."""

    line: int
    name: str
    date: str | None
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(line for line in self.lines if not _DEFINITION.fullmatch(line)).strip()


def entries(changelog: str) -> list[Entry]:
    """In the file's order: `Unreleased`, then the newest release first. Headings within code are text."""
    lines = changelog.splitlines()
    starts, fence = [], None
    for number, line in enumerate(lines):
        mark = _FENCE.match(line)
        if mark and fence is None:
            fence = mark[1]
        elif mark and fence and line.strip().startswith(fence):
            fence = None
        elif fence is None and (heading := _HEADING.fullmatch(line)):
            starts.append((number, heading))
    bounds = pairwise([*(number for number, _ in starts), len(lines)])
    return [
        Entry(start + 1, heading["name"], heading["date"], tuple(lines[start + 1 : end]))
        for (start, end), (_, heading) in zip(bounds, starts, strict=True)
    ]


def entry(changelog: str, version: Version) -> Entry:
    """The release's own: the first below `Unreleased`, with its day and something to say."""
    released = [found for found in entries(changelog) if found.name.lower() != "unreleased"]
    wanted = f"## [{version}] - YYYY-MM-DD"
    named = [found for found in released if found.name == str(version)]
    if not named:
        raise Refused(f"{CHANGELOG} has no heading `{wanted}`")
    if len(named) > 1:
        raise Refused(f"{CHANGELOG}, line {named[1].line}: {version} has a heading already, in line {named[0].line}")
    found = named[0]
    if found is not released[0]:
        raise Refused(
            f"{CHANGELOG}, line {found.line}: {version} stands below {released[0].name}: the newest goes on top"
        )
    if not _is_day(found.date):
        raise Refused(f"{CHANGELOG}, line {found.line}: the heading needs its day: `{wanted}`")
    if not re.sub(r"(?m)^#+ .*$", "", found.text).strip():
        raise Refused(f"{CHANGELOG}, line {found.line}: nothing is said of {version}")
    return found


def notes(changelog: str, version: Version, image: str, repository: str) -> str:
    """The entry, with the links that it names, and how anybody checks where the image, by digest, comes from.

    The command names the workflow that signs and the tag that it ran for; else any workflow of the repository would do:
    https://cli.github.com/manual/gh_attestation_verify
    """
    text = entry(changelog, version).text
    definitions = [found for line in changelog.splitlines() if (found := _DEFINITION.fullmatch(line))]
    verify = _VERIFY.format(image=by_digest(image), repository=repository, tag=version.tag)
    links = "\n".join(found[0] for found in definitions if f"[{found['label']}]" in text)
    return "\n\n".join(filter(None, (text, links, verify))) + "\n"


def _is_day(text: str | None) -> bool:
    try:
        return text is not None and date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def main(version: str, image: str, repository: str) -> int:
    return printed(lambda: notes(CHANGELOG.read_text("utf-8"), Version.parse(version), image, repository))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
