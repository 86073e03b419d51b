"""A slice through the loss landscape, with the path that a run took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bpviz.core.checks import Array, shortened
from bpviz.core.history import History, rmse
from bpviz.core.network import outputs_of_each
from bpviz.draw.axes import (
    BLACK,
    RMSE_LABEL,
    axes_or_new,
    label_levels,
    legend_below,
    plain_logarithms,
    surface_colours,
    tidy,
)
from bpviz.draw.parameters import parameter_index, path_of
from bpviz.draw.surface_plots import draw_image

if TYPE_CHECKING:
    from matplotlib.axes import Axes

RESOLUTION, MOST_POINTS, MARGIN = 101, 2000, 0.25
LOG_RATIO = 30
"""From this ratio of the largest to the smallest loss on, the colours are logarithmic."""


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


def landscape(
    history: History, directions: Sequence[str] | None = None, ax: Axes | None = None
) -> Axes:
    """Plot the loss over a slice through all weights and biases, with the path of a run.

    The slice goes through the point where the run ended. What lies outside it is seen at a
    right angle, so the path is exact at its end, and elsewhere as near as a slice can be.

    Parameters
    ----------
    history : History
        The run. The loss is the RMSE over all its samples.
    directions : two str, or None
        The two axes, as weights or biases, such as `("W1[0,0]", "W2[0,1]")`. By default the
        two principal directions of the path (Li et al. 2018, "Visualizing the Loss
        Landscape of Neural Nets"): those in which the run moved most.
    ax : matplotlib Axes or None
        Where to draw; by default in a new figure.

    Returns
    -------
    matplotlib Axes
        The loss is the axes' first image, the path their first line.

    Raises
    ------
    KeyError
        If a direction is not a weight or bias of the network.
    TypeError, ValueError
        If there is no run, or it did not move.
    """
    if not isinstance(history, History):
        raise TypeError(
            f"history is {type(history).__name__}; give a History, as bpviz.train returns"
        )
    _, path = path_of(history, MOST_POINTS)
    cut = _principal_slice(path) if directions is None else _named_slice(history, path, directions)
    way = cut.coordinates(path)
    first, second = _ticks(way)
    heights = loss_over(history, cut, first, second)
    ax = axes_or_new(ax, 5.8, 4.6)
    _draw(ax, first, second, heights)
    _draw_path(ax, way)
    tidy(ax, "Loss around the path of the run", *cut.names, grid=False)
    return ax


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
    rows = []
    for height in second:
        places = np.column_stack([first, np.full(len(first), height)])
        outputs = outputs_of_each(history.start, cut.point(places), history.inputs)
        rows.append(rmse(outputs, history.targets))
    return np.stack(rows)


def _principal_slice(path: Array) -> Slice:
    spread = path - path.mean(axis=0)
    _, sizes, directions = np.linalg.svd(spread, full_matrices=False)
    if not sizes[0] > 0:
        raise ValueError(
            "history has no path: no weight or bias moved; train with a learning rate above 0"
        )
    directions = directions[:2]
    # From left to right: the sign of a principal direction is arbitrary.
    way = (path[-1] - path[0]) @ directions.T
    directions = directions * np.where(way < 0, -1.0, 1.0)[:, None]
    shares = sizes[:2] ** 2 / np.sum(sizes**2)
    names = [
        f"along principal direction {number} ({share:.0%} of the movement)"
        for number, share in enumerate(shares, start=1)
    ]
    return Slice(path[-1], directions, np.zeros(2), (names[0], names[1]))


def _named_slice(history: History, path: Array, directions: Sequence[str]) -> Slice:
    if isinstance(directions, str) or len(directions) != 2 or directions[0] == directions[1]:
        raise ValueError(
            f"directions is {shortened(directions)}; give two different weights or biases, such "
            "as ('W1[0,0]', 'W2[0,0]')"
        )
    columns = [parameter_index(history.start, ref) for ref in directions]
    names = [f"{'weight' if ref[0] == 'W' else 'bias'} {ref}" for ref in directions]
    return Slice(path[-1], np.eye(path.shape[1])[columns], path[-1][columns], (names[0], names[1]))


def _ticks(way: Array) -> tuple[Array, Array]:
    """Return the grid's coordinates along both axes: the path and a margin around it."""
    low, high = way.min(axis=0), way.max(axis=0)
    size = high - low
    # A path along one axis only still needs some room across.
    size = np.maximum(size, 0.4 * size.max() or 1.0)
    middle, half = (low + high) / 2, size * (0.5 + MARGIN)
    first, second = np.linspace(middle - half, middle + half, RESOLUTION, axis=1)
    return first, second


def _draw(ax: Axes, first: Array, second: Array, heights: Array) -> None:
    from matplotlib.colors import LogNorm, Normalize
    from matplotlib.ticker import LogLocator, MaxNLocator

    shown = np.where(np.isfinite(heights), heights, np.nan)
    low, high = float(np.nanmin(shown)), float(np.nanmax(shown))
    logarithmic = 0 < low < high / LOG_RATIO
    norm: Any = LogNorm(low, high) if logarithmic else Normalize(low, high)
    locator: Any = LogLocator(subs=(1, 2, 5)) if logarithmic else MaxNLocator(9)
    image = draw_image(ax, first, second, shown)
    image.set(cmap=surface_colours(deep=True), norm=norm)
    levels = [level for level in locator.tick_values(low, high) if low < level < high]
    if levels:
        lines = ax.contour(first, second, shown, levels, colors=BLACK, linewidths=0.7)
        label_levels(ax, lines)
    bar = ax.figure.colorbar(image, ax=ax)
    bar.set_label(RMSE_LABEL)
    if logarithmic:
        plain_logarithms(bar.ax.yaxis)


def _draw_path(ax: Axes, way: Array) -> None:
    from matplotlib.patheffects import withStroke

    halo = [withStroke(linewidth=4, foreground=BLACK)]
    ax.plot(*way.T, color="white", linewidth=1.8, path_effects=halo, label="path of the run")
    for place, marker, size, label in ((way[0], "o", 8, "start"), (way[-1], "*", 14, "end")):
        ax.plot(
            *place,
            marker=marker,
            markersize=size,
            markerfacecolor="white",
            markeredgecolor=BLACK,
            linestyle="none",
            label=label,
        )
    legend_below(ax)
