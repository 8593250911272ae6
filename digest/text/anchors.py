"""The anchors of headings on GitHub: https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#section-links

A heading's text in small letters, without punctuation, with a hyphen for each blank; where an anchor is taken already,
the next free number stands behind it. Letters of every script are kept.
"""

from __future__ import annotations

import re
from html import unescape
from itertools import count
from typing import TYPE_CHECKING
from unicodedata import category

if TYPE_CHECKING:
    from collections.abc import Iterator

# Letters and marks, digits, letters that are numbers (Ⅳ) and what joins words; so says Unicode of \p{Word} in Ruby.
_WORD = {"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "Pc"}
_CIRCLED_LETTER = re.compile("[\u24b6-\u24e9\U0001f130-\U0001f149\U0001f150-\U0001f169\U0001f170-\U0001f189]")
_NO_TEXT = re.compile(
    r"^ {0,3}(`{3,}|~{3,}).*?(?:^ {0,3}\1[`~]*[ \t]*$|\Z)|<!--.*?(?:-->|\Z)", re.MULTILINE | re.DOTALL
)
_HEADING = re.compile(
    r"^ {0,3}#{1,6}(?P<hashes>(?:[ \t].*)?)$"
    r"|^ {0,3}(?P<underlined>[^\s#>|<-].*)\n {0,3}(?:=+|-+)[ \t]*$"
    r"|<h[1-6]\b[^<>]*>(?P<element>(?:[^<]|<(?!/?h[1-6]\b))*)</h[1-6]>",
    re.MULTILINE,
)
_IMAGE_OR_TAG = re.compile(r"!\[[^\[\]]*\]\([^()]*\)|<[^<>]*>")
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")
_EMPHASIS = re.compile(r"(?<![\w\\])(_{1,3})(?=\S)((?:[^_\\]|\\.)+)(?<=\S)\1(?!\w)")
_ESCAPE = re.compile(r"\\(?=[!-/:-@\[-`{-~])")


def slug(text: str) -> str:
    """The anchor of a heading that shows this text, before it is told from others of the same name."""
    # Letter by letter: in no place is a sigma the last one.
    kept = (c.lower() for c in text if c in " -" or category(c) in _WORD or _CIRCLED_LETTER.match(c))
    return "".join(kept).replace(" ", "-")


def free(anchor: str, taken: set[str]) -> str:
    """The anchor, or it with the first number that no heading above has; it is taken from now on."""
    numbered = (f"{anchor}-{number}" if number else anchor for number in count())
    found = next(one for one in numbered if one not in taken)
    taken.add(found)
    return found


def headings(markdown: str) -> Iterator[str]:
    """The texts of a document's headings, in order, as far as they can be told without a parser.

    Those in code are none. Of what stands in a heading, links, images, tags, entities, escapes and `_` are read.
    """
    for found in _HEADING.finditer(_NO_TEXT.sub("", markdown)):
        text = found["element"]
        if text is None:
            text = (found["underlined"] or _without_closing(found["hashes"])).strip()
        yield unescape(_ESCAPE.sub("", _EMPHASIS.sub(r"\2", _LINK.sub(r"\1", _IMAGE_OR_TAG.sub("", text)))))


def _without_closing(text: str) -> str:
    opened = text.rstrip()
    bare = opened.rstrip("#")
    return bare if not bare or bare[-1] in " \t" else opened
