"""The picture of a network with its numbers: geometry, and a deterministic SVG."""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise, product

from bpviz.core.model.network import Network
from bpviz.core.update.tape import Trace
from bpviz.core.words import counted
from bpviz.draw.palette import INK, NEGATIVE, POSITIVE, light
from bpviz.explain.numbers import number_text

UNITS_DRAWN = 6
MOST_LABELS = 12
"""Between two layers with more connections than this, weights are not written."""
UNKNOWN = "?"
CARD_WIDTH, CARD_HEIGHT, INPUT_HEIGHT = 120, 92, 52
COLUMN_GAP, ROW_GAP, INPUT_GAP, MARGIN, HEADER = 150, 24, 44, 20, 58
LABEL_HEIGHT = 18
LABEL_SHARES = (0.25, 0.2, 0.75, 0.8)
"""How far along its connection a weight may stand."""
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
FAINT, LINE = light("soft"), light("edge-of-card")
PAPER, TINT = light("card"), light("tint")
FORWARD_COLOUR, BACKWARD_COLOUR = light("forward"), light("backward")

CardLine = tuple[str, str, str]
"""A line in a card: a symbol, what stands after it, and the symbol's colour."""


@dataclass(frozen=True)
class Card:
    """Where a unit is drawn: layer and unit from 0 (layer 0 is the input), and its box."""

    layer: int
    unit: int
    x: float
    y: float
    height: float

    @property
    def middle(self) -> float:
        """The height at which connections arrive and leave."""
        return self.y + self.height / 2


@dataclass(frozen=True)
class Connection:
    """A line between the cards of two units, and where its weight stands, if it is written."""

    source: Card
    target: Card
    label: tuple[float, float] | None


@dataclass(frozen=True)
class Geometry:
    """A drawing of a network: its size, its cards, and how many units each layer leaves out."""

    width: float
    height: float
    cards: tuple[Card, ...]
    hidden: tuple[int, ...]

    def connections(self, layer: int) -> list[Connection]:
        """Return what leads into the units of a layer, counted from 1."""
        sources = [card for card in self.cards if card.layer == layer - 1]
        targets = [card for card in self.cards if card.layer == layer]
        if len(sources) * len(targets) > MOST_LABELS:
            return [Connection(*ends, None) for ends in product(sources, targets)]
        share = _label_share([card.middle for card in sources], [card.middle for card in targets])
        return [
            Connection(
                source,
                target,
                (
                    source.x + CARD_WIDTH + share * (target.x - source.x - CARD_WIDTH),
                    source.middle + share * (target.middle - source.middle),
                ),
            )
            for source, target in product(sources, targets)
        ]


def _label_share(sources: Sequence[float], targets: Sequence[float]) -> float:
    """Return how far along the connections weights stand, so that none lies on another."""

    def closest(share: float) -> float:
        heights = sorted(one + share * (other - one) for one, other in product(sources, targets))
        return min((below - above for above, below in pairwise(heights)), default=math.inf)

    fitting = (share for share in LABEL_SHARES if closest(share) >= LABEL_HEIGHT)
    return next(fitting, max(LABEL_SHARES, key=closest))


def geometry(sizes: tuple[int, ...]) -> Geometry:
    """Return where the units of a network are drawn.

    Parameters
    ----------
    sizes : tuple of int
        Units of each layer, the input first. Of a layer with more than six units the
        first five and the last are drawn.
    """
    shown = [_shown(size) for size in sizes]
    heights = [INPUT_HEIGHT if layer == 0 else CARD_HEIGHT for layer in range(len(sizes))]
    gaps = [INPUT_GAP if layer == 0 else ROW_GAP for layer in range(len(sizes))]
    columns = [
        len(units) * height + (len(units) - 1) * gap
        for units, height, gap in zip(shown, heights, gaps, strict=True)
    ]
    tallest = max(columns)
    cards = []
    for layer, (units, height, gap) in enumerate(zip(shown, heights, gaps, strict=True)):
        x = MARGIN + layer * (CARD_WIDTH + COLUMN_GAP)
        top = HEADER + (tallest - columns[layer]) / 2
        for row, unit in enumerate(units):
            cards.append(Card(layer, unit, x, top + row * (height + gap), height))
    width = 2 * MARGIN + len(sizes) * CARD_WIDTH + (len(sizes) - 1) * COLUMN_GAP
    hidden = tuple(size - len(units) for size, units in zip(sizes, shown, strict=True))
    return Geometry(width, HEADER + tallest + MARGIN + 24, tuple(cards), hidden)


def _shown(size: int) -> list[int]:
    if size <= UNITS_DRAWN:
        return list(range(size))
    return [*range(UNITS_DRAWN - 1), size - 1]


def svg(trace: Trace, title: str = "", hidden: Container[str] = ()) -> str:
    """Return a picture of a trace as SVG text, the same for the same numbers.

    Every unit shows its aggregate a, activation h and delta δ; every connection its weight.
    The refs in `hidden` have a "?" in the place of their number.
    """
    return document(*diagram(trace, title, hidden))


def document(width: float, height: float, parts: list[str]) -> str:
    """Return a whole SVG document of the given size."""
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
            f'width="{width:g}" height="{height:g}" role="img" '
            f'font-family="{FONT}" font-size="13">',
            f'<rect width="{width:g}" height="{height:g}" rx="8" fill="{PAPER}"/>',
            *parts,
            "</svg>",
        ]
    )


def diagram(
    trace: Trace, title: str = "", hidden: Container[str] = ()
) -> tuple[float, float, list[str]]:
    """Return the width, the height and the SVG elements of the picture of a trace."""
    loss = number_text(trace["loss"] if trace.layout.samples == 1 else trace.loss[trace.sample])
    loss = UNKNOWN if "loss" in hidden else loss
    summary = f"{_summary(trace.network)}, loss of the sample {loss}"
    legend = "a aggregate · h activation · δ delta · on the lines weights, dashed if negative"

    def rows(layer: int, unit: int) -> list[CardLine]:
        shown = [
            ("a", f"a{layer}", FORWARD_COLOUR),
            ("h", f"h{layer}", FORWARD_COLOUR),
            ("δ", f"d{layer}", BACKWARD_COLOUR),
        ]
        made = []
        for symbol, register, colour in shown if layer else [("x", "x", FORWARD_COLOUR)]:
            ref = trace.layout.register(register).refs[unit]
            made.append((symbol, UNKNOWN if ref in hidden else number_text(trace[ref]), colour))
        return made

    return _drawing(trace.network, title, summary, legend, rows)


def network_diagram(network: Network, title: str = "") -> tuple[float, float, list[str]]:
    """Return the width, the height and the SVG elements of the picture of a network.

    Every unit shows its bias b and its activation function f; every connection its weight.
    """

    def rows(layer: int, unit: int) -> list[CardLine]:
        if not layer:
            return [("x", "", FORWARD_COLOUR)]
        made = network.layers[layer - 1]
        return [
            ("b", number_text(made.bias[unit]), INK),
            ("f", made.activation.title, FORWARD_COLOUR),
        ]

    summary = f"{_summary(network)}, loss {network.loss.title}"
    legend = "b bias · f activation function · on the lines weights, dashed if negative"
    return _drawing(network, title, summary, legend, rows)


def has_undrawn_units(network: Network) -> bool:
    """Return whether the picture of a network leaves out units of a layer."""
    return max(network.sizes) > UNITS_DRAWN


def outline(network: Network, title: str = "") -> str:
    """Return a picture of a network as SVG text: a box for each layer, without any number.

    It has a tenth of the bytes of a wide network's picture with units.
    """
    parts = _heading(title, _summary(network))
    step = CARD_WIDTH + COLUMN_GAP
    for layer, size in enumerate(network.sizes):
        box = Card(layer, 0, MARGIN + layer * step, HEADER, CARD_HEIGHT)
        rows: list[CardLine] = [(counted(size, "unit" if layer else "input"), "", INK)]
        if layer:
            made = network.layers[layer - 1]
            rows.append(("f", made.activation.title, FORWARD_COLOUR))
            parts += [
                f'<line x1="{box.x - COLUMN_GAP:g}" y1="{box.middle:g}" x2="{box.x:g}" '
                f'y2="{box.middle:g}" stroke="{INK}" stroke-width="2"/>',
                text(
                    box.x - COLUMN_GAP / 2,
                    box.middle - 10,
                    counted(made.weights.size, "weight"),
                    INK,
                    anchor="middle",
                ),
            ]
        parts += _card(box, f"layer {layer}" if layer else "input", rows)
    bottom = HEADER + CARD_HEIGHT + 24
    parts.append(text(MARGIN, bottom, "f activation function", FAINT, size=12))
    width = MARGIN + len(network.sizes) * step - COLUMN_GAP + MARGIN
    return document(width, bottom + MARGIN, parts)


def _summary(network: Network) -> str:
    names = " → ".join(layer.activation.name for layer in network.layers)
    return f"{'-'.join(map(str, network.sizes))} network ({names})"


def _drawing(
    network: Network,
    title: str,
    summary: str,
    legend: str,
    rows: Callable[[int, int], list[CardLine]],
) -> tuple[float, float, list[str]]:
    """Return a picture of a network, with rows in the card of each unit of each layer."""
    place = geometry(network.sizes)
    parts = [*_heading(title, summary), *_connections(network, place)]
    for card in place.cards:
        unit = card.unit + 1
        name = f"layer {card.layer}, unit {unit}" if card.layer else f"input {unit}"
        parts += _card(card, name, rows(card.layer, card.unit))
    for layer, count in enumerate(place.hidden):
        if count:
            x = MARGIN + layer * (CARD_WIDTH + COLUMN_GAP) + CARD_WIDTH / 2
            bottom = max(c.y + c.height for c in place.cards if c.layer == layer)
            words = f"⋮ {count} more unit{'s' * (count > 1)}"
            parts.append(text(x, bottom + 16, words, FAINT, anchor="middle"))
    parts.append(text(MARGIN, place.height - 10, legend, FAINT, size=12))
    return place.width, place.height, parts


def _heading(title: str, summary: str) -> list[str]:
    """Return the title of a picture, and below it the summary, which stands in for one."""
    parts = [
        f"<title>{escape(title or summary, quote=False)}</title>",
        text(MARGIN, 24, title or summary, INK, size=15, weight=600),
    ]
    return [*parts, text(MARGIN, 43, summary, FAINT)] if title else parts


def _connections(network: Network, place: Geometry) -> list[str]:
    lines, labels = [], []
    for layer in range(1, len(network.sizes)):
        weights = network.layers[layer - 1].weights
        largest = max(float(abs(weights).max()), 1e-12)
        for connection in place.connections(layer):
            source, target = connection.source, connection.target
            weight = float(weights[target.unit, source.unit])
            dash = ' stroke-dasharray="6 4"' if weight < 0 else ""
            colour = NEGATIVE if weight < 0 else POSITIVE
            lines.append(
                f'<line x1="{source.x + CARD_WIDTH:g}" y1="{source.middle:.1f}" '
                f'x2="{target.x:g}" y2="{target.middle:.1f}" '
                f'stroke="{colour}" stroke-opacity="0.75" '
                f'stroke-width="{1 + 3 * abs(weight) / largest:.2f}"{dash}/>'
            )
            if connection.label:
                labels += _label(*connection.label, number_text(weight))
    return lines + labels


def _label(x: float, y: float, words: str) -> list[str]:
    width = 8 * len(words) + 6
    return [
        f'<rect x="{x - width / 2:.1f}" y="{y - LABEL_HEIGHT / 2:.1f}" '
        f'width="{width:g}" height="{LABEL_HEIGHT}" rx="4" '
        f'fill="{PAPER}" fill-opacity="0.92"/>',
        text(x, y + 4.5, words, INK, anchor="middle"),
    ]


def _card(card: Card, name: str, rows: list[CardLine]) -> list[str]:
    box = (
        f'<rect x="{card.x:g}" y="{card.y:.1f}" width="{CARD_WIDTH}" height="{card.height:g}" '
        f'rx="8" fill="{TINT}" stroke="{LINE}"/>'
    )
    parts = [box, text(card.x + 10, card.y + 18, name, FAINT, size=12)]
    for row, (symbol, words, colour) in enumerate(rows):
        y = card.y + 38 + row * 21
        parts.append(text(card.x + 10, y, symbol, colour, weight=600))
        if words:
            parts.append(text(card.x + CARD_WIDTH - 10, y, words, INK, anchor="end"))
    return parts


def text(
    x: float,
    y: float,
    words: str,
    colour: str,
    size: int = 13,
    weight: int = 400,
    anchor: str = "start",
) -> str:
    """Return a line of text, its characters escaped."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" font-size="{size}" '
        f'font-weight="{weight}" text-anchor="{anchor}">{escape(words, quote=False)}</text>'
    )
