"""Names made of headings: valid on every system, of letters of any script, and told where two would be one file."""

from __future__ import annotations

import re
from unicodedata import is_normalized

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.export.file_names import (
    archives,
    filled,
    first_part,
    folders,
    index_path,
    name_of,
    one_file,
    part_path,
    period_of,
    places,
)
from digest.papers import Month
from tests.collections import strange_texts

PATTERN = "papers/{{ heading }}.md"
RESERVED = {
    *("CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"),
    *(f"{port}{number}" for port in ("COM", "LPT") for number in "0123456789¹²³"),
}


def test_a_path_for_a_heading_and_for_a_month() -> None:
    month = Month(1999, 3)
    assert filled(PATTERN, heading="Video Anomaly Detection") == "papers/Video Anomaly Detection.md"
    assert filled("archive/{{ year }}-{{month}}.md", month=month) == "archive/1999-03.md"
    assert filled("{{  heading}}/{{ year }}/{{ month }}.bib", heading="LLM", month=month) == "LLM/1999/03.bib"
    assert filled("docs/papers.json") == "docs/papers.json"


def test_a_heading_that_looks_like_a_place_is_none() -> None:
    assert filled(PATTERN, heading="{{ year }}") == "papers/{{ year }}.md"


def test_what_a_pattern_asks_for() -> None:
    assert places("a/{{ heading }}/{{ year }}-{{month}}.md") == {"heading", "year", "month"}
    assert places("a/{{ week }}.md") == {"week"}
    assert places("a.md") == frozenset()


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Vision Language Model", "Vision Language Model"),
        ("Größe 中文 العربية Zürich", "Größe 中文 العربية Zürich"),
        ("Cafe\u0301", "Café"),
        ("TCP/IP", "TCP-IP"),
        ("../../etc/passwd", "etc-passwd"),
        ('a\\b:c*d?e"f<g>h|i', "a-b-c-d-e-f-g-h-i"),
        (".git", "git"),
        ("git~1", "git-1"),
        ("C++ & C#", "C++ & C#"),
        ("-rf", "rf"),
        ("_drafts", "drafts"),
        ("ends. . ", "ends"),
        ("con", "con-"),
        ("Aux.x", "Aux-.x"),
        ("COM1", "COM1-"),
        ("NUL .x", "NUL- .x"),
        ("Connect", "Connect"),
        ("a\0b\nc\u202ed", "ab cd"),
        ("GPT-4.5", "GPT-4.5"),
    ],
)
def test_names(heading: str, name: str) -> None:
    assert name_of(heading) == name


def test_nothing_left_and_too_much_are_told_apart_by_a_fingerprint() -> None:
    assert re.fullmatch("keyword-[0-9a-f]{8}", name_of("..."))
    assert name_of("...") != name_of("///")
    first, second = name_of("語" * 60 + "a"), name_of("語" * 60 + "b")
    assert first != second
    assert re.fullmatch("語{30}-[0-9a-f]{8}", first)


@given(
    strange_texts
    | st.text(max_size=200)
    | st.sampled_from(sorted(RESERVED)).flatmap(
        lambda name: st.sampled_from(
            [name, name.lower(), f"{name}.md", f" {name} ", f"{name} .x", f".{name}", f"{name}/"]
        )
    )
)
def test_every_name_is_valid_on_every_system(heading: str) -> None:
    name = name_of(heading)
    assert name
    assert len(name.encode("utf-8")) <= 100
    assert not re.search(r'[/\\:*?"<>|~\x00-\x1f\x7f\ud800-\udfff]', name)
    assert name[0] not in " .-_#"
    assert name[-1] not in " ."
    assert name.partition(".")[0].rstrip().upper() not in RESERVED
    assert is_normalized("NFC", name)
    assert name_of(heading) == name


def test_one_file() -> None:
    assert one_file("Docs/É.md") == one_file("docs/e\u0301.MD")
    assert one_file("docs/a.md") != one_file("docs/b.md")


PART = "archive/2026-03-part12.md"


def test_the_parts_of_an_archives_file() -> None:
    assert first_part(PART) == ("archive/2026-03.md", 12)
    assert part_path(*first_part(PART)) == PART
    for path in ("archive/2026-03.md", "a-part1.md", "a-part02.md", "a-part.md", "a-part12345.md", "-part2"):
        assert first_part(path) == (path, 1)


def test_which_paths_are_an_archives() -> None:
    pattern = "a/{{ heading }}/{{ year }}-{{ month }}.md"
    assert period_of(pattern, "a/A-B/2026-03.md", "A/B") == (Month(2026, 3), 1)
    assert period_of(pattern, "a/A-B/2026-03-part2.md", "A/B") == (Month(2026, 3), 2)
    for path in (
        "a/C/2026-03.md",
        "a/A-B/2026-3.md",
        "a/A-B/2026-03-part1.md",
        "a/A-B/2026-03-part02.md",
        "2026-03.md",
    ):
        assert period_of(pattern, path, "A/B") is None


def test_archives_and_their_folders() -> None:
    patterns = ["a.md", "b/{{ year }}.csv", "{{ heading }}/{{ year }}.md", "b/{{ year }}.bib", "{{ heading }}.md"]
    assert archives(patterns) == ("b/{{ year }}.csv", "{{ heading }}/{{ year }}.md", "b/{{ year }}.bib")
    assert folders(patterns)[:2] == ("b", "")
    assert index_path("b/c/{{ year }}.md") == "b/c/README.md"
    assert index_path("x-{{ year }}.md") == "archive.md"
