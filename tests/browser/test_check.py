"""The report on a learner's function, in JupyterLab."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.jupyter import Lab

LEARNER = """\
import numpy as np
import bpviz as bp

def backward(weights, biases, x, y):
    W1, W2 = weights
    b1, b2 = biases
    h1 = bp.sigmoid(W1 @ x + b1)
    h2 = bp.sigmoid(W2 @ h1 + b2)
    d2 = (h2 - y) * h2 * (1 - h2)
    d1 = W2.T @ d2
    return [np.outer(d1, x), np.outer(d2, h1)], [d1, d2]

bp.check(backward)
"""

STUCK = """\
def backward(weights, biases, x, y):
    while True:
        x = x + 1

bp.check(backward, seconds=0.5)
"""

BROKEN = """\
def backward(weights, biases, x, y):
    h1 = bp.sigmoid(weights[0] @ x)
    return h1 @ x

bp.check(backward)
"""

RIGHT = LEARNER.replace("d1 = W2.T @ d2", "d1 = W2.T @ d2 * h1 * (1 - h1)")


def report(lab: Lab, cell: int) -> Locator:
    region = lab.output(cell).get_by_role("region")
    region.wait_for()
    return region


def test_a_learner_opens_hint_after_hint_by_keyboard_alone(lab: Lab) -> None:
    lab.scratch(LEARNER)
    lab.run_all()
    region = report(lab, 0)
    assert "✗ Not yet: the first to differ is gW1" in region.inner_text()
    assert region.get_by_role("row", name="gW1[0,0]").inner_text().split() == [
        "gW1[0,0]",
        "−0.00143653",
        "−0.000354011",
    ]
    assert "hidden_derivative_missing" not in region.inner_text()
    hints = region.locator("details")
    assert hints.count() == 3
    hints.first.locator("summary").focus()
    for level in range(3):
        lab.page.keyboard.press("Enter")
        assert hints.nth(level).evaluate("node => node.open")
        lab.page.keyboard.press("Tab")
    text = region.inner_text()
    assert "d1 = e1 ∘ s1" in text
    assert "The derivative is missing in the hidden deltas (hidden_derivative_missing)" in text
    lab.screenshot("check")
    for theme in ("light", "dark", "high contrast"):
        lab.use_theme(theme)
        assert lab.violations(report(lab, 0)) == []
    assert lab.errors() == []


def test_whatever_a_function_does_the_cell_does_not_fail(lab: Lab) -> None:
    lab.scratch(LEARNER, STUCK, BROKEN, RIGHT)
    lab.run_all()
    assert "did not return within 0.5 seconds" in report(lab, 1).inner_text()
    assert "stopped in line 3 of the cell, return h1 @ x" in report(lab, 2).inner_text()
    assert "✓ Right: gW2, gb2, gW1 and gb1 agree" in report(lab, 3).inner_text()
    assert lab.errors() == []


def test_a_worksheet_is_shown_in_a_frame_of_its_own(lab: Lab) -> None:
    lab.scratch("import bpviz as bp\nbp.worksheet('Ada <b>', seed=7)")
    lab.run_all()
    frame = lab.output(0).frame_locator("iframe[title=worksheet]")
    frame.get_by_text("Backpropagation by hand: a 2-2-1 network").wait_for()
    assert "Name: Ada <b>" in frame.locator("header").inner_text().replace("\n", " ")
    assert frame.locator(".result").count() == 34
    lab.screenshot("worksheet")
    assert lab.errors() == []


def test_a_worksheet_that_keys_scroll_is_seen_to_have_the_focus(lab: Lab) -> None:
    lab.scratch("import bpviz as bp\nbp.worksheet('Ada', seed=7)")
    lab.run_all()
    frame = lab.output(0).locator("iframe[title=worksheet]")
    frame.content_frame.get_by_text("Backpropagation by hand").wait_for()
    lab.page.evaluate("() => jupyterapp.shell.currentWidget.content.activeCell.node.focus()")
    for _ in range(20):
        lab.page.keyboard.press("Tab")
        if frame.evaluate("(node) => node === document.activeElement"):
            break
    body = frame.content_frame.locator("body")
    ring = "(body) => getComputedStyle(body, '::after').borderTopStyle"
    assert body.evaluate(ring) == "solid"
    lab.page.keyboard.press("End")
    expect(frame.content_frame.locator("h1")).not_to_be_in_viewport()
