"""A run as a moving picture."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bpviz.core.arguments import Array, file_path, positive_count, refuse_missing_folder
from bpviz.core.files import whole_file
from bpviz.core.model.network import outputs_of_each
from bpviz.core.run.history import History
from bpviz.core.run.parameters import path_of
from bpviz.draw.axes import DURING_LABEL, end_at_ceiling, legend_below, tidy
from bpviz.draw.loss_curves import DURING
from bpviz.draw.palette import INK, POSITIVE
from bpviz.draw.surface_plots import (
    AROUND_SAMPLES,
    SURFACE_RESOLUTION,
    add_colour_bar,
    colour_scale,
    draw_surface,
    mark_samples,
    plane,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DPI = 100

DrawFrame = Callable[[int, Array], None]
"""Draws one picture: the number of an epoch, and the parameters after it."""


def animation(
    history: History, path: str | os.PathLike[str], frames: int = 40, fps: int = 8
) -> Path:
    """Write a run as a moving picture: what the network answers, beside the loss curve.

    A network with two inputs is shown by the decision surface of its first output, any
    other by its first output for each sample, beside the targets.

    Parameters
    ----------
    history : History
        The run.
    path : path
        Where to write: a name that ends with .gif, or with .mp4, which needs ffmpeg.
    frames : int
        How many pictures at most, spread evenly over the epochs. 2 or more.
    fps : int
        Pictures per second.

    Returns
    -------
    Path
        Where it was written.

    Raises
    ------
    FileNotFoundError
        If the folder does not exist, or ffmpeg is needed and not found.
    TypeError, ValueError
        If an argument is not as described.

    Examples
    --------
    >>> example = bp.presets.xor()
    >>> history = bp.train(example.network, example.inputs, example.targets, epochs=20)
    >>> bp.plot.animation(history, "run.gif", frames=2).name
    'run.gif'
    """
    if not isinstance(history, History):
        raise TypeError(
            f"history is {type(history).__name__}; give a History, as bpviz.train returns"
        )
    count = positive_count("frames", frames)
    if count < 2:
        raise ValueError("frames is 1; an animation needs 2 or more")
    target = file_path("path", path, "run.gif")
    writer = _writer(target, positive_count("fps", fps))
    epochs, parameters = path_of(history, count)
    figure, draw = _figure(history, parameters)
    with whole_file(target) as unfinished, writer.saving(figure, str(unfinished), DPI):
        for epoch, row in zip(epochs, parameters, strict=True):
            draw(int(epoch), row)
            writer.grab_frame()
    return target


def _writer(path: Path, fps: int) -> Any:
    from matplotlib.animation import FFMpegWriter, PillowWriter

    suffix = path.suffix.lower()
    if suffix not in (".gif", ".mp4"):
        raise ValueError(f"path is {str(path)!r}; give a name that ends with .gif or .mp4")
    refuse_missing_folder("path", path)
    if suffix == ".gif":
        return PillowWriter(fps=fps)
    if not FFMpegWriter.isAvailable():
        raise FileNotFoundError(
            f"path is {str(path)!r}, and MP4 needs the program ffmpeg, which is not found; "
            "install it, or give a name that ends with .gif"
        )
    return FFMpegWriter(fps=fps)


def _figure(history: History, parameters: Array) -> tuple[Figure, DrawFrame]:
    """Return a figure, and what draws into it the network after an epoch."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9.0, 4.0), layout="constrained")
    FigureCanvasAgg(figure)
    left, right = figure.subplots(1, 2)
    outputs = _Surface if history.start.sizes[0] == 2 else _Predictions
    draw_outputs = outputs(left, history, parameters).draw
    draw_loss = _LossCurve(right, history).draw

    def draw(epoch: int, row: Array) -> None:
        draw_outputs(row)
        draw_loss(epoch)

    # Laid out once, by the first picture, so that nothing moves but what changes.
    draw(0, parameters[0])
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    return figure, draw


class _Surface:
    """The decision surface of the first output; the colours mean the same in every picture."""

    def __init__(self, ax: Axes, history: History, parameters: Array) -> None:
        self._ax, self._history = ax, history
        self._targets = history.targets[:, 0]
        low, high = history.inputs.min() - AROUND_SAMPLES, history.inputs.max() + AROUND_SAMPLES
        self._ticks = np.linspace(low, high, SURFACE_RESOLUTION)
        self._points = plane(self._ticks)
        self._scale = colour_scale(self._surface(parameters[-1]), self._targets)
        add_colour_bar(ax, self._scale, "output")

    def _surface(self, row: Array) -> Array:
        outputs = outputs_of_each(self._history.start, row[None], self._points)
        return outputs[0, :, 0].reshape(SURFACE_RESOLUTION, SURFACE_RESOLUTION)

    def draw(self, row: Array) -> None:
        ax = self._ax
        for artist in (*ax.images, *ax.collections, *ax.lines):
            artist.remove()
        draw_surface(ax, self._ticks, self._surface(row), self._scale, self._targets)
        mark_samples(ax, self._history.inputs, self._targets, self._scale)


class _Predictions:
    """The first output for each sample, beside its target."""

    def __init__(self, ax: Axes, history: History, parameters: Array) -> None:
        from matplotlib.ticker import MaxNLocator

        self._history = history
        numbers, targets = np.arange(1, len(history.inputs) + 1), history.targets[:, 0]
        (self._dots,) = ax.plot(numbers, targets, "o", color=POSITIVE, markersize=7, label="output")
        ax.plot(numbers, targets, "s", color=INK, markersize=11, fillstyle="none", label="target")
        outputs = outputs_of_each(history.start, parameters, history.inputs)[..., 0]
        seen = np.append(outputs[np.isfinite(outputs)], targets)
        room = 0.08 * (seen.max() - seen.min()) or 0.5
        ax.set(xlim=(0.5, len(numbers) + 0.5), ylim=(seen.min() - room, seen.max() + room))
        tidy(ax, "Outputs and targets", "sample", "output (in units of the target)")
        ax.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        legend_below(ax)

    def draw(self, row: Array) -> None:
        outputs = outputs_of_each(self._history.start, row[None], self._history.inputs)
        self._dots.set_ydata(outputs[0, :, 0])


class _LossCurve:
    """The loss of each epoch, with a dot at the present one."""

    def __init__(self, ax: Axes, history: History) -> None:
        self._ax, self._losses = ax, history.rmse
        losses = np.where(np.isfinite(history.rmse), history.rmse, np.nan)
        ax.plot(np.arange(1, history.epochs + 1), losses, color=INK, linewidth=1.8)
        (self._dot,) = ax.plot([], [], "o", color=INK, markersize=9, clip_on=False)
        ax.set_xlim(0, history.epochs)
        end_at_ceiling(ax, [history.rmse], [])
        tidy(ax, "", "epoch", DURING_LABEL)

    def draw(self, epoch: int) -> None:
        loss = float(self._losses[epoch - 1]) if epoch else np.nan
        self._dot.set_data([epoch], [loss])
        title = f"Epoch {epoch:,}, {DURING} {loss:.4f}" if epoch else "The start"
        self._ax.set_title(title, loc="left", fontsize="medium")
