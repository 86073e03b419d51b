"""Where the calls for many runs at once are put together, and the arrays they work on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bpviz.core.checks import Array
from bpviz.core.functions import Call
from bpviz.core.network import Network
from bpviz.core.operation import Operation
from bpviz.core.rule import Rule

FLAT_PARTS = 4


class Workspace:
    """Where the calls of an epoch are put together, one sample after the other.

    Parameters
    ----------
    network, rule, operations
        What an update does.
    arrays : dict of ndarray
        The registers that outlast an update: the parameters of each layer, W with the shape
        (inputs, units, K), b, and `Wb`, both as one array with a row more; and what is left
        of their gradients.
    new : callable
        From the shape for one run to a new array, with the runs on its last axis.
    """

    def __init__(
        self,
        network: Network,
        rule: Rule,
        operations: Sequence[Operation],
        arrays: dict[str, Array],
        new: Callable[..., Array],
    ) -> None:
        self.network = network
        self.rate = rule.learning_rate
        if "learning_rate_twice" in rule.mistakes:
            self.rate *= rule.learning_rate
        self.calls: list[Callable[[], object]] = []
        self.arrays = arrays
        self.always_one: set[str] = set()
        self.changes: dict[str, Operation] = {}
        self.kinds = {operation.writes: operation.kind for operation in operations}
        self.x = self.y = self.error = np.empty(0)
        self._new = new
        self._scratches: dict[tuple[int, ...], Array] = {}
        self.joined = _with_one_change(self.kinds)
        for layer in self.joined - {1}:
            # A layer's deltas are the gradients of its biases: where they stand below the
            # gradients of its weights, all can be taken away in one call.
            gradients = self.array(f"gWb{layer}", *arrays[f"Wb{layer}"].shape[:2])
            arrays[f"e{layer}"] = arrays[f"d{layer}"] = gradients[-1]

    def take(self, x: Array, y: Array, error: Array) -> None:
        """Go on with a sample, whose output minus target is to be put into `error`."""
        self.x, self.y, self.error = x, y, error

    def array(self, name: str, *shape: int) -> Array:
        """Return the array of a register."""
        if name not in self.arrays:
            self.arrays[name] = self._new(*shape)
        return self.arrays[name]

    def scratch(self, *shape: int) -> Array:
        """Return an array for numbers that the next call takes up."""
        if shape not in self._scratches:
            self._scratches[shape] = self._new(*shape)
        return self._scratches[shape]

    def call(self, function: Callable[..., object], *arrays: NDArray[Any]) -> None:
        """Add an element-wise call, which writes to the last array."""
        self.calls += [partial(function, *part) for part in _flat_parts(arrays)]

    def call_all(self, calls: Sequence[Call]) -> None:
        """Add calls that are complete."""
        self.calls += [partial(function, *arguments) for function, arguments in calls]

    def total(self, terms: Array, axis: int, out: Array) -> Array:
        """Add terms up along an axis, and return where the sum is: there, or the only term.

        The terms are lost: their sums are put in their places, half of them at a time.
        """
        parts = np.moveaxis(terms, axis, 0)
        count = len(parts)
        while count > 2:
            half = count // 2
            self.call(np.add, parts[:half], parts[count - half : count], parts[:half])
            count -= half
        if count == 1:
            only: Array = parts[0]
            return only
        self.call(np.add, parts[0], parts[1], out)
        return out

    def add_squares(self, errors: Array, squares: Array, first: bool) -> None:
        """Add the squares of some samples' errors up, on top of those before."""
        self.call(np.multiply, errors, errors, errors)
        out = squares if first else self.scratch()
        total = self.total(errors.reshape(-1, len(squares)), 0, out)
        if not first:
            self.call(np.add, squares, total, squares)
        elif total is not squares:
            self.call(np.positive, total, squares)


def _with_one_change(kinds: Mapping[str, str]) -> set[int]:
    """Return the layers whose weights and biases both change by rate × gradient, rightly made.

    Parameters
    ----------
    kinds : mapping
        From each register to the kind of operation that writes it.
    """
    layers = [int(name[2:]) for name in kinds if name.startswith("gW")]
    right, changes = ("weight_gradient", "bias_gradient"), {"change", "change_twice"}
    return {
        layer
        for layer in layers
        if (kinds[f"gW{layer}"], kinds[f"gb{layer}"]) == right
        and {kinds[f"uW{layer}"], kinds[f"ub{layer}"]} <= changes
    }


def _flat_parts(arrays: Sequence[NDArray[Any]]) -> list[list[NDArray[Any]]]:
    """Return the arguments of equivalent calls on flat arrays, if a few of them will do.

    With axes to go through, NumPy takes as long to begin as two or three flat calls take.
    """
    out = arrays[-1]
    alike = len({array.shape for array in arrays if array.ndim}) == 1
    if alike and all(array.flags.c_contiguous for array in arrays):
        return [[array.reshape(-1) if array.ndim else array for array in arrays]]
    if out.ndim == 1:
        return [list(arrays)]
    parts = []
    for k in range(len(out)):
        parts += _flat_parts([array[k % len(array)] if array.ndim else array for array in arrays])
    return parts if len(parts) <= FLAT_PARTS else [list(arrays)]
