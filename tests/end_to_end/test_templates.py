"""Templates: the two that come with the action, one's own, and the one-line texts; what they can and cannot do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from digest import report
from digest.page import own_template
from tests.factories import block, paper, papers, started

if TYPE_CHECKING:
    from pathlib import Path

OWN = "papers/own.j2"


def files(template: str) -> dict[str, bytes]:
    return {"README.md": b"# Mine\n", OWN: template.encode()}


def test_the_list_shows_the_chosen_columns_that_hold_something(tmp_path: Path) -> None:
    found = [paper(1), paper(2, comment="8 pages")]
    with started(tmp_path, found, template="list", columns="date, title, comment") as action:
        run = action.run()
        assert run.code == 0, run.log
        assert block(action.page(), "Alpha") == (
            "- 2026-03-01 · **[Paper 2](https://arxiv.org/abs/2603.00002v1)** · 8 pages\n"
            "- 2026-03-01 · **[Paper 1](https://arxiv.org/abs/2603.00001v1)**"
        )
        assert "- 2026-03-01 · **[Paper 2](" in str(action.github.issues[0].body)
        assert action.run().outputs["changed"] == "false"


def test_a_template_of_ones_own_sees_every_paper_and_comes_from_the_branch(tmp_path: Path) -> None:
    template = (
        "{{ heading }}: {{ columns | join('+') }}\r\n"
        "{% for paper in papers %}\r\n"
        "{{ loop.index }}. {{ paper.id }} {{ paper.version }} {{ paper.date }} {{ paper.published }} "
        "{{ paper.updated }}"
        " {{ paper.title }} {{ paper.authors | join(', ') }} {{ paper.categories | join('/') }} {{ paper.comment }} "
        "{{ paper.journal }} {{ paper.doi }} <{{ paper.pdf }}> {{ paper.abstract }}\r\n"
        "{% endfor %}\r\n\r\n"
    )
    found = [
        paper(1, version=2, authors=("A. One", "B. Two"), categories=("cs.CV", "cs.AI"), journal="J. 1", doi="10.1/x")
    ]
    with started(tmp_path, found, files("main's")) as action:
        action.github.push(OWN, template.encode(), branch="other")
        run = action.run(template=f"./{OWN}", branch="other", columns="title, comment")
        page = (action.github.read("README.md", "other") or b"").decode()

        assert run.code == 0, run.log
        assert block(page, "Alpha") == (
            "Alpha: title+comment\n1. 2603.00001 2 2026-03-01 2026-03-01 2026-03-01 Paper 1 A. One, B. Two cs.CV/cs.AI "
            " J. 1 10.1/x <https://arxiv.org/pdf/2603.00001v2> Number 1 is about alpha."
        )
        assert action.run(template=OWN, branch="other", columns="title, comment").outputs["changed"] == "false"
        assert len(action.github.log()) == 1


def test_without_links_the_section_knows_its_papers_all_the_same(tmp_path: Path) -> None:
    with started(
        tmp_path, papers([1, 2]), files("{% for p in papers %}{{ p.title }}; {% endfor %}"), template=OWN
    ) as action:
        action.run()
        action.arxiv.show([*papers([1, 2]), paper(3, month="2512"), paper(4)])
        second = action.run()

        assert block(action.page(), "Alpha") == "Paper 4; Paper 3; Paper 2; Paper 1; "
        assert second.outputs["new-papers"] == "1"
        assert action.run().outputs["changed"] == "false"


def test_a_naive_template_is_safe(tmp_path: Path) -> None:
    evil = "<script>alert(1)</script> @mona fixes #1 | `x` [a](javascript:b) $x$ {{ 7 * 7 }} <!-- daily-papers:end -->"
    found = [
        paper(
            1, title=evil, abstract=f"alpha {evil}", comment=evil, journal=evil, authors=(evil,), categories=("cs.CV",)
        )
    ]
    naive = (
        "{% for p in papers %}{{ p.title }} {{ p.abstract }} {{ p.comment }} {{ p.journal }} "
        "{{ p.authors | join(', ') }} {{ p.authors }} {{ p.title | safe }} {{ p.title | e }}"
        " {% autoescape false %}{{ p.abstract }}{% endautoescape %} {{ p.title | tojson }} {{ p.title | urlize }}"
        " {{ p.comment ~ '!' }} {{ p.comment | replace('x', '') }} {{ p.title | striptags }}\n{% endfor %}"
    )
    with started(tmp_path, found, files(naive), template=OWN) as action:
        run = action.run()
        page = action.page()
        rows = block(page, "Alpha")

        assert run.code == 0, run.log
        assert "<script" not in rows
        assert "<!--" not in rows
        assert "](javascript" not in rows.replace("\\]", "")
        assert "@mona" not in rows
        assert " #1" not in rows
        assert "49" not in rows
        assert action.run().outputs["changed"] == "false"


@pytest.mark.parametrize(
    ("template", "line", "said"),
    [
        ("fine\n{% for p in papers %}\n{{ p.title }\n{% endfor %}", 3, ""),
        ("\n\n{% if %}", 3, ""),
        ("fine\n{{ nobody }}", 2, "nobody"),
        ("{% for p in papers %}\n\n{{ p.nothing }}{% endfor %}", 3, "nothing"),
        ("\n{{ papers[0].title + 1 }}", 2, ""),
        ("\n{{ 1 / 0 }}", 2, "division"),
        ("\n\n\n{{ [1] | map('bold') | list }}", 4, ""),
        ("\n{{ 'x' * 10 ** 10 }}", 2, "too much memory"),
        ("{{ papers[0].title }}\n{{ papers[0].paper }}", 2, "a paper has no attribute 'paper'"),
        ("{{ papers[0].title }}\n{{ papers[0]._told.title }}", 2, "unsafe"),
        ("\n{{ papers.__class__.__mro__ }}", 2, "unsafe"),
        ("\n{{ cycler.__init__.__globals__ }}", 2, "unsafe"),
        ("\n{% include '/etc/passwd' %}", 2, "passwd"),
        ("\n{{ papers.append(1) }}", 2, "append"),
        ("\n{% for i in range(10 ** 9) %}{% endfor %}", 2, "big"),
        ("{% macro m() %}\n{{ m() }}{% endmacro %}{{ m() }}", 2, ""),
    ],
)
def test_a_broken_template_of_ones_own_is_an_error_that_names_the_line_and_nothing_is_written(
    tmp_path: Path, template: str, line: int, said: str
) -> None:
    with started(tmp_path, [paper(1)], files(template), template=OWN) as action:
        run = action.run()

        assert run.code == 1
        (error,) = run.annotations("error")
        assert f"{OWN}, line {line}: " in error
        assert said in error.lower()
        assert (len(action.github.log()), len(action.github.issues)) == (1, 0)
        assert run.outputs["changed"] == "false"


def test_a_template_that_does_not_end_is_stopped_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_template, "TEMPLATE_SECONDS", 0.3)
    with started(tmp_path, [paper(1)], files("fine\n{{ 9 ** (9 ** 9) }}"), template=OWN) as action:
        run = action.run()

        assert run.code == 1
        (error,) = run.annotations("error")
        assert f"{OWN}, line 2: it was stopped, since it took too long" in error
        assert (len(action.github.log()), len(action.github.issues)) == (1, 0)


def test_a_page_that_repeats_itself_for_ever_holds_no_dry_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = "{% for i in range(40000) %}{{ 'x' * (i % 110) }}{% if i % 7 %}\n{% endif %}\n\n{% endfor %}"
    with started(tmp_path, [paper(1)], files(lines), template=OWN, max_bytes="0") as action:
        assert action.run().code == 0
        action.github.push(OWN, lines.replace("110", "111").encode())
        monkeypatch.setattr(report, "_DIFF_SECONDS", 0.2)
        run = action.run(dry_run="true")

        assert run.code == 0, run.log
        assert "--- a/README.md\n+++ b/README.md\n-# Mine\n" in run.log
        assert "\n+# Mine\n" in run.log


def test_a_template_that_writes_the_sections_own_comments_is_an_error(tmp_path: Path) -> None:
    template = "{% for p in papers %}x\n<!--daily-papers:end -->{% endfor %}"
    with started(tmp_path, [paper(1)], files(template), template=OWN) as action:
        run = action.run()
        assert run.code == 1
        (error,) = run.annotations("error")
        assert f"{OWN} writes <!-- daily-papers:" in error
        assert len(action.github.log()) == 1


@pytest.mark.parametrize("template", ["papers/none.j2", "papers"])
def test_a_template_that_is_no_file_is_an_error_before_anything_is_written(tmp_path: Path, template: str) -> None:
    with started(tmp_path, [paper(1)], files("x")) as action:
        run = action.run(template=template)

        assert run.code == 1
        (error,) = run.annotations("error")
        assert template in error
        assert len(action.arxiv.requests) <= 1
        assert len(action.github.log()) == 1


def test_the_one_line_texts_are_filled_and_made_safe(tmp_path: Path) -> None:
    with started(tmp_path, papers([1, 2])) as action:
        run = action.run(
            commit_message="{{ date }}: {{ new }} of {{ papers }}, fixes #1 for @mona\n\nBody {{ new * 2 }}",
            issue_title="{% if new > 1 %}{{ new }} of {{ papers }} papers{% endif %} on {{ date }} for @mona",
        )
        date = action.page().partition("Last update: ")[2][:10]
        message, title = action.github.log()[0].message, action.github.issues[0].title

        assert run.code == 0, run.log
        assert message.replace("\u200b", "") == f"{date}: 2 of 2, fixes #1 for @mona\n\nBody 4"
        assert title.replace("\u200b", "") == f"2 of 2 papers on {date} for @mona"
        assert "#1" not in message
        assert "@mona" not in message + title


@pytest.mark.parametrize("name", ["commit-message", "issue-title"])
@pytest.mark.parametrize("text", ["{{ nobody }}", "{{ new + 'x' }}", "{{ 1 // 0 }}", "{{ date.__class__ }}"])
def test_a_text_that_cannot_be_filled_is_a_bad_input(tmp_path: Path, name: str, text: str) -> None:
    with started(tmp_path, [paper(1)]) as action:
        run = action.run(**{name: text})

        assert run.code == 1
        (error,) = run.annotations("error")
        assert name in error
        assert not action.arxiv.requests
        assert len(action.github.log()) == 1


def test_texts_that_come_out_empty_or_long_get_what_github_takes(tmp_path: Path) -> None:
    with started(tmp_path, [paper(1)]) as action:
        assert action.run(commit_message="{% if not new %}x{% endif %}", issue_title="{{ 'x' * 300 }}").code == 0
        assert action.github.log()[0].message.strip() == "Update papers"
        assert action.github.issues[0].title == "x" * 255 + "…"
