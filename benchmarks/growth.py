"""How what reads strangers' and users' text grows: text four times as long may take at most five times as long.

`python -m benchmarks.growth` tries every case at full length; `tests/test_growth.py` at a small one.
"""

from __future__ import annotations

import gc
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import TYPE_CHECKING, TypeAlias

from digest import actions, converters, inputs, zones
from digest.composition import Composition, RunContext, composition
from digest.errors import BrokenSection, TemplateFailed
from digest.listing import listings, questions
from digest.page.cells import Row
from digest.page.fill import fill
from digest.page.former_rows import read_rows
from digest.page.render import builtin, table_head
from digest.page.template_view import Text
from digest.papers import Bounds, Paper, identifier
from digest.query.advice import advice, advice_on_excluded
from digest.query.match import match
from digest.query.parser import parse, read_line
from digest.query.record import Record
from digest.query.tree import QueryError
from digest.section import document, section
from digest.section.markers import markers
from digest.sources.authors import names
from digest.sources.source import Answer
from digest.text import markdown, plain_text, tex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Case: TypeAlias = tuple[Callable[[str], object], Callable[[int], str]]

FACTOR, MOST = 4, 5.0
LENGTH = 25_000
_TRIES = 4
_NOW = datetime(2026, 6, 1, tzinfo=UTC)
_BOUNDS = Bounds(_NOW)

# What is said again and again: in what strangers write, in a file, and in a user's inputs.
_TEXTS = [
    *(
        "a",
        " ",
        "#",
        "-",
        "=",
        ":",
        "`",
        "``",
        "```",
        "~",
        "*",
        "_",
        "__",
        "a_",
        "\\",
        "|",
        "&",
        "&a",
        "@",
        "@a-",
        "@a.1",
        ":a",
        "$",
    ),
    *(
        "(www.",
        "_www.a_",
        "www.a.b/(",
        "www.a)",
        "https://",
        "https://a.",
        "https://a.b....",
        "https://a.b/_www.c",
        "https://a.b/[(",
    ),
    *(
        "1a2",
        "0a",
        "gh-1",
        "![",
        "[(",
        "](",
        "<",
        "<!--",
        "{",
        "{{",
        "{%",
        "\u0301",
        "e\u0301",
        "\u0e49",
        "\u0f74\u200d",
        "\u200d",
    ),
    *(
        "\u2060",
        "\u3164",
        "\u1100\u1161",
        "👩\u200d",
        "🇩🇪",
        "ü",
        "中",
        "\n",
        "\u2028",
        "::",
        "##[",
        "#\u2060",
        "github.com/a/b/issues/1 ",
    ),
]
_TEX = [
    *(
        "{",
        "}",
        "$",
        "$a",
        "$$",
        "$a b$",
        "``",
        "`` a",
        "''",
        "--",
        "---a",
        "\\",
        "\\\\",
        "\\frac{",
        "\\frac",
        "{\\it ",
        "\\'",
        "\\v ",
        "\\'{",
    ),
    *(
        "$^",
        "\\hat",
        "$\\hat",
        "x_{",
        "~",
        "\\href{",
        "\\(",
        "\\(a",
        "\\sqrt[",
        "\\foo[",
        "\\foo{",
        "\\cite[a]",
        "\\not",
        "\\left",
        "{A",
    ),
]
_FILE = [
    *(
        "```\n",
        "~~~\n",
        "> ```\n",
        "- ```\n",
        "`" * 3 + "a",
        "<!--",
        "<!-- x:start -->\n",
        "<!-- x:start --> <!-- x:end -->\n",
        "- ",
        "1. ",
    ),
    *(
        "<!-- x:list ",
        "<!-- x:memory ",
        "https://arxiv.org/abs/2601.00001v1 ",
        "| **[a](https://arxiv.org/abs/2601.00001v1)** |\n",
    ),
    *("**[", "](https://arxiv.org/abs/", "\n## a\n", "\r\n", "<!-- daily-papers:memory 1 {", "-->"),
]
_INPUT = [
    "a ",
    "a",
    "(",
    ")",
    "((a) ",
    '"',
    '"a" ',
    "ti:",
    "a OR ",
    "a AND ",
    "NOT ",
    "a, ",
    "，",
    "| ",
    "*",
    "a: ",
    ":",
    "/",
    "./",
    "a/",
    "cs.",
    "*.",
]

_ROWS = [
    "|",
    "\\|",
    "| a ",
    "<details><summary>Show</summary><p>",
    "</p></details>",
    " · 2026-01-01",
    "v1)",
    "| a |\n",
    "- a\n",
]
_NAMES = ["A, ", "A.", "A and ", "(", ")", "(a) ", ")a", "Jr., ", "a Jr.", " a", " ", ":", "et al., ", "&", "{", "\\'"]
_WORDS = [
    "a",
    "a ",
    "a.",
    "a'",
    "1,",
    "_",
    "'s",
    "$",
    "$a$ ",
    "\\",
    "\\'{",
    "{\\o}",
    "ü",
    "中",
    "カ",
    "ก",
    "e\u0301",
    "²",
    "running ",
]
_CELLS = ["a", "|", "\n", "<", "`", "{$"]
_ZONES = ["a", "a/", " ", "+", "UTC", "Asia/", "etc/gmt", "0"]
_ONE_LINE = ["a", " ", "{", "{{", "{{ ", "{{ new }}", "{{ a", "}}", "{%"]


def _lenient(function: Callable[[str], object]) -> Callable[[str], object]:
    """The function, which may refuse what it is given."""

    def tried(text: str) -> object:
        try:
            return function(text)
        except (ValueError, BrokenSection, QueryError, TemplateFailed):
            return None

    return tried


def _advised(line: str) -> None:
    advice(line, read_line(line)[1], alone=True)


def _summary(text: str) -> None:
    with TemporaryDirectory() as scratch:
        actions.summary(Path(scratch) / "summary", "", text)


def _paper(number: int, text: str) -> Paper:
    """A paper all of whose texts say the same."""
    return Paper(identifier(f"2605.{number:05}"), 1, text, text, (text,), _NOW, _NOW, ("cs.CV",), text, text)


def _row(template: str) -> Callable[[str], object]:
    columns = ("title", "authors", "abstract", "comment", "categories")
    return lambda text: builtin(template)([Row(_paper(1, text), "2026-06-01")], columns, "")


def _former(text: str) -> object:
    """A table and a list of items that people edited."""
    columns = ("title", "date", "abstract")
    table = "\n".join((*table_head(columns), *(f"| {line}" for line in text.split("\n"))))
    items = "\n".join(f"- {line}" for line in text.split("\n"))
    found = [
        read_rows(section.Block("", "", None, None, (), "", shown), template, columns)
        for template, shown in (("table", table), ("list", items))
    ]
    return [row.without_abstract for rows in found for row in rows or ()]


_EMPTY = "<!-- daily-papers:start -->\n<!-- daily-papers:end -->\n"
_INPUTS = {
    "INPUT_KEYWORDS": "Alpha",
    "INPUT_MAX-RESULTS": "2000",
    "INPUT_MAX-BYTES": "10000",
    "INPUT_TOKEN": "token",
    "GITHUB_REPOSITORY": "octo/papers",
    "GITHUB_REF": "refs/heads/main",
}


def _page(text: str) -> Composition:
    """A page of as many papers as the text is long, which `max-bytes` cuts."""
    config = inputs.parse(_INPUTS)
    papers = tuple(_paper(number, text[at : at + 500]) for number, at in enumerate(range(0, len(text), 500), 1))
    answers = {question: Answer(papers, len(papers), len(papers)) for question in questions(config)}
    page = document.parse(_EMPTY.encode(), config.readme, config.section, _BOUNDS)
    context = RunContext(config, builtin("table"), _NOW.date(), int(_NOW.timestamp()), "", _BOUNDS)
    made = composition(context, page, page.section.memory, listings(answers, page.section, config))
    made.section(made.truncation(()), ())
    return made


_QUERY = parse('ti:a OR abs:"a b" OR au:"a b" OR co:"a b" OR jr:a OR rn:a OR all:"a b" OR abs:zz* OR ti:"$x$"')


_READERS: dict[str, tuple[Callable[[str], object], list[str]]] = {
    "markdown.inline": (markdown.inline, [*_TEXTS, *_TEX]),
    "markdown.heading": (markdown.heading, _TEXTS),
    "markdown.summary": (lambda text: markdown.summary(text, 5), _TEXTS),
    "markdown.between": (lambda text: markdown.between(text, linked=True), _TEXTS),
    "tex.readable": (tex.readable, _TEX),
    "plain_text.clean": (plain_text.clean, _TEXTS),
    "plain_text.issue_title": (plain_text.issue_title, _TEXTS),
    "plain_text.commit_message": (plain_text.commit_message, _TEXTS),
    "plain_text.log_line": (plain_text.log_line, _TEXTS),
    "plain_text.shorten": (lambda text: plain_text.shorten(text, 5), _TEXTS),
    "template_view.Text": (lambda text: Text(text).__html__(), _TEXTS),
    "actions.summary": (_summary, ["`", "``` ", "````a", "a\n"]),
    "render.table": (_row("table"), _CELLS),
    "render.list": (_row("list"), _CELLS),
    "former_rows.read_rows": (_former, _ROWS),
    "composition": (_page, _CELLS),
    "fill": (_lenient(lambda text: fill(text, "issue-title", date="2026-06-01", new=1, papers=1)), _ONE_LINE),
    "zones.meant": (zones.meant, _ZONES),
    "authors.names": (names, _NAMES),
    "match": (lambda text: match(_QUERY, Record(_paper(1, text), text, text)), [*_WORDS, *_NAMES]),
    "section.markers": (lambda text: markers(text, "x"), _FILE),
    "section.read": (lambda text: section.read(text, "x", _BOUNDS), _FILE),
    "query.parse": (_lenient(parse), _INPUT),
    "query.read_line": (_lenient(read_line), _INPUT),
    "query.advice": (_lenient(_advised), _INPUT),
    "query.advice_on_excluded": (_lenient(advice_on_excluded), _INPUT),
    "converters.items": (lambda text: list(converters.items(text)), _INPUT),
    "converters.entry": (_lenient(converters.entry), _INPUT),
    "converters.category": (_lenient(converters.category), _INPUT),
    "converters.path": (_lenient(converters.path_in_repository), _INPUT),
    "converters.address": (_lenient(converters.address), ["https://a.", *_INPUT]),
}


def _repeated(piece: str) -> Callable[[int], str]:
    """Text of that length; what it ends with is where many an expression fails at last."""
    return lambda length: f"See {piece * max(1, length // len(piece))} ü"


CASES: dict[str, Case] = {
    f"{name} of {piece!r}": (function, _repeated(piece))
    for name, (function, pieces) in _READERS.items()
    for piece in pieces
}


def growth(name: str, length: int = LENGTH) -> float:
    """How many times as long a case takes where its text is four times as long: the least of a few tries, since a busy
    machine only ever adds."""
    function, made = CASES[name]
    short, long = made(length), made(FACTOR * length)
    shortest = longest = float("inf")
    for tries in range(_TRIES):
        shortest, longest = min(shortest, _seconds(function, short)), min(longest, _seconds(function, long))
        # A short text that was held up would hide how it grows.
        if tries and longest <= MOST * shortest:
            break
    return longest / shortest


def _seconds(function: Callable[[str], object], text: str) -> float:
    # The collector of garbage looks through all that the process holds, for one text and not for another.
    gc.disable()
    try:
        started = process_time()
        function(text)
        took = process_time() - started
    finally:
        gc.enable()
    # What takes less tells nothing.
    return max(took, 0.0005)


def too_fast(length: int = LENGTH) -> Iterator[str]:
    """The cases that grow faster than they may.

    What seems to is tried once more when all others were, in longer texts: whatever held the machine up is over by
    then, and what does grow too fast does so there as well.
    """
    for name in [name for name in CASES if growth(name, length) > MOST]:
        factor = growth(name, FACTOR * length)
        if factor > MOST:
            yield f"{name}: {factor:.1f} times as long for a text {FACTOR} times as long"


def main() -> int:
    """1 where a case grows faster than it may."""
    found = list(too_fast())
    print("\n".join(found) or f"{len(CASES)} cases: none grows faster than {MOST:.0f} for {FACTOR}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
