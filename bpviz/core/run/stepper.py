"""Making one update after another."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bpviz.core.arguments import Array
from bpviz.core.model.network import Network
from bpviz.core.run.batches import Batches
from bpviz.core.update.frame import Frame
from bpviz.core.update.rule import Rule


class Stepper:
    """Makes the updates of a run in succession, each into a row.

    Between two updates the frame holds the row of the last one; whatever does not belong
    to a sample carries over to a frame of another batch size.

    Parameters
    ----------
    network : Network
        The start.
    rule : Rule
        What an update does.
    inputs, targets : ndarray, shapes (N, n_0) and (N, n_L)
        The samples.
    batches : Batches
        How the updates divide them.
    """

    def __init__(
        self, network: Network, rule: Rule, inputs: Array, targets: Array, batches: Batches
    ) -> None:
        self.updates = 0
        self._inputs, self._targets = inputs, targets
        self._batches = batches
        layouts = {batches.layout(k).samples for k in (0, batches.per_epoch - 1)}
        self._frames = {samples: Frame(network, rule, samples) for samples in layouts}
        self._current = self._frames[batches.layout(0).samples]

    def resume(self, row: Array, update: int) -> None:
        """Go on as if `update`, whose row is given, had just been made."""
        self._current = self._frames[self._batches.layout(update).samples]
        np.copyto(self._current.row, row[: self._current.layout.size])
        self.updates = update + 1

    def fill(self, rows: Array, order: NDArray[np.int64]) -> None:
        """Make as many updates as there are rows, and write each to its row.

        Parameters
        ----------
        rows : ndarray, shape (updates, width)
            To be written to. A smaller batch uses the front of its row; the rest becomes 0.
        order : ndarray of int, shape (samples of these updates,)
            Which samples the updates take.
        """
        first = self.updates
        taken = self._batches.first_sample(first)
        for start, stop, layout in self._batches.stretches(first, first + len(rows)):
            part = rows[start - first : stop - first]
            part[:, layout.size :] = 0.0
            begin = self._batches.first_sample(start) - taken
            indices = order[begin : begin + len(part) * layout.samples]
            self._use_frame(layout.samples)
            self._make(part[:, : layout.size], indices.reshape(len(part), -1))

    def _use_frame(self, samples: int) -> None:
        frame = self._frames[samples]
        if frame is not self._current:
            np.copyto(frame.carried, self._current.carried)
            self._current = frame

    def _make(self, rows: Array, indices: NDArray[np.int64]) -> None:
        """Make one update for each row, on the samples of the same row of `indices`."""
        count, frame = len(rows), self._current
        all_pairs = np.concatenate(
            (self._inputs[indices].reshape(count, -1), self._targets[indices].reshape(count, -1)),
            axis=1,
        )
        # An update costs some twenty calls; every lookup that can be is done before the loop.
        calls, working, pairs = frame.calls, frame.row, frame.pairs
        parameters, new_parameters = frame.parameters, frame.new_parameters
        with np.errstate(all="ignore"):
            for numbers, row in zip(all_pairs, rows, strict=True):
                parameters[:] = new_parameters
                pairs[:] = numbers
                for call in calls:
                    call()
                row[:] = working
        self.updates += count
