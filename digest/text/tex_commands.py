"""What TeX's commands make of their arguments, which are read already: accents, scripts, fractions, in Unicode."""

from __future__ import annotations

import re
from unicodedata import normalize

from digest.text.tex_tables import DINGBATS, DOUBLE_STRUCK, MATH_ACCENTS, SUBSCRIPTS, SUPERSCRIPTS

_SCRIPTS = frozenset((*SUPERSCRIPTS.values(), *SUBSCRIPTS.values()))
# What would be read as a part of the root or the fraction before it.
_GOES_ON = re.compile(r"[^\W_]|\\(?!right|[bB]ig)[A-Za-z]")


def apply(name: str, argument: str) -> str:
    """A style, an accent, a root or a script of one argument."""
    if name in MATH_ACCENTS:
        return normalize("NFC", argument + MATH_ACCENTS[name]) if len(argument) == 1 else argument
    if name in ("mathbb", "mathds"):
        return "".join(DOUBLE_STRUCK.get(character, character) for character in argument)
    if name == "sqrt":
        return f"√{argument}" if argument.isalnum() else f"√({argument})"
    if name == "footnote":
        return f" ({argument})"
    if name in ("textquote", "enquote"):
        return f"“{argument}”"
    return (
        script("^_"["sub" in name], argument, "") if name.startswith("texts") and name.endswith("script") else argument
    )


def script(mark: str, argument: str, following: str) -> str:
    """x² where Unicode has every character, else x^(...)."""
    table = SUPERSCRIPTS if mark == "^" else SUBSCRIPTS
    characters = argument.replace(" ", "")
    if all(character in table for character in characters):
        return "".join(table[character] for character in characters)
    plain = characters.replace(".", "").isalnum() and _SCRIPTS.isdisjoint(characters)
    simple = len(characters) == 1 or (plain and not following.isalnum())
    return f"{mark}{argument}" if simple or argument[:1] + argument[-1:] == "()" else f"{mark}({argument})"


def fraction(above: str, below: str) -> str:
    """a/b, with parentheses where they are needed."""
    return "/".join(part if part.isalnum() else f"({part})" for part in (above, below))


def link(address: str, text: str) -> str:
    """The text with its address, which stays clickable."""
    return address if text in address else f"{text} ({address.strip()})"


def numbered(name: str, number: str) -> str:
    """A character that is given by its number: in Unicode, or in the Dingbats font."""
    try:
        if name == "unicode":
            return chr(int(number.removeprefix("x"), 16 if number[:1] == "x" else 10))
        return DINGBATS.get(int(number), "")
    except (ValueError, OverflowError):
        return ""


def spaced(token: str, shown: str, before: str, following: str) -> str:
    """What a formula's token reads as, with blanks where it would run into its neighbours: n log n, x 1/2, √c x."""
    if len(shown) > 1 and (token[1:] == shown or token.endswith("frac")) and before[-1:].isalnum():
        shown = f" {shown}"
    return f"{shown} " if token.endswith(("frac", "sqrt")) and _GOES_ON.match(following) else shown
