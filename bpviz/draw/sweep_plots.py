"""Plots of what many runs come to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from bpviz.core.arguments import one_number, shortened, true_or_false
from bpviz.core.sweep.results import Sweep
from bpviz.core.words import counted
from bpviz.draw.axes import (
    DURING_LABEL,
    axes_or_new,
    end_at_ceiling,
    line_looks,
    plain_logarithms,
    tidy,
)
from bpviz.draw.palette import INK, POSITIVE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Sweeps = Sweep | Mapping[str, Sweep]
BINS = 60


def final_losses(sweep: Sweeps, ax: Axes | None = None) -> Axes:
    """Plot how many runs end at which loss. Plateaus, where runs come to a standstill, stick out.

    Parameters
    ----------
    sweep : Sweep or mapping of str to Sweep
        One sweep, or several, each with its name.
    ax : matplotlib Axes or None
        Where to draw; by default in a new figure.

    Returns
    -------
    matplotlib Axes
        With one outline for each sweep, in 60 steps from 0; the last one holds all larger
        losses too. Runs that diverged are left out, and counted in the legend.

    Raises
    ------
    TypeError, ValueError
        If there is no sweep to plot, or every run diverged.

    Examples
    --------
    >>> example = bp.presets.xor()
    >>> network, X, Y = example.network, example.inputs, example.targets
    >>> runs = bp.sweep(network, X, Y, bp.Rule(0.1), epochs=200, runs=50, seed=0)
    >>> axes = bp.plot.final_losses(runs)
    >>> axes.get_xlabel()
    'RMSE during the last epoch (in units of the target)'
    """
    sweeps = _sweeps(sweep)
    finite = {name: one.rmse[np.isfinite(one.rmse)] for name, one in sweeps.items()}
    if not any(losses.size for losses in finite.values()):
        raise ValueError("sweep has no run that did not diverge, so there is no loss to plot")
    ax = axes_or_new(ax)
    # A single run that went astray must not squeeze all others into one bar.
    largest = max(float(np.percentile(losses, 99.9)) for losses in finite.values() if losses.size)
    edges = np.linspace(0, largest or 1.0, BINS + 1)
    for (name, losses), look in zip(finite.items(), line_looks(len(finite)), strict=True):
        counts, _ = np.histogram(np.minimum(losses, edges[-1]), edges)
        ax.stairs(
            counts,
            edges,
            color=look["color"],
            linestyle=look["linestyle"],
            linewidth=1.8,
            fill=len(sweeps) == 1,
            label=_with_diverged(name, sweeps[name]),
        )
    tidy(
        ax,
        "Where the runs end",
        DURING_LABEL.replace("the epoch", "the last epoch"),
        "number of runs",
    )
    ax.set_xlim(0, edges[-1])
    if any(ax.get_legend_handles_labels()[1]):
        ax.legend(frameon=False, labelcolor=INK)
    return ax


def solved(sweep: Sweeps, threshold: float = 0.1, ax: Axes | None = None) -> Axes:
    """Plot which share of the runs solved the task, with its interval at 95 % (Wilson's).

    Parameters
    ----------
    sweep : Sweep or mapping of str to Sweep
        One sweep, or several, each with its name.
    threshold : float
        The final loss, RMSE, up to which a run counts as solved.
    ax : matplotlib Axes or None
        Where to draw; by default in a new figure.

    Returns
    -------
    matplotlib Axes
        With one point for each sweep, the first on top.

    Raises
    ------
    TypeError, ValueError
        If there is no sweep to plot.

    Examples
    --------
    >>> example = bp.presets.xor()
    >>> network, X, Y = example.network, example.inputs, example.targets
    >>> runs = bp.sweep(network, X, Y, bp.Rule(0.1), epochs=200, runs=50, seed=0)
    >>> axes = bp.plot.solved({"learning rate 0.1": runs})
    >>> axes.get_xlabel()
    'share of all runs (%)'
    """
    sweeps, limit = _sweeps(sweep), one_number("threshold", threshold)
    shares = [one.solved(limit) for one in sweeps.values()]
    ax = axes_or_new(ax, 6.4, 1.3 + 0.45 * len(shares))
    places = np.arange(len(shares))
    middle = 100 * np.array([share.fraction for share in shares])
    low = middle - 100 * np.array([share.low for share in shares])
    high = 100 * np.array([share.high for share in shares]) - middle
    ax.errorbar(
        middle,
        places,
        xerr=np.maximum([low, high], 0.0),
        fmt="o",
        color=POSITIVE,
        markersize=7,
        capsize=5,
        linewidth=1.8,
    )
    for place, share in zip(places, shares, strict=True):
        words = f"{100 * share.fraction:.1f} %"
        ax.annotate(
            words,
            (100 * share.high, place),
            (8, 0),
            textcoords="offset points",
            va="center",
            color=INK,
        )
    ax.set_yticks(places, list(sweeps))
    ax.set(xlim=(0, 112), ylim=(len(shares) - 0.4, -0.6), xticks=range(0, 101, 20))
    tidy(ax, f"Runs with a final RMSE of at most {limit:g}", "share of all runs (%)", "")
    return ax


def percentiles(sweep: Sweep, ax: Axes | None = None, *, log: bool = False) -> Axes:
    """Plot the loss curves of many runs by their percentiles.

    Parameters
    ----------
    sweep : Sweep
        The runs.
    ax : matplotlib Axes or None
        Where to draw; by default in a new figure.
    log : bool
        Whether the axis of the losses is logarithmic.

    Returns
    -------
    matplotlib Axes
        With the median as a line, the middle half of the runs in a dark band, nine in ten
        in a light one, and the lowest and the highest loss in each epoch as dotted lines.

    Raises
    ------
    TypeError
        If `sweep` is none.

    Examples
    --------
    >>> example = bp.presets.xor()
    >>> network, X, Y = example.network, example.inputs, example.targets
    >>> runs = bp.sweep(network, X, Y, bp.Rule(0.1), epochs=200, runs=50, seed=0)
    >>> axes = bp.plot.percentiles(runs)
    >>> axes.get_xlabel()
    'epoch'
    """
    if not isinstance(sweep, Sweep):
        raise TypeError(f"sweep is {type(sweep).__name__}; give a Sweep, as bpviz.sweep returns")
    logarithmic = true_or_false("log", log)
    ax = axes_or_new(ax)
    levels = np.where(np.isfinite(sweep.percentiles), sweep.percentiles, np.nan)
    lowest, low, lower, median, upper, high, highest = levels
    epochs = np.arange(1, sweep.epochs + 1)
    ax.fill_between(
        epochs, low, high, color=POSITIVE, alpha=0.25, linewidth=0, label="9 in 10 runs"
    )
    ax.fill_between(
        epochs, lower, upper, color=POSITIVE, alpha=0.45, linewidth=0, label="middle half"
    )
    ax.plot(epochs, median, color=INK, linewidth=2, label="median")
    for line, label in ((lowest, "lowest and highest"), (highest, None)):
        ax.plot(epochs, line, color=INK, linestyle=":", linewidth=1.2, label=label)
    tidy(ax, f"Loss of {counted(sweep.runs, 'run')}", "epoch", DURING_LABEL)
    if logarithmic:
        ax.set_yscale("log")
        plain_logarithms(ax.yaxis)
    else:
        end_at_ceiling(ax, list(sweep.percentiles), [])
    ax.legend(frameon=False, labelcolor=INK)
    return ax


def _sweeps(sweep: object) -> Mapping[str, Sweep]:
    if isinstance(sweep, Sweep):
        return {"": sweep}
    if not isinstance(sweep, Mapping):
        raise TypeError(
            f"sweep is {type(sweep).__name__}; give a Sweep, as bpviz.sweep returns, or several "
            "with their names, {'one': sweep, 'other': another}"
        )
    if not sweep:
        raise ValueError("sweep is empty; give at least one sweep with its name")
    for name, one in sweep.items():
        if not isinstance(one, Sweep):
            raise TypeError(f"sweep[{shortened(name)}] is {shortened(one)}; give a Sweep")
    return sweep


def _with_diverged(name: str, sweep: Sweep) -> str:
    diverged = int(np.sum(~np.isfinite(sweep.rmse)))
    words = f"{diverged} diverged" if diverged else ""
    return ", ".join(part for part in (name, words) if part)
