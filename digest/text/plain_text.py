"""Strangers' text -> plain text that is safe where it will stand: one line, a title, a commit's message, a log."""

from __future__ import annotations

import re
from unicodedata import category

from digest.text.autolinks import ADDRESS, COMMIT, ISSUE, MENTION, is_reference, split_commit

_ZERO_WIDTH_SPACE = "\u200b"
_ISSUE_TITLE_UNITS = 256

_INVISIBLE = re.compile(
    # Controls that are no white space, soft hyphen, bidirectional and zero-width characters, annotations, tags,
    "[\0-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e007f"
    # lone surrogates and noncharacters.
    "\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(p + 0xFFFE)}{chr(p + 0xFFFF)}" for p in range(0, 0x110000, 0x10000))
    + "]"
)
# More accents than any language or formula stacks on a letter reach over the lines above and below.
_ACCENT = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_STACKED = re.compile(f"({_ACCENT}{{3}}){_ACCENT}+")
# Joiners shape Indic and Arabic letters and make emoji families; between anything else they only hide.
_JOINED = r"[^\x00-\x7f\u200c\u200d\s]"
_STRAY_JOINER = re.compile(rf"(?<!{_JOINED})[\u200c\u200d]|[\u200c\u200d](?!{_JOINED})")

_ADDRESSES = re.compile(ADDRESS, re.VERBOSE | re.IGNORECASE)
_REFERRING = re.compile(rf"(?P<commit>{COMMIT})|{MENTION}|{ISSUE}", re.VERBOSE | re.IGNORECASE)


def clean(text: str) -> str:
    """One line of visible text: no line breaks, no controls, nothing invisible, reordering or towering."""
    if not text.isascii():
        text = _STACKED.sub(r"\1", text)
    if not text.isprintable():
        text = _STRAY_JOINER.sub("", _INVISIBLE.sub("", text))
    return " ".join(text.split())


def issue_title(text: str) -> str:
    """A plain title that notifies nobody and closes nothing, at most as long as GitHub takes."""
    title = _neutral(clean(text))
    if units(title) <= _ISSUE_TITLE_UNITS:
        return title
    left, kept = _ISSUE_TITLE_UNITS - 1, []
    for cluster in _clusters(title):
        left -= units(cluster)
        if left < 0:
            break
        kept.append(cluster)
    return "".join(kept).rstrip() + "…"


def commit_message(text: str) -> str:
    """A message that notifies nobody and closes nothing; its lines stay."""
    lines = (_STRAY_JOINER.sub("", _INVISIBLE.sub("", line)).rstrip() for line in text.splitlines())
    return "\n".join(map(_neutral, lines)).strip("\n")


def log_line(text: str) -> str:
    """A line that the runner takes for no workflow command."""
    line = clean(text).replace("##[", f"#{_ZERO_WIDTH_SPACE}#[")
    return f":{_ZERO_WIDTH_SPACE}{line[1:]}" if line.startswith("::") else line


def shorten(text: str, characters: int) -> str:
    """The clean text's first characters as a reader counts them: no accent, emoji or flag is cut."""
    text = clean(text)
    if len(text) <= characters:
        return text
    if text.isascii():
        return text[:characters]
    return "".join(_clusters(text)[:characters])


def units(text: str) -> int:
    """Characters as UTF-16 counts them, the most that GitHub could count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _clusters(text: str) -> list[str]:
    """Characters as readers see them, by the rules of Unicode's annex 29 that matter in names and emoji."""
    clusters: list[str] = []
    for character in text:
        if clusters and _extends(clusters[-1], character):
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters


def _extends(cluster: str, character: str) -> bool:
    if character in "\u200c\u200d" or cluster[-1] == "\u200d" or category(character)[0] == "M":
        return True
    if "\U0001f1e6" <= character <= "\U0001f1ff":
        return len(cluster) == 1 and "\U0001f1e6" <= cluster <= "\U0001f1ff"
    return "\U0001f3fb" <= character <= "\U0001f3ff" or "\u1160" <= character <= "\u11ff"


def _neutral(text: str) -> str:
    """Plain text in which GitHub finds nobody's name and nothing of anybody's repository."""
    return _REFERRING.sub(_apart, _ADDRESSES.sub(_address_apart, text))


def _address_apart(found: re.Match[str]) -> str:
    return (
        re.sub(r"(?i)(?<=github)\.", f"{_ZERO_WIDTH_SPACE}.", found[0], count=1) if is_reference(found[0]) else found[0]
    )


def _apart(found: re.Match[str]) -> str:
    return split_commit(found[0], _ZERO_WIDTH_SPACE) if found["commit"] else found[0] + _ZERO_WIDTH_SPACE
