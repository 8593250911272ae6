"""TeX's accents on letters: \\'e, {\\"o}, \\v{s}, \\v s; a backslash before a quotation mark is not always one.

https://info.arxiv.org/help/prep.html#accents
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from unicodedata import normalize

from digest.text.tex_tables import ACCENTS, BARE_ACCENTS

if TYPE_CHECKING:
    from digest.text.tex_cursor import Cursor

_ESCAPED_QUOTE = re.compile(r'(?<!\{)\\"(?![A-Za-z{\\])')
# The letter behind an accent: a blank stands behind an accent's name, else only in braces of their own.
_LETTER = re.compile(r"( *)(?:\\([ij])(?:\{\}|(?![A-Za-z]) ?)|([A-Za-z]))")


def quotes_escaped(text: str) -> bool:
    """Whether the text escapes its quotation marks as in other languages."""
    return _ESCAPED_QUOTE.search(text) is not None


def is_apostrophe(text: str, after: int) -> bool:
    """The escaped one of other languages: it\\'s, don\\'t."""
    return (
        text[after - 3 : after - 2].isalpha()
        and text[after : after + 1] in "st"
        and not text[after + 1 : after + 2].isalpha()
    )


def accented(cursor: Cursor, name: str, start: int) -> str | None:
    """The letter with the accent of that name, which begins at `start`; None where that is no accent."""
    text, at = cursor.text, cursor.at
    group = cursor.group()
    if group:
        inside = text[group[0] : min(group[1], group[0] + 6)].strip()
        letter = inside[1] if inside in (r"\i", r"\j") else inside
    else:
        found = _LETTER.match(text, at, cursor.end)
        if not found or (found[1] and not name.isalpha() and text[start - 1 : start] != "{"):
            return None
        letter = found[2] or found[3]
        if letter.lower() not in BARE_ACCENTS.get(name, "") or (name == "'" and is_apostrophe(text, at)):
            return None
        cursor.at = found.end()
    composed = normalize("NFC", letter + ACCENTS[name])
    if len(letter) == 1 and letter.isalpha() and len(composed) == 1:
        return composed
    cursor.at = at
    return None
