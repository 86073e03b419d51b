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

# A key is pressed as soon as there is a panel, until the screen shows what its step computes.
FIRST_STEP = """async () => {
    const frame = () => new Promise(requestAnimationFrame);
    const find = (name) => document.querySelector(name);
    while (!find(".bpviz-diagram")) await frame();
    const options = { key: "ArrowRight", bubbles: true, cancelable: true };
    find(".bpviz").dispatchEvent(new KeyboardEvent("keydown", options));
    while (!find('.bpviz-diagram [data-ref="a1[0]"]').innerText.includes("0.24")) await frame();
    await frame();
    return performance.now();
}"""
# The curve, and what is computed for the views beside it.
RUN_SHOWN = """async () => {
    const frame = () => new Promise(requestAnimationFrame);
    const find = (name) => document.querySelector(name);
    const isShown = () => find(".bpviz-over") && find(".bpviz-view-surface canvas")
        && find(".bpviz-moment")?.innerText.includes("Epoch 500");
    while (!isShown()) await frame();
    await frame();
    return performance.now();
}"""
OPENED = 1000.0
"""Milliseconds from the address of a page until it is of use."""

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
        yield from openings(page, Path(folder))
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


def openings(page: Page, folder: Path) -> Iterator[Result]:
    """Yield the times from the address to a step that is made, and to a run with its views."""
    for name, until, what in [
        ("step", FIRST_STEP, "its first step"),
        ("training", RUN_SHOWN, "a run of 500 epochs and its views"),
    ]:
        times = []
        for _ in range(10):
            page.goto("about:blank")
            page.goto((folder / f"{name}.html").as_uri())
            times.append(float(page.evaluate(until)))
        yield from spread(f"a page from disk to {what}", times, OPENED)


def edits_of_a_page(page: Page, folder: Path) -> Iterator[Result]:
    """Yield the times of edits until all views are painted."""
    page.goto((folder / "step.html").as_uri())
    panel = PanelView(page.locator("#panel-1"))
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
