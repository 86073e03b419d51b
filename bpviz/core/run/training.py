"""Training: one recorded update after another."""

from __future__ import annotations

import os
import sys
import warnings

from numpy.typing import ArrayLike

from bpviz.core.arguments import positive_count, refuse_beyond_memory, true_or_false
from bpviz.core.model.network import Network
from bpviz.core.progress import Progress, epoch_text
from bpviz.core.run.history import History
from bpviz.core.run.run import Run
from bpviz.core.update.rule import Rule

SECONDS_BETWEEN_BARS = 0.1


class TrainingWarning(UserWarning):
    """A run ended before its time; its history says why and where.

    Examples
    --------
    >>> import warnings
    >>> network = bp.Network([bp.Layer([[0.5]], activation="identity")])
    >>> with warnings.catch_warnings(record=True, action="always") as told:
    ...     history = bp.train(network, [[2]], [[3]], bp.Rule(learning_rate=10), epochs=1000)
    ...
    >>> told[0].category.__name__
    'TrainingWarning'
    >>> history
    History(1-1, 93 epochs × 1 update, RMSE 2 → inf, diverged at update 93)
    """


def train(
    network: Network,
    X: ArrayLike,
    Y: ArrayLike,
    rule: Rule | None = None,
    epochs: int = 500,
    batch_size: int = 1,
    shuffle: bool = False,
    seed: int | None = None,
    record: int | str | os.PathLike[str] = 1,
    verbose: bool = False,
) -> History:
    """Train and record every update.

    A run that takes long shows its progress, and can be interrupted: what is made stays. A
    run that diverges stops at the first number that is infinite or NaN. In both cases a
    `TrainingWarning` says so, and `history.stopped` says where.

    Parameters
    ----------
    network : Network
        The start, in which a mistake of the rule may change numbers; it is left as it is.
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
        Makes the shuffling repeatable; `history.seed` tells the one that was used.
    record : int or path
        k records every k-th update; those between are computed again when they are asked
        for. A path, such as "run.npy", records every update into that file, for runs that
        do not fit into memory.
    verbose : bool
        Print the predictions and the loss after each epoch.

    Returns
    -------
    History
        Every number of every update.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described.
    MemoryError
        If the run does not fit into memory.

    Examples
    --------
    >>> network = bp.Network([bp.Layer([[0.5]], activation="identity")])
    >>> history = bp.train(network, [[2]], [[3]], bp.Rule(learning_rate=0.1), epochs=5)
    >>> history.rmse.round(4)
    array([2.   , 1.   , 0.5  , 0.25 , 0.125])
    """
    count, prints = positive_count("epochs", epochs), true_or_false("verbose", verbose)
    refuse_beyond_memory("epochs", count, count)  # of their RMSE alone
    run = Run(network, X, Y, rule, batch_size, shuffle, seed, record, room=count)
    total = count * run.updates_per_epoch
    try:
        with Progress(total) as progress:
            while run.updates < total and run.stopped is None:
                if prints:
                    _advance_epoch(run)
                else:
                    run.advance(total - run.updates, seconds=SECONDS_BETWEEN_BARS)
                    progress.show(run.updates)
    except KeyboardInterrupt:
        if not run.updates:
            raise
        run.interrupt()
    if run.stopped is not None:
        warnings.warn(str(run.stopped), TrainingWarning, stacklevel=2)
    return run.history()


def _advance_epoch(run: Run) -> None:
    """Make one epoch, and print its predictions and its loss as the lecture does."""
    if run.advance(run.updates_per_epoch) == run.updates_per_epoch:
        sys.stdout.write(epoch_text(run.epochs - 1, run.predictions, run.rmse[-1]) + "\n")
