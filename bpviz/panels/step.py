"""The step panel: one pass, forwards and backwards, at any depth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import traitlets

from bpviz.core.tape import Trace
from bpviz.draw.diagram import svg
from bpviz.explain.program import Program
from bpviz.panels.editing import Editor, Setup, number_in, setup_of
from bpviz.panels.panel import Panel, frame_index, packed, sample_name
from bpviz.presets import Example


class StepPanel(Panel):
    """Step through an update: the network, the sentence, the formula, the numbers.

    Any weight, bias, input, target and the learning rate can be changed in the panel, or
    from Python by setting `trace`. `trace` is always what the screen shows.

    Parameters
    ----------
    source : Trace or Example
        A trace, or an example: then one trace for each of its samples, of which the panel
        shows the first.
    depth : str
        "layer", "unit" or "term".
    cursor : int
        How many steps are done at the start.

    Raises
    ------
    TypeError
        If `source` is neither.
    """

    _serial = traitlets.Int(0).tag(sync=True)
    _can_undo = traitlets.Bool(False).tag(sync=True)
    _can_redo = traitlets.Bool(False).tag(sync=True)
    sample = traitlets.Int(0).tag(sync=True)

    def __init__(self, source: Trace | Example, *, depth: str = "unit", cursor: int = 0) -> None:
        setup, title = _setup_and_title(source)
        self._editor = Editor(setup)
        self._traces = setup.traces()
        super().__init__(
            _program_of(setup),
            title,
            _view="step",
            _frames=_packed_traces(self._traces),
            _frame_names=_names(setup),
            depth=depth,
        )
        self.cursor = cursor

    @property
    def trace(self) -> Trace:
        """The update that the panel shows; set it to show another."""
        return self._traces[self.frame].at_sample(self.sample)

    @trace.setter
    def trace(self, trace: Trace) -> None:
        if not isinstance(trace, Trace):
            raise TypeError(
                f"trace is {type(trace).__name__}; give a Trace, as bpviz.backprop returns"
            )
        self._editor.set(setup_of(trace))
        self._show()

    def undo(self) -> None:
        """Take back the last change."""
        self._editor.undo()
        self._show()

    def redo(self) -> None:
        """Make the change again that was taken back last."""
        self._editor.redo()
        self._show()

    def reset(self) -> None:
        """Go back to the numbers that the panel was made with."""
        self._editor.reset()
        self._show()

    def _show(self, serial: int | None = None) -> None:
        """Compute the present setup and send it to the browser, all in one message."""
        setup = self._editor.present
        traces = setup.traces()
        program = _program_of(setup)
        with self.hold_sync():
            self._traces = traces
            if program.to_json() != self.program.to_json():
                self._set_program(program)
            self.frame = min(self.frame, len(traces) - 1)
            self.sample = min(self.sample, program.layout.samples - 1)
            self._frame_names = _names(setup)
            self._frames = _packed_traces(traces)
            self._can_undo, self._can_redo = self._editor.can_undo, self._editor.can_redo
            if serial is not None:
                self._serial = serial

    @traitlets.validate("frame")
    def _checked_frame(self, proposal: Mapping[str, Any]) -> int:
        return frame_index("frame", proposal["value"], len(self._traces))

    @traitlets.validate("sample")
    def _checked_sample(self, proposal: Mapping[str, Any]) -> int:
        return frame_index("sample", proposal["value"], self.program.layout.samples)

    def _answers(self) -> dict[str, Callable[[dict[str, Any]], None]]:
        return {
            **super()._answers(),
            "edit": self._edit,
            "undo": lambda _: self.undo(),
            "redo": lambda _: self.redo(),
            "reset": lambda _: self.reset(),
        }

    def _edit(self, content: dict[str, Any]) -> None:
        """Change one number, as the browser asks; a refused edit is answered too."""
        serial = number_in(content, "serial")
        try:
            setup = self._editor.present.changed(
                str(content.get("ref")),
                content.get("value"),  # type: ignore[arg-type]  # checked there
                frame_index("frame", number_in(content, "frame", self.frame), len(self._traces)),
                number_in(content, "sample", self.sample),
            )
            self._editor.set(setup, begin=bool(content.get("begin", True)))
            self._show(serial)
        except Exception:
            self._serial = serial
            raise

    def _picture(self) -> str:
        return svg(self.trace, self.title)


def _setup_and_title(source: Trace | Example) -> tuple[Setup, str]:
    if isinstance(source, Example):
        pairs = zip(source.inputs, source.targets, strict=True)
        batches = tuple((x.reshape(1, -1), y.reshape(1, -1)) for x, y in pairs)
        return Setup(source.network, source.rule, batches), source.title
    if isinstance(source, Trace):
        return setup_of(source), f"{'-'.join(map(str, source.network.sizes))} network"
    raise TypeError(
        f"source is {type(source).__name__}; give a Trace, as bpviz.backprop returns, "
        "or an example, such as bpviz.presets.xor()"
    )


def _program_of(setup: Setup) -> Program:
    return Program(setup.network, setup.rule, len(setup.batches[0][0]))


def _packed_traces(traces: tuple[Trace, ...]) -> bytes:
    return packed(np.stack([trace.row for trace in traces]))


def _names(setup: Setup) -> list[str]:
    """Return what the samples are called, of all frames or of the only batch."""
    pairs = [(x, y) for xs, ys in setup.batches for x, y in zip(xs, ys, strict=True)]
    if len(pairs) == 1:
        return []
    return [sample_name(number, len(pairs), x, y) for number, (x, y) in enumerate(pairs)]
