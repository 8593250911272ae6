"""The one door to GitHub: a request goes out through PyGithub, and what GitHub's JSON says comes in.

Whatever PyGithub, `requests` or GitHub do wrong becomes a RequestFault here, and only here; an exception of any other
kind is a fault of ours.
"""

from __future__ import annotations

import json
import re
from concurrent.futures import wait
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from github import Auth, Github

from digest.aside import aside
from digest.repository.exchange import Connection
from digest.repository.faults import Malformed, Refused, Unanswered, lacking

if TYPE_CHECKING:
    from collections.abc import Mapping

    from digest.config import Runner

T = TypeVar("T")

_SHA = re.compile(r"[0-9a-f]{40,64}")
_NEXT = re.compile(r'rel="?next"?')


@dataclass(frozen=True)
class Answer:
    """What GitHub answered.

    document: what its JSON says
    has_next: whether there is a further page: https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api
    """

    document: Any
    has_next: bool = False


class Door:
    """The connection to GitHub. Each request goes out once, and takes no longer than it may."""

    def __init__(self, runner: Runner, token: str, timeout: float) -> None:
        """`timeout`: the most seconds that one request takes, until its answer is whole."""
        self.timeout = timeout
        self._api_url = runner.api_url
        # PyGithub would repeat a POST, which makes a second issue, and pause between requests.
        self._github = Github(
            auth=Auth.Token(token) if token else None,
            base_url=runner.api_url,
            retry=None,
            seconds_between_requests=0,
            seconds_between_writes=0,
            user_agent="daily-papers",
        )
        self._connection = self._connect()

    def _connect(self) -> Connection:
        return Connection(self._api_url, self.timeout)

    @property
    def graphql_url(self) -> str:
        """Where queries in GraphQL go, which is not below the REST API on Enterprise Server."""
        return self._github.requester.graphql_url

    def send(
        self,
        verb: str,
        path: str,
        parameters: Mapping[str, Any] | None = None,
        body: object = None,
        seconds: float | None = None,
    ) -> Answer:
        """One request within so many seconds. Refused, Unanswered or Malformed where it has no answer of use."""
        most = min(self.timeout, self.timeout if seconds is None else seconds)
        connection = self._connection
        # No timeout of a socket bounds names, several addresses and answers that come byte by byte. A thread that is
        # left behind keeps nothing from going on or from ending.
        asked = aside(
            lambda: self._github.requester.requestJson(
                verb, path, parameters=dict(parameters or {}), input=body, cnx=connection
            )
        )
        wait([asked], most)
        if not asked.done():
            self._connection = self._connect()
            raise Unanswered(f"{_host(self._api_url)} gave no whole answer within {most:.3g} s")
        status, headers, text = asked.result()
        if status >= 400:
            raise _refused(status, text, headers)
        if status >= 300:
            raise Malformed(f"it answered {status}")
        return Answer(_read(text), bool(_NEXT.search(headers.get("link", ""))))

    def close(self) -> None:
        self._connection.close()
        self._github.close()


def _host(api_url: str) -> str:
    return urlsplit(api_url).hostname or api_url


def _refused(status: int, text: str, headers: Mapping[str, str]) -> Refused:
    try:
        return Refused(status, _read(text), headers)
    except Malformed:
        return Refused(status, None, headers)


def _read(text: str) -> Any:
    """What the JSON says. Malformed where it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        what = "a page of HTML" if text.lstrip().startswith("<") else "something that is no JSON" if text else "nothing"
        raise Malformed(f"it answered with {what}") from None


def required(document: object, kind: type[T], *names: str) -> T:
    """The field that the names lead to. Malformed where it is missing or something else."""
    for name in names:
        document = document.get(name) if isinstance(document, dict) else None
    if not isinstance(document, kind):
        raise lacking(*names or (kind.__name__,))
    return document


def sha(document: object, *names: str) -> str:
    """The name of a git object that the names lead to."""
    found = required(document, str, *names)
    if not _SHA.fullmatch(found):
        raise lacking(*names)
    return found
