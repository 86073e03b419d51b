"""One JupyterLab and one Chromium for the session; a fresh page for each test or module.

The pages share a browser context, so that JupyterLab's own files are fetched and compiled once.
What JupyterLab keeps, it keeps on the server, which is tidied after each page.
"""

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ViewportSize

from tests.browser.jupyter import Lab
from tests.browser.start import chromium, jupyterlab
from tests.server import Server

SCREENSHOTS = Path(__file__).with_name("screenshots")

VIEWPORT: ViewportSize = {"width": 1400, "height": 900}

FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """JupyterLab on a copy of the notebooks."""
    with jupyterlab(tmp_path_factory.mktemp("jupyter")) as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, the one that scripts/chromium finds."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def context(browser: Browser) -> BrowserContext:
    """The context of all pages of JupyterLab."""
    return browser.new_context(viewport=VIEWPORT)


@pytest.fixture
def lab(server: Server, context: BrowserContext) -> Iterator[Lab]:
    """JupyterLab in a fresh page; the test fails if the page complained."""
    yield from _opened(server, context)


@pytest.fixture(scope="module")
def shared_lab(server: Server, context: BrowserContext) -> Iterator[Lab]:
    """JupyterLab in a page that a module's tests share; a module takes this one or `lab`."""
    yield from _opened(server, context)


@pytest.fixture(autouse=True)
def _witness(request: pytest.FixtureRequest) -> Iterator[None]:
    """Take a picture of the page where a test failed; fail the test if the page complained."""
    name = next((name for name in ("lab", "shared_lab") if name in request.fixturenames), None)
    lab: Lab | None = request.getfixturevalue(name) if name else None
    yield
    if lab is None:
        return
    if request.node.stash[FAILED]:
        lab.screenshot(f"failed-{request.node.name}")
    problems, lab.problems = lab.problems, []
    assert problems == []


def _opened(server: Server, context: BrowserContext) -> Iterator[Lab]:
    SCREENSHOTS.mkdir(exist_ok=True)
    page = context.new_page()
    yield Lab(page, server, SCREENSHOTS)
    page.close()
    server.tidy()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell the fixtures whether their test failed."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report
