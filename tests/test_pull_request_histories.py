"""Random histories of a pull request: runs that die anywhere or at once, people who merge, close, delete, push, revert.

Whatever happens, no paper is announced twice, nobody's work is undone, the base is never written to, and once a run
goes through, every paper was announced.
"""

from __future__ import annotations

import random
from collections import Counter
from contextlib import contextmanager, redirect_stdout, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from io import StringIO
from typing import TYPE_CHECKING

import pytest

from digest.announcement import announced
from digest.composition import RunContext
from digest.current_page import current_page
from digest.draft import Drafts
from digest.errors import AnotherApp, HeadMoved
from digest.export.file_names import folders
from digest.export.files import may_write
from digest.git import FILE, Entry, Head, name_of_content
from digest.inputs import parse
from digest.issue import Issue, Opened, Writers
from digest.listing import questions
from digest.outcome import Outcome
from digest.page.render import builtin
from digest.proposal import Comparison, Pull
from digest.publish import Publisher
from digest.pull_request import PullRequest
from digest.snapshot import Snapshot
from tests.pages import inputs
from tests.test_history_of_days import BOUNDS, Asked, answer_of, paper_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from digest.announcement import Announcement
    from digest.papers import Paper

BASE, BRANCH, PAGE = "main", "daily-papers", "README.md"
FIRST = b"# Papers\n\nA line.\n\n<!-- daily-papers:start -->\n<!-- daily-papers:end -->\n"
APPS = ("github-actions[bot]", "papers[bot]", "lists[bot]")
Files = dict[str, bytes]


class Died(Exception):
    """The run was killed at this point."""


class Conflict(Exception):
    """Both sides changed a file; people would have to settle it."""


@dataclass(frozen=True)
class Commit:
    parents: tuple[str, ...]
    files: Files
    of_people: bool


@dataclass
class Hub:
    """A repository on GitHub: commits, two branches, pull requests, and issues, of which so many are shown at once.

    `app`: whose token a run that begins now is given
    """

    shown_at_once: int = 100
    app: str = APPS[0]
    commits: dict[str, Commit] = field(default_factory=dict)
    refs: dict[str, str] = field(default_factory=dict)
    pulls: list[Pull] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    now: int = 1_790_000_000
    runs: int = 0

    def __post_init__(self) -> None:
        self.refs[BASE] = self.commit((), {PAGE: FIRST, "other": b"1\n"})

    def commit(self, parents: tuple[str, ...], files: Files, *, of_people: bool = False) -> str:
        sha = f"{len(self.commits):040x}"
        self.commits[sha] = Commit(parents, files, of_people)
        return sha

    def files(self, branch: str) -> Files:
        return self.commits[self.refs[branch]].files

    def before(self, sha: str) -> set[str]:
        """A commit and all before it."""
        found: set[str] = set()
        waiting = [sha]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                waiting += self.commits[one].parents
        return found

    def merge_base(self) -> str:
        """The newest commit that both branches have."""
        return max(self.before(self.refs[BASE]) & self.before(self.refs[BRANCH]))

    def ahead(self) -> set[str]:
        """The commits that only the pull request's branch has."""
        return self.before(self.refs[BRANCH]) - self.before(self.refs[BASE])

    def moved(self) -> None:
        """GitHub shows an open pull request at its branch's commit; one that holds nothing more was merged."""
        for number, pull in enumerate(self.pulls):
            if pull.is_open and BRANCH in self.refs:
                gone = not self.ahead() and pull.head != self.refs[BRANCH]
                self.pulls[number] = replace(pull, head=self.refs[BRANCH], is_open=not gone, is_merged=gone)
            elif pull.is_open:
                self.pulls[number] = replace(pull, is_open=False)

    @property
    def open_pull(self) -> Pull | None:
        return next((pull for pull in self.pulls if pull.is_open), None)

    def work(self) -> set[str]:
        """People's commits that the pull request's branch alone has."""
        merged = {pull.head for pull in self.pulls if pull.is_merged}
        if BRANCH not in self.refs or self.refs[BRANCH] in merged:
            return set()
        return {sha for sha in self.ahead() if self.commits[sha].of_people}

    # What people do.

    def push(self, branch: str, path: str, content: bytes, *, of_people: bool = True) -> None:
        if branch in self.refs:
            files = self.files(branch) | {path: content}
            self.refs[branch] = self.commit((self.refs[branch],), files, of_people=of_people)
            self.moved()

    def merge(self, method: str, *, keep: bool) -> None:
        pull = self.open_pull
        if pull is None or not self.ahead():
            return
        try:
            merged = three_way(self.commits[self.merge_base()].files, self.files(BASE), self.files(BRANCH))
        except Conflict:
            return
        parents = (self.refs[BASE], self.refs[BRANCH]) if method == "merge" else (self.refs[BASE],)
        self.pulls[self.pulls.index(pull)] = replace(pull, is_open=False, is_merged=True)
        self.refs[BASE] = self.commit(parents, merged)
        if not keep:
            del self.refs[BRANCH]

    def close(self) -> None:
        if pull := self.open_pull:
            self.pulls[self.pulls.index(pull)] = replace(pull, is_open=False)

    def delete(self) -> None:
        if self.refs.pop(BRANCH, None):
            self.moved()

    def update(self) -> None:
        """*Update branch*: the base is merged into the pull request's branch."""
        if self.open_pull:
            with suppress(Conflict):
                merged = three_way(self.commits[self.merge_base()].files, self.files(BASE), self.files(BRANCH))
                self.refs[BRANCH] = self.commit((self.refs[BRANCH], self.refs[BASE]), merged, of_people=True)
                self.moved()


def three_way(parted: Files, one: Files, other: Files) -> Files:
    merged = dict(one)
    for path, content in other.items():
        if content != parted.get(path):
            if one.get(path) not in (parted.get(path), content):
                raise Conflict
            merged[path] = content
    return merged


@dataclass
class Client:
    """One run's requests: it dies before or after the effect of one, and others run from start to end before one."""

    hub: Hub
    dies_at: int | None = None
    meanwhile: dict[int, Callable[[], object]] = field(default_factory=dict)
    asked: int = 0

    def __post_init__(self) -> None:
        self.app = self.hub.app

    @contextmanager
    def request(self, *, interrupted: bool = True) -> Iterator[None]:
        """Around a request's effect."""
        self.asked += 1
        if interrupted and self.asked in self.meanwhile:
            self.meanwhile.pop(self.asked)()
        if self.dies_at == 2 * self.asked:
            raise Died
        yield
        if self.dies_at == 2 * self.asked + 1:
            raise Died

    def compare(self) -> Comparison | None:
        with self.request():
            hub = self.hub
            if BRANCH not in hub.refs:
                return None
            parted = hub.merge_base()
            before, after = hub.commits[parted].files, hub.files(BRANCH)
            return Comparison(
                base=Head(hub.refs[BASE], ""),
                head=Head(hub.refs[BRANCH], ""),
                merge_base=parted,
                ahead=len(hub.ahead()),
                behind=len(hub.before(hub.refs[BASE]) - hub.before(hub.refs[BRANCH])),
                blobs={
                    path: name_of_content(content) for path, content in after.items() if content != before.get(path)
                },
            )


@dataclass
class Branch:
    """A branch as one run sees it."""

    client: Client
    name: str

    def head(self) -> Head:
        with self.client.request():
            return Head(self.client.hub.refs[self.name], "")

    def read_at(
        self, head: Head, paths: Iterable[str], *, under: tuple[str, ...] = (), thorough: bool = False
    ) -> Snapshot:
        assert not thorough
        files = {path: self.file(path, head.commit) for path in paths}
        if not under:
            return Snapshot(self.name, head.commit, "", files)
        with self.client.request():
            there = self.client.hub.commits[head.commit].files
            entries = {path: Entry(FILE, name_of_content(content)) for path, content in there.items()}
        return Snapshot(self.name, head.commit, "", files, entries, under=under)

    def more(self, snapshot: Snapshot, paths: Iterable[str]) -> Snapshot:
        read = {path: self.file(path, snapshot.commit) for path in paths if path not in snapshot.files}
        return replace(snapshot, files={**snapshot.files, **read})

    def file(self, path: str, commit: str) -> bytes | None:
        with self.client.request():
            return self.client.hub.commits[commit].files.get(path)

    def commit(self, base: Snapshot, files: Mapping[str, bytes], message: str, apps: Sequence[str]) -> str:
        if made := self.commit_on(base, files, message, apps, {}):
            Ref(self.client).replace(base.commit, made, "")
        return made

    def commit_on(
        self,
        base: Snapshot,
        files: Mapping[str, bytes],
        message: str,
        apps: Sequence[str],
        carried: Mapping[str, str],
    ) -> str:
        assert message
        with self.client.request():
            hub = self.client.hub
            before = hub.commits[base.commit].files
            blobs = {
                name_of_content(content): content for one in hub.commits.values() for content in one.files.values()
            }
            after = {**before, **{path: blobs[name] for path, name in carried.items()}, **files}
            if after == before:
                return ""
            if self.client.app not in apps:
                raise AnotherApp(self.client.app)
            return hub.commit((base.commit,), after)

    def give_way(self, _: int) -> None:
        pass


@dataclass
class Ref:
    """The ref of the pull request's branch as one run sees it."""

    client: Client

    def create(self, commit: str) -> None:
        self.replace(None, commit, "")

    def replace(self, before: str | None, commit: str, _: str) -> None:
        with self.client.request():
            hub = self.client.hub
            if hub.refs.get(BRANCH) != before:
                raise HeadMoved("Somebody else wrote there.")
            hub.refs[BRANCH] = commit
            hub.moved()

    def delete(self, before: str, _: str) -> None:
        with self.client.request():
            if self.client.hub.refs.get(BRANCH) != before:
                raise HeadMoved("Somebody else wrote there.")
            self.client.hub.delete()


@dataclass
class Pulls:
    """The pull requests as one run sees them."""

    client: Client

    def newest(self) -> list[Pull]:
        with self.client.request():
            return self.client.hub.pulls[::-1]

    def open(self, title: str, body: str) -> tuple[Pull, bool]:
        assert title
        assert body
        hub = self.client.hub
        with self.client.request():
            if hub.open_pull is None:
                hub.pulls.append(Pull(len(hub.pulls) + 1, "pull", is_open=True, is_merged=False, head=hub.refs[BRANCH]))
        assert hub.open_pull
        return hub.open_pull, True

    def repository_id(self) -> str:
        return ""


@dataclass
class Issues:
    """The issues as one run sees them."""

    client: Client

    def since(self, moment: int, *, comments: bool = False) -> Iterable[Iterable[Issue]]:
        assert not comments
        hub = self.client.hub
        with self.client.request():
            newest = hub.issues[::-1]
        least = hub.shown_at_once
        return [newest[:least], [issue for issue in newest[least:] if issue.created >= moment]]

    def let_finish(self, _: float) -> None:
        pass

    def own_login(self) -> str:
        return ""

    def assign(self, issue: Issue, logins: Sequence[str]) -> frozenset[str]:
        raise AssertionError(f"nobody asked to assign {issue} to {logins}")

    def close(self, issue: Issue) -> None:
        raise AssertionError(f"nobody asked to close {issue}")

    def open(self, announcement: Announcement, _: tuple[str, ...], __: object) -> Opened:
        hub = self.client.hub
        # That nobody comes between the last look and this is what `concurrency` is for.
        with self.client.request(interrupted=False):
            url, app = f"issue {len(hub.issues)}", self.client.app
            hub.issues.append(Issue(announcement.title, announcement.body, hub.now, url, app, writer=False, bot=True))
        return Opened(hub.issues[-1])


def run(client: Client, papers: tuple[Paper, ...], *, fails: bool, **given: str) -> None:
    """One run over the papers that arXiv has, newest first, with these inputs; it goes through, or dies."""
    hub = client.hub
    hub.runs += 1
    config = parse(inputs("Alpha: all:alpha", **{"pull-request": "true", **given}))
    now = datetime.fromtimestamp(hub.now, UTC)
    context = RunContext(config, builtin("table"), now.date(), hub.now, "link", BOUNDS, f"{hub.runs:08x}")
    asked = Asked("Alpha", "alpha", None if fails else papers[: config.max_results])
    answers = dict(zip(questions(config), [answer_of(asked)], strict=True))
    landing = PullRequest(
        config,
        Branch(client, BASE),
        Branch(client, BRANCH),
        client.compare,
        Pulls(client),
        Ref(client),
        lambda path: path == PAGE or may_write(config, path),
    )
    with redirect_stdout(StringIO()):
        snapshot = landing.read([PAGE], under=folders(config.files))
        page = current_page(snapshot, config, BOUNDS)
        drafts = Drafts(context, answers, landing, Issues(client))
        Publisher(drafts, Outcome(config, answers)).publish(snapshot, page)


@dataclass
class History:
    """A repository, the papers that arXiv has by now, and what may happen to it, also that which makes it forget.

    `apps`: of one of which each run's token is
    """

    chance: random.Random
    hub: Hub
    forgotten: tuple[str, ...]
    apps: tuple[str, ...]
    papers: tuple[Paper, ...] = ()

    def happens(self) -> None:
        """The next thing, whatever it is."""
        chance, hub = self.chance, self.hub
        what = chance.choice(
            [*["run"] * 8, "merge", "merge", "close", "update", "push", "push", "base", *self.forgotten]
        )
        if what == "run":
            self.runs(chance.choice([1, 1, 1, 2, 3]))
        elif what == "merge":
            hub.merge(chance.choice(["merge", "squash", "rebase"]), keep=chance.random() < 0.5)
        elif what == "close":
            hub.close()
        elif what == "delete":
            hub.delete()
        elif what == "update":
            hub.update()
        elif what in ("push", "base"):
            self.push(BRANCH if what == "push" else BASE)
        elif what in ("old page", "old base"):
            self.put_back(BRANCH if what == "old page" else BASE)

    def push(self, branch: str) -> None:
        """People's work: another file, or words around the section."""
        if branch not in self.hub.refs:
            return
        word = f"{self.chance.randrange(10**9)}".encode()
        if self.chance.random() < 0.5:
            self.hub.push(branch, f"of-people-{self.chance.randrange(3)}", word)
        else:
            self.hub.push(branch, PAGE, self.hub.files(branch)[PAGE].replace(b"A line.", b"A line.\n" + word, 1))

    def put_back(self, branch: str) -> None:
        if branch in self.hub.refs:
            pages = [commit.files[PAGE] for commit in self.hub.commits.values()]
            # What stands between the markers is no work of people's.
            self.hub.push(branch, PAGE, self.chance.choice(pages), of_people=False)

    def runs(self, number: int, *, is_last: bool = False) -> None:
        """So many runs on the next day, each of which begins while the one before is under way."""
        self.hub.now += 86_400
        for _ in range(1 if is_last else self.chance.choice([0, 1, 1, 2])):
            self.papers = (paper_of(0, 100 + len(self.papers)), *self.papers)
        self._run(number, is_last=is_last)

    def _run(self, number: int, *, is_last: bool = False) -> None:
        chance = self.chance
        self.hub.app = chance.choice(self.apps)
        client = Client(self.hub, chance.randrange(2, 30) if not is_last and chance.random() < 0.3 else None)
        if number > 1:
            client.meanwhile[chance.randrange(1, 13)] = lambda: self._run(number - 1)
        base, work = self.hub.refs[BASE], self.hub.work()
        with suppress(Died):
            self.goes_through(client, fails=not is_last and chance.random() < 0.1)
        assert self.hub.refs[BASE] == base, "a run wrote to the base"
        assert work <= self.hub.work(), "a run undid what people did"

    def goes_through(self, client: Client, *, fails: bool) -> None:
        run(client, self.papers, fails=fails)


def lived(seed: int, length: int = 40, *, forgets: bool) -> tuple[int, int, int]:
    """How many papers there were, how many were announced twice, and how many never, once a run went through.

    `forgets`: people delete the branch and put old pages back, so that only the newest hundred issues know; otherwise
    GitHub shows one issue at once, and each run's token is of another app.
    """
    hub = Hub(100 if forgets else 1)
    forgotten = ("delete", "old page", "old base") if forgets else ()
    apps = (APPS[seed % len(APPS)],) if forgets else APPS
    history = History(random.Random(seed), hub, forgotten, apps)  # noqa: S311 - no secret
    for _ in range(length):
        history.happens()
    # Where people closed it, only news brings it up again: the last day has some.
    history.runs(1, is_last=True)
    told = Counter(
        paper for issue in hub.issues for paper in announced([], [[issue]], "daily-papers", Writers(APPS)).papers
    )
    never = [paper for paper in history.papers if paper.id not in told]
    return len(history.papers), sum(count > 1 for count in told.values()), len(never)


@pytest.mark.parametrize("forgets", [False, True], ids=["the pages know", "the issues know"])
@pytest.mark.parametrize("seed", range(0, 60, 10))
def test_no_paper_is_announced_twice_or_never(seed: int, forgets: bool) -> None:
    for one in range(seed, seed + 10):
        papers, twice, never = lived(one, forgets=forgets)
        assert papers
        assert (twice, never) == (0, 0), f"seed {one}"
