"""What git's own words say of a content: digest/git.py."""

from __future__ import annotations

from difflib import unified_diff

from hypothesis import given
from hypothesis import strategies as st

from digest.git import undone

LINES = st.lists(st.sampled_from(["", "a", "b", "+a", "-b", "@@ -1 +1 @@", "\r", "ü"]), max_size=12)


def patch(before: list[str], after: list[str]) -> str:
    """As GitHub shows it: without the lines before the first hunk."""
    return "\n".join(list(unified_diff(before, after, lineterm=""))[2:])


def content(lines: list[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


class TestAPatchUndone:
    @given(LINES, LINES)
    def test_gives_what_was_there_before(self, before: list[str], after: list[str]) -> None:
        assert undone(patch(before, after), content(after)) == content(before)

    def test_does_so_at_an_end_without_a_line_feed(self) -> None:
        shown = "@@ -1,2 +1,2 @@\n a\n-b\n+c\n\\ No newline at end of file"

        assert undone(shown, b"a\nc") == b"a\nb"

    def test_fits_no_other_content(self) -> None:
        assert undone("@@ -1,2 +1,2 @@\n a\n-b\n+c", b"a\nd\n") is None
        assert undone("@@ -7 +7,2 @@\n a\n+c", b"a\n") is None
        assert undone("@@ -1 +1,2 @@\n a\n+\ufffd", b"a\n\xff\n") is None
