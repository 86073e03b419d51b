"""The rows of a run's updates, of which perhaps only some were recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from bpviz.core.arguments import Array
from bpviz.core.run.batches import Batches
from bpviz.core.run.stepper import Stepper

NUMBERS_READ = 2**20


class RunTape:
    """The rows of a run; an update that was not recorded is made again from one before it.

    Parameters
    ----------
    rows : ndarray, shape (recorded updates, registers)
        Those of every so many updates, the first included.
    order : ndarray of int, shape (epochs begun, N)
        The order in which each epoch took the samples.
    batches : Batches
        How the updates divide them.
    every : int
        Every how many updates one was recorded.
    stepper : callable
        Returns what makes the updates of the run.
    """

    def __init__(
        self,
        rows: Array,
        order: NDArray[np.int64],
        batches: Batches,
        every: int,
        stepper: Callable[[], Stepper],
    ) -> None:
        self.rows, self.order, self.batches, self.every = rows, order, batches, every
        self._stepper = stepper

    def frames(self, start: int, stop: int) -> Array:
        """Return the rows of updates `start` to `stop`, read-only."""
        if self.every == 1 or start == stop:
            return self.rows[start:stop]
        empty = np.empty((0, self.rows.shape[1]))
        rows = np.concatenate([empty, *self._made_again(start, stop)])
        rows.flags.writeable = False
        return rows

    def taken(self, start: int, stop: int) -> NDArray[np.int64]:
        """Return the samples that updates `start` to `stop` took, in order."""
        first, last = self.batches.first_sample(start), self.batches.first_sample(stop)
        epochs = slice(first // self.batches.samples, -(-last // self.batches.samples))
        offset = epochs.start * self.batches.samples
        return self.order[epochs].reshape(-1)[first - offset : last - offset]

    def _made_again(self, start: int, stop: int) -> Iterator[Array]:
        """Yield the rows of updates `start` to `stop` in blocks, from the recorded ones."""
        recorded = start // self.every
        at, rows = recorded * self.every, self.rows[recorded : recorded + 1]
        stepper = self._stepper()
        stepper.resume(rows[0], at)
        while at < stop:
            if at + len(rows) > start:
                yield rows[max(0, start - at) :]
            at += len(rows)
            rows = np.empty((min(self._rows_at_once, stop - at), self.rows.shape[1]))
            stepper.fill(rows, self.taken(at, at + len(rows)))
            rows += 0.0  # turns -0 into 0, as when it was recorded

    def blocks(self, stop: int) -> Iterator[tuple[int, Array]]:
        """Yield the rows of updates 0 to `stop` in blocks, each with its first update."""
        if self.every > 1:
            at = 0
            for rows in self._made_again(0, stop):
                yield at, rows
                at += len(rows)
        else:
            for start in range(0, stop, self._rows_at_once):
                yield start, self.rows[start : min(stop, start + self._rows_at_once)]

    @property
    def _rows_at_once(self) -> int:
        return max(1, NUMBERS_READ // self.batches.width)
