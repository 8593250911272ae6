"""Random histories of archives: keywords that fail and change places, runs that die or are under way at once.

People delete and edit files, and archives are switched off and on.

Whatever happens, each paper that a page listed while an archive was kept is there once, and no row of it is lost.
"""

from __future__ import annotations

import random
from contextlib import redirect_stdout, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import TYPE_CHECKING

import pytest

from digest.composition import RunContext
from digest.draft import Drafts
from digest.errors import HeadMoved
from digest.export.archive_rows import FORMS
from digest.export.file_names import filled, first_part, folders, places
from digest.export.mark import form_of
from digest.git import FILE, Entry, name_of_content
from digest.inputs import parse
from digest.listing import questions
from digest.outcome import Outcome
from digest.page.render import builtin
from digest.papers import Identifier, Paper, identifier
from digest.proposal import NOTHING_PROPOSED, Proposed
from digest.publish import Publisher
from digest.section import document
from digest.snapshot import Snapshot
from tests.pages import inputs
from tests.test_history_of_days import BOUNDS, Asked, answer_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

PAGE = "README.md"
FIRST = b"# Papers\n<!-- daily-papers:start -->\n<!-- daily-papers:end -->\n"
KEYWORDS = ("Alpha", "Beta", "Gamma")
PATTERNS = ("a/{{ year }}-{{ month }}.md", "b/{{ heading }}/{{ year }}.json", "c/{{ year }}.csv", "{{ year }}.bib")
MONTHS = ("2511", "2512", "2601")


class Died(Exception):
    """The run was killed at this point."""


@dataclass
class Landing:
    """A branch in memory as one run sees it, which dies before or after its commit where it is to."""

    files: dict[str, bytes]
    moves: list[int]
    death: str = ""
    meanwhile: Callable[[], None] | None = None

    def read(self, paths: Iterable[str], *, under: tuple[str, ...] = (), thorough: bool = False) -> Snapshot:
        assert not thorough
        read = {path: self.files.get(path) for path in paths}
        entries = {path: Entry(FILE, name_of_content(content)) for path, content in self.files.items()}
        self.there = dict(self.files)
        return Snapshot("main", str(len(self.moves)), "", read, entries if under else None, under=under)

    def more(self, snapshot: Snapshot, paths: Iterable[str]) -> Snapshot:
        return replace(snapshot, files={**{path: self.there.get(path) for path in paths}, **snapshot.files})

    def commit(self, base: Snapshot, files: Mapping[str, bytes], _: str, __: Sequence[str]) -> str:
        if self.meanwhile:
            happens, self.meanwhile = self.meanwhile, None
            happens()
        if self.death == "before":
            raise Died
        if base.commit != str(len(self.moves)):
            raise HeadMoved("Somebody else committed meanwhile.")
        assert all(base.files.get(path) == self.files.get(path) for path in files), "written over unseen"
        self.files |= files
        self.moves.append(1)
        if self.death == "after":
            raise Died
        return "c0ffee"

    def give_way(self, _: int) -> None:
        pass

    def propose(self, *_: object, **__: object) -> Proposed:
        return NOTHING_PROPOSED


@dataclass
class History:
    """A repository, what arXiv has by keyword, newest first, and which paper has to be in which archive."""

    chance: random.Random
    files: dict[str, bytes] = field(default_factory=lambda: {PAGE: FIRST})
    moves: list[int] = field(default_factory=list)
    pools: dict[str, list[Paper]] = field(default_factory=lambda: {name: [] for name in KEYWORDS})
    expected: set[tuple[str, Identifier]] = field(default_factory=set)
    deleted: set[tuple[str, Identifier]] = field(default_factory=set)
    count: int = 0

    def happens(self) -> None:
        kind = self.chance.choice(
            ["run"] * 8 + ["at once", "delete", "delete row", "note", "old page", "new file ends"]
        )
        archives = sorted(path for path in self.files if path != PAGE)
        if kind in ("run", "at once"):
            self.run(2 if kind == "at once" else 1)
        elif kind == "old page":
            self.files[PAGE] = self.chance.choice([FIRST, self.files[PAGE], b"# Papers\n"])
            self.moves.append(1)
        elif archives:
            self.edit(kind, self.chance.choice(archives))
            self.moves.append(1)

    def edit(self, kind: str, path: str) -> None:
        """What people do to one of the archives' files."""
        first = first_part(path)[0]
        if kind == "delete":
            del self.files[path]
            self.expected = {(where, paper) for where, paper in self.expected if where != first}
        elif kind == "delete row" and form_of(path) == ".md":
            lines, before = self.files[path].splitlines(keepends=True), self.held(first)
            gone = self.chance.choice(lines)
            if b"](https://arxiv.org/abs/" in gone:
                self.files[path] = b"".join(line for line in lines if line is not gone)
                # It comes back where its month is read for another's sake.
                self.deleted |= before - self.held(first)
                self.expected -= self.deleted
        elif kind == "note" and form_of(path) in (".md", ".bib"):
            self.files[path] += b"\nA note.\n"
        elif kind == "new file ends":
            self.files[path] = self.files[path].replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")

    def held(self, first: str) -> set[tuple[str, Identifier]]:
        return {(first, paper) for paper in self.papers(first)}

    def papers(self, first: str) -> list[Identifier]:
        """The papers in all parts of a file."""
        parts = [
            FORMS[form_of(path)].read(content) for path, content in self.files.items() if first_part(path)[0] == first
        ]
        return [paper for part in parts for paper, _ in part.pieces if paper]

    def run(self, number: int, *, is_last: bool = False) -> None:
        for _ in range(self.chance.randrange(3)):
            self.announce()
        chance = self.chance
        failing = () if is_last else tuple(name for name in KEYWORDS if chance.random() < 0.15)
        patterns = PATTERNS if is_last or chance.random() < 0.7 else chance.choice([(), PATTERNS[:2]])
        death = "" if is_last else chance.choice(["", "", "", "before", "after"])
        landing = Landing(self.files, self.moves, death)
        if number > 1:
            landing.meanwhile = lambda: self.run(number - 1)
        keywords = chance.sample(KEYWORDS, chance.randrange(1, 4))
        with suppress(Died):
            self._run(landing, keywords, failing, patterns)
            self.look(keywords, failing, patterns)

    def announce(self) -> None:
        """A new paper, or a revision of an old one."""
        self.count += 1
        when = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=self.count)
        known = [paper for pool in self.pools.values() for paper in pool]
        finding = self.chance.sample(KEYWORDS, self.chance.randrange(1, 4))
        if known and self.chance.random() < 0.3:
            paper = self.chance.choice(known)
            paper = replace(paper, version=paper.version + 1, updated=when)
        else:
            id_ = identifier(f"{self.chance.choice(MONTHS)}.{self.count:05}")
            paper = Paper(id_, 1, f"Paper {self.count}", "About it.", ("A. One",), when, when, ("cs.CV",))
        for name, pool in self.pools.items():
            if name in finding or any(one.id == paper.id for one in pool):
                pool[:] = [paper, *(one for one in pool if one.id != paper.id)]

    def _run(self, landing: Landing, keywords: list[str], failing: tuple[str, ...], patterns: tuple[str, ...]) -> None:
        config = parse(
            inputs(
                "\n".join(f"{name}: all:{name.lower()}" for name in keywords),
                **{"max-results": "4", "files": "\n".join(patterns), "notify": "none"},
            )
        )
        context = RunContext(config, builtin("table"), datetime(2026, 1, 2, tzinfo=UTC).date(), 0, "link", BOUNDS, "1")
        asked = (Asked(name, name, None if name in failing else tuple(self.pools[name][:4])) for name in keywords)
        answers = dict(zip(questions(config), map(answer_of, asked), strict=True))
        snapshot = landing.read([PAGE], under=folders(config.files))
        page = document.parse(snapshot.files[PAGE], PAGE, config.section, BOUNDS)
        with redirect_stdout(StringIO()):
            drafts = Drafts(context, answers, landing, None)  # type: ignore[arg-type]
            Publisher(drafts, Outcome(config, answers)).publish(snapshot, page)

    def look(self, keywords: list[str], failing: tuple[str, ...], patterns: tuple[str, ...]) -> None:
        """After a run that went through: all that the page lists is in each archive, and all that was is there once."""
        section = document.parse(self.files[PAGE], PAGE, "daily-papers", BOUNDS).section
        blocks = section.blocks_of([(name, "") for name in keywords])
        for pattern in patterns:
            for name, block in zip(keywords, blocks, strict=True):
                heading = name if "heading" in places(pattern) else ""
                # Of a keyword that fails only rows are known; what is missing of them follows.
                for paper in block.identifiers if block and name not in failing else ():
                    place = filled(pattern, heading=heading, month=paper.month)
                    self.deleted -= self.held(place)
                    self.expected |= {(place, paper)} - self.deleted
        for first in {first_part(path)[0] for path in self.files if form_of(path) in FORMS and path != PAGE}:
            there = self.papers(first)
            assert len(there) == len(set(there)), first
            missing = {paper for where, paper in self.expected if where == first} - set(there)
            assert not missing, (first, missing)
        assert {where for where, _ in self.expected} <= {first_part(path)[0] for path in self.files}


@pytest.mark.parametrize("seed", range(10))
def test_each_paper_that_was_listed_is_in_its_archive_once(seed: int) -> None:
    for one in range(seed * 5, seed * 5 + 5):
        history = History(random.Random(one))  # noqa: S311 - no secret
        for _ in range(30):
            history.happens()
        history.run(1, is_last=True)
        assert history.expected
