"""What a recorded update takes of memory, against 8 bytes for each number of it."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator

import bpviz as bp
from benchmarks.measuring import Result
from benchmarks.training import EXAMPLE

BYTES = 8


def taken(epochs: int, record: int) -> tuple[bp.History, int, int]:
    """Return a history, the bytes that it holds, and the most that training it held."""
    train(1, record)
    tracemalloc.start()
    history = train(epochs, record)
    held, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return history, held, most


def train(epochs: int, record: int) -> bp.History:
    # Not `bp.train`, whose progress bar would take memory of its own.
    samples = EXAMPLE.inputs, EXAMPLE.targets
    run = bp.Run(EXAMPLE.network, *samples, EXAMPLE.corrected, record=record, room=epochs)
    run.advance(epochs * run.updates_per_epoch)
    return run.history()


def results() -> Iterator[Result]:
    """Yield the memory that a recorded update takes."""
    for epochs in (500, 10_000):
        history, held, most = taken(epochs, record=1)
        numbers = BYTES * history.trace(0).layout.size * len(history)
        what = f"memory of {len(history):,} updates of 2-2-1"
        yield Result(what, "8 bytes a number", held / numbers, 1.1)
        yield Result(f"{what}, at the most", "8 bytes a number", most / numbers, 1.5)
    sparse, held, _ = taken(10_000, record=100)
    yield Result(f"memory of {len(sparse):,} updates, 1 in 100", "8 bytes a number", held / numbers)
