"""The RMSE of all runs of a sweep, as far as there is memory for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from bpviz.core.arguments import Array
from bpviz.core.sweep.results import PERCENTILES, percentiles

NUMBERS_KEPT = 2**24
"""How many numbers are kept at most: 128 megabytes."""
EPOCHS_AT_ONCE = 16
"""Of so many the percentiles are found between two looks at other work."""


class Kept(NamedTuple):
    """What is left of the RMSE of the runs; `Sweep` describes the parts."""

    before: Array
    last: Array
    curves: Array | None
    percentiles: Array


class Curves:
    """The RMSE of every epoch of all runs.

    Where not all of them can be kept, the last ones are, and percentiles of every epoch.

    Parameters
    ----------
    epochs, runs : int
        How many there will be.

    Attributes
    ----------
    complete : int
        Of how many epochs that of all runs is there.
    """

    def __init__(self, epochs: int, runs: int) -> None:
        self.epochs, self.complete = epochs, 0
        self._rows = np.empty((min(epochs, max(2, NUMBERS_KEPT // runs)), runs))
        self._all_kept = len(self._rows) == epochs
        self._percentiles = np.empty((len(PERCENTILES), 0 if self._all_kept else epochs))
        self._before: Array | None = None
        self._begun = 0

    def stop(self, start: int, epochs: int) -> int:
        """Return where to stop if so many epochs after `start` are wanted, and at most all.

        It is `start` if there is no room before other epochs are complete.
        """
        kept, stop = len(self._rows), min(start + epochs, self.epochs)
        if not self._all_kept:
            stop = min(stop, start + max(1, kept // 4), start - start % kept + kept)
            # Of the complete epochs the last half of what is kept stays.
            stop = max(start, min(stop, self.complete + kept // 2))
        self._begun = max(self._begun, stop)
        return stop

    def rows(self, start: int, stop: int) -> Array:
        """Return where that of the epochs up to a `stop` belongs, shape (epochs, runs)."""
        first = start % len(self._rows)
        return self._rows[first : first + stop - start]

    def complete_to(self, stop: int) -> Iterator[None]:
        """Take note that all epochs before `stop` are there, which they are at the end."""
        if not self._all_kept:
            for start in range(self.complete, stop, EPOCHS_AT_ONCE):
                end = min(start + EPOCHS_AT_ONCE, stop)
                self._percentiles[:, start:end] = percentiles(self.rows(start, end))
                yield
            nearly = _nearly(self.epochs)
            if self.complete <= nearly < stop:
                self._before = self.rows(nearly, nearly + 1)[0].copy()
        self.complete = stop

    def kept(self) -> Kept:
        """Return what is left of the complete epochs, of which there must be one."""
        end, before = self.complete, self._before
        if before is None or end < self.epochs:
            there = max(_nearly(end), self._begun - len(self._rows))
            before = self.rows(there, there + 1)[0]
        curves = self._rows[:end] if self._all_kept else None
        last = self.rows(end - 1, end)[0]
        return Kept(before.copy(), last.copy(), curves, self._percentiles[:, :end])


def _nearly(epochs: int) -> int:
    """Return the last epoch before the last tenth."""
    return (9 * epochs + 9) // 10 - 1
