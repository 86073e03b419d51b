"""A network with the numbers of one update, drawn for print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpviz.core.run.example import Source, example_of
from bpviz.core.update.backprop import backprop
from bpviz.core.update.starting import started
from bpviz.core.update.tape import Trace
from bpviz.draw.axes import axes_or_new
from bpviz.draw.diagram import (
    BACKWARD_COLOUR,
    CARD_WIDTH,
    FAINT,
    FORWARD_COLOUR,
    LINE,
    PAPER,
    TINT,
    Card,
    Geometry,
    geometry,
)
from bpviz.draw.palette import INK, NEGATIVE, POSITIVE
from bpviz.explain.numbers import number_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

UNITS_PER_INCH = 95
FONT_SIZE = 13


def network(source: Source, ax: Axes | None = None) -> Axes:
    """Draw a network with its weights, and the aggregates, activations and deltas of a sample.

    Parameters
    ----------
    source : Trace, Example, History, or (network, X, Y)
        An update, of which the chosen sample is shown. Of all else the first sample is, with the
        network as it is before any training.
    ax : matplotlib Axes or None
        Where to draw; by default in a new figure.

    Returns
    -------
    matplotlib Axes
        With one line for each connection drawn: solid if its weight is positive, dashed
        if it is negative, the thicker the larger.

    Raises
    ------
    TypeError, ValueError
        If `source` is none of these.

    Examples
    --------
    >>> axes = bp.plot.network(bp.presets.three_two_one())
    """
    trace = _trace(source)
    sizes = trace.network.sizes
    place = geometry(sizes)
    ax = axes_or_new(ax, place.width / UNITS_PER_INCH, place.height / UNITS_PER_INCH)
    ax.set(xlim=(0, place.width), ylim=(place.height, 0), aspect="equal")
    ax.set_axis_off()
    font = _font_size(ax, place)
    _draw_connections(ax, trace, place, font)
    for card in place.cards:
        _draw_card(ax, trace, card, font)
    _draw_left_out(ax, place, font)
    loss = number_text(trace.loss if trace.layout.samples == 1 else trace.loss[trace.sample])
    title = f"{'-'.join(map(str, sizes))} network, loss of the sample {loss}"
    words = "a aggregate, h activation, δ delta; on the lines weights, dashed if negative"
    ax.text(20, 24, title, fontsize=font * 1.15, fontweight="bold", color=INK)
    ax.text(20, place.height - 10, words, fontsize=font * 0.9, color=FAINT)
    return ax


def _trace(source: Source) -> Trace:
    if isinstance(source, Trace):
        return source
    example = example_of("source", source)
    network = started(example.network, example.rule)
    return backprop(network, example.inputs[0], example.targets[0], example.rule)


def _font_size(ax: Axes, place: Geometry) -> float:
    """Return the size in points that text needs to fit the cards as they are drawn here."""
    box = ax.get_window_extent()
    pixels = min(box.width / place.width, box.height / place.height)
    return float(FONT_SIZE * pixels * 72 / ax.figure.dpi)


def _draw_connections(ax: Axes, trace: Trace, place: Geometry, font: float) -> None:
    for layer in range(1, len(trace.network.sizes)):
        weights = trace[f"W{layer}"]
        largest = float(abs(weights).max()) or 1.0
        for connection in place.connections(layer):
            source, target = connection.source, connection.target
            weight = float(weights[target.unit, source.unit])
            ax.plot(
                (source.x + CARD_WIDTH, target.x),
                (source.middle, target.middle),
                color=NEGATIVE if weight < 0 else POSITIVE,
                linestyle=(0, (3, 2)) if weight < 0 else "-",
                linewidth=font / FONT_SIZE * (1 + 3 * abs(weight) / largest),
                zorder=1,
            )
            if connection.label:
                _label(ax, *connection.label, weight, font)


def _label(ax: Axes, x: float, y: float, weight: float, font: float) -> None:
    box = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.5, "alpha": 0.92}
    ax.text(x, y, number_text(weight), ha="center", va="center", fontsize=font, color=INK, bbox=box)


def _draw_card(ax: Axes, trace: Trace, card: Card, font: float) -> None:
    from matplotlib.patches import FancyBboxPatch

    style = "round,pad=0,rounding_size=8"
    ax.add_patch(
        FancyBboxPatch(
            (card.x, card.y), CARD_WIDTH, card.height, style, facecolor=TINT, edgecolor=LINE
        )
    )
    unit, layer = card.unit, card.layer
    if layer == 0:
        name, shown = f"input {unit + 1}", [("x", "x")]
    else:
        name = f"layer {layer}, unit {unit + 1}"
        shown = [("a", f"a{layer}"), ("h", f"h{layer}"), ("δ", f"d{layer}")]
    ax.text(card.x + 10, card.y + 18, name, fontsize=font * 0.9, color=FAINT)
    for row, (symbol, register) in enumerate(shown):
        ref, y = trace.layout.register(register).refs[unit], card.y + 38 + 21 * row
        colour = BACKWARD_COLOUR if symbol == "δ" else FORWARD_COLOUR
        ax.text(card.x + 10, y, symbol, fontsize=font, fontweight="bold", color=colour)
        right = card.x + CARD_WIDTH - 10
        ax.text(right, y, number_text(trace[ref]), fontsize=font, ha="right", color=INK)


def _draw_left_out(ax: Axes, place: Geometry, font: float) -> None:
    for layer, count in enumerate(place.hidden):
        if count:
            cards = [card for card in place.cards if card.layer == layer]
            x = cards[0].x + CARD_WIDTH / 2
            y = max(card.y + card.height for card in cards) + 16
            words = f"and {count} more unit{'s' * (count > 1)}"
            ax.text(x, y, words, ha="center", fontsize=font, color=FAINT)
