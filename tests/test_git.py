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

    def test_is_not_told_where_it_does_not_show_which_bytes_were_taken_away(self) -> None:
        """GitHub shows what is not UTF-8 as U+FFFD; an editor may have put just that in its place."""
        for lost in ("\ufffd", "\ud800"):
            assert undone(f"@@ -1,2 +1,2 @@\n a\n-{lost}\n+\ufffd", "a\n\ufffd\n".encode()) is None
            assert undone(f"@@ -1,2 +1 @@\n a\n-{lost}", b"a\n") is None

    def test_is_not_told_where_its_hunks_are_none(self) -> None:
        for hunk in (
            f"@@ -1 +{'9' * 5000} @@",
            "@@ -9 +9 @@\n-a",
            "@@ -2 +2 @@\n b\n@@ -1 +1 @@\n a",
            "a",
            "@@ -1 +1,2 @@\n a\n\n+",
        ):
            assert undone(hunk, b"a\nb\n\n") is None, hunk
