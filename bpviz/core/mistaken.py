"""The kinds of operation that mistakes make, as NumPy calls."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bpviz.core.checks import Array
from bpviz.core.functions import ONE, ZERO, ActivationFunction, Call, constant
from bpviz.core.operation import Operation
from bpviz.core.rule import Rule

Kernel = Callable[[Operation, Rule, Array, list[Array]], list[Call]]


def _derivative_at_activation(
    operation: Operation, _rule: Rule, s: Array, reads: list[Array]
) -> list[Call]:
    function, (h,) = operation.function, reads
    assert isinstance(function, ActivationFunction)
    again = np.empty(h.shape)
    return [*function.activation_calls(h, again), *function.derivative_calls(again, s)]


def _one_from_zero(_operation: Operation, _rule: Rule, s: Array, reads: list[Array]) -> list[Call]:
    return [(np.heaviside, (reads[0], ONE, s))]


def _copy(_operation: Operation, _rule: Rule, out: Array, reads: list[Array]) -> list[Call]:
    return [(np.positive, (reads[0], out))]


def _difference(_operation: Operation, _rule: Rule, out: Array, reads: list[Array]) -> list[Call]:
    return [(np.subtract, (reads[0], reads[1], out))]


def _output_delta_times_derivative(
    _operation: Operation, _rule: Rule, d: Array, reads: list[Array]
) -> list[Call]:
    first, second, h = reads
    difference, product, rest = (np.empty(h.shape) for _ in range(3))
    return [
        (np.subtract, (first, second, difference)),
        (np.multiply, (difference, h, product)),
        (np.subtract, (ONE, h, rest)),
        (np.multiply, (product, rest, d)),
    ]


def _mistaken_error(operation: Operation, _rule: Rule, e: Array, reads: list[Array]) -> list[Call]:
    weights, delta = reads
    if "one_path_only" in operation.mistakes:
        return [(np.multiply, (delta[:, :1], weights[0], e))]
    matrix = weights.T if "weights_not_transposed" in operation.mistakes else weights
    if len(delta) == 1:
        return [(np.ndarray.dot, (matrix.T, delta[0], e[0]))]
    return [(np.ndarray.dot, (delta, matrix, e))]


def _mistaken_weight_gradient(
    operation: Operation, _rule: Rule, g: Array, reads: list[Array]
) -> list[Call]:
    delta, inputs, *kept = reads
    total = np.empty(g.shape) if kept else g
    if "elementwise_product" in operation.mistakes:
        product = np.empty(delta.shape)
        calls: list[Call] = [
            (np.multiply, (delta, inputs, product)),
            (np.multiply, (product.T, np.ones(g.shape), total)),
        ]
    else:
        calls = [(np.ndarray.dot, (delta.T, inputs, total))]
    return [*calls, *_averaged(operation, len(delta), total), *_added(kept, total, g)]


def _mistaken_bias_gradient(
    operation: Operation, _rule: Rule, g: Array, reads: list[Array]
) -> list[Call]:
    delta, *kept = reads
    total = np.empty(g.shape) if kept else g
    if "bias_gradient_wrong_axis" not in operation.mistakes:
        calls: list[Call] = [(np.add.reduce, (delta, 0, None, total))]
    elif len(delta) == 1:
        number = np.empty(1)
        calls = [
            (np.add.reduce, (delta, 1, None, number)),
            (np.multiply, (number, np.ones(g.shape), total)),
        ]
    else:
        calls = [(np.add.reduce, (delta, 1, None, total))]
    return [*calls, *_averaged(operation, len(delta), total), *_added(kept, total, g)]


def _averaged(operation: Operation, samples: int, total: Array) -> list[Call]:
    times = 2 if "batch_averaged_twice" in operation.mistakes else 1
    if samples == 1 or "batch_summed" in operation.mistakes:
        times = 0
    return [(np.divide, (total, constant(samples), total))] * times


def _added(kept: list[Array], total: Array, g: Array) -> list[Call]:
    return [(np.add, (kept[0], total, g))] if kept else []


def _no_change(_operation: Operation, _rule: Rule, u: Array, _reads: list[Array]) -> list[Call]:
    return [(np.positive, (ZERO, u))]


def _change_twice(_operation: Operation, rule: Rule, u: Array, reads: list[Array]) -> list[Call]:
    once, rate = np.empty(u.shape), constant(rule.learning_rate)
    return [(np.multiply, (reads[0], rate, once)), (np.multiply, (once, rate, u))]


MISTAKEN_KERNELS: dict[str, Kernel] = {
    "derivative_at_activation": _derivative_at_activation,
    "relu_derivative_from_activation": _one_from_zero,
    "relu_derivative_one_at_zero": _one_from_zero,
    "delta_without_derivative": _copy,
    "output_delta_times_derivative": _output_delta_times_derivative,
    "reversed_output_error": _difference,
    "reversed_output_delta": _difference,
    "mistaken_error": _mistaken_error,
    "mistaken_weight_gradient": _mistaken_weight_gradient,
    "mistaken_bias_gradient": _mistaken_bias_gradient,
    "bias_forgotten": _no_change,
    "change_twice": _change_twice,
}
