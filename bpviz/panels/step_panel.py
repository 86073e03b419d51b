"""The step panel: one pass, forwards and backwards, at any depth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import traitlets
from numpy.typing import ArrayLike

from bpviz.core.arguments import one_of, shortened, true_or_false, whole_number
from bpviz.core.model.network import Network
from bpviz.core.run.example import Source, example_of, title_of, together
from bpviz.core.update.starting import started
from bpviz.core.update.tape import Layout, Trace
from bpviz.draw.diagram import has_undrawn_units, outline, svg
from bpviz.explain.program import Program
from bpviz.explain.questions import SCORES, Performing
from bpviz.explain.steps import DEPTHS
from bpviz.panels.editing import Editor, Setup, number_in, setup_of
from bpviz.panels.kept import LIMITS, TraitValues
from bpviz.panels.messages import Edit, Handlers
from bpviz.panels.page import Still
from bpviz.panels.panel import (
    PAGE_BYTES,
    Panel,
    check_room,
    frame_index,
    given_alone,
    packed,
    sample_name,
)
from bpviz.panels.predicting import PredictingProgress, Predictions, note_questions
from bpviz.panels.style import VIEWS, chosen_views
from bpviz.panels.traits import whole


class StepPanel(Panel):
    """Step through an update: the network, the sentence, the formula, the numbers.

    Any weight, bias, input, target and the learning rate can be changed in the panel, or
    from Python by setting `trace`. `trace` is always what the screen shows.

    Parameters
    ----------
    source : Example, Trace, History, (network, X, Y), or a Network with X and Y
        Of a trace its update, with all samples of its batch. Of all else one update for each
        sample, by the network as it is before any training; the panel shows the first.
        `history.trace(epoch, update)` is any update of a history.
    X, Y : array_like, shape (N, n_0) and (N, n_L), optional
        The inputs and targets of a Network, a row for each sample.
    depth : str
        "layer", "unit" or "term".
    cursor : int
        How many steps are done at the start.
    predict : str, list of str, mapping, or None
        What the learner is asked for before it is shown: a ref such as "d1[0]", a register such
        as "d1", several of these, or a mapping from these to the kind of the question. Kinds are
        "number" (the default), "sign", "larger" (of a new weight against the old, of h against
        a, of δ against the error that arrives) and "inputs" (which numbers go in). "fading"
        works through examples of which ever more of the last stages are left to the learner.
    perform : bool
        Whether the learner makes the whole backward pass: chooses which number can be computed
        next, and computes it. A wrong choice and a wrong number are named; a step can be undone,
        or done by the panel. It takes the place of `predict`.
    score : str
        When a learner who performs sees how many were right at the first try: "now", or at the
        "end".
    views : list of str, optional
        What is shown beside the sentence: "diagram", "formula", "matrices", "code". All, unless
        some are named; the panel's settings change it.
    skip_unchanged : bool
        Whether steps that change nothing, such as b = 0 − 0 of a bias that is not trained, are left
        out and not counted; the panel's settings change it.

    Attributes
    ----------
    progress : PredictingProgress
        What was answered so far; it can be observed.

    Raises
    ------
    TypeError, ValueError
        If `source` is none of these or has more than 32 MB of numbers, `predict` asks for what
        cannot be asked for, `perform` is True with `predict` or with a large network, or `views`
        names what is no view.

    Examples
    --------
    >>> panel = bp.StepPanel(bp.presets.three_two_one())
    >>> panel.go("d1[0]")
    >>> panel
    StepPanel(3-2-1 sigmoid network; step 17 of 34 by unit)
    >>> print(panel.trace["d1[0]"].round(5))
    -0.00071
    """

    _can_undo = traitlets.Bool(False).tag(sync=True)
    _can_redo = traitlets.Bool(False).tag(sync=True)
    _firsts: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)
    sample = whole().tag(sync=True)
    _questions = traitlets.Dict().tag(sync=True)
    _given: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)
    progress = traitlets.Instance(PredictingProgress, (), read_only=True)

    def __init__(
        self,
        source: Source | Network,
        X: ArrayLike | None = None,
        Y: ArrayLike | None = None,
        *,
        depth: str = "unit",
        cursor: int = 0,
        predict: str | Iterable[str] | Mapping[str, str] | None = None,
        perform: bool = False,
        score: str = SCORES[0],
        views: Sequence[str] | None = None,
        skip_unchanged: bool = False,
    ) -> None:
        [shown] = chosen_views(views, VIEWS)
        skipped = true_or_false("skip_unchanged", skip_unchanged)
        depth, start = one_of("depth", depth, DEPTHS), whole_number("cursor", cursor)
        setup, title = _setup_and_title(together(source, X, Y))
        _check_room(setup)
        program = _program_of(setup)
        self._editor = Editor(setup)
        self._traces = setup.traces()
        wanted = _wanted(predict, perform, score)
        self._predictions = Predictions(wanted, program)
        self._valid: dict[str, Any] = {}
        super().__init__(
            program,
            title,
            _view="step",
            _frames=_packed_traces(self._traces),
            _frame_names=_names(setup),
            depth=depth,
            appearance={"views": shown, "skip_unchanged": skipped},
        )
        self._ask(program)
        if isinstance(wanted, Performing):  # what comes before the backward pass is given
            refs = self._predictions.open_refs(self._valid, 0, 0)
            start = max(start, min(self._done(ref) for ref in refs) - 1)
        self.cursor = start

    @property
    def trace(self) -> Trace:
        """The update that the panel shows; set it to show another."""
        return super().trace

    @trace.setter
    def trace(self, trace: Trace) -> None:
        if not isinstance(trace, Trace):
            raise TypeError(
                f"trace is {type(trace).__name__}; give a Trace, as bpviz.backprop returns"
            )
        setup = setup_of(trace)
        _check_room(setup)
        self._predictions.check(_program_of(setup))
        self._change(setup)

    def _change(self, setup: Setup, begin: bool = True) -> None:
        """Show another setup; one whose update cannot be computed is refused first."""
        traces = setup.traces()
        self._editor.set(setup, begin)
        self._show(traces)

    def reset_predictions(self) -> None:
        """Forget every answer, and ask all questions again."""
        self._pose(self._predictions.start())

    @property
    def _asks(self) -> bool:
        return self._predictions.predict is not None

    def _ask(self, program: Program) -> None:
        """Ask about the present numbers; answers about numbers that have not changed stay."""
        if self._asks:
            self._pose(self._predictions.make(self._traces, program, self._valid))

    def _pose(self, answers: dict[str, Any]) -> None:
        with self.hold_sync():
            self._valid = answers
            self._questions = self._predictions.to_json()
            self._given = answers

    def _trace_at(self, frame: int) -> Trace:
        return self._traces[frame_index("frame", frame, len(self._traces))].at_sample(self.sample)

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

    def _show(self, traces: tuple[Trace, ...] = ()) -> None:
        """Compute the present setup and send it to the browser, all in one message."""
        setup = self._editor.present
        traces = traces or setup.traces()
        program = _program_of(setup)
        with self.hold_sync():
            self._traces = traces
            self.frame = min(self.frame, len(traces) - 1)
            self.sample = min(self.sample, program.layout.samples - 1)
            self._ask(program)
            if program.to_json() != self.program.to_json():
                self._set_program(program)
            self._frame_names = _names(setup)
            self._frames = _packed_traces(traces)
            self._can_undo, self._can_redo = self._editor.can_undo, self._editor.can_redo
            self._firsts = [
                {"ref": ref, "frame": frame, "sample": sample, "value": value}
                for (ref, frame, sample), value in setup.firsts.items()
            ]

    @traitlets.validate("frame")
    def _checked_frame(self, proposal: Mapping[str, Any]) -> int:
        return frame_index("frame", proposal["value"], len(self._traces))

    @traitlets.validate("sample")
    def _checked_sample(self, proposal: Mapping[str, Any]) -> int:
        return frame_index("sample", proposal["value"], self.program.layout.samples)

    @traitlets.validate("_given")
    def _checked_given(self, proposal: Mapping[str, Any]) -> dict[str, Any]:
        # What was answered while the numbers changed is no answer about the new ones.
        if self._predictions.is_of_now(proposal["value"]):
            self._valid = self._predictions.checked(proposal["value"])
        return self._valid

    @traitlets.observe("_given")
    def _show_progress(self, change: Mapping[str, Any]) -> None:
        self.set_trait("progress", self._predictions.progress(change["new"]))
        note_questions(self.title, self.progress)

    @traitlets.observe("frame", "sample", "_given")
    def _stay_before_questions(self, _change: Mapping[str, Any]) -> None:
        self.cursor = self._allowed(self.cursor)

    def _allowed(self, cursor: int) -> int:
        """Return how far the cursor may go: not past a question; the browser sees to it itself."""
        if self._browser_chooses:
            return cursor
        refs = self._predictions.open_refs(self._valid, self.frame, self.sample)
        return min([cursor, *(self._done(ref) for ref in refs)])

    def _answers(self) -> Handlers:
        return {
            **super()._answers(),
            "edit": self._edit,
            "undo": lambda _: self.undo(),
            "redo": lambda _: self.redo(),
            "reset": lambda _: self.reset(),
        }

    def _edit(self, content: Edit) -> None:
        """Change one number, as the browser asks."""
        setup = self._editor.present.changed(
            str(content.get("ref")),
            content.get("value"),
            frame_index("frame", number_in(content, "frame", self.frame), len(self._traces)),
            number_in(content, "sample", self.sample),
        )
        self._change(setup, bool(content.get("begin", True)))

    def _values(self, most_bytes: int = PAGE_BYTES) -> TraitValues:
        """Leave out of large updates what the browser computes."""
        values = super()._values(most_bytes)
        if len(self._frames) <= LIMITS["bytes_of_updates"]:
            return values
        rows = given_alone(self.program, np.stack([trace.row for trace in self._traces]))
        return {**values, "_frames": packed(rows), "_bare": True}

    def still(self) -> Still:
        """Return what a page holds of the panel: the picture of a wide network is an outline."""
        still, network = super().still(), self.trace.network
        if has_undrawn_units(network):
            return replace(still, picture=outline(network, self.title))
        return still

    def _picture(self) -> str:
        return svg(self.trace, self.title, self._predictions.refs)


def _wanted(predict: Any, perform: bool, score: str) -> Any:
    """Return what is to be asked for."""
    one_of("score", score, SCORES)
    if not true_or_false("perform", perform):
        return predict
    if predict is not None:
        raise ValueError(
            f"perform is True, which asks for the whole backward pass, and predict is "
            f"{shortened(predict)} too; give one of them"
        )
    return Performing(score)


def _setup_and_title(source: Source) -> tuple[Setup, str]:
    if isinstance(source, Trace):  # its batch stays together
        return setup_of(source), title_of(source.network)
    example = example_of("source", source)
    pairs = zip(example.inputs, example.targets, strict=True)
    batches = tuple((x.reshape(1, -1), y.reshape(1, -1)) for x, y in pairs)
    return Setup(started(example.network, example.rule), example.rule, batches), example.title


def _program_of(setup: Setup) -> Program:
    return Program(setup.network, setup.rule, len(setup.batches[0][0]))


def _check_room(setup: Setup) -> None:
    samples = len(setup.batches[0][0])
    size = Layout(setup.network, samples, setup.rule).size
    check_room(
        "source",
        len(setup.batches),
        size,
        "give fewer samples, a smaller batch or a smaller network, such as "
        "bpviz.backprop(network, x, y) of one sample",
    )


def _packed_traces(traces: tuple[Trace, ...]) -> bytes:
    return packed(np.stack([trace.row for trace in traces]))


def _names(setup: Setup) -> list[str]:
    """Return what the samples are called, of all frames or of the only batch."""
    pairs = [(x, y) for xs, ys in setup.batches for x, y in zip(xs, ys, strict=True)]
    if len(pairs) == 1:
        return []
    return [sample_name(number, len(pairs), x, y) for number, (x, y) in enumerate(pairs)]
