"""Random histories: days of papers, keywords that come, go and fail, runs that die anywhere, people who edit.

Whatever happens, no paper is announced twice; once a run goes through, each that was news is announced.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from digest import announce
from digest.announce import Issue
from digest.config import parse
from digest.draft import Day
from digest.page import Page
from digest.papers import Failed, Found, Identifier, Month, Paper, horizon, identifier, read_entry_id
from digest.publish import publish
from digest.report import Published
from sandbox.recorded import days

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from digest.update import Update
    from sandbox.recorded import Entry

ABOVE, END = "# Papers\n<!-- daily-papers:start -->", "<!-- daily-papers:end -->\n"
KEYWORDS = ("Alpha", "Beta", "Gamma", "Delta")


class Died(Exception):
    """The run was killed at this point."""


@dataclass
class Branch:
    """A branch with one file, and the repository's issues; a run dies at the point named by `death`."""

    content: bytes | None = (ABOVE + END).encode()
    opened: list[Issue] = field(default_factory=list)
    death: str = ""
    now: int = 1_790_000_000

    def read(self, _: str) -> bytes | None:
        return self.content

    def commit(self, files: Mapping[str, bytes], _: str) -> str:
        self._die("before the commit")
        (self.content,) = files.values()
        self._die("after the commit")
        return "c0ffee"

    def give_way(self, number: int) -> None:
        raise AssertionError(f"nobody else writes here, and yet the {number + 1}. commit was lost")

    def issues(self, _: int) -> Iterable[Issue]:
        return reversed(self.opened)

    def open_issue(self, title: str, body: str, _: tuple[str, ...], opened: Callable[[], str | None]) -> str:
        self._die("before the issue")
        self.opened.append(Issue(title, body, self.now, f"issue {len(self.opened)}"))
        self._die("after the issue")
        return opened() or ""

    def _die(self, point: str) -> None:
        if self.death == point:
            raise Died

    @property
    def announced(self) -> list[Identifier]:
        """Every paper as often as it was announced."""
        return [paper for issue in self.opened for paper in announce.announced([], [issue], "daily-papers")]


def run(branch: Branch, lists: Mapping[str, list[Paper] | None], most: int = 100) -> Update | None:
    """One run over these lists, None standing for a keyword that failed."""
    config = parse(
        {
            "INPUT_KEYWORDS": "\n".join(lists),
            "INPUT_MAX-RESULTS": str(most),
            "INPUT_TOKEN": "token",
            "GITHUB_REPOSITORY": "octo/papers",
            "GITHUB_REF": "refs/heads/main",
        }
    )
    branch.now += 86_400
    answers = tuple(_answer(name, papers) for name, papers in lists.items())
    day = Day(config, Page("table"), answers, f"{datetime.fromtimestamp(branch.now, UTC):%Y-%m-%d}", branch.now, "link")
    published = Published()
    publish(day, branch, (branch.content or b"").decode(), published)
    return published.update


def _answer(name: str, papers: list[Paper] | None) -> Found | Failed:
    if papers is None:
        return Failed("no answer", name)
    return Found(tuple(papers), name, papers[0].updated if papers else None)


class Histories(RuleBasedStateMachine):
    """`pools` is what arXiv has for each keyword, newest first; `listed` and `news` follow the contract's words."""

    def __init__(self) -> None:
        super().__init__()
        self.branch = Branch()
        self.pools: dict[str, list[Paper]] = {name: [] for name in KEYWORDS}
        self.keywords: list[str] = []
        self.count = 0
        self.listed: set[Identifier] = set()
        self.news: set[Identifier] = set()
        self.below = ""

    @initialize(count=st.integers(1, 3))
    def start(self, count: int) -> None:
        self.keywords = list(KEYWORDS[:count])

    @rule(
        found=st.lists(st.sets(st.sampled_from(KEYWORDS), min_size=1), min_size=1, max_size=5),
        older=st.integers(0, 4),
    )
    def a_day_at_arxiv(self, found: list[set[str]], older: int) -> None:
        for keywords in found:
            self.count += 1
            self._add(paper_of(older, self.count), keywords)

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

    @rule(text=st.sampled_from(["Words.\n", "", "```\n<!-- daily-papers:start -->\n```\n", "Ünïcödé | *text*\n"]))
    def somebody_edits(self, text: str) -> None:
        content = (self.branch.content or b"").decode()
        self.below += text
        self.branch.content = (content + text).encode()

    @rule(death=st.sampled_from(["before the commit", "after the commit", "before the issue", "after the issue"]))
    def a_run_that_dies(self, death: str) -> None:
        self.branch.death = death
        self._run(set())

    @rule(failing=st.sets(st.sampled_from(KEYWORDS), max_size=3), most=st.integers(2, 6))
    def a_run(self, failing: set[str], most: int) -> None:
        self._run(failing, most)
        assert set(self.branch.announced) == self.news

    def _run(self, failing: set[str], most: int = 4) -> None:
        lists = {name: None if name in failing else list(self.pools[name]) for name in self.keywords}
        before = self.branch.content
        try:
            run(self.branch, lists, most)
        except Died:
            pass
        finally:
            self.branch.death = ""
        if self.branch.content != before:
            self._shown()

    def _shown(self) -> None:
        """Follows the page: what it lists for the first time, and is not older than the horizon, is news."""
        page = (self.branch.content or b"").decode()
        shown = {identifier(part.partition(")")[0]) for part in page.split("](https://arxiv.org/abs/")[1:]}
        highest = max(self.listed | shown, default=None)
        self.news |= {paper for paper in shown - self.listed if highest and paper.month >= horizon(highest)}
        self.listed |= shown

    def _add(self, paper: Paper, keywords: Iterable[str]) -> None:
        for keyword in keywords:
            self.pools[keyword].insert(0, paper)

    @invariant()
    def no_paper_is_announced_twice(self) -> None:
        assert len(self.branch.announced) == len(set(self.branch.announced))
        assert set(self.branch.announced) <= self.news

    @invariant()
    def what_people_wrote_stays(self) -> None:
        page = (self.branch.content or b"").decode()
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


TestHistories = Histories.TestCase
TestHistories.settings = settings(
    max_examples=40, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def recorded_paper(entry: Entry) -> Paper:
    paper, version = read_entry_id(entry.id)
    return Paper(
        paper, version, entry.title, entry.abstract, entry.authors, entry.published, entry.updated, entry.categories,
        entry.comment,
    )  # fmt: skip


def test_over_the_recorded_days_every_paper_that_is_news_is_announced_by_one_issue() -> None:
    branch, listed, news = Branch(), set[Identifier](), set[Identifier]()
    for day in days():
        lists = {name: [recorded_paper(entry) for entry in entries] for name, entries in day.sections.items()}
        run(branch, dict(lists))
        shown = {paper.id for papers in lists.values() for paper in papers}
        highest = max(listed | shown)
        news |= {paper for paper in shown - listed if paper.month >= horizon(highest)}
        listed |= shown

    assert sorted(branch.announced) == sorted(news)
    assert len(branch.opened) <= len(days())
