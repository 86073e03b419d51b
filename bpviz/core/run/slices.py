"""Slices through the space of all weights and biases of a run, and the loss on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bpviz.core.arguments import Array, list_of, shortened
from bpviz.core.model.network import Network, outputs_of_each
from bpviz.core.run.history import History, rmse
from bpviz.core.run.parameters import parameter_index

ROOM_AROUND = 0.25
LOG_RATIO = 30
"""From this ratio of the largest to the smallest loss on, the colours are logarithmic."""
PRODUCTS_AT_ONCE = 5_000_000
"""Of a weight and what goes into it: about ten milliseconds."""


@dataclass(frozen=True, eq=False)
class Slice:
    """A two-dimensional slice through the space of all weights and biases.

    Attributes
    ----------
    centre : ndarray, shape (parameters,)
        Where coordinates that do not lie in the slice are held.
    directions : ndarray, shape (2, parameters)
        Orthonormal.
    origin : ndarray, shape (2,)
        The coordinates of the centre.
    names : (str, str)
        What the two axes are called.
    """

    centre: Array
    directions: Array
    origin: Array
    names: tuple[str, str]

    def coordinates(self, parameters: Array) -> Array:
        """Return where points lie in the slice, seen at a right angle to it: shape (n, 2)."""
        return (parameters - self.centre) @ self.directions.T + self.origin

    def point(self, coordinates: Array) -> Array:
        """Return the parameters at places in the slice, shape (n, parameters)."""
        return self.centre + (coordinates - self.origin) @ self.directions


def loss_over(history: History, cut: Slice, first: Array, second: Array) -> Array:
    """Return the RMSE over all samples at each place of a grid in a slice.

    Parameters
    ----------
    first, second : ndarray, shapes (n,) and (m,)
        Coordinates along the two directions.

    Returns
    -------
    ndarray, shape (m, n)
    """
    parts = loss_parts(history.start, history.inputs, history.targets, cut, first, second)
    return np.concatenate(list(parts)).reshape(len(second), len(first))


def loss_parts(
    network: Network, inputs: Array, targets: Array, cut: Slice, first: Array, second: Array
) -> Iterator[Array]:
    """Yield `loss_over` row by row in short parts, so that other work can go on between them."""
    products = len(inputs) * cut.centre.size
    length = max(1, PRODUCTS_AT_ONCE // products)
    for start in range(0, len(first) * len(second), length):
        stop = min(start + length, len(first) * len(second))
        row, column = np.divmod(np.arange(start, stop), len(first))
        places = np.column_stack([first[column], second[row]])
        with np.errstate(all="ignore"):
            points = cut.point(places)
        yield rmse(outputs_of_each(network, points, inputs), targets)


def principal_slice(path: Array) -> Slice:
    """Return the slice through the end of a path in which the path moved most.

    Raises
    ------
    ValueError
        If it did not move.
    """
    size = float(np.abs(path).max()) or 1.0  # a run that diverges may come near the largest
    scaled = path / size
    spread = scaled - scaled.mean(axis=0)
    _, sizes, directions = np.linalg.svd(spread, full_matrices=False)
    if not sizes[0] > 0:
        raise ValueError(
            "history has no path: no weight or bias moved; train with a learning rate above 0"
        )
    directions = directions[:2]
    # From left to right: the sign of a principal direction is arbitrary.
    way = (scaled[-1] - scaled[0]) @ directions.T
    directions = directions * np.where(way < 0, -1.0, 1.0)[:, None]
    shares = (sizes[:2] / sizes[0]) ** 2 / np.sum((sizes / sizes[0]) ** 2)
    names = [
        f"along principal direction {number} ({share:.0%} of the movement)"
        for number, share in enumerate(shares, start=1)
    ]
    return Slice(path[-1], directions, np.zeros(2), (names[0], names[1]))


def named_slice(history: History, path: Array, directions: Sequence[str]) -> Slice:
    """Return the slice along two weights or biases, through the end of a path."""
    example = "('W1[0,0]', 'W2[0,0]')"
    refs = list_of("directions", directions, example)
    columns = [parameter_index("directions", ref, history.start) for ref in refs]
    if len(set(columns)) != 2 or len(refs) != 2:
        raise ValueError(
            f"directions is {shortened(directions)}; give two different weights or biases, such "
            f"as {example}"
        )
    names = [f"{'weight' if ref[0] == 'W' else 'bias'} {ref}" for ref in refs]
    return Slice(path[-1], np.eye(path.shape[1])[columns], path[-1][columns], (names[0], names[1]))


def ticks_around(way: Array, resolution: int) -> tuple[Array, Array]:
    """Return the grid's coordinates along both axes: the path and a margin around it."""
    low, high = way.min(axis=0), way.max(axis=0)
    size = high - low
    # A path along one axis only still needs some room across.
    size = np.maximum(size, 0.4 * size.max() or 1.0)
    middle, half = (low + high) / 2, size * (0.5 + ROOM_AROUND)
    first, second = np.linspace(middle - half, middle + half, resolution, axis=1)
    return first, second


def height_scale(heights: Array) -> tuple[float, float, bool]:
    """Return the smallest and the largest finite loss, and whether to tell them by logarithms.

    Where none is finite, the scale is from 0 to 1.
    """
    finite = heights[np.isfinite(heights)]
    if not finite.size:
        return 0.0, 1.0, False
    low, high = float(finite.min()), float(finite.max())
    return low, high, 0 < low < high / LOG_RATIO
