"""The form `.json`: what is written is read again, and what is not a whole file of ours is never taken for one."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.export.json_file import read, write
from tests.collections import COLLECTIONS, FULL, NOTHING, OLD, STRANGE, collection, collections, record

if TYPE_CHECKING:
    from digest.export.collection import Collection


def as_json(content: bytes) -> Any:
    return json.loads(content.decode("utf-8"))


def test_the_file_word_for_word() -> None:
    paper = replace(FULL, published=datetime(2025, 10, 26, 1, 2, 3, tzinfo=UTC), abstract="Line\nline, café.")
    fields = (
        '"id": "2510.22693", "version": 3, "title": "Title of 2510.22693", '
        '"url": "https://arxiv.org/abs/2510.22693v3", "pdf": "https://arxiv.org/pdf/2510.22693v3", '
        '"authors": ["Grace Kim", "Łukasz Wójcik"], '
        '"published": "2025-10-26T01:02:03Z", "updated": "2025-10-18T18:13:00Z", '
        '"categories": ["cs.CV", "cs.LG"], "keywords": ["Alpha"], "abstract": "Line\\nline, café.", '
        '"comment": "12 pages, accepted at CVPR 2026", "journal": "J. Vis. 1 (2026)", "doi": "10.1000/x_y", '
        '"code": [{"kind": "Code", "url": "https://github.com/octo/papers"}, '
        '{"kind": "Page", "url": "https://octo.github.io/x"}], "venue": "CVPR 2026 · oral"'
    )
    assert write(collection([paper], [])).decode("utf-8") == (
        '{"version": 1, "updated": "2026-03-05", "keywords": [\n'
        '{"heading": "Alpha", "query": "all:\\"Alpha\\"", "papers": ["2510.22693"]},\n'
        '{"heading": "Beta", "query": "all:\\"Beta\\"", "papers": []}\n'
        '], "papers": {\n'
        f'"2510.22693": {{{fields}}}\n'
        "}}\n"
    )


def test_without_papers_it_is_json_all_the_same() -> None:
    empty = {"version": 1, "updated": "2026-03-05", "keywords": [], "papers": {}}
    assert as_json(write(NOTHING)) == empty


@pytest.mark.parametrize("name", COLLECTIONS)
def test_what_is_read_is_written_alike(name: str) -> None:
    content = write(COLLECTIONS[name])
    again = read(content)
    assert again is not None
    assert write(again) == content
    assert (again.updated, again.keywords) == (COLLECTIONS[name].updated, COLLECTIONS[name].keywords)
    assert list(again.papers) == list(COLLECTIONS[name].papers)


def test_a_whole_record_is_read_as_it_was() -> None:
    for one in (FULL, OLD, STRANGE.papers["2603.03303"]):
        again = read(write(collection([one])))
        assert again == collection([one])


@given(collections)
def test_strangers_text_is_read_as_it_was_written(made: Collection) -> None:
    content = write(made)
    again = read(content)
    assert again is not None
    assert write(again) == content
    for text in (text for one in as_json(content)["papers"].values() for text in (one["title"], one["abstract"])):
        assert all(character >= " " or character in "\n\t" for character in text)
        text.encode("utf-8")


def test_a_paper_stands_on_one_line() -> None:
    lines = write(collection([FULL, record("2603.00001", abstract="a\nb\r\nc\u2028d\x85e")])).splitlines()
    assert [line[:14] for line in lines[3:-1]] == [b'"2510.22693": ', b'"2603.00001": ']
    assert as_json(b"{" + lines[4] + b"}")["2603.00001"]["abstract"] == "a\nb\nc\nd\ne"


WHOLE = as_json(write(collection([FULL])))
PAPER = WHOLE["papers"]["2510.22693"]


def other(**fields: Any) -> Any:
    return WHOLE | fields


def other_paper(**fields: Any) -> Any:
    return WHOLE | {"papers": {"2510.22693": PAPER | fields}}


NOT_OURS: dict[str, Any] = {
    "a list": [],
    "a number": 1,
    "null": None,
    "another version": other(version=2),
    "true for a version": other(version=True),
    "a fraction for a version": other(version=1.0),
    "no version": {key: one for key, one in WHOLE.items() if key != "version"},
    "no papers": {key: one for key, one in WHOLE.items() if key != "papers"},
    "another kind of day": other(updated="20260305"),
    "no day": other(updated="2026-02-30"),
    "a number for a day": other(updated=20260305),
    "a list of papers": other(papers=[PAPER]),
    "keywords that are text": other(keywords="Alpha"),
    "a keyword that is text": other(keywords=["Alpha"]),
    "a paper that is not there": other(keywords=[{"heading": "Alpha", "query": "x", "papers": ["2510.00001"]}]),
    "a heading that is a number": other(keywords=[{"heading": 1, "query": "x", "papers": []}]),
    "a paper that is text": other(keywords=[], papers={"2510.22693": "x"}),
    "another id": other_paper(id="2510.22694"),
    "no identifier": other(keywords=[], papers={"x": PAPER | {"id": "x"}}),
    "an identifier with a version": other(keywords=[], papers={"2510.22693v3": PAPER | {"id": "2510.22693v3"}}),
    "an address": other(keywords=[], papers={"arxiv.org/abs/2510.22693": PAPER | {"id": "arxiv.org/abs/2510.22693"}}),
    "version 0": other_paper(version=0),
    "a huge version": other_paper(version=10**30),
    "true": other_paper(version=True),
    "a title that is no text": other_paper(title=["x"]),
    "authors that are text": other_paper(authors="Grace Kim"),
    "an author that is no text": other_paper(authors=[1]),
    "no moment": other_paper(updated="2026-03-05"),
    "a moment elsewhere": other_paper(updated="2026-03-05T00:00:00+01:00"),
    "a moment that is a number": other_paper(published=0),
    "code that is text": other_paper(code="https://a.org"),
    "a link that is text": other_paper(code=["https://a.org"]),
    "a link of another kind": other_paper(code=[{"kind": "Evil", "url": "https://a.org"}]),
    "a script": other_paper(code=[{"kind": "Code", "url": "javascript:alert(1)"}]),
    "an address that ends a cell": other_paper(code=[{"kind": "Code", "url": 'https://a.org/"><script>'}]),
    "a paper without a venue": other(papers={"2510.22693": {key: one for key, one in PAPER.items() if key != "venue"}}),
}


@pytest.mark.parametrize("name", NOT_OURS)
def test_what_is_no_whole_file_of_ours_is_none(name: str) -> None:
    assert read(json.dumps(WHOLE).encode()) == collection([FULL])
    assert read(json.dumps(NOT_OURS[name]).encode()) is None


BYTES = {
    "nothing": b"",
    "half a file": write(STRANGE)[:5000],
    "more behind it": write(NOTHING) + b"{}",
    "not UTF-8": write(NOTHING).replace(b"2026", b"\xff\xfe"),
    "nested deep": b'{"version": 1, "updated": "2026-03-05", "keywords": ' + b"[" * 200_000,
    "objects nested deep": b'{"a":' * 200_000 + b"1" + b"}" * 200_000,
    "a number of a million digits": b'{"version": ' + b"1" * 1_000_000 + b"}",
    "an exponent": b'{"version": 1e999}',
    "no number": b'{"version": NaN}',
    "a key twice": write(NOTHING).replace(b'{"version": 1', b'{"version": 2, "version": 1'),
    "a merge conflict": write(NOTHING).replace(b'"papers"', b'<<<<<<< HEAD\n"papers"'),
}


@pytest.mark.parametrize("name", BYTES)
def test_hostile_bytes_are_none_and_raise_nothing(name: str) -> None:
    assert read(BYTES[name]) is None


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=9)
    | st.sampled_from(["2510.22693", "2026-03-05"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*WHOLE, *PAPER]), inner, max_size=4),
    max_leaves=8,
)


@given(st.sampled_from(["paper", "keyword", "whole"]), st.sampled_from([*PAPER, *WHOLE, "heading"]), json_values)
def test_any_value_in_any_place_raises_nothing(place: str, key: str, value: Any) -> None:
    changed = {
        "paper": other_paper(**{key: value}),
        "keyword": other(keywords=[WHOLE["keywords"][0] | {key: value}]),
        "whole": other(**{key: value}),
    }[place]
    again = read(json.dumps(changed).encode("utf-8", "surrogatepass"))
    assert again is None or read(write(again)) == again


@given(st.binary(max_size=200))
def test_any_bytes_raise_nothing(content: bytes) -> None:
    assert read(content) is None


def test_fields_of_a_later_release_are_passed_over_and_other_line_ends_and_formatting_too() -> None:
    assert read(json.dumps(other_paper(later=1) | {"later": 2}, indent=4).encode()) == collection([FULL])
    assert read(b"\xef\xbb\xbf" + write(collection([FULL])).replace(b"\n", b"\r\n")) == collection([FULL])
