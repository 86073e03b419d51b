"""What a page keeps while panels are changed and run again: no more than in the beginning."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import CDPSession, expect

from tests.browser.jupyter import KERNEL_PATIENCE, Lab
from tests.browser.origins import OriginView
from tests.browser.panels import PanelView

PANELS = """
import bpviz as bp
import ipywidgets

panels = [bp.StepPanel(bp.presets.three_two_one()) for _ in range(50)]
ipywidgets.VBox(panels)
"""
PANEL = "import bpviz as bp\npanel = bp.StepPanel(bp.presets.three_two_one())\npanel"

# What JupyterLab itself keeps each time when a cell with a widget is run again.
LABEL = """
import ipywidgets
label.close() if "label" in globals() else None
label = ipywidgets.Label("x")
label
"""

# What is kept hangs not on the size of the window; what is painted two hundred times does.
SMALL = (500, 300)

# Up and down by 0.01, and at last up once more. Every hundredth begins a change of its own; the
# page paints between ten.
EDIT = """async (input, count) => {
    for (let k = 0; k < count; k++) {
        const key = k % 2 && k < count - 1 ? "ArrowDown" : "ArrowUp";
        const options = { key, repeat: k % 100 > 0, bubbles: true, cancelable: true };
        input.dispatchEvent(new KeyboardEvent("keydown", options));
        if (k % 10 === 9) await new Promise(requestAnimationFrame);
    }
}"""

# Runs a cell again and again; each time its widget is drawn before the next.
RUN_AGAIN = """async ([index, count, drawn]) => {
    const notebook = jupyterapp.shell.currentWidget.content;
    notebook.activeCellIndex = index;
    const { node } = notebook.widgets[index];
    for (let k = 0; k < count; k++) {
        const before = node.querySelector(drawn);
        await jupyterapp.commands.execute("notebook:run-cell");
        const isNew = () => ![null, before].includes(node.querySelector(drawn));
        while (!isNew()) await new Promise(requestAnimationFrame);
    }
}"""


@dataclass(frozen=True)
class Kept:
    """What a page keeps when all that can be let go is gone."""

    bytes: float
    nodes: float
    listeners: float

    @classmethod
    def by(cls, session: CDPSession) -> "Kept":
        for _ in range(3):
            session.send("HeapProfiler.collectGarbage")
        counts = session.send("Memory.getDOMCounters")
        heap = session.send("Runtime.getHeapUsage")
        return cls(heap["usedSize"], counts["nodes"], counts["jsEventListeners"])

    def __sub__(self, other: "Kept") -> "Kept":
        return Kept(
            self.bytes - other.bytes, self.nodes - other.nodes, self.listeners - other.listeners
        )


class Page:
    """A page whose memory is looked at from outside."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.session = lab.page.context.new_cdp_session(lab.page)
        self.session.send("HeapProfiler.enable")

    def growth(self, work: Callable[[int], None], few: int, many: int) -> tuple[Kept, Kept]:
        """Do it a few times; return what is kept then, and how much more after many times."""
        work(few)
        warm = Kept.by(self.session)
        work(many)
        return warm, Kept.by(self.session) - warm

    def live_panels(self) -> str:
        """Return how many step panels Python has."""
        return self.lab.answer(
            "from bpviz.panels import displayed\n"
            "print(sum(isinstance(one, bp.StepPanel) for one in displayed.live_widgets()))"
        ).strip()


def test_a_page_with_fifty_panels_keeps_nothing_of_edits(lab: Lab) -> None:
    lab.resize(*SMALL)
    lab.scratch(PANELS, "")
    lab.run_all()
    drawn = lab.output(0).locator(".bpviz[role=region]")
    expect(drawn).to_have_count(50, timeout=KERNEL_PATIENCE)
    page = Page(lab)
    origin = OriginView(PanelView(lab.output(0)))
    origin.open("W1[0,1]")

    def edit(count: int) -> None:
        lab.cell(0)
        origin.field.evaluate(EDIT, count)
        lab.rest()

    warm, more = page.growth(edit, 400, 1_600)
    assert more.bytes <= 0.05 * warm.bytes
    assert more.nodes <= 0.05 * warm.nodes
    assert more.listeners <= 0.05 * warm.listeners

    # All edits have come to Python.
    changed = lab.answer("print(round(float(panels[0].trace['W1[0,1]']), 6))")
    assert changed.strip() == "0.14"
    assert page.live_panels() == "50"


def test_a_page_keeps_nothing_of_a_cell_that_is_run_two_hundred_times(lab: Lab) -> None:
    lab.resize(*SMALL)
    lab.scratch(PANEL, LABEL, "")
    lab.run_all()
    page = Page(lab)

    def run_again(cell: int, shown: str) -> Callable[[int], None]:
        def run(count: int) -> None:
            lab.cell(cell)
            lab.page.evaluate(RUN_AGAIN, [cell, count, shown])
            lab.rest()

        return run

    # JupyterLab itself keeps something of each widget that it has shown, as of a label.
    _, of_labels = page.growth(run_again(1, ".widget-label"), 10, 40)
    warm, more = page.growth(run_again(0, ".bpviz-diagram"), 40, 160)
    assert more.bytes - 4 * of_labels.bytes <= 0.05 * warm.bytes
    assert more.nodes <= 0.05 * warm.nodes
    assert more.listeners <= 0.05 * warm.listeners

    # Old panels are gone from Python.
    assert page.live_panels() == "1"
