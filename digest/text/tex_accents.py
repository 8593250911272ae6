"""TeX's accents on letters: \\'e, {\\"o}, \\v{s}; a backslash before a quotation mark is not always one."""

from __future__ import annotations

import re
from unicodedata import normalize

from digest.text.tex_tables import ACCENTS, BARE_ACCENTS

_ESCAPED_QUOTE = re.compile(r'\\"(?![A-Za-z{\\])')


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


def accented(text: str, name: str, after: int, end: int, group: tuple[int, int] | None) -> tuple[str, int] | None:
    """The letter with the accent of that name, and where the text goes on; None where that is no accent."""
    inside = text[slice(*group)].strip() if group and group[1] - group[0] < 5 else None
    letter = inside if inside is not None else text[after : min(after + 2, end)]
    if letter[:2] in (r"\i", r"\j"):
        letter, go_on = letter[1], group[1] + 1 if group else after + 2
    elif group:
        go_on = group[1] + 1
    else:
        letter, go_on = letter[:1], after + 1
        if not letter or letter not in BARE_ACCENTS.get(name, "") or (name == "'" and is_apostrophe(text, after)):
            return None
    composed = normalize("NFC", letter + ACCENTS[name])
    return (composed, go_on) if len(letter) == 1 and letter.isalpha() and len(composed) == 1 else None
