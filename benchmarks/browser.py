"""What somebody waits for at a panel, in a real JupyterLab in Chromium."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from playwright.sync_api import expect

from benchmarks.measuring import Result, spread, spread_beside
from benchmarks.page import FRAME, Stopwatch, open_notebook, opened_lab
from tests.browser.jupyter import Lab
from tests.browser.panels import PanelView, TrainingView

NETWORKS = {
    "3-2-1": "bp.StepPanel(bp.presets.three_two_one())",
    "2-2-1": "bp.StepPanel(bp.presets.xor())",
    "16-32-16-4": """functions = ["relu", "relu", "identity"]
network = bp.Network.random([16, 32, 16, 4], functions, seed=0)
numbers = np.random.default_rng(0)
x, y = numbers.normal(size=16), numbers.normal(size=4)
bp.StepPanel(bp.backprop(network, x, y, bp.Rule(0.01)))""",
}
DEPTHS = ("layer", "unit", "term")
STEPS = 16
STEP = {"3-2-1": 1.25, "2-2-1": 1.25, "16-32-16-4": 1.6}
"""How often the time of a bare key a step may take, at p50 and at p95."""

EDITS = 20
EDIT = 33.0
"""Milliseconds from the key to all views, at p95."""

# What any key costs here: the least that a widget in the page can do.
BARE = '''class Bare(anywidget.AnyWidget):
    _esm = """export default { render({ el }) {
        const button = document.createElement("button");
        button.className = "bare";
        button.dataset.lmSuppressShortcuts = "true";
        button.textContent = 0;
        button.onkeydown = () => (button.textContent = Number(button.textContent) + 1);
        el.append(button);
    } }"""

Bare()'''

FOCUS = "(node) => node.focus({ preventScroll: true })"

RUNS = 3

HISTORY = """import bpviz as bp
xor = bp.presets.xor()
history = bp.train(xor.network, xor.inputs, xor.targets, xor.corrected, epochs=25_000)
bp.TrainingPanel(history)"""
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


def results() -> Iterator[Result]:
    """Yield times, work and messages of steps, edits, the first run and scrubbing."""
    with opened_lab() as lab:
        yield from runs(lab)
        clock = open_notebook(
            lab,
            "import anywidget\nimport numpy as np\nimport bpviz as bp",
            BARE,
            *(f"display(Bare())\n{panel}" for panel in NETWORKS.values()),
        )
        lab.run_all()
        yield from edits(lab, clock)
        yield from steps(lab, clock)
        clock = open_notebook(lab, HISTORY)
        lab.run_all()
        yield from scrubbing(lab, clock)


def runs(lab: Lab) -> Iterator[Result]:
    """Yield the time from Run to the first panel of a page."""
    panel = NETWORKS["3-2-1"]
    kernels = {
        "that has imported bpviz": ("import bpviz as bp", panel),
        "just started": (f"import bpviz as bp\n{panel}",),
    }
    for kernel, cells in kernels.items():
        times = []
        for _ in range(RUNS):
            clock = open_notebook(lab, *cells)
            last = len(cells) - 1
            for index in range(last):
                lab.cell(index).locator(".cm-content").press("Shift+Enter")
            lab.wait_for_kernel()
            lab.cell(last).locator(".cm-content").click()
            body = lab.page.locator("body")
            time, _ = clock.key_to_paint("Shift+Enter", body, ".bpviz-diagram [data-ref]")
            times.append(time)
        what = f"Run to the first panel, kernel {kernel}"
        yield Result(what, "", float(np.median(times)) / 1000, 0.5, "s")


def edits(lab: Lab, clock: Stopwatch) -> Iterator[Result]:
    """Yield the time of an edit until all views are painted, also while the kernel is busy."""
    panel = PanelView(lab.output(2))
    panel.key("End")
    panel.root.locator('.bpviz-diagram [data-ref="W1[0,0]"]').click()
    editor = panel.root.get_by_role("spinbutton")
    number = panel.root.locator('.bpviz-diagram [data-ref="a1[0]"]')

    def times() -> list[float]:
        found = []
        for _ in range(EDITS):
            editor.focus()
            found.append(clock.key_to_paint("ArrowUp", number)[0])
        return found[1:]

    what = "an edit to all views painted"
    yield from spread(what, times(), EDIT)
    with lab.occupied_kernel():
        yield from spread(f"{what}, kernel busy", times(), EDIT)
    panel.key("Escape")


def steps(lab: Lab, clock: Stopwatch) -> Iterator[Result]:
    """Yield the time of a step to paint beside that of a bare key, its work, and its messages."""
    sent = 0
    for index, (network, most) in enumerate(STEP.items(), start=2):
        output = lab.output(index)
        panel, bare = PanelView(output), output.locator("button.bare")
        panel.root.hover()
        all_times, all_bare = [], []
        for key, depth in enumerate(DEPTHS, start=1):
            bare.evaluate(FOCUS)
            all_bare += [clock.key_to_paint("ArrowRight")[0] for _ in range(STEPS)]
            panel.root.evaluate(FOCUS)
            panel.key(str(key), "Home")
            panel.expect_place(0)
            with lab.recorded_frames() as messages:
                times, work = zip(*steps_of(panel, clock), strict=True)
            sent += len(messages)
            all_times += times
            what = f"a step of {network} by {depth}"
            yield from spread(f"{what}, key to paint", times)
            yield from spread(f"{what}, main thread", work, FRAME)
        yield from spread(f"a key that changes one word beside {network}, key to paint", all_bare)
        yield from spread_beside(
            f"a step of {network}, key to paint",
            all_times,
            "a key that changes one word",
            all_bare,
            most,
        )
    count = STEPS * len(DEPTHS) * len(NETWORKS)
    yield Result(f"for {count} steps", "", sent, 0, "kernel messages")


def steps_of(panel: PanelView, clock: Stopwatch) -> Iterator[tuple[float, float]]:
    """Yield time and work of steps from everywhere in a pass."""
    last = int(panel.slider.get_attribute("max") or 0) - 1
    for place in np.linspace(0, last, STEPS).astype(int):
        panel.slider.fill(str(place))
        panel.root.focus()
        yield clock.key_to_paint("ArrowRight")
        assert panel.slider.input_value() == str(place + 1)


def scrubbing(lab: Lab, clock: Stopwatch) -> Iterator[Result]:
    """Yield what it takes to drag the cursor over a history of 100,000 updates, and to jump."""
    panel = TrainingView(lab.output(0))
    expect(panel.open_tab("Landscape")).to_contain_text("main direction")
    expect(panel.root.get_by_role("region", name="Decision surface")).to_be_visible()
    spots = [panel.place_on_curve(place) for place in np.linspace(0.02, 0.98, MOVES)]
    work, frames = [], []
    for way in (spots, spots[::-1]):
        lab.page.mouse.move(*way[0])
        lab.page.mouse.down()
        clock.rest()
        before = clock.seconds_of_tasks()
        gaps = lab.page.evaluate(DRAG, way)
        work.append(1000 * (clock.seconds_of_tasks() - before) / len(gaps))
        frames += gaps
        lab.page.evaluate(ALL_SHOWN)
        lab.page.mouse.up()
    what = "dragging over 100,000 updates"
    yield Result(f"{what}, main thread, a frame", "", float(np.mean(work)), FRAME, "ms")
    missed = float(np.mean(np.array(frames) > 1.5 * FRAME))
    yield Result(f"{what}, frames that came late", "", 100 * missed, 5, "%")

    lab.page.mouse.move(*spots[0])
    lab.page.mouse.down()
    far = np.random.default_rng(0).permutation(spots)[:JUMPS]
    with lab.recorded_frames() as messages:
        work = [clock.work(lambda spot=spot: lab.page.mouse.move(*spot), ALL_SHOWN) for spot in far]
    lab.page.mouse.up()
    what = "a jump over 100,000 updates until all is shown"
    yield from spread(f"{what}, main thread", work)
    size = sum(message.size for message in messages) / len(work) / 1000
    yield Result(f"{what}, there and back", "", size, unit="kB")
