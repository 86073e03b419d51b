"""What a page costs that has no Python: its size, its first step, edits, 500 epochs, scrubbing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from playwright.sync_api import Page, expect

import bpviz as bp
from benchmarks.edits import edits
from benchmarks.measuring import Result, spread
from benchmarks.page import Stopwatch
from benchmarks.scrub import UPDATES, scrubbing
from tests.browser.panels import PanelView, TrainingView
from tests.browser.start import chromium

KILOBYTE = 1000

FIRST_STEP = """async () => {
    const start = performance.timeOrigin;
    while (!document.querySelector(".bpviz-diagram")) await new Promise(requestAnimationFrame);
    document.querySelector(".bpviz").focus();
    await new Promise(requestAnimationFrame);
    return performance.timeOrigin + performance.now() - start;
}"""

EPOCHS = """async () => {
    const button = [...document.querySelectorAll("button")].find(
        ({ textContent }) => textContent.includes("Train 500 more"));
    const began = performance.now();
    button.click();
    while (!document.body.textContent.includes("1,000 epochs made"))
        await new Promise((resolve) => setTimeout(resolve));
    return performance.now() - began;
}"""


def results() -> Iterator[Result]:
    """Yield sizes and times of pages that are opened from disk."""
    with TemporaryDirectory() as folder, chromium() as browser:
        page = browser.new_context(offline=True).new_page()
        yield from sizes(Path(folder))
        yield from first_step(page, Path(folder))
        yield from edits_of_a_page(page, Path(folder))
        yield from epochs(page, Path(folder))
        yield from long_run(page, Path(folder))


def sizes(folder: Path) -> Iterator[Result]:
    """Yield the size of a page of each kind of panel."""
    kinds = [
        ("step", bp.StepPanel(bp.presets.three_two_one()), 100.0),
        ("performing", bp.StepPanel(bp.presets.xor(), perform=True), 100.0),
        ("training", bp.TrainingPanel(bp.presets.xor()), 250.0),
        ("bug lab", bp.BugLab(bp.presets.xor()), 250.0),
    ]
    for name, panel, most in kinds:
        page = bp.export.html(panel, folder / f"{name.replace(' ', '-')}.html")
        size = page.stat().st_size / KILOBYTE
        yield Result(f"a page with a {name} panel, in one file", "", size, most, "kB")


def first_step(page: Page, folder: Path) -> Iterator[Result]:
    """Yield the time from the address to a panel that can be stepped."""
    times = []
    for _ in range(10):
        page.goto("about:blank")
        page.goto((folder / "step.html").as_uri())
        times.append(float(page.evaluate(FIRST_STEP)))
    yield from spread("a page from disk to its first step", times, 1000.0)


def edits_of_a_page(page: Page, folder: Path) -> Iterator[Result]:
    """Yield the times of edits until all views are painted."""
    page.goto((folder / "step.html").as_uri())
    panel = PanelView(page.locator("#panel-1"))
    panel.key("End")
    yield from edits(panel, Stopwatch(page), "without a kernel")


def epochs(page: Page, folder: Path) -> Iterator[Result]:
    """Yield the time of 500 epochs of XOR in a page and in Python."""
    xor = bp.presets.xor()
    began = perf_counter()
    bp.train(xor.network, xor.inputs, xor.targets, xor.rule, epochs=500)
    yield Result("500 epochs of XOR in Python", "", 1000 * (perf_counter() - began), None, "ms")
    page.goto((folder / "training.html").as_uri())
    expect(page.get_by_text("500 epochs made").first).to_be_visible()
    yield Result("500 epochs of XOR in a page", "", float(page.evaluate(EPOCHS)), 200.0, "ms")


def long_run(page: Page, folder: Path) -> Iterator[Result]:
    """Yield what it takes to scrub a run that the page does not hold whole."""
    xor = bp.presets.xor()
    many = UPDATES // len(xor.inputs)
    history = bp.train(xor.network, xor.inputs, xor.targets, xor.corrected, epochs=many)
    page.goto(bp.export.html(history, folder / "long.html").as_uri())
    panel = TrainingView(page.locator("#panel-1"))
    expect(panel.curve).to_be_visible()
    yield from scrubbing(panel, Stopwatch(page), ", without a kernel")
