"""What many runs come to: how many solve the task, and where the others end up."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from bpviz.core.arguments import Array, index_in, one_number
from bpviz.core.model.network import Network, by_layers, forward_pass, outputs_of_each
from bpviz.core.model.starts import with_parameters
from bpviz.core.update.rule import Rule
from bpviz.core.words import counted

PERCENTILES = (0, 5, 25, 50, 75, 95, 100)
"""The percentiles of the losses that are kept of every epoch."""
STANDARD_ERRORS = 1.959963984540054
"""Between them lie 95 % of a normal distribution."""
STILL_FALLING = 0.01


@dataclass(frozen=True)
class Share:
    """How many of so many, and what that says of the share in all that there could be.

    Attributes
    ----------
    count, total : int
        How many of how many.
    fraction : float
        count / total; NaN of none.
    low, high : float
        Wilson's interval at 95 % (E. B. Wilson, “Probable inference, the law of succession,
        and statistical inference”, 1927).
    """

    count: int
    total: int

    @property
    def fraction(self) -> float:
        """The share that was found."""
        return self.count / self.total if self.total else float("nan")

    @property
    def low(self) -> float:
        """The lower end of the interval."""
        return self._interval[0]

    @property
    def high(self) -> float:
        """The upper end of the interval."""
        return self._interval[1]

    @cached_property
    def _interval(self) -> tuple[float, float]:
        if not self.total:
            return 0.0, 1.0
        z, n, p = STANDARD_ERRORS, self.total, self.fraction
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return max(0.0, middle - half), min(1.0, middle + half)

    def __str__(self) -> str:
        return (
            f"{self.count:,} of {self.total:,}, {100 * self.fraction:.1f} % "
            f"(95 % interval {100 * self.low:.1f} to {100 * self.high:.1f} %)"
        )


@dataclass(frozen=True)
class Plateau:
    """A loss at which runs come to a standstill.

    Attributes
    ----------
    loss : float
        The median of the runs' RMSE.
    lowest, highest : float
        Between which values it is.
    share : Share
        How many of all runs.
    dead_units : tuple of int
        How many of them have 0, 1, 2, … hidden units that are dead, as in `Sweep.dead_units`.
    """

    loss: float
    lowest: float
    highest: float
    share: Share
    dead_units: tuple[int, ...]


@dataclass(frozen=True)
class Paired:
    """Two sweeps from the same starts, run by run.

    Attributes
    ----------
    both, only_first, only_second, neither : int
        How many starts were solved by which.
    """

    both: int
    only_first: int
    only_second: int
    neither: int

    @property
    def second_wins(self) -> Share:
        """Of the starts that only one of the two solved, how many the second did."""
        return Share(self.only_second, self.only_first + self.only_second)

    @property
    def better(self) -> str | None:
        """The better one, "first" or "second"; None if chance alone could make the difference.

        Chance alone would give each half of the starts that only one of them solved. So one
        is better if the interval for its share leaves out one half.
        """
        if self.second_wins.low > 0.5:
            return "second"
        return "first" if self.second_wins.high < 0.5 else None

    def __str__(self) -> str:
        verdict = {None: "no difference is shown", "first": "the first", "second": "the second"}
        better = verdict[self.better] + " is better" * (self.better is not None)
        return (
            f"both {self.both:,}, only the first {self.only_first:,}, only the second "
            f"{self.only_second:,}, neither {self.neither:,}; {better}"
        )


class Sweep:
    """Many runs that differ in their start alone.

    Attributes
    ----------
    network : Network
        The start of the first run.
    rule : Rule
        The rule of all runs.
    inputs, targets : ndarray, shapes (N, n_0) and (N, n_L)
        The samples.
    seed : int
        What the starts follow from.
    epochs : int
        How long each run is; if the sweep was interrupted, how many epochs all runs made.
    rmse : ndarray, shape (runs,)
        RMSE of the last epoch, as in `History.rmse`; not finite where a run diverged.
    rmse_before : ndarray, shape (runs,)
        The same, a tenth of the epochs earlier, or of an interrupted sweep without curves as
        near to it as is known.
    curves : ndarray, shape (epochs, runs), or None
        RMSE of every epoch; None if that would take too much memory, and the percentiles
        must do.
    starts, ends : ndarray, shape (runs, parameters)
        The parameters before and after each run, in the order of the tape.

    Examples
    --------
    >>> example = bp.presets.xor()
    >>> network, X, Y = example.network, example.inputs, example.targets
    >>> runs = bp.sweep(network, X, Y, bp.Rule(0.1), epochs=200, runs=50, seed=0)
    >>> runs
    Sweep(2-2-1, 50 runs × 200 epochs, seed 0, RMSE 1.31e-11 to 0.43)
    >>> runs.rmse.shape
    (50,)
    >>> runs.solved()
    Share(count=18, total=50)
    """

    def __init__(
        self,
        network: Network,
        rule: Rule,
        inputs: Array,
        targets: Array,
        seed: int,
        epochs: int,
        rmse: tuple[Array, Array],
        curves: Array | None,
        percentiles: Array,
        parameters: tuple[Array, Array],
    ) -> None:
        self.network, self.rule, self.seed = network, rule, seed
        self.inputs, self.targets = inputs, targets
        self.rmse_before, self.rmse = rmse
        self.starts, self.ends = parameters
        self.epochs, self.curves, self._percentiles = epochs, curves, percentiles
        for array in (inputs, targets, *rmse, *parameters):
            array.flags.writeable = False
        if curves is not None:
            curves.flags.writeable = False

    @property
    def runs(self) -> int:
        """How many runs there are."""
        return len(self.rmse)

    @cached_property
    def percentiles(self) -> Array:
        """Percentiles 0, 5, 25, 50, 75, 95, 100 of each epoch's RMSE, shape (7, epochs)."""
        return self._percentiles if self.curves is None else percentiles(self.curves)

    def solved(self, threshold: float = 0.1) -> Share:
        """Return how many runs have a final RMSE of at most `threshold`."""
        return Share(int(np.sum(self._solved(threshold))), self.runs)

    def right_sides(self, boundary: float = 0.5) -> Share:
        """Return how many runs give every answer on the side of `boundary` where its target is.

        The answers are those of the network after its last epoch. An answer at the boundary
        itself is on neither side, and neither is one that is not a number.

        Parameters
        ----------
        boundary : float
            Between the targets of one kind and those of the other.
        """
        limit = one_number("boundary", boundary)
        answers = outputs_of_each(self.network, self.ends, self.inputs)
        right = np.where(self.targets > limit, answers > limit, answers < limit)
        return Share(int(np.sum(np.all(right, axis=(1, 2)))), self.runs)

    def stalled(self, threshold: float = 0.1) -> NDArray[np.bool_]:
        """Return which runs stand still, shape (runs,).

        Their RMSE is above `threshold`, and fell by less than 1 % in the last tenth of the
        epochs.
        """
        with np.errstate(invalid="ignore"):
            standing = self.rmse > (1 - STILL_FALLING) * self.rmse_before
        return standing & np.isfinite(self.rmse) & ~self._solved(threshold)

    def plateaus(self, threshold: float = 0.1, gap: float = 0.005) -> tuple[Plateau, ...]:
        """Return where the runs that stand still have come to, the commonest first.

        Parameters
        ----------
        threshold : float
            As for `stalled`.
        gap : float
            Losses that are further apart, with no other in between, belong to different
            plateaus.
        """
        runs = np.flatnonzero(self.stalled(threshold))
        runs = runs[np.argsort(self.rmse[runs], kind="stable")]
        breaks = np.flatnonzero(np.diff(self.rmse[runs]) > one_number("gap", gap)) + 1
        groups = [group for group in np.split(runs, breaks) if len(group)]
        plateaus = [self._plateau(group) for group in groups]
        return tuple(sorted(plateaus, key=lambda plateau: -plateau.share.count))

    @cached_property
    def dead_units(self) -> NDArray[np.int64]:
        """How many hidden units have f′ = 0 for every sample after each run, (runs,).

        So have units of ReLU that are off. Nothing can bring such a unit back: its deltas are 0.
        With ReLU's mask read off the activation, as in the lecture, it can come back all the same.
        Of functions without a kink none is counted: their f′ is 0 only where it underflows.
        """
        dead = np.zeros(self.runs, dtype=np.int64)
        with np.errstate(all="ignore"):
            passed = forward_pass(by_layers(self.network, self.ends), self.inputs)
            for layer, aggregate, activation in islice(passed, len(self.network.layers) - 1):
                if layer.activation.kinked:
                    slopes = layer.activation.slopes(aggregate, activation)
                    dead += np.all(slopes == 0, axis=1).sum(axis=1)
        dead.flags.writeable = False
        return dead

    def networks(self, run: int) -> tuple[Network, Network]:
        """Return the network before and after a run; runs count from 0.

        Raises
        ------
        ValueError
            If the run diverged, so that there is no network after it.
        """
        run = index_in("run", run, self.runs)
        start = with_parameters(self.network, self.starts[run])
        if not np.isfinite(self.ends[run]).all():
            raise ValueError(
                f"run {run} diverged; its start is sweep.starts[{run}], and bpviz.train shows "
                "where it went wrong"
            )
        return start, with_parameters(self.network, self.ends[run])

    def compare(self, other: Sweep, threshold: float = 0.1) -> Paired:
        """Return which of the same starts this sweep and another one solved.

        Raises
        ------
        TypeError, ValueError
            If the other is not a sweep, or not from the same starts.
        """
        if not isinstance(other, Sweep):
            raise TypeError(f"other is {type(other).__name__}; give a sweep")
        if not np.array_equal(self.starts, other.starts):
            raise ValueError(
                "other has other starts; make both sweeps with the same sizes, seed, runs and "
                "starts"
            )
        first, second = self._solved(threshold), other._solved(threshold)
        counts = (first & second, first & ~second, ~first & second, ~first & ~second)
        return Paired(*(int(np.sum(which)) for which in counts))

    def _solved(self, threshold: float) -> NDArray[np.bool_]:
        limit = one_number("threshold", threshold)
        solved: NDArray[np.bool_] = self.rmse <= limit
        return solved

    def _plateau(self, runs: NDArray[np.int64]) -> Plateau:
        losses = self.rmse[runs]
        return Plateau(
            float(np.median(losses)),
            float(losses[0]),
            float(losses[-1]),
            Share(len(runs), self.runs),
            tuple(np.bincount(self.dead_units[runs]).tolist()),
        )

    def __len__(self) -> int:
        return self.runs

    def __repr__(self) -> str:
        sizes = "-".join(map(str, self.network.sizes))
        finite = self.rmse[np.isfinite(self.rmse)]
        parts = [
            f"{counted(self.runs, 'run')} × {counted(self.epochs, 'epoch')}",
            f"seed {self.seed}",
        ]
        if finite.size:
            parts.append(f"RMSE {finite.min():.3g} to {finite.max():.3g}")
        if finite.size < self.runs:
            parts.append(f"{self.runs - finite.size:,} diverged")
        return f"Sweep({sizes}, {', '.join(parts)})"


def percentiles(losses: Array) -> Array:
    """Return the percentiles of each row; what is not finite counts as infinitely bad.

    Parameters
    ----------
    losses : ndarray, shape (epochs, runs)

    Returns
    -------
    ndarray, shape (7, epochs)
    """
    # Sorting takes NumPy less time than looking for seven percentiles.
    ordered = np.sort(np.where(np.isfinite(losses), losses, np.inf), axis=1)
    places = [(losses.shape[1] - 1) * level // 100 for level in PERCENTILES]
    return np.ascontiguousarray(ordered[:, places].T)
