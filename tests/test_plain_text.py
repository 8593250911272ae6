"""`digest.text.plain_text`: one line, titles, messages and log lines that notify nobody and command nothing."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings

from digest.text.plain_text import clean, commit_message, issue_title, log_line, shorten
from tests.github_markdown import seen
from tests.test_markdown import texts


@settings(max_examples=400, deadline=None)
@given(texts)
def test_cleaning(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert cleaned.splitlines() == [cleaned][: len(cleaned)]
    cleaned.encode()


@settings(max_examples=400, deadline=None)
@given(texts)
def test_plain_texts_notify_nobody(text: str) -> None:
    title, line = issue_title(text * 3), log_line(text)
    for plain in (title, commit_message(text)):
        assert not re.search(r"(?<![A-Za-z0-9_])@[A-Za-z0-9]|#[0-9]|\bgh-[0-9]", plain, re.IGNORECASE | re.ASCII)
    assert len(title.encode("utf-16-le")) <= 512
    assert not line.lstrip().startswith("::")
    assert "##[" not in line
    assert seen(line) == clean(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" a\r\n\tb\u2028c\xa0\u3000d\x0b ", "a b c d"),
        ("a\u202eb\u2066c\u200bd\ufeff\0e\ud800\ufffe\U000e0041", "abcde"),
        (
            "e\u0301 \u0915\u094d\u200d\u0937 👨\u200d👩\u200d👧 ja\u200dva",
            "e\u0301 \u0915\u094d\u200d\u0937 👨\u200d👩\u200d👧 java",
        ),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("Z" + "\u0351\u036b\u0343\u032a" * 9 + " \u1f84", "Z\u0351\u036b\u0343 \u1f84"),
        ("\u03b1\u0313\u0301\u0345", "\u03b1\u0313\u0301\u0345"),
    ],
)
def test_clean(text: str, expected: str) -> None:
    assert clean(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10 pages", "10 pa"),
        ("Code at x", "Code "),
        ("abcd👨\u200d👩\u200d👧x", "abcd👨\u200d👩\u200d👧"),
        ("🇩🇪🇫🇷🇮🇹🇪🇸🇵🇱🇳🇱", "🇩🇪🇫🇷🇮🇹🇪🇸🇵🇱"),
        ("e\u0301" * 9, "e\u0301" * 5),
    ],
)
def test_shorten(text: str, expected: str) -> None:
    assert shorten(text, 5) == expected


def test_issue_title_is_cut_between_characters() -> None:
    assert issue_title("Daily papers: 10% of R&D in C#, x_y") == "Daily papers: 10% of R&D in C#, x_y"
    assert issue_title("x" * 256) == "x" * 256
    assert issue_title("x" * 257) == "x" * 255 + "…"
    assert issue_title("😀" * 200) == "😀" * 127 + "…"
    assert issue_title("fixes #1, @bob") == "fixes #\u200b1, @\u200bbob"


def test_commit_message_keeps_lines_and_addresses() -> None:
    text = "Update [skip ci]\r\n\r\n  - fixes #1\nCo-authored-by: Bob <bob@a.org>\n"
    assert commit_message(text) == "Update [skip ci]\n\n  - fixes #\u200b1\nCo-authored-by: Bob <bob@a.org>"
    assert "github.com" not in commit_message("closes www.github.com/a/b/issues/1")
    assert "github.com" not in commit_message("closes https://github.com/a/b/issues/1")


def test_log_line_is_no_command() -> None:
    assert log_line(" ::error::x") == ":\u200b:error::x"
    assert log_line("x ##[error]y") == "x #\u200b#[error]y"
