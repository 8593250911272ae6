"""A paper's journal reference and comment -> where it was accepted: `CVPR 2026 · oral`, `ECCV 2026 workshop`, `TPAMI`.

What is submitted, under review or an extension of another paper says nothing; so does what can be read two ways, since
a wrong venue is worse than none. A comment is read sentence by sentence: `acceptance.py` tells what is said of a name,
`venue_names.py` and `other_venues.py` find the names, `venue_label.py` writes what is shown.
"""

from __future__ import annotations

import re
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from digest.columns.acceptance import is_accepted, is_taken_back
from digest.columns.journal_reference import is_conference, published_in
from digest.columns.other_venues import otherwise_named
from digest.columns.venue_label import honour, label
from digest.columns.venue_names import Name, known_names
from digest.text.tex import readable

if TYPE_CHECKING:
    from collections.abc import Iterator

# No comment tells later than this where its paper was accepted, no reference is longer, no sentence names more venues.
_LONGEST = 2000
# No venue is called so.
_LONGEST_NAME = 200
_MOST_NAMES = 8
_QUOTES = str.maketrans(dict.fromkeys("’‘`´′", "'"))

_ADDRESS = re.compile(r"\(?(?:https?://|www\.)\S+")
_SENTENCE_END = re.compile(
    # A comma ends one too where the next thing is said of the paper.
    r"[.!](?=\s|$|[A-Z][a-z])|;|,\s(?:and )?(?=(?:has been |was |is |to be )?(?:accepted|published|to appear)\b)"
)
# Words before a full stop that does not end a sentence: `Phys. Rev. D`, `Proc. of`.
_ABBREVIATED = re.compile(
    r"\b(?:[A-Z]|Proc|Conf|Int|Trans|Symp|[Vv]ol|[Nn]o|pp|Aug|Sept|Oct|Nov|Dec|Feb|Phys|Rev|Lett|Math|Astron|Astrophys|Mon"
    r"|Not|Roy|Soc|Commu?n?|Ann|Adv|Nucl|Eur|Class|Grav|Appl|Amer?|Sci|Natl?|Acad|Mod|Mech|Eng|Lect|Comput|Theor|Theoret"
    r"|Stat|Bull|Geom|Algebr|Anal|Funct|Num|Chem|Opt|Discrete)$"
)
# `CVPR 2026 and the CVPR 2026 workshop on …`
_ADDED = re.compile(r"\b(?:and|also)(?: at| the){0,3}\s$")


def venue(journal: str, comment: str) -> str:
    """Where the paper was accepted, "" where neither text says it; the comment may add to what the reference says."""
    # Most papers have no reference, and half of them no comment.
    referred = _from_reference(_clean(journal[:_LONGEST])) if journal else ""
    commented = _from_comment(_clean(comment[:_LONGEST])) if comment else ""
    told = commented if commented.startswith(referred) else referred
    return told if len(told) <= _LONGEST_NAME else ""


def _clean(text: str) -> str:
    text = _ADDRESS.sub(" ; ", readable(text)).translate(_QUOTES)
    return " ".join(text.replace("–", "-").split())


def _from_reference(reference: str) -> str:
    """A conference or a known journal as in a comment that says `published in`; else the journal's name."""
    if is_conference(reference) or any(known_names(reference)):
        # Volumes look like years: `Advances in Neural Information Processing Systems 37`.
        return _in_sentence("Published in " + re.sub(r" \d{1,3}(?=[\s,(:;]|$)", "", reference))
    return published_in(reference)


def _from_comment(comment: str) -> str:
    sentences = () if is_taken_back(comment) else _sentences(comment)
    for sentence, following in pairwise((*sentences, "")):
        found = _in_sentence(sentence)
        if found:
            # `Accepted by ICCV 2025. Oral`
            return found + (honour(following) if len(following.split()) < 5 and " · " not in found else "")
    return ""


def _sentences(text: str) -> Iterator[str]:
    start = 0
    for end in _SENTENCE_END.finditer(text):
        if end[0] != "." or not _ABBREVIATED.search(text[max(0, end.start() - 16) : end.start()]):
            yield text[start : end.start()].strip()
            start = end.end()
    yield text[start:].strip()


def _in_sentence(sentence: str) -> str:
    """The first venue in which the sentence says that the paper is, or that nothing else but the paper could be in."""
    names = list(islice(known_names(sentence), _MOST_NAMES))
    for name in names:
        before, after = _around(name, names, sentence)
        if is_accepted(sentence[: name.start], after):
            return label(name.shown, before, after, is_workshop=name.is_workshop)
    return "" if names else otherwise_named(sentence)


def _around(name: Name, names: list[Name], sentence: str) -> tuple[str, str]:
    """What stands before and behind a name, up to the next one that is another venue's."""
    start, end = 0, len(sentence)
    for other in names:
        if other.shown == name.shown and not _ADDED.search(sentence[name.end : other.start]):
            continue
        if other.end <= name.start:
            start = other.end
        elif other.start >= name.end:
            return sentence[start : name.start], sentence[name.end : other.start]
    return sentence[start : name.start], sentence[name.end : end]
