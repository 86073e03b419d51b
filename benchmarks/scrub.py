"""What it takes to scrub a long run: the cursor is dragged over its curve, and jumps along it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from playwright.sync_api import expect

from benchmarks.measuring import Result, spread
from benchmarks.page import FRAME, Stopwatch
from tests.browser.panels import TrainingView

UPDATES = 100_000
"""Of XOR: 25,000 epochs."""
MOVES = 180
JUMPS = 25
# A hand moves on whether or not the page keeps up: 60 places a second. Returns how long each
# frame took.
DRAG = """async (spots) => {
    const curve = document.querySelector(".bpviz-curve");
    const frame = () => new Promise(requestAnimationFrame);
    const start = await frame();
    const gaps = [];
    for (let now = start, place = 0; place < spots.length - 1; ) {
        place = Math.min(spots.length - 1, Math.floor((now - start) * 0.06));
        const [clientX, clientY] = spots[place];
        const at = { clientX, clientY, pointerId: 1, pointerType: "mouse", bubbles: true };
        curve.dispatchEvent(new PointerEvent("pointermove", at));
        const next = await frame();
        gaps.push(next - now);
        now = next;
    }
    return gaps;
}"""
# All views show the epoch at which the cursor is, and its update is the one that can be opened. To
# look at each frame would be work of its own.
ALL_SHOWN = """async () => {
    const find = (name) => document.querySelector(name);
    const isShown = () => {
        const epoch = Number(find(".bpviz-curve").ariaValueNow).toLocaleString("en");
        const isThere = find(".bpviz-moment").textContent.includes(`Epoch ${epoch}:`);
        return isThere && find(".bpviz-where").textContent.includes(`Epoch ${epoch} of`);
    };
    const changed = () => new Promise((resolve) => {
        const observer = new MutationObserver(() => {
            observer.disconnect();
            resolve();
        });
        const all = { subtree: true, childList: true, characterData: true, attributes: true };
        observer.observe(find(".bpviz"), all);
    });
    await painted();
    while (!isShown()) await changed();
    await painted();
}"""


def scrubbing(panel: TrainingView, clock: Stopwatch, where: str = "") -> Iterator[Result]:
    """Yield what it takes to drag the cursor over a run of 100,000 updates, and to jump."""
    page = panel.page
    expect(panel.open_tab("Landscape")).to_contain_text("main direction")
    expect(panel.root.get_by_role("region", name="Decision surface")).to_be_visible()
    spots = [panel.place_on_curve(place) for place in np.linspace(0.02, 0.98, MOVES)]
    work, frames = [], []
    for way in (spots, spots[::-1]):
        page.mouse.move(*way[0])
        page.mouse.down()
        clock.rest()
        before = clock.seconds_of_tasks()
        gaps = page.evaluate(DRAG, way)
        work.append(1000 * (clock.seconds_of_tasks() - before) / len(gaps))
        frames += gaps
        page.evaluate(ALL_SHOWN)
        page.mouse.up()
    what = f"dragging over {UPDATES:,} updates{where}"
    yield Result(f"{what}, main thread, a frame", "", float(np.mean(work)), FRAME, "ms")
    missed = float(np.mean(np.array(frames) > 1.5 * FRAME))
    yield Result(f"{what}, frames that came late", "", 100 * missed, 5, "%")

    page.mouse.move(*spots[0])
    page.mouse.down()
    far = np.random.default_rng(0).permutation(spots)[:JUMPS]
    work = [clock.work(lambda spot=spot: page.mouse.move(*spot), ALL_SHOWN) for spot in far]
    page.mouse.up()
    yield from spread(
        f"a jump over {UPDATES:,} updates{where} until all is shown, main thread", work
    )
