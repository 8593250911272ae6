"""Which papers stand under which keyword: categories, exclude, max-results, sort-by, deduplicate, versions."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from sandbox.arxiv.faults import status
from tests.factories import block, listed, paper, papers, started

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from sandbox.recorded import Entry
    from tests.conftest import Action

BOTH = "alpha and beta"


def ids(*numbers: int) -> list[str]:
    return [f"2603.{number:05}v1" for number in numbers]


def run(action: Action, **inputs: str) -> dict[str, list[str]]:
    """A run that must succeed: the identifiers under each of its headings."""
    done = action.run(**inputs)
    assert done.code == 0, done.log
    page = action.page()
    headings = [line for line in page.splitlines() if line.startswith("## ")]
    return {heading.removeprefix("## "): listed(page, heading) for heading in headings}


def queries(action: Action) -> list[str]:
    return [request.params["search_query"] for request in action.arxiv.requests]


def windows(action: Action) -> list[tuple[int, int]]:
    return [(int(request.params["start"]), int(request.params["max_results"])) for request in action.arxiv.requests]


def test_categories_and_excluded_phrases_are_asked_of_arxiv(tmp_path: Path) -> None:
    found = [
        paper(1, categories=("cs.CV",)),
        paper(2, categories=("stat.ML",)),
        paper(3, categories=("math.AG", "cs.LG")),
        paper(4, categories=("math.AG",)),
        paper(5, title="A Survey of Things"),
        paper(6, abstract="alpha made by deep fakes."),
    ]
    with started(tmp_path, found) as action:
        lists = run(action, categories="cs.*, stat.ML", exclude='survey, "deep fake"')

        assert lists == {"Alpha": ids(3, 2, 1)}
        (query,) = queries(action)
        wanted, _, unwanted = query.partition(" ANDNOT ")
        assert wanted == '(((ti:"Alpha" OR abs:"Alpha") AND (cat:cs.* OR cat:stat.ML))'
        assert unwanted == '(ti:"survey" OR abs:"survey" OR ti:"deep fake" OR abs:"deep fake"))'


def test_operators_without_parentheses_mean_what_they_mean_elsewhere(tmp_path: Path) -> None:
    found = [
        paper(1, "alpha and beta"),
        paper(2, "alpha"),
        paper(3, "gamma"),
        paper(4, "beta"),
        paper(5, "alpha delta"),
    ]
    with started(tmp_path, found) as action:
        keywords = (
            "One: abs:alpha AND abs:beta OR abs:gamma\n"
            "Two: abs:alpha ANDNOT abs:beta ANDNOT abs:delta\n"
            "abs:beta ANDNOT (alpha OR gamma)\n"
        )
        assert run(action, keywords=keywords, deduplicate="false") == {
            "One": ids(3, 1),
            "Two": ids(2),
            "abs:beta ANDNOT (alpha OR gamma)": ids(4),
        }


def test_max_results_keeps_the_newest_of_each_keyword(tmp_path: Path) -> None:
    with started(tmp_path, [*papers(range(1, 8)), *papers(range(11, 13), "beta")]) as action:
        lists = run(action, keywords="Alpha\nBeta", max_results="3")
        assert lists == {"Alpha": ids(7, 6, 5), "Beta": ids(12, 11)}
        assert windows(action) == [(0, 3)] * 2
        assert run(action, keywords="Alpha\nBeta", max_results="1") == {"Alpha": ids(7), "Beta": ids(12)}


@pytest.mark.parametrize(
    ("sort_by", "order", "dates"), [("updated", [1, 2], ["05", "04"]), ("submitted", [2, 1], ["03", "02"])]
)
def test_sort_by_also_says_which_date_is_shown(
    tmp_path: Path, sort_by: str, order: list[int], dates: list[str]
) -> None:
    def day(number: int) -> datetime:
        return datetime(2026, 3, number, tzinfo=UTC)

    found = [paper(1, published=day(2), updated=day(5)), paper(2, published=day(3), updated=day(4))]
    with started(tmp_path, found) as action:
        assert run(action, sort_by=sort_by) == {"Alpha": ids(*order)}
        assert [date for date in dates if f"| 2026-03-{date} |" in action.page()] == dates
        assert action.page().index(f"| 2026-03-{dates[0]} |") < action.page().index(f"| 2026-03-{dates[1]} |")
        assert action.run(sort_by=sort_by).outputs["changed"] == "false"


def test_a_keyword_may_come_to_mean_something_older(tmp_path: Path) -> None:
    found = [
        paper(1, published=paper(9).published),
        paper(2),
        paper(5, categories=("cs.LG",)),
        paper(8, "alpha survey"),
    ]
    with started(tmp_path, found) as action:
        assert run(action) == {"Alpha": ids(8, 5, 2, 1)}
        # Each time the newest paper is older than the newest that was listed before.
        assert run(action, exclude="survey") == {"Alpha": ids(5, 2, 1)}
        assert run(action, exclude="survey", categories="cs.CV") == {"Alpha": ids(2, 1)}
        assert run(action, exclude="survey", categories="cs.CV", sort_by="submitted") == {"Alpha": ids(1, 2)}
        assert run(action, keywords="Alpha: id:2603.00002") == {"Alpha": ids(2)}
        assert len(action.arxiv.requests) == 5


def test_versions_of_a_paper_are_one_paper_the_latest(tmp_path: Path) -> None:
    with started(tmp_path, [paper(1), paper(2)]) as action:
        run(action)
        action.arxiv.show([paper(1, version=2, updated=datetime(2026, 3, 9, tzinfo=UTC)), paper(2)])
        again = action.run()
        assert listed(action.page()) == ["2603.00001v2", "2603.00002v1"]
        assert (again.outputs["changed"], again.outputs["new-papers"]) == ("true", "0")
        assert len(action.github.issues) == 1


class TestDeduplicate:
    """Ten papers under Alpha, of which the newest six are under Beta too, and four older ones under Beta alone."""

    found: tuple[Entry, ...] = (
        *papers(range(11, 15)),
        *papers(range(15, 21), BOTH),
        *papers(range(1, 5), "beta"),
    )

    def test_a_shared_paper_stands_under_the_first_and_later_lists_are_filled_from_further_down(
        self, tmp_path: Path
    ) -> None:
        with started(tmp_path, self.found, keywords="Alpha\nBeta", max_results="4") as action:
            # Alpha takes four of the shared six; the other two and more from further down fill Beta.
            assert run(action) == {"Alpha": ids(20, 19, 18, 17), "Beta": ids(16, 15, 4, 3)}
            assert windows(action)[:2] == [(0, 4), (0, 4)]
            assert len(action.arxiv.requests) == 3
            assert action.run().outputs["changed"] == "false"

    def test_the_order_of_keywords_says_who_is_first(self, tmp_path: Path) -> None:
        with started(tmp_path, self.found, keywords="Beta\nAlpha", max_results="8") as action:
            assert run(action) == {"Beta": ids(20, 19, 18, 17, 16, 15, 4, 3), "Alpha": ids(14, 13, 12, 11)}

    def test_a_list_that_needs_no_filling_costs_one_request(self, tmp_path: Path) -> None:
        with started(tmp_path, self.found, keywords="Alpha\nBeta", max_results="10") as action:
            # arXiv has ten papers for Beta in all: there is nothing further down.
            assert run(action) == {"Alpha": ids(*range(20, 10, -1)), "Beta": ids(4, 3, 2, 1)}
            assert len(action.arxiv.requests) == 2

    def test_false_lists_a_paper_under_each_and_counts_it_once_as_new(self, tmp_path: Path) -> None:
        with started(tmp_path, self.found, keywords="Alpha\nBeta", max_results="4", deduplicate="false") as action:
            done = action.run()
            page = action.page()
            assert listed(page, "## Alpha") == listed(page, "## Beta") == ids(20, 19, 18, 17)
            assert (done.outputs["papers"], done.outputs["new-papers"]) == ("8", "4")
            assert len(action.arxiv.requests) == 2
            assert action.run().outputs["changed"] == "false"

    @pytest.mark.parametrize(("deduplicate", "requests"), [("true", 2), ("false", 1)])
    def test_keywords_with_the_same_query_share_an_answer(
        self, tmp_path: Path, deduplicate: str, requests: int
    ) -> None:
        keywords = "One: abs:alpha\nTwo: abs:alpha"
        with started(tmp_path, self.found, keywords=keywords, max_results="3", deduplicate=deduplicate) as action:
            lists = run(action)
            assert lists["One"] == ids(20, 19, 18)
            assert lists["Two"] == (ids(17, 16, 15) if deduplicate == "true" else ids(20, 19, 18))
            assert len(action.arxiv.requests) == requests

    def test_two_requests_a_keyword_are_enough_however_much_is_shared(self, tmp_path: Path) -> None:
        shared = papers(range(1, 41), "alpha, beta, gamma and delta")
        keywords = "Alpha\nBeta\nGamma\nDelta"
        with started(tmp_path, shared, keywords=keywords, max_results="9") as action:
            lists = run(action)
            assert [len(own) for own in lists.values()] == [9] * 4
            assert [id_ for own in lists.values() for id_ in own] == ids(*range(40, 4, -1))
            assert len(action.arxiv.requests) == 7


class TestAFailingKeyword:
    """Beta fails on the second day."""

    def test_its_rows_stay_byte_for_byte_and_count_as_listed_there(self, tmp_path: Path) -> None:
        before = [*papers([1, 2], "beta", comment="its comment is folded away"), paper(3, BOTH), paper(4)]
        with started(tmp_path, before, keywords="Beta\nAlpha") as action:
            run(action)
            kept = block(action.page(), "Beta")
            assert listed(action.page(), "## Beta") == ids(3, 2, 1)
            # Today arXiv has changed every one of them, and a new paper that both keywords find.
            action.arxiv.show(
                [*papers([1, 2], "beta", title="Other"), paper(3, BOTH, title="Other"), *papers([4, 5], BOTH)]
            )
            action.arxiv.fail(status(503), when="Beta")
            done = action.run()

            assert done.code == 0, done.log
            assert block(action.page(), "Beta") == kept
            assert listed(action.page(), "## Alpha") == ids(5, 4)
            assert done.outputs["failed-keywords"] == "Beta"
            assert (done.outputs["papers"], done.outputs["new-papers"]) == ("5", "1")
            assert any("line 1" in warning and "Beta" in warning for warning in done.annotations("warning"))

            action.arxiv.heal()
            assert run(action) == {"Beta": ids(5, 4, 3, 2, 1), "Alpha": []}

    def test_it_keeps_its_rows_also_where_it_was_moved_and_renamed(self, tmp_path: Path) -> None:
        with started(tmp_path, [*papers([1, 2], "beta"), paper(4)], keywords="Alpha\nBeta") as action:
            run(action)
            rows = block(action.page(), "Beta")
            action.arxiv.fail(status(503), when="beta")
            action.arxiv.fail(status(503), when="Beta")
            done = action.run(keywords='Other name: ti:"Beta" OR abs:"Beta"\nAlpha')

            assert done.outputs["failed-keywords"] == "Other name"
            assert block(action.page(), "Other name") == rows

    def test_one_that_never_had_rows_says_no_papers_yet_and_borrows_none(self, tmp_path: Path) -> None:
        with started(tmp_path, [paper(1), paper(2, "beta")], keywords="Alpha\nBeta") as action:
            run(action)
            action.arxiv.fail(status(503), when="Beta")
            same_query_as_beta = 'Gamma: ti:"Beta" OR abs:"Beta"'
            run(action, keywords=f"Alpha\nBeta\n{same_query_as_beta}")

            assert listed(action.page(), "## Beta") == ids(2)
            assert block(action.page(), "Gamma") == "No papers yet."

    def test_a_list_that_cannot_be_filled_keeps_its_rows_and_they_count_as_listed_there(self, tmp_path: Path) -> None:
        keywords = "Alpha\nBeta\nGamma"
        first = [*papers([11, 12], "beta"), *papers([13, 14])]
        with started(tmp_path, first, keywords=keywords, max_results="2") as action:
            run(action)
            # Now Alpha and Beta share their newest, so that Beta needs a second request, which fails.
            second = [*papers([15, 16], BOTH), *papers([11, 12], "beta and gamma"), *papers([1, 2], "gamma")]
            action.arxiv.show([*second, *papers([13, 14])])
            second_of_beta = lambda asked: "Beta" in asked["search_query"] and asked["start"] != "0"  # noqa: E731
            action.arxiv.fail(status(503, retry_after=9999), when=second_of_beta)
            done = action.run()

            assert done.outputs["failed-keywords"] == "Beta"
            assert listed(action.page(), "## Beta") == ids(12, 11)
            # Gamma's newest are Beta's rows: it is filled from further down.
            assert listed(action.page(), "## Gamma") == ids(2, 1)


@pytest.mark.parametrize("date", ["2026-03-02T00:00:00Z", "2026-11-01T12:00:00Z"])
def test_a_list_older_than_the_last_whole_one_is_believed_after_a_week(tmp_path: Path, date: str) -> None:
    with started(tmp_path, papers([1, 2])) as action:
        action.run()
        action.arxiv.show(papers([1]))
        today = datetime.now(UTC).date()
        for days in (0, 1, 6):
            poison(action, date, today - timedelta(days=days))
            refused = action.run()
            assert "shows a newest paper of 2026-03-01 where it had one of" in refused.log
            assert len(listed(action.page())) == 2

        poison(action, date, today - timedelta(days=7))
        run = action.run()

        assert run.code == 0, run.log
        assert len(listed(action.page())) == 1
        action.arxiv.show(papers([1, 2]))
        assert action.run().outputs["new-papers"] == "0"


def poison(action: Action, date: str, whole: date) -> None:
    """A newest paper of that date, and so long since the list was whole."""
    page = re.sub(r"newest=\S+ whole=\S+", f"newest={date} whole={whole}", action.page())
    action.github.push("README.md", page.encode())
