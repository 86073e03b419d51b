"""What a network with two inputs answers everywhere in their plane."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from bpviz.core.arguments import Array, index_in, samples_array
from bpviz.core.model.network import Network
from bpviz.core.run.example import Example
from bpviz.core.run.history import History
from bpviz.draw.axes import (
    CARD,
    MARKERS,
    axes_or_new,
    label_levels,
    legend_below,
    name_bar,
    signed_colours,
    tidy,
    two_limits,
)
from bpviz.draw.palette import INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable
    from matplotlib.image import AxesImage

SURFACE_RESOLUTION, AROUND_SAMPLES, DEFAULT_LIMIT = 121, 0.5, 1.5
LARGE_MARKS = 20
"""Up to so many samples have large marks."""


def decision(
    network: Network | Example | History,
    X: ArrayLike | None = None,
    Y: ArrayLike | None = None,
    ax: Axes | None = None,
    *,
    output: int = 0,
    limits: tuple[float, float] | None = None,
) -> Axes:
    """Plot the decision surface of a network with two inputs, with data and targets.

    Parameters
    ----------
    network : Network, Example or History
        Two inputs; it may have several outputs. An example brings its own samples, and so
        does a history, with the network that its run left.
    X, Y : array_like, shapes (N, 2) and (N, n_L), or None
        Samples to mark, and their targets.
    ax : matplotlib Axes or None
        Where to draw; by default in a new figure.
    output : int
        Which output to show, from 0.
    limits : (float, float) or None
        The smallest and the largest input, on both axes; by default a little more than the
        samples need, or −1.5 to 1.5.

    Returns
    -------
    matplotlib Axes
        The surface is the axes' first image; each target value has a collection.

    Raises
    ------
    TypeError, ValueError, IndexError
        If the network has not two inputs, or an argument does not fit it.

    Examples
    --------
    >>> axes = bp.plot.decision(bp.presets.xor())
    >>> axes.get_xlabel(), axes.get_ylabel()
    ('input x₁', 'input x₂')
    """
    if isinstance(network, (Example, History)):
        X = network.inputs if X is None else X
        Y = network.targets if Y is None else Y
        network = network.network if isinstance(network, Example) else network.network(-1)
    if not isinstance(network, Network):
        raise TypeError(
            f"network is {type(network).__name__}; give a Network, an Example or a History"
        )
    inputs = network.sizes[0]
    if inputs != 2:
        raise ValueError(
            f"network has {inputs} input{'s' * (inputs > 1)}; a decision surface needs a network "
            "with 2"
        )
    output = index_in("output", output, network.sizes[-1])
    points = None if X is None else samples_array("X", X, 2, "the network has 2 inputs")
    targets = _targets(Y, points, network.sizes[-1], output)
    low, high = _limits(limits, points)
    ticks = np.linspace(low, high, SURFACE_RESOLUTION)
    surface = network.predict(plane(ticks))[:, output].reshape(
        SURFACE_RESOLUTION, SURFACE_RESOLUTION
    )
    if not np.isfinite(surface).any():
        raise ValueError(
            f"network has no finite output {output} from {low:g} to {high:g}; its weights are too "
            "large, so give a network from before the run diverged, or other limits"
        )
    ax = axes_or_new(ax, 5.6, 4.6)
    scale = colour_scale(surface, targets)
    draw_surface(ax, ticks, surface, scale, targets)
    name = f"output {output + 1}" if network.sizes[-1] > 1 else "output"
    add_colour_bar(ax, scale, name)
    if points is not None:
        mark_samples(ax, points, targets, scale)
    return ax


def plane(ticks: Array) -> Array:
    """Return the points of a square grid, shape (n², 2), the first input running fastest."""
    first, second = np.meshgrid(ticks, ticks)
    return np.column_stack([first.ravel(), second.ravel()])


def limits_around(points: Array) -> tuple[float, float]:
    """Return the ends of a square in the plane of the inputs that has all samples inside."""
    return float(points.min()) - AROUND_SAMPLES, float(points.max()) + AROUND_SAMPLES


def colour_scale(surface: Array, targets: Array | None) -> ScalarMappable:
    """Return the colours of a surface: orange below the middle, blue above it.

    The middle is halfway between the smallest target and the largest, and the colours end as
    far beyond these as they are apart, as in the panels: so an equal colour is an equal output
    in every picture. Without targets that differ it is halfway through the surface.
    """
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    if targets is not None and targets.min() < targets.max():
        low, high = targets.min(), targets.max()
        reach = high - low
    else:
        finite = surface[np.isfinite(surface)]
        low, high = finite.min(), finite.max()
        reach = (high - low) / 2 or 0.5
    middle = (low + high) / 2
    return ScalarMappable(Normalize(middle - reach, middle + reach), signed_colours())


def add_colour_bar(ax: Axes, scale: ScalarMappable, name: str) -> None:
    """Put the scale beside the axes."""
    # Beside the square, not beside the room that the layout has for it.
    bar = ax.figure.colorbar(scale, cax=ax.inset_axes((1.05, 0, 0.05, 1)))
    name_bar(bar, f"{name} (in units of the target)")


def draw_surface(
    ax: Axes, ticks: Array, surface: Array, scale: ScalarMappable, targets: Array | None
) -> None:
    """Draw values over the plane of the inputs, with lines of equal value.

    If there are targets, the line halfway between the smallest and the largest is thick.
    """
    from matplotlib.ticker import MaxNLocator

    surface = np.where(np.isfinite(surface), surface, np.nan)
    draw_image(ax, ticks, ticks, surface).set(cmap=scale.cmap, norm=scale.norm)
    levels = MaxNLocator(8, steps=[1, 2, 2.5, 5, 10]).tick_values(*scale.get_clim())
    if targets is not None and targets.min() < targets.max():
        middle = (targets.min() + targets.max()) / 2
        levels = levels[levels != middle]
        if np.nanmin(surface) < middle < np.nanmax(surface):
            ax.contour(ticks, ticks, surface, [middle], colors=INK, linewidths=2.4)
        ax.plot([], [], color=INK, linewidth=2.4, label=f"output {middle:g}")
    if np.nanmin(surface) < np.nanmax(surface):
        lines = ax.contour(ticks, ticks, surface, levels, colors=INK, linewidths=0.7)
        label_levels(ax, lines)
    tidy(ax, "Decision surface", "input x₁", "input x₂", grid=False)
    ax.set_aspect("equal")


def draw_image(ax: Axes, first: Array, second: Array, values: Array) -> AxesImage:
    """Draw values on a grid, each at its place; between them colours run smoothly."""
    x, y = (first[1] - first[0]) / 2, (second[1] - second[0]) / 2
    image = ax.imshow(
        values,
        extent=(first[0] - x, first[-1] + x, second[0] - y, second[-1] + y),
        origin="lower",
        aspect="auto",
        interpolation="bilinear",
    )
    ax.set(xlim=(first[0], first[-1]), ylim=(second[0], second[-1]))
    return image


def mark_samples(ax: Axes, points: Array, targets: Array | None, scale: ScalarMappable) -> None:
    """Mark samples: the shape tells the target, the colour too, on the scale of the surface."""
    size = 100 if len(points) <= LARGE_MARKS else 40
    look: dict[str, Any] = {"s": size, "edgecolors": INK, "linewidths": 1.4, "zorder": 3}
    if targets is None:
        ax.scatter(*points.T, color=CARD, **look)
        return
    values = np.unique(targets)
    if len(values) > len(MARKERS):
        ax.scatter(*points.T, color=scale.to_rgba(targets), **look)
        return
    for value, marker in zip(values, MARKERS, strict=False):
        chosen = points[targets == value]
        colour, label = scale.to_rgba(value), f"target {value:g}"
        ax.scatter(*chosen.T, color=[colour], marker=marker, label=label, **look)
    legend_below(ax)


def _targets(Y: ArrayLike | None, points: Array | None, outputs: int, output: int) -> Array | None:
    if Y is None:
        return None
    if points is None:
        raise ValueError("Y is given without X; give the inputs of the samples too")
    targets = samples_array("Y", Y, outputs, f"the network has {outputs} output(s)")
    if len(targets) != len(points):
        raise ValueError(f"Y has {len(targets)} samples and X has {len(points)}; give as many")
    return targets[:, output]


def _limits(limits: tuple[float, float] | None, points: Array | None) -> tuple[float, float]:
    if limits is not None:
        return two_limits(limits)
    if points is None:
        return -DEFAULT_LIMIT, DEFAULT_LIMIT
    return limits_around(points)
