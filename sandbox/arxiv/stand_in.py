"""A stand-in for arXiv's search and harvest: a real HTTP server on this machine that answers, or fails, as arXiv does.

with ArxivStandIn(days()[0]) as arxiv:
    arxiv.announce(days()[0].entries)
    arxiv.fail(status(429, retry_after="7"), times=2, when="Video Anomaly", door="search")
    ... # ask arxiv.url and arxiv.oai_url, look at arxiv.requests
"""

from __future__ import annotations

import sys
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from sandbox.arxiv.faults import Door, Fault, Rule, When, whole
from sandbox.arxiv.harvest import Announced
from sandbox.arxiv.query import Catalogue
from sandbox.arxiv.wire import Request, Server, Shown
from sandbox.recorded import Day, Entry, days

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date


__all__ = ["ArxivStandIn", "Request"]


class ArxivStandIn:
    """`requests` holds what was asked, `most_at_once` how many requests were open at the same time at most.

    `page_size` is how many records a page of the harvest holds.
    """

    def __init__(
        self, shown: Catalogue | Day | Sequence[Entry] = (), address: tuple[str, int] = ("127.0.0.1", 0)
    ) -> None:
        self._lock = threading.Lock()
        self._open = 0
        self.most_at_once = 0
        self.page_size = 1300
        self.requests: list[Request] = []
        self._announced = Announced()
        self.faults: list[Rule] = []
        # Exceptions of the stand-in itself: close() raises the first.
        self.mistakes: list[str] = []
        self.show(shown)
        self._server = Server(self, address)
        self._server.start()

    @property
    def url(self) -> str:
        """The search's address."""
        return self._address("/api/query")

    @property
    def oai_url(self) -> str:
        """The harvest's address."""
        return self._address("/oai")

    def _address(self, path: str) -> str:
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}{path}"

    @property
    def entries(self) -> Sequence[Entry]:
        with self._lock:
            return self._catalogue.entries

    @entries.setter
    def entries(self, entries: Sequence[Entry]) -> None:
        self.show(entries)

    def show(self, shown: Catalogue | Day | Sequence[Entry]) -> None:
        """What requests from now on find."""
        if isinstance(shown, Day):
            shown = Catalogue.of(shown)
        with self._lock:
            self._catalogue = shown if isinstance(shown, Catalogue) else Catalogue(tuple(shown))

    def announce(self, entries: Sequence[Entry], day: date | None = None) -> None:
        """What the harvest holds besides, changed on a day by UTC (today): new papers, new versions, edited ones."""
        with self._lock:
            self._announced = self._announced.after(entries, day or datetime.now(UTC).date())

    def fail(
        self, fault: Fault, *, times: int | None = None, when: When = None, after: int = 0, door: Door | None = None
    ) -> None:
        """Answers with the fault: always or a number of times, for requests whose search holds the text `when`.

        `door` spares the other interface.
        """
        with self._lock:
            self.faults.append(Rule(fault, times, when, after, door))

    def heal(self) -> None:
        with self._lock:
            self.faults.clear()

    def forget(self) -> None:
        """Empties `requests`, as before a new run."""
        with self._lock:
            self.requests.clear()
            self.most_at_once = 0

    def close(self) -> None:
        """Ends every connection, hung ones too."""
        self._server.end()
        if self.mistakes:
            raise RuntimeError(self.mistakes[0])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def arrived(self, request: Request) -> tuple[Shown, Fault]:
        with self._lock:
            self.requests.append(request)
            self._open += 1
            self.most_at_once = max(self.most_at_once, self._open)
            fault = next((rule.fault for rule in self.faults if rule.takes(request.params, request.door)), whole)
            return Shown(self._catalogue, self._announced, self.page_size), fault

    def answered(self) -> None:
        with self._lock:
            self._open -= 1


if __name__ == "__main__":
    # `python -m sandbox.arxiv.stand_in HOST PORT`: the newest recorded day, until it is ended.
    with ArxivStandIn(days()[-1], (sys.argv[1], int(sys.argv[2]))) as served:
        print(served.url, flush=True)
        threading.Event().wait()
