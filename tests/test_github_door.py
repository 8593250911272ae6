"""The door to GitHub: one request out, and what comes back is an answer, refused, unanswered or malformed.

Whatever stands at the other end: GitHub on a bad day, a proxy in between, or somebody who means harm.
"""

from __future__ import annotations

import gzip
import json
import os
import signal
import socket
import ssl
import time
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_address
from threading import Timer
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from digest.config import Runner
from digest.repository.door import Answer, Door, required, sha
from digest.repository.faults import Malformed, Refused, RequestFault, Unanswered
from digest.repository.retry import RetryingClient
from sandbox.github import faults
from sandbox.github.faults import refuse
from sandbox.github.stand_in import GithubStandIn
from tests.in_process import Hurried

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sandbox.github.faults import Fault

BRANCH = "/repos/octo/papers/branches/main"
# Seconds that a test waits for an answer that does not come.
SHORT = 0.5


@pytest.fixture
def github(tmp_path: Path) -> Iterator[GithubStandIn]:
    with GithubStandIn(tmp_path / "papers.git") as stand_in:
        yield stand_in


def opened(github: GithubStandIn, timeout: float = 10) -> closing[Door]:
    return closing(Door(Runner(github.repository, api_url=github.url), github.token, timeout))


def fault_of(github: GithubStandIn, fault: Fault | None = None, timeout: float = 10) -> RequestFault:
    """What becomes of a request that fails so."""
    if fault:
        github.fail(fault, times=None)
    with opened(github, timeout) as door, pytest.raises(RequestFault) as raised:
        door.send("GET", BRANCH)
    return raised.value


def test_an_answer_is_what_its_json_says(github: GithubStandIn) -> None:
    with opened(github) as door:
        answer = door.send("GET", BRANCH)

    assert sha(answer.document, "commit", "sha") == github.log()[0].sha
    assert github.requests[0].headers["authorization"].endswith(github.token)
    assert github.requests[0].headers["user-agent"] == "daily-papers"


def test_requests_share_a_connection(github: GithubStandIn) -> None:
    with opened(github) as door:
        for _ in range(5):
            door.send("GET", BRANCH)

    assert len({request.client for request in github.requests}) == 1


def test_what_is_sent_once_is_sent_once(github: GithubStandIn) -> None:
    for fault in (faults.drop(), refuse(502), refuse(403, "Forbidden", Retry_After="1"), refuse(202, body=b"{}")):
        github.requests.clear()
        fault_of(github, fault)
        assert len(github.requests) == 1
        github.heal()


# An answer that does not end, or not soon


@pytest.mark.parametrize("whole", [False, True], ids=["body", "head and body"])
def test_an_answer_that_comes_byte_by_byte_is_given_up(github: GithubStandIn, whole: bool) -> None:
    began = time.monotonic()

    fault = fault_of(github, faults.trickle(0.05, whole=whole), SHORT)

    assert str(fault) == "127.0.0.1 gave no whole answer within 0.5 s"
    assert fault.fate_unknown
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("addresses", [1, 3, 9])
def test_a_name_of_several_addresses_that_are_all_silent_is_given_up(
    github: GithubStandIn, monkeypatch: pytest.MonkeyPatch, addresses: int
) -> None:
    with ExitStack() as stack:
        full = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        # What waits to be accepted fills the queue: whoever comes now gets no word.
        for _ in range(3):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", full.getsockname())] * addresses
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
        github.url = "http://many.test"
        began = time.monotonic()

        fault = fault_of(github, timeout=SHORT)

    assert str(fault) in ("many.test takes no connection", "many.test gave no whole answer within 0.5 s")
    assert time.monotonic() - began < 2 * SHORT


def test_after_one_that_was_given_up_the_next_request_goes_its_own_way(github: GithubStandIn) -> None:
    github.fail(faults.hang())
    with opened(github, SHORT) as door:
        with pytest.raises(Unanswered):
            door.send("GET", BRANCH)

        assert door.send("GET", BRANCH).document["name"] == "main"


def test_ctrl_c_ends_the_waiting_at_once(github: GithubStandIn, request: pytest.FixtureRequest) -> None:
    # A shell has what it starts in the background ignore it.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, before))
    github.fail(faults.hang())
    began = time.monotonic()
    Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()

    with opened(github, 30) as door, pytest.raises(KeyboardInterrupt):
        door.send("GET", BRANCH)

    assert time.monotonic() - began < 1


# An answer that is too much


@cache
def bomb() -> bytes:
    return gzip.compress(bytes(200 * 1024 * 1024), 1)


@pytest.mark.parametrize("status", [200, 403, 502])
def test_an_answer_that_grows_without_end_when_it_is_unpacked_is_not_read_on(
    github: GithubStandIn, status: int
) -> None:
    fault = fault_of(github, refuse(status, body=bomb(), Content_Encoding="gzip"), 30)

    assert str(fault) == "its answer is longer than 67108864 bytes"


DEEP = b"[" * 200_000


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (DEEP, "it answered with something that is no JSON"),
        (b'{"a":' * 200_000, "it answered with something that is no JSON"),
        (b"[" + b"9" * 10_000 + b"]", "it answered with something that is no JSON"),
        (b"\xff\xfe{}", "it answered with something that is no JSON"),
        (b'{"commit": ', "it answered with something that is no JSON"),
        (b"  <html>", "it answered with a page of HTML"),
        (b"", "it answered with nothing"),
    ],
    ids=["lists", "objects", "a number", "UTF-16", "half", "HTML", "nothing"],
)
def test_an_answer_that_is_no_json_is_malformed(github: GithubStandIn, body: bytes, said: str) -> None:
    fault = fault_of(github, refuse(200, body=body))

    assert isinstance(fault, Malformed)
    assert str(fault) == said


@pytest.mark.parametrize("document", [None, 5, "x", [], {}, {"sha": 5}, {"sha": "../../x"}, {"sha": "A" * 40}])
def test_a_field_that_is_missing_or_something_else_is_malformed(document: object) -> None:
    with pytest.raises(Malformed):
        sha(document, "sha")
    with pytest.raises(Malformed, match=r"its answer lacks a\.b"):
        required(document, str, "a", "b")


# A refusal in any form


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"message": "Validation Failed", "errors": 5}, "Validation Failed"),
        ({"message": "Validation Failed", "errors": {"message": "x"}}, "Validation Failed"),
        ({"message": "Validation Failed", "errors": [5, None, {"message": 7}, [{}], "why"]}, "Validation Failed. why"),
        ({"message": ["x"]}, "it gave no reason (status 422)"),
        ({"message": None}, "it gave no reason (status 422)"),
        ([], "it gave no reason (status 422)"),
        ("no", "it gave no reason (status 422)"),
        ({"message": "One.\n\nTwo\nthree.\n\n"}, "One. Two three"),
        ({"message": "y" * 10_000}, "y" * 500 + "…"),
    ],
)
def test_a_refusal_is_told_in_githubs_words_as_far_as_they_are_words(
    github: GithubStandIn, document: Any, said: str
) -> None:
    fault = fault_of(github, refuse(422, body=json.dumps(document).encode()))

    assert isinstance(fault, Refused)
    assert (fault.sentence, fault.status, fault.is_limit, fault.fate_unknown) == (said, 422, False, False)


@pytest.mark.parametrize("reset", ["inf", "nan", "-1", "1e400", "tomorrow", "9" * 400, ""])
def test_a_limit_that_ends_at_no_time_is_a_limit_all_the_same(github: GithubStandIn, reset: str) -> None:
    limit = refuse(403, faults.PRIMARY, X_RateLimit_Remaining="0", X_RateLimit_Reset=reset, Retry_After=reset)

    fault = fault_of(github, limit)

    assert isinstance(fault, Refused)
    assert fault.is_limit
    assert (fault.reset, fault.retry_after) == (None, None)


@pytest.mark.parametrize("header", ["X-RateLimit-Remaining", "X-RateLimit-Limit", "X-RateLimit-Reset"])
@pytest.mark.parametrize("value", ["inf", "nan", "many"])
def test_counts_that_are_none_do_not_spoil_an_answer(github: GithubStandIn, header: str, value: str) -> None:
    github.fail(refuse(200, body=b"{}", **{header.replace("-", "_"): value}))

    with opened(github) as door:
        assert door.send("GET", BRANCH).document == {}


# Redirects


def test_a_redirect_on_the_same_server_is_followed_as_it_is(github: GithubStandIn) -> None:
    for status in (301, 302, 307, 308):
        github.fail(refuse(status, body=b"{}", Location="/repos/octo/papers/issues"), faults.posts("/old/issues"))
        with opened(github) as door:
            made = door.send("POST", "/repos/octo/old/issues", body={"title": f"By {status}"})

        assert made.document["title"] == f"By {status}"
    assert len(github.issues) == 4


@pytest.mark.parametrize(
    "location", [BRANCH, "/repos/octo/papers/commits?page=2", "/repos/octo/papers/branches/./main"]
)
def test_a_redirect_in_a_circle_ends(github: GithubStandIn, location: str) -> None:
    fault = fault_of(github, refuse(301, body=b"{}", Location=location))

    assert str(fault) == "it redirects without end"
    assert len(github.requests) == 3


@pytest.mark.parametrize(
    "location",
    ["http://127.0.0.2:1/x", "//example.org/x", "http://127.0.0.1:1/x", "ftp://127.0.0.1/x", "http://[::1/x"],
)
def test_the_token_goes_to_no_other_server(github: GithubStandIn, location: str) -> None:
    fault = fault_of(github, refuse(302, body=b"{}", Location=location))

    assert str(fault).startswith("it redirects to ")
    assert len(github.requests) == 1


@pytest.mark.parametrize("status", [300, 304, 305, 399])
def test_what_is_neither_an_answer_nor_a_refusal_is_malformed(github: GithubStandIn, status: int) -> None:
    fault = fault_of(github, refuse(status, body=b"{}"))

    assert isinstance(fault, Malformed)
    assert str(fault) == f"it answered {status}"


# TLS, names, proxies


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Of 127.0.0.1, signed by nobody but itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "certificate.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return file


@pytest.fixture
def over_tls(tmp_path: Path, certificate: Path) -> Iterator[GithubStandIn]:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    with GithubStandIn(tmp_path / "tls.git", tls=tls) as stand_in:
        yield stand_in


def test_a_redirect_from_https_to_http_is_refused(
    over_tls: GithubStandIn, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    with opened(over_tls) as door:
        assert door.send("GET", BRANCH).document["name"] == "main"
    open_line = over_tls.url.replace("https", "http")

    fault = fault_of(over_tls, refuse(301, body=b"{}", Location=f"{open_line}{BRANCH}"))

    assert str(fault) == f"it redirects to {open_line}, which is not followed"


def test_a_certificate_that_nobody_vouches_for_is_told(over_tls: GithubStandIn) -> None:
    fault = fault_of(over_tls)

    assert isinstance(fault, Unanswered)
    assert (str(fault), fault.heals) == ("the certificate of 127.0.0.1 is not trusted", False)
    assert "REQUESTS_CA_BUNDLE" in fault.cure


def elsewhere(url: str) -> Callable[[GithubStandIn, pytest.MonkeyPatch], None]:
    def move(github: GithubStandIn, _: pytest.MonkeyPatch) -> None:
        github.url = url

    return move


def dead_proxy(github: GithubStandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    del github
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")


def proxy_without_a_name(github: GithubStandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    del github
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.invalid:3128")


def plain_where_tls_is_asked(github: GithubStandIn, _: pytest.MonkeyPatch) -> None:
    github.url = github.url.replace("http", "https")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (elsewhere("http://github.invalid"), "its name github.invalid does not resolve"),
        (elsewhere("https://api.github.invalid/api/v3"), "its name api.github.invalid does not resolve"),
        (elsewhere("http://127.0.0.1:1"), "127.0.0.1 refuses the connection"),
        (dead_proxy, "the proxy of the runner does not let it through"),
        (proxy_without_a_name, "the proxy of the runner does not let it through"),
        (plain_where_tls_is_asked, "127.0.0.1 cannot be reached over TLS"),
    ],
)
def test_what_keeps_a_request_from_arriving_is_told_as_what_it_is(
    github: GithubStandIn,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[GithubStandIn, pytest.MonkeyPatch], None],
    said: str,
) -> None:
    change(github, monkeypatch)

    fault = fault_of(github)

    assert isinstance(fault, Unanswered)
    assert str(fault) == said
    assert fault.fate_unknown == ("TLS" in said)
    assert not github.requests


@pytest.mark.parametrize("token", ["token\nX-Other: 1", "token\r", "…", "to\u2028ken"])
def test_a_token_that_no_header_can_hold_is_told(github: GithubStandIn, token: str) -> None:
    github.token = token

    fault = fault_of(github)

    assert isinstance(fault, Unanswered)
    assert (str(fault), fault.heals) == ("the token cannot be sent", False)
    assert not github.requests


# How often it is asked


class Scripted(Door):
    """A door behind which one thing after the other happens; each takes so many seconds of the clock's."""

    def __init__(self, clock: Hurried, *happens: BaseException, takes: float = 0) -> None:
        self.clock, self.happens, self.takes, self.sent = clock, list(happens), takes, 0

    def send(self, *_: Any) -> Answer:
        self.sent += 1
        self.clock.slept.append(self.takes)
        raise self.happens[min(self.sent, len(self.happens)) - 1]


def outcome(door: Scripted) -> BaseException:
    with pytest.raises(BaseException) as raised:  # noqa: PT011 - whatever it is
        RetryingClient(door, door.clock).get(str, "/")
    return raised.value


@pytest.mark.parametrize("bug", [AttributeError, TypeError, ValueError, AssertionError, KeyError, RecursionError])
def test_a_fault_of_ours_is_no_fault_of_githubs(bug: type[Exception]) -> None:
    door = Scripted(Hurried(), bug("ours"))

    assert type(outcome(door)) is bug
    assert door.sent == 1


@pytest.mark.parametrize("end", [KeyboardInterrupt, SystemExit])
def test_the_end_of_the_run_is_not_held_up(end: type[BaseException]) -> None:
    clock = Hurried()
    door = Scripted(clock, Unanswered("x"), end())

    assert type(outcome(door)) is end
    assert door.sent == 2


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 410, 422])
def test_a_refusal_is_known_at_once(status: int) -> None:
    clock = Hurried()
    door = Scripted(clock, Refused(status, {"message": "No"}, {}))

    assert isinstance(outcome(door), Refused)
    assert (door.sent, sum(clock.slept)) == (1, 0)


def test_what_asking_again_cannot_heal_is_asked_once() -> None:
    door = Scripted(Hurried(), Unanswered("x", heals=False))

    assert isinstance(outcome(door), Unanswered)
    assert door.sent == 1


@pytest.mark.parametrize("seconds", [7, 30, 59, 100, 500])
@pytest.mark.parametrize("fault", [Unanswered("x"), Malformed("x"), Refused(503, None, {"retry-after": "40"})])
def test_a_run_waits_for_three_minutes_in_all_whatever_takes_the_time(fault: RequestFault, seconds: float) -> None:
    clock = Hurried()
    door = Scripted(clock, fault, takes=seconds)

    assert outcome(door) is fault
    assert door.sent <= 4
    assert sum(clock.slept) <= 180 + seconds


def test_once_the_three_minutes_are_over_nothing_more_is_asked() -> None:
    clock = Hurried()
    door = Scripted(clock, Refused(404, None, {}), takes=100)
    client = RetryingClient(door, clock)
    for _ in range(2):
        with pytest.raises(Refused):
            client.get(str, "/")

    with pytest.raises(Unanswered, match="it kept this run waiting for 180 s in all"):
        client.get(str, "/")
    assert door.sent == 2


def test_a_request_may_take_only_what_is_left(github: GithubStandIn) -> None:
    github.fail(faults.hang(), times=None)
    began = time.monotonic()

    with opened(github, 30) as door, pytest.raises(Unanswered):
        RetryingClient(door, Hurried(), budget=SHORT).get(str, BRANCH)

    assert time.monotonic() - began < 2 * SHORT
