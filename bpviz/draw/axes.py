"""What all plots share: their axes, and looks that survive print and colour-blindness."""

from __future__ import annotations

from itertools import cycle, islice
from typing import TYPE_CHECKING, Any

import numpy as np

from bpviz.core.arguments import Array, finite_array, shortened
from bpviz.draw.loss_curves import DURING, loss_ceiling
from bpviz.draw.palette import INK, NEGATIVE, POSITIVE, light

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.colorbar import Colorbar
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.contour import ContourSet

SOFT, RULE, CARD = light("soft"), light("rule"), light("card")
LINES = ("ink", "forward", "backward", "update", "positive-bar", "negative-bar", "zero")
COLOURS = tuple(light(name) for name in LINES)
DASHES: tuple[Any, ...] = ("-", (0, (6, 2)), (0, (1.5, 1.5)), (0, (6, 2, 1.5, 2)), (0, (10, 3)))
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">")

TARGET_UNITS = "(in units of the target)"
RMSE_LABEL = f"RMSE over all samples {TARGET_UNITS}"
DURING_LABEL = f"{DURING} {TARGET_UNITS}"


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
        return _on_a_card(width, height)
    if not isinstance(ax, Axes) or ax.name == "3d":
        raise TypeError(
            f"ax is {type(ax).__name__}; give one plot's axes, such as plt.subplots()[1], or "
            "leave it out"
        )
    return ax


def _on_a_card(width: float, height: float) -> Axes:
    """Return the axes of a new figure on a card of its own.

    A saved picture cannot follow the theme of the page that shows it. On a light card with a
    margin and round corners it can be read on every page, and fits a dark one.
    """
    import matplotlib.pyplot as plt
    from matplotlib.layout_engine import ConstrainedLayoutEngine
    from matplotlib.patches import FancyBboxPatch

    layout = ConstrainedLayoutEngine(w_pad=CARD_MARGIN, h_pad=CARD_MARGIN)
    # A notebook sets Matplotlib up with its first figure: within the context that would be undone.
    figure = plt.figure(figsize=(width, height), layout=layout)
    with plt.rc_context(_ON_CARD):
        ax = figure.subplots()
    # The card is drawn by a patch of its own: JupyterLab trims a figure to what is drawn.
    figure.patch.set_alpha(0)
    figure.add_artist(
        FancyBboxPatch(
            (0.004, 0.006),
            0.992,
            0.988,
            boxstyle="round,pad=0,rounding_size=0.02",
            mutation_aspect=width / height,
            transform=figure.transFigure,
            facecolor=CARD,
            edgecolor=light("edge-of-card"),
            zorder=-1,
        )
    )
    ax.tick_params(which="both", colors=SOFT, labelcolor=SOFT)
    return ax


CARD_MARGIN = 0.14
"""Between the card's edge and what is drawn on it, in inches."""

_ON_CARD: Any = {
    "text.color": INK,
    "axes.titlecolor": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": light("zero"),
    "axes.facecolor": CARD,
    "figure.facecolor": CARD,
}


def signed_colours() -> LinearSegmentedColormap:
    """Return colours for numbers on both sides of a middle: orange below it, blue above."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("bpviz signed", [NEGATIVE, CARD, POSITIVE])


def rising_colours() -> LinearSegmentedColormap:
    """Return colours from low to high, as on a map of the sea: the deep is blue."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("bpviz rising", [light("positive"), POSITIVE, CARD])


def legend_below(ax: Axes) -> None:
    """Put the legend under the axes, narrow enough for three plots side by side."""
    ax.legend(
        loc="upper center",
        bbox_to_anchor=(0.5, -0.15),
        ncols=4,
        frameon=False,
        labelcolor=INK,
        fontsize="small",
        columnspacing=1.2,
        handletextpad=0.5,
    )


def name_bar(bar: Colorbar, name: str) -> None:
    """Say what the colours beside a plot mean."""
    bar.set_label(name, color=INK)
    bar.ax.tick_params(which="both", colors=SOFT, labelcolor=SOFT)


def label_levels(ax: Axes, lines: ContourSet) -> None:
    """Write their values on lines of equal value."""
    from matplotlib.patheffects import withStroke

    for text in ax.clabel(lines, fontsize="small", fmt="%g"):
        text.set_path_effects([withStroke(linewidth=2.2, foreground=CARD)])


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
        ax.grid(color=RULE, linewidth=0.8)
        ax.set_axisbelow(True)


def end_at_ceiling(ax: Axes, curves: list[Array], levels: list[float]) -> None:
    """Let a linear axis of losses begin at 0 and end where the curves and the levels do."""
    top = max([loss_ceiling(curves), *levels])
    ax.set_ylim(0, 1.05 * top or 1.0)


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
