"""A path of the input `files` -> the paths that it stands for: one a keyword, one a month. Pure.

A name made of a heading is valid on every system and depends on no other heading. What Windows refuses:
https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING
from unicodedata import normalize

from digest.papers import Month
from digest.text.plain_text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


# Systems allow 255 bytes, some that encrypt names 143; the rest is for the ending and for what stands around it.
_LONGEST = 100
_PLACE = re.compile(r"\{\{ *(\w+) *\}\}")
_DIGITS = {"year": "[0-9]{4}", "month": "[0-9]{2}"}
# What some system forbids in a name, and `~`, with which Windows abbreviates names and Git refuses some.
_FORBIDDEN = re.compile(r'[/\\:*?"<>|~\x00-\x1f\x7f]+')
# Hidden names, options of commands, and what Jekyll passes over; ends that Windows cuts off.
_START, _END = " .-_#", " ."
_RESERVED = re.compile(r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³])(?= *(?:\.|$))", re.IGNORECASE)


def places(pattern: str) -> frozenset[str]:
    """The names between double braces: `heading`, `year`, `month`, or whatever else is written there."""
    return frozenset(_PLACE.findall(pattern))


def filled(pattern: str, *, heading: str = "", month: Month | None = None) -> str:
    """The path for a heading, a month or both."""
    values = {"heading": name_of(heading)} if heading else {}
    if month:
        values |= {"year": f"{month.year:04}", "month": f"{month.month:02}"}
    return _PLACE.sub(lambda found: values[found[1]], pattern)


def part_path(path: str, part: int) -> str:
    """The path of one of an archive's files for the same period, counted from 1."""
    name, dot, ending = path.rpartition(".")
    return path if part == 1 else f"{name}-part{part}{dot}{ending}"


def period_name(pattern: str, month: Month) -> str:
    """What a file of an archive is about: `2026-03`, or `2026` where its name has no month."""
    return f"{month.year:04}-{month.month:02}" if "month" in places(pattern) else f"{month.year:04}"


def period_of(pattern: str, path: str, heading: str = "") -> tuple[Month, int] | None:
    """The month, January where the name has none, and the part of which such a path is; None of another path."""
    values, expression = {"heading": re.escape(name_of(heading))} if heading else {}, ""
    name, _, ending = pattern.rpartition(".")
    for number, text in enumerate(_PLACE.split(name)):
        expression += re.escape(text) if number % 2 == 0 else values.get(text, f"(?P<{text}>{_DIGITS.get(text, '.+')})")
        values |= {text: f"(?P={text})"} if number % 2 and text not in values else {}
    found = re.fullmatch(rf"{expression}(?:-part(?P<part>[0-9]{{1,4}}))?\.{re.escape(ending)}", path)
    if not found:
        return None
    parts = found.groupdict()
    return Month(int(parts["year"]), int(parts.get("month") or 1)), int(parts["part"] or 1)


def name_of(heading: str) -> str:
    """The heading as a file's name without ending: its letters, of whatever script, and its blanks stay."""
    text = normalize("NFC", clean(heading))
    name = _RESERVED.sub(r"\1-", _trimmed(_FORBIDDEN.sub("-", text)), count=1)
    told_apart = sha256(text.encode("utf-8", "replace")).hexdigest()[:8]
    if not name:
        return f"keyword-{told_apart}"
    if len(name.encode()) <= _LONGEST:
        return name
    short = name.encode()[: _LONGEST - len(told_apart) - 1].decode(errors="ignore")
    return f"{_trimmed(short)}-{told_apart}"


def one_file(path: str) -> str:
    """Alike for paths that are one file where capitals do not count, as on Windows and macOS."""
    return normalize("NFD", normalize("NFD", path).casefold())


def collisions(pattern: str, headings: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The headings whose file would be that of an earlier one, each behind that one."""
    known: dict[str, str] = {}
    for heading in headings:
        first = known.setdefault(one_file(filled(pattern, heading=heading)), heading)
        if first is not heading:
            yield first, heading


def _trimmed(name: str) -> str:
    return name.lstrip(_START).rstrip(_END)
