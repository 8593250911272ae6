"""Random histories of an archive in pull requests, whose base is also written by others, and in which people write.

Whatever happens, no row and no note that the base has is lost or there twice, and all that is listed is in the archive.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from digest.export.archive_rows import FORMS
from digest.section.document import parse
from tests.test_history_of_days import BOUNDS
from tests.test_pull_request_histories import APPS, BASE, BRANCH, PAGE, Client, History, Hub, run

if TYPE_CHECKING:
    from digest.papers import Identifier

FILES = "archive/{{ year }}-{{ month }}.md\narchive/{{ year }}.csv"
READ = {".md": FORMS[".md"].read, ".csv": FORMS[".csv"].read}


@dataclass
class Archived(History):
    """`notes` are the words that people wrote into the base's archive."""

    notes: set[bytes] = field(default_factory=set)
    held: set[tuple[str, Identifier]] = field(default_factory=set)

    def happens(self) -> None:
        if self.chance.random() < 0.15:
            self.write_a_note()
        else:
            super().happens()
        self.look_at_the_base()

    def write_a_note(self) -> None:
        """Below the rows, in the base or on the branch."""
        branch = self.chance.choice([BASE, BRANCH])
        files = self.hub.files(branch) if branch in self.hub.refs else {}
        there = [path for path in files if path.startswith("archive/2") and path.endswith(".md")]
        if there:
            path, note = self.chance.choice(there), f"A note: {self.chance.randrange(10**9)}.".encode()
            self.hub.push(branch, path, files[path] + b"\n" + note + b"\n")
            self.notes |= {note} if branch == BASE else set()

    def goes_through(self, client: Client, *, fails: bool) -> None:
        run(client, self.papers, fails=fails, **{"files": FILES, "max-results": "5"})
        if BRANCH in self.hub.refs and self.hub.open_pull and not fails and client.dies_at is None:
            page = parse(self.hub.files(BRANCH)[PAGE], PAGE, "daily-papers", BOUNDS).section
            listed = {paper for block in page.blocks for paper in block.identifiers}
            for form in READ:
                assert listed <= {paper for path, paper in self.papers_on(BRANCH) if path.endswith(form)}, form

    def papers_on(self, branch: str) -> set[tuple[str, Identifier]]:
        """The papers by the file in which each is."""
        found: list[tuple[str, Identifier]] = []
        for path, content in self.hub.files(branch).items():
            if path.startswith("archive/2"):
                read = READ[path[path.rindex(".") :]](content)
                found += [(path, paper) for paper, _ in read.pieces if paper]
        assert len(found) == len(set(found)), "a paper twice"
        return set(found)

    def look_at_the_base(self) -> None:
        held = self.papers_on(BASE)
        assert self.held <= held, "a row was lost"
        self.held = held
        whole = b"".join(content for path, content in self.hub.files(BASE).items() if path.startswith("archive/"))
        assert all(whole.count(note) == 1 for note in self.notes), "a note was lost"


@pytest.mark.parametrize("seed", range(0, 30, 10))
def test_nothing_in_the_base_is_lost_and_all_that_is_listed_is_in_the_archive(seed: int) -> None:
    grown = 0
    for one in range(seed, seed + 10):
        history = Archived(random.Random(one), Hub(100), ("delete",), APPS)  # noqa: S311 - no secret
        for _ in range(60):
            history.happens()
        history.runs(1, is_last=True)
        history.hub.merge("squash", keep=False)
        history.look_at_the_base()
        grown += bool(history.held)
    # Where both sides changed a file, nobody merges here.
    assert grown > 5
