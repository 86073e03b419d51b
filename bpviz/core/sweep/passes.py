"""What makes an update cheap where only its outcome counts: passes on its assignments.

Each pass is a function from assignments to assignments that give the same new parameters. A
sweep keeps no intermediates, so a number that nothing needs is not computed, one that is
needed once is put where it is needed, and the learning rate is multiplied in where the error
is made, not again for every weight.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from math import prod
from types import MappingProxyType

from bpviz.core.formula.expression import (
    FOLDS,
    Expression,
    Index,
    Op,
    Ref,
    bind,
    is_op,
    operations_in,
    refs,
    registers,
    replaced,
    rewritten,
    with_parts,
)
from bpviz.core.formula.simplify import folded, is_number

LINEAR = "edgup"
"""The quantities that grow in proportion to the error."""


@dataclass(frozen=True)
class Assignment:
    """A register, or one row of it, and what it becomes.

    Attributes
    ----------
    register : str
        What is written.
    at : tuple of int or str
        Its indices: variables, and a number where one row has a formula of its own.
    formula : Expression
        One entry.
    """

    register: str
    at: tuple[Index, ...]
    formula: Expression

    @cached_property
    def reads(self) -> frozenset[str]:
        """The registers that are read."""
        return frozenset(registers(self.formula))

    @cached_property
    def refs(self) -> tuple[Ref, ...]:
        """Every ref in the formula, those under a Σ once."""
        return tuple(refs(self.formula))


def live(assignments: Sequence[Assignment], wanted: Collection[str]) -> list[Assignment]:
    """Leave out what neither `wanted` nor any other assignment needs."""
    needed, kept = set(wanted), []
    for one in reversed(assignments):
        if one.register in needed:
            kept.append(one)
            needed |= one.reads
    return kept[::-1]


def error_named(assignments: Sequence[Assignment], output: str, name: str) -> list[Assignment]:
    """Give output minus target a register of its own, and use it wherever that stands."""
    error = Assignment(name, ("i",), Ref(output, ("i",)) - Ref("y", ("i",)))

    def named(part: Expression) -> Expression:
        if not isinstance(part, Op) or part.op != "subtract":
            return part
        h, y = part.of
        if not isinstance(h, Ref) or not isinstance(y, Ref) or h.at != y.at:
            return part
        if (h.register, y.register) == (output, "y"):
            return Ref(name, h.at)
        return (
            Op("negate", (Ref(name, h.at),)) if (y.register, h.register) == (output, "y") else part
        )

    place = next(k for k, one in enumerate(assignments) if one.register == output) + 1
    rest = [replace(one, formula=rewritten(one.formula, named)) for one in assignments[place:]]
    return [*assignments[:place], error, *rest]


def with_numbers(
    assignments: Sequence[Assignment], numbers: Mapping[str, float]
) -> list[Assignment]:
    """Put numbers in the place of registers that are the same in all runs and updates."""
    instead = {name: partial(_always, number) for name, number in numbers.items()}
    return [replace(one, formula=replaced(one.formula, instead)) for one in assignments]


def _always(number: float, _ref: Ref) -> Expression:
    return number


def rate_first(
    assignments: Sequence[Assignment], carried: Mapping[str, str] = MappingProxyType({})
) -> list[Assignment]:
    """Multiply by the learning rate where the error is made, not where each weight changes.

    What is linear in the error is then stored times the rate. If something is wanted both with
    the rate and without, nothing is changed.

    Parameters
    ----------
    assignments : sequence of Assignment
        In order.
    carried : mapping
        From registers that an update begins with to those of the update before that they are.
    """
    factors: dict[str, set[float]] = {}
    made = []
    for one in reversed(assignments):
        wanted = factors.setdefault(one.register, {1.0})
        if len(wanted) > 1:
            return list(assignments)
        made.append(replace(one, formula=_demanded(one.formula, min(wanted), factors)))
    if any(factors.get(name, factors[now]) != factors[now] for name, now in carried.items()):
        return list(assignments)
    return made[::-1]


def _demanded(e: Expression, factor: float, factors: dict[str, set[float]]) -> Expression:
    """Return e × factor, with the factor left to the linear registers that e reads."""
    if isinstance(e, Ref):
        if e.register[0] in LINEAR:
            factors.setdefault(e.register, set()).add(factor)
            return e
        return _scaled(e, factor)
    if not isinstance(e, Op):
        return e * factor
    linear = [part for part in e.of if _is_linear(part)]
    if e.op == "multiply" and len(linear) < 2:
        own = prod([float(part) for part in e.of if is_number(part)], start=factor)
        rest = [part for part in e.of if not is_number(part) and part not in linear]
        if not linear:
            return _scaled(Op("multiply", tuple(rest)), own)
        return Op("multiply", (_demanded(linear[0], own, factors), *rest))
    if e.op in ("sum", "negate") or (e.op == "divide" and not _is_linear(e.of[1])):
        return with_parts(e, (_demanded(e.of[0], factor, factors), *e.of[1:]))
    if e.op in ("add", "subtract") and linear:
        return with_parts(e, tuple(_demanded(part, factor, factors) for part in e.of))
    for register in registers(e):  # what is not linear in them takes them as they are
        factors.setdefault(register, set()).add(1.0)
    return _scaled(e, factor)


def _scaled(e: Expression, factor: float) -> Expression:
    return e if factor == 1.0 else Op("multiply", (e, factor))


def _is_linear(e: Expression) -> bool:
    return any(register[0] in LINEAR for register in registers(e))


def positive_part_by_step(assignments: Sequence[Assignment]) -> list[Assignment]:
    """Write max(0, a) as a · step(a) where the step is wanted as well: NumPy is faster so."""
    made = list(assignments)
    for one in assignments:
        larger = one.formula
        if not is_op(larger, "max") or not isinstance(larger.of[1], Ref) or larger.of[0] != 0.0:
            continue
        step = Op("step", larger.of[1:])
        found = next((other for other in made if other.formula == step), None)
        if found is not None:
            made.remove(found)
            product = larger.of[1] * Ref(found.register, one.at)
            place = made.index(one)
            made[place : place + 1] = [found, replace(one, formula=product)]
    return made


def inlined(
    assignments: Sequence[Assignment], kept: Collection[str], state: Collection[str]
) -> list[Assignment]:
    """Put what is needed once, and plain copies, where they are needed.

    Parameters
    ----------
    assignments : sequence of Assignment
        In order.
    kept : collection of str
        The registers that outlast the update.
    state : collection of str
        Those among them that are read before they are written anew.
    """
    made, number = list(assignments), 0
    while number < len(made):
        one = made[number]
        if one.register in kept or not _can_move(one, made[number + 1 :], state):
            number += 1
            continue
        for later in range(number + 1, len(made)):
            if one.register in made[later].reads:
                formula = rewritten(made[later].formula, partial(_put, one))
                made[later] = replace(made[later], formula=formula)
        del made[number]
        number = 0
    return made


def _put(one: Assignment, part: Expression) -> Expression:
    if isinstance(part, Ref) and part.register == one.register:
        assert part.at is not None
        return bind(one.formula, dict(zip(map(str, one.at), part.at, strict=True)))
    return folded(part)


def _can_move(one: Assignment, later: Sequence[Assignment], state: Collection[str]) -> bool:
    name = one.register
    users = [other for other in later if name in other.reads]
    uses = [other for other in users for ref in other.refs if ref.register == name]
    formula = one.formula
    if not uses:
        return False
    given = isinstance(formula, Ref) and formula.register not in ("x", "y", *state)
    if is_number(formula) or (given and getattr(formula, "at", None) == one.at):
        return True
    if len(uses) > 1 or len(uses[0].at) != len(one.at) or _has_fold(formula):
        return False
    between = later[: later.index(uses[0])]
    return not any(f"n{register}" == other.register for other in between for register in one.reads)


def _has_fold(e: Expression) -> bool:
    return is_op(e, *FOLDS) or (isinstance(e, Op) and any(map(_has_fold, e.of)))


def with_sample(
    assignments: Sequence[Assignment], known: Mapping[str, tuple[float | None, ...]]
) -> list[Assignment]:
    """Put the numbers of a sample in, row by row where they differ.

    Parameters
    ----------
    assignments : sequence of Assignment
        In order.
    known : mapping
        For "x" and "y" the numbers that are known; None for one that stays open.
    """
    made = []
    for one in assignments:
        if one.reads.isdisjoint(known):
            made.append(one)
            continue
        over_x = {v for ref in one.refs if ref.register == "x" for v in ref.at or ()}
        rows: list[dict[str, Index]] = [{}]
        for variable in [index for index in one.at if index in over_x]:
            rows = [
                {**row, str(variable): place} for row in rows for place in range(len(known["x"]))
            ]
        for row in rows:
            formula = folded(rewritten(bind(one.formula, row), lambda part: _known(part, known)))
            at = tuple(row.get(str(index), index) for index in one.at)
            made.append(Assignment(one.register, at, formula))
    return made


def _counts_inputs(e: Expression, variable: str) -> bool:
    """Return whether a variable says which input is meant."""
    if isinstance(e, Ref):
        return e.register == "x" and variable in (e.at or ())
    if not isinstance(e, Op):
        return False
    if e.op == "exchanged" and variable in (e.at or ()):
        return _counts_inputs(e.of[0], str(e.over))
    return any(_counts_inputs(part, variable) for part in e.of)


def _known(part: Expression, known: Mapping[str, tuple[float | None, ...]]) -> Expression:
    if is_op(part, "sum"):
        assert isinstance(part, Op)
        over, body = part.over, part.of[0]
        assert over is not None
        if _counts_inputs(body, over):
            assert part.count is not None
            terms = [
                rewritten(bind(body, {over: place}), lambda p: _known(p, known))
                for place in range(part.count)
            ]
            return Op("add", tuple(terms))  # folded with the sum that it is a part of, in order
    if isinstance(part, Ref) and part.register in known and part.at:
        numbers, place = known[part.register], part.at[0]
        index = place if isinstance(place, int) else 0
        if (isinstance(place, int) or len(numbers) == 1) and numbers[index] is not None:
            return numbers[index]  # type: ignore[return-value]
    return folded(part)


def shared_places(
    assignments: Sequence[Assignment],
    fixed: Mapping[str, str],
    state: Collection[str],
    shape: Mapping[str, tuple[int, ...]],
) -> dict[str, str]:
    """Return from each register to the one whose array it has: its own, or one not read again.

    Parameters
    ----------
    assignments : sequence of Assignment
        In order.
    fixed : mapping
        The registers that outlast the update, and whose arrays they have.
    state : collection of str
        Those among them that are read before they are written anew.
    shape : mapping
        The shape of each register.
    """
    last = {register: number for number, one in enumerate(assignments) for register in one.reads}
    place = dict(fixed)
    for number in reversed(range(len(assignments))):
        one = assignments[number]
        place.setdefault(one.register, one.register)
        if any(isinstance(index, int) for index in one.at) or place[one.register] in state:
            continue
        for register in sorted(one.reads - set(place) - {"x", "y"}):
            same = last[register] == number and shape[register] == shape[one.register]
            if same and _entry_by_entry(one, register):
                place[register] = place[one.register]
                break
    return place


def _entry_by_entry(one: Assignment, register: str) -> bool:
    """Return whether each entry needs only the same entry of a register."""
    same = all(ref.at == one.at for ref in refs(one.formula) if ref.register == register)
    folds = (part for part in operations_in(one.formula) if part.op in FOLDS)
    return same and not any(register in registers(fold) for fold in folds)
