"""Strangers' TeX -> TeX that a document can print: balanced, and of its commands only those that print something.

Formulas, accents and styles stay as they are written. BibTeX counts every brace, also one behind a backslash.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from digest.text.plain_text import clean
from digest.text.tex_commands import COMMANDS
from digest.text.tex_math import formulas
from digest.text.tex_tables import ACCENTS, LETTERS, REFERENCES, SYMBOLS, members

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# What would do more than print, cites, or needs more than its argument's text.
_NOT_KEPT = REFERENCES | members("href url path color textcolor colorbox unicode ding footnote hl newline")
_IN_FORMULAS = COMMANDS.keys() - _NOT_KEPT
_IN_TEXT = (
    members("""
    textbf textit emph texttt textsc textrm textsf textsl textup textmd textnormal textsuperscript textsubscript
    underline mbox it bf em sc rm tt sf sl ldots dots copyright pounds dag S LaTeX TeX ensuremath
    """)
    | LETTERS
    | {name for name in (*ACCENTS, *SYMBOLS) if name.isalpha() and (name in ACCENTS or name.startswith("text"))}
)
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[\\{}$%#&_^<>|]| ?~|(?:[^\\{}$%#&_^~<>| ]| (?!~))+", re.DOTALL)
_BOTH = {"%": r"\%", "#": r"\#", "&": r"\&", r"\\": " ", "\\": r"\textbackslash{}"}
_TEXT = _BOTH | {
    "$": r"\$",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    " ~": r" \textasciitilde{}",
    "|": r"\textbar{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    r"\{": r"\textbraceleft{}",
    r"\}": r"\textbraceright{}",
}
_MATH = _BOTH | {
    "$": r"\$",
    "{": r"\lbrace{}",
    "}": r"\rbrace{}",
    r"\{": r"\lbrace{}",
    r"\}": r"\rbrace{}",
    "\\": r"\backslash{}",
}
_SHORT_IN_BOTH = tuple("%&_#$, -/")
_SHORT_IN_TEXT = (*_SHORT_IN_BOTH, *(name for name in ACCENTS if not name.isalpha()))
_SHORT_IN_MATH = (*_SHORT_IN_BOTH, *";:!>|")


class _Token(NamedTuple):
    """A piece of the source.

    text: as it is written
    formula: the number of the formula in which it stands, 0 outside of them
    edge: whether it begins or ends that formula
    """

    text: str
    formula: int
    edge: bool = False


def printable(text: str) -> str:
    """One line of TeX whose braces are balanced, also by BibTeX's count, and which ends in no open command."""
    tokens = list(_tokens(clean(text)))
    kept = _matched(tokens)
    out = [token.text if number in kept else _printed(token) for number, token in enumerate(tokens)]
    # TeX reads `^^5c` as a backslash.
    return re.sub(r"\^{2,}", "^", "".join(map(_apart, out, [*out[1:], ""])))


def _tokens(text: str) -> Iterator[_Token]:
    found = formulas(text)
    done = 0
    for number, start in enumerate(sorted(found), 1):
        inside, end, after = found[start]
        yield from (_Token(piece, 0) for piece in _TOKEN.findall(text[done:start]))
        yield _Token("$", number, edge=True)
        yield from (_Token(piece, number) for piece in _TOKEN.findall(text[inside:end]))
        yield _Token("$", number, edge=True)
        done = after
    yield from (_Token(piece, 0) for piece in _TOKEN.findall(text[done:]))


def _matched(tokens: Sequence[_Token]) -> set[int]:
    """The braces that open and close a group, which begins and ends in one formula or in none."""
    opened: list[int] = []
    matched: set[int] = set()
    for number, (text, formula, edge) in enumerate(tokens):
        if edge:
            while opened and tokens[opened[-1]].formula == formula:
                opened.pop()
        elif text == "{":
            opened.append(number)
        elif text == "}" and opened and tokens[opened[-1]].formula == formula:
            matched |= {opened.pop(), number}
    return matched


def _printed(token: _Token) -> str:
    text, formula, edge = token
    if edge:
        return text
    if text[0] == "\\" and len(text) > 1 and text not in _BOTH:
        return _command(text, in_formula=bool(formula))
    return (_MATH if formula else _TEXT).get(text, text)


def _command(text: str, *, in_formula: bool) -> str:
    name = text[1:]
    if not name.isalpha() or not name.isascii():
        short = _SHORT_IN_MATH if in_formula else _SHORT_IN_TEXT
        escapes = _MATH if in_formula else _TEXT
        return text if name in short else escapes.get(text) or escapes["\\"] + escapes.get(name, name)
    if in_formula:
        return text if name in _IN_FORMULAS else rf"\mathrm{{{name}}}"
    if name in _IN_TEXT:
        return text
    return f"${text}$" if name in SYMBOLS else rf"\textbackslash{{}}{name}"


def _apart(token: str, following: str) -> str:
    """The token with a blank where a command's name would run into the letters that follow."""
    return f"{token} " if re.fullmatch(r"\\[A-Za-z]+", token) and following[:1].isalpha() else token
