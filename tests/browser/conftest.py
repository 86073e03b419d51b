"""One JupyterLab and one Chromium for the session; a fresh page for each test."""

import shutil
import subprocess
import sys
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.jupyter import Lab
from tests.server import Server, running_server

REPOSITORY = Path(__file__).parents[2]
SCREENSHOTS = Path(__file__).with_name("screenshots")

FAILED = pytest.StashKey[bool]()

CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """JupyterLab on a copy of the notebooks."""
    home = tmp_path_factory.mktemp("jupyter")
    root = home / "root"
    shutil.copytree(REPOSITORY / "notebooks", root / "notebooks")
    command = [sys.executable, "-m", "jupyterlab", "--expose-app-in-browser"]
    with running_server([*command, f"--ServerApp.root_dir={root}"], home) as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, the one that scripts/chromium finds."""
    chromium = subprocess.run(
        [REPOSITORY / "scripts/chromium"], check=True, capture_output=True, text=True
    ).stdout.strip()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def lab(request: pytest.FixtureRequest, server: Server, browser: Browser) -> Iterator[Lab]:
    """JupyterLab in a fresh page; the test fails if the page complained."""
    SCREENSHOTS.mkdir(exist_ok=True)
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    lab = Lab(page, server, SCREENSHOTS)
    yield lab
    if request.node.stash[FAILED]:
        lab.screenshot(f"failed-{request.node.name}")
    page.close()
    server.tidy()
    assert lab.problems == []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell the fixtures whether their test failed."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report
