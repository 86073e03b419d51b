"""A step panel as a page: numbers, samples and checks of gradients, each as Python has them."""

import re
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, expect

import bpviz as bp
from bpviz.explain.numbers import number_text
from tests.browser.origins import OriginView
from tests.browser.panels import PanelView
from tests.browser.test_editing import EXAMPLE, changed, expect_shown

WEIGHTS = EXAMPLE.network.layers[0].weights


def opened(page: Page, panel: bp.StepPanel, folder: Path) -> PanelView:
    page.goto(bp.export.html(panel, folder / "step.html").as_uri())
    return PanelView(page.locator("#panel-1"))


def test_what_is_typed_stepped_and_dragged_is_computed_undone_and_redone(
    offline_page: Page, tmp_path: Path
) -> None:
    panel = opened(offline_page, bp.StepPanel(EXAMPLE, cursor=34), tmp_path)
    origin = OriginView(panel)
    keyboard = offline_page.keyboard
    origin.open_field("W1[0,1]")
    origin.type("1/3")
    expect_shown(panel, 0.5, changed(0, 1, 1 / 3))
    origin.type("seven")
    expect(origin.change.locator(".bpviz-refusal")).to_contain_text("“seven” is not a number")
    # What is wrong goes first, then the field.
    keyboard.press("Escape")
    keyboard.press("Escape")
    expect(origin.change).to_have_count(0)
    expect_shown(panel, 0.5, changed(0, 1, 1 / 3))

    origin.open_field("W1[1,0]")
    for key, value in {"ArrowUp": -0.59, "Shift+ArrowUp": -0.49, "Alt+ArrowDown": -0.491}.items():
        keyboard.press(key)
        both = changed(0, 1, 1 / 3)
        both[1, 0] = value
        expect_shown(panel, 0.5, both)
    keyboard.press("Escape")
    panel.press("Undo", "Undo", "Undo", group="Changes")
    expect_shown(panel, 0.5, changed(0, 1, 1 / 3))

    # To the right by 60 pixels: 15 steps of 0.01 from −0.2, as one change.
    origin.drag("x[2]", *[2] * 30)
    x = [0.5, 0.1, -0.05]
    expect_shown(panel, 0.5, changed(0, 1, 1 / 3), x)
    panel.button("η = 0.5 , the learning rate", "Changes").click()
    origin.type("2")
    expect_shown(panel, 2.0, changed(0, 1, 1 / 3), x)

    keyboard.press("Escape")
    panel.root.focus()
    keyboard.press("Control+z")
    expect_shown(panel, 0.5, changed(0, 1, 1 / 3), x)
    panel.press("Undo", group="Changes")
    expect_shown(panel, 0.5, changed(0, 1, 1 / 3))
    panel.press("Redo", group="Changes")
    expect_shown(panel, 0.5, changed(0, 1, 1 / 3), x)
    panel.root.focus()
    keyboard.press("Control+Shift+Z")
    expect_shown(panel, 2.0, changed(0, 1, 1 / 3), x)
    panel.press("Reset to the example", group="Changes")
    expect_shown(panel, 0.5, WEIGHTS)
    panel.press("Undo", group="Changes")
    expect_shown(panel, 2.0, changed(0, 1, 1 / 3), x)


def test_each_sample_has_its_numbers(offline_page: Page, tmp_path: Path) -> None:
    xor = bp.presets.xor()
    view = opened(offline_page, bp.StepPanel(xor), tmp_path)
    view.key("End")
    chooser = view.root.get_by_role("combobox", name=re.compile("[Ss]ample"))
    for sample in (3, 1):
        chooser.select_option(str(sample))
        trace = bp.backprop(xor.network, xor.inputs[sample], xor.targets[sample], xor.rule)
        shown = view.look()
        for ref in ("x[0]", "x[1]", "y[0]", "a1[0]", "h2[0]"):
            assert shown[ref] == number_text(trace[ref]), (sample, ref)


def test_a_gradient_is_checked_with_every_epsilon(offline_page: Page, tmp_path: Path) -> None:
    panel = opened(offline_page, bp.StepPanel(EXAMPLE, cursor=34), tmp_path)
    origin = OriginView(panel)
    origin.open_field("W1[0,1]")
    origin.type("0.3")
    trace = expect_shown(panel, 0.5, changed(0, 1, 0.3))
    origin.open_further()
    origin.root.get_by_role("button", name="Check").click()
    sweep = bp.gradient_check(trace.network, trace.x, trace.y, EXAMPLE.rule).sweep("W1[0,1]")
    row = origin.root.get_by_role("row", name="Backward pass")
    expect(row).to_contain_text(number_text(sweep.analytic))
    circles = origin.root.locator(".bpviz-plot circle")
    expect(circles).to_have_count(len(sweep.epsilon))
    shown = circles.evaluate_all(
        "(all) => all.map(({ r, cy }) => [r, cy].map(VALUE))".replace(
            "VALUE", "(length) => length.baseVal.value"
        )
    )
    sizes, heights = np.array(shown).T
    # From 10 at the top to 10⁻¹³ at the bottom. Errors of rounding are the machine's own.
    bends = sweep.epsilon > 1e-3
    np.testing.assert_allclose(
        heights[bends], (1 - np.log10(sweep.relative_error[bends])) * 120 / 14, atol=0.1
    )
    best = int(np.argmax(sizes))
    assert heights[best] == heights.max()
    expect(origin.root).to_contain_text(f"The best ε is {number_text(sweep.epsilon[best])}, with")


def test_nothing_of_the_head_is_outside_of_a_panel_of_200_pixels(
    offline_page: Page, tmp_path: Path
) -> None:
    offline_page.set_viewport_size({"width": 254, "height": 600})
    panel = opened(offline_page, bp.StepPanel(EXAMPLE), tmp_path)
    head = panel.root.locator(".bpviz-header")
    end = head.bounding_box()
    assert end
    assert end["width"] <= 200
    for button in head.get_by_role("button").all():
        box = button.bounding_box()
        assert box
        assert box["x"] + box["width"] <= end["x"] + end["width"] + 0.5
