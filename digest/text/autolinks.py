"""What GitHub makes a link or a notification of in any text, Markdown or not.

https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/autolinked-references-and-urls
"""

from __future__ import annotations

import re
from urllib.parse import unquote

# Patterns for re.VERBOSE and re.IGNORECASE.
MENTION = r"(?<![A-Za-z0-9_])@(?=[A-Za-z0-9])"
ISSUE = r"\#(?=[0-9])|(?<![A-Za-z0-9])[Gg][Hh]-(?=[0-9])"
COMMIT = r"(?<![A-Za-z0-9_])(?=[0-9]*[A-Fa-f])(?=[A-Fa-f]*[0-9])[0-9A-Fa-f]{7,40}(?:(?![A-Za-z0-9_])|(?=https?://))"
# An address as a whole, with brackets in it that are closed; it ends where another one begins.
ADDRESS_START = r"(?<![A-Za-z])(?:https?://|(?<![0-9./@-])www\.)"
ADDRESS_CHARACTER = r"(?!,?https?://)[A-Za-z0-9._~:/?\#@!$&'*+,;=%-]"
ADDRESS_PART = rf"(?:{ADDRESS_CHARACTER}|\((?:{ADDRESS_CHARACTER})*+\)|\[(?:{ADDRESS_CHARACTER})*+\])"
ADDRESS = rf"{ADDRESS_START}{ADDRESS_PART}+"

_GITHUB = re.compile(r"(?:https?://)?(?:[^/?#]*@)?(?:www\.)?github\.com(?::[0-9]*)?(?=/)", re.IGNORECASE)
# A link to one of these leaves a back-reference in somebody's repository.
_REFERENCES = frozenset(
    ("issues", "pull", "pulls", "commit", "commits", "discussions", "compare", "projects", "security", "releases")
)


def is_reference(address: str) -> bool:
    """Whether a link to the address would be noticed in the repository to which it leads."""
    found = _GITHUB.match(address)
    if not found:
        return False
    # OWNER/REPOSITORY/issues or orgs/OWNER/discussions, with slashes as in `//` counted once.
    path = [part for part in re.split(r"[/?#]+", unquote(address[found.end() :]).lower()) if part]
    return len(path) > 2 and path[2] in _REFERENCES


def split_commit(commit: str, separator: str) -> str:
    """In pieces that are too short for a commit's id."""
    return separator.join(commit[start : start + 6] for start in range(0, len(commit), 6))
