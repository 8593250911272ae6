"""TeX in titles and abstracts -> Unicode text that reads well; arXiv gives the authors' source as it is.

Our own small tables instead of pylatexenc, to which all text is TeX: it makes `costs 5 and10` of `costs $5 and $10`,
drops `&` and the commands that it does not know, and takes eighty times as long.
"""

from __future__ import annotations

import re

from digest.text.tex_accents import accented, is_apostrophe, quotes_escaped
from digest.text.tex_commands import COMMANDS
from digest.text.tex_math import closing_braces, formulas, script, spaced
from digest.text.tex_tables import ACCENTS, SYMBOLS

# Deeper than any author nests; beyond it the source stays as it is.
_DEPTH = 12
_SPACES = {",": " ", " ": " ", "-": "", "\\": " "}
_MATH_SPACES = _SPACES | {";": " ", ":": " ", ">": " ", "!": "", "/": "", "|": "‖"}
_TOKEN = re.compile(r"\\(?:[A-Za-z]+|.)|[${}^_~]|https?://[^\s{}$\\]+(?:\\[_%#&~][^\s{}$\\]*)*", re.DOTALL)
_TEX_GROUP = re.compile(r"\{[{ ]{0,8}\\[A-Za-z\"'`^~=.]")
_OPTION = re.compile(r"\*?(?:\[([^\[\]]{0,40})\])?")
_TIE = re.compile(r"(?<=[A-Za-z0-9.)}$])~(?=[A-Za-z(\\\[$])|(?<=[A-Za-z])~(?=[0-9])|(?<=[:,;])~(?=\\)")

# A text is searched three times as fast for signs apart as for a class of them.
_TEX = re.compile(r"\\|\$|\{|--|``")
_QUOTES = re.compile(r"(?<!`)``(?!`)((?:[^`]|`(?!`))*?)(?:''(?!')|\")")
# Neither arrows, HTML comments and rules nor options of a program.
_DASHES = re.compile(r"https?://\S+|(?<![-<!])(-{2,3})(?![->])")
_DASH = {"--": "–", "---": "—"}


def readable(text: str) -> str:
    """The text as its authors meant it to be read; what is no TeX stays, and so does TeX that is not known here."""
    if not _TEX.search(text):
        return text
    if "\\" in text or "$" in text or "{" in text:
        text = Reader(text).read()
    if "``" in text:
        text = _QUOTES.sub(r"“\1”", text)
    return _DASHES.sub(_dash, text) if "--" in text else text


def _dash(found: re.Match[str]) -> str:
    text, start, end = found.string, found.start(), found.end()
    option = (start == 0 or text[start - 1].isspace()) and text[end : end + 1].isalnum()
    return found[0] if option or not found[1] else _DASH[found[1]]


class Reader:
    """Where it stands in the text, `at`, and where the part ends that it reads, `end`, as text or as a formula, `math`.

    A method that takes something of the text moves the cursor behind it; where there is none it gives None or "", and
    the cursor stays.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.at, self.end = 0, len(text)
        self.math = False
        self._depth = 0
        self._closing = closing_braces(text)
        self._formulas = formulas(text)
        self._quotes_escaped = quotes_escaped(text)

    def read(self) -> str:
        """All to the end of the part."""
        out: list[str] = []
        while found := _TOKEN.search(self.text, self.at, self.end):
            out.append(self.text[self.at : found.start()])
            self.at = found.end()
            shown = self._token(found[0])
            if self.math:
                shown = spaced(found[0], shown, "".join(out[-2:]), self.text[self.at : min(self.at + 6, self.end)])
            out.append(shown)
        out.append(self.text[self.at : self.end])
        self.at = self.end
        return "".join(out)

    def inside(self, part: tuple[int, int], *, math: bool) -> str:
        """What stands in that part, read; the cursor stays where it is."""
        if self._depth >= _DEPTH:
            return self.text[slice(*part)]
        before = self.at, self.end, self.math
        self.at, self.end, self.math = *part, math
        self._depth += 1
        shown = self.read()
        self._depth -= 1
        self.at, self.end, self.math = before
        return shown

    def group(self) -> tuple[int, int] | None:
        """The group that opens at the cursor, as the part between its braces."""
        start, close = self.at, self._closing.get(self.at, self.end)
        if close >= self.end:
            return None
        self.at = close + 1
        return start + 1, close

    def option(self) -> str:
        """What stands in brackets, as it is written; a star before it is taken too."""
        found = _OPTION.match(self.text, self.at, self.end)
        if found:
            self.at = found.end()
        return found[1] or "" if found else ""

    def argument(self, *, math: bool | None = None) -> str | None:
        """A group, a command with what it takes, or a single character, read."""
        start = self.at
        while self.at < self.end and self.text[self.at] == " ":
            self.at += 1
        group = self.group()
        if group:
            return self.inside(group, math=self.math if math is None else math)
        found = _TOKEN.match(self.text, self.at, self.end)
        if self.at < self.end and self._depth < _DEPTH:
            if found and (found[0][0] == "\\" or found.start() in self._formulas):
                self.at = found.end()
                self._depth += 1
                shown = self._token(found[0])
                self._depth -= 1
                return shown
            if not found or (self.math and found[0][0] not in "{}"):
                self.at += 1
                return self.text[self.at - 1]
        self.at = start
        return None

    def end_name(self, *, swallow: bool) -> None:
        """Goes behind the `{}` or the blank that only ends a command's name."""
        if self.text.startswith("{}", self.at, self.end):
            self.at += 2
        elif swallow and self.text.startswith(" ", self.at, self.end):
            self.at += 1

    def _token(self, token: str) -> str:
        """What the token, behind which the cursor stands, and all that it takes read as."""
        start = self.at - len(token)
        formula = self._formulas.get(start)
        if formula and formula[2] <= self.end:
            self.at = formula[2]
            return self.inside(formula[:2], math=True).strip()
        sign = token[0]
        if sign == "\\":
            return self._command(token, start)
        if sign == "h":
            return re.sub(r"\\(.)", r"\1", token)
        if sign == "{":
            return self._braces(start)
        if sign == "~":
            return " " if self.math or _TIE.match(self.text, start) else "~"
        if self.math and sign in "^_":
            argument = self.argument()
            return (
                token if argument is None else script(token, argument, self.text[self.at : min(self.at + 1, self.end)])
            )
        return token

    def _braces(self, start: int) -> str:
        self.at = start
        group = self.group()
        if group and (self.math or self._is_tex_group(*group)):
            return self.inside(group, math=self.math)
        self.at = start + 1
        return "{"

    def _is_tex_group(self, start: int, end: int) -> bool:
        """A command's scope, a comma of 1{,}000, or the capitals of a BibTeX title: {D}eep."""
        if _TEX_GROUP.match(self.text, start - 1):
            return True
        if end - start > 8:
            return False
        inside, after = self.text[start:end], self.text[end + 1 : end + 2]
        return inside == "," or (inside.isalpha() and inside[0].isupper() and after.isalpha() and after.islower())

    def _command(self, token: str, start: int) -> str:
        name = token[1:]
        if not name.isalpha():
            return self._short(token, start)
        if name in ACCENTS:
            letter = accented(self, name, start)
            return self._unknown(token) if letter is None else letter
        # A path such as C:\to is none.
        path = not self.math and name in SYMBOLS and self.text[start - 1 : start] == ":"
        command = None if path else COMMANDS.get(name)
        shown = command(self, name) if command else None
        return self._unknown(token) if shown is None else shown

    def _unknown(self, token: str) -> str:
        """It keeps its backslash and what it takes in brackets and braces."""
        out, after = [token], self.at
        self.option()
        if self._closing.get(self.at, self.end) >= self.end:
            self.at = after
        out.append(self.text[after : self.at])
        while group := self.group():
            inside = self.inside(group, math=self.math)
            out.append(f"{{{inside}}}" if inside else "")
        return "".join(out)

    def _short(self, token: str, start: int) -> str:
        """A command of one character."""
        name = token[1:]
        if name in "%&_#${}":
            return name
        if name in ACCENTS and not (name == '"' and self._quotes_escaped):
            letter = accented(self, name, start)
            if letter is not None:
                return letter
        if name == "'" and is_apostrophe(self.text, self.at):
            return name
        spaces = _MATH_SPACES if self.math else _SPACES
        if name in spaces and (self.math or name != "\\" or self.text[self.at : self.at + 1] in ("", " ")):
            return spaces[name]
        return token
