"""Thousands of runs at once, from as many starts."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from concurrent.futures import Executor
from itertools import pairwise
from math import prod
from typing import Any
from uuid import uuid4

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bpviz.core.arguments import (
    lecture_seed,
    one_of,
    positive_count,
    refuse_beyond_memory,
    seed_number,
    shortened,
)
from bpviz.core.mistakes import REPORT, mistakes
from bpviz.core.model.network import Network
from bpviz.core.model.starts import LECTURE, RANDOM, SCHEMES, count, drawn_starts, with_parameters
from bpviz.core.progress import Progress
from bpviz.core.run.training import TrainingWarning
from bpviz.core.sweep.all_runs import AllRuns
from bpviz.core.sweep.curves import Curves
from bpviz.core.sweep.pieces import Task
from bpviz.core.sweep.plan import Plan
from bpviz.core.sweep.results import PERCENTILES, Sweep
from bpviz.core.update.backprop import sample_pairs
from bpviz.core.update.possible import reason_against
from bpviz.core.update.rule import Rule, rule_or_default
from bpviz.core.update.starting import started_parameters
from bpviz.core.words import counted

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
    executor: Executor | None = None,
) -> Sweep:
    """Train a network from many starts, and return where each came to.

    Every run goes through the samples in order, one in an update. Its numbers are those of
    `train`, to rounding. Sweeps with the same sizes, functions, seed and starts
    begin with the same parameters whatever their rules, so that they can be compared run by
    run; a mistake in the start makes of them what it does.

    A sweep that takes more than a few seconds uses all cores. However the runs are shared out,
    their numbers are the same, to the last bit. If it is interrupted, the epochs that all runs
    have made by then are kept, and `sweep.epochs` tells how many these are.

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
    executor : concurrent.futures.Executor or None
        Who makes the runs, in pieces of a second or less: a pool of your own, or a Dask
        cluster's, `client.get_executor()`. Its workers must be able to import bpviz. It stays
        open. If it fails on the way, this process makes the rest, and a `TrainingWarning` says
        so. By default None: this machine.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, or a mistake of the rule cannot show.
    RuntimeError
        If the executor makes no part of the sweep.
    MemoryError
        If so many runs or epochs do not fit into memory.

    Examples
    --------
    >>> example = bp.presets.xor()
    >>> network, X, Y = example.network, example.inputs, example.targets
    >>> runs = bp.sweep(network, X, Y, bp.Rule(0.1), epochs=200, runs=50, seed=0)
    >>> runs.solved()
    Share(count=18, total=50)
    """
    inputs, targets = sample_pairs("X", X, "Y", Y, network)
    chosen = rule_or_default(rule)
    _refuse_what_cannot_show(network, chosen)
    length, many = positive_count("epochs", epochs), positive_count("runs", runs)
    scheme = one_of("starts", starts, SCHEMES)
    number = lecture_seed("seed", seed) if scheme == LECTURE else seed_number("seed", seed)
    chosen_executor = None if executor is None else _executor(executor)
    refuse_beyond_memory("epochs", length, len(PERCENTILES) * length)
    refuse_beyond_memory("runs", many, NUMBERS_OF_A_RUN * count(network) * many)
    begin = started_parameters(network, chosen, drawn_starts(network, scheme, many, number))

    task = Task(uuid4().hex, Plan(network, chosen), inputs, targets)
    places, curves = _places(network.sizes), Curves(length, many)
    state = np.zeros((sum(map(prod, task.plan.state.values())), many))
    state[: len(places)] = begin.T[places]
    made = AllRuns(task, state, curves, chosen_executor)
    try:
        with np.errstate(all="ignore"), Progress(length * many * len(inputs)) as progress:
            made.advance(progress)
    except KeyboardInterrupt:
        if not curves.complete:
            raise
        warnings.warn(
            f"the sweep was interrupted; it holds {counted(curves.complete, 'epoch')} of "
            f"{length}, which all runs have made",
            TrainingWarning,
            stacklevel=2,
        )
    ends = np.empty_like(begin)
    ends[:, places] = made.state[: len(places)].T
    kept = curves.kept()
    return Sweep(
        with_parameters(network, begin[0]),
        chosen,
        inputs,
        targets,
        number,
        curves.complete,
        (kept.before, kept.last),
        kept.curves,
        kept.percentiles,
        (begin, ends),
    )


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


def _executor(value: Any) -> Executor:
    if isinstance(value, Executor):
        return value
    wanted = "give an open concurrent.futures.Executor, such as ProcessPoolExecutor()"
    if callable(getattr(value, "get_executor", None)):
        wanted = "give client.get_executor() of a Dask client"
    raise TypeError(f"executor is {shortened(value)}; {wanted}")


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
