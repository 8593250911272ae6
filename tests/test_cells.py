"""A paper's cells: what stands in each column, and that strangers' text stays inside its cell."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.config import COLUMNS
from digest.page.cells import Row, rows
from digest.page.render import builtin, table_line
from digest.papers import Paper, identifier

TABLE, LIST = builtin("table"), builtin("list")


def paper(title: str = "T", abstract: str = "A", comment: str = "C", authors: tuple[str, ...] = ("N",)) -> Paper:
    first, last = datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC)
    return Paper(identifier("2602.00001"), 2, title, abstract, authors, first, last, ("cs.CV", "stat.ML"), comment)


def row(made: Paper, sort_by: str = "updated") -> Row:
    return rows([made], sort_by)[0]


def cells(made: Paper, *columns: str) -> list[str]:
    return row(made).cells(columns)


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("title", "**[T](https://arxiv.org/abs/2602.00001v2)**"),
        ("date", "2026-03-09"),
        ("authors", "N"),
        ("abstract", "<details><summary>Show</summary><p>A</p></details>"),
        ("comment", "C"),
        ("categories", "cs.CV, stat.ML"),
        ("links", "[PDF](https://arxiv.org/pdf/2602.00001v2) · [HTML](https://arxiv.org/html/2602.00001v2)"),
    ],
)
def test_each_column_has_its_cell(column: str, cell: str) -> None:
    assert cells(paper(), column) == [cell]


def test_the_date_is_the_one_that_the_list_is_sorted_by() -> None:
    assert [row(paper(), by).date for by in ("updated", "submitted")] == ["2026-03-09", "2026-02-01"]


def folded(summary: str, text: str) -> str:
    return f"<details><summary>{summary}...</summary><p>{text}</p></details>"


@pytest.mark.parametrize(
    ("comment", "cell"),
    [
        ("", ""),
        ("x" * 20, "x" * 20),
        ("x" * 21, folded("xxxxx", "x" * 21)),
        ("12 pages, 3 figures, to appear", folded("12 pa", "12 pages, 3 figures, to appear")),
        # As readers count: entities, escapes, accents and emoji are one character each.
        ("&" * 20, "&" * 20),
        ("*" * 20, r"\*" * 20),
        ("<" * 21, folded("&lt;" * 5, "&lt;" * 21)),
        ("*" * 21, folded(r"\*" * 5, r"\*" * 21)),
        ("é" * 21, folded("ééééé", "é" * 21)),
        ("a\u0301" * 21, folded("a\u0301" * 5, "a\u0301" * 21)),
        # White space is folded before it is counted.
        ("a\n  " * 10, " ".join("a" * 10)),
    ],
)
def test_a_comment_of_over_twenty_characters_is_folded(comment: str, cell: str) -> None:
    assert cells(paper(comment=comment), "comment") == [cell]


def test_a_paper_without_an_abstract_or_whose_abstract_was_left_out_has_an_empty_cell() -> None:
    assert cells(paper(abstract=""), "abstract") == [""]
    assert row(paper()).without_abstract.cells(["abstract", "title"]) == ["", *cells(paper(), "title")]


@pytest.mark.parametrize(("count", "shown"), [(10, ""), (11, " and 1 more"), (3000, " and 2990 more")])
def test_of_many_authors_the_first_ten_are_shown(count: int, shown: str) -> None:
    names = tuple(f"N{number}" for number in range(count))
    assert cells(paper(authors=names), "authors") == [", ".join(names[:10]) + shown]


nasty = st.text(alphabet=st.sampled_from("|\\`*_[]()<>&$#@!~:/-\n\r a1x\"'{}^="), max_size=30) | st.text(max_size=15)


@given(nasty, nasty, nasty, nasty)
@settings(max_examples=200)
def test_whatever_strangers_write_stays_in_its_cell(title: str, abstract: str, comment: str, author: str) -> None:
    made = paper(title, abstract, comment, (author,))
    page = TABLE(rows([made, made], "updated"), COLUMNS, "H")
    html = cmarkgfm.github_flavored_markdown_to_html(page, Options.CMARK_OPT_UNSAFE)

    assert page.count("\n") == 3
    assert html.count("<tr>") == 3
    assert html.count("<td>") == 2 * len(COLUMNS)
    assert html.count("<details>") == html.count("</details>")
    assert html.count('href="https://arxiv.org/abs/2602.00001v2"') == 2


@given(nasty, nasty)
def test_a_list_has_an_item_a_paper(title: str, comment: str) -> None:
    made = paper(title, comment=comment)
    page = LIST(rows([made, made], "updated"), ("title", "comment"), "H")
    html = cmarkgfm.github_flavored_markdown_to_html(page, Options.CMARK_OPT_UNSAFE)
    assert page.count("\n") == 1
    assert html.count("<li>") == 2


@pytest.mark.parametrize(
    ("columns", "line"),
    [
        (("title", "date", "comment"), "T · 2026-03-09 Longe…"),
        (("title", "abstract", "comment", "date"), "T Show… Longe… 2026-03-09"),
        (("comment", "title", "authors", "date"), "&#8203;Longe… T · 2026-03-09"),
    ],
)
def test_a_list_puts_dots_between_what_stands_in_one_line_only(columns: tuple[str, ...], line: str) -> None:
    made = row(paper(comment="Longer than twenty characters", authors=()))
    shown = LIST([made, made], columns, "H")
    fold, title = (
        re.compile(r"<details><summary>(\w+)\W*</summary>.*?</details>"),
        "**[T](https://arxiv.org/abs/2602.00001v2)**",
    )
    assert fold.sub(r"\1…", shown).replace(title, "T") == f"- {line}\n- {line}"


def test_without_papers_there_is_a_sentence() -> None:
    assert TABLE([], COLUMNS, "H") == LIST([], COLUMNS, "H") == "No papers yet."


def test_in_an_issue_comments_stand_open_since_a_mail_shows_both_halves_of_a_fold() -> None:
    made = row(paper(comment="Longer than twenty characters"))
    assert made.cells(["comment"], folded=False) == ["Longer than twenty characters"]
    assert made.cells(["comment"]) == [folded("Longe", "Longer than twenty characters")]


def test_an_author_without_a_name_is_left_out() -> None:
    assert cells(paper(authors=("A", "", "\u200b", "B")), "authors") == ["A, B"]


@pytest.mark.parametrize("column", ["title", "authors", "abstract", "comment", "categories"])
def test_a_fault_over_a_text_costs_its_cell_only(column: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: str) -> str:
        raise RecursionError

    made = row(paper("*T*", "*A*", "*C*", ("*N*",)))
    with monkeypatch.context() as patched:
        for name in ("visible", "inline", "link_text"):
            patched.setattr(f"digest.text.markdown.{name}", fail)
        (cell,) = made.cells([column])
    assert made.broken == [column]
    assert "*" not in cell.replace("**[", "").replace(")**", "")
    page = table_line([cell])
    assert cmarkgfm.github_flavored_markdown_to_html(page).count("<em>") == 0


def test_the_tables_date_has_room_for_a_date() -> None:
    assert TABLE([row(paper())], ("date",), "H").splitlines()[0] == f"| {'&nbsp;' * 6}**Date**{'&nbsp;' * 6} |"
