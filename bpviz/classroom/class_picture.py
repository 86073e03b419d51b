"""The results of a class as a picture."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from bpviz.classroom.gathering import ClassResults, mark
from bpviz.core.files import whole_file
from bpviz.draw.palette import light

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.patches import Rectangle

MOST_LEARNERS, MOST_COLUMNS, MOST_BARS = 60, 40, 10
"""So much is drawn; the table has all."""

SUFFIXES = (".svg", ".png")
LONGEST_LABEL = 56
_FIELDS = {"✓": "positive-bar", "✗": "negative-bar", "·": "rule", "–": "paper"}
_ROW, _COLUMN, _SIDE = 0.26, 0.42, 3.6


def save_picture(results: ClassResults, path: Path) -> None:
    """Draw who did what, and the mistakes of most learners, into an SVG or a PNG.

    Raises
    ------
    ValueError
        If the file is to be something else, or there is nothing to draw.
    """
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    if path.suffix.lower() not in SUFFIXES:
        raise ValueError(f"{path.name} is neither SVG nor PNG; end its name with .svg or .png")
    if not results.learners or not results.tasks:
        raise ValueError("there are no results to draw")
    rows = min(len(results.learners), MOST_LEARNERS)
    columns = min(len(results.tasks), MOST_COLUMNS)
    bars = min(len(results.mistakes), MOST_BARS)
    heights = [rows * _ROW, max(bars, 1) * _ROW]
    figure = Figure(
        figsize=(max(8.0, _SIDE + columns * _COLUMN), sum(heights) + 3.6), layout="constrained"
    )
    grid, below = figure.subplots(2, 1, height_ratios=heights)
    _draw_grid(grid, results, rows, columns)
    _draw_bars(below, results, bars)
    # Names of learners are text: no formula, no comment for what a font cannot write.
    with (
        whole_file(path) as unfinished,
        warnings.catch_warnings(),
        rc_context({"svg.hashsalt": "bpviz", "svg.fonttype": "none"}),
    ):
        warnings.filterwarnings("ignore", message=".*missing from font.*")
        about = {"Date": None} if path.suffix.lower() == ".svg" else {}
        figure.savefig(unfinished, dpi=150, metadata=about)


def _draw_grid(ax: Axes, results: ClassResults, rows: int, columns: int) -> None:
    ink = light("ink")
    for y, learner in enumerate(results.learners[:rows]):
        for x, key in enumerate(results.tasks[:columns]):
            said = mark(learner.result(key))
            ax.add_patch(_field(x, y, said[0]))
            ax.text(x, y, said, ha="center", va="center", fontsize=8, color=ink, parse_math=False)
    ax.set(xlim=(-0.5, columns - 0.5), ylim=(rows - 0.5, -0.5))
    ax.xaxis.tick_top()
    ax.set_xticks(
        range(columns),
        [
            _short(f"{notebook[:2]} {task}" if notebook else task)
            for notebook, _, task in results.tasks[:columns]
        ],
        rotation=60,
        ha="left",
        fontsize=8,
        parse_math=False,
    )
    ax.set_yticks(
        range(rows),
        [_short(one.label) for one in results.learners[:rows]],
        fontsize=8,
        parse_math=False,
    )
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    more = [
        f"{len(each) - shown} more {what}"
        for each, shown, what in (
            (results.learners, rows, "learners"),
            (results.tasks, columns, "tasks"),
        )
        if len(each) > shown
    ]
    legend = "✓ done  ✗ not yet, with the tries  · only begun or not marked  – not begun"
    ax.set_xlabel("; ".join([legend, *more]), fontsize=8)


def _field(x: float, y: float, sign: str) -> Rectangle:
    from matplotlib.patches import Rectangle as Patch

    return Patch(
        (x - 0.5, y - 0.5),
        1,
        1,
        facecolor=light(_FIELDS[sign]),
        alpha=0.45,
        edgecolor=light("edge-of-card"),
        linewidth=0.5,
    )


def _draw_bars(ax: Axes, results: ClassResults, bars: int) -> None:
    from matplotlib.ticker import MaxNLocator

    shown = results.mistakes[:bars]
    ax.barh(range(bars), [one.learners for one in shown], color=light("negative-bar"), height=0.7)
    ax.set_yticks(range(bars), [_short(one.title) for one in shown], fontsize=8, parse_math=False)
    for y, one in enumerate(shown):
        ax.text(one.learners, y, f" {one.learners}", va="center", fontsize=8)
    ax.set(ylim=(max(bars, 1) - 0.5, -0.5), xlim=(0, max(len(results.learners), 1) * 1.05))
    ax.set_xlabel(
        "learners who made the mistake" if bars else "no named mistake was made", fontsize=8
    )
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    ax.tick_params(axis="x", labelsize=8)
    ax.spines[["top", "right"]].set_visible(False)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_LABEL else text[: LONGEST_LABEL - 1] + "…"
