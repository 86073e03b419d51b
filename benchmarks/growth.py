"""How training grows: with the updates, the units, the samples of a batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

import bpviz as bp
from benchmarks.measuring import Result, ratios

UPDATES = 1000


def training(
    units: int = 2, batch: int = 1, updates: int = UPDATES, record: int = 1
) -> Callable[[], object]:
    """Return a call that trains a network with so many hidden units."""
    generator = np.random.default_rng(0)
    network = bp.Network.random([2, units, 1], ["relu", "identity"], seed=0)
    X, Y = generator.normal(size=(batch, 2)), generator.normal(size=(batch, 1))

    def train() -> None:
        # Not `bp.train`, whose progress bar would take time of its own.
        run = bp.Run(network, X, Y, bp.Rule(1e-6), batch, record=record, room=updates)
        run.advance(updates)

    return train


def results() -> Iterator[Result]:
    """Yield what an update takes as something grows."""
    turns = 7
    for count in (10_000, 100_000):
        times = ratios(training(updates=count), {"few": training()}, turns)
        ratio = times["few"] * UPDATES / count
        yield Result(f"an update of {count:,}", f"one of {UPDATES:,}", ratio, 1.1)
    for units in (8, 32, 128):
        times = ratios(training(units), {"few": training()}, turns)
        yield Result(f"an update with {units} hidden units", "one with 2", times["few"])
    for batch in (4, 32, 256):
        times = ratios(training(batch=batch), {"one": training()}, turns)
        yield Result(f"an update with {batch} samples", "one with 1", times["one"])
    times = ratios(training(updates=10_000, record=100), {"all": training(updates=10_000)}, turns)
    yield Result("an update, 1 in 100 recorded", "all recorded", times["all"], 1.1)
