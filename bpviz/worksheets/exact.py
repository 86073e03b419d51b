"""An update in exact fractions, and what makes a number short enough to compute by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from bpviz.core.formula.expression import Expression, Op, Ref, operations_in
from bpviz.core.operations.operation import UPDATE, Operation
from bpviz.core.operations.optimizers import UPDATE_NUMBER
from bpviz.explain.program import Program

Numbers = dict[str, Fraction]
"""From an entry, such as `a1[0]`, to its number."""

_TWO_OPERANDS: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "subtract": lambda left, right: left - right,
    "divide": lambda numerator, denominator: numerator / denominator,
    "power": lambda base, exponent: base ** int(exponent),
    "max": max,
}
_ONE_OPERAND: dict[str, Callable[[Fraction], Fraction]] = {
    "negate": lambda value: -value,
    "step": lambda value: Fraction(value > 0),
    "step_from_zero": lambda value: Fraction(value >= 0),
}
KEEPING_FRACTIONS = {"add", "multiply", "sum", *_TWO_OPERANDS, *_ONE_OPERAND}
"""Operations that make a fraction of fractions."""


@dataclass(frozen=True)
class NumberStyle:
    """How numbers are written, and which ones are short.

    Attributes
    ----------
    name : str
        "decimals" or "fractions".
    weights, biases, inputs, errors : tuple of Fraction
        What the numbers of a network are drawn from.
    is_short : callable
        Whether a number is short.
    text : callable
        From a number to its text.
    """

    name: str
    weights: tuple[Fraction, ...]
    biases: tuple[Fraction, ...]
    inputs: tuple[Fraction, ...]
    errors: tuple[Fraction, ...]
    is_short: Callable[[Fraction], bool]
    text: Callable[[Fraction], str]


def exact_update(
    equations: Iterable[tuple[Ref, Expression]],
    given: Mapping[str, Fraction],
    accepts: Callable[[str, Fraction], bool],
) -> Numbers | None:
    """Return every number of an update, or None once there is one that is not accepted.

    Parameters
    ----------
    equations : iterable of (Ref, Expression)
        What each entry is computed from, in order.
    given : mapping
        The numbers to start from.
    accepts : callable
        From a register and the number of an entry to whether it may stay.
    """
    numbers = dict(given)
    for target, expression in equations:
        try:
            number = _value(expression, numbers)
        except ZeroDivisionError:
            return None
        if not accepts(target.register, number):
            return None
        numbers[str(target)] = number
    return numbers


def is_rational(program: Program) -> bool:
    """Return whether every number of an update is a fraction if what is given is."""
    return all(map(_is_rational, program.operations))


def has_rational_update(program: Program) -> bool:
    """Return whether fractions stay fractions in what the optimiser does; a root is none."""
    return all(_is_rational(one) for one in program.operations if one.phase == UPDATE)


def _is_rational(operation: Operation) -> bool:
    return all(map(_keeps_fractions, operations_in(operation.entry)))


def _keeps_fractions(one: Op) -> bool:
    if one.op == "power":  # a fraction only with a whole exponent
        exponent = one.of[1]
        return exponent == UPDATE_NUMBER or (
            not isinstance(exponent, Ref | Op) and exponent % 1 == 0
        )
    return one.op in KEEPING_FRACTIONS


def literals(expression: Expression) -> Iterator[float]:
    """Yield the numbers that stand in a formula."""
    if isinstance(expression, Op):
        for part in expression.of:
            yield from literals(part)
    elif not isinstance(expression, Ref):
        yield expression


def fraction_of(number: float) -> Fraction:
    """Return the fraction that a float is written as: 0.1 is 1/10."""
    return Fraction(repr(float(number)))


def _value(expression: Expression, numbers: Mapping[str, Fraction]) -> Fraction:
    if isinstance(expression, Ref):
        return numbers[str(expression)]
    if not isinstance(expression, Op):
        return fraction_of(expression)
    values = [_value(part, numbers) for part in expression.of]
    if expression.op == "add":
        return sum(values, Fraction(0))
    if expression.op == "multiply":
        product = Fraction(1)
        for value in values:
            product *= value
        return product
    if expression.op in _TWO_OPERANDS:
        return _TWO_OPERANDS[expression.op](*values)
    return _ONE_OPERAND[expression.op](*values)


def _short_decimal(number: Fraction) -> bool:
    thousandths = number * 1000
    significant = str(abs(thousandths.numerator)).rstrip("0")
    return thousandths.denominator == 1 and len(significant) <= 3 and abs(number) <= 50


def decimal_text(number: Fraction) -> str:
    """Return a number of at most three decimals, written out."""
    whole, thousandths = divmod(int(abs(number) * 1000), 1000)
    text = f"{whole}.{thousandths:03d}".rstrip("0").rstrip(".")
    return f"−{text}" if number < 0 else text


def _short_fraction(number: Fraction) -> bool:
    return number.denominator <= 12 and abs(number.numerator) <= 99


def fraction_text(number: Fraction) -> str:
    """Return a fraction as `−3/4`, a whole number as `2`."""
    return str(number).replace("-", "−")


def _fractions(text: str) -> tuple[Fraction, ...]:
    return tuple(Fraction(part) for part in text.split())


DECIMALS = NumberStyle(
    "decimals",
    weights=_fractions("-2 -1.5 -1 -0.5 0.5 1 1.5 2"),
    biases=_fractions("-1 -0.5 0.5 1"),
    inputs=_fractions("-2 -1 -0.5 0.5 1 2 3"),
    errors=_fractions("-2 -1 -0.5 0.5 1 2"),
    is_short=_short_decimal,
    text=decimal_text,
)
FRACTIONS = NumberStyle(
    "fractions",
    weights=_fractions("-2 -3/2 -1 -2/3 -1/2 -1/3 1/3 1/2 2/3 1 3/2 2"),
    biases=_fractions("-1 -1/2 -1/3 1/3 1/2 1"),
    inputs=_fractions("-2 -1 -1/2 1/2 1 2 3"),
    errors=_fractions("-1 -1/2 -1/3 1/3 1/2 1"),
    is_short=_short_fraction,
    text=fraction_text,
)
STYLES = {style.name: style for style in (DECIMALS, FRACTIONS)}
