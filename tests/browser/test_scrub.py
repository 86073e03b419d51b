"""Scrub along the curve: surface, predictions, weights and landscape follow the cursor."""

import re

import numpy as np
from playwright.sync_api import Locator, expect

import bpviz as bp
from bpviz.explain.numbers import number_text
from tests.browser.jupyter import Lab
from tests.browser.panels import PanelView, TrainingView, place_of

XOR = bp.presets.xor()

PANEL = """import bpviz as bp
xor = bp.presets.xor()
history = bp.train(xor.network, xor.inputs, xor.targets, xor.corrected, epochs=300)
panel = bp.TrainingPanel(history)
panel"""


def choose_epoch(panel: PanelView, epoch: int, of: int) -> None:
    """Click on the loss curve where an epoch is, then go the rest of the way by keyboard."""
    curve = panel.root.get_by_role("slider", name="Epoch on the curve")
    box = place_of(curve.locator(".bpviz-over"))
    share = (epoch - 1) / (of - 1)
    panel.page.mouse.click(box["x"] + share * (box["width"] - 1) + 0.5, box["y"] + 60)
    for _ in range(9):
        now = int(curve.get_attribute("aria-valuenow") or 0)
        if now == epoch:
            break
        curve.press("ArrowRight" if now < epoch else "ArrowLeft")
    expect(panel.root.locator(".bpviz-moment")).to_contain_text(f"Epoch {epoch:,}:")


def numbers_in(table: Locator) -> list[list[str]]:
    """Return the rows of a table of predictions as they stand on the screen."""
    rows: list[list[str]] = table.evaluate(
        """(table) => [...table.tBodies[0].rows].map(
            (row) => [...row.cells].slice(0, 4).map((cell) => cell.innerText))"""
    )
    return rows


def test_everything_follows_the_cursor(lab: Lab) -> None:
    lab.resize(1600, 1000)
    lab.scratch(PANEL)
    lab.run_all()
    panel = TrainingView(lab.output(0))
    history = bp.train(XOR.network, XOR.inputs, XOR.targets, XOR.corrected, epochs=300)
    views = panel.root
    lab.screenshot("scrub-first", panel.root)
    heights = place_of(views)

    for epoch in (120, 217):
        choose_epoch(panel, epoch, 300)
        network = history.network(epoch)
        loss = number_text(history.rmse_after[epoch - 1])
        expect(views.locator(".bpviz-moment")).to_have_text(
            f"Epoch {epoch:,}: RMSE after the epoch {loss} over all samples"
        )
        panel.open_tab("Predictions")
        rows = numbers_in(views.get_by_role("table"))
        predictions = network.predict(XOR.inputs)[:, 0]
        assert [row[2] for row in rows] == [number_text(value) for value in predictions]
        assert [row[:2] for row in rows] == [
            [f"({x[0]:g}, {x[1]:g})".replace("-", "−"), f"{y[0]:g}"]
            for x, y in zip(XOR.inputs, XOR.targets, strict=True)
        ]
        right = np.sum((predictions > 0.5) == (XOR.targets[:, 0] > 0.5))
        surface = views.get_by_role("img", name=re.compile("Decision surface"))
        expect(surface).to_have_attribute(
            "aria-label",
            f"Decision surface after epoch {epoch}. "
            f"{right} of 4 samples lie on their target’s side of 0.5.",
        )
        weights = panel.open_tab("Weights")
        shown = weights.locator('[data-ref="W1[0,1]"] span')
        expect(shown).to_have_text(number_text(network.layers[0].weights[0, 1]))
        landscape = panel.open_tab("Landscape")
        expect(landscape.get_by_role("img")).to_be_visible()
        label = landscape.get_by_role("img").get_attribute("aria-label") or ""
        assert (
            f"The mark is at epoch {epoch}, where the RMSE after the epoch is {float(loss):.3g}"
            in label
        )
    assert place_of(views) == heights, "the views move while scrubbing"

    # The colours of the surface are those of what the network answers there.
    low, high = surface.locator("canvas").evaluate(
        """(canvas) => {
            const { data } = canvas.getContext("2d").getImageData(0, 0, 41, 41);
            const at = (row, column) => {
                const start = 4 * ((40 - row) * 41 + column);
                return [...data.slice(start, start + 4)];
            };
            return [at(20, 20), at(40, 40)];
        }"""
    )
    middle, corner = network.predict([[0.0, 0.0], [1.5, 1.5]])[:, 0]
    assert (low[2] > low[0]) == (middle > 0.5)
    assert (high[2] > high[0]) == (corner > 0.5)

    # Open the update in the step view, walk in it, and come back to the same place.
    panel.open_steps()
    panel.start("Unit")
    panel.press("Forward", "Forward")
    panel.expect_place(2)
    panel.close_steps()
    weights = panel.open_tab("Weights")
    weights.locator('[data-ref="W2[0,0]"]').click()
    expect(weights.locator('[data-ref="W2[0,0]"]')).to_have_attribute("aria-pressed", "true")
    assert lab.violations(panel.root) == []
    expect(views.locator(".bpviz-moment")).to_contain_text("Epoch 217:")
    panel.open_steps()
    panel.expect_place(2)
    panel.close_steps()

    # One group of weights only; another view by keyboard, and this one again.
    weights.get_by_label("Weights and biases shown").select_option("b₁ (biases)")
    expect(weights.locator("[data-ref]")).to_have_count(3)  # and the chosen weight
    tabs = views.get_by_role("group", name="View")
    tabs.get_by_role("radio", name="Weights").press("ArrowRight")
    expect(weights).to_have_count(0)
    expect(landscape).to_contain_text("main direction")

    lab.screenshot("scrub-light", panel.root)
    lab.use_theme("dark")
    lab.screenshot("scrub-dark", views)
    lab.use_theme("high contrast")
    lab.screenshot("scrub-contrast", views)
    lab.command("application:toggle-left-area")
    for width in (600, 360):
        lab.resize(width, 1500)
        lab.cell(0)
        lab.page.wait_for_function(
            """(views) => ![...views.querySelectorAll(":not(option)")].some((node) =>
                node.getBoundingClientRect().right > views.getBoundingClientRect().right + 1)""",
            arg=views.element_handle(),
        )
        lab.screenshot(f"scrub-{width}", views)


LONG = """import bpviz as bp
xor = bp.presets.xor()
history = bp.train(xor.network, xor.inputs, xor.targets, xor.corrected, epochs=25_000)
panel = bp.TrainingPanel(history)
panel"""


def test_a_hundred_thousand_updates_are_scrubbed_without_piling_anything_up(lab: Lab) -> None:
    lab.resize(1600, 1500)
    lab.scratch(LONG)
    lab.run_all()
    panel = TrainingView(lab.output(0))
    expect(panel.open_tab("Landscape")).to_contain_text("main direction")
    browser = lab.page.context.new_cdp_session(lab.page)

    def heap() -> float:
        """Return how many megabytes of the page's memory are in use."""
        browser.send("HeapProfiler.collectGarbage")
        return float(browser.send("Runtime.getHeapUsage")["usedSize"]) / 1e6

    def scrub() -> None:
        """Drag the cursor to the end of the run and back."""
        lab.page.mouse.move(*panel.place_on_curve(0))
        lab.page.mouse.down()
        for part in [*np.linspace(0, 1, 14), *np.linspace(1, 0.4, 6)]:
            lab.page.mouse.move(*panel.place_on_curve(part))
        lab.page.mouse.up()
        panel.expect_chosen(epoch, 4)

    epoch = 1 + round(0.4 * 24_999)
    scrub()
    before = heap()
    scrub()
    scrub()
    assert heap() - before < 10
    expect(panel.root.locator(".bpviz-moment")).to_contain_text(f"Epoch {epoch:,}:")
