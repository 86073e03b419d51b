"""A Firefox that is driven by WebDriver BiDi, which it speaks by itself.

Playwright drives a Firefox of its own only, and geckodriver is not among Debian's packages.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import websocket

from tests.browser.other import PATIENCE, OtherPage

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
SETTINGS = """
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("network.proxy.type", 1);
user_pref("network.proxy.http", "127.0.0.1");
user_pref("network.proxy.http_port", 9);
user_pref("network.proxy.ssl", "127.0.0.1");
user_pref("network.proxy.ssl_port", 9);
"""
"""Without a network: a proxy at a port where nobody is."""


class Firefox(OtherPage):
    """A page of Firefox."""

    def __init__(self, socket: websocket.WebSocket) -> None:
        self._socket = socket
        self._number = 0
        self._said: list[str] = []
        self.command("session.new", capabilities={})
        self.command("session.subscribe", events=["log.entryAdded"])
        # A tab that is brought to the front has the focus, as the first one never has.
        self._context = self.command("browsingContext.create", type="tab")["context"]
        self.command("browsingContext.activate", context=self._context)

    @property
    def problems(self) -> list[str]:
        """What the page complained of."""
        return self._said

    def command(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Do something, and return what comes of it."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        self._socket.send(json.dumps(message))
        while True:
            answer = json.loads(self._socket.recv())
            if answer.get("method") == "log.entryAdded":
                self._said.append(_told(answer["params"]))
            if answer.get("id") == self._number:
                assert answer["type"] == "success", answer
                result: dict[str, Any] = answer["result"]
                return result

    def open(self, address: str) -> None:
        """Go to a page."""
        self.command(
            "browsingContext.navigate", context=self._context, url=address, wait="complete"
        )

    def evaluate(self, expression: str) -> Any:
        """Return what JavaScript makes of an expression, a text or a number."""
        answer = self.command(
            "script.evaluate",
            expression=expression,
            target={"context": self._context},
            awaitPromise=True,
        )
        assert answer["type"] == "success", answer["exceptionDetails"]["text"]
        return answer["result"].get("value")

    def act(self, source: dict[str, Any]) -> None:
        """Do with the keyboard or the mouse what a source of actions says."""
        self.command("input.performActions", context=self._context, actions=[source])


def _told(entry: dict[str, Any]) -> str:
    """Return what an entry of the log says, and where it was said."""
    frames = (entry.get("stackTrace") or {}).get("callFrames", [])
    places = ("{functionName} {url}:{lineNumber}:{columnNumber}".format(**one) for one in frames)
    return "\n  at ".join([str(entry.get("text")), *places])


@contextmanager
def firefox(profile: Path) -> Iterator[Firefox]:
    """Start Firefox without a network, and end it."""
    assert FIREFOX
    (profile / "user.js").write_text(SETTINGS, encoding="utf-8")
    command = [FIREFOX, "--headless", "--no-remote", "--remote-debugging-port", "0"]
    with subprocess.Popen(
        [*command, "--profile", str(profile), "about:blank"],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stderr is not None
        try:
            said = next(line for line in process.stderr if "WebDriver BiDi listening on" in line)
            address = said.split()[-1]
            socket = websocket.create_connection(
                f"{address}/session", timeout=2 * PATIENCE, suppress_origin=True
            )
            try:
                yield Firefox(socket)
            finally:
                socket.close()
        finally:
            process.terminate()
            process.stderr.close()
            process.wait()
