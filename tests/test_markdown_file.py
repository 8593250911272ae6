"""The form `.md`: GitHub's own parser shows the lists as the page does, and nothing acts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings

from digest.config import COLUMNS
from digest.export.mark import is_ours
from digest.export.markdown_file import write
from digest.text.markdown import visible
from tests.collections import COLLECTIONS, FULL, collection, collections, record
from tests.factories import table_head
from tests.github_markdown import Judged, seen
from tests.test_strangers import ITEMS, OURS, expected

if TYPE_CHECKING:
    from digest.export.collection import Collection, Record

PLAIN = ("title", "date")


def test_the_file_word_for_word() -> None:
    assert write(collection([FULL], []), PLAIN, "updated").decode("utf-8") == (
        "<!-- daily-papers:file -->\n"
        "\n"
        "Last update: 2026-03-05\n"
        "\n"
        "## Alpha\n"
        "\n"
        f"{table_head('Title', 'Date')}\n"
        "| **[Title of 2510.22693](https://arxiv.org/abs/2510.22693v3)** | 2025-10-18 |\n"
        "\n"
        "## Beta\n"
        "\n"
        "No papers yet.\n"
    )


def test_the_date_that_the_list_is_sorted_by() -> None:
    assert b"| 2025-10-16 |" in write(collection([FULL]), PLAIN, "submitted")


def test_as_items_below_other_headings() -> None:
    text = write(collection([record("2603.00001")]), PLAIN, "updated", template="list", heading_level=3).decode("utf-8")
    item = "- **[Title of 2603.00001](https://arxiv.org/abs/2603.00001v1)** · 2026-03-01\n"
    assert text.endswith(f"### Alpha\n\n{item}")


def cell(record: Record, column: str) -> str:
    """A cell as it is shown; of many authors the first ten."""
    if column == "keywords":
        return seen(", ".join(filter(None, map(visible, record.keywords))))
    one = record.paper
    more = len(one.authors) - 10
    if column != "authors" or more <= 0:
        return expected(one, column)
    return f"{expected(replace(one, authors=one.authors[:10]), column)} and {more} more"


def judge(made: Collection, template: str) -> None:
    content = write(made, COLUMNS, "updated", template=template)
    assert is_ours("papers.md", content)
    page = Judged(content.decode("utf-8"))
    page.judge(OURS if template == "table" else OURS | ITEMS)
    assert len(page.comments) == 1
    assert [seen(part.text) for part in page.of("h2")] == [seen(visible(one.heading)) for one in made.keywords]
    if template == "table":
        shown = [row for row in page.rows if "Title" not in row[0].text or row[0].links]
        listed = [made.papers[id_] for one in made.keywords for id_ in one.papers]
        assert [[seen(part.text) for part in row] for row in shown] == [
            [cell(one, column) for column in COLUMNS] for one in listed
        ]


@pytest.mark.parametrize("template", ["table", "list"])
@pytest.mark.parametrize("name", COLLECTIONS)
def test_every_list_is_shown(name: str, template: str) -> None:
    judge(COLLECTIONS[name], template)


@settings(max_examples=60, deadline=None)
@given(collections)
def test_strangers_text_is_shown_and_does_not_act(made: Collection) -> None:
    judge(made, "table")
