"""A page of the harvest -> papers: on recorded answers, beside the search's own, and on whatever else is sent."""

from __future__ import annotations

import re
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import QueryRefused
from digest.papers import Bounds, Paper, identifier
from digest.sources.authors import names
from digest.sources.faults import ArxivFault
from digest.sources.harvest import Harvest
from digest.sources.http import Http
from digest.sources.rate_limit import RateLimit
from digest.sources.records import Page, read_page
from digest.sources.request import Request, send
from sandbox.arxiv.stand_in import ArxivStandIn
from tests.factories import paper

if TYPE_CHECKING:
    from collections.abc import Mapping

    from digest.sources.records import Harvested
    from sandbox.recorded import Day

OAI = Path(__file__).parent / "oai"
ASKED = {"verb": "ListRecords", "metadataPrefix": "arXivRaw"}
NOW = Bounds(datetime(2026, 8, 14, 2, tzinfo=UTC))
# Of what follows each, a page of one record: a record of GetRecord has the form of one of ListRecords.
RECORDED = {
    name: re.sub(
        "<responseDate>.*?<", "<responseDate>2026-08-14T01:00:23Z<", (OAI / f"{name}.xml").read_text("utf-8")
    ).replace("GetRecord", "ListRecords")
    for name in ("GetRecord_1207.7214", "GetRecord_1706.03762", "GetRecord_hep-th_9711200", "ListRecords_trimmed")
}
PAGE = RECORDED["GetRecord_1207.7214"]
LIST = RECORDED["ListRecords_trimmed"]


def read(page: str | bytes, since: date = date(2026, 8, 10), asked: Mapping[str, str] = ASKED) -> Page:
    return read_page(page.encode() if isinstance(page, str) else page, asked, since, NOW)


def fault(page: str, since: date = date(2026, 8, 10), asked: Mapping[str, str] = ASKED) -> str:
    with pytest.raises((ArxivFault, QueryRefused)) as failure:
        read(page, since, asked)
    return str(failure.value)


def record(page: str) -> Harvested:
    (found,) = read(page).records
    return found


def but(element: str, text: str, page: str = PAGE) -> str:
    """The page with another text in an element, each time that it stands there."""
    changed, times = re.subn(f"(?s)(<{element}(?: [^>]*)?>).*?</{element}>", rf"\g<1>{text}</{element}>", page)
    assert times
    return changed


# What arXiv sent.


def test_a_paper_with_all_that_a_row_can_show() -> None:
    found = record(RECORDED["GetRecord_1207.7214"])

    assert found.paper == Paper(
        id=identifier("1207.7214"),
        version=2,
        title="Observation of a new particle in the search for the Standard Model Higgs boson with the ATLAS detector "
        "at the LHC",
        abstract=found.paper.abstract,
        authors=("The ATLAS Collaboration",),
        published=datetime(2012, 7, 31, 11, 59, 59, tzinfo=UTC),
        updated=datetime(2012, 8, 31, 19, 29, 54, tzinfo=UTC),
        categories=("hep-ex",),
        comment="24 pages plus author list (38 pages total), 12 figures, 7 tables, revised author list, matches "
        "version to appear in Physics Letters B",
        journal="Phys.Lett. B716 (2012) 1-29",
        doi="10.1016/j.physletb.2012.08.020",
    )
    assert "channels H->ZZ^(*)->llll, H->gamma gamma and" in found.paper.abstract
    assert (found.report_number, found.submitter) == ("CERN-PH-EP-2012-218", "Atlas Publications")
    assert (found.withdrawn, found.datestamp) == (False, date(2012, 9, 4))


def test_a_paper_of_many_versions() -> None:
    found = record(RECORDED["GetRecord_1706.03762"])

    assert found.paper.url == "https://arxiv.org/abs/1706.03762v7"
    assert found.paper.published == datetime(2017, 6, 12, 17, 57, 34, tzinfo=UTC)
    assert found.paper.updated == datetime(2023, 8, 2, 0, 41, 18, tzinfo=UTC)
    assert found.paper.authors[::7] == ("Ashish Vaswani", "Illia Polosukhin")
    assert (found.paper.categories, found.paper.doi, found.report_number) == (("cs.CL", "cs.LG"), "", "")


def test_a_paper_of_the_time_of_old_identifiers() -> None:
    found = record(RECORDED["GetRecord_hep-th_9711200"])

    assert found.paper.url == "https://arxiv.org/abs/hep-th/9711200v3"
    assert found.paper.published == datetime(1997, 11, 27, 23, 53, 13, tzinfo=UTC)
    assert found.paper.abstract.startswith("We show that the large $N$ limit of certain conformal field theories")
    assert r"The 't Hooft limit of 4-d ${\cal N} =4$ super" in found.paper.abstract


def test_a_list_of_records() -> None:
    page = read(LIST)

    assert [str(one.paper.id) for one in page.records] == ["2309.09550", "1810.06450"]
    assert [one.datestamp for one in page.records] == [date(2026, 5, 6), date(2026, 4, 27)]
    # What their setSpec says less of.
    assert page.records[1].paper.categories == ("eess.SP", "cs.SY", "eess.SY")
    assert (page.left_out, page.token) == (0, "")


def test_a_day_without_announcement() -> None:
    page = (OAI / "noRecordsMatch_abridged.xml").read_bytes()

    assert read_page(page, ASKED, date(2026, 10, 3), Bounds(datetime(2026, 10, 4, 3, tzinfo=UTC))) == Page()


def test_a_record_is_the_paper_that_the_search_shows(recorded: list[Day]) -> None:
    entries = [
        *recorded[0].entries,
        paper(1, "cs & <b>", title="A\n  \\'etude", journal="Phys. Rev. D, 1", doi="10.1/a"),
    ]
    http = Http(RateLimit(0, 0))
    with ArxivStandIn(entries) as arxiv, closing(http):
        arxiv.announce(entries)
        searched = send(Request("cat:cs.* OR cat:eess.*", 0, 2000, "updated"), arxiv.url, http).papers
        harvested = [one.paper for one in Harvest(arxiv.oai_url, http, lambda _: None).papers(date(2026, 8, 10))]

    assert len(searched) > 70
    assert sorted(harvested, key=lambda one: one.id) == sorted(searched, key=lambda one: one.id)


# What a record can be.


@pytest.mark.parametrize(
    ("comment", "files", "withdrawn"),
    [
        ("12 pages", "", False),
        ("12 pages", "D", False),
        ("", "I", True),
        ("", "SI", True),
        ("This paper has been withdrawn by the author", "", True),
        ("Withdrawn: an error in Lemma 2", "I", True),
        ("on cash that is withdrawnly counted", "", False),
    ],
)
def test_a_paper_is_withdrawn_where_its_version_has_no_files_or_its_comment_says_so(
    comment: str, files: str, withdrawn: bool
) -> None:
    page = but("size", f"0kb</size><source_type>{files}</source_type><size>", but("comments", comment))

    assert record(page).withdrawn == withdrawn


def test_a_version_withdrawn_before_is_not_the_current_one() -> None:
    page = PAGE.replace("<size>334kb</size>", "<size>0kb</size><source_type>I</source_type>")

    assert page != PAGE
    assert not record(page).withdrawn


def test_versions_count_by_their_number_in_whatever_order_they_stand() -> None:
    one, two = re.findall(r"(?s)<version.*?</version>", PAGE)
    found = record(PAGE.replace(one, "").replace(two, two + one))

    assert found == record(PAGE)


@pytest.mark.parametrize(
    ("told", "moment"),
    [
        ("Fri, 31 Aug 2012 19:29:54 GMT", datetime(2012, 8, 31, 19, 29, 54, tzinfo=UTC)),
        ("Fri, 31 Aug 2012 21:29:54 +0200", datetime(2012, 8, 31, 19, 29, 54, tzinfo=UTC)),
        ("31 Aug 2012 19:29:54 -0000", datetime(2012, 8, 31, 19, 29, 54, tzinfo=UTC)),
        ("  Fri,  3 Aug 2012 19:29:54\n GMT ", datetime(2012, 8, 3, 19, 29, 54, tzinfo=UTC)),
    ],
)
def test_dates_are_moments_of_utc(told: str, moment: datetime) -> None:
    assert record(but("date", told)).paper.updated == moment


@pytest.mark.parametrize(
    "told", ["", "2012", "Fri, 31 Feb 2012 19:29:54 GMT", "Fri, 1 Jan 99999 0:0:0 GMT", "1" * 50_000, ",", "a, b"]
)
def test_what_is_no_date_is_lacking(told: str) -> None:
    assert fault(but("date", told), since=date(2012, 7, 1)) == "arXiv sent a record without a date"


@pytest.mark.parametrize("element", ["comments", "report-no", "journal-ref", "doi", "license", "abstract", "submitter"])
def test_what_a_row_can_do_without_may_be_missing(element: str) -> None:
    assert record(re.sub(f"(?s)<{element}>.*?</{element}>", "", PAGE)).paper.id == identifier("1207.7214")


@pytest.mark.parametrize("element", ["id", "title", "version", "date", "datestamp", "metadata"])
@pytest.mark.parametrize(
    ("since", "left_out"), [(date(2012, 8, 1), True), (date(2012, 7, 31), False), (date(2012, 7, 1), False)]
)
def test_a_record_that_lacks_something_is_left_out_where_its_identifier_is_of_a_month_before_the_window(
    element: str, since: date, left_out: bool
) -> None:
    page = re.sub(f"(?s)<{element}[ >].*?</{element}>", "", PAGE)
    if left_out:
        assert read(page, since=since) == Page(left_out=1)
    else:
        assert fault(page, since=since).startswith("arXiv sent a record without ")


def test_a_record_that_does_not_say_of_which_paper_it_is_is_never_left_out() -> None:
    page = re.sub("<(id|identifier)>.*?</", r"<\1></", PAGE)
    assert "without an id" in fault(page)


@pytest.mark.parametrize(
    ("element", "text"),
    [
        ("id", "2610.00001"),
        ("date", "Mon, 17 Aug 2026 03:00:00 GMT"),
        ("date", "Fri, 31 Dec 9999 23:59:59 GMT"),
        ("datestamp", "2026-08-17"),
        ("datestamp", "9999-12-31"),
    ],
)
def test_what_lies_ahead_is_not_believed(element: str, text: str) -> None:
    assert fault(but(element, text), since=date(2012, 7, 1)).startswith("arXiv sent a paper of the future")


@pytest.mark.parametrize(
    ("element", "text"), [("id", "2609.00001"), ("date", "Sat, 15 Aug 2026 23:00:00 GMT"), ("datestamp", "2026-08-16")]
)
def test_next_month_and_the_day_after_tomorrow_are_possible(element: str, text: str) -> None:
    assert len(read(but(element, text)).records) == 1


# What a page can be.


@pytest.mark.parametrize(
    ("told", "asked", "sound"),
    [
        ("from='2026-08-10' set='cs'", {"from": "2026-08-10", "set": "cs"}, True),
        ("from='2026-08-10'", {"from": "2026-08-10", "set": "cs"}, True),
        ("", {"from": "2026-08-10"}, True),
        ("from='2026-08-09'", {"from": "2026-08-10"}, False),
        ("set='cs:cs:AI'", {"set": "cs:cs:CV"}, False),
        ("metadataPrefix='arXiv'", {}, False),
        ("verb='GetRecord'", {}, False),
        ("verb='ListRecords' resumptionToken='%2526'", {"resumptionToken": "%26"}, True),
    ],
)
def test_an_answer_is_one_to_what_was_asked(told: str, asked: dict[str, str], sound: bool) -> None:
    page = re.sub("<request [^>]*>", f"<request {told}>", LIST)
    if sound:
        assert len(read(page, asked=ASKED | asked).records) == 2
    else:
        assert fault(page, asked=ASKED | asked) == "arXiv sent the harvest of something else"


def test_a_first_page_of_several_days_names_its_last_day() -> None:
    """As `fetch_list` of https://github.com/arXiv/oaipmh writes over what it was asked."""
    told = LIST.replace('set="cs"', 'from="2026-05-06"')
    more = told.replace("</ListRecords>", "<resumptionToken>from%3D2026-05-06</resumptionToken></ListRecords>")

    assert read(more, asked=ASKED | {"from": "2026-04-27"}).token == "from%3D2026-05-06"
    assert "something else" in fault(told, asked=ASKED | {"from": "2026-04-27"})


@pytest.mark.parametrize("hours", [-30, 0, 23.9])
def test_an_answer_of_the_last_24_hours_may_come_from_a_cache(hours: float) -> None:
    made = NOW.latest - timedelta(hours=hours)

    assert len(read(but("responseDate", f"{made:%Y-%m-%dT%H:%M:%SZ}", LIST)).records) == 2


def test_an_older_one_is_of_no_use() -> None:
    assert fault(but("responseDate", "2026-08-13T01:59:59Z", LIST)) == "arXiv sent a harvest of 2026-08-13"


def test_errors_are_told_in_arxivs_words() -> None:
    page = re.sub("(?s)<ListRecords>.*</ListRecords>", "<error code='badArgument'>A\n reason: &lt;x&gt;</error>", LIST)
    assert fault(page) == "arXiv refuses the harvest: badArgument: A reason: <x>"
    assert fault(page.replace(" code='badArgument'", "")).startswith("arXiv refuses the harvest: error: A reason")


@pytest.mark.parametrize("page", [PAGE, LIST], ids=["whole", "trimmed"])
def test_a_page_that_is_cut_anywhere_is_a_fault(page: str) -> None:
    body = page.rstrip().encode()
    for end in range(0, len(body), 7 if len(body) > 3300 else 5):
        with pytest.raises(ArxivFault):
            read(body[:end])


def sound_or_named(body: bytes) -> None:
    """Whatever was sent: papers that can be, or a failure with its name."""
    try:
        page, told = read(body), "arXiv "
    except (ArxivFault, QueryRefused) as failure:
        page, told = Page(), str(failure)
    assert told.startswith("arXiv ")
    assert len(told) < 600
    for one in page.records:
        assert one.paper.version >= 1
        assert one.paper.title
        assert NOW.allows_date(max(one.paper.published, one.paper.updated))
        assert NOW.allows(one.paper.id)
        assert isinstance(one.datestamp, date)


@given(st.binary(max_size=200))
def test_any_bytes_are_sound_or_named(body: bytes) -> None:
    sound_or_named(body)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A recorded page in which some parts are missing, doubled, moved, or something else."""
    body = draw(st.sampled_from([page.encode() for page in RECORDED.values()]))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(body)))
        end = min(len(body), start + draw(st.integers(0, 300)))
        place = draw(st.integers(0, len(body)))
        instead = draw(
            st.sampled_from([b"", body[start:end] * 2, b"<", b">", b"&", b'"', b"\0", b"v0", b"9" * 30, b"\xff"])
        )
        body = body[:start] + instead + body[end:]
        if draw(st.booleans()):
            body = body[:place] + body[start:end] + body[place:]
    return body


@given(mutated())
def test_any_mutation_of_a_recorded_page_is_sound_or_named(body: bytes) -> None:
    sound_or_named(body)


TEXTS = [
    "id",
    "identifier",
    "datestamp",
    "date",
    "title",
    "authors",
    "categories",
    "comments",
    "abstract",
    "source_type",
]
ODD = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="<&\\"), max_size=60) | st.from_regex(
    r"[\w, ]{0,9}\d{1,30}[-:. ]\w{1,9}[-:. ]\d{1,30}( \d+:\d+:\d+)?( [+-]?\w{1,20})?", fullmatch=True
)


@given(st.sampled_from(sorted(RECORDED)), st.lists(st.tuples(st.sampled_from(TEXTS), ODD), min_size=1, max_size=3))
def test_any_text_in_any_element_is_sound_or_named(name: str, changes: list[tuple[str, str]]) -> None:
    page = RECORDED[name]
    for element, text in changes:
        head, *rest = re.split(f"(?s)<{element}>.*?</{element}>", page)
        page = f"<{element}>{text}</{element}>".join([head, *rest])
    sound_or_named(page.encode())


# Authors.


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("Ashish Vaswani, Noam Shazeer", ("Ashish Vaswani", "Noam Shazeer")),
        ("Madonna", ("Madonna",)),
        ("", ()),
        (" ,, A B ,, C D, ", ("A B", "C D")),
        ('Anna-Maria K\\"onig,Tom Lee', ("Anna-Maria König", "Tom Lee")),
        # And.
        ("Alice and Bob and Carol", ("Alice", "Bob", "Carol")),
        ("Alice, Bob, and Carol & Dan", ("Alice", "Bob", "Carol", "Dan")),
        ("Sandy Anderson, Andy Sand", ("Sandy Anderson", "Andy Sand")),
        ("Alice\n and\n Bob", ("Alice", "Bob")),
        # Initials stand apart.
        ("K.R.Rao, Selvan M.P", ("K. R. Rao", "Selvan M. P")),
        ("X.-Y. Li", ("X. -Y. Li",)),
        # Affiliations.
        ("John Smith (MIT, Cambridge), Jane Roe (ETH (Zurich))", ("John Smith", "Jane Roe")),
        ("A Smith (1), J Doe (1 and 2) ((1) Somewhere, (2) Elsewhere)", ("A Smith", "J Doe")),
        ("A Smith (1)and J Doe (2)", ("A Smith", "J Doe")),
        ("A Smith (unclosed, B Doe", ("A Smith",)),
        ("A Smith), B Doe", ("A Smith", "B Doe")),
        # Collaborations.
        ("ATLAS Collaboration: G. Aad, B. Abbott", ("ATLAS Collaboration", "G. Aad", "B. Abbott")),
        ("CMS Collaboration, S. Chatrchyan and T. Sirunyan", ("CMS Collaboration", "S. Chatrchyan", "T. Sirunyan")),
        ("M. Aartsen (X) and the IceCube Collaboration", ("M. Aartsen", "the IceCube Collaboration")),
        # Others.
        ("J. Smith, et al", ("J. Smith",)),
        ("J. Smith, et al.", ("J. Smith",)),
        ("J. Smith, Et. al. (the whole group)", ("J. Smith",)),
        ("Peter Etal", ("Peter Etal",)),
        # Suffixes.
        ("John Smith III, Robert Brown Jr., Mary Sr", ("John Smith III", "Robert Brown Jr.", "Mary Sr")),
        ("John Smith, Jr., Ann Lee", ("John Smith, Jr.", "Ann Lee")),
        ("John Smith, III", ("John Smith, III",)),
        ("Jr., Ann Lee", ("Jr.", "Ann Lee")),
        # TeX.
        (r"Jos\'e \'{A}ngel Pe\~na and \L{}ukasz W\'ojcik", ("José Ángel Peña", "Łukasz Wójcik")),
        (r"S\o{}ren Kj\ae r, \"Omer Y{\i}ld{\i}z, Z. \.Zak", ("Søren Kjær", "Ömer Yıldız", "Z. Żak")),
        (r"M{\"u}ller, H. Bl\"omer", ("Müller", "H. Blömer")),
        ("G. 't Hooft, Daniel O'Hara", ("G. 't Hooft", "Daniel O'Hara")),
    ],
)
def test_authors(line: str, authors: tuple[str, ...]) -> None:
    assert names(line) == authors


NAME = st.from_regex(r"[A-Z][a-z]{2,8} [A-Z][a-z]{2,8}", fullmatch=True)


@given(
    st.lists(
        st.tuples(NAME, st.sampled_from(["", " (MIT)", " (1)", " (ETH (Basel), 2 and 3)"])), min_size=1, max_size=9
    ),
    st.sampled_from([", ", " and ", ",", ", and ", " & ", ":"]),
)
def test_names_are_what_stands_between_and_outside_parentheses(authors: list[tuple[str, str]], between: str) -> None:
    assert names(between.join(map("".join, authors))) == tuple(name for name, _ in authors)


@given(st.text("ab(),:{}\\'$&. \n", max_size=60) | st.text(max_size=60))
def test_any_line_has_names_without_blanks_around_them(line: str) -> None:
    assert all(name.strip() for name in names(line))
