"""One term of a query -> whether a record has it, field by field as arXiv's search asks its index. Pure.

The rules: `search/services/index/prepare.py` and `authors.py` of https://github.com/arXiv/arxiv-search (764d7eb) say
which field is asked how, `mappings/DocumentMapping.json` how its text is cut. What that code does by accident is done
here too: `cat:cs` finds nothing, `id:hep-th/9711200` and an identifier in quotes neither, `all:robotics` all of cs.RO.
`sent` is a term's text as it is sent, with its quotes.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING

from digest.query.category_names import description
from digest.query.logic import all_of, any_of, cannot_tell, never
from digest.query.record import FORMULA
from digest.query.wording import WILDCARD, pattern, unquoted, wording
from digest.text.stems import beginning
from digest.text.words import folded, stems, words, words_but_stop_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from digest.query.logic import Answer, Matcher
    from digest.query.record import Record, Text
    from digest.query.wording import Cut, Wording

_IS_TEX = re.compile(r"\$\$[^$]+\$\$|\$[^$]+\$")
_OLD_NUMBER = re.compile(r"\d{7}")
_DATE = re.compile(r"(?:^|\s)(?P<year>\d{4})(?:-(?P<month>\d\d))?(?:\s|$)")
# Classes of MSC and ACM, which the index has and no record.
_CLASS = re.compile(r"\d\d[a-z-](?:[a-z\d]{2})?|[a-k]\.[\dm](?:\.[\dm]+)?", re.IGNORECASE)


def _title(sent: str) -> Matcher:
    if _IS_TEX.match(sent):
        formulas = FORMULA.findall(sent)
        return lambda record: not record.title.formulas.isdisjoint(formulas)
    return _says(attrgetter("title"), _english(sent, words_but_stop_words))


def _abstract(sent: str) -> Matcher:
    return _says(attrgetter("abstract"), _english(sent, words))


def _english(sent: str, cut: Cut) -> Wording | None:
    """By stems; a phrase is looked for as it stands besides, which matters where it has no stem: `abs:"to be"`."""
    by_stems = wording(sent, stems, "stems", beginning)
    return wording(sent, cut, "all_words") if by_stems is None and sent.startswith('"') else by_stems


def _comment(sent: str) -> Matcher:
    # Without quotes stop words are looked for too, and the index has none.
    cut = words_but_stop_words if sent.startswith('"') else words
    return _says(attrgetter("comment"), wording(sent, cut, "words"))


def _journal(sent: str) -> Matcher:
    return _says(attrgetter("journal"), wording(sent, words_but_stop_words, "words"))


def _report(sent: str) -> Matcher:
    return _says(attrgetter("report"), wording(sent, words_but_stop_words, "words"))


def _says(text_of: Callable[[Record], Text | None], wanted: Wording | None) -> Matcher:
    if wanted is None:
        return never

    def answer(record: Record) -> Answer:
        text = text_of(record)
        return None if text is None else wanted.stands_in(text)

    return answer


def _author(sent: str) -> Matcher:
    """In quotes all words in one author's name; without, the one word in any name, the submitter's included."""
    text, quoted = unquoted(sent)
    if not quoted and re.search("[,;]", text):
        return _surnames(text)
    wanted = folded(text)
    if any(word.startswith(("*", "?")) for word in wanted):
        return cannot_tell
    if not wanted:
        return never
    if quoted:
        return lambda record: any(_has(name, wanted) for name in record.authors)
    return lambda record: _has(record.people, wanted) or (None if record.submitter is None else False)


def _surnames(text: str) -> Matcher:
    """`smith,j;doe`: which part of a name is the surname no record tells, only that it is in no name at all."""
    surnames = [folded(person.partition(",")[0]) for person in text.split(";")]

    def answer(record: Record) -> Answer:
        possible = all(any(_has(name, surname) for name in record.authors) for surname in surnames)
        return None if possible else False

    return answer


def _has(name: frozenset[str], wanted: Iterable[str]) -> bool:
    return all(
        any(re.fullmatch(pattern(word), part) for part in name) if WILDCARD.search(word) else word in name
        for word in wanted
    )


def _category(sent: str) -> Matcher:
    whole = re.compile(pattern(unquoted(sent)[0]), re.IGNORECASE)
    return lambda record: any(map(whole.fullmatch, record.paper.categories))


def _identifier(sent: str) -> Matcher:
    """arXiv looks for a hyphen or a slash with a backslash before it, and for quotes as they stand: there are none."""
    if sent.startswith(("*", "?")):
        return cannot_tell
    if sent.startswith('"'):
        return never
    if not WILDCARD.search(sent) and re.search("[-/]", sent):
        return never
    before = ".*/" if _OLD_NUMBER.fullmatch(sent) else ""
    whole = re.compile(before + pattern(sent.lower()))
    return lambda record: any(map(whole.fullmatch, (str(record.paper.id), f"{record.paper.id}v{record.paper.version}")))


def _doi(sent: str) -> Matcher:
    """The whole DOI, upper and lower case as it stands; with wildcards, whose letters arXiv makes lower case, lower."""
    text = unquoted(sent)[0]
    if text.startswith(("*", "?")):
        return cannot_tell
    whole = re.compile(pattern(text.lower()) if WILDCARD.search(text) else re.escape(text))
    return lambda record: any(map(whole.fullmatch, record.paper.doi.split()))


def _submitted(sent: str) -> Matcher:
    first, last = (datetime.strptime(end, "%Y%m%d%H%M").replace(tzinfo=UTC) for end in sent.strip("[]").split(" TO "))
    return lambda record: first <= record.paper.published <= last


def _anywhere(sent: str) -> Matcher:
    """`all:`: any one field, the names of the categories, or the year or month of the announcement."""
    if _IS_TEX.match(sent):
        formulas = frozenset(FORMULA.findall(sent))
        return lambda record: formulas <= record.title.formulas or formulas <= record.abstract.formulas
    if found := _DATE.search(sent):
        rest = f"{sent[: found.start()]} {sent[found.end() :]}".strip()
        dated = _announced(found["year"], found["month"])
        return any_of([_any_field(sent), all_of([dated, _any_field(rest)]) if rest else dated])
    return _any_field(sent)


def _any_field(sent: str) -> Matcher:
    # What arXiv asks of all fields as one adds nothing: one field must hold a part anyway, and a phrase stands in one.
    fields = (_title, _abstract, _comment, _classified, _author, _journal, _report, _identifier, _doi)
    matchers = [field(sent) for field in fields]
    return any_of([*matchers, cannot_tell] if _CLASS.fullmatch(sent) else matchers)


def _classified(sent: str) -> Matcher:
    wanted = frozenset(words_but_stop_words(sent)) - {None}
    if not wanted:
        return never
    return lambda record: any(wanted <= _words_of(category) for category in record.paper.categories)


@lru_cache(maxsize=1024)
def _words_of(category: str) -> frozenset[str | None]:
    return frozenset(words_but_stop_words(description(category)))


def _announced(year: str, month: str | None) -> Matcher:
    """The month is the identifier's; four digits are a year, and a month as identifiers write it."""

    def answer(record: Record) -> Answer:
        announced = record.paper.id.month
        if month:
            return (int(year), int(month)) == announced
        return int(year) == announced.year or year == f"{announced.year % 100:02}{announced.month:02}"

    return answer


FIELDS: dict[str, Callable[[str], Matcher]] = {
    "ti": _title,
    "title": _title,
    "abs": _abstract,
    "co": _comment,
    "jr": _journal,
    "rn": _report,
    "au": _author,
    "cat": _category,
    "id": _identifier,
    "doi": _doi,
    "submittedDate": _submitted,
    "all": _anywhere,
}
