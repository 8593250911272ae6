"""Whatever a template or a one-line text computes, it holds and fills nothing, and reaches nothing of the run's."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import pytest

from digest import template_process
from digest.errors import TemplateFailed
from digest.page import fill as texts
from digest.page import own_template
from digest.page.cells import rows
from digest.page.fill import fill
from digest.page.issue_body import issue_title
from digest.page.own_template import OwnTemplate
from tests.test_cells import paper

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
ROWS = rows([paper()], "updated")
# Lists and tuples in each other: a thing of sixty objects that a comparison finds to be 2**60.
NESTED = (
    "{% set n = namespace(a=[1], b=[1], t=(1,)) %}{% for i in range(60) %}{% set n.a = [n.a, n.a] %}"
    "{% set n.b = [n.b, n.b] %}{% set n.t = (n.t, n.t) %}{% endfor %}\n"
)


def page(template: str) -> str:
    return OwnTemplate("own.j2", template)(ROWS, ("title",), "H")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_template, "TEMPLATE_SECONDS", 0.3)
    monkeypatch.setattr(texts, "TEXT_SECONDS", 0.3)


@pytest.fixture
def little_memory(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    template_process._PROCESS.end()
    monkeypatch.setattr(template_process, "_MEMORY", 1 << 27)
    yield
    template_process._PROCESS.end()


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    "template",
    [
        "\n{% for a in range(90000) %}{% for b in range(90000) %}{% endfor %}{% endfor %}",
        "\n{% macro m(n) %}{% for i in range(n) %}{{ m(n - 1) }}{% endfor %}{% endmacro %}{{ m(20) }}",
        # No alarm of Python's reaches into these.
        NESTED + "{{ n.a == n.b }}",
        NESTED + "{{ [n.a, n.b] | sort | length }}",
        NESTED + "{{ n.a in [n.b] }}",
        NESTED + "{{ {n.t: 1} | length }}",
        "\n{{ ([[1]] * 1000000) | sum(start=[]) | length }}",
        "\n{{ ([(1,)] * 1000000) | sum(start=()) | length }}",
        "\n{{ 9 ** (9 ** 9) > 1 }}",
        "\n{{ (1 - 9 ** 3000000) % 7 ** 2999999 }}",
    ],
)
def test_what_does_not_end_is_stopped_and_its_line_told(template: str) -> None:
    started = monotonic()
    with pytest.raises(TemplateFailed, match=r"^own\.j2, line 2: it was stopped, since it took too long$"):
        page(template)
    with pytest.raises(TemplateFailed, match=r"^issue-title, line 2: it was stopped, since it took too long$"):
        fill(template, "issue-title")
    assert monotonic() - started < 10
    assert fill("{{ n * 2 }}", "issue-title", n=2) == "4"


@pytest.mark.usefixtures("impatient")
def test_reading_a_template_is_limited_like_rendering_it() -> None:
    with pytest.raises(TemplateFailed, match=r"own\.j2: it was stopped, since it took too long"):
        OwnTemplate("own.j2", "{{ 1 }}" * 500_000)


@pytest.mark.usefixtures("impatient")
def test_all_renderings_of_a_page_share_one_limit() -> None:
    slow = OwnTemplate("own.j2", "{% for a in range(99) %}{% for b in range(9999) %}{% endfor %}{% endfor %}")

    def again_and_again() -> None:
        for _ in range(1000):
            slow(ROWS, (), "H")

    with pytest.raises(TemplateFailed, match="too long"):
        again_and_again()


@pytest.mark.usefixtures("little_memory")
@pytest.mark.parametrize(
    "template",
    [
        "{% set n = namespace(s='a') %}{% for i in range(60) %}{% set n.s = n.s ~ n.s %}{% endfor %}",
        "{% set n = namespace(s='aaaaaa') %}{% for i in range(9) %}{% set n.s = n.s.replace('a', n.s) %}{% endfor %}",
        "{{ 'x' | center(9999999999) }}",
        "{{ '%9999999999d' % 1 }}",
        "{{ 'x'.ljust(9999999999) }}",
        "{{ 'a' * 10**10 }}",
        "{{ [0] * 10**10 }}",
    ],
)
def test_what_would_fill_the_machine_is_stopped_and_its_line_told(template: str) -> None:
    with pytest.raises(TemplateFailed, match=r"^own\.j2, line 2: it was stopped, since it took too much memory$"):
        page("\n" + template)
    with pytest.raises(TemplateFailed, match=r"^issue-title, line 2: it was stopped, since it took too much memory$"):
        fill("\n" + template, "issue-title")


@pytest.mark.parametrize(
    "template",
    [
        r"{{ '\u0301' * 1000000 }}",
        "{{ 'x' * 200000000 }}",
        "{{ '@mona ' * 20000 }}",
        r"{{ '\n#1' * 100000 }}",
        "{{ ' ' * 10001 }}",
    ],
)
def test_what_is_too_long_for_a_title_is_refused_before_anything_is_done_with_it(template: str) -> None:
    with pytest.raises(TemplateFailed, match=r"^issue-title: what it makes is too long$"):
        fill(template, "issue-title")


def test_what_is_not_too_long_for_one_is_soon_a_title() -> None:
    made = fill(r"{{ 'a\u0301' * 5000 }}", "issue-title")
    started = monotonic()
    assert issue_title(made) == "a\u0301" * 127 + "…"
    assert monotonic() - started < 1


def test_what_is_too_long_for_a_page_is_refused_too() -> None:
    with pytest.raises(TemplateFailed, match=r"^own\.j2: what it makes is too long$"):
        page("{{ papers[0].cells[0][:2] * 6000000 }}")


def test_what_the_longest_list_needs_is_not_too_long() -> None:
    made = page("{% for i in range(3000) %}{{ 'ab ' * 1000 }}\n{% endfor %}")
    assert len(made) > 8_000_000


def test_a_sentence_about_it_is_short_whatever_it_holds() -> None:
    with pytest.raises(TemplateFailed, match=r"^own\.j2, line 1: 'dict object' has no attribute 'xxxx") as failed:
        page("{{ {}['x' * 50000000] }}")
    assert len(str(failed.value)) < 1000


def test_half_a_character_becomes_a_question_mark() -> None:
    assert fill(r"{{ '\ud83d' }}!", "issue-title") == "?!"


def test_a_fault_of_our_own_is_not_blamed_on_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    template_process._PROCESS.end()
    monkeypatch.setattr(template_process, "_START", "import nothing_of_this_name")
    with pytest.raises(RuntimeError, match="No module named 'nothing_of_this_name'"):
        fill("{{ 1 }}", "issue-title")


def children() -> list[int]:
    tasks = Path("/proc/self/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


linux = pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="looks processes up as Linux does")


@linux
def test_it_holds_nothing_of_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    template_process._PROCESS.end()
    monkeypatch.setenv("INPUT_TOKEN", "secret")
    before = children()
    with Path(__file__).open("rb") as ours:
        os.set_inheritable(ours.fileno(), True)
        assert fill("{{ 1 }}", "issue-title") == "1"
    (child,) = set(children()) - set(before)
    proc = Path(f"/proc/{child}")
    assert b"secret" not in proc.joinpath("environ").read_bytes()
    assert str(Path(__file__)) not in {str(fd.readlink()) for fd in proc.joinpath("fd").iterdir()}
    assert len(list(proc.joinpath("fd").iterdir())) == 3


RUN = """
import sys
from digest.page import fill
fill.TEXT_SECONDS = float(sys.argv[2])
fill.fill("{{ 1 }}", "x")
from pathlib import Path
print(*[child for task in Path("/proc/self/task").glob("*/children") for child in task.read_text().split()], flush=True)
fill.fill(sys.argv[1], "x") if sys.argv[1] else sys.stdin.read()
"""


@linux
@pytest.mark.parametrize(("does", "ends"), [("", signal.SIGKILL), ("{{ 9 ** (9 ** 9) }}", signal.SIGKILL), ("", None)])
def test_it_ends_with_the_run_however_that_ends(does: str, ends: signal.Signals | None) -> None:
    command = [sys.executable, "-c", RUN, does, "1"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdin
        assert run.stdout
        child = os.pidfd_open(int(run.stdout.readline()))
        assert select.select([child], [], [], 0)[0] == []
        run.send_signal(ends) if ends else run.stdin.close()
        assert select.select([child], [], [], 20)[0] == [child]
        os.close(child)
