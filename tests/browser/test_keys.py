"""Keys while the focus is in a panel: which are the panel's, and which are Jupyter's."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser.jupyter import FrontEnd, Lab
from tests.browser.origins import OriginView
from tests.browser.panels import PanelView

PANEL = "import bpviz as bp\nbp.StepPanel(bp.presets.three_two_one())"

NOTEBOOK = """() => {
    const { content } = jupyterapp.shell.currentWidget;
    const sources = [...content.model.cells].map((cell) => [cell.type, cell.sharedModel.source]);
    return [sources, content.activeCellIndex, document.querySelectorAll(".jp-Dialog").length];
}"""

COUNT = "() => jupyterapp.shell.currentWidget.content.model.cells.get(0).executionCount"

LETTERS = [*"ddxabmyrzcvjkloi", "Shift+M", "Shift+A", "Shift+J", "Shift+L", "0", "0", "d", "d"]
"""What Jupyter deletes, inserts, merges, changes, moves and restarts with."""


@pytest.fixture(scope="module", params=["lab", "notebook"])
def front_end(request: pytest.FixtureRequest) -> FrontEnd:
    found: FrontEnd = request.param
    return found


@pytest.fixture(scope="module")
def opened(shared_lab: Lab, front_end: FrontEnd) -> Lab:
    """A notebook that these tests must not change, with a panel in the first of three cells."""
    shared_lab.scratch(PANEL, "1 + 1", "2 + 2", front_end=front_end)
    shared_lab.run_all()
    return shared_lab


@pytest.fixture
def panel(opened: Lab) -> PanelView:
    """The panel of that notebook, at its first step."""
    view = PanelView(opened.output(0))
    view.start("Unit")
    return view


@pytest.fixture
def changed(opened: Lab, front_end: FrontEnd) -> Lab:
    """Such a notebook for a test that changes it; these tests come last."""
    opened.scratch(PANEL, "1 + 1", "2 + 2", front_end=front_end)
    opened.run_all()
    return opened


def notebook(page: Page) -> Any:
    """Return what the notebook consists of, which cell is active, and how many dialogs are open."""
    return page.evaluate(NOTEBOOK)


def test_after_a_click_on_a_control_no_key_changes_the_notebook(panel: PanelView) -> None:
    page, keyboard = panel.page, panel.page.keyboard
    panel.press("Forward")
    before = notebook(page)
    for key in LETTERS:
        keyboard.press(key)
    assert notebook(page) == before

    panel.expect_place(1)
    for key, place in [("ArrowRight", 2), ("ArrowRight", 3), ("ArrowLeft", 2), ("Enter", 3)]:
        keyboard.press(key)
        panel.expect_place(place)
    keyboard.press("3")
    expect(panel.root.get_by_role("radio", name="Term")).to_be_checked()
    keyboard.press("1")
    expect(panel.root.get_by_role("radio", name="Layer")).to_be_checked()
    for key in ["ArrowUp", "ArrowDown", "PageDown"]:
        keyboard.press(key)
    assert notebook(page) == before
    expect(panel.button("Forward")).to_be_focused()


def test_escape_goes_one_level_out_and_in_the_end_to_the_cell(panel: PanelView) -> None:
    page, keyboard = panel.page, panel.page.keyboard
    cell = page.locator(".jp-Notebook .jp-Cell").first
    panel.press("Forward")
    before = notebook(page)
    keyboard.press("?")
    expect(panel.root.get_by_role("region", name="Help")).to_contain_text("up to the cell; there ↓")
    keyboard.press("Escape")
    expect(panel.root.get_by_role("region", name="Help")).to_have_count(0)
    expect(panel.button("Forward")).to_be_focused()
    keyboard.press("Escape")
    expect(panel.root).to_be_focused()
    for key in LETTERS:
        keyboard.press(key)
    assert notebook(page) == before
    keyboard.press("Escape")
    expect(cell).to_be_focused()
    assert notebook(page) == before
    assert page.evaluate("() => jupyterapp.shell.currentWidget.content.mode") == "command"
    keyboard.press("j")
    assert notebook(page)[1] == 1
    keyboard.press("k")
    keyboard.press("Enter")
    assert page.evaluate("() => jupyterapp.shell.currentWidget.content.mode") == "edit"


@pytest.mark.parametrize("name", ["Help", "Settings", "Depth", "Slider", "Number", "Panel", "Code"])
def test_no_control_lets_a_key_through(panel: PanelView, name: str) -> None:
    root, page = panel.root, panel.page
    control = {
        "Help": root.get_by_role("button", name="Help", exact=True),
        "Settings": root.get_by_role("button", name="Settings", exact=True),
        "Depth": root.get_by_role("radio", name="Layer"),
        "Slider": panel.slider,
        "Number": root.locator('.bpviz-diagram [data-ref="x[0]"]'),
        "Panel": root,
        "Code": root.get_by_role("group", name="Code"),
    }[name]
    if name == "Code":
        panel.open_tab("Code")
    panel.press("Forward")
    before = notebook(page)
    control.evaluate("(node) => { node.tabIndex = Math.max(node.tabIndex, -1); node.focus(); }")
    expect(control).to_be_focused()
    # From the panel itself Escape goes to the cell, from all else into the panel.
    close = [] if name == "Panel" else ["Escape"]
    for key in [*LETTERS, "ArrowDown", "ArrowUp", "j", "k", "Enter", *close, "3", "d", "d"]:
        page.keyboard.press(key)
    assert notebook(page) == before
    expect(root.get_by_role("radio", name="Term")).to_be_checked()


def test_a_number_is_typed_and_taken_back_without_touching_the_cells(changed: Lab) -> None:
    panel = PanelView(changed.output(0))
    changed.command("notebook:insert-cell-below")
    origin = OriginView(panel)
    origin.open_field("W1[0,1]")
    field = panel.root.get_by_role("spinbutton")
    field.click()
    before = notebook(panel.page)
    keyboard = panel.page.keyboard
    for key in ["Control+a", "3", ".", "0", "x", "Backspace", "Enter"]:
        keyboard.press(key)
    weight = panel.root.locator('.bpviz-diagram [data-ref="W1[0,1]"]')
    expect(weight).to_contain_text("3")
    keyboard.press("Control+z")
    keyboard.press("Escape")
    panel.key("Control+z")
    expect(weight).to_contain_text("0.1")
    assert notebook(panel.page) == before


def is_saved(response: Response) -> bool:
    return response.request.method == "PUT" and "/api/contents/scratch.ipynb" in response.url


def test_keys_that_a_panel_does_not_use_reach_jupyter(changed: Lab) -> None:
    lab, panel = changed, PanelView(changed.output(0))
    page, forward = panel.page, panel.button("Forward")
    forward.click()
    saved = lab.server.root / "scratch.ipynb"
    assert json.loads(saved.read_text())["cells"][1]["outputs"] == []
    with page.expect_response(is_saved):
        page.keyboard.press("Control+s")
    assert json.loads(saved.read_text())["cells"][1]["outputs"] != []
    expect(forward).to_be_focused()
    panel.key("ArrowRight")
    panel.expect_place(2)

    page.keyboard.press("Control+Shift+C")
    expect(page.locator("#command-palette input, #modal-command-palette input")).to_be_focused()
    page.keyboard.press("Escape")

    count = lab.page.evaluate(COUNT)
    PanelView(lab.output(0)).key("Shift+Enter")
    page.wait_for_function(f"(count) => ({COUNT})() > count", arg=count)
    lab.wait_for_kernel()
    assert notebook(page)[1] == 1


BRIGHT = "(root) => Number(getComputedStyle(root).color.match(/\\d+/)[0]) > 128"


def test_a_run_goes_on_and_has_the_theme_of_the_page(shared_lab: Lab, front_end: FrontEnd) -> None:
    shared_lab.scratch(
        "import bpviz as bp\nrun = bp.TrainingPanel(bp.presets.xor())\nrun", front_end=front_end
    )
    shared_lab.run_all()
    panel = shared_lab.output(0)
    panel.get_by_role("button", name="One epoch").click()
    expect(panel.locator(".bpviz-status")).to_contain_text("501 epochs made")
    assert shared_lab.ask("print(run.history.epochs)") == "501"
    for theme, of_the_system in (("dark", "light"), ("light", "dark")):
        shared_lab.use_theme(theme)
        shared_lab.page.emulate_media(color_scheme=of_the_system)  # type: ignore[arg-type]
        expect(panel.locator(".bpviz-curve")).to_be_visible()
        root = panel.locator(".bpviz")
        assert root.evaluate(BRIGHT) == (theme == "dark")
    shared_lab.page.emulate_media(color_scheme="light")
