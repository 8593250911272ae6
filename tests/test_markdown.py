"""Markdown judged by GitHub's own parser: what a reader sees is what the stranger wrote, and nothing acts."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.text import markdown
from digest.text.markdown import heading, inline, link_text, visible
from sandbox.recorded import days
from tests.github_markdown import Judged, seen

ADDRESS = "https://arxiv.org/abs/2510.22693v3"
ALLOWED = {"table", "thead", "tbody", "tr", "th", "td", "strong", "a", "details", "summary", "p", "span"}
HEADER = "| **Title** | **Abstract** | **Comment** |\n| --- | --- | --- |\n"


def row(text: str) -> str:
    details = f"<details><summary>Show</summary><p>{inline(text)}</p></details>"
    return f"{HEADER}| **[{link_text(text)}]({ADDRESS})** | {details} | {inline(text)} |\n"


TRAPS = """
www.x.y/a@0.5https://a.org · mAP@0.5@A · a@b@c.de · www.x.y/_a_ftp://a.org/x · https://www.www.a.org/(x) · Page:https://a.org
www.x.y/_a_ · https://www.a.org/(x) · https://a.org/?a&copy;https://b.org
!https://a.org/(x) · !www.a.org · https://a.org!https://b.org/$ · ![https://a.org/$ · !<https://a.org/$>
a|b · a\\|b · a\\ · \\ · \\\\ · | · || · `a|b` · ` · `` · ``` · ~~~ · ~~x~~ · ~x~ · *a* · **a · a* · __a__ · _a
a_ · a_b · * · # x · ## · - x · + x · -- · --- · === · = · 1. x · 1) x · > x · :-- · --|-- · #x · -x · 1.5 x
[x]: https://a.org · [ ] x · [!NOTE] · [a](b) · ![a](https://a.org/x.png) · [^1] · [^1]: x · ![ · [ · ] · ](
](x)** · [a][b] · <https://a.org> · [a](javascript:alert(1)) · <script>x</script> · </p></details> · <img src=x>
a<b>c · <!-- x --> · --> · <![CDATA[x]]> · &amp; · &#124; · &lt;b&gt; · &copy · A&B · <!-- daily-papers:end -->
<!-- · <? x ?> · &nbsp; · &#x41; · &#0; · AT&T; · $5 and $6 · $x$ · $$ · `$x$` · {{ x }} · ${{ x }} · {% x %}
javascript:alert(1) · data:text/html,x · mailto:a@b.com · a@b.com · xmpp:a@b.com/x · ftp://a.org/x · www.a.org
www.a_b_.org/_x_ · www. · https://a.org · https://a.org/x_y_z. · (https://a.org/x). · https://a.org/(x)
"https://a.org", · https://a.org/*x* · https://a.org/|x · https://a.org/`x` · https://a.org/?a=1&b=2
https://a.org/?a&copy; · https://a.org/<b> · https://a.org/[x] · https:// · https://münchen.de · https://a.org中文
https://a.org,https://b.org · HTTPS://A.org · xhttps://a.org · 1https://a.org · https://_a_.org/_x_
https://a.org/~x~ · https://a.org/'x' · https://a.org/@name · https://a.org/#1 · http://user:pass@a.org
https://a.org:80:/x · https://a · https://a.org/$x$ · https://a.org\\x · **https://a.org** · _https://a.org_
https://a.org/; · https://a.org/) · https://a.org]x · <www.a.org> · @name · (@name) · @org/team · mAP@0.5 · R@1
a@b.c-d · #12 · o/r#12 · GH-12 · gh-1 · deadbeef1 · 1234567a · :smile: · :+1: · 10:30:45 · é@name
https://github.com/a/b/issues/1 · http://www.GitHub.com/a/b/pull/1. · www.github.com/a/b/issues/1
https://github.com:443/a/b/commit/x · https://github.com//a/b/%69ssues/1 · https://x@github.com/a/b/issues/1
<!-- daily-papers:memory 1 57a3b552 x --> · <!-- daily-papers:list x x - --> · <!-- daily-papers:announced x -->
<https://github.com/a/b/issues/1> · \\$x\\$ · https://a.org/**x · https://a.org/\\_x · &a · &# · https://a.org'x
"""
TRAP_LIST = [trap for line in TRAPS.strip().splitlines() for trap in line.split(" · ")]

fragments = st.sampled_from(
    [*TRAP_LIST, *"|\\`*_~[]()<>&#@$!:-+=.\"'^{}/", " ", "\n", "\u2028", "\u202e", "\u200b", "\0", "\ud800"]
)
texts = st.lists(
    st.one_of(fragments, fragments, st.text(max_size=5), st.sampled_from(["word", "Ünïcode", "中文", "x9"]))
).map("".join)


def check_row(text: str) -> None:
    page = Judged(row(text))
    page.judge(ALLOWED)
    title, abstract, comment = page.rows[1]
    assert len(page.rows) == 2
    assert seen(title.text) == visible(text)
    assert seen(abstract.text) == seen(f"Show{visible(text)}")
    assert seen(comment.text) == visible(text)
    assert [(address, seen(shown)) for address, shown in title.links] == [(ADDRESS, visible(text))]
    assert not page.comments


@pytest.mark.parametrize("text", TRAP_LIST)
@pytest.mark.parametrize("place", ["{}", "word {} word", "x{}y", "({})."])
def test_trap_in_a_row(place: str, text: str) -> None:
    check_row(place.replace("{}", text))


@settings(max_examples=300, deadline=None)
@given(texts)
def test_row_shows_the_text(text: str) -> None:
    check_row(text)


@settings(max_examples=400, deadline=None)
@given(texts)
def test_paragraph_item_and_heading_show_the_text(text: str) -> None:
    shown = visible(text)
    for before, source, tags in (
        ("", inline(text), {"p"}),
        ("x\n", inline(text), {"p"}),
        ("", f"- {inline(text)}", {"ul", "li"}),
        ("", f"## {heading(text)}", {"h2"}),
    ):
        page = Judged(before + source)
        page.judge(tags | {"a", "span"})
        assert seen(" ".join(part.text for part in page.parts)) == seen(before + shown)


def test_recorded_papers_show_what_they_say() -> None:
    entries = [entry for day in days()[:1] for entry in day.entries][:150]
    for entry in entries:
        for text in (entry.title, entry.abstract, entry.comment):
            check_row(text)


def test_ordinary_text_stays_byte_for_byte() -> None:
    text = "BERT-based (v2.1): a 3-way, 10% better snake_case e.g. 10:30, x/y + z = 5; “q” — R&D, C# and café 中文!"
    assert inline(text) == link_text(text) == heading(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a|b", r"a\|b"),
        ("1. x", r"1\. x"),
        ("- x", r"\- x"),
        ("_x_ a_b", r"\_x\_ a_b"),
        ("$5 or $6", "<span>$</span>5 or <span>$</span>6"),
        ("@bob mAP@0.5", "@&#8203;bob mAP@0.5"),
        ("o/r#12", "o/r#&#8203;12"),
        ("x deadbeef1", "x deadbe&#8203;ef1"),
        (":smile: 1:2:3", "&#58;&#8203;smile: 1:2:3"),
        (":smile:// :ftp://", "&#58;&#8203;smile:// :ftp:&#8203;//"),
        ("<b>&amp;", "&lt;b&gt;&amp;amp;"),
        ("https://a.org/?a=1&b=2", "<https://a.org/?a=1&b=2>"),
        ("https://www.a.org/(_x_)", "<https://www.a.org/(_x_)>"),
        ("https://a.org/~b/*.c", "<https://a.org/~b/*.c>"),
        ("!https://a.org/[x]", r"!&#8203;[https://a.org/\[x\]](https://a.org/%5Bx%5D)"),
        ("https://a.org/?a&copy;b", "[https://a.org/?a&amp;copy;b](https://a.org/?a&amp;copy;b)"),
        ("https://münchen.de https://a.org/münchen", "https:&#8203;//münchen.de https:&#8203;//a.org/münchen"),
        ("www.a.org/x.", "[www.a.org/x](http://www.a.org/x)."),
        ("https://github.com/a/b/pull/1", "[https://github.com/a/b/pull/1](https://redirect.github.com/a/b/pull/1)"),
        ("Page:https://a.org", "Page:<https://a.org>"),
        ("https://a.org中文", "<https://a.org>中文"),
    ],
)
def test_inline(text: str, expected: str) -> None:
    assert inline(text) == expected


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("(https://github.com/a/b).The code", "https://github.com/a/b"),
        ("https://x.org/?y=1&z=2; data", "https://x.org/?y=1&z=2"),
        ("[https://a.org/x]-based", "https://a.org/x"),
        ("(code: https://a.org/x.),see", "https://a.org/x"),
        ("https://a.org).Then", "https://a.org"),
        ("https://a.org/x(y", "https://a.org/x"),
        ("https://a.org/?a=1&b;", "https://a.org/?a=1&b"),
        ("https://a.org/w_(x).html!", "https://a.org/w_(x).html"),
        ("https://a.org/x,https://b.org", "https://a.org/x"),
        ("https://a.org: here", "https://a.org"),
    ],
)
def test_an_address_ends_where_its_sentence_goes_on(text: str, address: str) -> None:
    (shown,) = Judged(inline(text)).parts
    assert shown.links[0] == (address, address)
    assert seen(shown.text) == text


# Read as attributes or code by kramdown, Python-Markdown's attr_list and Jekyll's Liquid, or shown with a backslash.
FOREIGN = [
    'Costs ${:onclick="alert(1)"} here',
    "See {onclick=f()}",
    "{% include x %} {{ page.title }}",
    "{::nomarkdown}<b>{:/}",
    "*a*{: #b .c}",
    "$\\{\\{a\\},\\{b\\}\\}$",
    "`a` \\`b` ```c```",
    "~~a~~ ~b~",
    "{#id} x {.class}",
]


@pytest.mark.parametrize("text", FOREIGN)
def test_nothing_is_left_that_acts_outside_of_github(text: str) -> None:
    for shown in (inline(text), link_text(text), heading(text), markdown.between(visible(text), linked=True)):
        assert not re.search(r"[{`~]", shown)
    check_row(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [(": a", "&#58; a"), ("= a", "&#61; a"), ("===", "&#61;=="), (":-", "&#58;-"), (":smile:", "&#58;&#8203;smile:")],
)
def test_a_sign_at_the_start_is_written_by_its_number(text: str, expected: str) -> None:
    assert inline(text) == heading(text) == markdown.between(text, linked=True) == expected


@pytest.mark.parametrize(
    "inside", ["(www.", "(https://", "_www.a_", "www.a.b/(", "https://a.b/_www.c", "[www.", "!www.x-"]
)
def test_addresses_in_addresses_are_text(inside: str) -> None:
    text = "See www.example.org" + inside * 325
    check_row(text)


def test_summary_keeps_the_blank_and_cuts_no_formula() -> None:
    assert markdown.summary("Code at x", 5) == "Code "
    assert markdown.summary("$L_2$|x and more", 3) == r"L₂\|"


@pytest.mark.parametrize(
    "piece",
    [
        "|",
        "[",
        "https://a.org/",
        "(https://a.org/)))",
        "@a-",
        ":a",
        "a_",
        "\\",
        "&a",
        "0a",
        "1a2",
        "#",
        "www.",
        "\u200d",
        ")",
    ],
)
def test_long_text_takes_linear_time(piece: str) -> None:
    inline(piece * (50_000 // len(piece)))


@settings(max_examples=400, deadline=None)
@given(st.text(st.characters(exclude_categories=())) | texts, st.integers(0, 30))
def test_the_door_never_raises(text: str, characters: int) -> None:
    for shown in (inline(text), link_text(text), heading(text), markdown.summary(text, characters)):
        assert shown.splitlines() == [shown][: len(shown)]
    for linked in (True, False):
        markdown.between(visible(text), linked=linked)
