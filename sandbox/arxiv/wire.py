"""The stand-in's HTTP: connections kept alive, replies sent whole, cut, byte by byte or not at all.

Closing the server ends every connection, so that nobody waits for a hung one.
"""

from __future__ import annotations

import socket
import struct
import sys
import threading
import time
import traceback
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Protocol
from urllib.parse import parse_qsl, urlsplit

from sandbox.arxiv import harvest
from sandbox.arxiv.answer import Refused, answer
from sandbox.arxiv.faults import Reply, Wire, refusal, whole
from sandbox.arxiv.feed import Page
from sandbox.serving import Server as Serving

if TYPE_CHECKING:
    from sandbox.arxiv.faults import Door, Fault
    from sandbox.arxiv.harvest import Announced
    from sandbox.arxiv.query import Catalogue


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it arrived; `at` is time.monotonic(), `client` the client's port: one per connection."""

    at: float
    path: str
    params: dict[str, str]
    headers: dict[str, str]
    method: str
    client: int

    @property
    def door(self) -> Door:
        return "harvest" if self.path == "/oai" else "search"


@dataclass(frozen=True, slots=True)
class Shown:
    """What there is to find: by the search, and by the harvest in pages of a size."""

    catalogue: Catalogue
    announced: Announced
    page_size: int


class Served(Protocol):
    """What a server asks of the stand-in that it serves: it tells of each request's arrival and end."""

    mistakes: list[str]

    def arrived(self, request: Request) -> tuple[Shown, Fault]: ...
    def answered(self) -> None: ...


class Server(Serving):
    daemon_threads = False

    def __init__(self, stand_in: Served, address: tuple[str, int]) -> None:
        self.stand_in = stand_in
        self.abrupt: set[socket.socket] = set()
        self._sockets: set[socket.socket] = set()
        self._sockets_lock = threading.Lock()
        super().__init__(address, _Handler)

    def get_request(self) -> tuple[socket.socket, tuple[str, int]]:
        connection, address = super().get_request()
        with self._sockets_lock:
            self._sockets.add(connection)
        return connection, address

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        assert isinstance(request, socket.socket)  # noqa: S101 - the other kind is UDP's
        with self._sockets_lock:
            self._sockets.discard(request)
        if request in self.abrupt:
            # No shutdown() before the close: that would say goodbye.
            self.abrupt.discard(request)
            self.close_request(request)
        else:
            super().shutdown_request(request)

    def handle_error(self, *_: object) -> None:
        # A client that went away is none of our business; anything else is a mistake in here.
        if not isinstance(sys.exception(), ConnectionError):
            self.stand_in.mistakes.append(traceback.format_exc())

    def end(self) -> None:
        self.shutdown()
        with self._sockets_lock:
            for connection in self._sockets:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def do_GET(self) -> None:
        self._answer(urlsplit(self.path).query)

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())

    def _answer(self, form: str) -> None:
        stand_in = self.server.stand_in
        path = urlsplit(self.path).path
        pairs = parse_qsl(form, keep_blank_values=True)
        params = dict(pairs)
        headers = dict(self.headers.items())
        request = Request(time.monotonic(), path, params, headers, self.command, self.client_address[1])
        shown, fault = stand_in.arrived(request)
        try:
            reply = _reply(request, shown, fault, repeated=len(pairs) > len(params))
            if reply.wire in (Wire.HANG, Wire.TRICKLE):
                self._send(reply)
        finally:
            # Before the bytes leave: whoever reads them may ask anew before this thread goes on.
            stand_in.answered()
        if reply.wire not in (Wire.HANG, Wire.TRICKLE):
            self._send(reply)

    def _send(self, reply: Reply) -> None:
        if reply.wire is Wire.HANG:
            self.close_connection = True
            self.server.closing.wait()
            return
        if reply.wire is Wire.RESET:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.server.abrupt.add(self.connection)
            self.close_connection = True
            return
        self.send_response_only(reply.status)
        self.send_header("Content-Type", reply.content_type)
        if "Date" not in reply.headers:
            self.send_header("Date", self.date_time_string())
        length = len(reply.body) if reply.length is None else reply.length
        self.send_header("Content-Length", str(length))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        # A body shorter than promised ends with its connection.
        self.close_connection = self.close_connection or length != len(reply.body)
        self._send_body(reply)

    def _send_body(self, reply: Reply) -> None:
        if reply.wire is not Wire.TRICKLE:
            self.wfile.write(reply.body)
            return
        for at in range(len(reply.body)):
            if self.server.closing.wait(reply.pause):
                return
            self.wfile.write(reply.body[at : at + 1])

    def log_message(self, *_: object) -> None:
        """Silent: `requests` tells more."""


def _reply(request: Request, shown: Shown, fault: Fault, *, repeated: bool) -> Reply:
    if request.door == "harvest":
        harvested = harvest.answer(shown.announced, request.params, shown.page_size, repeated=repeated)
        return replace(fault(harvested), content_type="text/xml") if fault is whole else fault(harvested)
    if request.path != "/api/query":
        return Reply(404, b"Not Found", "text/plain")
    try:
        page = answer(shown.catalogue, request.params)
    except Refused as error:
        return refusal(error.sentence, error.anchor) if fault is whole else fault(Page(request.params))
    # As the service does, which divides by the size of a page.
    return fault(page) if page.size or fault is not whole else Reply(500, b"Internal Server Error", "text/plain")
