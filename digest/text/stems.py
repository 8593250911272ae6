"""A word -> its stem, as arXiv's search has it: Porter's stemmer of 1980 with its author's three later changes. Pure.

The rules: M. F. Porter, "An algorithm for suffix stripping", Program 14 (1980), pages 130-137, in short at
https://tartarus.org/martin/PorterStemmer/def.txt; the changes (`bli`, `logi`, words of one or two letters): "Points of
difference from the published algorithm" at https://tartarus.org/martin/PorterStemmer/. Lucene's PorterStemmer.java, by
which arXiv's index stems, does the same. Porter's second stemmer ("English") and Snowball's "porter" differ from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def _rules(table: str) -> dict[str, str]:
    """What each ending becomes, `-` for nothing."""
    pairs = (rule.split(">") for rule in table.split())
    return {ending: put.strip("-") for ending, put in pairs}


# The paper's steps 1a, 2, 3 and 4. In step 2 `abli>able` became `bli>ble`, and `logi>log` was added.
_STEP_1A = _rules("sses>ss ies>i ss>ss s>-")
_STEP_2 = _rules("""
    ational>ate tional>tion enci>ence anci>ance izer>ize bli>ble alli>al entli>ent eli>e ousli>ous ization>ize ation>ate
    ator>ate alism>al iveness>ive fulness>ful ousness>ous aliti>al iviti>ive biliti>ble logi>log
""")
_STEP_3 = _rules("icate>ic ative>- alize>al iciti>ic ical>ic ful>- ness>-")
_STEP_4 = _rules("""
    al>- ance>- ence>- er>- ic>- able>- ible>- ant>- ement>- ment>- ent>- sion>s tion>t ou>- ism>- ate>- iti>- ous>-
    ive>- ize>-
""")


def stem(word: str) -> str:
    """The stem of a word in lower case; whatever is no letter from a to z counts as a consonant."""
    if len(word) < 3:
        return word
    word = _changed(word, _STEP_1A)
    word = _step_1b(word)
    if word.endswith("y") and "v" in _shape(word[:-1]):  # step 1c
        word = word[:-1] + "i"
    word = _changed(word, _STEP_2, above=0)
    word = _changed(word, _STEP_3, above=0)
    word = _changed(word, _STEP_4, above=1)
    return _step_5(word)


def beginning(stem: str) -> str:
    """What every word of this stem begins with, and every word whose stem goes on from here.

    Only an `e` or `i` at a stem's end may be another letter in its words (make: making, study: studies), and the `l` of
    `bl` and `ble` (sensibl: sensibility). So a text without these letters has no word of the stem.
    """
    stem = stem[:-1] if stem.endswith(("e", "i")) else stem
    return stem[:-1] if stem.endswith("bl") else stem


def _changed(word: str, rules: Mapping[str, str], above: int = -1) -> str:
    """With its longest ending changed, where what stands before that has a measure above the one given."""
    if not word.endswith(tuple(rules)):
        return word
    ending = max(filter(word.endswith, rules), key=len)
    # `sion` and `tion` stand for `ion` behind an s or t, which counts to what stands before it.
    before = word[: 1 - len(ending)] if ending in ("sion", "tion") else word[: -len(ending)]
    return word[: -len(ending)] + rules[ending] if _measure(before) > above else word


def _step_1b(word: str) -> str:
    if word.endswith("eed"):
        return word[:-1] if _measure(word[:-3]) > 0 else word
    before = word.removesuffix("ed") if word.endswith("ed") else word.removesuffix("ing")
    shape = _shape(before)
    if before == word or "v" not in shape:
        return word
    if before.endswith(("at", "bl", "iz")):
        return before + "e"
    if before[-1:] == before[-2:-1] and shape.endswith("c"):
        return before if before.endswith(("l", "s", "z")) else before[:-1]
    return before + "e" if shape.count("vc") == 1 and _is_short(before, shape) else before


def _step_5(word: str) -> str:
    shape = _shape(word)
    measure = shape.count("vc")
    if word.endswith("e") and (measure > 1 or (measure == 1 and not _is_short(word[:-1], shape[:-1]))):
        word = word[:-1]
    return word[:-1] if word.endswith("ll") and measure > 1 else word


def _is_short(word: str, shape: str) -> bool:
    """The paper's `*o`: ends with consonant, vowel, consonant, the last none of w, x and y (hop, not snow)."""
    return shape.endswith("cvc") and not word.endswith(("w", "x", "y"))


def _measure(word: str) -> int:
    """The paper's m: how often consonants follow vowels (tree 0, trouble 1, private 2)."""
    return _shape(word).count("vc")


def _shape(word: str) -> str:
    """`c` for each consonant and `v` for each vowel: a, e, i, o, u, y behind a consonant (syzygy: cvcvcv, toy: cvc)."""
    shape, last = [], ""
    for letter in word:
        last = "v" if letter in "aeiou" or (letter == "y" and last == "c") else "c"
        shape.append(last)
    return "".join(shape)
