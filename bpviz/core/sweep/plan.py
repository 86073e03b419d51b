"""An update of a sweep as assignments, whatever the number of runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bpviz.core.arguments import Array
from bpviz.core.formula.entries import AXES
from bpviz.core.formula.expression import Expression, Op, is_op
from bpviz.core.formula.simplify import simplified
from bpviz.core.model.network import Network
from bpviz.core.operations.operation import LOSS
from bpviz.core.operations.optimizers import SGD
from bpviz.core.operations.quantities import RATE, register_shapes
from bpviz.core.sweep.passes import (
    Assignment,
    error_named,
    inlined,
    live,
    positive_part_by_step,
    rate_first,
    shared_places,
    with_numbers,
    with_sample,
)
from bpviz.core.update.algorithm import algorithm
from bpviz.core.update.rule import Rule
from bpviz.core.update.tape import Layout

ERROR = "r"
"""The register of output minus target."""
FREE_FACTORS = (-1.0, 0.0, 1.0)
"""Inputs by which nothing need be multiplied."""

Known = tuple[float | None, ...]
"""The numbers of an input or a target; None for those that stay open."""


class Plan:
    """What an update of a sweep does.

    Parameters
    ----------
    network, rule
        What an update does; the numbers of the network do not matter.

    Attributes
    ----------
    state : dict
        What goes over from one update to the next, in order, and its shape for one run: for
        each layer W, the weights of one input side by side, then b; and likewise the
        gradients, if the rule accumulates them.
    shapes : dict
        The shape of every register for one run.
    fixed : dict
        From the registers that outlast an update to the one whose array each has.
    """

    def __init__(self, network: Network, rule: Rule) -> None:
        net, carried = network.architecture, rule.carried
        self.sizes = net.sizes
        shapes = register_shapes(net, carried)
        self.shapes = {**shapes, ERROR: shapes["y"]}
        becomes = {f"{q}{layer}": f"n{q}{layer}" for layer in range(1, net.last + 1) for q in "Wb"}
        carried_over = Layout(net, rule=rule).carried
        becomes |= carried_over
        self.state = {name: shapes[name][::-1] for name in becomes}
        self.fixed = {ERROR: ERROR}
        for name, source in becomes.items():
            self.fixed[name] = self.fixed[source] = name
        self._update = self._assignments(network, rule, carried_over)
        self._made: dict[tuple[Known, Known], tuple[list[Assignment], dict[str, str]]] = {}

    def _assignments(
        self, network: Network, rule: Rule, carried: Mapping[str, str]
    ) -> list[Assignment]:
        plain = [
            Assignment(op.writes, AXES[: len(self.shapes[op.writes])], op.entry)
            for op in algorithm(network, rule)
            if op.phase != LOSS or op.writes != "loss"
        ]
        named = error_named(plain, f"h{len(network.layers)}", ERROR)
        named = with_numbers(named, {RATE.register: rule.learning_rate})
        plain = live(named, self.fixed)
        if rule.optimizer == SGD():
            plain = rate_first(plain, carried)
        plain = [
            Assignment(one.register, one.at, simplified(_bias_first(one.formula))) for one in plain
        ]
        return inlined(positive_part_by_step(plain), self.fixed, set(self.fixed.values()))

    def of_sample(self, x: Known, y: Known) -> tuple[Sequence[Assignment], Mapping[str, str]]:
        """Return what is done for samples in which some numbers are known.

        Returns
        -------
        sequence of Assignment
            In order.
        mapping
            From each register to the one whose array it has.
        """
        if (x, y) not in self._made:
            todo = live(with_sample(self._update, {"x": x, "y": y}), self.fixed)
            places = shared_places(todo, self.fixed, self.state, self.shapes)
            self._made[x, y] = todo, places
        return self._made[x, y]


def _bias_first(formula: Expression) -> Expression:
    """Return Σ W x + b as b + Σ W x, of which each term can be added in place."""
    if is_op(formula, "add") and len(formula.of) == 2 and is_op(formula.of[0], "sum"):
        return Op("add", formula.of[::-1])
    return formula


def pattern(x: Array, y: Array) -> tuple[Known, Known]:
    """Return the numbers of a sample that make an update cheaper; None for the others."""
    return (
        tuple(float(number) if number in FREE_FACTORS else None for number in x),
        tuple(0.0 if number == 0.0 else None for number in y),
    )
