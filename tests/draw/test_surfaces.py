"""Decision surfaces and loss landscapes agree with the network, point by point."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest

import bpviz as bp
from bpviz.core.run.parameters import parameter_refs, parameters_of, path_of

XOR = bp.presets.xor()


@pytest.fixture(autouse=True)
def _no_figure_stays_open():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def run():
    return bp.train(XOR.network, XOR.inputs, XOR.targets, XOR.corrected, epochs=300)


def grid_of(ax):
    """Return the coordinates at the middle of every pixel of the axes' image, and its values."""
    [image] = ax.images
    values = np.asarray(image.get_array())
    left, right, bottom, top = image.get_extent()
    rows, columns = values.shape
    x, y = (right - left) / columns, (top - bottom) / rows
    first = np.linspace(left + x / 2, right - x / 2, columns)
    second = np.linspace(bottom + y / 2, top - y / 2, rows)
    return first, second, values


def network_with(parameters):
    """Return the XOR network with these parameters, put together by hand."""
    W1, b1, W2, b2 = np.split(parameters, [4, 6, 8])
    layers = [bp.Layer(W1.reshape(2, 2), b1, "relu"), bp.Layer(W2.reshape(1, 2), b2, "identity")]
    return bp.Network(layers)


def rmse_of(network):
    return np.sqrt(np.mean((network.predict(XOR.inputs) - XOR.targets) ** 2))


def test_the_decision_surface_is_what_the_network_predicts(run):
    network = run.network(-1)
    ax = bp.plot.decision(network, XOR.inputs, XOR.targets)
    first, second, values = grid_of(ax)
    assert first[[0, -1]] == pytest.approx([-1.5, 1.5])
    for row, column in np.random.default_rng(0).integers(0, len(first), (40, 2)):
        expected = network.predict([first[column], second[row]])[0]
        assert values[row, column] == pytest.approx(expected, abs=1e-12)


def test_an_example_and_a_history_bring_their_samples(run):
    for source, network in ((XOR, XOR.network), (run, run.network(-1))):
        ax, same = bp.plot.decision(source), bp.plot.decision(network, XOR.inputs, XOR.targets)
        np.testing.assert_array_equal(grid_of(ax)[2], grid_of(same)[2])
        assert len(ax.collections) == len(same.collections) > 1


def test_samples_are_marked_at_their_place_with_a_shape_for_each_target(run):
    ax = bp.plot.decision(run.network(-1), XOR.inputs, XOR.targets)
    marks = {c.get_label(): c for c in ax.collections if c.get_label().startswith("target")}
    assert set(marks) == {"target 0", "target 1"}
    np.testing.assert_array_equal(marks["target 1"].get_offsets(), [[1, 1], [-1, -1]])
    np.testing.assert_array_equal(marks["target 0"].get_offsets(), [[-1, 1], [1, -1]])
    shapes = [len(mark.get_paths()[0].vertices) for mark in marks.values()]
    assert shapes[0] != shapes[1]
    words = [text.get_text() for text in ax.get_legend().get_texts()]
    assert words == ["output 0.5", "target 0", "target 1"]


def test_the_boundary_runs_where_the_output_is_halfway(run):
    network = run.network(-1)
    ax = bp.plot.decision(network, XOR.inputs, XOR.targets)
    [boundary] = [contour for contour in ax.collections if np.max(contour.get_linewidths()) == 2.4]
    points = np.concatenate([path.vertices for path in boundary.get_paths()])
    assert len(points) > 10
    # Contours are straight within a cell of the grid; the network bends at its units' edges.
    np.testing.assert_allclose(network.predict(points), 0.5, atol=2e-3)


def test_one_of_several_outputs_and_the_limits_can_be_chosen():
    network = bp.Network.random([2, 3, 2], ["tanh", "identity"], seed=4)
    ax = bp.plot.decision(network, output=1, limits=(0, 4))
    first, second, values = grid_of(ax)
    assert (first[0], second[-1]) == pytest.approx((0, 4))
    assert values[7, 30] == pytest.approx(network.predict([first[30], second[7]])[1], abs=1e-12)
    assert values.std() > 0.01


def test_a_network_that_always_answers_the_same_has_a_plain_surface():
    flat = bp.Network([bp.Layer([[0.0, 0.0]], [0.25], bp.identity)])
    _, _, values = grid_of(bp.plot.decision(flat, XOR.inputs, XOR.targets))
    assert set(values.ravel()) == {0.25}


def test_many_different_targets_are_told_by_colour():
    inputs = np.random.default_rng(1).normal(size=(30, 2))
    network = bp.Network([bp.Layer([[1.0, 0.0]])])
    ax = bp.plot.decision(network, inputs, inputs[:, :1])
    marks = ax.collections[-1]
    np.testing.assert_array_equal(marks.get_offsets(), inputs)
    assert len(np.unique(marks.get_facecolors(), axis=0)) > 20


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"network": bp.presets.three_two_one().network}, ValueError, "network has 3 inputs"),
        ({"network": 5}, TypeError, "network is int; give a Network, an Example or"),
        ({"X": None}, ValueError, "Y is given without X"),
        ({"Y": [[1.0], [0.0]]}, ValueError, "Y has 2 samples and X has 4"),
        ({"X": [[1.0, 2.0, 3.0]]}, ValueError, "X has shape"),
        ({"output": 1}, IndexError, "output 1 does not exist"),
        ({"limits": (2, 1)}, ValueError, "limits is"),
    ],
)
def test_a_surface_that_cannot_be_drawn_is_said_clearly(change, error, words):
    arguments = {"network": XOR.network, "X": XOR.inputs, "Y": XOR.targets} | change
    with pytest.raises(error, match=words):
        bp.plot.decision(**arguments)


def test_the_path_of_a_run_is_its_parameters_after_each_epoch(run):
    epochs, path = path_of(run)
    np.testing.assert_array_equal(epochs, np.arange(301))
    for epoch in (0, 1, 150, 300):
        np.testing.assert_array_equal(path[epoch], parameters_of(run.network(epoch)))
        assert network_with(path[epoch]) == run.network(epoch)
    few, thinned = path_of(run, most=4)
    assert list(few) == [0, 100, 200, 300]
    np.testing.assert_array_equal(thinned, path[few])


def test_parameters_are_named_in_the_order_of_a_row():
    trace = bp.backprop(XOR.network, XOR.inputs[0], XOR.targets[0])
    named = [trace[ref] for ref in parameter_refs(XOR.network)]
    np.testing.assert_array_equal(parameters_of(XOR.network), named)


def test_between_two_weights_the_landscape_is_the_loss_with_those_weights(run):
    ax = bp.plot.landscape(run, ("W1[0,0]", "W2[0,1]"))
    first, second, values = grid_of(ax)
    assert ax.get_xlabel() == "weight W1[0,0]"
    end = parameters_of(run.network(-1))
    for row, column in np.random.default_rng(0).integers(0, len(first), (30, 2)):
        changed = end.copy()
        changed[[0, 7]] = first[column], second[row]
        assert values[row, column] == pytest.approx(rmse_of(network_with(changed)), abs=1e-12)
    way = ax.lines[0].get_xydata()
    _, path = path_of(run)
    np.testing.assert_allclose(way, path[:, [0, 7]], atol=1e-12)
    assert first[0] < way[:, 0].min() < way[:, 0].max() < first[-1]
    assert second[0] < way[:, 1].min() < way[:, 1].max() < second[-1]


def test_by_default_the_landscape_lies_along_the_principal_directions_of_the_path(run):
    ax = bp.plot.landscape(run)
    first, second, values = grid_of(ax)
    _, path = path_of(run)
    sizes, vectors = np.linalg.eigh(np.cov(path.T))
    expected = (path - path[-1]) @ vectors[:, [-1, -2]]
    way = ax.lines[0].get_xydata()
    signs = np.sign(np.sum(way * expected, axis=0))
    np.testing.assert_allclose(way, expected * signs, atol=1e-9)
    assert (way[-1] >= way[0] - 1e-12).all()
    share = sizes[-1] / sizes.sum()
    assert ax.get_xlabel() == f"along principal direction 1 ({share:.0%} of the movement)"
    for row, column in np.random.default_rng(1).integers(0, len(first), (20, 2)):
        place = np.array([first[column], second[row]]) * signs
        point = path[-1] + vectors[:, [-1, -2]] @ place
        assert values[row, column] == pytest.approx(rmse_of(network_with(point)), abs=1e-9)


def test_a_run_of_one_epoch_has_a_landscape_too():
    run = bp.train(XOR.network, XOR.inputs, XOR.targets, XOR.corrected, epochs=1)
    first, second, values = grid_of(bp.plot.landscape(run))
    assert np.ptp(second) == pytest.approx(0.4 * np.ptp(first))
    assert np.isfinite(values).all()


@pytest.mark.parametrize(("rate", "epochs", "updates"), [(5.0, 1, 2), (1e100, 0, 0), (1e308, 0, 0)])
@pytest.mark.filterwarnings("ignore::bpviz.TrainingWarning")
def test_the_landscape_of_a_run_that_diverged_ends_where_numbers_were_finite(rate, epochs, updates):
    diverged = bp.train(XOR.network, XOR.inputs, XOR.targets, bp.Rule(rate), epochs=30)
    assert diverged.stopped.reason == "diverged"
    ax = bp.plot.landscape(diverged, ("W1[0,0]", "W2[0,1]"))
    ends = [diverged.network(epoch) for epoch in range(epochs + 1)]
    ends += [diverged.trace(epochs, update).updated for update in range(updates)]
    expected = [parameters_of(end)[[0, 7]] for end in ends]
    size = np.abs(expected).max(axis=0)
    np.testing.assert_allclose(ax.lines[0].get_xydata() / size, expected / size, atol=1e-12)
    by_default = bp.plot.landscape(diverged)
    assert len(by_default.lines[0].get_xydata()) == len(expected)
    for drawn in (ax, by_default):
        drawn.figure.canvas.draw()
        assert drawn.get_title("left").endswith("after the star its loss is not finite.")
        assert "last finite loss" in [text.get_text() for text in drawn.get_legend().get_texts()]


def test_a_landscape_without_any_finite_loss_says_so():
    with pytest.warns(bp.TrainingWarning):
        run = bp.train(XOR.network, XOR.inputs, [[1e200]] * 4, epochs=3)
    ax = bp.plot.landscape(run)
    ax.figure.canvas.draw()
    assert "no finite loss" in [text.get_text() for text in ax.get_legend().get_texts()]


def test_the_path_on_a_landscape_goes_on_to_an_end_within_an_epoch():
    run = bp.Run(XOR.network, XOR.inputs, XOR.targets, XOR.corrected)
    run.advance(4 * 3 + 2)
    ax = bp.plot.landscape(run.history(), ("W1[0,0]", "b2[0]"))
    way = ax.lines[0].get_xydata()
    assert len(way) == 1 + 3 + 2
    np.testing.assert_array_equal(way[-1], parameters_of(run.history().network(-1))[[0, 8]])


def test_a_landscape_of_very_different_losses_has_logarithmic_colours():
    longer = bp.train(XOR.network, XOR.inputs, XOR.targets, XOR.corrected, epochs=6000)
    ax = bp.plot.landscape(longer)
    [image] = ax.images
    assert type(image.norm).__name__ == "LogNorm"
    assert image.norm.vmin == np.asarray(image.get_array()).min() > 0


def test_a_landscape_that_cannot_be_drawn_is_said_clearly(run):
    still = bp.train(XOR.network, XOR.inputs, XOR.targets, bp.Rule(learning_rate=0), epochs=3)
    with pytest.raises(ValueError, match="history has no path: no weight or bias moved"):
        bp.plot.landscape(still)
    with pytest.raises(TypeError, match="history is Example"):
        bp.plot.landscape(XOR)
    with pytest.raises(KeyError, match=r"'W9\[0,0\]' is not a weight or bias"):
        bp.plot.landscape(run, ("W9[0,0]", "b1[0]"))
    with pytest.raises(TypeError, match=r"directions is 'W1\[0,0\]'; give a list such as"):
        bp.plot.landscape(run, "W1[0,0]")
    for wrong in (("b1[0]",), ("b1[0]", "b1[0]")):
        with pytest.raises(ValueError, match="give two different weights or biases"):
            bp.plot.landscape(run, wrong)


def test_a_decision_surface_shows_what_is_finite():
    hidden = bp.Layer([[1e200, 0.0], [0.0, 1.0]], activation="relu")
    ax = bp.plot.decision(bp.Network([hidden, bp.Layer([[1e200, 1.0]], activation="identity")]))
    ax.figure.canvas.draw()
    shown = np.ma.filled(ax.images[0].get_array().astype(float), np.nan)
    assert np.isfinite(shown).mean() == pytest.approx(61 / 121)  # the left half
    assert (np.nanmin(shown), np.nanmax(shown)) == (0.0, 1.5)
    far = bp.Network([bp.Layer([[0.0, 0.0]], [1e308], "relu"), bp.Layer([[2.0]], None, "relu")])
    with pytest.raises(ValueError, match=r"network has no finite output 0 from -1.5 to 1.5; its"):
        bp.plot.decision(far)
