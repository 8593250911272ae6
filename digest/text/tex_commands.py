"""TeX's commands: what each makes of its arguments, which it takes from the reader's cursor. None: as if not known."""

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

    from digest.text.tex import Reader

    Command: TypeAlias = Callable[[Reader, str], str | None]


def _symbol(reader: Reader, name: str) -> str:
    reader.end_name(swallow=name in LETTERS)
    return SYMBOLS[name]


def _operator(reader: Reader, name: str) -> str | None:
    if not reader.math:
        return None
    reader.end_name(swallow=False)
    return name


def _declaration(reader: Reader, name: str) -> str:
    """What changes all that follows; an author may give it an argument all the same."""
    group = reader.group()
    if group:
        return reader.inside(group, math=reader.math)
    # `\left.` is an empty bracket.
    if name in ("left", "right") and reader.text.startswith(".", reader.at, reader.end):
        reader.at += 1
    else:
        reader.end_name(swallow=True)
    return ""


def _style(reader: Reader, name: str) -> str | None:
    start = reader.at
    reader.option()
    in_words = name.startswith("text") or name in ("mbox", "hbox", "fbox")
    argument = reader.argument(math=False if in_words else None)
    if argument is None:
        reader.at = start
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

    def command(reader: Reader, name: str) -> str | None:
        first = reader.argument()
        if first is None:
            return None
        second = reader.argument()
        return f"\\{name}{{{first}}}" if second is None else make(first, second)

    return command


def _root(reader: Reader, _: str) -> str | None:
    start = reader.at
    degree = reader.option()
    argument = reader.argument(math=True)
    if argument is None:
        reader.at = start
        return None
    return root(degree, argument)


def _link(reader: Reader, _: str) -> str | None:
    """The text with its address, which stays clickable."""
    group = reader.group()
    if not group:
        return None
    address = reader.inside(group, math=False)
    second = reader.group()
    text = reader.inside(second, math=reader.math) if second else ""
    return address if text in address else f"{text} ({address.strip()})"


def _colored(reader: Reader, name: str) -> str | None:
    """The colour's name is not shown."""
    reader.option()
    if not reader.group():
        return None
    return "" if name == "color" else reader.argument() or ""


def _numbered(reader: Reader, name: str) -> str | None:
    """A character that is given by its number: in Unicode, or in the Dingbats font."""
    start, group = reader.at, reader.group()
    number = reader.text[group[0] : min(group[1], group[0] + 9)] if group else ""
    try:
        if name == "unicode":
            return chr(int(number.removeprefix("x"), 16 if number[:1] == "x" else 10))
        return DINGBATS[int(number)]
    except (ValueError, OverflowError, KeyError):
        reader.at = start
        return None


def _reference(reader: Reader, _: str) -> str | None:
    start = reader.at
    option = reader.option()
    group = reader.group()
    if not group:
        reader.at = start
        return None
    return f"[{', '.join(filter(None, (reader.text[slice(*group)], option)))}]"


def _negated(reader: Reader, _: str) -> str | None:
    argument = reader.argument()
    return None if argument is None else normalize("NFC", f"{argument[:1]}\u0338{argument[1:]}")


def _labelled_arrow(reader: Reader, name: str) -> str | None:
    start = reader.at
    below = reader.option()
    above = reader.argument()
    if above is None:
        reader.at = start
        return None
    arrow = "←" if "left" in name else "→"
    return arrow + (script("_", below, "") if below else "") + (script("^", above, "") if above else "")


def _modulo(reader: Reader, name: str) -> str | None:
    if name == "bmod":
        return " mod"
    argument = reader.argument()
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
