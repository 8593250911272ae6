"""Only a feed that is whole and what was asked passes; the `arxiv` package would take nearly all of the others."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from arxiv import _feed

from digest.papers import Bounds
from digest.sources.faults import ArxivFault
from digest.sources.validation import Expected, check, refusal
from sandbox import recorded
from sandbox.arxiv.feed import Page, error_feed
from sandbox.recorded import days
from tests.factories import paper, papers

FOUND = sorted(days()[0].sections["Video Understanding"], key=lambda entry: entry.updated, reverse=True)
PAGE = Page(search_query='ti:"Video Understanding"', size=20, found=FOUND)
FEED = PAGE.feed()
BOUNDS = Bounds(datetime(2026, 3, 25, tzinfo=UTC))
ASKED = Expected(0, 20, "updated", None, BOUNDS)
RECORDED = (Path(recorded.__file__).parent / "days" / "recorded_answer.xml").read_bytes()


def fault(body: bytes, expected: Expected = ASKED) -> str:
    with pytest.raises(ArxivFault) as raised:
        check(body, expected)
    return str(raised.value)


def made(numbers: list[int]) -> bytes:
    return Page(size=20, found=papers(numbers)).feed()


def test_a_whole_feed_passes_and_tells_its_total_and_how_the_query_was_read() -> None:
    head = check(FEED, ASKED)

    assert head.total == 20
    assert 'search_query=ti:"Video Understanding"' in head.title


def test_a_feed_cut_anywhere_is_a_fault() -> None:
    whole = len(FEED.rstrip())
    places = [*range(0, whole, 61), *range(whole - 200, whole)]
    taken_by_the_package = 0
    for place in places:
        assert fault(FEED[:place])
        taken_by_the_package += _taken(FEED[:place])

    assert len(places) > 600
    # It reads on where the XML breaks off: hardly a cut looks to it like anything but a shorter list.
    assert taken_by_the_package > 0.9 * len(places)


def _taken(body: bytes) -> bool:
    try:
        return not _feed.parse(body).malformed
    except ValueError:
        return False


def test_a_recorded_answer_cut_at_every_byte_is_a_fault() -> None:
    asked = Expected(0, 100, "updated", None, BOUNDS)
    assert check(RECORDED, asked).total == 1
    for place in range(len(RECORDED.rstrip())):
        assert fault(RECORDED[:place], asked)


def test_what_no_check_can_tell() -> None:
    """Each of these is what a good answer may look like on another day; see the notes in docs/arxiv.md."""
    newest = Expected(0, 20, "updated", FOUND[0].updated, BOUNDS)
    # Bytes lost within one text.
    assert check(FEED.replace(FOUND[3].abstract[10:60].encode(), b""), newest)
    # Papers missing from the middle, and the total of what is left.
    assert check(Page(size=20, found=[*FOUND[:1], *FOUND[10:]]).feed(), newest).total == 11
    # Another query's papers.
    assert check(Page(search_query="all:x", size=20, found=[paper(500)]).feed(), newest).total == 1
    # Old papers or none, where nothing was seen before.
    assert check(Page(size=20, found=FOUND[15:]).feed(), ASKED).total == 5
    # The wrong order, where all papers are of the same day.
    assert check(made([1, 2, 3]), ASKED).total == 3


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "answered with nothing"),
        (b" \n", "answered with nothing"),
        (b"Rate exceeded.", "is throttling (Rate exceeded.)"),
        (b"upstream connect error", "answered with something that is no feed"),
        (b"<!DOCTYPE html>\n<html><body><br></body></html>", "answered with a page of HTML"),
        (b'<html xmlns="http://www.w3.org/1999/xhtml"><body/></html>', "answered with a page of HTML"),
        (b"<?xml version='1.0'?><rss/>", "answered with something that is no feed"),
        (FEED[:-20], "answered with half a feed"),
        (FEED + b"<p>", "answered with half a feed"),
        (error_feed("Unexpected error"), "answered with an error: Unexpected error"),
        (FEED.replace(b">20</opensearch:totalResults>", b"></opensearch:totalResults>"), "does not say how many"),
        (FEED.replace(b"opensearch:totalResults", b"opensearch:results"), "does not say how many"),
        (FEED.replace(b">20</opensearch:totalResults>", b">19</opensearch:totalResults>"), "promised 19 papers"),
        (PAGE.feed(entries=()), "promised 20 papers and sent 0"),
        (PAGE.feed(entries=FOUND[:-1]), "promised 20 papers and sent 19"),
        (re.sub(rb"<id>http://arxiv.*?</id>", b"<id> </id>", FEED, count=1), "sent a paper without an id"),
        (re.sub(rb"<published>.*?</published>", b"<published/>", FEED, count=1), "sent a paper without a date"),
        (re.sub(rb"<published>2026", b"<published>yester", FEED, count=1), "sent a paper without a date"),
    ],
)
def test_what_is_no_whole_feed_is_named(body: bytes, says: str) -> None:
    assert says in fault(body)


def test_a_keyword_about_exceeded_rates_is_no_throttle() -> None:
    page = Page(search_query='ti:"Rate exceeded."', size=20, found=FOUND)

    assert check(page.feed(), ASKED).total == 20


def test_the_window_says_how_many_are_promised() -> None:
    for start, count, sent in ((0, 10, 10), (10, 10, 10), (15, 10, 5), (20, 10, 0), (30, 10, 0)):
        page = Page(start=start, size=count, found=FOUND)
        assert check(page.feed(), Expected(start, count, "updated", None, BOUNDS)).total == 20
        assert len(page.entries) == sent


def test_entries_may_swap_within_a_day_and_no_further() -> None:
    asked = Expected(0, 20, "updated", None, BOUNDS)
    assert check(made([40, 60, 50, 37, 30]), asked).total == 5
    assert "out of order" in fault(made([40, 66, 30]), asked)
    # No two neighbours are a day apart, and yet the page is upside down.
    assert "out of order" in fault(made([10, 20, 30, 40, 50]), asked)


def test_the_order_is_that_of_the_date_that_was_asked_for() -> None:
    first, second = paper(10, published=paper(200).published), paper(100)
    feed = Page(size=20, found=[first, second]).feed()

    assert check(feed, Expected(0, 20, "published", None, BOUNDS)).total == 2
    assert "out of order" in fault(feed, Expected(0, 20, "updated", None, BOUNDS))


def test_a_newest_paper_older_than_one_seen_before_is_a_fault_but_not_further_down_the_list() -> None:
    newest = FOUND[0].updated
    assert check(FEED, Expected(0, 20, "updated", newest, BOUNDS)).total == 20
    later = newest + timedelta(seconds=1)
    says = fault(FEED, Expected(0, 20, "updated", later, BOUNDS))
    assert says == f"arXiv shows a newest paper of {newest:%Y-%m-%d} where it had one of {later:%Y-%m-%d} before"
    assert check(Page(start=5, size=20, found=FOUND).feed(), Expected(5, 20, "updated", later, BOUNDS)).total == 20


def test_nothing_where_there_was_something_is_a_fault_and_nothing_where_there_was_nothing_is_none() -> None:
    empty = Page(size=20).feed()

    assert fault(empty, Expected(0, 20, "updated", datetime(2026, 1, 1, tzinfo=UTC), BOUNDS)).endswith(
        "it had some before"
    )
    assert check(empty, ASKED).total == 0


def test_dates_without_a_zone_or_with_another_are_compared_all_the_same() -> None:
    bare = re.sub(rb"(<updated>[^<]*)Z</updated>", rb" \1 </updated>", FEED)
    assert check(bare, Expected(0, 20, "updated", FOUND[0].updated, BOUNDS)).total == 20
    zoned = FEED.replace(b"Z</updated>", b"+00:00</updated>")
    assert check(zoned, Expected(0, 20, "updated", FOUND[0].updated, BOUNDS)).total == 20


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (error_feed("Invalid query\n  string"), "Invalid query string"),
        (b"<html><body>Bad Request</body></html>", "it gave no reason"),
        (b"", "it gave no reason"),
        (FEED, "it gave no reason"),
        (error_feed(""), "it gave no reason"),
    ],
)
def test_a_refusal_is_told_in_arxivs_own_words(body: bytes, sentence: str) -> None:
    assert refusal(body) == sentence
