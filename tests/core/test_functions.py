"""Activation functions, losses and the perceptron on their own."""

from __future__ import annotations

import copy
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bpviz as bp
from bpviz.core.model.functions import ACTIVATIONS
from bpviz.core.model.losses import LOSSES

FUNCTIONS = [
    *(bp.sigmoid, bp.relu, bp.tanh, bp.identity, bp.softmax),
    *(bp.leaky_relu, bp.softplus, bp.silu),
]
EXTREMES = np.array([-1e4, -750.0, -40.0, -0.0, 0.0, 40.0, 750.0, 1e4])

anything = pytest.mark.parametrize("function", FUNCTIONS, ids=repr)


@anything
@pytest.mark.parametrize("scale", [1.0, 1e300])
def test_extreme_aggregates_give_finite_numbers_without_a_warning(function, scale) -> None:
    with np.errstate(over="warn", invalid="warn", divide="warn"):  # warnings are errors here
        activation = function(EXTREMES * scale)
        slope = function.derivative(EXTREMES * scale)
    assert np.isfinite(activation).all()
    assert np.isfinite(slope).all()


@anything
def test_a_strict_error_state_of_the_caller_does_no_harm(function) -> None:
    with np.errstate(all="raise"):
        function(EXTREMES)
        function.derivative(EXTREMES)


def test_values_at_the_extremes() -> None:
    np.testing.assert_array_equal(bp.sigmoid([-1e4, 0.0, 1e4]), [0.0, 0.5, 1.0])
    np.testing.assert_array_equal(bp.tanh([-1e4, 0.0, 1e4]), [-1.0, 0.0, 1.0])
    np.testing.assert_array_equal(bp.relu([-1e4, 0.0, 1e4]), [0.0, 0.0, 1e4])
    np.testing.assert_array_equal(bp.softmax([-1e4, 1e4]), [0.0, 1.0])
    np.testing.assert_array_equal(bp.softmax([1e4, 1e4]), [0.5, 0.5])


def test_the_derivative_of_relu_at_zero_is_zero() -> None:
    np.testing.assert_array_equal(bp.relu.derivative([-1.0, 0.0, 1.0]), [0.0, 0.0, 1.0])


@pytest.mark.parametrize("function", [bp.sigmoid, bp.tanh, bp.identity], ids=repr)
@given(st.lists(st.floats(-20, 20), min_size=1, max_size=6))
def test_the_derivative_is_that_of_a_complex_step(function, numbers) -> None:
    shifted = np.array(numbers) + 1e-100j
    values = {
        "sigmoid": lambda a: 1 / (1 + np.exp(-a)),
        "tanh": np.tanh,
        "identity": lambda a: a,
    }[function.name](shifted)
    np.testing.assert_allclose(
        function.derivative(numbers), values.imag / 1e-100, rtol=1e-9, atol=1e-15
    )


@given(st.lists(st.floats(-20, 20), min_size=1, max_size=5))
def test_the_jacobian_of_softmax_is_that_of_a_complex_step(numbers) -> None:
    jacobian = bp.softmax.derivative(numbers)
    for j in range(len(numbers)):
        shifted = np.array(numbers, dtype=complex)
        shifted[j] += 1e-100j
        powers = np.exp(shifted - max(numbers))
        expected = (powers / powers.sum()).imag / 1e-100
        np.testing.assert_allclose(jacobian[:, j], expected, rtol=1e-9, atol=1e-15)


@anything
@pytest.mark.parametrize("shape", [(), (1,), (3,), (2, 3), (4, 1), (2, 1, 3)])
def test_the_shape_is_kept(function, shape) -> None:
    aggregate = np.linspace(-1, 1, int(np.prod(shape))).reshape(shape)
    assert function(aggregate).shape == shape
    more = shape[-1:] if function is bp.softmax else ()
    assert function.derivative(aggregate).shape == shape + more


@anything
@pytest.mark.parametrize(
    "given_as",
    [[2, 4, 5], (2, 4, 5), np.array([2, 4, 5], np.int8), [Fraction(2), Fraction(4), 5]],
    ids=["list", "tuple", "int8", "fractions"],
)
def test_any_real_numbers_are_taken(function, given_as) -> None:
    np.testing.assert_array_equal(function(given_as), function(np.array([2.0, 4.0, 5.0])))


def test_truth_values_count_as_zero_and_one() -> None:
    np.testing.assert_array_equal(bp.identity([True, False]), [1.0, 0.0])


@anything
def test_a_read_only_input_is_taken_and_left_as_it_is(function) -> None:
    aggregate = np.array([1.0, -2.0])
    aggregate.flags.writeable = False
    function(aggregate)
    function.derivative(aggregate)
    np.testing.assert_array_equal(aggregate, [1.0, -2.0])


def test_no_minus_zero_is_returned() -> None:
    for function in (bp.relu, bp.tanh, bp.identity):
        assert not np.signbit(function([-0.0])).any(), function
    assert repr(bp.relu(-0.0)) == repr(np.float64(0.0))


def test_softmax_of_a_matrix_works_row_by_row() -> None:
    rows = bp.softmax([[1.0, 2.0], [5.0, 5.0]])
    np.testing.assert_array_equal(rows[1], [0.5, 0.5])
    np.testing.assert_array_equal(rows[0], bp.softmax([1.0, 2.0]))


@anything
def test_a_function_is_shown_by_its_name_and_survives_a_copy(function) -> None:
    assert repr(function) == function.name
    assert copy.copy(function) is copy.deepcopy(function) is function


@pytest.mark.parametrize("loss", [bp.squared_error, bp.cross_entropy], ids=repr)
def test_a_loss_is_shown_by_its_name_and_survives_a_copy(loss) -> None:
    assert repr(loss) == loss.name
    assert copy.deepcopy(loss) is loss


def test_functions_and_losses_of_bpviz_pass_the_checks_of_ones_own() -> None:
    for f in ACTIVATIONS.values():
        f._check()
    for loss in LOSSES.values():
        loss._check()


def test_squared_error_is_half_the_sum_of_squares() -> None:
    assert bp.squared_error([1.0, 2.0], [0.0, 5.0]) == 0.5 * (1 + 9)
    np.testing.assert_array_equal(bp.squared_error([[1.0], [3.0]], [[0.0], [0.0]]), [0.5, 4.5])


def test_cross_entropy_ignores_outputs_whose_target_is_zero() -> None:
    assert bp.cross_entropy([0.25, 0.75, 0.0], [1.0, 0.0, 0.0]) == pytest.approx(np.log(4))
    assert bp.cross_entropy([0.0, 1.0], [0.0, 1.0]) == 0.0


def test_cross_entropy_of_an_output_that_rules_the_target_out_is_infinite() -> None:
    assert bp.cross_entropy([0.0, 1.0], [1.0, 0.0]) == np.inf


def test_perceptron_with_another_function() -> None:
    assert bp.perceptron([1.0, 2.0], [3.0, -1.0], bias=-5.0, activation="identity") == -4.0
    assert bp.perceptron([1.0], [2.0], activation=bp.relu) == 2.0
    assert isinstance(bp.perceptron([1.0], [2.0]), float)


def test_a_call_leaves_what_an_earlier_one_returned_and_was_given():
    first, second = np.array([1.0, -2.0]), np.array([3.0, 4.0])
    softmax = bp.softmax(first)
    before = softmax.copy()
    assert not np.array_equal(bp.softmax(second), before)
    np.testing.assert_array_equal(softmax, before)
    np.testing.assert_array_equal(first, [1.0, -2.0])


@pytest.mark.parametrize("units", [3, 3000])
def test_few_and_many_numbers_are_computed_alike(units):
    wide = np.linspace(-30, 30, 2 * units).reshape(2, units)
    alone = [bp.sigmoid(row) for row in wide[:, ::2]]
    np.testing.assert_array_equal(bp.sigmoid(wide)[:, ::2], alone)
