"""Random histories: days of papers, keywords that come, go and fail, runs that die anywhere, people who edit.

Whatever happens, no paper is announced twice; once a run goes through, each that was news is announced.
"""

from __future__ import annotations

import re
from contextlib import redirect_stdout, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from digest.announcement import announced
from digest.composition import RunContext
from digest.draft import Drafts
from digest.errors import HeadMoved
from digest.inputs import parse
from digest.issue import Writers
from digest.listing import questions
from digest.outcome import Outcome
from digest.page.render import builtin
from digest.papers import Bounds, Identifier, Month, Paper, horizon, identifier, read_entry_id
from digest.proposal import NOTHING_PROPOSED, Proposed
from digest.publish import Publisher
from digest.section import document
from digest.snapshot import Snapshot
from digest.sources.source import Answer, Failure
from sandbox.recorded import days
from tests.tracker import Tracker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from digest.change import Change
    from digest.issue import Issue
    from digest.listing import Question
    from digest.sources.source import Result
    from sandbox.recorded import Day as RecordedDay
    from sandbox.recorded import Entry

ABOVE, END = "# Papers\n<!-- daily-papers:start -->", "<!-- daily-papers:end -->\n"
KEYWORDS = ("Alpha", "Beta", "Gamma", "Delta")
TABLE = builtin("table")
# Later than all papers of these tests.
BOUNDS = Bounds(datetime(2100, 1, 1, tzinfo=UTC))
MEMORY = re.compile(rb"<!-- daily-papers:memory .* -->")
LINK = re.compile(r"\]\(https://arxiv\.org/abs/(\S+?)\)")


# An issue, or a comment; the standing issue is opened before its first comment.
POINTS = (
    *("before the commit", "after the commit", "before the standing issue", "after the standing issue"),
    *("before the issue", "after the issue"),
)
KINDS = ("issue", "comment")
OURS = Writers(("github-actions[bot]",))


class Died(Exception):
    """The run was killed at this point."""


@dataclass
class Repository:
    """A branch with one file, how often it moved, and the repository's issues and comments."""

    content: bytes = (ABOVE + END).encode()
    moves: int = 0
    # GitHub shows the newest hundred at once, which would hide a weak memory.
    tracker: Tracker = field(default_factory=lambda: Tracker(shown_at_once=1, now=1_790_000_000))

    def write(self, content: bytes) -> None:
        self.content, self.moves = content, self.moves + 1

    @property
    def announced(self) -> list[Identifier]:
        """Every paper as often as it was announced."""
        told = (announced([], [[one]], "daily-papers", OURS).papers for one in self.tracker.announcements)
        return [paper for papers in told for paper in papers]


@dataclass
class Branch:
    """The repository as one run sees it, which dies at the point `death`.

    `meanwhile` happens once it has read, `between` once it has committed and before it announces.
    """

    repository: Repository
    death: str | None = None
    meanwhile: Callable[[], object] | None = None
    between: Callable[[], object] | None = None

    def read(self, paths: Iterable[str], **_: object) -> Snapshot:
        return Snapshot("main", str(self.repository.moves), "", dict.fromkeys(paths, self.repository.content))

    def more(self, snapshot: Snapshot, paths: Iterable[str]) -> Snapshot:
        assert snapshot.files.keys() >= set(paths)
        return snapshot

    def propose(self, *_: object, **__: object) -> Proposed:
        return NOTHING_PROPOSED

    def commit(self, base: Snapshot, files: Mapping[str, bytes], _: str, __: Sequence[str]) -> str:
        if self.meanwhile:
            happens, self.meanwhile = self.meanwhile, None
            happens()
        self.reaches("before the commit")
        if base.commit != str(self.repository.moves):
            raise HeadMoved("Somebody else committed meanwhile.")
        (content,) = files.values()
        self.repository.write(content)
        self.reaches("after the commit")
        return "c0ffee"

    def give_way(self, _: int) -> None:
        pass

    def reaches(self, point: str) -> None:
        if point == "before the issue" and self.between:
            happens, self.between = self.between, None
            happens()
        if self.death == point:
            raise Died


@dataclass(frozen=True)
class Asked:
    """A keyword: its heading, what it asks, and what arXiv has for it, None where it fails."""

    heading: str
    query: str
    papers: tuple[Paper, ...] | None


def run(branch: Branch, asked: Sequence[Asked], most: int = 100, notify: str = "issue") -> Change:
    """One run, on the next day."""
    return begun(branch, asked, most, notify)()


def begun(branch: Branch, asked: Sequence[Asked], most: int = 100, notify: str = "issue") -> Callable[[], Change]:
    """A run that has read the page; calling it lets it go on."""
    config = parse(
        {
            "INPUT_KEYWORDS": "\n".join(f"{keyword.heading}: all:{keyword.query}" for keyword in asked),
            "INPUT_MAX-RESULTS": str(most),
            "INPUT_TOKEN": "token",
            "INPUT_NOTIFY": notify,
            # The same for issues and the standing one, so that titles alone tell nothing.
            "INPUT_ISSUE-TITLE": "Papers",
            "GITHUB_REPOSITORY": "octo/papers",
            "GITHUB_REF": "refs/heads/main",
        }
    )
    tracker = branch.repository.tracker
    tracker.now += 86_400
    today = datetime.fromtimestamp(tracker.now, UTC).date()
    context = RunContext(config, TABLE, today, tracker.now, "link", BOUNDS, f"{tracker.now:08x}")
    answers: dict[Question, Result] = dict(zip(questions(config), map(answer_of, asked), strict=True))
    outcome = Outcome(config, answers)
    snapshot = branch.read(["README.md"])
    read = document.parse(snapshot.files["README.md"], "README.md", config.section, BOUNDS)

    def go_on() -> Change:
        with redirect_stdout(StringIO()):
            issues = tracker.seen_by(notify, branch.reaches)
            Publisher(Drafts(context, answers, branch, issues), outcome).publish(snapshot, read)
        return outcome.change

    return go_on


def answer_of(keyword: Asked) -> Answer | Failure:
    if keyword.papers is None:
        return Failure("no answer")
    return Answer(keyword.papers, len(keyword.papers), len(keyword.papers))


Lists = list[tuple[str, list[Identifier]]]


@dataclass(frozen=True)
class Today:
    """What a run meets: the papers that arXiv has since yesterday and under which keywords, how many months before the
    newest their numbers are, which keywords fail, how many papers a list may have at most, and what tells of them."""

    found: list[set[str]]
    older: int
    failing: set[str]
    most: int
    notify: str = "issue"


TODAY = st.builds(
    Today,
    found=st.lists(st.sets(st.sampled_from(KEYWORDS), min_size=1), max_size=3),
    older=st.integers(0, 4),
    failing=st.sets(st.sampled_from(KEYWORDS), max_size=3),
    most=st.integers(2, 6),
    notify=st.sampled_from(KINDS),
)
DEATH = st.sampled_from(POINTS)


class Histories(RuleBasedStateMachine):
    """`pools` is what arXiv has for each query, newest first; the rest follows the contract's words."""

    def __init__(self) -> None:
        super().__init__()
        self.repository = Repository()
        self.pools: dict[str, list[Paper]] = {name: [] for name in KEYWORDS}
        self.headings = {name: name for name in KEYWORDS}
        self.keywords = list(KEYWORDS[:2])
        self.count = 0
        self.lists: Lists = []
        self.expected: Lists = []
        self.listed: set[Identifier] = set()
        self.news: set[Identifier] = set()
        self.below = ""

    @rule(keyword=st.sampled_from(KEYWORDS), place=st.integers(0, 5))
    def a_revision(self, keyword: str, place: int) -> None:
        if place < len(self.pools[keyword]):
            paper = self.pools[keyword][place]
            self.count += 1
            for pool in self.pools.values():
                if any(own.id == paper.id for own in pool):
                    pool[:] = [paper_of_version(paper, self.count), *(own for own in pool if own.id != paper.id)]

    @rule(keywords=st.permutations(KEYWORDS), count=st.integers(1, 4))
    def other_keywords(self, keywords: list[str], count: int) -> None:
        self.keywords = keywords[:count]

    @rule(keyword=st.sampled_from(KEYWORDS), name=st.sampled_from(["{}", "All of {}"]))
    def a_keyword_is_renamed(self, keyword: str, name: str) -> None:
        self.headings[keyword] = name.format(keyword)

    @rule(text=st.sampled_from(["Words.\n", "", "```\n<!-- daily-papers:start -->\n```\n", "Ünïcödé | *text*\n"]))
    def somebody_edits(self, text: str) -> None:
        self.below += text
        self.repository.write(self.repository.content + text.encode())

    @rule(change=st.sampled_from([{"state": "closed"}, {"locked": True}, {"comments": 2000}, {"title": "Ours"}]))
    def somebody_handles_the_standing_issue(self, change: dict[str, object]) -> None:
        for standing in self.repository.tracker.standing[-1:]:
            standing.update(change)

    @rule(today=TODAY, death=DEATH)
    def a_run_that_dies(self, today: Today, death: str) -> None:
        self._run(today, death)

    @rule(today=TODAY)
    def a_run(self, today: Today) -> None:
        self._run(today)
        assert self._page() == self.expected
        self.all_news_is_told()

    @rule(runs=st.lists(st.tuples(TODAY, st.none() | DEATH), min_size=2, max_size=4))
    def runs_that_overlap(self, runs: list[tuple[Today, str | None]]) -> None:
        """Each but the last has read the page when the next one runs from start to end, or dies."""

        def happens(rest: list[tuple[Today, str | None]]) -> Callable[[], object] | None:
            return (lambda: self._run(*rest[0], happens(rest[1:]))) if rest else None

        self._run(*runs[0], happens(runs[1:]))

    @rule(today=TODAY, late_today=TODAY, late=st.none() | DEATH)
    def a_late_run_between_anothers_commit_and_its_issue(
        self, today: Today, late_today: Today, late: str | None
    ) -> None:
        """Both read the same page; the late one comes to its commit while the other is about to announce."""
        going_on = begun(Branch(self.repository, late), self._asked(late_today), late_today.most, late_today.notify)

        def between() -> None:
            self._look()
            with suppress(Died):
                going_on()
            self._look()

        run(Branch(self.repository, between=between), self._asked(today), today.most, today.notify)
        self._look()

    @rule(text=st.sampled_from(["Mine.\n", "Yours.\n"]), today=TODAY)
    def somebody_edits_while_a_run_is_under_way(self, text: str, today: Today) -> None:
        self._run(today, None, lambda: self.somebody_edits(text))

    def _run(self, today: Today, death: str | None = None, meanwhile: Callable[[], object] | None = None) -> None:
        asked = self._asked(today)
        self.expected = self._expected(today)
        with suppress(Died):
            run(Branch(self.repository, death, meanwhile), asked, today.most, today.notify)
        self._look()

    def _asked(self, today: Today) -> list[Asked]:
        """What arXiv answers once it has today's papers."""
        for keywords in today.found:
            self.count += 1
            for keyword in keywords:
                self.pools[keyword].insert(0, paper_of(today.older, self.count))
        return [
            Asked(self.headings[name], name, None if name in today.failing else tuple(self.pools[name]))
            for name in self.keywords
        ]

    def _expected(self, today: Today) -> Lists:
        """What the page has to list: kept rows, and of the others what is listed nowhere before."""
        before = dict(self.lists)
        kept = {name: self._kept(before, name) for name in self.keywords if name in today.failing}
        taken = {paper for papers in kept.values() for paper in papers}
        lists = []
        for name in self.keywords:
            own = kept.get(name)
            if own is None:
                own = [paper.id for paper in self.pools[name] if paper.id not in taken][: today.most]
                taken.update(own)
            lists.append((self.headings[name], own))
        return lists

    def _kept(self, before: Mapping[str, list[Identifier]], name: str) -> list[Identifier]:
        same = [heading for heading in (self.headings[name], name, f"All of {name}") if heading in before]
        return before[same[0]] if same else []

    def _page(self) -> Lists:
        section = self.repository.content.decode().partition(END)[0]
        parts = [part.partition("\n") for part in section.split("\n## ")[1:]]
        return [(heading, [identifier(link) for link in LINK.findall(rows)]) for heading, _, rows in parts]

    def _look(self) -> None:
        """Follows the page: what it lists for the first time, and is not older than the horizon, is news."""
        self.lists = self._page()
        shown = {paper for _, papers in self.lists for paper in papers}
        highest = max(self.listed | shown, default=None)
        self.news |= {paper for paper in shown - self.listed if highest and paper.month >= horizon(highest)}
        self.listed |= shown

    def teardown(self) -> None:
        """In the end a run goes through, and all is made up for."""
        self._run(Today([], 0, set(), 6))
        self.all_news_is_told()
        self.no_paper_is_announced_twice()

    def all_news_is_told(self) -> None:
        assert set(self.repository.announced) == self.news

    @invariant()
    def no_paper_is_announced_twice(self) -> None:
        announced = self.repository.announced
        assert len(announced) == len(set(announced))

    @invariant()
    def nothing_but_news_is_announced(self) -> None:
        assert set(self.repository.announced) <= self.news

    @invariant()
    def what_people_wrote_stays(self) -> None:
        page = self.repository.content.decode()
        assert page.startswith(ABOVE)
        assert page.endswith(END + self.below)


def paper_of(age: int, number: int) -> Paper:
    """The `number`th paper; every twelve a month passes, and an `age` of months puts its identifier that far back."""
    month = Month(2026, 1).minus(age - number // 12)
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=number)
    text = f"{month.year % 100}{month.month:02}.{number:05}"
    return Paper(identifier(text), 1, f"Paper {number}", "Abstract", ("A",), moment, moment, ("cs.CV",))


def paper_of_version(paper: Paper, number: int) -> Paper:
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=number)
    return Paper(paper.id, paper.version + 1, paper.title, "Revised", ("A",), paper.published, moment, ("cs.CV",))


class Meddled(Histories):
    """People also put older pages back, and empty, cut or badly merge the section: never a paper twice."""

    def __init__(self) -> None:
        super().__init__()
        self.repository.tracker.shown_at_once = 100
        self.pages = [self.repository.content]

    def _look(self) -> None:
        super()._look()
        self.pages.append(self.repository.content)

    @rule(back=st.integers(1, 9))
    def an_older_page_is_put_back(self, back: int) -> None:
        self._meddle(self.pages[max(-back, -len(self.pages))])

    @rule()
    def the_section_is_emptied(self) -> None:
        self._meddle((ABOVE + END).encode())

    @rule(lost=st.sampled_from([rb"memory .*", rb"list .*", rb"memory .{30}", rb"(memory|list) .*"]))
    def its_comments_are_cut(self, lost: bytes) -> None:
        self._meddle(re.sub(rb"<!-- daily-papers:" + lost, b"", self.repository.content))

    @rule(back=st.integers(2, 9))
    def two_memories_are_merged(self, back: int) -> None:
        other = MEMORY.search(self.pages[max(-back, -len(self.pages))])
        if other:
            self._meddle(MEMORY.sub(rb"\g<0>\n" + other[0], self.repository.content, count=1))

    def _meddle(self, content: bytes) -> None:
        section = content.partition(END.encode())[0]
        self.repository.write(section + (END + self.below).encode())
        # Without its comment nobody knows whose rows these are, and a keyword that fails keeps none.
        self.lists = self._page() if b"daily-papers:list " in section else []

    def all_news_is_told(self) -> None:
        """Rather a paper too few than a flood."""

    @invariant()
    def nothing_but_news_is_announced(self) -> None:
        """By what a section remembers that was emptied, an older paper may be news."""


SETTINGS = settings(
    max_examples=30, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestHistories = Histories.TestCase
TestHistories.settings = SETTINGS
TestMeddled = Meddled.TestCase
TestMeddled.settings = settings(SETTINGS, max_examples=15)


def recorded_paper(entry: Entry) -> Paper:
    paper, version = read_entry_id(entry.id)
    return Paper(
        paper, version, entry.title, entry.abstract, entry.authors, entry.published, entry.updated, entry.categories,
        entry.comment,
    )  # fmt: skip


def replayed(history: Sequence[RecordedDay], notify: str) -> tuple[Repository, set[Identifier], list[int]]:
    """A run a day: what the repository holds then, what was news by the contract, and the memory's size day by day."""
    repository, listed, news, sizes = Repository(), set[Identifier](), set[Identifier](), list[int]()
    for day in history:
        papers = {name: tuple(map(recorded_paper, entries)) for name, entries in day.sections.items()}
        run(Branch(repository), [Asked(name, f'"{name}"', own) for name, own in papers.items()], notify=notify)
        shown = {paper.id for own in papers.values() for paper in own}
        highest = max(listed | shown)
        news |= {paper for paper in shown - listed if paper.month >= horizon(highest)}
        listed |= shown
        sizes += [len(memory) for memory in MEMORY.findall(repository.content)]
    return repository, news, sizes


def told(issue: Issue) -> int:
    """An issue's rows and what its "and N more" add up to."""
    return len(LINK.findall(issue.body)) + sum(
        map(int, re.findall(r"^and (\d+) more in the README$", issue.body, re.MULTILINE))
    )


@pytest.mark.parametrize("notify", KINDS)
def test_over_the_recorded_days_every_paper_that_is_news_is_announced_once(notify: str) -> None:
    repository, news, sizes = replayed(days(), notify)

    assert sorted(repository.announced) == sorted(news)
    announcements = repository.tracker.comments if notify == "comment" else repository.tracker.issues
    assert len(announcements) <= len(days())
    assert sum(map(told, repository.tracker.announcements)) == len(news)
    assert len(sizes) == len(days())
    assert max(sizes) < 4096
