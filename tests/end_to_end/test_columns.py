"""The columns that are read out of a paper's own text, and the links that are made of its identifier."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.factories import paper, started, table_head
from tests.in_process import run_here

if TYPE_CHECKING:
    from pathlib import Path

ACCEPTED = paper(
    2,
    "alpha and beta",
    comment="Accepted to CVPR 2026 (Oral). Code: https://github.com/octo/nerf",
    abstract="About alpha and beta. See https://octo.github.io/nerf/ and https://huggingface.co/octo/nerf-large",
)
SUBMITTED = paper(1, comment="Submitted to ICML 2026; built on https://github.com/others/base")


def test_what_a_paper_names_of_its_own_where_it_was_accepted_and_what_found_it(tmp_path: Path) -> None:
    with started(
        tmp_path, [ACCEPTED, SUBMITTED], keywords="Alpha\nBeta", columns="title, code, venue, keywords"
    ) as action:
        run = run_here(action)

        assert run.code == 0, run.log
        page = action.page()
        assert table_head("Title", "Code", "Venue", "Keywords") in page
        links = "[Code](https://github.com/octo/nerf) · [Page](https://octo.github.io/nerf)"
        assert f"2603.00002v1)** | {links} | CVPR 2026 · oral | Alpha, Beta |" in page.replace("nerf/)", "nerf)")
        assert "2603.00001v1)** |  |  | Alpha |" in page
        accepted, submitted = json.loads(run.outputs["new-papers-json"])
        assert accepted["code"][0] == {"kind": "Code", "url": "https://github.com/octo/nerf"}
        assert (accepted["venue"], accepted["keywords"]) == ("CVPR 2026 · oral", ["Alpha", "Beta"])
        assert accepted["pdf"] == "https://arxiv.org/pdf/2603.00002v1"
        assert accepted["abstract"].startswith("About alpha")
        assert (submitted["code"], submitted["venue"], submitted["comment"]) == ([], "", SUBMITTED.comment)


@pytest.mark.parametrize(
    ("links", "shown"),
    [
        ("bibtex, pdf", "[BibTeX](https://arxiv.org/bibtex/2603.00002) · [PDF](https://arxiv.org/pdf/2603.00002v1)"),
        ("alphaxiv", "[alphaXiv](https://www.alphaxiv.org/abs/2603.00002)"),
        ("huggingface", "[Hugging Face](https://huggingface.co/papers/2603.00002)"),
        ("semantic-scholar", "[Semantic Scholar](https://www.semanticscholar.org/arxiv/2603.00002)"),
        ("papers.cool", "[papers.cool](https://papers.cool/arxiv/2603.00002)"),
        ("", "[PDF](https://arxiv.org/pdf/2603.00002v1) · [HTML](https://arxiv.org/html/2603.00002v1)"),
    ],
)
def test_the_links_that_one_wants_in_the_order_wanted(tmp_path: Path, links: str, shown: str) -> None:
    with started(tmp_path, [ACCEPTED], columns="title, links", links=links) as action:
        assert run_here(action).code == 0
        assert f"v1)** | {shown} |" in action.page()


@pytest.mark.parametrize("links", ["pdf, pdf", "doi", ","])
def test_wrong_links_are_bad_inputs(tmp_path: Path, links: str) -> None:
    with started(tmp_path, [ACCEPTED], links=links) as action:
        run = run_here(action)
        assert run.code == 1
        assert "title=Input links" in run.log


def test_a_template_has_them_too(tmp_path: Path) -> None:
    template = b"{% for paper in papers %}* {{ paper.venue }} {{ paper.code[0] }} {{ paper.keywords }}\n{% endfor %}"
    with started(tmp_path, [ACCEPTED], {"t.j2": template}, template="t.j2") as action:
        run = run_here(action)
        assert run.code == 0, run.log
        assert "CVPR 2026 · oral" in action.page()
        assert "https://github.com/octo/nerf" in action.page()
