"""Loss curves in JupyterLab: runs that succeed, that do not, and that diverge."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.jupyter import Lab
from tests.browser.panels import TrainingView

CELLS = [
    "import warnings, bpviz as bp\n"
    "warnings.simplefilter('ignore')\n"
    "xor = bp.presets.xor()\n"
    "def run(rule, epochs):\n"
    "    return bp.train(xor.network, xor.inputs, xor.targets, rule, epochs=epochs)",
    "bp.TrainingPanel(run(xor.corrected, 20_000))",
    "bp.TrainingPanel(xor)",
    "bp.TrainingPanel(run(bp.Rule(learning_rate=0.7), 60))",
    "bp.BugLab(xor)",
    "",
]


# Of all places of a map the one with the least colour: how bright it is, 0 to 255.
GREYEST = """(canvas) => {
    // Of a copy: Chromium complains when a canvas is drawn to and read by turns.
    const copy = Object.assign(document.createElement("canvas"), { width: 41, height: 41 });
    const context = copy.getContext("2d", { willReadFrequently: true });
    context.drawImage(canvas, 0, 0);
    const { data } = context.getImageData(0, 0, 41, 41);
    const places = Array.from({ length: 41 * 41 }, (_, k) => [...data.slice(4 * k, 4 * k + 3)]);
    const spread = (place) => Math.max(...place) - Math.min(...place);
    return places.reduce((one, other) => (spread(other) < spread(one) ? other : one))[0];
}"""


@pytest.fixture(scope="module")
def opened(shared_lab: Lab) -> Lab:
    shared_lab.resize(1366, 1100)
    shared_lab.scratch(*CELLS)
    shared_lab.run_all()
    return shared_lab


def at_the_end(panel: Locator) -> None:
    """Put the cursor at the last epoch, with the keyboard."""
    panel.locator(".bpviz-curve").first.focus()
    panel.page.keyboard.press("End")


def test_a_run_that_succeeds_is_drawn_whole_and_its_axis_has_different_marks(opened: Lab) -> None:
    panel = opened.output(1)
    curve = panel.locator(".bpviz-curve").first
    expect(curve).to_be_visible()
    assert "leaves the plot" not in panel.inner_text()
    at_the_end(panel)
    expect(panel.locator(".bpviz-where b")).to_have_text("Epoch 20,000 of 20,000")
    level = panel.locator(".bpviz-cursor-level")
    expect(level).to_have_text("always ½")
    # ½ lies below the first loss, 0.6422, and above the last: so the axis has them all.
    ends = [level.element_handle(), panel.locator(".bpviz-cursor-dot").element_handle()]
    opened.page.wait_for_function(
        "([level, dot]) => level.getBoundingClientRect().bottom < dot.getBoundingClientRect().top",
        arg=ends,
    )
    marks = curve.locator(".bpviz-chart > g > text").all_text_contents()
    assert len(marks) >= 4
    assert len(set(marks)) == len(marks)


def test_each_kind_of_rmse_has_its_name_and_says_what_it_is(opened: Lab) -> None:
    panel = opened.output(2)
    legend = panel.locator(".bpviz-curves").first
    expect(legend).to_contain_text(
        "RMSE during the epoch: of the predictions made while the weights change"
    )
    expect(legend).to_contain_text("always ½: 0.5")
    at_the_end(panel)
    expect(panel.locator(".bpviz-moment")).to_have_text(
        re.compile(r"^Epoch 500: RMSE after the epoch 0\.4\d+ over all samples$")
    )
    expect(panel.locator(".bpviz-update-row")).to_contain_text("RMSE during the epoch 0.5167.")


def test_the_loss_of_one_update_is_called_that_of_the_sample(opened: Lab) -> None:
    panel = TrainingView(opened.output(2))
    panel.open_steps()
    panel.key("End")
    expect(panel.root.locator(".bpviz-legend")).to_contain_text("loss of the sample")
    panel.close_steps()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_curves_and_maps_follow_the_theme(opened: Lab, theme: str) -> None:
    opened.use_theme(theme)
    try:
        for index, name in ((1, "succeeds"), (2, "lecture"), (3, "diverges"), (4, "buglab")):
            panel = opened.output(index)
            expect(panel.locator(".bpviz-cursor-level").first).to_have_text("always ½")
            if index < 4:
                at_the_end(panel)
            opened.screenshot(f"curve-{name}-{theme}")
        middle = opened.output(2).locator(".bpviz-view-surface canvas").evaluate(GREYEST)
        assert (middle < 80) == (theme == "dark"), "the middle of the map is the card's colour"
    finally:
        opened.use_theme("light")
