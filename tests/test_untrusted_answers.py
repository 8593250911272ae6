"""Whatever is sent in arXiv's name ends in a named failure: soon, in little memory, and without a traceback."""

from __future__ import annotations

import gzip
import re
import time
import zlib
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.sources.http import seconds_until
from digest.sources.rate_limit import RateLimit
from digest.sources.request import Request, echo
from digest.sources.search import SearchApi
from digest.sources.source import Answer, Failure
from sandbox.arxiv import faults
from sandbox.arxiv.faults import Reply
from sandbox.arxiv.stand_in import ArxivStandIn
from tests.factories import paper, papers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sandbox.arxiv.faults import Fault
    from sandbox.arxiv.feed import Page

ALPHA = Request("abs:alpha", 0, 10, "updated")


@pytest.fixture
def arxiv() -> Iterator[ArxivStandIn]:
    with ArxivStandIn(papers(range(1, 6))) as stand_in:
        yield stand_in


def asked(url: str) -> Answer | Failure:
    with closing(SearchApi(url, RateLimit(0, 0), lambda _: None)) as source:
        return source.ask([ALPHA])[ALPHA]


def reason(url: str) -> str:
    found = asked(url)
    assert isinstance(found, Failure)
    assert found.kind == "unavailable"
    assert len(found.reason) < 600
    return found.reason


def changed(pattern: str, text: str, *, behind: str = "<feed") -> Fault:
    """The true feed, with the first such part behind a place as the text."""

    def reply(page: Page) -> Reply:
        head, place, rest = page.feed().decode().partition(behind)
        return Reply(200, (head + place + re.sub(pattern, lambda _: text, rest, count=1)).encode())

    return reply


# What cannot be.


@pytest.mark.parametrize(
    ("element", "text", "says"),
    [
        ("published", "9999-12-31T23:59:59-10:00", "sent a paper without a date"),
        ("published", "0001-01-01T00:00:00+10:00", "sent a paper without a date"),
        ("published", "2026-02-30T00:00:00Z", "sent a paper without a date"),
        ("published", "9999-12-31T00:00:00Z", "sent a paper of the future (2603.00005 of 9999-12-31)"),
        ("published", "2126-03-01T00:00:00+14:00", "sent a paper of the future (2603.00005 of 2126-02-28)"),
        ("id", "http://arxiv.org/abs/9012.00001v1", "sent a paper of the future (9012.00001 of 2026-03-01)"),
        ("id", "http://arxiv.org/abs/9912.12345v1", "sent a paper of the future (9912.12345 of 2026-03-01)"),
        ("id", "http://arxiv.org/abs/2699.00001v1", "sent a paper that cannot be read (no arXiv identifier: "),
        ("id", "http://arxiv.org/abs/2603.00000v1", "sent a paper that cannot be read (no arXiv identifier: "),
        ("id", "http://arxiv.org/abs/2603.00001v0", "sent a paper that cannot be read (no arXiv identifier: "),
        ("id", "http://arxiv.org/abs/math/9901000v1", "sent a paper that cannot be read (no arXiv identifier: "),
        ("id", f"http://arxiv.org/abs/{'a' * 60_000}/9901001v1", "sent a paper that cannot be read (no arXiv "),
    ],
)
def test_a_paper_that_cannot_be_is_not_believed(arxiv: ArxivStandIn, element: str, text: str, says: str) -> None:
    arxiv.fail(changed(f"<{element}>.*?</{element}>", f"<{element}>{text}</{element}>", behind="<entry>"))

    assert reason(arxiv.url).startswith(f"arXiv {says}")


def ahead(**time: float) -> datetime:
    return (datetime.now(UTC) + timedelta(**time)).replace(microsecond=0)


@pytest.mark.parametrize(("days", "believed"), [(-1, True), (1.9, True), (2.1, False), (40, False)])
def test_two_days_ahead_are_believed_and_no_more(arxiv: ArxivStandIn, days: float, believed: bool) -> None:
    arxiv.show([paper(1, updated=ahead(days=days))])

    assert isinstance(asked(arxiv.url), Answer) == believed


@pytest.mark.parametrize("clock", [ahead(days=3), ahead(days=300), ahead(days=4000)])
def test_a_machine_whose_clock_is_behind_believes_arxivs(arxiv: ArxivStandIn, clock: datetime) -> None:
    arxiv.show([paper(1, updated=clock, month=f"{clock:%y%m}")])
    date = {"Date": format_datetime(clock, usegmt=True)}
    arxiv.fail(lambda page: Reply(200, page.feed(), headers=date))

    assert isinstance(asked(arxiv.url), Answer)


@pytest.mark.parametrize("date", ["", "yesterday", "Thu, 99 Jan 2026 00:00:00 GMT", "9" * 5000, "Mon, 1 Jan 99999"])
def test_a_date_header_that_is_none_is_not_missed(arxiv: ArxivStandIn, date: str) -> None:
    arxiv.fail(lambda page: Reply(200, page.feed(), headers={"Date": date}))

    assert isinstance(asked(arxiv.url), Answer)


@pytest.mark.parametrize(
    ("total", "says"),
    [
        ("-5", "arXiv says that it has a number of papers that cannot be"),
        ("1" + "0" * 18, "arXiv says that it has a number of papers that cannot be"),
        ("9" * 5000, "arXiv sent a feed that does not say how many papers there are"),
        ("1e3", "arXiv sent a feed that does not say how many papers there are"),
        ("NaN", "arXiv sent a feed that does not say how many papers there are"),
    ],
)
def test_a_total_that_cannot_be_is_not_believed(arxiv: ArxivStandIn, total: str, says: str) -> None:
    arxiv.fail(changed("<opensearch:totalResults>.*?<", f"<opensearch:totalResults>{total}<"))

    assert reason(arxiv.url) == says


@given(st.text(max_size=300) | st.from_regex(r"\w{3}, \d{1,20} \w{3} \d{1,9} \d+:\d+:\d+ [+-]\d{1,9}", fullmatch=True))
def test_whatever_retry_after_says_it_is_a_wait_of_a_week_at_most_or_none(text: str) -> None:
    seconds = seconds_until(text)

    assert seconds is None or 0 < seconds <= 7 * 86400


@pytest.mark.parametrize("text", ["9" * 60_000, "Fri, 31 Dec 9999 23:59:59 GMT", "1000000"])
def test_an_absurd_retry_after_ends_the_patience(arxiv: ArxivStandIn, text: str) -> None:
    said: list[str] = []
    arxiv.fail(faults.throttled(text))
    with closing(SearchApi(arxiv.url, RateLimit(0, 600), said.append)) as source:
        assert isinstance(source.ask([ALPHA])[ALPHA], Failure)

    assert said == ["arXiv is throttling (429): given up, it asks to wait 168 h"]


# Size and depth.


@pytest.mark.parametrize("blanks", [40_000, 200_000, 2_000_000])
def test_a_title_of_blanks_costs_no_time(arxiv: ArxivStandIn, blanks: int) -> None:
    arxiv.fail(changed("search_query=", "search_query=" + " " * blanks))
    began = time.monotonic()

    found = asked(arxiv.url)

    assert isinstance(found, Answer)
    assert found.echo == ""
    assert time.monotonic() - began < 1


@given(st.lists(st.sampled_from(["search_query=", "&id_list=", "&start=0", "a", " "]), max_size=30).map("".join))
def test_an_echo_is_what_stands_between_the_two_parameters(title: str) -> None:
    assert echo(f"search_query={title}&id_list=&start=0", title) == title


NESTED = b"<feed xmlns='http://www.w3.org/2005/Atom'>" + b"<a>" * 200_000
LAUGHS = b"<!DOCTYPE feed [<!ENTITY a 'ha'>%s]><feed xmlns='http://www.w3.org/2005/Atom'>&z25;</feed>" % b"".join(
    b"<!ENTITY z%d '%s'>" % (n, (b"&z%d;" % (n - 1) if n else b"&a;") * 10) for n in range(26)
)
LONG_TEXT = b"<feed xmlns='http://www.w3.org/2005/Atom'><title>" + b"x" * 12_000_000 + b"</title></feed>"
MANY_ATTRIBUTES = (
    b"<feed xmlns='http://www.w3.org/2005/Atom' " + b" ".join(b"a%d='1'" % n for n in range(100_000)) + b"/>"
)


@pytest.mark.parametrize("body", [NESTED, LAUGHS, LONG_TEXT, MANY_ATTRIBUTES, b"\0" * 1_000_000, b"<" * 1_000_000])
def test_xml_that_is_made_to_hurt_is_no_feed(arxiv: ArxivStandIn, body: bytes) -> None:
    arxiv.fail(lambda _: Reply(200, body))
    began = time.monotonic()

    assert re.match("arXiv (answered with|sent a feed that does not say)", reason(arxiv.url))
    assert time.monotonic() - began < 2


# Half a megabyte becomes 500 MB.
BOMBS: dict[str, Callable[[], bytes]] = {
    "gzip": lambda: gzip.compress(b" " * (50 << 20)) * 10,
    "deflate": lambda: zlib.compress(b" " * (64 << 20)),
    "gzip, gzip": lambda: gzip.compress(gzip.compress(b" " * (50 << 20)) * 10),
    "br": lambda: b" " * (33 << 20),
}


@pytest.mark.parametrize("packed", BOMBS)
def test_an_answer_is_no_larger_than_it_may_be_once_it_is_unpacked(arxiv: ArxivStandIn, packed: str) -> None:
    body = BOMBS[packed]()
    arxiv.fail(lambda _: Reply(200, body, headers={"Content-Encoding": packed}))
    began = time.monotonic()

    assert reason(arxiv.url) == "arXiv sent more than 32 MB"
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("packed", ["gzip", "deflate", "gzip, deflate"])
def test_what_is_packed_otherwise_than_it_says_is_told(arxiv: ArxivStandIn, packed: str) -> None:
    arxiv.fail(lambda page: Reply(200, page.feed(), headers={"Content-Encoding": packed}))

    assert reason(arxiv.url) == "arXiv sent an answer that cannot be unpacked"


@pytest.mark.parametrize("code", [400, 500, 418])
def test_an_answer_of_any_status_is_told_in_few_words(arxiv: ArxivStandIn, code: int) -> None:
    arxiv.fail(faults.error(code, "far too long " * 5000))
    found = asked(arxiv.url)

    assert isinstance(found, Failure)
    assert 10 < len(found.reason) < 600
