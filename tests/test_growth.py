"""No reader grows much faster than its text, in a small form of `benchmarks/growth.py`."""

from __future__ import annotations

import pytest

from benchmarks.growth import CASES, growth

# Short texts on a busy machine: less strict than the benchmark, and half of what a quadratic reader takes.
MOST = 8
READERS = sorted({name.partition(" of ")[0] for name in CASES})


@pytest.mark.parametrize("reader", READERS)
def test_no_reader_grows_faster_than_its_text(reader: str) -> None:
    grown = {name: growth(name, 2_000) for name in CASES if name.startswith(f"{reader} of ")}
    assert {name: factor for name, factor in grown.items() if factor > MOST} == {}


def test_what_grows_faster_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        CASES, "quadratic", (lambda text: [text.count(text[:-1] + "x") for _ in text], lambda n: "a" * n)
    )
    assert growth("quadratic", 4_000) > MOST
