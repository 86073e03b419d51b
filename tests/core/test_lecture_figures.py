"""Every figure that the two lecture notebooks print, to the last printed digit."""

import numpy as np
import pytest

import bpviz as bp
from tests.core import lecture


def text(array) -> str:
    """Return an array as the lectures print it."""
    return np.array_str(np.asarray(array))


def column(array) -> str:
    return text(np.reshape(array, (-1, 1)))


class TestFunctions:
    def test_softmax(self) -> None:
        assert (
            repr(bp.softmax(np.array([2, 4, 5]))) == "array([0.03511903, 0.25949646, 0.70538451])"
        )

    def test_sigmoid(self) -> None:
        assert (
            repr(bp.sigmoid(np.array([2, 4, 5]))) == "array([0.88079708, 0.98201379, 0.99330715])"
        )

    def test_relu_of_a_list(self) -> None:
        assert repr(bp.relu([2, 4, 5])) == "array([2., 4., 5.])"

    def test_perceptron_with_bias_ten(self) -> None:
        # The lecture draws its weights without a seed; these give the output that it prints.
        output = bp.perceptron(np.array([2, 4, 5]), [0.6, 0.5, 0.628], bias=10)
        assert text([output]) == "[0.99999992]"


class TestThreeTwoOne:
    @pytest.fixture
    def trace(self) -> bp.Trace:
        example = bp.presets.three_two_one()
        return bp.backprop(example.network, [0.5, 0.1, -0.2], 0.6, example.rule)

    def test_starts_with_the_weights_of_the_lecture(self, trace) -> None:
        # The lecture multiplies x · W, so its matrix is this one transposed.
        by_columns = [[0.5, -0.6], [0.1, -0.2], [0.1, 0.7]]
        np.testing.assert_array_equal(trace.layers[0].weights.T, by_columns)
        np.testing.assert_array_equal(trace.layers[1].weights, [[0.1, -0.3]])
        assert trace.rule.learning_rate == 0.5

    def test_hidden_output(self, trace) -> None:
        assert text(trace.layers[0].activation) == "[0.55971365 0.38698582]"

    def test_output(self, trace) -> None:
        assert trace.output[0] == 0.48497343084992534

    def test_change_of_the_output_weights(self, trace) -> None:
        assert text(trace.layers[1].weight_change[0]) == "[-0.00804047 -0.00555918]"

    def test_change_of_the_hidden_weights(self, trace) -> None:
        assert text(trace.layers[0].weight_change.T) == (
            "[[-1.77005547e-04  5.11178506e-04]\n"
            " [-3.54011093e-05  1.02235701e-04]\n"
            " [ 7.08022187e-05 -2.04471402e-04]]"
        )


class TestXorUpdate:
    @pytest.fixture
    def trace(self) -> bp.Trace:
        example = bp.presets.xor()
        return bp.backprop(example.network, example.inputs[0], example.targets[0], example.rule)

    def test_random_start(self, trace) -> None:
        hidden, output = trace.layers
        assert text(output.weights) == "[[-0.15135721 -0.10321885]]"
        assert text(hidden.weights) == "[[ 0.97873798  2.2408932 ]\n [ 1.86755799 -0.97727788]]"
        assert column(output.bias) == "[[0.95008842]]"

    def test_forward_pass(self, trace) -> None:
        hidden, output = trace.layers
        assert column(hidden.aggregate) == "[[4.98368353]\n [1.29043732]]"
        assert column(hidden.activation) == "[[4.98368353]\n [1.29043732]]"
        assert column(output.aggregate) == "[[0.06257453]]"
        assert column(output.activation) == "[[0.06257453]]"

    def test_error(self, trace) -> None:
        assert column(2 * trace.loss) == "[[0.87876651]]"
        assert column(trace.layers[1].error) == "[[-0.93742547]]"

    def test_output_layer(self, trace) -> None:
        output = trace.layers[1]
        assert column(output.derivative) == "[[1.]]"
        assert column(output.delta) == "[[-0.93742547]]"
        assert text(output.weight_gradient) == "[[-4.67183186 -1.20968881]]"
        assert text(output.new_weights) == "[[-0.10463889 -0.09112196]]"

    def test_hidden_layer_after_the_dirty_update(self, trace) -> None:
        hidden = trace.layers[0]
        assert column(hidden.derivative) == "[[1.]\n [1.]]"
        assert column(hidden.delta) == "[[0.09809116]\n [0.08542005]]"
        assert text(hidden.weight_gradient) == (
            "[[0.09809116 0.09809116]\n [0.08542005 0.08542005]]"
        )
        assert text(hidden.new_weights) == "[[ 0.97775707  2.23991229]\n [ 1.86670379 -0.97813208]]"


class TestXorRun:
    LOSSES = (0.6390650461887798, 0.5166529306773665)
    # The lecture squares by np.power, which NumPy 1.26 takes from another library where the CPU has
    # AVX-512: it may differ from x * x, and the loss with it, in the last place.
    ULPS = 2

    def test_losses_of_the_first_and_the_last_epoch(self) -> None:
        example = bp.presets.xor()
        history = bp.train(
            example.network, example.inputs, example.targets, example.rule, example.epochs
        )
        assert len(history.rmse) == 500
        assert (history.rmse[0], history.rmse[-1]) == self.LOSSES

    def test_all_losses_are_those_of_the_plain_loop(self) -> None:
        example = bp.presets.xor()
        history = bp.train(example.network, lecture.X, lecture.Y, example.rule, epochs=500)
        expected, _, _ = lecture.train(500)
        ends = np.array([expected[0], expected[-1]])
        np.testing.assert_array_max_ulp(ends, np.array(self.LOSSES), self.ULPS)
        np.testing.assert_array_max_ulp(history.rmse, np.array(expected), self.ULPS)

    def test_shuffled_losses_are_those_of_the_plain_loop_in_that_order(self) -> None:
        example = bp.presets.xor()
        history = bp.train(
            example.network, lecture.X, lecture.Y, example.rule, epochs=50, shuffle=True, seed=3
        )
        expected, _, _ = lecture.train(50, history.order)
        np.testing.assert_array_max_ulp(history.rmse, np.array(expected), self.ULPS)

    def test_weights_at_the_end_are_those_of_the_plain_loop(self) -> None:
        example = bp.presets.xor()
        history = bp.train(example.network, lecture.X, lecture.Y, example.rule, epochs=500)
        _, weights_1, weights_2 = lecture.train(500)
        _, bias_1, _, bias_2 = lecture.start()
        hidden, output = history.network(-1).layers
        np.testing.assert_array_equal(hidden.weights, weights_1)
        np.testing.assert_array_equal(output.weights, weights_2)
        np.testing.assert_array_equal(hidden.bias, bias_1[:, 0])
        np.testing.assert_array_equal(output.bias, bias_2[:, 0])
