"""A journal reference, as arXiv has it from the authors -> the journal and the year: `Phys. Rev. D 2025`.

References come in every form: `Phys.Rev.D 112 (2025) 023001`, `JHEP 0907:012,2009`, `2025 New J. Phys. 27 013001`.
https://info.arxiv.org/help/jref.html
"""

from __future__ import annotations

import re

from digest.columns.acceptance import EVENT

# No reference is longer than some lines.
_LONGEST = 1000

_SAYS_NOTHING = re.compile(
    r"(?i)\b(?:submi\w+|under review|in preparation|preprint|arxiv|thesis|tech(?:nical|\.) report)\b"
)
_YEAR = re.compile(r"(?<![\d.:])((?:19|20)\d\d)(?![\d:])")
_BRACKETED_YEAR = re.compile(r"\(([^()]{0,20}\b)?((?:19|20)\d\d)\)")
_INTRODUCTION = re.compile(
    r"(?i)(?:\W|\b(?:accepted|(?:to be )?published|to appear|for publication|in|by|at|the|journal-ref)\b"
    r"|(?:19|20)\d\d\b)*"
)
# The name ends before a volume, a year or pages, or what is said of them; `Chaos, Solitons & Fractals` goes on.
_NAME_END = re.compile(
    r"[;(\[]|,(?! and | & | [A-Z]\w+,? (?:&|and) )|:(?! ?[A-Z])|\s?(?=\d)|(?<=PoS)\W| [-–—]+ "
    r"|[ -](?i:vol(?:ume)?|no|nr|issue|pp?|pages?|art(?:icle)?|iss|bd|tome)\b\.?[ :]?(?=[\divxA-Z]|$)"
)
_ABBREVIATIONS = re.compile(r"(?<=[a-z])\.(?=[A-Z])|(?<=[A-Z])\.(?=[A-Z][a-z])")


def is_conference(reference: str) -> bool:
    return EVENT.search(reference) is not None


def published_in(reference: str) -> str:
    """The journal's name as it is written there, and its year; "" where the reference tells of no journal."""
    reference = reference[:_LONGEST].strip()
    if _SAYS_NOTHING.search(reference):
        return ""
    introduction = _INTRODUCTION.match(reference)
    start = introduction.end() if introduction else 0
    end = _NAME_END.search(reference, start)
    name = _ABBREVIATIONS.sub(". ", reference[start : end.start() if end else len(reference)]).strip(" -:,")
    if len(name) < 2 or not name[0].isalpha():
        return ""
    return f"{name} {_year(reference)}".strip()


def _year(reference: str) -> str:
    """The year in parentheses, else the last one: an earlier number may be a page."""
    bracketed = _BRACKETED_YEAR.search(reference)
    if bracketed:
        return bracketed[2]
    return next(iter(reversed(_YEAR.findall(reference))), "")
