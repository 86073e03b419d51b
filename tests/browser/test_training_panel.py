"""The training panel in JupyterLab: any update of a run, chosen on its loss curve."""

import re
from collections.abc import Sequence

import pytest
from playwright.sync_api import expect

import bpviz as bp
from bpviz.explain.numbers import number_text
from bpviz.explain.program import Program
from tests.browser.expected import Screen
from tests.browser.jupyter import Frame, Lab
from tests.browser.panels import TrainingView, place_of

EXAMPLE = bp.presets.xor()
RUN = bp.train(EXAMPLE.network, EXAMPLE.inputs, EXAMPLE.targets, EXAMPLE.rule, epochs=500)

# The second run has more updates than a page is sent at once.
CELLS = [
    "import bpviz as bp\nexample = bp.presets.xor()",
    "short = bp.TrainingPanel(example)\nshort",
    "history = bp.train(example.network, example.inputs, example.targets, example.rule, "
    "epochs=3000)\nlong = bp.TrainingPanel(history)\nlong",
    "",
]


@pytest.fixture(scope="module")
def opened(shared_lab: Lab) -> Lab:
    """A notebook with two runs, which the tests share."""
    shared_lab.resize(1400, 1000)
    shared_lab.scratch(*CELLS)
    shared_lab.run_all()
    return shared_lab


@pytest.fixture
def panel(opened: Lab) -> TrainingView:
    """The lecture's run of 500 epochs, at its first update, with nothing stepped yet."""
    panel = TrainingView(opened.output(1))
    panel.open_steps()
    panel.start("Unit")
    panel.close_steps()
    if panel.chosen()[:2] != (1, 1):
        panel.press("First update", group="Updates")
    return panel


def assert_shows(panel: TrainingView, history: bp.History, epoch: int, update: int) -> None:
    """Check every number on the screen against the history, each counted from 1."""
    trace = history.trace(epoch - 1, update - 1)
    screen = Screen(Program(trace.network, history.rule), trace)
    for step in screen.program.steps("unit"):
        screen.do(step)
    panel.open_steps()
    panel.key("End")
    seen = panel.look()
    assert seen.numbers == screen.numbers()
    assert panel.chosen() == (epoch, update, number_text(history.rmse[epoch - 1]))


def asked(frames: Sequence[Frame]) -> list[str]:
    """Return the kinds of what a panel asked Python, one after the other."""
    sent = [frame.text for frame in frames if frame.direction == "sent"]
    return [kind for text in sent for kind in re.findall(r'"kind":"(\w+)"', text)]


def test_a_finished_run_opens_at_its_end(opened: Lab) -> None:
    panel = TrainingView(opened.output(2))
    assert panel.chosen()[:2] == (3000, 4)
    expect(panel.root.locator(".bpviz-moment")).to_contain_text("Epoch 3,000:")


def test_a_click_on_the_curve_opens_that_very_update(opened: Lab, panel: TrainingView) -> None:
    # The loss of the lecture's first epoch; its first update is the lecture's own.
    assert panel.chosen() == (1, 1, "0.6391")
    assert_shows(panel, RUN, 1, 1)
    assert panel.look()["nW2[0,0]"] == "→ −0.1046"
    with opened.recorded_frames() as frames:
        for part in (0.25, 0.5, 0.9):
            panel.click_curve(part)
            epoch, update, _ = panel.chosen()
            assert abs(epoch - (1 + part * 499)) <= 1
            assert update == 1
            expect(panel.door).to_have_text(f"Step through epoch {epoch}, update 1 →")
            assert_shows(panel, RUN, epoch, update)
        # Past the end there is nothing more; the loss of the lecture's last epoch.
        panel.click_curve(0.9999)
        assert panel.chosen() == (500, 1, "0.5167")
    # An update comes with its surface and predictions, or alone where the steps are opened before.
    assert set(asked(frames)) <= {"views", "frames"}


def test_the_cursor_can_be_dragged(opened: Lab, panel: TrainingView) -> None:
    with opened.recorded_frames() as frames:
        opened.page.mouse.move(*panel.place_on_curve(0.2))
        opened.page.mouse.down()
        epochs = []
        for part in (0.3, 0.4, 0.6):
            opened.page.mouse.move(*panel.place_on_curve(part))
            epochs.append(panel.chosen()[0])
        opened.page.mouse.up()
        opened.page.mouse.move(*panel.place_on_curve(0.8))
        assert panel.chosen()[0] == epochs[-1]
    assert epochs == pytest.approx([151, 201, 300], abs=1)
    assert set(asked(frames)) == {"views"}


def test_pointing_at_the_curve_reads_it_out(opened: Lab, panel: TrainingView) -> None:
    readout = panel.root.locator(".bpviz-cursor-readout")
    opened.page.mouse.move(*panel.place_on_curve(0.5))
    expect(readout).to_have_text(re.compile(r"^epoch (250|251): 0\.5\d+$"))
    epoch = int(readout.inner_text().split()[1].rstrip(":"))
    assert readout.inner_text().endswith(number_text(RUN.rmse[epoch - 1]))
    assert panel.chosen()[:2] == (1, 1)
    opened.page.mouse.move(0, 0)
    expect(readout).to_have_count(0)


def test_buttons_and_chooser_go_from_update_to_update(opened: Lab, panel: TrainingView) -> None:
    panel.open_steps()
    with opened.recorded_frames() as frames:
        for button, (epoch, update) in {
            "Next update": (1, 2),
            "Last update": (500, 4),
            "Previous update": (500, 3),
            "First update": (1, 1),
        }.items():
            panel.press(button, group="Updates")
            panel.expect_chosen(epoch, update)
            assert_shows(panel, RUN, epoch, update)
        panel.root.get_by_label("Update within the epoch").select_option(label="update 4")
        panel.expect_chosen(1, 4)
        assert_shows(panel, RUN, 1, 4)
        panel.press("Next update", group="Updates")
        panel.expect_chosen(2, 1)
        assert_shows(panel, RUN, 2, 1)
    # The last updates came with the panel, those of the beginning all at once with the first.
    assert asked(frames) == ["frames"]


def test_a_fast_double_click_is_two_clicks_and_selects_no_word(
    opened: Lab, panel: TrainingView
) -> None:
    panel.root.get_by_role("button", name="Pin", exact=True).dblclick()
    unpin = panel.root.get_by_role("button", name=re.compile("^Remove pinned run"))
    expect(unpin).to_have_count(2)
    assert opened.page.evaluate("() => getSelection().toString()") == ""
    unpin.first.click()
    unpin.first.click()
    expect(unpin).to_have_count(0)


def test_steps_stay_where_they_are_when_another_update_is_chosen(panel: TrainingView) -> None:
    panel.open_steps()
    panel.key(*["ArrowRight"] * 6)
    before = panel.look()
    panel.close_steps()
    panel.press("Next update", group="Updates")
    panel.open_steps()
    seen = panel.look()
    assert seen.place == before.place == "Step 6 of 34"
    trace = RUN.trace(0, 1)
    assert seen["h2[0]"] == number_text(trace["h2[0]"]) != before["h2[0]"]
    assert seen["d2[0]"] == before["d2[0]"] == "not computed yet"


def test_the_steps_open_in_the_place_of_the_run_and_escape_leads_back(
    opened: Lab, panel: TrainingView
) -> None:
    keyboard = opened.page.keyboard
    panel.door.focus()
    keyboard.press("Enter")
    expect(panel.back).to_be_focused()
    expect(panel.curve).to_have_count(0)
    keyboard.press("ArrowRight")
    panel.expect_place(1)
    # What is open closes first.
    keyboard.press("?")
    expect(panel.root.get_by_role("region", name="Help")).to_be_visible()
    keyboard.press("Escape")
    expect(panel.slider).to_be_visible()
    keyboard.press("Escape")
    expect(panel.door).to_be_focused()
    expect(panel.slider).to_have_count(0)
    assert panel.chosen()[:2] == (1, 1)
    assert opened.answer("short.cursor, short.stepping") == "(1, False)"
    opened.answer("short.go('d2[0]'); short.stepping")
    panel = TrainingView(opened.output(1))
    expect(panel.slider).to_be_visible()
    panel.close_steps()


def test_the_curve_is_moved_along_by_keyboard(opened: Lab, panel: TrainingView) -> None:
    names = [name.partition(" of the ")[0] for name in panel.names_by_tab()]
    order = ["seed", "Settings", "Help", "Train 500 more", "Speed", "Reset"]
    order += ["Epoch on the curve", "First update", "Previous update", "Replay from here"]
    order += ["Next update", "Last update", "Update within the epoch"]
    # What chooses a view, and the view, which may have to be scrolled.
    order += ["Predictions", "Predictions"]
    assert [name for name in names if name in order] == order
    panel.open_steps()
    names = panel.names_by_tab()
    order = ["← Back to the run", "First update", "Last update", "Unit", "Help", "First", "Back"]
    order += ["Play", "Forward", "Last", "Step", "Speed"]
    assert [name for name in names if name in order] == order
    panel.close_steps()

    panel.curve.focus()
    for key, epoch in {
        "ArrowRight": 2,
        "ArrowUp": 3,
        "ArrowLeft": 2,
        "PageUp": 52,
        "PageDown": 2,
        "End": 500,
        "Home": 1,
    }.items():
        opened.page.keyboard.press(key)
        panel.expect_chosen(epoch, 1)
    expect(panel.curve).to_have_attribute("aria-valuetext", "epoch 1, RMSE during the epoch 0.6391")
    panel.button("Next update", group="Updates").focus()
    opened.page.keyboard.press("Enter")
    panel.expect_chosen(1, 2)
    panel.key("ArrowRight", "ArrowRight", "ArrowLeft")
    panel.expect_chosen(1, 3)
    panel.key("End")
    panel.expect_chosen(500, 4)
    # Shift+Tab leads there from the cell below.
    panel.root.get_by_role("region", name="Predictions", exact=True).focus()
    opened.page.keyboard.press("PageDown")
    panel.expect_chosen(450, 4)


def test_the_run_is_gone_through_again_from_the_cursor(panel: TrainingView) -> None:
    moment = panel.root.locator(".bpviz-moment")
    panel.click_curve(0.5)
    start = panel.chosen()[0]
    speed = panel.root.get_by_role("slider", name="Speed")
    speed.press("Home")
    expect(speed).to_have_attribute("aria-valuetext", "1 update/s")
    speed.press("End")
    speed.press("ArrowLeft")
    expect(speed).to_have_attribute("aria-valuetext", "100 epochs/s")
    panel.press("Replay from here", group="Updates")
    expect(panel.where).not_to_contain_text(f"Epoch {start} of")
    panel.press("Pause the replay", group="Updates")
    epoch, update, _ = panel.chosen()
    assert start < epoch <= 500
    what = f"Epoch {epoch}:" if update == 4 else f"Update {update} of epoch {epoch}:"
    expect(moment).to_contain_text(what)
    panel.key("Space")
    panel.expect_chosen(500, 4)
    expect(panel.button("Replay from here", group="Updates")).to_be_visible()
    expect(moment).to_contain_text("Epoch 500:")
    speed.press("End")


def test_the_curve_can_be_read_as_a_table(panel: TrainingView) -> None:
    table = panel.open_tab("The curve as a table")
    rows = [row.inner_text().split() for row in table.get_by_role("row").all()]
    assert rows[0] == ["epoch", "RMSE", "during", "the", "epoch"]
    assert rows[1] == ["1", "0.6391"]
    assert rows[-1] == ["500", "0.5167"]
    assert rows[1:] == [[epoch, number_text(RUN.rmse[int(epoch) - 1])] for epoch, _ in rows[1:]]
    panel.open_tab("Predictions")


def test_python_and_the_panel_agree_on_the_update(opened: Lab, panel: TrainingView) -> None:
    panel.press("Last update", group="Updates")
    said = opened.answer("short.frame, short.epoch, short.trace['h2'].round(4).tolist()")
    assert said == f"(1999, 499, {RUN.trace(499, 3)['h2'].round(4).tolist()})"
    opened.answer("short.frame = 5; short.frame")
    panel = TrainingView(opened.output(1))
    panel.expect_chosen(2, 2)


def test_an_update_that_the_page_does_not_hold_is_fetched_once(opened: Lab) -> None:
    history = bp.train(EXAMPLE.network, EXAMPLE.inputs, EXAMPLE.targets, EXAMPLE.rule, epochs=3000)
    panel = TrainingView(opened.output(2))
    panel.open_steps()
    panel.start("Unit")
    panel.button("First update", group="Updates").hover()
    with opened.recorded_frames() as frames:
        panel.press("First update", group="Updates")
        panel.expect_chosen(1, 1)
        expect(panel.slider).to_be_visible()
    [request] = [frame.text for frame in frames if frame.direction == "sent"]
    assert '"kind":"frames"' in request
    assert '"start":0' in request
    with opened.recorded_frames() as frames:
        assert_shows(panel, history, 1, 1)
        panel.press("Next update", group="Updates")
        assert_shows(panel, history, 1, 2)
    assert frames == []
    panel.close_steps()


def test_it_fits_on_the_screen_of_a_student(opened: Lab) -> None:
    opened.resize(1366, 768)
    panel = TrainingView(opened.output(1))
    heights = {}
    for tab in ("Predictions", "Weights", "Landscape", "The curve as a table"):
        view = panel.open_tab(tab)
        expect(view).not_to_contain_text("On its way")
        opened.rest()
        opened.screenshot(f"training-1366-{tab.split()[-1].lower()}", panel.root)
        heights[tab] = _height(panel)
    panel.open_steps()
    opened.screenshot("training-1366-steps", panel.root)
    heights["steps"] = _height(panel)
    panel.close_steps()
    panel.open_tab("Predictions")
    opened.resize(1400, 1000)
    assert max(heights.values()) <= 640, heights
    assert len({heights[tab] for tab in heights if tab != "steps"}) == 1, heights


def _height(panel: TrainingView) -> float:
    return place_of(panel.root)["height"]
