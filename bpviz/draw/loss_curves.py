"""What all plots of losses share: their names, where their axis ends, what to compare with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from bpviz.core.arguments import Array
from bpviz.core.run.history import rmse
from bpviz.explain.numbers import number_text

DURING = "RMSE during the epoch"
"""Over the predictions made while the weights change: the lectures' figure, the main one."""
AFTER = "RMSE after the epoch"
"""Of the weights at its end, over all samples."""
NO_FINITE_LOSS = "No epoch has a finite loss yet."

DIVERGED_BY = 10
"""A run diverged if its losses end at more than so many times the first, or are not finite."""
ROOM = 4
"""Of a run that diverged a linear axis shows losses up to so many times the first."""

MOST_MEANS = 3
SHORT_FRACTIONS = {
    Fraction(1, 2): "½",
    Fraction(1, 3): "⅓",
    Fraction(2, 3): "⅔",
    Fraction(1, 4): "¼",
    Fraction(3, 4): "¾",
}


def loss_ceiling(curves: Iterable[Array]) -> float:
    """Return where a linear axis of losses ends at most.

    Only what diverged is cut off, and never below its first loss: such a curve has room for
    4 times its first loss, every other one for all of its losses. The front end's
    `lossCeiling` does the same.

    Parameters
    ----------
    curves : iterable of ndarray, shape (epochs,)
        The losses of each run.
    """
    return max(map(_height, curves), default=0.0)


def _height(losses: Array) -> float:
    finite = losses[np.isfinite(losses)]
    if not finite.size:
        return 0.0
    first, top = float(finite[0]), float(finite.max())
    has_diverged = finite.size < losses.size or float(finite[-1]) > DIVERGED_BY * first
    return min(top, ROOM * first) if has_diverged and first > 0 else top


@dataclass(frozen=True)
class Constant:
    """What always giving the same answer comes to: "always ½", and its RMSE."""

    name: str
    rmse: float


def best_constant(targets: Array) -> Constant | None:
    """Return what always saying the mean of the targets comes to; no constant does better.

    Parameters
    ----------
    targets : ndarray, shape (N, n_L)

    Returns
    -------
    Constant or None
        None if all targets are equal: then a constant is always right.
    """
    mean = targets.mean(axis=0)
    level = float(rmse(np.broadcast_to(mean, targets.shape), targets))
    if not 0 < level < np.inf:
        return None
    said = [_said(float(value)) for value in mean]
    if len(said) > MOST_MEANS:
        return Constant("always the mean target", level)
    answer = said[0] if len(said) == 1 else f"({', '.join(said)})"
    return Constant(f"always {answer}", level)


def _said(mean: float) -> str:
    for fraction, text in SHORT_FRACTIONS.items():
        if abs(abs(mean) - fraction) <= 1e-12:
            return text if mean > 0 else f"−{text}"
    return number_text(mean, 3)
