"""A paper as arXiv's search has it: its texts cut into words and its names folded, once they are asked for. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from digest.text.tex_letters import letters
from digest.text.words import folded, stems, words, words_but_stop_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from digest.papers import Paper

FORMULA = re.compile(r"\$[^$]+\$")
_SUFFIX = re.compile(r"(?<=\S)(\s+\S+)\s+(?:I|II|III|IV|V|Sr\.?|Jr\.?)$", re.IGNORECASE)


class Text:
    """One text. Its lines of words have a blank before and behind each word, and `-` in the place of a stop word.

    Formulas are text like any other, besides: `$\\mathcal{O}(n)$` holds the words mathcal, o and n.
    """

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def formulas(self) -> frozenset[str]:
        return frozenset(FORMULA.findall(letters(self._text)))

    @cached_property
    def lower(self) -> str:
        return letters(self._text).lower()

    @cached_property
    def stems(self) -> str:
        return _line(stems(self.lower))

    @cached_property
    def words(self) -> str:
        return _line(words_but_stop_words(self.lower))

    @cached_property
    def all_words(self) -> str:
        return _line(words(self.lower))


def _line(found: Iterable[str | None]) -> str:
    return f" {' '.join([word or '-' for word in found])} "


@dataclass(frozen=True)
class Record:
    """A paper, and what only the harvest tells of it.

    paper: the paper; its text as the search gives it, or the harvest's, with TeX's accents
    report_number: its report numbers, empty where it has none; None where the source does not tell
    submitter: the name of who submitted it; None where the source does not tell
    """

    paper: Paper
    report_number: str | None = None
    submitter: str | None = None

    @cached_property
    def title(self) -> Text:
        return Text(self.paper.title)

    @cached_property
    def abstract(self) -> Text:
        return Text(self.paper.abstract)

    @cached_property
    def comment(self) -> Text:
        return Text(self.paper.comment)

    @cached_property
    def journal(self) -> Text:
        return Text(self.paper.journal)

    @cached_property
    def report(self) -> Text | None:
        return None if self.report_number is None else Text(self.report_number)

    @cached_property
    def authors(self) -> tuple[frozenset[str], ...]:
        """The words of each author's name."""
        return tuple(frozenset(folded(_tidy(name))) for name in self.paper.authors)

    @cached_property
    def people(self) -> frozenset[str]:
        """The words of all names, the authors' initials and the submitter's name."""
        initials = (word[0] for name in self.paper.authors for word in _tidy(name).split()[:-1])
        return frozenset().union(*self.authors, *map(folded, initials), folded(letters(self.submitter or "")))


def _tidy(name: str) -> str:
    """A name as arXiv takes it apart: a blank behind each dot, no Jr. (`arxiv/authors` of arXiv/arxiv-base)."""
    spaced = re.sub(r"\.(?=\S)", ". ", letters(name))
    return _SUFFIX.sub(r"\1", spaced)
