"""A sweep cut into pieces, which advance independently of each other."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Iterator
from time import perf_counter
from typing import NamedTuple

import numpy as np

from bpviz.core.arguments import Array
from bpviz.core.sweep.block import Block
from bpviz.core.sweep.curves import Curves
from bpviz.core.sweep.lowered import Lowered
from bpviz.core.sweep.plan import Plan

SECONDS_FOR_A_PIECE = 0.25
"""How long a piece advances at a time, about."""


class Task(NamedTuple):
    """What each run does in an epoch.

    Attributes
    ----------
    key : str
        Tells it from that of other sweeps.
    plan : Plan
        What an update does.
    inputs, targets : ndarray, shapes (N, n_0) and (N, n_L)
        The samples.
    """

    key: str
    plan: Plan
    inputs: Array
    targets: Array


class Advanced(NamedTuple):
    """What some runs came to, shapes (numbers, runs) and (epochs, runs), and how long it took."""

    state: Array
    rmse: Array
    seconds: float


_kept = threading.local()


def advanced(task: Task, at_once: int, state: Array, epochs: int) -> Advanced:
    """Advance some runs, in any process; their block is kept for the next time."""
    if getattr(_kept, "key", None) != (task.key, at_once):
        _kept.block = Block(Lowered(task.plan), task.inputs, task.targets, at_once)
        _kept.key = task.key, at_once
    began, rmse = perf_counter(), np.empty((epochs, state.shape[1]))
    with np.errstate(all="ignore"):
        for _ in _kept.block.advance(state, rmse):
            pass
    return Advanced(_kept.block.ends(state.shape[1]), rmse, perf_counter() - began)


class Piece:
    """Some runs next to each other, as far as they have come.

    Attributes
    ----------
    runs : slice
        Which.
    states : dict of int to ndarray, shape (numbers, runs)
        What they had come to after so many epochs, the latest last.
    stop : int or None
        Up to where somebody is just advancing them.
    """

    def __init__(self, runs: slice, epoch: int, state: Array) -> None:
        self.runs, self.states = runs, {epoch: state}
        self.stop: int | None = None

    @property
    def epoch(self) -> int:
        """How far they have come."""
        return next(reversed(self.states))

    @property
    def state(self) -> Array:
        """What they have come to."""
        return self.states[self.epoch]


class Pieces:
    """All runs, cut into pieces.

    Pieces may be ahead of others, but all stop at the same epochs; so there are numbers of all
    runs for the last stop that all have reached, wherever a sweep is interrupted.

    Parameters
    ----------
    state : ndarray, shape (numbers, runs)
        What the runs begin with.
    curves : Curves
        Where their RMSE goes.
    at_once : int
        How many runs a piece has at most.
    """

    def __init__(self, state: Array, curves: Curves, at_once: int) -> None:
        self.at_once = at_once
        self._curves, self._stops, self._pace = curves, [0], 1
        self._pieces = [Piece(slice(0, state.shape[1]), 0, state)]
        self.cut(at_once)

    def __len__(self) -> int:
        return len(self._pieces)

    @property
    def state(self) -> Array:
        """What all runs had come to when they last were equally far, shape (numbers, runs)."""
        epoch = self._curves.complete
        return np.concatenate([piece.states[epoch] for piece in self._pieces], axis=1)

    @property
    def are_level(self) -> bool:
        """Whether all runs are equally far, and nobody is advancing any."""
        ends = {(piece.epoch, piece.stop) for piece in self._pieces}
        return ends == {(self._curves.complete, None)}

    def cut(self, at_once: int) -> None:
        """Cut all runs, which must be level, anew."""
        state, epoch = self.state, self._curves.complete
        runs = state.shape[1]
        parts = [slice(k, min(k + at_once, runs)) for k in range(0, runs, at_once)]
        self._pieces = [Piece(part, epoch, state[:, part]) for part in parts]
        self._pace = max(1, self._pace * self.at_once // at_once)
        self.at_once = at_once

    def take(self) -> Piece | None:
        """Return a piece to be advanced up to its `stop`, one that is behind; None if none can."""
        free = [piece for piece in self._pieces if piece.stop is None]
        if not free:
            return None
        piece = min(free, key=lambda piece: piece.epoch)
        stop = self._stop_after(piece.epoch)
        if stop == piece.epoch:
            return None
        piece.stop = stop
        return piece

    def rmse(self, piece: Piece) -> Array:
        """Return where the RMSE belongs of a piece that is advanced, shape (epochs, runs)."""
        assert piece.stop is not None
        return self._curves.rows(piece.epoch, piece.stop)[:, piece.runs]

    def finish(self, piece: Piece, state: Array, seconds: float) -> None:
        """Take note that a piece was advanced, in what time."""
        assert piece.stop is not None
        count = piece.stop - piece.epoch
        self._pace = max(1, int(count * min(4.0, SECONDS_FOR_A_PIECE / max(seconds, 1e-9))))
        piece.states[piece.stop] = state
        piece.stop = None

    def complete_epochs(self) -> Iterator[None]:
        """Complete the epochs that all have reached; between two parts of that others may work."""
        while self._curves.complete < min(piece.epoch for piece in self._pieces):
            yield from self._curves.complete_to(self._stop_after(self._curves.complete))
        for piece in self._pieces:
            for epoch in [epoch for epoch in piece.states if epoch < self._curves.complete]:
                del piece.states[epoch]

    def _stop_after(self, epoch: int) -> int:
        if epoch == self._stops[-1]:
            left = self._curves.epochs - epoch
            # The last ones are short, so that nobody waits long for others.
            count = min(self._pace, max(left // 4, self._pace // 4, 1))
            stop = self._curves.stop(epoch, count)
            if stop > epoch:
                self._stops.append(stop)
            return stop
        return self._stops[bisect_right(self._stops, epoch)]
