"""Panels whose kernel has died: what the page holds can still be stepped through."""

from playwright.sync_api import expect

import bpviz as bp
from bpviz.explain.numbers import number_text, told_apart
from tests.browser.jupyter import Lab
from tests.browser.panels import PanelView, TrainingView

STEP = "import bpviz as bp\nbp.StepPanel(bp.presets.three_two_one())"
TRAINING = """
example = bp.presets.xor()
bp.TrainingPanel(
    bp.train(example.network, example.inputs, example.targets, example.rule, epochs=3000)
)
"""


def test_steps_on_when_the_kernel_is_killed_and_when_it_is_gone(lab: Lab) -> None:
    lab.resize(1400, 1700)
    lab.scratch(STEP, TRAINING)
    lab.run_all()
    PanelView(lab.output(0)).key("ArrowRight")

    lab.kill_kernel()
    assert_steps_and_chooses(lab)
    assert_makes_what_it_does_not_hold(lab)
    lab.stop_kernel()
    assert_steps_and_chooses(lab)
    assert_makes_what_it_does_not_hold(lab)


def assert_steps_and_chooses(lab: Lab) -> None:
    step = PanelView(lab.output(0))
    step.start("Term")
    step.key("End")
    assert step.look()["h2[0]"] == "0.485"
    assert step.look()["nW1[1,0]"] == "→ −0.6005"
    step.press("Back", "Back")
    step.expect_place(55)
    step.press("First", "Forward")
    assert step.look()["a1[0]"] == "0.25"
    step.play_to(3)

    training = TrainingView(lab.output(1))
    training.click_curve(0.1)
    training.root.get_by_label("Update within the epoch").select_option(label="update 1")
    epoch, _, _ = training.chosen()
    assert abs(epoch - 301) <= 1
    training.open_steps()
    training.start("Unit")
    training.key("End")
    example = bp.presets.xor()
    run = bp.train(example.network, example.inputs, example.targets, example.rule, epochs=epoch)
    trace = run.trace(epoch - 1)
    assert training.look()["h2[0]"] == number_text(trace["h2[0]"])
    _, new = told_apart(trace["W2[0,1]"], trace["nW2[0,1]"])
    assert training.look()["nW2[0,1]"] == f"→ {new}"


def assert_makes_what_it_does_not_hold(lab: Lab) -> None:
    """Choose an update that the page does not hold, and go back to one that it does."""
    training = TrainingView(lab.output(1))
    training.press("Last update", group="Updates")
    example = bp.presets.xor()
    run = bp.train(example.network, example.inputs, example.targets, example.rule, epochs=3000)
    trace = run.trace(-1, -1)
    expect(training.root.locator('.bpviz-diagram [data-ref="h2[0]"]')).to_have_text(
        number_text(trace["h2[0]"])
    )
    training.press("First update", group="Updates")
    expect(training.root.locator('.bpviz-diagram [data-ref="x[0]"]')).to_have_text("1")


def test_says_whether_its_kernel_was_restarted_or_there_is_none(lab: Lab) -> None:
    lab.scratch(STEP, TRAINING)
    lab.run_all()
    lab.restart_kernel()
    panel = PanelView(lab.output(0))
    panel.root.locator('.bpviz-diagram [data-ref="W1[0,1]"]').click()
    expect(panel.root).to_contain_text("This panel belongs to a kernel that was restarted")
    lab.run_all()
    panel = PanelView(lab.output(0))
    panel.root.locator('.bpviz-diagram [data-ref="W1[0,1]"]').click()
    field = panel.root.get_by_role("spinbutton")
    expect(field).to_be_visible()

    lab.stop_kernel()
    field.press("ArrowUp")
    expect(panel.root.locator('.bpviz-diagram [data-ref="W1[0,1]"]')).to_have_text("0.10.11")
    expect(panel.root).to_contain_text("There is no kernel")
