"""Why a connection failed, as a sentence's end: "refuses the connection". What `requests` raises in, text out."""

from __future__ import annotations

import ssl
from socket import gaierror
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import urllib3.exceptions as urllib3
from requests.exceptions import InvalidProxyURL, InvalidSchema
from requests.utils import get_environ_proxies, select_proxy

from digest.sources.rate_limit import span

if TYPE_CHECKING:
    from collections.abc import Iterator


def broken(error: Exception, silence: float) -> str:
    """What arXiv did to the connection, or why there is none; `silence` is the timeout without a byte, in seconds."""
    if isinstance(error, InvalidProxyURL):
        return "cannot be reached: the address of the proxy in the environment is none"
    if isinstance(error, InvalidSchema) and "SOCKS" in str(error):
        return "cannot be reached: the proxy in the environment is one for SOCKS, which is not supported"
    return _named(error, silence) or "broke the connection"


def proxy_broken(error: Exception, address: str) -> str:
    """Why the proxy between us and arXiv gives no connection. Its host is told, its user and password never."""
    proxy = urlsplit(str(select_proxy(address, get_environ_proxies(address))))
    try:
        name = f"{proxy.hostname}:{proxy.port}" if proxy.port else str(proxy.hostname)
    except ValueError:
        name = str(proxy.hostname)
    return f"cannot be reached: the proxy {name} {_named(error, None) or _refused(error) or 'broke the connection'}"


def _named(error: Exception, silence: float | None) -> str:
    """What the most telling of the causes says; "" where none does."""
    causes = list(_causes(error))
    for kind, said in (
        (gaierror, "has a name that does not resolve"),
        (ConnectionRefusedError, "refuses the connection"),
        (ssl.SSLError, "cannot be reached over TLS"),
        (urllib3.SSLError, "cannot be reached over TLS"),
        (urllib3.ConnectTimeoutError, "takes no connection in time"),
        # In the middle of an answer, it is no Timeout to `requests`.
        (TimeoutError, "" if silence is None else f"fell silent for {span(silence)}"),
    ):
        if found := next((cause for cause in causes if isinstance(cause, kind)), None):
            why = getattr(found, "verify_message", "")
            return f"{said} ({why})" if why else said
    return ""


def _refused(error: Exception) -> str:
    """What a proxy answers that opens no tunnel: `Tunnel connection failed: 407 Proxy Authentication Required`."""
    refusals = (str(cause) for cause in _causes(error) if type(cause) is OSError)
    said = next(filter(None, (text.partition("failed: ")[2] for text in refusals)), "")
    return f"refuses to connect ({said[:100]})" if said else ""


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and all that it came from, each once."""
    waiting, seen = [error], set[int]()
    while waiting:
        cause = waiting.pop(0)
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        # urllib3 keeps what a proxy did as `original_error`.
        further = (cause.__cause__, cause.__context__, getattr(cause, "original_error", None))
        waiting += [each for each in further if isinstance(each, BaseException)]
