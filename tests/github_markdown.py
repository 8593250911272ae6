"""GitHub as a judge: what readers see of a page or an issue, what its parser and its runner would make of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from cmarkgfm import cmark

EXTENSIONS = ["table", "autolink", "strikethrough", "tagfilter"]
# In text outside of links GitHub makes mentions, references, commits, emoji and formulas of these.
LINKED_BY_GITHUB = re.compile(
    r"(?<![A-Za-z0-9_])@[A-Za-z0-9]|#[0-9]|(?<![A-Za-z0-9])gh-[0-9]|:[+-]1:|:(?![\w+-]*(?:https?|ftp):)[a-z][a-z0-9_+-]*:"
    r"|(?<![A-Za-z0-9_])(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{7,40}(?![A-Za-z0-9_])",
    re.IGNORECASE,
)
REFERENCE = re.compile(
    r"https?://(?:www\.)?github\.com/+[^/]+/+[^/]+/+(?:issues|pull|commit|discussions)", re.IGNORECASE
)

IGNORED_BY_ICU = re.compile(
    "[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e0fff]"
)


def seen(text: str) -> str:
    """The text as it is seen: without the zero-width spaces that keep names from being mentions."""
    return " ".join(text.replace("\u200b", "").split())


@dataclass
class Part:
    """A cell of a table, an item of a list, a heading or a paragraph: its text and its links."""

    kind: str
    text: str = ""
    links: list[tuple[str, str]] = field(default_factory=list)


class Judged(HTMLParser):
    """What GitHub's parser makes of Markdown; its elements have to stand properly one in the other."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.parts: list[Part] = []
        self.rows: list[list[Part]] = []
        self.comments: list[str] = []
        self.tags: set[str] = set()
        self.outside: list[str] = [""]
        self._open: list[str] = []
        self._within: list[Part] = []
        options = cmark.Options.CMARK_OPT_UNSAFE | cmark.Options.CMARK_OPT_FOOTNOTES
        self.html = cmark.markdown_to_html_with_extensions(source, options=options, extensions=EXTENSIONS)
        self.feed(self.html)
        self.close()
        assert not self._open, f"not closed: {self._open}"

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        assert {name for name, _ in attributes} <= {"href"}, attributes
        self.tags.add(tag)
        self.outside.append("")
        if tag not in ("br", "hr", "img"):
            self._open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th", "li", "h2") or (tag == "p" and not self._within):
            self._within.append(Part(tag))
            self.parts.append(self._within[-1])
        if tag in ("td", "th"):
            self.rows[-1].append(self._within[-1])
        if tag == "a":
            self._within[-1].links.append((attributes[0][1] or "", ""))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag
        self.outside.append("")
        if self._within and self._within[-1].kind == tag and tag not in self._open:
            self._within.pop()

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def handle_data(self, data: str) -> None:
        if "a" in self._open:
            address, text = self._within[-1].links.pop()
            self._within[-1].links.append((address, text + data))
        else:
            self.outside[-1] += data
        for part in self._within:
            part.text += data

    def of(self, kind: str) -> list[Part]:
        return [part for part in self.parts if part.kind == kind]

    def judge(self, allowed: set[str]) -> None:
        """No element but the allowed ones, and nothing that GitHub or a browser would act on."""
        assert self.tags <= allowed, self.tags - allowed
        for text in self.outside:
            assert not LINKED_BY_GITHUB.search(text), text
            assert "$" not in text or text == "$", f"may be taken for a formula: {text}"
        for part in self.parts:
            for address, _ in part.links:
                assert address.lower().startswith(("http://", "https://")), address
                assert not REFERENCE.match(address), address


def commands(log: str) -> list[str]:
    """The commands that the runner reads in a log, as its ActionCommandManager does: none while it is told to stop.

    It compares as ICU does: what is ignored there, such as a zero-width space, hides nothing from it.
    """
    found, stopped = [], ""
    for line in re.split(r"\r\n|\r|\n", IGNORED_BY_ICU.sub("", log)):
        if stopped:
            stopped = "" if line.strip() == f"::{stopped}::" else stopped
            continue
        new, old = re.match(r"\s*::([\w-]+)(?: [^:]*)?::(.*)", line), re.search(r"##\[([\w-]+)", line)
        if new and new[1] == "stop-commands":
            stopped = new[2]
        elif new or old:
            found.append((new or old)[1])  # type: ignore[index]
    return found
