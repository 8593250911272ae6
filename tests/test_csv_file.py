"""The form `.csv`: the csv module reads what was written, and no spreadsheet runs any of it."""

from __future__ import annotations

import csv
import re
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from digest.export.csv_file import write
from digest.export.mark import CSV_HEADER
from digest.text.plain_text import clean
from tests.collections import COLLECTIONS, FULL, MANY_AUTHORS, OLD, collection, collections, record

if TYPE_CHECKING:
    from digest.export.collection import Collection

# By OWASP's list, cells that begin with one of these may be run; an apostrophe makes text of them.
RUN = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def rows(content: bytes, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter, strict=True))


def test_the_file_word_for_word() -> None:
    made = collection([record("2603.00001", title='A "B", C', comment="two\nlines")])
    header = '","'.join(CSV_HEADER)
    assert write(made).decode("utf-8") == (
        f'\ufeff"{header}"\r\n'
        '"2603.00001","1","A ""B"", C","https://arxiv.org/abs/2603.00001v1","https://arxiv.org/pdf/2603.00001v1",'
        '"Grace Kim; Łukasz Wójcik","2026-03-01T00:01:00Z","2026-03-01T00:01:00Z","cs.CV; cs.LG","Alpha",'
        '"About 2603.00001.","two lines","","","",""\r\n'
    )


def test_a_whole_record() -> None:
    old, full = rows(write(collection([OLD, FULL])))
    assert (old["id"], old["doi"], old["journal"]) == (OLD.id, OLD.doi, OLD.journal)
    assert full["code"] == "https://github.com/octo/papers; https://octo.github.io/x"
    assert (full["venue"], full["version"]) == ("CVPR 2026 · oral", "3")


@pytest.mark.parametrize("name", COLLECTIONS)
def test_a_paper_a_row(name: str) -> None:
    read = rows(write(COLLECTIONS[name]))
    assert [row["id"] for row in read] == list(COLLECTIONS[name].papers)
    assert all(row.keys() == set(CSV_HEADER) for row in read)


@given(collections)
def test_strangers_text_is_read_back_and_not_run(made: Collection) -> None:
    content = write(made)
    assert content.count(b"\r\n") == content.count(b"\n") == len(made.papers) + 1
    for row in rows(content):
        one = made.papers[row["id"]]
        for name, text in (("title", one.title), ("abstract", one.abstract), ("comment", one.comment)):
            assert row[name].replace("'", "") == clean(text).replace("'", "")
    # As a spreadsheet that parts cells at semicolons sees it, whether it minds quotes or not.
    text = content.decode("utf-8-sig")
    by_quotes = [cell for line in csv.reader(StringIO(text, newline=""), delimiter=";") for cell in line]
    # A quote behind a semicolon that ends a row opens a cell that begins with the next one, its identifier.
    for cell in (*by_quotes, *re.split(r"[;\r\n]", text)):
        begin = re.match("[\"' \r\n]*", cell)
        assert begin
        assert "'" in begin[0] or not cell[begin.end() :].startswith(RUN)
    assert not any(cell.startswith(RUN) for row in rows(content) for cell in row.values())


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r\n=1", " =1", "＝1"])
def test_a_formula_gets_an_apostrophe(text: str) -> None:
    assert rows(write(collection([record("2603.00001", title=text)])))[0]["title"] == f"'{text.strip()}"


@pytest.mark.parametrize("text", ["x = 1", "a-b", "a, -b", "c@d", "1+1", "'t is", "a; b"])
def test_other_text_stays(text: str) -> None:
    assert rows(write(collection([record("2603.00001", title=text)])))[0]["title"] == text


def test_a_cell_is_never_longer_than_excel_takes() -> None:
    longest = record("2603.00002", abstract="x" * 40_000)
    many, long = rows(write(collection([MANY_AUTHORS, longest])))
    names = many["authors"].split("; ")
    assert names[:-1] == list(MANY_AUTHORS.authors[: len(names) - 1])
    assert names[-1] == f"and {3303 - len(names) + 1} more"
    assert 32_000 < len(many["authors"]) <= 32_767
    assert len(long["abstract"]) == 32_767
