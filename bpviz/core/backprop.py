"""Running the algorithm: each operation becomes NumPy calls on one working frame."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial

import numpy as np
from numpy.typing import ArrayLike

from bpviz.core.algorithm import algorithm
from bpviz.core.checks import Array, samples_array
from bpviz.core.functions import ZERO, ActivationFunction, Call, constant, run_calls
from bpviz.core.losses import Loss
from bpviz.core.mistaken import MISTAKEN_KERNELS
from bpviz.core.network import Network
from bpviz.core.operation import Operation
from bpviz.core.rule import Rule, rule_or_default
from bpviz.core.schedule import schedule
from bpviz.core.tape import Layout, Trace
from bpviz.core.words import counted

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
    chosen = rule_or_default(rule)
    frame = Frame(network, chosen, len(inputs))
    np.concatenate((inputs, targets), axis=None, out=frame.pairs)
    with np.errstate(all="ignore"):
        run_calls(frame.calls)
    row = frame.row + 0.0  # turns -0, which would puzzle a reader, into 0
    row.flags.writeable = False
    return Trace(network, chosen, frame.layout, row)


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
            f"{x_name} has {_samples(inputs)} and {y_name} has {_samples(targets)}; "
            "each input needs its target"
        )
    if network.loss.targets_add_up_to_one:
        sums = targets.sum(axis=1)
        wrong = np.flatnonzero(np.abs(sums - 1.0) > 1e-9)
        if wrong.size:
            raise ValueError(
                f"{y_name} of sample {wrong[0]} adds up to {sums[wrong[0]]:g}; with "
                f"{network.loss.name} it must add up to 1, as [0, 1, 0] does"
            )
    return inputs, targets


def _samples(array: Array) -> str:
    return counted(len(array), "sample")


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

    Attributes
    ----------
    pairs : ndarray, shape (B × n_0 + B × n_L,)
        The part of the row that holds the inputs, then the targets.
    parameters, new_parameters : ndarray, shape (parameters,)
        The parts that hold W and b of every layer before and after the update.
    carried : ndarray
        The part from the gradients to the end, as long for any B.
    calls : list of Call
        What an update runs.
    """

    def __init__(self, network: Network, rule: Rule, samples: int) -> None:
        self.layout = Layout(network, samples, rule)
        self.row = np.zeros(self.layout.size)
        views = {name: self.layout.view(self.row, name) for name in self.layout.registers}
        last = len(network.layers)
        self.pairs = self.row[self.layout.span("x", "y")]
        self.parameters = self.row[self.layout.span("W1", f"b{last}")]
        self.new_parameters = self.row[self.layout.span("nW1", f"nb{last}")]
        self.carried = self.row[self.layout.span("gW1", f"nb{last}")]
        numbers = [array.ravel() for la in network.layers for array in (la.weights, la.bias)]
        np.concatenate(numbers, out=self.parameters)
        self.new_parameters[:] = self.parameters
        # Until they are overwritten, the gradients are those of the update before.
        kept = [name for name in views if name.startswith("p")]
        self.calls: list[Call] = [(np.positive, (views[f"g{p[1:]}"], views[p])) for p in kept]
        for operation in algorithm(network, rule, samples):
            reads = [views[name] for name in operation.reads]
            self.calls += KERNELS[operation.kind](operation, rule, views[operation.writes], reads)

    @cached_property
    def schedule(self) -> list[partial[object]]:
        """The same calls made as few as they can be, for an update that is run often."""
        return schedule(self.calls, self.row, (self.pairs, self.parameters))


def _aggregate(operation: Operation, rule: Rule, a: Array, reads: list[Array]) -> list[Call]:
    weights, inputs, bias = reads
    product = np.empty(a.shape)
    # Adding a vector to a vector takes NumPy half the time of adding it to a matrix.
    sums: Call = (np.add, (product[0], bias, a[0]) if len(a) == 1 else (product, bias, a))
    return [*_product(inputs, weights.T, product), sums]


def _propagated_error(operation: Operation, rule: Rule, e: Array, reads: list[Array]) -> list[Call]:
    weights, delta = reads
    return _product(delta, weights, e)


def _product(rows: Array, matrix: Array, out: Array) -> list[Call]:
    """Multiply each row by the matrix; for a single row as matrix × vector, which is faster."""
    if len(rows) == 1:
        return [(np.ndarray.dot, (matrix.T, rows[0], out[0]))]
    return [(np.ndarray.dot, (rows, matrix, out))]


def _activation(operation: Operation, rule: Rule, h: Array, reads: list[Array]) -> list[Call]:
    assert isinstance(operation.function, ActivationFunction)
    return operation.function.activation_calls(reads[0], h)


def _derivative(operation: Operation, rule: Rule, s: Array, reads: list[Array]) -> list[Call]:
    assert isinstance(operation.function, ActivationFunction)
    return operation.function.derivative_calls(reads[0], s)


def _loss(operation: Operation, rule: Rule, loss: Array, reads: list[Array]) -> list[Call]:
    assert isinstance(operation.function, Loss)
    return operation.function.network_calls(reads[0], reads[1], loss)


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
    product: Call = (np.ndarray.dot, (delta.T, inputs, g))
    if len(delta) == 1:
        return [product]
    return [product, (np.divide, (g, constant(len(delta)), g))]


def _bias_gradient(operation: Operation, rule: Rule, g: Array, reads: list[Array]) -> list[Call]:
    delta = reads[0]
    if len(delta) == 1:
        return [(np.positive, (delta[0], g))]
    return [(np.add.reduce, (delta, 0, None, g)), (np.divide, (g, constant(len(delta)), g))]


def _change(operation: Operation, rule: Rule, u: Array, reads: list[Array]) -> list[Call]:
    return [(np.multiply, (reads[0], constant(rule.learning_rate), u))]


def _no_change(operation: Operation, rule: Rule, u: Array, reads: list[Array]) -> list[Call]:
    return [(np.positive, (ZERO, u))]


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
    **MISTAKEN_KERNELS,
}
