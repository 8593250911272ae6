"""One request's way to GitHub and back over a connection that PyGithub is given: bounded in size and in redirects.

PyGithub's own connection reads an answer of any length, and asks again for ever where GitHub says 202.
"""

from __future__ import annotations

import socket
from ssl import SSLCertVerificationError
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from github.Requester import HTTPSRequestsConnectionClass, RequestsResponse
from requests.exceptions import ConnectTimeout, InvalidHeader, ProxyError, RequestException, SSLError
from urllib3.exceptions import HTTPError

from digest.repository.faults import NUMBER, Malformed, Unanswered

if TYPE_CHECKING:
    from collections.abc import ItemsView

    import requests

# A blob of 40 MiB, the largest that GitHub takes, is 57 MB of JSON: https://docs.github.com/en/rest/git/blobs
MOST_BYTES = 64 * 1024 * 1024
_PART = 64 * 1024
_MOST_REDIRECTS = 2
# https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects
_REDIRECTS = (301, 302, 307, 308)
_ACCEPTED = 202
_NOWHERE = "it redirects to an address that is none"
# Numbers that PyGithub reads for itself, and takes for sound.
_COUNTS = {"x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"}

# What never reaches GitHub, however often it is sent.
_FOR_GOOD = {"arrived": False, "heals": False}


class Connection(HTTPSRequestsConnectionClass):
    """A session of `requests` in the place of PyGithub's own; RequestFault where it brings no answer."""

    def __init__(self, api_url: str, timeout: float) -> None:
        """`timeout`: the seconds after which nobody waits any longer; a quarter of them for each address."""
        address = urlsplit(api_url)
        super().__init__(address.hostname or "", address.port)
        self._origin = f"{address.scheme}://{address.netloc}"
        # The second only ends what was given up long ago.
        self._timeouts = (timeout / 4, timeout * 2)

    def getresponse(self) -> RequestsResponse:
        address = f"{self._origin}{self.url}"
        for _ in range(_MOST_REDIRECTS + 1):
            try:
                response = self._sent(address)
            except (InvalidHeader, UnicodeEncodeError) as error:
                # The only header that is not the same in every run.
                raise Unanswered("the token cannot be sent", "Check the input `token`.", **_FOR_GOOD) from error
            except (RequestException, HTTPError) as error:
                raise _unanswered(error, address) from error
            except ValueError as error:
                # `requests` takes every answer's `Location` apart, whether it is to be followed or not.
                raise Malformed(_NOWHERE) from error
            status, location = response.status_code, response.headers.get("location")
            if status != _ACCEPTED and (status not in _REDIRECTS or location is None):
                return _Response(response)
            response.close()
            if status == _ACCEPTED or location is None:
                raise Unanswered("it is still at work on the answer (202)")
            address = self._same_origin(address, location)
        raise Malformed("it redirects without end")

    def _sent(self, address: str) -> requests.Response:
        return self.session.request(
            self.verb,
            address,
            headers=self.headers,
            data=self.input,
            timeout=self._timeouts,
            allow_redirects=False,
            stream=True,
        )

    def _same_origin(self, address: str, location: str) -> str:
        """The token goes nowhere else, and never over an open line."""
        try:
            target = urljoin(address, location)
            origin = urlsplit(target)
        except ValueError:
            raise Malformed(_NOWHERE) from None
        if f"{origin.scheme}://{origin.netloc}" != self._origin:
            raise Malformed(f"it redirects to {origin.scheme}://{origin.netloc}, which is not followed")
        return target


class _Response(RequestsResponse):
    """An answer whose body is read no further than `MOST_BYTES`."""

    def getheaders(self) -> ItemsView[str, str]:
        return {
            name: value
            for name, value in self.headers.items()
            if name.lower() not in _COUNTS or NUMBER.fullmatch(value)
        }.items()

    def read(self) -> str:
        body = bytearray()
        try:
            for part in self.response.iter_content(_PART):
                body += part
                if len(body) > MOST_BYTES:
                    raise Malformed(f"its answer is longer than {MOST_BYTES} bytes")
        except (RequestException, HTTPError) as error:
            raise _unanswered(error, self.response.url) from error
        finally:
            self.response.close()
        try:
            return body.decode()
        except UnicodeDecodeError:
            raise Malformed("it answered with something that is no JSON") from None


def _unanswered(error: Exception, address: str) -> Unanswered:
    """What `requests` raises -> what happened, and what to look at on a runner of one's own."""
    host = urlsplit(address).hostname
    causes = list(_causes(error))
    if isinstance(error, ProxyError):
        return Unanswered(
            "the proxy of the runner does not let it through",
            "Check HTTPS_PROXY and NO_PROXY on the runner.",
            arrived=False,
        )
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return Unanswered(f"its name {host} does not resolve", "Check the runner's DNS.", arrived=False)
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return Unanswered(f"{host} refuses the connection", arrived=False)
    if any(isinstance(cause, SSLCertVerificationError) for cause in causes):
        return Unanswered(
            f"the certificate of {host} is not trusted",
            "On a runner of your own, have REQUESTS_CA_BUNDLE name the authority that signed it.",
            **_FOR_GOOD,
        )
    if isinstance(error, SSLError):
        return Unanswered(f"{host} cannot be reached over TLS")
    if isinstance(error, ConnectTimeout):
        return Unanswered(f"{host} takes no connection", arrived=False)
    return Unanswered("it broke the connection")


def _causes(error: BaseException) -> list[BaseException]:
    """The error, and what it came of: the packages below wrap each other's."""
    found: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting:
        one = waiting.pop()
        if isinstance(one, BaseException) and one not in found:
            found.append(one)
            waiting += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
    return found
