"""A training run: the rows of its tape."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bpviz.core.checks import Array, index_in
from bpviz.core.network import Layer, Network
from bpviz.core.rule import Rule
from bpviz.core.tape import Layout, Trace


class History:
    """Every number of a training run.

    Parameters
    ----------
    network : Network
        The network that the run started from.
    rule : Rule
        The rule that it was trained by.
    inputs, targets : ndarray, shapes (N, n_0) and (N, n_L)
        The samples.
    batch_size : int
        Samples in an update; the last update of an epoch may have fewer.
    order : ndarray of int, shape (epochs, N)
        The order in which each epoch took the samples.
    rows : ndarray, shape (epochs × updates in an epoch, registers)
        The tape. A smaller batch uses the front of its row.
    """

    def __init__(
        self,
        network: Network,
        rule: Rule,
        inputs: Array,
        targets: Array,
        batch_size: int,
        order: NDArray[np.int64],
        rows: Array,
    ) -> None:
        self.start = network
        self.rule = rule
        self.inputs, self.targets = inputs, targets
        self.batch_size = batch_size
        self.order = order
        self.rows = rows
        for array in (inputs, targets, order, rows):
            array.flags.writeable = False
        samples = len(inputs)
        self._starts = range(0, samples, batch_size)
        self._layouts = [
            Layout(network, min(batch_size, samples - start)) for start in self._starts
        ]

    @property
    def epochs(self) -> int:
        """How many epochs were recorded."""
        return len(self.order)

    @property
    def updates_per_epoch(self) -> int:
        """How many updates an epoch has."""
        return len(self._starts)

    @property
    def losses(self) -> Array:
        """RMSE of each epoch, shape (epochs,).

        The root of the mean, over samples and outputs, of (h − y)², with the predictions
        that were made during the epoch, each before its own update.
        """
        errors = self.predictions - self.targets[self.order]
        samples = self.order.shape[1]
        mean_squares = np.sum(np.power(errors, 2), axis=(1, 2)) / (samples * errors.shape[2])
        return np.asarray(np.sqrt(mean_squares))

    @property
    def predictions(self) -> Array:
        """The outputs during each epoch, in the order taken, shape (epochs, N, n_L)."""
        rows = self.rows.reshape(self.epochs, self.updates_per_epoch, -1)
        output = f"h{len(self.start.layers)}"
        parts = [layout.view(rows[:, k], output) for k, layout in enumerate(self._layouts)]
        return np.concatenate(parts, axis=1)

    def trace(self, epoch: int, update: int = 0) -> Trace:
        """Return one update; both indices start at 0, negative ones count from the end."""
        epoch = index_in("epoch", epoch, self.epochs)
        update = index_in("update", update, self.updates_per_epoch)
        row = self.rows[epoch * self.updates_per_epoch + update]
        return Trace(self.start, self.rule, self._layouts[update], row)

    def samples(self, epoch: int, update: int = 0) -> NDArray[np.int64]:
        """Return which samples an update was made from, as indices into the inputs."""
        epoch = index_in("epoch", epoch, self.epochs)
        start = self._starts[index_in("update", update, self.updates_per_epoch)]
        return self.order[epoch, start : start + self.batch_size]

    def network(self, epoch: int) -> Network:
        """Return the network after `epoch` epochs; 0 is the start, −1 the end of the run."""
        epoch = index_in("epoch", epoch, self.epochs + 1)
        if epoch == 0:
            return Network(
                [Layer(la.weights, la.bias, la.activation) for la in self.start.layers],
                self.start.loss,
            )
        return self.trace(epoch - 1, -1).updated

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        sizes = "-".join(map(str, self.start.sizes))
        losses = self.losses
        return (
            f"History({sizes}, {self.epochs} epochs × {self.updates_per_epoch} updates, "
            f"RMSE {losses[0]:.6g} → {losses[-1]:.6g})"
        )
