"""Runs that a page makes again: it needs their start, the order of their samples and their rule."""

from __future__ import annotations

from bpviz.core.arguments import Array
from bpviz.core.model.network import Network
from bpviz.core.run.history import History
from bpviz.core.run.order import Order
from bpviz.core.update.backprop import backprop
from bpviz.explain.program import Program
from bpviz.panels.kept import LIMITS
from bpviz.panels.panel import given_alone, packed

MADE_AGAIN = ("_frames", "_losses")
"""What a page makes again of a run."""
MOST_NUMBERS_MADE = 500_000
"""Of all updates of a run that is made again; the page has it in less than a second."""
MOST_NUMBERS_MADE_IN_A_NOTEBOOK: int = LIMITS["numbers_made"]
"""Where nothing else fits; the panel says that it is being made, which takes some seconds."""
MOST_BYTES_OF_ORDERS = 64_000

MOST_BYTES_OF_SAMPLES = 1_000_000


def origin_of(start: Network, x: Array, y: Array, program: Program) -> tuple[bytes, bytes, bytes]:
    """Return a row with the start of a run, and all samples: nothing if that is very much."""
    if x.nbytes + y.nbytes > MOST_BYTES_OF_SAMPLES:
        return b"", b"", b""
    batch = program.layout.samples
    first = backprop(start, x[:batch], y[:batch], program.rule)
    return packed(given_alone(program, first.row)), packed(x), packed(y)


def orders_of(history: History) -> bytes:
    """Return the samples of each shuffled epoch in their order, 2 bytes each; none of very many."""
    samples, epochs = len(history.inputs), -(-len(history) // history.updates_per_epoch)
    if history.seed is None or 2 * samples * epochs > MOST_BYTES_OF_ORDERS:
        return b""
    return Order(samples, history.seed).epochs(0, epochs).astype("<u2").tobytes()


def is_made_again(history: History, start: bytes, orders: bytes, most: int) -> bool:
    """Return whether a page makes a run again, and does not get it.

    Parameters
    ----------
    history : History
    start : bytes
        What the page has of its start; nothing where it cannot make runs.
    orders : bytes
        What it has of the order of its samples.
    most : int
        Numbers of all updates.
    """
    if not start or not len(history) or (history.seed is not None and not orders):
        return False
    layout = history.trace(0, 0).layout
    # What an update leaves over for the next, the page finds by its name.
    knows_all = all(
        source in (f"n{name}", f"g{name.removeprefix('p')}")
        for name, source in layout.carried.items()
    )
    return knows_all and len(history) * layout.size <= most
