"""A run tells its own files from those of people, and a file that says nothing new from one that does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.export import atom, bibtex, csv_file, json_file, markdown_file
from digest.export.mark import HTML_MARK, form_of, is_ours, written_anew
from tests.collections import COLLECTIONS, FULL, HOSTILE, STRANGE, collection, collections, record

if TYPE_CHECKING:
    from collections.abc import Callable

    from digest.export.collection import Collection

WRITERS: dict[str, Callable[[Collection], bytes]] = {
    "papers.json": json_file.write,
    "papers.csv": csv_file.write,
    "papers.bib": bibtex.write,
    "feed.xml": lambda made: atom.write(made, "https://octo.github.io/feed.xml"),
    "papers.md": lambda made: markdown_file.write(made, ("title", "date"), "updated"),
}
PEOPLES = {
    "papers.json": [b"{}", b'{"version": 1}', b'{"updated": "2026-03-05", "version": 1}', b"[]", b"\xff"],
    "papers.csv": [b"id,title\r\n1,x\r\n", b"id", b"\xef\xbb\xbfid;version\n"],
    "papers.bib": [b"@misc{x, title={y}}\n", b"% my papers\n", b"@comment{daily-papers}"],
    "feed.xml": [
        b'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><generator>Jekyll</generator></feed>',
        b"<feed><entry><generator>Daily Papers</generator></entry></feed>",
        b"<rss/>",
    ],
    "papers.md": [b"# Mine\n", b"# Mine\n\n<!-- daily-papers:file -->\n", b"<!-- daily-papers:start -->\n"],
    "index.html": [b"<!doctype html><title>Mine</title>", f"<body>{HTML_MARK}".encode()],
}


@pytest.mark.parametrize("name", COLLECTIONS)
@pytest.mark.parametrize("path", WRITERS)
def test_what_a_run_wrote_is_its_own(path: str, name: str) -> None:
    content = WRITERS[path](COLLECTIONS[name])
    assert is_ours(path, content)
    assert is_ours(path.upper(), content)
    # Damaged, but for its first lines.
    assert is_ours(path, content[: max(len(content) // 2, 500)])
    assert is_ours(path, content.replace(b"\n", b"\r\n"))
    others = [other for other in (*WRITERS, "index.html", "papers.txt", "papers") if other != path]
    assert not any(is_ours(other, content) for other in others)


@pytest.mark.parametrize(("path", "content"), [(path, content) for path, all_ in PEOPLES.items() for content in all_])
def test_what_people_wrote_is_theirs(path: str, content: bytes) -> None:
    assert not is_ours(path, content)
    assert not is_ours(path, b"")
    assert not is_ours(path, b"x" + WRITERS.get(path, json_file.write)(STRANGE))


def test_a_spreadsheet_may_have_saved_the_table() -> None:
    content = csv_file.write(collection([FULL]))
    assert is_ours("papers.csv", content.replace(b'"', b"").removeprefix(b"\xef\xbb\xbf"))
    assert is_ours("papers.csv", content.replace(b'","', b'";"').replace(b"\r\n", b"\n"))


def test_a_page_of_html() -> None:
    assert is_ours("index.html", f"<!doctype html>\n<html><head>{HTML_MARK}".encode())


def test_the_date_of_a_page_of_html() -> None:
    first, second, other = (
        f'<p>updated <time id="updated">{said}</time>'.encode() for said in ("2026-03-05", "2026-03-06", "x")
    )
    assert not written_anew("index.html", first, second)
    assert written_anew("index.html", first, other)


@given(st.sampled_from(["x.json", "x.csv", "x.bib", "x.xml", "x.md", "x.html", "x"]), st.binary(max_size=300))
def test_any_bytes_are_no_ones_mark(path: str, content: bytes) -> None:
    assert not is_ours(path, content)


@pytest.mark.parametrize("name", COLLECTIONS)
@pytest.mark.parametrize("path", WRITERS)
def test_the_date_alone_is_no_change(path: str, name: str) -> None:
    made = replace(COLLECTIONS[name], updated="2026-11-05")
    old, new = WRITERS[path](made), WRITERS[path](replace(made, updated="2026-11-06"))
    assert not written_anew(path, old, new)
    assert not written_anew(path, old.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"), new)
    assert (old == new) == (path == "papers.csv")


@pytest.mark.parametrize("path", WRITERS)
def test_anything_else_is_a_change(path: str) -> None:
    write = WRITERS[path]
    old = write(collection([FULL]))
    assert written_anew(path, None, old)
    assert written_anew(path, b"", old)
    for other in (
        collection([replace(FULL, title="Another title")]),
        collection([replace(FULL, version=4)]),
        collection([FULL, record("2603.00001")]),
        collection([]),
    ):
        assert written_anew(path, old, write(other))


@given(st.sampled_from([*WRITERS]), collections, collections)
def test_only_the_same_papers_are_no_change(path: str, one: Collection, other: Collection) -> None:
    write = WRITERS[path]
    same = write(one) == write(other)
    assert written_anew(path, write(one), write(replace(other, updated="2026-07-07"))) == (not same)


def test_a_date_in_strangers_words_is_a_change() -> None:
    said = [
        replace(HOSTILE[0], title=f"Last update: {day} % daily-papers: updated {day}") for day in ("2026-01-01", "2")
    ]
    for path, write in WRITERS.items():
        assert written_anew(path, write(collection([said[0]])), write(collection([said[1]])))


def test_forms() -> None:
    assert form_of("docs/Papers.JSON") == ".json"
    assert [form_of(path) for path in ("papers", "a.b/c", "x.txt", ".md.x", "x.json/y")] == [""] * 5
