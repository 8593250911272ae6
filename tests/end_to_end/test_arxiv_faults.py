"""arXiv on a bad day: every way in which it fails, for two requests, for one keyword and for all, over real sockets.

Most pauses take no time; what is said of them is measured by the real clock. It is shortened by small budgets, and for
silence by small timeouts.
"""

from __future__ import annotations

import json
import re
import socket
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from operator import attrgetter
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

from digest.repository.connection import TIMEOUT
from digest.sources import http as arxiv_http
from digest.sources import rate_limit
from digest.sources.http import Timeouts
from sandbox.arxiv import faults
from sandbox.arxiv.stand_in import ArxivStandIn
from sandbox.github.stand_in import GithubStandIn
from tests.conftest import Action
from tests.factories import paper, papers, started
from tests.in_process import run_here

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sandbox.arxiv.faults import Fault, Reply
    from sandbox.arxiv.feed import Page
    from sandbox.recorded import Day
    from tests.conftest import Run

FIRST, FAILING, LAST = KEYWORDS = "Video Anomaly Detection", "Video Understanding", "Multimodal Large Language Model"
QUICK = Timeouts(connect=0.3, silence=0.3, whole=0.5, least=0.5)
PARAMS = attrgetter("params")
NAME = "arxiv.test"  # resolves to this machine, but for port 9


def soon() -> Fault:
    """429 with a date a second ahead."""

    def reply(page: Page) -> Reply:
        date = format_datetime(datetime.now(UTC) + timedelta(seconds=1), usegmt=True)
        return faults.throttled(date)(page)

    return reply


def closed_port() -> int:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@dataclass(frozen=True)
class Kind:
    """One way to fail, and what the user reads of it."""

    name: str
    fault: Fault
    says: str
    slow: bool = False
    host: str = "127.0.0.1"

    def __str__(self) -> str:
        return self.name


KINDS = [
    Kind("406", faults.status(406), "is throttling (406)"),
    Kind("429", faults.throttled(), "is throttling (429)"),
    Kind("429 with seconds", faults.throttled(1), "is throttling (429)", slow=True),
    Kind("429 with a date", soon(), "is throttling (429)", slow=True),
    Kind("429 with zero seconds", faults.throttled(0), "is throttling (429)"),
    Kind("500", faults.status(500), "answered 500 Internal Server Error"),
    Kind("502", faults.html(502), "answered 502 Bad Gateway"),
    Kind("503", faults.status(503, retry_after=0), "is throttling (503)"),
    Kind("no answer", faults.hang(), "gave no answer within 0.3 s", slow=True),
    Kind("trickle", faults.trickle(0.5), "fell silent for 0.3 s", slow=True),
    Kind("a byte each 20 ms", faults.trickle(0.02), "did not end its answer within 0.5 s", slow=True),
    Kind("reset", faults.reset(), "broke the connection"),
    # On the same host, or it would not be followed: so one keyword alone can meet a port or name that is not there.
    Kind("refused", faults.redirect(f"http://127.0.0.1:{closed_port()}/"), "refuses the connection"),
    Kind("unknown name", faults.redirect(f"http://{NAME}:9/"), "has a name that does not resolve", host=NAME),
    Kind("empty", faults.empty(), "has no paper where it had some before"),
    Kind("no entries", faults.no_entries(), "promised 20 papers and sent 0"),
    Kind("fewer", faults.fewer(3), "promised 20 papers and sent 17"),
    Kind("cut", faults.cut(0.5), "answered with half a feed"),
    Kind("cut after the entries", faults.cut("</feed>"), "answered with half a feed"),
    Kind("cut, wrong length", faults.cut(0.5, length="wrong"), "broke the connection"),
    Kind("nothing at all", faults.status(200), "answered with nothing"),
    Kind("HTML", faults.html(), "answered with a page of HTML"),
    Kind("error feed", faults.error(), "answered with an error: Unexpected error"),
    Kind("Rate exceeded.", faults.rate_exceeded(), "is throttling (Rate exceeded.)"),
    Kind("no date", faults.without_dates(entries=1), "sent a paper without a date"),
    Kind("no other date", faults.without("published"), "sent a paper without a date"),
    Kind("no id", faults.without_ids(entries=1), "sent a paper without an id"),
    Kind("out of order", faults.out_of_order(), "sent papers out of order"),
    Kind("sort ignored", faults.sort_ignored(), "sent papers out of order"),
    Kind("old", faults.old(15), "shows a newest paper of 2026-"),
    Kind("redirect", faults.redirect("http://elsewhere.test/"), "redirects to another host (elsewhere.test)"),
    Kind("redirect without end", lambda page: faults.redirect(f"?{urlencode(page.params)}")(page), "redirects without"),
]


class Watched(Action):
    """The action, and what its page and its issues tell."""

    def lists(self) -> dict[str, str]:
        """Every heading's part of the page, with what the section remembers of it."""
        return lists(self.page())

    def announced(self) -> list[str]:
        """The papers of all issues: twice where two issues tell of one."""
        bodies = (issue.body or "" for issue in self.github.issues)
        return sorted(found for body in bodies for found in {*re.findall(r"/abs/([\d.]+)v\d", body)})


def lists(page: str) -> dict[str, str]:
    parts = re.split(r"<!-- daily-papers:(?:list .*|end) -->\n+", page)[1:]
    return dict(part.removeprefix("## ").split("\n", 1) for part in parts if part.startswith("## "))


def new(run: Run) -> set[str]:
    return {found["id"] for found in json.loads(run.outputs["new-papers-json"])}


@dataclass(frozen=True)
class Good:
    """What a day brings where nothing fails: the page before and after, and the papers announced."""

    yesterday: str
    lists: dict[str, str]
    new: set[str]


def here(arxiv: ArxivStandIn, github: GithubStandIn, folder: Path) -> Watched:
    inputs = {
        "keywords": "\n".join(KEYWORDS),
        "max-results": "20",
        "deduplicate": "false",
        "token": github.token,
        "arxiv-api-url": arxiv.url,
        "arxiv-interval": "0",
        "retry-minutes": "0.05",
    }
    return Watched(arxiv, github, folder, inputs)


@pytest.fixture(scope="module")
def good(recorded: list[Day], tmp_path_factory: pytest.TempPathFactory) -> Good:
    folder = tmp_path_factory.mktemp("good")
    with ArxivStandIn(recorded[0]) as arxiv, GithubStandIn(folder / "repository.git") as github:
        action = here(arxiv, github, folder)
        action.run(notify="none")
        yesterday = action.page()
        arxiv.show(recorded[1])
        run = action.run()
        news = new(run)
        assert len(news) > 10
        assert action.announced() == sorted(news)
        return Good(yesterday, action.lists(), news)


@pytest.fixture
def action(good: Good, recorded: list[Day], tmp_path: Path) -> Iterator[Watched]:
    """The second day's run, over yesterday's page."""
    files = {"README.md": good.yesterday.encode()}
    with ArxivStandIn(recorded[1]) as arxiv, GithubStandIn(tmp_path / "repository.git", files) as github:
        yield here(arxiv, github, tmp_path)


@pytest.fixture(params=KINDS, ids=str)
def kind(request: pytest.FixtureRequest, action: Watched, monkeypatch: pytest.MonkeyPatch) -> Kind:
    kind: Kind = request.param
    if kind.slow:
        monkeypatch.setattr(arxiv_http, "TIMEOUTS", QUICK)
    if kind.host == NAME:
        resolve_name(monkeypatch)
    action.inputs["arxiv-api-url"] = action.arxiv.url.replace("127.0.0.1", kind.host)
    return kind


def resolve_name(monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.getaddrinfo

    def resolve(host: str, port: int, *rest: Any) -> Any:
        if host == NAME and port == 9:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return real("127.0.0.1" if host == NAME else host, port, *rest)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


def by_the_real_clock(action: Watched, **inputs: str) -> Run:
    return run_here(action, None, TIMEOUT, time, **inputs)


def gaps(arxiv: ArxivStandIn) -> list[float]:
    """Seconds between the arrivals of two requests."""
    return [later.at - earlier.at for earlier, later in pairwise(arxiv.requests)]


# The table.


def test_two_failing_requests_leave_no_trace(
    kind: Kind, action: Watched, good: Good, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limit, "_FIRST_WAIT", 0.02)
    action.arxiv.fail(kind.fault, times=2)

    run = action.run(retry_minutes="0.5")

    assert run.code == 0, run.log
    assert action.lists() == good.lists
    assert (new(run), action.announced()) == (good.new, sorted(good.new))
    assert run.annotations("warning") + run.annotations("error") == []
    waits = [line for line in run.log.splitlines() if line.startswith(f"arXiv {kind.says}")]
    assert len(waits) == 2, run.log
    assert all(re.search(r": waiting [\d.]+ s, [\d.]+ s left$", line) for line in waits)
    if not kind.slow:
        # What the client left behind is still open in a stand-in that is slow.
        assert action.arxiv.most_at_once == 1


def test_one_failing_keyword_keeps_its_rows_and_loses_no_news(kind: Kind, action: Watched, good: Good) -> None:
    before = action.lists()
    action.arxiv.fail(kind.fault, when=FAILING)

    run = action.run(retry_minutes="0.01" if kind.slow else "0.002")

    assert run.code == 0, run.log
    assert action.lists() == good.lists | {FAILING: before[FAILING]}
    assert run.outputs["failed-keywords"] == FAILING
    (warning,) = run.annotations("warning")
    assert f"keywords, line 2: {FAILING} keeps its rows: arXiv {kind.says}" in warning
    assert kind.says.split("(")[0] in run.summary
    early = new(run)

    action.arxiv.heal()
    healed = action.run()

    assert healed.code == 0, healed.log
    assert action.lists() == good.lists
    assert early | new(healed) == good.new
    assert action.announced() == sorted(good.new)


def test_where_every_keyword_fails_nothing_is_touched(kind: Kind, action: Watched, good: Good) -> None:
    commits = action.github.log()
    action.arxiv.fail(kind.fault)

    run = action.run(retry_minutes="0.01" if kind.slow else "0.002")

    assert run.code == 1
    assert (action.github.log(), action.github.issues, action.page()) == (commits, [], good.yesterday)
    (error,) = run.annotations("error")
    assert error.startswith(f"::error::arXiv {kind.says}")
    assert re.search(r"no list for any keyword in [\d.]+ s of trying \(\d+ requests\), README.md is untouched", error)
    assert error.endswith("the next run will make up for it.")
    assert run.outputs["failed-keywords"].splitlines() == list(KEYWORDS)
    assert run.outputs["changed"] == "false"


def test_papers_that_keywords_share_are_announced_once_whichever_keyword_fails(
    action: Watched, recorded: list[Day], good: Good
) -> None:
    for keyword in KEYWORDS:
        action.arxiv.heal()
        action.arxiv.show(recorded[KEYWORDS.index(keyword) + 1])
        action.arxiv.fail(faults.status(503), when=keyword)
        run = action.run(deduplicate="true", retry_minutes="0.002")
        assert (run.code, run.outputs["failed-keywords"]) == (0, keyword)
    action.arxiv.heal()
    action.run(deduplicate="true")

    assert len(action.announced()) == len(set(action.announced()))
    assert good.new - set(action.announced()) == set()


def test_the_run_after_a_bad_day_loses_nothing(action: Watched, good: Good) -> None:
    action.arxiv.fail(faults.throttled())
    action.run(retry_minutes="0.002")
    action.arxiv.heal()

    run = action.run()

    assert (run.code, action.lists(), new(run)) == (0, good.lists, good.new)
    assert action.announced() == sorted(good.new)


# Errors that retrying cannot mend.


def test_a_refused_query_is_not_asked_again_and_tells_its_line(action: Watched, good: Good) -> None:
    before = action.lists()
    action.arxiv.fail(faults.error(400, "Invalid query string: 'x'"), when=FAILING)

    run = action.run(retry_minutes="10")

    assert run.code == 1, run.log
    assert action.lists() == good.lists | {FAILING: before[FAILING]}
    (warning,) = run.annotations("warning")
    assert warning.endswith(
        f"keywords, line 2: {FAILING} keeps its rows: arXiv refuses the query: Invalid query string: 'x'"
    )
    assert run.outputs["failed-keywords"] == FAILING
    assert len(action.arxiv.requests) == 3
    assert "waiting" not in run.log
    assert action.announced() == sorted(new(run)) != []


def test_where_every_query_is_refused_nobody_is_told_to_wait_for_the_next_run(action: Watched, good: Good) -> None:
    action.arxiv.fail(faults.error(400, "Invalid query string"))

    run = action.run()

    assert (run.code, action.page(), len(action.arxiv.requests)) == (1, good.yesterday, 3)
    (error,) = run.annotations("error")
    assert "arXiv refuses the query: Invalid query string" in error
    assert error.endswith("change the keywords.")


def test_where_some_queries_are_refused_and_the_others_throttled_the_next_run_helps(action: Watched) -> None:
    action.arxiv.fail(faults.error(400, "Invalid query string"), when=FAILING)
    action.arxiv.fail(faults.throttled())

    run = action.run(retry_minutes="0.002")

    (error,) = run.annotations("error")
    assert "arXiv is throttling (429); arXiv refuses the query: Invalid query string: no list" in error
    assert error.endswith("the next run will make up for it.")


@pytest.mark.parametrize("asked", [0, 1, 2])
def test_after_a_403_nothing_more_is_asked(action: Watched, good: Good, asked: int) -> None:
    before = action.lists()
    action.arxiv.fail(faults.forbidden(), after=asked)

    run = action.run(retry_minutes="10")

    assert len(action.arxiv.requests) == asked + 1
    assert run.code == (0 if asked else 1), run.log
    assert action.lists() == before | {keyword: good.lists[keyword] for keyword in KEYWORDS[:asked]}
    assert run.outputs["failed-keywords"].splitlines() == list(KEYWORDS[asked:])
    assert "arXiv forbids this address to ask (403)" in run.annotations("warning")[0]


def test_a_redirect_to_another_host_is_not_followed(action: Watched) -> None:
    with ArxivStandIn() as other:
        action.arxiv.fail(faults.redirect(other.url.replace("127.0.0.1", "localhost")), when=FAILING)

        action.run(retry_minutes="0.002")

        assert other.requests == []


def test_a_redirect_to_another_port_leaves_no_connection_behind(action: Watched) -> None:
    with ArxivStandIn(action.arxiv.entries) as other:
        left: list[bool] = []

        def alone(_: object) -> bool:
            left.append(gone(action.arxiv))
            return False

        action.arxiv.fail(lambda page: faults.redirect(f"{other.url}?{urlencode(page.params)}")(page))
        other.fail(faults.hang(), when=alone)

        run = action.run()

        assert (run.code, left) == (0, [True] * 3)


def gone(arxiv: ArxivStandIn) -> bool:
    """Whether every connection to it is closed, or will be in a moment."""
    until = time.monotonic() + 1
    while arxiv._server._sockets and time.monotonic() < until:
        time.sleep(0.01)
    return not arxiv._server._sockets


def test_a_name_that_nobody_knows_and_a_port_where_nobody_listens_are_told(action: Watched) -> None:
    unknown = action.run(arxiv_api_url="http://arxiv.invalid/api/query", retry_minutes="0.002")
    refused = action.run(arxiv_api_url=f"http://127.0.0.1:{closed_port()}/api/query", retry_minutes="0.002")

    assert "arXiv has a name that does not resolve: no list" in unknown.annotations("error")[0]
    assert "arXiv refuses the connection: no list" in refused.annotations("error")[0]


# RateLimit and patience.


def test_pace_and_budget_hold_by_the_real_clock(action: Watched, good: Good) -> None:
    """A process of its own, as the runner starts it."""
    before = action.lists()
    action.arxiv.fail(faults.status(503), when=FAILING)
    started_at = time.monotonic()

    run = action.run_apart(arxiv_interval="0.2", retry_minutes="0.03")

    seconds = time.monotonic() - started_at
    assert run.code == 0, run.log
    assert action.lists() == good.lists | {FAILING: before[FAILING]}
    arrivals = [request.at for request in action.arxiv.requests]
    assert len(arrivals) >= 5
    # What is sent on time may arrive a little late on a busy machine.
    assert min(gaps(action.arxiv)) > 0.15
    assert arrivals[-1] - arrivals[0] >= 0.2 * (len(arrivals) - 1) - 0.05
    # 1.8 s, and the last try leaves when they are over.
    assert 1.5 < arrivals[-1] - arrivals[0] < 2.5
    assert seconds < 10
    assert action.arxiv.most_at_once == 1


def test_redirects_and_second_questions_keep_the_pace_too(action: Watched) -> None:
    action.arxiv.fail(lambda page: faults.redirect(f"?{urlencode(page.params)}")(page), times=1)

    run = by_the_real_clock(action, arxiv_interval="0.1", max_results="5")

    starts = [request.params["start"] for request in action.arxiv.requests]
    assert (run.code, starts[:4]) == (0, ["0"] * 4)
    assert min(gaps(action.arxiv)) > 0.06
    assert sum(gaps(action.arxiv)) >= 0.1 * (len(starts) - 1) - 0.05


def test_a_healthy_connection_is_kept_and_a_fault_ends_it(action: Watched) -> None:
    action.run()
    assert len({request.client for request in action.arxiv.requests}) == 1

    action.arxiv.forget()
    action.arxiv.fail(faults.status(503), times=1, after=1)
    action.run()

    clients = [request.client for request in action.arxiv.requests]
    assert len(clients) == 4
    assert clients[0] == clients[1] != clients[2] == clients[3]
    assert action.arxiv.most_at_once == 1


def test_arxiv_is_told_who_asks_and_for_what(action: Watched) -> None:
    action.run()

    for request in action.arxiv.requests:
        assert re.fullmatch(r"daily-papers/\d\S* \(\+https://\S+\)", request.headers["User-Agent"])
        assert request.headers["Accept"].startswith("application/atom+xml")


@pytest.mark.parametrize("kind", [KINDS[7], KINDS[8]], ids=str, indirect=True)
def test_twenty_keywords_do_not_each_ask_an_arxiv_that_is_down(kind: Kind, action: Watched, good: Good) -> None:
    keywords = [*KEYWORDS, *(f"Keyword {number}" for number in range(17))]
    action.arxiv.fail(kind.fault)
    started_at = time.monotonic()

    run = by_the_real_clock(action, keywords="\n".join(keywords), retry_minutes="0.02")

    assert time.monotonic() - started_at < 1.2 + 3 * QUICK.least + 1
    assert 3 <= len(action.arxiv.requests) <= 8
    assert (run.code, action.page()) == (1, good.yesterday)
    assert run.outputs["failed-keywords"].splitlines() == keywords
    assert len(run.annotations("warning")) == len(run.annotations("error")) == 1


def test_without_patience_three_faults_in_a_row_are_the_end(action: Watched) -> None:
    keywords = "\n".join([*KEYWORDS, "Four", "Five"])
    action.arxiv.fail(faults.status(500))

    run = action.run(keywords=keywords, retry_minutes="0")

    assert (run.code, len(action.arxiv.requests)) == (1, 3)


def test_one_keyword_that_takes_all_patience_leaves_the_others_their_turn(action: Watched, good: Good) -> None:
    action.arxiv.fail(faults.throttled(3600), when=FIRST)

    run = action.run(retry_minutes="10")

    assert run.code == 0, run.log
    assert run.outputs["failed-keywords"] == FIRST
    assert action.lists()[LAST] == good.lists[LAST]
    assert "arXiv is throttling (429): given up, it asks to wait 60 min" in run.log
    assert len(action.arxiv.requests) == 3


def test_retry_after_is_honoured(action: Watched) -> None:
    action.arxiv.fail(faults.throttled(1), times=1)

    by_the_real_clock(action, retry_minutes="0.1")

    assert gaps(action.arxiv)[0] >= 0.95


def test_waits_grow_and_a_retry_after_of_zero_shortens_none(action: Watched) -> None:
    action.arxiv.fail(faults.status(503, retry_after=0), times=3)

    by_the_real_clock(action, retry_minutes="0.05")

    first, second, third, *_ = gaps(action.arxiv)
    # A twentieth of three seconds, doubled each time, a quarter more or less.
    assert first >= 0.11
    assert second >= 0.22
    assert third >= 0.44


# Suspicious answers.


def test_a_suspicious_answer_is_asked_again_before_a_list_shrinks(action: Watched, good: Good) -> None:
    action.arxiv.fail(faults.old(15), times=1, when=FIRST)
    action.arxiv.fail(faults.empty(), times=1, when=LAST)

    run = action.run()

    assert (run.code, action.lists(), len(action.arxiv.requests)) == (0, good.lists, 5)


@pytest.mark.parametrize("change", [{"keywords": "Beta: ti:old OR abs:old"}, {"sort-by": "submitted"}], ids=str)
def test_a_real_change_of_the_question_is_taken_as_it_is(tmp_path: Path, change: dict[str, str]) -> None:
    revised = paper(90, "old", published=paper(1).published)
    shown = [*papers(range(1, 11), "old"), revised, *papers(range(100, 110), "beta")]
    with started(tmp_path, shown, keywords='Beta: abs:"beta" OR id:2603.00090') as action:
        action.run()
        assert "2603.00109v1" in action.page()
        if "sort-by" in change:
            # By the first version's date the newest of what is left is older than what was shown.
            action.arxiv.show([*papers(range(1, 11), "old"), revised])
        action.arxiv.forget()

        run = action.run(**change)

        assert (run.code, run.annotations("warning"), len(action.arxiv.requests)) == (0, [], 1)
        assert "2603.00109v1" not in action.page()
        assert "2603.00090" in action.page()


def test_a_keyword_without_papers_is_asked_once_more_and_taken_with_a_notice(tmp_path: Path) -> None:
    with started(tmp_path, papers(range(1, 4)), keywords="Alpha\nNobody writes about this") as action:
        run = action.run()

        assert (run.code, len(action.arxiv.requests)) == (0, 3)
        assert "## Nobody writes about this\n\nNo papers yet.\n" in action.page()
        assert any("line 2: arXiv has no paper for Nobody writes" in notice for notice in run.annotations("notice"))
        assert run.outputs["failed-keywords"] == ""


def test_a_lie_about_a_keyword_that_had_none_is_believed_only_when_repeated(tmp_path: Path) -> None:
    with started(tmp_path, papers(range(1, 4))) as action:
        action.arxiv.fail(faults.empty(), times=1)

        run = action.run()

        assert (run.outputs["papers"], len(action.arxiv.requests)) == ("3", 2)


# Second questions.


def shared(tmp_path: Path) -> Any:
    both = papers(range(20, 26), "alpha and beta")
    return started(
        tmp_path, [*papers(range(1, 11), "beta"), *both], keywords="Alpha\nBeta\nGamma", max_results="5", notify="none"
    )


def test_two_requests_a_keyword_where_nothing_fails(tmp_path: Path) -> None:
    with shared(tmp_path) as action:
        run = action.run()

        asked = [
            (params["search_query"].split('"')[1], params["start"]) for params in map(PARAMS, action.arxiv.requests)
        ]
        assert run.outputs["papers"] == "10"
        # Beta shares its first five papers with Alpha; Gamma has none, which is asked for twice.
        assert asked == [("Alpha", "0"), ("Beta", "0"), ("Gamma", "0"), ("Gamma", "0"), ("Beta", "5")]


def test_a_list_whose_second_request_fails_keeps_its_rows(tmp_path: Path) -> None:
    with shared(tmp_path) as action:
        action.run()
        before = lists(action.page())
        action.arxiv.show([*action.arxiv.entries, *papers(range(30, 32), "beta"), paper(40)])
        action.arxiv.fail(faults.status(503), when=lambda params: params["start"] != "0")

        run = action.run()

        assert run.code == 0, run.log
        assert run.outputs["failed-keywords"] == "Beta"
        assert lists(action.page())["Beta"] == before["Beta"]
        assert "2603.00040" in lists(action.page())["Alpha"]

        action.arxiv.heal()
        assert new(action.run()) == {"2603.00030", "2603.00031"}


def test_the_kept_rows_of_a_keyword_count_for_those_after_it(tmp_path: Path) -> None:
    with shared(tmp_path) as action:
        action.run()
        action.arxiv.fail(faults.status(503), when='"Alpha"')

        run = action.run()

        assert (run.outputs["failed-keywords"], run.outputs["papers"]) == ("Alpha", "10")
        assert action.arxiv.requests[-1].params["start"] == "5"


def test_they_count_for_those_before_it_too(tmp_path: Path) -> None:
    alpha, beta = papers(range(10, 20)), papers(range(1, 6), "beta")
    with started(tmp_path, [*alpha, *beta], keywords="Alpha\nBeta", max_results="5", notify="none") as action:
        action.run()
        before = lists(action.page())
        # Beta's papers are revised, and Alpha would now list them first.
        revised = [paper(n, "alpha and beta", version=2, updated=paper(n + 100).updated) for n in range(1, 6)]
        action.arxiv.show([*alpha, *beta, *revised])
        action.arxiv.fail(faults.status(503), when='"Beta"')

        run = action.run()

        assert run.outputs["failed-keywords"] == "Beta"
        assert lists(action.page()) == before


def test_they_count_too_where_it_is_the_second_request_that_failed(tmp_path: Path) -> None:
    shown = [
        *papers(range(1, 12), "gamma"),
        *papers(range(12, 16), "beta and gamma"),
        *papers(range(20, 26), "alpha and beta"),
    ]
    with started(tmp_path, shown, keywords="Alpha\nBeta\nGamma", max_results="5", notify="none") as action:
        action.run()
        before = lists(action.page())
        action.arxiv.fail(faults.status(503), when=lambda params: params["start"] != "0" and "Beta" in str(params))

        run = action.run()

        assert (run.outputs["failed-keywords"], run.outputs["papers"]) == ("Beta", "15")
        assert lists(action.page()) == before


# What the user is told.


def test_a_day_without_news_says_when_arxiv_announces_next(action: Watched) -> None:
    action.run()

    run = action.run()

    told = re.search(r"No new papers. arXiv announces next on (\w+day) [\d-]{10} at 0[01]:00 UTC", run.log)
    assert told
    assert told[1] not in ("Saturday", "Sunday")
    assert told[0] in run.summary


def test_failed_keywords_cost_what_they_cost(action: Watched) -> None:
    action.arxiv.fail(faults.status(500), when=FAILING)

    run = action.run(retry_minutes="0.01")

    row = next(line for line in run.summary.splitlines() if line.startswith(f"| {FAILING}"))
    asked = sum(FAILING in request.params["search_query"] for request in action.arxiv.requests)
    assert row.endswith(f" {asked} |")
    assert asked >= 2
