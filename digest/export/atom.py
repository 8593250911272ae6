"""The form `.xml`: a Collection -> bytes, an Atom feed of its newest papers: https://www.rfc-editor.org/rfc/rfc4287

An entry's id has no version, so that a reader does not show a revision as unread again; its `updated` tells of one.
Strangers' text is readable, and only ever text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from lxml import etree

from digest.export.json_file import moment
from digest.export.mark import GENERATOR
from digest.papers import identifier
from digest.text.markdown import visible
from digest.text.plain_text import clean

if TYPE_CHECKING:
    from digest.export.collection import Collection, Record

NEWEST = 100
_ATOM, _XHTML = "http://www.w3.org/2005/Atom", "http://www.w3.org/1999/xhtml"
# Without a prefix, which lxml names None and its types do not know.
_DEFAULT_ATOM, _DEFAULT_XHTML = cast("dict[str, str]", {None: _ATOM}), cast("dict[str, str]", {None: _XHTML})
_HOME = "https://github.com/OWNER/daily-papers"
# As arXiv's own feeds name its categories: https://info.arxiv.org/help/api/user-manual.html
_ARXIV_CATEGORIES = "http://arxiv.org/schemas/atom"


def write(collection: Collection, address: str) -> bytes:
    """The whole file. `address` is where the file will be, and what feed readers know the feed by: it must not change.

    The newest are those that arXiv announced last, which their identifiers tell.
    """
    newest = sorted(collection.papers.values(), key=lambda one: identifier(one.id), reverse=True)[:NEWEST]
    headings = [clean(one.heading) for one in collection.keywords]
    feed = etree.Element(f"{{{_ATOM}}}feed", nsmap=_DEFAULT_ATOM)
    _add(feed, "id", address)
    _add(feed, "title", headings[0] if len(headings) == 1 else GENERATOR)
    if len(headings) > 1:
        _add(feed, "subtitle", ", ".join(headings))
    _add(feed, "updated", max([f"{collection.updated}T00:00:00Z", *(moment(one.updated) for one in newest)]))
    _add(feed, "link", rel="self", type="application/atom+xml", href=address)
    # Of papers whose authors cannot be told.
    _add(_add(feed, "author"), "name", "arXiv")
    _add(feed, "generator", GENERATOR, uri=_HOME)
    for record in newest:
        _add_entry(feed, record)
    # Line by line, so that a change of the file shows what changed.
    etree.indent(feed, space="", level=0)
    return etree.tostring(feed, encoding="utf-8", xml_declaration=True) + b"\n"


def _add_entry(feed: etree._Element, record: Record) -> None:
    entry = _add(feed, "entry")
    _add(entry, "id", f"https://arxiv.org/abs/{record.id}")
    _add(entry, "title", visible(record.title) or f"arXiv:{record.id}")
    _add(entry, "updated", moment(record.updated))
    _add(entry, "published", moment(record.published))
    _add(entry, "link", rel="alternate", type="text/html", href=record.url)
    _add(entry, "link", rel="related", type="application/pdf", href=record.pdf, title="PDF")
    for link in record.code:
        _add(entry, "link", rel="related", href=link.url, title=link.kind)
    for name in filter(None, map(visible, record.authors)):
        _add(_add(entry, "author"), "name", name)
    for category in filter(None, map(clean, record.categories)):
        _add(entry, "category", term=category, scheme=_ARXIV_CATEGORIES)
    for keyword in filter(None, map(clean, record.keywords)):
        _add(entry, "category", term=keyword)
    _add_content(entry, record)


def _add_content(entry: etree._Element, record: Record) -> None:
    """The abstract, then what else a reader wants to see before a click."""
    content = _add(entry, "content", type="xhtml")
    div = etree.SubElement(content, f"{{{_XHTML}}}div", nsmap=_DEFAULT_XHTML)
    for text in (visible(record.abstract), visible(record.comment), visible(record.venue)):
        if text:
            etree.SubElement(div, f"{{{_XHTML}}}p").text = text
    if record.code:
        line = etree.SubElement(div, f"{{{_XHTML}}}p")
        for link in record.code:
            anchor = etree.SubElement(line, f"{{{_XHTML}}}a", href=link.url)
            anchor.text = link.kind
            anchor.tail = " "


def _add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    added = etree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    added.text = text
    return added
