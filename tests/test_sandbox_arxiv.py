"""The stand-in for arXiv answers as arXiv does, seen through the real client and through plain HTTP."""

from __future__ import annotations

import http.client
import re
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import arxiv
import pytest

from sandbox import recorded
from sandbox.arxiv import faults
from sandbox.arxiv.adapt import adapt
from sandbox.arxiv.query import Catalogue, InvalidQuery, search
from sandbox.arxiv.stand_in import ArxivStandIn
from sandbox.recorded import Entry, days, unsatisfied

if TYPE_CHECKING:
    from collections.abc import Iterator

DAY = days()[0]
UNDERSTANDING = 'ti:"Video Understanding" OR abs:"Video Understanding"'
NEWEST = {"sortBy": "lastUpdatedDate", "sortOrder": "descending"}
# The form of a recorded answer (April 2026): what opens, with its attributes, in order; entries in full and bare.
FEED_FORM = (
    "feed xmlns:opensearch xmlns:arxiv xmlns|id|title|updated|link href type|opensearch:itemsPerPage"
    "|opensearch:totalResults|opensearch:startIndex"
)
ENTRY_FORM = (
    "entry|id|title|updated|link href rel type|link href rel type title|summary|category term scheme"
    "|category term scheme|published|arxiv:comment|arxiv:primary_category term|arxiv:journal_ref|author|name"
    "|author|name|arxiv:doi|link rel href title"
)
BARE_FORM = (
    "entry|id|title|updated|link href rel type|link href rel type title|summary|category term scheme|published"
    "|arxiv:primary_category term|author|name"
)
ERROR_FORM = FEED_FORM.replace("|link href type", "") + "|entry|id|title|updated|link href rel type|summary|author|name"


RECORDED, RECORDED_ERROR = (
    (Path(recorded.__file__).parent / "days" / f"recorded_{name}.xml").read_text("utf-8")
    for name in ("answer", "error")
)


@pytest.fixture
def stand_in() -> Iterator[ArxivStandIn]:
    with ArxivStandIn(DAY) as server:
        yield server


def client(stand_in: ArxivStandIn, page_size: int = 100, num_retries: int = 0) -> Any:
    made = arxiv.Client(page_size=page_size, delay_seconds=0, num_retries=num_retries)
    made.query_url_format = stand_in.url + "?{}"
    return made


def newest(query: str) -> Any:
    return arxiv.Search(query, max_results=None, sort_by=arxiv.SortCriterion.LastUpdatedDate)


def connect(stand_in: ArxivStandIn, timeout: float = 5) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(urlsplit(stand_in.url).netloc, timeout=timeout)


def get(stand_in: ArxivStandIn, **params: object) -> tuple[int, str]:
    with closing(connect(stand_in)) as connection:
        connection.request("GET", "/api/query?" + urlencode(params))
        response = connection.getresponse()
        return response.status, response.read().decode()


def ids(body: str) -> list[str]:
    return re.findall(r"<id>http://arxiv.org/abs/(.*?)</id>", body)


def form(body: str) -> str:
    opening = re.findall(r"<([a-z][\w:]*)((?:\s+[\w:]+=\"[^\"]*\")*)/?>", body)
    return "|".join(" ".join([name, *re.findall(r'([\w:]+)="[^"]*"', attributes)]) for name, attributes in opening)


def timeless(answer: tuple[int, str]) -> tuple[int, str]:
    return answer[0], re.sub(r"<updated>202[0-9].*?</updated>", "<updated/>", answer[1])


def entry(number: int, **changes: Any) -> Entry:
    at = datetime(2026, 3, 1, 0, number % 60, tzinfo=UTC)
    made = Entry(f"2603.{number:05}v1", f"Paper {number}", "On video understanding.", "", at, at, ("Chloé Lefèvre",))
    return replace(made, **changes)


def test_twelve_distinct_days_with_four_searches() -> None:
    assert len(days()) == 12
    assert {tuple(day.sections) for day in days()} == {tuple(DAY.sections)}
    assert len(DAY.sections) == 4
    pages = [str({heading: [e.id for e in section] for heading, section in day.sections.items()}) for day in days()]
    assert len(set(pages)) == 12


def test_made_up_times_give_the_pages_order() -> None:
    assert unsatisfied(days()) == []
    assert all(e.published <= e.updated < day.at for day in days() for e in day.entries)


@pytest.mark.parametrize("day", days(), ids=lambda day: str(day.date))
def test_replays_every_section_of_a_day(stand_in: ArxivStandIn, day: Any) -> None:
    stand_in.show(day)
    for heading, section in day.sections.items():
        found = list(client(stand_in).results(newest(f'ti:"{heading}" OR abs:"{heading}"')))
        assert [(e.get_short_id(), e.updated, e.published) for e in found] == [
            (e.id, e.updated, e.published) for e in section
        ]


def test_the_client_reads_every_field(stand_in: ArxivStandIn) -> None:
    full = entry(
        1, title="A <b> & $c$", comment="5 pages | 2", categories=("cs.CV", "cs.AI"), journal="J. 1", doi="10.1/a"
    )
    stand_in.entries = [full]
    (found,) = client(stand_in).results(arxiv.Search(id_list=["2603.00001"]))
    assert (found.title, found.summary, found.comment) == (full.title, full.abstract, full.comment)
    assert [author.name for author in found.authors] == ["Chloé Lefèvre"]
    assert (found.categories, found.primary_category) == (["cs.CV", "cs.AI"], "cs.CV")
    assert (found.journal_ref, found.doi) == ("J. 1", "10.1/a")


def test_answers_byte_by_byte_as_recorded(stand_in: ArxivStandIn) -> None:
    at = datetime(2016, 5, 26, 17, 59, 46, tzinfo=UTC)
    title, authors = "Heat-bath random walks with Markov bases", ("Caprice Stanley", "Tobias Windisch")
    (abstract,) = re.findall("<summary>(.*?)</summary>", RECORDED)
    comment, categories = "20 pages, 3 figures", ("math.CO", "math.ST")
    stand_in.entries = [Entry("1605.08386v1", title, abstract, comment, at, at, authors, categories)]
    asked = {"search_query": "", "id_list": "1605.08386", "sortBy": "relevance", "sortOrder": "descending"}
    assert timeless(get(stand_in, **asked, start=0, max_results=100)) == timeless((200, RECORDED))
    assert timeless(get(stand_in, id_list="abc")) == timeless((400, RECORDED_ERROR))


def test_the_feed_has_the_recorded_form(stand_in: ArxivStandIn) -> None:
    full = entry(
        1, comment="c", categories=("cs.CV", "cs.AI"), journal="J", doi="10.1/a", authors=("Grace Kim", "Li Zhang")
    )
    stand_in.entries = [full, entry(2)]
    _, body = get(stand_in, search_query="all:paper", id_list="", sortBy="submittedDate", sortOrder="ascending")
    assert form(body) == f"{FEED_FORM}|{ENTRY_FORM}|{BARE_FORM}"
    asked = "search_query=all:paper&amp;id_list=&amp;start=0&amp;max_results=10"
    assert f"  <title>arXiv Query: {asked}</title>\n" in body
    assert (
        '  <link href="https://arxiv.org/api/query?search_query=all:paper&amp;start=0&amp;max_results=10&amp;id_list="'
        ' type="application/atom+xml"/>\n' in body
    )


def test_pages_without_gap_or_overlap(stand_in: ArxivStandIn) -> None:
    stand_in.entries = [entry(n) for n in range(1, 48)]
    found = [e.get_short_id() for e in client(stand_in, page_size=10).results(newest("all:video"))]
    assert found == [f"2603.{n:05}v1" for n in range(47, 0, -1)]
    assert [request.params["start"] for request in stand_in.requests] == ["0", "10", "20", "30", "40"]
    assert {request.client for request in stand_in.requests} == {stand_in.requests[0].client}
    assert stand_in.most_at_once == 1


def test_keeps_connections_alive_and_takes_forms(stand_in: ArxivStandIn) -> None:
    with closing(connect(stand_in)) as connection:
        for _ in range(3):
            connection.request("POST", "/api/query", urlencode({"search_query": UNDERSTANDING, "max_results": 2}))
            assert len(ids(connection.getresponse().read().decode())) == 2
    assert len({request.client for request in stand_in.requests}) == 1


@pytest.mark.parametrize(
    ("params", "sentence"),
    [
        ({"max_results": 2001}, "max_results must not exceed 2000"),
        ({"max_results": -1}, "max_results must be non-negative"),
        ({"max_results": "ten"}, "max_results must be an integer"),
        ({"start": -1}, "start must be non-negative"),
        ({"start": 29_000, "max_results": 2000}, "start + max_results must not exceed 30000"),
        ({"sortBy": "date"}, "sortBy must be in: relevance, lastUpdatedDate, submittedDate"),
        ({"sortOrder": "down"}, "sortOrder must be in: ascending, descending"),
        ({"id_list": "abc"}, "incorrect id format for abc"),
        ({"search_query": "(ti:a OR"}, "Invalid query string: '(ti:a OR'"),
    ],
)
def test_refuses_with_an_error_feed(stand_in: ArxivStandIn, params: dict[str, Any], sentence: str) -> None:
    code, body = get(stand_in, **({"search_query": "all:video"} | params))
    assert code == 400
    assert form(body) == ERROR_FORM
    assert f"<summary>{sentence}</summary>" in body


def test_fails_where_the_service_fails(stand_in: ArxivStandIn) -> None:
    assert get(stand_in, search_query="all:video", max_results=0)[0] == 500


def test_finds_ids_with_and_without_version(stand_in: ArxivStandIn) -> None:
    stand_in.entries = [entry(1), entry(2), entry(2, id="2603.00002v2")]
    assert ids(get(stand_in, id_list="2603.00002,2603.00009,2603.00001v1")[1]) == ["2603.00002v2", "2603.00001v1"]
    assert ids(get(stand_in, id_list="2603.00002v1")[1]) == ["2603.00002v1"]
    # Only current versions are searched.
    assert ids(get(stand_in, search_query="all:video", **NEWEST)[1]) == ["2603.00002v2", "2603.00001v1"]


@pytest.mark.parametrize(
    ("query", "adapted"),
    [
        ("a", "all:a"),
        ("video anomaly", "all:video OR all:anomaly"),
        ("AND AND AND", "AND"),
        ("a AND AND OR b", "all:a OR all:b"),
        ("a AND au:", "all:a AND"),
        ("ti:a AND NOT ti:b", "ti:a ANDNOT ti:b"),
        ("ti:(a b) AND title:c", "(ti:a OR ti:b) AND ti:c"),
        ("ti:((a AND b) c)", "( (ti:a AND ti:b) OR ti:c)"),
        ("cat:cs.CV OR cs.LG", "cat:cs.CV OR all:cs.LG"),
        ("lastUpdatedDate:[2026 TO 202602]", 'submittedDate:"202601010000 TO 202602282359"'),
        ("au:del_maestro", 'au:"del maestro"'),
        ("ti:x AND au:del_maestro", "ti:x AND au:del_maestro"),
        ('ti:"a\nb"', 'ti:"a b"'),
        ('"a', "all:a"),
    ],
)
def test_adapts_queries(query: str, adapted: str) -> None:
    assert adapt(query) == adapted


A = entry(1, title="Apples")
B = entry(2, title="Bananas and C++", categories=("cs.LG", "cs.CV"))
C = entry(3, title="Chérry")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("ti:apple", [A]),
        # Grouped from the right.
        ("ti:apple OR ti:banana AND ti:cherry", [A]),
        ("ti:cherry AND ti:apple OR ti:cherry", [C]),
        ("abs:video ANDNOT ti:apple ANDNOT ti:banana", [B, C]),
        ("abs:video ANDNOT (ti:apple OR ti:banana)", [C]),
        ("ANDNOT ti:apple", [B, C]),
        ("cat:cs.*", [A, B, C]),
        ('cat:"cs.L*"', [B]),
        ('abs:"on videos understanding"', [A, B, C]),
        ('abs:"understanding video"', []),
        ('ti:"C++"', [B]),
        ("ti:ban*", [B]),
        ("au:Lefevre", [A, B, C]),
        ("all:2603.00003v1", [C]),
        ("id:2603.00003", [C]),
        ("submittedDate:[202603010002 TO 20260302]", [B, C]),
        ("co:video", []),
    ],
)
def test_searches_as_arxiv_does(query: str, found: list[Entry]) -> None:
    assert sorted(e.id for e in search(Catalogue([A, B, C]), query)[1]) == [e.id for e in found]


@pytest.mark.parametrize("query", ["ti:OR", "ti:a AND", "(ti:a", "ti:a)", r'ti:"a \"b\" c"', "OR ti:a", "ti:*a", "()"])
def test_refuses_queries(query: str) -> None:
    with pytest.raises(InvalidQuery):
        search(Catalogue([A]), query)


def test_a_recorded_heading_finds_what_was_recorded() -> None:
    catalogue = Catalogue([A, B, C], {"Video Understanding": [C]})
    assert search(catalogue, UNDERSTANDING)[1] == [C]
    assert search(catalogue, 'ti:"Video Understanding" ANDNOT cat:cs.CV')[1] == []


def test_faults_end_after_their_times(stand_in: ArxivStandIn) -> None:
    stand_in.fail(faults.throttled(retry_after="7"), times=2, when="Understanding", after=1)
    codes = [get(stand_in, search_query=UNDERSTANDING)[0] for _ in range(4)]
    assert codes == [200, 429, 429, 200]
    assert get(stand_in, search_query="all:other")[0] == 200
    with closing(connect(stand_in)) as connection:
        stand_in.fail(faults.throttled(retry_after="7"))
        connection.request("GET", "/api/query?search_query=a")
        assert connection.getresponse().headers["Retry-After"] == "7"
    stand_in.heal()
    assert get(stand_in, search_query=UNDERSTANDING)[0] == 200


@pytest.mark.parametrize(
    ("fault", "code", "shown", "total"),
    [
        (faults.empty(), 200, 0, "0"),
        (faults.no_entries(), 200, 0, "20"),
        (faults.no_entries(500), 200, 0, "500"),
        (faults.fewer(3), 200, 17, "20"),
        (faults.without_dates(), 200, 20, "20"),
        (faults.without_ids(entries=1), 200, 19, "20"),
        (faults.out_of_order(), 200, 20, "20"),
        (faults.sort_ignored(), 200, 20, "20"),
        (faults.old(5), 200, 15, "15"),
        (faults.error(), 200, 0, "1"),
        (faults.error(400), 400, 0, "1"),
        (faults.html(), 200, 0, None),
        (faults.rate_exceeded(), 200, 0, None),
        (faults.forbidden(), 403, 0, None),
        (faults.cut("<published>"), 200, 20, "20"),
        (faults.trickle(0), 200, 20, "20"),
    ],
)
def test_faulty_answers(stand_in: ArxivStandIn, fault: faults.Fault, code: int, shown: int, total: str | None) -> None:
    stand_in.fail(fault)
    found_code, body = get(stand_in, search_query=UNDERSTANDING, max_results=100, **NEWEST)
    counted = re.search(r"totalResults>(\d+)<", body)
    assert (found_code, len(ids(body)), counted and counted[1]) == (code, shown, total)


def test_order_faults(stand_in: ArxivStandIn) -> None:
    right = [e.id for e in DAY.sections["Video Understanding"]]
    for fault, order in (
        (faults.out_of_order(), right[:10][::-1]),
        (faults.sort_ignored(), right[::-1][:10]),
        (faults.old(5), right[5:15]),
    ):
        stand_in.heal()
        stand_in.fail(fault)
        assert ids(get(stand_in, search_query=UNDERSTANDING, **NEWEST)[1]) == order


def test_a_body_shorter_than_promised(stand_in: ArxivStandIn) -> None:
    stand_in.fail(faults.cut(0.5, length="wrong"))
    with pytest.raises(http.client.IncompleteRead):
        get(stand_in, search_query=UNDERSTANDING)


def test_a_reset_connection(stand_in: ArxivStandIn) -> None:
    stand_in.fail(faults.reset(), times=1)
    with pytest.raises(ConnectionResetError):
        get(stand_in, search_query=UNDERSTANDING)
    assert get(stand_in, search_query=UNDERSTANDING)[0] == 200


def test_a_redirect(stand_in: ArxivStandIn) -> None:
    stand_in.fail(faults.redirect("http://example.invalid/"))
    with closing(connect(stand_in)) as connection:
        connection.request("GET", "/api/query?search_query=a")
        response = connection.getresponse()
        assert (response.status, response.headers["Location"]) == (302, "http://example.invalid/")


@pytest.mark.parametrize("fault", [faults.hang(), faults.trickle(60)])
def test_closing_waits_for_nobody(fault: faults.Fault) -> None:
    with ArxivStandIn(DAY) as server:
        server.fail(fault)
        hung, idle = connect(server, timeout=0.1), connect(server)
        with closing(hung), closing(idle):
            idle.connect()
            hung.request("GET", "/api/query?search_query=a")
            with pytest.raises(TimeoutError):
                hung.getresponse().read()
            start = time.monotonic()
            server.close()
    assert time.monotonic() - start < 1


def test_serves_by_itself_where_it_is_told_to() -> None:
    """As the workflow that uses the action on this repository starts it."""
    command = [sys.executable, "-m", "sandbox.arxiv.stand_in", "127.0.0.1", "0"]
    with subprocess.Popen(command, cwd=Path(__file__).parents[1], stdout=subprocess.PIPE, text=True) as served:
        assert served.stdout
        url = urlsplit(served.stdout.readline().strip())
        assert url.hostname
        with closing(http.client.HTTPConnection(url.hostname, url.port, timeout=10)) as connection:
            connection.request("GET", f"{url.path}?search_query=all:video")
            assert b"<entry>" in connection.getresponse().read()
        served.kill()
