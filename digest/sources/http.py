"""One request's way to arXiv and back: paced, timed, one connection at a time. An address in; arXiv's answer out,
whatever it says, or an ArxivFault where there is none.

An answer is a stranger's: it is bounded in size, also once it is unpacked, in time as a whole, and in redirects.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import requests
from requests.exceptions import ConnectTimeout, ContentDecodingError, ProxyError, RequestException, Timeout
from urllib3.exceptions import HTTPError

from digest.deadline import TooLong, deadline
from digest.errors import ArxivForbids
from digest.sources.connection_errors import broken, proxy_broken
from digest.sources.faults import ArxivFault
from digest.sources.rate_limit import span

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
# 2000 papers are 5 MB, a page of 2500 harvested ones 7 MB.
_LARGEST = 32 << 20
_CHUNK = 1 << 16
# Dates, addresses and reasons are shorter; what is longer is read and told no further.
_LONGEST_HEADER = 200
_WEEK = 7 * 86400.0
_FORBIDDEN = "arXiv forbids this address to ask (403)"


@dataclass(frozen=True)
class Timeouts:
    """Seconds: to connect, without a byte, and in all. arXiv was seen to take three minutes to fail.

    However little of the budget is left, a request that leaves gets `least`.
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

    For the main thread: it uses the alarm signal. One for all of arXiv's hosts: its terms count them together.
    """

    def __init__(self, rate_limit: RateLimit) -> None:
        self.rate_limit = rate_limit
        self.requests = 0
        self.date: datetime | None = None
        self._forbidden = False
        self._host = ""
        self._session = requests.Session()
        self._session.headers.update(_HEADERS)

    def send(self, address: str, form: Mapping[str, str] | None = None, timeouts: Timeouts | None = None) -> Response:
        """arXiv's answer to a GET, or to a POST of the form, read to its end.

        ArxivFault where there is none. ArxivForbids where its status is 403, and ever after without a request.
        """
        asked = [address]
        while True:
            if self._forbidden:
                raise ArxivForbids(_FORBIDDEN)
            response = self._request(asked[-1], form, timeouts or TIMEOUTS)
            if response.status_code == requests.codes.forbidden:
                self._forbidden = True
                raise ArxivForbids(_FORBIDDEN)
            if response.status_code not in _REDIRECTS or "Location" not in response.headers:
                return response
            # It may lead to another port: never two connections.
            self.close()
            target = _followed(asked[-1], response.headers["Location"])
            if target in asked or len(asked) > _MOST_REDIRECTS:
                raise ArxivFault("redirects without end")
            asked.append(target)

    def now(self) -> datetime:
        """The later of this machine's clock and arXiv's, as far as arXiv told it."""
        return max(filter(None, (datetime.now(UTC), self.date)))

    def close(self) -> None:
        """Ends the connection; the next request makes a new one."""
        self._session.close()

    def _request(self, address: str, form: Mapping[str, str] | None, timeouts: Timeouts) -> Response:
        if self._host != (host := urlsplit(address).netloc):
            # The connection to the other host would stay open beside the new one.
            self.close()
            self._host = host
        self.rate_limit.start()
        self.requests += 1
        whole = min(timeouts.whole, max(timeouts.least, self.rate_limit.left()))
        connect, silence = min(timeouts.connect, whole), min(timeouts.silence, whole)
        try:
            # No timeout of a socket bounds an answer that comes byte by byte.
            with deadline(whole):
                return self._exchange("GET" if form is None else "POST", address, form, (connect, silence))
        except ConnectTimeout:
            deed = f"took no connection within {span(connect)}"
        except Timeout:
            deed = f"gave no answer within {span(silence)}"
        except TooLong:
            deed = f"did not end its answer within {span(whole)}"
        except ContentDecodingError:
            deed = "sent an answer that cannot be unpacked"
        except ProxyError as error:
            deed = proxy_broken(error, address)
        except (RequestException, HTTPError, HTTPException, OSError, ValueError) as error:
            deed = broken(error, silence)
        # Raised only here, as an error that is remembered would keep its connection open too.
        raise ArxivFault(deed)

    def _exchange(
        self, method: str, address: str, form: Mapping[str, str] | None, timeout: tuple[float, float]
    ) -> Response:
        with self._session.request(
            method, address, data=form, timeout=timeout, allow_redirects=False, stream=True
        ) as got:
            content = bytearray()
            for part in got.iter_content(_CHUNK):
                content += part
                if len(content) > _LARGEST:
                    raise ArxivFault(f"sent more than {_LARGEST >> 20} MB")
            self.date = _date(got.headers.get("Date", "")) or self.date
            return Response(got.status_code, (got.reason or "")[:_LONGEST_HEADER], got.headers, bytes(content))


def seconds_until(retry_after: str) -> float | None:
    """What a `Retry-After` says, a week at most; None where there is nothing to go by.

    0 is such: it came with answers that failed again. https://www.rfc-editor.org/rfc/rfc9110#name-retry-after
    """
    text = retry_after.strip()[:_LONGEST_HEADER]
    if text.isdecimal():
        seconds = float(text)
    else:
        date = _date(text)
        seconds = (date - datetime.now(UTC)).total_seconds() if date else 0
    return min(seconds, _WEEK) if seconds > 0 else None


def _date(header: str) -> datetime | None:
    try:
        return parsedate_to_datetime(header[:_LONGEST_HEADER]).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _followed(address: str, location: str) -> str:
    """Where a redirect leads. ArxivFault where that is another host, or no longer encrypted."""
    try:
        target = urljoin(address, location)
        before, after = urlsplit(address), urlsplit(target)
        host = after.hostname
    except ValueError:
        raise ArxivFault("redirects to an address that is none") from None
    if host != before.hostname:
        raise ArxivFault(f"redirects to another host ({(host or '')[:_LONGEST_HEADER]}), which is not followed")
    if after.scheme not in (before.scheme, "https"):
        raise ArxivFault(f"redirects from {before.scheme} to {after.scheme}, which is not followed")
    return target
