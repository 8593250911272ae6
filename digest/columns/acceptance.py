"""What a sentence says of a venue that it names: the paper was accepted there, or not yet, or another paper was."""

from __future__ import annotations

import re

_SAID = re.compile(
    r"(?i)\b(?:"
    # Of another paper: `extended version of the paper accepted at` tells where that one was accepted.
    r"(?P<of_another>(?:extended|expanded|journal|conference|shorter|short|previous|earlier|preliminary|initial|prior"
    r"|partial|abridged|condensed|poster|early) (?:\w+ )?(?:version|draft|work|abstract of)"
    r"|extension|extends|extending|extended from|partially|based on|builds? (?:up)?on|follow-?up"
    r"|companion (?:paper|to|of)|continuation|citation|overlap\w*"
    r"|supplement\w* (?:\w+ )?(?:to|of|for)|challenge (?:\w+ )?(?:report|paper|summary)"
    r"|(?:code|report|solution|entry)s? (?:\w+ )?(?:to|of|for)|winner|winning|won|place|prize|ranked)"
    r"|(?P<not_yet>(?:re-?)?submi\w+|under (?:consideration|revision)|review(?:ing|ed)? (?:at|by|for)"
    r"|(?:under|in|undergoing|waiting|pending|awaiting)(?: for| \w+-?blind| blind| peer|-peer| anonymous| journal"
    r"| conference| the){0,2}[ -]review(?! of)"
    r"|(?:not|never|if|once|upon|after|until|when|conditionally) (?:being )?accept\w*"
    r"|revis(?:ion|ed|ing)|prepar\w+|plan\w*|target\w*|inten[dt]\w*|declin\w*|rebuttal|aim\w*|consider\w*|propos\w*"
    r"|potential\w*)"
    r"|(?P<accepted>acc+(?:ept|pet|pte|pect)\w*|publish\w*|publication|appear\w*|camera[- ]?ready|presented"
    r"|presentation|proceedings|in press|forthcoming|(?:oral|poster|spotlight|highlight|abstract|paper|talk)"
    r"(?= (?:presentation )?at\b))"
    r")(?!\w)"
)
# Behind the name: `ICML 2026 submission`, `is available as arXiv:…`.
_NOT_AFTER_ALL = re.compile(
    r"(?i)\b(?:submission|submitted|(?:under|in) (?:peer[- ])?review|rebuttal|template|format|style"
    r"|extension(?! of\b))\b(?! (?:to|at|for|in)\b)|\b(?:separate\b|superseded)"
    r"|\b(?:available|found|posted) (?:as|at|in|under) arXiv|\b(?:if|once|when) accepted\b"
)
_TAKEN_BACK = re.compile(r"(?i)\breject(?:ed|ion)\b|\bwith(?:drawn|drew|drawal)\b|\bretract\w+|\bcancel\w*")
_CONTEST = re.compile(
    r"(?i)\b(?:challenges?|competitions?|contest|shared task|cup|winner\w*|winning|rank\w*|prize|place|solution)\b"
)
_WORKSHOP = re.compile(r"(?i)\bworkshops?\b|\bwksp?\b|\bSRW\b|co-?located|in conjunction with")
_AT_SIGN = re.compile(r"\w ?@ ?$")

EVENT = re.compile(r"\b(?:Conference|Symposium|Congress|Workshop|Meeting|Forum|Colloquium|Convention)\b")
ORDINAL = (
    r"(?:\d+[snrt][tdh]\b|\b(?:(?i:twen|thir|for|fif|six|seven|eigh|nine)ty-)?(?i:first|second|third|fourth|fifth"
    r"|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|\w{3,7}teenth|twentieth|thirtieth|fortieth|fiftieth)\b)"
)
# With nothing else before it, a name says by itself that the paper is there: `10 pages, In Proceedings of CVPR 2026`.
_ONLY_BEFORE = re.compile(
    rf"(?i)(?:\W|\d+\b|{ORDINAL}|\b(?:in|the|an?|at|as|for|of|on|to|and|is|this|new|v\d|ieee|acm|cvf|proceedings|proc"
    r"|conference|symposium|international|annual|publication|oral|spotlight|highlight|poster|presentation|papers?|full|short"
    r"|long|main|track|findings|demo|workshops?|best|award|preprint|pages?|figures?|tables?|camera|ready|version)\b)*"
)


def is_taken_back(text: str) -> bool:
    """Whether the paper was accepted nowhere in the end."""
    return _TAKEN_BACK.search(text) is not None


def is_accepted(before: str, after: str) -> bool:
    """Whether the paper is where a name stands between these; with nothing said of it, the name must stand alone."""
    if is_not_after_all(after):
        return False
    said, _ = last_said(before)
    if said:
        return said == "accepted"
    rest = after.partition(",")[0]
    if re.search(r"(?i)\baccepted\b", rest):
        return True
    if is_contest(before + rest):
        return False
    alone = _WORKSHOP.search(before + rest) is not None or _AT_SIGN.search(before) is not None
    return alone or stands_alone(before.rpartition(",")[2])


def last_said(text: str) -> tuple[str, re.Match[str] | None]:
    """What is said of the name that follows, and where: `accepted`, `not_yet`, `of_another`, "" where nothing is."""
    found = list(_SAID.finditer(text))
    for said in found:
        if said["of_another"]:
            return "of_another", said
    return (found[-1].lastgroup or "", found[-1]) if found else ("", None)


def is_not_after_all(text: str) -> bool:
    """Whether it takes back what a name before it, or in it, would say."""
    return _NOT_AFTER_ALL.search(text) is not None


def stands_alone(before: str) -> bool:
    """Whether only words like `In Proceedings of the` stand before a name."""
    return _ONLY_BEFORE.fullmatch(before) is not None


def is_contest(text: str) -> bool:
    """Whether a challenge at the venue may be meant, or a place in it."""
    return _CONTEST.search(text) is not None


def is_workshop(text: str) -> bool:
    return _WORKSHOP.search(text) is not None
