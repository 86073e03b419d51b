"""How the step panel looks in JupyterLab: in each theme, in each state, at each width."""

import pytest
from playwright.sync_api import expect

from tests.browser.jupyter import THEMES, Lab
from tests.browser.panels import PanelView

NETWORKS = {
    "3-2-1": "bp.presets.three_two_one()",
    "4-4-3": (
        'bp.backprop(bp.Network.random([4, 4, 3], activations=["relu", "softmax"], '
        'loss="cross_entropy", seed=3), [1, -1, 0.5, 0], [0, 1, 0])'
    ),
    "64-64-64-4": (
        'bp.backprop(bp.Network.random([64, 64, 64, 4], activations=["relu", "relu", "identity"], '
        "seed=1), [0.1] * 64, [0] * 4)"
    ),
}

WEIGHTS = ["W1[0,1]", "W1[1,2]", "W2[0,0]"]
"""Of which the gradient is checked, another in each theme; the last theme is the light one."""

SCROLLED = tuple(
    f"DIV bpviz-{part} must be scrolled"
    for part in ("scroll", "arrays bpviz-stack", "formula bpviz-stack")
)
CUT = ("DIV bpviz-reserved is cut off",)
"""Arrays of many units are higher than the place of a formula: it is scrolled, too."""


@pytest.fixture(scope="module")
def opened(shared_lab: Lab) -> Lab:
    """A notebook with a panel of each network, which the tests share."""
    shared_lab.resize(1400, 1900)
    first, *others = (f"bp.StepPanel({network})" for network in NETWORKS.values())
    shared_lab.scratch(f"import bpviz as bp\n{first}", *others)
    shared_lab.command("application:toggle-left-area")
    shared_lab.run_all()
    return shared_lab


@pytest.mark.parametrize(("theme", "weight"), list(zip(reversed(THEMES), WEIGHTS, strict=True)))
def test_no_state_is_inaccessible_in_any_theme(opened: Lab, theme: str, weight: str) -> None:
    opened.resize(1400, 1900)
    opened.use_theme(theme)
    panel = PanelView(opened.output(0))
    panel.start("Unit")
    found = {"start": opened.violations(panel.root)}
    panel.key(*["ArrowRight"] * 18)
    found["a delta"] = opened.violations(panel.root)
    panel.root.locator(f'.bpviz-diagram [data-ref="{weight}"]').click()
    found["change"] = opened.violations(panel.root)
    panel.root.get_by_role("button", name="Paths to the loss").click()
    panel.root.get_by_role("button", name="Check", exact=True).click()
    expect(panel.root.get_by_role("img").last).to_be_visible()
    found["origin"] = opened.violations(panel.root)
    opened.screenshot(f"appearance-origin-{theme.replace(' ', '-')}", panel.root)
    panel.key("Escape", "?")
    panel.root.get_by_role("button", name="Settings", exact=True).click()
    panel.root.get_by_text("All numbers as tables").click()
    found["help, settings, tables"] = opened.violations(panel.root)
    panel.root.get_by_text("All numbers as tables").click()
    panel.key("Escape", "End")
    opened.screenshot(f"appearance-end-{theme.replace(' ', '-')}", panel.root)
    found["end"] = opened.violations(panel.root)
    assert not any(found.values()), found


@pytest.mark.parametrize(
    ("number", "width"), [(0, 1600), (0, 1110), (0, 900), (0, 360), (1, 1600), (1, 360), (2, 900)]
)
def test_everything_fits_at_every_width(opened: Lab, number: int, width: int) -> None:
    opened.resize(width, 1900)
    panel = PanelView(opened.output(number))
    panel.start("Layer")
    misfits = panel.misfits()
    if number or width < 1600:
        # What is wider than its place is scrolled there.
        scrolled = SCROLLED + (CUT if number == 1 else ())
        misfits = [one for one in misfits if not one.endswith(scrolled)]
    assert misfits == []
    opened.screenshot(f"appearance-{list(NETWORKS)[number]}-{width}", panel.root)
