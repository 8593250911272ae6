"""An author's name as arXiv gives it -> as BibTeX splits it rightly into first names, particles and last name.

BibTeX takes the last word for the last name, and small words before it for particles (van der, de la). It needs help
with `Jr.`, groups of people, and names in small letters: https://mirrors.ctan.org/info/bibtex/tamethebeast/ttb_en.pdf
"""

from __future__ import annotations

import re
from unicodedata import normalize

from digest.text.markdown import visible
from digest.text.tex_tables import ACCENTS, LETTERS, SYMBOLS, members

_GROUP = re.compile(
    r"\b(?:collaborations?|team|group|consortium|initiative|project|committee|community|foundation|institute|lab"
    r"|laboratory|university|network|and|others)\b|[,:;0-9]",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"(?P<name>.+?),? (?P<suffix>(?:Jr|Sr)\.?|II|III|IV)", re.IGNORECASE)
_PARTICLES = members("""
    af al av bin da das de del della der den di do dos du el ibn la le li lo ten ter van vom von y zu zum zur
""")
# What has a meaning to TeX; no name has backslashes, braces and the like.
_ESCAPES = str.maketrans(
    {"%": r"\%", "#": r"\#", "&": r"\&", "$": r"\$", "_": r"\_"} | dict.fromkeys('\\{}^~"<>|', " ")
)
# By the mark that it sets; a blank ends the name of one that is a letter.
_ACCENTS = {mark: f"{name} " if name.isalpha() else name for name, mark in ACCENTS.items()}
# The first command for a letter is the usual one.
_LETTERS = {SYMBOLS[name]: name for name in sorted(LETTERS - {"eth", "ETH", "AA", "aa"}, reverse=True)}
# Latin letters that are no ASCII: BibTeX, which counts bytes, cuts their initial in two.
_FOREIGN = re.compile("[\u00c0-\u024f\u1e00-\u1eff]")


def author(name: str) -> str:
    """The name as it stands between two `and`; "" where nothing of it can be seen."""
    parts = visible(name).translate(_ESCAPES).split()
    name = " ".join(parts)
    suffix = _SUFFIX.fullmatch(name)
    if suffix and not _GROUP.search(suffix["name"]) and " " in suffix["name"]:
        first, last = _split(suffix["name"].split())
        return _in_tex(f"{last}, {suffix['suffix']}, {first}")
    if _GROUP.search(name) or suffix:
        return f"{{{_in_tex(name)}}}"
    if len(parts) > 1 and parts[0][0].islower() and parts[0] not in _PARTICLES:
        return _in_tex(f"{parts[-1]}, {' '.join(parts[:-1])}")
    return _in_tex(name)


def _split(parts: list[str]) -> tuple[str, str]:
    """First names, and the last name with its particles."""
    small = (number for number, part in enumerate(parts) if number and part[0].islower())
    at = min(next(small, len(parts)), len(parts) - 1)
    return " ".join(parts[:at]), " ".join(parts[at:])


def _in_tex(name: str) -> str:
    return _FOREIGN.sub(lambda letter: _letter(letter[0]), normalize("NFC", name))


def _letter(letter: str) -> str:
    """{\\'e}, {\\c c}, {\\l}, {\\~{\\^e}}; a letter for which TeX has no command stays as it is."""
    if letter in _LETTERS:
        return f"{{\\{_LETTERS[letter]}}}"
    base, *marks = list(normalize("NFD", letter))
    if not base.isascii() or not marks or not _ACCENTS.keys() >= set(marks):
        return letter
    for mark in marks:
        base = f"{{\\{_ACCENTS[mark]}{base}}}"
    return base
