"""What all plots share: their axes, and looks that survive print and colour-blindness."""

from __future__ import annotations

from itertools import cycle, islice
from typing import TYPE_CHECKING, Any

import numpy as np

from bpviz.core.checks import finite_array, shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.colors import ListedColormap
    from matplotlib.contour import ContourSet

# The palette of Okabe and Ito (2008), without the yellow, which is too faint on white.
BLUE, VERMILLION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
ORANGE, SKY, BLACK = "#E69F00", "#56B4E9", "#000000"
COLOURS = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, BLACK)
DASHES: tuple[Any, ...] = ("-", (0, (6, 2)), (0, (1.5, 1.5)), (0, (6, 2, 1.5, 2)), (0, (10, 3)))
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">")

RMSE_LABEL = "RMSE (in units of the target)"


def line_looks(count: int) -> list[dict[str, Any]]:
    """Return how to draw each of several lines: no two have the same colour, dash and marker.

    Returns
    -------
    list of dict
        Keyword arguments of `Axes.plot`.
    """
    looks = zip(cycle(COLOURS), cycle(DASHES), cycle(MARKERS), strict=False)
    return [
        {"color": colour, "linestyle": dash, "marker": marker, "markersize": 5, "linewidth": 1.8}
        for colour, dash, marker in islice(looks, count)
    ]


def spread_markers(line: int, lines: int) -> tuple[float, float]:
    """Return where a line has its markers, so that those of several lines do not meet."""
    return (0.12 * line / max(1, lines), 0.12)


def axes_or_new(ax: object, width: float = 6.4, height: float = 4.0) -> Axes:
    """Return `ax`, or the axes of a new figure of so many inches.

    Raises
    ------
    TypeError
        If `ax` is something else than axes with two dimensions.
    """
    from matplotlib.axes import Axes

    if ax is None:
        import matplotlib.pyplot as plt

        return plt.subplots(figsize=(width, height), layout="constrained")[1]
    if not isinstance(ax, Axes) or ax.name == "3d":
        raise TypeError(
            f"ax is {type(ax).__name__}; give one plot's axes, such as plt.subplots()[1], or "
            "leave it out"
        )
    return ax


def surface_colours(deep: bool = False) -> ListedColormap:
    """Return colours for a surface, from white to a blue on which black lines are still seen.

    Parameters
    ----------
    deep : bool
        Whether the smallest value is blue, as on a map of the sea, rather than the largest.
    """
    from matplotlib import colormaps
    from matplotlib.colors import ListedColormap

    shades = colormaps["Blues"](np.linspace(0.0, 0.68, 256))
    return ListedColormap(shades[::-1] if deep else shades)


def legend_below(ax: Axes) -> None:
    """Put the legend under the axes, narrow enough for three plots side by side."""
    ax.legend(
        loc="upper center",
        bbox_to_anchor=(0.5, -0.15),
        ncols=4,
        frameon=False,
        fontsize="small",
        columnspacing=1.2,
        handletextpad=0.5,
    )


def label_levels(ax: Axes, lines: ContourSet) -> None:
    """Write their values on lines of equal value."""
    ax.clabel(lines, fontsize="small", fmt="%g")


def plain_logarithms(axis: Axis) -> None:
    """Write 0.05 on a logarithmic axis rather than 5 × 10⁻²."""
    from matplotlib.ticker import LogLocator, NullFormatter

    axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0), numticks=12))
    axis.set_major_formatter(lambda value, _: f"{value:g}")
    axis.set_minor_formatter(NullFormatter())


def tidy(ax: Axes, title: str, x: str, y: str, grid: bool = True) -> None:
    """Give axes their titles, and take away what says nothing."""
    ax.set_title(title, loc="left", fontsize="medium")
    ax.set_xlabel(x)
    ax.set_ylabel(y)
    ax.spines[["top", "right"]].set_visible(False)
    if grid:
        ax.grid(color="#d9dee3", linewidth=0.6)
        ax.set_axisbelow(True)


def two_limits(limits: tuple[float, float]) -> tuple[float, float]:
    """Return the two ends of an axis as floats.

    Raises
    ------
    ValueError
        If they are not two numbers, the smaller first.
    """
    pair = finite_array("limits", limits)
    with np.errstate(over="ignore"):
        length = pair[1] - pair[0] if pair.shape == (2,) else 0.0
    if not 0 < length < np.inf:
        raise ValueError(f"limits is {shortened(limits)}; give two numbers, the smaller first")
    return float(pair[0]), float(pair[1])
