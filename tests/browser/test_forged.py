"""Notebooks that somebody has forged: nothing of them is run, is more than text, or hangs."""

from typing import Any
from urllib.parse import quote

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output
from playwright.sync_api import expect

from bpviz.panels.kept import SAVED
from tests.browser.jupyter import NOTEBOOK_METADATA, FrontEnd, Lab
from tests.browser.panels import PanelView
from tests.forging import ATTACK, CANNOT, FORGED, TOO_LARGE, forged_panels

DRAWING = (
    f"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9' onload='{FORGED}'>"
    f"<script>{FORGED}</script></svg>"
)


def notebook_of(*cells: list[Any]) -> NotebookNode:
    """Return a notebook with panels in cells, beside which stands HTML that would do something."""
    address = f"data:image/svg+xml,{quote(DRAWING)}"
    html = f'{ATTACK}<img src="{address}" onload="{FORGED}"><script>{FORGED}</script>'
    words = {"text/plain": ATTACK, "text/html": html}
    outputs = (
        [new_output("display_data", {SAVED: one, **words}) for one in cell] for cell in cells
    )
    made = [new_code_cell(outputs=of_cell) for of_cell in outputs]
    return new_notebook(cells=made, metadata=NOTEBOOK_METADATA)


def use(panel: PanelView) -> None:
    """Step, and open what can be opened."""
    panel.key("End", "ArrowLeft", "ArrowRight")
    for name in ("Settings", "Help"):
        for button in panel.root.get_by_role("button", name=name, exact=True).all():
            # Very long words may lie over it.
            button.dispatch_event("click")


FOREIGN = ":is(.bpviz, .jp-OutputArea-output) :is(" + (
    "script, iframe, object, embed, link, [onerror], [onload], [onclick], "
    "img:not([src^='data:image/svg']), a:not([href^='#']))"
)


def expect_harmless(lab: Lab, cell: int) -> None:
    """Wait until a cell is painted, and look that nothing of it was run."""
    lab.painted()
    assert lab.page.evaluate("() => [window.forged, {}.forged]") == [None, None]
    assert lab.output(cell).locator(FOREIGN).count() == 0


@pytest.mark.parametrize("front_end", ["lab", "notebook"])
def test_nothing_of_a_forged_notebook_is_run_or_is_more_than_text(
    lab: Lab, front_end: FrontEnd
) -> None:
    forged = forged_panels()
    if front_end == "notebook":
        forged = {name: forged[name] for name in ("words", "words of a run", "a bomb", "too large")}
    dead = {name: one for name, one in forged.items() if one[1] in (CANNOT, TOO_LARGE)}
    alive = {name: one for name, one in forged.items() if name not in dead}
    cells = [[data for data, _ in dead.values()], *([data] for data, _ in alive.values())]
    nbformat.write(notebook_of(*cells), lab.server.root / "forged.ipynb")
    lab.open("forged.ipynb", front_end)
    outputs = lab.output(0).locator(".jp-OutputArea-child")
    for index, (name, (_, said)) in enumerate(dead.items()):
        expect(outputs.nth(index), name).to_contain_text(said)
    expect_harmless(lab, 0)
    for index, (name, (_, said)) in enumerate(alive.items(), 1):
        use(PanelView(lab.output(index)))
        expect(lab.output(index), name).to_contain_text(said)
        expect_harmless(lab, index)
    lab.page.evaluate("() => (jupyterapp.shell.currentWidget.context.model.dirty = false)")
