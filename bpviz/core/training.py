"""Training: one recorded update after another."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from bpviz.core.backprop import Frame, sample_pairs
from bpviz.core.checks import positive_count
from bpviz.core.history import History
from bpviz.core.network import Network
from bpviz.core.rule import Rule


def train(
    network: Network,
    X: ArrayLike,
    Y: ArrayLike,
    rule: Rule | None = None,
    epochs: int = 500,
    batch_size: int = 1,
    shuffle: bool = False,
    seed: int | None = None,
) -> History:
    """Train and record every update.

    Parameters
    ----------
    network : Network
        The start; it is left as it is.
    X : array_like, shape (N, n_0)
        The inputs, one sample a row.
    Y : array_like, shape (N, n_L)
        The targets, one sample a row.
    rule : Rule
        By default `Rule()`.
    epochs : int
        How often to go through all samples.
    batch_size : int
        Samples in an update; gradients are averaged over them. The last batch of an epoch
        is smaller if the batch size does not divide N.
    shuffle : bool
        Whether each epoch takes the samples in a new random order.
    seed : int or None
        Makes the shuffling repeatable.

    Returns
    -------
    History
        Every number of every update.
    """
    inputs, targets = sample_pairs("X", X, "Y", Y, network)
    chosen = Rule() if rule is None else rule
    count = positive_count("epochs", epochs)
    batch = min(positive_count("batch_size", batch_size), len(inputs))
    order = _order(len(inputs), count, shuffle, seed)

    starts = range(0, len(inputs), batch)
    sizes = [min(batch, len(inputs) - start) for start in starts]
    frames = {size: Frame(network, chosen, size) for size in sorted(set(sizes), reverse=True)}
    rows = np.empty((count * len(sizes), frames[sizes[0]].layout.size))
    if sizes[-1] < sizes[0]:
        rows[:] = np.nan

    parameters = frames[sizes[0]].parameters
    with np.errstate(over="ignore", invalid="ignore"):
        update = 0
        for epoch in range(count):
            indices = order[epoch]
            batch_inputs, batch_targets = inputs[indices], targets[indices]
            for start, size in zip(starts, sizes, strict=True):
                frame = frames[size]
                if frame.parameters is not parameters:
                    np.copyto(frame.parameters, parameters)
                frame.run(batch_inputs[start : start + size], batch_targets[start : start + size])
                rows[update, : frame.layout.size] = frame.row
                np.copyto(frame.parameters, frame.new_parameters)
                parameters = frame.parameters
                update += 1
    return History(network, chosen, inputs, targets, batch, order, rows)


def _order(samples: int, epochs: int, shuffle: bool, seed: int | None) -> np.ndarray:
    order = np.tile(np.arange(samples), (epochs, 1))
    if shuffle:
        generator = np.random.default_rng(seed)
        generator.permuted(order, axis=1, out=order)
    return order
