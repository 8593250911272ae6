"""`digest.columns.code_links`: what a paper names of its own code, and nothing else."""

from __future__ import annotations

import re
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.columns.code_links import code_links
from tests.labelled import PARTS, papers, precision_and_recall


def links(text: str) -> list[str]:
    return [f"{link.kind} {link.url.removeprefix('https://')}" for link in code_links("", text)]


@pytest.mark.parametrize("part", PARTS)
def test_labelled_papers(part: str) -> None:
    labelled = papers(part)
    found = [(p.id, link.kind, link.url) for p in labelled for link in code_links(p.comment, p.abstract)]
    precision, recall = precision_and_recall(found, [(p.id, *label) for p in labelled for label in p.code])
    assert precision >= 0.99, set(found) - {(p.id, *label) for p in labelled for label in p.code}
    assert recall >= 0.95


NAMED = [
    # however it is written
    ("Code: https://github.com/a/b", "Code github.com/a/b"),
    ("Code: http://github.com/a/b.", "Code github.com/a/b"),
    ("Code at github.com/a/b, data on request.", "Code github.com/a/b"),
    ("Code (www.github.com/a/b).The rest", "Code github.com/a/b"),
    ("Code: HTTPS://GitHub.com/A/b/", "Code github.com/A/b"),
    ("Code: https://github.com//a//b", "Code github.com/a/b"),
    # the end of a name
    ("at https://github.com/a/b.git.", "Code github.com/a/b"),
    ("at https://github.com/a/b.The model is", "Code github.com/a/b"),
    ("at https://github.com/a/b.Warning: this", "Code github.com/a/b"),
    ("at https://github.com/a/b.Net is", "Code github.com/a/b.Net"),
    ("at https://github.com/a/Dr.V.", "Code github.com/a/Dr.V"),
    ("at https://github.com/a/llama.cpp; soon", "Code github.com/a/llama.cpp"),
    ("at https://github.com/a/v2.5", "Code github.com/a/v2.5"),
    ("at https://github.com/a/bhttps://github.com/a/b", "Code github.com/a/b"),
    ("[code](https://github.com/a/b)", "Code github.com/a/b"),
    ('<a href="https://github.com/a/b">', "Code github.com/a/b"),
    # TeX
    (r"Code: \url{https://github.com/a/b\_c}.", "Code github.com/a/b_c"),
    (r"Code: \href{https://github.com/a/b}{GitHub}", "Code github.com/a/b"),
    (r"\href{https://github.com/a/b}{\textcolor{red}{https://github.com/a/b}}", "Code github.com/a/b"),
    (r"$\href{https://a.github.io/}{link}$", "Page a.github.io"),
    (r"available at~\texttt{github.com/a/b}", "Code github.com/a/b"),
    (r"\footnote{https://github.com/a/b}", "Code github.com/a/b"),
    (r"\href{https://github.com/a/b}", "Code github.com/a/b"),
    # broken by blanks
    ("at https: //github.com/a/b", "Code github.com/a/b"),
    ("at https://github. com/a/b", "Code github.com/a/b"),
    ("at https: // github. com/ a-b/ c-d.", "Code github.com/a-b/c-d"),
    ("at https://github.com/ a/b", "Code github.com/a/b"),
    ("at\nhttps://github.com/a/b\nand", "Code github.com/a/b"),
    # what lies in a repository
    ("https://github.com/a/b/tree/main", "Code github.com/a/b"),
    ("https://github.com/a/b/tree/master/", "Code github.com/a/b"),
    ("https://github.com/a/b/tree/main/c.", "Code github.com/a/b/tree/main/c"),
    ("https://github.com/a/b/tree/V2", "Code github.com/a/b/tree/V2"),
    ("https://github.com/a/b/blob/main/appendix.pdf", "Code github.com/a/b"),
    ("https://github.com/a/b/releases/tag/v1", "Code github.com/a/b"),
    ("https://github.com/a/b?tab=readme#use", "Code github.com/a/b"),
    ("https://github.com/a/a.github.io", "Code github.com/a/a.github.io"),
    # elsewhere
    ("https://gitlab.com/group/sub/b/-/tree/main", "Code gitlab.com/group/sub/b"),
    ("https://gitlab.com/a/b.git", "Code gitlab.com/a/b"),
    ("https://codeberg.org/a/b/src/branch/main", "Code codeberg.org/a/b"),
    ("https://bitbucket.org/a/b/src/master/", "Code bitbucket.org/a/b"),
    ("https://anonymous.4open.science/r/b-1A2B/README.md.", "Code anonymous.4open.science/r/b-1A2B"),
    ("https://huggingface.co/a/b-7B.", "Model huggingface.co/a/b-7B"),
    ("https://hf.co/a/b/tree/main", "Model huggingface.co/a/b"),
    ("https://huggingface.co/collections/a/b-1234", "Model huggingface.co/collections/a/b-1234"),
    ("https://A.github.io/", "Page a.github.io"),
    ("http://www.a.github.io/B/index.html.", "Page a.github.io/B/index.html"),
    # words that are not about others' work
    ("The code, built on PyTorch, is available at github.com/a/b", "Code github.com/a/b"),
    ("Videos collected from five sites. Project: https://a.github.io", "Page a.github.io"),
    ("is available at the following repository: github.com/a/b", "Code github.com/a/b"),
    ("We release a benchmark based on it, found at github.com/a/b", "Code github.com/a/b"),
    ("Code will be available at https://github.com/a/b", "Code github.com/a/b"),
]


@pytest.mark.parametrize(("text", "named"), NAMED)
def test_named(text: str, named: str) -> None:
    assert links(text) == [named]


@pytest.mark.parametrize(
    "text",
    [
        # an owner is no repository
        *("Code: https://github.com/a", "https://github.com/a/.", "github.com/a and github.com/b", "github.com"),
        *("https://huggingface.co/a", "https://gitlab.com/a", "our GitHub", "Anonymous Github Repo"),
        # no repositories
        *(
            "https://gist.github.com/a/1234",
            "https://github.com/topics/video",
            "https://github.com/orgs/a/repositories",
        ),
        *(
            "https://docs.github.com/en/rest",
            "https://notgithub.com/a/b",
            "me@github.com/a/b",
            "https://github.community/a/b",
        ),
        *("https://github.com/a/b/issues/3", "https://github.com/a/b/pull/3", "https://github.com/a/b/discussions/3"),
        "https://raw.githubusercontent.com/a/b/main/c",
        # no models
        *(
            "https://huggingface.co/datasets/a/b",
            "https://huggingface.co/spaces/a/b",
            "huggingface.co/papers/2501.00001",
        ),
        # placeholders, and names that are cut
        *("https://github.com/open_upon_acceptance", "https://github.com/xxx/xxx", "https://github.com/anonymous/code"),
        *("https://github.com/username/repository", "https://github.com/a/video-\nllama"),
        # others' work
        "Our method is built on https://github.com/a/b.",
        "It is based on the toolkit of Li et al. (https://github.com/a/b), which",
        "We train it using Megatron (github.com/a/b).",
        "We take 27 datasets from the collection (https://github.com/a/b), spanning",
        "We extend VTAB (github.com/a/b) by ten tasks",
        "The code is forked from https://github.com/a/b",
        "incorporated in lmms-eval (https://github.com/a/b)",
        "Unlike LLaVA (https://a.github.io), it",
        "Compared with SAM (https://github.com/a/b) it",
        # nowhere in particular
        *(
            "https://a.gitlab.io/b",
            "https://osf.io/a1b2",
            "https://github.io/a",
            "Code will be released upon acceptance.",
        ),
        *("http://x", "", "https://", r"\url{}", r"\href{}{}"),
    ],
)
def test_not_named(text: str) -> None:
    assert links(text) == []


def test_what_the_comment_names_comes_first_and_two_are_enough() -> None:
    found = code_links("Page: https://a.github.io/p", "Code: github.com/a/p, weights: https://huggingface.co/a/p")
    assert [link.kind for link in found] == ["Page", "Code"]


@pytest.mark.parametrize(
    ("comment", "abstract"),
    [
        ("https://github.com/a/b", "http://www.github.com/A/B.git"),
        ("https://github.com/a/b", "https://github.com/a/b/tree/dev/c"),
        ("https://a.github.io/b/", "https://A.github.io/b"),
        ("https://huggingface.co/a/b", "https://hf.co/a/b"),
    ],
)
def test_each_place_once(comment: str, abstract: str) -> None:
    assert len(code_links(comment, abstract)) == 1
    assert code_links(comment, abstract) == code_links(comment, "")


PIECES = (
    *(
        "https://github.com/",
        "github. com/",
        "a.github.io/",
        "huggingface.co/",
        "gitlab.com/",
        "/tree/",
        "a",
        "B-",
        "/",
        ".",
    ),
    *(
        ".git",
        ",",
        " ",
        "\n",
        "\\url{",
        "\\href{",
        "}",
        "{",
        "\\_",
        "$",
        "%",
        "~",
        ":",
        "based on ",
        "datasets",
        "é",
        "\0",
    ),
)
CLEAN = re.compile(
    r"https://(github\.com/[\w-]+/[\w.-]+(/tree(/[\w.~%+=-]+)+)?|gitlab\.com(/[\w.~%+=-]+){2,}"
    r"|(codeberg|bitbucket)\.org/[\w-]+/[\w.~%+=-]+|anonymous\.4open\.science/\w+/[\w.~%+=-]+"
    r"|huggingface\.co(/[\w.~%+=-]+){2,3}|[a-z0-9-]+\.github\.io(/[\w.~%+=-]+)*)",
    re.ASCII,
)


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text(), st.text(max_size=50))
def test_any_text_gives_at_most_two_clean_addresses(comment: str, abstract: str) -> None:
    found = code_links(comment, abstract)
    assert len(found) == len({link.url.lower() for link in found}) <= 2
    assert all(CLEAN.fullmatch(link.url) for link in found)


def seconds(text: str) -> float:
    best = float("inf")
    for _ in range(3):
        start = process_time()
        code_links(text, text)
        best = min(best, process_time() - start)
    return best


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "github.com/a/",
            "github. com / a / ",
            "https://github.com/",
            "a-",
            "/a",
            "github",
            "a.github.io/b/",
            "based on ",
        ),
        *("\\href{github.com/", "huggingface.co/datasets/a/b ", ". ", "www.", "gitlab.com/a/b/c ", "a.github.io "),
    ],
)
def test_long_text_takes_linear_time(piece: str) -> None:
    text = piece * (8_000 // len(piece))
    # A busy machine may be slow once; what grows too fast does so with longer texts too.
    assert any(seconds(longer * 4) <= 5 * seconds(longer) + 0.01 for longer in (text, text * 4))
