"""Two lines of `files` that could lead to one file are found before anything is asked."""

from __future__ import annotations

import pytest

from digest.export.clashes import clashes

HEADINGS = ["Alpha", "2026-03", "Archive"]


def told(*patterns: str, readme: str = "README.md", headings: list[str] = HEADINGS) -> list[str]:
    return list(clashes(readme, patterns, headings))


def test_headings_that_would_be_one_file() -> None:
    headings = ["LLM", "VLM", "llm", "A/B", "A:B", "Straße", "STRASSE", "C", "C."]
    assert told("{{ heading }}.md", headings=headings) == [
        f"'{{{{ heading }}}}.md': {first} and {second} would be one file"
        for first, second in (("LLM", "llm"), ("A/B", "A:B"), ("Straße", "STRASSE"), ("C", "C."))
    ]
    assert told("{{ heading }}.md", headings=["LLM", "VLM", "A", "B"]) == []
    assert told("{{ heading }}-{{ year }}.bib", headings=["x 2026", "x 1999"]) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("a.json", "A.json"),
        ("{{ heading }}.md", "alpha.md"),
        ("{{ year }}.json", "2026.json"),
        ("{{ year }}.json", "2026-PART2.json"),
        ("a/{{ year }}-{{ month }}.bib", "A/2026-03.bib"),
        ("a/{{ year }}-{{ month }}.bib", "a/{{ heading }}.bib"),
        ("{{ year }}-{{ month }}.csv", "{{year}}-{{month}}.csv"),
        ("{{ year }}.csv", "{{ year }}-part{{ month }}.csv"),
        ("x{{ year }}{{ month }}.csv", "x{{ month }}{{ year }}.csv"),
    ],
)
def test_lines_that_could_be_one_file(first: str, second: str) -> None:
    assert told(first, second) == [f"{second!r} is the path of {first!r} too: choose another path"]
    assert told(second, first) == [f"{first!r} is the path of {second!r} too: choose another path"]


@pytest.mark.parametrize(
    "patterns",
    [
        ("a/{{ year }}.csv", "a/{{ year }}-{{ month }}.csv"),
        ("a/{{ year }}.csv", "a/{{ year }}.bib", "a/{{ year }}.json", "a/{{ year }}.md"),
        ("{{ heading }}/{{ year }}.csv", "{{ heading }}.csv"),
        ("a/{{ year }}.csv", "a/202x.csv", "a/26.csv", "a/2026-3.csv"),
        ("a/{{ year }}.md", "b/{{ year }}.md", "{{ year }}.md"),
        ("2025.csv", "2026.csv"),
    ],
)
def test_lines_that_cannot(patterns: tuple[str, ...]) -> None:
    assert told(*patterns) == []


@pytest.mark.parametrize("pattern", [".github/{{ year }}.md", ".GitHub/{{ year }}-{{ month }}.md"])
def test_an_index_that_github_would_show_as_the_repositorys_readme(pattern: str) -> None:
    (sentence,) = told(pattern, ".github/{{ year }}.csv")
    assert sentence.startswith(f"the index of {pattern!r} is what GitHub would show as the repository's README: ")
    assert told(".github/a/{{ year }}.md", "docs/{{ year }}.md") == []


@pytest.mark.parametrize("readme", ["2026.md", "x/2026-part3.md"])
def test_the_page_itself(readme: str) -> None:
    folder = readme.rpartition("/")[0]
    pattern = f"{folder}/{{{{ year }}}}.md" if folder else "{{ year }}.md"
    assert told(pattern, readme=readme) == [f"{pattern!r} is the path of readme too: choose another path"]


OWN = "give each archive a folder of its own"


@pytest.mark.parametrize(
    ("patterns", "readme", "sentence"),
    [
        (["docs/{{ year }}.md"], "Docs/readme.md", "'docs/{{ year }}.md', docs/README.md, is the path of readme too"),
        (["{{ year }}.md", "{{ heading }}.md"], "README.md", "archive.md, is the path of '{{ heading }}.md' too"),
        (
            ["a/{{ year }}.md", "a/{{ year }}-{{ month }}.md"],
            "README.md",
            "a/README.md, is the path of the index of 'a/{{ year }}.md', a/README.md, too",
        ),
    ],
)
def test_an_index_takes_no_place_of_another(patterns: list[str], readme: str, sentence: str) -> None:
    (found,) = told(*patterns, readme=readme)
    assert found.startswith("the index of ")
    assert found.endswith(f"{sentence}: {OWN}")
