"""Times that are taken in the page itself, and the work of its main thread.

A time runs from a trusted event (its time stamp is when the browser received the key) to the
end of the frame that paints the answer: the next animation frame is asked for, and a message
that is posted in it arrives when style, layout and paint are done. What comes after that, in
the compositor, is left out.

Frames come at 60 Hz in a headless browser too, and a machine may do other things meanwhile.
So the work of the page's main thread is measured beside it, by the thread's own clock: all its
tasks from the event to the end of the frame (script, style, layout, paint), which must fit
into a frame.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Locator, Page

from tests.browser.jupyter import Lab
from tests.browser.start import chromium, jupyterlab

FRAME = 16.7
"""Milliseconds of a frame at 60 Hz."""

STOPWATCH = """() => {
    window.painted = () => new Promise((resolve) => requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(performance.now());
        port2.postMessage(null);
    }));
    window.startAt = (kind, key, node, selector, numbers) => {
        const texts = () => numbers.map((one) => node.querySelector(one).textContent);
        const before = node && texts();
        const isDone = () => (!selector || node.querySelector(selector))
            && texts().every((text, place) => text !== before[place]);
        window.stopped = new Promise((resolve) => {
            const onEvent = (event) => {
                if (!event.isTrusted || (key && event.key !== key)) return;
                removeEventListener(kind, onEvent, true);
                const stop = async () => resolve(await painted() - event.timeStamp);
                if (!node) return stop();
                const observer = new MutationObserver(() => {
                    if (!isDone()) return;
                    observer.disconnect();
                    stop();
                });
                observer.observe(node, { subtree: true, childList: true, characterData: true });
            };
            addEventListener(kind, onEvent, true);
        });
    };
}"""


class Stopwatch:
    """Takes the times of a page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.page.evaluate(STOPWATCH)
        self._devtools = self.page.context.new_cdp_session(self.page)
        self._devtools.send("Performance.enable", {"timeDomain": "threadTicks"})

    def key_to_paint(
        self,
        key: str,
        node: Locator | None = None,
        selector: str = "",
        numbers: Sequence[str] = (),
    ) -> tuple[float, float]:
        """Press a key; return the milliseconds until its effect is painted, and those of work.

        The effect is in the next frame; with a node, in the frame after that node has changed;
        with a selector, after the node has something that it matches; with selectors of numbers
        in the node, after all of these are others.
        """
        last = key.split("+")[-1]
        what = ("keydown", last, node, selector, numbers)
        return self._to_paint(what, lambda: self.page.keyboard.press(key))

    def move_to_paint(
        self, x: float, y: float, node: Locator, numbers: Sequence[str]
    ) -> tuple[float, float]:
        """Move the mouse to a place; return what `key_to_paint` does."""
        what = ("pointermove", None, node, "", numbers)
        return self._to_paint(what, lambda: self.page.mouse.move(x, y))

    def _to_paint(
        self,
        what: tuple[str, str | None, Locator | None, str, Sequence[str]],
        action: Callable[[], object],
    ) -> tuple[float, float]:
        kind, key, node, selector, numbers = what
        given = [kind, key, node and node.element_handle(), selector, list(numbers)]
        self.page.evaluate("(given) => startAt(...given)", given)
        work = self.work(action, "() => stopped")
        return float(self.page.evaluate("() => stopped")), work

    def work(self, action: Callable[[], object], until: str) -> float:
        """Return for how many milliseconds the main thread works from an action to its end."""
        self.rest()
        before = self.seconds_of_tasks()
        action()
        self.page.evaluate(until)
        return 1000 * (self.seconds_of_tasks() - before)

    def rest(self) -> None:
        """Let transitions and the like come to their end."""
        self.page.wait_for_timeout(150)

    def seconds_of_tasks(self) -> float:
        """Return how long the main thread has worked so far."""
        metrics = self._devtools.send("Performance.getMetrics")["metrics"]
        return float(next(one["value"] for one in metrics if one["name"] == "TaskDuration"))


@contextmanager
def opened_lab() -> Iterator[Lab]:
    """Open JupyterLab in Chromium, with room for all views of a panel side by side."""
    with TemporaryDirectory() as home, jupyterlab(Path(home)) as server, chromium() as browser:
        page = browser.new_page(viewport={"width": 1600, "height": 1000})
        yield Lab(page, server, Path(home))


def open_notebook(lab: Lab, *cells: str) -> Stopwatch:
    """Open a notebook with these cells and a fresh kernel, over the whole width."""
    lab.server.tidy()
    lab.scratch(*cells)
    lab.command("application:toggle-left-area")
    return Stopwatch(lab.page)
