"""Run in each kernel first: what is shown is kept whole, for a page has more room than a notebook.

Panels keep all that a page of their own would have. Pictures with sliders, which only Python can
draw, are drawn beforehand: for each slider at its places, while the others stand where they begin.
A figure has words that stand for its picture: what is written at it.
"""

from base64 import b64encode
from io import BytesIO
from math import ceil
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

from bpviz.explain.numbers import number_text
from bpviz.panels import kept
from bpviz.panels.panel import PAGE_BYTES
from bpviz.panels.slider_panel import SliderPanel

MOST_PLACES = 26
"""Of one slider."""
SLIDERS = "application/vnd.bpviz.sliders+json"

kept.LIMITS.update(bytes=10_000_000, bytes_of_run=PAGE_BYTES, characters=10_000_000)


def picture(panel: SliderPanel) -> dict[str, str]:
    """Return what a panel shows now: its picture as the address of an image, and its words."""
    file = BytesIO()
    Image.open(BytesIO(panel._png)).convert("RGB").save(file, "WEBP", quality=80)
    data = b64encode(file.getvalue()).decode()
    return {"src": f"data:image/webp;base64,{data}", "alt": panel.words}


def places(slider: Any) -> list[float]:
    """Return where a slider may stand: where it stands now, and others at even distances."""
    steps = round((slider.max - slider.min) / slider.step)
    apart = ceil(steps / MOST_PLACES) * slider.step
    below = int((slider.value - slider.min) / apart + 1e-9)
    above = int((slider.max - slider.value) / apart + 1e-9)
    return [round(slider.value + k * apart, 9) for k in range(-below, above + 1)]


def moved(panel: SliderPanel) -> list[dict[str, Any]]:
    """Return each slider with its places and what is shown there."""
    start = dict(panel.values)
    sliders = []
    for name, slider in panel._sliders.items():
        values = places(slider)
        shown = []
        for value in values:
            panel.set(**{name: value})
            shown.append({"value": number_text(value), **picture(panel)})
        panel.set(**start)
        sliders.append(
            {"name": slider.description, "at": values.index(start[name]), "shown": shown}
        )
    return sliders


def shown_with_its_places(panel: SliderPanel, **_options: Any) -> dict[str, Any]:
    """Return what a page keeps of a picture with sliders."""
    return {"text/plain": repr(panel), SLIDERS: moved(panel)}


SliderPanel._repr_mimebundle_ = shown_with_its_places


def words_of(figure: Figure) -> str:
    """Return what is written at a figure, for those who do not see it."""
    return ". ".join(words for axes in figure.axes if (words := words_at(axes)))


def words_at(axes: Axes) -> str:
    """Return the title of a coordinate system, what its axes show, and its legend."""
    titles = [axes.get_title(place) for place in ("left", "center", "right")]
    shown = {"across": axes.get_xlabel(), "up": axes.get_ylabel()}
    legend = axes.get_legend()
    names = [text.get_text() for text in legend.get_texts()] if legend else []
    parts = [*titles, *(f"{way}: {label}" for way, label in shown.items() if label)]
    return "; ".join(part for part in [*parts, ", ".join(names)] if part)


Figure.__repr__ = words_of
