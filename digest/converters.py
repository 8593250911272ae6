"""One input's text -> its value, or a ValueError with what is wrong and what to write instead. Pure.

Each converter knows one kind of value and nothing of where it is used; `digest.inputs` says which input is of which.
"""

from __future__ import annotations

import math
import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from digest.errors import TemplateFailed
from digest.query import taxonomy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_Name = TypeVar("_Name", bound=str)

_LONGEST_LABEL = 50
_LONGEST_LOGIN = 39
# Letters, digits and single hyphens; behind `_` the short code of the enterprise that manages the user.
_LOGIN = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*(?:_[A-Za-z0-9]+)?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NO_BRANCH = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{")
_ZONES = "write it like UTC, Europe/Berlin or Asia/Shanghai"
_SEPARATORS = ",，､、،"
_LIST_MARK = re.compile(r"^[-*+•‣◦·–—]\s+")
# Format characters: soft hyphens, marks of direction and of byte order, blanks of no width; not the tags of flags.
_INVISIBLE = re.compile(
    r"[\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
    r"|(?<![^\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f])"
)


def visible(text: str) -> str:
    """The text without what nobody sees and copying brings along.

    A joiner between letters of other scripts or between emoji is part of them, so it stays.
    """
    return _INVISIBLE.sub("", text)


def lines(text: str) -> list[str]:
    """Lines as an editor counts them."""
    return re.split(r"\r\n|\r|\n", text)


def entry(line: str) -> str:
    """A line without the marks of a list: `- ` or `* ` before it, a comma behind it."""
    return _LIST_MARK.sub("", line.strip()).rstrip(_SEPARATORS).rstrip()


def items(text: str) -> Iterator[tuple[int, str]]:
    """What stands between commas, also Chinese and Arabic ones, and line ends, each with its line, from 1."""
    for number, line in enumerate(lines(text), start=1):
        for item in re.split(f"[{_SEPARATORS}]", entry(line)):
            if item.strip():
                yield number, item.strip()


def one_of(*names: _Name) -> Callable[[str], _Name]:
    """A converter of one of these names."""

    def convert(text: str) -> _Name:
        for name in names:
            if name == text:
                return name
        raise ValueError(f"unknown value {text!r}; {suggestion(text, names)}")

    return convert


def suggestion(text: str, names: Iterable[str]) -> str:
    """The nearest of the names, or all of them."""
    spelled = {name.lower(): name for name in names}
    near = get_close_matches(text.lower(), spelled, n=1)
    return f"did you mean {spelled[near[0]]!r}?" if near else f"it is one of {', '.join(spelled.values())}"


def truth(text: str) -> bool:
    """`true` or `false`, in any case."""
    return one_of("true", "false")(text.lower()) == "true"


def whole(lowest: int, highest: int | None = None) -> Callable[[str], int]:
    """A converter of whole numbers in a range."""
    span = f"from {lowest} to {highest}" if highest is not None else f"from {lowest} on"

    def convert(text: str) -> int:
        if not re.fullmatch(r"[+-]?\d{1,18}", text, re.ASCII):
            raise ValueError(f"{text!r} is not a whole number; it takes one {span}")
        number = int(text)
        if number < lowest or (highest is not None and number > highest):
            raise ValueError(f"{number} is out of range; it takes a whole number {span}")
        return number

    return convert


def amount(text: str) -> float:
    """A finite number that is not negative, fractions allowed."""
    try:
        number = float(text) if "_" not in text else math.nan
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"{text!r} is not a number; write one like 3 or 0.5")
    if number < 0:
        raise ValueError(f"{text} is negative; write 0 or more")
    return number


def category(text: str) -> str:
    """An arXiv category, or a pattern of some with `*`; quotes around it and `cat:` before it say nothing more."""
    text = text.strip("\"'`“”‘’").strip().removeprefix("cat:")
    if re.search(r"[\s;|/]", text):
        raise ValueError(f"{text!r} is no category; write several with commas between, like cs.CV, cs.LG")
    if text[:1] in ("*", "?"):
        raise ValueError(f"{text!r} begins with a wildcard; write it like cs.CV, cs.*, q-fin* or hep-th")
    taxonomy.check(text)
    return text


def label(text: str) -> str:
    """A label's name, of at most the 50 characters that GitHub takes."""
    if len(text) > _LONGEST_LABEL:
        raise ValueError(f"{text!r} is longer than {_LONGEST_LABEL} characters, more than GitHub takes for a label")
    return text


def login(text: str) -> str:
    """A login of GitHub's; an `@` before it says nothing more.

    https://docs.github.com/en/enterprise-cloud@latest/admin/managing-iam/iam-configuration-reference/username-considerations-for-external-authentication
    """
    name = text.lstrip("@＠")
    if "/" in name:
        raise ValueError(f"{text!r} is a team, of which the default token tells nobody; name its members")
    if len(name) > _LONGEST_LOGIN or not _LOGIN.fullmatch(name):
        most = f"at most {_LONGEST_LOGIN} letters, digits and single hyphens"
        raise ValueError(f"{text!r} is no login of GitHub's, which has {most}; write one a line")
    return name


def path_in_repository(text: str) -> str:
    """A relative path that stays inside the repository, without a leading `./`."""
    if _CONTROL.search(text) or "\\" in text:
        raise ValueError(f"{text!r} is no path in a repository; its parts are joined by /")
    if text.startswith("/"):
        raise ValueError(f"{text!r} is absolute; write the path from the repository's root, like docs/papers.md")
    parts = [part for part in text.split("/") if part != "."]
    if ".." in parts:
        raise ValueError(f"{text!r} leads outside the repository; write the path from its root, like docs/papers.md")
    if not parts or "" in parts:
        raise ValueError(f"{text!r} does not name a file; write one like docs/papers.md")
    if any(part.lower() == ".git" for part in parts):
        raise ValueError(f"{text!r} is inside .git, which no commit can hold")
    return "/".join(parts)


def branch(text: str) -> str:
    """A name that git takes for a branch: https://git-scm.com/docs/git-check-ref-format"""
    name = text.removeprefix("refs/heads/")
    parts = name.split("/")
    if ":" in name:
        raise ValueError(f"{name!r} is no branch of this repository: name one without its owner")
    if (
        _NO_BRANCH.search(name)
        or name in ("", "@", "HEAD")
        or name.startswith("-")
        or name.endswith(".")
        or any(not part or part.startswith(".") or part.endswith(".lock") for part in parts)
    ):
        raise ValueError(f"{name!r} is no name that git takes for a branch")
    return name


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
        from digest import zones  # noqa: PLC0415 (read where a name is wrong only, and start-up time counts)

        hint = f"did you mean {' or '.join(map(repr, near))}?" if (near := zones.meant(text)) else _ZONES
        if any(name.startswith("Etc/GMT") for name in near):
            hint += " (the sign counts the other way there)"
        raise ValueError(f"unknown time zone {text!r}; {hint}") from None


def address(text: str) -> str:
    """An http or https address with a host."""
    try:
        parts = urlsplit(text)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound or re.search(r"\s", text) or _CONTROL.search(text):
        raise ValueError(f"{text!r} is not an http or https address; write it whole, like https://example.org/path")
    return text


def address_or_none(text: str) -> str | None:
    """An http or https address with a host; None for `none`."""
    return None if text.lower() == "none" else address(text)


def jinja2_text(text: str) -> str:
    """A Jinja2 text that can be filled."""
    from digest.page.fill import fill  # noqa: PLC0415 (start-up time counts, and few users write texts of their own)

    try:
        fill(text, f"broken Jinja2 text {text!r}", date="2026-01-01", new=1, papers=1)
    except TemplateFailed as failed:
        raise ValueError(str(failed)) from None
    return text
