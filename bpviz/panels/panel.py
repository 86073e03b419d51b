"""What all panels share: the traits that the browser sees, and the answers to its messages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import anywidget
import numpy as np
import traitlets

from bpviz.core.arguments import Array, index_in, shortened, text
from bpviz.core.update.tape import Trace, parse_ref
from bpviz.core.words import counted
from bpviz.draw.loss_curves import best_constant
from bpviz.draw.pictures import HTML, as_image, with_themes, without_thin_lines
from bpviz.explain.listing import listing_json
from bpviz.explain.program import Program
from bpviz.explain.steps import DEPTHS, Steps
from bpviz.panels import displayed, kept
from bpviz.panels.bundle import Bundle, module_for
from bpviz.panels.exchange import Exchange, words_of
from bpviz.panels.kept import LIMITS, SAVED, TraitValues, values_of
from bpviz.panels.known_words import without_words
from bpviz.panels.messages import Handlers
from bpviz.panels.page import Page, Still
from bpviz.panels.style import checked_style
from bpviz.panels.traits import WrongTraitError, choice, refusal, unchecked, whole, words

PAGE_BYTES = 64_000
"""Of a run's updates, as a page keeps them."""

MOST_MEGABYTES = 32
"""Of numbers that are sent to the browser at once."""


def check_room(what: str, updates: int, size: int, instead: str) -> None:
    """Raise ValueError if the updates that a panel holds are too much for a browser.

    Parameters
    ----------
    what : str
        The argument that leads to them.
    updates, size : int
        How many there are, and how many numbers each has.
    instead : str
        What to do.
    """
    megabytes = updates * size * 8 / 1e6
    if megabytes > MOST_MEGABYTES:
        raise ValueError(
            f"{what} has {counted(updates, 'update')} of {size} numbers, {megabytes:.0f} MB in "
            f"all; a panel sends at most {MOST_MEGABYTES} MB to the browser, so {instead}"
        )


def constant_of(targets: Array) -> dict[str, Any]:
    """Return the constant to compare a run with, as the browser gets it; empty for none."""
    constant = best_constant(targets)
    return {} if constant is None else asdict(constant)


class Panel(Bundle, anywidget.AnyWidget):
    """A panel that steps through frames of one program.

    Attributes
    ----------
    depth : str
        "layer", "unit" or "term": how fine the steps are.
    cursor : int
        How many steps are done at this depth: 0 before the first, `len(panel)` at the end.
    frame : int
        Which frame is shown.
    selection : str
        The ref whose origin is shown, such as "W1[0,1]" or "learning_rate", or "" for none.
    appearance : dict
        The conventions of all views, such as {"vectors": "row", "digits": 6}; what is set is
        changed, the rest stays. See `bpviz.panels.style.checked_style`.

    Stepping happens in the browser; what it shows is told to Python when the pointer or
    the keyboard leaves the panel.

    What is set to something of another type raises a TypeError, to something that is not there a
    ValueError; each is a `traitlets.TraitError`, too.
    """

    _view = traitlets.Unicode().tag(sync=True)
    _program = traitlets.Dict().tag(sync=True)
    _frames = traitlets.Bytes().tag(sync=True)
    _frame_names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    _error = traitlets.Unicode().tag(sync=True)
    depth = choice(DEPTHS, "unit").tag(sync=True)
    cursor = whole().tag(sync=True)
    frame = whole().tag(sync=True)
    selection = words().tag(sync=True)
    appearance = unchecked().tag(sync=True)

    def __init__(self, program: Program, title: str, **traits: Any) -> None:
        self.program = program
        self.title = title
        self._browser_chooses = False
        self._exchange = Exchange(self._answers(), lambda *message: self.send(*message))
        super().__init__(_program=self._json_of(program), **traits)
        self.on_msg(self._receive)

    @property
    def _module_name(self) -> str:
        return module_for([self._view], self._asks)

    @property
    def _asks(self) -> bool:
        """Whether the panel asks questions."""
        return False

    def _json_of(self, program: Program) -> dict[str, Any]:
        return {**program.to_json(), "title": self.title, "listing": listing_json(program)}

    def _set_program(self, program: Program) -> None:
        """Change the program, keeping the cursor on a step that exists."""
        self.program = program
        self._program = self._json_of(program)
        self.cursor = min(self.cursor, len(self))

    def go(self, ref: str) -> None:
        """Go to the step, at the present depth, that writes a ref such as "d1[0]".

        Raises
        ------
        KeyError
            If no step writes it.
        """
        self._place_at(ref)

    def _place_at(self, ref: str) -> None:
        """Go to the step that writes a ref, whether or not steps are shown."""
        self.cursor = self._done(ref)
        self.selection = ref

    @property
    def trace(self) -> Trace:
        """The update that the panel shows."""
        return self._trace_at(self.frame)

    def _trace_at(self, frame: int) -> Trace:
        """Return the update of a frame."""
        raise NotImplementedError

    def __len__(self) -> int:
        """Return the number of steps at the present depth."""
        return len(self._steps)

    @property
    def _steps(self) -> Steps:
        """The steps at the present depth, without those that the style leaves out."""
        return self.program.steps(self.depth, self.appearance["skip_unchanged"])

    def _done(self, ref: str) -> int:
        """Return how many steps are done once `ref` has been written."""
        _check_ref(self.program, ref)
        done = self._steps.done(ref)
        if not done:
            raise KeyError(f"ref {ref!r} is given from the start; no step writes it")
        return done

    @traitlets.validate("cursor")
    def _checked_cursor(self, proposal: Mapping[str, Any]) -> int:
        value, last = proposal["value"], len(self)
        if not 0 <= value <= last:
            raise WrongTraitError(
                f"cursor is {value}; at depth {self.depth!r} there are {last} steps, so give 0 "
                f"to {last}"
            )
        return self._allowed(value)

    def _allowed(self, cursor: int) -> int:
        """Return how far the cursor may go, of a place where it is to go."""
        return cursor

    @traitlets.validate("selection")
    def _checked_selection(self, proposal: Mapping[str, Any]) -> str:
        value: str = proposal["value"]
        try:
            if value:
                _check_ref(self.program, value)
        except KeyError as error:
            raise WrongTraitError(f"selection is {shortened(value)}; {error.args[0]}") from None
        return value

    @traitlets.default("appearance")
    def _usual_style(self) -> dict[str, Any]:
        return checked_style({}, {})

    @traitlets.validate("appearance")
    def _checked_style(self, proposal: Mapping[str, Any]) -> dict[str, Any]:
        try:
            return checked_style(proposal["value"], self.appearance)
        except (TypeError, ValueError) as error:
            raise refusal(error) from None

    @traitlets.observe("depth", "appearance")
    def _keep_place(self, change: Mapping[str, Any]) -> None:
        """Go to the step of the new ones that ends where the present one ends."""
        before = {change["name"]: change["old"]}
        depth = before.get("depth", self.depth)
        style = before.get("appearance", self.appearance) or self.appearance
        if depth in DEPTHS and self.cursor and not self._browser_chooses:
            steps = self.program.steps(depth, style["skip_unchanged"])
            self.cursor = self._steps.done(steps.last_written(self.cursor - 1))

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take over what the browser has chosen; it has followed its own choices already.

        An error in a function that observes the panel is shown in the panel.
        """
        self._error = ""
        self._browser_chooses = True
        try:
            super().set_state(sync_data)
        except Exception as error:
            self._error = (
                f"{type(error).__name__}: {error}\nA function that observes this panel stopped "
                "with this error. The panel goes on; correct the function and run its cell again."
            )
            raise
        finally:
            self._browser_chooses = False

    def _receive(self, _widget: Any, content: Any, _buffers: Sequence[Any]) -> None:
        """Answer a message from the browser; an error is shown in the panel."""
        self._error = ""
        try:
            self._exchange.receive(content)
        except Exception as error:  # whatever it is, the learner must see it
            self._error = words_of(error)

    def _answers(self) -> Handlers:
        """Return what answers each kind of message of the browser."""
        return {"hello": lambda _: None}

    def close(self) -> None:
        """Take the panel off the screen. It opens again when it is shown again."""
        if self.comm is None:
            return
        self._exchange.close()
        super().close()
        # ipywidgets hides this of what is closed.
        self.__dict__.pop("_repr_mimebundle_", None)
        # A layout is a model of its own, and stays open by itself.
        others = displayed.live_widgets()
        if not any(getattr(one, "layout", None) is self.layout for one in others):
            self.layout.close()

    def open(self) -> None:
        """Make the panel ready to be shown; nothing happens if it is."""
        self.layout.open()
        super().open()

    def _picture(self) -> str:
        """Return the SVG that stands for the panel where it cannot run."""
        raise NotImplementedError

    def _values(self, most_bytes: int = PAGE_BYTES) -> TraitValues:  # noqa: ARG002
        """Return the panel as data; of a run's updates no more than so many bytes."""
        return values_of(self)

    def still(self) -> Still:
        """Return what a page holds of the panel."""
        words = [step.words() for step in self.program.steps("layer")]
        return Still(self._values(), self.title, self._picture(), words)

    def page(self, title: str | None = None) -> Page:
        """Return the panel as a page of its own, which needs no Python.

        Parameters
        ----------
        title : str, optional
            Of the page; the panel's own title is in it anyway.

        Returns
        -------
        Page
            A cell shows it; `bpviz.export.html` writes such a page to a file.
        """
        return Page([self.still()], None if title is None else text("title", title))

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}({self.title}; step {self.cursor} of {len(self)} "
            f"by {self.depth})"
        )

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        self.open()
        displayed.note(self)
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if bundle is not None else ({}, {})
        words = repr(self)
        picture = with_themes(self._picture())
        data = {**data, "text/plain": words, HTML: as_image(picture, words)}
        room = kept.room_in({**data, SAVED: {"packed": ""}}) - LIMITS["spare"]
        content = ""
        for content in self._contents():
            if len(content) <= min(room, LIMITS["characters"]):
                return {**data, SAVED: {"packed": content}}, metadata
        # The picture of a wide network is large, too.
        lighter = without_thin_lines(picture, len(content) - room)
        with_lighter = {**data, HTML: as_image(lighter, words), SAVED: {"packed": content}}
        if len(content) <= LIMITS["characters"] and kept.room_in(with_lighter) >= 0:
            return with_lighter, metadata
        return {**data, SAVED: kept.TOO_LARGE}, metadata

    def _contents(self) -> Iterator[str]:
        """Yield what a notebook keeps of the panel, to be drawn where no kernel is: ever less."""
        values = without_words(self._values(LIMITS["bytes_of_run"]))
        for left_out in LIMITS["left_out"]:
            values = {name: value for name, value in values.items() if name not in left_out}
            yield kept.packed({"panels": [values]})


def _check_ref(program: Program, ref: str) -> None:
    """Raise KeyError if the program has no such number."""
    if not isinstance(ref, str):
        raise TypeError(f"ref is {shortened(ref)}; give a text such as 'd1[0]'")
    entry, tilde, terms = ref.partition("~")
    if tilde and not (terms.isdecimal() and int(terms)):
        raise KeyError(f"{ref!r} is not a ref; a sum so far is written as 'a1[0]~1'")
    name, indices = parse_ref(entry)
    if indices:
        program.layout.slot(entry)
    else:
        program.layout.register(name)


def finite(value: float) -> float | None:
    """Return a number as JSON can hold it: None for an infinity or NaN."""
    return float(value) if np.isfinite(value) else None


def given_alone(program: Program, rows: Array) -> Array:
    """Return rows (..., size) with zeros for all that the program computes; a page makes it."""
    given = np.array(rows)
    registers = program.layout.registers
    for name in (operation.writes for operation in program.operations):
        given[..., registers[name].start : registers[name].stop] = 0.0
    return given


def packed(rows: Array) -> bytes:
    """Return rows as little-endian float64 for the browser."""
    return np.ascontiguousarray(rows, dtype="<f8").tobytes()


def sample_name(number: int, count: int, x: Array, y: Array) -> str:
    """Return what a sample is called on the screen; `number` counts from 0."""
    inputs = ", ".join(f"{value:.4g}" for value in x[:4]) + (", …" if len(x) > 4 else "")
    targets = ", ".join(f"{value:.4g}" for value in y[:4]) + (", …" if len(y) > 4 else "")
    text = f"sample {number + 1} of {count}: x = ({inputs}), y = ({targets})"
    return text.replace("-", "−")


def frame_index(name: str, value: Any, count: int) -> int:
    """Return a checked frame number."""
    try:
        return index_in(name, value, count)
    except IndexError as error:
        raise refusal(error) from None
