"""arXiv's harvest over real sockets: page by page, in the search's own pace, and whole or a named failure."""

from __future__ import annotations

import gzip
import random
import re
import time
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from itertools import count, islice
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from digest.errors import ArxivForbids, ArxivUnavailable, QueryRefused
from digest.sources import harvest as harvest_module
from digest.sources.harvest import Harvest, first_day
from digest.sources.http import Http, Timeouts
from digest.sources.rate_limit import RateLimit
from digest.sources.request import Request
from digest.sources.search import SearchApi
from digest.sources.source import Answer, Failure
from sandbox.arxiv import faults
from sandbox.arxiv.faults import Reply
from sandbox.arxiv.harvest import HarvestPage
from sandbox.arxiv.stand_in import ArxivStandIn
from tests.factories import paper, papers
from tests.test_rate_limit import Clock

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from digest.sources.rate_limit import Clock as AnyClock
    from digest.sources.records import Harvested
    from sandbox.arxiv.faults import Fault
    from sandbox.arxiv.feed import Page
    from sandbox.recorded import Entry

ALPHA = Request("abs:alpha", 0, 10, "updated")
DAY = timedelta(days=1)


def day(before: int = 0) -> date:
    """So many days before today, by UTC."""
    return datetime.now(UTC).date() - before * DAY


class Harvester(Harvest):
    """A harvest that keeps what it says, and waits by a clock that moves when told."""

    def __init__(self, url: str, clock: AnyClock | None = None, interval: float = 3, budget: float = 300) -> None:
        self.said: list[str] = []
        seeded = random.Random(1)  # noqa: S311 - the same waits in every run
        http = Http(RateLimit(interval, budget, clock or Clock(), seeded))
        super().__init__(url, http, self.said.append)

    def ids(self, since: date | None = None, categories: Iterable[str] = ()) -> list[str]:
        """What comes since yesterday."""
        return [named(record) for record in self.papers(since or day(1), categories)]


def failure(harvest: Harvester, since: date | None = None, categories: Iterable[str] = ()) -> str:
    with pytest.raises(ArxivUnavailable) as error:
        harvest.ids(since, categories)
    return str(error.value)


def named(record: Harvested) -> str:
    return f"{record.paper.id}v{record.paper.version}"


@pytest.fixture
def arxiv() -> Iterator[ArxivStandIn]:
    """Seven papers of this month, announced in the last three days."""
    with ArxivStandIn(papers(range(1, 8))) as stand_in:
        for number, before in enumerate([2, 2, 1, 1, 1, 1, 0], 1):
            stand_in.announce([recent(number)], day(before))
        yield stand_in


@pytest.fixture
def harvest(arxiv: ArxivStandIn) -> Iterator[Harvester]:
    made = Harvester(arxiv.oai_url)
    with closing(made.http):
        yield made


def recent(number: int, **texts: object) -> Entry:
    """A paper of this month."""
    return paper(number, month=f"{day():%y%m}", **texts)  # type: ignore[arg-type]


def recents(numbers: Iterable[int]) -> list[str]:
    return [recent(number).id for number in numbers]


def edited(pattern: str, text: str, *, behind: str = "<OAI-PMH") -> Fault:
    """The true page, with each such part behind a place as the text."""

    def reply(page: Page) -> Reply:
        head, place, rest = page.feed().decode().partition(behind)
        return Reply(200, (head + place + re.sub(pattern, lambda _: text, rest)).encode())

    return reply


def error(code: str, reason: str = "") -> Fault:
    """As arXiv tells an error: with status 200."""

    def reply(page: Page) -> Reply:
        assert isinstance(page, HarvestPage)
        return Reply(200, replace(page, request={}, code=code, reason=reason).feed())

    return reply


# What is asked.


def test_a_harvest_of_one_page_is_one_request(arxiv: ArxivStandIn, harvest: Harvester) -> None:
    assert harvest.ids() == recents(range(3, 8))

    (request,) = arxiv.requests
    assert (request.method, request.path) == ("GET", "/oai")
    assert request.params == {"verb": "ListRecords", "metadataPrefix": "arXivRaw", "from": f"{day(1)}"}
    assert request.headers["User-Agent"].startswith("daily-papers/1 (+https://")
    assert harvest.cost.requests == 1
    assert (harvest.newest, harvest.left_out, harvest.said) == (day(), 0, [])


def test_a_harvest_of_a_set_names_it(arxiv: ArxivStandIn, harvest: Harvester) -> None:
    arxiv.announce([recent(9, categories=("hep-th", "math.AG"))])

    assert harvest.ids(categories=["hep-th"]) == recents([9])
    assert arxiv.requests[0].params["set"] == "physics:hep-th"


def test_a_paper_of_several_sets_comes_once(arxiv: ArxivStandIn, harvest: Harvester) -> None:
    arxiv.announce([recent(8, categories=("cs.LG",)), recent(9, categories=("stat.ML", "cs.CV"))])

    assert Counter(harvest.ids(day(2), ["cs.CV", "stat.ML"])) == Counter(recents([*range(1, 8), 9]))
    assert [request.params["set"] for request in arxiv.requests] == ["cs:cs:CV", "stat:stat:ML"]


@pytest.mark.parametrize("size", range(1, 9))
def test_every_page_is_asked_for_by_the_token_of_the_one_before(
    arxiv: ArxivStandIn, harvest: Harvester, size: int
) -> None:
    arxiv.page_size = size

    assert harvest.ids(day(2)) == recents(range(1, 8))
    first, *others = arxiv.requests
    assert first.params["from"] == f"{day(2)}"
    assert len(others) == -(-7 // size) - 1
    assert all(set(request.params) == {"verb", "resumptionToken"} for request in others)


def test_pages_are_asked_for_when_their_papers_are_wanted(arxiv: ArxivStandIn, harvest: Harvester) -> None:
    arxiv.page_size = 2
    found = harvest.papers(day(2))
    assert arxiv.requests == []

    assert [named(record) for record in islice(found, 2)] == recents([1, 2])
    assert len(arxiv.requests) == 1


def test_a_higher_version_on_a_later_page_comes_too(arxiv: ArxivStandIn, harvest: Harvester) -> None:
    arxiv.page_size = 4
    found = map(named, harvest.papers(day(2)))
    first = list(islice(found, 4))
    arxiv.announce([recent(4, version=2)])

    assert recent(4).id in first
    assert recent(4, version=2).id in list(found)


def test_a_version_comes_once_and_no_lower_one_after_it(arxiv: ArxivStandIn, harvest: Harvester) -> None:
    arxiv.announce([recent(n, version=2, categories=("cs.CV", "stat.ML")) for n in range(1, 8)], day(1))
    arxiv.fail(edited(r'<version version="v2">(.|\n)*?</version>', ""), when="stat")

    assert harvest.ids(categories=["cs.CV", "stat.ML"]) == [recent(n, version=2).id for n in range(1, 8)]


def test_old_papers_that_were_edited_come_with_their_dates(arxiv: ArxivStandIn, harvest: Harvester) -> None:
    old = paper(3, month="1905", published=datetime(2019, 5, 4, tzinfo=UTC), updated=datetime(2020, 1, 2, tzinfo=UTC))
    arxiv.announce([old])
    (found,) = (record for record in harvest.papers(day(1)) if named(record) == old.id)

    assert (found.datestamp, found.paper.updated) == (day(), old.updated)


# Which days.


@pytest.mark.parametrize(
    ("whole", "since"),
    [
        (None, 7),
        (0, 1),
        (1, 1),
        (2, 2),
        (7, 7),
        (8, 7),
        (400, 7),
        (-1, 1),
        (-400, 1),
    ],
)
@pytest.mark.parametrize("today", [date(2026, 11, 26), date(2027, 1, 1), date(2028, 3, 1)])
def test_from_the_day_on_which_the_list_was_whole_but_never_today_and_seven_days_at_most(
    today: date, whole: int | None, since: int
) -> None:
    assert first_day(None if whole is None else today - whole * DAY, today) == today - since * DAY


@pytest.mark.parametrize("ahead", [0, 1, 300])
def test_today_is_never_asked_for(arxiv: ArxivStandIn, harvest: Harvester, ahead: int) -> None:
    assert harvest.ids(day(-ahead)) == recents(range(3, 8))
    assert arxiv.requests[0].params["from"] == f"{day(1)}"


def test_where_arxivs_day_has_begun_already_its_yesterday_is_asked_for(arxiv: ArxivStandIn, harvest: Harvester) -> None:
    date = format_datetime(datetime.now(UTC) + DAY, usegmt=True)
    arxiv.fail(faults.status(500, headers={"Date": date}), door="search")
    with closing(SearchApi(arxiv.url, harvest.http.rate_limit, lambda _: None)) as source:
        source.http = harvest.http
        harvest.http.rate_limit.renew(0)
        source.ask([ALPHA])
    harvest.ids(day())

    assert arxiv.requests[-1].params["from"] == f"{day()}"


def test_a_day_without_an_announcement_is_an_empty_harvest(harvest: Harvester, arxiv: ArxivStandIn) -> None:
    assert harvest.ids(categories=["hep-th"]) == []
    assert (harvest.newest, len(arxiv.requests), harvest.said) == (None, 1, [])


def test_an_empty_set_takes_nothing_from_the_others(harvest: Harvester) -> None:
    assert harvest.ids(categories=["hep-th", "cs.CV", "stat.ML"]) == recents(range(3, 8))


# Pace.


def test_search_and_harvest_share_one_pace(arxiv: ArxivStandIn) -> None:
    clock = Clock()
    with closing(SearchApi(arxiv.url, RateLimit(3, 600, clock), lambda _: None)) as source:
        arxiv.page_size = 3
        assert isinstance(source.ask([ALPHA])[ALPHA], Answer)
        list(Harvest(arxiv.oai_url, source.http, lambda _: None).papers(day(2)))

    assert [request.door for request in arxiv.requests] == ["search", "harvest", "harvest", "harvest"]
    assert clock.sleeps == [3, 3, 3]


def test_by_the_true_clock_two_hosts_are_asked_one_after_the_other_over_one_connection(arxiv: ArxivStandIn) -> None:
    arxiv.page_size = 3
    with closing(SearchApi(arxiv.url, RateLimit(0.04, 1), lambda _: None)) as source:
        for _ in range(2):
            source.ask([ALPHA])
            list(Harvest(arxiv.oai_url.replace("127.0.0.1", "localhost"), source.http, lambda _: None).papers(day(2)))

    starts = [request.at for request in arxiv.requests]
    assert len(starts) == 8
    # When one request arrives is a matter of chance too, on a busy machine.
    assert starts[-1] - starts[0] > 7 * 0.04 - 0.02
    assert starts[-1] - starts[0] > 0.26
    assert arxiv.most_at_once == 1
    # One connection a stay at a host.
    assert len({request.client for request in arxiv.requests}) == 4


def test_a_connection_is_kept_over_pages_and_left_after_a_fault(arxiv: ArxivStandIn, harvest: Harvester) -> None:
    arxiv.page_size = 2
    arxiv.fail(faults.status(500), times=1, after=2)
    harvest.ids(day(2))

    clients = [request.client for request in arxiv.requests]
    assert len(clients) == 5
    assert clients[0] == clients[1] == clients[2] != clients[3] == clients[4]


# What fails.

FAULTS: list[tuple[Fault, str]] = [
    (faults.throttled(), "arXiv is throttling (429)"),
    (faults.status(406), "arXiv is throttling (406)"),
    (faults.status(503, "first byte timeout", retry_after=0), "arXiv is throttling (503)"),
    (faults.status(500), "arXiv answered 500"),
    (faults.status(404, "Not Found"), "arXiv answered 404"),
    (faults.rate_exceeded(), "arXiv is throttling (Rate exceeded.)"),
    (faults.html(), "arXiv answered with a page of HTML"),
    (faults.status(200), "arXiv answered with nothing"),
    (faults.status(200, "{}"), "arXiv answered with something that is no harvest"),
    (faults.error(), "arXiv answered with something that is no harvest"),
    (faults.reset(), "arXiv broke the connection"),
    (faults.cut(0.2), "arXiv answered with half a harvest"),
    (faults.cut("</ListRecords>"), "arXiv answered with half a harvest"),
    (faults.cut("</OAI-PMH>"), "arXiv answered with half a harvest"),
    (faults.cut(0.7, length="wrong"), "arXiv broke the connection"),
    (faults.redirect("https://arxiv.org/"), "arXiv redirects to another host (arxiv.org), which is not followed"),
    (lambda page: Reply(200, page.feed(entries=())), "arXiv sent a page of its harvest without a paper"),
    (faults.without("metadata", entries=1), "arXiv sent a record without its paper"),
    (faults.without("id"), "arXiv sent a record without an id"),
    (faults.without("title"), "arXiv sent a record without a title"),
    (faults.without("version"), "arXiv sent a record without a version"),
    (faults.without("date"), "arXiv sent a record without a date"),
    (faults.without("datestamp"), "arXiv sent a record without a datestamp"),
    (edited('version="v1"', 'version="v0"'), "arXiv sent a record without a version"),
    (edited("<date>.*?<", "<date>yesterday<"), "arXiv sent a record without a date"),
    (edited("<id>.*?<", "<id>2699.00001<"), "arXiv sent a record without an id"),
    (edited("<responseDate>.*?<", "<responseDate><"), "arXiv sent a harvest that does not say of when it is"),
    (edited("<responseDate>.*?<", "<responseDate>2026-10-01T00:00:00Z<"), "arXiv sent a harvest of 2026-10-01"),
    (edited("<date>.*?<", "<date>Fri, 1 Mar 2126 00:00:00 GMT<"), "arXiv sent a paper of the future"),
    (edited("<id>.*?<", "<id>9012.00001<"), "arXiv sent a paper of the future (9012.00001 of "),
    (edited("<datestamp>.*?<", "<datestamp>9999-12-31<"), "arXiv sent a paper of the future"),
]
NAMES = [f"{number} {said.removeprefix('arXiv ')}" for number, (_, said) in enumerate(FAULTS)]


@pytest.mark.parametrize(("fault", "said"), FAULTS, ids=NAMES)
def test_a_page_that_fails_is_asked_for_once_more(
    arxiv: ArxivStandIn, harvest: Harvester, fault: Fault, said: str
) -> None:
    arxiv.page_size = 3
    arxiv.fail(fault, times=1, after=1)

    assert harvest.ids(day(2)) == recents(range(1, 8))
    asked = [request.params for request in arxiv.requests]
    assert len(asked) == 4
    assert asked[1] == asked[2]
    assert len(harvest.said) == 1
    assert harvest.said[0].startswith(said)
    assert re.search(r": waiting [3-6] s, 5 min left$", harvest.said[0])
    assert harvest.cost.requests == 4


@pytest.mark.parametrize(("fault", "said"), FAULTS, ids=NAMES)
@pytest.mark.parametrize("after", [0, 1])
def test_a_page_that_fails_twice_ends_the_harvest(
    arxiv: ArxivStandIn, harvest: Harvester, fault: Fault, said: str, after: int
) -> None:
    arxiv.page_size = 3
    arxiv.fail(fault, times=2, after=after)

    assert failure(harvest, day(2)).startswith(said)
    assert len(arxiv.requests) == harvest.cost.requests == after + 2


def test_another_requests_answer_is_a_fault(arxiv: ArxivStandIn, harvest: Harvester) -> None:
    arxiv.fail(edited('set="cs:cs:CV"', 'set="cs:cs:AI"'))

    assert failure(harvest, categories=["cs.CV"]) == "arXiv sent the harvest of something else"


@pytest.mark.parametrize("share", [n / 40 for n in range(1, 40)])
def test_a_cut_page_is_never_taken_for_a_whole_one(arxiv: ArxivStandIn, harvest: Harvester, share: float) -> None:
    arxiv.fail(faults.cut(share))
    with pytest.raises(ArxivUnavailable):
        harvest.ids()


def test_zero_seconds_to_wait_are_not_believed_and_more_are_kept_to(arxiv: ArxivStandIn) -> None:
    for retry_after, least, most in [("0", 3, 6.25), ("17", 17, 17), ("", 3, 6.25)]:
        clock = Clock()
        harvest = Harvester(arxiv.oai_url, clock)
        arxiv.fail(faults.status(503, retry_after=retry_after), times=1)
        with closing(harvest.http):
            harvest.ids()
        assert least <= sum(clock.sleeps) <= most


@pytest.mark.parametrize(("budget", "retry_after"), [(0, None), (300, "301")])
def test_without_patience_nothing_is_asked_twice(arxiv: ArxivStandIn, budget: float, retry_after: str | None) -> None:
    arxiv.fail(faults.throttled(retry_after))
    harvest = Harvester(arxiv.oai_url, budget=budget)
    with closing(harvest.http):
        assert failure(harvest) == "arXiv is throttling (429)"

    assert (len(arxiv.requests), harvest.said) == (1, [])


def test_patience_is_for_the_whole_harvest(arxiv: ArxivStandIn) -> None:
    clock, turns = Clock(), count()
    arxiv.page_size = 1
    arxiv.fail(faults.throttled(), when=lambda _: next(turns) % 2 == 0)
    harvest = Harvester(arxiv.oai_url, clock, budget=20)
    with closing(harvest.http):
        assert failure(harvest, day(2)) == "arXiv is throttling (429)"

    assert 15 <= sum(clock.sleeps) <= 23
    assert len(arxiv.requests) < 14


@pytest.mark.parametrize("silent", [faults.hang(), faults.trickle(0.01)])
def test_silence_and_an_answer_byte_by_byte_end_in_time(
    arxiv: ArxivStandIn, harvest: Harvester, monkeypatch: pytest.MonkeyPatch, silent: Fault
) -> None:
    monkeypatch.setattr(harvest_module, "TIMEOUTS", Timeouts(silence=0.2, whole=0.3))
    arxiv.fail(silent)
    began = time.monotonic()
    with pytest.raises(ArxivUnavailable, match=r"^arXiv (gave no answer|did not end its answer) within 0\.\d s$"):
        harvest.ids()

    assert time.monotonic() - began < 2


# What is refused.


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("badArgument", "Set does not exist"),
        ("badVerb", "Invalid verb provided"),
        ("cannotDisseminateFormat", "Did not recognize requested format"),
        ("badResumptionToken", "Token decoding failed or format is invalid."),
    ],
)
@pytest.mark.parametrize("after", [0, 1])
def test_an_error_is_told_in_arxivs_words_and_not_asked_for_again(
    arxiv: ArxivStandIn, harvest: Harvester, code: str, reason: str, after: int
) -> None:
    arxiv.page_size = 3
    arxiv.fail(error(code, reason), after=after)
    with pytest.raises(QueryRefused, match=f"^arXiv refuses the harvest: {code}: The .*{reason}$"):
        harvest.ids()

    assert (len(arxiv.requests), harvest.said) == (after + 1, [])


def test_a_token_that_finds_nothing_is_an_error(arxiv: ArxivStandIn, harvest: Harvester) -> None:
    arxiv.page_size = 3
    arxiv.fail(faults.empty(), when="skip")
    with pytest.raises(ArxivUnavailable, match="refuses the harvest: noRecordsMatch"):
        harvest.ids()


def test_a_set_that_arxiv_does_not_know_is_refused(
    arxiv: ArxivStandIn, harvest: Harvester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(harvest_module, "sets", lambda _: ("cs:cs:CV", "cs:cs:cv"))
    with pytest.raises(QueryRefused, match=r"refuses the harvest: badArgument: .* Set does not exist"):
        harvest.ids()

    assert len(arxiv.requests) == 2


@pytest.mark.parametrize("status", [400, 413, 414])
def test_a_status_that_refuses_is_told_of_the_harvest_and_not_asked_for_again(
    arxiv: ArxivStandIn, harvest: Harvester, status: int
) -> None:
    arxiv.fail(faults.status(status), door="harvest")
    with pytest.raises(QueryRefused, match=rf"^arXiv refuses the harvest: {status} [A-Z][\w -]+$"):
        harvest.ids()

    assert (len(arxiv.requests), harvest.said) == (1, [])


def test_after_403_neither_door_is_asked_again(arxiv: ArxivStandIn, harvest: Harvester) -> None:
    arxiv.fail(faults.forbidden(), door="harvest")
    source = SearchApi(arxiv.url, harvest.http.rate_limit, lambda _: None)
    source.http = harvest.http
    for _ in range(2):
        with pytest.raises(ArxivForbids):
            harvest.ids(categories=["cs.CV", "hep-th"])
    found = source.ask([ALPHA])[ALPHA]

    assert isinstance(found, Failure)
    assert found.kind == "forbidden"
    assert len(arxiv.requests) == harvest.cost.requests == 1


def test_where_the_search_is_forbidden_the_harvest_is_not_asked(arxiv: ArxivStandIn, harvest: Harvester) -> None:
    arxiv.fail(faults.forbidden(), door="search")
    source = SearchApi(arxiv.url, harvest.http.rate_limit, lambda _: None)
    source.http = harvest.http
    source.ask([ALPHA])
    with pytest.raises(ArxivForbids):
        harvest.ids()

    assert [request.door for request in arxiv.requests] == ["search"]


# What is left out.


@pytest.mark.parametrize("element", ["id", "title", "version", "date"])
def test_a_paper_of_long_ago_that_lacks_something_is_left_out_and_counted(
    arxiv: ArxivStandIn, harvest: Harvester, element: str
) -> None:
    month = f"{day(80):%y%m}"
    arxiv.announce([paper(1, month=month), paper(2, month="1905"), paper(3, month="2102")], day(3))
    arxiv.fail(faults.without(element, entries=2), times=1)

    assert harvest.ids(day(3)) == [paper(1, month=month).id, *recents(range(1, 8))]
    assert (harvest.left_out, harvest.said) == (2, [])


@pytest.mark.parametrize("given_out", [1, 8])
def test_of_the_window_none_is_left_out(arxiv: ArxivStandIn, harvest: Harvester, given_out: int) -> None:
    """Nor of the month in which it begins: an identifier tells no day."""
    arxiv.announce([paper(100, month=f"{max(day(given_out), day(7).replace(day=1)):%y%m}")])
    arxiv.fail(faults.without("version"))
    with pytest.raises(ArxivUnavailable, match="sent a record without a version"):
        harvest.ids(day(7))


def test_a_paper_that_arxiv_took_back_is_no_fault(arxiv: ArxivStandIn, harvest: Harvester) -> None:
    """By the protocol such a record is a header alone, https://www.openarchives.org/OAI/openarchivesprotocol.html#DeletedRecords"""
    deleted = (
        r"<header>((?:(?!</header>)(?:.|\n))*00003</identifier>(?:.|\n)*?)</header>\s*<metadata>(?:.|\n)*?</metadata>"
    )

    def reply(page: Page) -> Reply:
        text, changed = re.subn(deleted, r'<header status="deleted">\1</header>', page.feed().decode(), count=1)
        assert changed
        return Reply(200, text.encode())

    arxiv.fail(reply)

    assert harvest.ids() == recents(range(4, 8))
    assert harvest.left_out == 0


# What is made to hurt.


def test_a_token_that_comes_again_ends_the_harvest(arxiv: ArxivStandIn, harvest: Harvester) -> None:
    arxiv.page_size, pages = 3, list[bytes]()

    def reply(page: Page) -> Reply:
        pages.append(page.feed())
        return Reply(200, pages[0])

    arxiv.fail(reply)
    assert failure(harvest) == "arXiv sent a harvest without end"

    assert len(arxiv.requests) == 2


def test_tokens_without_end_end_too(arxiv: ArxivStandIn, harvest: Harvester) -> None:
    numbers, pages = count(), list[str]()

    def reply(page: Page) -> Reply:
        pages.append(page.feed().decode())
        token = f"<resumptionToken>{next(numbers)}</resumptionToken></ListRecords>"
        return Reply(200, pages[0].replace("</ListRecords>", token).encode())

    arxiv.fail(reply)
    assert failure(harvest) == "arXiv sent a harvest without end"

    assert 100 < len(arxiv.requests) < 110


NESTED = b"<OAI-PMH xmlns='http://www.openarchives.org/OAI/2.0/'>" + b"<a>" * 200_000
LONG_TEXT = b"<OAI-PMH xmlns='http://www.openarchives.org/OAI/2.0/'><error>" + b"x" * 12_000_000 + b"</error></OAI-PMH>"


@pytest.mark.parametrize("body", [NESTED, LONG_TEXT, b"\0" * 1_000_000, b"<" * 1_000_000], ids=len)
def test_xml_that_is_made_to_hurt_is_no_harvest(arxiv: ArxivStandIn, harvest: Harvester, body: bytes) -> None:
    arxiv.fail(lambda _: Reply(200, body))
    began = time.monotonic()
    with pytest.raises(ArxivUnavailable, match=r"^arXiv (answered with|sent a harvest that does not)"):
        harvest.ids()

    assert time.monotonic() - began < 2


@pytest.mark.parametrize("packed", [False, True])
def test_an_answer_of_100_mb_is_not_read_to_its_end(arxiv: ArxivStandIn, harvest: Harvester, packed: bool) -> None:
    body, headers = b" " * (100 << 20), {}
    if packed:
        body, headers = gzip.compress(body, 1), {"Content-Encoding": "gzip"}
    arxiv.fail(lambda _: Reply(200, body, headers=headers))
    assert failure(harvest) == "arXiv sent more than 32 MB"


def test_an_errors_words_are_cut(arxiv: ArxivStandIn, harvest: Harvester) -> None:
    arxiv.fail(error("badArgument", "far too long " * 5000))
    with pytest.raises(QueryRefused) as refused:
        harvest.ids()

    assert len(str(refused.value)) < 600


# Redirects.


def test_a_redirect_on_the_same_host_is_followed_at_the_same_pace(arxiv: ArxivStandIn) -> None:
    clock = Clock()
    with ArxivStandIn() as other, closing((harvest := Harvester(other.oai_url, clock)).http):
        other.fail(lambda page: Reply(301, headers={"Location": f"{arxiv.oai_url}?{urlencode(page.params)}"}))
        assert harvest.ids() == recents(range(3, 8))

    assert harvest.cost.requests == 2
    assert clock.sleeps == [3]


def test_a_redirect_in_a_circle_is_a_fault(arxiv: ArxivStandIn, harvest: Harvester) -> None:
    arxiv.fail(lambda page: Reply(302, headers={"Location": f"{arxiv.oai_url}?{urlencode(page.params)}"}))
    assert failure(harvest) == "arXiv redirects without end"
