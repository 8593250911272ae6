"""The section: what stands between the markers, where it comes to stand, and that nothing else changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.factories import block, listed, paper, papers, shown, started, table_head

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Action, Run

START, END = "<!-- daily-papers:start -->", "<!-- daily-papers:end -->"
# What a careless rewrite would lose: a BOM, both kinds of line ends, Latin-1, the missing last newline.
BEFORE = f"\ufeff# Mine\r\n\r\n```md\n{START}\n{END}\n```\r\ntext  \r\n".encode() + b"caf\xe9 "
AFTER = b"\r\n\x00\xff## Na\xefve\rend  \n\n\n<!-- other:start -->\n<!-- other:end --> no newline"
FILE = BEFORE + f"{START}\nLast update: 2020-01-01\n\n## Old\n{END}".encode() + AFTER


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Action, Run]]:
    """A run over a file with markers: three papers, a keyword without any, comments of 0, 20 and 21 characters."""
    found = [
        paper(1, comment="x" * 20),
        paper(2, comment="21 characters, folded"),
        paper(3, version=4),
    ]
    keywords = "Alpha\nNothing Such"
    with started(tmp_path_factory.mktemp("first"), found, {"README.md": FILE}, keywords=keywords) as action:
        yield action, action.run()


def section(action: Action) -> str:
    page = (action.github.read("README.md") or b"").decode("utf-8", "surrogateescape")
    return page.rpartition(START)[2].rpartition(END)[0]


def test_the_default_table_is_the_contracts_to_the_byte(first: tuple[Action, Run]) -> None:
    action, run = first
    date = section(action).partition("Last update: ")[2][:10]
    cell = "<details><summary>Show</summary><p>Number {} is about alpha.</p></details>"
    folded = "<details><summary>21 ch...</summary><p>21 characters, folded</p></details>"

    assert run.code == 0, run.log
    assert shown(section(action)).strip("\n").split("\n") == [
        f"Last update: {date}",
        "",
        "",
        "## Alpha",
        "",
        *table_head("Title", "Date", "Abstract", "Comment").splitlines(),
        f"| **[Paper 3](https://arxiv.org/abs/2603.00003v4)** | 2026-03-01 | {cell.format(3)} |  |",
        f"| **[Paper 2](https://arxiv.org/abs/2603.00002v1)** | 2026-03-01 | {cell.format(2)} | {folded} |",
        f"| **[Paper 1](https://arxiv.org/abs/2603.00001v1)** | 2026-03-01 | {cell.format(1)} | {'x' * 20} |",
        "",
        "",
        "## Nothing Such",
        "",
        "No papers yet.",
    ]


def test_nothing_outside_the_markers_changes(first: tuple[Action, Run]) -> None:
    action, _ = first
    written = action.github.read("README.md") or b""
    assert written.startswith(BEFORE + START.encode())
    assert written.endswith(END.encode() + AFTER)


def test_markers_in_fenced_code_are_text(first: tuple[Action, Run]) -> None:
    action, _ = first
    page = (action.github.read("README.md") or b"").decode("utf-8", "surrogateescape")
    assert page.count(START) == page.count(END) == 2


def test_a_keyword_without_papers_is_asked_once_more_and_told(first: tuple[Action, Run]) -> None:
    action, run = first
    assert [request.params["search_query"].count("Nothing") for request in action.arxiv.requests] == [0, 2, 2]
    assert [note for note in run.annotations("notice") if "line 2" in note and "Nothing Such" in note]


def test_a_second_run_writes_nothing(first: tuple[Action, Run]) -> None:
    action, _ = first
    before = action.github.log()
    again = action.run()
    assert (again.code, again.outputs["changed"], again.outputs["papers"]) == (0, "false", "3")
    assert action.github.log() == before


@pytest.mark.parametrize(
    ("file", "kept"),
    [
        (b"# Mine\n", b"# Mine\n\n"),
        (b"# Mine", b"# Mine\n\n"),
        (b"# Mine\r\n", b"# Mine\r\n\n"),
        (b"# Mine\n\n```sh\nnobody closed this", b"# Mine\n\n```sh\nnobody closed this\n\n"),
        (b"", b""),
        (None, b""),
    ],
)
def test_without_markers_the_section_is_appended_once(tmp_path: Path, file: bytes | None, kept: bytes) -> None:
    files = {"other.md": b""} if file is None else {"README.md": file}
    with started(tmp_path, [paper(1)], files) as action:
        run = action.run()
        page = action.github.read("README.md") or b""

        assert run.code == 0, run.log
        assert page.startswith(kept + START.encode() + b"\nLast update: ")
        assert page.endswith(b"\n" + END.encode() + b"\n")
        assert any("has no markers yet" in note for note in run.annotations("notice"))
        assert action.run().outputs["changed"] == "false"
        assert action.github.read("README.md") == page


def test_several_steps_keep_sections_of_their_own_in_one_file(tmp_path: Path) -> None:
    found = [*papers([1, 2]), *papers([3], "beta")]
    both = b"<!-- b:start --><!-- b:end -->\n<!-- a:start --><!-- a:end -->\n"
    with started(tmp_path, found, {"README.md": both}) as action:
        first = action.run(section="a", keywords="Alpha")
        second = action.run(section="b", keywords="Beta")
        page = action.page()

        assert (first.outputs["new-papers"], second.outputs["new-papers"]) == ("2", "1")
        assert listed(page) == ["2603.00003v1", "2603.00002v1", "2603.00001v1"]
        assert page.index("<!-- b:end -->") < page.index("<!-- a:start -->")
        assert len(action.github.issues) == 2
        assert action.run(section="a", keywords="Alpha").outputs["changed"] == "false"
        assert action.run(section="b", keywords="Beta").outputs["changed"] == "false"
        assert action.page() == page


def test_only_another_date_is_no_reason_for_a_commit(tmp_path: Path) -> None:
    with started(tmp_path, [paper(1)]) as action:
        # 26 hours apart: never the same date.
        action.run(timezone="Etc/GMT+12")
        page = action.page()
        assert action.run(timezone="Pacific/Kiritimati").outputs["changed"] == "false"
        assert action.page() == page

        action.arxiv.show(papers([1, 2]))
        assert action.run(timezone="Pacific/Kiritimati").outputs["changed"] == "true"
        dates = [text.partition("Last update: ")[2][:10] for text in (page, action.page())]
        assert dates[0] < dates[1]


@pytest.mark.parametrize(
    ("lines", "line", "said"),
    [
        ([START], 1, "without a"),
        (["# Mine", "", END], 3, "without a"),
        ([END, START], 1, "before it"),
        ([START, END, "", START, END], 4, "a second"),
        ([START, "", START, END], 3, "a second"),
        ([START, END, END], 3, "a second"),
    ],
)
def test_broken_markers_are_an_error_that_names_the_file_and_the_line(
    tmp_path: Path, lines: list[str], line: int, said: str
) -> None:
    with started(tmp_path, [paper(1)], {"README.md": "\n".join(lines).encode()}) as action:
        run = action.run()

        assert run.code == 1
        (error,) = run.annotations("error")
        assert f"README.md, line {line}: " in error
        assert said in error
        assert len(action.github.log()) == 1
        assert len(action.arxiv.requests) <= 1
        assert run.outputs["changed"] == "false"


def test_a_keyword_may_move_and_be_renamed(tmp_path: Path) -> None:
    found = [*papers([1, 2]), *papers([3], "beta")]
    with started(tmp_path, found) as action:
        action.run(keywords="Alpha\nBeta")
        moved = action.run(keywords="Beta\nAlpha")
        assert [line for line in action.page().splitlines() if line.startswith("## ")] == ["## Beta", "## Alpha"]
        renamed = action.run(keywords='First: ti:beta OR abs:beta\nSecond: ti:"alpha" OR abs:"alpha"')
        page = action.page()

        assert listed(page, "## First") == ["2603.00003v1"]
        assert listed(page, "## Second") == ["2603.00002v1", "2603.00001v1"]
        assert (moved.outputs["new-papers"], renamed.outputs["new-papers"]) == ("0", "0")
        assert len(action.github.issues) == 1


def test_what_changes_how_the_section_looks_is_written_at_once(tmp_path: Path) -> None:
    with started(tmp_path, [paper(1, authors=("A. One", "B. Two"), categories=("cs.CV", "cs.AI"))]) as action:
        action.run()
        run = action.run(heading_level="4", columns="links, authors, title, categories")

        assert (run.outputs["changed"], run.outputs["new-papers"]) == ("true", "0")
        links = "[PDF](https://arxiv.org/pdf/2603.00001v1) · [HTML](https://arxiv.org/html/2603.00001v1)"
        title = "**[Paper 1](https://arxiv.org/abs/2603.00001v1)**"
        assert "\n#### Alpha\n\n| **Links** |" in action.page()
        assert block(action.page(), "Alpha").split("\n") == [
            *table_head("Links", "Authors", "Title", "Categories").splitlines(),
            f"| {links} | A. One, B. Two | {title} | cs.CV, cs.AI |",
        ]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le"])
@pytest.mark.parametrize("name", ["README.md", "t.j2"])
def test_a_file_in_another_encoding_is_refused_by_name(tmp_path: Path, name: str, encoding: str) -> None:
    files = {name: "# Papers about graphs\n\n{{ heading }}\n".encode(encoding)}
    template = {"template": "t.j2"} if name == "t.j2" else {}
    with started(tmp_path, papers([1]), files, **template) as action:
        run = action.run()

        assert (run.code, len(action.github.log())) == (1, 1)
        assert f"::error::{name} is UTF-16 or UTF-32, or no text at all. Save it as UTF-8" in run.log


@pytest.mark.parametrize("content", ["Überschrift".encode("latin-1"), "看".encode("gbk"), b"a\n\xff"])
def test_a_template_that_is_not_utf_8_is_refused_with_its_line(tmp_path: Path, content: bytes) -> None:
    with started(tmp_path, papers([1]), {"t.j2": b"{{ heading }}\n" + content}, template="t.j2") as action:
        run = action.run()

        assert run.code == 1
        line = 3 if content.startswith(b"a") else 2
        assert f"t.j2, line {line}: this is not UTF-8. Save the file as UTF-8." in run.log


def test_a_templates_byte_order_mark_is_dropped(tmp_path: Path) -> None:
    with started(tmp_path, papers([1]), {"t.j2": b"\xef\xbb\xbf{{ heading }}!"}, template="t.j2") as action:
        assert action.run().code == 0
        assert "\nAlpha!" in action.page()


@pytest.mark.parametrize(
    ("text", "line"),
    [("# A\n\n```sh\nrun\n", 3), ("~~~\n", 1), ("> a\n\n```\n~~~\n", 3), ("```a\n```\n````\n```\n", 3)],
)
def test_a_fence_that_is_never_closed_is_told(tmp_path: Path, text: str, line: int) -> None:
    with started(tmp_path, papers([1]), {"README.md": text.encode()}) as action:
        run = action.run()

        assert f"README.md, line {line}: a code block begins here and never ends" in run.log
        assert "a code block begins" not in action.run(readme="other.md").log
