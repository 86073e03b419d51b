"""The bug lab: switch well-known mistakes on, and see what becomes of the numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import traitlets
from numpy.typing import ArrayLike

from bpviz.core.gradient_check import gradient_check
from bpviz.core.mistakes import mistakes
from bpviz.core.model.network import Network
from bpviz.core.run.example import Source, example_of, together
from bpviz.core.run.history import History
from bpviz.core.run.run import Run
from bpviz.core.update.backprop import backprop
from bpviz.core.update.rule import DIRTY, Rule
from bpviz.core.update.starting import started
from bpviz.core.update.tape import Layout, Trace
from bpviz.draw.diagram import svg
from bpviz.draw.loss_curves import DURING
from bpviz.explain.forms import forms_json
from bpviz.explain.program import Program
from bpviz.panels.kept import TraitValues
from bpviz.panels.messages import Handlers, Switches
from bpviz.panels.panel import (
    PAGE_BYTES,
    check_room,
    constant_of,
    finite,
    frame_index,
    packed,
    sample_name,
)
from bpviz.panels.run_words import stopped_words
from bpviz.panels.settings import mistake_choices
from bpviz.panels.stepping import SteppingPanel
from bpviz.panels.style import LAB_VIEWS, VIEWS, chosen_views

COMPUTED = ("_frames", "_differences", "_checks", "_losses", "_right_losses")
"""What a page makes by itself."""

NO_DIFFERENCE = 1e-12
"""Numbers that differ by less, measured by the larger, count as the same."""


class BugLab(SteppingPanel):
    """The right algorithm beside one with mistakes, on the same numbers.

    Mistakes are switched on and off. The lab shows both updates side by side and marks the
    first register that differs; its step can be opened in the place of the lab. It shows where
    the gradient check fails, and the loss curves of both.

    Parameters
    ----------
    source : Example, History, Trace, (network, X, Y), or a Network with X and Y
        The lab opens on its rule; the right one is the same without mistakes, or the
        `corrected` of an example.
    X, Y : array_like, shape (N, n_0) and (N, n_L), optional
        The inputs and targets of a Network, a row for each sample.
    views : list of str, optional
        What is shown beside the list of mistakes: "difference" (the first wrong number), "loss",
        "registers", "table" (the curves as numbers) and "check" (of the gradients); of an
        update's steps "diagram", "formula", "matrices" and "code". Of each of the two all, unless
        some of its own are named.

    Raises
    ------
    TypeError, ValueError
        If `source` is none of these, its numbers are more than 32 MB, or `views` names what is no
        view.

    Examples
    --------
    >>> lab = bp.BugLab(bp.presets.xor())
    >>> lab.mistakes
    ('relu_derivative_from_activation',)
    >>> lab.differences[0]
    'ub2'
    >>> lab.rule = lab.example.corrected
    >>> lab.differences
    ()
    """

    _right_program = traitlets.Dict().tag(sync=True)
    _right_frames = traitlets.Bytes().tag(sync=True)
    _mistake_choices: traitlets.List[Any] = traitlets.List().tag(sync=True)
    _differences: traitlets.List[Any] = traitlets.List().tag(sync=True)
    _checks: traitlets.List[Any] = traitlets.List().tag(sync=True)
    _losses = traitlets.Bytes().tag(sync=True)
    _right_losses = traitlets.Bytes().tag(sync=True)
    _loss_name = traitlets.Unicode(DURING).tag(sync=True)
    _constant = traitlets.Dict().tag(sync=True)
    _stopped = traitlets.Unicode().tag(sync=True)
    _epochs = traitlets.Int().tag(sync=True)
    _total_frames = traitlets.Int().tag(sync=True)
    _forms = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        source: Source | Network,
        X: ArrayLike | None = None,
        Y: ArrayLike | None = None,
        *,
        views: Sequence[str] | None = None,
    ) -> None:
        shown, steps = chosen_views(views, LAB_VIEWS, VIEWS)
        example = example_of("source", together(source, X, Y))
        self.example = example
        self._rule = example.rule
        self._pairs = list(zip(example.inputs, example.targets, strict=True))
        count = len(self._pairs)
        size = Layout(example.network, 1, example.rule).size
        check_room("source", 2 * count, size, "give fewer samples or a smaller network")
        names = [sample_name(k, count, x, y) for k, (x, y) in enumerate(self._pairs)]
        self._right = self._traces_under(example.corrected)
        self._wrong = self._traces_under(example.rule)
        self.right_history = self._history_under(example.corrected)
        self.history = self._history_under(example.rule)
        super().__init__(
            Program(example.network, example.rule),
            example.title,
            _view="buglab",
            _frame_names=names if count > 1 else [],
            _epochs=example.epochs,
            _total_frames=count,
            depth="layer",
            _shown=shown,
            appearance={"views": steps},
        )
        self._show()
        self._go_to_first_difference()

    @property
    def rule(self) -> Rule:
        """The rule with the mistakes that are switched on; set it to switch them."""
        return self._rule

    @rule.setter
    def rule(self, rule: Rule) -> None:
        if not isinstance(rule, Rule):
            raise TypeError(f"rule is {type(rule).__name__}; give a bpviz.Rule")
        wrong, history = self._traces_under(rule), self._history_under(rule)
        self._rule, self._wrong, self.history = rule, wrong, history
        with self.hold_sync():
            self._show()
            self._go_to_first_difference()

    @property
    def mistakes(self) -> tuple[str, ...]:
        """The names of the mistakes that are switched on; set it to switch others on."""
        return self._rule.mistakes

    @mistakes.setter
    def mistakes(self, names: tuple[str, ...]) -> None:
        self.rule = replace(self._rule, mistakes=names)

    @property
    def trace(self) -> Trace:
        """The update with the mistakes, of the sample that the lab shows."""
        return super().trace

    def _trace_at(self, frame: int) -> Trace:
        return self._wrong[frame]

    @property
    def right_trace(self) -> Trace:
        """The right update of the same sample."""
        return self._right[self.frame]

    @property
    def differences(self) -> tuple[str, ...]:
        """The registers that differ, in the order in which they are computed."""
        return tuple(name for name, _ in self._differences[self.frame])

    @traitlets.validate("frame")
    def _checked_frame(self, proposal: Mapping[str, Any]) -> int:
        return frame_index("frame", proposal["value"], len(self._pairs))

    def _traces_under(self, rule: Rule) -> list[Trace]:
        network = started(self.example.network, rule)
        return [backprop(network, x, y, rule) for x, y in self._pairs]

    def _history_under(self, rule: Rule) -> History:
        example = self.example
        run = Run(example.network, example.inputs, example.targets, rule)
        run.advance(example.epochs * run.updates_per_epoch)
        return run.history()

    def _show(self) -> None:
        """Send both algorithms to the browser, all in one message."""
        right = Program(self.example.network, self.example.corrected)
        with self.hold_sync():
            self._set_program(Program(self.example.network, self._rule))
            self._frames = packed(np.stack([trace.row for trace in self._wrong]))
            self._right_program = self._json_of(right)
            self._right_frames = packed(np.stack([trace.row for trace in self._right]))
            self._mistake_choices = mistake_choices(self.example.network, self._rule, 1)
            self._forms = forms_json(self.example.network, (1,), (self._rule.optimizer,))
            self._differences = [
                differences(self.program, wrong, right)
                for wrong, right in zip(self._wrong, self._right, strict=True)
            ]
            self._checks = [self._check(x, y) for x, y in self._pairs]
            self._losses = packed(self.history.rmse)
            self._constant = constant_of(self.history.targets)
            self._right_losses = packed(self.right_history.rmse)
            self._stopped = stopped_words(self.history.stopped, self.program.layout)

    def _check(self, x: Any, y: Any) -> list[dict[str, Any]]:
        check = gradient_check(started(self.example.network, self._rule), x, y, self._rule)
        failed = {row.ref for row in check.failures}
        return [
            {
                "ref": row.ref,
                "analytic": finite(row.analytic),
                "numerical": finite(row.numerical),
                "relative_error": finite(row.relative_error),
                "note": row.note,
                "failed": row.ref in failed,
            }
            for row in check.rows
        ]

    def _go_to_first_difference(self) -> None:
        if self.differences:
            self._place_at(self.differences[0])
        else:
            self.cursor = len(self)
            self.selection = ""

    @traitlets.observe("frame")
    def _follow_frame(self, _change: Mapping[str, Any]) -> None:
        if self._differences and not self._browser_chooses:
            self._go_to_first_difference()

    def _answers(self) -> Handlers:
        return {**super()._answers(), "rule": self._set_rule}

    def _set_rule(self, content: Switches) -> None:
        """Change the rule, as the browser asks: mistakes, update or train_biases."""
        wanted: dict[str, Any] = {
            key: content[key] for key in ("mistakes", "update", "train_biases") if key in content
        }
        if "mistakes" in wanted:
            wanted["mistakes"] = tuple(wanted["mistakes"])
        self.rule = replace(self._rule, **wanted)

    def _values(self, most_bytes: int = PAGE_BYTES) -> TraitValues:
        """Leave out what a page computes from the right updates and the formulas."""
        values = super()._values(most_bytes)
        if self._rule.learning_rate != self.example.corrected.learning_rate:
            return values
        return {name: value for name, value in values.items() if name not in COMPUTED}

    def _picture(self) -> str:
        return svg(self.trace, self.title)

    def __repr__(self) -> str:
        on = [mistakes[name].title for name in self._rule.mistakes]
        if self._rule.update == DIRTY:
            on.append("dirty update")
        if not self._rule.train_biases:
            on.append("biases not trained")
        first = self.differences[0] if self.differences else "none"
        return f"BugLab({self.title}; {'; '.join(on) or 'no mistake'}; first difference: {first})"


def differences(program: Program, wrong: Trace, right: Trace) -> list[tuple[str, float | None]]:
    """Return the registers that differ, in the order of the program, and by how much.

    A register that only one of the two has does not count; how much is the largest
    difference of any entry, None if that is no finite number.
    """
    found = []
    for operation in program.operations:
        name = operation.writes
        if name not in right.layout.registers:
            continue
        one, other = wrong[name], right[name]
        if one.shape != other.shape:
            continue
        with np.errstate(invalid="ignore"):
            gap = np.abs(one - other)
            near = gap <= NO_DIFFERENCE * np.maximum(1.0, np.maximum(np.abs(one), np.abs(other)))
        near &= np.isfinite(gap)
        if not (near | (one == other) | (np.isnan(one) & np.isnan(other))).all():
            found.append((name, finite(gap.max())))
    return found
