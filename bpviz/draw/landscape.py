"""A slice through the loss landscape, with the path that a run took."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from bpviz.core.arguments import Array
from bpviz.core.run.history import History
from bpviz.core.run.parameters import parameter_refs, path_to_the_end
from bpviz.core.run.slices import (
    height_scale,
    loss_over,
    named_slice,
    principal_slice,
    ticks_around,
)
from bpviz.core.run.stopped import DIVERGED
from bpviz.draw.axes import (
    CARD,
    RMSE_LABEL,
    axes_or_new,
    label_levels,
    legend_below,
    name_bar,
    plain_logarithms,
    rising_colours,
    tidy,
)
from bpviz.draw.palette import INK
from bpviz.draw.surface_plots import draw_image

if TYPE_CHECKING:
    from matplotlib.axes import Axes

RESOLUTION, POINTS_OF_A_PATH = 101, 2000
NOT_FINITE = "#b0b0b0"


def landscape(
    history: History, directions: Sequence[str] | None = None, ax: Axes | None = None
) -> Axes:
    """Plot the loss over a slice through all weights and biases, with the path of a run.

    The slice goes through the point where the run ended. What lies outside it is seen at a
    right angle, so the path is exact at its end, and elsewhere as near as a slice can be. Of a
    run that diverged the path ends where its loss was finite last, and the plot says so.

    Parameters
    ----------
    history : History
        The run. The loss is the RMSE of the weights at each place over all samples, so on the
        path the RMSE after the epoch.
    directions : two str, or None
        The two axes, as weights or biases, such as `("W1[0,0]", "W2[0,1]")`. By default the
        two principal directions of the path (Li et al. 2018, "Visualizing the Loss
        Landscape of Neural Nets"): those in which the run moved most. Of a run that
        diverged before it moved, the two weights or biases with the largest gradients.
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

    Examples
    --------
    >>> example = bp.presets.xor()
    >>> history = bp.train(example.network, example.inputs, example.targets, epochs=50)
    >>> axes = bp.plot.landscape(history)
    >>> len(axes.collections) > 0
    True
    """
    if not isinstance(history, History):
        raise TypeError(
            f"history is {type(history).__name__}; give a History, as bpviz.train returns"
        )
    path = path_to_the_end(history, POINTS_OF_A_PATH)
    diverged = history.stopped is not None and history.stopped.reason == DIVERGED
    if directions is None and diverged and (path == path[0]).all():
        directions = _steepest(history)
    cut = principal_slice(path) if directions is None else named_slice(history, path, directions)
    way = cut.coordinates(path)
    first, second = ticks_around(way, RESOLUTION)
    heights = loss_over(history, cut, first, second)
    ax = axes_or_new(ax, 5.8, 4.6)
    _draw(ax, first, second, heights)
    _draw_path(ax, way, "last finite loss" if diverged else "end")
    if not np.isfinite(heights).all():
        ax.set_facecolor(NOT_FINITE)
        ax.plot([], [], "s", color=NOT_FINITE, label="no finite loss")
    legend_below(ax)
    title = "Loss around the path of the run"
    if diverged:
        title += "\nIt diverged: after the star its loss is not finite."
    tidy(ax, title, *cut.names, grid=False)
    return ax


def _steepest(history: History) -> tuple[str, str]:
    """Return the two parameters with the largest finite gradients in the first update."""
    trace = history.trace(0, 0)
    gradients = trace.row[trace.layout.span("gW1", f"gb{trace.layout.layers}")]
    sizes = np.where(np.isfinite(gradients), np.abs(gradients), -1.0)
    refs = parameter_refs(history.start)
    first, second = np.argsort(-sizes, kind="stable")[:2]
    return refs[first], refs[second]


def _draw(ax: Axes, first: Array, second: Array, heights: Array) -> None:
    from matplotlib.colors import LogNorm, Normalize
    from matplotlib.ticker import LogLocator, MaxNLocator

    shown = np.where(np.isfinite(heights), heights, np.nan)
    low, high, logarithmic = height_scale(heights)
    norm: Any = LogNorm(low, high) if logarithmic else Normalize(low, high)
    locator: Any = LogLocator(subs=(1, 2, 5)) if logarithmic else MaxNLocator(9)
    image = draw_image(ax, first, second, shown)
    image.set(cmap=rising_colours(), norm=norm)
    levels = [level for level in locator.tick_values(low, high) if low < level < high]
    if levels and np.isfinite(shown).any():
        lines = ax.contour(first, second, shown, levels, colors=INK, linewidths=0.7)
        label_levels(ax, lines)
    bar = ax.figure.colorbar(image, ax=ax)
    name_bar(bar, RMSE_LABEL)
    if logarithmic:
        plain_logarithms(bar.ax.yaxis)


def _draw_path(ax: Axes, way: Array, end: str) -> None:
    from matplotlib.patheffects import withStroke

    halo = [withStroke(linewidth=4, foreground=INK)]
    ax.plot(*way.T, color=CARD, linewidth=1.8, path_effects=halo, label="path of the run")
    for place, marker, size, label in ((way[0], "o", 8, "start"), (way[-1], "*", 14, end)):
        ax.plot(
            *place,
            marker=marker,
            markersize=size,
            markerfacecolor=CARD,
            markeredgecolor=INK,
            linestyle="none",
            label=label,
        )
