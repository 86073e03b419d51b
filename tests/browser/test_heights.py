"""The step panel fits on a laptop's screen, as JupyterLab shows it with its file browser open."""

import pytest
from playwright.sync_api import expect

from tests.browser.jupyter import Lab
from tests.browser.panels import PanelView

NETWORKS = {
    "3-2-1": "bp.presets.three_two_one()",
    "2-2-1": "bp.presets.xor()",
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
        box = panel.root.bounding_box()
        assert box is not None
        heights.add(box["height"])
    opened.screenshot(f"height-{list(NETWORKS)[number]}-{width}", panel.root)
    assert len(heights) == 1
    assert max(heights) <= most


def test_an_answer_does_not_move_a_panel_that_is_seen_as_a_whole(opened: Lab) -> None:
    opened.resize(1366, 768)
    panel = PanelView(opened.output(len(NETWORKS)))
    panel.key("End")
    form = panel.root.get_by_role("form")
    form.get_by_role("textbox").fill("0.5")
    place = panel.root.bounding_box()
    form.get_by_role("button", name="Answer", exact=True).click()
    expect(panel.root.locator(".bpviz-feedback")).to_contain_text("Not yet")
    assert panel.root.bounding_box() == place


def test_a_panel_that_asks_is_seen_as_a_whole_whatever_an_answer_is_told(opened: Lab) -> None:
    opened.resize(1366, 768)
    panel = PanelView(opened.output(len(NETWORKS)))
    heights = []
    for key in ("Home", "End"):
        panel.key(key)
        heights.append(panel.root.bounding_box())
    for answer in ("x", "-0.002873", "0.24", "-0.000708"):
        panel.root.get_by_role("form").get_by_role("textbox").fill(answer)
        opened.page.keyboard.press("Enter")
        heights.append(panel.root.bounding_box())
    opened.screenshot("height-asking", panel.root)
    assert len({box and box["height"] for box in heights}) == 1
    assert heights[0] is not None
    assert heights[0]["height"] <= 640
