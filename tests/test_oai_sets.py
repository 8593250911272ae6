"""The harvest's sets for some categories: they hold all of them, as little else as may be, and arXiv knows them."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.query.taxonomy import CATEGORIES, successor
from digest.sources.oai_sets import ALL, sets
from sandbox.arxiv.harvest import Announced, answer, set_of
from tests.factories import paper


def holds(name: str, category: str) -> bool:
    """Whether a set holds the papers of a category, or of what took its place."""
    today = (successor(category) or category).removesuffix(".*")
    return name == ALL or f"{set_of(today)}:".startswith(f"{name}:")


def is_known(name: str) -> bool:
    """Whether the stand-in takes it for a set."""
    held = Announced().after([paper(1)], paper(1).updated.date())
    said = answer(held, {"verb": "ListRecords", "metadataPrefix": "arXivRaw", "set": name}, 10)
    return said.code in ("", "noRecordsMatch")


@pytest.mark.parametrize("category", CATEGORIES)
def test_every_category_is_held_by_one_set_that_arxiv_knows(category: str) -> None:
    (found,) = sets([category])

    assert holds(found, category)
    assert is_known(found)
    assert found != ALL


@pytest.mark.parametrize(
    ("categories", "found"),
    [
        ([], (ALL,)),
        (["cs.CV"], ("cs:cs:CV",)),
        (["stat.ML", "cs.CV", "cs.CV"], ("cs:cs:CV", "stat:stat:ML")),
        (["hep-th"], ("physics:hep-th",)),
        (["physics.optics"], ("physics:physics:optics",)),
        (["astro-ph.HE", "cond-mat.dis-nn"], ("physics:astro-ph:HE", "physics:cond-mat:dis-nn")),
        (["nlin.CD", "math-ph", "quant-ph"], ("physics:math-ph", "physics:nlin:CD", "physics:quant-ph")),
        (["q-bio.NC", "q-fin.ST", "econ.EM"], ("econ:econ:EM", "q-bio:q-bio:NC", "q-fin:q-fin:ST")),
        # Some of the largest are together as large as their archive.
        (["cs.CV", "cs.LG", "cs.CL"], ("cs:cs:CL", "cs:cs:CV", "cs:cs:LG")),
        (["cs.CV", "cs.LG", "cs.CL", "cs.AI"], ("cs:cs",)),
        (["cs.CV", "cs.*", "stat.ML"], ("cs:cs", "stat:stat:ML")),
        # Wildcards.
        (["cs.*"], ("cs:cs",)),
        (["q-fin*"], ("q-fin:q-fin",)),
        (["hep-*"], ("physics:hep-ex", "physics:hep-lat", "physics:hep-ph", "physics:hep-th")),
        (["cs.?V"], ("cs:cs:CV",)),
        (["*.GN"], ("econ:econ:GN", "math:math:GN", "q-bio:q-bio:GN", "q-fin:q-fin:GN")),
        (["physics.*-ph"], ("physics:physics",)),
        # Closed ones.
        (["cmp-lg"], ("cs:cs:CL",)),
        (["astro-ph"], ("physics:astro-ph",)),
        (["cond-mat", "cond-mat.soft"], ("physics:cond-mat",)),
        (["q-bio"], ("q-bio:q-bio",)),
        (["alg-geom", "math.AG"], ("math:math:AG",)),
    ],
)  # fmt: skip
def test_the_sets(categories: list[str], found: tuple[str, ...]) -> None:
    assert all(sets(order) == found for order in permutations(categories))


@pytest.mark.parametrize("pattern", ["*", "?*", "c[s].CV"])
def test_a_pattern_of_everything_or_of_nothing_misses_nothing(pattern: str) -> None:
    found = sets([pattern])

    assert found == (ALL,) or all(any(holds(name, category) for name in found) for category in CATEGORIES)


@given(st.lists(st.sampled_from(CATEGORIES), min_size=1, max_size=12))
def test_sets_hold_all_categories_and_none_holds_another(categories: list[str]) -> None:
    found = sets(categories)

    assert [category for category in categories if not any(holds(name, category) for name in found)] == []
    assert [pair for pair in permutations(found, 2) if f"{pair[1]}:".startswith(f"{pair[0]}:")] == []
    assert all(map(is_known, found))
    # None without need.
    assert [name for name in found if not any(holds(name, category) for category in categories)] == []


def test_no_case_is_taken_for_another() -> None:
    assert not is_known("cs:cs:cv")
    assert not is_known("CS")
    assert not is_known("physics:physics:OPTICS")
    assert not is_known("cs:math")
