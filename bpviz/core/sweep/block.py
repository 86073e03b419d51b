"""Many runs at once: the updates of an epoch as NumPy calls, with the runs on the last axis."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from bpviz.core.arguments import Array
from bpviz.core.formula.lowering import Call
from bpviz.core.sweep.lowered import ERRORS, RUNS_LOWERED, STATE, Lowered
from bpviz.core.sweep.runs_last import flat, pairwise

SAMPLES_AT_ONCE = 8
"""How many samples' errors are kept before they are squared and added up."""
CACHE_LINE = 64


class Block:
    """Runs that fit into the cache together.

    Parameters
    ----------
    update : Lowered
        What an update does.
    inputs, targets : ndarray, shapes (N, n_0) and (N, n_L)
        The samples, taken in order, one in an update.
    runs : int
        K, how many runs.

    Attributes
    ----------
    state : ndarray, shape (numbers, K)
        What goes over from one update to the next, as in `update.plan.state`.
    squares : ndarray, shape (K,)
        After an epoch, the sum of (h − y)² over its predictions.
    """

    def __init__(self, update: Lowered, inputs: Array, targets: Array, runs: int) -> None:
        update.numbers_of_a_run(inputs, targets)  # after which all buffers are known
        kept = min(len(targets), SAMPLES_AT_ONCE)
        buffers = [
            aligned(
                buffer.size // RUNS_LOWERED * runs * (kept if number == ERRORS else 1), buffer.dtype
            )
            for number, buffer in enumerate(update.buffers)
        ]
        self.runs, self._outputs = runs, targets.size
        self.state = buffers[STATE].reshape(-1, runs)
        self.squares, more = aligned(runs), aligned(runs)
        errors = buffers[ERRORS].reshape(kept, -1, runs)
        calls: list[Call] = []
        for number, (x, y) in enumerate(zip(inputs, targets, strict=True)):
            place = number % kept
            calls += update.on(x, y, buffers, runs, place)
            if place == kept - 1 or number == len(targets) - 1:
                terms = errors[: place + 1].reshape(-1, runs)
                calls += _squares(terms, self.squares, None if number < kept else more)
        self._calls: list[Callable[[], object]] = [
            partial(function, *arguments) for function, arguments in calls
        ]

    def run_epoch(self) -> None:
        """Make one update with every sample in every run."""
        for call in self._calls:
            call()

    def advance(self, state: Array, rmse: Array) -> Iterator[None]:
        """Advance some runs, and pause after each epoch; they come to `ends`.

        Parameters
        ----------
        state : ndarray, shape (numbers, k)
            From where, of k runs; at most K.
        rmse : ndarray, shape (epochs, k)
            To be written to: the RMSE of each epoch.
        """
        width, mean_squares = state.shape[1], np.empty(self.runs)
        self.state[:, :width] = state
        self.state[:, width:] = 0.0
        for row in rmse:
            self.run_epoch()
            np.divide(self.squares, self._outputs, mean_squares)
            np.sqrt(mean_squares[:width], row)
            yield

    def ends(self, runs: int) -> Array:
        """Return what so many runs have come to, shape (numbers, runs)."""
        return self.state[:, :runs].copy()


def _squares(terms: Array, squares: Array, more: Array | None) -> list[Call]:
    """Return the calls that square some samples' errors and add them up.

    With `more` they are added to the squares that are there.
    """
    calls: list[Call] = [(np.multiply, (terms, terms, terms))]
    calls += pairwise(np.add, terms, squares if more is None else more)
    if more is not None:
        calls.append((np.add, (squares, more, squares)))
    return [part for call in calls for part in flat(call)]


def aligned(count: int, dtype: DTypeLike = np.float64) -> NDArray[Any]:
    """Return zeros that begin with a cache line; NumPy's own begin anywhere, and take longer."""
    size = np.dtype(dtype).itemsize
    memory = np.zeros(count + CACHE_LINE // size, dtype)
    start = -memory.ctypes.data % CACHE_LINE // size
    return memory[start : start + count]


def runs_at_once(update: Lowered, inputs: Array, targets: Array, runs: int, numbers: int) -> int:
    """Return how many runs to put into a block so that it holds about so many numbers."""
    kept = min(len(targets), SAMPLES_AT_ONCE) * targets.shape[1]
    each: int = update.numbers_of_a_run(inputs, targets) + kept
    at_most = max(RUNS_LOWERED, numbers // each)
    blocks = -(-runs // at_most)
    return -(-runs // blocks // RUNS_LOWERED) * RUNS_LOWERED
