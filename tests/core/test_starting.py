"""Mistakes in the parameters that a run begins with."""

from __future__ import annotations

import numpy as np
import pytest

import bpviz as bp
from bpviz.core.update.possible import possible, reason_against
from bpviz.core.update.starting import started, started_parameters
from tests.core.mistaken import X, Y, deep, of_ones_own

EQUAL = bp.Rule(0.5, mistakes=("weights_started_equal",))
WIDE = bp.Network.random([2, 4, 3, 2], ["tanh", "sigmoid", "sigmoid"], seed=3)


def all_equal(network: bp.Network) -> bp.Network:
    """The network with one number in all places of each array, made by hand."""
    layers = [
        bp.Layer(
            np.full(layer.weights.shape, layer.weights[0, 0]),
            np.full(layer.bias.shape, layer.bias[0]),
            layer.activation,
        )
        for layer in network.layers
    ]
    return bp.Network(layers, network.loss)


@pytest.mark.parametrize("network", [deep(), WIDE, bp.presets.xor().network], ids=repr)
def test_all_weights_and_all_biases_of_a_layer_begin_with_one_number(network):
    assert started(network, EQUAL) == all_equal(network)
    assert started(started(network, EQUAL), EQUAL) == all_equal(network)
    assert started(network, bp.Rule(0.5)) is network


def test_training_begins_there_and_every_update_is_right():
    history = bp.train(WIDE, X, Y, EQUAL, epochs=40)
    right = bp.train(all_equal(WIDE), X, Y, bp.Rule(0.5), epochs=40)
    assert history.start == all_equal(WIDE)
    assert np.array_equal(history.rows, right.rows)
    assert bp.gradient_check(history.start, X, Y, EQUAL).passed


def test_units_that_begin_alike_stay_alike():
    end = bp.train(WIDE, X, Y, EQUAL, epochs=200).network(-1)
    for layer in end.layers[:2]:
        assert np.ptp(layer.weights, axis=0) == pytest.approx(0, abs=1e-12)
        assert np.ptp(layer.bias) == pytest.approx(0, abs=1e-12)
    end = bp.train(WIDE, X, Y, bp.Rule(0.5), epochs=200).network(-1)
    assert all((np.ptp(layer.weights, axis=0) > 0.01).all() for layer in end.layers[:2])


def test_an_update_begins_with_what_it_is_given():
    for network in (WIDE, deep()):
        right = bp.backprop(network, X, Y, bp.Rule(0.5))
        assert np.array_equal(bp.backprop(network, X, Y, EQUAL).row, right.row)


def test_a_sweep_begins_every_run_there():
    arguments = {"epochs": 5, "runs": 4, "seed": 1, "starts": "lecture"}
    sweep = bp.sweep(WIDE, X, Y, EQUAL, **arguments)
    right = bp.sweep(WIDE, X, Y, bp.Rule(0.5), **arguments)
    for run in range(4):
        start, end = sweep.networks(run)
        assert start == all_equal(right.networks(run)[0])
        trained = bp.train(start, X, Y, bp.Rule(0.5), epochs=5).network(-1)
        for one, other in zip(end.layers, trained.layers, strict=True):
            np.testing.assert_allclose(one.weights, other.weights, rtol=1e-12)


def test_without_a_mistake_nothing_is_made():
    parameters = np.ones((2, 3))
    assert (
        started_parameters(bp.Network.random([2, 1], ["relu"]), bp.Rule(), parameters) is parameters
    )


def test_it_needs_several_weights_and_is_none_of_an_update():
    single = bp.Network.random([1, 1, 1], ["relu", "identity"], seed=0)
    assert "needs a layer with two weights or more" in reason_against(EQUAL.mistakes[0], single)
    assert reason_against(EQUAL.mistakes[0], WIDE) is None
    assert EQUAL.mistakes[0] not in possible(WIDE, bp.Rule())


def test_a_mistake_of_ones_own_changes_the_start():
    with of_ones_own(
        "biases_at_zero",
        lambda operation, _: 0.0 if operation.quantity == "b" else None,
        unseen_because="The gradients are right.",
        acts_on="start",
    ) as name:
        run = bp.Run(deep(), X, Y, bp.Rule(mistakes=(name, *EQUAL.mistakes)))
        for layer, equal in zip(run.start.layers, all_equal(deep()).layers, strict=True):
            assert not layer.bias.any()
            assert np.array_equal(layer.weights, equal.weights)


def test_panels_show_what_the_run_begins_with():
    example = bp.Example(WIDE, X, Y, rule=EQUAL)
    first = all_equal(WIDE).layers[0].weights
    lab = bp.BugLab(example)
    assert np.array_equal(lab.trace["W1"], first)
    assert np.array_equal(lab.right_trace["W1"], WIDE.layers[0].weights)
    assert lab.differences[0] == "a1"
    assert np.array_equal(bp.StepPanel(example).trace["W1"], first)
    panel = bp.TrainingPanel(example)
    panel.advance(1)
    assert np.array_equal(panel.history.trace(0, 0)["W1"], first)
    panel.set(mistakes=())
    panel.advance(1)
    assert np.array_equal(panel.history.trace(0, 0)["W1"], WIDE.layers[0].weights)
