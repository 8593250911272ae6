"""A file's new text, as far as it is cut: the rows shown, what the section will remember, and the whole file.

Pure. `digest.update` decides how far it is cut, what is new, and whether it is written at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from digest.errors import TemplateFailed
from digest.page.cells import rows
from digest.page.render import NO_PAPERS
from digest.page.truncation import Cut
from digest.papers import Found, deduplicate
from digest.section import section
from digest.section.section import Block, Place, Section
from digest.text import markdown

if TYPE_CHECKING:
    from digest.config import Config
    from digest.page.cells import Row
    from digest.page.render import Page
    from digest.papers import Failed, Identifier, Paper
    from digest.section.memory import Due, Memory


@dataclass(frozen=True)
class Day:
    """What a run brings to the file, whatever stands in it.

    `link` leads to the section, `now` is in seconds since 1970, `run` is unlike that of any other run.
    """

    config: Config
    page: Page
    answers: tuple[Found | Failed, ...]
    date: str
    now: int
    link: str
    run: str = ""

    @property
    def owner(self) -> str:
        runner = self.config.runner
        return section.digest(runner.repository_id or runner.repository)[:8]


@dataclass(frozen=True)
class Draft:
    """The file as it stands and what goes into it: per keyword the block that is kept, or the rows of its list."""

    day: Day
    text: str
    place: Place | None
    before: Section
    kept: tuple[Block | None, ...]
    lists: tuple[tuple[Row, ...], ...]
    # Most of what one cut shows is what the next one shows.
    _blocks: dict[tuple[int, int, int], Block] = field(default_factory=dict, init=False, compare=False)

    @property
    def whole(self) -> Cut:
        slots = max(map(len, self.lists), default=0) * len(self.lists)
        return Cut(slots, slots)

    def shown(self, cut: Cut) -> list[list[Row]]:
        """Per keyword the rows that the cut leaves, with or without their abstract."""
        return [self._rows(number, *self._left(number, cut)) for number in range(len(self.lists))]

    def _left(self, number: int, cut: Cut) -> tuple[int, int]:
        """How many of a keyword's rows the cut leaves, and how many of these with their abstract."""
        kept = cut.kept(len(self.lists[number]), number, len(self.lists))
        return kept, cut.with_abstract(kept, number, len(self.lists))

    def _rows(self, number: int, kept: int, whole: int) -> list[Row]:
        own = self.lists[number]
        return [*own[:whole], *(row.without_abstract for row in own[whole:kept])]

    def listed(self, cut: Cut) -> set[Identifier]:
        """Every paper on the page."""
        shown = (row.paper.id for own in self.shown(cut) for row in own)
        return {*shown, *(paper for block in self.kept if block for paper in block.identifiers)}

    def memory(self, cut: Cut, due: tuple[Due, ...]) -> Memory:
        """What the section remembers once this is written."""
        slots = 0 if cut == self.whole else cut.abstracts
        return replace(self.before.memory, due=due, owner=self.day.owner, cut=slots).with_listed(self.listed(cut))

    def file(self, cut: Cut, due: tuple[Due, ...], date: str) -> str:
        """The whole file's text."""
        config = self.day.config
        blocks = tuple(self._block(number, *self._left(number, cut)) for number in range(len(self.lists)))
        headings = (f"{'#' * config.heading_level} {markdown.heading(keyword.heading)}" for keyword in config.keywords)
        content = section.write(config.section, Section(date, self.memory(cut, due), blocks), headings)
        return section.replace(self.text, self.place, config.section, content)

    def _block(self, number: int, kept: int, whole: int) -> Block:
        key = (number, kept, whole)
        if key not in self._blocks:
            self._blocks[key] = self._made(number, self._rows(*key))
        return self._blocks[key]

    def _made(self, number: int, shown: list[Row]) -> Block:
        config, answer, kept = self.day.config, self.day.answers[number], self.kept[number]
        keyword = config.keywords[number]
        heading = section.digest(keyword.heading)
        if kept:
            return replace(kept, heading=heading)
        text = self.day.page.papers(shown, config.columns, keyword.heading)
        if re.search(rf"<!--[ \t]*{re.escape(config.section)}:", text):
            raise TemplateFailed(f"{config.template} writes <!-- {config.section}:, as only the section itself may")
        newest = answer.newest if isinstance(answer, Found) else None
        return Block(heading, section.digest(answer.query), newest, tuple(row.paper.id for row in shown), text)


def draft(day: Day, text: str) -> Draft:
    """The draft over a file's text as it stands. BrokenSection where its markers do not match."""
    config = day.config
    place = section.find(text, config.section, config.readme)
    before = section.read(text, place, config.section)
    pairs = zip(config.keywords, day.answers, strict=True)
    blocks = before.blocks_of((keyword.heading, answer.query) for keyword, answer in pairs)
    kept = tuple(map(_kept, blocks, day.answers))
    found: list[list[Paper]] = [list(answer.papers) if isinstance(answer, Found) else [] for answer in day.answers]
    if config.deduplicate:
        found = deduplicate(
            found, (paper for block in kept if block for paper in block.identifiers), config.max_results
        )
    lists = (rows(papers[: config.max_results], config.columns, config.sort_by) for papers in found)
    return Draft(day, text, place, before, kept, tuple(map(tuple, lists)))


def _kept(block: Block | None, answer: Found | Failed) -> Block | None:
    if isinstance(answer, Found):
        return None
    return block or Block("", section.digest(answer.query), None, (), NO_PAPERS)
