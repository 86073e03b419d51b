"""These tests need the site, which `make docs` builds; without it there are none."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.start import chromium
from tests.site.built import PAGES, SITE

collect_ignore_glob = [] if PAGES else ["test_*.py"]

PATIENCE = 20_000
USUAL = 1366


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def host() -> Iterator[str]:
    """Yield the address of the site on a host."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(SITE)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that fails the test if it complains, or asks for anything outside the site."""
    page = browser.new_page(viewport={"width": USUAL, "height": 768}, color_scheme="light")
    page.set_default_timeout(PATIENCE)
    problems: list[str] = []
    asked: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on(
        "console",
        lambda message: (
            problems.append(message.text) if message.type in ("error", "warning") else None
        ),
    )
    page.on("request", lambda request: asked.append(request.url))
    yield page
    page.close()
    assert problems == []
    inside = (SITE.as_uri(), "http://127.0.0.1:", "data:", "blob:")
    assert [url for url in asked if not url.startswith(inside)] == []
