"""How the updates of a run divide its samples."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from bpviz.core.arguments import Array
from bpviz.core.model.network import Network
from bpviz.core.update.rule import Rule
from bpviz.core.update.tape import Layout


class Stretch(NamedTuple):
    """Updates in succession that have equally many samples."""

    start: int
    stop: int
    layout: Layout


class Batches:
    """The batches of each epoch, in the order taken; the last may be smaller.

    Parameters
    ----------
    network : Network
        Gives the registers of an update.
    samples : int
        N, the samples of an epoch.
    batch_size : int
        B, the samples of an update.
    rule : Rule
        Together with the network, it gives the registers.
    """

    def __init__(self, network: Network, samples: int, batch_size: int, rule: Rule) -> None:
        self.samples = samples
        self.batch_size = min(batch_size, samples)
        self.per_epoch = -(-samples // self.batch_size)
        self._full = Layout(network, self.batch_size, rule)
        rest = samples % self.batch_size
        self._last = Layout(network, rest, rule) if rest else self._full

    @property
    def width(self) -> int:
        """The length of a row that holds any update."""
        return self._full.size

    def layout(self, update: int) -> Layout:
        """Return the registers of an update; updates count from the start of the run."""
        return self._last if (update + 1) % self.per_epoch == 0 else self._full

    def first_sample(self, update: int) -> int:
        """Return how many samples the run took before an update."""
        epoch, position = divmod(update, self.per_epoch)
        return epoch * self.samples + position * self.batch_size

    def stretches(self, start: int, stop: int) -> Iterator[Stretch]:
        """Yield the updates from `start` to `stop` in as few stretches as possible."""
        if self._last is self._full:
            if start < stop:
                yield Stretch(start, stop, self._full)
            return
        while start < stop:
            last = start - start % self.per_epoch + self.per_epoch - 1
            end = min(stop, last) if start < last else start + 1
            yield Stretch(start, end, self.layout(start))
            start = end

    def per_sample(self, rows: Array, start: int, name: str) -> Array:
        """Return a per-sample register of successive rows, one sample after another.

        Parameters
        ----------
        rows : ndarray, shape (updates, width)
            The rows of updates `start`, `start` + 1, …
        name : str
            A register that has a value for each sample.

        Returns
        -------
        ndarray, shape (samples of these updates, …)
        """
        shape = self._full.register(name).shape[1:]
        return np.concatenate(
            [np.empty((0, *shape))]
            + [
                layout.view(rows[first - start : stop - start], name).reshape(-1, *shape)
                for first, stop, layout in self.stretches(start, start + len(rows))
            ]
        )
