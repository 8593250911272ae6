"""The form `.xml`: feedparser reads what was written, RFC 4287 allows it, and strangers' text is only text."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import feedparser
import pytest
from hypothesis import given
from lxml import etree

from digest.export.atom import write
from digest.text.markdown import visible
from tests.collections import COLLECTIONS, FULL, MANY_AUTHORS, OLD, collection, collections, record

if TYPE_CHECKING:
    from digest.export.collection import Collection

ADDRESS = "https://octo.github.io/papers/feed.xml"
ATOM, XHTML = "{http://www.w3.org/2005/Atom}", "{http://www.w3.org/1999/xhtml}"
# What RFC 4287, appendix B, lets stand in each element, and how often: 1 once, 2 once at most, 3 ever so often.
CHILDREN = {
    "feed": {"id": 1, "title": 1, "updated": 1, "subtitle": 2, "generator": 2, "link": 3, "author": 3, "entry": 3},
    "entry": {"id": 1, "title": 1, "updated": 1, "published": 2, "content": 2, "link": 3, "author": 3, "category": 3},
    "author": {"name": 1},
}
ATTRIBUTES = {
    "link": {"href", "rel", "type", "title"},
    "category": {"term", "scheme"},
    "generator": {"uri"},
    "content": {"type"},
}
MOMENT = re.compile(r"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z")


def judge(content: bytes) -> etree._Element:
    """The feed, which holds what RFC 4287 wants and nothing else."""
    feed = etree.fromstring(content, etree.XMLParser(resolve_entities=False, huge_tree=True))
    assert feed.tag == f"{ATOM}feed"
    assert not list(feed.iter(etree.Comment, etree.ProcessingInstruction))
    for element in feed.iter(f"{ATOM}*"):
        name = str(element.tag).removeprefix(ATOM)
        children = [str(child.tag).removeprefix(ATOM) for child in element]
        if name == "content":
            assert (element.get("type"), [child.tag for child in element]) == ("xhtml", [f"{XHTML}div"])
            continue
        assert set(children) <= CHILDREN.get(name, {}).keys(), name
        for child, often in CHILDREN.get(name, {}).items():
            assert often == 3 or children.count(child) <= 1, (name, child)
            assert often != 1 or children.count(child) == 1, (name, child)
        assert set(element.attrib) <= ATTRIBUTES.get(name, set()), name
        assert name not in ("updated", "published") or MOMENT.fullmatch(element.text or "")
        assert name not in ("id", "name", "title") or (element.text or "").strip()
    assert {str(element.tag) for element in feed.iter(f"{XHTML}*")} <= {f"{XHTML}{tag}" for tag in ("div", "p", "a")}
    ids = [element.text for element in feed.iter(f"{ATOM}id")]
    assert len(set(ids)) == len(ids)
    assert all(entry.find(f"{ATOM}link[@rel='alternate']") is not None for entry in feed.iter(f"{ATOM}entry"))
    assert feed.find(f"{ATOM}author") is not None
    assert feed.find(f"{ATOM}link[@rel='self']").get("href") == ADDRESS  # type: ignore[union-attr]
    return feed


def test_a_feed_word_for_word() -> None:
    assert write(collection([FULL]), ADDRESS).decode("utf-8") == (
        "<?xml version='1.0' encoding='utf-8'?>\n"
        '<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f"<id>{ADDRESS}</id>\n"
        "<title>Alpha</title>\n"
        "<updated>2026-03-05T00:00:00Z</updated>\n"
        f'<link rel="self" type="application/atom+xml" href="{ADDRESS}"/>\n'
        "<author>\n<name>arXiv</name>\n</author>\n"
        '<generator uri="https://github.com/OWNER/daily-papers">Daily Papers</generator>\n'
        "<entry>\n"
        "<id>https://arxiv.org/abs/2510.22693</id>\n"
        "<title>Title of 2510.22693</title>\n"
        "<updated>2025-10-18T18:13:00Z</updated>\n"
        "<published>2025-10-16T18:13:00Z</published>\n"
        '<link rel="alternate" type="text/html" href="https://arxiv.org/abs/2510.22693v3"/>\n'
        '<link rel="related" type="application/pdf" href="https://arxiv.org/pdf/2510.22693v3" title="PDF"/>\n'
        '<link rel="related" href="https://github.com/octo/papers" title="Code"/>\n'
        '<link rel="related" href="https://octo.github.io/x" title="Page"/>\n'
        "<author>\n<name>Grace Kim</name>\n</author>\n<author>\n<name>Łukasz Wójcik</name>\n</author>\n"
        '<category term="cs.CV" scheme="http://arxiv.org/schemas/atom"/>\n'
        '<category term="cs.LG" scheme="http://arxiv.org/schemas/atom"/>\n'
        '<category term="Alpha"/>\n'
        '<content type="xhtml">\n<div xmlns="http://www.w3.org/1999/xhtml">\n'
        "<p>About 2510.22693.</p>\n<p>12 pages, accepted at CVPR 2026</p>\n<p>CVPR 2026 · oral</p>\n"
        '<p>\n<a href="https://github.com/octo/papers">Code</a>\n<a href="https://octo.github.io/x">Page</a>\n</p>\n'
        "</div>\n</content>\n</entry>\n</feed>\n"
    )


@pytest.mark.parametrize("name", COLLECTIONS)
def test_feedparser_reads_every_entry(name: str) -> None:
    content = write(COLLECTIONS[name], ADDRESS)
    judge(content)
    read = feedparser.parse(content)
    assert not read.bozo
    assert read.version == "atom10"
    assert len(read.entries) == min(len(COLLECTIONS[name].papers), 100)
    for entry in read.entries:
        one = COLLECTIONS[name].papers[entry.id.removeprefix("https://arxiv.org/abs/")]
        assert entry.link == one.url
        assert [author.name for author in entry.get("authors", [])] == [
            name for name in map(visible, one.authors) if name
        ] or one.authors == ()


@given(collections)
def test_strangers_text_is_text(made: Collection) -> None:
    feed = judge(write(made, ADDRESS))
    for entry in feed.iter(f"{ATOM}entry"):
        one = made.papers[str(entry.findtext(f"{ATOM}id")).removeprefix("https://arxiv.org/abs/")]
        assert entry.findtext(f"{ATOM}title") == (visible(one.title) or f"arXiv:{one.id}")
        said = [paragraph.text for paragraph in entry.iter(f"{XHTML}p")]
        assert said == list(filter(None, (visible(one.abstract), visible(one.comment), visible(one.venue))))


def test_the_newest_hundred_by_identifier() -> None:
    papers = [record(f"2603.{number:05}") for number in range(1, 103)]
    revised = replace(papers[0], version=9, updated=papers[-1].updated.replace(year=2027))
    entries = feedparser.parse(write(collection([revised, *papers[1:]], [OLD]), ADDRESS)).entries
    assert [entry.id[-5:] for entry in entries] == [f"{number:05}" for number in range(102, 2, -1)]


def test_a_revision_is_the_same_entry_updated() -> None:
    first, second = (
        feedparser.parse(write(collection([record("2603.00001", version)]), ADDRESS)).entries[0] for version in (1, 2)
    )
    assert first.id == second.id == "https://arxiv.org/abs/2603.00001"
    assert (first.published, first.link[-2:], second.link[-2:]) == (second.published, "v1", "v2")
    assert first.updated < second.updated


def test_the_feed_is_as_new_as_its_newest_entry() -> None:
    later = record("2604.00001")
    assert feedparser.parse(write(collection([later]), ADDRESS)).feed.updated == f"{later.updated:%Y-%m-%dT%H:%M:%SZ}"


def test_three_thousand_authors_and_old_identifiers() -> None:
    many, old = feedparser.parse(write(collection([OLD, MANY_AUTHORS]), ADDRESS)).entries
    assert len(many.authors) == 3303
    assert (old.id, old.link) == (f"https://arxiv.org/abs/{OLD.id}", OLD.url)
