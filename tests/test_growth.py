"""No reader grows much faster than its text, in a small form of `benchmarks/growth.py`."""

from __future__ import annotations

import gc
from itertools import count

import pytest

from benchmarks.growth import CASES, growth, too_fast

# Short texts on a busy machine: less strict than the benchmark, and half of what a quadratic reader takes.
MOST = 8
READERS = sorted({name.partition(" of ")[0] for name in CASES})


@pytest.mark.parametrize("reader", READERS)
def test_no_reader_grows_faster_than_its_text(reader: str) -> None:
    grown = {name: growth(name, 2_000) for name in CASES if name.startswith(f"{reader} of ")}
    assert {name: factor for name, factor in grown.items() if factor > MOST} == {}


def quadratic(text: str) -> object:
    return [text.count(text[:-1] + "x") for _ in text]


def test_what_grows_faster_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CASES, "quadratic", (quadratic, lambda length: "a" * length))
    assert growth("quadratic", 4_000) > MOST


def test_the_garbage_collector_counts_for_no_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    collecting: list[bool] = []
    monkeypatch.setitem(CASES, "any", (lambda _: collecting.append(gc.isenabled()), lambda length: "a" * length))
    growth("any", 100)

    assert collecting
    assert not any(collecting)
    assert gc.isenabled()


def test_what_is_held_up_for_a_while_is_tried_once_more_and_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = count()

    def held_up(text: str) -> None:
        for _ in range(10 if len(text) > 20_000 and next(calls) < 4 else 1):
            sum(map(ord, text))

    monkeypatch.setattr(
        "benchmarks.growth.CASES",
        {
            "held up": (held_up, lambda length: "a" * length),
            "quadratic": (quadratic, lambda length: "a" * (length // 20)),
        },
    )
    assert [told.partition(":")[0] for told in too_fast(20_000)] == ["quadratic"]
