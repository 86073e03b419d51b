"""What a notebook shows of a network, an example, an update and a run: a picture."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Mapping
from html import escape
from typing import Any
from urllib.parse import unquote

from bpviz.core.arguments import Array
from bpviz.core.model.network import Network
from bpviz.core.run.example import Example
from bpviz.core.run.history import History
from bpviz.core.update.tape import Trace
from bpviz.core.words import counted
from bpviz.draw.compact import compact
from bpviz.draw.curve import CURVE_HEIGHT, curve
from bpviz.draw.diagram import FAINT, HEADER, MARGIN, document, network_diagram, svg, text
from bpviz.draw.palette import INK, PALETTE
from bpviz.explain.numbers import number_text

SVG, HTML = "image/svg+xml", "text/html"
OWN = "<svg class='bpviz-picture' "
"""How a picture begins that a notebook shows."""
IMAGE = re.compile(
    r'<img alt="[^"]*" src="data:image/svg\+xml(?P<is_coded>;base64)?,(?P<data>[^"]*)">'
)
"""What `as_image` writes; earlier versions had it in base 64."""
CODED = {ord(one): f"%{ord(one):02X}" for one in '"#%&\n'}
"""What the address of an image cannot hold as it is."""
WIDTH_OF_A_RUN = 660
SAMPLES_IN_A_PICTURE, NUMBERS_IN_A_PICTURE = 6, 4
LINE_HEIGHT = 20
DRAWN_WITH = (
    *("card", "tint", "ink", "soft", "edge-of-card"),
    *("forward", "backward", "positive-bar", "negative-bar"),
)
"""The colours of pictures, by their names in the palette."""

Pictured = Network | Example | Trace | History


def mimebundle(pictured: Pictured) -> dict[str, str]:
    """Return what a notebook shows beside the words, by its MIME type."""
    return {HTML: as_image(with_themes(picture_of(pictured)), repr(pictured))}


def with_themes(picture: str) -> str:
    """Return a picture that has the theme of the page around it.

    As an image it asks the page for its theme; as a part of the page it has the page's. What knows
    no such rules shows the light colours, which stand at each element.
    """
    rules = [".bpviz-picture:root{color-scheme:light dark}"]
    for day, night in (PALETTE[name] for name in DRAWN_WITH):
        rules += [
            f".bpviz-picture [{paint}='{day}']{{{paint}:light-dark({day},{night})}}"
            for paint in ("fill", "stroke")
            if f'{paint}="{day}"' in picture
        ]
    start, rest = compact(picture).split("\n", 1)
    start = re.sub(r'(?<=font-family=")[^"]*', "system-ui, sans-serif", start)
    start = start.replace('"', "'").replace("<svg ", OWN, 1)
    return f"{start}<style>{''.join(rules)}</style>{''.join(rest.splitlines())}"


def without_thin_lines(picture: str, excess: int) -> str:
    """Return a picture with fewer characters, so many if it can be; the thinnest lines go first."""
    lines = re.finditer(r"<line [^>]*stroke-width='([\d.]+)'/>", picture)
    for line in sorted(lines, key=lambda one: float(one[1])):
        if excess <= 0:
            break
        picture = picture.replace(line[0], "", 1)
        excess -= len(line[0])
    return picture


def as_image(picture: str, words: str) -> str:
    """Return a picture as HTML.

    An SVG of its own would be shown by no notebook that is not trusted, and nbconvert makes no
    LaTeX of one without Inkscape.
    """
    return f'<img alt="{escape(words)}" src="data:image/svg+xml,{picture.translate(CODED)}">'


def picture_in(data: Mapping[str, Any]) -> str:
    """Return the SVG in the data of an output, this package's or another's; empty without one."""
    alone, html = (_whole(data.get(kind)) for kind in (SVG, HTML))
    image = IMAGE.fullmatch(html)
    if alone or image is None:
        return alone
    if not image["is_coded"]:
        return unquote(image["data"])
    try:
        return b64decode(image["data"], validate=True).decode()
    except ValueError:
        return ""


def is_own(picture: str) -> bool:
    """Return whether a picture is one of this package, of this version or an earlier one."""
    return picture.replace('"', "'").startswith(OWN)


def _whole(text: object) -> str:
    """Return a text of a notebook, which may be kept as a list of lines."""
    lines = text if isinstance(text, list) else [text]
    return "".join(line for line in lines if isinstance(line, str))


def picture_of(pictured: Pictured) -> str:
    """Return a picture as SVG text, the same for the same numbers."""
    if isinstance(pictured, Trace):
        return svg(pictured)
    if isinstance(pictured, History):
        return _run(pictured)
    if isinstance(pictured, Example):
        return _example(pictured)
    return document(*network_diagram(pictured))


def _run(history: History) -> str:
    words = "-".join(map(str, history.start.sizes)) + " network"
    made = f"{counted(history.epochs, 'epoch')} of {counted(history.updates_per_epoch, 'update')}"
    how = f"learning rate {history.rule.learning_rate:g}, {history.rule.update} update"
    if history.stopped is not None:
        made += f", {history.stopped.reason} at update {len(history)}"
    parts = [
        f"<title>{escape(words, quote=False)}: {made}</title>",
        text(MARGIN, 24, words, INK, size=15, weight=600),
        text(MARGIN, 43, f"{made}; {how}", FAINT),
        *curve(history, WIDTH_OF_A_RUN, HEADER + 8),
    ]
    return document(WIDTH_OF_A_RUN, HEADER + CURVE_HEIGHT, parts)


def _example(example: Example) -> str:
    width, height, parts = network_diagram(example.network, example.title)
    count = len(example.inputs)
    lines = [
        f"{_numbers(x)} → {_numbers(y)}"
        for x, y in zip(example.inputs[:SAMPLES_IN_A_PICTURE], example.targets, strict=False)
    ]
    if count > SAMPLES_IN_A_PICTURE:
        lines.append(f"⋮ {count - SAMPLES_IN_A_PICTURE} more")
    parts.append(text(MARGIN, height + LINE_HEIGHT, counted(count, "sample"), INK, weight=600))
    for number, line in enumerate(lines, start=2):
        parts.append(text(MARGIN, height + number * LINE_HEIGHT, line, INK))
    return document(width, height + (len(lines) + 2) * LINE_HEIGHT, parts)


def _numbers(values: Array) -> str:
    shown = [number_text(value) for value in values[:NUMBERS_IN_A_PICTURE]]
    return f"({', '.join(shown)}{', …' if len(values) > NUMBERS_IN_A_PICTURE else ''})"
