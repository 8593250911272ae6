"""The list of keywords above the first heading: where its links lead, and that it is read back as it was written."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import unquote

from hypothesis import given
from hypothesis import strategies as st

from digest.page.contents import contents, taken_above
from digest.papers import Bounds
from digest.section import section as sections
from digest.section.section import Section
from digest.text import markdown
from digest.text.anchors import slug
from tests.github_markdown import Judged

BOUNDS = Bounds(datetime(2026, 2, 1, tzinfo=UTC))
# A keyword's heading is one line of something to see, and none stands twice.
HEADINGS = st.lists(st.text(min_size=1).map(markdown.visible).filter(bool), min_size=1, max_size=6, unique=True)


def anchors(page: str) -> list[str]:
    """The anchors of all headings on a page, as GitHub numbers them: https://github.com/gjtorikian/html-pipeline"""
    found: list[str] = []
    for part in Judged(page).of("h2"):
        number, anchor = 0, slug(part.text)
        while anchor in found:
            number += 1
            anchor = f"{slug(part.text)}-{number}"
        found.append(anchor)
    return found


@given(HEADINGS, st.lists(st.sampled_from(["Alpha", "Beta", "alpha 1", "C#"]), max_size=3))
def test_each_line_leads_to_its_heading_and_shows_it_whatever_letters_it_has(
    named: list[str], above: list[str]
) -> None:
    before = "".join(f"## {heading}\n\n" for heading in above)
    made = contents([(heading, number, "") for number, heading in enumerate(named)], taken_above(before))
    page = f"{before}{made}\n\n" + "\n\n".join(f"## {markdown.heading(heading)}" for heading in named)

    judged = Judged(page)
    items = judged.of("li")
    shown = [part.text for part in judged.of("h2")]
    assert [unquote(part.links[0][0]) for part in items] == [f"#{one}" for one in anchors(page)[len(above) :]]
    assert [part.text for part in items] == [f"{text} ({number})" for number, text in enumerate(shown[len(above) :])]
    assert all(len(part.links) == 1 for part in items)


def test_headings_that_a_template_writes_are_counted() -> None:
    made = contents([("Alpha", 1, "### Beta\n\ntext"), ("Beta", 2, "")], frozenset())
    assert made == "- [Alpha](#alpha) (1)\n- [Beta](#beta-1) (2)"


@given(HEADINGS)
def test_it_is_read_as_it_was_written(named: list[str]) -> None:
    made = contents([(heading, 7, "") for heading in named], frozenset())
    section = Section("2026-01-09", contents=made)
    assert sections.read(sections.write("daily-papers", section), "daily-papers", BOUNDS) == section
