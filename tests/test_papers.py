"""Identifiers of every age, versions of one paper, and each paper once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.papers import Bounds, Month, Paper, horizon, identifier, merge_versions, read_entry_id


def paper(number: int, version: int = 1) -> Paper:
    moment = datetime(2026, 3, 1, tzinfo=UTC)
    return Paper(identifier(f"2603.{number:05}"), version, "", "", (), moment, moment, ())


@pytest.mark.parametrize(
    ("address", "id_", "version", "month"),
    [
        ("http://arxiv.org/abs/2510.22693v3", "2510.22693", 3, (2025, 10)),
        ("https://arxiv.org/abs/0704.0001", "0704.0001", 1, (2007, 4)),
        ("1412.9999v12", "1412.9999", 12, (2014, 12)),
        ("http://arxiv.org/abs/hep-th/9901001v2", "hep-th/9901001", 2, (1999, 1)),
        ("http://arxiv.org/abs/math.AG/0512001v1", "math.AG/0512001", 1, (2005, 12)),
        ("http://arxiv.org/abs/solv-int/9107001v1", "solv-int/9107001", 1, (1991, 7)),
        ("http://arxiv.org/abs/cond-mat.mes-hall/0001001v1", "cond-mat.mes-hall/0001001", 1, (2000, 1)),
        # Five digits and a year that 1991 could be taken for are far away.
        ("9001.00001v1", "9001.00001", 1, (2090, 1)),
    ],
)
def test_an_identifier_is_read_whatever_its_age(address: str, id_: str, version: int, month: tuple[int, int]) -> None:
    known, found = read_entry_id(address)
    assert (str(known), found, known.month) == (id_, version, month)


@pytest.mark.parametrize("text", ["", "http://arxiv.org/api/errors#x", "2510", "abs/2510.123", "2510.22693v", "x/12v1"])
def test_what_is_no_identifier_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="no arXiv identifier"):
        identifier(text)


def test_identifiers_sort_in_the_order_in_which_arxiv_gave_them_out() -> None:
    given_out = ["hep-th/9912001", "hep-th/0001002", "0704.0001", "0704.0010", "1412.9999", "1501.00001", "2603.00002"]
    assert all(identifier(earlier) < identifier(later) for earlier, later in pairwise(given_out))


@given(st.integers(1991, 2090), st.integers(1, 12), st.integers(0, 40))
def test_months_are_counted_back_over_years(year: int, month: int, back: int) -> None:
    start = Month(year, month)
    earlier = start.minus(back)
    assert 1 <= earlier.month <= 12
    assert (start.year - earlier.year) * 12 + start.month - earlier.month == back


@pytest.mark.parametrize(
    ("highest", "first"), [("2603.00001", (2026, 1)), ("2601.00001", (2025, 11)), ("hep-th/0702001", (2006, 12))]
)
def test_the_horizon_is_two_months_before_the_highest_identifiers(highest: str, first: tuple[int, int]) -> None:
    assert horizon(identifier(highest)) == first


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 4))))
def test_versions_are_one_paper_the_latest_where_it_first_stood(found: list[tuple[int, int]]) -> None:
    merged = merge_versions(paper(*one) for one in found)
    assert [known.id.number for known in merged] == list(dict.fromkeys(number for number, _ in found))
    assert all(
        known.version == max(version for number, version in found if number == known.id.number) for known in merged
    )


@pytest.mark.parametrize(
    ("id_", "allowed"),
    [
        ("2603.00001", True),
        ("2604.99999", True),
        ("2605.00001", False),
        ("9012.00001", False),
        ("math/9901001", True),
    ],
)
def test_an_identifier_of_later_than_next_month_cannot_be(id_: str, allowed: bool) -> None:
    assert Bounds(datetime(2026, 3, 31, tzinfo=UTC)).allows(identifier(id_)) == allowed


@pytest.mark.parametrize(("day", "allowed"), [(3, True), (12, True), (13, False), (25, False)])
def test_a_date_of_more_than_two_days_ahead_cannot_be(day: int, allowed: bool) -> None:
    assert Bounds(datetime(2026, 3, 10, 12, tzinfo=UTC)).allows_date(datetime(2026, 3, day, 12, tzinfo=UTC)) == allowed


@pytest.mark.parametrize(
    "text",
    ["2613.00001", "2600.00001", "2603.0001", "1412.00001", "hep-th/9913001", f"{'a' * 60}/9901001", "0703.0001"],
)
def test_an_identifier_that_arxiv_cannot_have_given_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="no arXiv identifier"):
        identifier(text)


@pytest.mark.parametrize(
    "comment",
    [
        "This paper has been withdrawn by the author due to an error in Lemma 2",
        "This paper has been withdrawn",
        "This arXiv submission has been withdrawn",
        "Our manuscript is now withdrawn",
        "5 pages. Withdrawn by the authors",
        "Withdrawn by arXiv administrators",
        "withdrawn.",
    ],
)
def test_a_paper_that_was_taken_back_is_withdrawn(comment: str) -> None:
    assert replace(paper(1), comment=comment).withdrawn
    assert replace(paper(1), without_files=True).withdrawn


@pytest.mark.parametrize(
    "comment",
    [
        "This paper was withdrawn from ICML 2024",
        "Withdrawn from CVPR; now at ECCV",
        "How much blood is withdrawn",
        "Replaces the withdrawn 2401.00001",
        "Funding withdrawn; 10 pages",
    ],
)
def test_others_are_not(comment: str) -> None:
    assert not replace(paper(1), comment=comment).withdrawn
