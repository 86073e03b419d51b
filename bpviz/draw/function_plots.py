"""Plots of activation functions with their derivatives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bpviz.core.arguments import Array
from bpviz.core.model.functions import Activation, activation_named
from bpviz.draw.axes import axes_or_new, line_looks, spread_markers, tidy, two_limits
from bpviz.draw.palette import INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes

POINTS = 401
JUMP = 0.5


def activation(
    *functions: Activation | str,
    limits: tuple[float, float] = (-5.0, 5.0),
    ax: Axes | None = None,
) -> Axes:
    """Plot activation functions f, each with its derivative f′.

    Parameters
    ----------
    *functions : Activation or str
        One or more, such as `bpviz.sigmoid` or "relu".
    limits : (float, float)
        The smallest and the largest aggregate.
    ax : matplotlib Axes or None
        Where to draw; by default in a new figure.

    Returns
    -------
    matplotlib Axes
        With two lines a function, f solid and f′ dashed in the same colour.

    Raises
    ------
    ValueError
        If no function is given, one depends on more than one aggregate, or the limits are
        not two numbers, the smaller first.

    Examples
    --------
    >>> axes = bp.plot.activation("sigmoid", "relu")
    """
    if not functions:
        raise ValueError("functions is empty; give at least one, such as bpviz.sigmoid")
    chosen = [activation_named("functions", function) for function in functions]
    for function in chosen:
        if function.couples_units:
            raise ValueError(
                f"functions has {function.name}, whose values depend on all aggregates of a "
                "layer; plot a function of a single number, such as sigmoid"
            )
    low, high = two_limits(limits)
    ax = axes_or_new(ax)
    a = np.linspace(low, high, POINTS)
    for number, (function, look) in enumerate(zip(chosen, line_looks(len(chosen)), strict=True)):
        every = spread_markers(number, len(chosen))
        ax.plot(a, function(a), label=function.name, markevery=every, **look | {"linestyle": "-"})
        ax.plot(
            *_with_gaps(a, function.derivative(a)),
            label=f"{function.name}, f′",
            markevery=every,
            **look | {"linestyle": (0, (4, 2)), "markerfacecolor": "white"},
        )
    for line in (ax.axhline, ax.axvline):
        line(0, color=INK, linewidth=0.7, zorder=1)
    title = "Activation functions and their derivatives"
    tidy(ax, title, "aggregate a", "activation h = f(a), derivative f′(a)")
    ax.legend(frameon=False, labelcolor=INK)
    return ax


def _with_gaps(x: Array, y: Array) -> tuple[Array, Array]:
    """Return a line that is broken where it jumps, as ReLU's derivative does at 0."""
    jumps = np.flatnonzero(np.abs(np.diff(y)) > JUMP) + 1
    return np.insert(x, jumps, x[jumps]), np.insert(y, jumps, np.nan)
