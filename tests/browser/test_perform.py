"""Somebody performs the backward pass, on a page without Python, by keyboard and by mouse."""

from pathlib import Path

from playwright.sync_api import Page, expect

import bpviz as bp
from tests.browser.panels import PanelView, place_of

EXAMPLE = bp.presets.three_two_one()


def test_the_backward_pass_is_performed_on_a_page(offline_page: Page, tmp_path: Path) -> None:
    file = bp.export.html(bp.StepPanel(EXAMPLE, perform=True), tmp_path / "perform.html")
    offline_page.set_viewport_size({"width": 1000, "height": 768})
    offline_page.goto(Path(file).as_uri())
    view = PanelView(offline_page.locator("#panel-1"))
    form = view.root.get_by_role("form", name="Your answer")
    said = view.root.locator(".bpviz-feedback")
    score = view.root.get_by_role("region", name="Questions")
    press = offline_page.keyboard.press

    view.expect_place(8)
    expect(view.root).to_contain_text("Which number can be computed now?")
    expect(score).to_have_text("Number 1 of 19Undo the last number")
    form.get_by_label("delta of unit 1 of layer 1").check()
    press("Enter")
    expect(said).to_have_text(
        "Not yet. δ1,1 is made from ∂L/∂h1,1 and f′(a1,1), which are not known yet."
    )
    form.get_by_label("derivative of the activation function at unit 1 of layer 2").check()
    press("Enter")
    # What an answer is told stands at its field, both in sight.
    for width, tabs in ((1000, 2), (600, 3)):
        offline_page.set_viewport_size({"width": width, "height": 768})
        expect(view.root.locator(".bpviz-tabs label")).to_have_count(tabs)
        form.get_by_role("textbox").fill("0.485")
        press("Enter")
        expect(said).to_contain_text("0.485 is h2,1")
        field, told, play = (place_of(part) for part in (form, said, view.button("Play")))
        assert field["y"] - 60 < told["y"] < field["y"] + 40
        assert 0 < field["y"] < told["y"] + told["height"] <= play["y"] < 768
    form.get_by_role("textbox").fill("0.2498")
    press("Shift+Enter")
    expect(view.root.locator(".bpviz-settled")).to_have_text("✓ Right: f′(a2,1) = 0.2498")
    expect(score).to_contain_text("0 of 1 choices, 0 of 1 numbers")
    assert view.look()["s2[0]"] == "0.2498"

    # Done by the panel, and taken back: then it is asked again, and hidden.
    view.root.get_by_role("button", name="Do it for me").click()
    expect(score).to_contain_text("Number 3 of 19")
    assert view.look()["d2[0]"] == "−0.02873"
    view.root.get_by_role("button", name="Undo the last number").click()
    expect(score).to_contain_text("Number 2 of 19")
    assert view.look()["d2[0]"].startswith("?")

    for _ in range(18):
        view.root.get_by_role("button", name="Do it for me").click()
    expect(score).to_contain_text("All 19 numbers are there")
    expect(form).not_to_be_visible()
    view.key("End")
    view.expect_place(len(bp.StepPanel(EXAMPLE)))


# What of the focus rings of its controls a box cuts off where it scrolls, in pixels.
CUT_OFF = """(root) => [...root.querySelectorAll(".bpviz-ask :is(input, button)")].map((node) => {
    node.focus();
    const { outlineOffset, outlineWidth } = getComputedStyle(node);
    const ring = parseFloat(outlineOffset) + parseFloat(outlineWidth);
    const cuts = ({ overflowX }) => overflowX !== "visible";
    let box = node.parentElement;
    while (box !== root && !cuts(getComputedStyle(box))) box = box.parentElement;
    return box.getBoundingClientRect().left - (node.getBoundingClientRect().left - ring);
}).filter((pixels) => pixels > 0)"""


def test_no_focus_ring_is_cut_off_at_the_choices(offline_page: Page, tmp_path: Path) -> None:
    file = bp.export.html(
        bp.StepPanel(bp.worksheet(seed=101).trace, perform=True), tmp_path / "perform.html"
    )
    offline_page.set_viewport_size({"width": 966, "height": 768})
    offline_page.goto(Path(file).as_uri())
    view = PanelView(offline_page.locator("#panel-1"))
    view.key("End")
    expect(view.root.locator(".bpviz-ask")).to_be_visible()
    assert view.root.evaluate(CUT_OFF) == []
