"""Where numbers came from, in JupyterLab: by pointer and by keyboard alone, back to the inputs."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

import bpviz as bp
from bpviz.explain.numbers import number_text
from bpviz.explain.program import Program
from bpviz.explain.steps import Step
from tests.browser.jupyter import Lab
from tests.browser.origins import OriginView
from tests.browser.panels import PanelView

CELLS = [
    "import bpviz as bp",
    "panel = bp.StepPanel(bp.presets.three_two_one(), cursor=34)\npanel",
    "xor = bp.StepPanel(bp.presets.xor(), cursor=34)\nxor",
    "",
]
EXAMPLE = bp.presets.three_two_one()
TRACE = bp.backprop(EXAMPLE.network, EXAMPLE.inputs[0], EXAMPLE.targets[0], EXAMPLE.rule)


@pytest.fixture(scope="module")
def opened(shared_lab: Lab) -> Lab:
    """A notebook with a panel for each lecture, which the tests share."""
    shared_lab.resize(1700, 1300)
    shared_lab.scratch(*CELLS)
    shared_lab.run_all()
    return shared_lab


@pytest.fixture
def panel(opened: Lab) -> PanelView:
    """The panel of the 3-2-1 network, all its steps done."""
    panel = PanelView(opened.output(1))
    # Where nothing is open Escape leaves the panel.
    panel.key("Escape")
    panel.key("2", "End")
    return panel


def steps_by_ref(program: Program) -> dict[str, Step]:
    """Return for each number the step that writes it and no other."""
    steps = [*program.steps("unit"), *program.steps("term")]
    axes = {ref: ref.count(",") for step in steps for ref in step.writes}
    return {
        step.writes[0]: step
        for step in steps
        if len(step.writes) == 1 and (axes[step.writes[0]] > 0) == (step.depth == "term")
    }


def test_walks_from_the_loss_to_the_inputs_by_pointer(opened: Lab, panel: PanelView) -> None:
    made = steps_by_ref(Program(EXAMPLE.network, EXAMPLE.rule))
    origin = OriginView(panel)
    seen = set()

    def walk(ref: str, trail: list[str]) -> None:
        seen.add(ref)
        said = origin.look()
        assert said.number == TRACE[ref], ref
        assert said.trail == (trail if len(trail) > 1 else [])
        if ref not in made:
            assert said.can_be_changed
            assert (said.made_from, said.code) == ([], "")
            assert "Given from the start" in said.words
            return
        step = made[ref]
        assert said.made_from == list(step.reads)
        assert said.code == step.code
        assert step.words(TRACE) in said.words
        assert number_text(TRACE[ref]) in said.formula
        for source in step.reads:
            if source not in seen:
                origin.ask(source)
                walk(source, [*trail, source])
                origin.back_to(ref)

    assert origin.open("loss").title == "loss of the sample"
    with opened.recorded_frames() as frames:
        walk("loss", ["loss"])
    assert [frame for frame in frames if frame.direction == "sent"] == []
    computed = {"loss", "h2[0]", "a2[0]", "h1[0]", "h1[1]", "a1[0]", "a1[1]"}
    weights = {f"W1[{i},{j}]" for i in range(2) for j in range(3)} | {"W2[0,0]", "W2[0,1]"}
    given = {"y[0]", "x[0]", "x[1]", "x[2]", "b1[0]", "b1[1]", "b2[0]"}
    assert seen == computed | weights | given

    origin.ask("h2[0]")
    assert opened.answer("print(panel.selection)").strip() == "h2[0]"


def test_walks_by_keyboard_alone_and_back(panel: PanelView) -> None:
    origin = OriginView(panel)
    keyboard = panel.page.keyboard
    panel.root.focus()
    while not origin.focused().startswith("Diagram"):
        keyboard.press("Tab")
    keyboard.press("Enter")
    while origin.focused() != "y[0]":
        keyboard.press("ArrowRight")
    keyboard.press("ArrowDown")
    assert origin.focused() == "loss"
    keyboard.press("Enter")
    for ref, title in {
        "h2[0]": "activation of unit 1 of layer 2",
        "a2[0]": "aggregate of unit 1 of layer 2",
        "h1[1]": "activation of unit 2 of layer 1",
        "a1[1]": "aggregate of unit 2 of layer 1",
        "x[2]": "input 3",
    }.items():
        origin.tab_to(ref)
        said = origin.look()
        assert (said.title, said.number) == (title, TRACE[ref])
    assert origin.focused() == "input 3"
    expect(origin.field).to_be_focused()
    assert said.trail == ["loss", "h2[0]", "a2[0]", "h1[1]", "a1[1]", "x[2]"]
    while origin.focused() != "a2[0]":
        keyboard.press("Shift+Tab")
    keyboard.press("Enter")
    assert origin.look().number == TRACE["a2[0]"]
    assert origin.look().trail == ["loss", "h2[0]", "a2[0]"]
    keyboard.press("Escape")
    expect(origin.root).to_have_count(0)
    assert origin.focused() == "loss"


def test_follows_a_number_from_any_view_and_goes_to_its_step(panel: PanelView) -> None:
    origin = OriginView(panel)
    panel.key("Home")
    origin.open("W2[0,1]")
    origin.ask("e1[1]", "Used for")
    said = origin.ask("d1[1]", "Used for")
    assert said.value == ""
    assert "Not computed yet: step 18 of 34 does it." in said.words
    assert said.formula.endswith("(a1,2)")
    origin.root.get_by_role("button", name="Go there").click()
    panel.expect_place(18)
    assert origin.look().number == TRACE["d1[1]"]
    assert "Step 18 of 34." in origin.look().words
    assert origin.look().used_for == ["gW1[1,0]", "gW1[1,1]", "gW1[1,2]", "gb1[1]"]
    trail = ["W2[0,1]", "e1[1]", "d1[1]", "gW1[1,2]"]
    assert origin.ask("gW1[1,2]", "Used for").trail == trail
    panel.key("Escape")
    script = panel.root.locator(".bpviz-script")
    for view, ref in ((panel.matrices, "s1[1]"), (panel.formula, "e1[1]"), (script, "x[2]")):
        view.locator(f'[data-ref="{ref}"]').first.click()
        assert origin.open_further().number == TRACE[ref], ref
        panel.key("Escape")


def test_the_paths_add_up_to_the_gradient(panel: PanelView) -> None:
    origin = OriginView(panel)
    rows = origin.root.locator("details").first.locator("tr")
    for name in ("W1", "b1", "W2", "b2"):
        for index in np.ndindex(TRACE[name].shape):
            ref = f"{name}[{','.join(map(str, index))}]"
            origin.open(ref)
            gradient = number_text(TRACE[f"g{ref}"])
            assert rows.all_inner_texts() == [
                f"Sum of all paths\t{gradient}",
                f"Recorded gradient\t{gradient}",
            ]
    origin.open("W1[0,1]")
    path = origin.root.get_by_role("group", name="Paths to the loss")
    assert re.sub(r"\s+", " ", path.inner_text()).endswith("= −7.08×10⁻⁵")
    factors = [factor.split("\n")[-1] for factor in path.locator("[data-ref]").all_inner_texts()]
    assert factors == [
        number_text(TRACE[ref]) for ref in ("x[1]", "s1[0]", "W2[0,0]", "s2[0]", "e2[0]")
    ]
    # 6 weights with 4 multiplications, 2 biases with 3, 2 weights with 2, 1 bias with 1.
    expect(origin.root).to_contain_text(
        "along the paths 35, with each δ passed back and used again 13"
    )


def test_a_mistaken_rule_is_told_apart_from_the_paths_and_by_the_check(opened: Lab) -> None:
    example = bp.presets.xor()
    trace = bp.backprop(example.network, example.inputs[3], example.targets[3], example.rule)
    panel = PanelView(opened.output(2))
    origin = OriginView(panel)
    panel.root.get_by_role("combobox", name="Sample").select_option(index=3)
    panel.key("End")
    assert -1 < trace["a1[1]"] < 0, "the kink is within reach of an ε of at most 1"
    dead = 1
    origin.open(f"b1[{dead}]")
    assert origin.root.locator("details").first.locator("tr").all_inner_texts() == [
        "Sum of all paths\t0",
        f"Recorded gradient\t{number_text(trace[f'gb1[{dead}]'])}",
    ]
    expect(origin.root).to_contain_text("They differ. A mistake is on: ReLU's derivative")
    expect(origin.root).to_contain_text("the error came back through weights that were already new")

    check = bp.gradient_check(example.network, example.inputs[3], example.targets[3], example.rule)
    row = next(row for row in check.rows if row.ref == f"b1[{dead}]")
    origin.root.get_by_role("button", name="Check", exact=True).click()
    expect(origin.root.get_by_role("status")).to_contain_text("They differ")
    table = origin.root.locator("details").nth(1).locator("tr").all_inner_texts()
    assert table[:2] == [
        f"Backward pass\t{number_text(row.analytic)}",
        f"Numerical derivative\t{number_text(row.numerical)}",
    ]
    finite = np.isfinite(check.sweep(row.ref).relative_error).sum()
    plot = origin.root.get_by_role("img")
    expect(plot.locator("circle")).to_have_count(int(finite))
    expect(origin.root).to_contain_text("at the dashed line, at a kink of ReLU")


def test_the_check_agrees_where_the_rule_is_right(opened: Lab, panel: PanelView) -> None:
    origin = OriginView(panel)
    origin.open("W2[0,1]")
    origin.root.get_by_role("button", name="Check", exact=True).click()
    expect(origin.root.get_by_role("status")).to_have_text(
        "They agree: the backward pass is right."
    )
    expect(origin.root).to_contain_text("The best ε is")
    assert opened.violations(panel.root) == []
