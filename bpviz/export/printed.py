"""Notebooks for print: in LaTeX and PDF the panels are pictures, and nothing but TeX is needed.

nbconvert turns SVG into PDF by Inkscape, and refuses without it. The pictures of panels, networks,
examples, updates and runs consist of text, rectangles and lines, which Matplotlib draws as well.
"""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Literal
from xml.etree import ElementTree

from nbconvert.exporters.latex import LatexExporter
from nbconvert.exporters.pdf import PDFExporter

SVG, PDF = "image/svg+xml", "application/pdf"
POINTS_PER_PIXEL = 0.75
"""As CSS has it: 96 pixels and 72 points make an inch."""
MOST_PIXELS = 20_000
HALF_BOLD = 600
"""The weight of a heading; Matplotlib's own font has no other than normal and bold."""

Attributes = Mapping[str, str]


class PanelLatexExporter(LatexExporter):
    """A notebook in LaTeX with pictures of its panels.

    It is nbconvert's exporter ``bpviz-latex``: ``jupyter nbconvert --to bpviz-latex NOTEBOOK``.
    """

    export_from_notebook = "LaTeX with pictures of panels"

    def from_notebook_node(
        self, nb: Any, resources: Any = None, **options: Any
    ) -> tuple[Any, dict[str, Any]]:
        """Return the document of a notebook, and what nbconvert keeps beside it."""
        notebook = deepcopy(nb)
        for cell in notebook.get("cells", []):
            for output in cell.get("outputs", []):
                _add_pdf(output.get("data", {}))
        body, kept = super().from_notebook_node(notebook, resources, **options)  # type: ignore[no-untyped-call]
        return body, kept


class PanelPDFExporter(PanelLatexExporter, PDFExporter):
    """A notebook as PDF with pictures of its panels, made by XeTeX.

    It is nbconvert's exporter ``bpviz-pdf``: ``jupyter nbconvert --to bpviz-pdf NOTEBOOK``.
    """

    export_from_notebook = "PDF with pictures of panels"


def _add_pdf(data: dict[str, Any]) -> None:
    """Put a PDF beside an SVG that this package draws; another's is left to nbconvert."""
    picture = data.get(SVG)
    if not isinstance(picture, str) or PDF in data:
        return
    try:
        data[PDF] = b64encode(as_pdf(picture)).decode()
    except ValueError:
        return


def as_pdf(picture: str) -> bytes:
    """Return a picture that this package draws, an SVG, as a PDF; the same for the same.

    Raises
    ------
    ValueError
        If the picture holds anything that this package does not draw.
    """
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
    figure = Figure(figsize=(inches[0], inches[1]))
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
    drawn = io.BytesIO()
    figure.savefig(drawn, format="pdf", metadata={"CreationDate": None})
    return drawn.getvalue()


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
