"""What a section remembers: round trips, whatever people do to the text, its size, and what counts as news by it."""

from __future__ import annotations

import json
import random
import zlib
from base64 import b64encode
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.papers import Bounds, Identifier, identifier
from digest.section import identifier_set, memory
from digest.section.document import parse
from digest.section.memory import Memory, Promise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from digest.section.section import Section

NAME = "daily-papers"
CHANCE = random.Random(1)  # noqa: S311 - the same on every machine
TODAYS = st.builds("{:02}{:02}.{:05}".format, st.integers(15, 40), st.integers(1, 12), st.integers(1, 99_999))
OLDER = st.builds("{:02}{:02}.{:04}".format, st.integers(8, 14), st.integers(1, 12), st.integers(1, 9_999))
OLDEST = st.builds("{}/{:02}{:02}{:03}".format, st.sampled_from(["math.GT", "hep-th"]), st.integers(92, 99),
                   st.integers(1, 12), st.integers(1, 999))  # fmt: skip
IDENTIFIERS = st.frozensets(st.builds(identifier, TODAYS | OLDER | OLDEST), max_size=60)
# Later than all papers of these tests.
BOUNDS = Bounds(datetime(2026, 2, 1, tzinfo=UTC))


@st.composite
def memories(draw: st.DrawFn) -> Memory:
    listed = draw(IDENTIFIERS)
    subsets = (
        st.frozensets(st.sampled_from(sorted(listed)), max_size=30) if listed else st.just(frozenset[Identifier]())
    )
    promises = st.builds(Promise, subsets, st.integers(0, 1 << 40), st.text("0123456789abcdef", min_size=8, max_size=8))
    some = st.none() | st.sampled_from(sorted(listed)) if listed else st.none()
    kept = tuple(draw(st.lists(promises, max_size=3)))
    archives = draw(st.sampled_from(["", "0123456789ab"]))
    apps = tuple(draw(st.lists(st.sampled_from(["a[bot]", "github-actions[bot]", "My-App[bot]"]), unique=True)))
    return Memory(listed, draw(some), draw(some), kept, "01234567", draw(st.integers(0)), archives, apps)


@given(memories())
def test_what_was_written_is_read(remembered: Memory) -> None:
    text = memory.write(remembered)

    assert memory.read(text) == remembered
    assert text.isascii()
    assert "-->" not in text
    assert "\n" not in text


@given(st.text() | st.from_regex(r"[0-9a-f]{8} [A-Za-z0-9+/{}:,\"]{4,200}", fullmatch=True))
def test_any_text_is_read_as_nothing(text: str) -> None:
    assert memory.read(text) is None


@given(memories(), st.data())
def test_a_changed_text_is_noticed(remembered: Memory, data: st.DataObject) -> None:
    text = memory.write(remembered)
    place = data.draw(st.integers(0, len(text) - 1))
    changed = text[:place] + data.draw(st.sampled_from(["", "A", "=", " ", "é", "00"])) + text[place + 1 :]

    assert memory.read(changed) in (None, remembered)


def signed(text: str) -> str:
    """With the checksum that belongs to it."""
    return f"{zlib.crc32(text.encode()):08x} {text}"


EMPTY = memory.write(Memory()).partition(" ")[2]
SEVEN = identifier_set.encode_numbers([7])


@pytest.mark.parametrize("text", ["", "1", "00000000 {}", signed("{}"), signed(""), signed("[]"), "é é"])
def test_another_version_and_half_a_text_are_nothing(text: str) -> None:
    assert memory.read(text) is None


def test_an_empty_memory_is_one() -> None:
    assert memory.read(signed(EMPTY)) == Memory()


@pytest.mark.parametrize(
    ("whole", "absurd"),
    [
        ('"version":1', '"version":2'),
        ('"abstracts":0', '"abstracts":"x"'),
        ('"abstracts":0', '"abstracts":true'),
        ('"owner":""', '"owner":7'),
        ('"owner":""', '"owner":["a"]'),
        ('"highest":""', '"highest":"2699.00001"'),
        ('"highest":""', '"highest":{"a":1}'),
        ('"promises":[]', '"promises":5'),
        (
            '"promises":[]',
            '"promises":[{"since":"now","title":"","run":"","tries":1,"refused":false,"papers":""}]',
        ),
        (
            '"promises":[]',
            f'"promises":[{{"since":1,"title":"","run":"","tries":1,"refused":false,"papers":"{SEVEN}"}}]',
        ),
        ('"listed":{}', '"listed":{"2601":"AAAA"}'),
        ('"listed":{}', f'"listed":{{"2613":"{SEVEN}"}}'),
        ('"listed":{}', '"listed":{"2601":5}'),
        ('"listed":{}', '"listed":{"old":["nothing"]}'),
        ('"listed":{}', f'"listed":{"[" * 100_000}{"]" * 100_000}'),
    ],
)
def test_a_text_that_is_well_formed_and_absurd_is_nothing(whole: str, absurd: str) -> None:
    assert whole in EMPTY
    assert memory.read(signed(EMPTY.replace(whole, absurd))) is None


def test_a_text_that_grows_without_end_when_it_is_unpacked_is_nothing() -> None:
    bomb = b64encode(zlib.compress(bytes(600_000_000))).decode()
    whole, absurd = '"listed":{}', f'"listed":{{"2601":"{bomb}"}}'

    assert whole in EMPTY
    assert memory.read(signed(EMPTY.replace(whole, absurd))) is None


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=9), lambda inner: st.dictionaries(st.text(max_size=5), inner)
    )
)
def test_values_that_nobody_encoded_are_refused_or_read_but_never_break(value: object) -> None:
    try:
        decoded = identifier_set.decode(value)
    except (ValueError, TypeError):
        return
    assert isinstance(decoded, frozenset)


@cache
def busy_months() -> list[Identifier]:
    """40,000 of the 90,000 papers of three busy months, in the pattern that compresses worst."""
    numbers = sorted(CHANCE.sample(range(90_000), 40_000))
    return [identifier(f"25{10 + number // 30_000}.{number % 30_000 + 1:05}") for number in numbers]


def size(listed: Iterable[Identifier], promised: Iterable[Identifier] = ()) -> int:
    promise = Promise(frozenset(promised), 1_790_000_000, "01234567", "01234567")
    papers = frozenset(listed)
    return len(memory.write(Memory(papers, max(papers), None, (promise,) if promise.identifiers else (), "01234567")))


@pytest.mark.parametrize("promises", ["none", "all", "newest", "scattered"])
def test_twenty_keywords_of_2000_papers_take_less_than_16_kib(promises: str) -> None:
    listed = busy_months()
    scattered = CHANCE.sample(listed, 500)
    promised = {"none": [], "all": listed, "newest": listed[-2000:], "scattered": scattered}[promises]

    assert size(listed, promised) < 16_384


def test_what_lies_before_the_horizon_is_forgotten_unless_it_is_promised() -> None:
    old, promised, edge, new = map(identifier, ("2509.00001", "2509.00002", "2510.00001", "2512.00001"))
    remembered = (
        Memory(promises=(Promise(frozenset([promised]), 0, ""),)).with_listed([old, promised, edge]).with_listed([new])
    )

    assert remembered.listed == {promised, edge, new}
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
OTHER = Memory(frozenset([identifier("2601.00009")]), identifier("2601.00009"), owner="me", apps=("papers[bot]",))


def written(*kept: str) -> str:
    lines = "\n".join(f"<!-- {NAME}:memory {text} -->" for text in kept)
    return f"<!-- {NAME}:start -->\nLast update: 2026-01-09\n{lines}\n\n## Alpha\n{ROWS}\n<!-- {NAME}:end -->\n"


def read(text: str) -> Section:
    document = parse(text.encode(), "README.md", NAME, BOUNDS)
    assert document.has_section
    return document.section


WHOLE = memory.write(KEPT)


def test_a_whole_memory_is_believed() -> None:
    assert (read(written(WHOLE)).memory, read(written(WHOLE)).damaged) == (KEPT, False)


@pytest.mark.parametrize(
    "text",
    [
        written(),
        written(WHOLE[:-3]),
        written("00000000 nothing"),
        written(WHOLE.replace('"version":1', '"version":7', 1)),
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
    assert set(made.memory.apps) == {"github-actions[bot]", "papers[bot]"}


def test_the_last_few_apps_are_remembered_the_newest_last() -> None:
    remembered = Memory()
    for app in ("a[bot]", "b[bot]", "c[bot]", "a[bot]"):
        remembered = remembered.with_app(app)

    assert remembered.apps == ("b[bot]", "c[bot]", "a[bot]")
    assert set(memory.united(remembered, Memory().with_app("c[bot]")).apps) == {"a[bot]", "b[bot]", "c[bot]"}


@pytest.mark.parametrize("apps", ['"a[bot]"', "[1]", "null", "{}", '[["a[bot]"]]'])
def test_apps_that_are_none_are_damaged(apps: str) -> None:
    assert memory.read(signed(EMPTY.replace('["github-actions[bot]"]', apps))) is None


@pytest.mark.parametrize("app", ["mona", "<!-- x -->[bot]", "a--b[bot]", f"{'a' * 5000}[bot]"])
def test_a_name_that_no_app_has_is_forgotten(app: str) -> None:
    read = memory.read(signed(EMPTY.replace('["github-actions[bot]"]', json.dumps([app, "b[bot]"]))))
    assert read
    assert read.apps == ("b[bot]",)


def test_an_emptied_section_is_not_damaged() -> None:
    made = read(f"<!-- {NAME}:start -->\n\n<!-- {NAME}:end -->\n")

    assert not made.damaged
    assert made.memory == Memory()


@pytest.mark.parametrize(
    "rows",
    [
        "| **[B](https://arxiv.org/abs/2601.00003v1)** | see [x](https://arxiv.org/abs/2602.00009v1), ours |",
        "| **[B](https://arxiv.org/abs/2601.00003v1)\n=======\n** | see [x](https://arxiv.org/abs/2602.00009v1) |",
        "| **[\\*\\*\\[B\\](https://arxiv.org/abs/2602.00009v1)](https://arxiv.org/abs/2601.00003v1)** |",
        "- **[B](https://arxiv.org/abs/2601.00003v1)** · \\*\\*[x](https://arxiv.org/abs/2602.00009v1)\\*\\*",
    ],
)
def test_a_link_in_a_papers_own_text_is_taken_for_no_row(rows: str) -> None:
    made = read(f"<!-- {NAME}:start -->\n\n## Alpha\n\n{rows}\n\n<!-- {NAME}:end -->\n")

    assert made.memory.listed == {identifier("2601.00003")}


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
