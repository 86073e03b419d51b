"""What is prepared before the first number: for one update, and for a sweep."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from statistics import median
from time import thread_time

import numpy as np

import bpviz as bp
from benchmarks.measuring import Result

SAMPLES = 64
TIMES = 40


def results() -> Iterator[Result]:
    """Yield what one update takes, its shape known or not, and the first epoch of a sweep."""
    generator = np.random.default_rng(0)
    X, Y = generator.normal(size=(SAMPLES, 2)), generator.normal(size=(SAMPLES, 1))
    networks = [of_units(units) for units in range(2, 2 + TIMES)]
    bp.backprop(of_units(1), X[0], Y[0])
    unknown = (lambda network=network: bp.backprop(network, X[0], Y[0]) for network in networks)
    known = (lambda: bp.backprop(networks[0], X[0], Y[0]) for _ in range(TIMES))
    yield Result("backprop, of a shape that is new", "", milliseconds(unknown), 2.0, "ms")
    yield Result("backprop, of a shape that is known", "", milliseconds(known), 0.25, "ms")
    sweeps = (lambda n=n: bp.sweep(n, X, Y, None, 1, 8, 0) for n in networks[::4])
    what = f"a sweep over {SAMPLES} samples, until its first epoch is made"
    yield Result(what, "", milliseconds(sweeps), 50.0, "ms")


def of_units(units: int) -> bp.Network:
    return bp.Network.random([2, units, 1], ["relu", "identity"], seed=0)


def milliseconds(calls: Iterable[Callable[[], object]]) -> float:
    """Return how much of the processor's time a call takes, the median of all."""
    times = []
    for call in calls:
        began = thread_time()
        call()
        times.append(1000 * (thread_time() - began))
    return median(times)
