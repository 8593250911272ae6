"""One request's way to arXiv and back: paced, timed, one connection at a time. An address in; arXiv's answer out,
whatever it says, or an ArxivFault where there is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from socket import gaierror
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import requests
from requests.exceptions import ConnectTimeout, RequestException, SSLError, Timeout

from digest.deadline import TooLong, deadline
from digest.sources.rate_limit import span
from digest.sources.validation import ArxivFault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from digest.sources.rate_limit import RateLimit

_HEADERS = {
    "User-Agent": "daily-papers/1 (+https://github.com/OWNER/daily-papers)",
    # Its absence was seen to bring 406.
    "Accept": "application/atom+xml, */*",
}
_REDIRECTS = (301, 302, 303, 307, 308)
_MOST_REDIRECTS = 2


@dataclass(frozen=True)
class Timeouts:
    """Seconds: to connect, without a byte, and in all. arXiv was seen to take three minutes to fail.

    However little patience is left, a request that leaves gets `least`.
    """

    connect: float = 10.0
    silence: float = 60.0
    whole: float = 90.0
    least: float = 10.0


TIMEOUTS = Timeouts()


@dataclass(frozen=True)
class Response:
    """arXiv's answer. A response of `requests` would keep its connection open for as long as anybody holds it."""

    status_code: int
    reason: str
    headers: Mapping[str, str]
    content: bytes


class Http:
    """The connection; `requests` counts what was sent, `date` is arXiv's clock as its last response told it.

    For the main thread: it uses the alarm signal.
    """

    def __init__(self, rate_limit: RateLimit) -> None:
        self.requests = 0
        self.date: datetime | None = None
        self._rate_limit = rate_limit
        self._session = requests.Session()
        self._session.headers.update(_HEADERS)

    def get(self, address: str) -> Response:
        """arXiv's answer, read to its end."""
        for _ in range(_MOST_REDIRECTS + 1):
            reply = self._request(address)
            if reply.status_code not in _REDIRECTS or "Location" not in reply.headers:
                return reply
            # It may lead to another port: never two connections.
            self.close()
            address = _same_host(address, reply.headers["Location"])
        raise ArxivFault("redirects without end")

    def close(self) -> None:
        """Ends the connection; the next request makes a new one."""
        self._session.close()

    def _request(self, address: str) -> Response:
        self._rate_limit.start()
        self.requests += 1
        whole = min(TIMEOUTS.whole, max(TIMEOUTS.least, self._rate_limit.left()))
        connect, silence = min(TIMEOUTS.connect, whole), min(TIMEOUTS.silence, whole)
        try:
            # No timeout of a socket bounds an answer that comes byte by byte.
            with deadline(whole):
                got = self._session.get(address, timeout=(connect, silence), allow_redirects=False)
            self.date = _date(got.headers.get("Date", "")) or self.date
            return Response(got.status_code, got.reason or "", got.headers, got.content)
        except ConnectTimeout:
            deed = f"took no connection within {span(connect)}"
        except Timeout:
            deed = f"gave no answer within {span(silence)}"
        except TooLong:
            deed = f"did not end its answer within {span(whole)}"
        except RequestException as error:
            deed = _broken(error, silence)
        # Raised only here, as an error that is remembered would keep its connection open too.
        raise ArxivFault(deed)


def _date(header: str) -> datetime | None:
    try:
        return parsedate_to_datetime(header).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _same_host(address: str, location: str) -> str:
    try:
        target = urljoin(address, location)
        host = urlsplit(target).hostname
    except ValueError:
        raise ArxivFault("redirects to an address that is none") from None
    if host != urlsplit(address).hostname:
        raise ArxivFault(f"redirects to another host ({host}), which is not followed")
    return target


def _broken(error: RequestException, silence: float) -> str:
    deeds = {
        gaierror: "has a name that does not resolve",
        ConnectionRefusedError: "refuses the connection",
        SSLError: "cannot be reached over TLS",
        # In the middle of an answer, it is no Timeout to `requests`.
        TimeoutError: f"fell silent for {span(silence)}",
    }
    cause: BaseException | None = error
    while cause:
        for kind, deed in deeds.items():
            if isinstance(cause, kind):
                return deed
        cause = cause.__cause__ or cause.__context__
    return "broke the connection"
