"""A venue's name and what stands around it -> what is shown: `Findings of ACL 2026`, `NeurIPS 2025 workshop · oral`."""

from __future__ import annotations

import re

from digest.columns.acceptance import is_workshop as _is_workshop

# No year stands further from its venue: a full name and its brackets lie between.
_REACH = 110
_YEAR = re.compile(r"(?<![\d.:])(?<!\d-)((?:19|20)\d\d)(?![\d:])|'(\d\d)(?!\d)")
_YEARS_BEHIND = (
    # `CVPR2026`, `ICLR'26`, `AAAI-26`; neither `ACL 10 pages` nor `5th`
    re.compile(
        r"[-_' (]{0,2}((?:20)?[0-3]\d)(?!\d|[/.-]\d|\s*(?:pages?|figures?|pp|tables?|[snrt][tdh]|%|,\s*\d+ fig))"
    ),
    # `TMLR (12/24)`
    re.compile(r" ?\(?(?:0?\d|1[0-2])/(2\d)\b"),
)
# `(AAAI-25)` behind a full name
_YEAR_OF_ACRONYM = re.compile(r"\([A-Z][A-Za-z]+[-' ]?(\d\d)\)")

# `MIV at CVPR 2025`, `GLOW @ IJCAI`: what has a name of its own at a conference is a workshop.
_AT_ITS_HOST = re.compile(r"([A-Za-z][\w&-]*[A-Z0-9][\w&-]*)(?:\s?'?\d{2,4})?\)?,?\s*(?:@|\bat)\s*(?:the\s)?$")
_NO_WORKSHOPS = frozenset(("ORAL", "POSTER", "AI", "PAPER", "SPOTLIGHT", "PRESENTATION"))
_TRACKS = tuple(
    (track, re.compile(rf"(?i)\b(?:{pattern})"))
    for track, pattern in (
        (
            "Datasets and Benchmarks",
            r"datasets? ?(?:and|&|\+) ?benchmarks?|benchmarks? ?(?:and|&) ?datasets?|D ?[&/] ?B\b",
        ),
        ("industry track", r"industry|industrial track"),
        ("demo", r"(?:system )?demo(?:nstration)?s?\b(?! (?:page|video|link|website|code|is|are|at)|:)"),
        ("tutorial", r"tutorial"),
        ("student abstract", r"student abstract|doctoral (?:consortium|symposium)"),
        ("extended abstract", r"extended abstract|EA\b|LBR\b|late[- ]breaking"),
        ("tiny paper", r"tiny paper"),
        ("poster track", r"posters? track"),
        ("challenge", r"challenge|competition|shared task"),
    )
)
_NOT_WON = r"(?![^.;]{0,20}(?:nomin|candidate|final|runner|hono|list))"
_HONOURS = (
    ("best student paper", re.compile(rf"(?i)\b(?:best|outstanding) student paper\b{_NOT_WON}")),
    ("best paper", re.compile(rf"(?i)\b(?:best|outstanding) paper\b{_NOT_WON}")),
    (
        "oral",
        re.compile(
            r"(?i)\boral\b(?! [a-z]+ology| (?:and|cancer|health|disease|medicine|lesion|cavity|image|squamous))"
        ),
    ),
    ("spotlight", re.compile(r"(?i)\bspotlight")),
    ("highlight", re.compile(r"\bHIGHLIGHT\b|\b[Hh]ighlight(?:ed)?\b(?! (?:that|the|of))")),
)


def label(name: str, before: str, after: str, *, is_workshop: bool = False) -> str:
    """The name with its year, its track where it is not the main one, and an honour."""
    shown = f"{name} {year(before, after)}".strip()
    track = "workshop" if is_workshop else _track(before, after)
    if track != "workshop" and re.search(r"(?i)\bfindings\b", before + after):
        shown = f"Findings of {shown}"
    else:
        shown = f"{shown} {track}".strip()
    return shown + honour(f"{before} {after}")


def year(before: str, after: str) -> str:
    """Right behind the name, or a little later, or a little earlier; "" where there is none."""
    close = after[:_REACH]
    behind = [pattern.match(close) for pattern in _YEARS_BEHIND]
    earlier = reversed(list(_YEAR.finditer(before[-_REACH:])))
    for found in (*behind, _YEAR.search(close), _YEAR_OF_ACRONYM.search(close), *earlier):
        if found:
            digits = next(filter(None, found.groups()))
            return digits if len(digits) == 4 else f"20{digits}"
    return ""


def honour(text: str) -> str:
    """` · oral`; "" where the text tells of none."""
    return next((f" · {name}" for name, pattern in _HONOURS if pattern.search(text)), "")


def _track(before: str, after: str) -> str:
    around = f"{before} {after}"
    host = _AT_ITS_HOST.search(before[-_REACH:])
    if _is_workshop(around) or (host and host[1].upper() not in _NO_WORKSHOPS):
        return "workshop"
    return next((track for track, pattern in _TRACKS if pattern.search(around)), "")
