"""Where a paper was accepted: read from its journal reference and its comment, held to papers that a person read."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.columns.venues import venue
from tests.labelled import PARTS, papers, precision_and_recall


@pytest.mark.parametrize("part", PARTS)
def test_venues_of_papers_that_a_person_read(part: str) -> None:
    read = papers(part)
    found = {(paper.id, venue("", paper.comment)) for paper in read}
    labels = {(paper.id, paper.venue) for paper in read}
    precision, recall = precision_and_recall((one for one in found if one[1]), (one for one in labels if one[1]))
    assert precision >= 0.98
    assert recall >= 0.90


@pytest.mark.parametrize(
    "comment",
    [
        "submitted to ICML 2026",
        "Under review at NeurIPS 2026",
        "Extended version of our CVPR 2024 paper",
        "This is an extension of the ICCV 2023 paper",
        "Withdrawn from AAAI 2026",
        "Preprint. In submission to TPAMI",
        "We will present at ICLR 2027 if accepted",
        "12 pages, 5 figures",
        "",
    ],
)
def test_what_says_nothing_of_acceptance_gives_nothing(comment: str) -> None:
    assert venue("", comment) == ""


@pytest.mark.parametrize(
    ("journal", "comment", "told"),
    [
        ("", "Accepted to CVPR 2026 (Oral)", "CVPR 2026 · oral"),
        ("", "ECCV 2026 Workshop on Video", "ECCV 2026 workshop"),
        ("", "Accepted by IEEE TPAMI", "TPAMI"),
        ("", "ACL 2025 Findings", "Findings of ACL 2025"),
    ],
)
def test_what_is_said_is_shown(journal: str, comment: str, told: str) -> None:
    assert venue(journal, comment).lower() == told.lower()


@pytest.mark.parametrize(
    ("journal", "comment"),
    [
        ("A" * 300, ""),
        (f"{'A' * 300} Conference 2026", ""),
        ("T\u0331" * 150, ""),
        ("", f"Accepted to {'A' * 300}"),
        ("", f"Accepted by Journal of {'Abcdefghijklmnopqrst ' * 16}2026"),
        ("", f"{'A' * 300} 2026"),
    ],
)
def test_what_is_longer_than_any_name_says_nothing(journal: str, comment: str) -> None:
    assert venue(journal, comment) == ""


@given(st.text(), st.text())
def test_any_text_gives_one_short_line(journal: str, comment: str) -> None:
    told = venue(journal, comment)
    assert len(told) <= 200
    assert told == " ".join(told.split())


@pytest.mark.parametrize("piece", ["accepted ", "CVPR 2026 ", "Proc. of ", "(", "and the ", "A. ", "Workshop "])
def test_long_text_takes_no_longer_than_its_beginning(piece: str) -> None:
    began = process_time()
    venue(piece * 20_000, piece * 20_000)
    assert process_time() - began < 2
