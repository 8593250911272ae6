"""How an issue is told again: by its key, by its title where the key is gone, and never by what strangers write."""

from __future__ import annotations

from base64 import b64encode
from zlib import compress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest import announce
from digest.announce import Issue, announced, earliest, find, title_digest
from digest.papers import Identifier, identifier
from digest.section.memory import Due, pack

NAME = "daily-papers"
PAPERS = frozenset(map(identifier, ("2601.00001", "2601.00002")))
DUE = Due(PAPERS, 1000, title_digest("Daily papers: 2 new"))


def key(*papers: Identifier, name: str = NAME) -> str:
    return f"New:\n\n<!-- {name}:announced {b64encode(compress(pack(papers), 9)).decode()} -->"


def issue(body: str, title: str = "Any", created: int = 1000, *, writer: bool = True) -> Issue:
    return Issue(title, body, created, "https://github.test/1", writer)


def test_an_issue_announces_the_papers_of_its_key_promised_or_not() -> None:
    later = identifier("2601.00009")

    assert announced([DUE], [issue(key(later)), issue(key(min(PAPERS)))], NAME) == {later, min(PAPERS)}
    assert announced([], [issue(key(*PAPERS))], NAME) == PAPERS


@pytest.mark.parametrize("created", [700, 1000, 5000])
def test_where_the_key_is_gone_title_and_time_tell(created: int) -> None:
    assert announced([DUE], [issue("Read.", "Daily papers: 2 new", created)], NAME) == PAPERS


@pytest.mark.parametrize(
    "found",
    [
        issue("Read.", "Daily papers: 3 new"),
        issue("Read.", "Daily papers: 2 new", 699),
        issue(key(*PAPERS, name="other"), "Daily papers: 2 new"),
        issue(key(*PAPERS), writer=False),
        issue("", "Daily papers: 2 new", writer=False),
    ],
    ids=["another title", "before the promise", "another section's", "a stranger's key", "a stranger's title"],
)
def test_what_does_not_announce(found: Issue) -> None:
    assert announced([DUE], [found], NAME) == frozenset()
    assert find(DUE, [found], NAME) is None


def test_a_key_of_other_papers_does_not_announce_by_its_title() -> None:
    """Two runs of a day may give their issues the same title."""
    assert not announced([DUE], [issue(key(identifier("2601.00009")), "Daily papers: 2 new")], NAME) & PAPERS


def test_an_issue_into_which_somebody_put_two_together_announces_both() -> None:
    one, other = sorted(PAPERS)

    assert announced([], [issue(f"{key(one)}\n\n{key(other)}\n\n{key(other, name='other')}")], NAME) == PAPERS


def test_the_issue_of_some_of_the_papers_is_found() -> None:
    assert find(DUE, [issue("Hello"), issue(key(min(PAPERS)))], NAME) == "https://github.test/1"


BOMB = b64encode(compress(b"\xff\xff\x7f" + b"\x01" * 50_000_000, 9)).decode()


@pytest.mark.parametrize("data", ["AAAA", "A", "====", BOMB, b64encode(compress(b"\x80" * 200_000)).decode()])
def test_a_key_that_is_not_whole_names_nothing(data: str) -> None:
    assert announced([], [issue(f"<!-- {NAME}:announced {data} -->")], NAME) == frozenset()


@given(st.text())
def test_any_body_is_read(body: str) -> None:
    assert announced([DUE], [issue(body), issue(f"<!-- {NAME}:announced {body} -->")], NAME) <= PAPERS


def test_issues_are_looked_through_from_the_earliest_promise_on() -> None:
    other = Due(PAPERS, 2000, "")

    assert earliest([other, DUE], 5000) == 1000 - announce._CLOCK_SKEW
    assert earliest([], 5000) == 5000 - announce._CLOCK_SKEW
