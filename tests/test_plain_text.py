"""`digest.text.plain_text`: one line, titles, messages and log lines that notify nobody and command nothing."""

from __future__ import annotations

import re
from typing import Literal
from unicodedata import normalize

import pytest
from hypothesis import given, settings

from digest.text.plain_text import clean, commit_message, issue_title, log_line, shorten, without_commands
from tests.github_markdown import commands
from tests.test_markdown import texts

ENGLAND = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"


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
    assert not commands(f"{line}\n{without_commands(text)}")
    assert line.replace(" ", "") == clean(text).replace(" ", "")


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
        (ENGLAND * 6, ENGLAND * 5),
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


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (" ::error::x", ": :error::x"),
        ("x ##[error]y", "x # #[error]y"),
        ("###[group]", "## #[group]"),
        ("#\u200b#[a] #\u00ad#\u2060[b]", "# #[a] # #[b]"),
        (":\ufeff:set-env name=x::y", ": :set-env name=x::y"),
        ("a::b #1 [c]", "a::b #1 [c]"),
    ],
)
def test_log_line_is_no_command(text: str, line: str) -> None:
    assert log_line(text) == line


def test_lines_without_commands_stay_lines() -> None:
    assert without_commands("a\n  ::error::x\r\nb ##[c]") == "a\n  : :error::x\r\nb # #[c]"


WORDS = f"""
สวัสดีครับ ที่นี่ ผู้ใหญ่ น้ำ བཀྲ་ཤིས་བདེ་ལེགས། བསྒྲུབས ཧྐྵྨླྺཱྃ བְּרֵאשִׁ֖ית יְרוּשָׁלִַ֫ם हिन्दी
क्ष्म्य ज़्यादा بِسْمِ ٱلرَّحْمَٰنِ اَلسَّلَامُ ကျွန်ုပ် ភាសាខ្មែរ ស្រ្តី தமிழ் മലയാളം ພາສາລາວ ấ ṩ
x̂ 한국어 日本語が ﷺ میخواهم ᠮᠣᠩᠭᠣᠯ
👨\u200d👩\u200d👧 ❤\ufe0f ☎\ufe0e 1\ufe0f\u20e3 #\ufe0f\u20e3 🇩🇪 ©\ufe0f 👩🏽\u200d⚕\ufe0f
🏳\ufe0f\u200d🌈 {ENGLAND} ශ්\u200dරී می\u200cخواهم
""".split()


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_words_and_emoji_stay_whole(word: str, form: Literal["NFC", "NFD"]) -> None:
    written = normalize(form, word)
    assert clean(f"a {written} b") == f"a {written} b"


@pytest.mark.parametrize("mark", "้ུ֑̀҈॑ິᫀؕ⃠〪︠ྐ𑌁𞣐")
def test_no_mark_stands_on_itself(mark: str) -> None:
    assert clean(f"1{mark * 60}2") == f"1{mark}2"
    # Neither do joiners part it from its letter, nor what is invisible.
    assert clean("1" + f"{mark}\u200d" * 60 + "2").replace("\u200d", "") == f"1{mark}2"
    assert clean("1" + f"{mark}\u2060" * 60 + "2") == f"1{mark}2"


@pytest.mark.parametrize(
    ("first", "last", "most"), [(0x300, 0x36F, 3), (0x591, 0x5BD, 5), (0xE47, 0xE4E, 3), (0xF90, 0xFBC, 7)]
)
def test_no_letter_has_more_marks_than_a_language_sets(first: int, last: int, most: int) -> None:
    assert len(clean("x" + "".join(map(chr, range(first, last + 1))))) <= 1 + most


@pytest.mark.parametrize(
    "character",
    "\u00ad\u034f\u115f\u1160\u17b4\u180b\u180e\u200c\u200d\u200e\u2065\u2800\u3164\ufe00\ufe0e\ufe0f\uffa0\ufff0\ufffc\U0001d159\U00013430\U00013441\U0001bca0\U000e0041\U000e0101\U000e0fff",
)
def test_what_shows_nothing_is_dropped(character: str) -> None:
    assert clean(character * 9) == ""
    assert clean(f"a{character}b").replace(" ", "") == "ab"
