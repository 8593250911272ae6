"""HTTP in threads, for a stand-in: begun at once and ended at once."""

from __future__ import annotations

import contextlib
import socket
import threading
from http.server import ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from http.server import BaseHTTPRequestHandler


class Server(ThreadingHTTPServer):
    """`closing` is set once it ends: handlers that wait look at it."""

    request_queue_size = 64

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(address, handler)
        self.closing = threading.Event()
        self._serving = threading.Thread(target=self._serve, daemon=True)

    def start(self) -> None:
        self._serving.start()

    def _serve(self) -> None:
        while not self.closing.is_set():
            self.handle_request()

    def verify_request(self, request: Any, client_address: Any) -> bool:  # noqa: ARG002 - the base class's
        return not self.closing.is_set()

    def shutdown(self) -> None:
        """No connection is taken any more. The base class's own waits for the next time that the server looks."""
        self.closing.set()
        if self._serving.is_alive():
            # What waits for a connection gets one.
            host, port = self.server_address[:2]
            with contextlib.suppress(OSError):
                socket.create_connection((str(host), port)).close()
            self._serving.join()
