"""A Firefox that is driven by WebDriver BiDi, which it speaks by itself.

Playwright drives a Firefox of its own only, and geckodriver is not among Debian's packages.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import websocket

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
PATIENCE = 30.0
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

KEYS = {
    "End": "\ue010",
    "Home": "\ue011",
    "ArrowRight": "\ue014",
    "ArrowUp": "\ue013",
    "Enter": "\ue007",
    "Escape": "\ue00c",
}


def button_in(root: str, words: str) -> str:
    """Return JavaScript for a button in an element, which an expression finds, by its name."""
    return (
        f'[...{root}.querySelectorAll("button")]'
        f'.find((one) => (one.ariaLabel ?? one.textContent).includes("{words}"))'
    )


# Finds the middle of an element that is in sight and at rest, and lets pass no press elsewhere
# until it is asked whether one has met the element.
AIM = """new Promise((resolve, reject) => {
    const end = performance.now() + %d;
    const kinds = ["pointerdown", "mousedown", "pointerup", "mouseup", "click"];
    let before = "";
    const look = () => {
        const element = %s;
        element?.scrollIntoView({ block: "center" });
        const { x, y, width, height } = element?.getBoundingClientRect() ?? {};
        const place = [Math.round(x + width / 2), Math.round(y + height / 2)];
        const isSeen = element?.contains(document.elementFromPoint(...place));
        const now = isSeen ? JSON.stringify(place) : "";
        if (now && now === before) {
            let isMet = true;
            const guard = (event) => {
                if (element.contains(event.target)) return;
                isMet = false;
                event.preventDefault();
                event.stopImmediatePropagation();
            };
            for (const kind of kinds) addEventListener(kind, guard, true);
            window.isMet = () => {
                for (const kind of kinds) removeEventListener(kind, guard, true);
                return isMet;
            };
            resolve(now);
        } else if (performance.now() > end) reject(new Error("there is nothing to click on"));
        else requestAnimationFrame(look);
        before = now;
    };
    look();
})"""


class Firefox:
    """A page of Firefox.

    Attributes
    ----------
    problems : list of str
        What the page complained of.
    """

    def __init__(self, socket: websocket.WebSocket) -> None:
        self._socket = socket
        self._number = 0
        self.problems: list[str] = []
        self.command("session.new", capabilities={})
        self.command("session.subscribe", events=["log.entryAdded"])
        # A tab that is brought to the front has the focus, as the first one never has.
        self._context = self.command("browsingContext.create", type="tab")["context"]
        self.command("browsingContext.activate", context=self._context)

    def command(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Do something, and return what comes of it."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        self._socket.send(json.dumps(message))
        while True:
            answer = json.loads(self._socket.recv())
            if answer.get("method") == "log.entryAdded":
                self.problems.append(str(answer["params"].get("text")))
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

    def until(self, condition: str) -> None:
        """Wait until a condition in JavaScript holds; looked at whenever the page is painted."""
        self.evaluate(
            f"""new Promise((resolve, reject) => {{
                const end = performance.now() + {PATIENCE * 1000};
                const look = () => {{
                    if ({condition}) resolve(true);
                    else if (performance.now() > end) reject(new Error({json.dumps(condition)}));
                    else requestAnimationFrame(look);
                }};
                look();
            }})"""
        )

    def press(self, *keys: str) -> None:
        """Press keys, where the focus is: a character, or the name of a key."""
        for key in keys:
            value = KEYS.get(key, key)
            self._act(
                "key", [{"type": "keyDown", "value": value}, {"type": "keyUp", "value": value}]
            )

    def click(self, element: str) -> None:
        """Click on the middle of an element, which an expression in JavaScript finds.

        A page may scroll by itself meanwhile: a click that would meet something else is let go, and
        made again.
        """
        end = time.monotonic() + PATIENCE
        is_met = False
        while not is_met:
            assert time.monotonic() < end, f"every click met something else than {element}"
            x, y = json.loads(self.evaluate(AIM % (PATIENCE * 1000, element)))
            self._act(
                "pointer",
                [
                    {"type": "pointerMove", "x": x, "y": y},
                    {"type": "pointerDown", "button": 0},
                    {"type": "pointerUp", "button": 0},
                ],
            )
            is_met = self.evaluate("window.isMet()")

    def _act(self, kind: str, actions: list[dict[str, Any]]) -> None:
        source = {"type": kind, "id": kind, "actions": actions}
        self.command("input.performActions", context=self._context, actions=[source])


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
