"""Days on which arXiv's search does not answer, and its harvest does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from sandbox.arxiv import faults
from tests.factories import announced, listed, paper, started
from tests.in_process import dead_after, run_here

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from sandbox.action import Action
    from sandbox.recorded import Entry

NOW = datetime.now(UTC).replace(microsecond=0)
TODAY = NOW.date()
MONTH = f"{NOW:%y%m}"
HEADING = "## Alpha"


def recent(number: int, about: str = "alpha", *, version: int = 1, hours: int = 0, **texts: Any) -> Entry:
    """A paper of these days; the higher its number, or the more hours, the newer it is."""
    at_hour = NOW - timedelta(days=3) + timedelta(minutes=number, hours=hours)
    made = paper(number, about, month=MONTH, version=version, updated=at_hour, published=at_hour)
    return replace(made, **texts)


def ids(*numbers: int, version: int = 1) -> list[str]:
    return [f"{MONTH}.{number:05}v{version}" for number in numbers]


def asked_of_harvest(action: Action) -> list[dict[str, str]]:
    return [dict(request.params) for request in action.arxiv.requests if request.door == "harvest"]


def bad_day(action: Action, *found: Entry) -> None:
    """The search throttles, and the harvest has these papers."""
    action.arxiv.fail(faults.throttled(), door="search")
    action.arxiv.announce(found)


def ready(folder: Path, *shown: Entry, **inputs: str) -> Any:
    return started(folder, shown, None, prefix="", **inputs)


def with_harvest(action: Action, **inputs: str) -> Any:
    return run_here(action, **({"arxiv_oai_url": action.arxiv.oai_url} | inputs))


def test_new_papers_stand_above_the_rows_and_are_news_once(tmp_path: Path) -> None:
    with ready(tmp_path, recent(1), recent(2)) as action:
        assert with_harvest(action).code == 0
        assert asked_of_harvest(action) == []
        bad_day(action, recent(3), recent(4), recent(5, "beta"))

        run = with_harvest(action)

        assert run.code == 0, run.log
        assert listed(action.page()) == ids(4, 3, 2, 1)
        assert (run.outputs["papers"], run.outputs["new-papers"]) == ("4", "2")
        assert (run.outputs["failed-keywords"], run.outputs["harvested-keywords"]) == ("", "Alpha")
        (notice,) = (line for line in run.annotations("notice") if "harvest" in line)
        assert (
            "keywords, line 1: Alpha: arXiv is throttling (429), so arXiv's harvest was matched here: 2 papers"
            in notice
        )
        assert run.annotations("warning") == []
        assert "4 by the harvest: arXiv is throttling" in run.summary

        again = with_harvest(action)
        assert again.outputs["changed"] == "false"
        action.arxiv.heal()
        action.arxiv.show([recent(number) for number in range(1, 6)])
        healthy = with_harvest(action)
        assert listed(action.page()) == ids(5, 4, 3, 2, 1)
        assert healthy.outputs["new-papers"] == "1"
        assert set(announced(action).values()) == {1}
        assert len(announced(action)) == 5


def test_a_first_run_lists_what_was_announced_in_the_last_week(tmp_path: Path) -> None:
    old = replace(paper(7, month="2503"), updated=NOW - timedelta(days=300), published=NOW - timedelta(days=300))
    with ready(tmp_path) as action:
        bad_day(action, recent(1), recent(2), old, recent(3, "beta"))

        run = with_harvest(action)

        assert run.code == 0, run.log
        assert listed(action.page()) == ids(2, 1)
        assert asked_of_harvest(action)[0]["from"] == str(TODAY - timedelta(days=7))
        assert run.outputs["new-papers"] == "2"


def test_a_list_that_the_harvest_began_takes_in_no_old_paper_that_was_edited_since(tmp_path: Path) -> None:
    then = NOW - timedelta(days=40)
    old = replace(paper(7, month=f"{then:%y%m}"), updated=then, published=then)
    with ready(tmp_path) as action:
        bad_day(action, recent(1))
        with_harvest(action)
        action.arxiv.announce([old, recent(2)])

        run = with_harvest(action)

        assert listed(action.page()) == ids(2, 1), run.log
        assert run.outputs["new-papers"] == "1"


def test_a_newer_version_takes_the_place_of_its_row_and_the_same_one_changes_nothing(tmp_path: Path) -> None:
    with ready(tmp_path, recent(1), recent(2), recent(3)) as action:
        with_harvest(action)
        bad_day(action, recent(1, version=2, hours=30, title="Again"), recent(2))

        run = with_harvest(action)

        assert listed(action.page()) == [*ids(1, version=2), *ids(3, 2)]
        assert "[Again]" in action.page()
        assert run.outputs["new-papers"] == "0"


def test_the_list_is_cut_at_max_results(tmp_path: Path) -> None:
    with ready(tmp_path, *map(recent, range(1, 4)), max_results="3") as action:
        with_harvest(action)
        bad_day(action, recent(4), recent(5))
        with_harvest(action)

        assert listed(action.page()) == ids(5, 4, 3)


@pytest.mark.parametrize(
    "inputs",
    [{}, {"template": "list"}, {"columns": "title, abstract"}, {"columns": "date, abstract"}],
)
def test_rows_that_were_kept_are_the_same_to_the_byte(tmp_path: Path, inputs: dict[str, str]) -> None:
    hostile = r"A | B \| 2020-01-01 · **[x](https://arxiv.org/abs/2601.00001v1)**"
    with ready(tmp_path, *(recent(number, title=f"{hostile} {number}") for number in (1, 2)), **inputs) as action:
        with_harvest(action)
        before = rows(action)
        bad_day(action, recent(3))

        run = with_harvest(action)

        assert run.outputs["harvested-keywords"] == "Alpha", run.log
        assert rows(action)[1:] == before


def rows(action: Action) -> list[str]:
    lines = [line for line in action.page().splitlines() if line.startswith(("| ", "- "))]
    return lines[2:] if lines[0].startswith("|") else lines


@pytest.mark.parametrize(
    ("inputs", "why"),
    [
        ({"columns": "title, comment"}, "its rows have other columns than today, or were edited"),
        ({"template": "t.j2"}, "a template of your own cannot be given rows of which only the text is left"),
        ({"keywords": "Alpha: abs:alpha OR all:68T05"}, "does not tell whether this query finds a paper"),
    ],
)
def test_where_rows_cannot_be_put_among_others_they_stay(tmp_path: Path, inputs: dict[str, str], why: str) -> None:
    files = {"t.j2": b"{% for paper in papers %}{{ paper.title }}\n{% endfor %}"}
    with started(tmp_path, [recent(1), recent(2)], files) as action:
        with_harvest(action)
        before = action.page()
        bad_day(action, recent(3), recent(4, "beta"))

        run = with_harvest(action, **inputs)

        assert run.code == 1  # the only keyword
        assert action.page() == before
        assert why in run.log
        assert run.outputs["failed-keywords"] == "Alpha"


def test_a_template_of_ones_own_may_begin_a_list(tmp_path: Path) -> None:
    files = {"t.j2": b"{% for paper in papers %}* {{ paper.title }}\n{% endfor %}"}
    with started(tmp_path, [], files, template="t.j2") as action:
        bad_day(action, recent(3))
        run = with_harvest(action)

        assert run.code == 0, run.log
        assert "* Paper 3" in action.page()


def test_where_the_harvest_fails_too_the_rows_stay_and_both_reasons_are_told(tmp_path: Path) -> None:
    with ready(tmp_path, recent(1), recent(2, "beta"), keywords="Alpha\nBeta") as action:
        with_harvest(action)
        before = action.page()
        action.arxiv.fail(faults.throttled(), when="Alpha", door="search")
        action.arxiv.fail(faults.status(503, "0"), door="harvest")

        run = with_harvest(action)

        assert run.code == 0, run.log
        assert action.page() == before
        (warning,) = run.annotations("warning")
        assert (
            "Alpha keeps its rows: arXiv is throttling (429); its harvest failed too: arXiv is throttling (503)"
            in warning
        )
        assert run.outputs["failed-keywords"] == "Alpha"


def test_a_page_that_fails_twice_makes_no_half_a_harvest(tmp_path: Path) -> None:
    with ready(tmp_path, recent(1)) as action:
        with_harvest(action)
        before = action.page()
        action.arxiv.page_size = 2
        bad_day(action, *map(recent, range(2, 8)))
        action.arxiv.fail(faults.cut(0.5), door="harvest", after=1)

        run = with_harvest(action)

        assert run.code == 1
        assert action.page() == before


@pytest.mark.parametrize("status", [400, 403])
def test_after_a_refusal_the_harvest_is_not_asked(tmp_path: Path, status: int) -> None:
    with ready(tmp_path, recent(1)) as action:
        with_harvest(action)
        action.arxiv.fail(faults.status(status), door="search")
        action.arxiv.announce([recent(2)])
        with_harvest(action)

        assert asked_of_harvest(action) == []


def test_none_asks_the_search_alone(tmp_path: Path) -> None:
    with ready(tmp_path, recent(1)) as action:
        with_harvest(action)
        bad_day(action, recent(2))
        run = with_harvest(action, arxiv_oai_url="none")

        assert (run.code, asked_of_harvest(action)) == (1, [])


def test_a_paper_that_another_list_has_stands_there_only(tmp_path: Path) -> None:
    shown = [recent(1), recent(2, "beta")]
    with ready(tmp_path, *shown, keywords="Alpha\nBeta") as action:
        with_harvest(action)
        action.arxiv.show([*shown, recent(3, "alpha and beta")])
        action.arxiv.fail(faults.throttled(), when="Beta", door="search")
        action.arxiv.announce([recent(3, "alpha and beta"), recent(4, "beta")])

        run = with_harvest(action)

        assert listed(action.page(), HEADING) == ids(3, 1)
        assert listed(action.page(), "## Beta") == ids(4, 2)
        assert run.outputs["harvested-keywords"] == "Beta"


def test_a_new_paper_for_which_a_list_has_no_room_stands_in_the_next_one_that_it_matches(tmp_path: Path) -> None:
    shown = [recent(1), recent(2), recent(3, "beta", hours=-72)]
    with ready(tmp_path, *shown, keywords="Alpha\nBeta", max_results="2") as action:
        with_harvest(action)
        bad_day(action, recent(4, "alpha and beta", hours=-48), recent(5, "alpha and beta", hours=-48))
        run = with_harvest(action)

        assert listed(action.page(), HEADING) == ids(2, 1)
        assert listed(action.page(), "## Beta") == ids(5, 4)
        assert (run.outputs["papers"], run.outputs["new-papers"]) == ("4", "2")
        assert with_harvest(action).outputs["changed"] == "false"


def test_a_row_for_which_no_room_is_left_stands_in_the_next_list_that_finds_its_paper(tmp_path: Path) -> None:
    shown = [recent(1, "alpha and beta"), recent(2, "alpha and beta"), recent(3, "beta", hours=-72)]
    with ready(tmp_path, *shown, keywords="Alpha\nBeta", max_results="2") as action:
        with_harvest(action)
        action.arxiv.fail(faults.throttled(), when="Alpha", door="search")
        action.arxiv.announce([recent(4)])
        with_harvest(action)

        assert listed(action.page(), HEADING) == ids(4, 2)
        assert listed(action.page(), "## Beta") == ids(1, 3)


def test_only_the_sets_of_the_categories_are_asked_for_one_harvest_for_all(tmp_path: Path) -> None:
    with ready(tmp_path, recent(1), keywords="Alpha\nBeta: abs:beta", categories="cs.CV, math.*") as action:
        bad_day(action, recent(2), recent(3, "beta"))
        run = with_harvest(action)

        assert [asked.get("set") for asked in asked_of_harvest(action)] == ["cs:cs:CV", "math:math"]
        assert run.outputs["papers"] == "2"
        # The first keyword pays for what all of them share.
        assert "| Beta | 1 by the harvest" in run.summary


def test_a_day_that_was_harvested_is_not_harvested_again(tmp_path: Path) -> None:
    with ready(tmp_path, recent(1)) as action:
        bad_day(action, recent(2))
        with_harvest(action)
        with_harvest(action)

        assert [asked["from"] for asked in asked_of_harvest(action)] == [
            str(TODAY - timedelta(days=days)) for days in (7, 1)
        ]


@pytest.mark.parametrize("when", range(1, 9))
def test_whatever_dies_nothing_is_told_twice_or_never(tmp_path: Path, when: int) -> None:
    with ready(tmp_path, recent(1)) as action:
        with_harvest(action)
        action.inputs["arxiv-oai-url"] = action.arxiv.oai_url
        bad_day(action, recent(2), recent(3))
        dead_after(action, when)
        with_harvest(action)
        action.arxiv.heal()
        action.arxiv.show([recent(number) for number in range(1, 5)])
        with_harvest(action)

        assert listed(action.page()) == ids(4, 3, 2, 1)
        assert dict(announced(action)) == dict.fromkeys((f"{MONTH}.{number:05}" for number in range(1, 5)), 1)


def test_records_that_could_not_be_read_are_told_once(tmp_path: Path) -> None:
    with ready(tmp_path, keywords="Alpha\nBeta") as action:
        bad_day(action, paper(1, month="1905"), paper(2, month="2102"), recent(3))
        action.arxiv.fail(faults.without("title", entries=2), door="harvest")
        run = with_harvest(action)

        assert listed(action.page()) == ids(3), run.log
        (told,) = (line for line in run.annotations("notice") if "left out" in line)
        assert "arXiv's harvest: records of older papers that could not be read and were left out: 2" in told


@pytest.mark.parametrize(("days", "told"), [(7, False), (8, True), (300, True)])
def test_a_list_that_may_have_been_whole_later_than_it_says_may_miss_something(
    tmp_path: Path, days: int, told: bool
) -> None:
    """A quiet page: the day on which its list was last whole is written with a commit only."""
    with ready(tmp_path, recent(1)) as action:
        with_harvest(action)
        before = f"whole={TODAY - timedelta(days=days)}"
        action.github.push("README.md", action.page().replace(f"whole={TODAY}", before).encode())
        bad_day(action, recent(2))
        run = with_harvest(action)

        assert listed(action.page()) == ids(2, 1)
        assert ("; what was announced before that day may be missing" in run.log) == told


def test_a_query_that_was_changed_on_a_bad_day_begins_with_the_last_week(tmp_path: Path) -> None:
    then = NOW - timedelta(days=40)
    old = replace(paper(7, "beta", month=f"{then:%y%m}"), updated=then, published=then)
    with ready(tmp_path, recent(1)) as action:
        with_harvest(action)
        bad_day(action, recent(2, "beta"), old)
        for _ in range(2):
            run = with_harvest(action, keywords="Alpha: abs:beta")
            assert listed(action.page()) == ids(2, 1), run.log

        # From the second day on its own days count.
        assert [asked["from"] for asked in asked_of_harvest(action)] == [
            str(TODAY - timedelta(days=days)) for days in (7, 1)
        ]
        action.arxiv.heal()
        action.arxiv.show([recent(1), recent(2, "beta")])
        with_harvest(action, keywords="Alpha: abs:beta")
        assert listed(action.page()) == ids(2)
        assert dict(announced(action)) == dict.fromkeys((f"{MONTH}.00001", f"{MONTH}.00002"), 1)


@pytest.mark.parametrize("title", ["Foo (v9)", "Bar (Conv2)"])
def test_a_title_that_ends_like_a_version_hides_no_newer_version(tmp_path: Path, title: str) -> None:
    with ready(tmp_path, recent(1, title=title), recent(2)) as action:
        with_harvest(action)
        bad_day(action, recent(1, version=2, hours=30))
        with_harvest(action)

        assert listed(action.page()) == [*ids(1, version=2), *ids(2)]


@pytest.mark.parametrize("columns", ["title, date", "title, abstract, date", "title, comment"])
@pytest.mark.parametrize("text", ["A · 2099-01-01 · B", "2099-01-01", "A · 2099-01-01 <b>"])
def test_a_date_that_strangers_wrote_in_a_list_keeps_no_new_paper_below(
    tmp_path: Path, columns: str, text: str
) -> None:
    inputs = {"template": "list", "columns": columns, "max_results": "2"}
    with ready(tmp_path, *(recent(number, title=text, comment=text) for number in (1, 2)), **inputs) as action:
        with_harvest(action)
        bad_day(action, recent(3))
        with_harvest(action)

        assert listed(action.page()) == ids(3, 2)
        assert with_harvest(action).outputs["changed"] == "false"


def test_a_line_that_people_put_among_rows_without_titles_shifts_no_paper(tmp_path: Path) -> None:
    with ready(tmp_path, recent(1), recent(2), columns="date, abstract") as action:
        with_harvest(action)
        page = action.page()
        row = rows(action)[0]
        action.github.push("README.md", page.replace(row, f"| 2099-01-01 | my own note |\n{row}").encode())
        bad_day(action, recent(2, version=2, hours=30))
        with_harvest(action)

        for kept in ("my own note", "Number 2 is about", "Number 1 is about"):
            assert kept in action.page()


OWN = b"{% for paper in papers %}* {{ paper.title }} ({{ paper.version }})\n{% endfor %}"


def test_a_template_of_ones_own_shows_the_list_anew_where_a_json_file_knows_its_papers(tmp_path: Path) -> None:
    standing = {"README.md": b"# Mine\n", "own.j2": OWN}
    with started(tmp_path, [recent(1), recent(2)], standing, template="own.j2", files="p.json\np.bib") as action:
        assert with_harvest(action).code == 0
        bad_day(action, recent(3), recent(1, version=2, hours=1))

        run = with_harvest(action)

        page = (action.github.read("README.md") or b"").decode()
        assert "* Paper 1 (2)\n* Paper 3 (1)\n* Paper 2 (1)" in page
        assert (run.code, run.outputs["new-papers"], run.outputs["harvested-keywords"]) == (0, "1", "Alpha")
        assert b"%05d" % 3 in (action.github.read("p.bib") or b"")
        assert set(announced(action).values()) == {1}


def test_other_columns_show_the_list_anew_where_a_json_file_knows_its_papers(tmp_path: Path) -> None:
    with started(tmp_path, [recent(1), recent(2)], files="p.json") as action:
        assert with_harvest(action).code == 0
        bad_day(action, recent(3))

        assert with_harvest(action, columns="title, authors").outputs["harvested-keywords"] == "Alpha"

        page = (action.github.read("README.md") or b"").decode()
        assert "| **Title** | **Authors** |" in page
        assert listed(page, HEADING) == ids(3, 2, 1)


def test_without_a_json_file_such_a_list_stays_as_it_is(tmp_path: Path) -> None:
    with started(tmp_path, [recent(1), recent(2)], files="p.bib") as action:
        assert with_harvest(action).code == 0
        bad_day(action, recent(3))

        assert with_harvest(action, columns="title, authors").outputs["failed-keywords"] == "Alpha"
