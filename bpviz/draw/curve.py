"""The picture of a training run: its loss curve above one of its updates."""

from __future__ import annotations

import numpy as np

from bpviz.core.arguments import Array
from bpviz.core.run.history import History
from bpviz.core.update.tape import Trace
from bpviz.draw.diagram import FAINT, LINE, MARGIN, diagram, document, text
from bpviz.draw.loss_curves import DURING, NO_FINITE_LOSS, best_constant, loss_ceiling
from bpviz.draw.palette import INK
from bpviz.explain.numbers import number_text, told_apart

CURVE_HEIGHT, LEFT, POINTS_OF_A_CURVE = 190, 74, 400
NEAR = 0.2
"""Pixels by which the curve may be off where points of it are left out."""


def svg_with_curve(history: History, trace: Trace, title: str) -> str:
    """Return the loss curve of a run, and below it the picture of a trace, as SVG text."""
    width, height, parts = diagram(trace, title)
    return document(width, height + CURVE_HEIGHT, [*parts, *curve(history, width, height)])


def thinned(points: Array) -> Array:
    """Return as few of the points (n, 2) of a curve as draw it, from left to right."""
    if len(points) < 3:
        return points
    (left, first), (right, last) = points[0], points[-1]
    straight = first + (points[:, 0] - left) * (last - first) / (right - left)
    off = np.abs(points[:, 1] - straight)
    farthest = int(off.argmax())
    if off[farthest] <= NEAR:
        return points[[0, -1]]
    before, after = thinned(points[: farthest + 1]), thinned(points[farthest:])
    return np.concatenate([before[:-1], after])


def curve(history: History, width: float, top: float) -> list[str]:
    """Return the loss curve of a run as SVG elements, so wide and below `top`."""
    losses = history.rmse
    if not np.isfinite(losses).any():
        return [text(MARGIN, top + 6, NO_FINITE_LOSS, INK, weight=600)]
    keep = np.unique(np.linspace(0, len(losses) - 1, POINTS_OF_A_CURVE).round().astype(int))
    right, bottom, upper = width - MARGIN, top + CURVE_HEIGHT - 40, top + 24
    constant = best_constant(history.targets)
    level = constant.rmse if constant else 0.0
    largest = max(loss_ceiling([losses]), level) or 1.0
    keep = keep[losses[keep] <= largest]
    x = LEFT + keep / max(1, len(losses) - 1) * (right - LEFT)
    y = bottom - losses[keep] / largest * (bottom - upper)
    points = " ".join(f"{px:g},{py:g}" for px, py in thinned(np.column_stack([x, y]).round(1)))
    height = bottom - level / largest * (bottom - upper)
    # At the foot of the plot the name would lie on the axis.
    name_height = height - 5 if height + 18 > bottom else height + 14
    compared = (
        [
            f'<line x1="{LEFT}" y1="{height:.1f}" x2="{right:g}" y2="{height:.1f}" '
            f'stroke="{FAINT}" stroke-width="1.5" stroke-dasharray="1.5 3"/>',
            text(right, name_height, constant.name, FAINT, size=12, anchor="end"),
        ]
        if constant
        else []
    )
    return [
        *compared,
        text(MARGIN, top + 6, DURING, INK, weight=600),
        f'<line x1="{LEFT}" y1="{bottom:g}" x2="{right:g}" y2="{bottom:g}" stroke="{LINE}"/>',
        f'<line x1="{LEFT}" y1="{upper:g}" x2="{LEFT}" y2="{bottom:g}" stroke="{LINE}"/>',
        text(LEFT - 8, upper + 5, number_text(largest, 3), FAINT, anchor="end"),
        text(LEFT - 8, bottom + 5, "0", FAINT, anchor="end"),
        text(LEFT, bottom + 20, "epoch 1", FAINT),
        text(right, bottom + 20, f"epoch {len(losses):,}", FAINT, anchor="end"),
        f'<polyline points="{points}" fill="none" stroke="{INK}" stroke-width="2"/>',
        text(
            (LEFT + right) / 2,
            bottom + 20,
            " → ".join(told_apart(losses[0], losses[-1])),
            INK,
            anchor="middle",
        ),
    ]
