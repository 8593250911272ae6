"""A page's own template: what it does to texts stays safe, it ends in time, and what is wrong is told with its line."""

from __future__ import annotations

import re
from time import monotonic

import pytest

from digest.errors import TemplateFailed
from digest.page import own_template
from digest.page.cells import rows
from digest.page.fill import fill
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


@pytest.mark.parametrize(
    "template",
    [
        "{% for a in range(90000) %}{% for b in range(90000) %}{% endfor %}{% endfor %}",
        "{% macro m(n) %}{% for i in range(n) %}{{ m(n - 1) }}{% endfor %}{% endmacro %}{{ m(20) }}",
    ],
)
def test_a_template_that_does_not_end_is_stopped_and_its_line_told(
    template: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_template, "TEMPLATE_SECONDS", 0.2)
    monkeypatch.setattr("digest.page.environment.TEXT_SECONDS", 0.2)
    started = monotonic()
    with pytest.raises(TemplateFailed, match=r"own\.j2, line 2: it was stopped, since it took too long"):
        written("\n" + template)
    with pytest.raises(TemplateFailed, match=r"issue-title, line 2: it was stopped, since it took too long"):
        fill("\n" + template, "issue-title")
    assert monotonic() - started < 5


@pytest.mark.parametrize(
    "template",
    [
        "{% set n = namespace(s='a') %}{% for i in range(60) %}{% set n.s = n.s ~ n.s %}{% endfor %}",
        "{% set n = namespace(s='aaaaaa') %}{% for i in range(9) %}{% set n.s = n.s.replace('a', n.s) %}{% endfor %}",
        "{{ 'x' | center(9999999999) }}",
        "{{ '%9999999999d' % 1 }}",
        "{{ 'x'.ljust(9999999999) }}",
        "{{ 'a' * 10**10 }}",
        "{{ 9 ** 9999999 }}",
    ],
)
def test_a_template_that_would_fill_the_machine_is_stopped_and_its_line_told(
    template: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("digest.page.environment._MEMORY", 1 << 26)
    too_much = "too much memory|makes is too long"
    with pytest.raises(TemplateFailed, match=rf"own\.j2, line 2: .*({too_much})"):
        written("\n" + template)
    with pytest.raises(TemplateFailed, match=rf"issue-title, line 2: .*({too_much})"):
        fill("\n" + template, "issue-title")


def test_nothing_is_computed_before_the_limits_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    computed: list[str] = []
    monkeypatch.setattr("json.dumps", computed.append)
    made = OwnTemplate("own.j2", "{{ 'x' | tojson }}{% set y = 'y' | tojson %}")
    assert computed == []
    made(rows([paper()], "updated"), COLUMNS, "H")
    assert computed == ["x", "y"]


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


def test_all_renderings_of_a_page_share_one_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_template, "TEMPLATE_SECONDS", 0.3)
    slow = OwnTemplate("own.j2", "{% for a in range(99) %}{% for b in range(9999) %}{% endfor %}{% endfor %}")
    shown = rows([paper()], "updated")

    def again_and_again() -> None:
        for _ in range(1000):
            slow(shown, COLUMNS, "H")

    with pytest.raises(TemplateFailed, match="too long"):
        again_and_again()
