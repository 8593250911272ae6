"""A path of the input `files` -> the paths that it stands for: one a keyword, one a month. Pure.

A name made of a heading is valid on every system and depends on no other heading. What Windows refuses:
https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file
"""

from __future__ import annotations

import re
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING
from unicodedata import normalize

from digest.export.mark import form_of
from digest.papers import Month
from digest.text.plain_text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable


# Systems allow 255 bytes, some that encrypt names 143; the rest is for the ending and for what stands around it.
_LONGEST = 100
_PLACE = re.compile(r"\{\{ *(\w+) *\}\}")
# No path holds it.
ANY_DIGIT = "\0"
# Of a part behind the first.
_LATER, _LONGEST_PART = "[2-9]|[1-9][0-9]{1,3}", 4
_PART = re.compile(rf"(.+)-part({_LATER})(\.[^./]+)")
_DIGITS = {"year": "[0-9]{4}", "month": "[0-9]{2}"}
# What some system forbids in a name, and `~`, with which Windows abbreviates names and Git refuses some.
_FORBIDDEN = re.compile(r'[/\\:*?"<>|~\x00-\x1f\x7f]+')
# Hidden names, options of commands, and what Jekyll passes over; ends that Windows cuts off.
_START, _END = " .-_#", " ."
_RESERVED = re.compile(r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³])(?= *(?:\.|$))", re.IGNORECASE)


def places(pattern: str) -> frozenset[str]:
    """The names between double braces: `heading`, `year`, `month`, or whatever else is written there."""
    return frozenset(_PLACE.findall(pattern))


def archives(patterns: Iterable[str]) -> tuple[str, ...]:
    """Those of the patterns that stand for files which only grow, one a year or a month."""
    return tuple(pattern for pattern in patterns if "year" in places(pattern))


def folders(patterns: Iterable[str]) -> tuple[str, ...]:
    """Those in which the files of archives lie, "" being the root."""
    return tuple(dict.fromkeys(map(folder_of, archives(patterns))))


def filled(pattern: str, *, heading: str = "", month: Month | None = None) -> str:
    """The path for a heading, a month or both."""
    values = _values(heading)
    if month:
        values |= {"year": f"{month.year:04}", "month": f"{month.month:02}"}
    return _PLACE.sub(lambda found: values[found[1]], pattern)


def _values(heading: str) -> dict[str, str]:
    return {"heading": name_of(heading)} if heading else {}


def part_path(path: str, part: int) -> str:
    """The path of one of an archive's files for the same period, counted from 1."""
    name, dot, ending = path.rpartition(".")
    return path if part == 1 else f"{name}-part{part}{dot}{ending}"


def first_part(path: str) -> tuple[str, int]:
    """The path of the first file of which such a path would be a later part, and that part; 1 of any other path."""
    found = _PART.fullmatch(path)
    return (f"{found[1]}{found[3]}", int(found[2])) if found else (path, 1)


def folder_of(pattern: str) -> str:
    """The folder that all files of a pattern share, "" being the root."""
    return pattern.partition("{{")[0].rpartition("/")[0]


def index_path(pattern: str) -> str:
    """Where an archive's index stands: in the folder of all of its files, in which GitHub shows it."""
    folder = folder_of(pattern)
    return f"{folder}/README.md" if folder else "archive.md"


def indexes(patterns: Iterable[str]) -> dict[str, str]:
    """The path of the index of each archive that has one, by its pattern: those in Markdown."""
    return {pattern: index_path(pattern) for pattern in archives(patterns) if form_of(pattern) == ".md"}


def period_name(pattern: str, month: Month) -> str:
    """What a file of an archive is about: `2026-03`, or `2026` where its name has no month."""
    return f"{month.year:04}-{month.month:02}" if "month" in places(pattern) else f"{month.year:04}"


def period_of(pattern: str, path: str, heading: str = "") -> tuple[Month, int] | None:
    """The month, January where the name has none, and the part of which such a path is; None of another path."""
    found = _expression(pattern, heading).fullmatch(path)
    if not found:
        return None
    parts = found.groupdict()
    return Month(int(parts["year"]), int(parts.get("month") or 1)), int(parts["part"] or 1)


@cache
def _expression(pattern: str, heading: str) -> re.Pattern[str]:
    """What the paths of an archive's files look like."""
    values, expression = {"heading": re.escape(name_of(heading))} if heading else {}, ""
    name, _, ending = pattern.rpartition(".")
    for number, text in enumerate(_PLACE.split(name)):
        expression += re.escape(text) if number % 2 == 0 else values.get(text, f"(?P<{text}>{_DIGITS.get(text, '.+')})")
        values |= {text: f"(?P={text})"} if number % 2 and text not in values else {}
    return re.compile(rf"{expression}(?:-part(?P<part>{_LATER}))?\.{re.escape(ending)}")


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


def shapes(pattern: str, heading: str = "") -> list[str]:
    """What its paths look like where capitals do not count, with ANY_DIGIT for each digit that may be any."""
    values = _values(heading) | {"year": ANY_DIGIT * 4, "month": ANY_DIGIT * 2}
    path = one_file(_PLACE.sub(lambda found: values[found[1]], pattern))
    name, _, ending = path.rpartition(".")
    parts = range(1, _LONGEST_PART + 1) if archives([pattern]) else ()
    return [path, *(f"{name}-part{ANY_DIGIT * digits}.{ending}" for digits in parts)]


def _trimmed(name: str) -> str:
    return name.lstrip(_START).rstrip(_END)
