"""How the action is laid out: imports point one way, and only the edges know the network, the environment, a clock.

What CONTRIBUTING.md says of the files, held to the code.
"""

from __future__ import annotations

import ast
import re
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# The middle: pure, so that it can be tested without a server.
PURE = (
    *("query", "text", "section", "page", "export"),
    *(
        "papers",
        "config",
        "converters",
        "listing",
        "git",
        "snapshot",
        "obstacles",
        "edition",
        "composition",
        "change",
        "announcement",
        "news",
        "remarks",
        "issue",
        "standing",
        "proposal",
        "current_page",
    ),
)


def name_of(module: Path) -> str:
    return ".".join(module.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


TREES = {name_of(module): ast.parse(module.read_text("utf-8")) for module in sorted((ROOT / "digest").rglob("*.py"))}


def imported(tree: ast.AST) -> set[str]:
    """The modules that it imports when it runs; those for types alone are left out."""
    for_types = {
        node
        for check in ast.walk(tree)
        if isinstance(check, ast.If) and ast.unparse(check.test) == "TYPE_CHECKING"
        for node in ast.walk(check)
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        if node in for_types:
            continue
        if isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= inner & TREES.keys() or {node.module}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


IMPORTS = {name: imported(tree) for name, tree in TREES.items()}


def importers_of(*packages: str) -> set[str]:
    return {name for name, found in IMPORTS.items() for module in found if module.partition(".")[0] in packages}


def test_imports_never_go_in_a_circle() -> None:
    TopologicalSorter({name: found & TREES.keys() for name, found in IMPORTS.items()}).prepare()


def test_folders_do_not_either() -> None:
    folders: dict[str, set[str]] = {}
    for name, found in IMPORTS.items():
        own = ".".join(name.split(".")[:2])
        others = {".".join(module.split(".")[:2]) for module in found & TREES.keys()}
        folders.setdefault(own, set()).update(others - {own})
    TopologicalSorter(folders).prepare()


def test_only_the_edges_talk_to_somebody() -> None:
    assert {name.rpartition(".")[0] for name in importers_of("requests", "arxiv")} == {
        "digest.sources",
        "digest.repository",
    }
    assert {name.rpartition(".")[0] for name in importers_of("github")} == {"digest.repository"}


@pytest.mark.parametrize("name", [name for name in TREES if name.split(".")[1:2] and name.split(".")[1] in PURE])
def test_the_middle_knows_no_clock_and_no_environment(name: str) -> None:
    assert not IMPORTS[name] & {"os", "random", "subprocess", "threading"}
    assert not [node for node in ast.walk(TREES[name]) if isinstance(node, ast.Call) and _tells_time(node)]
    # `source` holds only what is asked and answered.
    edges = {module for module in IMPORTS[name] if module.startswith(("digest.sources", "digest.repository"))}
    assert edges <= {"digest.sources.source"}


def _tells_time(call: ast.Call) -> bool:
    return ast.unparse(call.func) in ("datetime.now", "datetime.today", "date.today", "time.time", "time")


def reached(name: str) -> set[str]:
    """Every module of ours that it needs, directly or not."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        new = IMPORTS[waiting.pop()] & TREES.keys() - found
        found |= new
        waiting += new
    return found


def test_the_network_knows_no_markdown() -> None:
    edges = [name for name in TREES if name.startswith(("digest.repository.", "digest.sources."))]
    assert edges
    assert {name for name in edges if {"digest.text.markdown", "digest.page.cells"} & reached(name)} == set()


def test_what_speaks_to_the_runner_knows_no_papers() -> None:
    assert not {"digest.papers", "digest.edition", "digest.listing"} & reached("digest.actions")


def test_text_becomes_bytes_at_one_place() -> None:
    writers = {name for name, tree in TREES.items() if '"surrogateescape"' in ast.unparse(tree).replace("'", '"')}
    assert writers == {"digest.section.document"}


def test_where_a_run_reads_writes_and_links_are_three() -> None:
    users = {name for name, tree in TREES.items() if "config.branch" in ast.unparse(tree)}
    assert users == set()


def test_the_tower_of_imports_is_no_higher_than_it_was() -> None:
    height: dict[str, int] = {}
    for name in TopologicalSorter({name: found & TREES.keys() for name, found in IMPORTS.items()}).static_order():
        height[name] = 1 + max((height[below] for below in IMPORTS[name] & TREES.keys()), default=0)
    assert max(height.values()) <= 10, height


def test_the_environment_is_handed_in_by_the_entry_point() -> None:
    assert [name for name, found in IMPORTS.items() if "os" in found] == ["digest.cancelled"]
    readers = [name for name, tree in TREES.items() if re.search(r"environ\b|getenv", ast.unparse(tree))]
    assert readers == ["digest.inputs", "digest.reader"]
