"""What a section remembers: round trips, whatever people do to the text, its size, and what counts as news by it."""

from __future__ import annotations

import random
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.papers import Identifier, identifier
from digest.section import memory, section
from digest.section.memory import Due, Memory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

NAME = "daily-papers"
CHANCE = random.Random(1)  # noqa: S311 - the same on every machine
TODAYS = st.builds("{:02}{:02}.{:05}".format, st.integers(15, 40), st.integers(1, 12), st.integers(1, 99_999))
OLDER = st.builds("{:02}{:02}.{:04}".format, st.integers(7, 14), st.integers(1, 12), st.integers(1, 9_999))
OLDEST = st.builds("{}/{:02}{:02}{:03}".format, st.sampled_from(["math.GT", "hep-th"]), st.integers(92, 99),
                   st.integers(1, 12), st.integers(1, 999))  # fmt: skip
# What nobody ever gave out, and people may write all the same.
IMPOSSIBLE = st.sampled_from(["2613.00001", "2600.12345", "2512.0001", "0701.12345", "9912.00001", "2601.00000"])
IDENTIFIERS = st.frozensets(st.builds(identifier, TODAYS | OLDER | OLDEST | IMPOSSIBLE), max_size=60)


@st.composite
def memories(draw: st.DrawFn) -> Memory:
    listed = draw(IDENTIFIERS)
    subsets = (
        st.frozensets(st.sampled_from(sorted(listed)), max_size=30) if listed else st.just(frozenset[Identifier]())
    )
    due = st.builds(Due, subsets, st.integers(0, 1 << 40), st.text("0123456789abcdef", min_size=8, max_size=8))
    some = st.none() | st.sampled_from(sorted(listed)) if listed else st.none()
    return Memory(
        listed, draw(some), draw(some), tuple(draw(st.lists(due, max_size=3))), "01234567", draw(st.integers(0))
    )


@given(memories())
def test_what_was_written_is_read(remembered: Memory) -> None:
    text = memory.write(remembered)

    assert memory.read(text) == remembered
    assert text.isascii()
    assert "-->" not in text
    assert "\n" not in text


@given(st.text() | st.from_regex(r"1 [0-9a-f]{8} [A-Za-z0-9+/]{4,200}={0,2}", fullmatch=True))
def test_any_text_is_read_as_nothing(text: str) -> None:
    assert memory.read(text) is None


@given(memories(), st.data())
def test_a_changed_text_is_noticed(remembered: Memory, data: st.DataObject) -> None:
    text = memory.write(remembered)
    place = data.draw(st.integers(0, len(text) - 1))
    changed = text[:place] + data.draw(st.sampled_from(["", "A", "=", " ", "é", "00"])) + text[place + 1 :]

    assert memory.read(changed) in (None, remembered)


@pytest.mark.parametrize(
    "text", ["", "1", "0 00000000 AA==", "2 00000000 AA==", "1 00000000 ", "1 0000000g AA==", "1 0 é"]
)
def test_another_version_and_half_a_text_are_nothing(text: str) -> None:
    assert memory.read(text) is None


@given(st.binary(max_size=400))
def test_bytes_that_nobody_packed_are_refused_or_read_but_never_break(packed: bytes) -> None:
    try:
        unpacked = memory.unpack(packed)
    except (ValueError, LookupError):
        return
    assert isinstance(unpacked, frozenset)


@cache
def busy_months() -> list[Identifier]:
    """40,000 of the 90,000 papers of three busy months, in the pattern that compresses worst."""
    numbers = sorted(CHANCE.sample(range(90_000), 40_000))
    return [identifier(f"25{10 + number // 30_000}.{number % 30_000 + 1:05}") for number in numbers]


def size(listed: Iterable[Identifier], due: Iterable[Identifier] = ()) -> int:
    promise = Due(frozenset(due), 1_790_000_000, "01234567")
    papers = frozenset(listed)
    return len(memory.write(Memory(papers, max(papers), None, (promise,) if promise.identifiers else (), "01234567")))


@pytest.mark.parametrize("due", ["none", "all", "newest", "scattered"])
def test_twenty_keywords_of_2000_papers_take_less_than_16_kib(due: str) -> None:
    listed = busy_months()
    promised = {"none": [], "all": listed, "newest": listed[-2000:], "scattered": listed[-20_000::20]}[due]

    assert size(listed, promised) < 16_384


def test_what_lies_before_the_horizon_is_forgotten_unless_it_is_owed() -> None:
    old, owed, edge, new = map(identifier, ("2509.00001", "2509.00002", "2510.00001", "2512.00001"))
    remembered = Memory(due=(Due(frozenset([owed]), 0, ""),)).with_listed([old, owed, edge]).with_listed([new])

    assert remembered.listed == {owed, edge, new}
    assert remembered.highest == new


def test_news_is_what_was_never_listed_and_is_not_before_the_horizon() -> None:
    remembered = Memory().with_listed([identifier("2601.00005")])
    news = {
        text: remembered.is_news(identifier(text), identifier("2601.00005"))
        for text in ("2511.00001", "2510.99999", "2601.00004", "2601.00005", "math.GT/0309136")
    }

    assert news == {
        "2511.00001": True,
        "2510.99999": False,
        "2601.00004": True,
        "2601.00005": False,
        "math.GT/0309136": False,
    }


ROWS = "| **[A](https://arxiv.org/abs/2601.00005v2)** |\n| **[B](https://arxiv.org/abs/2601.00003v1)** |"
KEPT = Memory(
    frozenset(map(identifier, ("2601.00005", "2601.00003", "2601.00001"))), identifier("2601.00005"), owner="me"
)
OTHER = Memory(frozenset([identifier("2601.00009")]), identifier("2601.00009"), owner="me")


def written(*kept: str) -> str:
    lines = "\n".join(f"<!-- {NAME}:memory {text} -->" for text in kept)
    return f"<!-- {NAME}:start -->\nLast update: 2026-01-09\n{lines}\n\n## Alpha\n{ROWS}\n<!-- {NAME}:end -->\n"


def read(text: str) -> section.Section:
    place = section.find(text, NAME)
    assert place
    return section.read(text, place, NAME)


WHOLE = memory.write(KEPT)


def test_a_whole_memory_is_believed() -> None:
    assert (read(written(WHOLE)).memory, read(written(WHOLE)).damaged) == (KEPT, False)


@pytest.mark.parametrize(
    "text",
    [
        written(),
        written(WHOLE[:-3]),
        written("0 nothing"),
        written(WHOLE.replace("1 ", "7 ", 1)),
        written(WHOLE).replace("<!-- daily-papers:memory", "x <!-- daily-papers:memory"),
        written(WHOLE).replace(f":memory {WHOLE}", f":memory\n{WHOLE}"),
        written(WHOLE).replace("daily-papers:memory", "papers:memory"),
    ],
)
def test_a_lost_memory_is_made_anew_from_the_rows_and_nothing_up_to_the_newest_is_news(text: str) -> None:
    made = read(text)

    assert made.damaged
    assert made.memory.listed == {identifier("2601.00005"), identifier("2601.00003")}
    for known in ("2601.00005", "2601.00001", "2512.00007"):
        assert not made.memory.is_news(identifier(known), identifier("2601.00006"))
    assert made.memory.is_news(identifier("2601.00006"), identifier("2601.00006"))


@pytest.mark.parametrize(
    "text",
    [
        written(WHOLE, memory.write(OTHER)),
        written(WHOLE, memory.write(OTHER)).replace(
            f"<!-- {NAME}:memory {WHOLE} -->\n", f"<<<<<<< HEAD\n<!-- {NAME}:memory {WHOLE} -->\n=======\n"
        ),
    ],
)
def test_of_two_memories_that_a_merge_left_both_count(text: str) -> None:
    made = read(text)

    assert made.damaged
    assert made.memory.listed == KEPT.listed | OTHER.listed
    assert made.memory.owner == "me"


def test_an_emptied_section_is_not_damaged() -> None:
    made = read(f"<!-- {NAME}:start -->\n\n<!-- {NAME}:end -->\n")

    assert not made.damaged
    assert made.memory == Memory()


EDITS: list[Callable[[str, int, int], str]] = [
    lambda text, start, end: text[:start] + text[end:],
    lambda text, start, end: text[:end] + text[start:],
    lambda text, start, end: text[:start] + text[start:end].upper() + text[end:],
    lambda text, start, end: text[:start] + "\n=======\n" + text[start:end] + "\n>>>>>>> theirs\n" + text[end:],
]


@given(st.sampled_from(EDITS), st.integers(0, 400), st.integers(0, 400))
def test_whatever_is_done_to_a_section_it_is_read(edit: Callable[[str, int, int], str], one: int, other: int) -> None:
    """What the rows show is known, and nothing below it is news, unless the memory is whole and says so."""
    start, end = sorted((one, other))
    inside = edit(written(WHOLE).partition("-->\n")[2].partition(f"<!-- {NAME}:end")[0], start, end)
    if f"{NAME}:start" in inside or f"{NAME}:end" in inside:
        return
    made = read(f"<!-- {NAME}:start -->\n{inside}<!-- {NAME}:end -->\n")

    if made.damaged and "](https://arxiv.org/abs/2601.00005v2)" in inside:
        assert not made.memory.is_news(identifier("2601.00004"), identifier("2601.00006"))
