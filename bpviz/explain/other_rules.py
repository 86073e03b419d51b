"""The rules that may be followed instead of one: with a mistake more or less, with other weights.

Wrong answers are looked for among what they lead to, by Python and by a page alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from typing import Any

from bpviz.core.mistakes import mistakes
from bpviz.core.model.network import Network
from bpviz.core.update.possible import possible
from bpviz.core.update.rule import DIRTY, SIMULTANEOUS, Rule
from bpviz.explain.program import Program

PURPOSE, OLD_WEIGHTS, TRAINED = "purpose", "simultaneous", "trained"
"""What is right under another rule: without the mistake that the rule makes on purpose, with the
old weights, with the biases trained."""


@dataclass(frozen=True)
class OtherRule:
    """A rule that somebody may follow instead.

    Attributes
    ----------
    rule : Rule
        All of it.
    mistake : str
        The name of what is made, or is not.
    slip : str
        Empty for a mistake that is made; else "purpose", "simultaneous" or "trained".
    """

    rule: Rule
    mistake: str = ""
    slip: str = ""

    @property
    def mistakes(self) -> tuple[str, ...]:
        """The mistake, as one of those that lead to a number."""
        return (self.mistake,) if self.mistake else ()


def other_rules(network: Network, rule: Rule, samples: int) -> Iterator[OtherRule]:
    """Yield the rules that may be followed instead of one, mistakes first."""
    for name in possible(network, rule, samples):
        # What an earlier update has left over is zero in an update that stands alone.
        if not mistakes[name].keeps_gradients:
            yield OtherRule(replace(rule, mistakes=(*rule.mistakes, name)), mistake=name)
    for name in rule.mistakes:
        others = tuple(other for other in rule.mistakes if other != name)
        yield OtherRule(replace(rule, mistakes=others), mistake=name, slip=PURPOSE)
    if rule.update == DIRTY:
        yield OtherRule(replace(rule, update=SIMULTANEOUS), slip=OLD_WEIGHTS)
    if not rule.train_biases:
        yield OtherRule(replace(rule, train_biases=True), slip=TRAINED)


def variants_json(program: Program, registers: Set[str]) -> list[dict[str, Any]]:
    """Return what other rules compute otherwise, as plain data for a page.

    Parameters
    ----------
    program : Program
        Of the update by its own rule.
    registers : set of str
        What somebody may answer. A formula that makes no difference to it is left out, and so is
        a rule that needs registers of its own: a row has no place for them.
    """
    found: list[dict[str, Any]] = []
    usual = [operation.writes for operation in program.operations]
    for other in other_rules(program.network, program.rule, program.layout.samples):
        made = Program(program.network, other.rule, program.layout.samples)
        start, formulas = (
            [one for one in those if registers & _following(made, {one["writes"]})]
            for those in (made.start_json(), made.formulas_besides(program))
        )
        order = [operation.writes for operation in made.operations]
        fits = made.layout.registers == program.layout.registers
        if fits and (start or formulas):
            parts = {
                "mistakes": list(other.mistakes),
                "slip": other.slip,
                "start": start,
                "order": [] if order == usual else order,
            }
            written = {key: value for key, value in parts.items() if value}
            found.append({**written, "formulas": formulas})
    return found


def _following(program: Program, registers: Set[str]) -> set[str]:
    """Return some registers and all that are computed from them."""
    found = set(registers)
    for operation in program.operations:
        if not found.isdisjoint(operation.reads):
            found.add(operation.writes)
    return found


def names_of(variants: Iterable[Mapping[str, Any]]) -> frozenset[tuple[str, str]]:
    """Return the slips and mistakes of which `variants_json` has the formulas."""
    return frozenset(
        (one.get("slip", ""), name) for one in variants for name in one.get("mistakes", ("",))
    )
