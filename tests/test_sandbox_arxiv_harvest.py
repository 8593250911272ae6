"""The stand-in's harvest answers as arXiv's does: held to what arXiv sent, and to its service's code."""

from __future__ import annotations

import http.client
import re
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from sandbox.arxiv import faults
from sandbox.arxiv.harvest import Announced, answer
from sandbox.arxiv.stand_in import ArxivStandIn
from sandbox.recorded import Entry
from tests.factories import paper, papers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

OAI = Path(__file__).parent / "oai"
EXCERPT = (OAI / "ListRecords_arXiv_excerpt.xml").read_text("utf-8")
RAW = "{http://arxiv.org/OAI/arXivRaw/}"
LIST = {"verb": "ListRecords", "metadataPrefix": "arXivRaw"}
TODAY = datetime.now(UTC).date()
DAY = timedelta(days=1)


@pytest.fixture
def arxiv() -> Iterator[ArxivStandIn]:
    with ArxivStandIn() as stand_in:
        yield stand_in


def get(arxiv: ArxivStandIn, query: Mapping[str, Any] | list[tuple[str, str]] = LIST) -> str:
    """The answer, which has status 200 whatever it says."""
    url = urlsplit(arxiv.oai_url)
    with closing(http.client.HTTPConnection(url.netloc, timeout=5)) as connection:
        connection.request("GET", f"{url.path}?{urlencode(query)}")
        response = connection.getresponse()
        assert (response.status, response.getheader("Content-Type")) == (200, "text/xml")
        return response.read().decode()


def ids(page: str) -> list[str]:
    return re.findall("<identifier>oai:arXiv.org:(.*?)</identifier>", page)


def token(page: str) -> str | None:
    found = re.search("<resumptionToken(?:/| expirationDate='.*?')>([^<]*)", page)
    return found[1].strip() if found else None


def recorded(name: str) -> str:
    """A recorded answer without what an entry does not hold, as the answer of a list."""
    text = (OAI / f"{name}.xml").read_text("utf-8").replace("GetRecord", "ListRecords")
    return timeless(re.sub(' identifier="[^"]*"', "", text))


def timeless(page: str) -> str:
    """A page without its time, the sizes and kinds of files, licenses, submitters, and blanks between elements."""
    page = re.sub("(?s)<(responseDate|size|source_type|license|submitter)>.*?</\\1>", "", page)
    return re.sub(r">\s+<", "><", page)


def entries_of(name: str) -> list[Entry]:
    """Each version in a recorded answer."""
    (raw,) = etree.parse(OAI / f"{name}.xml").iter(f"{RAW}arXivRaw")

    def text(element: str) -> str:
        return str(raw.findtext(f"{RAW}{element}", ""))

    moments = [
        datetime.strptime(str(each.findtext(f"{RAW}date")), "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
        for each in raw.iter(f"{RAW}version")
    ]
    return [
        Entry(
            id=f"{text('id')}v{number}",
            title=text("title"),
            abstract=text("abstract"),
            comment=text("comments"),
            updated=moment,
            published=moments[0],
            authors=tuple(text("authors").split(", ")),
            categories=tuple(text("categories").split()),
            journal=text("journal-ref"),
            doi=text("doi"),
            report=text("report-no"),
        )
        for number, moment in enumerate(moments, 1)
    ]


# The form.


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("GetRecord_1207.7214", date(2012, 9, 4)),
        ("GetRecord_1706.03762", date(2023, 8, 3)),
        ("GetRecord_hep-th_9711200", date(2014, 11, 17)),
    ],
)
def test_a_record_is_written_as_arxiv_writes_it(arxiv: ArxivStandIn, name: str, day: date) -> None:
    arxiv.announce(entries_of(name), day)

    assert timeless(get(arxiv)) == recorded(name)


def test_the_blanks_between_elements_are_arxivs_too(arxiv: ArxivStandIn) -> None:
    arxiv.announce(entries_of("GetRecord_1706.03762"), date(2023, 8, 3))
    arxiv.announce([paper(1, id="1111.3240v3", categories=("cs.IT", "math.IT"))], date(2026, 10, 5))
    inside = re.compile("(?s)<arXivRaw.*</arXivRaw>.*?</record>\n\n")
    ours, theirs = (
        re.sub(r" *<(source_type|license|submitter|size)>.*\n", "", page)
        for page in (get(arxiv, LIST | {"until": "2023-08-03"}), (OAI / "GetRecord_1706.03762.xml").read_text("utf-8"))
    )
    page = get(arxiv, LIST | {"metadataPrefix": "arXiv", "from": "2026-10-05", "set": "cs"})
    heads = (text.partition("<arXiv")[0] for text in (page, EXCERPT))

    assert inside.findall(ours) == inside.findall(theirs)
    assert len({re.sub("<responseDate>.*?<", "<responseDate><", head) for head in heads}) == 1


def test_request_and_token_are_written_as_arxiv_writes_them(arxiv: ArxivStandIn) -> None:
    arxiv.page_size = 1
    arxiv.announce(papers([1, 2]), date(2026, 10, 5))
    page = get(arxiv, {"verb": "ListRecords", "metadataPrefix": "arXiv", "from": "2026-10-05", "set": "cs"})
    request, resumption = (re.compile(f"(?m)^ *<{name}.*$") for name in ("request", "resumptionToken"))

    assert request.findall(page) == request.findall(EXCERPT)
    (told,), (theirs,) = resumption.findall(page), resumption.findall(EXCERPT)
    assert f"'{TODAY + DAY}T00:00:00Z'" in told or f"'{datetime.now(UTC).date() + DAY}T00:00:00Z'" in told
    assert re.sub("'.*'", "''", told) == re.sub("'.*'", "''", theirs).replace("1300", "1")


def test_the_error_of_an_empty_day_is_arxivs(arxiv: ArxivStandIn) -> None:
    recorded = (OAI / "noRecordsMatch_abridged.xml").read_text("utf-8")
    error = re.compile("<error.*</error>")

    assert error.findall(get(arxiv)) == error.findall(recorded)


# Errors, all with status 200.


@pytest.mark.parametrize(
    ("query", "code", "reason"),
    [
        ({}, "badVerb", "Invalid verb provided"),
        ({"verb": "listrecords"}, "badVerb", "Invalid verb provided"),
        ({"verb": "ListRecords"}, "badArgument", "metadataPrefix required."),
        ({**LIST, "metadataPrefix": "arxivraw"}, "cannotDisseminateFormat", "Did not recognize requested format"),
        ({**LIST, "start": "1"}, "badArgument", "Unallowed parameter. Allowed parameters: "),
        ([*LIST.items(), ("set", "cs"), ("set", "math")], "badArgument", "Duplicate parameters not allowed"),
        ({**LIST, "set": "CS"}, "badArgument", "Set does not exist"),
        ({**LIST, "set": "cs:cs:cv"}, "badArgument", "Set does not exist"),
        ({**LIST, "set": "math:cs"}, "badArgument", "Set does not exist"),
        ({**LIST, "set": "cs.CV"}, "badArgument", "Set does not exist"),
        ({**LIST, "set": "physics:cs:cs:CV"}, "badArgument", "Set has too many levels"),
        ({**LIST, "from": "2026-1-1"}, "badArgument", "from date format must be YYYY-MM-DD"),
        ({**LIST, "from": "2026-02-30"}, "badArgument", "from date format must be YYYY-MM-DD"),
        ({**LIST, "until": "today"}, "badArgument", "until date format must be YYYY-MM-DD"),
        ({**LIST, "from": "2005-09-15"}, "badArgument", "start date too early"),
        (
            {**LIST, "from": "2026-02-02", "until": "2026-02-01"},
            "badArgument",
            "until date must be greater than or equal to from date",
        ),
        ({**LIST, "from": "9999-01-01"}, "badArgument", "until date must be greater than or equal to from date"),
        ({**LIST, "until": "9999-01-01"}, "badArgument", "until date too late"),
        ({**LIST, "resumptionToken": "x"}, "badArgument", "No other paramters allowed with resumptionToken"),
        ({"verb": "ListRecords", "resumptionToken": ""}, "badResumptionToken", "Token decoding failed"),
        ({"verb": "ListRecords", "resumptionToken": "verb%3DListRecords"}, "badResumptionToken", "Token"),
        ({"verb": "ListRecords", "resumptionToken": "verb%3DListRecords%26skip%3D-1"}, "badResumptionToken", "Token"),
    ],
)  # fmt: skip
def test_what_is_refused(arxiv: ArxivStandIn, query: Any, code: str, reason: str) -> None:
    arxiv.announce([paper(1)])
    page = get(arxiv, query)

    assert re.search(rf"<error code='{code}'>The [^<]* Reason: {re.escape(reason)}[^<]*</error>", page)
    assert "<request>" in page
    assert ids(page) == []


# What is announced.


def test_the_search_and_the_harvest_know_each_its_own(arxiv: ArxivStandIn) -> None:
    arxiv.show([paper(1)])
    arxiv.announce([paper(2)])

    assert ids(get(arxiv)) == ["2603.00002"]
    assert [entry.paper for entry in arxiv.entries] == ["2603.00001"]


def test_a_paper_is_dated_by_its_last_change(arxiv: ArxivStandIn) -> None:
    arxiv.announce([paper(2), paper(1), paper(3)], TODAY - 3 * DAY)
    arxiv.announce([paper(2, comment="Accepted")], TODAY - DAY)
    page = get(arxiv)

    assert ids(page) == ["2603.00001", "2603.00003", "2603.00002"]
    assert re.findall("<datestamp>(.*?)<", page) == [f"{TODAY - before * DAY}" for before in (3, 3, 1)]
    assert re.findall("<comments>(.*?)<", page) == ["Accepted"]


@pytest.mark.parametrize(
    ("first", "last", "found"), [(3, 0, [1, 2, 3]), (2, 2, [2]), (2, 0, [2, 3]), (3, 2, [1, 2]), (0, 0, [])]
)
def test_a_window_holds_both_of_its_days(arxiv: ArxivStandIn, first: int, last: int, found: list[int]) -> None:
    for number in (1, 2, 3):
        arxiv.announce([paper(number)], TODAY - (4 - number) * DAY)
    days = {"from": f"{TODAY - first * DAY}", "until": f"{TODAY - last * DAY}"}

    assert ids(get(arxiv, LIST | days)) == [paper(number).paper for number in found]


def test_an_old_paper_that_was_edited_keeps_its_versions(arxiv: ArxivStandIn) -> None:
    old = paper(7, month="1905", published=datetime(2019, 5, 4, tzinfo=UTC), updated=datetime(2019, 5, 4, tzinfo=UTC))
    arxiv.announce([old], date(2019, 5, 6))
    arxiv.announce([replace(old, journal="Nature 1")])
    page = get(arxiv, LIST | {"from": f"{TODAY - DAY}"})

    assert re.findall('version="(v.*?)"', page) == ["v1"]
    assert re.findall("<date>(.*?)<", page) == ["Sat, 04 May 2019 00:00:00 GMT"]
    assert re.findall("<journal-ref>(.*?)<", page) == ["Nature 1"]


def test_every_version_stands_in_a_record_with_what_the_last_one_says(arxiv: ArxivStandIn) -> None:
    first, last = paper(7), paper(7, version=3, title="Anew", updated=datetime(2026, 3, 9, 7, tzinfo=UTC))
    arxiv.announce([first], TODAY - DAY)
    arxiv.announce([last])
    page = get(arxiv)

    assert re.findall('version="(v.*?)"', page) == ["v1", "v2", "v3"]
    assert re.findall("<date>(.*?)<", page) == [
        "Sun, 01 Mar 2026 07:00:00 GMT",
        "Thu, 05 Mar 2026 07:00:00 GMT",
        "Mon, 09 Mar 2026 07:00:00 GMT",
    ]
    assert re.findall("<title>(.*?)<", page) == ["Anew"]


def test_of_a_withdrawn_paper_the_last_version_has_no_files(arxiv: ArxivStandIn) -> None:
    arxiv.announce([paper(1), paper(1, version=2, comment="This paper has been withdrawn")])
    first, last = re.findall("(?s)<version.*?</version>", get(arxiv))

    assert "<source_type>" not in first
    assert "<source_type>I</source_type>" in last


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("", [1, 2, 3, 4]),
        ("cs", [1, 2]),
        ("cs:cs", [1, 2]),
        ("cs:cs:CV", [1]),
        ("cs:cs:LG", [1, 2]),
        ("physics", [3, 4]),
        ("physics:hep-th", [3]),
        ("physics:physics", [4]),
        ("physics:physics:optics", [4]),
        ("math:math:AG", [3]),
        ("stat", []),
        ("cs:cs:C", None),
    ],
)
def test_sets_hold_what_is_cross_listed_too(arxiv: ArxivStandIn, name: str, found: list[int] | None) -> None:
    filed = [("cs.CV", "cs.LG"), ("cs.LG",), ("hep-th", "math.AG"), ("physics.optics",)]
    arxiv.announce([paper(number, categories=categories) for number, categories in enumerate(filed, 1)])
    page = get(arxiv, LIST | ({"set": name} if name else {}))

    assert ids(page) == [paper(number).paper for number in found or ()]
    assert ("noRecordsMatch" in page, "badArgument" in page) == (found == [], found is None)


# Pages.


def test_the_last_of_several_pages_has_an_empty_token_and_a_single_one_none(arxiv: ArxivStandIn) -> None:
    arxiv.announce(papers(range(1, 6)))
    alone = get(arxiv)
    arxiv.page_size = 3
    first = get(arxiv)
    second = get(arxiv, {"verb": "ListRecords", "resumptionToken": token(first)})

    assert (token(alone), token(second)) == (None, "")
    assert ids(first) + ids(second) == ids(alone)
    assert "<resumptionToken/>" in second
    assert re.findall("<request .*?>", second) == [f"<request verb='ListRecords' resumptionToken='{token(first)}'>"]


def test_after_a_page_of_several_days_the_last_of_them_is_asked_for_and_told(arxiv: ArxivStandIn) -> None:
    arxiv.page_size = 3
    arxiv.announce([paper(1)], TODAY - 2 * DAY)
    arxiv.announce(papers(range(2, 6)), TODAY - DAY)
    page = get(arxiv, LIST | {"from": f"{TODAY - 2 * DAY}"})

    assert ids(page) == [paper(number).paper for number in (1, 2, 3)]
    assert token(page) == f"verb%3DListRecords%26metadataPrefix%3DarXivRaw%26from%3D{TODAY - DAY}%26skip%3D2"
    assert f'<request verb="ListRecords" metadataPrefix="arXivRaw" from="{TODAY - DAY}">' in page


@given(st.lists(st.integers(0, 4), min_size=1, max_size=25), st.integers(1, 9))
def test_pages_of_any_size_hold_all_papers_once(days_before: list[int], size: int) -> None:
    held = Announced()
    for number, before in enumerate(days_before, 1):
        held = held.after([paper(number)], TODAY - before * DAY)
    asked: Mapping[str, str] = LIST
    shown: list[str] = []
    while asked:
        page = answer(held, asked, size)
        assert 0 < len(page.entries) <= size
        shown += [entry.paper for entry in page.entries]
        asked = {"verb": "ListRecords", "resumptionToken": page.token} if page.token else {}

    assert shown == held.between(TODAY - 4 * DAY, TODAY, "")


# Faults.


def test_a_fault_of_one_door_spares_the_other(arxiv: ArxivStandIn) -> None:
    arxiv.announce([paper(1)])
    arxiv.fail(faults.forbidden(), door="search")

    assert ids(get(arxiv)) == ["2603.00001"]
    assert [request.door for request in arxiv.requests] == ["harvest"]


def test_a_fault_may_wait_for_a_set_or_for_a_token(arxiv: ArxivStandIn) -> None:
    arxiv.announce(papers([1, 2]))
    arxiv.page_size = 1
    arxiv.fail(lambda page: replace(faults.whole(page), body=b"late", content_type="text/xml"), when="skip")
    arxiv.fail(lambda page: replace(faults.whole(page), body=b"cs", content_type="text/xml"), when="cs")

    first = get(arxiv)
    assert ids(first) == ["2603.00001"]
    assert get(arxiv, LIST | {"set": "cs:cs:CV"}) == "cs"
    assert get(arxiv, {"verb": "ListRecords", "resumptionToken": token(first)}) == "late"


def test_a_lie_about_an_empty_day_is_arxivs_own_words() -> None:
    page = answer(Announced().after([paper(1)], TODAY), LIST, 10)

    assert b"<error code='noRecordsMatch'>The combination" in faults.empty()(page).body
    assert b"<record>" not in faults.no_entries()(page).body


@pytest.mark.parametrize("element", ["id", "title", "version", "date", "datestamp", "metadata"])
def test_elements_can_be_missing_from_the_first_records(element: str) -> None:
    page = answer(Announced().after(papers([1, 2, 3]), TODAY), LIST, 10)
    records = faults.without(element, entries=2)(page).body.decode().split("<record>")[1:]

    assert [bool(re.search(f"<{element}[ >]", text)) for text in records] == [False, False, True]
