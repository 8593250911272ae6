"""How an issue is told again: by its key, by its title where the key is gone, and never by what strangers write."""

from __future__ import annotations

import json
import zlib
from base64 import b64encode
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest import announcement
from digest.announcement import announced, earliest, find, key, title_fingerprint
from digest.issue import Issue, Writers, is_app
from digest.papers import Identifier, identifier
from digest.section.memory import Promise

NAME = "daily-papers"
PAPERS = frozenset(map(identifier, ("2601.00001", "2601.00002")))
PROMISE = Promise(PAPERS, 1000, title_fingerprint("Daily papers: 2 new"))


def body(*papers: Identifier, name: str = NAME) -> str:
    return f"New in [README.md](https://github.test):\n\n{key(name, papers)}"


def told(promises: list[Promise], issues: list[Issue], own_login: str = "me") -> set[Identifier]:
    return set(announced(promises, [issues], NAME, Writers(("papers[bot]",), lambda: own_login)).papers)


def issue(text: str, title: str = "Any", created: int = 1000, **more: Any) -> Issue:
    return Issue(title, text, created, "https://github.test/1", **more)


def test_an_issue_announces_the_papers_of_its_key_promised_or_not() -> None:
    later = identifier("2601.00009")

    assert told([PROMISE], [issue(body(later)), issue(body(min(PAPERS)))]) == {later, min(PAPERS)}
    assert told([], [issue(body(*PAPERS))]) == PAPERS


@pytest.mark.parametrize("created", [700, 1000, 5000])
def test_where_the_key_is_gone_title_and_time_tell(created: int) -> None:
    assert told([PROMISE], [issue("Read.", "Daily papers: 2 new", created)]) == PAPERS


@pytest.mark.parametrize(
    "found",
    [
        issue("Read.", "Daily papers: 3 new"),
        issue("Read.", "Daily papers: 2 new", 699),
        issue(body(*PAPERS, name="other"), "Daily papers: 2 new"),
        issue(body(*PAPERS), writer=False),
        issue("", "Daily papers: 2 new", writer=False),
    ],
    ids=["another title", "before the promise", "another section's", "a stranger's key", "a stranger's title"],
)
def test_what_does_not_announce(found: Issue) -> None:
    assert told([PROMISE], [found]) == set()
    assert find(PROMISE, [[found]], NAME) is None


def test_a_key_of_other_papers_does_not_announce_by_its_title() -> None:
    """Two runs of a day may give their issues the same title."""
    assert not told([PROMISE], [issue(body(identifier("2601.00009")), "Daily papers: 2 new")]) & PAPERS


def test_an_issue_into_which_somebody_put_two_together_announces_both() -> None:
    one, other = sorted(PAPERS)

    assert told([], [issue(f"{body(one)}\n\n{body(other)}\n\n{body(other, name='other')}")]) == PAPERS


def test_the_issue_of_some_of_the_papers_is_found() -> None:
    ours = issue(body(min(PAPERS)))
    assert find(PROMISE, [[issue("Hello")], [issue("Hello"), ours]], NAME) == ours


def with_value(text: str) -> str:
    return f"New in [README.md](https://github.test):\n\n<!-- {NAME}:announced {text} -->"


@pytest.mark.parametrize("value", ["{}", "{", "[]", '{"2601":"AAAA"}', '{"2601":5}', '{"a":"b"}', "{" * 10_000])
def test_a_key_that_is_not_whole_names_nothing(value: str) -> None:
    assert told([], [issue(with_value(value))]) == set()


def test_nor_does_one_that_grows_without_end_when_it_is_unpacked() -> None:
    bomb = json.dumps({"2601": b64encode(zlib.compress(bytes(100_000_000), 9)).decode()})

    assert told([], [issue(with_value(bomb))]) == set()


@pytest.mark.parametrize(
    "text",
    [
        f"Look at this:\n\n{key(NAME, PAPERS)}",
        f"> {body(*PAPERS)}",
        f"{body(*PAPERS)}\n\nand so on",
        f"I quote: {body(*PAPERS)}",
    ],
    ids=["another beginning", "a quotation", "another end", "in the middle"],
)
def test_a_key_counts_only_at_the_end_of_a_text_of_ours(text: str) -> None:
    assert told([], [issue(text)]) == set()


def test_a_standing_issue_announces_nothing_by_its_title() -> None:
    """A run may die between it and its first comment, while another's issue of the same title is promised."""
    standing = f"New papers in [README.md](https://github.test)\n\n<!-- {NAME}:standing -->"
    assert told([PROMISE], [issue(standing, "Daily papers: 2 new")]) == set()


def test_a_comment_is_known_by_its_key_alone() -> None:
    by_comment = replace(PROMISE, title_fingerprint="")

    assert told([by_comment], [issue(body(*PAPERS), "")]) == PAPERS
    assert told([by_comment, PROMISE], [issue("Read.", "")]) == set()
    assert (by_comment.is_comment, PROMISE.is_comment) == (True, False)


def test_those_of_the_section_alone_are_kept_for_closing() -> None:
    ours, closed = issue(body(*PAPERS), number=4), issue(body(*PAPERS), number=1, is_open=False)
    others = [
        issue(body(*PAPERS), "", number=0),
        issue(body(*PAPERS, name="other"), number=2),
        issue(f"{body(*PAPERS)}\n\n{body(*PAPERS, name='other')}", number=3),
        issue(body(*PAPERS), number=5, writer=False),
        issue("Read.", "Daily papers: 2 new", number=6),
    ]
    assert announced([PROMISE], [[ours, *others, closed]], NAME).issues == (ours, closed)


def test_a_pull_request_announces_nothing() -> None:
    assert told([PROMISE], [issue(body(*PAPERS), pull_request=True)]) == set()


def test_what_the_tokens_own_user_opened_is_believed_and_that_is_asked_only_then() -> None:
    """With a private membership GitHub says of one's own issues that a stranger wrote them."""
    asked = []

    def own_login() -> str:
        asked.append("me")
        return "me"

    mine, other = issue(body(*PAPERS), author="me", writer=False), issue("Hello", author="you", writer=False)
    writers = Writers((), own_login)
    assert set(announced([PROMISE], [[mine, other]], NAME, writers).papers) == PAPERS
    assert asked == ["me"]
    assert find(PROMISE, [[mine]], NAME, writers) == mine


def test_of_apps_those_that_wrote_before_are_believed_and_any_of_what_is_promised() -> None:
    """Another app may write what strangers tell it; but the token may be of another app than when it was promised."""
    ours, theirs = (
        issue(body(*PAPERS), author=author, writer=False, bot=True, number=number)
        for number, author in enumerate(("papers[bot]", "forms[bot]"), 1)
    )
    assert told([], [ours]) == told([PROMISE], [ours]) == told([PROMISE], [theirs]) == PAPERS
    assert told([], [theirs]) == set()
    assert find(PROMISE, [[theirs]], NAME) == theirs
    assert announced([PROMISE], [[theirs]], NAME).disbelieved == ()
    assert announced([PROMISE], [[theirs, ours]], NAME, Writers(("papers[bot]",))).issues == (ours,)


def test_that_of_another_app_counts_only_since_the_promise() -> None:
    """What it was made to write before kept no promise; of papers that are promised it would be believed otherwise."""
    early, late = (issue(body(*PAPERS), "Any", created, author="forms[bot]", bot=True) for created in (699, 700))

    assert not told([PROMISE], [early])
    assert told([PROMISE], [late]) == PAPERS
    assert (find(PROMISE, [[early]], NAME), find(PROMISE, [[late]], NAME)) == (None, late)
    again = replace(PROMISE, since=5000)
    assert told([again, PROMISE], [late]) == told([PROMISE, again], [late]) == PAPERS


def test_none_announces_what_was_submitted_after_it_promised_or_not() -> None:
    ours, (one, other) = issue(body(*PAPERS)), sorted(PAPERS)

    for promises in ([], [PROMISE]):
        found = announced(promises, [[ours]], NAME, submitted={one: 1001.0, other: 1000.0})
        assert found.papers.keys() == {other}
    assert find(PROMISE, [[ours]], NAME, submitted=dict.fromkeys(PAPERS, 1001.0)) is None
    assert find(PROMISE, [[ours]], NAME, submitted={one: 1001.0}) == ours


def test_an_app_is_told_by_its_login() -> None:
    assert all(map(is_app, ("github-actions[bot]", "My-App2[bot]", "a[bot]")))
    names = ("mona", "[bot]", "a--b[bot]", "-a[bot]", "a b[bot]", "a[bot] ", "ä[bot]", "<a>[bot]", f"{'a' * 60}[bot]")
    assert not any(map(is_app, names))


def test_nothing_promised_is_announced_a_third_time_whoever_opened_the_issues() -> None:
    strange = [Issue("Any", body(*PAPERS), 1000 + n, f"https://github.test/{n}", f"u{n}", writer=False) for n in (1, 2)]

    twice = replace(PROMISE, tries=2)
    once = announced([twice], [strange[:1]], NAME)
    assert (once.papers, once.disbelieved) == ({}, ("https://github.test/1",))
    assert set(announced([twice], [strange], NAME).papers) == PAPERS
    # Strangers alone announce nothing.
    assert announced([], [strange], NAME).papers == announced([PROMISE], [strange], NAME).papers == {}


def test_it_is_told_when_a_paper_was_announced_last() -> None:
    issues = [issue(body(*PAPERS), created=created) for created in (2000, 9000, 5000)]
    assert announced([], [issues], NAME).papers == dict.fromkeys(PAPERS, 9000)


@given(st.text())
def test_any_body_is_read(body: str) -> None:
    assert told([PROMISE], [issue(body), issue(f"<!-- {NAME}:announced {body} -->")]) <= PAPERS


def test_issues_are_looked_through_from_the_earliest_promise_on() -> None:
    other = Promise(PAPERS, 2000, "")

    assert earliest([other, PROMISE], 5000) == 1000 - announcement._CLOCK_SKEW
    assert earliest([], 5000) == 5000 - announcement._CLOCK_SKEW
