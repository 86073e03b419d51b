"""Static figures: what is drawn is what the run, the network or the trace holds."""

from __future__ import annotations

import subprocess
import sys

import matplotlib.pyplot as plt
import numpy as np
import pytest

import bpviz as bp
from bpviz.draw.axes import COLOURS

XOR = bp.presets.xor()


@pytest.fixture(autouse=True)
def _no_figure_stays_open():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def lecture():
    return bp.train(XOR.network, XOR.inputs, XOR.targets, XOR.rule, epochs=50)


@pytest.fixture(scope="module")
def right():
    return bp.train(XOR.network, XOR.inputs, XOR.targets, XOR.corrected, epochs=50)


def texts(ax):
    return [text.get_text() for text in ax.texts]


def labels(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_matplotlib_is_imported_only_when_something_is_drawn():
    code = """
import sys, bpviz as bp
bp.plot.loss
before = "matplotlib" in sys.modules
bp.plot.activation("relu")
print(before, "matplotlib" in sys.modules)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "True"]


def test_the_loss_line_holds_the_losses_and_is_labelled(lecture):
    ax = bp.plot.loss(lecture)
    [line] = ax.lines
    np.testing.assert_array_equal(line.get_xdata(), np.arange(1, 51))
    np.testing.assert_array_equal(line.get_ydata(), lecture.rmse)
    assert ax.get_xlabel() == "epoch"
    assert ax.get_ylabel() == "RMSE during the epoch (in units of the target)"
    assert ax.get_ylim()[0] == 0


def test_several_runs_share_one_plot_and_can_be_told_apart_without_colour(lecture, right):
    ax = bp.plot.loss({"lecture": lecture, "right": right}, log=True)
    assert labels(ax) == ["lecture", "right"]
    assert ax.get_yscale() == "log"
    for line, run in zip(ax.lines, (lecture, right), strict=True):
        np.testing.assert_array_equal(line.get_ydata(), run.rmse)
    for look in ("linestyle", "marker", "color"):
        assert len({plt.getp(line, look) for line in ax.lines}) == 2
    assert [line.get_color() for line in ax.lines] == list(COLOURS[:2])


def test_a_diverged_run_is_drawn_as_far_as_its_losses_are_finite():
    rule = bp.Rule(learning_rate=50.0)
    with pytest.warns(bp.TrainingWarning, match="diverged"):
        run = bp.train(XOR.network, XOR.inputs, XOR.targets, rule, epochs=200)
    shown = bp.plot.loss(run).lines[0].get_ydata()
    assert np.isfinite(run.rmse).sum() == np.isfinite(shown).sum() > 0
    assert bp.plot.trajectories(run).lines[0].get_xdata()[-1] <= run.epochs


def test_it_draws_into_the_axes_that_it_is_given_and_opens_no_figure(lecture):
    from matplotlib.figure import Figure

    axes = Figure().subplots(2, 3).ravel()
    trace = lecture.trace(0)
    assert bp.plot.loss(lecture, axes[0]) is axes[0]
    assert bp.plot.trajectories(lecture, ax=axes[1]) is axes[1]
    assert bp.plot.decision(trace.network, ax=axes[2]) is axes[2]
    assert bp.plot.landscape(lecture, ax=axes[3]) is axes[3]
    assert bp.plot.activation("tanh", ax=axes[4]) is axes[4]
    assert bp.plot.network(trace, axes[5]) is axes[5]
    assert plt.get_fignums() == []


def test_drawing_leaves_matplotlibs_settings_alone(lecture):
    before = dict(plt.rcParams)
    bp.plot.loss(lecture)
    bp.plot.landscape(lecture)
    bp.plot.network(lecture.trace(0))
    assert dict(plt.rcParams) == before
    assert len(plt.get_fignums()) == 3


def test_each_trajectory_is_the_way_of_its_weight(right):
    ax = bp.plot.trajectories(right, ["W1[0, 1]", "b2[0]"])
    networks = [right.network(epoch) for epoch in range(51)]
    weight, bias = ax.lines
    np.testing.assert_array_equal(weight.get_xdata(), np.arange(51))
    np.testing.assert_array_equal(
        weight.get_ydata(), [network.layers[0].weights[0, 1] for network in networks]
    )
    np.testing.assert_array_equal(
        bias.get_ydata(), [network.layers[1].bias[0] for network in networks]
    )


def test_by_default_every_weight_and_bias_has_a_trajectory_of_its_own_look(right):
    ax = bp.plot.trajectories(right)
    assert labels(ax) == [
        *("W1[0,0]", "W1[0,1]", "W1[1,0]", "W1[1,1]", "b1[0]", "b1[1]"),
        *("W2[0,0]", "W2[0,1]", "b2[0]"),
    ]
    assert len({line.get_marker() for line in ax.lines}) == 9


def test_trajectories_of_a_run_that_kept_few_updates_are_the_same(right):
    few = bp.train(XOR.network, XOR.inputs, XOR.targets, XOR.corrected, epochs=50, record=7)
    for line, other in zip(
        bp.plot.trajectories(few).lines, bp.plot.trajectories(right).lines, strict=True
    ):
        np.testing.assert_array_equal(line.get_ydata(), other.get_ydata())


def test_the_activation_plot_holds_function_and_derivative():
    function, slope = bp.plot.activation(bp.sigmoid, limits=(-2, 2)).lines[:2]
    a = np.linspace(-2, 2, 401)
    np.testing.assert_array_equal(function.get_xdata(), a)
    np.testing.assert_allclose(function.get_ydata(), 1 / (1 + np.exp(-a)), rtol=1e-14)
    np.testing.assert_allclose(slope.get_ydata(), np.exp(-a) / (1 + np.exp(-a)) ** 2, rtol=1e-13)
    assert function.get_linestyle() != slope.get_linestyle()


def test_the_derivative_of_relu_has_a_gap_at_its_jump():
    _, slope = bp.plot.activation("relu").lines[:2]
    x, y = slope.get_xdata(), slope.get_ydata()
    [gap] = np.flatnonzero(np.isnan(y))
    assert abs(x[gap]) < 0.03
    assert set(y[:gap]) == {0.0}
    assert set(y[gap + 1 :]) == {1.0}


def test_the_network_plot_shows_every_number_and_every_connection():
    example = bp.presets.three_two_one()
    trace = bp.backprop(example.network, example.inputs[0], example.targets[0], example.rule)
    ax = bp.plot.network(trace)
    for number in ("0.5597", "0.387", "0.24", "−0.46", "−0.02873", "0.002045", "−0.6", "0.7"):
        assert number in texts(ax)
    assert "3-2-1 network, loss of the sample 0.006616" in texts(ax)
    weights = np.concatenate([layer.weights.T.ravel() for layer in example.network.layers])
    assert len(ax.lines) == len(weights) == 8
    assert [line.is_dashed() for line in ax.lines] == list(weights < 0)
    first_layer = [line.get_linewidth() for line in ax.lines[:6]]
    assert list(np.argsort(first_layer)[-2:]) == list(np.argsort(abs(weights[:6]))[-2:])


def test_the_network_plot_of_a_batch_shows_the_chosen_sample():
    trace = bp.backprop(XOR.network, XOR.inputs, XOR.targets, XOR.corrected).at_sample(3)
    shown = texts(bp.plot.network(trace))
    assert "−1.456" in shown
    assert "2-2-1 network, loss of the sample 0.001246" in shown


def test_a_wide_network_is_drawn_with_some_of_its_units():
    network = bp.Network.random([9, 8, 3], ["tanh", "softmax"], seed=1, loss="cross_entropy")
    shown = texts(bp.plot.network(bp.backprop(network, np.full(9, 0.1), [0, 1, 0])))
    assert "and 3 more units" in shown
    assert "and 2 more units" in shown


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: bp.plot.loss(XOR), TypeError, "history is Example; give a History"),
        (lambda: bp.plot.loss({}), ValueError, "history is empty"),
        (lambda: bp.plot.loss({"one": 1}), TypeError, r"history\['one'\] is 1; give a History"),
        (lambda: bp.plot.trajectories(3), TypeError, "history is int; give a History"),
        (lambda: bp.plot.activation(), ValueError, "functions is empty"),
        (lambda: bp.plot.activation("softmax"), ValueError, "functions has softmax, whose values"),
        (lambda: bp.plot.activation("step"), ValueError, "functions is 'step'; choose one of"),
        (lambda: bp.plot.activation("relu", limits=(1, 1)), ValueError, "limits is"),
        (lambda: bp.plot.activation("relu", ax=3), TypeError, "ax is int; give one plot's axes"),
        (lambda: bp.plot.network(5), TypeError, "source is int; give an Example"),
    ],
)
def test_what_cannot_be_drawn_is_said_clearly(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_trajectories_say_which_refs_there_are(right):
    with pytest.raises(KeyError, match=r"'W3\[0,0\]' is not a weight or bias .* W1\[0,0\], W1"):
        bp.plot.trajectories(right, ["W3[0,0]"])
    with pytest.raises(TypeError, match=r"refs is 'b1\[0\]'; give a list such as"):
        bp.plot.trajectories(right, "b1[0]")
    with pytest.raises(ValueError, match="refs has 0 entries"):
        bp.plot.trajectories(right, [])
    wide = bp.Network.random([9, 9, 1], ["relu", "identity"], seed=0)
    run = bp.train(wide, np.ones((1, 9)), [[0.0]], epochs=1)
    with pytest.raises(ValueError, match="refs has 100 entries; name 1 to 24"):
        bp.plot.trajectories(run)


def test_losses_of_0_have_no_logarithm_and_the_plot_says_so():
    exact = bp.Network([bp.Layer([[1.0]], activation="identity")])
    zeros = bp.train(exact, [[1.0]], [[1.0]], epochs=5)
    ax = bp.plot.loss(zeros, log=True)
    ax.figure.canvas.draw()
    assert [text.get_text() for text in ax.texts] == [
        "No loss is above 0, so none has a logarithm."
    ]
    assert ax.get_yscale() == "linear"
    falling = bp.train(exact, [[1.0]], [[0.0]], bp.Rule(0.5), epochs=5)
    ax = bp.plot.loss({"zeros": zeros, "falling": falling}, log=True)
    ax.figure.canvas.draw()
    assert (ax.get_yscale(), len(ax.texts)) == ("log", 0)
