"""TeX's commands: what each makes of its arguments, which it takes from the cursor. None: as if not known."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias
from unicodedata import normalize

from digest.text.tex_math import fraction, root, script
from digest.text.tex_tables import (
    APPLIED,
    DINGBATS,
    DOUBLE_STRUCK,
    LETTERS,
    MATH_ACCENTS,
    OPERATORS,
    REFERENCES,
    SILENT,
    STYLES,
    SYMBOLS,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from digest.text.tex_cursor import Cursor

    Command: TypeAlias = Callable[[Cursor, str], str | None]


def _symbol(cursor: Cursor, name: str) -> str:
    cursor.end_name(swallow=name in LETTERS)
    return SYMBOLS[name]


def _operator(cursor: Cursor, name: str) -> str | None:
    if not cursor.math:
        return None
    cursor.end_name(swallow=False)
    return name


def _declaration(cursor: Cursor, name: str) -> str:
    """What changes all that follows; an author may give it an argument all the same."""
    group = cursor.group()
    if group:
        return cursor.inside(group, math=cursor.math)
    # `\left.` is an empty bracket.
    if name in ("left", "right") and cursor.text.startswith(".", cursor.at, cursor.end):
        cursor.at += 1
    else:
        cursor.end_name(swallow=True)
    return ""


def _style(cursor: Cursor, name: str) -> str | None:
    start = cursor.at
    cursor.option()
    in_words = name.startswith("text") or name in ("mbox", "hbox", "fbox")
    argument = cursor.argument(math=False if in_words else None)
    if argument is None:
        cursor.at = start
    return None if argument is None else _applied(name, argument)


def _applied(name: str, argument: str) -> str:
    if name in MATH_ACCENTS:
        return normalize("NFC", argument + MATH_ACCENTS[name]) if len(argument) == 1 else argument
    if name in ("mathbb", "mathds", "Bbb", "textbb"):
        # A command that is not known here keeps its letters.
        return argument if "\\" in argument else "".join(DOUBLE_STRUCK.get(letter, letter) for letter in argument)
    if name == "footnote":
        return f" ({argument})"
    if name in ("textquote", "enquote"):
        return f"“{argument}”"
    if name in ("textsuperscript", "textsubscript"):
        return script("^_"["sub" in name], argument, "")
    return argument


def _of_two(make: Callable[[str, str], str]) -> Command:
    """A command of two arguments."""

    def command(cursor: Cursor, name: str) -> str | None:
        first = cursor.argument()
        if first is None:
            return None
        second = cursor.argument()
        return f"\\{name}{{{first}}}" if second is None else make(first, second)

    return command


def _root(cursor: Cursor, _: str) -> str | None:
    start = cursor.at
    degree = cursor.option()
    argument = cursor.argument(math=True)
    if argument is None:
        cursor.at = start
        return None
    return root(degree, argument)


def _link(cursor: Cursor, _: str) -> str | None:
    """The text with its address, which stays clickable."""
    group = cursor.group()
    if not group:
        return None
    address = cursor.inside(group, math=False)
    second = cursor.group()
    text = cursor.inside(second, math=cursor.math) if second else ""
    return address if text in address else f"{text} ({address.strip()})"


def _colored(cursor: Cursor, name: str) -> str | None:
    """The colour's name is not shown."""
    cursor.option()
    if not cursor.group():
        return None
    return "" if name == "color" else cursor.argument() or ""


def _numbered(cursor: Cursor, name: str) -> str | None:
    """A character that is given by its number: in Unicode, or in the Dingbats font."""
    start, group = cursor.at, cursor.group()
    number = cursor.text[group[0] : min(group[1], group[0] + 9)] if group else ""
    try:
        if name == "unicode":
            return chr(int(number.removeprefix("x"), 16 if number[:1] == "x" else 10))
        return DINGBATS[int(number)]
    except (ValueError, OverflowError, KeyError):
        cursor.at = start
        return None


def _reference(cursor: Cursor, _: str) -> str | None:
    start = cursor.at
    option = cursor.option()
    group = cursor.group()
    if not group:
        cursor.at = start
        return None
    return f"[{', '.join(filter(None, (cursor.text[slice(*group)], option)))}]"


def _negated(cursor: Cursor, _: str) -> str | None:
    argument = cursor.argument()
    return None if argument is None else normalize("NFC", f"{argument[:1]}\u0338{argument[1:]}")


def _labelled_arrow(cursor: Cursor, name: str) -> str | None:
    start = cursor.at
    below = cursor.option()
    above = cursor.argument()
    if above is None:
        cursor.at = start
        return None
    arrow = "←" if "left" in name else "→"
    return arrow + (script("_", below, "") if below else "") + (script("^", above, "") if above else "")


def _modulo(cursor: Cursor, name: str) -> str | None:
    if name == "bmod":
        return " mod"
    argument = cursor.argument()
    return None if argument is None else f" (mod {argument})"


COMMANDS: dict[str, Command] = {
    **dict.fromkeys(OPERATORS, _operator),
    **dict.fromkeys(SYMBOLS, _symbol),
    **dict.fromkeys(STYLES | APPLIED | MATH_ACCENTS.keys(), _style),
    **dict.fromkeys(SILENT, _declaration),
    **dict.fromkeys(REFERENCES, _reference),
    **dict.fromkeys(("frac", "dfrac", "tfrac", "cfrac", "nicefrac", "sfrac"), _of_two(fraction)),
    **dict.fromkeys(("binom", "dbinom", "tbinom"), _of_two(lambda n, k: "(" + n + " choose " + k + ")")),
    **dict.fromkeys(("stackrel", "overset"), _of_two(lambda above, base: base + script("^", above, ""))),
    "underset": _of_two(lambda below, base: base + script("_", below, "")),
    "sqrt": _root,
    "href": _link,
    **dict.fromkeys(("color", "textcolor", "colorbox"), _colored),
    **dict.fromkeys(("unicode", "ding"), _numbered),
    "not": _negated,
    **dict.fromkeys(("xrightarrow", "xleftarrow"), _labelled_arrow),
    **dict.fromkeys(("bmod", "pmod"), _modulo),
}
