"""Archives only grow: what stands there stays to the byte, each paper once, no file over the limit."""

from __future__ import annotations

import csv
from dataclasses import replace
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from bibtexparser.entrypoint import parse_string
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.export import archive_index, archive_rows, json_file
from digest.export.archive import LONGEST, grown
from digest.export.archive_rows import Style
from digest.export.file_names import index_path, part_path
from digest.export.growth import Period, periods
from digest.export.mark import ARCHIVE_FORMS, is_ours
from digest.papers import identifier
from tests.collections import FULL, HOSTILE, MANY_AUTHORS, OLD, TEX, record, recorded
from tests.github_markdown import Judged
from tests.test_strangers import OURS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.export.collection import Record

FORMS = (".json", ".csv", ".bib", ".md")
STYLE = Style(("title", "date", "abstract"), "updated")
DAY, NEXT = "2026-03-05", "2026-03-06"


def period(form: str, *records: Record) -> Period:
    return Period(f"archive/2026-03{form}", "2026-03", records)


def march(*numbers: int, **fields: Any) -> list[Record]:
    return [record(f"2603.{number:05}", **fields) for number in numbers]


def listed(form: str, content: bytes) -> list[str]:
    """The papers that a reader of the form finds, in order."""
    text = content.decode("utf-8-sig")
    if form == ".json":
        read = json_file.read(content)
        assert read is not None
        return list(read.papers)
    if form == ".csv":
        return [row["id"] for row in csv.DictReader(StringIO(text, newline=""), strict=True)]
    if form == ".bib":
        library = parse_string(text)
        assert not library.failed_blocks
        return [entry.key.removeprefix("arxiv:") for entry in library.entries]
    page = Judged(text)
    page.judge(OURS)
    return [str(identifier(row[0].links[0][0])) for row in page.rows[1:]]


def read(form: str, content: bytes) -> archive_rows.Pieces:
    return archive_rows.FORMS[form].read(content)


def test_a_month_word_for_word() -> None:
    (made,) = grown(period(".md", *march(1, 2)), [], DAY, Style(("title", "date"), "updated"))
    padding = "&nbsp;" * 6
    assert made.decode() == (
        "<!-- daily-papers:file -->\n\n# 2026-03\n\n"
        f"| **Title** | {padding}**Date**{padding} |\n| --- | --- |\n"
        "| **[Title of 2603.00002](https://arxiv.org/abs/2603.00002v1)** | 2026-03-01 |\n"
        "| **[Title of 2603.00001](https://arxiv.org/abs/2603.00001v1)** | 2026-03-01 |\n"
    )


@pytest.mark.parametrize("form", FORMS)
def test_new_papers_go_in_by_identifier_and_rows_stay(form: str) -> None:
    (first,) = grown(period(form, *march(2, 5, 9)), [], DAY, STYLE)
    (second,) = grown(period(form, *march(10, 7, 1)), [first], NEXT, STYLE)
    assert listed(form, second) == [f"2603.{number:05}" for number in (10, 9, 7, 5, 2, 1)]
    assert is_ours(f"x{form}", second)
    rows = [line.rstrip(b",") for line in first.splitlines() if b"2603." in line]
    assert [line for line in (one.rstrip(b",") for one in second.splitlines()) if line in rows] == rows
    (at_once,) = grown(period(form, *march(1, 2, 5, 7, 9, 10)), [], NEXT, STYLE)
    assert second == at_once


@pytest.mark.parametrize("form", FORMS)
def test_a_paper_that_stands_there_is_not_added_in_any_version(form: str) -> None:
    made = grown(period(form, *march(1, 2)), [], DAY, STYLE)
    later = [replace(one, version=4, title="Another title") for one in march(1, 2)]
    assert grown(period(form, *later), made, NEXT, STYLE) == made
    assert grown(period(form), made, NEXT, STYLE) == made


@pytest.mark.parametrize("form", FORMS)
def test_of_two_versions_that_come_at_once_the_later_is_kept(form: str) -> None:
    one = record("2603.00001")
    (made,) = grown(period(form, replace(one, version=2), one), [], DAY, STYLE)
    assert listed(form, made) == ["2603.00001"]
    assert b"2603.00001v2" in made


@pytest.mark.parametrize("form", FORMS)
def test_strange_papers(form: str) -> None:
    strange = [FULL, OLD, MANY_AUTHORS, *HOSTILE]
    (made,) = grown(period(form, *strange), [], DAY, STYLE)
    assert listed(form, made) == [one.id for one in sorted(strange, key=lambda one: identifier(one.id), reverse=True)]
    assert grown(period(form, *strange), [made], NEXT, STYLE) == [made]


@pytest.mark.parametrize("form", FORMS)
def test_a_paper_that_another_one_names_is_added_all_the_same(form: str) -> None:
    named = (
        'https://arxiv.org/abs/2603.00001 [x](https://arxiv.org/abs/2603.00001v1) "id": "2603.00001" {arxiv:2603.00001,'
    )
    (made,) = grown(period(form, record("2603.00002", title=named, abstract=named, comment=named)), [], DAY, STYLE)
    (made,) = grown(period(form, *march(1)), [made], DAY, STYLE)
    assert listed(form, made) == ["2603.00002", "2603.00001"]


@pytest.mark.parametrize("form", FORMS)
def test_parts_are_under_the_limit_and_full_ones_stay(form: str) -> None:
    parts: list[bytes] = []
    for first in range(1, 60, 10):
        before = parts
        parts = grown(period(form, *march(*range(first, first + 10), abstract="x" * 100)), parts, DAY, STYLE, 4_000)
        assert parts[: max(len(before) - 1, 0)] == before[:-1]
    assert len(parts) > 2
    assert all(len(part) <= 4_000 for part in parts)
    found = [listed(form, part) for part in parts]
    assert sorted(id_ for part in found for id_ in part) == [f"2603.{number:05}" for number in range(1, 61)]
    assert all(part == sorted(part, reverse=True) for part in found)
    assert grown(period(form, *march(*range(1, 61))), parts, NEXT, STYLE, 4_000) == parts


@pytest.mark.parametrize("form", FORMS)
def test_a_paper_that_is_too_long_alone_loses_words_and_no_limit_is_passed(form: str) -> None:
    long = record("2603.00002", abstract="x" * LONGEST, comment="y" * LONGEST)
    parts = grown(period(form, *march(1), long, *march(3)), [], DAY, STYLE)
    assert all(len(part) <= LONGEST for part in parts)
    assert [id_ for part in parts for id_ in listed(form, part)][0:1]
    assert sorted(id_ for part in parts for id_ in listed(form, part)) == [f"2603.0000{number}" for number in (1, 2, 3)]


@pytest.mark.parametrize("form", FORMS)
def test_rows_that_were_written_elsewhere_go_in_as_they_are(form: str) -> None:
    (base,) = grown(period(form, *march(2, 5)), [], DAY, STYLE)
    (other,) = grown(period(form, *march(2, 4, 5, title="Another title")), [], DAY, STYLE)
    rows = {one: row for one, row in read(form, other).pieces if one}
    (made,) = grown(period(form, *march(4, 7)), [base], DAY, STYLE, rows=rows)
    assert listed(form, made) == [f"2603.{number:05}" for number in (7, 5, 4, 2)]
    assert made.count(b"Another title") == 1
    (again,) = grown(period(form), [base], DAY, STYLE, rows=rows)
    assert listed(form, again) == ["2603.00005", "2603.00004", "2603.00002"]


def test_every_form_of_archives_is_known_before_anything_is_read() -> None:
    assert set(ARCHIVE_FORMS) == set(FORMS) == set(archive_rows.FORMS)


def test_a_real_month_of_papers() -> None:
    real = recorded(500)
    for form in FORMS:
        files = {found.path: grown(found, [], DAY, STYLE) for found in periods(f"a/{{{{ year }}}}{form}", real)}
        assert sorted(id_ for parts in files.values() for part in parts for id_ in listed(form, part)) == sorted(
            one.id for one in real
        )
        assert all(len(part) <= LONGEST for parts in files.values() for part in parts)


class TestPeople:
    def test_notes_between_rows_stay_where_they_stood(self) -> None:
        (made,) = grown(period(".md", *march(2, 5)), [], DAY, STYLE)
        rows = made.splitlines(keepends=True)
        edited = b"".join((*rows[:-1], rows[-1].rstrip(b"\n") + b" mine\n", b"\nMy notes.\n"))
        (again,) = grown(period(".md", *march(3, 9, 1)), [edited], NEXT, STYLE)
        assert listed(".md", again) == [f"2603.{number:05}" for number in (9, 5, 3, 2, 1)]
        assert again.endswith(b"\nMy notes.\n")
        assert b" mine\n" in again

    def test_notes_in_bibtex_and_entries_of_their_own(self) -> None:
        (made,) = grown(period(".bib", *march(2, 5)), [], DAY, STYLE)
        edited = made.replace(
            b"\n@misc{arxiv:2603.00002", b"\n% mine\n@book{mine, title={Mine}}\n\n@misc{arxiv:2603.00002"
        )
        (again,) = grown(period(".bib", *march(3)), [edited], NEXT, STYLE)
        assert edited.count(b"\n") + 12 == again.count(b"\n")
        assert b"% mine\n@book{mine, title={Mine}}\n" in again
        assert set(listed(".bib", again)) == {"mine", "2603.00005", "2603.00003", "2603.00002"}

    def test_a_row_that_was_deleted_comes_back_only_with_its_paper(self) -> None:
        (made,) = grown(period(".md", *march(1, 2)), [], DAY, STYLE)
        edited = b"".join(line for line in made.splitlines(keepends=True) if b"00001" not in line)
        assert grown(period(".md", *march(2)), [edited], NEXT, STYLE) == [edited]
        assert grown(period(".md", *march(1)), [edited], NEXT, STYLE) == [made]

    def test_all_rows_deleted(self) -> None:
        for form in FORMS:
            (made,) = grown(period(form, *march(1)), [], DAY, STYLE)
            edited = b"".join(line for line in made.splitlines(keepends=True) if b"2603." not in line)
            parts = grown(period(form, *march(2)), [edited], DAY, STYLE)
            assert listed(form, parts[-1])[-1:] == ["2603.00002"]

    def test_a_file_without_a_last_line_end(self) -> None:
        for form in FORMS:
            (made,) = grown(period(form, *march(2)), [], DAY, STYLE)
            (again,) = grown(period(form, *march(1)), [made.rstrip()], DAY, STYLE)
            assert listed(form, again) == ["2603.00002", "2603.00001"]

    def test_other_line_ends(self) -> None:
        for form in FORMS:
            (made,) = grown(period(form, *march(1, 3)), [], DAY, STYLE)
            (again,) = grown(
                period(form, *march(2)), [made.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")], DAY, STYLE
            )
            assert listed(form, again) == ["2603.00003", "2603.00002", "2603.00001"]

    def test_a_table_keeps_its_columns(self) -> None:
        (made,) = grown(period(".md", *march(1)), [], DAY, Style(("date", "title"), "updated"))
        (again,) = grown(period(".md", *march(2)), [made], DAY, Style(("title", "abstract", "comment"), "updated"))
        assert again == grown(period(".md", *march(1, 2)), [], DAY, Style(("date", "title"), "updated"))[0]

    @pytest.mark.parametrize("header", ["| Mine | **Title** |", "| **Title** | Mine |", "| **Title** | |"])
    def test_a_table_with_a_column_of_their_own_stays_and_new_rows_go_into_a_file_behind_it(self, header: str) -> None:
        (made,) = grown(period(".md", *march(2)), [], DAY, Style(("title",), "updated"))
        edited = made.replace(b"| **Title** |\n| --- |\n", f"{header}\n| --- | --- |\n".encode())
        first, second = grown(period(".md", *march(2, 3)), [edited], NEXT, STYLE)
        assert first == edited != made
        assert listed(".md", second) == ["2603.00003"]

    def test_without_the_title_among_the_columns_it_is_the_first(self) -> None:
        (made,) = grown(period(".md", *march(1)), [], DAY, Style(("date",), "updated"))
        assert listed(".md", made) == ["2603.00001"]

    @pytest.mark.parametrize(
        ("form", "old", "new"),
        [
            (".json", b"\n}}", b"\n"),
            (".json", b'"keywords": []', b'"keywords":\n  []'),
            (".json", b"\n}}", b"\n<<<<<<< HEAD\n}}"),
            (".csv", b'","', b'";"'),
            (".md", b"**Title**", b"**Titel**"),
        ],
    )
    def test_a_file_that_was_written_in_another_way_stays_and_another_goes_on(
        self, form: str, old: bytes, new: bytes
    ) -> None:
        (made,) = grown(period(form, *march(1, 2)), [], DAY, STYLE)
        edited = made.replace(old, new)
        parts = grown(period(form, *march(2, 3)), [edited], NEXT, STYLE)
        assert parts[0] == edited
        assert listed(form, parts[1]) == ["2603.00003"]
        assert grown(period(form, *march(1, 2, 3)), parts, NEXT, STYLE) == parts


days = st.lists(st.lists(st.integers(1, 30), max_size=8), max_size=6)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(FORMS), days, st.sampled_from(TEX), st.sampled_from([2_000, 6_000, LONGEST]))
def test_whatever_comes_when_nothing_is_lost_or_twice(
    form: str, batches: Sequence[Sequence[int]], text: str, longest: int
) -> None:
    parts: list[bytes] = []
    for batch in batches:
        before = parts
        parts = grown(period(form, *march(*batch, title=text, abstract=text)), parts, DAY, STYLE, longest)
        assert len(parts) >= len(before)
        for old, new in zip(before, parts, strict=False):
            rows = [line.rstrip(b",") for line in new.splitlines()]
            assert all(line.rstrip(b",") in rows for line in old.splitlines())
    found = [id_ for part in parts for id_ in listed(form, part)]
    assert sorted(found) == sorted({f"2603.{number:05}" for batch in batches for number in batch})


@given(st.sampled_from(FORMS), st.binary(max_size=200))
def test_any_bytes_stay_and_raise_nothing(form: str, content: bytes) -> None:
    parts = grown(period(form, *march(1)), [content], DAY, STYLE)
    assert b"2603.00001" in parts[-1]
    assert len(parts) == 2 or len(parts[0]) > len(content)


def test_papers_by_month_and_by_year() -> None:
    papers = [FULL, *march(1, 2), OLD, record("hep-th/9901001")]
    by_month = periods("a/{{ year }}/{{ month }}.bib", papers)
    assert [(found.path, found.title, len(found.records)) for found in by_month] == [
        ("a/2025/10.bib", "2025-10", 1),
        ("a/2026/03.bib", "2026-03", 2),
        ("a/2003/09.bib", "2003-09", 1),
        ("a/1999/01.bib", "1999-01", 1),
    ]
    by_year = periods("a/{{ heading }}/{{ year }}.md", papers[:3], "A/B")
    assert [(found.path, found.title) for found in by_year] == [("a/A-B/2025.md", "2025"), ("a/A-B/2026.md", "2026")]


class TestIndex:
    def test_months_with_their_parts_newest_first(self) -> None:
        pattern = "archive/{{ year }}-{{ month }}.md"
        paths = [
            f"archive/{name}.md" for name in ("2026-02", "2025-12", "2026-03", "2026-03-part2", "README", "x-2026-03")
        ]
        assert index_path(pattern) == "archive/README.md"
        content = archive_index.write(pattern, [*paths, "archive/2026-03.csv", "2026-03.md"])
        assert is_ours("archive/README.md", content)
        assert content.decode() == (
            "<!-- daily-papers:file -->\n\n# Archive\n\n"
            "- [2026-03](2026-03.md) · [2026-03, part 2](2026-03-part2.md) · [2026-02](2026-02.md)\n"
            "- [2025-12](2025-12.md)\n"
        )

    def test_in_folders_of_headings_and_years(self) -> None:
        pattern = "docs/{{ heading }}/{{ year }}/{{ year }}.{{ month }}.md"
        paths = ["docs/A b-c/2026/2026.03.md", "docs/D/2026/2026.03.md", "docs/D/2025/2026.03.md"]
        content = archive_index.write(pattern, paths, ["A b/c", "D", "E"])
        assert index_path(pattern) == "docs/README.md"
        assert content.decode().split("\n\n")[2:] == [
            "## A b/c",
            "- [2026-03](A%20b-c/2026/2026.03.md)",
            "## D",
            "- [2026-03](D/2026/2026.03.md)",
            "## E\n",
        ]

    def test_beside_the_readme_it_has_another_name(self) -> None:
        assert index_path("{{ year }}.md") == "archive.md"
        assert archive_index.write("{{ year }}.md", ["2026.md", "2025-part3.md"]).endswith(
            b"- [2026](2026.md)\n- [2025, part 3](2025-part3.md)\n"
        )

    def test_of_nothing(self) -> None:
        assert archive_index.write("a/{{ year }}.md", []) == b"<!-- daily-papers:file -->\n\n# Archive\n"

    def test_the_path_of_a_part(self) -> None:
        assert [part_path("a.b/2026-03.md", part) for part in (1, 2)] == ["a.b/2026-03.md", "a.b/2026-03-part2.md"]
