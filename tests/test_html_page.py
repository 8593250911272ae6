"""The HTML page, judged by a strict parser: what it shows, and that nothing in it acts or loads but what is ours."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.columns.code_links import CodeLink
from digest.export.collection import Collection, KeywordList, Record
from digest.export.html_page import write
from digest.export.mark import HTML_MARK
from digest.text.markdown import visible
from tests.test_markdown import texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from xml.etree.ElementTree import Element

DAY = datetime(2026, 3, 12, 9, 30, tzinfo=UTC)
HOSTILE = (
    "</script><script>alert(1)</script>",
    "<script>alert(1)",
    "<!--",
    "--><img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "</style><style>*{display:none}",
    "</template></article></main>",
    "{{ 7 * 7 }} {% raw %} {# x #}",
    "&lt;b&gt; &amp; &#60;i&#62; &copy",
    "<![CDATA[x]]> <?php x ?>",
    "javascript:alert(1) data:text/html,x http://a.org ftp://a.org //a.org",
    "\u202egnp.exe \u200b\0\x1b",
)


def record(id_: str = "2603.00001", **fields: Any) -> Record:
    made = Record(id_, 1, f"Title of {id_}", ("Ada Lovelace",), DAY, DAY, ("cs.CV",), ("Alpha",))
    return replace(made, **fields)


def collection(records: Sequence[Record], *headings: str, updated: str = "2026-03-13") -> Collection:
    """All of them below the first heading."""
    ids = tuple(record.id for record in records)
    lists = [KeywordList(heading, f'all:"{heading}"', () if place else ids) for place, heading in enumerate(headings)]
    return Collection(updated, tuple(lists), {record.id: record for record in records})


OURS = frozenset(
    re.findall(
        r"\w+",
        "html head meta title style body a header h1 p time div label input kbd fieldset legend span small details "
        "summary dl dt dd bdi script main section h2 article h3 ul li footer template button b svg path circle",
    )
)


class Parsed:
    """The page by its elements; ParseError where any of it is no valid HTML."""

    def __init__(self, page: bytes) -> None:
        parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
        self.root: Element = parser.parse(page, transport_encoding="utf-8")

    def all(self, tag: str, class_: str = "", root: Element | None = None) -> list[Element]:
        """The elements of that kind in order, below `root`."""
        found = (self.root if root is None else root).iter(tag)
        return [element for element in found if not class_ or class_ in element.get("class", "").split()]

    def one(self, tag: str, class_: str = "", root: Element | None = None) -> Element:
        (found,) = self.all(tag, class_, root)
        return found

    @property
    def cards(self) -> list[Element]:
        return self.all("article")

    @property
    def policy(self) -> dict[str, str]:
        (meta,) = [meta for meta in self.all("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
        rules = [rule.strip().partition(" ") for rule in meta.get("content", "").split(";")]
        return {name: sources for name, _, sources in rules}


def shown(element: Element) -> str:
    """The text in it, blanks as a browser shows them."""
    return " ".join("".join(element.itertext()).split())


def addresses(element: Element) -> Iterator[str]:
    for one in element.iter():
        for name in ("href", "src", "srcset", "action", "formaction", "data", "poster", "ping", "background"):
            if name in one.attrib:
                yield one.attrib[name]


def page_of(record: Record, *headings: str) -> Parsed:
    return Parsed(write(collection([record], *(headings or ("Alpha", "Beta")))))


def test_a_paper_is_shown_with_all_that_is_known_of_it() -> None:
    page = page_of(
        record(
            "2602.12345",
            version=3,
            title="Depth $\\alpha$ & \\emph{more}",
            authors=("José Peña", "Li Zhang"),
            published=datetime(2026, 2, 3, tzinfo=UTC),
            categories=("cs.CV", "stat.ML"),
            abstract="We write\n$x^2$, see https://a.org/x.",
            comment="Accepted to CVPR 2026, 12 pages",
            journal="J. Vis. 3 (2026)",
            doi="10.1000/182",
            code=(CodeLink("Code", "https://github.com/a/b"), CodeLink("Page", "https://a.github.io")),
            venue="CVPR 2026 · oral",
        )
    )
    (card,) = page.cards
    title = page.one("h3", root=card)
    assert shown(title) == "Depth α & more"
    assert next(addresses(title)) == "https://arxiv.org/abs/2602.12345v3"
    assert shown(page.one("div", "authors", card)) == "José Peña, Li Zhang"
    assert [shown(note) for note in page.all("p", "note", card)] == [
        "Accepted to CVPR 2026, 12 pages",
        "J. Vis. 3 (2026)",
    ]
    facts = page.one("ul", "facts", card)
    assert [shown(fact) for fact in page.all("li", root=facts)] == [
        "CVPR 2026 · oral",
        "arXiv:2602.12345v3",
        "PDF",
        "Code",
        "Page",
        "DOI",
        "cs.CV stat.ML",
        "submitted 2026-02-03",
        "Alpha",
    ]
    assert list(addresses(facts)) == [
        "https://arxiv.org/abs/2602.12345v3",
        "https://arxiv.org/pdf/2602.12345v3",
        "https://github.com/a/b",
        "https://a.github.io",
        "https://doi.org/10.1000/182",
    ]
    abstract = page.one("details", "abstract", card)
    assert "open" not in abstract.attrib
    assert shown(page.one("p", root=abstract)) == "We write x², see https://a.org/x."
    assert list(addresses(abstract)) == ["https://a.org/x"]


def test_what_a_paper_lacks_leaves_no_trace() -> None:
    (card,) = page_of(record(title="", authors=(), categories=(), keywords=())).cards
    page = page_of(record(title="", authors=(), categories=(), keywords=()))
    assert shown(page.one("h3", root=card)) == "2603.00001"
    assert page.all("div", "authors") + page.all("details", "abstract") + page.all("p", "note") == []
    assert all(map(shown, page.all("li")))


def test_newest_first_by_day() -> None:
    moments = [DAY, DAY + timedelta(hours=1), DAY - timedelta(days=1), DAY + timedelta(days=300)]
    records = [record(f"2603.0000{number}", updated=moment) for number, moment in enumerate(moments)]
    page = Parsed(write(collection(records, "Alpha")))
    days = [(page.one("time", root=day), page.all("article", root=day)) for day in page.all("section")]
    assert [(day.get("datetime"), shown(day), [card.get("id") for card in cards]) for day, cards in days] == [
        ("2027-01-06", "6 January 2027", ["2603.00003"]),
        ("2026-03-12", "12 March 2026", ["2603.00001", "2603.00000"]),
        ("2026-03-11", "11 March 2026", ["2603.00002"]),
    ]


def test_keywords_count_the_papers_that_they_found_wherever_they_are_listed() -> None:
    both = record("2603.00002", keywords=("Alpha", "Beta"))
    page = Parsed(write(collection([record(), both], "Alpha", "Beta", "Gamma")))
    choices = [shown(label) for label in page.all("label", root=page.one("fieldset", "keywords"))]
    assert choices == ["All keywords 2", "Alpha 2", "Beta 1", "Gamma 0"]
    assert [card.get("data-keywords") for card in page.cards] == ["0", "0 1"]
    assert [[shown(li) for li in page.all("li", "keyword", card)] for card in page.cards] == [
        ["Alpha"],
        ["Alpha", "Beta"],
    ]


def test_a_page_of_one_keyword_is_named_after_it_and_offers_no_choice() -> None:
    page = page_of(record(), "Vision & <Language>")
    assert shown(page.one("title")) == "Vision & <Language> · Daily Papers"
    assert shown(page.one("p", "about")) == "1 paper from arXiv on Vision & <Language>, updated 2026-03-13"
    assert page.all("fieldset", "keywords") + page.all("li", "keyword") == []


def test_all_of_3303_authors_are_there_the_first_few_open() -> None:
    names = [f"Author {number}" for number in range(3303)]
    page = page_of(record(authors=tuple(names)))
    authors = page.one("div", "authors")
    assert authors.text == ", ".join(names[:6])
    assert shown(page.one("summary", root=authors)) == "and 3297 more"
    assert shown(page.one("details", root=authors)) == f"and 3297 more, {', '.join(names[6:])}"


def test_identifiers_of_the_old_form() -> None:
    page = page_of(record("math.GT/0309136", version=2))
    assert page.cards[0].get("id") == "math.GT/0309136"
    assert "https://arxiv.org/abs/math.GT/0309136v2" in addresses(page.cards[0])
    assert "https://arxiv.org/pdf/math.GT/0309136v2" in addresses(page.cards[0])


@pytest.mark.parametrize("headings", [(), ("Alpha",), ("Alpha", "Beta")])
def test_without_papers_it_says_so(headings: tuple[str, ...]) -> None:
    page = Parsed(write(collection([], *headings)))
    assert page.cards == []
    assert shown(page.all("p", "none")[0]) == "No papers yet."
    assert shown(page.one("p", "about")).startswith("0 papers from arXiv on ")


def test_only_the_date_differs_where_nothing_else_does_and_it_stands_once() -> None:
    records = [record(), record("2603.00002")]
    today, tomorrow = (write(collection(records, "Alpha", updated=day)) for day in ("2026-06-01", "2026-06-02"))
    assert today.count(b"2026-06-01") == 1
    assert today.replace(b"2026-06-01", b"2026-06-02") == tomorrow


def test_it_carries_our_mark_once() -> None:
    page = write(collection([record(title=HTML_MARK, abstract=HTML_MARK)], "Alpha"))
    assert page.count(HTML_MARK.encode()) == 1
    assert page.index(HTML_MARK.encode()) < 2000


def test_nothing_is_loaded_and_nothing_runs_but_the_style_and_the_script_in_it() -> None:
    page = page_of(record())
    assert {tag: len(page.all(tag)) for tag in ("script", "style")} == {"script": 1, "style": 1}
    hashes = {
        tag: b64encode(sha256((page.one(tag).text or "").encode()).digest()).decode() for tag in ("script", "style")
    }
    assert page.policy == {
        "default-src": "'none'",
        "script-src": f"'sha256-{hashes['script']}'",
        "style-src": f"'sha256-{hashes['style']}'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    # The policy holds for what comes after it.
    head = list(page.one("head"))
    assert [element.tag for element in head[:2]] == ["meta", "meta"]
    assert head[1].get("http-equiv") == "Content-Security-Policy"
    assert not re.search(r"url\(|@import|expression", page.one("style").text or "")
    assert not re.search(r"innerHTML|eval|Function\(|fetch|import|://", page.one("script").text or "")
    judge(page)


def judge(page: Parsed) -> None:
    """Nothing in it acts: no handlers or styles in attributes, no address but https or a place in the page."""
    for element in page.root.iter():
        assert str(element.tag).rpartition("}")[2] in OURS, element.tag
        assert not [name for name in element.attrib if name.lower().startswith("on") or name == "style"]
    for address in addresses(page.root):
        assert address.startswith(("https://", "#papers")), address


def hostile_record(id_: str, text: str, other: str) -> Record:
    return record(
        id_,
        title=text,
        authors=(other, text) * 4,
        categories=(text, "cs.CV"),
        keywords=(text,),
        abstract=other,
        comment=text,
        journal=other,
        doi=text,
        code=(CodeLink(other, text), CodeLink("Page", f"https://{text}")),
        venue=text,
    )


def judge_record(page: Parsed, card: Element, record: Record) -> None:
    assert shown(page.one("h3", root=card)) == (visible(record.title) or record.id)
    notes = [shown(note) for note in page.all("p", "note", card)]
    assert notes == list(filter(None, map(visible, (record.comment, record.journal))))
    abstract = [shown(page.one("p", root=fold)) for fold in page.all("details", "abstract", card)]
    assert abstract == list(filter(None, [visible(record.abstract)]))
    names = "".join(shown(line) for line in page.all("div", "authors", card))
    for name in filter(None, map(visible, record.authors)):
        assert name in names


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_text(text: str) -> None:
    one = hostile_record("2603.00001", text, text[::-1])
    page = page_of(one, text, "Beta")
    judge(page)
    judge_record(page, page.cards[0], one)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=4), texts)
def test_whatever_strangers_write_is_text(told: list[tuple[str, str]], heading: str) -> None:
    records = [hostile_record(f"2603.{number:05}", *one) for number, one in enumerate(told)]
    page = Parsed(write(collection(records, heading, "Beta")))
    judge(page)
    assert len(page.cards) == len(records)
    for card, one in zip(page.cards, records, strict=True):
        judge_record(page, card, one)


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://github.com/a/b", True),
        ("https://a.org:8443/x?y=1&z=%20#w", True),
        ("http://github.com/a/b", False),
        ("javascript:alert(1)", False),
        ("JAVASCRIPT:alert(1)//https://a.org", False),
        ("data:text/html,<script>alert(1)</script>", False),
        ("https://arxiv.org@evil.org/", False),
        ("https://a.org:x/", False),
        ("https://[/", False),
        ("https://localhost/x", False),
        ("https://", False),
        ("//a.org", False),
        (" https://a.org", False),
        ('https://a.org/"onclick="alert(1)', False),
        ("https://аррӏе.com/", False),
        ("", False),
    ],
)
def test_only_whole_https_addresses_become_links(address: str, link: bool) -> None:
    page = page_of(record(code=(CodeLink("Code", address),)))
    assert ("Code" in [shown(li) for li in page.all("li")]) is link
    assert (address in addresses(page.cards[0])) is link


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("Code at https://a.org/x.", ["https://a.org/x"]),
        ("(https://a.org/x), https://b.org!", ["https://a.org/x", "https://b.org"]),
        ("see http://a.org and www.b.org and ftp://c.org", []),
        ("https://user:pass@a.org/x", []),
        ("https://a.org/x_(y)", ["https://a.org/x_(y)"]),
    ],
)
def test_https_addresses_in_text_are_links(text: str, links: list[str]) -> None:
    page = page_of(record(comment=text))
    assert list(addresses(page.one("p", "note"))) == links
    assert shown(page.one("p", "note")) == text


def test_what_needs_scripts_is_hidden_until_they_run() -> None:
    page = page_of(record())
    (tools,) = [div for div in page.all("div") if div.get("id") == "tools"]
    assert "hidden" in tools.attrib
    inside = {id(element) for tag in ("template", "div") for root in page.all(tag) for element in root.iter()
              if root is tools or tag == "template"}  # fmt: skip
    outside = [e for tag in ("button", "input", "label") for e in page.all(tag) if id(e) not in inside]
    assert [shown(element) for element in outside] == ["Show all papers"]
    (none,) = [p for p in page.all("p", "none") if p.get("id") == "none"]
    assert "hidden" in none.attrib


def test_every_control_has_a_name_and_identifiers_are_unique() -> None:
    page = page_of(record())
    ids = [element.get("id") for element in page.root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    labels = {label.get("for") for label in page.all("label")}
    inside = {id(input_) for label in page.all("label") for input_ in page.all("input", root=label)}
    assert all(id(input_) in inside or input_.get("id") in labels for input_ in page.all("input"))
    assert page.one("html").get("lang") == "en"
    levels = [int(str(e.tag)[1]) for e in page.root.iter() if re.fullmatch("h[1-6]", str(e.tag))]
    assert levels == [1, 2, 3]


def test_a_page_of_2000_papers_stays_small_and_quick() -> None:
    records = [record(f"2603.{n:05}", abstract="word " * 300, updated=DAY + timedelta(hours=n)) for n in range(2000)]
    page = write(collection(records, "Alpha", "Beta"))
    assert len(page) < 2000 * (1500 + 1500)
