"""What TeX's commands make of their arguments, which are read already: accents, scripts, fractions, in Unicode."""

from __future__ import annotations

from unicodedata import normalize

from digest.text.tex_tables import DOUBLE_STRUCK, MATH_ACCENTS, SUBSCRIPTS, SUPERSCRIPTS


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
    return (
        script("^_"["sub" in name], argument, "") if name.startswith("texts") and name.endswith("script") else argument
    )


def script(mark: str, argument: str, following: str) -> str:
    """x² where Unicode has every character, else x^(...)."""
    table = SUPERSCRIPTS if mark == "^" else SUBSCRIPTS
    characters = argument.replace(" ", "")
    if all(character in table for character in characters):
        return "".join(table[character] for character in characters)
    simple = characters.replace(".", "").isalnum() and (len(characters) == 1 or not following.isalnum())
    return f"{mark}{argument}" if simple or argument[:1] + argument[-1:] == "()" else f"{mark}({argument})"


def fraction(above: str, below: str) -> str:
    """a/b, with parentheses where they are needed."""
    return "/".join(part if part.isalnum() else f"({part})" for part in (above, below))


def link(address: str, text: str) -> str:
    """The text with its address, which stays clickable."""
    return address if text in address else f"{text} ({address})"


def numbered(name: str, number: str) -> str:
    """A character that is given by its number: in Unicode, or in the Dingbats font."""
    try:
        if name == "unicode":
            return chr(int(number.removeprefix("x"), 16 if number[:1] == "x" else 10))
        return chr(0x2700 + int(number) - (32 if int(number) < 127 else 64)) if 33 <= int(number) <= 254 else ""
    except (ValueError, OverflowError):
        return ""
