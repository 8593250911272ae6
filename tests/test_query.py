"""What a keyword line means, and how it is told to arXiv so that nothing else can be understood."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from time import perf_counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.query import taxonomy
from digest.query.advice import advice, advice_on_excluded
from digest.query.echo import misread
from digest.query.parser import parse, read_line
from digest.query.tree import And, AndNot, Or, Query, QueryError, Term, phrase, pointed, scoped, to_arxiv
from sandbox.arxiv.adapt import adapt
from sandbox.arxiv.query import Catalogue, search
from tests.factories import paper

if TYPE_CHECKING:
    from collections.abc import Callable

WORDS = st.text("abcXYZ019-+*.'ü漢", min_size=1, max_size=6).filter(lambda word: word[0] not in "*?")
PHRASES = st.text("ab XY_():-[]&'ü漢", min_size=1, max_size=12).map(str.split).filter(bool).map(" ".join)
TERMS = st.one_of(
    st.builds(Term, st.sampled_from(["ti", "abs", "au", "all", "co"]), WORDS),
    st.builds(Term, st.just("cat"), st.sampled_from(["cs.CV", "cs.*", "q-fin*", "hep-th", "math.?A"])),
    st.builds(Term, st.sampled_from(["ti", "abs", "all", "jr"]), PHRASES, st.just(True)),
    st.just(Term("submittedDate", "202501010000 TO 202512312359")),
)


def groups(parts: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    several = st.lists(parts, min_size=2, max_size=4).map(tuple)
    return st.one_of(st.builds(And, several), st.builds(Or, several), st.builds(AndNot, parts, parts))


TREES: st.SearchStrategy[Query] = st.recursive(TERMS, groups, max_leaves=12)
SCRAPS = st.sampled_from(
    [
        "ti:",
        "abs:",
        "au:",
        "cat:",
        "AND",
        "OR",
        "ANDNOT",
        "NOT",
        "(",
        ")",
        '"',
        " ",
        "a",
        "b_c",
        "*",
        "x:",
        "\\",
        "[",
        "TO",
    ]
)


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("transformer", "all:transformer"),
        ('"vision language model"', 'all:"vision language model"'),
        ("ti:VLM", "ti:VLM"),
        ("ti: VLM", "ti:VLM"),
        ("title:VLM", "ti:VLM"),
        ('abs:"vision language" OR ti:VLM', '(abs:"vision language" OR ti:VLM)'),
        ("a OR b OR c", "(all:a OR all:b OR all:c)"),
        ("(a OR b) OR c", "(all:a OR all:b OR all:c)"),
        ("a AND b AND c", "(all:a AND all:b AND all:c)"),
        ("a OR b AND c", "(all:a OR (all:b AND all:c))"),
        ("a AND b OR c", "((all:a AND all:b) OR all:c)"),
        ("a AND (b OR c)", "(all:a AND (all:b OR all:c))"),
        ("a ANDNOT b OR c", "((all:a ANDNOT all:b) OR all:c)"),
        ("a OR b ANDNOT c", "(all:a OR (all:b ANDNOT all:c))"),
        ("a ANDNOT b ANDNOT c", "((all:a ANDNOT all:b) ANDNOT all:c)"),
        ("a ANDNOT b AND c", "((all:a ANDNOT all:b) AND all:c)"),
        ("a AND b ANDNOT c", "((all:a AND all:b) ANDNOT all:c)"),
        ("a AND NOT b", "(all:a ANDNOT all:b)"),
        ("a NOT b", "(all:a ANDNOT all:b)"),
        ("((a))", "all:a"),
        ("ti:(a OR b) AND c", "((ti:a OR ti:b) AND all:c)"),
        ("cat:(cs.CV OR (cs.LG AND ti:x))", "(cat:cs.CV OR (cat:cs.LG AND ti:x))"),
        ("au:del_maestro", 'au:"del maestro"'),
        ("ti:a_b AND au:del_maestro", '(ti:a_b AND au:"del maestro")'),
        ('ti:"C++"', 'ti:"C++"'),
        ('abs:"x:  y (z)"', 'abs:"x: y (z)"'),
        ("ti:x:y", "ti:x:y"),
        ("doi:10.1088/0004-637X", "doi:10.1088/0004-637X"),
        ("android OR ANDES", "(all:android OR all:ANDES)"),
        ("submittedDate:[202501010600 TO 202502010600]", "submittedDate:[202501010600 TO 202502010600]"),
        ("submittedDate:[2024 TO 202402]", "submittedDate:[202401010000 TO 202402292359]"),
        ("submittedDate:[2024-01-05 TO 20240106]", "submittedDate:[202401050000 TO 202401062359]"),
        ('submittedDate:"202501010600 TO 202502010600"', "submittedDate:[202501010600 TO 202502010600]"),
    ],
)
def test_a_query_is_sent_with_every_group_in_parentheses_and_every_term_with_its_field(text: str, sent: str) -> None:
    assert to_arxiv(parse(text)) == sent


@pytest.mark.parametrize(
    ("text", "position", "says"),
    [
        ("", 0, "empty"),
        ("   ", 0, "empty"),
        ('a AND "b', 6, "quote is not closed"),
        ("a AND (b OR c", 6, "parenthesis is not closed"),
        ("a AND (", 6, "parenthesis is not closed"),
        ("a) OR b", 1, "closes nothing"),
        (")", 0, "closes nothing"),
        ("a OR ()", 5, "nothing in these parentheses"),
        ("vision language", 7, "operator is missing"),
        ("ti:a abs:b", 5, "operator is missing"),
        ("(a)(b)", 3, "operator is missing"),
        ('ti:"a"b"c"', 6, "operator is missing"),
        ("a and b", 2, "upper case: AND"),
        ("AND a", 0, "AND has no term before it"),
        ("NOT a", 0, "NOT has no term before it"),
        ("a OR", 2, "OR has no term after it"),
        ("(a ANDNOT)", 3, "ANDNOT has no term after it"),
        ("a OR AND b", 5, "AND has no term before it"),
        ("ti:", 0, "no text"),
        ("ti: AND b", 0, "no text"),
        ("ti:abs:x", 0, "no text"),
        ('ti:""', 3, "nothing to search for"),
        ("a OR foo:bar", 5, "unknown field foo"),
        ("TI:bar", 0, "did you mean ti:?"),
        ("author:bar", 0, "did you mean au:?"),
        ("lastUpdatedDate:[2024 TO 2025]", 0, "cannot search by the last update"),
        ("submittedDate:2024", 14, "range"),
        ("submittedDate:[2024 TO *]", 0, "range"),
        ("submittedDate:[2024 TO 20241301]", 0, "no such date"),
        ("submittedDate:[2024 TO 2024010101]", 0, "no such date"),
        ("submittedDate:[2024 TO 2023]", 0, "ends before it begins"),
        ("ti:*foo", 3, "wildcard"),
        ('ti:"foo\\"', 3, "backslash"),
        ("au:_", 3, "nothing to search for"),
        ("ti:a AND cat:cs", 13, "'cs.*'"),
        ("cat:cs.cv", 4, "'cs.CV'"),
        ('cat:"stat.XY"', 4, "'stat.*'"),
        ("cat:(cs.CV OR quant-ph.*)", 14, "'quant-ph'"),
        ("cat:cs.CV,cs.LG", 4, "cat:(cs.CV OR cs.LG)"),
        ("a\x00b", 1, "control character"),
        ("a\udce4b", 1, "cannot be sent"),
        ("(" * 1000 + "a" + ")" * 1000, 50, "nested too deeply"),
        ("a" + " AND b ANDNOT c" * 1000, 0, "alternate too often"),
    ],
)
def test_a_fault_names_itself_and_its_place(text: str, position: int, says: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert says in caught.value.message
    assert caught.value.position == position


def test_a_long_query_is_taken_whole() -> None:
    terms = [f'ti:"term {number}"' for number in range(220)]
    assert to_arxiv(parse(" OR ".join(terms))) == f"({' OR '.join(terms)})"
    assert to_arxiv(parse(" AND ".join(terms))) == f"({' AND '.join(terms)})"
    assert to_arxiv(parse(f"a ANDNOT {' ANDNOT '.join(terms[:200])}")).count("ANDNOT") == 200


@pytest.mark.parametrize(
    "text",
    ["a" + " AND b" * 50_000, "a" + " OR b" * 50_000, "submittedDate:[ " * 20_000, "ti:" * 50_000, "(a) AND " * 50_000],
)
def test_a_line_of_any_length_is_read_at_once(text: str) -> None:
    began = perf_counter()
    _, error = attempt(parse, text)
    # It takes under half a second; work that grows with the square of the length took twenty and more.
    assert perf_counter() - began < 10
    assert error is None or len(error.shown) < 1000


def test_the_place_of_a_fault_is_shown_with_a_caret() -> None:
    with pytest.raises(QueryError) as caught:
        parse("ti:a\tor ti:b")
    assert caught.value.shown.splitlines()[1:] == ["ti:a or ti:b", "     ^"]
    assert pointed("abc", 2) == "abc\n  ^"
    long = pointed("a" * 1000 + "!" + "b" * 1000, 1000)
    shown, caret = long.splitlines()
    assert (shown[0], shown[len(caret) - 1], shown[-1]) == ("…", "!", "…")
    assert len(shown) < 500


@pytest.mark.parametrize(
    ("line", "heading", "sent"),
    [
        ("Video Anomaly Detection", None, '(ti:"Video Anomaly Detection" OR abs:"Video Anomaly Detection")'),
        ("Vision AND Language", None, '(ti:"Vision AND Language" OR abs:"Vision AND Language")'),
        ("VLM: ti:VLM", "VLM", "ti:VLM"),
        ("VLM:  ti:VLM OR abs: x", "VLM", "(ti:VLM OR abs:x)"),
        ("Re:Zero: all:x", "Re:Zero", "all:x"),
        ("Re:Zero", None, '(ti:"Re:Zero" OR abs:"Re:Zero")'),
        ("std::move", None, '(ti:"std::move" OR abs:"std::move")'),
        ("ti:VLM AND abs: x", None, "(ti:VLM AND abs:x)"),
        ("ti: VLM", None, "ti:VLM"),
        ('"a: b"', None, 'all:"a: b"'),
        ("(ti:a OR b)", None, "(ti:a OR all:b)"),
        ("Title: x", "Title", "all:x"),
        ("VLM : ti:VLM", "VLM", "ti:VLM"),
        ("VLM  :  ti:VLM", "VLM", "ti:VLM"),
    ],
)
def test_a_line_is_a_heading_or_a_heading_with_a_query_or_a_query(line: str, heading: str | None, sent: str) -> None:
    read, query = read_line(line)
    assert read == (heading or line)
    assert to_arxiv(query) == sent


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("Heading:", "nothing behind"),
        ("Heading: ", "nothing behind"),
        ("Heading :", "nothing behind"),
        ("-", "nothing to search for"),
        ("...", "nothing to search for"),
        (": ti:x", "no heading"),
        ('The "best" model', "double quote"),
        ("Heading: foo:bar", "unknown field foo"),
        ("tii:bar", "did you mean ti:?"),
        ("TI:bar", "did you mean ti:?"),
        ("ti:", "no text"),
        ("Ends with a \\", "backslash"),
    ],
)
def test_a_line_that_is_none_of_them_is_refused(line: str, says: str) -> None:
    with pytest.raises(QueryError, match=says.replace("?", r"\?")):
        read_line(line)


def test_a_query_is_narrowed_to_categories_and_freed_of_phrases() -> None:
    sent = to_arxiv(scoped(parse("a OR b"), ["cs.CV", "cs.*"], ["survey", "a review"]))
    assert sent == (
        "(((all:a OR all:b) AND (cat:cs.CV OR cat:cs.*))"
        ' ANDNOT (ti:"survey" OR abs:"survey" OR ti:"a review" OR abs:"a review"))'
    )


def test_a_query_without_scope_stays_as_it_is() -> None:
    assert scoped(parse("a OR b")) == parse("a OR b")
    assert to_arxiv(scoped(parse("a"), categories=["cs.CV"])) == "(all:a AND cat:cs.CV)"


SUBSETS = [frozenset(words) for size in range(5) for words in combinations("pqrs", size)]
WORDS_OF = {f"2603.{number:05}v1": words for number, words in enumerate(SUBSETS, start=1)}
CATALOGUE = Catalogue(
    [replace(paper(number), title=" ".join(sorted(words))) for number, words in enumerate(SUBSETS, 1)]
)
SMALL_TREES: st.SearchStrategy[Query] = st.recursive(
    st.builds(Term, st.just("ti"), st.sampled_from("pqrs")), groups, max_leaves=12
)


def matches(query: Query, words: frozenset[str]) -> bool:
    match query:
        case Term():
            return query.text in words
        case And(parts):
            return all(matches(part, words) for part in parts)
        case Or(parts):
            return any(matches(part, words) for part in parts)
        case AndNot(left, right):
            return matches(left, words) and not matches(right, words)


@given(SMALL_TREES)
def test_arxiv_which_groups_from_the_right_finds_what_was_meant(tree: Query) -> None:
    meant = {id_ for id_, words in WORDS_OF.items() if matches(tree, words)}
    for sent in (to_arxiv(tree), to_arxiv(parse(to_arxiv(tree)))):
        assert {entry.id for entry in search(CATALOGUE, sent)[1]} == meant


@given(TREES)
def test_arxiv_repeats_what_is_sent_and_that_is_no_misreading(tree: Query) -> None:
    sent = to_arxiv(tree)
    assert misread(adapt(sent), sent) is None
    assert misread(sent, sent) is None


@pytest.mark.parametrize(
    "text",
    [
        "testing",
        'ti:"R&D" OR ti:b',
        "((a OR b) AND (c OR d)) ANDNOT (e OR f)",
        "submittedDate:[2024 TO 2025] AND (ti:x OR submittedDate:[202401 TO 20240202])",
        "au:del_maestro OR au:fei-fei_li",
        'abs:"x  (y) [z]" OR abs:")(" OR ti:a-AND',
    ],
)
def test_blanks_and_the_brackets_of_dates_are_no_misreading(text: str) -> None:
    sent = to_arxiv(parse(text))
    assert misread(adapt(sent), sent) is None


# The twenty recorded answers hold one query, `testing`, repeated as `all:testing`, which is what is sent for it.
def test_the_recorded_answers_repeat_the_query_that_is_sent() -> None:
    assert misread("all:testing", to_arxiv(parse("testing"))) is None
    assert misread("all:testing", "testing") == "all:testing"


@pytest.mark.parametrize(
    ("echo", "sent"),
    [
        ("ti:a AND ti:b OR ti:c", "((ti:a AND ti:b) OR ti:c)"),
        ('(ti:foo_bar AND au:"foo bar")', '(ti:foo_bar AND au:"smith")'),
        ("ti:a OR ti:b", "(ti:a AND ti:b)"),
        ('ti:"a b"', 'ti:"a  b"'),
        ("all:a OR all:b", 'all:"a b"'),
        ('submittedDate:"202401010000 TO 202412312359"', "submittedDate:[202301010000 TO 202412312359]"),
    ],
)
def test_another_query_than_was_sent_is_told(echo: str, sent: str) -> None:
    assert misread(echo, sent) == echo


@pytest.mark.parametrize("echo", ["", " \n"])
def test_a_feed_that_repeats_nothing_is_no_misreading(echo: str) -> None:
    assert misread(echo, "ti:a") is None


@given(TREES)
def test_what_is_sent_is_stable(tree: Query) -> None:
    sent = to_arxiv(parse(to_arxiv(tree)))
    assert to_arxiv(parse(sent)) == sent


@given(st.one_of(st.text(), st.lists(SCRAPS, max_size=30).map("".join)))
def test_any_text_is_a_query_or_a_fault_with_a_place_in_it(text: str) -> None:
    for read in (parse, phrase, lambda line: read_line(line)[1]):
        query, error = attempt(read, text)
        if query is not None:
            assert to_arxiv(parse(to_arxiv(query))) == to_arxiv(query)
        if error is not None:
            assert error.message
            assert 0 <= error.position <= len(error.text)


def attempt(read: Callable[[str], Query], text: str) -> tuple[Query | None, QueryError | None]:
    try:
        return read(text), None
    except QueryError as error:
        return None, error


def advised(line: str, *, alone: bool = False) -> str:
    return advice(line, read_line(line)[1], alone=alone) or ""


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ("graph neural network OR GNN", 'graph neural network OR GNN: "graph neural network" OR GNN'),
        ("survey NOT video", "survey NOT video: survey ANDNOT video"),
        ("Vision AND Language", "Vision AND Language: Vision AND Language"),
        ("robots ANDNOT surgery", "robots ANDNOT surgery: robots ANDNOT surgery"),
        ("a b AND NOT c", 'a b AND NOT c: "a b" ANDNOT c'),
        ("NeRF | 3DGS", "NeRF | 3DGS: NeRF OR 3DGS"),
        ("LLM || VLM", "LLM || VLM: LLM OR VLM"),
        ("LLM && vision", "LLM && vision: LLM AND vision"),
        ("LLM; VLM", "LLM; VLM: LLM OR VLM"),
        ("LLM, VLM, MLLM", "LLM, VLM, MLLM: LLM OR VLM OR MLLM"),
        ("LLM，VLM、MLLM", "LLM，VLM、MLLM: LLM OR VLM OR MLLM"),
        ("text / image", "text / image: text OR image"),
        ("LLM：大语言模型", "LLM: 大语言模型"),
        ("Modelle：large language model", 'Modelle: "large language model"'),
        ("LLM:large language model", 'LLM: "large language model"'),
        ("LLM:ti:LLM", "LLM: ti:LLM"),
        ("LLM ti:LLM OR abs:LLM", "LLM: ti:LLM OR abs:LLM"),
        ("'ti:LLM'", "ti:LLM"),
        ("LLM AND ti:survey", "LLM AND ti:survey: LLM AND ti:survey"),
        ("GAN*", "GAN*: GAN*"),
        ("video transform*", "video transform*: video AND transform*"),
        ("beha?ior", "beha?ior: beha?ior"),
        ("*Video", "Video"),
        ("1. Video Anomaly", "Video Anomaly"),
        ("12) Video", "Video"),
        ("-Video", "Video"),
        ("transformer -survey", "transformer -survey: transformer ANDNOT survey"),
        ("Video Anomaly # the first", "Video Anomaly"),
        ("cs.CV", "cs.CV: cat:cs.CV"),
        ("CS.cv", "CS.cv: cat:cs.CV"),
        ("hep-th", "hep-th: cat:hep-th"),
        ("cs.*", "cs.*: cat:cs.*"),
        ("cs.CV, cs.LG", "cs.CV, cs.LG: cat:(cs.CV OR cs.LG)"),
        ("video (GNN OR LLM)", "Heading: query"),
    ],
)
def test_a_phrase_that_was_probably_meant_otherwise_is_told_with_what_to_write(line: str, instead: str) -> None:
    told = advised(line)
    assert told.startswith(f"{line!r} is searched as one phrase; ")
    assert told.endswith(f"; if that is not meant, write: {instead}")


@pytest.mark.parametrize(
    "line",
    [
        "Video Anomaly Detection", "Vision and Language", "vision or language", "Re:Zero", "3D", "1. Heading: ti:x",
        "std::move", "A* search",
        "C*-algebra", "COVID-19", "RGB-D", "TCP/IP", "R&D", "3,000 papers", "What is life?", "Physics", "C# code",
        "LLM (large language model)", "https://github.com", "“video anomaly”", "Multi-view 3D", "大语言模型",
        "Heading: ti:LLM OR abs:LLM", "ti:a AND cat:cs.*", '"cs.CV"', "N: ti:3,000", "X: cat:astro-ph.*", "X: jr:a,b",
        'ti:"graph OR tree" OR abs:"graph OR tree"',
    ],
)  # fmt: skip
def test_what_means_what_it_says_is_not_advised_on(line: str) -> None:
    assert advised(line) == ""


def test_a_phrase_of_many_words_may_be_lines_that_yaml_joined() -> None:
    six = "Video Anomaly Detection Video Understanding LLM"
    assert "phrase of 6 words" in advised(six, alone=True)
    assert "in place of `>`" in advised(six, alone=True)
    assert advised(six) == ""
    assert "phrase of 8 words" in advised(f"{six} and more")
    assert "in place of `>`" in advised("Video - LLM", alone=True)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("X: NeRF|3DGS", "'NeRF|3DGS' is searched as one word"),
        ("X: ti:a AND (b,c OR d)", "'b,c' is searched as one word"),
        ("abs:text；image", "'text；image' is searched as one word"),
        ("LLM ti: word", "write: LLM: ti:word"),
        ("X: ti:a ANDNOT cat:alg-geom", "newer ones are in math.AG"),
        ("cat:astro-ph", "newer ones are in astro-ph.*"),
        ("X: cat:(supr-con OR cond-mat)", "newer ones are in cond-mat.supr-con"),
    ],
)
def test_a_query_that_was_probably_meant_otherwise_is_told(line: str, says: str) -> None:
    assert says in advised(line)


@pytest.mark.parametrize(
    ("phrase", "says"),
    [
        ("survey OR review", "write: survey, review"),
        ("survey; a review | tutorial", "write: survey, a review, tutorial"),
        ("NOT survey", "write: survey"),
        ("-survey", "write: survey"),
        ("1. survey", "write: survey"),
        ("survey AND review", "ANDNOT (a AND b)"),
        ("ti:survey", "fields and categories"),
        ("cs.RO", "fields and categories"),
        ("survey*", "stems"),
    ],
)
def test_an_excluded_phrase_that_was_meant_as_a_query_is_told(phrase: str, says: str) -> None:
    assert says in (advice_on_excluded(phrase) or "")


@pytest.mark.parametrize("phrase", ["survey", "remote sensing", "COVID-19", "search and rescue", "A* search"])
def test_an_excluded_phrase_is_not_advised_on(phrase: str) -> None:
    assert advice_on_excluded(phrase) is None


@given(st.one_of(st.text(), st.lists(SCRAPS, max_size=30).map("".join)), st.booleans())
def test_what_is_advised_can_be_written(text: str, alone: bool) -> None:
    query, _ = attempt(lambda line: read_line(line)[1], text)
    if query is not None and (told := advice(text, query, alone=alone)) and "write: " in told:
        read_line(told.rpartition("write: ")[2].replace("query", "word"))


def test_every_category_is_one_and_no_archive_of_many_is() -> None:
    for category in taxonomy.CATEGORIES:
        taxonomy.check(category)
    archives = {category.partition(".")[0] for category in taxonomy.CATEGORIES if "." in category}
    assert len(archives) == 11
    for archive in archives - set(taxonomy.CATEGORIES):
        with pytest.raises(ValueError, match=rf"'{archive}\.\*' for all of them"):
            taxonomy.check(archive)
