"""The file as it would be, cut as far as one likes: what it lists and remembers, its text, and how long it is. Pure.

`digest.change` decides how far it is cut, what is new, and whether it is written at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from digest.config import TEMPLATES
from digest.current_page import owner
from digest.edition import keywords_of, listed
from digest.errors import TemplateFailed
from digest.export.file_names import archives
from digest.page.render import NO_PAPERS
from digest.page.truncation import Truncation, fit
from digest.section.document import encode
from digest.section.memory import Promise
from digest.section.section import Block, Section, fingerprint
from digest.sources.source import Additions
from digest.text import markdown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from digest.config import Config
    from digest.listing import Listing
    from digest.page.former_rows import AnyRow
    from digest.page.render import Renderer
    from digest.papers import Bounds, Identifier
    from digest.section.document import Document
    from digest.section.memory import Memory

# The most bytes that a promise's time, fingerprint and run take.
_LONGEST_PROMISE = 96


@dataclass(frozen=True)
class RunContext:
    """What a run brings to the file, whatever stands in it.

    config: the inputs
    render: makes rows the text below a heading
    today: the date in the zone of the input `timezone`, as it is shown
    now: in seconds since 1970
    link: the address of the page, for announcements
    bounds: what cannot be yet
    run: unlike that of any other run
    """

    config: Config
    render: Renderer
    today: date
    now: int
    link: str
    bounds: Bounds
    run: str = ""

    @property
    def owner(self) -> str:
        """Tells the repository again."""
        return owner(self.config)

    def promises_in(self, memory: Memory) -> tuple[Promise, ...]:
        """What a section promises to announce; one copied from another repository promises nothing here."""
        return memory.promises if memory.owner == self.owner else ()


@dataclass(frozen=True)
class KeywordRows:
    """One keyword's part of the page.

    context: what the run brings
    listing: what it lists
    rows: of its papers, and former ones among them; None where what stood there stays as it is
    number: its place among the keywords, from 0
    keywords: how many keywords there are
    """

    context: RunContext
    listing: Listing
    rows: Sequence[AnyRow] | None
    number: int
    keywords: int
    _blocks: dict[tuple[int, int], Block] = field(default_factory=dict, repr=False, compare=False)

    def listed(self, truncation: Truncation) -> Listing:
        """The listing as far as the truncation lets it show."""
        return self.listing.showing(self.rows and self.rows[: self._lengths(truncation)[0]])

    def shown(self, truncation: Truncation) -> list[AnyRow]:
        """The rows that are listed, with or without their abstract; none where what stood there stays as it is."""
        listed, whole = self._lengths(truncation)
        rows = self.rows or ()
        return [*rows[:whole], *(row.without_abstract for row in rows[whole:listed])]

    def block(self, truncation: Truncation) -> Block:
        # Most of what one truncation shows is what the next one shows.
        lengths = self._lengths(truncation)
        if lengths not in self._blocks:
            self._blocks[lengths] = self._rendered(self.shown(truncation))
        return self._blocks[lengths]

    def _lengths(self, truncation: Truncation) -> tuple[int, int]:
        listed = truncation.listed(len(self.rows or ()), self.number, self.keywords)
        return listed, truncation.with_abstract(listed, self.number, self.keywords)

    @cached_property
    def _heading(self) -> str:
        return f"{'#' * self.context.config.heading_level} {markdown.heading(self.listing.keyword.heading)}"

    def _rendered(self, shown: list[AnyRow]) -> Block:
        config, listing, answer = self.context.config, self.listing, self.listing.answer
        today = self.context.bounds.latest.date()
        heading = fingerprint(listing.keyword.heading)
        nothing = Block("", listing.question.search_id, None, None, (), "", NO_PAPERS)
        former = replace(listing.former or nothing, heading_fingerprint=heading, heading=self._heading)
        if self.rows is None:
            return former
        text = self.context.render(shown, config.columns, listing.keyword.heading).strip("\n")
        if re.search(rf"<!--[ \t]*{re.escape(config.section)}:", text):
            raise TemplateFailed(f"{config.template} writes <!-- {config.section}:, as only the section itself may")
        block = replace(
            former,
            identifiers=tuple(row.identifier for row in shown if row.identifier),
            rows=text,
            linked=not shown or (config.template in TEMPLATES and "title" in config.columns),
        )
        if isinstance(answer, Additions):
            same = block.search_id == listing.question.search_id
            # A list of another search was never whole for this one.
            begun = block if same else replace(block, search_id=listing.question.search_id, newest=None, whole=None)
            return replace(begun, harvested=answer.until)
        return replace(
            block,
            search_id=listing.question.search_id,
            newest=listing.newest,
            whole=today,
            harvested=None,
        )


@dataclass(frozen=True)
class Composition:
    """What stands in the file, and what goes into it.

    context: what the run brings
    document: the file as it stands
    memory: what the section remembers
    parts: one a keyword
    found_by: per paper the headings that found it
    archives: tells again the archives that hold all that is listed; "" where there are none, or that is not sure
    """

    context: RunContext
    document: Document
    memory: Memory
    parts: tuple[KeywordRows, ...]
    found_by: Mapping[Identifier, tuple[str, ...]]
    archives: str

    @property
    def longest(self) -> int:
        return max((len(part.rows or ()) for part in self.parts), default=0)

    @property
    def whole(self) -> Truncation:
        places = self.longest * len(self.parts)
        return Truncation(places, places)

    def listings(self, truncation: Truncation) -> tuple[Listing, ...]:
        """The listings as far as the truncation lets them show."""
        return tuple(part.listed(truncation) for part in self.parts)

    def section(self, truncation: Truncation, promises: tuple[Promise, ...]) -> Section:
        """The section as it would be written today."""
        blocks = tuple(part.block(truncation) for part in self.parts)
        listed = (paper for block in blocks for paper in block.identifiers)
        abstracts = 0 if truncation == self.whole else truncation.abstracts
        memory = replace(
            self.memory,
            promises=promises,
            owner=self.context.owner,
            abstracts=abstracts,
            archives=self.archives,
        )
        return Section(
            date=self.context.today.isoformat(),
            memory=memory.with_listed(listed),
            blocks=blocks,
            contents=self._contents(blocks),
        )

    def _contents(self, blocks: Sequence[Block]) -> str:
        config = self.context.config
        if not config.contents:
            return ""
        # Few pages have one.
        from digest.page.contents import contents  # noqa: PLC0415

        # Only a template of one's own writes headings.
        own = config.template not in TEMPLATES
        shown = zip(config.keywords, blocks, strict=True)
        lists = ((keyword.heading, len(block.identifiers), block.rows if own else "") for keyword, block in shown)
        return contents(lists, self._taken_above)

    @cached_property
    def _taken_above(self) -> frozenset[str]:
        from digest.page.contents import taken_above  # noqa: PLC0415 (few pages have contents)

        return taken_above(self.document.text[: self.document.start])

    def truncation(self, others: tuple[Promise, ...]) -> Truncation:
        """How far the lists are cut for `max-bytes`, where the promises `others` stay in the memory."""

        def size(truncation: Truncation) -> int:
            # Whatever is promised today is part of the file, and all that is listed may be; of what else a promise
            # holds, the length is known.
            everything = Promise(listed(self.listings(truncation)), 0, "")
            return len(encode(self.text(self.section(truncation, (*others, everything))))) + _LONGEST_PROMISE

        return fit(self.longest, len(self.parts), self.context.config.max_bytes, self.memory.abstracts, size)

    def lists(self, truncation: Truncation) -> list[tuple[Listing, tuple[Identifier, ...]]]:
        """The listings, with the papers that each shows, in order."""
        return [(part.listed(truncation), part.block(truncation).identifiers) for part in self.parts]

    def text(self, section: Section) -> str:
        """The whole file with this section."""
        return self.document.with_section(section)


def composition(context: RunContext, document: Document, memory: Memory, listings: tuple[Listing, ...]) -> Composition:
    """The composition of these listings; the memory may know more than the document."""
    found_by = keywords_of(listings)
    parts = (
        KeywordRows(context, listing, listing.rows(context.config, found_by), number, len(listings))
        for number, listing in enumerate(listings)
    )
    grow = archives(context.config.files)
    return Composition(context, document, memory, tuple(parts), found_by, fingerprint("\n".join(grow)) if grow else "")
