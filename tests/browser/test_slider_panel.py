"""Sliders over a picture in JupyterLab: dragged with keys, the picture follows."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.jupyter import Lab
from tests.browser.test_saved import open_again, outputs, save

SLOPE = """import bpviz as bp

def ball(weight, steps):
    return bp.plot.slope(lambda w: 0.5 * (2 * w - 3) ** 2, weight, steps=steps)

panel = bp.SliderPanel(ball, weight=(-1, 4, 0.5, 0.5), steps=(0, 20, 0, 1))
panel"""


IS_IN_SIGHT = """() => {
    const { top, bottom } = document.querySelector(".widget-vbox").getBoundingClientRect();
    const view = document.querySelector(".jp-WindowedPanel-outer").getBoundingClientRect();
    return top >= view.top - 1 && bottom <= view.bottom + 1;
}"""


def test_keys_move_a_slider_and_the_picture_follows(lab: Lab) -> None:
    lab.scratch(SLOPE, "panel.values")
    lab.run_all()
    output = lab.output(0)
    picture = output.locator("img")
    expect(picture).to_have_attribute("alt", "w = 0.5   loss 2   slope −4")
    first = picture.get_attribute("src")
    sliders = output.get_by_role("slider")
    expect(sliders).to_have_count(2)

    sliders.first.press("ArrowRight")
    expect(picture).to_have_attribute("alt", "w = 1   loss 0.5   slope −2")
    assert picture.get_attribute("src") != first
    sliders.last.press("ArrowRight")
    expect(picture).to_have_attribute("alt", re.compile(r"^after 1 step:   w = 1\.2 "))
    assert lab.answer("dict(panel.values)") == "{'weight': 1.0, 'steps': 1}"
    lab.screenshot("slider-panel", output)
    assert lab.errors() == []


def test_where_no_picture_can_be_drawn_it_is_said_below_the_last_one(lab: Lab) -> None:
    lab.scratch(SLOPE.replace("(ball,", "(lambda weight, steps: ball(1 / weight, steps),"))
    lab.run_all()
    output = lab.output(0)
    picture, said = output.locator("img"), output.get_by_role("alert")
    slider = output.get_by_role("slider").first
    slider.press("ArrowLeft")
    expect(said).to_contain_text("draw failed with ZeroDivisionError")
    expect(picture).to_have_attribute("alt", re.compile("^w = 2 "))
    lab.screenshot("slider-panel-error", output)
    slider.press("ArrowRight")
    slider.press("ArrowRight")
    expect(picture).to_have_attribute("alt", re.compile("^w = 1 "))
    expect(said).to_be_hidden()


NO_KERNEL = "No kernel draws for these sliders any more. To move the picture, run the cell again."
LEFT = (
    "These are sliders over a picture, which Python draws. They were left at weight 1, steps 0. "
    "Run the cell again to move them."
)


def test_without_its_kernel_the_picture_stays_as_it_was_left_until_the_cell_is_run(
    lab: Lab,
) -> None:
    lab.scratch(SLOPE, "panel.values")
    lab.run_all()
    output = lab.output(0)
    output.get_by_role("slider").first.press("ArrowRight")
    picture = output.locator("img")
    expect(picture).to_have_attribute("alt", re.compile("^w = 1 "))
    lab.restart_kernel()
    expect(output.get_by_role("alert")).to_have_text(NO_KERNEL)
    lab.screenshot("slider-panel-without-kernel", output)
    expect(picture).to_have_attribute("alt", re.compile("^w = 1 "))
    save(lab)
    data = outputs(lab)[0]["data"]
    assert data["text/plain"] == ["SliderPanel(weight 1, steps 0)"]

    open_again(lab)
    output = lab.output(0)
    expect(output).to_contain_text(LEFT)
    expect(picture).to_have_attribute("alt", re.compile("^w = 1 "))
    assert picture.evaluate("(image) => image.naturalWidth") == 640
    lab.page.mouse.move(0, 0)
    lab.screenshot("slider-panel-opened-again", output)
    assert lab.errors() == []
    lab.run_all()
    slider = output.get_by_role("slider").first
    slider.press("ArrowRight")
    expect(picture).to_have_attribute("alt", re.compile("^w = 1 "))
    assert lab.answer("dict(panel.values)") == "{'weight': 1.0, 'steps': 0}"
    expect(output.get_by_role("alert")).to_be_hidden()
    # A kernel that is shut down says nothing: a slider that is moved finds it out.
    lab.stop_kernel()
    with lab.page.expect_console_message(lambda one: "Could not send widget" in one.text):
        slider.press("ArrowRight")
    lab.problems.clear()  # It was ipywidgets that complained, of the slider.
    expect(output.get_by_role("alert")).to_have_text(NO_KERNEL)


def test_a_cell_that_is_run_again_leaves_one_panel(lab: Lab) -> None:
    lab.scratch(SLOPE)
    lab.run_all()
    lab.run_all()
    expect(lab.output(0).get_by_role("slider")).to_have_count(2)
    assert lab.errors() == []


@pytest.mark.parametrize("part", [".noUi-handle", ".widget-readout"])
def test_escape_leads_from_the_sliders_to_their_cell(lab: Lab, part: str) -> None:
    lab.scratch(SLOPE, "1 + 1")
    lab.run_all()
    keyboard = lab.page.keyboard
    lab.shown(0, part).focus()
    for key in ["d", "d", "a", "x"]:
        keyboard.press(key)
    keyboard.press("Escape")
    expect(lab.page.locator(".jp-Notebook .jp-Cell").first).to_be_focused()
    keyboard.press("j")
    active = "({ content }) => [content.widgets.length, content.activeCellIndex]"
    assert lab.page.evaluate(f"() => ({active})(jupyterapp.shell.currentWidget)") == [2, 1]


def test_a_panel_that_was_just_made_is_in_sight_with_its_sliders(lab: Lab) -> None:
    texts = "\n".join(f"# {line}" for line in range(30))
    lab.resize(1366, 768)
    lab.scratch(texts, SLOPE, texts, texts)
    lab.command("notebook:move-cursor-down")
    lab.page.keyboard.press("Shift+Enter")
    lab.wait_for_kernel()
    panel = lab.page.locator(".jp-Notebook .widget-vbox")
    expect(panel.locator("img")).to_be_visible()
    lab.page.wait_for_function(IS_IN_SIGHT)
