"""Lists that other scripts wrote: which papers their rows tell of, and that no link in strangers' text counts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.papers import Bounds, identifier
from digest.section import memory
from digest.section.document import parse
from digest.section.memory import Memory

if TYPE_CHECKING:
    from digest.section.section import Section

NAME = "daily-papers"
BOUNDS = Bounds(datetime(2026, 6, 1, tzinfo=UTC))
# cv-arxiv-daily's README; `docs/index.md` has blanks in the header.
CV = """## Updated on 2026.05.14
> Usage instructions: [here](./docs/README.md#usage)

<details>
  <summary>Table of Contents</summary>
  <ol>
    <li><a href=#slam>SLAM</a></li>
  </ol>
</details>

## SLAM

|Publish Date|Title|Authors|PDF|Code|
|---|---|---|---|---|
|**2026-05-13**|**LEXI-SG: Monocular $3D$ Scene Graphs**|Ana Silva et.al.|[2605.13741](http://arxiv.org/abs/2605.13741)|null|
|**2026-05-12**|**WildPose**|Bo Chen et.al.|[2605.12774v2](http://arxiv.org/abs/2605.12774v2)|**[link](https://github.com/octo/wild)**|

<p align=right>(<a href=#updated-on-20260514>back to top</a>)</p>

## NeRF

|Publish Date|Title|Authors|PDF|Code|
|---|---|---|---|---|
|**2026-04-01**|**A field**|Cy Ode et.al.|[2604.00007](http://arxiv.org/abs/2604.00007)|null|

[contributors-url]: https://github.com/octo/papers/graphs/contributors
"""
WECHAT = """> Updated on 2026.05.14
- 2026-05-13, **LEXI-SG**, Ana Silva et.al., Paper: [http://arxiv.org/abs/2605.13741](http://arxiv.org/abs/2605.13741)
- 2026-05-12, **WildPose**, Bo Chen et.al., Paper: [http://arxiv.org/abs/2605.12774](http://arxiv.org/abs/2605.12774), \
Code: **[https://github.com/octo/wild](https://github.com/octo/wild)**
"""
PDF = """| Title | Paper | Venue |
|:--|:-:|--|
| LEXI-SG | [PDF](https://arxiv.org/pdf/2605.13741) [Code](https://github.com/a/b) | |
| WildPose | [PDF](https://www.arxiv.org/pdf/2605.12774v2.pdf) | CVPR |
"""
AWESOME = """* [LEXI-SG](https://arxiv.org/abs/2605.13741), Ana Silva, [[pdf]](https://arxiv.org/pdf/2605.13741v1)
* **[WildPose](https://export.arxiv.org/abs/2605.12774)** [project](https://octo.github.io/wild)
"""
DAILY = """| **Title** | **Date** | **Abstract** |
| --- | --- | --- |
| **[LEXI | SG](https://arxiv.org/abs/2605.13741v1)** | 2026-05-13 | Show [x](https://arxiv.org/abs/2605.20000v1) |
| **[WildPose](https://arxiv.org/abs/2605.12774v2)** | 2026-05-12 | Show |
"""


def section(inside: str) -> Section:
    document = parse(f"<!-- {NAME}:start -->\n{inside}<!-- {NAME}:end -->\n".encode(), "README.md", NAME, BOUNDS)
    assert document.has_section
    return document.section


def known(inside: str) -> set[str]:
    return set(map(str, section(inside).memory.listed))


@pytest.mark.parametrize(
    ("text", "papers"),
    [
        (CV, {"2605.13741", "2605.12774", "2604.00007"}),
        (CV.replace("\n", "\r\n"), {"2605.13741", "2605.12774", "2604.00007"}),
        (WECHAT, {"2605.13741", "2605.12774"}),
        (PDF, {"2605.13741", "2605.12774"}),
        (AWESOME, {"2605.13741", "2605.12774"}),
        (DAILY, {"2605.13741", "2605.12774"}),
    ],
    ids=["cv-arxiv-daily", "with CR LF", "for WeChat", "to PDF", "a list", "DailyArXiv"],
)
def test_rows_of_others_are_known_and_nothing_up_to_the_newest_is_news(text: str, papers: set[str]) -> None:
    made = section(text)
    assert known(text) == papers
    assert made.damaged
    for told in (*papers, "2605.13740", "2605.00001"):
        assert not made.memory.is_news(identifier(told), identifier("2605.20000"))
    assert made.memory.is_news(identifier("2605.13742"), identifier("2605.20000"))


def table(*rows: str) -> str:
    return "|Date|Title|Authors|PDF|Abstract|\n|---|---|---|---|---|\n" + "".join(f"{row}\n" for row in rows)


def row(number: int, title: str = "A title", abstract: str = "About it.") -> str:
    link = f"[2605.{number:05}](http://arxiv.org/abs/2605.{number:05})"
    return f"|**2026-05-01**|**{title}**|Ana Silva et.al.|{link}|{abstract}|"


FORGED = "[2605.99999](http://arxiv.org/abs/2605.99999)"


@pytest.mark.parametrize(
    "text",
    [
        table(row(1), row(2, title=f"On {FORGED}")),
        table(row(1), row(2, title=f"**{FORGED}**")),
        table(row(1), row(2, abstract=f"See {FORGED}.")),
        table(row(1), row(2, abstract=FORGED), row(3, abstract=FORGED)),
        # Bars that move the forged link to where the others have their own.
        table(row(1), row(2), row(3, title=f"a|b|{FORGED}")),
        table(row(1), row(2), "|d|a|b|[2605.00003](http://arxiv.org/abs/2605.00003) " + FORGED + "|x|"),
        table(row(1), row(2), f"|d|**T**|A|none yet|{FORGED}|"),
        table(row(1), row(2), "|d|**[T](https://arxiv.org/abs/2605.99999v1)**|A|none yet|x|"),
        # Most rows link to somewhere else.
        "- [A](https://a.org) x\n- [B](https://b.org) y\n- [C](https://c.org): see " + FORGED + "\n",
        "- [A](http://arxiv.org/abs/2605.00001)\n- B, see " + FORGED + ": [B](http://arxiv.org/abs/2605.00002)\n",
    ],
)
def test_a_link_in_a_papers_own_text_is_taken_for_no_row(text: str) -> None:
    assert "2605.99999" not in known(text)
    assert section(text).memory.is_news(identifier("2605.99998"), identifier("2605.99998"))


words = st.text(st.characters(exclude_characters="\n\r", codec="utf-8"), max_size=15)
hostile = st.lists(words | st.sampled_from([FORGED, "|", "\\|", "**", "](", "](http://arxiv.org/abs/2605.99999)"])).map(
    "".join
)


@given(st.lists(st.tuples(hostile, hostile), min_size=1, max_size=3))
def test_whatever_a_few_rows_say_only_their_own_links_count(texts: list[tuple[str, str]]) -> None:
    honest = [row(number) for number in range(1, 2 * len(texts) + 2)]
    text = table(*honest, *(row(number, *text) for number, text in enumerate(texts, 100)))
    assert known(text) >= {f"2605.{number:05}" for number in range(1, len(honest) + 1)}
    assert "2605.99999" not in known(text)


@pytest.mark.parametrize(
    "ours",
    [
        f"<!-- {NAME}:memory {memory.write(Memory())} -->\n\n",
        f"<!-- {NAME}:memory damaged -->\n\n",
        f"<!-- {NAME}:list heading=x search=y newest=- whole=- -->\n\n## SLAM\n\n",
    ],
    ids=["a memory", "a damaged memory", "a list"],
)
def test_they_count_only_where_nothing_of_ours_is_left(ours: str) -> None:
    assert known(ours + CV.replace("v2", "")) == set()


def test_what_cannot_be_yet_is_no_paper() -> None:
    made = section(CV.replace("2604.00007", "2909.00007"))
    assert set(map(str, made.memory.listed)) == {"2605.13741", "2605.12774"}


def test_a_list_that_grew_for_years_is_read_in_no_time() -> None:
    rows = [row(number % 99_999 + 1, title="x" * 80) for number in range(10_000)]
    assert len(known(table(*rows))) == 10_000
    assert known("](http" * 50_000) == set()
    assert known("|](http" * 50_000) == set()
