"""What comes out at a number when it is computed wrongly, and why.

The mistakes are those of the registry: each is made, and its number is read off. What is wrong
without being a mistake of backpropagation is a slip: a sign, a term left out, another number.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence, Set
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from bpviz.core.arguments import Array
from bpviz.core.formula.evaluate import evaluate
from bpviz.core.formula.expression import (
    Expression,
    Ref,
    bind,
    is_op,
    references,
    summand_count,
    summands,
    to_json,
    written_out,
)
from bpviz.core.operations.operation import Operation
from bpviz.core.operations.quantities import input_register
from bpviz.core.update.tape import Trace, parse_ref
from bpviz.core.update.variants import Variants
from bpviz.explain.other_rules import OtherRule, other_rules

SAME = 1e-9
"""Numbers that differ by less, measured by the larger, count as the same."""

DUST = 1e-15
"""So do numbers that differ by less: what adds up to 0 leaves that much."""

CLOSE = 0.005
"""So far, as a part of a number, may an answer of three digits be off."""

MOST_TERMS = 12
"""Of longer sums no term is tried to be left out, and no other entry to be taken."""

OF_A_UNIT = ("a", "h", "s", "e", "d", "b")
OF_A_PARAMETER = ("g", "u", "", "n")


@dataclass(frozen=True)
class Wrong:
    """A wrong number and what leads to it.

    Attributes
    ----------
    value : float
        What comes out; NaN where only the choice of inputs is wrong.
    mistakes : tuple of str
        Names of the registry, each of which alone leads to it.
    slip : str
        Otherwise what was done: "sign" (flipped), "other" (another number taken), "without" (a
        term left out), "half" (the factor ½ left out), "early" (the inputs of an input chosen in
        its place); or what is right under another rule: "purpose" (without the mistake that
        the rule makes on purpose), "simultaneous" (with the old weights), "trained" (with the
        bias trained).
    refs : tuple of str
        The other number, or the factors of the term left out.
    reads : tuple of str
        What a mistaken formula of the number itself is made from.
    formula : Expression or None
        That formula.
    slipped : Expression or None
        What a slip makes of the right numbers.
    """

    value: float
    mistakes: tuple[str, ...] = ()
    slip: str = ""
    refs: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    formula: Expression | None = None
    slipped: Expression | None = None

    def is_among(self, others: Set[tuple[str, str]]) -> bool:
        """Return whether it follows from rules of which the slips and mistakes are given."""
        return {(self.slip, name) for name in self.mistakes or ("",)} <= others

    def to_json(self) -> dict[str, Any]:
        """Return it as plain data, without what is empty and the value of a formula.

        Where several mistakes lead to the value, it stays: with other numbers they may not.
        """
        formula = self.slipped if self.formula is None else self.formula
        follows = formula is not None and len(self.mistakes) < 2
        data = {
            "value": None if follows or math.isnan(self.value) else self.value,
            "mistakes": list(self.mistakes),
            "slip": self.slip,
            "refs": list(self.refs),
            "reads": list(self.reads),
            "formula": None if formula is None else to_json(formula),
        }
        return {key: value for key, value in data.items() if value not in ("", [], None)}


@dataclass(frozen=True)
class _Variant:
    """The update under another rule: with a mistake, or without one that the rule makes."""

    other: OtherRule
    trace: Trace
    operations: dict[str, Operation]
    altered: frozenset[str]
    rows: dict[frozenset[str], Array] = field(default_factory=dict, compare=False, repr=False)
    """What was computed so far where only some registers are computed by the variant."""

    def formula(self, register: str) -> Expression:
        """Return one entry of a register, in its index variables."""
        return self.operations[register].entry


class WrongAnswers:
    """The wrong numbers that can be expected where a number of an update is asked for.

    Parameters
    ----------
    trace : Trace
        The update, with one of its samples chosen.
    """

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self._under = Variants(trace)
        self._operations = {op.writes: op for op in self._under.operations(trace.rule)}
        self._known: dict[str, tuple[Wrong, ...]] = {}
        self._right = _Variant(OtherRule(trace.rule), trace, self._operations, frozenset())
        self._made: list[_Variant] = []

    def at_sample(self, sample: int) -> WrongAnswers:
        """Return the wrong numbers of another sample of the batch; what was computed is shared."""
        other = copy(self)
        other.trace, other._known = self.trace.at_sample(sample), {}
        return other

    @property
    def _variants(self) -> Sequence[_Variant]:
        if not self._made:
            self._made += self._all_variants()
        return self._made

    def _all_variants(self) -> list[_Variant]:
        trace = self.trace
        others = other_rules(trace.network, trace.rule, trace.layout.samples)
        return [self._variant(other) for other in others]

    def _variant(self, other: OtherRule) -> _Variant:
        operations = {op.writes: op for op in self._under.operations(other.rule)}
        altered = {name for name, op in operations.items() if op != self._operations.get(name)}
        return _Variant(other, self._under.under(other.rule), operations, frozenset(altered))

    def formula(self, ref: str) -> Expression:
        """Return what a number is computed from, written out."""
        return _entry(self._right, ref)

    def of(self, ref: str) -> tuple[Wrong, ...]:
        """Return the wrong numbers that can be expected at a ref such as "d1[0]".

        Mistakes come before slips, and a number that several mistakes lead to comes once, with
        all their names. What differs from the right number by rounding only is left out.
        """
        if ref not in self._known:
            self._known[ref] = self._found(ref)
        return self._known[ref]

    def _found(self, ref: str) -> tuple[Wrong, ...]:
        right = number_at(self.trace, ref)
        found: list[Wrong] = []
        for wrong in (*self._mistaken(ref), *self._slips(ref, right)):
            if not np.isfinite(wrong.value) or _are_same(wrong.value, right):
                continue
            known = next((k for k, old in enumerate(found) if _merges(old, wrong)), None)
            if known is None:
                found.append(wrong)
            elif wrong.mistakes:
                names = dict.fromkeys((*found[known].mistakes, *wrong.mistakes))
                found[known] = replace(found[known], mistakes=tuple(names))
        return tuple(found)

    def _mistaken(self, ref: str) -> Iterator[Wrong]:
        """Yield what each variant leads to: made in this step, in this layer, or everywhere."""
        register, _ = parse_ref(ref)
        for variant in self._variants:
            names, slip = variant.other.mistakes, variant.other.slip
            if register in variant.altered:
                formula = _entry(variant, ref)
                yield Wrong(
                    self._evaluated(variant, ref, frozenset((register,))),
                    names,
                    slip,
                    reads=reads_of(formula),
                    formula=None if slip else formula,
                )
            layer = self._operations[register].layer
            own = frozenset(n for n, op in variant.operations.items() if op.layer == layer)
            if own & variant.altered:
                yield Wrong(self._evaluated(variant, ref, own), names, slip)
            number = variant.trace.row[variant.trace.layout.slot(ref, self.trace.sample)]
            yield Wrong(float(number), names, slip)

    def _evaluated(self, variant: _Variant, ref: str, again: frozenset[str]) -> float:
        """Return a number where the registers `again` are computed as the variant does it."""
        if again not in variant.rows:
            variant.rows[again] = self._under.under(variant.other.rule, again).row
        return float(variant.rows[again][variant.trace.layout.slot(ref, self.trace.sample)])

    def _slips(self, ref: str, right: float) -> Iterator[Wrong]:
        register, at = parse_ref(ref)
        itself = Ref(register, at)
        yield Wrong(-right, slip="sign", slipped=-itself)
        if 1 < summand_count(self._right.formula(register)) <= MOST_TERMS:
            for term in summands(_entry(self._right, ref)):
                value = right - float(evaluate(term, self._recorded))
                yield Wrong(value, slip="without", refs=reads_of(term), slipped=itself - term)
        if register == "loss" and _is_halved(self.trace.network.loss.formula):
            yield Wrong(2 * right, slip="half", slipped=2.0 * itself)
        # Who forgets a factor answers with the others, which may be the number of a later step too.
        read = reads_of(_entry(self._right, ref))
        for other in sorted(self.neighbours(ref), key=lambda one: one not in read):
            value = number_at(self.trace, other)
            if value:
                yield Wrong(value, slip="other", refs=(other,), slipped=Ref(*parse_ref(other)))

    def _recorded(self, one: Ref) -> float:
        sample = self.trace.sample if one.sample is None else int(one.sample)
        return float(self.trace.row[self.trace.layout.slot(str(one), sample)])

    def neighbours(self, ref: str) -> tuple[str, ...]:
        """Return the numbers that a ref is easily taken for: of the same unit or connection."""
        layout = self.trace.layout
        register, at = parse_ref(ref)
        if register == "loss":
            last = layout.layers
            found = [str(Ref(f"{name}{last}", (0,))) for name in ("e", "h")] + ["y[0]"]
            return tuple(one for one in found if parse_ref(one)[0] in layout.registers)
        layer = self._operations[register].layer
        quantity = self._operations[register].quantity
        if quantity[-1] in "Wb":
            parameter = f"{quantity[-1]}{layer}"
            found = [str(Ref(prefix + parameter, at)) for prefix in OF_A_PARAMETER]
            found.append(str(Ref(f"d{layer}", at[:1])))
            if len(at) == 2:
                found.append(str(Ref(input_register(layer), at[1:])))
        else:
            found = [str(Ref(f"{name}{layer}", at[:1])) for name in OF_A_UNIT]
            if layer == layout.layers:
                found.append(str(Ref("y", at[:1])))
        found += self._siblings(register)
        fits = (one for one in found if one != ref and self._exists(one))
        return tuple(dict.fromkeys(fits))

    def _siblings(self, register: str) -> list[str]:
        table = self.trace.layout.register(register)
        return list(table.refs) if math.prod(table.entry_shape) <= MOST_TERMS else []

    def _exists(self, ref: str) -> bool:
        name, at = parse_ref(ref)
        register = self.trace.layout.registers.get(name)
        return register is not None and len(register.entry_shape) == len(at)


def number_at(trace: Trace, ref: str) -> float:
    """Return a single number of an update, that of the chosen sample."""
    return float(trace.row[trace.layout.slot(ref, trace.sample)])


def is_close(value: float, known: float) -> bool:
    """Return whether an answer of three digits means a number that is known."""
    return abs(value - known) <= CLOSE * abs(known)


def reads_of(formula: Expression) -> tuple[str, ...]:
    """Return the refs that a formula is made from, each once."""
    return tuple(dict.fromkeys(map(str, references(formula))))


def _is_halved(formula: Expression) -> bool:
    """Return whether a formula is half of something."""
    if is_op(formula, "divide"):
        return formula.of[1] == 2.0
    return is_op(formula, "multiply") and 0.5 in formula.of


def _entry(variant: _Variant, ref: str) -> Expression:
    register, at = parse_ref(ref)
    values = dict(zip(("i", "j"), at, strict=False))
    return written_out(bind(variant.formula(register), values))


def _are_same(one: float, other: float) -> bool:
    return abs(one - other) <= max(DUST, SAME * max(abs(one), abs(other)))


def _merges(old: Wrong, new: Wrong) -> bool:
    """Return whether two wrong answers are told as one: the same number from mistakes alike."""
    if old.slip != new.slip or not _are_same(old.value, new.value):
        return False
    return bool(old.mistakes and new.mistakes) or (old.refs, old.slip) == (new.refs, new.slip)
