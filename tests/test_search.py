"""arXiv over real sockets: the real numbers by a clock that moves when told, and short timeouts by the true one."""

from __future__ import annotations

import random
import socket
import time
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from digest.sources import http as arxiv_http
from digest.sources.http import Timeouts, seconds_until
from digest.sources.rate_limit import RateLimit
from digest.sources.request import Request
from digest.sources.search import SearchApi
from digest.sources.source import Answer, Failure
from sandbox.arxiv import faults
from sandbox.arxiv.stand_in import ArxivStandIn
from tests.factories import paper, papers
from tests.test_rate_limit import Clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digest.sources.rate_limit import Clock as AnyClock
    from sandbox.arxiv.faults import Fault

ALPHA, BETA = (Request(f"abs:{name}", 0, 10, "updated") for name in ("alpha", "beta"))


class Feed(SearchApi):
    """A feed that keeps what it says."""

    def __init__(self, arxiv: ArxivStandIn, clock: AnyClock, interval: float = 3, budget: float = 600) -> None:
        self.said: list[str] = []
        seeded = random.Random(1)  # noqa: S311 - the same waits in every run
        super().__init__(arxiv.url, RateLimit(interval, budget, clock, seeded), self.said.append)


@pytest.fixture
def arxiv() -> Iterator[ArxivStandIn]:
    with ArxivStandIn([*papers(range(1, 6)), *papers(range(10, 30), "beta")]) as stand_in:
        yield stand_in


@pytest.fixture
def feed(arxiv: ArxivStandIn) -> Iterator[Feed]:
    with closing(Feed(arxiv, Clock())) as made:
        yield made


def alphas(number: int) -> list[Request]:
    """So many questions that find the same."""
    return [replace(ALPHA, query=f"abs:alpha OR ti:{each}") for each in range(number)]


def failed(outcome: Answer | Failure) -> tuple[str, str]:
    """How a request failed, and what is said of it; empty where it did not."""
    return (outcome.kind, outcome.reason) if isinstance(outcome, Failure) else ("", "")


def times(feed: Feed) -> list[float]:
    """What was slept, in the clock's seconds."""
    assert isinstance(feed.rate_limit.clock, Clock)
    return feed.rate_limit.clock.sleeps


def test_an_answer_is_the_list_newest_first_with_every_field(arxiv: ArxivStandIn, feed: Feed) -> None:
    full = paper(
        90, "gamma", title="A\n  title", comment=" 5 pages ", categories=("cs.CV", "cs.AI"), journal="J", doi="10.1/a"
    )
    arxiv.show([paper(80, "gamma"), full])
    question = replace(ALPHA, query="abs:gamma")
    answer = feed.ask([question])[question]

    assert isinstance(answer, Answer)
    assert (answer.total, [str(found.id) for found in answer.papers]) == (2, ["2603.00090", "2603.00080"])
    found = answer.papers[0]
    assert (found.title, found.abstract, found.comment) == ("A title", full.abstract, "5 pages")
    assert (found.version, found.categories, found.journal, found.doi) == (1, ("cs.CV", "cs.AI"), "J", "10.1/a")
    assert (found.published, found.updated, found.authors) == (full.published, full.updated, full.authors)
    assert answer.echo == "abs:gamma"


def test_a_window_further_down_is_one_request(arxiv: ArxivStandIn, feed: Feed) -> None:
    question = replace(BETA, start=15, count=4)
    answer = feed.ask([question])[question]

    assert isinstance(answer, Answer)
    assert [int(found.id.number) for found in answer.papers] == [14, 13, 12, 11]
    (request,) = arxiv.requests
    assert (request.params["start"], request.params["max_results"]) == ("15", "4")
    assert (request.params["sortBy"], request.params["sortOrder"]) == ("lastUpdatedDate", "descending")


def test_the_same_question_is_asked_once(arxiv: ArxivStandIn, feed: Feed) -> None:
    found = feed.ask([ALPHA, BETA, ALPHA])
    assert set(found) == {ALPHA, BETA}
    assert len(arxiv.requests) == 2
    assert found[ALPHA].cost.requests == 1


def test_the_log_says_what_happened_and_what_is_waited_for(arxiv: ArxivStandIn, feed: Feed) -> None:
    arxiv.fail(faults.throttled(37), times=1)
    arxiv.fail(faults.throttled(120), times=1)
    feed.ask([ALPHA])

    assert feed.said == [
        "arXiv is throttling (429): waiting 37 s, 10 min left",
        "arXiv is throttling (429): waiting 2 min, 9 min left",
    ]
    assert times(feed) == [37, 120]


@pytest.mark.parametrize("keywords", [1, 3, 20])
def test_an_arxiv_that_is_down_is_probed_a_dozen_times_for_however_many_keywords(
    arxiv: ArxivStandIn, feed: Feed, keywords: int
) -> None:
    arxiv.fail(faults.status(503))
    began = feed.rate_limit.clock.monotonic()
    outcomes = feed.ask(alphas(keywords))

    assert set(map(failed, outcomes.values())) == {("unavailable", "arXiv is throttling (503)")}
    assert len(outcomes) == keywords
    assert 8 <= len(arxiv.requests) <= 13
    assert feed.rate_limit.clock.monotonic() - began == pytest.approx(600, abs=1)
    assert sorted(times(feed)[:5]) == times(feed)[:5]


def test_a_question_that_fails_waits_behind_the_others(arxiv: ArxivStandIn, feed: Feed) -> None:
    arxiv.fail(faults.status(500), when="alpha", times=2)
    feed.ask([ALPHA, BETA])

    assert [request.params["search_query"][4:] for request in arxiv.requests] == ["alpha", "beta", "alpha", "alpha"]
    # Its second wait is as short as its first, for meanwhile arXiv gave a sound answer.
    assert len(feed.said) == 2
    assert max(times(feed)) <= 6.25


def test_a_refused_query_costs_one_request_and_no_patience(arxiv: ArxivStandIn, feed: Feed) -> None:
    broken = replace(ALPHA, query="(ti:a OR")
    outcomes = feed.ask([broken, BETA])

    assert failed(outcomes[broken]) == ("refused", "arXiv refuses the query: Invalid query string: '(ti:a OR'")
    assert isinstance(outcomes[BETA], Answer)
    assert (len(arxiv.requests), feed.rate_limit.left(), feed.said) == (2, 600, [])
    assert len({request.client for request in arxiv.requests}) == 1


@pytest.mark.parametrize("between", [BETA, replace(ALPHA, query="(ti:a OR")], ids=["sound", "refused"])
def test_an_arxiv_that_answers_some_questions_is_not_taken_to_be_down(arxiv: ArxivStandIn, between: Request) -> None:
    arxiv.fail(faults.status(500), when="abs:alpha")
    questions = [
        each for count, alpha in enumerate(alphas(6), start=1) for each in (alpha, replace(between, count=count))
    ]
    with closing(Feed(arxiv, Clock(), budget=0)) as feed:
        outcomes = feed.ask(questions)

    assert len(arxiv.requests) == len(questions)
    assert {failed(outcomes[each])[0] for each in questions[::2]} == {"unavailable"}
    assert "unavailable" not in {failed(outcomes[each])[0] for each in questions[1::2]}


def test_after_a_403_no_later_question_is_asked_either(arxiv: ArxivStandIn, feed: Feed) -> None:
    arxiv.fail(faults.forbidden(), times=1)
    feed.ask([ALPHA])

    assert failed(feed.ask([BETA])[BETA])[0] == "forbidden"
    assert len(arxiv.requests) == 1


def test_one_question_that_fails_however_often_says_nothing_of_later_ones(arxiv: ArxivStandIn, feed: Feed) -> None:
    arxiv.fail(faults.status(502), when="alpha")
    outcomes = feed.ask([BETA, ALPHA]) | feed.ask([later := replace(BETA, start=10)])

    assert len(arxiv.requests) > 10
    assert failed(outcomes[ALPHA])[0] == "unavailable"
    assert isinstance(outcomes[later], Answer)


def test_once_arxiv_is_down_no_later_question_is_asked_either(arxiv: ArxivStandIn, feed: Feed) -> None:
    arxiv.fail(faults.status(502))
    feed.ask(alphas(3))
    arxiv.heal()
    arxiv.forget()

    assert failed(feed.ask([BETA])[BETA])[1] == "arXiv answered 502 Bad Gateway"
    assert arxiv.requests == []


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7),
        (" 120 ", 120),
        ("0", None),
        ("-5", None),
        ("", None),
        ("soon", None),
        ("1.5", None),
        ("²", None),
        ("9" * 400, 7 * 86400),
        ("Mon, 01 Jan 0001 00:00:00 -0000", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("Mon, 99 Foo 2026 00:00:00 GMT", None),
    ],
)
def test_retry_after_is_read_as_far_as_it_can_be_trusted(value: str, seconds: float | None) -> None:
    assert seconds_until(value) == seconds


def test_retry_after_may_be_a_date() -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)

    assert 85 < (seconds_until(date) or 0) <= 90


# What silence costs: short timeouts, by the true clock.


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arxiv_http, "TIMEOUTS", Timeouts(connect=0.2, silence=0.2, whole=0.4, least=0.2))


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize(
    ("fault", "says", "seconds"),
    [
        (faults.hang(), "arXiv gave no answer within 0.2 s", 0.2),
        (faults.trickle(0.5), "arXiv fell silent for 0.2 s", 0.2),
        (faults.trickle(0.01), "arXiv did not end its answer within 0.4 s", 0.4),
    ],
)
def test_no_request_outlives_its_timeout(arxiv: ArxivStandIn, fault: Fault, says: str, seconds: float) -> None:
    arxiv.fail(fault)
    began = time.monotonic()
    with closing(Feed(arxiv, time, budget=0.4, interval=1)) as feed:
        outcomes = feed.ask([ALPHA])

    assert failed(outcomes[ALPHA])[1] == says
    assert seconds <= time.monotonic() - began < seconds + 0.3


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("line", [b"HTTP/1.1 200 OK\r\nX-Pad: ", b""], ids=["in its headers", "from its first byte"])
def test_a_server_that_dawdles_over_its_headers_is_left_too(line: bytes) -> None:
    with dawdling(line) as url, closing(SearchApi(url, RateLimit(0, 0), lambda _: None)) as feed:
        began = time.monotonic()
        outcomes = feed.ask([ALPHA])

    assert "within" in failed(outcomes[ALPHA])[1]
    assert time.monotonic() - began < 1


@contextmanager
def dawdling(line: bytes) -> Iterator[str]:
    """A server that sends a line, then a byte every 20 ms without end."""

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            try:
                connection.recv(65536)
                connection.sendall(line)
                while True:
                    time.sleep(0.02)
                    connection.sendall(b"H")
            except OSError:
                return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/api/query"
        thread.join(5)
        assert not thread.is_alive()


@pytest.mark.usefixtures("short")
def test_twenty_questions_to_a_silent_arxiv_end_a_timeout_after_the_budget(arxiv: ArxivStandIn) -> None:
    arxiv.fail(faults.hang())
    began = time.monotonic()
    with closing(Feed(arxiv, time, interval=0, budget=0.8)) as feed:
        feed.ask(alphas(20))

    assert time.monotonic() - began < 0.8 + 0.2 + 0.4
    assert len(arxiv.requests) <= 5


def test_patience_that_runs_out_shortens_a_request_but_never_below_ten_seconds(
    arxiv: ArxivStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[tuple[float, float]] = []
    with closing(Feed(arxiv, Clock())) as feed:
        session = feed.http._session
        request = session.request

        def noted(*asked: Any, **how: Any) -> object:
            given.append(how["timeout"])
            return request(*asked, **how)

        monkeypatch.setattr(session, "request", noted)
        arxiv.fail(faults.throttled(570), times=1)
        arxiv.fail(faults.throttled(25), times=1)
        feed.ask([ALPHA])

    assert [round(silence) for _, silence in given] == [60, 30, 10]
    assert {connect for connect, _ in given} == {10}


def test_an_address_that_is_none_is_a_fault_like_others(arxiv: ArxivStandIn) -> None:
    for location in ("http://[", "ftp://127.0.0.1/", "http://127.0.0.1:99999/"):
        arxiv.heal()
        arxiv.fail(faults.redirect(location))
        with closing(Feed(arxiv, Clock(), budget=0)) as feed:
            assert isinstance(feed.ask([ALPHA])[ALPHA], Failure), location


@pytest.mark.parametrize("keyword", ["resolve", "refused", "getaddrinfo", "rate exceeded"])
def test_a_query_is_not_taken_for_the_name_of_a_fault(arxiv: ArxivStandIn, keyword: str) -> None:
    arxiv.fail(faults.reset())
    question = replace(ALPHA, query=f'abs:"{keyword}"')
    with closing(Feed(arxiv, Clock(), budget=0)) as feed:
        assert failed(feed.ask([question])[question])[1] == "arXiv broke the connection"
