"""The step panel in JupyterLab: the lectures' numbers on the screen, and nothing on the wire."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

import bpviz as bp
from bpviz.explain.program import Program
from tests.browser.expected import Screen
from tests.browser.jupyter import Lab
from tests.browser.panels import UNKNOWN, PanelView, Sight

PANELS = ["three_two_one", "xor"]

# Figures that the lectures print, to four significant digits.
FIRST_LECTURE = {
    "h1[0]": "0.5597",
    "h1[1]": "0.387",
    "h2[0]": "0.485",
    "nW1[0,0]": "→ 0.5002",
    "nW1[1,0]": "→ −0.6005",
    "nW2[0,0]": "→ 0.108",
    "nW2[0,1]": "→ −0.2944",
}
SECOND_LECTURE = {
    "a1[0]": "4.984",
    "a1[1]": "1.29",
    "h1[0]": "4.984",
    "h1[1]": "1.29",
    "a2[0]": "0.06257",
    "e2[0]": "−0.9374",
    "d2[0]": "−0.9374",
    "gW2[0,0]": "∂ −4.672",
    "gW2[0,1]": "∂ −1.21",
    "nW2[0,0]": "→ −0.1046",
    "nW2[0,1]": "→ −0.09112",
    "d1[0]": "0.09809",
    "d1[1]": "0.08542",
    "nW1[0,0]": "→ 0.9778",
    "nW1[0,1]": "→ 2.240",
    "nW1[1,0]": "→ 1.867",
    "nW1[1,1]": "→ −0.9781",
}
FIGURES = {"three_two_one": FIRST_LECTURE, "xor": SECOND_LECTURE}

Opener = Callable[[str], PanelView]


@pytest.fixture(scope="module")
def opened(shared_lab: Lab) -> Lab:
    """A notebook with a panel for each lecture, which the tests share."""
    shared_lab.resize(1700, 1300)
    cells = [f"{name} = bp.StepPanel(bp.presets.{name}())\n{name}" for name in PANELS]
    shared_lab.scratch("import bpviz as bp", *cells, "")
    shared_lab.run_all()
    return shared_lab


@pytest.fixture
def panel_of(opened: Lab) -> Opener:
    """Show the panel of an example."""
    return lambda example: PanelView(opened.output(1 + PANELS.index(example)))


@pytest.mark.parametrize("depth", ["Layer", "Unit", "Term"])
@pytest.mark.parametrize("example", PANELS)
def test_steps_to_the_end_and_back_without_a_message(
    opened: Lab, panel_of: Opener, example: str, depth: str
) -> None:
    source = getattr(bp.presets, example)()
    trace = bp.backprop(source.network, source.inputs[0], source.targets[0], source.rule)
    program = Program(source.network, source.rule)
    steps = program.steps(depth.lower())
    panel = panel_of(example)
    panel.start(depth)
    forward, back = panel.spot("Forward"), panel.spot("Back")

    def move(spot: tuple[float, float], key: str) -> Sight:
        # By the mouse the buttons are pressed where they were at the start: nothing may move.
        opened.page.mouse.click(*spot) if depth == "Layer" else opened.page.keyboard.press(key)
        return panel.look()

    with opened.recorded_frames() as frames:
        there = [panel.look(), *(move(forward, "ArrowRight") for _ in steps)]
        again = [panel.look(), *(move(back, "ArrowLeft") for _ in steps)]
    assert frames == []
    assert again == there[::-1]

    figures = FIGURES[example]
    assert {ref: there[0][ref] for ref in figures} == dict.fromkeys(figures, UNKNOWN)
    # A gradient makes room for the new weight, which stands there at the end.
    seen = {ref: text for sight in there for ref, text in sight.numbers.items()}
    assert {ref: seen[ref] for ref in figures} == figures

    screen = Screen(program, trace)
    assert there[0].numbers == screen.numbers()
    assert there[0].place == f"Step 0 of {len(steps)}"
    for number, (step, sight) in enumerate(zip(steps, there[1:], strict=True), start=1):
        written = screen.do(step)
        assert sight.numbers == screen.numbers()
        assert set(sight.written) == set(written) & set(sight.numbers)
        assert sight.place == f"Step {number} of {len(steps)}"
        assert sight.phase == step.phase.capitalize()
        assert sight.sentence == step.words(trace)
        assert sight.code == step.code
        for ref in written:
            assert screen.value(ref) in sight.formula


def test_writes_a_step_in_words_symbols_numbers_and_code(panel_of: Opener) -> None:
    panel = panel_of("three_two_one")
    panel.start("Unit")
    panel.key("ArrowRight")
    seen = panel.look()
    assert seen.sentence == (
        "The aggregate of unit 1 of layer 1: each input times its weight, plus the bias, "
        "gives 0.24."
    )
    formula = panel.formula
    expect(formula.locator("math")).to_be_visible()
    for part in ("0.5×0.5", "0.1×0.1", "0.1×(−0.2)", "=0.24"):
        assert part in seen.formula
    symbols = formula.locator("msub").all_text_contents()
    assert symbols == ["a1,1", "W1,1,1", "x1", "W1,1,2", "x2", "W1,1,3", "x3", "b1,1"]
    assert seen.code == "a1[0] = sum(W1[0, j] * x[j] for j in range(3)) + b1[0]"


def test_a_number_lights_up_in_the_formula_and_in_the_diagram(panel_of: Opener) -> None:
    panel = panel_of("three_two_one")
    panel.start("Unit")
    panel.key("ArrowRight")
    weight = panel.root.locator('[data-ref="W1[0,2]"]')
    in_diagram = panel.root.locator('.bpviz-diagram [data-ref="W1[0,2]"]')
    in_formula = panel.formula.locator('[data-ref="W1[0,2]"]')
    expect(weight.and_(panel.root.locator(".pointed"))).to_have_count(0)
    in_formula.last.hover()
    expect(in_diagram).to_have_class(re.compile(r"\bpointed\b"))
    in_diagram.hover()
    for place in in_formula.all():
        expect(place).to_have_class(re.compile(r"\bpointed\b"))
    in_diagram.click()
    panel.root.locator(".bpviz-title").hover()
    expect(in_formula.first).to_have_class(re.compile(r"\bselected\b"))
    panel.key("Escape")
    expect(in_formula.first).not_to_have_class(re.compile(r"\bselected\b"))


def test_plays_by_itself_without_a_message(opened: Lab, panel_of: Opener) -> None:
    other, panel = (panel_of(example) for example in PANELS)
    for each in (other, panel):
        each.start("Term")  # so that it is not at its end before it is paused
    panel.root.focus()
    with opened.recorded_frames() as frames:
        panel.play_to(1)
    assert frames == []
    stopped = panel.look()
    # While the other goes on at the same pace, this one stays where it is.
    other.play_to(3)
    assert panel.look() == stopped
    # A panel tells Python its place when it is left, so not before this one is entered.
    panel.root.focus()
    with opened.recorded_frames() as frames:
        panel.key("1", "End", "ArrowLeft", "Space")
        panel.expect_place(23)
        expect(panel.button("Play")).to_be_visible()
    assert frames == []


def test_slider_and_phases_lead_to_any_step(opened: Lab, panel_of: Opener) -> None:
    panel = panel_of("three_two_one")
    panel.start("Unit")
    with opened.recorded_frames() as frames:
        panel.slider.fill("6")
        panel.expect_place(6)
        assert panel.look()["h2[0]"] == "0.485"
        for phase, first in {"backward": 9, "update": 23, "forward": 1}.items():
            panel.root.locator(".bpviz-band", has_text=phase).click()
            panel.expect_place(first)
            assert panel.look().phase == phase.capitalize()
        panel.press("Last")
        panel.expect_place(34)
        # What cannot act says so, and keeps its place for the keyboard.
        expect(panel.button("Forward")).to_have_attribute("aria-disabled", "true")
        panel.press("First")
        panel.expect_place(0)
        expect(panel.button("Back")).to_have_attribute("aria-disabled", "true")
    assert frames == []


def test_depth_changes_keep_the_place(panel_of: Opener) -> None:
    panel = panel_of("three_two_one")
    panel.start("Unit")
    panel.key(*["ArrowRight"] * 2, "3")
    assert panel.look().place == "Step 8 of 57"
    panel.key("1")
    assert panel.look().place == "Step 1 of 23"
    panel.key("2")
    assert panel.look().place == "Step 2 of 34"


def test_another_sample_can_be_chosen_and_python_hears_of_it(opened: Lab, panel_of: Opener) -> None:
    panel = panel_of("xor")
    panel.start("Unit")
    panel.key("End")
    seen = panel.look()
    assert [seen[ref] for ref in ("x[0]", "x[1]", "y[0]", "a1[0]")] == ["1", "1", "1", "4.984"]
    with opened.recorded_frames() as frames:
        panel.root.get_by_label("Sample").select_option(index=2)
        seen = panel.look()
    assert [seen[ref] for ref in ("x[0]", "x[1]", "y[0]", "a1[0]")] == ["1", "−1", "0", "0.5019"]
    assert frames == []

    said = "xor.frame, xor.cursor, xor.depth, xor.trace['x'].tolist()"
    assert opened.answer(said) == "(2, 34, 'unit', [1.0, -1.0])"
    opened.answer("xor.frame = 0; xor.frame")
    expect(panel.root.get_by_label("Sample")).to_have_value("0")
    assert panel_of("xor").look()["a1[0]"] == "4.984"


def test_python_moves_the_screen(opened: Lab, panel_of: Opener) -> None:
    panel_of("three_two_one").start("Unit")
    opened.answer("three_two_one.depth = 'layer'; three_two_one.go('d1[0]'); 1")
    panel = panel_of("three_two_one")
    expect(panel.root.get_by_role("radio", name="Layer")).to_be_checked()
    panel.expect_place(13)
    seen = panel.look()
    assert (seen["d1[0]"], seen["gW1[0,0]"]) == ("−0.000708", UNKNOWN)
    opened.answer("three_two_one.selection = ''; 1")


def test_two_panels_do_not_disturb_each_other(panel_of: Opener) -> None:
    panel_of("xor").start("Term")
    panel_of("three_two_one").start("Layer")
    for example, depth in (("xor", "Term"), ("three_two_one", "Layer")):
        expect(panel_of(example).root.get_by_role("radio", name=depth)).to_be_checked()


def test_every_control_is_reached_by_keyboard(opened: Lab, panel_of: Opener) -> None:
    panel = panel_of("xor")
    panel.start("Unit")
    panel.key("ArrowRight")
    names = panel.names_by_tab()
    order = ["Sample", "Unit", "Help", "First", "Back", "Play", "Forward", "Last", "Step", "Speed"]
    assert [name for name in names if name in order] == order
    assert "Formula" in names

    panel.key("?")
    expect(panel.root.get_by_role("region", name="Help")).to_be_visible()
    expect(panel.root.get_by_role("button", name="Close help")).to_be_focused()
    assert "Close help" in panel.names_by_tab()
    panel.key("Escape")
    expect(panel.root.get_by_role("region", name="Help")).to_have_count(0)

    panel.button("Forward").focus()
    opened.page.keyboard.press("Enter")
    panel.expect_place(2)
    panel.slider.focus()
    opened.page.keyboard.press("ArrowRight")
    panel.expect_place(3)
    panel.root.get_by_role("radio", name="Unit").focus()
    opened.page.keyboard.press("ArrowRight")
    expect(panel.root.get_by_role("radio", name="Term")).to_be_checked()
    panel.root.get_by_label("Sample").focus()
    opened.page.keyboard.press("ArrowDown")
    assert panel.look()["x[0]"] == "−1"
    panel.root.get_by_label("Sample").select_option(index=0)
    # JupyterLab has uses of its own for these keys, such as to cut the cell.
    cells = opened.page.locator(".jp-Notebook .jp-Cell").count()
    for control in (panel.root, panel.button("Back"), panel.slider):
        control.focus()
        for key in ("a", "b", "d", "d", "x", "Home"):
            opened.page.keyboard.press(key)
        assert opened.page.locator(".jp-Notebook .jp-Cell").count() == cells
    panel.expect_place(0)
