"""Notebooks that were saved: their panels are alive the next day, and nothing else in them is."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, expect

import bpviz as bp
from tests.browser.conftest import SCREENSHOTS, VIEWPORT
from tests.browser.jupyter import NOTEBOOK_METADATA, FrontEnd, Lab
from tests.browser.origins import OriginView
from tests.browser.panels import PanelView, TrainingView
from tests.browser.start import jupyterlab
from tests.browser.test_predict import PredictView

FRONT_ENDS: tuple[FrontEnd, ...] = ("lab", "notebook")
PANEL = "application/vnd.bpviz.panel+json"
STEP = "import bpviz as bp\npanel = bp.StepPanel(bp.presets.three_two_one())\npanel"
TRAINING = "bp.TrainingPanel(bp.presets.xor())"
LAB = "bp.BugLab(bp.presets.xor())"
ASKING = 'bp.StepPanel(bp.presets.three_two_one(), predict=["h1[0]", "d1[0]"])'
LONG = """
example = bp.presets.xor()
bp.TrainingPanel(
    bp.train(example.network, example.inputs, example.targets, example.corrected, epochs=5000)
)
"""
WIDE = """
import numpy as np
network = bp.Network.random([16, 32, 16, 4], ["relu", "relu", "identity"], seed=0)
bp.StepPanel(bp.backprop(network, np.ones(16), np.ones(4), bp.Rule(0.01)))
"""
TOO_WIDE = """
network = bp.Network.random([64, 64, 64, 10], ["relu", "relu", "identity"], seed=0)
bp.StepPanel(bp.backprop(network, np.ones(64), np.ones(10), bp.Rule(0.01)))
"""


def save(lab: Lab) -> None:
    # What is idle later packs what a panel has come to.
    for _ in range(3):
        lab.page.evaluate("() => new Promise((done) => requestIdleCallback(() => done()))")
        lab.rest()
    lab.command("docmanager:save")


def outputs(lab: Lab, name: str = "scratch.ipynb") -> list[dict[str, Any]]:
    """Return the outputs in a notebook, each of which takes up little, its pictures included."""
    cells = json.loads((lab.server.root / name).read_text())["cells"]
    every = [output for cell in cells for output in cell["outputs"]]
    sizes = [len(json.dumps(output["data"])) for output in every]
    assert max(sizes) <= 30_000
    return every


def forget_kernels(lab: Lab) -> None:
    """End all kernels, as when the server is started anew, and load the page again."""
    for session in lab.server.request("api/sessions"):
        lab.server.request(f"api/sessions/{session['id']}", "DELETE")


def open_again(lab: Lab, name: str = "scratch.ipynb", front_end: FrontEnd = "lab") -> None:
    """Open a notebook as on the next day."""
    if front_end == "lab":
        lab.close_all()
    forget_kernels(lab)
    lab.page.goto("about:blank")
    lab.open(name, front_end)


def edit(panel: PanelView, ref: str, value: str) -> None:
    origin = OriginView(panel)
    origin.open_field(ref)
    origin.type(value)
    panel.page.keyboard.press("Escape")


def weight(lab: Lab, index: int, ref: str) -> Locator:
    return lab.output(index).locator(f'.bpviz-diagram [data-ref="{ref}"]')


def test_a_saved_notebook_opens_with_its_panels_where_they_were_left(lab: Lab) -> None:
    lab.scratch(STEP, TRAINING)
    lab.run_all()
    step = PanelView(lab.output(0))
    step.start("Term")
    step.press("Forward", "Forward", "Forward")
    lab.cell(1)
    TrainingView(lab.output(1)).expect_chosen(500, 4)
    save(lab)
    for output in outputs(lab):
        assert len(json.dumps(output["data"])) <= 20_500

    # The kernel ends: what was live goes on from where it was left.
    lab.stop_kernel()
    PanelView(lab.output(0)).expect_place(3)

    lab.close_all()
    forget_kernels(lab)
    lab.page.goto("about:blank")
    lab.open("scratch.ipynb")
    step = PanelView(lab.output(0))
    step.expect_place(3)
    step.key("End")
    assert step.look()["h2[0]"] == "0.485"
    TrainingView(lab.output(1)).expect_chosen(500, 4)
    step = PanelView(lab.output(0))
    edit(step, "W1[0,2]", "0.7")
    step.press("Back", "Back")
    step.expect_place(55)
    lab.page.mouse.move(0, 0)
    save(lab)

    lab.open("scratch.ipynb")
    PanelView(lab.output(0)).expect_place(55)
    expect(weight(lab, 0, "W1[0,2]")).to_contain_text("0.7")
    # With Python again: the cell that is run has a live panel, without what was made without it.
    lab.run_all()
    expect(weight(lab, 0, "W1[0,2]")).to_have_text("0.1")
    step = PanelView(lab.output(0))
    step.key("ArrowRight")
    edit(step, "W1[0,1]", "0.3")
    expect(weight(lab, 0, "W1[0,1]")).to_have_text("0.10.3")
    lab.page.mouse.move(0, 0)
    lab.rest()
    known = lab.ask("print(panel.cursor, panel.trace['W1[0,1]'], panel.trace['W1[0,2]'])")
    assert known == "1 0.3 0.1"


# What stands in an output from now on, also what is taken away at once.
WATCH_OUTPUTS = """() => {
    window.drawn = [];
    new MutationObserver((changes) => {
        for (const { target, addedNodes } of changes) {
            if (!target.matches(".jp-OutputArea-output")) continue;
            drawn.push(...[...addedNodes].map((node) => node.className ?? node.data));
        }
    }).observe(document.body, { childList: true, subtree: true });
}"""


def test_while_a_live_panel_is_made_no_saved_one_takes_a_click_that_would_be_lost(
    lab: Lab,
) -> None:
    lab.scratch(f"import bpviz as bp\n{TRAINING}")
    lab.page.evaluate(WATCH_OUTPUTS)
    lab.run_all()
    TrainingView(lab.output(0))
    lab.rest()
    assert lab.page.evaluate("() => drawn") == ["Loading widget...", "lm-Widget"]


def test_a_picture_has_the_theme_of_the_page(lab: Lab) -> None:
    lab.scratch("import bpviz as bp\nbp.presets.xor()")
    lab.run_all()
    for theme, paper in (("light", (255, 255, 255)), ("dark", (26, 30, 36)), ("light", (255,) * 3)):
        lab.use_theme(theme)
        picture = lab.shown(0, "img")
        lab.painted()
        seen = Image.open(BytesIO(picture.screenshot())).convert("RGB")
        assert seen.getpixel((10, 60)) == paper


def test_a_picture_is_shown_in_a_notebook_that_is_not_trusted(lab: Lab) -> None:
    html = bp.presets.xor()._repr_mimebundle_()["text/html"]
    cell = {
        "cell_type": "code",
        "id": "a",
        "metadata": {},
        "execution_count": 1,
        "source": "",
        "outputs": [{"output_type": "display_data", "data": {"text/html": html}, "metadata": {}}],
    }
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": NOTEBOOK_METADATA, "cells": [cell]}
    (lab.server.root / "others.ipynb").write_text(json.dumps(notebook))
    lab.open("others.ipynb")
    picture = lab.shown(0, "img")
    assert picture.evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 700


def test_what_a_saved_panel_asks_is_asked_again_and_what_was_answered_is_not(lab: Lab) -> None:
    lab.scratch(f"import bpviz as bp\n{ASKING}", STEP)
    lab.run_all()
    asks = PredictView(lab.output(0))
    asks.start("Unit")
    asks.key("End")
    asks.type("0.56")
    expect(asks.settled).to_contain_text("Right")
    lab.page.mouse.move(0, 0)
    save(lab)

    open_again(lab)
    # The panel beside it, which asks nothing, has a module of its own.
    PanelView(lab.output(1)).key("End")
    asks = PredictView(lab.output(0))
    expect(asks.questions).to_contain_text("1 of 2 questions done · 1 right at the first try")
    asks.key("End")
    asks.type("0.5")
    expect(asks.feedback).to_contain_text("0.5")
    assert asks.look()["h1[0]"] == "0.5597"
    asks.type("0.000708")
    expect(asks.feedback).to_contain_text("The sign of the error is flipped.")
    asks.type("-0.000708")
    expect(asks.settled).to_contain_text("Right")
    lab.page.mouse.move(0, 0)
    save(lab)

    # What was answered without a kernel, too.
    open_again(lab)
    asks = PredictView(lab.output(0))
    expect(asks.questions).to_contain_text("2 of 2 questions done · 1 right at the first try")
    asks.key("End")
    assert asks.look()["d1[0]"] == "−0.000708"


@pytest.mark.parametrize("front_end", FRONT_ENDS)
def test_what_was_made_without_a_kernel_is_there_again(lab: Lab, front_end: FrontEnd) -> None:
    lab.scratch(STEP, TRAINING, front_end=front_end)
    lab.run_all()
    edit(PanelView(lab.output(0)), "W1[0,1]", "0.3")
    lab.cell(1)
    TrainingView(lab.output(1)).press("One epoch", group="Training")
    expect(lab.output(1)).to_contain_text("501 epochs made")
    save(lab)

    # What was changed shows with what it was before, and can be taken back.
    open_again(lab, front_end=front_end)
    expect(weight(lab, 0, "W1[0,1]")).to_have_text("0.10.3")
    edit(PanelView(lab.output(0)), "W1[0,1]", "0.7")
    expect(weight(lab, 0, "W1[0,1]")).to_have_text("0.10.7")
    expect(lab.output(1)).to_contain_text("501 epochs made")
    TrainingView(lab.output(1)).press("One epoch", group="Training")
    expect(lab.output(1)).to_contain_text("502 epochs made")
    TrainingView(lab.output(1)).root.get_by_role("button", name="Pin", exact=True).click()
    save(lab)
    assert len(outputs(lab)) == 2

    open_again(lab, front_end=front_end)
    expect(weight(lab, 0, "W1[0,1]")).to_have_text("0.10.7")
    lab.output(0).get_by_role("button", name="Undo", exact=False).click()
    expect(weight(lab, 0, "W1[0,1]")).to_have_text("0.1")
    expect(lab.output(1)).to_contain_text("502 epochs made")
    expect(lab.output(1)).to_contain_text("learning rate 0.01")


def test_a_long_run_and_a_wide_network_are_alive_again(lab: Lab) -> None:
    lab.scratch(STEP, LONG, WIDE, TOO_WIDE)
    lab.run_all()
    for index in range(4):
        lab.cell(index)
        PanelView(lab.output(index))
    save(lab)
    for output in outputs(lab):
        assert len(output["data"][PANEL].get("packed", "")) <= 26_000

    open_again(lab)
    expect(lab.output(1)).to_contain_text("5,000 epochs made")
    TrainingView(lab.output(1)).press("One epoch", group="Training")
    expect(lab.output(1)).to_contain_text("5,001 epochs made")
    edit(PanelView(lab.output(2)), "W1[0,1]", "0.7")
    expect(weight(lab, 2, "W1[0,1]")).to_contain_text("0.7")
    expect(lab.output(3)).to_contain_text("too large for a notebook to keep")
    expect(lab.output(3).locator("img")).to_be_visible()
    assert "model not found" not in lab.output(3).inner_text()
    lab.screenshot("too-large", lab.output(3))
    save(lab)
    assert len(outputs(lab)) == 4

    open_again(lab)
    expect(weight(lab, 2, "W1[0,1]")).to_contain_text("0.7")
    # A copy with another cell, and in another order, is not trusted.
    lab.page.evaluate("() => (jupyterapp.shell.currentWidget.content.activeCellIndex = 2)")
    lab.command("notebook:move-cell-up")
    save(lab)
    notebook = json.loads((lab.server.root / "scratch.ipynb").read_text())
    notebook["cells"][1]["source"] += "\n# changed"
    (lab.server.root / "copy.ipynb").write_text(json.dumps(notebook))

    for front_end in FRONT_ENDS:
        open_again(lab, "copy.ipynb", front_end)
        expect(weight(lab, 1, "W1[0,1]")).to_contain_text("0.7")
        expect(lab.output(2)).to_contain_text("5,001 epochs made")
        expect(lab.output(3)).to_contain_text("too large for a notebook to keep")


def change_each(lab: Lab, value: str) -> None:
    """Change a number, train for an epoch and switch a mistake, in the panels of three cells."""
    edit(PanelView(lab.output(0)), "W1[0,1]", value)
    expect(weight(lab, 0, "W1[0,1]")).to_contain_text(value)
    lab.cell(1)
    TrainingView(lab.output(1)).press("One epoch", group="Training")
    expect(lab.output(1)).to_contain_text("501 epochs made")
    lab.cell(2)
    flip = lab.output(2).get_by_role("checkbox", name="The sign of the error is flipped")
    flip.click()
    expect(flip).to_be_checked()
    expect(lab.output(2)).to_contain_text("16 of 23 registers differ")


def expect_changed(lab: Lab, value: str) -> None:
    expect(weight(lab, 0, "W1[0,1]")).to_contain_text(value)
    lab.cell(1)
    expect(lab.output(1)).to_contain_text("501 epochs made")
    lab.cell(2)
    flip = lab.output(2).get_by_role("checkbox", name="The sign of the error is flipped")
    expect(flip).to_be_checked()
    expect(lab.output(2)).to_contain_text("16 of 23 registers differ")


@contextmanager
def fresh_lab(home: Path, browser: Browser) -> Iterator[Lab]:
    """Start JupyterLab, a server of its own, in a browser that knows nothing; end both."""
    with jupyterlab(home) as server:
        context = browser.new_context(viewport=VIEWPORT, reduced_motion="reduce")
        lab = Lab(context.new_page(), server, SCREENSHOTS)
        yield lab
        context.close()
        assert lab.problems == []


def test_what_is_done_after_the_kernel_has_died_outlives_the_server(
    browser: Browser, tmp_path: Path
) -> None:
    with fresh_lab(tmp_path, browser) as lab:
        lab.scratch(STEP, TRAINING, LAB)
        lab.run_all()
        lab.kill_kernel()
        change_each(lab, "0.3")
        save(lab)
    with fresh_lab(tmp_path, browser) as lab:
        lab.open("scratch.ipynb", "notebook")
        expect_changed(lab, "0.3")
        TrainingView(lab.output(1)).press("One epoch", group="Training")
        expect(lab.output(1)).to_contain_text("502 epochs made")


@pytest.mark.parametrize("front_end", FRONT_ENDS)
def test_a_cell_that_is_moved_keeps_what_was_done_without_a_kernel(
    lab: Lab, front_end: FrontEnd
) -> None:
    lab.scratch(STEP, TRAINING, LAB, front_end=front_end)
    lab.run_all()
    save(lab)
    open_again(lab, front_end=front_end)
    change_each(lab, "0.7")
    for _ in range(2):
        lab.page.evaluate("() => (jupyterapp.shell.currentWidget.content.activeCellIndex = 2)")
        lab.command("notebook:move-cell-up")
        lab.page.evaluate("() => (jupyterapp.shell.currentWidget.content.activeCellIndex = 1)")
        lab.command("notebook:move-cell-down")
    lab.page.evaluate("() => (jupyterapp.shell.currentWidget.content.activeCellIndex = 0)")
    lab.command("notebook:move-cell-down")
    expect(weight(lab, 1, "W1[0,1]")).to_contain_text("0.7")
    lab.page.evaluate("() => (jupyterapp.shell.currentWidget.content.activeCellIndex = 1)")
    lab.command("notebook:move-cell-up")
    expect_changed(lab, "0.7")
    save(lab)
    open_again(lab, front_end=front_end)
    expect_changed(lab, "0.7")
