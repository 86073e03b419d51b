"""The slope of a curve at a place, and a ball that rolls down it step by step."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from bpviz.core.arguments import Array, one_number, shortened, whole_number
from bpviz.draw.axes import COLOURS, axes_or_new, tidy, two_limits
from bpviz.draw.palette import INK
from bpviz.explain.numbers import number_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WEIGHTS_SHOWN = 201
MOST_STEPS = 1000
NUDGE = 1e-5
"""How far to both sides of a place the curve is compared, to find its slope there."""


def slope(
    function: Callable[[float], float],
    at: float,
    limits: tuple[float, float] = (-1.0, 4.0),
    *,
    learning_rate: float = 0.1,
    steps: int = 0,
    ax: Axes | None = None,
) -> Axes:
    """Plot a loss over one weight with its tangent, and the steps of gradient descent on it.

    The slope is found by trying: the loss a little to the right, less that a little to the
    left, divided by the distance. A step moves the weight by −`learning_rate` × slope.

    Parameters
    ----------
    function : callable
        The loss of a weight.
    at : float
        The weight to begin with.
    limits : (float, float)
        The smallest and the largest weight to show.
    learning_rate : float
        What the slope is multiplied by, to get the length of a step.
    steps : int
        How many steps to make, at most 1000.
    ax : matplotlib Axes or None
        Where to draw; by default in a new figure.

    Returns
    -------
    matplotlib Axes
        With the curve, the places of all steps and the tangent at the last of them. The title
        tells the weight, the loss and the slope there.

    Raises
    ------
    TypeError, ValueError
        If the function gives something else than a number, or an argument is wrong.

    Examples
    --------
    >>> axes = bp.plot.slope(lambda w: 0.5 * (2 * w - 3) ** 2, at=0.5)
    >>> axes.get_xlabel()
    'weight w'
    """
    if not callable(function):
        raise TypeError(f"function is {shortened(function)}; give a function of one weight")
    low, high = two_limits(limits)
    steps = _count(steps)
    rate = one_number("learning_rate", learning_rate)
    places = rolled(function, one_number("at", at), rate, steps)
    weights = np.linspace(low, high, WEIGHTS_SHOWN)
    losses = np.array([_loss(function, weight) for weight in weights])
    heights = [_loss(function, place) for place in places]
    steepness = _slope(function, places[-1])
    # Only now: a function that fails leaves no empty picture.
    ax = axes_or_new(ax, 6.4, 3.6)
    ax.plot(weights, losses, color=INK, linewidth=1.8)
    floor, top = float(losses.min()), float(losses.max())
    room = 0.08 * (top - floor) or 1.0
    last, loss = places[-1], heights[-1]
    ax.plot(weights, loss + steepness * (weights - last), "--", color=COLOURS[2], linewidth=1.6)
    ax.plot(places, heights, "o-", color=COLOURS[1], linewidth=0.8)
    ax.plot([last], [loss], "o", color=COLOURS[1], markersize=12)
    ax.set(xlim=(low, high), ylim=(floor - room, top + room))
    words = f"w = {number_text(last)}   loss {number_text(loss)}   slope {number_text(steepness)}"
    after = f"after {steps} step{'s' * (steps != 1)}:   " if steps else ""
    outside = "" if low <= last <= high else "   (out of the picture)"
    tidy(ax, after + words + outside, "weight w", "loss")
    return ax


def rolled(
    function: Callable[[float], float], at: float, learning_rate: float, steps: int
) -> Array:
    """Return the weights before and after each step of gradient descent, shape (steps + 1,).

    Where the numbers grow past 10¹², the rest of the steps is left out.
    """
    places = [at]
    for _ in range(steps):
        place = places[-1] - learning_rate * _slope(function, places[-1])
        if not abs(place) < 1e12:
            break
        places.append(place)
    return np.array(places)


def _slope(function: Callable[[float], float], at: float) -> float:
    nudge = NUDGE * max(1.0, abs(at))
    return (_loss(function, at + nudge) - _loss(function, at - nudge)) / (2 * nudge)


def _loss(function: Callable[[float], float], weight: float) -> float:
    try:
        loss = function(weight)
    except Exception as error:
        raise ValueError(
            f"function fails at {number_text(weight)}: {type(error).__name__}; give a function of "
            "one weight"
        ) from error
    return one_number(f"function({number_text(weight)})", loss)


def _count(steps: int) -> int:
    count = whole_number("steps", steps)
    if not 0 <= count <= MOST_STEPS:
        raise ValueError(f"steps is {shortened(steps)}; give 0 to {MOST_STEPS}")
    return count
