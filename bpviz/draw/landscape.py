"""A slice through the loss landscape, with the path that a run took."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from bpviz.core.checks import Array
from bpviz.core.history import History
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
from bpviz.draw.parameters import path_of
from bpviz.draw.slices import (
    height_scale,
    loss_over,
    named_slice,
    principal_slice,
    ticks_around,
)
from bpviz.draw.surface_plots import draw_image

if TYPE_CHECKING:
    from matplotlib.axes import Axes

RESOLUTION, MOST_POINTS = 101, 2000


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
    cut = principal_slice(path) if directions is None else named_slice(history, path, directions)
    way = cut.coordinates(path)
    first, second = ticks_around(way, RESOLUTION)
    heights = loss_over(history, cut, first, second)
    ax = axes_or_new(ax, 5.8, 4.6)
    _draw(ax, first, second, heights)
    _draw_path(ax, way)
    tidy(ax, "Loss around the path of the run", *cut.names, grid=False)
    return ax


def _draw(ax: Axes, first: Array, second: Array, heights: Array) -> None:
    from matplotlib.colors import LogNorm, Normalize
    from matplotlib.ticker import LogLocator, MaxNLocator

    shown = np.where(np.isfinite(heights), heights, np.nan)
    low, high, logarithmic = height_scale(heights)
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
