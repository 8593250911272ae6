"""What a run makes of a file: arXiv's answers and the file as it stands -> the file as it shall be, and the news.

Pure: the date is passed in, nothing is asked of anybody. It is computed again when somebody else commits meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest import announce
from digest.config import TEMPLATES
from digest.draft import Draft, draft
from digest.page.environment import fill
from digest.page.truncation import LEAST_PAPERS, Cut, fit
from digest.papers import Failed
from digest.section import section
from digest.section.memory import Due

if TYPE_CHECKING:
    from collections.abc import Iterable

    from digest.config import Keyword
    from digest.draft import Day
    from digest.papers import Identifier, Paper
    from digest.section.memory import Memory

# The most bytes that a promise's time, title and run can take.
_PROMISE = 64


@dataclass(frozen=True)
class Listed:
    """One keyword on the new page: its papers, those whose rows were kept, and which of them are news or came in."""

    keyword: Keyword
    papers: tuple[Paper, ...]
    kept: tuple[Identifier, ...]
    failure: str | None
    new: tuple[Paper, ...]
    older: int

    @property
    def count(self) -> int:
        return len(self.papers) + len(self.kept)


@dataclass(frozen=True)
class Announcement:
    """The issue that tells of this update's news, and what the section promises until it is open."""

    due: Due
    title: str
    body: str


@dataclass(frozen=True)
class Update:
    """The file's new text, `changed` where more than the date is new, and what there is to tell of it."""

    text: str
    changed: bool
    lists: tuple[Listed, ...]
    new: tuple[Paper, ...]
    announcement: Announcement | None
    notices: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many papers are listed."""
        return _count(self.lists)


def _count(lists: Iterable[Listed]) -> int:
    return sum(part.count for part in lists)


def promised(day: Day, text: str) -> tuple[Due, ...]:
    """The announcements that the section promises; one that was copied from another repository owes nothing here."""
    place = section.find(text, day.config.section, day.config.readme)
    return _owed_here(day, section.read(text, place, day.config.section).memory)


def _owed_here(day: Day, memory: Memory) -> tuple[Due, ...]:
    return memory.due if memory.owner == day.owner else ()


def update(day: Day, text: str, told: frozenset[Identifier] = frozenset(), waiting: tuple[Due, ...] = ()) -> Update:
    """The file's update. What was `told` is announced already; `waiting` is left to the run that promised it.

    What else is promised and was not told is announced with today's news.
    """
    page = draft(day, text)
    cut = _cut(page, waiting)
    owing = (promise.identifiers for promise in _owed_here(day, page.before.memory) if promise not in waiting)
    owed = frozenset().union(*owing) - told
    new = _new(page, cut, owed, told)
    lists = tuple(_listed(page, cut, new))
    announcement = _announcement(page, lists, owed)
    due = (*waiting, *([announcement.due] if announcement else []))
    # Promises that were kept are forgotten with the next commit that is made anyway; they are no reason for one.
    unchanged = page.file(cut, due if announcement else page.before.memory.due, page.before.date) == text
    written = text if unchanged else page.file(cut, due, day.date)
    return Update(
        text=written,
        changed=not unchanged,
        lists=lists,
        new=tuple({paper.id: paper for papers in new for paper in papers}.values()),
        announcement=announcement,
        notices=tuple(_notices(page, cut)),
        warnings=tuple(_warnings(page, written)),
    )


def _cut(page: Draft, waiting: tuple[Due, ...]) -> Cut:
    """How far the lists are cut for `max-bytes`."""

    def size(cut: Cut) -> int:
        listed = page.listed(cut)
        # The promise that this update will add to the memory is part of the file; its time, title and run, of which
        # only the length is known, make no page longer than another that lists the same.
        due = (*waiting, Due(frozenset(listed), 0, ""))
        return len(page.file(cut, due, page.day.date).encode("utf-8", "surrogateescape")) + _PROMISE

    longest = max(map(len, page.lists), default=0)
    return fit(longest, len(page.lists), page.day.config.max_bytes, page.before.memory.cut, size)


def _new(page: Draft, cut: Cut, owed: frozenset[Identifier], told: frozenset[Identifier]) -> list[tuple[Paper, ...]]:
    """Per keyword its new papers."""
    memory = page.before.memory
    highest = max((*page.listed(cut), *([memory.highest] if memory.highest else [])), default=None)
    if highest is None:
        return [() for _ in page.lists]

    def is_news(paper: Identifier) -> bool:
        return paper not in told and memory.is_news(paper, highest)

    return [
        tuple(paper for paper in (row.paper for row in rows) if paper.id in owed or is_news(paper.id))
        for rows in page.shown(cut)
    ]


def _announcement(page: Draft, lists: tuple[Listed, ...], owed: frozenset[Identifier]) -> Announcement | None:
    config, new = page.day.config, [part.new for part in lists]
    papers = frozenset(paper.id for own in new for paper in own) | owed
    if not papers or config.notify == "none":
        return None
    title = fill(config.issue_title, "issue-title", date=page.day.date, new=len(papers), papers=_count(lists))
    title = announce.issue_title(title)
    body = announce.body(page, new, papers)
    return Announcement(Due(papers, page.day.now, announce.title_digest(title), page.day.run), title, body)


def _listed(page: Draft, cut: Cut, new: list[tuple[Paper, ...]]) -> list[Listed]:
    known = page.before.memory.listed.union(*(block.identifiers for block in page.before.blocks))
    news = {paper.id for own in new for paper in own}
    parts = zip(page.day.config.keywords, page.day.answers, page.kept, page.shown(cut), new, strict=True)
    return [
        Listed(
            keyword=keyword,
            papers=tuple(row.paper for row in rows),
            kept=block.identifiers if block else (),
            failure=answer.reason if isinstance(answer, Failed) else None,
            new=own,
            older=sum(row.paper.id not in known and row.paper.id not in news for row in rows),
        )
        for keyword, answer, block, rows, own in parts
    ]


def _notices(page: Draft, cut: Cut) -> list[str]:
    config, notices = page.day.config, []
    if page.place is None:
        where = "was appended to" if page.text else "starts"
        notices.append(f"The section {config.section} had no markers yet: it {where} {config.readme}.")
    rows = [row for own in page.shown(cut) for row in own]
    with_abstracts = "abstract" in config.columns or config.template not in TEMPLATES
    bare = sum(not row.show_abstract for row in rows) if with_abstracts else 0
    left_out = sum(map(len, page.lists)) - len(rows)
    counted = [_counted(number, what) for number, what in ((bare, "abstract"), (left_out, "paper")) if number]
    if counted:
        what = " and ".join(counted)
        notices.append(f"max-bytes: {what} left out to keep {config.readme} under {config.max_bytes} bytes.")
    return notices


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _warnings(page: Draft, written: str) -> list[str]:
    config, warnings = page.day.config, []
    if page.before.damaged:
        warnings.append(
            f"The memory of the section {config.section} was damaged; it was made anew from the rows, "
            "and no paper older than the newest of them will be announced."
        )
    size = len(written.encode("utf-8", "surrogateescape"))
    if config.max_bytes and size > config.max_bytes:
        warnings.append(
            f"max-bytes: {config.readme} has {size} bytes, over {config.max_bytes}, though no abstract is shown and "
            f"no list is longer than {LEAST_PAPERS}: use fewer keywords, or another file."
        )
    return warnings
