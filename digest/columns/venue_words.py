"""What people write around a venue's name: whether the paper is in it, in which track, with what honour."""

from __future__ import annotations

import re

# What is said before a name. The last one counts, but not where another paper is meant: `extended version of the paper
# accepted at` tells where that one was accepted.
SAYS = re.compile(
    r"(?i)\b(?:(?P<of_another>(?:extended|expanded|journal|conference|short|shorter|previous|earlier|preliminary|initial|prior|partial|abridged"
    r"|condensed|poster|early) (?:\w+ )?(?:version|draft|work|abstract of)|exten(?:sion|ds|ded from|ding)|partially|based on|builds? (?:up)?on|follow-?up"
    r"|companion (?:paper|to|of)|continuation|supplement\w* (?:\w+ )?(?:to|of|for)|challenge (?:\w+ )?(?:report|paper|summary)"
    r"|(?:code|report|solution|entry)s? (?:\w+ )?(?:to|of|for)|winn(?:er|ing)|won|place|prize|ranked|overlap\w*|citation)"
    r"|(?P<not_yet>(?:re-?)?submi\w+|(?:under|in|undergoing|waiting|pending|awaiting)(?: for| \w+-?blind| blind| peer|-peer| anonymous| journal| conference| the){0,2}[ -]review(?! of)|review(?:ing|ed)? (?:at|by|for)"
    r"|under (?:consideration|revision)|revis(?:ion|ed|ing)|prepar\w+|(?:not|never|if|once|upon|after|until|when|conditionally) (?:being )?accept\w*|plan\w*"
    r"|target\w*|inten[dt]\w*|reject\w*|declin\w*|withdr\w+|rebuttal|aim\w*|consider\w*|propos\w*|potential\w*)"
    r"|(?P<accepted>acc+(?:ept|pet|pte|pect)\w*|publish\w*|publication|appear\w*|camera[- ]?ready|presented|presentation|proceedings"
    r"|in press|forthcoming|(?:oral|poster|spotlight|highlight|abstract|paper|talk)(?= (?:presentation )?at\b)))(?!\w)"
)
# What takes back all that is said before and behind it.
TAKEN_BACK = re.compile(
    r"(?i)\b(?:desk[- ]?)?reject(?:ed|ion)\b|\bwith(?:drawn|drew|drawal)\b|\bretract\w+|\bcancel\w*"
)
# What takes it back behind the name: `ICML 2026 submission`.
NOT_AFTER_ALL = re.compile(
    r"(?i)\b(?:submission|submitted|(?:under|in) (?:\w+ )?review|reject\w*|rebuttal|template|format|style|extension(?! of\b))\b"
    r"(?! (?:to|at|for|in)\b)|\bseparate\b|\bsuperseded|\b(?:available|found|posted) (?:as|at|in|under) arXiv"
)
CONTEST = re.compile(
    r"(?i)\b(?:challenges?|competitions?|contest|shared task|cup|winn\w+|rank\w*|prize|place|solution)\b"
)
EVENT = re.compile(r"\b(?:Conference|Symposium|Congress|Workshop|Meeting|Forum|Colloquium|Convention)\b")
WORKSHOP = re.compile(r"(?i)\bworkshops?\b|\bwksp?\b|\bSRW\b|co-?located|in conjunction with")

_NO_PRIZE = r"(?![^.;]{0,20}(?:nomin|candidat|final|runner|hono))"
TRACKS = tuple(
    (track, re.compile(rf"(?i)\b(?:{pattern})"))
    for track, pattern in (
        (
            "Datasets and Benchmarks",
            r"datasets? ?(?:and|&|\+) ?benchmarks?|benchmarks? ?(?:and|&) ?datasets?|D ?[&/] ?B\b|DB track",
        ),
        ("industry track", r"industry|industrial track"),
        ("demo", r"(?:system )?demo(?:nstration)?s?\b(?! (?:page|video|link|website|code|is|are|at)|:)"),
        ("tutorial", "tutorial"),
        ("student abstract", r"student abstract|doctoral (?:consortium|symposium)"),
        ("extended abstract", r"extended abstract|EA\b|LBR\b|late[- ]breaking"),
        ("tiny paper", "tiny paper"),
        ("poster track", r"posters? track"),
        ("challenge", r"challenge|competition|shared task"),
    )
)
HONOURS = (
    ("best student paper", re.compile(rf"(?i)\b(?:best|outstanding) student paper\b{_NO_PRIZE}")),
    ("best paper", re.compile(rf"(?i)\b(?:best|outstanding) paper\b{_NO_PRIZE}")),
    (
        "oral",
        re.compile(
            r"(?i)\boral\b(?! [a-z]+ology| (?:and|cancer|health|disease|medicine|lesion|cavity|image|squamous))"
        ),
    ),
    ("spotlight", re.compile(r"(?i)\bspotlight")),
    ("highlight", re.compile(r"\bHIGHLIGHT\b|\b[Hh]ighlight(?:ed)?\b(?! (?:that|the|of))")),
)
# What begins with a capital behind `accepted by`, and is no venue's name.
NO_VENUE = frozenset(
    (
        *(
            "IEEE",
            "ACM",
            "Springer",
            "Elsevier",
            "MDPI",
            "Wiley",
            "LNCS",
            "arXiv",
            "ArXiv",
            "ARR",
            "OpenReview",
            "Xplore",
        ),
        *("Chinese", "English", "German", "French", "Japanese", "Korean", "Spanish", "University"),
        *(
            "Main",
            "Project",
            "Code",
            "GitHub",
            "Github",
            "Track",
            "Volume",
            "Vol",
            "Section",
            "Oral",
            "Poster",
            "Spotlight",
        ),
        *(
            "Conference",
            "Journal",
            "Proceedings",
            "Workshop",
            "Page",
            "Website",
            "Homepage",
            "Dataset",
            "Data",
            "Camera",
        ),
        *("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November"),
        *("December", "Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug", "Sep", "Sept", "Oct", "Nov", "Dec"),
        *("Our", "We", "It", "This", "The", "Final", "Long", "Short", "Full", "Paper", "Papers", "Findings", "Version"),
        *(
            "Part",
            "Special",
            "Issue",
            "Extended",
            "DOI",
            "Preprint",
            "Report",
            "Appendix",
            "PDF",
            "Keywords",
            "Demo",
            "Model",
        ),
    )
)
# Words before a full stop that does not end a sentence: `Phys. Rev. D`, `Proc. of`.
ABBREVIATED = frozenset(
    (
        *(
            "Proc",
            "Conf",
            "Int",
            "Trans",
            "Symp",
            "Vol",
            "vol",
            "No",
            "no",
            "pp",
            "Oct",
            "Nov",
            "Dec",
            "Sept",
            "Feb",
            "Aug",
        ),
        *(
            "Phys",
            "Rev",
            "Lett",
            "Math",
            "Astron",
            "Astrophys",
            "Mon",
            "Not",
            "Roy",
            "Soc",
            "Commun",
            "Comm",
            "Ann",
            "Adv",
        ),
        *(
            "Nucl",
            "Eur",
            "Class",
            "Grav",
            "Appl",
            "Amer",
            "Am",
            "Sci",
            "Natl",
            "Acad",
            "Nat",
            "Mod",
            "Mech",
            "Eng",
            "Lect",
        ),
        *(
            "Comput",
            "Theor",
            "Theoret",
            "Stat",
            "Bull",
            "Geom",
            "Algebr",
            "Anal",
            "Funct",
            "Numer",
            "Chem",
            "Opt",
            "Discrete",
        ),
    )
)
