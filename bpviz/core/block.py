"""Many runs at once: the updates of an epoch as NumPy calls, with the runs on the last axis."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from math import prod

import numpy as np

from bpviz.core.algorithm import algorithm
from bpviz.core.block_kernels import BLOCK_KERNELS
from bpviz.core.checks import Array
from bpviz.core.network import Network
from bpviz.core.rule import Rule
from bpviz.core.workspace import Workspace

SAMPLES_AT_ONCE = 8
"""How many samples' errors are kept before they are squared and added up."""
CACHE_LINE = 64


class Block:
    """Runs that fit into the cache together.

    Parameters
    ----------
    network : Network
        Its sizes, functions and loss; its numbers do not matter.
    rule : Rule
        What an update does.
    inputs, targets : ndarray, shapes (N, n_0) and (N, n_L)
        The samples, taken in order, one in an update.
    runs : int
        K, how many runs.

    Attributes
    ----------
    state : ndarray, shape (numbers, K)
        What goes over from one update to the next: for each layer W, the weights of one
        input side by side, then b; and likewise the gradients, if the rule accumulates them.
    squares : ndarray, shape (K,)
        After an epoch, the sum of (h − y)² over its predictions.
    size : int
        The numbers that it holds altogether.
    """

    def __init__(
        self, network: Network, rule: Rule, inputs: Array, targets: Array, runs: int
    ) -> None:
        operations = algorithm(network, rule)
        memory = _Memory(runs)
        shapes = state_shapes(network, rule)
        self.state = memory.array(sum(map(prod, shapes.values())))
        arrays, start = {}, 0
        for name, shape in shapes.items():
            stop = start + prod(shape)
            arrays[name] = self.state[start:stop].reshape(*shape, runs)
            if len(shape) == 1:
                weights = start - prod(shape) * len(arrays[name.replace("b", "W")])
                both = self.state[weights:stop].reshape(-1, *shape, runs)
                arrays[name.replace("b", "Wb")] = both
            start = stop
        outputs, kept = targets.shape[1], min(len(targets), SAMPLES_AT_ONCE)
        errors = memory.array(kept, outputs)
        self.squares = memory.array()
        work = Workspace(network, rule, operations, arrays, memory.array)
        for number, (x, y) in enumerate(zip(inputs, targets, strict=True)):
            place = number % kept
            work.take(x, y, errors[place])
            for operation in operations:
                BLOCK_KERNELS[operation.kind](work, operation)
            if place == kept - 1 or number == len(targets) - 1:
                work.add_squares(errors[: place + 1], self.squares, first=number < kept)
        self.runs, self.size = runs, memory.size
        self._calls: list[Callable[[], object]] = work.calls

    def run_epoch(self) -> None:
        """Make one update with every sample in every run."""
        for call in self._calls:
            call()


def state_shapes(network: Network, rule: Rule) -> dict[str, tuple[int, ...]]:
    """Return the arrays of a block's state and their shapes for one run, in order."""
    sizes = network.sizes
    shapes: dict[str, tuple[int, ...]] = {}
    for prefix in ("", "p") if "gradients_accumulated" in rule.mistakes else ("",):
        for number, (inputs, units) in enumerate(pairwise(sizes), start=1):
            shapes[f"{prefix}W{number}"] = (inputs, units)
            shapes[f"{prefix}b{number}"] = (units,)
    return shapes


class _Memory:
    """Arrays that begin with a cache line; NumPy's own begin anywhere, and take twice as long."""

    def __init__(self, runs: int) -> None:
        self.runs = runs
        self.size = 0

    def array(self, *shape: int) -> Array:
        """Return an array of zeros with that shape for each run."""
        count = prod(shape) * self.runs
        self.size += count
        memory = np.zeros(count + CACHE_LINE // 8)
        start = -memory.ctypes.data % CACHE_LINE // 8
        return memory[start : start + count].reshape(*shape, self.runs)


def runs_at_once(
    network: Network, rule: Rule, inputs: Array, targets: Array, runs: int, numbers: int
) -> int:
    """Return how many runs to put into a block so that it holds about so many numbers."""
    few = CACHE_LINE // 8
    at_most = max(few, numbers * few // Block(network, rule, inputs, targets, few).size)
    blocks = -(-runs // at_most)
    return -(-runs // blocks // few) * few
