"""Texts -> words, as arXiv's index cuts them by `mappings/DocumentMapping.json` of arXiv/arxiv-search. Pure.

Titles, abstracts, comments: Unicode's word boundaries (https://www.unicode.org/reports/tr29/#Word_Boundaries) as
Lucene's StandardTokenizer draws them, by Unicode 6.3. Names: what stands between blanks, folded.
"""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import combining, normalize

from digest.text.stems import stem

_STOP_WORDS = frozenset(
    "a an and are as at be but by for if in into is it no not of on or such that the their then there these they this"  # noqa: SIM905
    " to was will with".split()
)

# Each of these is a word of its own: Chinese characters and Hiragana.
_SINGLE = "\u3005-\u3007\u3040-\u309f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
_KATAKANA = "\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9d"
# Scripts without blanks between words, where only a dictionary finds them (Thai, Lao, Burmese, Khmer): a run is a word.
_UNBROKEN = "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ec6\u0edc-\u0edf\u1000-\u103f\u1050-\u109f\u1780-\u17d3"
# Numbers that are neither digits nor letters part words: x² is x.
_PARTING = "²³¹¼-¾⁰⁴-⁹₀-₉⅐-⅟①-⒛⓪-⓿❶-➓㉈-㉏㉑-㉟㊀-㊉㊱-㊿"
# Accents and invisible marks belong to the letter before them.
_MARKS = (
    "\u00ad\u0300-\u036f\u0483-\u0489\u064b-\u0655\u093e-\u094d\u1ab0-\u1aff\u1dc0-\u1dff\u200c-\u200f\u20d0-\u20f0"
    "\ufe00-\ufe0f"
)
_OTHER = rf"{_SINGLE}{_KATAKANA}{_UNBROKEN}{_PARTING}"
_LETTER = rf"[^\W\d_{_OTHER}]"
# What joins two letters, or two digits, on both sides of it.
_BETWEEN_LETTERS = ".:'\u00b7\u0387\u2018\u2019\u2024\u2027\uff07\uff0e"
_BETWEEN_DIGITS = ".,;'\u2018\u2019\u066c\uff0c\uff0e"
_WORD = re.compile(
    rf"""_*(?:{_LETTER}|\d)[^\W{_OTHER}]*(?:
        (?:[{_MARKS}]+
        | (?:(?<={_LETTER})|(?<=[{_MARKS}]))[{_BETWEEN_LETTERS}][{_MARKS}]*(?={_LETTER})
        | (?<=\d)[{_BETWEEN_DIGITS}][{_MARKS}]*(?=\d)
        )[^\W{_OTHER}]*
    )*
    | [{_SINGLE}][{_MARKS}]* | [{_UNBROKEN}][{_UNBROKEN}{_MARKS}]* | _*[{_KATAKANA}][{_KATAKANA}{_MARKS}_]*""",
    re.VERBOSE,
)
# The same for most texts, in a third of the time.
_ASCII_WORD = re.compile(r"_*[a-z0-9]\w*(?:(?:(?<=[a-z])[.:'](?=[a-z])|(?<=\d)[.,;'](?=\d))\w+)*", re.ASCII)


def words(text: str) -> list[str]:
    """The words in lower case, in order: `vision-language` is two, `e.g`, `1,000`, `don't`, `k:a` and `x_1` are one."""
    text = text.lower()
    return (_ASCII_WORD if text.isascii() else _WORD).findall(text)


def words_but_stop_words(text: str) -> list[str | None]:
    """The words, None in the place of a stop word: the index knows of it only that it is there."""
    return [None if word in _STOP_WORDS else word for word in words(text)]


def stems(text: str) -> list[str | None]:
    """The words' stems, without possessive 's, None in the place of a stop word."""
    return list(map(_stem, words(text)))


@lru_cache(maxsize=1 << 15)
def _stem(word: str) -> str | None:
    word = word[:-2] if word.endswith(("'s", "’s", "＇s")) else word
    return None if word in _STOP_WORDS else stem(word)


# What NFKD leaves of letters that ICU folds, and quotation marks and dashes of all kinds.
_FOLDED = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "ð": "d"}
    | dict.fromkeys("‘’‚‛′‵‹›", "'")
    | dict.fromkeys("«»“”„", '"')
    | dict.fromkeys("‐‑‒–—―−", "-")
    | dict.fromkeys(".,;", "")
)
_UMLAUT = re.compile("([ao]|(?<![aeioquy])u)e")
_DOUBLE_VOWEL = re.compile("(a)[aeo]|(o)[eo]")


def folded(name: str) -> list[str]:
    """A name's words without case, accents, dots, commas and semicolons.

    The index also takes `ae`, `oe` and `ue` for umlauts, `aa`, `ao` and `oo` for Nordic letters, each for one vowel:
    Müller, Mueller and Muller are the same, and so are Moore and More.
    """
    return [word for word in map(_folded, name.split()) if word]


@lru_cache(maxsize=1 << 14)
def _folded(word: str) -> str:
    if not word.isascii():
        decomposed = normalize("NFKD", normalize("NFKC", word).casefold())
        word = "".join(letter for letter in decomposed if not combining(letter))
    return _DOUBLE_VOWEL.sub(r"\1\2", _UMLAUT.sub(r"\1", word.lower().translate(_FOLDED)))
