"""Plots of training runs: their losses, and the way of every weight."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from bpviz.core.arguments import list_of, shortened, true_or_false
from bpviz.core.run.history import History
from bpviz.core.run.parameters import parameter_index, parameter_refs, path_of
from bpviz.draw.axes import (
    DURING_LABEL,
    SOFT,
    axes_or_new,
    end_at_ceiling,
    line_looks,
    plain_logarithms,
    spread_markers,
    tidy,
)
from bpviz.draw.loss_curves import NO_FINITE_LOSS, Constant, best_constant
from bpviz.draw.palette import INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LINES_IN_A_PLOT, POINTS_OF_A_LINE = 24, 4000
NAME_WIDTH, NAME_HEIGHT = 0.12, 0.09
"""What the name of a level takes of the plot."""
NO_LOGARITHM = "No loss is above 0, so none has a logarithm."


def loss(
    history: History | Mapping[str, History], ax: Axes | None = None, *, log: bool = False
) -> Axes:
    """Plot the loss of each epoch of a run, or of several.

    It is the RMSE during the epoch: over the predictions made while the weights change. A dotted
    line says what always giving the mean of the targets comes to, such as "always ½". Of a run
    that diverged a linear axis shows losses up to 4 times the first.

    Parameters
    ----------
    history : History or mapping of str to History
        A run, or several, each with its name: `{"lecture": one, "right": other}`.
    ax : matplotlib Axes or None
        Where to draw; by default in a new figure.
    log : bool
        Whether the axis of the losses is logarithmic. A loss of 0 cannot be shown on it; where
        all are 0 the plot says so.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    TypeError, ValueError
        If there is no run to plot, or something that is none.

    Examples
    --------
    >>> example = bp.presets.xor()
    >>> history = bp.train(example.network, example.inputs, example.targets, epochs=50)
    >>> axes = bp.plot.loss(history)
    >>> axes.get_xlabel()
    'epoch'
    """
    runs, logarithmic = _runs(history), true_or_false("log", log)
    ax = axes_or_new(ax)
    for number, (look, (name, run)) in enumerate(
        zip(line_looks(len(runs)), runs.items(), strict=True)
    ):
        losses = np.where(np.isfinite(run.rmse), run.rmse, np.nan)
        epochs = np.arange(1, len(losses) + 1)
        # Matplotlib can spread no markers over a curve that is nowhere.
        markers = spread_markers(number, len(runs)) if np.isfinite(losses).any() else None
        ax.plot(epochs, losses, label=name, markevery=markers, **look)
    found = [best_constant(run.targets) for run in runs.values()]
    constants = list(dict.fromkeys(constant for constant in found if constant))
    for constant in constants:
        _draw_constant(ax, constant)
    tidy(ax, "Loss of each epoch", "epoch", DURING_LABEL)
    finite = np.concatenate([run.rmse[np.isfinite(run.rmse)] for run in runs.values()])
    if not finite.size:
        ax.text(0.5, 0.5, NO_FINITE_LOSS, transform=ax.transAxes, ha="center")
    elif logarithmic and (finite > 0).any():
        ax.set_yscale("log")
        plain_logarithms(ax.yaxis)
    elif logarithmic:
        ax.text(0.5, 0.5, NO_LOGARITHM, transform=ax.transAxes, ha="center")
        ax.set_ylim(bottom=0)
    else:
        end_at_ceiling(ax, [run.rmse for run in runs.values()], [one.rmse for one in constants])
    for constant in constants:
        _name_constant(ax, constant)
    if isinstance(history, Mapping):
        ax.legend(frameon=False, labelcolor=INK)
    return ax


def _draw_constant(ax: Axes, constant: Constant) -> None:
    # As a collection: the lines of the axes are the runs.
    ax.hlines(
        constant.rmse,
        0,
        1,
        transform=ax.get_yaxis_transform(),
        color=SOFT,
        linestyle=(0, (1, 2)),
        linewidth=1.6,
        zorder=1.5,
    )


def _name_constant(ax: Axes, constant: Constant) -> None:
    """Write its name at the right end of its line: below it, or above it if curves lie there."""
    to_axes = ax.transData - ax.transAxes
    places = np.concatenate([to_axes.transform(line.get_xydata()) for line in ax.lines])
    _, height = to_axes.transform((1, constant.rmse))
    beside = places[places[:, 0] > 1 - NAME_WIDTH, 1] - height
    below = np.sum((-NAME_HEIGHT < beside) & (beside < 0))
    above = np.sum((0 < beside) & (beside < NAME_HEIGHT))
    is_above = below > above
    ax.annotate(
        constant.name,
        (1, constant.rmse),
        (-2, 3 if is_above else -3),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        ha="right",
        va="bottom" if is_above else "top",
        fontsize="small",
        color=SOFT,
    )


def trajectories(
    history: History, refs: Iterable[str] | None = None, ax: Axes | None = None
) -> Axes:
    """Plot how weights and biases change in the course of a run.

    Parameters
    ----------
    history : History
        The run.
    refs : iterable of str or None
        Which ones, such as `["W1[0,1]", "b1[0]"]`; by default all.
    ax : matplotlib Axes or None
        Where to draw; by default in a new figure.

    Returns
    -------
    matplotlib Axes
        With one line for each ref, over the epochs from 0, the start.

    Raises
    ------
    KeyError
        If the network has no such weight or bias.
    TypeError, ValueError
        If `history` is no run, or there are more lines than can be told apart.

    Examples
    --------
    >>> example = bp.presets.xor()
    >>> history = bp.train(example.network, example.inputs, example.targets, epochs=50)
    >>> axes = bp.plot.trajectories(history)
    >>> axes.get_xlabel()
    'epoch'
    """
    _check_history(history)
    known = parameter_refs(history.start)
    names = known if refs is None else list_of("refs", refs, "['W1[0,0]', 'b1[0]']")
    if not 0 < len(names) <= LINES_IN_A_PLOT:
        raise ValueError(
            f"refs has {len(names)} entries; name 1 to {LINES_IN_A_PLOT} weights or biases, such "
            "as refs=['W1[0,0]', 'b1[0]']"
        )
    columns = [parameter_index("refs", name, history.start) for name in names]
    epochs, path = path_of(history, POINTS_OF_A_LINE)
    ax = axes_or_new(ax)
    for number, (name, column, look) in enumerate(
        zip(names, columns, line_looks(len(names)), strict=True)
    ):
        every = spread_markers(number, len(names))
        ax.plot(epochs, path[:, column], label=name, markevery=every, **look)
    tidy(ax, "Weights and biases after each epoch", "epoch", "value")
    ax.legend(
        frameon=False, labelcolor=INK, loc="center left", bbox_to_anchor=(1, 0.5), handlelength=4
    )
    return ax


def _runs(history: object) -> Mapping[str, History]:
    if isinstance(history, History):
        return {"": history}
    if not isinstance(history, Mapping):
        raise TypeError(
            f"history is {type(history).__name__}; give a History, as bpviz.train returns, or "
            "several with their names, {'one': history, 'other': another}"
        )
    if not history:
        raise ValueError("history is empty; give at least one run with its name")
    for name, run in history.items():
        if not isinstance(run, History):
            raise TypeError(
                f"history[{shortened(name)}] is {shortened(run)}; give a History, as bpviz.train "
                "returns"
            )
    return history


def _check_history(history: object) -> None:
    if not isinstance(history, History):
        raise TypeError(
            f"history is {type(history).__name__}; give a History, as bpviz.train returns"
        )
