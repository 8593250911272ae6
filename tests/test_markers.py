"""Where a section stands: markers shown as code are text, as GitHub's own parser has it, and nothing else hides one."""

from __future__ import annotations

import pytest
from cmarkgfm import cmark
from hypothesis import given
from hypothesis import strategies as st

from digest.section.markers import markers

START, END = "<!-- mine:start -->", "<!-- mine:end -->"
SHOWN = f"{START}\n{END}"


def quoted(text: str, prefix: str) -> str:
    return "\n".join(prefix + line for line in text.split("\n"))


CODE = {
    "a fence": f"```\n{SHOWN}\n```",
    "a fence with a language": f"```html\n{SHOWN}\n```",
    "tildes": f"~~~\n{SHOWN}\n~~~",
    "a long fence around a short one": f"````md\n```\n{SHOWN}\n```\n````",
    "tildes around backticks": f"~~~\n```\n{SHOWN}\n~~~",
    "an indented fence": f"   ```\n{SHOWN}\n  ```",
    "a fence in a list": "1. Put this in:\n\n" + quoted(f"```html\n{SHOWN}\n```", "    "),
    "a fence that begins an item": "- ```html\n" + quoted(f"{SHOWN}\n```", "  "),
    "a fence in a list that nobody closed": "1. first\n\n" + quoted(f"```html\n{SHOWN}", "    "),
    "a fence in a list of a list": "- a\n  - b\n\n" + quoted(f"```\n{SHOWN}\n```", "    "),
    "a fence in a quotation": quoted(f"```\n{SHOWN}\n```", "> "),
    "a fence in a quotation that nobody closed": quoted(f"```\n{SHOWN}", "> ") + "\n",
    "inline code": f"Between `{START}` and `{END}` stands the list.",
}
TEXT = {
    "nothing": "",
    "inline code in three backticks": "```not a fence```",
    "a fence that is closed": "```\ncode\n```",
    "a fence that nobody closes": "```\ncode",
    "a closing fence with a word behind it, which is none": "```\ncode\n``` no",
    "a closing fence that is too short": "````\ncode\n```",
    "a fence in a list that nobody closed": "- item\n  ```\n  code\n",
    "indented backticks": "text\n\n    ```\n\nmore",
    "an item with backticks": "- ```\n",
}


@pytest.mark.parametrize("code", CODE.values(), ids=CODE)
def test_markers_shown_as_code_are_text(code: str) -> None:
    assert "&lt;!--" in cmark.markdown_to_html(code, options=cmark.Options.CMARK_OPT_UNSAFE)
    text = f"# Mine\n\n{code}\n\n{SHOWN}\n"
    found, _ = markers(text, "mine")
    assert [(marker.kind, text[marker.begin : marker.end]) for marker in found] == [("start", START), ("end", END)]
    assert found[0].begin == text.rindex(START)


@pytest.mark.parametrize("text", TEXT.values(), ids=TEXT)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_what_stands_before_hides_no_marker(text: str, line_end: str) -> None:
    file = f"{text}\n{SHOWN}\n".replace("\n", line_end)
    lines = file.split("\n")
    found, _ = markers(file, "mine")
    assert [marker.kind for marker in found] == ["start", "end"]
    assert [lines[marker.line - 1].strip() for marker in found] == [START, END]


@pytest.mark.parametrize("row", ["```", "~~~~", "- ```", "> ~~~", "    ```"])
def test_what_stands_in_the_section_opens_no_code(row: str) -> None:
    assert [marker.kind for marker in markers(f"{START}\n{row}\n{END}\n\n{row}\n", "mine")[0]] == ["start", "end"]


@pytest.mark.parametrize("name", ["mine2", "mine:start", "MINE", "min", "ours"])
def test_another_section_is_another_section(name: str) -> None:
    assert markers(f"<!-- {name}:start -->\n<!-- {name}:end -->", "mine")[0] == []


@pytest.mark.parametrize("kinds", [("START", "END"), (" start", " end"), ("Start ", "end"), ("\tstart\t", "END")])
def test_markers_in_another_spelling_are_markers(kinds: tuple[str, str]) -> None:
    text = "\n".join(f"<!-- mine:{kind} -->" for kind in kinds)
    assert [marker.kind for marker in markers(text, "mine")[0]] == ["start", "end"]


pieces = st.sampled_from(
    ["```", "~~~", "````", "\n", "\n", "\n", "> ", "- ", "    ", "a", START, END, "`", " ", "\r\n"]
)


@given(st.lists(pieces, max_size=30).map("".join))
def test_every_marker_is_where_it_says(text: str) -> None:
    found, _ = markers(text, "mine")
    for marker in found:
        assert text[marker.begin : marker.end] == {"start": START, "end": END}[marker.kind]
        assert text[: marker.begin].count("\n") == marker.line - 1
    assert [marker.begin for marker in found] == sorted({marker.begin for marker in found})
