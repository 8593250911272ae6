"""The way to arXiv: what breaks on it is told as what it is, nothing lasts for ever, and a run can be ended."""

from __future__ import annotations

import signal
import socket
import ssl
import time
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from itertools import chain, repeat
from threading import Thread, Timer, main_thread
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from digest.query.tree import Term, any_of, to_arxiv
from digest.sources import http as arxiv_http
from digest.sources.http import Timeouts
from digest.sources.rate_limit import RateLimit
from digest.sources.request import Request
from digest.sources.search import SearchApi
from digest.sources.source import Answer, Failure, Search
from sandbox.arxiv import faults
from sandbox.arxiv.stand_in import ArxivStandIn
from tests.factories import papers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

ALPHA = Request("abs:alpha", 0, 10, "updated")
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture
def arxiv() -> Iterator[ArxivStandIn]:
    with ArxivStandIn(papers(range(1, 6))) as stand_in:
        yield stand_in


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Short timeouts, and no proxy but that of a test."""
    monkeypatch.setattr(arxiv_http, "TIMEOUTS", Timeouts(connect=0.3, silence=0.3, whole=0.5, least=0.5))
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def asked(url: str, request: Request = ALPHA) -> Answer | Failure:
    with closing(SearchApi(url, RateLimit(0, 0), lambda _: None)) as source:
        return source.ask([request])[request]


def reason(url: str) -> str:
    found = asked(url)
    assert isinstance(found, Failure)
    return found.reason


@contextmanager
def sending(parts: Iterable[bytes], tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """The address of a server that takes one request, sends the parts, and waits to be left."""

    def serve() -> None:
        try:
            accepted, _ = listener.accept()
            with tls.wrap_socket(accepted, server_side=True) if tls else accepted as connection:
                connection.recv(65536)
                for part in parts:
                    connection.sendall(part)
                connection.recv(65536)
        except OSError:
            return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=serve)
        thread.start()
        yield f"{'https' if tls else 'http'}://127.0.0.1:{listener.getsockname()[1]}/api/query"
        thread.join(5)
        assert not thread.is_alive()


# What no HTTP is.

OK = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    "parts",
    [
        [b"SSH-2.0-OpenSSH_9.6\r\n" * 100],
        [b"HTTP/1.1 999999999999 No\r\n\r\n"],
        [OK, b"X: y\r\n" * 200, b"\r\n"],
        [OK, b"X: ", b"y" * 100_000, b"\r\n\r\n"],
        [OK, b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcde"],
        [OK, b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"],
        [OK, b"Transfer-Encoding: chunked\r\n\r\n-5\r\nabc"],
        [OK, b"Transfer-Encoding: chunked\r\n\r\n", b"f" * 70_000],
        [OK, b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n"],
    ],
)
def test_what_is_no_answer_of_http_is_a_broken_connection(parts: list[bytes]) -> None:
    with sending(parts) as url:
        assert reason(url) in ("arXiv broke the connection", "arXiv fell silent for 0.3 s")


def slowly(part: bytes) -> Iterator[bytes]:
    """The same for ever, every 20 ms."""
    while True:
        time.sleep(0.02)
        yield part


@pytest.mark.parametrize(
    "parts",
    [
        repeat(b"HTTP/1.1 100 Continue\r\n\r\n"),
        chain([OK, b"X-Pad: "], slowly(b"y")),
        chain([OK, b"Transfer-Encoding: chunked\r\n\r\n"], slowly(b"1\r\na\r\n")),
        chain([OK, b"\r\n"], slowly(b"<")),
    ],
    ids=["continue", "header", "chunks", "body"],
)
def test_an_answer_without_end_ends(parts: Iterable[bytes]) -> None:
    began = time.monotonic()
    with sending(parts) as url:
        assert reason(url) == "arXiv did not end its answer within 0.5 s"
    assert time.monotonic() - began < 1.5


# Redirects.


def test_a_redirect_in_a_circle_is_left_at_once(arxiv: ArxivStandIn) -> None:
    first, second = (f"{arxiv.url}?{urlencode({'search_query': name})}" for name in ("abs:one", "abs:two"))
    arxiv.fail(faults.redirect(first), when="two")
    arxiv.fail(faults.redirect(second), when="one")
    arxiv.fail(faults.redirect(first))

    assert reason(arxiv.url) == "arXiv redirects without end"
    assert len(arxiv.requests) == 3


def test_a_redirect_ever_further_is_left_soon(arxiv: ArxivStandIn) -> None:
    arxiv.fail(lambda page: faults.redirect(f"?start={int(page.params.get('start', 0)) + 1}")(page))

    assert reason(arxiv.url) == "arXiv redirects without end"
    assert len(arxiv.requests) == 3


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's side of TLS, with a certificate that is trusted here."""
    file = tmp_path / "certificate.pem"
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(file))
    return certified(file)


def certified(file: Path, *, address: str = "127.0.0.1", days: float = 1) -> ssl.SSLContext:
    """Writes a certificate for an address that is valid until so many days from now."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "arXiv's stand-in")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 7, now - timedelta(days=9), now + timedelta(days))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False)
    certificate = builder.sign(key, SHA256())
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(certificate.public_bytes(Encoding.PEM) + secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


@pytest.mark.parametrize("scheme", ["http", "ftp", "file", "gopher"])
def test_a_redirect_that_leaves_encryption_is_refused(tls: ssl.SSLContext, scheme: str) -> None:
    location = f"Location: {scheme}://127.0.0.1/api/query\r\nContent-Length: 0\r\n\r\n".encode()
    with sending([b"HTTP/1.1 301 Moved\r\n", location], tls) as url:
        assert reason(url) == f"arXiv redirects from https to {scheme}, which is not followed"


def test_a_redirect_to_encryption_is_followed(arxiv: ArxivStandIn, tls: ssl.SSLContext) -> None:
    body = arxiv_feed(arxiv)
    with sending([OK, b"Content-Length: %d\r\n\r\n" % len(body), body], tls) as url:
        arxiv.fail(faults.redirect(url, 301))

        assert isinstance(asked(arxiv.url), Answer)


def arxiv_feed(arxiv: ArxivStandIn) -> bytes:
    return requests.get(arxiv.url, {"search_query": "abs:alpha", "sortBy": "lastUpdatedDate"}, timeout=5).content


# TLS and proxies.


def test_a_certificate_that_is_not_trusted_is_told(tmp_path: Path) -> None:
    with sending([], certified(tmp_path / "certificate.pem")) as url:
        assert reason(url) == "arXiv cannot be reached over TLS (self-signed certificate)"


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ({"days": -1}, "certificate has expired"),
        ({"address": "127.0.0.2"}, "IP address mismatch, certificate is not valid for '127.0.0.1'."),
    ],
)
def test_what_is_wrong_with_a_certificate_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: dict[str, str | int], says: str
) -> None:
    file = tmp_path / "certificate.pem"
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(file))
    with sending([], certified(file, **how)) as url:  # type: ignore[arg-type]
        assert reason(url) == f"arXiv cannot be reached over TLS ({says})"


def test_a_server_that_speaks_no_tls_is_told(arxiv: ArxivStandIn) -> None:
    assert reason(arxiv.url.replace("http:", "https:")) == "arXiv cannot be reached over TLS"


def closed_port() -> int:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize(
    ("proxy", "says"),
    [
        ("http://user:secret@127.0.0.1:{port}", "the proxy 127.0.0.1:{port} refuses the connection"),
        ("http://user:secret@squid.invalid:3128", "the proxy squid.invalid:3128 has a name that does not resolve"),
        ("http://squid.invalid", "the proxy squid.invalid has a name that does not resolve"),
        ("socks5://user:secret@127.0.0.1:1", "the proxy in the environment is one for SOCKS, which is not supported"),
        ("http://", "the address of the proxy in the environment is none"),
    ],
)
def test_a_proxy_that_fails_is_named_without_its_password(
    monkeypatch: pytest.MonkeyPatch, scheme: str, proxy: str, says: str
) -> None:
    port = str(closed_port())
    monkeypatch.setenv(f"{scheme}_proxy", proxy.replace("{port}", port))

    assert reason(f"{scheme}://arxiv.test/api/query") == f"arXiv cannot be reached: {says.replace('{port}', port)}"


def test_a_proxy_that_asks_for_a_password_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with sending([b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"]) as url:
        monkeypatch.setenv("https_proxy", url)
        assert reason("https://arxiv.test/api/query").endswith(
            f"the proxy {url.split('/')[2]} refuses to connect (407 Proxy Authentication Required)"
        )


def test_a_proxy_that_works_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with ArxivStandIn(papers(range(1, 6))) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        assert isinstance(asked("http://arxiv.test/api/query"), Answer)


# Long queries.


def many(terms: int) -> Search:
    """So many phrases, any of which may stand in a title."""
    return Search(any_of([Term("ti", f"paper {number}", quoted=True) for number in range(terms)]), "updated", 10)


def answered(url: str, search: Search) -> Answer | Failure:
    with closing(SearchApi(url, RateLimit(0, 0), lambda _: None)) as source:
        return source.answer([search], lambda _: None)[search]


@pytest.mark.parametrize(("terms", "method"), [(2, "GET"), (100, "GET"), (220, "POST"), (400, "POST")])
def test_a_query_longer_than_an_address_may_be_goes_as_a_form(arxiv: ArxivStandIn, terms: int, method: str) -> None:
    search = many(terms)
    found = answered(arxiv.url, search)

    assert isinstance(found, Answer)
    assert len(found.papers) == min(terms - 1, 5)
    (request,) = arxiv.requests
    assert request.method == method
    assert request.params["search_query"] == to_arxiv(search.query)
    assert (request.params["max_results"], request.params["sortBy"]) == ("10", "lastUpdatedDate")


def test_the_first_line_of_no_request_is_longer_than_arxivs_server_takes(arxiv: ArxivStandIn) -> None:
    for terms in range(130, 180):
        answered(arxiv.url, many(terms))

    lines = [len(f"GET {request.path}?{urlencode(request.params)} HTTP/1.1") for request in arxiv.requests]
    sent = [line for line, request in zip(lines, arxiv.requests, strict=True) if request.method == "GET"]
    assert 3900 < max(sent) <= 4094
    assert len(sent) < len(lines)


def test_a_redirected_form_stays_one(arxiv: ArxivStandIn) -> None:
    arxiv.fail(faults.redirect("?again", 307), times=1)

    assert isinstance(answered(arxiv.url, many(220)), Answer)
    assert [request.method for request in arxiv.requests] == ["POST", "POST"]


@pytest.mark.parametrize("code", [413, 414])
def test_a_query_that_is_too_long_all_the_same_is_refused_and_not_asked_again(arxiv: ArxivStandIn, code: int) -> None:
    arxiv.fail(faults.status(code))
    with closing(SearchApi(arxiv.url, RateLimit(0, 600), lambda _: None)) as source:
        found = source.ask([ALPHA])[ALPHA]

    assert found == Failure(
        f"arXiv takes no query of this length ({code}): make two keywords of it", "refused", found.cost
    )
    assert len(arxiv.requests) == 1


# Ending a run.


@contextmanager
def ended_in(seconds: float) -> Iterator[None]:
    """Raises SystemExit in what happens inside, as a signal's handler does."""

    def end(*_: object) -> None:
        raise SystemExit(7)

    before = signal.signal(signal.SIGUSR1, end)
    timer = Timer(seconds, signal.pthread_kill, [main_thread().ident, signal.SIGUSR1])
    timer.start()
    try:
        yield
    finally:
        timer.join()
        signal.signal(signal.SIGUSR1, before)


@pytest.mark.parametrize(
    "fault", [faults.hang(), faults.trickle(0.01), faults.throttled(100)], ids=["hang", "trickle", "wait"]
)
def test_a_signal_ends_a_run_whatever_it_waits_for(
    arxiv: ArxivStandIn, fault: faults.Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arxiv_http, "TIMEOUTS", Timeouts())
    arxiv.fail(fault)
    began = time.monotonic()
    with pytest.raises(SystemExit), ended_in(0.2), closing(SearchApi(arxiv.url, RateLimit(0, 600), print)) as source:
        source.ask([ALPHA])

    assert time.monotonic() - began < 1
