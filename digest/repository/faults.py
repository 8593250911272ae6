"""What becomes of a request to GitHub that has no answer of use: it is refused, unanswered or malformed.

https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

SERVER_ERROR = 500
CONFLICTS = (409, 422)
_LIMITS = (403, 429)
# What GitHub says of a branch that somebody else moves at this moment, of one that it does not show yet, or of a commit
# that one of its copies lacks yet.
_PASSING = {
    *("reference cannot be updated", "reference update failed"),
    *("reference already exists", "object does not exist"),
}
_LONGEST = 500
# Counts, seconds since 1970 or from now, as headers hold them; what is no such number is as good as none.
NUMBER = re.compile(r"\d{1,11}(\.\d*)?")


class RequestFault(Exception):
    """A request without an answer of use; the text completes a sentence that begins with GitHub."""

    # Whether the request may have taken effect all the same.
    fate_unknown = True
    # Whether GitHub may well grant in a moment what it refused.
    is_passing = False


class Unanswered(RequestFault):
    """There is no answer.

    cure: what to look at
    arrived: False where GitHub cannot have got the request
    heals: False where asking again is of no use
    """

    def __init__(self, reason: str, cure: str = "", *, arrived: bool = True, heals: bool = True) -> None:
        super().__init__(reason)
        self.cure, self.heals = cure, heals
        self.fate_unknown = arrived


class Malformed(RequestFault):
    """The answer is not what GitHub's documentation says of it."""


def lacking(*names: str) -> Malformed:
    """An answer in which the field is missing, or something else, that the names lead to."""
    return Malformed(f"its answer lacks {'.'.join(names)}")


class Refused(RequestFault):
    """GitHub said no.

    status: of the answer, from 400
    document: what its JSON says, None where it is none
    headers: their names in lower case
    """

    def __init__(self, status: int, document: Any, headers: Mapping[str, str]) -> None:
        self.status, self.headers = status, headers
        self._document = document if isinstance(document, dict) else {}
        super().__init__(self.sentence)
        self.fate_unknown = status >= SERVER_ERROR
        self.is_passing = status in CONFLICTS and self.sentence.lower() in _PASSING

    @property
    def sentence(self) -> str:
        """GitHub's own words on one line, without the dot at their end."""
        said = "\n\n".join(filter(None, (_text(self._document.get("message")), *map(_told, self.details))))
        paragraphs = (" ".join(part.split()).rstrip(".") for part in said.split("\n\n"))
        words = ". ".join(filter(None, paragraphs)) or f"it gave no reason (status {self.status})"
        return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"

    @property
    def details(self) -> list[Any]:
        """What is wrong with each field, as GitHub lists it, or texts."""
        errors = self._document.get("errors")
        return errors if isinstance(errors, list) else []

    @property
    def is_limit(self) -> bool:
        """Whether GitHub refused because it is asked too much."""
        if self.status not in _LIMITS:
            return False
        return self.status == 429 or "rate limit" in self.sentence.lower() or self.retry_after is not None

    @property
    def reset(self) -> float | None:
        """When a used up budget of requests is full again, in seconds since 1970."""
        return self._seconds("x-ratelimit-reset") if self._seconds("x-ratelimit-remaining") == 0 else None

    @property
    def retry_after(self) -> float | None:
        """In seconds."""
        return self._seconds("retry-after")

    def _seconds(self, header: str) -> float | None:
        value = self.headers.get(header, "")
        return float(value) if NUMBER.fullmatch(value) else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _told(detail: object) -> str:
    return _text(detail.get("message")) if isinstance(detail, dict) else _text(detail)
