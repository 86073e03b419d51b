"""One JupyterLab, one Chromium and mostly one page for the session.

JupyterLab takes longer to start in a page than most tests take, so a page is cleared and used
again, unless a test failed in it or spent it. What JupyterLab keeps on the server is tidied too.
"""

import re
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from tests.browser.jupyter import Lab
from tests.browser.start import LITTLE_COMPILED, chromium, jupyterlab
from tests.server import Server

SCREENSHOTS = Path(__file__).with_name("screenshots")

PAGE_PATIENCE = 20_000
"""Of a page that needs no server, in milliseconds."""

VIEWPORT: ViewportSize = {"width": 1400, "height": 900}

FAILED = pytest.StashKey[bool]()

# These take longest; begun last, they would keep one core waiting for the other.
FIRST = ["notebooks", "lifetime", "saved", "appearance", "other_browsers", "views", "predict"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the modules that take longest."""
    places = {f"test_{name}": place for place, name in enumerate(FIRST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(FIRST)))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """JupyterLab on a copy of the notebooks."""
    with jupyterlab(tmp_path_factory.mktemp("jupyter")) as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, the one that scripts/chromium finds."""
    with chromium(LITTLE_COMPILED) as browser:
        yield browser


@pytest.fixture(scope="session")
def offline(browser: Browser) -> Iterator[BrowserContext]:
    """A browser without a network."""
    context = browser.new_context(offline=True, viewport=VIEWPORT)
    yield context
    context.close()


@pytest.fixture
def offline_page(offline: BrowserContext) -> Iterator[Page]:
    """A page that fails the test if it complains, or asks for anything but itself."""
    page = offline.new_page()
    page.set_default_timeout(PAGE_PATIENCE)
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    asked: list[str] = []
    yield page
    assert problems == []
    assert [url for url in asked if not re.match(r"file:///\S+\.html(#\S*)?$", url)] == []
    page.close()


@pytest.fixture(scope="session")
def context(browser: Browser) -> BrowserContext:
    """The context of all pages of JupyterLab."""
    return browser.new_context(viewport=VIEWPORT, reduced_motion="reduce")


class Desk:
    """Where a test takes a page, and gives it back."""

    MOST_USES = 30
    """JupyterLab keeps something of each notebook that it has shown."""

    def __init__(self, server: Server, context: BrowserContext) -> None:
        self.server = server
        self.context = context
        self.lab: Lab | None = None
        self.is_taken = False

    def take(self) -> Lab:
        """Return JupyterLab in a page without a notebook."""
        assert not self.is_taken, "a module takes `lab` or `shared_lab`, not both"
        self.is_taken = True
        if self.lab is None:
            SCREENSHOTS.mkdir(exist_ok=True)
            self.lab = Lab(self.context.new_page(), self.server, SCREENSHOTS)
        self.lab.uses += 1
        return self.lab

    def give_back(self) -> None:
        """Clear the page for the next test, or close it."""
        assert self.lab is not None
        self.is_taken = False
        if self.lab.is_spent or self.lab.uses >= self.MOST_USES:
            self.lab.page.close()
            self.lab = None
        else:
            self.lab.clear(VIEWPORT)
        self.server.tidy()


@pytest.fixture(scope="session")
def desk(server: Server, context: BrowserContext) -> Desk:
    """All tests' page."""
    return Desk(server, context)


@pytest.fixture
def lab(desk: Desk) -> Iterator[Lab]:
    """JupyterLab in a page without a notebook; the test fails if the page complained."""
    yield desk.take()
    desk.give_back()


@pytest.fixture(scope="module")
def shared_lab(desk: Desk) -> Iterator[Lab]:
    """JupyterLab in a page that a module's tests share; a module takes this one or `lab`."""
    yield desk.take()
    desk.give_back()


@pytest.fixture(autouse=True)
def _witness(request: pytest.FixtureRequest) -> Iterator[None]:
    """Take a picture of the page where a test failed; fail the test if the page complained."""
    name = next((name for name in ("lab", "shared_lab") if name in request.fixturenames), None)
    lab: Lab | None = request.getfixturevalue(name) if name else None
    yield
    if lab is None:
        return
    if request.node.stash[FAILED]:
        lab.is_spent = True
        lab.screenshot(f"failed-{request.node.name}")
    problems, lab.problems = lab.problems, []
    if problems:
        lab.is_spent = True
    assert problems == []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell the fixtures whether their test failed."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report
