"""A page of a browser that Playwright does not drive, by what all WebDrivers can do."""

from __future__ import annotations

import json
import time
from abc import ABC, abstractmethod
from typing import Any

PATIENCE = 30.0
"""In seconds."""

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
        // Not again at each frame: between two pixels a browser would go to and fro.
        if (!before) element?.scrollIntoView({ block: "center" });
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


class OtherPage(ABC):
    """A page of another browser."""

    @property
    @abstractmethod
    def problems(self) -> list[str]:
        """What the page complained of."""

    @abstractmethod
    def open(self, address: str) -> None:
        """Go to a page."""

    @abstractmethod
    def evaluate(self, expression: str) -> Any:
        """Return what JavaScript makes of an expression, a text or a number."""

    @abstractmethod
    def act(self, source: dict[str, Any]) -> None:
        """Do with the keyboard or the mouse what a source of actions says."""

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
        self.act({"type": kind, "id": kind, "actions": actions})
