"""One update as other rules would make it: only what is different there is computed."""

from __future__ import annotations

from collections.abc import Mapping, Set
from types import MappingProxyType

import numpy as np

from bpviz.core.arguments import Array
from bpviz.core.formula.compute import run_calls
from bpviz.core.formula.expression import Expression
from bpviz.core.formula.lowering import Call
from bpviz.core.operations.operation import Operation
from bpviz.core.operations.quantities import RATE, Carried
from bpviz.core.update.algorithm import algorithm
from bpviz.core.update.frame import lowered
from bpviz.core.update.rule import Rule
from bpviz.core.update.starting import start_operations, started_parameters
from bpviz.core.update.tape import Layout, Trace

NOTHING_LEFT: Mapping[str, Array] = MappingProxyType({})
"""What is left over of an update before the first one."""


class _Place:
    """A row to work on, and the calls on it that have been wanted so far.

    `shared` has the places of the registers that a trace has too, there and here.
    """

    def __init__(self, layout: Layout, trace: Trace) -> None:
        self.layout, self.row = layout, np.zeros(layout.size)
        both = [name for name in layout.registers if name in trace.layout.registers]
        self.shared = [(trace.layout.span(name, name), layout.span(name, name)) for name in both]
        if layout.registers == trace.layout.registers:
            self.shared = [(slice(None), slice(None))]
        self._calls: dict[tuple[str, Expression], list[Call]] = {}

    def run(self, operation: Operation) -> None:
        """Make an operation; how it is done is found out once."""
        key = operation.writes, operation.entry
        if key not in self._calls:
            self._calls[key] = lowered(self.layout, self.row, [operation])
        run_calls(self._calls[key])


class Variants:
    """One update as other rules would make it, with other mistakes or another learning rate.

    It takes a fraction of the time of `backprop`: most operations of two rules are the same,
    and how to compute those that are not is found out once, however many rules have them.

    Parameters
    ----------
    trace : Trace
        The update; its network, samples and numbers are those of every variant.
    """

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self._places: dict[tuple[Carried, ...], _Place] = {}
        self._own = {operation.writes: operation for operation in self.operations(trace.rule)}

    def operations(self, rule: Rule) -> tuple[Operation, ...]:
        """Return the operations of the update under a rule."""
        return algorithm(self.trace.network, rule, self.trace.layout.samples)

    def under(
        self,
        rule: Rule,
        only: Set[str] | None = None,
        left_over: Mapping[str, Array] = NOTHING_LEFT,
    ) -> Trace:
        """Return the update under a rule, as the first of a run.

        Parameters
        ----------
        rule : Rule
            What is done.
        only : set of str or None
            The registers that are computed by the rule, from what the trace has for all
            others. By default every register is.
        left_over : mapping
            From `pW1`, `pb1`, … to the gradients that the update before has left; by default 0.
        """
        trace, place = self.trace, self._place_for(rule)
        layout, row = place.layout, place.row
        for there, here in place.shared:
            row[here] = trace.row[there]
        changed = {*left_over}
        if rule.learning_rate != trace.rule.learning_rate:
            changed.add(RATE.register)
        given = dict.fromkeys(layout.registers.keys() - trace.layout.registers.keys(), np.zeros(()))
        given |= {**left_over, RATE.register: np.array(rule.learning_rate)}
        for name, numbers in given.items():
            layout.view(row, name)[...] = numbers
        starts = start_operations(trace.network, rule)
        if starts and only is None:
            begin = row[layout.span("W1", f"b{layout.layers}")]
            begin[:] = started_parameters(trace.network, rule, begin[None])[0]
            changed |= {operation.writes for operation in starts}
        for operation in self.operations(rule):
            if only is None:
                differs = operation.formula != self._own[operation.writes].formula
                is_made = differs or not changed.isdisjoint(operation.reads)
            else:
                is_made = operation.writes in only
            if is_made:
                place.run(operation)
                changed.add(operation.writes)
        return Trace(trace.network, rule, layout, row.copy(), trace.sample)

    def _place_for(self, rule: Rule) -> _Place:
        kept = rule.carried
        if kept not in self._places:
            layout = Layout(self.trace.network, self.trace.layout.samples, rule)
            self._places[kept] = _Place(layout, self.trace)
        return self._places[kept]
