"""A sweep of many starts of the 2-2-1 network, against a plain loop in C and against `train`."""

from __future__ import annotations

import ctypes
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, wait
from multiprocessing import get_context
from pathlib import Path

import numpy as np

import bpviz as bp
from benchmarks.measuring import Result, ratios
from bpviz.core.sweep import all_runs
from bpviz.core.sweep.workers import available_cores

EXAMPLE = bp.presets.xor()
X, Y = EXAMPLE.inputs, EXAMPLE.targets
RUNS, EPOCHS, RATE = 10_000, 500, 0.01
LONG = 20_000
"""Epochs of a sweep that takes more than five seconds on one core of most machines."""
SOURCE = Path(__file__).with_name("sweep.c")


def sweep(runs: int = RUNS, epochs: int = EPOCHS, units: int = 2) -> bp.Sweep:
    network = bp.Network.random([2, units, 1], ["relu", "identity"], seed=0)
    return bp.sweep(network, X, Y, bp.Rule(RATE), epochs, runs, 0, "lecture")


def on_cores(count: int, epochs: int, runs: int = RUNS) -> bp.Sweep:
    """Sweep as on a machine with so many cores."""
    usual, all_runs.available_cores = all_runs.available_cores, lambda: count
    try:
        return sweep(runs, epochs)
    finally:
        all_runs.available_cores = usual


def half_a_long_sweep() -> None:
    """Make half of the runs of a long sweep, on one core."""
    on_cores(1, LONG, RUNS // 2)


def best_of_two_cores() -> float:
    """Return how long two halves take side by side that share nothing, beside the whole alone.

    It is what the machine's cores allow: two that are threads of one have less than two alone.
    """
    with ProcessPoolExecutor(2, get_context("spawn")) as processes:

        def halves() -> None:
            wait([processes.submit(half_a_long_sweep) for _ in range(2)])

        halves()
        return ratios(halves, {"whole": lambda: on_cores(1, LONG)}, 3)["whole"]


def loop_in_c() -> Callable[[np.ndarray, int], tuple[np.ndarray, np.ndarray]]:
    """Compile the loop, and return a call of it: from starts to losses and ends."""
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder, "sweep.so")
        subprocess.run(["cc", "-O3", "-shared", "-fPIC", SOURCE, "-o", library, "-lm"], check=True)
        train = ctypes.CDLL(str(library)).train

    def pointer(array: np.ndarray) -> object:
        return array.ctypes.data_as(ctypes.POINTER(ctypes.c_double))

    def run(starts: np.ndarray, epochs: int) -> tuple[np.ndarray, np.ndarray]:
        ends, losses = starts.copy(), np.empty((epochs, len(starts)))
        inputs, targets = np.ascontiguousarray(X), np.ascontiguousarray(Y)
        numbers = (len(starts), epochs, len(X), ctypes.c_double(RATE))
        train(*numbers, *map(pointer, (inputs, targets, ends, losses)))
        return losses, ends

    return run


def check_that_both_do_the_same(train: Callable[..., tuple[np.ndarray, np.ndarray]]) -> None:
    """Raise AssertionError if the loop in C trains differently."""
    ours = sweep(runs=100, epochs=50)
    losses, ends = train(ours.starts, 50)
    np.testing.assert_allclose(ours.curves, losses, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(ours.ends, ends, rtol=1e-12, atol=1e-12)


def results() -> Iterator[Result]:
    """Yield what an update of one run takes in a sweep."""
    train = loop_in_c()
    check_that_both_do_the_same(train)
    starts = sweep(epochs=1).starts
    what = "an update of 2-2-1 in a sweep"
    theirs = ratios(sweep, {"C": lambda: train(starts, EPOCHS)})
    yield Result(f"{what} of {RUNS:,}", "a loop in C, -O3, one core", theirs["C"], 1.0)
    if available_cores() > 1:
        for epochs, budget in ((EPOCHS, 1.05), (LONG, 0.65)):
            alone = {"one": lambda epochs=epochs: on_cores(1, epochs)}
            times = ratios(lambda epochs=epochs: on_cores(2, epochs), alone, 3)
            what_long = f"a sweep of {RUNS:,} over {epochs:,} epochs on two cores"
            yield Result(what_long, "on one", times["one"], budget)
        yield Result("two halves of it side by side", "the whole alone", best_of_two_cores())
    for runs in (100, 100_000):
        times = ratios(lambda runs=runs: sweep(runs, 100), {"usual": lambda: sweep(epochs=100)}, 5)
        yield Result(f"{what} of {runs:,}", f"of {RUNS:,}", times["usual"] * RUNS / runs)
    times = ratios(lambda: sweep(epochs=50, units=32), {"2": lambda: sweep(epochs=50)}, 5)
    yield Result(f"an update with 32 hidden units in a sweep of {RUNS:,}", "with 2", times["2"])

    def one_run() -> None:
        run = bp.Run(EXAMPLE.network, X, Y, bp.Rule(RATE), room=EPOCHS)
        run.advance(EPOCHS * len(X))

    times = ratios(sweep, {"run": one_run}, 5)
    yield Result(f"{what} of {RUNS:,}", "a recorded update of one run", times["run"] / RUNS)
