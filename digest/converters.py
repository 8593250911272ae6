"""One input's text -> its value, or a ValueError with what is wrong and what to write instead. Pure.

Each reader knows one kind of value and nothing of where it is used; `digest.inputs` says which input is of which kind.
"""

from __future__ import annotations

import math
import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from digest.errors import TemplateFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_Name = TypeVar("_Name", bound=str)

# https://arxiv.org/category_taxonomy and the archives before it: cs.CV, hep-th, physics.acc-ph, cond-mat.soft.
_ARCHIVE = r"[a-z]+(?:-[a-z]+)*"
_CATEGORY = re.compile(rf"{_ARCHIVE}(?:\*|\.(?:[A-Z]{{2}}|[a-z]{{3,}}|[a-z]+-[a-z]+|[A-Za-z-]*\*))?")
_LONGEST_LABEL = 50
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def lines(text: str) -> list[str]:
    """Lines as an editor counts them."""
    return re.split(r"\r\n|\r|\n", text)


def items(text: str) -> Iterator[tuple[int, str]]:
    """What stands between commas and line ends, each with its line, from 1."""
    for number, line in enumerate(lines(text), start=1):
        for item in line.split(","):
            if item.strip():
                yield number, item.strip()


def one_of(*names: _Name) -> Callable[[str], _Name]:
    """A reader of one of these names."""

    def read(text: str) -> _Name:
        for name in names:
            if name == text:
                return name
        raise ValueError(f"unknown value {text!r}; {suggestion(text, names)}")

    return read


def suggestion(text: str, names: Iterable[str]) -> str:
    """The nearest of the names, or all of them."""
    spelled = {name.lower(): name for name in names}
    near = get_close_matches(text.lower(), spelled, n=1)
    return f"did you mean {spelled[near[0]]!r}?" if near else f"it is one of {', '.join(spelled.values())}"


def truth(text: str) -> bool:
    """`true` or `false`, in any case."""
    return one_of("true", "false")(text.lower()) == "true"


def whole(lowest: int, highest: int | None = None) -> Callable[[str], int]:
    """A reader of whole numbers in a range."""
    span = f"from {lowest} to {highest}" if highest is not None else f"from {lowest} on"

    def read(text: str) -> int:
        if not re.fullmatch(r"[+-]?\d{1,18}", text, re.ASCII):
            raise ValueError(f"{text!r} is not a whole number; it takes one {span}")
        number = int(text)
        if number < lowest or (highest is not None and number > highest):
            raise ValueError(f"{number} is out of range; it takes a whole number {span}")
        return number

    return read


def amount(text: str) -> float:
    """A finite number that is not negative, fractions allowed."""
    try:
        number = float(text) if "_" not in text else math.nan
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"{text!r} is not a number")
    if number < 0:
        raise ValueError(f"{text} is negative")
    return number


def category(text: str) -> str:
    """An arXiv category, or a pattern of some with `*`."""
    if _CATEGORY.fullmatch(text):
        return text
    archive, dot, subject = text.partition(".")
    guess = f"{archive.lower()}{dot}{subject.upper() if len(subject) == 2 else subject.lower()}"
    hint = f"did you mean {guess!r}?" if _CATEGORY.fullmatch(guess) else "write it like cs.CV, cs.*, q-fin* or hep-th"
    raise ValueError(f"{text!r} is not shaped like an arXiv category; {hint}")


def label(text: str) -> str:
    """A label's name, of at most the 50 characters that GitHub takes."""
    if len(text) > _LONGEST_LABEL:
        raise ValueError(f"{text!r} is longer than {_LONGEST_LABEL} characters, more than GitHub takes for a label")
    return text


def path_in_repository(text: str) -> str:
    """A relative path that stays inside the repository, without a leading `./`."""
    if _CONTROL.search(text) or "\\" in text:
        raise ValueError(f"{text!r} is no path in a repository; its parts are joined by /")
    if text.startswith("/"):
        raise ValueError(f"{text!r} is absolute; write the path from the repository's root, like docs/papers.md")
    parts = [part for part in text.split("/") if part != "."]
    if ".." in parts:
        raise ValueError(f"{text!r} leads outside the repository")
    if not parts or "" in parts:
        raise ValueError(f"{text!r} does not name a file")
    if any(part.lower() == ".git" for part in parts):
        raise ValueError(f"{text!r} is inside .git, which no commit can hold")
    return "/".join(parts)


def section_name(text: str) -> str:
    """A name for the markers."""
    if not re.fullmatch(r"[A-Za-z0-9_-]+", text):
        raise ValueError(f"{text!r} may hold letters, digits, - and _ only")
    return text


def zone(text: str) -> ZoneInfo:
    """A zone of the IANA database."""
    try:
        return ZoneInfo(text)
    # A name that is a folder of the database, or no possible file name, fails in a way of its own.
    except (KeyError, ValueError, OSError):
        near = get_close_matches(text.lower(), spelled := {name.lower(): name for name in available_timezones()}, n=1)
        hint = f"did you mean {spelled[near[0]]!r}?" if near else "write it like UTC, Europe/Berlin or Asia/Shanghai"
        raise ValueError(f"unknown time zone {text!r}; {hint}") from None


def address(text: str) -> str:
    """An http or https address with a host."""
    try:
        parts = urlsplit(text)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound or re.search(r"\s", text) or _CONTROL.search(text):
        raise ValueError(f"{text!r} is not an http or https address")
    return text


def jinja2_text(text: str) -> str:
    """A Jinja2 text that can be filled."""
    from digest.page.environment import fill  # noqa: PLC0415 (start-up time counts, and few users write texts of their own)

    try:
        fill(text, f"broken Jinja2 text {text!r}", date="2026-01-01", new=1, papers=1)
    except TemplateFailed as failed:
        raise ValueError(str(failed)) from None
    return text
