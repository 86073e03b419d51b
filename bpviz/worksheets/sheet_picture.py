"""The picture on a worksheet: a network whose numbers are filled in, or left to fill in."""

from __future__ import annotations

from bpviz.draw.diagram import CARD_WIDTH, HEADER, Card, document, geometry, text
from bpviz.worksheets.friendly import Problem

PRINTED_INK, PRINTED_FAINT, PRINTED_LINE = "#000000", "#444444", "#777777"
MOST_WEIGHTS_DRAWN = 9
"""With more connections than this in a layer, the weights stand in the matrices only."""


def sheet_picture(problem: Problem, shown: frozenset[str]) -> str:
    """Return the network of a problem as SVG.

    Parameters
    ----------
    problem : Problem
        The numbers.
    shown : frozenset of str
        The registers whose numbers are filled in; for the others there is a line.
    """
    sizes = problem.trace.network.sizes
    place = geometry(sizes)
    sources = {layer: [c for c in place.cards if c.layer == layer] for layer in range(len(sizes))}
    lines, labels = [], []
    for layer in range(1, len(sizes)):
        for source in sources[layer - 1]:
            for target in sources[layer]:
                x1, y1, x2, y2 = source.x + CARD_WIDTH, source.middle, target.x, target.middle
                lines.append(
                    f'<line x1="{x1:g}" y1="{y1:.1f}" x2="{x2:g}" y2="{y2:.1f}" '
                    f'stroke="{PRINTED_LINE}" stroke-width="1.2"/>'
                )
                if len(sources[layer - 1]) * len(sources[layer]) <= MOST_WEIGHTS_DRAWN:
                    weight = problem.text(f"W{layer}[{target.unit},{source.unit}]")
                    labels += _label(x1 + 0.27 * (x2 - x1), y1 + 0.27 * (y2 - y1), weight)
    parts = [f"<title>{_words(sizes)}</title>", *lines, *labels]
    for card in place.cards:
        parts += _card(problem, card, shown)
    top = HEADER - 8
    picture = document(place.width, place.height, parts)
    size = f'viewBox="0 0 {place.width:g} {place.height:g}"'
    cropped = f'viewBox="0 {top} {place.width:g} {place.height - top - 36:g}"'
    return picture.replace(size, cropped).replace(f' height="{place.height:g}" role', " role")


def _words(sizes: tuple[int, ...]) -> str:
    layers = ", ".join(f"{units} in layer {number}" for number, units in enumerate(sizes[1:], 1))
    return f"The network: {sizes[0]} inputs; units: {layers}"


def _label(x: float, y: float, words: str) -> list[str]:
    width = 7.5 * len(words) + 6
    return [
        f'<rect x="{x - width / 2:.1f}" y="{y - 9:.1f}" width="{width:g}" height="18" '
        'fill="#ffffff"/>',
        text(x, y + 4.5, words, PRINTED_INK, anchor="middle"),
    ]


def _card(problem: Problem, card: Card, shown: frozenset[str]) -> list[str]:
    layer, unit = card.layer, card.unit
    if layer == 0:
        name, rows = f"input {unit + 1}", [("x", "x")]
    else:
        name = f"{layer},{unit + 1}"
        rows = [("a", f"a{layer}"), ("h", f"h{layer}"), ("δ", f"d{layer}")]
    parts = [
        f'<rect x="{card.x:g}" y="{card.y:.1f}" width="{CARD_WIDTH}" height="{card.height:g}" '
        f'rx="8" fill="#ffffff" stroke="{PRINTED_INK}"/>',
        text(card.x + 10, card.y + 18, name, PRINTED_FAINT, size=12),
    ]
    if layer:
        bias = f"b = {problem.text(f'b{layer}[{unit}]')}"
        parts.append(
            text(card.x + CARD_WIDTH - 10, card.y + 18, bias, PRINTED_INK, size=12, anchor="end")
        )
    for row, (symbol, register) in enumerate(rows):
        y = card.y + 38 + row * 21
        parts.append(text(card.x + 10, y, symbol, PRINTED_INK, weight=600))
        if register in shown:
            number = problem.text(f"{register}[{unit}]")
            parts.append(text(card.x + CARD_WIDTH - 10, y, number, PRINTED_INK, anchor="end"))
        else:
            parts.append(
                f'<line x1="{card.x + 34:g}" y1="{y + 2:.1f}" x2="{card.x + CARD_WIDTH - 10:g}" '
                f'y2="{y + 2:.1f}" stroke="{PRINTED_LINE}" stroke-dasharray="1.5 2.5"/>'
            )
    return parts
