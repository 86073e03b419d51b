"""The step panel fits on a laptop's screen, as JupyterLab shows it with its file browser open."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.jupyter import Lab
from tests.browser.panels import PanelView, place_of

NETWORKS = {
    "3-2-1": "bp.presets.three_two_one()",
    "2-2-1": "bp.presets.xor()",
    "2-3-2": "bp.backprop(bp.Network.random([2, 3, 2], ['relu', 'softmax'], seed=0, "
    "loss='cross_entropy'), [1, -1], [1, 0])",
    "Adam": "bp.backprop(bp.presets.xor().network, [1, -1], [0], bp.Rule(optimizer=bp.Adam()))",
}


ASKING = "bp.StepPanel(bp.presets.three_two_one(), predict={'d1[0]': 'number', 'nW2': 'larger'})"


@pytest.fixture(scope="module")
def opened(shared_lab: Lab) -> Lab:
    panels = [*(f"bp.StepPanel({one})" for one in NETWORKS.values()), ASKING]
    shared_lab.scratch(*(f"import bpviz as bp\n{panel}" for panel in panels))
    shared_lab.run_all()
    return shared_lab


@pytest.mark.parametrize(("width", "height", "most"), [(1366, 768, 560), (1600, 900, 640)])
@pytest.mark.parametrize("number", range(len(NETWORKS)), ids=list(NETWORKS))
def test_the_step_panel_is_seen_as_a_whole(
    opened: Lab, number: int, width: int, height: int, most: int
) -> None:
    opened.resize(width, height)
    panel = PanelView(opened.output(number))
    panel.start("Unit")
    heights = set()
    for key in ("Home", "ArrowRight", "End"):
        panel.key(key)
        box = place_of(panel.root)
        heights.add(box["height"])
    for layer in panel.root.locator(".bpviz-layer-heading:has(.bpviz-full)").all():
        assert layer.evaluate("(node) => node.scrollHeight <= node.clientHeight")
    opened.screenshot(f"height-{list(NETWORKS)[number]}-{width}", panel.root)
    assert len(heights) == 1
    assert max(heights) <= most


def test_an_answer_does_not_move_a_panel_that_is_seen_as_a_whole(opened: Lab) -> None:
    opened.resize(1366, 768)
    panel = PanelView(opened.output(len(NETWORKS)))
    panel.key("End")
    form = panel.root.get_by_role("form")
    form.get_by_role("textbox").fill("0.5")
    place = place_of(panel.root)
    form.get_by_role("button", name="Answer", exact=True).click()
    expect(panel.root.locator(".bpviz-feedback")).to_contain_text("Not yet")
    assert place_of(panel.root) == place


def test_a_panel_that_asks_is_seen_as_a_whole_whatever_an_answer_is_told(opened: Lab) -> None:
    opened.resize(1366, 768)
    panel = PanelView(opened.output(len(NETWORKS)))
    heights = []
    for key in ("Home", "End"):
        panel.key(key)
        heights.append(place_of(panel.root))
    for answer in ("x", "-0.002873", "0.24", "-0.000708"):
        panel.root.get_by_role("form").get_by_role("textbox").fill(answer)
        opened.page.keyboard.press("Enter")
        heights.append(place_of(panel.root))
    opened.screenshot("height-asking", panel.root)
    assert len({box["height"] for box in heights}) == 1
    assert heights[0]["height"] <= 640


def test_no_new_width_is_answered_in_a_loop(opened: Lab) -> None:
    opened.resize(1366, 768)
    panel = PanelView(opened.output(0))
    panel.key("End")
    opened.rest()
    opened.page.evaluate(
        "window.loops = []; addEventListener('error', ({ message }) => loops.push(message))"
    )
    for width in (1300, 600, 1600, 1366):
        opened.resize(width, 768)
        opened.rest()
        panel.key("Home")
        panel.key("End")
        opened.rest()
    assert opened.page.evaluate("loops") == []


# The height of the panel in each frame, as it was painted. A panel that has come since the frame
# began is in none yet: it counts as out of sight, and has the height kept free for it.
WATCH_HEIGHTS = """() => {
    window.heights = new Set();
    const look = () => {
        const panel = document.querySelector(".bpviz");
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
            const height = panel?.getBoundingClientRect().height;
            if (height) heights.add(height);
            requestAnimationFrame(look);
        };
        port2.postMessage(null);
    };
    requestAnimationFrame(look);
}"""

FADING = "bp.StepPanel(bp.presets.xor(), predict='fading')"
ONE_UNIT = "bp.StepPanel(bp.backprop(bp.Network.random([1, 1], ['sigmoid'], seed=0), [2], [1]))"
RUN = "bp.TrainingPanel(bp.train(bp.presets.xor().network, [[1, 1]], [[1]], epochs=20))"

DIVERGING = (
    "net, X, Y = bp.presets.xor().network, bp.presets.xor().inputs, bp.presets.xor().targets\n"
    "panel = bp.TrainingPanel((net, X, Y))\npanel.set(learning_rate=0.5)\npanel"
)

LAB = "bp.BugLab(bp.presets.xor())"


@pytest.fixture(scope="module")
def others(shared_lab: Lab) -> Lab:
    panels = [FADING, ONE_UNIT, RUN, LAB, ASKING, DIVERGING]
    shared_lab.scratch(*(f"import bpviz as bp\n{panel}" for panel in panels), name="others.ipynb")
    shared_lab.run_all()
    shared_lab.resize(1366, 768)
    return shared_lab


def test_the_next_example_is_as_high_as_the_first(others: Lab) -> None:
    panel = PanelView(others.output(0))
    panel.key("End")
    before = place_of(panel.root)
    panel.root.get_by_role("button", name="Next example").click()
    panel.key("End")
    expect(panel.root.get_by_role("form")).to_be_visible()
    after = place_of(panel.root)
    assert after["height"] == before["height"] <= 640
    for _ in range(3):  # one is told more with each
        panel.root.get_by_role("form").get_by_role("textbox").fill("-0.0001")
        others.page.keyboard.press("Enter")
        assert place_of(panel.root)["height"] == before["height"]


def test_no_diagram_and_no_matrix_needs_a_bar_to_scroll_where_it_has_room(others: Lab) -> None:
    panel = PanelView(others.output(0))
    panel.start("Term")
    boxes = panel.root.locator(".bpviz-scroll, .bpviz-arrays")
    for _ in range(12):
        too_wide = boxes.evaluate_all(
            "(all) => all.filter((one) => one.scrollWidth > one.clientWidth).length"
        )
        assert too_wide == 0
        panel.key("ArrowRight")


def test_what_comes_out_after_an_update_has_room_in_the_smallest_network(others: Lab) -> None:
    panel = PanelView(others.output(1))
    panel.key("End")
    ending = place_of(panel.root.get_by_role("group", name="After the update"))
    diagram = place_of(panel.root.locator(".bpviz-diagram"))
    assert ending["y"] + ending["height"] <= diagram["y"] + diagram["height"]


def test_a_learning_rate_that_is_none_moves_nothing(others: Lab) -> None:
    panel = PanelView(others.output(2)).root
    before = place_of(panel)
    field = panel.get_by_label("learning rate")
    field.fill("abc")
    field.press("Enter")
    expect(panel.get_by_role("alert")).to_contain_text("give a number")
    assert place_of(panel) == before
    field.press("Escape")


def test_a_run_that_diverges_moves_nothing(others: Lab) -> None:
    panel = PanelView(others.output(5)).root
    before = place_of(panel)
    panel.get_by_role("button", name="Run", exact=True).click()
    expect(panel.locator(".bpviz-stopped")).to_contain_text("diverged in epoch 3")
    expect(panel).to_contain_text("the loss leaves the plot")
    assert place_of(panel) == pytest.approx(before, abs=1)


def test_the_steps_of_an_update_come_into_sight_where_the_run_was(others: Lab) -> None:
    panel = PanelView(others.output(2))
    panel.root.get_by_role("heading").first.click()  # its cell is the one in use
    panel.root.evaluate("(node) => node.scrollIntoView({ block: 'start' })")
    others.page.mouse.wheel(0, -260)
    others.painted()
    door = panel.root.get_by_role("button", name=re.compile("^Step through epoch"))
    door.press("Enter")
    expect(panel.root.locator(".bpviz-foot")).to_be_in_viewport(ratio=1)
    expect(panel.root.get_by_role("button", name="Back to the run")).to_be_in_viewport(ratio=1)
    panel.root.get_by_role("button", name="Back to the run").press("Enter")


def test_the_number_at_the_cursor_is_read_on_either_side_of_it(others: Lab) -> None:
    panel = PanelView(others.output(2)).root
    for part in (0.2, 0.9):
        curve = place_of(panel.locator(".bpviz-curve"))
        place = curve["x"] + part * curve["width"], curve["y"] + 60
        others.page.mouse.click(*place)
        number = panel.locator(".bpviz-cursor-text")
        expect(number).to_have_css("color", "rgb(255, 255, 255)")


def test_a_gradient_check_that_passes_takes_no_more_room_than_one_that_fails(others: Lab) -> None:
    panel = PanelView(others.output(3)).root
    check = panel.get_by_role("region", name="Gradient check")
    panel.get_by_role("combobox").first.select_option(index=3)
    expect(check).to_contain_text("are wrong")
    before = place_of(panel)
    panel.get_by_role("checkbox", name="ReLU's derivative is read off", exact=False).click()
    expect(check).to_contain_text("It passes. On another sample it may fail. It cannot see")
    after = place_of(panel)
    assert after["height"] == before["height"]


def test_a_question_that_a_click_leads_to_comes_into_sight_above_the_buttons(others: Lab) -> None:
    others.resize(1366, 600)
    panel = PanelView(others.output(4))
    panel.press("Last")
    form = panel.root.get_by_role("form")
    expect(form).to_be_in_viewport(ratio=1)
    bar = panel.root.locator(".bpviz-transport")
    assert form.evaluate(
        "(form, bar) => form.getBoundingClientRect().bottom <= bar.getBoundingClientRect().top",
        bar.element_handle(),
    )


def test_a_run_is_as_high_in_its_first_frame_as_when_all_its_views_have_come(others: Lab) -> None:
    others.resize(1366, 768)
    others.scratch(f"import bpviz as bp\n{RUN}", name="run.ipynb")
    others.page.evaluate(WATCH_HEIGHTS)
    others.run_all()
    panel = PanelView(others.output(0)).root
    expect(panel.locator(".bpviz-map")).to_be_visible()
    place_of(panel)
    heights = others.page.evaluate("() => [...heights]")
    assert max(heights) - min(heights) < 0.5
