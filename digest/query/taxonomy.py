"""arXiv's categories: which there are, and what was meant by one that there is not. Pure.

The page for readers is https://arxiv.org/category_taxonomy; the tables are those of arxiv/taxonomy/definitions.py in
https://github.com/arXiv/arxiv-base (June 2026), without the archive `test`. A search for a category compares the whole
name, by case, with `*` and `?` as wildcards: an archive's own name (`cs`) is no category and finds nothing.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

# Archive: its subject classes. `cs` and `CV` make the category cs.CV.
_SUBJECTS = {
    "astro-ph": "CO EP GA HE IM SR",
    "cond-mat": "dis-nn mes-hall mtrl-sci other quant-gas soft stat-mech str-el supr-con",
    "cs": "AI AR CC CE CG CL CR CV CY DB DC DL DM DS ET FL GL GR GT HC IR IT LG LO MA MM MS NA NE NI OH OS PF PL RO SC"
    " SD SE SI SY",
    "econ": "EM GN TH",
    "eess": "AS IV SP SY",
    "math": "AC AG AP AT CA CO CT CV DG DS FA GM GN GR GT HO IT KT LO MG MP NA NT OA OC PR QA RA RT SG SP ST",
    "nlin": "AO CD CG PS SI",
    "physics": "acc-ph ao-ph app-ph atm-clus atom-ph bio-ph chem-ph class-ph comp-ph data-an ed-ph flu-dyn gen-ph"
    " geo-ph hist-ph ins-det med-ph optics plasm-ph pop-ph soc-ph space-ph",
    "q-bio": "BM CB GN MN NC OT PE QM SC TO",
    "q-fin": "CP EC GN MF PM PR RM ST TR",
    "stat": "AP CO ME ML OT TH",
}
# Archives without subject classes are categories themselves.
_WHOLE = ("gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th", "math-ph", "nucl-ex", "nucl-th", "quant-ph")
# What old papers are filed under, and where such papers are filed since.
_CLOSED = {
    "acc-phys": "physics.acc-ph",
    "adap-org": "nlin.AO",
    "alg-geom": "math.AG",
    "ao-sci": "physics.ao-ph",
    "astro-ph": "astro-ph.*",
    "atom-ph": "physics.atom-ph",
    "bayes-an": "physics.data-an",
    "chao-dyn": "nlin.CD",
    "chem-ph": "physics.chem-ph",
    "cmp-lg": "cs.CL",
    "comp-gas": "nlin.CG",
    "cond-mat": "cond-mat.*",
    "dg-ga": "math.DG",
    "funct-an": "math.FA",
    "mtrl-th": "cond-mat.mtrl-sci",
    "patt-sol": "nlin.PS",
    "plasm-ph": "physics.plasm-ph",
    "q-alg": "math.QA",
    "q-bio": "q-bio.*",
    "solv-int": "nlin.SI",
    "supr-con": "cond-mat.supr-con",
}
CATEGORIES = (
    *(f"{archive}.{subject}" for archive, subjects in _SUBJECTS.items() for subject in subjects.split()),
    *_WHOLE,
    *_CLOSED,
)


def check(pattern: str) -> None:
    """ValueError, with what to write instead, where no paper of arXiv's can be in such a category."""
    # A bracket is no wildcard at arXiv.
    if not any(fnmatchcase(category, pattern.replace("[", "[[]")) for category in CATEGORIES):
        raise ValueError(f"no paper has the category {pattern!r}{_advice(pattern)}")


def successor(category: str) -> str | None:
    """What to ask for new papers where the category holds only those of long ago, else None."""
    return _CLOSED.get(category)


def spelled(text: str) -> str | None:
    """How a category is written where the text is one in whatever case, an archive or all of one; else None."""
    archive = text.removesuffix("*").removesuffix(".")
    if archive in _SUBJECTS:
        return f"{archive}.*"
    return next((category for category in CATEGORIES if category.lower() == text.lower()), None)


def _advice(pattern: str) -> str:
    archive = re.split(r"[^a-z-]", pattern.lower())[0]
    letters = _letters(pattern)
    near = [category for category in CATEGORIES if _letters(category) == letters]
    if archive in _SUBJECTS and letters == _letters(archive):
        one = f"{archive}.{_SUBJECTS[archive].split()[0]}"
        return f": {archive!r} is an archive of many; write '{archive}.*' for all of them, or one like {one!r}"
    if not near and archive in _WHOLE:
        near = [archive]
    if not near and any(category.startswith(pattern) for category in CATEGORIES):
        near = [f"{pattern}*"]
    if not near:
        subject = pattern.rpartition(".")[2].lower()
        near = [category for category in CATEGORIES if category.rpartition(".")[2].lower() == subject]
    whole = f" '{archive}.*' is all of {archive}" if archive in _SUBJECTS else ""
    if near:
        return f"; did you mean {' or '.join(map(repr, near))}?{whole}"
    return f";{whole}" if whole else "; write it like cs.CV, cs.*, q-fin* or hep-th"


def _letters(text: str) -> str:
    """What is left of a category where other signs stand between its letters: `cs-cv`, `CS:CV`, `hepth`."""
    return re.sub(r"[^a-z]", "", text.lower())
