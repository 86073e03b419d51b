"""WebKit, the engine of Safari, as its port for GTK has it: driven by its own WebDriver."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.browser.other import PATIENCE, OtherPage
from tests.server import free_port

DRIVER = shutil.which("WebKitWebDriver")
SCREEN = shutil.which("Xvfb")
BROWSER = next(Path("/usr/lib").glob("*/webkit*gtk-*/MiniBrowser"), None)
WEBKIT = DRIVER and SCREEN and BROWSER

OPTIONS = [
    "--automation",
    # Without a network: a proxy at a port where nobody is.
    "--proxy=http://127.0.0.1:9",
    "--ignore-host=127.0.0.1",
    "--ignore-host=localhost",
]
SIZE = {"x": 0, "y": 0, "width": 1366, "height": 900}

# An expression may give a promise; what becomes of it is the answer.
ANSWER = """(async () => ({ value: await (%s) }))()
    .catch((error) => ({ error: String(error) })).then(arguments[0]);"""

LISTEN = """(() => {
    window.complaints = [];
    const note = (...said) => window.complaints.push(said.map(String).join(" "));
    addEventListener("error", ({ message }) => note(message));
    addEventListener("unhandledrejection", ({ reason }) => note(reason));
    for (const kind of ["error", "warn"]) console[kind] = note;
})()"""


class WebKit(OtherPage):
    """A page of WebKit."""

    def __init__(self, address: str) -> None:
        self._address = address
        options = {"binary": str(BROWSER), "args": OPTIONS}
        wanted = {"browserName": "MiniBrowser", "webkitgtk:browserOptions": options}
        made = self._request("", {"capabilities": {"alwaysMatch": wanted}})
        self._address += f"/{made['sessionId']}"
        self._request("/timeouts", {"script": 2000 * PATIENCE})
        self._request("/window/rect", SIZE)

    @property
    def problems(self) -> list[str]:
        """What the page complained of since it was loaded: this driver hears no console."""
        said: list[str] = self.evaluate("window.complaints")
        return said

    def open(self, address: str) -> None:
        """Go to a page."""
        self._request("/url", {"url": address})
        self.evaluate(LISTEN)

    def evaluate(self, expression: str) -> Any:
        """Return what JavaScript makes of an expression, a text or a number."""
        answer = self._request("/execute/async", {"script": ANSWER % expression, "args": []})
        assert "error" not in answer, answer["error"]
        return answer.get("value")

    def act(self, source: dict[str, Any]) -> None:
        """Do with the keyboard or the mouse what a source of actions says."""
        self._request("/actions", {"actions": [source]})

    def _request(self, command: str, parameters: dict[str, Any]) -> Any:
        request = urllib.request.Request(
            self._address + command, json.dumps(parameters).encode(), method="POST"
        )
        try:
            with urllib.request.urlopen(request, timeout=3 * PATIENCE) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{command}: {error.read().decode()}") from None


@contextmanager
def webkit(home: Path) -> Iterator[WebKit]:
    """Start WebKit on a screen of its own and without a network, and end it."""
    assert DRIVER
    assert SCREEN
    port = free_port()
    with screen() as display:
        environment = os.environ | {"DISPLAY": display, "GDK_BACKEND": "x11", "HOME": str(home)}
        command = [DRIVER, f"--port={port}"]
        with subprocess.Popen(command, env=environment) as driver:
            try:
                address = f"http://127.0.0.1:{port}"
                wait_for(f"{address}/status")
                yield WebKit(f"{address}/session")
            finally:
                driver.terminate()


@contextmanager
def screen() -> Iterator[str]:
    """Give a screen that nobody sees; the block gets its name."""
    command = [str(SCREEN), "-displayfd", "1", "-screen", "0", "1366x900x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        try:
            yield f":{int(process.stdout.readline())}"
        finally:
            process.terminate()


def wait_for(address: str) -> None:
    """Wait until a server answers."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(address, timeout=PATIENCE):
                return
        except OSError:
            assert time.monotonic() < end, f"{address} does not answer"
            time.sleep(0.05)
