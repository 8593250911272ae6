"""TeX in titles and abstracts -> Unicode text that reads well; arXiv gives the authors' source as it is.

Our own small tables instead of pylatexenc, to which all text is TeX: it makes `costs 5 and10` of `costs $5 and $10`,
drops `&` and the commands that it does not know, and takes eighty times as long.
"""

from __future__ import annotations

import re

from digest.text.tex_accents import accented, is_apostrophe, quotes_escaped
from digest.text.tex_commands import apply, fraction, link, numbered, script, spaced
from digest.text.tex_math import closing_braces, formulas
from digest.text.tex_tables import ACCENTS, APPLIED, MATH_ACCENTS, REFERENCES, SILENT, STYLES, SYMBOLS

_TEX = re.compile(r"[\\${]|--|``")
# Deeper than any author nests; beyond it the source stays as it is.
_DEPTH = 12
_SPACES = {",": " ", " ": " ", "-": "", "\\": " "}
_MATH_SPACES = _SPACES | {";": " ", ":": " ", "!": "", "/": "", "|": "‖"}

_TOKEN = re.compile(r"\\(?:[A-Za-z]+|.)|[${}^_~]|https?://[^\s{}$\\]+(?:\\[_%#&~][^\s{}$\\]*)*", re.DOTALL)
_TEX_GROUP = re.compile(r"\{[{ ]{0,8}\\[A-Za-z\"'`^~=.]")
_OPTION = re.compile(r"\*?(?:\[[^\[\]]{0,40}\])?")
_TIE = re.compile(r"(?<=[A-Za-z0-9.)}$])~(?=[A-Za-z(\\\[$])|(?<=[A-Za-z])~(?=[0-9])|(?<=[:,;])~(?=\\)")
_QUOTES = re.compile(r"(?<!`)``(?!`)((?:[^`]|`(?!`))*?)(?:''(?!')|\")")
# Neither arrows, HTML comments and rules nor options of a program.
_DASHES = re.compile(r"https?://\S+|(?<![-<!])(-{2,3})(?![->])")
_DASH = {"--": "–", "---": "—"}


def readable(text: str) -> str:
    """The text as its authors meant it to be read; what is no TeX stays, and so does TeX that is not known here."""
    if not _TEX.search(text):
        return text
    if "\\" in text or "$" in text or "{" in text:
        text = _Reader(text).read(0, len(text), math=False, depth=0)
    if "``" in text:
        text = _QUOTES.sub(r"“\1”", text)
    return _DASHES.sub(_dash, text) if "--" in text else text


def _dash(found: re.Match[str]) -> str:
    text, start, end = found.string, found.start(), found.end()
    option = (start == 0 or text[start - 1].isspace()) and text[end : end + 1].isalnum()
    return found[0] if option or not found[1] else _DASH[found[1]]


class _Reader:
    """Goes once through a text; every part is read in the mode, text or math, in which it stands."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.closing = closing_braces(text)
        self.formulas = formulas(text)
        self.quotes_escaped = quotes_escaped(text)

    def read(self, start: int, end: int, *, math: bool, depth: int) -> str:
        if depth > _DEPTH:
            return self.text[start:end]
        out: list[str] = []
        while found := _TOKEN.search(self.text, start, end):
            out.append(self.text[start : found.start()])
            shown, start = self._token(found, end, math, depth)
            if math:
                shown = spaced(found[0], shown, "".join(out[-2:]), self.text[start : min(start + 6, end)])
            out.append(shown)
        out.append(self.text[start:end])
        return "".join(out)

    def _token(self, found: re.Match[str], end: int, math: bool, depth: int) -> tuple[str, int]:
        """What a token and its arguments read as, and where the text goes on."""
        token, start, after = found[0], found.start(), found.end()
        formula = self.formulas.get(start)
        if formula and formula[2] <= end:
            return self.read(formula[0], formula[1], math=True, depth=depth + 1).strip(), formula[2]
        if token[0] == "h":
            return re.sub(r"\\(.)", r"\1", token), after
        if token[0] == "{":
            group = self._group(start, end)
            if group and (math or self._is_tex_group(*group)):
                return self.read(*group, math=math, depth=depth + 1), group[1] + 1
        elif token[0] == "~":
            return (" " if math or _TIE.match(self.text, start) else "~"), after
        elif math and token[0] in "^_":
            argument = self._argument(after, end, depth)
            return (
                (script(token, argument[0], self.text[argument[1] : min(argument[1] + 1, end)]), argument[1])
                if argument
                else (token, after)
            )
        elif token[0] == "\\":
            return self._command(token, start, end, math, depth)
        return token, after

    def _group(self, start: int, end: int) -> tuple[int, int] | None:
        """The inside of the group that opens here."""
        close = self.closing.get(start, end)
        return (start + 1, close) if close < end else None

    def _is_tex_group(self, start: int, end: int) -> bool:
        """A command's scope, a comma of 1{,}000, or the capitals of a BibTeX title: {D}eep."""
        if _TEX_GROUP.match(self.text, start - 1):
            return True
        if end - start > 8:
            return False
        inside, after = self.text[start:end], self.text[end + 1 : end + 2]
        return inside == "," or (inside.isalpha() and inside[0].isupper() and after.isalpha() and after.islower())

    def _argument(self, start: int, end: int, depth: int) -> tuple[str, int] | None:
        """A group, a command or a character of a formula, read; and where the text goes on."""
        while start < end and self.text[start] == " ":
            start += 1
        if start >= end or depth > _DEPTH:
            return None
        found = _TOKEN.match(self.text, start, end)
        if found and found[0][0] in "\\{":
            return self._token(found, end, True, depth + 1)
        return self.text[start], start + 1

    def _command(self, token: str, start: int, end: int, math: bool, depth: int) -> tuple[str, int]:
        name, after = token[1:], start + len(token)
        if not name.isalpha() or name in ACCENTS:
            return self._short(token, after, end, math)
        option = _OPTION.match(self.text, after, end)
        groups: list[tuple[int, int]] = []
        position = option.end() if option else after
        while len(groups) < 2 and (group := self._group(position, end)):
            groups.append(group)
            position = group[1] + 1
        if groups and (taken := self._with_groups(name, groups, math, depth)):
            return taken
        if name in SYMBOLS and self.text[start - 1 : start] != ":":
            return SYMBOLS[name], self._after_word(start, after, end, swallow=SYMBOLS[name].isalpha() and len(name) < 3)
        if name in SILENT:
            return "", self._after_word(start, after, end, swallow=True)
        if groups and groups[0][0] < groups[0][1] and name not in MATH_ACCENTS:  # not known here: it keeps its braces
            return f"{token}{{{self.read(*groups[0], math=math, depth=depth + 1)}}}", groups[0][1] + 1
        if not math:
            return token, self._after_word(start, after, end, swallow=False)
        if name in MATH_ACCENTS or name in STYLES or name == "sqrt":
            argument = self._argument(after, end, depth)
            return (apply(name, argument[0]), argument[1]) if argument else (token, after)
        return name, after

    def _short(self, token: str, after: int, end: int, math: bool) -> tuple[str, int]:
        """A command of one character."""
        name = token[1:]
        if name in "%&_#${}":
            return name, after
        if name in ACCENTS and not (name == '"' and self.quotes_escaped):
            letter = accented(self.text, name, after, end, self._group(after, end))
            if letter:
                return letter
        if name == "'" and is_apostrophe(self.text, after):
            return name, after
        spaces = _MATH_SPACES if math else _SPACES
        if name in spaces and (math or name != "\\" or self.text[after : after + 1] in ("", " ")):
            return spaces[name], after
        return token, after

    def _after_word(self, start: int, after: int, end: int, *, swallow: bool) -> int:
        """Where the text goes on after a command: behind the `{}` or the blank that only ends its name."""
        if self.text.startswith("{}", after, end):
            return after + 2
        blank = swallow and self.text.startswith(" ", after, end)
        return (
            after + 1
            if blank and (self.text[start + 1 : after] in SILENT or self.text[start - 1 : start].isalpha())
            else after
        )

    def _with_groups(self, name: str, groups: list[tuple[int, int]], math: bool, depth: int) -> tuple[str, int] | None:
        """A command that is read by what stands in its braces."""
        first, last = groups[0], groups[-1]
        if name in ("href", "textcolor", "colorbox", "frac", "dfrac", "tfrac", "nicefrac"):
            if len(groups) < 2 and name not in ("href", "textcolor"):
                return None
            second = self.read(*last, math=math, depth=depth + 1) if len(groups) == 2 else ""
            if name in ("textcolor", "colorbox"):
                return second, last[1] + 1
            beginning = self.read(*first, math=math and name != "href", depth=depth + 1)
            return (link if name == "href" else fraction)(beginning, second), last[1] + 1
        after = first[1] + 1
        if name == "color":
            return "", after
        if name in ("unicode", "ding"):
            character = numbered(name, self.text[first[0] : min(first[1], first[0] + 9)])
            return (character, after) if character else None
        if name in REFERENCES:
            return f"[{self.text[slice(*first)]}]", after
        if name in STYLES or name in MATH_ACCENTS or name in APPLIED or name in SILENT:
            inside = self.read(*first, math=math and not name.startswith("text"), depth=depth + 1)
            return apply(name, inside), after
        return None
