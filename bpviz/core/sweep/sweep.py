"""Thousands of runs at once, from as many starts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bpviz.core.arguments import (
    Array,
    lecture_seed,
    one_of,
    positive_count,
    refuse_beyond_memory,
    seed_number,
)
from bpviz.core.mistakes import REPORT, mistakes
from bpviz.core.model.network import Network
from bpviz.core.model.starts import LECTURE, RANDOM, SCHEMES, count, draw, with_parameters
from bpviz.core.progress import Progress
from bpviz.core.sweep.block import Block, runs_at_once
from bpviz.core.sweep.lowered import Lowered
from bpviz.core.sweep.plan import Plan
from bpviz.core.sweep.results import PERCENTILES, Sweep, percentiles
from bpviz.core.update.backprop import sample_pairs
from bpviz.core.update.possible import reason_against
from bpviz.core.update.rule import Rule, rule_or_default

NUMBERS_IN_CACHE = 2**17
"""What a block holds, about: a megabyte, which the second cache of most processors has."""
LOSSES_KEPT = 2**24
"""How many losses are kept at most: 128 megabytes."""
NUMBERS_OF_A_RUN = 4
"""How many numbers a run holds for each parameter: the start, the end, and their making."""


def sweep(
    network: Network,
    X: ArrayLike,
    Y: ArrayLike,
    rule: Rule | None = None,
    epochs: int = 500,
    runs: int = 1000,
    seed: int | None = None,
    starts: str = RANDOM,
) -> Sweep:
    """Train a network from many starts, and return where each came to.

    Every run goes through the samples in order, one in an update. Its numbers are those of
    `train`, to rounding. Sweeps with the same sizes, functions, seed and starts
    begin with the same parameters whatever their rules, so that they can be compared run by
    run.

    Parameters
    ----------
    network : Network
        Its sizes, functions and loss; its own weights and biases do not matter.
    X : array_like, shape (N, n_0)
        The inputs, one sample a row.
    Y : array_like, shape (N, n_L)
        The targets, one sample a row.
    rule : Rule
        By default `Rule()`. Its mistakes must be such that can show here.
    epochs : int
        How often each run goes through all samples.
    runs : int
        How many.
    seed : int or None
        What the starts follow from; None draws a new one, which `sweep.seed` tells.
    starts : str
        "random": drawn as `Network.random` draws, which gives the first run with the same
        seed. "lecture": all parameters standard normal, for each layer first b, then W; with
        seed 0 the first start is that of `presets.xor()`.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, or a mistake of the rule cannot show.
    MemoryError
        If so many runs or epochs do not fit into memory.
    """
    inputs, targets = sample_pairs("X", X, "Y", Y, network)
    chosen = rule_or_default(rule)
    _refuse_what_cannot_show(network, chosen)
    length, many = positive_count("epochs", epochs), positive_count("runs", runs)
    scheme = one_of("starts", starts, SCHEMES)
    number = lecture_seed("seed", seed) if scheme == LECTURE else seed_number("seed", seed)
    refuse_beyond_memory("epochs", length, len(PERCENTILES) * length)
    refuse_beyond_memory("runs", many, NUMBERS_OF_A_RUN * count(network) * many)
    begin = draw(network, scheme, many, number)

    made = _Runs(network, chosen, inputs, targets, begin)
    kept = min(length, max(1, LOSSES_KEPT // many))
    buffer = np.empty((kept, many))
    spread, before = np.empty((len(PERCENTILES), length)), np.empty(many)
    nearly = (9 * length + 9) // 10 - 1
    with np.errstate(all="ignore"), Progress(length * many * len(inputs)) as progress:
        for epoch in range(0, length, kept):
            losses = buffer[: length - epoch]
            made.advance(losses, progress)
            if kept < length:
                spread[:, epoch : epoch + kept] = percentiles(losses)
            if epoch <= nearly < epoch + kept:
                before = losses[nearly - epoch].copy()
    return Sweep(
        with_parameters(network, begin[0]),
        chosen,
        inputs,
        targets,
        number,
        length,
        (before, losses[-1].copy()),
        buffer if kept == length else None,
        spread,
        (begin, made.parameters),
    )


class _Runs:
    """All runs, as far as they have come."""

    def __init__(
        self, network: Network, rule: Rule, inputs: Array, targets: Array, parameters: Array
    ) -> None:
        runs, update = len(parameters), Lowered(Plan(network, rule))
        at_once = runs_at_once(update, inputs, targets, runs, NUMBERS_IN_CACHE)
        self._block = Block(update, inputs, targets, at_once)
        self._parts = [slice(k, min(k + at_once, runs)) for k in range(0, runs, at_once)]
        self._places = _places(network.sizes)
        self._state = np.zeros((len(self._block.state), runs))
        self._state[: len(self._places)] = parameters.T[self._places]
        self._samples, self._outputs = len(inputs), targets.size
        self._done = 0

    def advance(self, losses: Array, progress: Progress) -> None:
        """Make as many epochs as there are rows, and write the loss of each run to them."""
        mean_squares = np.empty(self._block.runs)
        for part in self._parts:
            width = part.stop - part.start
            self._block.state[:, :width] = self._state[:, part]
            self._block.state[:, width:] = 0.0
            for row in losses:
                self._block.run_epoch()
                np.divide(self._block.squares, self._outputs, mean_squares)
                np.sqrt(mean_squares[:width], row[part])
                self._done += width * self._samples
                progress.show(self._done)
            self._state[:, part] = self._block.state[:, :width]

    @property
    def parameters(self) -> Array:
        """The parameters of all runs, shape (runs, parameters), in the order of the tape."""
        parameters = np.empty((self._state.shape[1], len(self._places)))
        parameters[:, self._places] = self._state[: len(self._places)].T
        return parameters


def _places(sizes: Sequence[int]) -> NDArray[np.int64]:
    """Return for each row of a block's state its place in the order of the tape."""
    places, start = [], 0
    for inputs, units in pairwise(sizes):
        middle, stop = start + units * inputs, start + units * (inputs + 1)
        places += [
            np.arange(start, middle).reshape(units, inputs).T.ravel(),
            np.arange(middle, stop),
        ]
        start = stop
    return np.concatenate(places)


def _refuse_what_cannot_show(network: Network, rule: Rule) -> None:
    for name in rule.mistakes:
        mistake = mistakes[name]
        reason = reason_against(name, network, rule)
        if mistake.acts_on == REPORT:
            reason = f"“{mistake.title}” needs {mistake.needs}; a sweep takes the samples in order"
        if reason is not None:
            raise ValueError(
                f"rule has the mistake {name!r}, which cannot show in this sweep: {reason}. Leave "
                "it out"
            )
