"""Layers and networks: what they hold, and that it does not change."""

from __future__ import annotations

import copy

import numpy as np
import pytest
from hypothesis import given

import bpviz as bp
from tests.core.networks import cases


@pytest.fixture
def network() -> bp.Network:
    return bp.presets.xor().network


def test_a_layer_does_not_share_memory_with_what_it_is_made_of() -> None:
    weights, bias = np.ones((2, 3)), np.ones(2)
    layer = bp.Layer(weights, bias)
    weights[0, 0] = bias[0] = 7.0
    np.testing.assert_array_equal(layer.weights, np.ones((2, 3)))
    np.testing.assert_array_equal(layer.bias, np.ones(2))
    assert weights.flags.writeable


def test_parameters_cannot_be_changed(network) -> None:
    layer = network.layers[0]
    with pytest.raises(ValueError, match="read-only"):
        layer.weights[0, 0] = 1.0
    with pytest.raises(ValueError, match="read-only"):
        layer.bias += 1.0
    with pytest.raises(AttributeError, match="make a new one to set its weights"):
        layer.weights = np.ones((2, 2))
    with pytest.raises(AttributeError, match="make a new one to set its layers"):
        network.layers = ()
    with pytest.raises(AttributeError, match="a Layer does not change"):
        del layer.bias
    with pytest.raises(AttributeError, match="a Network does not change"):
        del network.loss


def test_training_leaves_the_network_as_it_was(network) -> None:
    before = copy.deepcopy(network)
    example = bp.presets.xor()
    bp.train(network, example.inputs, example.targets, epochs=3)
    bp.backprop(network, example.inputs, example.targets)
    assert network == before


def test_networks_with_the_same_numbers_are_equal(network) -> None:
    same = bp.presets.xor().network
    assert same == network
    assert hash(same) == hash(network)
    other = bp.Network([*network.layers[:-1], bp.Layer([[1.0, 2.0]], None, "identity")])
    assert other != network
    assert network != "network"
    assert network.layers[0] != network.layers[1]


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
def test_a_copy_is_equal_and_just_as_fixed(network, copied) -> None:
    other = copied(network)
    assert other == network
    assert not other.layers[0].weights.flags.writeable


def test_a_bias_may_be_left_out_or_given_as_the_column_of_a_formula() -> None:
    np.testing.assert_array_equal(bp.Layer([[1.0], [2.0]]).bias, [0.0, 0.0])
    np.testing.assert_array_equal(bp.Layer([[1.0], [2.0]], [[3.0], [4.0]]).bias, [3.0, 4.0])
    np.testing.assert_array_equal(bp.Layer([[1.0]], 5).bias, [5.0])


def test_sizes_units_and_inputs(network) -> None:
    assert network.sizes == (2, 2, 1)
    assert (network.layers[1].units, network.layers[1].inputs) == (1, 2)


def test_reprs_are_short() -> None:
    example = bp.presets.xor()
    assert repr(example.network) == "Network(2-2-1; relu, identity; loss squared_error)"
    assert repr(example.network.layers[0]) == "Layer(2 → 2, relu)"
    assert repr(example) == "Example(xor: 2-2-1 network on XOR; 4 samples)"
    assert repr(bp.Rule(0.5)) == "Rule(learning_rate=0.5, update='simultaneous')"
    assert repr(example.rule) == (
        "Rule(learning_rate=0.01, update='dirty', train_biases=False, "
        "mistakes=('relu_derivative_from_activation',))"
    )


class TestPredict:
    @given(cases())
    def test_is_the_output_of_the_recorded_pass(self, case) -> None:
        network, inputs, targets = case
        output = bp.backprop(network, inputs, targets)[f"h{len(network.layers)}"]
        prediction = network.predict(inputs)
        np.testing.assert_allclose(prediction.reshape(output.shape), output, rtol=1e-12, atol=1e-14)

    @pytest.mark.parametrize("sample", [[1.0, -1.0], [[1.0], [-1.0]]], ids=["vector", "column"])
    def test_of_one_sample_is_a_vector(self, network, sample) -> None:
        np.testing.assert_array_equal(network.predict(sample), network.predict([[1.0, -1.0]])[0])
        assert network.predict(sample).shape == (1,)

    def test_of_one_input_takes_a_number_or_a_vector_of_samples(self) -> None:
        network = bp.Network([bp.Layer([[2.0]], activation="identity")])
        np.testing.assert_array_equal(network.predict(3.0), [6.0])
        np.testing.assert_array_equal(network.predict([3.0]), [6.0])
        np.testing.assert_array_equal(network.predict([1.0, 2.0, 3.0]), [[2.0], [4.0], [6.0]])

    def test_gives_no_minus_zero(self) -> None:
        network = bp.Network([bp.Layer([[0.0]], activation="identity")])
        assert not np.signbit(network.predict([-1.0])).any()

    def test_does_not_return_the_input_itself(self) -> None:
        network = bp.Network([bp.Layer([[1.0]], activation="identity")])
        inputs = np.ones((2, 1))
        network.predict(inputs)[0] = 9.0
        np.testing.assert_array_equal(inputs, np.ones((2, 1)))


class TestRandom:
    def test_the_same_seed_gives_the_same_network(self) -> None:
        make = lambda seed: bp.Network.random([2, 3, 1], ["relu", "identity"], seed)  # noqa: E731
        assert make(4) == make(4)
        assert make(4) != make(5)
        assert make(None) != make(None)

    def test_has_the_sizes_and_functions_that_were_asked_for(self) -> None:
        network = bp.Network.random((3, 2, 2), ("tanh", bp.softmax), 0, "cross_entropy")
        assert repr(network) == "Network(3-2-2; tanh, softmax; loss cross_entropy)"
        assert not any(layer.bias.any() for layer in network.layers)

    @pytest.mark.parametrize(("name", "gain"), [("relu", 2.0), ("tanh", 1.0)])
    def test_the_variance_of_the_weights_fits_the_function(self, name, gain) -> None:
        weights = bp.Network.random([400, 300], [name], seed=1).layers[0].weights
        assert weights.var() == pytest.approx(gain / 400, rel=0.02)
        assert weights.mean() == pytest.approx(0.0, abs=1e-3)
