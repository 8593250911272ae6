"""What a keyword line means, and how it is told to arXiv so that nothing else can be understood."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.query.meaning import misreading, same_meaning
from digest.query.parser import parse, read_by_arxiv, read_line
from digest.query.tree import And, AndNot, Or, Query, QueryError, Term, phrase, pointed, scoped, to_arxiv

if TYPE_CHECKING:
    from collections.abc import Callable

WORDS = st.text("abcXYZ019-+*.'ü漢", min_size=1, max_size=6).filter(lambda word: word[0] not in "*?")
PHRASES = st.text("ab XY_():-[]&'ü漢", min_size=1, max_size=12).map(str.split).filter(bool).map(" ".join)
TERMS = st.one_of(
    st.builds(Term, st.sampled_from(["ti", "abs", "au", "all", "cat", "co"]), WORDS),
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


def test_the_place_of_a_fault_is_shown_with_a_caret() -> None:
    with pytest.raises(QueryError) as caught:
        parse("ti:a\tor ti:b")
    assert caught.value.shown.splitlines()[1:] == ["ti:a or ti:b", "     ^"]
    assert pointed("abc", 2) == "abc\n  ^"


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


@pytest.mark.parametrize(
    ("text", "grouped"),
    [
        ("ti:a OR ti:b AND ti:c", "(ti:a OR (ti:b AND ti:c))"),
        ("ti:a AND ti:b OR ti:c", "(ti:a AND (ti:b OR ti:c))"),
        ("ti:a ANDNOT ti:b OR ti:c", "(ti:a ANDNOT (ti:b OR ti:c))"),
        ("ti:a ANDNOT ti:b ANDNOT ti:c", "(ti:a ANDNOT (ti:b ANDNOT ti:c))"),
        ("(ti:a AND ti:b) OR ti:c", "((ti:a AND ti:b) OR ti:c)"),
    ],
)
def test_arxiv_groups_from_the_right_without_precedence(text: str, grouped: str) -> None:
    assert to_arxiv(read_by_arxiv(text)) == grouped


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a OR (b OR c)", "(c OR a) OR b"),
        ("a AND b AND a", "b AND a"),
        ("a ANDNOT b ANDNOT c", "a ANDNOT (c OR b)"),
        ("(a AND b) ANDNOT c", "a AND (b ANDNOT c)"),
        ('ti:"VLM"', "ti:VLM"),
        ("submittedDate:[2024 TO 2024]", 'submittedDate:"202401010000 TO 202412312359"'),
    ],
)
def test_order_grouping_and_repetition_do_not_change_a_meaning(one: str, other: str) -> None:
    assert same_meaning(parse(one), parse(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a AND b OR c", "a AND (b OR c)"),
        ("a ANDNOT b", "b ANDNOT a"),
        ("a ANDNOT b ANDNOT c", "a ANDNOT (b ANDNOT c)"),
        ("a OR b", "a AND b"),
        ("ti:a", "abs:a"),
        ('ti:"a*"', "ti:a*"),
    ],
)
def test_another_grouping_of_mixed_operators_is_another_meaning(one: str, other: str) -> None:
    assert not same_meaning(parse(one), parse(other))


def title(adapted: str) -> str:
    return f"arXiv Query: search_query={adapted}&id_list=&start=0&max_results=100"


def test_a_feed_that_tells_another_query_than_ours_is_a_misreading() -> None:
    meant = parse("ti:a AND ti:b OR ti:c")
    assert misreading(title("ti:a AND ti:b OR ti:c"), meant) == "(ti:a AND (ti:b OR ti:c))"
    assert misreading(title('ti:foo_bar AND au:"foo bar"'), parse("ti:foo_bar AND au:smith")) is not None


@pytest.mark.parametrize(
    "told",
    [
        title("( (ti:a AND ti:b) OR ti:c)"),
        "arXiv Query: search_query=(ti:a AND ti:b) OR ti:c",
        title(""),
        title("ti:a AND"),
        title("ANDNOT ti:a"),
        "arXiv Search Results",
        "",
    ],
)
def test_a_feed_that_tells_our_query_or_none_is_no_misreading(told: str) -> None:
    assert misreading(told, parse("ti:a AND ti:b OR ti:c")) is None


def test_an_ampersand_in_a_phrase_does_not_end_the_query_in_the_title() -> None:
    assert misreading(title('ti:"R&D" OR ti:b'), parse('ti:"R&D" OR ti:b')) is None


@given(TREES)
def test_whatever_is_sent_reads_back_as_it_was_meant_by_us_and_by_arxiv(tree: Query) -> None:
    sent = to_arxiv(tree)
    assert same_meaning(parse(sent), tree)
    assert same_meaning(read_by_arxiv(sent), tree)
    assert misreading(title(sent), tree) is None


@given(TREES)
def test_what_is_sent_is_stable(tree: Query) -> None:
    sent = to_arxiv(parse(to_arxiv(tree)))
    assert to_arxiv(parse(sent)) == sent


@given(st.one_of(st.text(), st.lists(SCRAPS, max_size=30).map("".join)))
def test_any_text_is_a_query_or_a_fault_with_a_place_in_it(text: str) -> None:
    for read in (parse, read_by_arxiv, phrase, lambda line: read_line(line)[1]):
        query, error = attempt(read, text)
        if query is not None:
            assert same_meaning(parse(to_arxiv(query)), query)
        if error is not None:
            assert error.message
            assert 0 <= error.position <= len(error.text)


def attempt(read: Callable[[str], Query], text: str) -> tuple[Query | None, QueryError | None]:
    try:
        return read(text), None
    except QueryError as error:
        return None, error
