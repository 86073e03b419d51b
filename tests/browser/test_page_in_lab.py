"""A page as the output of a cell in JupyterLab: in a frame of its own, which keeps its keys."""

from playwright.sync_api import expect

from tests.browser.jupyter import Lab
from tests.browser.panels import PanelView

CELLS = [
    "import bpviz as bp\nbp.StepPanel(bp.presets.three_two_one()).page()",
    "'the cell below'",
]
NOTEBOOK = """() => {
    const { widgets, activeCellIndex, mode } = jupyterapp.shell.currentWidget.content;
    return [widgets.map(({ model }) => model.sharedModel.getSource()), activeCellIndex, mode];
}"""


def test_a_page_steps_by_key_and_by_mouse_and_no_key_reaches_the_notebook(lab: Lab) -> None:
    lab.resize(1500, 1000)
    lab.scratch(*CELLS)
    lab.run_all()
    output = lab.output(0)
    expect(output.locator("iframe")).to_have_attribute("sandbox", "allow-scripts")
    panel = PanelView(output.frame_locator("iframe").locator("body"))
    panel.press("Forward")
    panel.expect_place(1)
    before = lab.page.evaluate(NOTEBOOK)
    panel.key("ArrowRight", "ArrowRight")
    panel.expect_place(3)
    # To the notebook these are: a cell above, one below, another kind, cut, delete, the cell above.
    panel.key("a", "b", "m", "x", "d", "d", "k", "ArrowUp", "Shift+Enter", "End")
    panel.expect_place(34)
    assert panel.look()["h2[0]"] == "0.485"
    assert lab.page.evaluate(NOTEBOOK) == before
    assert before[0] == CELLS
