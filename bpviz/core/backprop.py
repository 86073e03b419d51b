"""Running the algorithm: each operation becomes NumPy calls on one working frame."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from bpviz.core.algorithm import algorithm
from bpviz.core.checks import Array, samples_array
from bpviz.core.functions import ActivationFunction, Call
from bpviz.core.losses import Loss
from bpviz.core.network import Network
from bpviz.core.operation import Operation
from bpviz.core.rule import Rule
from bpviz.core.tape import Layout, Trace

Kernel = Callable[[Operation, Rule, Array, list[Array]], list[Call]]
"""From an operation, the rule, the array it writes and those it reads to NumPy calls."""


def backprop(network: Network, x: ArrayLike, y: ArrayLike, rule: Rule | None = None) -> Trace:
    """Record one update: forward pass, loss, backward pass, and the change of the weights.

    Parameters
    ----------
    network : Network
        Left as it is; `trace.updated` is the network after the update.
    x : array_like, shape (n_0,) or (B, n_0)
        One input, or a batch.
    y : array_like, shape (n_L,) or (B, n_L)
        The target of each input.
    rule : Rule
        By default `Rule()`: learning rate 0.01, simultaneous update, no mistakes.

    Raises
    ------
    TypeError, ValueError
        If `x` or `y` does not fit the network or each other.
    """
    inputs, targets = sample_pairs("x", x, "y", y, network)
    chosen = Rule() if rule is None else rule
    frame = Frame(network, chosen, len(inputs))
    with np.errstate(over="ignore", invalid="ignore"):
        frame.run(inputs, targets)
    return Trace(network, chosen, frame.layout, frame.row.copy())


def sample_pairs(
    x_name: str, x: ArrayLike, y_name: str, y: ArrayLike, network: Network
) -> tuple[Array, Array]:
    """Return inputs (B, n_0) and targets (B, n_L) that fit the network and each other."""
    if not isinstance(network, Network):
        raise TypeError(f"network is {type(network).__name__}; give a bpviz.Network")
    units_in, units_out = network.sizes[0], network.sizes[-1]
    inputs = samples_array(x_name, x, units_in, f"the network has {units_in} inputs")
    targets = samples_array(y_name, y, units_out, f"the network has {units_out} outputs")
    if len(inputs) != len(targets):
        raise ValueError(
            f"{x_name} has {len(inputs)} samples and {y_name} has {len(targets)}; "
            "each input needs its target"
        )
    return inputs, targets


class Frame:
    """A working frame: one row of the tape, its register views, and the calls that fill it.

    The views and calls are made once, so that an update is nothing but NumPy calls that
    write into the row.

    Parameters
    ----------
    network : Network
        Gives the parameters that the frame starts with.
    rule : Rule
        What an update does.
    samples : int
        B, the number of samples in the update.
    """

    def __init__(self, network: Network, rule: Rule, samples: int) -> None:
        self.layout = Layout(network, samples)
        self.row = np.zeros(self.layout.size)
        views = {name: self.layout.view(self.row, name) for name in self.layout.registers}
        last = len(network.layers)
        self.x, self.y, self.loss = views["x"], views["y"], views["loss"]
        self.parameters = self.row[self.layout.span("W1", f"b{last}")]
        self.new_parameters = self.row[self.layout.span("nW1", f"nb{last}")]
        self.load(network)
        self.calls: list[Call] = []
        for operation in algorithm(network, rule):
            reads = [views[name] for name in operation.reads]
            self.calls += KERNELS[operation.kind](operation, rule, views[operation.writes], reads)

    def load(self, network: Network) -> None:
        """Start from the parameters of `network`."""
        numbers = [array.ravel() for la in network.layers for array in (la.weights, la.bias)]
        np.concatenate(numbers, out=self.parameters)

    def run(self, x: Array, y: Array) -> None:
        """Fill the row with one update on inputs (B, n_0) and targets (B, n_L)."""
        np.copyto(self.x, x)
        np.copyto(self.y, y)
        for function, arguments in self.calls:
            function(*arguments)


def _aggregate(operation: Operation, rule: Rule, a: Array, reads: list[Array]) -> list[Call]:
    weights, inputs, bias = reads
    return [*_product(inputs, weights.T, a), (np.add, (a, bias, a))]


def _propagated_error(operation: Operation, rule: Rule, e: Array, reads: list[Array]) -> list[Call]:
    weights, delta = reads
    return _product(delta, weights, e)


def _product(rows: Array, matrix: Array, out: Array) -> list[Call]:
    """Multiply each row by the matrix; for a single row as matrix × vector, which is faster."""
    if len(rows) == 1:
        return [(np.dot, (matrix.T, rows[0], out[0]))]
    return [(np.dot, (rows, matrix, out))]


def _activation(operation: Operation, rule: Rule, h: Array, reads: list[Array]) -> list[Call]:
    assert isinstance(operation.function, ActivationFunction)
    return operation.function.activation_calls(reads[0], h)


def _derivative(operation: Operation, rule: Rule, s: Array, reads: list[Array]) -> list[Call]:
    assert isinstance(operation.function, ActivationFunction)
    return operation.function.derivative_calls(reads[0], s)


def _loss(operation: Operation, rule: Rule, loss: Array, reads: list[Array]) -> list[Call]:
    assert isinstance(operation.function, Loss)
    return operation.function.value_calls(reads[0], reads[1], loss)


def _difference(operation: Operation, rule: Rule, out: Array, reads: list[Array]) -> list[Call]:
    return [(np.subtract, (reads[0], reads[1], out))]


def _elementwise_product(
    operation: Operation, rule: Rule, out: Array, reads: list[Array]
) -> list[Call]:
    return [(np.multiply, (reads[0], reads[1], out))]


def _coupled_delta(operation: Operation, rule: Rule, d: Array, reads: list[Array]) -> list[Call]:
    error, jacobian = reads
    return [(np.matmul, (error[:, None, :], jacobian, d[:, None, :]))]


def _weight_gradient(operation: Operation, rule: Rule, g: Array, reads: list[Array]) -> list[Call]:
    delta, inputs = reads
    if len(delta) == 1:
        return [(np.multiply, (delta.T, inputs, g))]
    return [(np.dot, (delta.T, inputs, g)), (np.divide, (g, len(delta), g))]


def _bias_gradient(operation: Operation, rule: Rule, g: Array, reads: list[Array]) -> list[Call]:
    delta = reads[0]
    if len(delta) == 1:
        return [(np.copyto, (g, delta[0]))]
    return [(np.add.reduce, (delta, 0, None, g)), (np.divide, (g, len(delta), g))]


def _change(operation: Operation, rule: Rule, u: Array, reads: list[Array]) -> list[Call]:
    return [(np.multiply, (reads[0], rule.learning_rate, u))]


def _no_change(operation: Operation, rule: Rule, u: Array, reads: list[Array]) -> list[Call]:
    return [(np.ndarray.fill, (u, 0.0))]


def _relu_derivative_from_activation(
    operation: Operation, rule: Rule, s: Array, reads: list[Array]
) -> list[Call]:
    return [(np.heaviside, (reads[0], 1.0, s))]


KERNELS: dict[str, Kernel] = {
    "aggregate": _aggregate,
    "activation": _activation,
    "loss": _loss,
    "output_error": _difference,
    "output_delta": _difference,
    "derivative": _derivative,
    "delta": _elementwise_product,
    "coupled_delta": _coupled_delta,
    "weight_gradient": _weight_gradient,
    "bias_gradient": _bias_gradient,
    "propagated_error": _propagated_error,
    "change": _change,
    "no_change": _no_change,
    "new_parameters": _difference,
    "relu_derivative_from_activation": _relu_derivative_from_activation,
}
