"""What somebody waits for at a panel, in a real JupyterLab in Chromium."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from benchmarks.edits import edits
from benchmarks.measuring import Result, spread, spread_beside
from benchmarks.page import FRAME, Stopwatch, open_notebook, opened_lab
from benchmarks.scrub import scrubbing
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
        yield from edits_in_jupyterlab(lab, clock)
        yield from steps(lab, clock)
        clock = open_notebook(lab, HISTORY)
        lab.run_all()
        with lab.recorded_frames() as messages:
            yield from scrubbing(TrainingView(lab.output(0)), clock)
        size = sum(message.size for message in messages) / 1000
        yield Result("for all of these, messages there and back", "", size, unit="kB")


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


def edits_in_jupyterlab(lab: Lab, clock: Stopwatch) -> Iterator[Result]:
    """Yield the times of edits until all views are painted, also while the kernel is busy."""
    panel = PanelView(lab.output(2))
    yield from edits(panel, clock, "with a kernel")
    with lab.occupied_kernel():
        yield from edits(panel, clock, "its kernel busy")


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
