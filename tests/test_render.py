"""A page's own template: what it does to texts stays safe, and what is wrong is told with its line."""

from __future__ import annotations

import re

import pytest

from digest.errors import TemplateFailed
from digest.page.cells import rows
from digest.page.own_template import OwnTemplate
from tests.test_cells import paper

HOSTILE = "a|b*c* @mona #1 <b> https://a.org $x_2$ deadbeef1"
COLUMNS = ("title", "comment")


def written(template: str, title: str = HOSTILE, comment: str = "C") -> str:
    """What a template makes of one paper `p`."""
    whole = f"{{% for p in papers %}}{template}{{% endfor %}}"
    shown = rows([paper(title, comment=comment)], "updated")
    return OwnTemplate("own.j2", whole)(shown, COLUMNS, "My | *heading*")


SAFE = r"a\|b\*c\* @&#8203;mona #&#8203;1 &lt;b&gt; <https://a.org> x₂ deadbe&#8203;ef1"
SAFE_TITLE = SAFE.replace("<https://a.org>", "https:&#8203;//a.org")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("p.title", SAFE_TITLE),
        ("p.comment", SAFE),
        ("p.title | safe", SAFE_TITLE),
        ("p.title | e", SAFE_TITLE),
        ("p.title | string", SAFE_TITLE),
        ("p.title | urlize", SAFE_TITLE),
        ("p.comment[:3] | tojson", r'"a\|b"'),
        ("p.title ~ p.cells[0][:0]", SAFE_TITLE),
        ("p.title | truncate(11, True, '', 0)", r"a\|b\*c\* @&#8203;mon"),
        ("p.title | truncate(15, leeway=0)", r"a\|b\*c\*..."),
        ("p.title[:2]", r"a\|"),
        ("(p.title | upper)[:6] ~ p.cells[0][:0]", r"A\|B\*C\*"),
        ("(p.title | lower | trim | replace('b', '*'))[:3] ~ p.cells[0][:0]", r"a\|\*"),
        ("p.title.split(' ')[0] ~ p.cells[0][:0]", r"a\|b\*c\*"),
        ("'%s!' | format(p.comment[:3])", r"a\|b\!"),
        ("(p.title | title)[:3] ~ p.cells[0][:0]", r"A\|b"),
        ("p.title.swapcase()[:3] ~ p.cells[0][:0]", r"A\|B"),
        ("[p.comment[:3]] | map('upper') | join(p.cells[0][:0])", r"A\|B"),
        ("p.categories ~ p.cells[0][:0]", "cs.CV, stat.ML"),
        ("p.comment[:3] | wordwrap(1)", r"a \| b"),
        ("p.comment | length", "46"),
        ("p.authors", "N"),
        ("p.categories", "cs.CV, stat.ML"),
        ("p.categories[:1]", "cs.CV"),
        ("p.url", "https://arxiv.org/abs/2602.00001v2"),
        ("p.pdf", "https://arxiv.org/pdf/2602.00001v2"),
        ("heading", r"My \| \*heading\*"),
    ],
)
def test_whatever_a_template_does_to_a_text_it_is_put_out_safe(expression: str, expected: str) -> None:
    assert written(f"{{{{ {expression} }}}}", comment=HOSTILE) == expected


@pytest.mark.parametrize(
    "filter_", ["reverse", "title", "center(99)", "striptags", "forceescape", "wordwrap(5)", "list"]
)
def test_filters_that_make_something_else_of_a_text_leave_it_safe_too(filter_: str) -> None:
    assert not re.search(r"(?<!\\)[|*]|(?<!&)#[1(]|@[a-zN]|<", written(f"{{{{ p.title | {filter_} }}}}"))


@pytest.mark.parametrize(
    ("template", "title", "expected"),
    [
        ("{{ p.title }}[pdf](x)", "Attention!", r"Attention\![pdf](x)"),
        ("[pdf]{{ p.title }}", "(https://a.org)", r"[pdf]\(https:&#8203;//a.org)"),
        ("[pdf]{{ p.title }}", ": x", "[pdf]&#58; x"),
        ("{{ p.title }}", "1. x", r"1\. x"),
        ("{{ p.title }};", "R&amp", "R&amp;amp;"),
        ("{{ p.title }}#41;", "R&", "R&amp;#41;"),
        ("{{ p.title }}{{ 'mona' }}", "by @", "by @&#8203;mona"),
        ("{{ p.title }}12", "see #", "see #&#8203;12"),
        ("{{ p.title }}12", "see GH-", "see GH-&#8203;12"),
    ],
)
def test_a_text_makes_nothing_of_what_stands_beside_it(template: str, title: str, expected: str) -> None:
    assert written(template, title) == expected


def test_what_is_constant_in_a_template_is_made_safe_too() -> None:
    assert written("{{ 'a|<b>' | tojson }} {{ 'a|<b>' }}") == r'"a\|&lt;b&gt;" a\|&lt;b&gt;'


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{{ p.__class__ }}", "line 2: access to attribute '__class__'"),
        ("{{ p | attr('_told') }}", "line 2: access to attribute '_told'"),
        ("{{ '{0._told}'.format(p) }}", "line 2: access to attribute '_told'"),
        ("{{ papers | map(attribute='_told') | list }}", "line 2: access to attribute '_told'"),
        ("{{ cycler.__init__.__globals__.os.environ }}", "line 2: access to attribute '__init__'"),
        ("{{ papers.append(1) }}", "line 2: access to attribute 'append'"),
        ("{{ config }}", "line 2: 'config' is undefined"),
        ("{% include 'table.md.j2' %}", "line 2: there is no table.md.j2: a template stands alone"),
        ("{% import '../../etc/passwd' as x %}", "line 2: there is no ../../etc/passwd"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "line 2: it goes too deep"),
        ("{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}", ": it goes too deep"),
        ("{% if 1 %}" * 150 + "{% endif %}" * 150, ": it goes too deep"),
    ],
)
def test_a_template_reaches_only_what_is_documented(template: str, said: str) -> None:
    with pytest.raises(TemplateFailed, match=rf"^own\.j2(, )?{re.escape(said)}"):
        written("\n" + template)


def test_a_paper_or_a_generator_put_out_as_it_is_says_the_same_every_day() -> None:
    assert written("{{ p }}, {{ papers | map(attribute='title') }}", "T|") == r"2602.00001, T\|"
