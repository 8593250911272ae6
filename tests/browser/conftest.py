"""A real browser, without a window and without a network."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from playwright.sync_api import Page, sync_playwright

from digest.export.html_page import write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from digest.export.collection import Collection

_NAMES = ("chromium", "google-chrome", "google-chrome-stable", "chrome")
_QUIET = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)


class Opens(Protocol):
    """Opens the page of a collection in a browser of its own that keeps what it is told; the rest is its settings."""

    def __call__(self, collection: Collection, **settings: Any) -> Page: ...


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, _NAMES)), None)
    if not path:
        pytest.skip("There is no Chromium or Chrome here to try the page in: `apt-get install chromium`, say.")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=_QUIET)
        yield started
        started.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """The address at which this test's folder is served."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path))) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def opens(browser: Browser, site: str, tmp_path: Path) -> Iterator[Opens]:
    """What goes wrong in the page's script, or against its policy, is a fault of the test at hand."""
    faults: list[str] = []
    asked: list[str] = []
    with ExitStack() as contexts:

        def open_page(collection: Collection, **settings: Any) -> Page:
            (tmp_path / "index.html").write_bytes(write(collection))
            context = browser.new_context(**({"viewport": {"width": 1280, "height": 800}} | settings))
            contexts.callback(context.close)
            page = context.new_page()
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.on("console", lambda message: faults.append(message.text))
            page.on("dialog", lambda dialog: faults.append(dialog.message))
            page.on("request", lambda request: asked.append(request.url))
            page.goto(f"{site}/index.html")
            return page

        yield open_page
    assert faults == []
    assert set(asked) <= {f"{site}/index.html"}
