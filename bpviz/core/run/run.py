"""A training run in slices."""

from __future__ import annotations

import os
from threading import Lock
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from bpviz.core.arguments import (
    Array,
    one_number,
    positive_count,
    refuse_beyond_memory,
    refuse_missing_folder,
    seed_number,
    shortened,
    true_or_false,
    usable_path,
    whole_number,
)
from bpviz.core.model.network import Network
from bpviz.core.run.batches import Batches
from bpviz.core.run.history import History, rmse
from bpviz.core.run.order import Order
from bpviz.core.run.recording import FileRecording, MemoryRecording, Recording
from bpviz.core.run.stepper import Stepper
from bpviz.core.run.stopped import INTERRUPTED, Stopped, divergence
from bpviz.core.update.algorithm import algorithm
from bpviz.core.update.backprop import sample_pairs
from bpviz.core.update.rule import Rule, rule_or_default
from bpviz.core.update.starting import started
from bpviz.core.words import counted

if TYPE_CHECKING:
    from fractions import Fraction

NUMBERS_A_BLOCK = 2**15
"""What a block of rows holds at most, so that it stays in the processor's cache."""
WORKING = ("_stepper", "_block", "_advancing")
"""Attributes that hold nothing but what a run works on between two records."""
SECONDS_AT_ONCE = 0.02
"""How long a block takes at most, unless a single update takes longer."""


class _State(NamedTuple):
    """How far a run is. It is replaced as a whole, so that an interruption leaves it right."""

    updates: int
    last_row: Array
    outputs: Array
    predictions: Array
    stopped: Stopped | None


class Run:
    """A training run in slices: between two of them the caller does as it likes.

    `bpviz.train` is a run to the end; a panel advances one a few milliseconds at a time.
    However a run is sliced, its numbers are the same; so they are where several threads advance
    it, as a notebook's cells and the thread that answers its panels may.

    Parameters
    ----------
    network : Network
        The start, in which a mistake of the rule may change numbers; it is left as it is.
    X, Y, rule, batch_size, shuffle, seed, record
        As for `bpviz.train`.
    room : int
        How many epochs to make room for at once; more may be made.

    Examples
    --------
    >>> example = bp.presets.xor()
    >>> run = bp.Run(example.network, example.inputs, example.targets, example.corrected)
    >>> run.advance(8)
    8
    >>> run.history()
    History(2-2-1, 2 epochs × 4 updates, RMSE 0.642158 → 0.612276)
    """

    def __init__(
        self,
        network: Network,
        X: ArrayLike,
        Y: ArrayLike,
        rule: Rule | None = None,
        batch_size: int = 1,
        shuffle: bool = False,
        seed: int | None = None,
        record: int | str | os.PathLike[str] = 1,
        room: int = 0,
    ) -> None:
        self.inputs, self.targets = sample_pairs("X", X, "Y", Y, network)
        self.rule = rule_or_default(rule)
        self.start = started(network, self.rule)
        shuffled, number = true_or_false("shuffle", shuffle), seed_number("seed", seed)
        self.seed = number if shuffled else None
        batch = positive_count("batch_size", batch_size)
        self._batches = Batches(network, len(self.inputs), batch, self.rule)
        self._order = Order(len(self.inputs), self.seed)
        self._operations = algorithm(network, self.rule, self._batches.batch_size)
        width = self._batches.width
        room = whole_number("room", room, least=0)
        refuse_beyond_memory("room", room, room)
        self._rows: Recording
        if isinstance(record, (str, os.PathLike)):
            path = usable_path("record", record, "run.npy")
            refuse_missing_folder("record", path)
            self._every, self._rows = 1, FileRecording(path, width)
        else:
            self._every = _interval(record)
            updates = room * self._batches.per_epoch
            self._rows = MemoryRecording((width,), room=-(-updates // self._every))
        self._rmse = MemoryRecording((), room=room)
        self._block = self._new_block()
        self._advancing = Lock()
        self._pace = 1
        self._stepper: Stepper | None = None
        nothing = np.empty((0, self.targets.shape[1]))
        self._state = _State(0, np.empty(0), nothing, nothing, None)

    @property
    def updates(self) -> int:
        """How many updates are made."""
        return self._state.updates

    @property
    def updates_per_epoch(self) -> int:
        """How many updates an epoch has."""
        return self._batches.per_epoch

    @property
    def epochs(self) -> int:
        """How many whole epochs are made."""
        return self.updates // self.updates_per_epoch

    @property
    def rmse(self) -> Array:
        """RMSE of each whole epoch, as in `History`."""
        rmse: Array = self._rmse.entries[: self.epochs]
        return rmse

    @property
    def predictions(self) -> Array:
        """The outputs during the last whole epoch in the order of the samples, (N, n_L)."""
        predictions = np.empty_like(self._state.predictions)
        if len(predictions):
            predictions[self._order.epochs(self.epochs - 1, self.epochs)[0]] = (
                self._state.predictions
            )
        return predictions

    @property
    def stopped(self) -> Stopped | None:
        """Why the run makes no more updates, if it does not."""
        return self._state.stopped

    def advance(self, updates: int = 1, seconds: float = np.inf) -> int:
        """Make updates, and return how many were made.

        Parameters
        ----------
        updates : int
            How many to make; fewer are made only if the run has stopped or time is over.
        seconds : float
            About how long it may take; at least one update is made.

        Raises
        ------
        MemoryError
            If so many updates do not fit into memory.
        """
        wanted, made = positive_count("updates", updates), 0
        end = perf_counter() + one_number("seconds", seconds, finite=False)
        if end == np.inf:  # else the time is over long before
            refuse_beyond_memory("updates", wanted, int(wanted * self.numbers_per_update))
        while made < wanted:
            with self._advancing:
                if self.stopped is not None:
                    break
                made += self._make_block(wanted - made)
            if perf_counter() >= end:
                break
        return made

    @property
    def numbers_per_update(self) -> Fraction:
        """How many numbers an update leaves in memory, on average."""
        from fractions import Fraction  # takes long to import

        in_file = isinstance(self._rows, FileRecording)
        rows = Fraction(0 if in_file else self._batches.width, self._every)
        return rows + Fraction(1, self.updates_per_epoch)

    def interrupt(self) -> None:
        """End the run where it is; its history says that it was interrupted."""
        if self.stopped is None:
            self._state = self._state._replace(stopped=self._stopped_here(INTERRUPTED))

    def history(self) -> History:
        """Return what is made so far; the run may go on, and the history stays as it is."""
        state, per_epoch = self._state, self.updates_per_epoch
        return History(
            self.start,
            self.rule,
            self.inputs,
            self.targets,
            self._batches.batch_size,
            self._order.epochs(0, -(-state.updates // per_epoch)),
            self._rows.entries[: -(-state.updates // self._every)],
            self._rmse.entries[: state.updates // per_epoch],
            state.updates,
            self._every,
            self.seed,
            state.stopped,
        )

    def __getstate__(self) -> dict[str, Any]:
        # Without the working arrays, whose views a copy would tear apart; it makes its own.
        return {key: value for key, value in vars(self).items() if key not in WORKING}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._stepper, self._block, self._advancing = None, self._new_block(), Lock()

    def _new_block(self) -> Array:
        width = self._batches.width
        return np.empty((max(1, NUMBERS_A_BLOCK // width), width))

    def _make_block(self, most: int) -> int:
        """Make some updates, at most `most`, and record them."""
        state, stepper = self._state, self._stepper or self._new_stepper()
        self._stepper = None  # until the block is recorded; an interrupted one is made again
        count = min(most, self._pace, len(self._block))
        rows = self._block[:count]
        began = perf_counter()
        stepper.fill(rows, self._taken(state.updates, state.updates + count))
        rows += 0.0  # turns -0, which would puzzle a reader, into 0
        finite = np.isfinite(rows).all(axis=1)
        stopped = None
        if not finite.all():
            rows = rows[: int(np.argmin(finite)) + 1]
            stopped = self._diverged(rows[-1], state.updates + len(rows) - 1)
        self._record(rows, state, stopped)
        self._stepper = stepper
        share = SECONDS_AT_ONCE / max(perf_counter() - began, 1e-9)
        self._pace = max(1, int(count * min(4.0, share)))
        return len(rows)

    def _record(self, rows: Array, state: _State, stopped: Stopped | None) -> None:
        first, every, samples = state.updates, self._every, len(self.inputs)
        self._rows.write(-(-first // every), rows[-first % every :: every])
        made = self._batches.per_sample(rows, first, f"h{len(self.start.layers)}")
        outputs = np.concatenate((state.outputs, made))
        epochs = len(outputs) // samples
        predictions = state.predictions
        if epochs:
            begun = first // self.updates_per_epoch
            whole = outputs[: epochs * samples].reshape(epochs, samples, -1)
            order = self._order.epochs(begun, begun + epochs)
            unpaired = "targets_not_shuffled" in self.rule.mistakes
            targets = self.targets if unpaired else self.targets[order]
            self._rmse.write(begun, rmse(whole, targets))
            predictions = whole[-1]
        self._state = _State(
            first + len(rows), rows[-1].copy(), outputs[epochs * samples :], predictions, stopped
        )

    def _taken(self, start: int, stop: int) -> np.ndarray:
        """Return the samples that updates `start` to `stop` take, in order."""
        samples = len(self.inputs)
        first, last = self._batches.first_sample(start), self._batches.first_sample(stop)
        begun = first // samples
        order = self._order.epochs(begun, -(-last // samples)).reshape(-1)
        return order[first - begun * samples : last - begun * samples]

    def _new_stepper(self) -> Stepper:
        """Return a stepper that goes on after the last recorded update."""
        stepper = Stepper(self.start, self.rule, self.inputs, self.targets, self._batches)
        if self.updates:
            stepper.resume(self._state.last_row, self.updates - 1)
        return stepper

    def _diverged(self, row: Array, index: int) -> Stopped:
        layout = self._batches.layout(index)
        epoch, update = divmod(index, self.updates_per_epoch)
        return divergence(self._operations, layout, row[: layout.size], epoch, update)

    def _stopped_here(self, reason: str) -> Stopped:
        return Stopped(reason, *divmod(max(0, self.updates - 1), self.updates_per_epoch))

    def __repr__(self) -> str:
        sizes = "-".join(map(str, self.start.sizes))
        return f"Run({sizes}, {counted(self.updates, 'update')} made)"


def _interval(record: object) -> int:
    if isinstance(record, (int, np.integer)):
        return positive_count("record", record)
    raise TypeError(
        f"record is {shortened(record)}; give k to record every k-th update, or a path such as "
        "'run.npy'"
    )
