"""The four views in JupyterLab: linked, in every convention, hidden and shown, copied and run."""

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, expect

import bpviz as bp
from bpviz.core.update.tape import Trace
from tests.browser.conftest import SCREENSHOTS
from tests.browser.jupyter import Lab
from tests.browser.panels import PanelView, place_of
from tests.server import Server

RANDOM = (
    'bp.Network.random([3, 4, 2], activations=["tanh", "softmax"], loss="cross_entropy", seed=7)'
)
WIDE = 'bp.Network.random([16, 32, 16, 4], activations=["relu", "tanh", "identity"], seed=1)'
CELLS = [
    "import bpviz as bp\npanel = bp.StepPanel(bp.presets.three_two_one())\npanel",
    "bp.StepPanel(bp.presets.xor())",
    f"bp.StepPanel(bp.backprop({RANDOM}, [0.3, -1.2, 0.7], [0, 1], bp.Rule(0.1)))",
    f"bp.StepPanel(bp.backprop({WIDE}, [0.1] * 16, [0.0] * 4))",
    "panel.appearance",
    """if panel.appearance["vectors"] == "row":
    panel.appearance = {"digits": 2, "views": ["diagram", "formula"]}""",
]
VIEWS = ["diagram", "matrices", "formula", "code"]


@pytest.fixture(scope="module")
def opened(shared_lab: Lab) -> Lab:
    """A notebook with step panels, which the tests share."""
    shared_lab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    shared_lab.resize(1400, 1300)
    shared_lab.scratch(*CELLS)
    shared_lab.command("application:toggle-left-area")
    shared_lab.run_all()
    return shared_lab


@pytest.fixture
def panel(opened: Lab) -> Iterator[PanelView]:
    """The panel of the first lecture, as it is at first."""
    view = PanelView(opened.output(0))
    view.start("Unit")
    yield view
    opened.resize(1400, 1300)
    view = PanelView(opened.output(0))
    settings(view)
    if defaults(view).get_attribute("aria-disabled") == "false":
        defaults(view).click()
    view.key("Escape", "Escape")


def settings(panel: PanelView) -> Locator:
    """Open the settings, if they are not, and return them."""
    button = panel.root.get_by_role("button", name="Settings", exact=True)
    if button.get_attribute("aria-expanded") == "false":
        button.click()
    return panel.root.get_by_role("region", name="Settings")


def defaults(panel: PanelView) -> Locator:
    """Return the button that sets everything as it was at first."""
    return panel.root.get_by_role("button", name="Defaults")


def choose(panel: PanelView, *names: str) -> None:
    """Choose settings by what is written at them."""
    for name in names:
        settings(panel).locator("label", has_text=re.compile(f"^{re.escape(name)}$")).click()


def copied(panel: PanelView) -> str:
    """Press Copy; return what the clipboard holds then."""
    # "Copied" may still stand there from the last time.
    panel.page.evaluate("() => navigator.clipboard.writeText('')")
    panel.root.get_by_role("button", name="Copy the script").click()
    expect(panel.root.locator(".bpviz-answer")).to_have_text("Copied")
    read = "() => navigator.clipboard.readText()"
    text: str = panel.page.wait_for_function(read).json_value()
    return text


def run(script: str) -> dict[str, Any]:
    """Run a script; return its variables."""
    variables: dict[str, Any] = {}
    exec(script, variables)
    return variables


def differing(trace: Trace, variables: dict[str, Any], rows: bool, renamed: bool) -> list[str]:
    """List the registers that a script did not make, or not to the last bit."""
    found = []
    for name in trace.layout.registers:
        numbers = np.asarray(trace[name])
        turned = rows and name.rstrip("0123456789") in ("W", "gW", "uW", "nW")
        letter = (
            {"a": "z", "h": "a"}.get(name[0], name[0]) if renamed and name[1:].isdigit() else ""
        )
        made = np.asarray(variables[letter + name[1:] if letter else name])
        # A trace has no −0: a zero is a zero to a reader.
        if (numbers.T if turned else numbers).tobytes() != (made + 0.0).tobytes():
            found.append(name)
    return found


TRACES = {
    0: lambda: trace_of(bp.presets.three_two_one()),
    1: lambda: trace_of(bp.presets.xor()),
    2: lambda: bp.backprop(eval(RANDOM), [0.3, -1.2, 0.7], [0, 1], bp.Rule(0.1)),
}


def trace_of(example: Any) -> Trace:
    """Return the update of an example's first sample."""
    return bp.backprop(example.network, example.inputs[0], example.targets[0], example.rule)


@pytest.mark.parametrize("cell", TRACES)
def test_the_script_from_the_screen_gives_every_register_bit_for_bit(
    opened: Lab, cell: int
) -> None:
    panel = PanelView(opened.output(cell))
    trace = TRACES[cell]()
    for names, rows, renamed in [
        ((), False, False),
        (("rows: x W",), True, False),
        (("z, a",), True, True),
        (("columns: W x", "0,5"), False, True),
    ]:
        choose(panel, *names)
        script = copied(panel)
        assert panel.root.locator(".bpviz-script code").text_content() == script
        assert ("x @ W1" in script) == rows
        assert differing(trace, run(script), rows, renamed) == []
    defaults(panel).click()
    panel.key("Escape")


def lit(panel: PanelView) -> list[str]:
    """List the views in which something is lit up."""
    views: list[str] = panel.root.evaluate(
        """(root) => [...new Set([...root.querySelectorAll(".pointed")].map(
            (node) => node.closest("[data-view]").dataset.view))].sort()"""
    )
    return views


@pytest.mark.parametrize("view", VIEWS)
def test_pointing_at_a_number_lights_it_in_every_view(panel: PanelView, view: str) -> None:
    panel.key("ArrowRight")
    part = panel.root.locator(f"[data-view={view}]")
    part.locator('[data-ref="W1[0,1]"]').first.hover()
    assert lit(panel) == sorted(VIEWS)
    panel.page.mouse.move(5, 5)
    assert lit(panel) == []


@pytest.mark.parametrize("view", VIEWS)
def test_numbers_are_reached_and_lit_by_keyboard_alone(panel: PanelView, view: str) -> None:
    panel.key("3", "ArrowRight", "ArrowRight")
    keyboard = panel.page.keyboard
    place = "() => document.activeElement.closest('[data-view]')?.dataset.view"
    while panel.page.evaluate(place) != view or panel.page.evaluate(
        "() => document.activeElement.tagName === 'BUTTON'"
    ):
        keyboard.press("Tab")
    keyboard.press("Enter")
    focused = "() => document.activeElement.dataset.ref"
    seen = {panel.page.evaluate(focused)}
    for key in ["ArrowLeft"] * 8 + ["ArrowRight"] * 8 + ["ArrowUp"] * 3 + ["ArrowDown"] * 5:
        keyboard.press(key)
        seen.add(panel.page.evaluate(focused))
    assert len(seen) > 3
    assert None not in seen
    panel.expect_place(2)
    name = panel.page.evaluate("() => document.activeElement.ariaLabel")
    assert re.match(r"[a-z].*: \S", name), name
    assert view in lit(panel)
    assert (
        panel.page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle") != "none"
    )
    keyboard.press("Enter")
    assert panel.root.locator(".selected").count() > 0
    keyboard.press("Escape")
    assert panel.root.locator(".selected").count() == 0
    assert panel.page.evaluate(place) == view
    keyboard.press("Escape")
    keyboard.press("ArrowRight")
    panel.expect_place(3)
    keyboard.press("Tab")
    assert panel.page.evaluate(place) != view or view == "code"


# From the first number that Enter leads to, arrows are pressed at each that was reached.
REACHED = """(root) => {
    const view = root.querySelector(".bpviz-diagram").closest("[role=group]");
    const shown = () => [...view.querySelectorAll("[data-ref]")]
        .filter((node) => node.textContent.trim() && node.getBoundingClientRect().height);
    const refOf = () => document.activeElement.dataset.ref;
    const press = (key) => document.activeElement.dispatchEvent(
        new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    view.focus();
    press("Enter");
    const reached = new Set([refOf()]);
    for (const ref of reached) {
        for (const way of ["Right", "Left", "Up", "Down"]) {
            const node = shown().find((one) => one.dataset.ref === ref);
            node.tabIndex = -1;
            node.focus();
            press(`Arrow${way}`);
            reached.add(refOf());
        }
    }
    return shown().map((node) => node.dataset.ref).filter((ref) => !reached.has(ref));
}"""


@pytest.mark.parametrize("steps", [0, 3, 14])
def test_arrows_lead_to_every_number_that_the_diagram_shows(panel: PanelView, steps: int) -> None:
    panel.key(*["ArrowRight"] * steps)
    panel.expect_place(steps)
    assert panel.root.evaluate(REACHED) == []


def test_matrices_fill_in_term_by_term_as_real_tables(panel: PanelView) -> None:
    panel.key("3")
    matrices = panel.matrices
    result = matrices.locator("table").first
    for text in ["not", "0.25", "0.26", "0.24", "0.24"]:
        assert result.locator("tr").first.inner_text().split()[0] == text
        panel.key("ArrowRight")
    captions = matrices.locator("caption .bpviz-hidden").all_inner_texts()
    assert [caption.strip() for caption in captions] == [
        "aggregates of layer 1, 2 × 1",
        "weights of layer 1, 2 × 3",
        "input, 3 × 1",
        "biases of layer 1, 2 × 1",
    ]
    assert matrices.get_by_role("table").count() == 4


def test_one_switch_turns_every_view_at_once(panel: PanelView) -> None:
    panel.key("ArrowRight")
    shapes = panel.matrices.locator(".bpviz-shape")
    assert shapes.all_inner_texts() == ["2 × 1", "2 × 3", "3 × 1", "2 × 1"]
    choose(panel, "rows: x W", "z, a", "0,5")
    assert shapes.all_inner_texts() == ["1 × 2", "1 × 3", "3 × 2", "1 × 2"]
    sight = panel.look()
    assert sight["x[0]"] == "0,5"
    assert sight.sentence.endswith("gives 0,24.")
    assert sight.formula.replace("\u2062", "").startswith("z1,1=x1W1,1,1+x2W1,2,1+x3W1,3,1+b1,1")
    assert panel.root.locator(".bpviz-now").inner_text().strip() == "z1 = x @ W1 + b1"
    choose(panel, "Fractions")
    assert panel.look()["x[0]"] == "1/2"
    assert panel.look().sentence.endswith("gives 6/25.")
    settings(panel).get_by_label("Digits").select_option("8")
    choose(panel, "Fractions")
    panel.key("End")
    assert panel.look()["h2[0]"] == "0,48497343"


def test_views_can_be_hidden_and_the_rest_uses_the_room(panel: PanelView) -> None:
    panel.key("ArrowRight")
    script = panel.root.locator(".bpviz-script")

    def size(part: Locator) -> tuple[float, float]:
        box = place_of(part)
        return box["width"], box["height"]

    before = size(script)
    panel.key("4", "6")
    assert panel.root.locator("[data-view]").evaluate_all(
        "(nodes) => nodes.map((node) => node.dataset.view)"
    ) == ["formula", "code"]
    assert size(script)[0] > before[0] + 100
    panel.key("7")
    card = panel.root.locator(".bpviz-step-card")
    assert size(card)[0] > 0.9 * size(panel.root)[0]
    panel.key("4", "6", "7")
    assert size(script) == before


@pytest.mark.parametrize("width", [1400, 1000, 600, 360])
def test_nothing_jumps_while_stepping(opened: Lab, panel: PanelView, width: int) -> None:
    opened.resize(width, 1300)
    moved = """async (root) => {
        const [least, most] = [[], []];
        for (let step = 0; step <= Number(root.querySelector(".bpviz-slider").max); step++) {
            const places = [root, ...root.querySelectorAll(".bpviz-transport, .bpviz-pane")];
            const { top } = root.getBoundingClientRect();
            const numbers = places.flatMap((node) => {
                const box = node.getBoundingClientRect();
                return [box.top - top, box.height];
            });
            numbers.forEach((number, k) => {
                least[k] = Math.min(least[k] ?? Infinity, number);
                most[k] = Math.max(most[k] ?? 0, number);
            });
            root.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
            await new Promise(requestAnimationFrame);
        }
        return Math.max(...most.map((number, k) => number - least[k]));
    }"""
    tabs = {1400: [""], 1000: ["Matrices", "Code"]}.get(width, ["Formula", "Matrices", "Code"])
    for tab in tabs:
        if tab:
            panel.choose(tab)
        panel.key("Home")
        assert panel.root.evaluate(moved) <= 1
        opened.screenshot(f"views-{width}-{tab or 'all'}", panel.root)
    if tabs[0]:
        panel.choose(tabs[0])


def test_wide_arrays_show_what_is_in_use(opened: Lab) -> None:
    panel = PanelView(opened.output(3))
    panel.start("Unit")
    panel.key(*["ArrowRight"] * 21)
    table = panel.matrices.locator("table").nth(1)
    assert table.locator("tr").count() == 5
    assert table.locator('.read[data-ref="W1[20,0]"]').count() == 1
    assert panel.matrices.locator(".bpviz-shape").all_inner_texts()[:3] == [
        "32 × 1",
        "32 × 16",
        "16 × 1",
    ]
    script = panel.root.locator(".bpviz-script")
    assert script.evaluate("(box) => box.scrollWidth <= box.clientWidth")
    trace = bp.backprop(eval(WIDE), [0.1] * 16, [0.0] * 4)
    assert differing(trace, run(copied(panel)), rows=False, renamed=False) == []


def test_conventions_are_known_to_python_and_set_from_there(opened: Lab, panel: PanelView) -> None:
    with opened.recorded_frames() as frames:
        choose(panel, "rows: x W")
        panel.key("ArrowRight", "7")
    assert frames == []
    opened.page.mouse.move(5, 5)
    opened.page.locator(".jp-Notebook").focus()
    for cell in (4, 5):
        opened.cell(cell).locator(".cm-content").click()
        opened.command("notebook:run-cell")
    opened.wait_for_kernel()
    answer = opened.output(4).inner_text()
    assert "'vectors': 'row'" in answer
    assert "'views': ['diagram', 'formula', 'matrices']" in answer
    panel = PanelView(opened.output(0))
    expect(panel.root.locator("[data-view=matrices]")).to_have_count(0)
    assert panel.look()["W1[0,0]"] == "0.5"
    panel.key("End")
    assert panel.look()["h2[0]"] == "0.48"


SMALL = """(root) => [...root.querySelectorAll(
    "button, select, summary, input, [role=button], [role=slider], .bpviz-arrays [data-ref]"
)].map((node) => node.matches("[type=radio], [type=checkbox]") ? node.closest("label") : node)
.filter((node) => !node.closest(".bpviz-diagram, .bpviz-ahead") && node.getClientRects().length)
.map((node) => [node.getBoundingClientRect(), node])
.filter(([box]) => box.width < 24 || box.height < 24)
.map(([box, node]) => `${node.tagName} ${node.className} ${box.width} × ${box.height}`)"""


@pytest.mark.parametrize("theme", ["light", "high contrast"])
def test_settings_matrices_and_code_are_accessible(
    opened: Lab, panel: PanelView, theme: str
) -> None:
    opened.use_theme(theme)
    settings(panel)
    panel.key("3", *["ArrowRight"] * 3)
    assert opened.violations(panel.root) == []
    assert panel.root.evaluate(SMALL) == []
    opened.screenshot(f"views-settings-{theme.replace(' ', '-')}", panel.root)
    panel.root.locator(".bpviz-arrays").focus()
    opened.page.keyboard.press("Enter")
    assert opened.violations(panel.root) == []
    opened.resize(360, 1300)
    for tab in ("Matrices", "Code"):
        panel.choose(tab)
        assert opened.violations(panel.root) == []
        assert panel.root.evaluate(SMALL) == []
    panel.choose("Formula")
    opened.use_theme("light")


def test_the_projector_mode_can_be_read_from_the_last_row(opened: Lab, panel: PanelView) -> None:
    choose(panel, "Projector")
    opened.page.wait_for_function(
        "document.fullscreenElement?.getBoundingClientRect().height >= innerHeight - 1"
    )
    expect(panel.root.locator(".bpviz-beside")).to_have_count(1)
    expect(panel.root.get_by_role("region", name="Settings")).to_have_count(0)
    expect(panel.root).to_be_focused()
    panel.key("3", *["ArrowRight"] * 12)
    smallest: float = panel.root.evaluate(
        """(root) => Math.min(...[...root.querySelectorAll("*")].filter((node) =>
            [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim()) &&
            !node.closest(".bpviz-hidden, .bpviz-reserve, .bpviz-ahead, math, sub, sup") &&
            node.getClientRects().length
        ).map((node) => parseFloat(getComputedStyle(node).fontSize) * node.currentCSSZoom))"""
    )
    assert smallest >= 18
    assert opened.violations(panel.root, "color-contrast-enhanced") == []
    opened.screenshot("views-projector", panel.root)
    # Whoever leaves the full screen has the usual panel back.
    opened.page.evaluate("document.exitFullscreen()")
    expect(panel.root).not_to_have_class(re.compile("bpviz-projector"))


def test_works_by_touch_on_a_small_screen(server: Server, browser: Browser) -> None:
    context = browser.new_context(has_touch=True, viewport={"width": 1400, "height": 1200})
    lab = Lab(context.new_page(), server, SCREENSHOTS)
    lab.scratch(f"import bpviz as bp\n{CELLS[1]}", name="touch.ipynb")
    lab.command("application:toggle-left-area")
    lab.resize(360, 1200)
    lab.run_all()
    panel = PanelView(lab.output(0))
    lab.rest()
    panel.button("Forward").tap()
    panel.expect_place(1)
    panel.root.locator("label", has_text="Matrices").first.tap()
    cell = panel.matrices.locator('[data-ref="W1[0,1]"]')
    cell.tap()
    expect(cell).to_have_class(re.compile("selected"))
    assert panel.root.locator('[data-view=diagram] .selected[data-ref="W1[0,1]"]').count() == 1
    context.close()
