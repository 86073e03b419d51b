"""The step panel fits on a laptop's screen, as JupyterLab shows it with its file browser open."""

import pytest

from tests.browser.jupyter import Lab
from tests.browser.panels import PanelView

NETWORKS = {
    "3-2-1": "bp.presets.three_two_one()",
    "2-2-1": "bp.presets.xor()",
    "Adam": "bp.backprop(bp.presets.xor().network, [1, -1], [0], bp.Rule(optimizer=bp.Adam()))",
}


@pytest.fixture(scope="module")
def opened(shared_lab: Lab) -> Lab:
    shared_lab.scratch(*(f"import bpviz as bp\nbp.StepPanel({one})" for one in NETWORKS.values()))
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
