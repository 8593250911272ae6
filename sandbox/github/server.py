"""The HTTP side of the GitHub stand-in: keep-alive connections, headers, and the faults as a client feels them.
It never hangs on leaving: every open connection is shut, every wait ends."""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import sys
import threading
import time
import urllib.parse
import uuid
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any, ClassVar

from sandbox.github.faults import Faults
from sandbox.github.gate import rate_headers
from sandbox.github.wire import Answer, Exchange, Request, Site, refusal
from sandbox.serving import Server as Serving

if TYPE_CHECKING:
    from collections.abc import Callable
    from ssl import SSLContext

    from sandbox.github.faults import Fault

LINGER = 5.0


class Served(Site, Faults):
    """What a server serves: a repository's settings, its faults, and the answer to each request.

    `observers` are shown each exchange of every stand-in before its answer goes out; what they raise is raised when
    the stand-in closes.
    """

    observers: ClassVar[list[Callable[[Exchange], object]]] = []
    prefix: str
    requests: list[Request]
    broken: list[BaseException]

    def respond(self, request: Request) -> Answer:
        """One request's effect and its answer."""
        raise NotImplementedError


class Server(Serving):
    daemon_threads = True

    def __init__(self, github: Served, tls: SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Connection)
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True)
        self.github = github
        self.started = time.time()
        self.counting = threading.Lock()
        self._open: dict[threading.Thread, socket.socket] = {}

    def stop(self) -> None:
        self.shutdown()
        self.server_close()
        for thread, connection in list(self._open.items()):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            if thread is not threading.current_thread():
                thread.join(LINGER)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        self._open[threading.current_thread()] = request
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._open.pop(threading.current_thread(), None)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 - the base class's
        """A client that leaves is no fault of the stand-in's."""
        error = sys.exception()
        if error is not None and not isinstance(error, OSError):
            self.github.broken.append(error)


class Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def version_string(self) -> str:
        return "github.com"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's
        """Tests read `requests` instead."""

    def _serve(self) -> None:
        request = self._read()
        github = self.server.github
        fault = github.fault_of(request)
        answer = self._attempt(request, fault)
        self._show(Exchange(request, answer if fault is None else None))
        if fault is None:
            self._send(answer, request)
        elif fault.answer:
            self._send(fault.answer, request)
        else:
            self._end(fault, answer, request)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _serve  # noqa: N815 - http.server's names

    def _attempt(self, request: Request, fault: Fault | None) -> Answer:
        """The hooks and the effect; what breaks in them is kept for the test."""
        github = self.server.github
        try:
            github.run(github.befores, request)
            effect = fault is None or fault.takes_effect
            answer = self._respond(request) if effect else refusal(500, "Server Error")
            github.run(github.afters, request)
        except Exception as error:  # noqa: BLE001 - raised again when the stand-in closes
            github.broken.append(error)
            return refusal(500, f"The stand-in broke: {error!r}")
        return answer

    def _show(self, exchange: Exchange) -> None:
        github = self.server.github
        for observer in github.observers:
            try:
                observer(exchange)
            except Exception as error:  # noqa: BLE001 - raised again when the stand-in closes
                github.broken.append(error)

    def _respond(self, request: Request) -> Answer:
        if isinstance(request.body, ValueError):
            return refusal(400, "Problems parsing JSON")
        return self.server.github.respond(request)

    def _read(self) -> Request:
        parts = urllib.parse.urlsplit(self.path)
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            body = json.loads(raw) if raw else None
        except ValueError as error:
            body = error
        query = dict(urllib.parse.parse_qsl(parts.query, keep_blank_values=True))
        headers = {name.lower(): value for name, value in self.headers.items()}
        path = parts.path.removeprefix(self.server.github.prefix)
        with self.server.counting:
            requests = self.server.github.requests
            request = Request(
                len(requests), time.time(), self.command, path, query, headers, body, self.client_address[1]
            )
            requests.append(request)
        return request

    def _send(self, answer: Answer, request: Request, part: float = 1.0) -> None:
        """Head and body in one write: two would wait for the client's acknowledgement."""
        body = b"" if request.verb == "HEAD" else answer.body
        self.send_response(answer.status)
        for name, value in (self._headers(answer) | answer.headers).items():
            self.send_header(name, value)
        head = b"".join(self._headers_buffer) + b"\r\n"
        self._headers_buffer: list[bytes] = []
        self.wfile.write(head + body[: int(len(body) * part)])

    def _trickle(self, answer: Answer, seconds: float, whole: bool) -> None:
        """A byte, a pause, and so on until the stand-in closes or all is sent; `whole`: the head too."""
        fields = {"Content-Type": answer.content_type, "Content-Length": len(answer.body)}
        lines = [f"HTTP/1.1 {answer.status} .", *(f"{name}: {value}" for name, value in fields.items()), "", ""]
        head = "\r\n".join(lines).encode()
        first = 0 if whole else len(head)
        self.wfile.write(head[:first])
        for byte in (head + answer.body)[first:]:
            if self.server.closing.wait(seconds):
                return
            self.wfile.write(bytes([byte]))

    def _headers(self, answer: Answer) -> dict[str, str]:
        github = self.server.github
        length = {} if answer.status == 204 else {"Content-Length": str(len(answer.body))}
        return {
            **length,
            "Content-Type": answer.content_type,
            "X-GitHub-Media-Type": "github.v3; format=json",
            "X-GitHub-Request-Id": uuid.uuid4().hex[:20].upper(),
            **rate_headers(github, len(github.requests), self.server.started),
        }

    def _end(self, fault: Fault, answer: Answer, request: Request) -> None:
        if fault.ending in {"hang", "late"}:
            self.server.closing.wait(fault.seconds)
        if fault.ending == "late":
            self._send(answer, request)
            return
        self.close_connection = True
        if fault.ending == "trickle":
            self._trickle(answer, fault.seconds or 0.0, fault.whole)
        if fault.ending == "cut":
            self._send(answer, request, 0.5)
        if fault.ending == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
