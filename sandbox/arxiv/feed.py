"""The form of arXiv's answers as of April 2026: a feed of entries, and the feed with one entry that tells an error.

Elements and attributes stand in the recorded answers' order.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sandbox.recorded import Entry

_HEAD = """<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom"\
 xmlns="http://www.w3.org/2005/Atom">
"""
_SCHEME = "http://arxiv.org/schemas/atom"
# Characters that werkzeug leaves as they are in an address.
_SAFE = "!$'()*,/:;?@"


@dataclass(frozen=True)
class Page:
    """One page of what was found, and the parameters that asked for it."""

    params: Mapping[str, str] = field(default_factory=dict)
    search_query: str = ""
    id_list: str = ""
    start: int = 0
    size: int = 10
    found: Sequence[Entry] = ()

    @property
    def entries(self) -> list[Entry]:
        return list(self.found[self.start : self.start + self.size])

    def but(self, found: Sequence[Entry]) -> Page:
        return replace(self, found=found)

    def feed(self, *, entries: Sequence[Entry] | None = None, total: int | None = None) -> bytes:
        """The answer's body; `entries` and `total` put other ones in place of the true ones."""
        shown = self.entries if entries is None else entries
        asked = f"search_query={self.search_query}&id_list={self.id_list}&start={self.start}&max_results={self.size}"
        digest = base64.b64encode(hashlib.sha1(asked.encode(), usedforsecurity=False).digest()).decode()[:-1]
        link = urlencode(
            {
                "search_query": self.search_query,
                "start": self.start,
                "max_results": self.size,
                "id_list": self.id_list,
            },
            safe=_SAFE,
        )
        lines = [
            _tag("id", f"https://arxiv.org/api/{digest}", 1),
            _tag("title", f"arXiv Query: {asked}", 1),
            _tag("updated", moment(datetime.now(UTC)), 1),
            f'  <link href="https://arxiv.org/api/query?{_attribute(link)}" type="application/atom+xml"/>\n',
            *_counts(self.size, len(self.found) if total is None else total, self.start),
            *(entry_xml(entry) for entry in shown),
        ]
        return (_HEAD + "".join(lines) + "</feed>\n").encode()


def error_feed(sentence: str, anchor: str = "") -> bytes:
    now = moment(datetime.now(UTC))
    address = "https://arxiv.org/api/errors" + (f"#{anchor}" if anchor else "")
    lines = [
        _tag("id", "https://arxiv.org/", 1),
        _tag("title", "arXiv Search Results", 1),
        _tag("updated", now, 1),
        *_counts(1, 1, 0),
        "  <entry>\n",
        _tag("id", address),
        _tag("title", "Error"),
        _tag("updated", now),
        f'    <link href="{_attribute(address)}" rel="alternate" type="text/html"/>\n',
        _tag("summary", sentence),
        _author("arXiv api core"),
        "  </entry>\n",
    ]
    return (_HEAD + "".join(lines) + "</feed>\n").encode()


def entry_xml(entry: Entry) -> str:
    page, pdf = (f"https://arxiv.org/{kind}/{entry.id}" for kind in ("abs", "pdf"))
    lines = [
        "  <entry>\n",
        _tag("id", f"http://arxiv.org/abs/{entry.id}"),
        _tag("title", entry.title),
        _tag("updated", moment(entry.updated)),
        f'    <link href="{page}" rel="alternate" type="text/html"/>\n',
        f'    <link href="{pdf}" rel="related" type="application/pdf" title="pdf"/>\n',
        _tag("summary", entry.abstract),
        *(f'    <category term="{category}" scheme="{_SCHEME}"/>\n' for category in entry.categories),
        _tag("published", moment(entry.published)),
        _tag("arxiv:comment", entry.comment) if entry.comment else "",
        f'    <arxiv:primary_category term="{entry.categories[0]}"/>\n',
        _tag("arxiv:journal_ref", entry.journal) if entry.journal else "",
        *(_author(name) for name in entry.authors),
    ]
    if entry.doi:
        address = _attribute(f"https://doi.org/{entry.doi}")
        lines += [_tag("arxiv:doi", entry.doi), f'    <link rel="related" href="{address}" title="doi"/>\n']
    return "".join(lines) + "  </entry>\n"


def moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _counts(size: int, total: int, start: int) -> list[str]:
    values = {"itemsPerPage": size, "totalResults": total, "startIndex": start}
    return [_tag(f"opensearch:{name}", str(value), 1) for name, value in values.items()]


def _tag(name: str, text: str, depth: int = 2) -> str:
    return f"{'  ' * depth}<{name}>{escape(text)}</{name}>\n"


def _attribute(text: str) -> str:
    return escape(text, {'"': "&quot;"})


def _author(name: str) -> str:
    return f"    <author>\n{_tag('name', name, 3)}    </author>\n"
