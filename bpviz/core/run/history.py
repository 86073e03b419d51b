"""A training run: the rows of its tape."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bpviz.core.arguments import Array, index_in, true_or_false, whole_number
from bpviz.core.model.network import Network, outputs_of_each
from bpviz.core.outside import DrawsItself, outside
from bpviz.core.run.batches import Batches
from bpviz.core.run.recorded import Recorded
from bpviz.core.run.run_tape import RunTape
from bpviz.core.run.stepper import Stepper
from bpviz.core.run.stopped import Stopped
from bpviz.core.update.rule import Rule
from bpviz.core.update.tape import Trace
from bpviz.core.words import counted


class History(DrawsItself):
    """Every number of a training run.

    `bpviz.train` makes one. An update that was not recorded (`record=k`) is computed again
    from the last recorded one before it, so that each can be looked at all the same.

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
    order : ndarray of int, shape (epochs begun, N)
        The order in which each epoch took the samples.
    rows : ndarray, shape (recorded updates, registers)
        The tape. A smaller batch uses the front of its row.
    rmse : ndarray, shape (epochs,)
        RMSE of each whole epoch over the predictions made during it: the lectures' figure, in
        units of the target.
    updates : int
        How many updates were made.
    every : int
        Every how many updates one was recorded, the first included.
    seed : int or None
        What the shuffling followed from; None if the samples were taken in order.
    stopped : Stopped or None
        Why the run ended before its time, if it did.

    Examples
    --------
    >>> example = bp.presets.xor()
    >>> history = bp.train(example.network, example.inputs, example.targets, epochs=50)
    >>> history
    History(2-2-1, 50 epochs × 4 updates, RMSE 0.642158 → 0.502909)
    >>> history.rmse.shape, history.updates_per_epoch
    ((50,), 4)
    >>> history.trace(epoch=49, update=3)
    Trace(2-2-1, loss 0.0262875)
    >>> history.network(epoch=10)
    Network(2-2-1; relu, identity; loss squared_error)
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
        rmse: Array,
        updates: int,
        every: int = 1,
        seed: int | None = None,
        stopped: Stopped | None = None,
    ) -> None:
        self.start = network
        self.rule = rule
        self.inputs, self.targets = inputs, targets
        self.batch_size = batch_size
        self.updates = updates
        self.order = order
        self.rows = rows
        self.rmse = rmse
        self.every = every
        self.seed = seed
        self.stopped = stopped
        for array in (inputs, targets, order, rows, rmse):
            array.flags.writeable = False
        self._batches = Batches(network, len(inputs), batch_size, rule)
        stepper = partial(Stepper, network, rule, inputs, targets, self._batches)
        self._tape = RunTape(rows, order, self._batches, every, stepper)

    @property
    def epochs(self) -> int:
        """How many whole epochs were made."""
        return self.updates // self.updates_per_epoch

    @property
    def updates_per_epoch(self) -> int:
        """How many updates an epoch has."""
        return self._batches.per_epoch

    @cached_property
    def losses(self) -> Array:
        """The mean of the loss that is trained on over the samples of each epoch, shape (epochs,).

        Like `rmse` it is made of what the network answers during the epoch. With the squared
        error it is the mean of ½ Σ (h − y)², so half the square of `rmse` for one output.
        """
        losses: Array = self._during("loss").mean(axis=1)
        losses.flags.writeable = False
        return losses

    @cached_property
    def rmse_after(self) -> Array:
        """RMSE over all samples after each whole epoch, shape (epochs,).

        `rmse` is made of predictions from before each update; this one asks the network that
        the epoch ended with.
        """
        parts = [rmse(self._outputs(block), self.targets) for block in self._epoch_ends()]
        after = np.concatenate([np.empty(0), *parts])
        after.flags.writeable = False
        return after

    @property
    def predictions(self) -> Array:
        """The outputs during each whole epoch, in the order taken, shape (epochs, N, n_L)."""
        return self._during(f"h{len(self.start.layers)}")

    def trace(self, epoch: int, update: int = 0) -> Trace:
        """Return one update; both indices start at 0, negative ones count from the end."""
        index = self._index(epoch, update)
        row = self.frames(index, index + 1)[0]
        return Trace(self.start, self.rule, self._batches.layout(index), row)

    def frames(self, start: int, stop: int) -> Array:
        """Return the rows of updates `start` to `stop`, counted from the start of the run.

        Returns
        -------
        ndarray, shape (stop − start, registers), read-only

        Raises
        ------
        TypeError, IndexError
            If they are no whole numbers, or there are no such updates.
        """
        start, stop = whole_number("start", start), whole_number("stop", stop)
        if not 0 <= start <= stop <= len(self):
            raise IndexError(
                f"start is {start} and stop is {stop}; there are updates 0 to {len(self)}"
            )
        return self._tape.frames(start, stop)

    def samples(self, epoch: int, update: int = 0) -> NDArray[np.int64]:
        """Return which samples an update was made from, as indices into the inputs."""
        index = self._index(epoch, update)
        return self._tape.taken(index, index + 1)

    def network(self, epoch: int) -> Network:
        """Return the network after `epoch` whole epochs; 0 is the start.

        Negative ones count back from the end of the run: −1 is what its last update left, also
        in the middle of an epoch.

        Raises
        ------
        IndexError
            If so many epochs were not made.
        ValueError
            If the run diverged, and that network has numbers that are not finite.
        """
        begun = -(-self.updates // self.updates_per_epoch)
        from_end = whole_number("epoch", epoch) < 0
        number = index_in("epoch", epoch, (begun if from_end else self.epochs) + 1)
        if not number:
            return self.start
        trace = self.trace(number - 1, -1)
        if not np.isfinite(parameters_left(trace)).all():
            raise ValueError(
                f"epoch is {epoch}, and there the run diverged: some of its numbers are not "
                f"finite; history.network({number - 1}) is the network before that epoch"
            )
        return trace.updated

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the run to a file in NumPy's .npz format, whole or not at all.

        A history that is there already is replaced; anything else is not.

        Returns
        -------
        Path
            Where it was written.

        Raises
        ------
        FileExistsError
            If there is something else at `path`.
        FileNotFoundError
            If its folder does not exist.
        TypeError, ValueError
            If `path` is no path, or the run has a function that a file cannot hold.
        """
        from bpviz.core.run.storage import save  # what it needs takes long to import

        return save(self._recorded, path)

    @staticmethod
    def load(path: str | os.PathLike[str], in_memory: bool = True) -> History:
        """Return the run that `save` wrote.

        Parameters
        ----------
        path : path
            The file.
        in_memory : bool
            False leaves the rows in the file and reads them as they are looked at, for a
            run that does not fit into memory. The file must stay as it is meanwhile.

        Raises
        ------
        FileNotFoundError
            If there is no such file.
        ValueError
            If it is not such a file, is damaged, or is from a later version.
        """
        from bpviz.core.run.storage import load

        return History(*load(path, true_or_false("in_memory", in_memory)))

    def to_csv(self, path: str | os.PathLike[str], per: str = "epoch") -> Path:
        """Write the run to a file of comma-separated values, whole or not at all.

        A file that is there is replaced.

        Parameters
        ----------
        path : path
            The file.
        per : str
            "epoch": a line for each epoch, with its number (0 is the start), `rmse` and the
            mean loss during it, `rmse_after`, and every weight and bias after it. "update": a
            line for each sample of each update, with epoch and update as `trace` counts them,
            the sample's index in the inputs, and every number by its ref.

        Returns
        -------
        Path
            Where it was written.

        Raises
        ------
        FileNotFoundError
            If the folder does not exist.
        TypeError, ValueError
            If `path` is no path, or `per` none of the two.
        """
        written: Path = outside("history_to_csv")(self, path, per)
        return written

    def to_pandas(self, per: str = "epoch") -> Any:
        """Return the table that `to_csv` writes as a pandas DataFrame.

        Raises
        ------
        ImportError
            If pandas is not installed.
        ValueError
            If `per` is neither "epoch" nor "update".
        """
        return outside("history_to_pandas")(self, per)

    @property
    def _recorded(self) -> Recorded:
        return Recorded(
            self.start,
            self.rule,
            self.inputs,
            self.targets,
            self.batch_size,
            self.order,
            self.rows,
            self.rmse,
            self.updates,
            self.every,
            self.seed,
            self.stopped,
        )

    def _during(self, register: str) -> Array:
        """Return a register of all samples in the order taken, shape (epochs, N, …)."""
        stop = self.epochs * self.updates_per_epoch
        nothing = self._batches.per_sample(self.rows[:0], 0, register)
        parts = [self._batches.per_sample(rows, k, register) for k, rows in self._tape.blocks(stop)]
        shape = (self.epochs, len(self.inputs), *nothing.shape[1:])
        return np.concatenate([nothing, *parts]).reshape(shape)

    def _index(self, epoch: int, update: int) -> int:
        """Return the number of an update, counted from the start of the run."""
        per_epoch = self.updates_per_epoch
        first = per_epoch * index_in("epoch", epoch, -(-self.updates // per_epoch))
        return first + index_in("update", update, min(per_epoch, self.updates - first))

    def _epoch_ends(self) -> Iterator[Array]:
        """Yield the parameters after each whole epoch in blocks, shape (n, parameters)."""
        per_epoch, last = self.updates_per_epoch, len(self.start.layers)
        span = self._batches.layout(per_epoch - 1).span("nW1", f"nb{last}")
        for start, rows in self._tape.blocks(self.epochs * per_epoch):
            # A copy, for where numbers lie in memory may change the last bit of a product.
            yield rows[-(start + 1) % per_epoch :: per_epoch, span].copy()

    def _outputs(self, parameters: Array) -> Array:
        return outputs_of_each(self.start, parameters, self.inputs)

    def __reduce__(self) -> tuple[type[History], tuple[object, ...]]:
        # Made anew, for the numbers of a copied array could be written to. What is mapped from
        # a file is copied into memory.
        return History, tuple(self._recorded._replace(rows=np.asarray(self.rows)))

    def __len__(self) -> int:
        """Return how many updates were made."""
        return self.updates

    def __repr__(self) -> str:
        sizes = "-".join(map(str, self.start.sizes))
        parts = [f"{counted(self.epochs, 'epoch')} × {counted(self.updates_per_epoch, 'update')}"]
        if len(self.rmse):
            parts.append(f"RMSE {self.rmse[0]:.6g} → {self.rmse[-1]:.6g}")
        if self.every > 1:
            parts.append(f"1 update in {self.every} recorded")
        if self.stopped is not None:
            parts.append(f"{self.stopped.reason} at update {len(self)}")
        return f"History({sizes}, {', '.join(parts)})"


def parameters_left(trace: Trace) -> Array:
    """Return W and b of every layer after an update, shape (parameters,)."""
    layout = trace.layout
    return trace.row[layout.span("nW1", f"nb{layout.layers}")]


def rmse(predictions: Array, targets: Array) -> Array:
    """Return the root of the mean of (h − y)² over samples and outputs.

    Parameters
    ----------
    predictions, targets : ndarray, shape (…, N, n_L)

    Returns
    -------
    ndarray, shape (…)
    """
    with np.errstate(all="ignore"):
        squares = np.square(predictions - targets)
        by_set = squares.reshape(*squares.shape[:-2], squares.shape[-2] * squares.shape[-1])
        return np.asarray(np.sqrt(np.sum(by_set, axis=-1) / by_set.shape[-1]))
