"""A paper's journal reference and comment -> where it was accepted: `CVPR 2026 · oral`, `ECCV 2026 workshop`, `TPAMI`.

What is submitted, under review or an extension of another paper says nothing; so does what could be read two ways, since
a wrong venue is worse than none.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from digest.columns.journal_reference import published_in
from digest.columns.venue_names import KNOWN, short_name
from digest.columns.venue_words import (
    ABBREVIATED,
    CONTEST,
    EVENT,
    HONOURS,
    NO_VENUE,
    NOT_AFTER_ALL,
    SAYS,
    TAKEN_BACK,
    TRACKS,
    WORKSHOP,
)
from digest.text.tex import readable

if TYPE_CHECKING:
    from collections.abc import Iterator

# No comment tells later than this where its paper was accepted, and no reference is longer.
_LONGEST = 2000

_ADDRESS = re.compile(r"\(?(?:https?://|www\.)\S+")
_SENTENCE_END = re.compile(
    # A comma ends one too where the next thing is said of the paper.
    r"[.!](?=\s|$|[A-Z][a-z])|;|,\s(?:and )?(?=(?:has been |was |is |to be )?(?:accepted|published|to appear)\b)"
)
_ORDINAL = (
    r"(?:\d+(?:st|nd|rd|th)\b|\b(?:(?i:twen|thir|for|fif|six|seven|eigh|nine)ty-)?(?i:first|second|third|fourth|fifth|sixth|seventh"
    r"|eighth|ninth|tenth|eleventh|twelfth|\w{3,7}teenth|twentieth|thirtieth|fortieth|fiftieth)\b)"
)
# Beside these, a venue's name at the beginning of a remark says by itself that the paper is in it.
_BEFORE_A_NAME = re.compile(
    rf"(?i)(?:\W|\d+\b|{_ORDINAL}|\b(?:in|the|an?|at|as|for|of|on|to|and|is|this|proceedings|proc|conference|symposium|international|annual|ieee|acm|cvf|oral|spotlight"
    r"|highlight|poster|papers?|full|short|long|main|track|pages?|figures?|tables?|camera|ready|version|presentation|best|award"
    r"|publication|findings|demo|new|preprint|workshops?|v\d)\b)*"
)
# `MIV at CVPR 2025`, `GLOW @ IJCAI`: what has a name of its own at a conference is a workshop.
_AT_ITS_HOST = re.compile(r"([A-Za-z][\w&-]*[A-Z0-9][\w&-]*)(?:\s?'?\d{2,4})?\)?,?\s*(?:@|\bat)\s*(?:the\s)?$")
_AT_SIGN = re.compile(r"\w ?@ ?$")
_NO_WORKSHOPS = frozenset(("ORAL", "POSTER", "AI", "PAPER", "SPOTLIGHT", "PRESENTATION"))

_YEAR = re.compile(r"(?<![\d.:])(?<!\d-)((?:19|20)\d\d)(?![\d:])|'(\d\d)(?!\d)")
_YEAR_AT_ONCE = re.compile(
    r"[-_' (]{0,2}((?:20)?[0-3]\d)(?!\d|[/.-]\d|\s*(?:pages?|figures?|pp|tables?|th|nd|st|rd|%|,\s*\d+ fig))"
)
# `TMLR (12/24)`
_MONTH_AND_YEAR = re.compile(r" ?\(?(?:0?\d|1[0-2])/(2\d)\b")
# `(AAAI-25)` behind a full name
_YEAR_OF_ACRONYM = re.compile(r"\([A-Z][A-Za-z]+[-' ]?(\d\d)\)")
_VOLUME = re.compile(r" \d{1,3}(?=[\s,(:;]|$)")
_YEAR_REACH = 110

_LEAD = (
    r"(?:[\s,:(]|\b(?:for|to|at|by|in|into|as|on|of|be|an?|the|this|upcoming|oral|poster|spotlight|regular|full|short|long|main|research|papers?|track"
    r"|publication|presentation|inclusion|version|form|Letter|Article|conference|journal|proceedings|held|Proceedings|Proc\.|The|Oral|Presentation|Spotlight|Poster)\b"
    rf"|(?:[A-Z]\w+ ){{1,4}}Track (?:of|at|in)\b|(?:IEEE|ACM)(?:/\w+)? (?=\d)|{_ORDINAL}|(?:19|20)\d\d\b){{0,24}}"
)
_WORD = r"[A-Z][\w'&/+-]*(?:\.(?= ?(?:of )?[A-Z]|$|,))?"
# `accepted for publication in the ` `Journal of Imaging Informatics in Medicine`, ` (JIIM)`
_GENERIC = re.compile(
    rf"(?P<lead>{_LEAD})(?P<name>(?:IEEE/\w+ )?{_WORD}(?:(?:,? (?:of|and|in|on|for|with|to|from|over|&)(?: the)?|,(?= [A-Z][\w-]*,? and))? {_WORD}|(?<=\.){_WORD}|: [A-Z]\w+(?= Briefs)){{0,16}})"
    r"(?:,? ?\((?:IEEE |ACM )?(?P<acronym>[A-Z][\w-]*[A-Z][\w-]*)(?=[\s,')]))?"
)
_NO_PART_OF_A_NAME = re.compile(
    r" (?=(?:Project|Code|Page|Oral|Spotlight|Git[Hh]ub|Website|Camera)\b)|,?(?: in| on)? (?=(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b)"
)
_PREPOSITION = re.compile(r"(?i)\b(?:to|at|by|in|into|for|as|on|proc\w*)\b|:")
# `COLM 2025`, `HEALTHINF25`, `IEEE IMC 2026`
_ACRONYM_YEAR = re.compile(
    r"(?P<name>(?:(?:IEEE|ACM|AIAA|SPIE)(?:/\w+)? )?[A-Z][A-Za-z0-9&/-]*[A-Z][A-Za-z]*)"
    r"(?=(?:[ -]?20[0-3]\d| ?'[0-3]\d|-?[0-3]\d)(?!\d|%|st\b|nd\b|rd\b|th\b))"
)
# `2025 Picture Coding Symposium (PCS 2025)`
_EVENT_IN_BRACKETS = re.compile(rf"(?P<event>{EVENT.pattern})[^()]{{0,150}}\({_ACRONYM_YEAR.pattern}")


class _Name(NamedTuple):
    """A venue's name in a sentence: what is shown of it, and where it stands."""

    shown: str
    start: int
    end: int
    is_workshop: bool = False


def venue(journal: str, comment: str) -> str:
    """Where the paper was accepted, "" where neither text says it; the comment may add to what the reference says."""
    referred = _from_reference(_clean(journal[:_LONGEST]))
    commented = _from_comment(_clean(comment[:_LONGEST]))
    return commented if commented.startswith(referred) else referred


def _clean(text: str) -> str:
    text = _ADDRESS.sub(" ; ", readable(text)).translate({ord(quote): "'" for quote in "’‘`´′"})
    return " ".join(text.replace("–", "-").split())


def _from_reference(reference: str) -> str:
    """A conference or a known journal as in a comment that says `published in`; else the journal's name."""
    if KNOWN.search(reference) or EVENT.search(reference):
        return _in_sentence(f"Published in {_VOLUME.sub('', reference)}")
    return published_in(reference)


def _from_comment(comment: str) -> str:
    sentences = [] if TAKEN_BACK.search(comment) else list(_sentences(comment))
    for sentence, following in pairwise((*sentences, "")):
        found = _in_sentence(sentence)
        if found:
            # `Accepted by ICCV 2025. Oral`
            short = len(following.split()) < 5 and " · " not in found
            return found + (_honour(following) if short else "")
    return ""


def _sentences(text: str) -> Iterator[str]:
    start = 0
    for end in _SENTENCE_END.finditer(text):
        word = re.search(r"\w*$", text[max(0, end.start() - 12) : end.start()])
        if end[0] == "." and word and (word[0] in ABBREVIATED or re.fullmatch("[A-Z]", word[0])):
            continue
        yield text[start : end.start()].strip()
        start = end.end()
    yield text[start:].strip()


def _in_sentence(sentence: str) -> str:
    names = list(_names(sentence))
    for name in names:
        others = [other for other in names if other.shown != name.shown or _is_added(sentence, name, other)]
        start = max((other.end for other in others if other.end <= name.start), default=0)
        end = min((other.start for other in others if other.start >= name.end), default=len(sentence))
        if _is_accepted(sentence[: name.start], sentence[name.end : end]):
            return _shown(
                name.shown, sentence[start : name.start], sentence[name.end : end], is_workshop=name.is_workshop
            )
    return "" if names else _otherwise_named(sentence)


def _is_added(sentence: str, name: _Name, other: _Name) -> bool:
    """`CVPR 2026 and the CVPR 2026 workshop on …`"""
    return re.search(r"\b(?:and|also)(?: at| the)*\s$", sentence[name.end : other.start]) is not None


def _names(sentence: str) -> Iterator[_Name]:
    for found in KNOWN.finditer(sentence):
        yield _Name(short_name(found), found.start(), found.end(), found["w"] is not None)


def _is_accepted(before: str, after: str) -> bool:
    says = [found.lastgroup for found in SAYS.finditer(before)]
    if "of_another" in says or NOT_AFTER_ALL.search(after):
        return False
    if says:
        return says[-1] == "accepted"
    remark = before.rpartition(",")[2]
    rest = after.partition(",")[0]
    if re.search(r"(?i)\baccepted\b", rest):
        return True
    if CONTEST.search(before + rest):
        return False
    is_workshop = WORKSHOP.search(before + rest) or _AT_SIGN.search(before)
    return is_workshop is not None or _BEFORE_A_NAME.fullmatch(remark) is not None


def _shown(name: str, before: str, after: str, *, is_workshop: bool = False) -> str:
    shown = f"{name} {_year(before, after)}".strip()
    track = "workshop" if is_workshop else _track(before, after)
    if track != "workshop" and re.search(r"(?i)\bfindings\b", before + after):
        shown = f"Findings of {shown}"
    else:
        shown = f"{shown} {track}".strip()
    return shown + _honour(f"{before} {after}")


def _year(before: str, after: str) -> str:
    """Right behind the name, or a little later, or a little earlier."""
    close = after[:_YEAR_REACH]
    found = (
        _YEAR_AT_ONCE.match(close)
        or _MONTH_AND_YEAR.match(close)
        or _YEAR.search(close)
        or _YEAR_OF_ACRONYM.search(close)
    )
    for found in (found, *reversed(list(_YEAR.finditer(before[-_YEAR_REACH:])))):
        if found:
            digits = next(filter(None, found.groups()))
            return digits if len(digits) == 4 else f"20{digits}"
    return ""


def _track(before: str, after: str) -> str:
    around = f"{before} {after}"
    host = _AT_ITS_HOST.search(before)
    if WORKSHOP.search(around) or (host and host[1].upper() not in _NO_WORKSHOPS):
        return "workshop"
    return next((track for track, pattern in TRACKS if pattern.search(around)), "")


def _honour(text: str) -> str:
    return next((f" · {honour}" for honour, pattern in HONOURS if pattern.search(text)), "")


def _otherwise_named(sentence: str) -> str:
    """A venue that is not known here: after `accepted at`, or an acronym with a year that stands by itself."""
    says = list(SAYS.finditer(sentence))
    kinds = [found.lastgroup for found in says]
    if "of_another" in kinds or NOT_AFTER_ALL.search(sentence) or (says and kinds[-1] != "accepted"):
        return ""
    return (says and _after(sentence, says[-1])) or _by_itself(sentence)


def _after(sentence: str, accepted: re.Match[str]) -> str:
    """The name behind `accepted at`."""
    found = _GENERIC.match(sentence, accepted.end())
    if not found or not _PREPOSITION.search(accepted[0] + found["lead"]):
        return ""
    acronym = _ACRONYM_YEAR.search(sentence, found.start("name"), found.end() + 150)
    if acronym and acronym["name"] not in NO_VENUE:
        return _shown(acronym["name"], sentence[: acronym.start()], sentence[acronym.end() :])
    name = _NO_PART_OF_A_NAME.split(found["name"])[0]
    before, after = sentence[: found.start("name")], sentence[found.start("name") + len(name) :]
    if (accepted[0].lower().startswith("present") and not EVENT.search(name)) or all(
        word.strip(",'") in NO_VENUE for word in name.split()
    ):
        return ""
    if found["acronym"] and EVENT.search(name):
        return _shown(found["acronym"], before + name, after)
    return f"{name} {_year(before, after)}".strip() if "Workshop" in name else _shown(name, before, after)


def _by_itself(sentence: str) -> str:
    """`COLM 2025`, alone between commas."""
    for remark in sentence.split(","):
        found = _ACRONYM_YEAR.search(remark)
        if found and _BEFORE_A_NAME.fullmatch(remark[: found.start()]) and not CONTEST.search(remark):
            return _shown(found["name"], remark[: found.start()], remark[found.end() :])
    in_brackets = _EVENT_IN_BRACKETS.search(sentence)
    if in_brackets and not CONTEST.search(sentence):
        return _shown(in_brackets["name"], in_brackets["event"], sentence[in_brackets.end("name") :])
    return ""
