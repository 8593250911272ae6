"""The form `.bib`: bibtexparser and pybtex read what was written, names fall where they belong, and no TeX acts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from bibtexparser.entrypoint import parse_string as parsed
from hypothesis import given
from pybtex.database import Person, parse_string

from digest.export.bibtex import write
from digest.export.bibtex_names import author
from digest.text.tex_source import printable
from tests.collections import COLLECTIONS, FULL, MANY_AUTHORS, OLD, collection, collections, record, strange_texts

if TYPE_CHECKING:
    from digest.export.collection import Collection

ACTS = re.compile(
    r"\\(?:input|include|write|openout|openin|read|csname|expandafter|def|edef|gdef|let|catcode|special|immediate|loop"
    r"|newcommand|renewcommand|usepackage|begin|end|cite[a-z]*|ref|url|href|verb|makeatletter|directlua)(?![a-zA-Z])"
)


def test_an_entry_word_for_word() -> None:
    assert write(collection([FULL])).decode("utf-8") == (
        "% daily-papers: updated 2026-03-05, written by a program. What is changed here is written over.\n"
        "\n"
        "@misc{arxiv:2510.22693,\n"
        "  title = {{Title of 2510.22693}},\n"
        "  author = {Grace Kim and {\\L}ukasz W{\\'o}jcik},\n"
        "  year = {2025},\n"
        "  month = oct,\n"
        "  eprint = {2510.22693},\n"
        "  archiveprefix = {arXiv},\n"
        "  primaryclass = {cs.CV},\n"
        "  doi = {10.1000/x_y},\n"
        "  url = {https://arxiv.org/abs/2510.22693v3},\n"
        "  note = {J. Vis. 1 (2026)},\n"
        "  keywords = {Alpha},\n"
        "}\n"
    )


@pytest.mark.parametrize("name", COLLECTIONS)
def test_two_readers_find_every_paper(name: str) -> None:
    made = COLLECTIONS[name]
    both_find(made, write(made).decode("utf-8"))


@given(collections)
def test_strangers_text_stays_in_its_field(made: Collection) -> None:
    both_find(made, write(made).decode("utf-8"))


def both_find(made: Collection, text: str) -> None:
    library = parsed(text)
    assert not library.failed_blocks
    assert [entry.key for entry in library.entries] == [f"arxiv:{id_}" for id_ in made.papers]
    entries = parse_string(text, "bibtex").entries
    for entry, one in zip(entries.values(), made.papers.values(), strict=True):
        assert (entry.fields["eprint"], entry.fields["url"]) == (one.id, one.url)
        assert (entry.fields["year"], entry.fields["month"]) == (f"{one.published:%Y}", f"{one.published:%B}")
        assert len(entry.persons.get("author", [])) == sum(1 for name in one.authors if author(name))
        assert {name.lower() for name in entry.fields} <= {
            *("title", "year", "month", "eprint", "archiveprefix", "primaryclass", "doi", "url", "note", "keywords"),
        }
    assert text.count("\n@misc{") == len(made.papers)


def test_old_identifiers_and_three_thousand_authors() -> None:
    old, many = parse_string(write(collection([OLD, MANY_AUTHORS])).decode(), "bibtex").entries.values()
    assert (old.fields["eprint"], old.fields["primaryclass"], old.fields["doi"]) == (OLD.id, "math.GT", OLD.doi)
    assert len(many.persons["author"]) == 3303


@pytest.mark.parametrize(
    ("doi", "kept"),
    [
        ("10.1000/a_b 10.1000/c", "10.1000/a_b"),
        ("10.1002/(SICI)1097<1::AID>3.0.CO;2-X", "10.1002/(SICI)1097<1::AID>3.0.CO;2-X"),
        ("https://doi.org/10.1000/x", "10.1000/x"),
        ("10.1000/x}, note = {y", "10.1000/x"),
        ("x", None),
    ],
)
def test_a_doi_is_written_as_it_is_or_not_at_all(doi: str, kept: str | None) -> None:
    (entry,) = parse_string(write(collection([record("2603.00001", doi=doi)])).decode(), "bibtex").entries.values()
    assert entry.fields.get("doi") == kept


@pytest.mark.parametrize(
    ("name", "first", "particle", "last", "suffix"),
    [
        ("Grace Kim", "Grace", "", "Kim", ""),
        ("J. R. Thornton", "J. R.", "", "Thornton", ""),
        ("Maria del Mar Ruiz", "Maria", "del", "Mar Ruiz", ""),
        ("Zoe van der Berg", "Zoe", "van der", "Berg", ""),
        ("Martin Luther King, Jr.", "Martin Luther", "", "King", "Jr."),
        ("Martin Luther King Jr", "Martin Luther", "", "King", "Jr"),
        ("Ana de la Cruz III", "Ana", "de la", "Cruz", "III"),
        ("bell hooks", "bell", "", "hooks", ""),
        ("de Finetti", "", "de", "Finetti", ""),
        ("The ATLAS Collaboration", "", "", "{The ATLAS Collaboration}", ""),
        ("Smith and Jones", "", "", "{Smith and Jones}", ""),
        ("Kim, Grace", "", "", "{Kim, Grace}", ""),
        ("others", "", "", "{others}", ""),
        ("Smith Jr.", "", "", "{Smith Jr.}", ""),
        ("OpenAI", "", "", "OpenAI", ""),
        ("山田 太郎", "山田", "", "太郎", ""),
        (r"Fran\c cois {\'E}luard", r"Fran{\c c}ois", "", r"{\'E}luard", ""),
        ("Łukasz Ñandú", r"{\L}ukasz", "", r"{\~N}and{\'u}", ""),
        ("Nguyễn Hoa", r"Nguy{\~{\^e}}n", "", "Hoa", ""),
        ("A. {B} C\\", "A. B", "", "C", ""),
    ],
)
def test_names_are_split_as_they_are_meant(name: str, first: str, particle: str, last: str, suffix: str) -> None:
    person = Person(author(name))
    parts = (person.first_names + person.middle_names, person.prelast_names, person.last_names, person.lineage_names)
    assert tuple(map(" ".join, parts)) == (first, particle, last, suffix)


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("100% of R&D: #1 foo_bar^2", r"100\% of R\&D: \#1 foo\_bar\textasciicircum{}2"),
        (r"100\% of R\&D: \#1 foo\_bar", r"100\% of R\&D: \#1 foo\_bar"),
        ("$N$-body | $x_{1}^2$ & $5", r"$N$-body \textbar{} $x_{1}^2$ \& \$5"),
        (r"\emph{A} {\bf b} \'e {\"o} \c{c} \v s \o", r"\emph{A} {\bf b} \'e {\"o} \c{c} \v s \o"),
        (r"\alpha-Divergence of $\alpha$", r"$\alpha$-Divergence of $\alpha$"),
        (r"\(a\) and $$b$$", "$a$ and $b$"),
        ("{A", r"\textbraceleft{}A"),
        ("A} {b", r"A\textbraceright{} \textbraceleft{}b"),
        (r"\{A", r"\textbraceleft{}A"),
        (r"$\left\{ x \right\}$", r"$\left\lbrace{} x \right\rbrace{}$"),
        (r"\input{x}", r"\textbackslash{}input{x}"),
        (r"$\csname x\endcsname$", r"$\mathrm{csname} x\mathrm{endcsname}$"),
        ("$x^^5cinput$", "$x^5cinput$"),
        ("end\\", r"end\textbackslash{}"),
        ("a~b or ~10", r"a~b or \textasciitilde{}10"),
        (r"one \\ two", "one   two"),
    ],
)
def test_tex_stays_tex_where_it_prints(text: str, source: str) -> None:
    assert printable(text) == source


@given(strange_texts)
def test_tex_is_balanced_and_does_not_act(text: str) -> None:
    source = printable(text)
    depth = 0
    for brace in re.findall("[{}]", source):
        depth += 1 if brace == "{" else -1
        assert depth >= 0
    assert depth == 0
    bare = re.sub(r"\\.", "", source, flags=re.DOTALL)
    assert not re.search("[%#&]", bare)
    assert bare.count("$") % 2 == 0
    assert not source.endswith("\\") or source.endswith("\\\\")
    assert "^^" not in source
    assert not ACTS.search(source)


@pytest.mark.parametrize("command", ["input", "write", "def", "csname", "catcode", "begin", "end", "cite", "directlua"])
@pytest.mark.parametrize("place", [r"\{}", r"${{\{}}}$ x", r"\(\{} x_1\)", r"\emph{{\{}}}", r"\text{{$\{}_1$}}"])
def test_no_command_that_acts_is_kept(command: str, place: str) -> None:
    assert not ACTS.search(printable(place.format(command)))


def test_a_title_that_begins_with_a_command_keeps_its_capitals() -> None:
    # To BibTeX, `{\` on the outermost level begins a letter that a style may write small, to the closing brace.
    text = write(collection([record("2603.00001", title=r"\'Etude of BERT")])).decode()
    assert r"title = {{{}\'Etude of BERT}}," in text
