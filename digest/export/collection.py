"""What the files beside the page hold: the keywords with their lists, and each paper once. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.papers import Paper, identifier

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from digest.columns.code_links import CodeLink


@dataclass(frozen=True)
class Record:
    """A paper as the files hold it: strangers' text as arXiv gives it, without control characters.

    id: identifier without version
    version: from 1
    title: one line
    authors: names in order
    published: when version 1 was submitted, in UTC
    updated: when this version was submitted, in UTC
    categories: the primary one first
    keywords: the headings that found it
    abstract: may hold line breaks and TeX
    comment: the authors' comment, "" where there is none
    journal: the journal reference, "" where there is none
    doi: "" where there is none
    code: what the paper names of its own, two at most
    venue: where it was accepted, "" where it does not say
    """

    id: str
    version: int
    title: str
    authors: tuple[str, ...]
    published: datetime
    updated: datetime
    categories: tuple[str, ...]
    keywords: tuple[str, ...]
    abstract: str = ""
    comment: str = ""
    journal: str = ""
    doi: str = ""
    code: tuple[CodeLink, ...] = ()
    venue: str = ""

    @property
    def url(self) -> str:
        return f"https://arxiv.org/abs/{self.id}v{self.version}"

    @property
    def pdf(self) -> str:
        return f"https://arxiv.org/pdf/{self.id}v{self.version}"

    @property
    def paper(self) -> Paper:
        """As the page's cells take it."""
        return Paper(
            id=identifier(self.id),
            version=self.version,
            title=self.title,
            abstract=self.abstract,
            authors=self.authors,
            published=self.published,
            updated=self.updated,
            categories=self.categories,
            comment=self.comment,
            journal=self.journal,
            doi=self.doi,
        )


@dataclass(frozen=True)
class KeywordList:
    """A keyword's list.

    heading: as it stands on the page
    query: as arXiv was asked
    papers: identifiers without version, newest first
    """

    heading: str
    query: str
    papers: tuple[str, ...]


@dataclass(frozen=True)
class Collection:
    """All that is listed.

    updated: the day of the run, YYYY-MM-DD
    keywords: in the order of the input
    papers: by identifier, in the order in which the lists name them
    """

    updated: str
    keywords: tuple[KeywordList, ...]
    papers: Mapping[str, Record]
