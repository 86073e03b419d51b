"""A picture with sliders: what it shows follows them."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any

import anywidget
import ipywidgets
import traitlets

from bpviz.core.arguments import finite_array, one_number, shortened
from bpviz.explain.numbers import number_text
from bpviz.panels import displayed
from bpviz.panels.bundle import text_of
from bpviz.panels.kept import SAVED

if TYPE_CHECKING:
    from matplotlib.figure import Figure

STEPS = 100
"""So many steps a slider has where none is given."""


class _Picture(anywidget.AnyWidget):
    """A picture that stays until the next can be painted; its script leads out of the sliders."""

    address = traitlets.Unicode().tag(sync=True)
    words = traitlets.Unicode().tag(sync=True)
    places = traitlets.Unicode().tag(sync=True)
    error = traitlets.Unicode().tag(sync=True)

    _esm = traitlets.Unicode().tag(sync=True)

    @traitlets.default("_esm")
    def _script(self) -> str:
        return text_of("picture.js")


class SliderPanel(ipywidgets.VBox):  # type: ignore[misc]
    """Sliders over a picture that is drawn anew for each place of theirs.

    The words of the picture, for who does not see it, are the titles of its axes. A notebook that
    is opened again shows the last picture, and where the sliders were left, until the cell is run.
    Where `draw` fails for some values, the picture stays as it was, and the panel says why.

    Parameters
    ----------
    draw : callable
        Gets the values of all sliders by name, and returns Matplotlib's axes.
    **sliders : (low, high, start) or (low, high, start, step)
        The range of each slider and where it begins. With a whole `step` the values are whole
        numbers. In a name, "_" is shown as a space.

    Attributes
    ----------
    values : dict
        Where the sliders stand.
    words : str
        The titles of the axes.

    Raises
    ------
    TypeError, ValueError
        If `draw` is no function or returns no axes, or a slider is not such a list of numbers.

    Examples
    --------
    >>> def loss(w):
    ...     return 0.5 * (2 * w - 3) ** 2
    ...
    >>> panel = bp.SliderPanel(lambda weight: bp.plot.slope(loss, at=weight), weight=(-1, 4, 0.5))
    >>> panel.set(weight=1.5)
    >>> panel
    SliderPanel(weight 1.5)
    """

    def __init__(self, draw: Callable[..., Any], **sliders: tuple[float, ...]) -> None:
        if not callable(draw):
            raise TypeError(f"draw is {shortened(draw)}; give a function that returns axes")
        if not sliders:
            raise ValueError("sliders is empty; give at least one, such as bias=(-4, 4, 0)")
        self._draw = draw
        self._sliders = {name: _slider(name, given) for name, given in sliders.items()}
        self._picture = _Picture()
        self.words, self._png = "", b""
        self._show()
        for slider in self._sliders.values():
            slider.observe(self._follow, names="value")
        super().__init__([*self._sliders.values(), self._picture])

    @property
    def values(self) -> Mapping[str, float]:
        """Where the sliders stand."""
        return {name: slider.value for name, slider in self._sliders.items()}

    def set(self, **values: float) -> None:
        """Move sliders, as a hand would.

        Raises
        ------
        TypeError, ValueError
            If there is no such slider, or the value is no number within its range.
        """
        checked: dict[str, float] = {}
        for name, value in values.items():
            if name not in self._sliders:
                known = ", ".join(self._sliders)
                raise ValueError(f"{name} is no slider of this panel; it has {known}")
            slider = self._sliders[name]
            number = one_number(name, value)
            if not slider.min <= number <= slider.max:
                raise ValueError(
                    f"{name} is {shortened(value)}; give {slider.min:g} to {slider.max:g}"
                )
            checked[name] = type(slider.value)(number)
        for name, number in checked.items():
            self._sliders[name].value = number

    def _follow(self, _change: Any) -> None:
        try:
            self._show()
        except Exception as error:
            what = f"{type(error).__name__}: {error}"
            self._picture.error = f"The picture is that of earlier values: draw failed with {what}"
            raise

    def _show(self) -> None:
        try:
            axes = self._draw(**self.values)
        except TypeError as error:
            names = ", ".join(self._sliders)
            raise TypeError(f"draw cannot be called with {names}: {error}") from error
        figure = getattr(axes, "figure", None)
        if figure is None:
            raise TypeError(f"draw returned {shortened(axes)}; return the axes that it drew in")
        self._png, self.words = _png(figure), "; ".join(_titles(figure))
        address = f"data:image/png;base64,{b64encode(self._png).decode()}"
        with self._picture.hold_sync():
            self._picture.set_trait("words", self.words)
            self._picture.set_trait("places", self._places())
            self._picture.set_trait("address", address)
            self._picture.set_trait("error", "")

    def close(self) -> None:
        """Close the panel and what is in it."""
        for child in self.children:
            child.close()
        super().close()
        # ipywidgets hides this of what is closed.
        self.__dict__.pop("_repr_mimebundle_", None)

    def open(self) -> None:
        """Make the panel ready to be shown; nothing happens if it is."""
        for child in self.children:
            child.open()
        super().open()

    def _places(self) -> str:
        return ", ".join(f"{name} {number_text(value)}" for name, value in self.values.items())

    def __repr__(self) -> str:
        return f"SliderPanel({self._places()})"

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        self.open()
        displayed.note(self)
        data = super()._repr_mimebundle_(**kwargs) or {}
        return {
            **data,
            "text/plain": repr(self),
            "image/png": b64encode(self._png).decode(),
            SAVED: {"sliders": self._picture.places, "words": self._picture.words},
        }


def _slider(name: str, given: tuple[float, ...]) -> Any:
    numbers = finite_array(name, given)
    if numbers.shape not in ((3,), (4,)) or not numbers[0] <= numbers[2] <= numbers[1]:
        raise ValueError(
            f"{name} is {shortened(given)}; give the lowest and the highest value and the start "
            "between them, such as (-4, 4, 0)"
        )
    low, high, start = (float(number) for number in numbers[:3])
    step = float(numbers[3]) if len(numbers) == 4 else (high - low) / STEPS
    if not low < high or not 0 < step <= high - low:
        raise ValueError(
            f"{name} is {shortened(given)}; the highest value must be above the lowest, and the "
            "step above 0 and no longer than the way between them"
        )
    whole = len(numbers) == 4 and all(number.is_integer() for number in (low, high, start, step))
    kind = ipywidgets.IntSlider if whole else ipywidgets.FloatSlider
    shape = int if whole else float
    return kind(
        value=shape(start),
        min=shape(low),
        max=shape(high),
        step=shape(step),
        description=name.replace("_", " "),
        style={"description_width": "8em"},
        layout={"width": "32em", "max_width": "100%"},
    )


def _png(figure: Figure) -> bytes:
    """Return a figure as a picture, and close it: a notebook would show it once more.

    With 256 colours, which nobody tells from all, it takes a quarter or a third of the room.
    """
    import matplotlib.pyplot as plt
    from PIL import Image

    drawn, file = BytesIO(), BytesIO()
    figure.savefig(drawn, format="png", dpi=100)
    plt.close(figure)
    colours = Image.Quantize.MAXCOVERAGE
    picture = Image.open(drawn).convert("RGB").quantize(256, colours, dither=Image.Dither.NONE)
    picture.save(file, "PNG")
    return file.getvalue()


def _titles(figure: Figure) -> list[str]:
    titles = [ax.get_title(loc=place) for ax in figure.axes for place in ("left", "center")]
    return [title for title in titles if title]
