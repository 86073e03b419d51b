"""The weights and biases of a run, one row after each epoch."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
from numpy.typing import NDArray

from bpviz.core.arguments import Array, shortened
from bpviz.core.model.network import Network, outputs_of_each
from bpviz.core.model.starts import parameters_of
from bpviz.core.run.history import History, parameters_left, rmse
from bpviz.core.run.stopped import DIVERGED
from bpviz.core.update.tape import Layout

UPDATES_AT_ONCE = 10_000


def parameter_refs(network: Network) -> list[str]:
    """Return the ref of every parameter, in the order of a row: `W1[0,0]`, …, `b1[0]`."""
    layout = Layout(network)
    names = [f"{letter}{layer}" for layer in range(1, layout.layers + 1) for letter in "Wb"]
    return [ref for name in names for ref in layout.register(name).refs]


def parameter_index(name: str, ref: object, network: Network) -> int:
    """Return where a parameter stands in a row; `name` is the argument's that it comes from.

    Raises
    ------
    KeyError
        If the network has no such weight or bias.
    """
    refs = parameter_refs(network)
    compact = ref.replace(" ", "") if isinstance(ref, str) else ""
    if compact not in refs:
        known = ", ".join(refs if len(refs) <= 12 else [*refs[:6], "…", refs[-1]])
        raise KeyError(
            f"{name}: {shortened(ref)} is not a weight or bias of this network; it has {known}"
        )
    return refs.index(compact)


def parameters_after(history: History, epoch: int, update: int = 0) -> Array:
    """Return the parameters after so many epochs, and updates of the next; 0 and 0 is the start.

    They may be infinite.
    """
    if update:
        return parameters_left(history.trace(epoch, update - 1))
    if epoch == 0:
        return parameters_of(history.start)
    return parameters_left(history.trace(epoch - 1, -1))


def path_of(history: History, most: int | None = None) -> tuple[NDArray[np.int64], Array]:
    """Return the way of a run through its parameters.

    Parameters
    ----------
    history : History
    most : int or None
        How many epochs to return at most, spread evenly, at least 2; None for all.

    Returns
    -------
    epochs : ndarray of int, shape (n,)
        From 0, the start, to the last whole epoch after which all numbers are finite.
    parameters : ndarray, shape (n, parameters)
        After each of these epochs.
    """
    steps = path_in_parts(history, most)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            path: tuple[NDArray[np.int64], Array] = end.value
            return path


def path_in_parts(
    history: History, most: int | None = None
) -> Generator[None, None, tuple[NDArray[np.int64], Array]]:
    """Return what `path_of` does, and yield now and then, so that other work can go on."""
    epochs = np.arange(history.epochs + 1)
    if most is not None and len(epochs) > most:
        epochs = np.unique(np.linspace(0, history.epochs, most).round().astype(np.int64))
    path = np.empty((len(epochs), parameters_of(history.start).size))
    path[0] = parameters_of(history.start)
    if len(epochs) > 1:
        layout = history.trace(0, -1).layout
        span = layout.span("nW1", f"nb{layout.layers}")
        ends = epochs[1:] * history.updates_per_epoch - 1
        for block in np.split(np.arange(len(ends)), _cuts(ends)):
            first, last = ends[block[0]], ends[block[-1]] + 1
            rows = history.frames(int(first), int(last))
            path[block + 1] = rows[ends[block] - first, span]
            yield
    finite = np.isfinite(path).all(axis=1)
    stop = len(path) if finite.all() else int(finite.argmin())
    return epochs[:stop], path[:stop]


def path_to_the_end(history: History, most: int) -> Array:
    """Return the way of a run after each epoch, and from there, where it ended within one, on.

    Parameters
    ----------
    history : History
    most : int
        How many epochs to return at most, spread evenly; of further updates as many.

    Returns
    -------
    ndarray, shape (n, parameters)
        From the start on; of a run that diverged, as far as its loss is finite.
    """
    epochs, path = path_of(history, most)
    updates = np.arange(epochs[-1] * history.updates_per_epoch, len(history))
    if len(updates) > most:
        updates = np.unique(np.linspace(updates[0], updates[-1], most).round().astype(np.int64))
    place = [divmod(int(update), history.updates_per_epoch) for update in updates]
    rest = [parameters_left(history.trace(epoch, update)) for epoch, update in place]
    whole = np.vstack([path, *rest])
    if history.stopped is None or history.stopped.reason != DIVERGED:
        return whole
    losses = [
        rmse(outputs_of_each(history.start, part, history.inputs), history.targets)
        for part in np.array_split(whole, range(1, len(whole)))
    ]
    finite = np.isfinite(np.concatenate(losses))
    finite[0] = True  # where it started is shown in any case
    return whole if finite.all() else whole[: int(finite.argmin())]


def _cuts(ends: NDArray[np.int64]) -> list[int]:
    """Return where to split updates so that no block spans more than fits into memory."""
    return list(np.flatnonzero(np.diff(ends // UPDATES_AT_ONCE)) + 1)
