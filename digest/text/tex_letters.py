r"""TeX's accents, letters and Greek -> Unicode, as arXiv does before its search reads a text; other TeX stays. Pure.

Since its search was rewritten in November 2025, its answers show `Schrödinger` and `$ρ=0.9$`, the harvest still
`Schr\"odinger` and `$\rho=0.9$`. The rules: `arxiv/util/tex2utf.py` of https://github.com/arXiv/arxiv-base.
"""

from __future__ import annotations

import re
from unicodedata import normalize

from digest.text.tex_tables import ACCENTS, SYMBOLS, members

_LETTERS = members("""
    AA AE DH DJ L NG O oe OE TH aa ae dh dj i l ng o ss th Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega
    alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau varphi phi chi psi omega
""")
# A blank behind the name belongs to it, as in TeX.
_LETTER = re.compile(
    r"\{\\(?P<braced>NAME)\}|\\(?P<name>NAME)(?![^\W_])(?:\{\}|\\(?= )| )?".replace("NAME", "|".join(sorted(_LETTERS)))
)
_ACCENT = re.compile(
    r"""\\(?:(?P<sign>['`^"~=.])(?:\{(?P<braced>[A-Za-zı])\}|(?P<letter>[A-Za-zı]))
    | (?P<name>[Hckruv])\{(?P<under>[A-Za-z])\})""",
    re.VERBOSE,
)


def letters(text: str) -> str:
    """The text with its letters in Unicode; a text without TeX, or that was read so before, stays as it is."""
    if "\\" not in text:
        return text
    return _ACCENT.sub(_accented, _LETTER.sub(_letter, text))


def _letter(found: re.Match[str]) -> str:
    name = found["braced"] or found["name"]
    # The index has the other phi, and leaves varphi the usual one.
    return "ϕ" if name == "phi" else SYMBOLS[name]


def _accented(found: re.Match[str]) -> str:
    letter = (found["braced"] or found["letter"] or found["under"]).replace("ı", "i")
    composed = normalize("NFC", letter + ACCENTS[found["sign"] or found["name"]])
    return composed if len(composed) == 1 else letter
