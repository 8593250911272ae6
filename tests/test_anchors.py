"""Anchors: what GitHub makes of a heading's text, which is taken where two are alike, and which headings a text has."""

from __future__ import annotations

import re
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text import markdown
from digest.text.anchors import free, headings, slug
from tests.github_markdown import Judged

# As GitHub was seen to make them of headings like these.
SEEN = {
    "Video Anomaly Detection": "video-anomaly-detection",
    "bravoCharlieDelta": "bravocharliedelta",
    "__proto__": "__proto__",
    "heading with a - dash": "heading-with-a---dash",
    "exchange.bind_headers(exchange, routing [, bindCallback])": "exchangebind_headersexchange-routing--bindcallback",
    "I ♥ unicode": "i--unicode",
    "en–dash": "endash",
    "😄 - an emoji": "---an-emoji",
    ":ok_hand: Single": "ok_hand-single",
    "Привет non-latin 你好": "привет-non-latin-你好",
    "視訊異常偵測": "視訊異常偵測",
    "Ⅳ Ⓐ ① x² ٣": "ⅳ-ⓐ--x-٣",
    "ΑΣ Ǆ": "ασ-ǆ",
    "C++": "c",
    "हिन्दी": "हिन्दी",
    "???": "",
}


@pytest.mark.parametrize(("text", "anchor"), SEEN.items())
def test_an_anchor_is_what_github_makes_of_the_text(text: str, anchor: str) -> None:
    assert slug(text) == anchor


@given(st.text())
def test_an_anchor_has_letters_digits_and_hyphens_of_any_script_and_nothing_that_ends_a_link(text: str) -> None:
    made = slug(text)
    assert not re.search(r"[\s()<>\\{}`*\[\]!#]", made)
    letters = [c for c in text if category(c)[0] == "L"]
    assert sum(category(c)[0] == "L" for c in made) >= len(letters)


def test_where_two_are_alike_the_second_has_the_next_number_that_no_other_has() -> None:
    taken: set[str] = set()
    named = ["echo", "echo", "echo-1", "echo-1", "echo", "foxtrot-1", "foxtrot", "foxtrot", ""]
    assert [free(name, taken) for name in named] == [
        "echo", "echo-1", "echo-1-1", "echo-1-2", "echo-2", "foxtrot-1", "foxtrot", "foxtrot-2", "",
    ]  # fmt: skip


DOCUMENT = r"""---
layout: default
---
# Papers of *our* group ##
text # none
#none
   ###### `code` and **[a link](https://a.org)** &amp; _more_
#
Under
lined
===
and this
---
<h1 align="center"><img src="x.png">Centred <b>one</b></h1>

- item
---
| a |
| --- |
```md
# In code
~~~
```
<!-- # In a comment
## and another -->
~~~
# never closed
"""


def test_the_headings_of_a_text_are_those_that_github_shows() -> None:
    assert list(headings(DOCUMENT)) == [
        "layout: default",
        "Papers of *our* group",
        "`code` and **a link** & more",
        "",
        "lined",
        "and this",
        "Centred one",
    ]


@given(st.lists(st.text(max_size=20), max_size=4))
def test_a_heading_that_we_wrote_is_read_as_what_its_readers_see(texts: list[str]) -> None:
    """As GitHub's parser shows it, which is what it makes the anchor of."""
    page = "\n\n".join(f"## {markdown.heading(text)}" for text in texts)
    shown = [part.text for part in Judged(page).of("h2")]
    assert [slug(text) for text in headings(page)] == [slug(text) for text in shown]
    assert [slug(text) for text in shown] == [slug(markdown.visible(text)) for text in texts]


@pytest.mark.parametrize("text", ["<h1>", "<h1 ", "<!--", "```\n", "# [(", "# _", "a\n-", "# <"])
def test_a_text_that_looks_like_many_headings_is_read_in_no_time(text: str) -> None:
    assert len(list(headings(text * 30_000))) <= 30_000
