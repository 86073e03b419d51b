"""Numbers changed in JupyterLab: typed, stepped, dragged, refused, undone, and set from Python."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import expect

import bpviz as bp
from bpviz.explain.numbers import number_text, told_apart
from tests.browser.jupyter import THREADS, Frame, Lab, Threads
from tests.browser.origins import OriginView
from tests.browser.panels import PanelView

CELLS = [
    "import bpviz as bp\npanel = bp.StepPanel(bp.presets.three_two_one(), cursor=34)\npanel",
    "",
]
EXAMPLE = bp.presets.three_two_one()


@pytest.fixture(scope="module")
def opened(shared_lab: Lab) -> Lab:
    """A notebook with a panel of the first lecture, which the tests share."""
    shared_lab.resize(1700, 1300)
    shared_lab.scratch(*CELLS)
    shared_lab.run_all()
    return shared_lab


@pytest.fixture
def panel(opened: Lab) -> Iterator[PanelView]:
    """The panel as it is at first, all its steps done."""
    view = PanelView(opened.output(0))
    view.key("2", "End")
    yield view
    # Where nothing is open Escape leaves the panel.
    for keys in (["Escape"], ["Escape"], ["2", "End"]):
        view.key(*keys)
    reset = view.button("Reset to the example", "Changes")
    if reset.get_attribute("aria-disabled") != "true":
        reset.click()
    expect_shown(view, 0.5, EXAMPLE.network.layers[0].weights)


def expect_shown(panel: PanelView, rate: float, weights: object, x: object = None) -> bp.Trace:
    """Wait until every view shows the update with these numbers; return it."""
    layers = EXAMPLE.network.layers
    network = bp.Network([bp.Layer(weights, layers[0].bias, layers[0].activation), layers[1]])
    inputs = EXAMPLE.inputs[0] if x is None else x
    rule = replace(EXAMPLE.rule, learning_rate=rate)
    trace = bp.backprop(network, inputs, EXAMPLE.targets[0], rule)
    for view, ref in {"diagram": "nW1[0,1]", "matrices": "nb2[0]", "code": "nb2[0]"}.items():
        shown = panel.root.locator(f'[data-view={view}] [data-ref="{ref}"]').first
        arrow = "→ " if view == "diagram" else ""
        if view == "code":
            expect(shown).to_be_attached()
        else:
            expect(shown).to_have_text(f"{arrow}{told_apart(trace[ref[1:]], trace[ref])[1]}")
    expect(panel.root.locator('.bpviz-diagram [data-ref="h2[0]"]')).to_have_text(
        number_text(trace["h2[0]"])
    )
    return trace


def changed(row: int, column: int, value: float) -> object:
    """Return the first layer's weights with one changed."""
    weights = EXAMPLE.network.layers[0].weights.copy()
    weights[row, column] = value
    return weights


def edits(frames: list[Frame]) -> list[float]:
    """List the values that were asked for, in order."""
    found = []
    for frame in frames:
        if frame.direction == "sent" and '"edit"' in frame.text:
            text = frame.text[frame.text.index('{"method"') :]
            content = json.JSONDecoder().raw_decode(text)[0]
            found.append(content["content"]["value"])
    return found


def test_a_number_or_a_fraction_is_typed_and_every_view_follows(
    opened: Lab, panel: PanelView
) -> None:
    origin = OriginView(panel)
    origin.open_field("W1[0,1]")
    expect(origin.field).to_be_focused()
    for text, value in {"1/3": 1 / 3, "-0.25": -0.25, "1e-3": 1e-3, "0,75": 0.75}.items():
        origin.type(text)
        trace = expect_shown(panel, 0.5, changed(0, 1, value))
        assert origin.field.input_value().replace("−", "-") == repr(value)
    code = panel.root.locator(".bpviz-script")
    expect(code).to_contain_text("W1 = np.array([[0.5, 0.75, 0.1], [-0.6, -0.2, 0.7]])")
    asked = 'print(panel.trace["W1[0,1]"], panel.trace["h2[0]"])'
    assert opened.answer(asked).split() == ["0.75", str(trace["h2[0]"])]


def test_after_a_double_click_a_number_can_be_typed_at_once(panel: PanelView) -> None:
    panel.root.locator('.bpviz-diagram [data-ref="W1[0,1]"]').dblclick()
    panel.page.keyboard.type("0.3")
    panel.page.keyboard.press("Enter")
    expect_shown(panel, 0.5, changed(0, 1, 0.3))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("seven", "“seven” is not a number. Write one such as 0.25, -1e-3 or 1/3."),
        ("1/0", "1/0 is not a finite number."),
        ("", "“” is not a number."),
        ("<b>1</b>", "“<b>1</b>” is not a number."),
    ],
)
def test_what_is_not_a_number_is_refused_in_place(
    opened: Lab, panel: PanelView, text: str, why: str
) -> None:
    origin = OriginView(panel)
    origin.open_field("x[0]")
    with opened.recorded_frames() as frames:
        origin.type(text)
        expect(origin.change.locator(".bpviz-refusal")).to_contain_text(why)
        expect(origin.field).to_have_attribute("aria-invalid", "true")
        expect(origin.field).to_have_value(text)
        assert opened.violations(panel.root) == []
        origin.field.press("Escape")
    assert frames == []
    expect(origin.field).to_have_value("0.5")
    expect_shown(panel, 0.5, EXAMPLE.network.layers[0].weights)


def test_arrow_keys_change_a_number_and_changes_are_undone_and_redone(
    panel: PanelView,
) -> None:
    origin = OriginView(panel)
    keyboard = panel.page.keyboard
    origin.open_field("W1[0,1]")
    for key, value in {"ArrowUp": 0.11, "Shift+ArrowUp": 0.21, "Alt+ArrowDown": 0.209}.items():
        keyboard.press(key)
        expect_shown(panel, 0.5, changed(0, 1, value))
    keyboard.press("Escape")
    panel.root.focus()
    for key, value in {"Control+z": 0.21, "Control+Shift+Z": 0.209}.items():
        keyboard.press(key)
        expect_shown(panel, 0.5, changed(0, 1, value))
    for name, value in {
        "Undo": 0.21,
        "Redo": 0.209,
        "Reset to the example": 0.1,
    }.items():
        panel.press(name, group="Changes")
        expect_shown(panel, 0.5, changed(0, 1, value))
    panel.press("Undo", group="Changes")
    expect_shown(panel, 0.5, changed(0, 1, 0.209))


def test_of_a_fast_drag_the_last_value_wins_and_it_is_one_change(
    opened: Lab, panel: PanelView
) -> None:
    origin = OriginView(panel)
    with opened.recorded_frames() as frames:
        origin.drag("x[2]", *[2] * 60, *[-4] * 10, 40)
        # It ends 120 px to the right of where it began: 30 steps of 0.01 from −0.2.
        expect(origin.number("x[2]")).to_have_text("−0.20.1")
    values = edits(frames)
    assert values[-1] == pytest.approx(0.1)
    assert 0 < len(values) < 71
    expect(origin.root.or_(origin.change)).to_have_count(0)
    expect_shown(panel, 0.5, EXAMPLE.network.layers[0].weights, [0.5, 0.1, 0.1])
    panel.press("Undo", group="Changes")
    expect(origin.number("x[2]")).to_have_text("−0.2")


def test_the_learning_rate_is_changed_like_any_number(panel: PanelView) -> None:
    origin = OriginView(panel)
    panel.button("η = 0.5 , the learning rate", "Changes").click()
    origin.type("-1")
    expect(origin.change.locator(".bpviz-refusal")).to_have_text(
        "The learning rate cannot be less than 0."
    )
    origin.type("2")
    expect_shown(panel, 2.0, EXAMPLE.network.layers[0].weights)


def test_python_sets_reads_and_observes_what_the_screen_shows(
    opened: Lab, panel: PanelView
) -> None:
    code = (
        "seen = []\n"
        "panel.observe(lambda change: seen.append((change.name, change.new)), "
        "['depth', 'cursor', 'selection'])\n"
        "panel.depth = 'term'\npanel.go('d1[0]')\n"
        "panel.trace = bp.backprop(panel.trace.network, [1, 0, 0], [1], bp.Rule(0.1))\n"
        "print(seen, panel.selection, panel.cursor)"
    )
    answer = opened.answer(code)
    assert "('selection', 'd1[0]')] d1[0] 26" in answer, answer
    panel.expect_place(26)
    assert panel.look()["x[0]"] == "1"
    panel.button("η = 0.1 , the learning rate", "Changes").wait_for()
    panel.choose("Unit")
    assert opened.answer("print(panel.depth, seen[-2:])").startswith("unit [('depth', 'unit')")
    opened.answer("panel.unobserve_all(); panel.reset(); print()")


def test_an_error_in_an_observing_function_appears_in_the_panel(
    opened: Lab, panel: PanelView
) -> None:
    opened.answer("panel.observe(lambda change: 1 / 0, 'cursor'); print('watching')")
    panel.key("Home")
    opened.cell(1).locator(".cm-content").click()
    alert = PanelView(opened.output(0)).root.get_by_role("alert")
    expect(alert).to_contain_text("ZeroDivisionError: division by zero")
    expect(alert).to_contain_text("correct the function and run its cell again")
    assert opened.violations(panel.root) == []
    alert.get_by_role("button", name="Dismiss").click()
    expect(alert).to_have_count(0)
    opened.answer("panel.unobserve_all(); print()")


@pytest.mark.parametrize("threads", THREADS)
def test_while_the_kernel_is_busy_an_edit_shows_at_once_and_is_told_to_python(
    opened: Lab, panel: PanelView, threads: Threads
) -> None:
    with opened.answered_by(threads):
        panel.key("2", "End")
        origin = OriginView(panel)
        origin.open_field("W1[0,1]")
        with opened.occupied_kernel():
            origin.type("0.3")
            expect_shown(panel, 0.5, changed(0, 1, 0.3))
            panel.page.keyboard.press("ArrowUp")
            expect_shown(panel, 0.5, changed(0, 1, 0.31))
            panel.press("Undo", group="Changes")
            expect_shown(panel, 0.5, changed(0, 1, 0.3))
            if threads == "a thread of its own":
                opened.wait_for_answers()
            else:
                assert opened.unanswered() > 0
        assert opened.answer('print(panel.trace["W1[0,1]"])').strip() == "0.3"
        expect_shown(panel, 0.5, changed(0, 1, 0.3))


def test_without_a_kernel_numbers_are_changed_undone_and_checked_all_the_same(
    opened: Lab,
) -> None:
    opened.kill_kernel()
    panel = PanelView(opened.output(0))
    panel.key("End")
    origin = OriginView(panel)
    origin.open_field("W1[0,1]")
    origin.type("0.3")
    trace = expect_shown(panel, 0.5, changed(0, 1, 0.3))
    expect(origin.change).to_contain_text("This panel belongs to a kernel that was restarted")
    origin.open_further()
    origin.root.get_by_role("button", name="Check").click()
    expect(origin.root.get_by_role("status")).to_contain_text("They agree")
    gradient = number_text(trace["gW1[0,1]"])
    expect(origin.root.get_by_role("row", name="Backward pass")).to_contain_text(gradient)
    panel.press("Reset to the example", group="Changes")
    expect_shown(panel, 0.5, EXAMPLE.network.layers[0].weights)
    panel.press("Undo", group="Changes")
    expect_shown(panel, 0.5, changed(0, 1, 0.3))
    said = origin.ask("a1[0]", "Used for")
    assert said.title == "aggregate of unit 1 of layer 1"
