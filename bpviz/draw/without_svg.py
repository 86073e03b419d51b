"""Pictures of this package where no SVG is shown: as a PDF and as a PNG, drawn by Matplotlib.

The pictures of panels, networks, examples, updates and runs consist of text, rectangles and lines,
which Matplotlib draws as well.
"""

from __future__ import annotations

import io
import math
import re
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal
from xml.etree import ElementTree
from zlib import crc32

POINTS_PER_PIXEL = 0.75
"""As CSS has it: 96 pixels and 72 points make an inch."""
PIXELS_PER_INCH = 96
MOST_PIXELS = 20_000
RESOLUTIONS = (PIXELS_PER_INCH, 72, 60)
"""Pixels per inch of a PNG: fewer, as long as it has more than a few bytes."""
COARSE_RESOLUTIONS = (54, 48)
"""And where it may not have more than there is room for."""
FEW_BYTES = 8_500
MOST_COLOURS = 16
"""Of a PNG, so that a byte holds two pixels."""
DARK = 2
"""Red, green and blue together, of which white has 3; darker letters have soft edges."""
BOX = r"M([\d.-]+) ([\d.-]+)h([\d.]+)v([\d.]+)h-[\d.]+z"
"""A rectangle in a path, as `compact` writes it."""
HALF_BOLD = 600
"""The weight of a heading; Matplotlib's own font has no other than normal and bold."""

Attributes = Mapping[str, str]


def as_pdf(picture: str) -> bytes:
    """Return a picture that this package draws, an SVG, as a PDF; the same for the same.

    Raises
    ------
    ValueError
        If the picture holds anything that this package does not draw.
    """
    drawn = io.BytesIO()
    _figure(picture).savefig(drawn, format="pdf", metadata={"CreationDate": None})
    return drawn.getvalue()


def as_png(picture: str, most: float = math.inf) -> bytes:
    """Return a picture that this package draws, an SVG, as a PNG of its size, or a smaller one.

    Parameters
    ----------
    picture : str
        The SVG.
    most : int
        Bytes that it may have; the smallest resolution is taken if none has so few.

    Raises
    ------
    ValueError
        If the picture holds anything that this package does not draw.
    """
    drawn = b""
    for resolution in RESOLUTIONS:
        drawn = _png(picture, resolution)
        if len(drawn) <= min(FEW_BYTES, most):
            break
    for resolution in COARSE_RESOLUTIONS:
        if len(drawn) <= most:
            break
        drawn = _png(picture, resolution)
    return drawn


def _png(picture: str, resolution: float) -> bytes:
    """Return a picture as a PNG with at most 16 colours, of which a byte holds two."""
    import numpy as np
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    canvas = FigureCanvasAgg(_figure(picture, resolution))
    canvas.draw()  # type: ignore[no-untyped-call]
    pixels = np.asarray(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
    palette = Image.new("P", (1, 1))
    colours = _palette(picture)
    # Pillow would fill it up with black.
    palette.putpalette(colours + colours[:3] * (256 - len(colours) // 3))
    drawn = Image.fromarray(pixels).convert("RGB")
    numbers = np.asarray(drawn.quantize(palette=palette, dither=Image.Dither.NONE), np.uint8)
    numbers = np.where(numbers < len(colours) // 3, numbers, 0)
    height, width = numbers.shape
    pairs = np.pad(numbers, ((0, 0), (0, width % 2))).reshape(height, -1, 2)
    lines = np.pad(16 * pairs[..., 0] + pairs[..., 1], ((0, 0), (1, 0)))
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 4, 3, 0, 0, 0)),
        (b"PLTE", bytes(colours)),
        (b"IDAT", zlib.compress(lines.tobytes(), 9)),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", crc32(kind + content))
        for kind, content in chunks
    )


def _palette(picture: str) -> list[int]:
    """Return red, green and blue of the colours of a picture, and of edges of its letters."""
    from matplotlib.colors import to_rgb

    def on_paper(colour: Sequence[float], opacity: float) -> tuple[int, ...]:
        return tuple(round(255 * (opacity * part + 1 - opacity)) for part in colour)

    plain, halves = [on_paper((1, 1, 1), 1)], []
    for _, given in _elements(ElementTree.fromstring(picture), {}):
        for paint in ("fill", "stroke"):
            colour, opacity = _colour(given, paint)
            if colour != "none":
                plain.append(on_paper(to_rgb(colour), opacity))
                if sum(to_rgb(colour)) < DARK:
                    halves.append(on_paper(to_rgb(colour), opacity / 2))
    chosen = list(dict.fromkeys([*plain, *halves]))[:MOST_COLOURS]
    return [part for colour in chosen for part in colour]


def _figure(picture: str, resolution: float = PIXELS_PER_INCH) -> Any:
    """Return a picture as a figure of its size, with so many pixels per inch."""
    from matplotlib.figure import Figure

    if "<!" in picture:
        raise ValueError("picture declares what no picture of this package does")
    try:
        root = ElementTree.fromstring(picture)
    except ElementTree.ParseError as error:
        raise ValueError(f"picture is not an SVG: {error}") from None
    width, height = (float(root.get(name, "nan")) for name in ("width", "height"))
    if not (0 < width < MOST_PIXELS and 0 < height < MOST_PIXELS):
        raise ValueError("picture has no width and height in pixels")
    inches = [side * POINTS_PER_PIXEL / 72 for side in (width, height)]
    figure = Figure(figsize=(inches[0], inches[1]), dpi=resolution)
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(height, 0))
    axes.set_axis_off()
    for order, (element, given) in enumerate(_elements(root, {})):
        kind = element.tag.rpartition("}")[2]
        if kind not in DRAWN:
            raise ValueError(f"picture holds {kind}; this package draws {', '.join(DRAWN)}")
        try:
            artist = DRAWN[kind](given, "".join(element.itertext()))
        except KeyError as error:
            raise ValueError(f"picture holds {kind} without {error}") from None
        if artist is not None:
            artist.set_zorder(order)
            axes.add_artist(artist)
    return figure


def _elements(parent: Any, inherited: Attributes) -> Iterator[tuple[Any, Attributes]]:
    """Yield what a picture and its groups hold, with the attributes of all that is around it."""
    around = {**inherited, **parent.attrib}
    for element in parent:
        if element.tag.rpartition("}")[2] == "g":
            yield from _elements(element, around)
        else:
            yield element, {**around, **element.attrib}


def _text(given: Attributes, words: str) -> Any:
    from matplotlib.text import Text

    sides: dict[str, Literal["center", "right"]] = {"middle": "center", "end": "right"}
    return Text(
        float(given["x"]),
        float(given["y"]),
        # A dollar sign would begin a formula.
        words.replace("$", r"\$"),
        color=given["fill"],
        fontsize=float(given["font-size"]) * POINTS_PER_PIXEL,
        fontweight="bold" if int(given.get("font-weight", "400")) >= HALF_BOLD else "normal",
        horizontalalignment=sides.get(given.get("text-anchor", ""), "left"),
        verticalalignment="baseline",
    )


def _rectangle(given: Attributes, _words: str) -> Any:
    from matplotlib.patches import FancyBboxPatch

    x, y, width, height, radius = (
        float(given.get(name, "0")) for name in ("x", "y", "width", "height", "rx")
    )
    return FancyBboxPatch(
        (x, y),
        width,
        height,
        boxstyle=f"round,pad=0,rounding_size={radius}" if radius else "square,pad=0",
        facecolor=_colour(given, "fill"),
        edgecolor=_colour(given, "stroke"),
        linewidth=float(given.get("stroke-width", "1")) * POINTS_PER_PIXEL,
    )


def _path(given: Attributes, _words: str) -> Any:
    """Return rectangles: each has a corner, and three sides along the axes."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    boxes = re.findall(BOX, given["d"])
    if "".join("M{} {}h{}v{}h-{}z".format(*box, box[2]) for box in boxes) != given["d"]:
        raise ValueError(f"picture has a path other than of rectangles: {given['d'][:40]}")
    paths = []
    for box in boxes:
        x, y, width, height = map(float, box)
        corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)]
        paths.append(Path(corners, closed=True))
    return PathPatch(Path.make_compound_path(*paths), facecolor=_colour(given, "fill"), linewidth=0)


def _line(given: Attributes, _words: str) -> Any:
    ends = [[float(given[name + end]) for end in "12"] for name in "xy"]
    return _stroke(given, *ends)


def _polyline(given: Attributes, _words: str) -> Any:
    places = [place.split(",") for place in given["points"].split()]
    return _stroke(given, *([float(place[axis]) for place in places] for axis in (0, 1)))


def _stroke(given: Attributes, x: list[float], y: list[float]) -> Any:
    from matplotlib.lines import Line2D

    width = float(given.get("stroke-width", "1"))
    dashes = [float(dash) / width for dash in given.get("stroke-dasharray", "").split()]
    return Line2D(
        x,
        y,
        color=_colour(given, "stroke"),
        linewidth=width * POINTS_PER_PIXEL,
        linestyle=(0, dashes) if dashes else "-",
    )


def _colour(given: Attributes, name: str) -> Any:
    return given.get(name, "none"), float(given.get(f"{name}-opacity", "1"))


def _nothing(_given: Attributes, _words: str) -> None:
    return None


DRAWN = {
    "rect": _rectangle,
    "path": _path,
    "line": _line,
    "polyline": _polyline,
    "text": _text,
    "title": _nothing,
    "style": _nothing,
}
"""What pictures are made of."""
