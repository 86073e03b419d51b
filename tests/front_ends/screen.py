"""What the tests need of a browser, whichever drives it."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Literal, Protocol

from playwright.sync_api import Browser, Route, ViewportSize

PATIENCE = 60.0
"""In seconds; of a front end that starts, on a busy machine."""


class Screen(Protocol):
    """A page of a browser: keys and clicks are real, and questions are asked in JavaScript."""

    problems: list[str]

    def open(self, address: str) -> None: ...
    def evaluate(self, expression: str) -> Any: ...
    def until(self, condition: str) -> None: ...
    def press(self, *keys: str) -> None: ...
    def type(self, text: str) -> None: ...
    def click(self, element: str) -> None: ...
    def picture(self, path: Path) -> None: ...


class Chromium:
    """A page of Chromium, which Playwright drives."""

    def __init__(self, browser: Browser, scheme: Literal["light", "dark"]) -> None:
        self.problems: list[str] = []
        size: ViewportSize = {"width": 1400, "height": 1000}
        self.page = browser.new_page(viewport=size, color_scheme=scheme)
        self.page.set_default_timeout(1000 * PATIENCE)
        self.page.on("pageerror", lambda error: self.problems.append(str(error.stack or error)))
        self.page.on("console", self._on_console)

    def _on_console(self, message: Any) -> None:
        if message.type == "error":
            self.problems.append(f"{message.text} ({message.location.get('url')})")

    def answer(self, fetched: Mapping[str, Path]) -> None:
        """Answer what the page asks of the internet with files; nothing else of it is there."""
        headers = {"Access-Control-Allow-Origin": "*"}
        for address, path in fetched.items():
            answer = partial(_answer, text=path.read_text(encoding="utf-8"), headers=headers)
            self.page.route(address, answer)

    def open(self, address: str) -> None:
        """Go to a page."""
        self.page.goto(address)

    def evaluate(self, expression: str) -> Any:
        """Return what JavaScript makes of an expression, a text or a number."""
        return self.page.evaluate(expression)

    def until(self, condition: str) -> None:
        """Wait until a condition in JavaScript holds."""
        self.page.wait_for_function(condition)

    def press(self, *keys: str) -> None:
        """Press keys, where the focus is."""
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Type a text, where the focus is."""
        self.page.keyboard.type(text)

    def click(self, element: str) -> None:
        """Click on the middle of an element, which an expression in JavaScript finds."""
        self.page.wait_for_function(f"Boolean({element})")
        found = self.page.evaluate_handle(element).as_element()
        assert found is not None, element
        found.click()

    def picture(self, path: Path) -> None:
        """Save a picture of what is seen."""
        self.page.screenshot(path=path)


def _answer(route: Route, text: str, headers: dict[str, str]) -> None:
    route.fulfill(body=text, content_type="text/javascript", headers=headers)


@contextmanager
def page_of(browser: Browser, scheme: Literal["light", "dark"]) -> Iterator[Chromium]:
    """Open a page on a system with a colour scheme, and close it."""
    screen = Chromium(browser, scheme)
    yield screen
    screen.page.close()


def text(words: str) -> str:
    """Return a text as JavaScript writes it."""
    return json.dumps(words)
