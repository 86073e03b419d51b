"""Training in the panel, in JupyterLab: it goes on by itself, and the kernel stays free."""

import re
import time
from dataclasses import replace

from playwright.sync_api import Locator, expect

import bpviz as bp
from bpviz.explain.numbers import number_text
from bpviz.explain.program import Program
from tests.browser.expected import Screen
from tests.browser.jupyter import Lab
from tests.browser.panels import TrainingView, place_of

XOR = bp.presets.xor()
# By the lecture's rule, a run diverges after forty thousand epochs.
REPORTS = 10
"""After so many it is known how much a run tells in a second."""
LONG = "panel.set(epochs=1_000_000, update='simultaneous', train_biases=True, mistakes=())"
PANEL = "import bpviz as bp\npanel = bp.TrainingPanel(bp.presets.xor())\npanel"


# Whether the mark on the landscape is at the end of the path.
AT_ITS_END = """(root) => {
    const view = root.querySelector(".bpviz-view-landscape");
    const { x, y } = [...view.querySelector(".bpviz-way").points].at(-1);
    const mark = view.querySelector("circle[r='3.6']");
    return Math.hypot(mark.cx.baseVal.value - x, mark.cy.baseVal.value - y) < 0.02;
}"""


def epochs_of(status: Locator) -> int:
    """Return how many epochs are made, as a panel says."""
    found = re.search(r"([\d,]+) epochs?", status.text_content() or "")
    assert found, status.text_content()
    return int(found[1].replace(",", ""))


def test_runs_pauses_and_starts_again(lab: Lab) -> None:
    lab.resize(1400, 1000)
    lab.scratch(PANEL, "1 + 1", "panel.history.epochs, panel.settings.learning_rate")
    lab.run_all()
    panel = TrainingView(lab.output(0))
    status = panel.root.locator(".bpviz-status")
    expect(status).to_have_text("500 epochs made, RMSE during the epoch 0.5167.")

    # Reset: nothing is made; one update, then the rest of its epoch.
    panel.press("Reset", group="Training")
    expect(status).to_contain_text("Nothing is trained yet")
    panel.press("One update", group="Training")
    expect(panel.where).to_contain_text("Epoch 1 of 1, update 1 of 4")
    expect(status).to_have_text("1 update made, of 4 in the first epoch.")
    panel.press("One epoch", group="Training")
    expect(status).to_have_text("1 epoch made, RMSE during the epoch 0.6391.")

    # The whole run again, compared with a pinned one.
    panel.press("Run", group="Training")
    expect(status).to_have_text("500 epochs made, RMSE during the epoch 0.5167.")
    panel.root.get_by_role("button", name="Pin", exact=True).click()
    expect(panel.root.get_by_role("list", name="Curves")).to_contain_text("500 epochs")
    rate = panel.root.get_by_role("textbox", name="learning rate η =")
    rate.fill("fast")
    rate.press("Enter")
    expect(panel.root.get_by_role("alert")).to_contain_text("give a number, 0 or greater")
    rate.fill("0,02")
    rate.press("Enter")
    expect(status).to_contain_text("Nothing is trained yet")
    # The settings open over the panel, and move nothing.
    before = place_of(panel.root)
    panel.root.get_by_role("button", name="Settings").click()
    panel.root.get_by_label("train the biases").click()
    assert place_of(panel.root) == before
    assert lab.violations(panel.root) == []
    panel.key("Escape")
    panel.press("Run", group="Training")
    expect(status).to_contain_text("500 epochs made")
    assert lab.violations(panel.root) == []
    lab.screenshot("live-light", panel.root)
    lab.use_theme("dark")
    lab.screenshot("live-dark", panel.root)
    panel.root.get_by_label("Logarithmic axis").check()
    lab.resize(600, 1600)
    lab.screenshot("live-600", panel.root)


def test_the_end_of_a_run_stays_when_the_panel_is_left(lab: Lab) -> None:
    lab.resize(1400, 1000)
    lab.scratch(PANEL, "1 + 1", "panel.frame")
    lab.run_all()
    panel = TrainingView(lab.output(0))
    for _ in range(3):
        panel.press("Reset", group="Training")
        panel.press("Run", group="Training")
        expect(panel.root.locator(".bpviz-status")).to_contain_text("500 epochs made")
        panel.expect_chosen(500, 4)
        lab.cell(1).locator(".cm-content").click()
        lab.rest()
        panel.expect_chosen(500, 4)
    lab.cell(2).click()
    lab.command("notebook:run-cell")
    expect(lab.output(2)).to_contain_text("1999")


def test_an_epoch_that_is_not_finished_is_counted_and_reached(lab: Lab) -> None:
    lab.resize(1400, 1000)
    lab.scratch(PANEL)
    lab.run_all()
    panel = TrainingView(lab.output(0))
    status, line = panel.root.locator(".bpviz-status"), panel.curve.locator(".bpviz-cursor-line")
    panel.press("Reset", group="Training")
    expect(panel.curve).to_have_attribute("aria-valuetext", "Nothing is trained yet.")
    expect(line).to_have_count(0)
    panel.press("One update", group="Training")
    expect(line).to_have_count(1)
    for _ in range(5):
        panel.press("One update", group="Training")
    expect(status).to_have_text("1 epoch and 2 updates made, RMSE during the epoch 0.6391.")
    panel.expect_chosen(2, 2)
    options = panel.root.get_by_label("Update within the epoch").locator("option")
    assert [one.is_enabled() for one in options.all()] == [True, True, False, False]
    for key in ("ArrowRight", "End"):
        panel.curve.press(key)
        panel.expect_chosen(2, 2)
    for name, value in {"now": "2", "max": "2", "text": "epoch 2, not finished"}.items():
        expect(panel.curve).to_have_attribute(f"aria-value{name}", value)
    panel.curve.press("ArrowLeft")
    panel.expect_chosen(1, 2)
    panel.root.get_by_label("Update within the epoch").select_option("4")
    panel.curve.press("End")
    panel.expect_chosen(2, 2)


def test_the_kernel_stays_free_and_pause_is_quick(lab: Lab) -> None:
    lab.resize(1600, 1500)
    lab.scratch(PANEL, LONG, "6 * 7")
    lab.run_all()
    panel = TrainingView(lab.output(0))
    status = panel.root.locator(".bpviz-status")
    path = panel.root.locator(".bpviz-view-landscape .bpviz-way").first
    panel.press("Run", group="Training")
    expect(status).to_contain_text("Training:")
    panel.open_tab("Landscape")
    # The way of the weights and the landscape grow with the run.
    expect(path).not_to_have_attribute("points", path.get_attribute("points") or "")
    panel.open_tab("Weights")
    ways = panel.root.locator(".bpviz-ways .bpviz-lines path").first
    expect(ways).not_to_have_attribute("d", ways.get_attribute("d") or "")
    panel.open_tab("Landscape")
    lab.screenshot("live-running", panel.root)
    expect(status).to_contain_text("Training:")
    lab.painted()
    epochs = epochs_of(status)
    before, started = len(lab.frames), time.perf_counter()
    lab.cell(2).click()
    lab.command("notebook:run-cell")
    expect(lab.output(2)).to_contain_text("42")
    panel = TrainingView(lab.output(0))
    for _ in range(REPORTS):
        expect(status).not_to_have_text(status.text_content() or "")
    frames, seconds = lab.frames[before:], time.perf_counter() - started
    panel.press("Pause training", group="Training")
    expect(status).not_to_contain_text("Training:")
    received = sum(frame.size for frame in frames if frame.direction == "received")
    losses = 8 * (epochs_of(status) - epochs)
    assert received - losses < 200_000 * seconds
    # At rest, they show the run to its end.
    where = re.match(r"Epoch (\S+) of \S+, update (\d) of 4\.", panel.where.inner_text())
    assert where
    epoch, update = where.groups()
    last = f"epoch {epoch}" if update == "4" else f"update {update} of epoch {epoch}"
    landscape = panel.root.locator(".bpviz-view-landscape").get_by_role("img")
    expect(landscape).to_have_attribute("aria-label", re.compile(f"The mark is at {last},"))
    lab.page.wait_for_function(AT_ITS_END, arg=panel.root.element_handle())


def test_a_slow_run_can_be_watched_and_made_faster(lab: Lab) -> None:
    lab.resize(1366, 768)
    lab.scratch(PANEL)
    lab.run_all()
    panel = TrainingView(lab.output(0))
    status = panel.root.locator(".bpviz-status")
    panel.press("Reset", group="Training")
    speed = panel.root.get_by_role("slider", name="Speed")
    speed.press("Home")
    speed.press("ArrowRight")
    expect(speed).to_have_attribute("aria-valuetext", "3 updates/s")
    panel.press("Run", group="Training")
    # Each update is seen by itself, and what the network answers after each epoch.
    for update in (2, 3, 4):
        expect(panel.where).to_contain_text(f"update {update} of 4")
    expect(panel.root.locator(".bpviz-moment")).to_contain_text(re.compile(r"Epoch \d+:"))
    speed.press("End")
    expect(status).to_have_text("500 epochs made, RMSE during the epoch 0.5167.")
    panel.press("Train 500 more", group="Training")
    expect(status).to_contain_text("1,000 epochs made")


def test_a_diverging_run_stops_and_its_last_update_opens(lab: Lab) -> None:
    lab.scratch(PANEL, "panel.set(learning_rate=1e6, mistakes=())")
    lab.run_all()
    panel = TrainingView(lab.output(0))
    panel.press("Run", group="Training")
    expect(panel.root.locator(".bpviz-stopped")).to_contain_text(
        "diverged in epoch 3, update 2: the loss of the sample became infinite. Try a smaller"
    )
    panel.expect_chosen(3, 2)
    panel.open_steps()
    panel.press("Last")
    expect(panel.root.locator(".bpviz-diagram")).to_contain_text("∞")


def test_data_that_diverge_at_once_open_a_panel_that_says_what_to_try(lab: Lab) -> None:
    lab.scratch(
        "import bpviz as bp\nxor = bp.presets.xor()\n"
        "run = bp.Run(xor.network, xor.inputs * 1e200, xor.targets, bp.Rule())\n"
        "run.advance(4)\nbp.TrainingPanel(run.history())"
    )
    lab.run_all()
    assert lab.errors() == []
    panel = TrainingView(lab.output(0))
    stopped = panel.root.locator(".bpviz-stopped")
    expect(stopped).to_contain_text("diverged in epoch 1, update 1")
    expect(stopped).to_contain_text("inputs and targets of about −1 to 1")
    lab.screenshot("live-diverged-at-once", panel.root)


def test_after_a_change_of_settings_the_untrained_network_is_seen(lab: Lab) -> None:
    lab.resize(1400, 1200)
    lab.scratch(PANEL, "panel.set(learning_rate=0.02)")
    lab.run_all()
    panel = TrainingView(lab.output(0))
    expect(panel.root).to_contain_text("Nothing is trained yet. Run makes 500 epochs.")
    expect(panel.root.locator(".bpviz-moment")).to_contain_text("Start: RMSE 0.5946")
    expect(panel.root.locator(".bpviz-view-surface canvas")).to_be_visible()
    expect(panel.root).to_contain_text("This is the untrained network")
    expect(panel.root).not_to_contain_text("does not exist")
    lab.screenshot("live-untrained-light", panel.root)
    lab.use_theme("dark")
    lab.screenshot("live-untrained-dark", panel.root)


def test_a_kernel_killed_in_mid_run_leaves_the_panel_usable(lab: Lab) -> None:
    lab.scratch(PANEL, LONG)
    lab.run_all()
    panel = TrainingView(lab.output(0))
    status = panel.root.locator(".bpviz-status")
    panel.press("One epoch", "Run", group="Training")
    expect(status).to_contain_text("Training:")
    lab.page.wait_for_function(
        "(where) => /^Epoch [\\d,]{3,}/.test(where.innerText)", arg=panel.where.element_handle()
    )
    lab.kill_kernel()
    # It says so in words, and does not pretend to go on by itself.
    expect(status).to_contain_text("Training ended with its kernel: ")
    expect(status).to_contain_text("Run goes on with it here.")
    expect(panel.button("Run", group="Training")).to_be_visible()

    # The newest update and the first are whole, and can be gone through.
    epoch, update = (
        int(part.replace(",", ""))
        for part in re.findall(r"(?<=Epoch |pdate )[\d,]+", panel.where.inner_text())
    )
    run = bp.Run(XOR.network, XOR.inputs, XOR.targets, XOR.corrected, record=10_000)
    run.advance(4 * (epoch - 1) + update)
    assert_steps_through(panel, run.history().trace(epoch - 1, update - 1))
    panel.press("First update", group="Updates")
    panel.expect_chosen(1, 1)
    assert_steps_through(panel, run.history().trace(0, 0))

    # The curve is still there to be scrubbed; what the page does not hold, it makes again.
    panel.click_curve(0.5)
    middle, update, _ = panel.chosen()
    assert 1 < middle < epoch
    assert_steps_through(panel, run.history().trace(middle - 1, update - 1))
    panel.close_steps()
    panel.press("Run", group="Training")
    expect(status).to_contain_text("Training:")
    panel.press("Pause training", group="Training")
    expect(status).to_contain_text("made")
    expect(status).not_to_contain_text("Training")
    panel.root.get_by_role("button", name="Settings").click()
    expect(panel.root.get_by_label("batch size")).to_be_disabled()
    panel.key("Escape")
    rate = panel.root.get_by_role("textbox", name="learning rate η =")
    rate.fill("0.02")
    rate.press("Enter")
    expect(status).to_contain_text("Nothing is trained yet")
    panel.press("One epoch", group="Training")
    again = bp.train(
        XOR.network, XOR.inputs, XOR.targets, replace(XOR.corrected, learning_rate=0.02), epochs=1
    )
    expect(status).to_have_text(
        f"1 epoch made, RMSE during the epoch {number_text(again.rmse[0])}."
    )
    assert lab.violations(panel.root) == []


def assert_steps_through(panel: TrainingView, trace: bp.Trace) -> None:
    """Check the numbers of an update at its first step and at its last."""
    screen = Screen(Program(trace.network, trace.rule), trace)
    panel.open_steps()
    panel.start("Unit")
    assert panel.look().numbers == screen.numbers()
    for step in screen.program.steps("unit"):
        screen.do(step)
    panel.key("End")
    assert panel.look().numbers == screen.numbers()
