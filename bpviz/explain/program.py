"""The program: the ordered tree of steps of an update.

It depends on the network and the rule, never on the numbers. Together with a row of the
tape it is everything that any view shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bpviz.core.algorithm import algorithm
from bpviz.core.checks import one_of
from bpviz.core.mistakes import mistakes
from bpviz.core.network import Network
from bpviz.core.operation import Operation
from bpviz.core.rule import Rule
from bpviz.core.tape import Layout, Trace
from bpviz.explain.expression import (
    Expression,
    Ref,
    add,
    bind,
    evaluate,
    references,
    summands,
    to_json,
    written_out,
)
from bpviz.explain.numbers import number_text
from bpviz.explain.numpy_code import COLUMN, ROW, NumpyWriter
from bpviz.explain.operations import explain
from bpviz.explain.registers import register_words
from bpviz.explain.templates import Context, Explanation, Templates

DEPTHS = ("layer", "unit", "term")


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
        value = "…" if trace is None else number_text(self.value(trace))
        return self._words.replace("{value}", value)

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


class Program:
    """The steps of one update of a network under a rule.

    Parameters
    ----------
    network : Network
        Its shape, functions and loss matter; its numbers do not.
    rule : Rule
        By default `Rule()`.
    samples : int
        B, the number of samples in the update. The steps follow one of them; gradients
        are averaged over all.
    """

    def __init__(self, network: Network, rule: Rule | None = None, samples: int = 1) -> None:
        self.network = network
        self.rule = Rule() if rule is None else rule
        self.layout = Layout(network, samples, self.rule)
        context = Context(self.rule, self.layout)
        self.operations = algorithm(network, self.rule, samples)
        self.explanations = tuple(explain(operation, context) for operation in self.operations)
        self.code = self._code(COLUMN)

    def steps(self, depth: str = "layer") -> tuple[Step, ...]:
        """Return all steps at a depth, in order."""
        return self._steps[one_of("depth", depth, DEPTHS)]

    @cached_property
    def _steps(self) -> dict[str, tuple[Step, ...]]:
        parts = list(zip(self.operations, self.explanations, self.code, strict=True))
        return {
            depth: tuple(step for part in parts for step in self._at_depth(depth, *part))
            for depth in DEPTHS
        }

    def _code(self, convention: str) -> tuple[Templates, ...]:
        writer = NumpyWriter(self.layout, convention)
        return tuple(
            writer.templates(operation.writes, explanation.element, explanation.array)
            for operation, explanation in zip(self.operations, self.explanations, strict=True)
        )

    def _at_depth(
        self, depth: str, operation: Operation, explanation: Explanation, code: Templates
    ) -> Iterator[Step]:
        shape = self.layout.register(operation.writes).entry_shape
        if depth == "layer" or not shape:
            yield _whole_step(depth, operation, explanation, code)
            return
        for unit in range(shape[0]):
            if depth == "unit":
                yield _unit_step(depth, operation, explanation, code, unit, shape)
            else:
                yield from _term_steps(operation, explanation, code, unit, shape)

    def to_json(self) -> dict[str, Any]:
        """Return the program as plain data, for the panels."""
        return {
            "version": 1,
            "size": self.layout.size,
            "samples": self.layout.samples,
            "network": {
                "sizes": list(self.network.sizes),
                "activations": [layer.activation.name for layer in self.network.layers],
                "loss": self.network.loss.name,
            },
            "rule": {
                "learning_rate": self.rule.learning_rate,
                "update": self.rule.update,
                "train_biases": self.rule.train_biases,
                "mistakes": [
                    {
                        key: getattr(mistakes[name], key)
                        for key in ("name", "title", "change", "notice")
                    }
                    for name in self.rule.mistakes
                ],
            },
            "registers": {
                register.name: {
                    "start": register.start,
                    "shape": list(register.shape),
                    "per_sample": register.per_sample,
                    **register_words(register.name, self.layout.layers),
                }
                for register in self.layout.registers.values()
            },
            "operations": [
                {
                    "kind": operation.kind,
                    "phase": operation.phase,
                    "layer": operation.layer,
                    "writes": operation.writes,
                    "reads": list(operation.reads),
                    "indices": ["i", "j"][
                        : len(self.layout.register(operation.writes).entry_shape)
                    ],
                    "element": to_json(explanation.element),
                    "array": to_json(explanation.array),
                    "words": vars(explanation.words),
                    "code": vars(column),
                    "row_code": vars(row),
                }
                for operation, explanation, column, row in zip(
                    self.operations, self.explanations, self.code, self._code(ROW), strict=True
                )
            ],
        }

    def __repr__(self) -> str:
        counts = ", ".join(f"{len(self.steps(depth))} by {depth}" for depth in DEPTHS)
        sizes = "-".join(map(str, self.network.sizes))
        return f"Program({sizes}, {self.rule.update}; steps: {counts})"


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
