"""From a run of 5,000 epochs, trained in the panel, to an epoch, an update, a number, and back."""

import re

import numpy as np
from playwright.sync_api import Locator, expect

import bpviz as bp
from bpviz.core.run.parameters import path_of
from bpviz.core.run.slices import loss_over, principal_slice, ticks_around
from bpviz.explain.numbers import number_text
from bpviz.explain.program import Program
from bpviz.panels.views import GRID, MOST_EPOCHS
from tests.browser.expected import Screen
from tests.browser.jupyter import Lab
from tests.browser.panels import TrainingView

EPOCHS = 5000
VIEWS = ("Predictions", "Weights", "Landscape")
XOR = bp.presets.xor()

PANEL = f"""import bpviz as bp
xor = bp.presets.xor()
panel = bp.TrainingPanel(xor)
right = xor.corrected
panel.set(epochs={EPOCHS}, learning_rate=right.learning_rate, update=right.update,
          train_biases=right.train_biases, mistakes=right.mistakes)
panel"""

# The colours of a map, row by row from below: red, green, blue of each place.
PIXELS = """(map) => {
    const canvas = map.querySelector("canvas");
    const { width, height } = canvas;
    // Of a copy: Chromium complains when a canvas is drawn to and read by turns.
    const copy = Object.assign(document.createElement("canvas"), { width, height });
    const context = copy.getContext("2d", { willReadFrequently: true });
    context.drawImage(canvas, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    const rows = Array.from({ length: height }, (_, y) =>
        Array.from({ length: width }, (_, x) =>
            [...data.slice(4 * (y * width + x), 4 * (y * width + x) + 3)]));
    return rows.reverse();
}"""
PREDICTIONS = "(table) => [...table.tBodies[0].rows].map((row) => row.cells[2].innerText)"
MARK = """(map) => {
    const { cx, cy } = map.querySelector("circle[r='3.6']");
    return [cx.baseVal.value, cy.baseVal.value];
}"""


def pixels(view: Locator) -> np.ndarray:
    """Return the colours of a view's map, shape (GRID, GRID, 3), in the order of its values."""
    return np.array(view.evaluate(PIXELS), dtype=float)


class Expected:
    """What the views must show of a run on XOR, computed beside the panel."""

    def __init__(self, history: bp.History) -> None:
        self.history = history
        _, path = path_of(self.history, MOST_EPOCHS)
        self.cut = principal_slice(path)
        self.ticks = ticks_around(self.cut.coordinates(path), GRID)

    def mark(self, network: bp.Network) -> np.ndarray:
        """Return where the mark lies on the landscape, in hundredths of its sides."""
        row = [part for layer in network.layers for part in (layer.weights.ravel(), layer.bias)]
        [place] = self.cut.coordinates(np.concatenate(row)[None])
        ends = np.array([(axis[0], axis[-1]) for axis in self.ticks])
        share = (place - ends[:, 0]) / (ends[:, 1] - ends[:, 0])
        x, y = 100 * (share * (GRID - 1) + 0.5) / GRID
        return np.array([x, 100 - y])

    def check_view(self, views: Locator, epoch: int, view: str) -> None:
        """Check every number, the surface and the mark of a view after an epoch."""
        loss = number_text(self.history.rmse_after[epoch - 1])
        expect(views.locator(".bpviz-moment")).to_have_text(
            f"Epoch {epoch:,}: RMSE after the epoch {loss} over all samples"
        )
        self.check_network(views, self.history.network(epoch), view)

    def check_within(self, views: Locator, epoch: int, update: int, view: str) -> None:
        """Check the same of a view after an update within an epoch."""
        network = self.history.trace(epoch - 1, update - 1).updated
        errors = network.predict(XOR.inputs) - XOR.targets
        loss = number_text(float(np.sqrt(np.mean(errors**2))))
        expect(views.locator(".bpviz-moment")).to_have_text(
            f"Update {update} of epoch {epoch:,}: RMSE {loss} over all samples"
        )
        self.check_network(views, network, view)

    def check_network(self, views: Locator, network: bp.Network, view: str) -> None:
        """Check what a view shows of a network of the run."""
        if view == "Predictions":
            self.check_predictions(views, network)
        if view == "Weights":
            self.check_weights(views, network)
        if view == "Landscape":
            landscape = views.locator(".bpviz-view-landscape")
            expect(landscape.locator("circle[r='3.6']").first).to_be_visible()
            mark = landscape.evaluate(MARK)
            np.testing.assert_allclose(mark, self.mark(network), atol=0.02)
        ticks = np.linspace(-1.5, 1.5, GRID)
        places = np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)
        answers = network.predict(places)[:, 0].reshape(GRID, GRID)
        colours = pixels(views.locator(".bpviz-view-surface"))
        bluer = colours[..., 2] - colours[..., 0]
        clear = np.abs(answers - 0.5) > 0.05  # white is in the middle
        assert np.array_equal((bluer > 0)[clear], (answers > 0.5)[clear])

    def check_predictions(self, views: Locator, network: bp.Network) -> None:
        """Check the predictions of a network of the run."""
        predictions = network.predict(XOR.inputs)[:, 0]
        shown = views.get_by_role("table").evaluate(PREDICTIONS)
        assert shown == [number_text(value) for value in predictions]

    def check_weights(self, views: Locator, network: bp.Network) -> None:
        """Check the weights and biases of a network of the run."""
        for number, layer in enumerate(network.layers, start=1):
            for unit in range(layer.units):
                for source in range(layer.inputs):
                    value = views.locator(f'[data-ref="W{number}[{unit},{source}]"] > span')
                    expect(value).to_have_text(number_text(layer.weights[unit, source]))
                value = views.locator(f'[data-ref="b{number}[{unit}]"] > span')
                expect(value).to_have_text(number_text(layer.bias[unit]))

    def check_landscape(self, view: Locator) -> None:
        """Check that the landscape is the brighter, the greater the loss is there."""
        heights = loss_over(self.history, self.cut, *self.ticks).ravel()
        brightness = pixels(view).reshape(-1, 3) @ [0.30, 0.59, 0.11]
        rising = brightness[np.argsort(heights)]
        assert np.diff(rising).min() > -3
        assert rising[-1] - rising[0] > 150


def expect_all_numbers(panel: TrainingView, history: bp.History, trace: bp.Trace) -> None:
    """Check every number of an update of a run, whose units are all stepped through."""
    screen = Screen(Program(trace.network, history.rule), trace)
    for step in screen.program.steps("unit"):
        screen.do(step)
    panel.expect_place(len(screen.program.steps("unit")))
    assert panel.look().numbers == screen.numbers()


def test_a_run_of_5000_epochs_is_walked_through_from_end_to_end(lab: Lab) -> None:
    lab.resize(1600, 900)
    lab.scratch(PANEL, "")
    lab.run_all()
    panel = TrainingView(lab.output(0))
    views = panel.root
    panel.press("Run", group="Training")
    history = bp.train(XOR.network, XOR.inputs, XOR.targets, XOR.corrected, EPOCHS)
    expected = Expected(history)
    made = panel.root.locator(".bpviz-status")
    last = number_text(history.rmse[-1])
    expect(made).to_have_text(
        f"{EPOCHS:,} epochs made, RMSE during the epoch {last}.", timeout=30_000
    )

    # The run has ended by itself, and every view is at its end.
    for view in VIEWS:
        panel.open_tab(view)
        expected.check_view(views, EPOCHS, view)
    expected.check_landscape(views.locator(".bpviz-view-landscape"))

    # Drag from the first epoch to the last, and look at each stop while the button is down.
    mouse = lab.page.mouse
    for view in VIEWS:
        panel.open_tab(view)
        seen = []
        mouse.move(*panel.place_on_curve(0))
        mouse.down()
        for part in (0, 0.02, 0.1, 0.37, 0.8, 1):
            mouse.move(*panel.place_on_curve(part), steps=4)
            asked = 1 + round(part * (EPOCHS - 1))
            lab.painted()
            expect(panel.where).to_contain_text(re.compile(r"^Epoch [\d,]+ of 5,000, "))
            epoch, _, loss = panel.chosen()
            assert abs(epoch - asked) <= 0.004 * EPOCHS
            assert loss == number_text(history.rmse[epoch - 1])
            expected.check_view(views, epoch, view)
            seen.append(epoch)
        mouse.up()
        assert (seen[0], seen[-1]) == (1, EPOCHS)
        assert seen == sorted(seen)

    # Into one update, to one of its numbers, and back to the same place.
    mouse.click(*panel.place_on_curve(0.37))
    epoch, _, _ = panel.chosen()
    panel.root.get_by_label("Update within the epoch").select_option("3")
    panel.expect_chosen(epoch, 3)
    panel.open_steps()
    panel.start("Unit")
    panel.key("End")
    expect_all_numbers(panel, history, history.trace(epoch - 1, 2))
    panel.expect_chosen(epoch, 3)
    panel.close_steps()
    for view in VIEWS:
        panel.open_tab(view)
        expected.check_within(views, epoch, 3, view)
    panel.expect_chosen(epoch, 3)
    assert lab.answer("panel.epoch, panel.frame, panel.history.updates") == str(
        (epoch - 1, 4 * (epoch - 1) + 2, 4 * EPOCHS)
    )
