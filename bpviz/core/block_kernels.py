"""The operations of an update for many runs at once, as NumPy calls.

They do what the kernels of `backprop` do, but keep only what later operations need, and make
no call whose outcome is known beforehand: x and y are numbers here, the same in every run.
Errors and deltas are stored times the learning rate, so that it need not be multiplied in
again for every weight.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from bpviz.core.checks import Array
from bpviz.core.functions import ONE, ZERO, ActivationFunction, constant
from bpviz.core.operation import Operation
from bpviz.core.workspace import Workspace


def _aggregate(work: Workspace, operation: Operation) -> None:
    """Write a = W x + b."""
    weights, bias = work.arrays[operation.reads[0]], work.arrays[operation.reads[2]]
    units = weights.shape[1]
    last = work.network.layers[-1]
    if operation.layer == len(work.network.layers) and last.activation.name == "identity":
        work.arrays[operation.writes] = work.error  # output minus target comes from it in place
    a = work.array(operation.writes, units)
    if operation.reads[1] != "x":
        inputs = work.arrays[operation.reads[1]]
        products = work.scratch(*weights.shape[:2])
        work.call(np.multiply, weights, inputs[:, None], products)
        work.call(np.add, work.total(products, 0, a), bias, a)
        return
    total = bias
    for j in map(int, np.flatnonzero(work.x)):
        term, sign = _times(work, weights[j], work.x[j])
        work.call(np.add if sign > 0 else np.subtract, total, term, a)
        total = a
    if total is bias:
        work.call(np.positive, bias, a)


def _times(work: Workspace, numbers: Array, factor: float) -> tuple[Array, int]:
    """Return numbers and a sign that make numbers × factor; for ±1 without a call."""
    if abs(factor) == 1:
        return numbers, int(factor)
    product = work.scratch(len(numbers))
    work.call(np.multiply, numbers, constant(factor), product)
    return product, 1


def _activation(work: Workspace, operation: Operation) -> None:
    """Write h = f(a), in the place of a where nothing else reads that."""
    function, a = _function(operation), work.arrays[operation.reads[0]]
    slope = f"s{operation.layer}"
    if function.name == "identity":
        work.arrays[operation.writes] = a
    elif function.name == "relu" and work.kinds.get(slope) == "derivative":
        # NumPy multiplies by the derivative faster than it takes the larger of a and 0.
        _step(work, np.greater, a, slope)
        work.call(np.multiply, a, work.arrays[slope], a)
        work.arrays[operation.writes] = a
    elif function.name == "relu":
        if work.kinds.get(slope) != "relu_derivative_one_at_zero":
            work.arrays[operation.writes] = a
        h = work.array(operation.writes, len(a))
        work.calls.append(partial(np.maximum, a.reshape(-1), ZERO, out=h.reshape(-1)))
    else:
        h = work.array(operation.writes, len(a))
        work.call_all(function.activation_calls(*_as_rows(function, a, h)))


def _derivative(work: Workspace, operation: Operation) -> None:
    """Write f′(a); that of ReLU is there already."""
    function, s = _function(operation), operation.writes
    h = work.arrays[f"h{operation.layer}"]
    if function.name == "identity":
        work.always_one.add(s)
    elif function.couples_units:
        slopes = work.array(s, len(h), len(h))
        work.call_all(function.derivative_calls(h.T, slopes.transpose(2, 0, 1)))
    elif function.name != "relu":
        work.call_all(function.derivative_calls(*_as_rows(function, h, work.array(s, len(h)))))


def _step(work: Workspace, compare: np.ufunc, numbers: Array, register: str) -> None:
    """Write 1 where the comparison with 0 holds, else 0: faster in two calls than in one."""
    step = work.array(register, len(numbers))
    mask = np.empty(step.shape, dtype=np.bool_)
    work.call(compare, numbers, ZERO, mask)
    work.calls.append(partial(np.copyto, step, mask))


def _derivative_at_activation(work: Workspace, operation: Operation) -> None:
    """Write f′(h)."""
    function, h = _function(operation), work.arrays[operation.reads[0]]
    again = work.scratch(len(h))
    work.call_all(function.activation_calls(*_as_rows(function, h, again)))
    if function.couples_units:
        slopes = work.array(operation.writes, len(h), len(h))
        work.call_all(function.derivative_calls(again.T, slopes.transpose(2, 0, 1)))
    else:
        s = work.array(operation.writes, len(h))
        work.call_all(function.derivative_calls(*_as_rows(function, again, s)))


def _derivative_one(work: Workspace, operation: Operation) -> None:
    """Note that f′ is 1: h ≥ 0 holds for every h that ReLU gives."""
    work.always_one.add(operation.writes)


def _derivative_one_at_zero(work: Workspace, operation: Operation) -> None:
    """Write 1 if a ≥ 0, else 0."""
    a = work.arrays[operation.reads[0]]
    _step(work, np.greater_equal, a, operation.writes)


def _output_difference(work: Workspace, operation: Operation) -> None:
    """Write η · (h − y), or η · (y − h) where the sign is flipped."""
    reversed_sign = operation.reads[0] == "y"
    h = work.arrays[operation.reads[1] if reversed_sign else operation.reads[0]]
    target = constant(work.y[0]) if len(work.y) == 1 else work.y[:, None]
    if h is not work.error or work.y.any():
        work.call(np.subtract, h, target, work.error)
    rate = constant(-work.rate if reversed_sign else work.rate)
    work.call(np.multiply, work.error, rate, work.array(operation.writes, len(h)))


def _output_delta_times_derivative(work: Workspace, operation: Operation) -> None:
    """Write η · (h − y) ∘ h ∘ (1 − h)."""
    _output_difference(work, operation)
    d, h = work.arrays[operation.writes], work.arrays[operation.reads[2]]
    rest = work.scratch(len(h))
    work.call(np.multiply, d, h, d)
    work.call(np.subtract, ONE, h, rest)
    work.call(np.multiply, d, rest, d)


def _delta(work: Workspace, operation: Operation) -> None:
    """Write δ = ∂L/∂h ∘ f′(a), in the place of ∂L/∂h."""
    error, slope = operation.reads
    d = work.arrays[operation.writes] = work.arrays[error]
    if slope not in work.always_one:
        work.call(np.multiply, d, work.arrays[slope], d)


def _delta_without_derivative(work: Workspace, operation: Operation) -> None:
    """Let δ be ∂L/∂h."""
    work.arrays[operation.writes] = work.arrays[operation.reads[0]]


def _coupled_delta(work: Workspace, operation: Operation) -> None:
    """Write δⱼ = Σᵢ ∂L/∂hᵢ · ∂hᵢ/∂aⱼ."""
    error, slopes = (work.arrays[name] for name in operation.reads)
    _weighted_sum(work, operation, slopes, error[:, None], axis=0)


def _propagated_error(work: Workspace, operation: Operation) -> None:
    """Write ∂L/∂h = Wᵀδ, or with the mistakes that can be made in it."""
    weights, delta = (work.arrays[name] for name in operation.reads)
    if "one_path_only" in operation.mistakes:
        _weighted_sum(work, operation, weights[:, :1], delta[None, :1], axis=1)
    elif "weights_not_transposed" in operation.mistakes:
        _weighted_sum(work, operation, weights, delta[:, None], axis=0)
    else:
        _weighted_sum(work, operation, weights, delta[None], axis=1)


def _weighted_sum(
    work: Workspace, operation: Operation, weights: Array, numbers: Array, axis: int
) -> None:
    """Add weights × numbers up along an axis into the register that is written."""
    out = work.array(operation.writes, weights.shape[1 - axis])
    if weights.shape[axis] == 1:
        work.call(np.multiply, weights, numbers, np.expand_dims(out, axis))
        return
    products = work.scratch(*weights.shape[:2])
    work.call(np.multiply, weights, numbers, products)
    work.total(products, axis, out)


def _nothing(_work: Workspace, _operation: Operation) -> None:
    """Leave out what nothing needs, or a later operation does."""


def _gradient(work: Workspace, operation: Operation) -> None:
    """Remember how the gradient is made; it goes straight into the parameters."""
    work.changes[operation.writes] = operation


def _change(work: Workspace, operation: Operation) -> None:
    work.changes[operation.writes] = work.changes[operation.reads[0]]


def _new_parameters(work: Workspace, operation: Operation) -> None:
    """Write W − η · ∂L/∂W, in place: whatever reads the old weights comes before."""
    parameter, change = operation.reads
    work.arrays[operation.writes] = target = work.arrays[parameter]
    gradient = work.changes.get(change)
    if operation.layer in work.joined:
        if gradient is not None and parameter.startswith("W"):
            _take_both(work, gradient, work.arrays[f"Wb{operation.layer}"])
        return
    if gradient is None:
        return
    kept = work.arrays.get(f"p{parameter}")
    make = _take_weights if parameter.startswith("W") else _take_bias
    if kept is None:
        make(work, gradient, np.subtract, np.add, target)
    else:
        make(work, gradient, np.add, np.subtract, kept)
        work.call(np.subtract, target, kept, target)


def _take_both(work: Workspace, gradient: Operation, target: Array) -> None:
    """Take η · δ hᵀ and η · δ away from W and b, which is like the weight of an input 1."""
    delta = work.arrays[gradient.reads[0]]
    if gradient.reads[1] != "x":
        gradients = work.arrays[f"gWb{gradient.layer}"]
        inputs = work.arrays[gradient.reads[1]]
        work.call(np.multiply, inputs[:, None], delta[None], gradients[:-1])
        work.call(np.subtract, target, gradients, target)
        return
    for row, factor in zip(target, [*work.x, 1.0], strict=True):
        if factor:
            term, sign = _times(work, delta, factor)
            work.call(np.subtract if sign > 0 else np.add, row, term, row)


def _take_weights(
    work: Workspace, gradient: Operation, plus: np.ufunc, minus: np.ufunc, target: Array
) -> None:
    """Add η · δ hᵀ to the target, or take it away if `plus` does that."""
    delta = work.arrays[gradient.reads[0]]
    elementwise, of_data = "elementwise_product" in gradient.mistakes, gradient.reads[1] == "x"
    inputs = work.x[:, None] if of_data else work.arrays[gradient.reads[1]]
    if elementwise:
        product = work.scratch(len(delta))
        work.call(np.multiply, delta, inputs, product)
        work.call(plus, target, product[None], target)
    elif of_data:
        for j in map(int, np.flatnonzero(work.x)):
            term, sign = _times(work, delta, work.x[j])
            work.call(plus if sign > 0 else minus, target[j], term, target[j])
    else:
        products = work.scratch(*target.shape[:2])
        work.call(np.multiply, inputs[:, None], delta[None], products)
        work.call(plus, target, products, target)


def _take_bias(
    work: Workspace, gradient: Operation, plus: np.ufunc, _minus: np.ufunc, target: Array
) -> None:
    """Add η · δ to the target, or take it away if `plus` does that."""
    delta = work.arrays[gradient.reads[0]]
    if "bias_gradient_wrong_axis" in gradient.mistakes:
        total = work.scratch()
        work.calls.append(partial(np.add.reduce, delta, 0, None, total))
        delta = total[None]
    work.call(plus, target, delta, target)


def _function(operation: Operation) -> ActivationFunction:
    assert isinstance(operation.function, ActivationFunction)
    return operation.function


def _as_rows(function: ActivationFunction, *arrays: Array) -> list[Array]:
    """Return arrays as the function takes them: units last, or flat if they do not matter."""
    return [a.T if function.couples_units else a.reshape(-1) for a in arrays]


BLOCK_KERNELS: dict[str, Callable[[Workspace, Operation], None]] = {
    "aggregate": _aggregate,
    "activation": _activation,
    "loss": _nothing,
    "output_error": _output_difference,
    "output_delta": _output_difference,
    "derivative": _derivative,
    "delta": _delta,
    "coupled_delta": _coupled_delta,
    "weight_gradient": _gradient,
    "bias_gradient": _gradient,
    "propagated_error": _propagated_error,
    "change": _change,
    "no_change": _nothing,
    "new_parameters": _new_parameters,
    "derivative_at_activation": _derivative_at_activation,
    "relu_derivative_from_activation": _derivative_one,
    "relu_derivative_one_at_zero": _derivative_one_at_zero,
    "delta_without_derivative": _delta_without_derivative,
    "output_delta_times_derivative": _output_delta_times_derivative,
    "reversed_output_error": _output_difference,
    "reversed_output_delta": _output_difference,
    "mistaken_error": _propagated_error,
    "mistaken_weight_gradient": _gradient,
    "mistaken_bias_gradient": _gradient,
    "bias_forgotten": _nothing,
    "change_twice": _change,
}
