"""The steps of an update, at each depth.

There may be many thousands of them, and few are ever looked at: a step is made when it is
asked for.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate
from math import prod
from typing import Any, overload

from bpviz.core.operation import Operation
from bpviz.core.tape import Trace
from bpviz.explain.expression import (
    Expression,
    Ref,
    add,
    bind,
    evaluate,
    references,
    summands,
    written_out,
)
from bpviz.explain.numbers import number_text, told_apart
from bpviz.explain.templates import Explanation, Templates

DEPTHS = ("layer", "unit", "term")
NEW = ("nW", "nb")
"""What the registers of new weights and biases begin with; those of the old ones lack the n."""


@dataclass(frozen=True)
class Step:
    """One step of an update.

    Attributes
    ----------
    depth : str
        "layer", "unit" or "term".
    phase : str
        "forward", "loss", "backward" or "update".
    layer : int
        The layer, from 1.
    unit, term : int or None
        The unit and the term within it, from 0, where the depth has them.
    equations : tuple of (Ref, Expression)
        What is written and what it is computed from, in order.
    code : str
        The line of NumPy.
    """

    depth: str
    phase: str
    layer: int
    unit: int | None
    term: int | None
    equations: tuple[tuple[Ref, Expression], ...]
    code: str
    _words: str
    _before: Step | None = None

    @property
    def writes(self) -> tuple[str, ...]:
        """The refs that the step writes: `a1[0]`, a whole register, or a sum so far `a1[0]~1`."""
        return tuple(str(target) for target, _ in self.equations)

    @property
    def reads(self) -> tuple[str, ...]:
        """The refs that the step reads, each once, in the order of the expression."""
        found = (str(ref) for _, expression in self.equations for ref in references(expression))
        return tuple(dict.fromkeys(found))

    def words(self, trace: Trace | None = None) -> str:
        """Return the step as a sentence; with a trace, with the number that it writes."""
        if "{value}" not in self._words:
            return self._words
        return self._words.replace("{value}", "…" if trace is None else self._text(trace))

    def _text(self, trace: Trace) -> str:
        """Return the number that is written; a new weight in the digits that tell it from the old.

        The front end's `Frame.text` does the same.
        """
        target = self.equations[-1][0]
        if target.partial is None and target.register.startswith(NEW):
            old = replace(target, register=target.register[1:])
            return told_apart(trace[str(old)], self.value(trace))[1]
        return number_text(self.value(trace))

    def value(self, trace: Trace) -> Any:
        """Return what the step writes, its last number where it writes several."""
        target, expression = self.equations[-1]
        if target.partial is None:
            value = trace[str(target)]
            register = trace.layout.register(target.register)
            several = trace.layout.samples > 1 and register.per_sample and not target.at
            return value[trace.sample] if several else value

        def number(ref: Ref) -> Any:
            return trace[str(ref)] if ref.partial is None else self._before.value(trace)  # type: ignore[union-attr]

        return evaluate(expression, number)


@dataclass(frozen=True)
class Part:
    """An operation of the algorithm: its explanation, its code and the shape of what it writes."""

    operation: Operation
    explanation: Explanation
    code: Templates
    shape: tuple[int, ...]

    def count(self, depth: str) -> int:
        """Return how many steps the operation takes at a depth."""
        if depth == "layer" or not self.shape:
            return 1
        if depth == "unit":
            return self.shape[0]
        if len(self.shape) == 2:
            return prod(self.shape)
        return self.shape[0] * len(summands(bind(self.explanation.element, {"i": 0})))

    def steps(self, depth: str) -> Iterator[Step]:
        """Make the steps of the operation, in order."""
        operation, explanation, code, shape = (
            self.operation,
            self.explanation,
            self.code,
            self.shape,
        )
        if depth == "layer" or not shape:
            yield _whole_step(depth, operation, explanation, code)
            return
        for unit in range(shape[0]):
            if depth == "unit":
                yield _unit_step(depth, operation, explanation, code, unit, shape)
            else:
                yield from _term_steps(operation, explanation, code, unit, shape)


class Steps(Sequence[Step]):
    """All steps of an update at one depth, in order.

    Parameters
    ----------
    depth : str
        "layer", "unit" or "term".
    parts : tuple of Part
        The operations of the update.
    """

    def __init__(self, depth: str, parts: tuple[Part, ...]) -> None:
        self.depth = depth
        self._parts = parts
        self._made: dict[int, tuple[Step, ...]] = {}

    @cached_property
    def _ends(self) -> list[int]:
        """How many steps are done after each operation."""
        return list(accumulate(part.count(self.depth) for part in self._parts))

    def __len__(self) -> int:
        return self._ends[-1]

    @overload
    def __getitem__(self, index: int) -> Step: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Step, ...]: ...

    def __getitem__(self, index: int | slice) -> Step | tuple[Step, ...]:
        if isinstance(index, slice):
            return tuple(self[k] for k in range(*index.indices(len(self))))
        number = range(len(self))[index]
        part = bisect_right(self._ends, number)
        return self.of(part)[number - (self._ends[part - 1] if part else 0)]

    def of(self, number: int) -> tuple[Step, ...]:
        """Return the steps of an operation, given by its place in the algorithm."""
        if number not in self._made:
            self._made[number] = tuple(self._parts[number].steps(self.depth))
        return self._made[number]

    def numbered(self, register: str) -> Iterator[tuple[int, Step]]:
        """Yield the steps of the operations that write a register, with their numbers from 1."""
        for number, part in enumerate(self._parts):
            if part.operation.writes == register:
                first = self._ends[number] - part.count(self.depth) + 1
                yield from enumerate(self.of(number), start=first)


def _whole_step(
    depth: str, operation: Operation, explanation: Explanation, code: Templates
) -> Step:
    """Return the step of an operation on its whole register, or on its only number."""
    at_layer = depth == "layer"
    expression = explanation.array if at_layer else written_out(explanation.element)
    return Step(
        depth,
        operation.phase,
        operation.layer,
        None,
        None,
        ((Ref(operation.writes), expression),),
        code.layer if at_layer else code.unit,
        explanation.words.layer if at_layer else explanation.words.unit,
    )


def _unit_step(
    depth: str,
    operation: Operation,
    explanation: Explanation,
    code: Templates,
    unit: int,
    shape: tuple[int, ...],
) -> Step:
    columns = [{}] if len(shape) == 1 else [{"j": j} for j in range(shape[1])]
    equations = tuple(
        (
            Ref(operation.writes, (unit, *column.values())),
            written_out(bind(explanation.element, {"i": unit, **column})),
        )
        for column in columns
    )
    fields = {"unit": unit + 1, "i": unit, "assign": "="}
    return Step(
        depth,
        operation.phase,
        operation.layer,
        unit,
        None,
        equations,
        _filled(code.unit, **fields),
        _filled(explanation.words.unit, **fields),
    )


def _term_steps(
    operation: Operation,
    explanation: Explanation,
    code: Templates,
    unit: int,
    shape: tuple[int, ...],
) -> Iterator[Step]:
    words = explanation.words
    if len(shape) == 2:
        for j in range(shape[1]):
            element = written_out(bind(explanation.element, {"i": unit, "j": j}))
            target = Ref(operation.writes, (unit, j))
            yield _term_step(operation, unit, j, (target, element), words.term, code.term)
        return
    parts = summands(bind(explanation.element, {"i": unit}))
    if len(parts) == 1:
        yield _unit_step("term", operation, explanation, code, unit, shape)
        return
    before: Step | None = None
    for term, part in enumerate(parts):
        last = term == len(parts) - 1
        target = Ref(operation.writes, (unit,), partial=None if last else term + 1)
        expression = written_out(part)
        if before is not None:
            expression = add(before.equations[0][0], expression)
        after_sum = last and words.last
        before = _term_step(
            operation,
            unit,
            term,
            (target, expression),
            words.last if after_sum else words.term,
            code.last if after_sum else code.term,
            before,
        )
        yield before


def _term_step(
    operation: Operation,
    unit: int,
    term: int,
    equation: tuple[Ref, Expression],
    words: str,
    code: str,
    before: Step | None = None,
) -> Step:
    fields = {
        "unit": unit + 1,
        "from": term + 1,
        "i": unit,
        "j": term,
        "assign": "=" if before is None else "+=",
    }
    return Step(
        "term",
        operation.phase,
        operation.layer,
        unit,
        term,
        (equation,),
        _filled(code, **fields),
        _filled(words, **fields),
        before,
    )


def _filled(template: str, **fields: object) -> str:
    for name, value in fields.items():
        template = template.replace(f"{{{name}}}", str(value))
    return template
