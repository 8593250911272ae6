"""`digest.query.match`: what arXiv's search would find, read off its code, and what its recorded lists hold."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from operator import attrgetter
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.papers import Paper, read_entry_id
from digest.query.match import match, matcher
from digest.query.parser import parse, read_line
from digest.query.record import Record
from digest.query.tree import And, AndNot, Or, Query, Term, phrase, to_arxiv
from digest.text.words import stems, words
from sandbox.arxiv.query import Catalogue, search
from sandbox.arxiv.query import words as words_of_stand_in
from sandbox.recorded import days

if TYPE_CHECKING:
    from sandbox.recorded import Entry


def recorded(entry: Entry) -> Record:
    """An entry as the harvest tells it, its submitter being its first author."""
    identifier, version = read_entry_id(entry.id)
    paper = Paper(
        identifier, version, entry.title, entry.abstract, entry.authors, entry.published, entry.updated,
        entry.categories, entry.comment, entry.journal, entry.doi,
    )  # fmt: skip
    return Record(paper, entry.report, entry.authors[0])


PAPER = Paper(
    *read_entry_id("2511.04321v2"),
    title="CLIP-like Vision/Language Models: the $\\rho$-score of Poincar\\'e's U.S. data, and a video's anomalies",
    abstract="We present \\textbf{M}odel_X (v1.5), agents that don't fail. To be or not to be: state of the art.\n"
    "Training on 1,000 images with $\\mathcal{O}(n)$ and $\\alpha+\\beta$; x² and C++.",
    authors=("José Ángel Peña", "J. R. Müller", "Daniel O'Hara Jr.", "Al-Zahra Fatima", "Xin-Yi van der Berg"),
    published=datetime(2025, 11, 6, 23, 59, 30, tzinfo=UTC),
    updated=datetime(2026, 2, 1, tzinfo=UTC),
    categories=("cs.CV", "eess.IV", "math-ph"),
    comment="Accepted at CVPR 2026, 12 pages; the authors' code",
    journal="Phys. Rev. D 98, 030001 (2018)",
    doi="10.1103/PhysRevD.98.030001 10.1000/abc",
)
RECORD = Record(PAPER, "FERMILAB-PUB-25-001; CERN-TH-25", "Grace Kim")

FOUND = [
    # Titles and abstracts: stems, in any place without quotes, in a row within.
    'ti:"vision language model"', 'ti:"Visions, languages: modelling"', "ti:models", "ti:model", "ti:anomaly",
    "ti:models/vision", "ti:vision-like", "ti:clip-anomaly", 'ti:"CLIP like"', "title:clip", 'abs:"training on"',
    'abs:"agents of don\'t"', "ti:video", 'ti:"video\'s anomaly"', "ti:u.s", "ti:U.S.", "abs:v1.5", "abs:1,000",
    'abs:"and C++"', "abs:c", "abs:odel_x", "abs:m", "ti:poincaré",
    # A stop word in a phrase stands for any one word; at its ends for none.
    'ti:"the video of anomalies" OR ti:"data and a video"', 'ti:"data or the video"', 'ti:"the models"', 'ti:"of data"',
    'ti:"the clip"', 'abs:"c of the"',
    'abs:"state at an art"', 'ti:"vision of models"', 'abs:"not to agents"', 'abs:"fails to"',
    # A phrase of stop words alone is looked for in abstracts as it stands.
    'abs:"to be or not to be"', 'abs:"of the"',
    # Wildcards over stems, without quotes.
    "ti:anomal*", "ti:mod?l", "ti:v*n", "abs:ag*", "ti:lang*g", "ti:poin*",
    # TeX is text, but for its letters.
    "abs:mathcal", "abs:textbf", "ti:ρ", "ti:$ρ$", "ti:$ρ", "abs:α", "abs:$β+α$", "all:$α+β$",
    # Comments, journals, reports: words as they stand.
    "co:accepted", 'co:"accepted at CVPR"', 'co:"accepted in cvpr"', "co:authors", "co:cvpr-accepted", "co:20?6",
    "co:accept*", 'jr:"phys rev d"', "jr:98", "jr:phys", "jr:phys-the-rev", "rn:fermilab", 'rn:"CERN-TH"', "rn:th-cern",
    # Authors: in quotes the words of one name in any order, without them one word of any name.
    'au:"peña josé"', 'au:"Pena"', 'au:"jose pena"', 'au:"Mueller, J."', 'au:"R. Müller"', 'au:"o\'hara"',
    "au:al-zahra",
    'au:"der Berg"', 'au:"van der ber*"', "au:mull*", "au:kim", "au:d", "au:pena", "au:van_der_berg",
    'au:"xin-yi berg"',
    # Categories: the whole identifier, wherever it stands.
    "cat:cs.CV", "cat:cs.*", "cat:eess.??", "cat:math-ph", 'cat:"eess.IV"', "cat:*.CV", "cat:m*",
    # Identifiers, DOIs, dates.
    "id:2511.04321", "id:2511.04321v2", "id:2511.*", "id:2511.0432?", "doi:10.1103/PhysRevD.98.030001",
    'doi:"10.1000/abc"', "doi:10.1000/*", "submittedDate:[202511062359 TO 202511070000]",
    "submittedDate:[2025 TO 2025]", "submittedDate:[20251106 TO 20251107]",
    # All: any one field, the categories' names, the year and month of the announcement.
    "clip", '"vision language model"', "all:peña", 'all:"pena jose"', "all:kim", "all:fermilab", "all:cvpr",
    "all:eess.IV", "all:recognition", 'all:"computer pattern"', "all:2511.04321", "all:phys", "all:10.1000/abc",
    "all:electrical", "all:2025", "all:2511", "all:2025-11", "all:mathematical", "all:image-video", "all:anomal*",
    # Operators.
    "ti:clip AND abs:agent", "ti:nothing OR ti:clip", "ti:clip ANDNOT ti:nothing", "ti:(nothing OR clip)",
    "ti:nothing AND ti:nobody OR ti:clip", "ti:clip ANDNOT (ti:video AND ti:nothing)",
]  # fmt: skip
NOT_FOUND = [
    'ti:"language vision"', 'ti:"vision models"', "ti:vision-nothing", "ti:clipper",
    "ti:clip_like", "ti:visio", "ti:poincare", "ti:us", "ti:textbf", 'ti:"data video"', 'ti:"data a video"',
    "ti:the", 'ti:"the of"', 'ti:"to be"', 'abs:"be to"', "abs:the", "abs:v1", "abs:1000", "abs:x²2", "ti:+", 'ti:"…"',
    "ti:anomalies*", "ti:models*", "ti:vision-lang*", 'ti:"anomal*"', "ti:mod?", "abs:agents AND abs:agents*",
    "ti:rho", "ti:$\\rho$", "abs:alpha", "all:$α$",
    "co:accept", "co:at", "co:accepted-at", 'co:"cvpr accepted"', 'co:"accepted cvpr"', "co:the", "jr:d98",
    'jr:"rev phys"', "jr:the", "rn:fermi", 'rn:"TH CERN"',
    'au:"Peña Müller"', 'au:"zahra"', "au:zahra", 'au:"kim"', 'au:"O Hara"', 'au:"jr"', 'au:"j r ohara"', 'au:"."',
    "au:xin",
    "cat:math.MP",
    "id:2511.0432", "id:2511.04321v1", 'id:"2511.04321"', "id:04321", "doi:10.1103/physrevd.98.030001", "doi:10.1103",
    "doi:10.1103/PhysRevD*", "submittedDate:[2024 TO 202511062359]", "submittedDate:[202511070000 TO 2026]",
    "all:nothing", '"language vision"', "all:robotics", 'all:"computer robotics"', "all:2024", "all:2512",
    "all:2025-10",
    "all:mathematics", 'all:"2025"', "all:2511.04321v1", 'all:"peña müller"', 'all:"grace kim"',
    "ti:clip AND ti:nothing", "ti:clip ANDNOT abs:agents", "ti:nothing ANDNOT ti:nobody",
    "ti:nothing AND (ti:nobody OR ti:clip)",
]  # fmt: skip


def asked(query: str) -> Query:
    return parse(query.replace("abs:agents AND abs:agents*", "abs:agents AND abs:agents*"))


@pytest.mark.parametrize("query", FOUND)
def test_found(query: str) -> None:
    assert match(parse(query), RECORD) is True


@pytest.mark.parametrize("query", NOT_FOUND)
def test_not_found(query: str) -> None:
    assert match(parse(query), RECORD) is False


@pytest.mark.parametrize(
    ("category", "found"),
    [("cs.CV", True), ("cs.cv", True), ("cs", False), ("math", False), ("cs.C", False), ("CV", False),
     ("math.MP", False),
     ("cs CV", False), ("cs.CV eess.IV", False)],
)  # fmt: skip
def test_a_category_is_the_whole_identifier_in_any_case(category: str, found: bool) -> None:
    assert match(Term("cat", category), RECORD) is found


OLD = replace(PAPER, id=read_entry_id("hep-th/9711200")[0], version=3)


@pytest.mark.parametrize(
    ("query", "found"),
    [("id:9711200", True), ("id:hep-th/97*", True), ("id:hep-th/9711200", False), ("id:711200", False),
     ("all:9711", True),
     ("all:1997", True)],
)  # fmt: skip
def test_an_identifier_of_the_old_form_is_found_as_arxivs_code_finds_it(query: str, found: bool) -> None:
    assert match(parse(query), Record(OLD, "", "")) is found


UNKNOWN = Record(PAPER)  # the source tells neither report number nor submitter


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("rn:fermilab", None), ("au:kim", None), ("all:nothing", None), ("all:clip", True), ("au:pena", True),
        ("au:müller,j", None), ("au:nobody,j", False), ("au:peña;müller", None), ("au:peña;nobody", False),
        ("id:*11", None), ("all:68T45", None), ("rn:x AND ti:nothing", False), ("ti:nothing AND rn:x", False),
        ("rn:x OR ti:clip", True), ("rn:x OR ti:nothing", None), ("rn:x AND ti:clip", None),
        ("ti:clip ANDNOT rn:x", None), ("rn:x ANDNOT ti:clip", False), ("rn:x ANDNOT ti:nothing", None),
        ("ti:nothing ANDNOT rn:x", False), ('au:"kim"', False), ("cat:cs.CV ANDNOT (rn:x AND ti:nothing)", True),
    ],
)  # fmt: skip
def test_what_cannot_be_told_matters_only_where_the_rest_does_not_decide(query: str, answer: bool | None) -> None:
    assert match(parse(query), UNKNOWN) is answer


def test_a_prepared_query_answers_for_one_paper_after_another() -> None:
    matches = matcher(read_line("Video Anomaly")[1])
    titles = ["Videos: anomalies", "Anomaly", "video anomaly"]
    assert [matches(Record(replace(PAPER, title=title))) for title in titles] == [True, False, True]


class TestTheRecordedLists:
    """Twelve days of a page that asked for `ti:"K" OR abs:"K"`, its twenty newest papers for each of four keywords."""

    def test_every_listed_paper_matches(self) -> None:
        missing = [
            (day.date, heading, entry.id)
            for day in days()
            for heading, entries in day.sections.items()
            for entry in entries
            if match(phrase(heading), recorded(entry)) is not True
        ]
        assert missing == []

    def test_every_paper_of_another_list_that_matches_and_is_young_enough_is_listed(self) -> None:
        checked, missing = 0, []
        for day in days():
            for heading, entries in day.sections.items():
                matches, last = matcher(phrase(heading)), min(entry.updated.date() for entry in entries)
                listed = {entry.paper for entry in entries}
                for other in day.entries:
                    if other.updated.date() > last and matches(recorded(other)):
                        checked += 1
                        if other.paper not in listed:
                            missing.append((day.date, heading, other.id))
        assert checked > 500
        assert missing == []


ENTRIES = list({entry.paper: entry for day in days() for entry in day.entries}.values())
RECORDS = {entry.id: recorded(entry) for entry in ENTRIES}
CATALOGUE = Catalogue(ENTRIES)
TEXTS_OF = {
    "ti": [entry.title.lower() for entry in ENTRIES],
    "abs": [entry.abstract.lower() for entry in ENTRIES],
}
VOCABULARY = Counter(word for texts in TEXTS_OF.values() for text in texts for word in words(text))


def _where_both_claim_to_know() -> list[str]:
    """Words of letters whose forms both put together, and that stand in no word with a dot, an apostrophe or a line.

    The stand-in takes off a plural s and no more, and parts words at everything that is neither letter nor digit.
    """
    ours: dict[object, set[str]] = defaultdict(set)
    theirs: dict[object, set[str]] = defaultdict(set)
    within = {part for word in VOCABULARY if not word.isalnum() for part in re.findall(r"\w+", word)}
    for word in VOCABULARY:
        ours[stems(word)[0]].add(word)
        theirs[words_of_stand_in(word)].add(word)
    return sorted(
        word
        for word, often in VOCABULARY.items()
        if often > 3 and word.isascii() and word.isalpha() and word not in within and stems(word)[0]
        if ours[stems(word)[0]] == theirs[words_of_stand_in(word)] and not ours[stems(word)[0]] & within
    )


KNOWN = _where_both_claim_to_know()


def phrases() -> list[tuple[str, str]]:
    """Field and two words in a row that no stop word parts in any text: there the stand-in sees no gap."""
    known, found = set(KNOWN), []
    for field, texts in TEXTS_OF.items():
        pairs = Counter(pair for text in texts for pair in pairwise(words(text)) if known.issuperset(pair))
        text_of = attrgetter("title" if field == "ti" else "abstract")
        lines = "".join(text_of(record).stems for record in RECORDS.values())
        for (a, b), often in pairs.most_common(60):
            if often > 1 and not re.search(rf" {stems(a)[0]}(?: -)+ {stems(b)[0]} ", lines):
                found.append((field, f"{a} {b}"))
    return found


PHRASES = phrases()


def test_there_is_much_that_both_claim_to_know() -> None:
    assert len(KNOWN) > 1000
    assert len(PHRASES) > 50


TERMS = st.one_of(
    st.builds(Term, st.sampled_from(["ti", "abs"]), st.sampled_from(KNOWN)),
    st.sampled_from(PHRASES).map(lambda found: Term(*found, quoted=True)),
    st.builds(Term, st.just("cat"), st.sampled_from(["cs.CV", "cs.*", "eess.IV", "cs", "hep-th"])),
    st.builds(
        Term, st.just("au"), st.sampled_from(["Grace Kim", "Chen Wei", "Łukasz Wójcik", "Nobody"]), st.just(value=True)
    ),
    st.builds(Term, st.just("id"), st.sampled_from([ENTRIES[0].id, ENTRIES[1].paper, "2001.00001"])),
    st.builds(Term, st.just("submittedDate"), st.sampled_from(["202603010000 TO 202603102359"])),
)
QUERIES = st.recursive(
    TERMS,
    lambda inner: st.one_of(
        st.builds(And, st.tuples(inner, inner)), st.builds(Or, st.tuples(inner, inner)), st.builds(AndNot, inner, inner)
    ),
    max_leaves=5,
)


@given(QUERIES)
def test_the_stand_in_which_matches_by_itself_finds_the_same(query: Query) -> None:
    _, entries = search(CATALOGUE, to_arxiv(query))
    matches = matcher(query)
    assert {entry.id for entry in entries} == {id_ for id_, record in RECORDS.items() if matches(record)}


class TestLaws:
    @given(QUERIES, QUERIES, QUERIES, st.sampled_from(list(RECORDS.values())))
    def test_of_order_and_grouping(self, a: Query, b: Query, c: Query, record: Record) -> None:
        for kind in (And, Or):
            told = match(kind((a, b, c)), record)
            assert match(kind((c, a, b)), record) is told
            assert match(kind((kind((b, c)), a)), record) is told

    @given(QUERIES, QUERIES, st.sampled_from(list(RECORDS.values())))
    def test_of_negation(self, a: Query, b: Query, record: Record) -> None:
        assert match(AndNot(a, AndNot(a, b)), record) is match(And((a, b)), record)
        assert match(AndNot(a, Or((a, b))), record) is False
        assert match(AndNot(AndNot(a, b), b), record) is match(AndNot(a, b), record)

    @given(QUERIES, st.sampled_from(list(RECORDS.values())))
    def test_what_is_told_without_all_fields_stays_so_with_them(self, query: Query, record: Record) -> None:
        with_report = Or((query, Term("rn", "x")))
        assert match(with_report, Record(record.paper)) in (None, match(with_report, record))


TEXTS = st.text() | st.text(alphabet="aZ09 .,;:-_/\\${}'\"*?²é日ア\u0301\u2019")
PAPERS = st.builds(
    lambda title, abstract, authors, comment, doi: replace(
        PAPER, title=title, abstract=abstract, authors=tuple(authors), comment=comment, journal=comment, doi=doi
    ),
    TEXTS, TEXTS, st.lists(TEXTS, max_size=3), TEXTS, TEXTS,
)  # fmt: skip
ANY_TERM = st.builds(
    Term,
    st.sampled_from(["ti", "abs", "au", "co", "jr", "rn", "cat", "id", "doi", "all", "title"]),
    (TEXTS | st.sampled_from(["a*b?", "$x$", "$$x$$", "smith,j", "2025 x", "x 2511-01", ",", ";", "x;,y"])).filter(
        lambda text: '"' not in text and text.strip()
    ),
    st.booleans(),
)


@given(ANY_TERM, PAPERS, st.none() | TEXTS, st.none() | TEXTS)
def test_no_text_raises(term: Term, paper: Paper, report: str | None, submitter: str | None) -> None:
    assert match(term, Record(paper, report, submitter)) in (True, False, None)


@given(st.sampled_from(["ti", "abs"]), st.sampled_from(ENTRIES), st.data())
def test_any_words_in_a_row_of_a_text_are_found_in_it(field: str, entry: Entry, data: st.DataObject) -> None:
    text = (entry.title if field == "ti" else entry.abstract).replace('"', " ").replace("\\", " ").split()
    start = data.draw(st.integers(0, len(text) - 1))
    part = " ".join(text[start : start + data.draw(st.integers(1, 6))])
    assert match(Term(field, part, quoted=True), recorded(entry)) or not any(stems(part))


def test_dates_are_those_of_the_first_version_to_the_second() -> None:
    until = parse("submittedDate:[202511062358 TO 202511062359]")
    on_the_minute = replace(PAPER, published=PAPER.published - timedelta(seconds=30))
    assert (match(until, RECORD), match(until, Record(on_the_minute))) == (False, True)
