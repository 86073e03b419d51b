"""Networks whose numbers stay short from the input to the new weights."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from random import Random
from typing import TypeVar

import numpy as np

from bpviz.core.arguments import Array
from bpviz.core.formula.expression import Expression, Ref
from bpviz.core.model.losses import squared_error
from bpviz.core.model.network import Layer, Network
from bpviz.core.operations.quantities import COUNT, QUANTITIES, RATE, quantity_of
from bpviz.core.update.backprop import backprop, backprop_after
from bpviz.core.update.tape import Trace
from bpviz.explain.numbers import number_text
from bpviz.explain.program import Program
from bpviz.worksheets.exact import (
    DECIMALS,
    Numbers,
    NumberStyle,
    exact_update,
    fraction_of,
    is_rational,
    literals,
)

TRIES = 3000
CALM_TRIES = 1200
"""So many tries ask for an update that makes the loss smaller; the others take any."""

SIMPLE = 6
"""The largest denominator of a target: 0.75 and 5/6 are simple, 0.125 and 7/9 are not."""

DIGITS = 4
"""Significant digits where numbers are rounded."""

Item = TypeVar("Item")
Start = tuple[Numbers, Numbers]
"""The parameters and the input, and the target, entry by entry."""


@dataclass(frozen=True)
class Problem:
    """An update to compute by hand.

    Attributes
    ----------
    program : Program
        The steps.
    trace : Trace
        The numbers, as the core computes them.
    exact : dict or None
        The same numbers as fractions; None where they have to be rounded.
    style : NumberStyle
        How numbers are written.
    """

    program: Program
    trace: Trace
    exact: Numbers | None
    style: NumberStyle

    def text(self, ref: str) -> str:
        """Return a number as it is printed."""
        if self.exact is None:
            return number_text(self.trace[ref], DIGITS)
        return self.style.text(self.exact[ref])

    def literal(self, number: float) -> str:
        """Return a number of a formula as it is printed."""
        if self.exact is None:
            return number_text(number, DIGITS)
        return self.style.text(fraction_of(number))


class Dice:
    """Choices that follow from words, the same in every version of Python."""

    def __init__(self, *words: object) -> None:
        text = "\0".join(map(str, words))
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
        self._random = Random(int.from_bytes(digest))

    def choice(self, items: Sequence[Item]) -> Item:
        """Return one of the items."""
        return items[int(self._random.random() * len(items))]

    def shuffled(self, items: Iterable[Item]) -> list[Item]:
        """Return the items in a random order."""
        left, taken = list(items), []
        while left:
            taken.append(left.pop(int(self._random.random() * len(left))))
        return taken


def friendly_problem(program: Program, style: NumberStyle, dice: Dice) -> Problem:
    """Return an update with numbers for pencil and paper.

    With ReLU and the identity every number of the update is short and exact. So it is with other
    functions that make fractions of fractions, if such numbers are found. Otherwise the start is
    short, and what follows has to be rounded.

    Parameters
    ----------
    program : Program
        The steps; of its network the numbers do not matter.
    style : NumberStyle
        Which numbers are short.
    dice : Dice
        What is chosen.

    Raises
    ------
    ValueError
        If no such numbers are found, because the network is too large or the learning rate
        is not short.
    """
    network = program.network
    equations = [pair for step in program.steps("unit") for pair in step.equations]
    numbers_in = [number for _, one in equations for number in literals(one)]
    exact = is_rational(program) and all(style.is_short(fraction_of(one)) for one in numbers_in)
    rounds = not exact or any(layer.activation.curved for layer in network.layers)
    ways = [(_exact, style)] * exact + [(_rounded, DECIMALS)] * rounds
    for (made, of_style), trial in product(ways, range(TRIES)):
        numbers = _start(program, of_style, dice)
        found = made(program, equations, numbers, of_style, dice)
        if found is not None and (trial >= CALM_TRIES or _loss_falls(found.trace)):
            return found
    sizes = "-".join(map(str, network.sizes))
    raise ValueError(
        f"no {sizes} network whose numbers stay short was found with the learning rate "
        f"{program.rule.learning_rate:g}; choose smaller sizes, or a learning rate such as 0.1 "
        "or 0.5"
        + ", and a momentum such as 0.5" * bool(program.layout.carried)
        + f", or another loss than {network.loss}" * (network.loss is not squared_error)
    )


def _start(program: Program, style: NumberStyle, dice: Dice) -> Numbers:
    """Draw the parameters and the input; the learning rate is that of the rule."""
    network = program.network
    numbers = {f"x[{j}]": dice.choice(style.inputs) for j in range(network.sizes[0])}
    numbers[RATE.register] = fraction_of(program.rule.learning_rate)
    for number, layer in enumerate(network.layers, start=1):
        for i in range(layer.units):
            for j in range(layer.inputs):
                numbers[f"W{number}[{i},{j}]"] = dice.choice(style.weights)
            numbers[f"b{number}[{i}]"] = dice.choice(style.biases)
    return numbers


def _carried(program: Program, style: NumberStyle, dice: Dice) -> Numbers:
    """Draw what an optimiser has carried from one update before to this one."""
    return {
        str(ref): Fraction(1) if ref.register == COUNT else dice.choice(style.errors)
        for name in program.layout.carried
        for ref in _entries(program, name)
    }


def _carried_rounded(program: Program, numbers: Numbers, style: NumberStyle, dice: Dice) -> Numbers:
    """Return what an update on another sample carries to this one, as it is printed."""
    if not program.layout.carried:
        return {}
    other = {f"x[{j}]": dice.choice(style.inputs) for j in range(program.network.sizes[0])}
    earlier = _trace(program, {**numbers, **other})
    return {
        str(ref): fraction_of(float(f"{float(earlier[str(Ref(source, ref.at))]):.{DIGITS}g}"))
        for name, source in program.layout.carried.items()
        for ref in _entries(program, name)
    }


def _entries(program: Program, register: str) -> list[Ref]:
    """Return the refs of all numbers of a register."""
    shape = program.layout.register(register).entry_shape
    return [Ref(register, at or None) for at in np.ndindex(shape)]


def _exact(
    program: Program,
    equations: list[tuple[Ref, Expression]],
    numbers: Numbers,
    style: NumberStyle,
    dice: Dice,
) -> Problem | None:
    def accepts(register: str, number: Fraction) -> bool:
        # An aggregate of 0 asks about ReLU′(0), an error of 0 leaves nothing to compute.
        return style.is_short(number) and (number != 0 or register[0] not in "ae")

    last = program.layout.layers
    forward = [pair for pair in equations if pair[0].register[0] in "ah"]
    outputs = exact_update(forward, numbers, accepts)
    if outputs is None or not _lively(program.network, outputs):
        return None
    for k in range(program.network.sizes[-1]):
        numbers[f"y[{k}]"] = outputs[f"h{last}[{k}]"] - dice.choice(style.errors)
        if numbers[f"y[{k}]"].denominator > SIMPLE:
            return None
    numbers |= _carried(program, style, dice)
    exact = exact_update(equations, numbers, accepts)
    if exact is None:
        return None
    trace = _trace(program, numbers)
    _check(exact, trace)
    return Problem(program, trace, exact, style)


def _lively(network: Network, outputs: Numbers) -> bool:
    """Return whether ReLU shows both of its sides, and enough is left to compute."""
    for number, layer in enumerate(network.layers, start=1):
        if not layer.activation.kinked:
            continue
        firing = sum(outputs[f"a{number}[{i}]"] > 0 for i in range(layer.units))
        at_output = number == len(network.layers)
        enough = layer.units if at_output else min(2, max(1, layer.units - 1))
        one_off = number > 1 or at_output or layer.units == 1 or firing < layer.units
        if firing < enough or not one_off:
            return False
    return True


def _rounded(
    program: Program,
    _equations: list[tuple[Ref, Expression]],
    numbers: Numbers,
    style: NumberStyle,
    dice: Dice,
) -> Problem | None:
    network = program.network
    units = network.sizes[-1]
    if network.layers[-1].activation.couples_units:
        right = dice.choice(range(units))
        targets = [Fraction(k == right) for k in range(units)]
    else:
        low = Fraction(-1 if network.layers[-1].activation.lowest == -1 else 0)
        targets = [dice.choice((low, Fraction(1))) for _ in range(units)]
    numbers |= {f"y[{k}]": target for k, target in enumerate(targets)}
    carried = _carried_rounded(program, numbers, style, dice)
    if 2 * sum(map(bool, carried.values())) < len(carried):
        return None  # too many units were off to show what is carried
    numbers |= carried
    trace = _trace(program, numbers)
    return Problem(program, trace, None, style) if _legible(trace) else None


def _legible(trace: Trace) -> bool:
    """Return whether numbers can be written without a power of ten, but for an optimiser's own."""
    usual = [name for name in trace.layout.registers if quantity_of(name) in QUANTITIES]
    size = np.abs(np.concatenate([trace.row[trace.layout.span(name, name)] for name in usual]))
    return bool(np.all((size == 0) | ((size >= 1e-3) & (size < 100))))


def _loss_falls(trace: Trace) -> bool:
    before = float(trace.loss)
    return float(backprop(trace.updated, trace.x, trace.y).loss) < before


def _trace(program: Program, numbers: Numbers) -> Trace:
    """Return the update as the core computes it; what is not carried to it is 0."""

    def array(register: str) -> Array:
        shape = program.layout.register(register).entry_shape
        entries = [float(numbers.get(str(ref), 0)) for ref in _entries(program, register)]
        return np.array(entries).reshape(shape)

    layers = [
        Layer(array(f"W{number}"), array(f"b{number}"), layer.activation)
        for number, layer in enumerate(program.network.layers, start=1)
    ]
    network = Network(layers, program.network.loss)
    carried = {name: array(name) for name in program.layout.carried}
    return backprop_after(carried, network, array("x"), array("y"), program.rule)


def _check(exact: Numbers, trace: Trace) -> None:
    """Raise ArithmeticError unless the core computes the same numbers."""
    for ref, number in exact.items():
        computed = float(trace[ref])
        if abs(computed - number) > 1e-12 * max(1.0, abs(computed)):
            raise ArithmeticError(
                f"{ref} is {number} in fractions and {computed!r} in the core; the sheet would "
                "be wrong, so none is made. Please report this"
            )
