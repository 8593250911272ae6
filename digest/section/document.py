"""A Markdown file with a section in it: bytes are read once into a Document, and a new section gives bytes again.

Nothing outside the section's two markers is ever changed; what is not UTF-8 there survives as it is.
"""

from __future__ import annotations

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from digest.errors import BrokenSection, NotUtf8
from digest.section import section as sections
from digest.section.markers import markers
from digest.section.section import Section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.papers import Bounds
    from digest.section.markers import Marker


@dataclass(frozen=True)
class Document:
    """A file as it stands.

    path: in the repository
    name: the section's name
    text: the whole file
    start: where the start marker ends; None where the file has no section yet
    end: where the end marker begins
    section: what stands between them
    open_fence: the line of a code block outside of the section that never ends, None where there is none
    standing: the file on the branch that is written, where that is not the one that is read; None where it is
    """

    path: str
    name: str
    text: str
    start: int | None
    end: int
    section: Section
    open_fence: int | None = None
    standing: Document | None = None

    @property
    def has_section(self) -> bool:
        return self.start is not None

    @property
    def current(self) -> Document:
        """The file as it stands where it is written."""
        return self.standing or self

    def written_by(self, app: str) -> Document:
        """The file, which remembers that this app's token writes it."""
        section = replace(self.section, memory=self.section.memory.with_app(app))
        return replace(self, section=section)

    def with_section(self, section: Section) -> str:
        """The file's text with another section, appended at the end where it has none yet."""
        content = sections.write(self.name, section)
        if self.start is not None:
            newline = "\r\n" if self.text.startswith("\r\n", self.start) else "\n"
            inside = f"\n{content}\n\n".replace("\n", newline)
            return f"{self.text[: self.start]}{inside}{self.text[self.end :]}"
        gap = "" if not self.text else "\n" if self.text.endswith("\n") else "\n\n"
        return f"{self.text}{gap}<!-- {self.name}:start -->\n{content}\n\n<!-- {self.name}:end -->\n"


def as_text(content: bytes, path: str) -> str:
    """The text of a file that may be nothing but UTF-8. NotUtf8 where it is something else."""
    _refuse_wide(content, path)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        raise NotUtf8(f"{path}, line {line}: this is not UTF-8. Save the file as UTF-8.") from None


def _refuse_wide(content: bytes, path: str) -> None:
    """UTF-16 and UTF-32 begin with a mark, or hold NUL bytes beside every Latin letter; a stray one is neither."""
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) or content.count(b"\0") * 4 > len(content):
        raise NotUtf8(f"{path} is UTF-16 or UTF-32, or no text at all. Save it as UTF-8; nothing was written.")


def parse(content: bytes | None, path: str, name: str, bounds: Bounds) -> Document:
    """The file with its section. BrokenSection where the markers do not enclose one, NotUtf8 where they cannot."""
    _refuse_wide(content or b"", path)
    text = (content or b"").decode("utf-8", "surrogateescape")
    found, fence = markers(text, name)
    if not found:
        return Document(path, name, text, None, len(text), Section(), fence)
    if [marker.kind for marker in found] != ["start", "end"]:
        raise BrokenSection(f"{path}, {_complaint(found, name)}")
    start, end = found[0].end, found[1].begin
    inside = text[start:end].replace("\r\n", "\n")
    return Document(path, name, text, start, end, sections.read(inside, name, bounds), fence)


def outside(content: bytes | None, name: str) -> str:
    """What stands around the section, whatever the blanks next to it; the whole file where it has no whole section."""
    text = (content or b"").decode("utf-8", "surrogateescape")
    found, _ = markers(text, name)
    if [marker.kind for marker in found] == ["start", "end"]:
        text = f"{text[: found[0].begin].rstrip()}\n{text[found[1].end :].strip()}"
    return text.rstrip()


def encode(text: str) -> bytes:
    """A document's text as the bytes of its file."""
    return text.encode("utf-8", "surrogateescape")


def _complaint(found: Sequence[Marker], name: str) -> str:
    cure = "Keep one of each, the start before the end, or remove them all to have the section appended anew."
    seen: dict[str, int] = {}
    for marker in found:
        kind, line = marker.kind, marker.line
        if kind in seen:
            return f"line {line}: a second <!-- {name}:{kind} -->, the first is in line {seen[kind]}. {cure}"
        if kind == "end" and "start" not in seen:
            return f"line {line}: <!-- {name}:end --> without a <!-- {name}:start --> before it. {cure}"
        seen[kind] = line
    return f"line {seen['start']}: <!-- {name}:start --> without a <!-- {name}:end --> after it. {cure}"
