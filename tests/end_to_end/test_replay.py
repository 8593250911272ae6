"""Replay: over recorded days the action lists what the recorded page listed, in its order and with its texts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.recorded import Day, Entry
    from tests.conftest import Action

ROW = re.compile(
    r"^\| \*\*\[(?P<title>.*)\]\((?P<url>\S+)\)\*\*(?: \*\(withdrawn\)\*)?"
    r" \| (?P<date>\S+) \| (?P<abstract>.*) \| (?P<comment>.*) \|$"
)
# What Markdown, HTML, TeX or GitHub would read as something else than text.
SPECIAL = re.compile(
    r"^[-+=]|[\\`*_~|<>&$@#{}\[\]^\"']|--|://|www\.|:\w+:|\b[0-9a-f]{7,40}\b|[^\S ]|  |[^ -~]", re.IGNORECASE
)


@dataclass(frozen=True)
class Difference:
    """A row's text that is not what the recorded page showed."""

    keyword: str
    id: str
    column: str
    recorded: str
    written: str

    @property
    def special(self) -> bool:
        """Whether the recorded text holds something that must not be written as it is."""
        return bool(SPECIAL.search(self.recorded))


def replay(action: Action, day: Day) -> tuple[int, list[Difference]]:
    """Runs the action over the day: how many rows were compared, and which differ; the ids' order must be the same."""
    action.arxiv.show(day)
    keywords = "\n".join(day.sections)
    longest = max(map(len, day.sections.values()))
    run = action.run(keywords=keywords, max_results=str(longest), deduplicate="false", notify="none", max_bytes="0")
    assert run.code == 0, run.log
    written = _lists(action.page())
    assert list(written) == list(day.sections)
    differences = []
    for keyword, entries in day.sections.items():
        rows = written[keyword]
        assert [row["url"] for row in rows] == [f"https://arxiv.org/abs/{entry.id}" for entry in entries]
        for entry, row in zip(entries, rows, strict=True):
            differences += list(_differences(keyword, entry, row))
    return sum(map(len, day.sections.values())), differences


def _lists(page: str) -> dict[str, list[re.Match[str]]]:
    lists: dict[str, list[re.Match[str]]] = {}
    for line in page.splitlines():
        if line.startswith("## "):
            lists[line.removeprefix("## ")] = rows = []
        elif row := ROW.match(line):
            rows.append(row)
    return lists


def _differences(keyword: str, entry: Entry, row: re.Match[str]) -> Iterator[Difference]:
    folded = f"<details><summary>{entry.comment[:5]}...</summary><p>{entry.comment}</p></details>"
    expected = {
        "title": entry.title,
        "date": f"{entry.updated:%Y-%m-%d}",
        "abstract": f"<details><summary>Show</summary><p>{entry.abstract}</p></details>" if entry.abstract else "",
        "comment": folded if len(entry.comment) > 20 else entry.comment,
    }
    plain = {"title": entry.title, "date": "", "abstract": entry.abstract, "comment": entry.comment}
    for column, text in expected.items():
        if row[column] != text:
            yield Difference(keyword, entry.id, column, plain[column], row[column])


def test_every_recorded_day_is_listed_as_it_was(action: Action, recorded: list[Day]) -> None:
    rows, differences = 0, []
    for day in recorded:
        compared, found = replay(action, day)
        rows += compared
        differences += found

    assert len(recorded) >= 10
    assert rows >= 500
    assert [difference for difference in differences if not difference.special] == []
