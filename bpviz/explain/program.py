"""The program: the ordered tree of steps of an update.

It depends on the network and the rule, never on the numbers. Together with a row of the
tape it is everything that any view shows.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import Any

from bpviz.core.arguments import one_of
from bpviz.core.formula.entries import AXES
from bpviz.core.formula.expression import Expression, is_op, to_json
from bpviz.core.formula.stable import stable
from bpviz.core.mistakes import mistakes
from bpviz.core.model.network import Network
from bpviz.core.operations.operation import UPDATE, Operation, Templates
from bpviz.core.operations.quantities import layer_of, quantity_of
from bpviz.core.update.algorithm import algorithm
from bpviz.core.update.rule import Rule
from bpviz.core.update.starting import start_operations
from bpviz.core.update.tape import Layout
from bpviz.explain.formula_code import COLUMN, ROW
from bpviz.explain.numpy_code import CONVENTIONS, NumpyWriter
from bpviz.explain.registers import quantities_json
from bpviz.explain.steps import DEPTHS, Part, Steps

PROGRAM_VERSION = 2
"""Of the program as plain data; `panels/older.py` brings up what an older one has kept."""


def mistake_words(name: str) -> dict[str, str]:
    """Return what is said of a mistake; `right_because` is empty unless it is a convention."""
    keys = ("title", "change", "notice", "right_because")
    return {key: getattr(mistakes[name], key) or "" for key in keys}


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
        self.operations = algorithm(network, self.rule, samples)
        self._writers = {one: NumpyWriter(self.layout, one) for one in CONVENTIONS}

    def steps(self, depth: str = "layer", skip_unchanged: bool = False) -> Steps:
        """Return all steps at a depth, in order, or only those that change something."""
        return self._steps[one_of("depth", depth, DEPTHS), skip_unchanged]

    @cached_property
    def _steps(self) -> dict[tuple[str, bool], Steps]:
        shapes = [self.layout.register(each.writes).entry_shape for each in self.operations]
        parts = zip(self.operations, self.code, shapes, strict=True)
        made = tuple(Part(*part) for part in parts)
        left_out = {False: frozenset[str](), True: self.unchanging}
        return {
            (depth, skip): Steps(depth, made, left_out[skip])
            for depth in DEPTHS
            for skip in (False, True)
        }

    @cached_property
    def unchanging(self) -> frozenset[str]:
        """The changes that are 0 by their formula, and what they leave as it is.

        What is so by a mistake is not among them. The front end's `unchanging` does the same.
        """
        found: set[str] = set()
        for operation in self.operations:
            is_meant = operation.entry == self._right.get(operation.writes, operation.entry)
            if operation.phase != UPDATE or not is_meant:
                continue
            minus_nothing = is_op(operation.formula, "subtract") and operation.reads[-1] in found
            if operation.formula == 0.0 or minus_nothing:
                found.add(operation.writes)
        return frozenset(found)

    @cached_property
    def code(self) -> tuple[Templates, ...]:
        """The lines of NumPy of each operation."""
        return tuple(self._code(operation, COLUMN) for operation in self.operations)

    def _code(self, operation: Operation, convention: str) -> Templates:
        writer = self._writers[convention]
        return writer.templates(operation.writes, operation.entry, operation.formula)

    def to_json(self) -> dict[str, Any]:
        """Return the program as plain data, for the panels."""
        net = self.network.architecture
        limits = {"targets": net.loss.targets} if net.loss.targets else {}
        return {
            "version": PROGRAM_VERSION,
            "size": self.layout.size,
            "samples": self.layout.samples,
            "network": {
                "sizes": list(net.sizes),
                "activations": [one.name for one in net.activations],
                "loss": net.loss.name,
                "titles": [one.title for one in (*net.activations, net.loss)],
                **limits,
            },
            "rule": {
                "update": self.rule.update,
                "train_biases": self.rule.train_biases,
                "mistakes": [{"name": name, **mistake_words(name)} for name in self.rule.mistakes],
            },
            "start": self.start_json(),
            "quantities": quantities_json(self.layout),
            "registers": self.registers_json(),
            "operations": [self._json_of(operation) for operation in self.operations],
        }

    def start_json(self) -> list[dict[str, Any]]:
        """Return what mistakes make of the parameters that a run begins with, as plain data."""
        made = start_operations(self.network, self.rule)
        return [self._formula_json(operation) for operation in made]

    def formulas_besides(self, other: Program) -> list[dict[str, Any]]:
        """Return the formulas that another program does not have, as plain data."""
        found = []
        for operation in self.operations:
            usual = other.operation(operation.writes)
            if usual is None or operation.entry != usual.entry:
                found.append(self._formula_json(operation))
        return found

    def registers_json(self) -> dict[str, Any]:
        """Return where each register lies, and what it holds, as plain data."""
        return {
            register.name: {
                "start": register.start,
                "shape": list(register.shape),
                "per_sample": register.per_sample,
                "quantity": quantity_of(register.name),
                "layer": layer_of(register.name, self.layout.layers),
            }
            for register in self.layout.registers.values()
        }

    def operation(self, register: str) -> Operation | None:
        """Return what writes a register; None if nothing does."""
        return self._writers_of.get(register)

    def operation_json(self, register: str) -> dict[str, Any] | None:
        """Return what writes a register as plain data; None if nothing does."""
        operation = self.operation(register)
        return None if operation is None else self._json_of(operation)

    @cached_property
    def _writers_of(self) -> dict[str, Operation]:
        return {operation.writes: operation for operation in self.operations}

    def _json_of(self, operation: Operation) -> dict[str, Any]:
        return {
            "phase": operation.phase,
            "layer": operation.layer,
            **self._formula_json(operation),
            **self._right_json(operation),
            "array": to_json(operation.formula),
            "words": operation.words._asdict(),
            "code": self._code(operation, COLUMN)._asdict(),
            "row_code": self._code(operation, ROW)._asdict(),
        }

    def _formula_json(self, operation: Operation) -> dict[str, Any]:
        formula = {
            "writes": operation.writes,
            "indices": self._indices(operation),
            "element": to_json(operation.entry),
        }
        if stable(operation.entry) != operation.entry:
            # The same value, without overflow.
            formula["stable"] = to_json(stable(operation.entry))
        return formula

    def _indices(self, operation: Operation) -> list[str]:
        """Return the variables of an entry of what an operation writes."""
        return list(AXES[: len(self.layout.register(operation.writes).entry_shape)])

    def _right_json(self, operation: Operation) -> dict[str, Any]:
        """Return what a mistake has changed in an entry."""
        right = self._right.get(operation.writes, operation.entry)
        return {} if right == operation.entry else {"right": to_json(stable(right))}

    @cached_property
    def _right(self) -> dict[str, Expression]:
        """The entries of the update without mistakes, by the registers that they write."""
        if not self.rule.mistakes:
            return {}
        rule = replace(self.rule, mistakes=())
        right = algorithm(self.network, rule, self.layout.samples)
        return {operation.writes: operation.entry for operation in right}

    def __repr__(self) -> str:
        counts = ", ".join(f"{len(self.steps(depth))} by {depth}" for depth in DEPTHS)
        sizes = "-".join(map(str, self.network.sizes))
        return f"Program({sizes}, {self.rule.update}; steps: {counts})"
