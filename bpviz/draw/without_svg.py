"""Pictures of this package where no SVG is shown: as a PDF and as a PNG, drawn by Matplotlib.

The pictures of panels, networks, examples, updates and runs consist of text, rectangles and lines,
which Matplotlib draws as well.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any, Literal
from xml.etree import ElementTree

POINTS_PER_PIXEL = 0.75
"""As CSS has it: 96 pixels and 72 points make an inch."""
PIXELS_PER_INCH = 96
MOST_PIXELS = 20_000
SHADES = 32
"""Of a PNG: those of a picture, and what is between them at the edges of letters."""
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


def as_png(picture: str) -> bytes:
    """Return a picture that this package draws, an SVG, as a PNG of its size.

    Raises
    ------
    ValueError
        If the picture holds anything that this package does not draw.
    """
    import numpy as np
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    canvas = FigureCanvasAgg(_figure(picture))
    canvas.draw()  # type: ignore[no-untyped-call]
    pixels = np.asarray(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
    coloured = Image.fromarray(pixels).convert("RGB")
    drawn = io.BytesIO()
    coloured.quantize(SHADES).save(drawn, "png", optimize=True)
    return drawn.getvalue()


def _figure(picture: str) -> Any:
    """Return a picture as a figure of its size."""
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
    figure = Figure(figsize=(inches[0], inches[1]), dpi=PIXELS_PER_INCH)
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(height, 0))
    axes.set_axis_off()
    for order, element in enumerate(root):
        kind = element.tag.rpartition("}")[2]
        if kind not in DRAWN:
            raise ValueError(f"picture holds {kind}; this package draws {', '.join(DRAWN)}")
        given = {**root.attrib, **element.attrib}
        try:
            artist = DRAWN[kind](given, "".join(element.itertext()))
        except KeyError as error:
            raise ValueError(f"picture holds {kind} without {error}") from None
        if artist is not None:
            artist.set_zorder(order)
            axes.add_artist(artist)
    return figure


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
    "line": _line,
    "polyline": _polyline,
    "text": _text,
    "title": _nothing,
    "style": _nothing,
}
"""What pictures are made of."""
