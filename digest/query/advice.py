"""A line that is a sound query, and probably not the one that was meant -> what to write instead. Pure.

A guess, so it is told as a warning and never refused. Signs in a phrase say nothing to arXiv, so whoever means the
phrase is rid of the warning by leaving them out, or by an operator's word in lower case.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digest.query import taxonomy
from digest.query.parser import read_line
from digest.query.tree import FIELD, QueryError, Term, searched_phrase, terms

if TYPE_CHECKING:
    from collections.abc import Callable

    from digest.query.tree import Query

# A longer phrase is rarely found; where it is all of the input, YAML's `>` has probably joined several lines.
_LONG, _LONG_ALONE = 8, 6
# A longer line is not repeated in a warning, nor rewritten.
_SHOWN = 120
_FIELD_INSIDE = re.compile(rf"(?<![\w-]){FIELD.pattern}(?=\S)")
_OPERATOR = re.compile(r" (AND NOT|ANDNOT|AND|OR|NOT) | ?(\|\|?|｜|&&) ?")
_SEPARATOR = re.compile(rf"{_OPERATOR.pattern}| ?(?:[;；，、､]|,(?!\d)) ?| / ")
_SAME = {"NOT": "ANDNOT", "AND NOT": "ANDNOT", "&&": "AND"}
_WIDE_COLON = re.compile(r" ?[：﹕꞉∶] ?")
# `LLM:large language model`; not `Re:Zero`, `std::move` or `https://...`, which nobody means as a heading and a query.
_TIGHT_COLON = re.compile(r"(?<=[\w)]):(?=\w[^:]* )")
# `GAN*`, `vid*s`; not `A*` or `C*-algebra`.
_WILDCARD = re.compile(r"\w\w(?:\*|\?\w)")
_MARK = re.compile(r"^[-*+!•](?=\w)")
_NUMBERED = re.compile(r"^\d{1,3}[.)] ")
_MINUS = re.compile(r" [-!](?=[^\W\d_])")
_COMMENT = re.compile(r" (?:#|//) ")
_JOINED_LIST = re.compile(r" [-*•] ")


def advice(line: str, query: Query, *, alone: bool) -> str | None:
    """What was probably meant by a keyword's line, and how to write it; None where nothing suggests another meaning.

    `alone` says that no other line stands in the input.
    """
    line = " ".join(line.split())
    if searched_phrase(query) == line:
        return _on_phrase(line, alone=alone)
    return _on_query(line, query)


def advice_on_excluded(phrase: str) -> str | None:
    """The same for a phrase of the input `exclude`, which takes no queries."""
    phrase = " ".join(phrase.split())
    if _FIELD_INSIDE.search(phrase) or taxonomy.spelled(phrase):
        why = "fields and categories are for a query: ANDNOT (ti:survey OR cat:cs.RO)"
    elif re.search(r" (?:AND|ANDNOT|AND NOT|&&) ", phrase):
        why = "what is more than a phrase is for a query: ANDNOT (a AND b)"
    elif _SEPARATOR.search(phrase) or phrase.startswith("NOT "):
        words = (part.strip() for part in re.split(r" (?:OR|NOT) |[|｜;；]", f" {phrase} "))
        why = f"write: {', '.join(filter(None, words))}"
    elif _WILDCARD.search(phrase):
        why = "a wildcard counts in a query only; arXiv looks for stems, so survey finds surveys too"
    elif mark := _MARK.search(phrase) or _NUMBERED.search(phrase):
        why = f"write: {phrase[mark.end() :]}"
    else:
        return None
    return f"{_cut(phrase)} is left out as one phrase; {why}"


def _on_phrase(line: str, *, alone: bool) -> str | None:
    names = [taxonomy.spelled(name) for name in re.split(r"[ ,;|，、]+", line)]
    if all(names):
        asked = f"cat:{names[0]}" if len(names) == 1 else f"cat:({' OR '.join(map(str, names))})"
        why = "a category is asked for in a query, or for every keyword by the input categories"
        return _told(line, why, f"{line}: {asked}")
    for pattern, why, rewrite in _KINDS:
        if pattern.search(line):
            return _told(line, why, rewrite(line) if len(line) <= _SHOWN else "")
    words = len(line.split())
    if words >= (_LONG_ALONE if alone else _LONG) or (alone and _JOINED_LIST.search(line)):
        return (
            f"{_cut(line)} is searched as one phrase of {words} words, found only where all stand in a row; "
            "if `keywords: >` has joined several lines, write a vertical bar in place of `>`"
        )
    return None


def _told(line: str, why: str, instead: str) -> str:
    try:
        read_line(instead)
    except QueryError:
        instead = "Heading: query"
    return f"{_cut(line)} is searched as one phrase; {why}; if that is not meant, write: {instead}"


def _cut(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")


def _behind_heading(line: str) -> str:
    """A field within: what stands before it was meant as the heading."""
    start = _FIELD_INSIDE.search(line)
    at = start.start() if start else 0
    heading, query = line[:at].rstrip(" :：,;-'‘“("), line[at:].rstrip("'’”")
    if heading.rpartition(" ")[2] in ("AND", "OR", "ANDNOT", "NOT"):
        return _under_itself(line)
    return f"{heading}: {query}" if heading else query


def _behind_colon(pattern: re.Pattern[str]) -> Callable[[str], str]:
    def rewrite(line: str) -> str:
        heading, query = pattern.split(line, maxsplit=1)
        return f"{heading.strip()}: {_query(query)}"

    return rewrite


def _under_itself(line: str) -> str:
    return f"{line}: {_query(line)}"


def _query(text: str) -> str:
    """The words between operators and separators as terms; a separator means OR."""
    written, begin = "", 0
    for found in _SEPARATOR.finditer(text):
        sign = _SAME.get(found[1] or found[2], found[1] or "OR")
        written += f"{_term(text[begin : found.start()])} {sign} "
        begin = found.end()
    return written + _term(text[begin:])


def _term(text: str) -> str:
    text = text.strip(" '‘’“”")
    if _MINUS.search(text):
        return " ANDNOT ".join(map(_term, _MINUS.split(text)))
    if _WILDCARD.search(text):
        return " AND ".join(text.split())
    return f'"{text}"' if " " in text and not re.search(rf'["()]|{FIELD.pattern}', text) else text


# What a phrase holds, why that is no part of a phrase, and what the line was probably meant to be.
_KINDS: tuple[tuple[re.Pattern[str], str, Callable[[str], str]], ...] = (
    (_FIELD_INSIDE, "a field counts in a query only", _behind_heading),
    (_WIDE_COLON, "a heading ends with a colon and a blank", _behind_colon(_WIDE_COLON)),
    (_TIGHT_COLON, "a heading ends with a colon and a blank", _behind_colon(_TIGHT_COLON)),
    (_OPERATOR, "an operator counts in a query only (as a word, write it in lower case)", _under_itself),
    (_COMMENT, "a comment has a line of its own", lambda line: _COMMENT.split(line, maxsplit=1)[0]),
    (_SEPARATOR, "each keyword has a line of its own", _under_itself),
    (_WILDCARD, "a wildcard counts in a query only", _under_itself),
    (_NUMBERED, "the number before it is searched too", lambda line: _NUMBERED.sub("", line)),
    (_MARK, "the sign before it says nothing", lambda line: line[1:]),
    (_MINUS, "a minus leaves nothing out", _under_itself),
)


def _on_query(line: str, query: Query) -> str | None:
    heading = line.partition(": ")[0]
    meant, _, field = heading.rpartition(" ")
    if meant and FIELD.fullmatch(f"{field}:"):
        return f"the heading is {_cut(heading)}; if {field}: is meant as a field, write: {meant}: {field}:word"
    for term in terms(query):
        if term.field == "cat" and (since := taxonomy.successor(term.text)):
            return closed(term.text, since)
        if not term.quoted and term.field in ("ti", "abs", "all", "co") and _joined_words(term):
            return f"{_cut(term.text)} is searched as one word; for one of several write: (a OR b)"
    return None


def _joined_words(term: Term) -> bool:
    return bool(re.search(r"\w(?:[|;；，、｜]+|,(?!\d))\w", term.text))


def closed(category: str, since: str) -> str:
    """For a category that arXiv has given up."""
    return f"the category {category} holds only papers of long ago; newer ones are in {since}"
