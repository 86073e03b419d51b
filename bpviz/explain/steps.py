"""The steps of an update, at each depth.

There may be many thousands of them, and few are ever looked at: a step is made when it is
asked for, and everything else about the steps is counted.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate
from math import prod
from typing import Any, overload

from bpviz.core.formula.evaluate import evaluate
from bpviz.core.formula.expression import (
    Expression,
    Ref,
    add,
    bind,
    references,
    summand,
    summand_count,
    written_out,
)
from bpviz.core.operations.operation import Operation, Templates
from bpviz.core.update.tape import Trace, parse_ref
from bpviz.explain.numbers import number_text, told_apart

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
    _whole: Expression | None = None

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
        target, _ = self.equations[-1]
        if target.partial is None:
            value = trace[str(target)]
            register = trace.layout.register(target.register)
            several = trace.layout.samples > 1 and register.per_sample and not target.at
            return value[trace.sample] if several else value
        assert self._whole is not None
        so_far = (summand(self._whole, term) for term in range(target.partial))
        return sum(evaluate(term, lambda ref: trace[str(ref)]) for term in so_far)


@dataclass(frozen=True)
class Part:
    """An operation of the algorithm: its code and the shape of what it writes."""

    operation: Operation
    code: Templates
    shape: tuple[int, ...]

    @cached_property
    def _terms(self) -> int:
        """How many terms an entry is the sum of, where its terms are steps that have words."""
        are_steps = len(self.shape) == 1 and self.operation.words.term
        return summand_count(self.operation.entry) if are_steps else 1

    def _entries(self, depth: str) -> tuple[int, ...]:
        """Return the shape of the entries that are made one by one at a depth."""
        return {"layer": (), "unit": self.shape[:1], "term": self.shape}[depth]

    def _terms_at(self, depth: str) -> int:
        return self._terms if depth == "term" else 1

    def count(self, depth: str) -> int:
        """Return how many steps the operation takes at a depth."""
        return prod(self._entries(depth)) * self._terms_at(depth)

    def step(self, depth: str, number: int) -> Step:
        """Make a step of the operation, counted from 0."""
        entry, term = divmod(number, self._terms_at(depth))
        if depth == "layer" or not self.shape:
            return _whole_step(depth, self)
        if depth == "unit" or (len(self.shape) == 1 and self._terms == 1):
            return _unit_step(depth, self, entry)
        if len(self.shape) == 2:
            return _entry_step(self, *divmod(entry, self.shape[1]))
        return _term_step(self, entry, term, self._terms)

    def done(self, depth: str, at: tuple[int, ...], terms: int | None) -> int:
        """Return how many steps are done once an entry, or `terms` of its terms, is there."""
        entries, of_each = self._entries(depth), self._terms_at(depth)
        if not at:
            return self.count(depth)
        entry = 0
        for index, length in zip(at, entries, strict=False):
            entry = entry * length + index
        return entry * of_each + min(terms or of_each, of_each)

    def last_written(self, depth: str, number: int) -> str:
        """Return the last ref that a step writes, counted from 0, without making the step."""
        entries, of_each = self._entries(depth), self._terms_at(depth)
        entry, term = divmod(number, of_each)
        at: list[int] = []
        for length in reversed(entries):
            entry, index = divmod(entry, length)
            at.insert(0, index)
        if at:
            at += [length - 1 for length in self.shape[len(at) :]]
        partial = None if term == of_each - 1 else term + 1
        return str(Ref(self.operation.writes, tuple(at), partial=partial))


class Steps(Sequence[Step]):
    """All steps of an update at one depth, in order.

    Where a step is, and how many there are, is found by counting; only a step that somebody
    asks for is made.

    Parameters
    ----------
    depth : str
        "layer", "unit" or "term".
    parts : tuple of Part
        The operations of the update.
    skipped : collection of str
        Registers whose operations take no step: they are written with the one before.
    """

    def __init__(
        self, depth: str, parts: tuple[Part, ...], skipped: Collection[str] = frozenset()
    ) -> None:
        self.depth = depth
        self._parts = parts
        counts = (0 if part.operation.writes in skipped else part.count(depth) for part in parts)
        self._ends = list(accumulate(counts))

    def __len__(self) -> int:
        return self._ends[-1]

    @overload
    def __getitem__(self, index: int) -> Step: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Step, ...]: ...

    def __getitem__(self, index: int | slice) -> Step | tuple[Step, ...]:
        if isinstance(index, slice):
            return tuple(self[k] for k in range(*index.indices(len(self))))
        part, number = self._place(range(len(self))[index])
        return part.step(self.depth, number)

    def last_written(self, index: int) -> str:
        """Return the last ref that a step writes: `self[index].writes[-1]`."""
        part, number = self._place(range(len(self))[index])
        return part.last_written(self.depth, number)

    def done(self, ref: str) -> int:
        """Return how many steps are done once a ref has its value.

        Parameters
        ----------
        ref : str
            An entry such as `a1[0]`, a sum so far `a1[0]~1`, or a register, which has its value
            with its last entry.

        Returns
        -------
        int
            0 for what is given from the start.
        """
        entry, _, partial = ref.partition("~")
        register, at = parse_ref(entry)
        for before, end, part in zip([0, *self._ends], self._ends, self._parts, strict=False):
            if part.operation.writes == register:
                terms = int(partial) if partial else None
                return min(end, before + part.done(self.depth, at, terms))
        return 0

    def _place(self, number: int) -> tuple[Part, int]:
        """Return the operation of a step, and which of its steps it is."""
        place = bisect_right(self._ends, number)
        return self._parts[place], number - (self._ends[place - 1] if place else 0)


def _whole_step(depth: str, part: Part) -> Step:
    """Return the step of an operation on its whole register, or on its only number."""
    operation, code = part.operation, part.code
    at_layer = depth == "layer"
    expression = operation.formula if at_layer else written_out(operation.entry)
    return Step(
        depth,
        operation.phase,
        operation.layer,
        None,
        None,
        ((Ref(operation.writes), expression),),
        code.layer if at_layer else code.unit,
        operation.words.layer if at_layer else operation.words.unit,
    )


def _unit_step(depth: str, part: Part, unit: int) -> Step:
    operation, shape = part.operation, part.shape
    columns = [{}] if len(shape) == 1 else [{"j": j} for j in range(shape[1])]
    equations = tuple(
        (
            Ref(operation.writes, (unit, *column.values())),
            written_out(bind(operation.entry, {"i": unit, **column})),
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
        _filled(part.code.unit, **fields),
        _filled(operation.words.unit, **fields),
    )


def _entry_step(part: Part, unit: int, j: int) -> Step:
    """Return the step of one entry of a matrix."""
    words, code = part.operation.words, part.code
    element = written_out(bind(part.operation.entry, {"i": unit, "j": j}))
    equation = (Ref(part.operation.writes, (unit, j)), element)
    return _finest_step(part.operation, unit, j, equation, words.term, code.term)


def _term_step(part: Part, unit: int, term: int, terms: int) -> Step:
    """Return the step that adds one term of an entry to those before it."""
    words, code, writes = part.operation.words, part.code, part.operation.writes
    element = bind(part.operation.entry, {"i": unit})
    last = term == terms - 1
    target = Ref(writes, (unit,), partial=None if last else term + 1)
    expression = written_out(summand(element, term))
    if term:
        expression = add(Ref(writes, (unit,), partial=term), expression)
    after_sum = last and words.last
    return _finest_step(
        part.operation,
        unit,
        term,
        (target, expression),
        words.last if after_sum else words.term,
        code.last if after_sum else code.term,
        element,
    )


def _finest_step(
    operation: Operation,
    unit: int,
    term: int,
    equation: tuple[Ref, Expression],
    words: str,
    code: str,
    whole: Expression | None = None,
) -> Step:
    fields = {
        "unit": unit + 1,
        "from": term + 1,
        "i": unit,
        "j": term,
        "assign": "+=" if whole is not None and term else "=",
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
        whole,
    )


def _filled(template: str, **fields: object) -> str:
    for name, value in fields.items():
        template = template.replace(f"{{{name}}}", str(value))
    return template
