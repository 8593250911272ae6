"""Strangers' text -> plain text that is safe where it will stand: one line, a title, a commit's message, a log."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING
from unicodedata import category

from digest.text.autolinks import ADDRESS, COMMIT, ISSUE, MENTION, is_reference, split_commit

if TYPE_CHECKING:
    from collections.abc import Iterator

_ZERO_WIDTH_SPACE = "\u200b"
_ISSUE_TITLE_UNITS = 256

# Text of these alone, in most of the world's letters and signs, has nothing of what follows.
_ORDINARY = re.compile(
    "[\t-\r -~\x85\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u058f\u1e00-\u1fff\u2010-\u2029\u202f-\u205e"
    "\u2070-\u209f\u2100-\u27ff\u2900-\u2bff\u3000-\u3029\u3041-\u3096\u309b-\u3163\u4e00-\u9fff\uac00-\ud7a3"
    "\U0001d400-\U0001d7ff]*"
)
# https://www.unicode.org/reports/tr51/: characters that a selector (U+FE0E, U+FE0F) shows as text or as an emoji.
_EMOJI = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u25fe\u2600-\u27bf\u2934\u2935"
    "\u2b05-\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
_DROPPED = re.compile(
    # What is kept although characters in it are dropped elsewhere: keycaps, and the flags of England and its like.
    "([#*0-9]\ufe0f\u20e3|\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f)"
    # A selector that selects nothing, Emoji's and Mongolian's.
    f"|(?<![{_EMOJI}])[\ufe0e\ufe0f]|(?<![\u1820-\u18aa])[\u180b-\u180d\u180f]"
    # Controls that are no white space.
    "|[\0-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"
    # Default_Ignorable_Code_Point of https://www.unicode.org/Public/UCD/latest/ucd/DerivedCoreProperties.txt, without
    # the joiners U+200C and U+200D, the selectors above, and fillers that stand for a letter (`_BLANK`).
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0d\ufeff"
    "\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    # Annotations, a place for an object, Egyptian layout, lone surrogates and noncharacters.
    "\ufff9-\ufffc\U00013430-\U00013440\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(p + 0xFFFE)}{chr(p + 0xFFFF)}" for p in range(0, 0x110000, 0x10000))
    + "]"
)
# Letters and symbols that show nothing: fillers of Hangul, Braille without a dot, a note without a head, Egyptian.
_BLANK = re.compile("[\u3164\uffa0\u2800\U0001d159\U00013441\U00013442\U00016fe4]")
# Joiners shape Arabic and Indic letters and make families of emoji; between anything else they only hide.
_JOINED = (
    "[\u0590-\u109f\u1700-\u1cff\u1dc0-\u1dff\u20d0-\u20ff\ua800-\uabff\ufe0f\U00010a00-\U00011fff\U0001e900-\U0001e95f"
    f"{_EMOJI}]"
)
_STRAY_JOINER = re.compile(rf"(?<!{_JOINED})[\u200c\u200d]+|[\u200c\u200d](?!{_JOINED})")
# The blocks that hold marks set above, below or around a letter; and the joiners, which part no mark from its letter.
_BLOCKS_WITH_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0590-\u109f\u1700-\u1cff\u1dc0-\u1dff\u200c\u200d\u20d0-\u20ff\u2cef-\u2cf1\u2d7f"
    "\u2de0-\u2dff\u302a-\u302f\u3099\u309a\ua66f-\uabff\ufb1e\ufe20-\ufe2f\U000101fd-\U00011fff\U00016a00-\U00016fff"
    "\U0001bc9d\U0001cf00-\U0001d244\U0001da00-\U0001e94f]{3,}"
)
# How many marks a letter has at most, by the blocks of the marks: from Hebrew to Arabic (a vowel, a dot and accents),
# in Indic scripts, Thai and Lao, Tibetan (whole syllables stand below a letter), Burmese, and from Khmer to Vedic.
_MOST_MARKS = (
    ("\u0590", "\u08ff", 5),
    ("\u0900", "\u0dff", 4),
    ("\u0e00", "\u0eff", 3),
    ("\u0f00", "\u0fff", 7),
    ("\u1000", "\u109f", 5),
    ("\u1700", "\u1cff", 5),
)
_MOST_ACCENTS = 3
# More characters than any emoji or letter has that a reader takes for one.
_LONGEST_CLUSTER = 32

_ADDRESSES = re.compile(ADDRESS, re.VERBOSE | re.IGNORECASE)
_REFERRING = re.compile(rf"(?P<commit>{COMMIT})|{MENTION}|{ISSUE}", re.VERBOSE | re.IGNORECASE)
# What ICU's comparison, which the runner's is, skips is not ASCII.
_COMMAND = re.compile(r"(?m)(?:^[ \t]*:(?=[^\x00-\x7f]*:)|#(?=[^\x00-\x7f]*#[^\x00-\x7f]*\[))")


def clean(text: str) -> str:
    """One line of visible text: no line breaks, no controls, nothing invisible, reordering or towering."""
    return " ".join(_shown(text).split())


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
    lines = (_shown(line).rstrip() for line in text.splitlines())
    return "\n".join(map(_neutral, lines)).strip("\n")


def log_line(text: str) -> str:
    """A line that the runner takes for no workflow command."""
    return without_commands(clean(text))


def without_commands(text: str) -> str:
    """Lines in which the runner finds no workflow command: a visible blank stands between its signs, `::` and `##[`.

    An invisible character would not do: the runner compares as the reader's language does, which skips those.
    """
    return _COMMAND.sub(r"\g<0> ", _shown(text))


def shorten(text: str, characters: int) -> str:
    """The clean text's first characters as a reader counts them: no accent, emoji or flag is cut."""
    text = clean(text)
    if len(text) <= characters:
        return text
    if text.isascii():
        return text[:characters]
    return "".join(islice(_clusters(text), characters))


def units(text: str) -> int:
    """Characters as UTF-16 counts them, the most that GitHub could count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _shown(text: str) -> str:
    """The text without what is invisible or towers; its line breaks and blanks stay."""
    if _ORDINARY.fullmatch(text):
        return text
    text = _BLOCKS_WITH_MARKS.sub(_without_towers, _DROPPED.sub(r"\1", _BLANK.sub(" ", text)))
    return _STRAY_JOINER.sub("", text)


def _without_towers(run: re.Match[str]) -> str:
    """Letters with no more marks than a language sets on one, and no mark twice."""
    kept: list[str] = []
    marks: list[str] = []
    for character in run[0]:
        # Unassigned to us, a mark to a younger browser.
        if category(character) in ("Mn", "Me", "Cn"):
            if character in marks or len(marks) >= _most_marks(character):
                continue
            marks.append(character)
        elif character not in "\u200c\u200d":
            marks = []
        kept.append(character)
    return "".join(kept)


def _most_marks(mark: str) -> int:
    return next((most for first, last, most in _MOST_MARKS if first <= mark <= last), _MOST_ACCENTS)


def _clusters(text: str) -> Iterator[str]:
    """Characters as readers see them, by the rules of Unicode's annex 29 that matter in names and emoji."""
    start = 0
    for end in range(1, len(text)):
        if end - start >= _LONGEST_CLUSTER or not _extends(text, start, end):
            yield text[start:end]
            start = end
    yield text[start:]


def _extends(text: str, start: int, end: int) -> bool:
    """Whether the character at `end` belongs to the cluster that began at `start`."""
    character = text[end]
    if character in "\u200c\u200d" or text[end - 1] == "\u200d" or category(character)[0] == "M":
        return True
    if "\U0001f1e6" <= character <= "\U0001f1ff":
        return end - start == 1 and "\U0001f1e6" <= text[start] <= "\U0001f1ff"
    modifies = "\U0001f3fb" <= character <= "\U0001f3ff" or "\u1160" <= character <= "\u11ff"
    return modifies or "\U000e0020" <= character <= "\U000e007f"


def _neutral(text: str) -> str:
    """Plain text in which GitHub finds nobody's name and nothing of anybody's repository."""
    return _REFERRING.sub(_apart, _ADDRESSES.sub(_address_apart, text))


def _address_apart(found: re.Match[str]) -> str:
    return (
        re.sub(r"(?i)(?<=github)\.", f"{_ZERO_WIDTH_SPACE}.", found[0], count=1) if is_reference(found[0]) else found[0]
    )


def _apart(found: re.Match[str]) -> str:
    return split_commit(found[0], _ZERO_WIDTH_SPACE) if found["commit"] else found[0] + _ZERO_WIDTH_SPACE
