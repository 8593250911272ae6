"""Venues that `venue_names.py` does not know, as papers name them: `ISER 2025`, `A&A`, `J. Algebra`."""

from __future__ import annotations

import re

from digest.columns.acceptance import EVENT, ORDINAL, is_contest, is_not_after_all, last_said, stands_alone
from digest.columns.venue_label import label, year
from digest.text.tex_tables import members

# `accepted` ` for publication in the ` `Journal of Imaging Informatics in Medicine`, or ` (JIIM)`
_LEAD = (
    r"(?:[\s,:(]|\b(?:for|to|at|by|in|into|as|on|of|be|an?|the|this|upcoming|held|regular|full|short|long|main|research"
    r"|[Oo]ral|[Pp]oster|[Ss]potlight|[Pp]resentation|papers?|track|publication|inclusion|version|form|conference|journal"
    r"|[Pp]roceedings|Proc\.|The|Letter|Article)\b|(?:IEEE|ACM)(?:/\w+)? (?=\d)|(?:[A-Z]\w+ ){1,4}Track (?:of|at|in)\b"
    rf"|{ORDINAL}|(?:19|20)\d\d\b){{0,24}}"
)
_WORD = r"[A-Z][\w'&/+-]*(?:\.(?= ?(?:of )?[A-Z]|$|,))?"
_JOINED = (
    rf"(?:(?:,? (?:of|and|in|on|for|with|to|from|over|&)(?: the)?|,(?= [A-Z][\w-]*,? and))? {_WORD}|(?<=\.){_WORD}"
    r"|: [A-Z]\w+(?= Briefs))"
)
_NAMED = re.compile(
    rf"(?P<lead>{_LEAD})(?P<name>(?:IEEE/\w+ )?{_WORD}{_JOINED}{{0,16}})"
    r"(?:,? ?\((?:IEEE |ACM )?(?P<acronym>[A-Z][\w-]*[A-Z][\w-]*)(?=[\s,')]))?"
)
_PREPOSITION = re.compile(r"(?i)\b(?:to|at|by|in|into|for|as|on|proceedings)\b|:")
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_NAME_END = re.compile(
    rf" (?=(?:Project|Code|Page|Oral|Spotlight|Git[Hh]ub|Website|Camera)\b)|,?(?: in| on)? (?={_MONTH}\b)"
)
# `COLM 2025`, `HEALTHINF25`, `IEEE IMC 2026`
_ACRONYM = re.compile(
    r"(?P<name>(?:(?:IEEE|ACM|AIAA|SPIE)(?:/\w+)? )?[A-Z][A-Za-z0-9&/-]*[A-Z][A-Za-z]*)"
    r"(?=(?:[ -]?20[0-3]\d| ?'[0-3]\d|-?[0-3]\d)(?!\d|%|[snrt][tdh]\b))"
)
_ACRONYM_REACH = 150
# `2025 Picture Coding Symposium (PCS 2025)`
_EVENT_AND_ACRONYM = re.compile(rf"(?P<event>{EVENT.pattern})[^()]{{0,150}}\({_ACRONYM.pattern}")
# `Pattern Recognition Letters 2026`
_JOURNAL = re.compile(rf" ?(?P<name>{_WORD}{_JOINED}{{0,12}} (?:Letters|Magazine|Journal)) \(?(?=20\d\d\)?$)")
# What begins with a capital behind `accepted by`, and is no venue's name.
_NO_VENUE = members("""
    IEEE ACM Springer Elsevier MDPI Wiley LNCS arXiv ArXiv ARR OpenReview Xplore Chinese English German French
    Japanese Korean Spanish University Main Project Code GitHub Github Track Volume Vol Section Oral Poster
    Spotlight Conference Journal Proceedings Workshop Page Website Homepage Dataset Data Camera January February
    March April May June July August September October November December Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct
    Nov Dec Our We It This The Final Long Short Full Paper Papers Findings Version Part Special Issue Extended DOI
    Preprint Report Appendix PDF Keywords Demo Model
""")


def otherwise_named(sentence: str) -> str:
    """The venue behind `accepted at`, or an acronym with a year that stands by itself; "" where there is none."""
    said, accepted = last_said(sentence)
    if said in ("of_another", "not_yet") or is_not_after_all(sentence):
        return ""
    return (_behind(accepted, sentence) if accepted else "") or _by_itself(sentence)


def _behind(accepted: re.Match[str], sentence: str) -> str:
    found = _NAMED.match(sentence, accepted.end())
    if not found or not _PREPOSITION.search(accepted[0] + found["lead"]):
        return ""
    acronym = _ACRONYM.search(sentence, found.start("name"), found.end() + _ACRONYM_REACH)
    if acronym and acronym["name"] not in _NO_VENUE:
        return label(acronym["name"], sentence[: acronym.start()], sentence[acronym.end() :])
    name = _NAME_END.split(found["name"])[0]
    # People also present at universities.
    is_place = accepted[0].lower().startswith("present") and not EVENT.search(name)
    if is_place or all(word.strip(",'") in _NO_VENUE for word in name.split()):
        return ""
    before, after = sentence[: found.start("name")], sentence[found.start("name") + len(name) :]
    if found["acronym"] and EVENT.search(name):
        return label(found["acronym"], before + name, after)
    return f"{name} {year(before, after)}".strip() if "Workshop" in name else label(name, before, after)


def _by_itself(sentence: str) -> str:
    """`COLM 2025`, alone between commas."""
    if is_contest(sentence):
        return ""
    for remark in sentence.split(","):
        found = _ACRONYM.search(remark) or _JOURNAL.match(remark)
        if found and stands_alone(remark[: found.start()]):
            return label(found["name"], remark[: found.start()], remark[found.end() :])
    found = _EVENT_AND_ACRONYM.search(sentence)
    return label(found["name"], found["event"], sentence[found.end("name") :]) if found else ""
