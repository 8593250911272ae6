"""How far lists are cut: as little as possible, abstracts before papers, ten a keyword at least, and steadily."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.page.truncation import LEAST_PAPERS, Truncation, fit

ROW, ABSTRACT, REST = 100, 1000, 500
lengths = st.lists(st.integers(0, 40), min_size=1, max_size=5)


def shown(cut: Truncation, counts: list[int]) -> tuple[list[int], list[int]]:
    """Per keyword how many papers are listed, and how many with their abstract."""
    listed = [cut.listed(count, number, len(counts)) for number, count in enumerate(counts)]
    return listed, [cut.with_abstract(count, number, len(counts)) for number, count in enumerate(listed)]


def size(cut: Truncation, counts: list[int]) -> int:
    listed, abstracts = shown(cut, counts)
    return REST + ROW * sum(listed) + ABSTRACT * sum(abstracts)


def fitted(counts: list[int], most: int, yesterday: int = 0) -> tuple[Truncation, list[int], list[int]]:
    cut = fit(max(counts), len(counts), most, yesterday, lambda cut: size(cut, counts))
    return cut, *shown(cut, counts)


@given(lengths)
def test_zero_is_no_limit(counts: list[int]) -> None:
    assert fitted(counts, 0)[1:] == (counts, counts)


@given(lengths, st.integers(1, 150_000))
def test_it_fits_wherever_it_can_and_nothing_is_left_out_without_need(counts: list[int], most: int) -> None:
    cut, listed, abstracts = fitted(counts, most)
    least = REST + ROW * sum(min(count, LEAST_PAPERS) for count in counts)

    assert size(cut, counts) <= most or size(cut, counts) == least
    if (listed, abstracts) != (counts, counts):
        # One more abstract, or one more paper where no abstract is shown, would be too much.
        assert size(cut, counts) + (ABSTRACT if listed == counts else ROW) > most


@given(lengths, st.integers(1, 150_000))
def test_abstracts_go_before_papers_and_ten_papers_stay(counts: list[int], most: int) -> None:
    _, listed, abstracts = fitted(counts, most)
    if listed != counts:
        assert not any(abstracts)
    assert all(kept >= min(count, LEAST_PAPERS) for kept, count in zip(listed, counts, strict=True))


@given(lengths, st.integers(1, 150_000))
def test_what_stands_furthest_down_goes_first(counts: list[int], most: int) -> None:
    for kept, whole in zip(fitted(counts, most)[1:], (counts, counts), strict=True):
        cut = [number for number, own in zip(kept, whole, strict=True) if number < own]
        # No list keeps more than one beyond the place at which another was cut.
        assert not cut or max(kept) <= min(cut) + 1


def test_papers_go_from_the_ends_of_the_longest_lists() -> None:
    _, listed, _ = fitted([40, 12, 3], REST + ROW * 35)
    assert listed == [20, 12, 3]


@given(lengths, st.integers(1, 150_000), st.integers(0, 200))
def test_tomorrow_the_same_papers_are_cut_in_the_same_place(counts: list[int], most: int, yesterday: int) -> None:
    today = fitted(counts, most, yesterday)
    whole = today[2] == counts
    assert fitted(counts, most, 0 if whole else today[0].abstracts)[1:] == today[1:]


@pytest.mark.parametrize(("grown", "abstracts"), [(18, 10), (17, 10), (5, 5)])
def test_a_file_that_stays_nearly_full_does_not_give_abstracts_back_day_by_day(grown: int, abstracts: int) -> None:
    most = REST + ROW * 18 + ABSTRACT * 10
    assert sum(fitted([grown], most, 10)[2]) == abstracts


def given_back(days: int) -> int:
    """How many rows get back the abstract that they had lost, in so many days of new papers for four keywords."""
    sizes = random.Random(1)  # noqa: S311 - made-up sizes, the same every time
    listed = [[sizes.randint(700, 1300) for _ in range(20)] for _ in range(4)]
    yesterday, back = 0, 0

    def measure(cut: Truncation) -> int:
        return REST + sum(
            ROW * cut.listed(20, number, 4) + sum(own[: cut.with_abstract(20, number, 4)])
            for number, own in enumerate(listed)
        )

    for _ in range(days):
        new = [[sizes.randint(700, 1300) for _ in range(sizes.randint(0, 3))] for _ in listed]
        listed = [[*first, *own][:20] for first, own in zip(new, listed, strict=True)]
        today = fit(20, 4, REST + ROW * 80 + 40_000, yesterday, measure)
        for number, first in enumerate(new):
            bare_from = Truncation(yesterday or 80, 80).with_abstract(20, number, 4) + len(first)
            back += max(0, today.with_abstract(20, number, 4) - bare_from)
        yesterday = today.abstracts
    return back


def test_in_a_month_no_row_gets_its_abstract_back_only_to_lose_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    assert given_back(30) == 0
    monkeypatch.setattr("digest.page.truncation._STILL_FULL", 1)
    assert given_back(30) > 0


def test_lists_far_too_long_are_not_measured_whole() -> None:
    measured: list[int] = []

    def measure(cut: Truncation) -> int:
        measured.append(cut.papers + cut.abstracts)
        return size(cut, [2000] * 20)

    fit(2000, 20, 500_000, 0, measure)
    assert len(measured) < 10
    assert max(measured) < 10_000


@given(st.lists(st.integers(0, 100_000), min_size=1, max_size=3000), st.integers(1, 2_000_000))
def test_rows_of_all_sizes_are_measured_a_few_times_only(rows: list[int], most: int) -> None:
    measured: list[int] = []

    def measure(cut: Truncation) -> int:
        measured.append(sum(rows[: cut.papers]))
        return measured[-1]

    fit(len(rows), 1, most, 0, measure)
    assert len(measured) <= 40


def test_nothing_listed_is_nothing_cut() -> None:
    assert fitted([0, 0], 1) == (Truncation(0, 0), [0, 0], [0, 0])
