"""The order in which the epochs of a run take the samples."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bpviz.core.run.recording import MemoryRecording

SHUFFLED_AT_ONCE = 4096


class Order:
    """The order in which each epoch takes the samples.

    Parameters
    ----------
    samples : int
        N, the samples of an epoch.
    seed : int or None
        What the shuffling follows from; None keeps the samples in order.
    """

    def __init__(self, samples: int, seed: int | None) -> None:
        self._in_order = np.arange(samples)
        self._seed = seed
        self._shuffled = MemoryRecording((samples,), self._in_order.dtype)

    def epochs(self, start: int, stop: int) -> NDArray[np.int64]:
        """Return the orders of epochs `start` to `stop`, shape (stop − start, N), read-only."""
        if self._seed is None:
            return np.broadcast_to(self._in_order, (stop - start, len(self._in_order)))
        while len(self._shuffled.entries) < stop:
            self._shuffle_more(self._seed)
        return self._shuffled.entries[start:stop]

    def _shuffle_more(self, seed: int) -> None:
        # Each block has a generator of its own, so that no block depends on when it is made.
        samples = len(self._in_order)
        length = max(1, SHUFFLED_AT_ONCE // samples)
        done = len(self._shuffled.entries)
        generator = np.random.default_rng([seed, done // length])
        block = np.broadcast_to(self._in_order, (length, samples))
        self._shuffled.write(done, generator.permuted(block, axis=1))
