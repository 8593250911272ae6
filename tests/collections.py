"""Collections made up for the tests of the files beside the page, and what hypothesis draws of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from digest.columns.code_links import CodeLink
from digest.export.collection import Collection, KeywordList, Record
from digest.papers import identifier
from sandbox.recorded import days
from tests.test_markdown import texts

if TYPE_CHECKING:
    from collections.abc import Sequence

TEX = [
    r"$N$-body | problems at 100% of $5 & R\&D: #1 foo_bar^2 {B}ERT \emph{and} {\bf more}",
    r"\input{/etc/passwd} \write18{rm} $\csname x\endcsname$ \def\x{\x}\x {\catcode`\@=11",
    r"An {unbalanced brace, \{ one that is none, and $x_{1$ } $\frac{a}{b}} $$z$$ \(y\) \[w\]",
    'Schr\\"odinger, Fran\\c cois, Erd{\\H o}s @ "home" \\ ~10 a~b -- --- `` \'\' \\\\ end\\',
    '=HYPERLINK("http://a.org","x") ; =1+1\t=2, @SUM(A1) \'quoted\' "',
    "control \0\x01\x1b[31m\x7f\x85 \ud800 \u202e\u2028 \ufffe line\r\nline\nline",
    "]]> </script> <!-- --> &amp; <b>bold</b> }} @misc{x, daily-papers",
]


def record(id_: str, version: int = 1, **fields: Any) -> Record:
    known = identifier(id_)
    when = datetime(known.month.year, known.month.month, 1, tzinfo=UTC) + timedelta(minutes=known.number)
    given: dict[str, Any] = {
        "title": f"Title of {id_}",
        "authors": ("Grace Kim", "Łukasz Wójcik"),
        "published": when,
        "updated": when + timedelta(days=version - 1),
        "categories": ("cs.CV", "cs.LG"),
        "keywords": ("Alpha",),
        "abstract": f"About {id_}.",
    }
    return Record(id=id_, version=version, **(given | fields))


def collection(*lists: Sequence[Record], updated: str = "2026-03-05") -> Collection:
    """A keyword a list: Alpha, Beta, Gamma and so on."""
    names = ("Alpha", "Beta", "Gamma", "Delta", "Epsilon")
    keywords = (
        KeywordList(name, f'all:"{name}"', tuple(one.id for one in listed))
        for name, listed in zip(names, lists, strict=False)
    )
    return Collection(updated, tuple(keywords), {one.id: one for listed in lists for one in listed})


def recorded(count: int = 200) -> list[Record]:
    """Papers of the recorded days, newest first."""
    entries = {entry.paper: entry for day in days() for entry in day.entries}
    found = sorted(entries.values(), key=lambda entry: identifier(entry.paper), reverse=True)[:count]
    return [
        Record(
            id=entry.paper,
            version=entry.version,
            title=entry.title,
            authors=entry.authors,
            published=entry.published.replace(microsecond=0),
            updated=entry.updated.replace(microsecond=0),
            categories=entry.categories,
            keywords=tuple(sorted(entry.keywords)),
            abstract=entry.abstract,
            comment=entry.comment,
        )
        for entry in found
    ]


MANY_AUTHORS = record("2603.03303", authors=tuple(f"First{number} Van Last{number}" for number in range(3303)))
OLD = record(
    "math.GT/0309136", doi="10.2140/gt.2003.7.1", journal="Geom. Topol. 7 (2003) 1-31", categories=("math.GT",)
)
FULL = record(
    "2510.22693",
    3,
    comment="12 pages, accepted at CVPR 2026",
    journal="J. Vis. 1 (2026)",
    doi="10.1000/x_y",
    code=(CodeLink("Code", "https://github.com/octo/papers"), CodeLink("Page", "https://octo.github.io/x")),
    venue="CVPR 2026 · oral",
)
HOSTILE = [
    record(
        f"2603.{90 + number:05}",
        title=text,
        authors=(text, text[:20]),
        abstract=text,
        comment=text,
        journal=text,
        doi=text,
        categories=(text,),
        keywords=(text,),
        venue=text,
    )
    for number, text in enumerate(TEX)
]
STRANGE = collection([FULL, OLD, MANY_AUTHORS, record("2603.00001", authors=(), title="", abstract="")], HOSTILE, [])
NOTHING = Collection("2026-03-05", (), {})
COLLECTIONS = {
    "nothing": NOTHING,
    "a keyword without papers": collection([]),
    "strange": STRANGE,
    "recorded": collection(recorded()),
}

strange_texts = texts | st.sampled_from(TEX)


@st.composite
def records(draw: st.DrawFn) -> Record:
    """A record in which strangers wrote all that strangers write."""
    text = strange_texts
    return record(
        draw(st.sampled_from(["2603.00001", "2603.00002", "2603.00010", "math.GT/0309136", "2510.22693"])),
        draw(st.integers(1, 12)),
        title=draw(text),
        authors=tuple(draw(st.lists(text, max_size=4))),
        abstract=draw(text),
        comment=draw(text),
        journal=draw(text),
        doi=draw(text),
        categories=tuple(draw(st.lists(text, max_size=2))),
        keywords=tuple(draw(st.lists(text, max_size=2))),
        venue=draw(text),
    )


collections = st.lists(records(), max_size=4, unique_by=lambda one: one.id).map(collection)
