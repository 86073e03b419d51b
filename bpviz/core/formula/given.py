"""Checking the names and formulas that somebody gives."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping, Sequence
from numbers import Real

import numpy as np

from bpviz.core.arguments import Array, one_number, shortened
from bpviz.core.formula.compute import compute
from bpviz.core.formula.expression import Expression, Op, Ref, registers, with_parts
from bpviz.core.formula.lowering import UFUNCS

VALID_NAME = re.compile(r"[a-z][a-z0-9_]*")
NAMES_OF_NUMBERS = re.compile(r"x|y|e|loss|learning_rate|n?t|[ahsed]\d+|[a-z]{0,5}b\d+")
NAMES_OF_CODE = {*keyword.kwlist, "np", "range", "sum", "log_softmax", "softmax_derivative"}
"""What has these names in the script of an update, where each function has its own, too."""
ENTRYWISE = UFUNCS.keys() - {"times_ln", "step_from_zero"} | {
    "power",
    "total",
    "softmax_derivative",
}
"""What formulas that are given may have: all but what `stable` and conventions put into them."""
DIFFERENCE_STEP = 1e-6
EXAMPLES = {
    "a": "a / (1 + exp(-a))",
    "h": "(h - y) ** 2",
    "learning_rate": "rate * parameter.gradient",
}
"""A formula of an activation function, one of a loss, one of an optimiser, by the first symbol."""


def checked_name(argument: str, value: object, known: Sequence[str]) -> str:
    """Return a name that nothing else has, or say what is wrong with it."""
    if not isinstance(value, str) or not VALID_NAME.fullmatch(value):
        raise ValueError(
            f"{argument} is {shortened(value)}; give small letters, digits and underscores, "
            "such as 'leaky_relu'"
        )
    if value in known:
        raise ValueError(f"{argument} is {value!r}, which bpviz has already; choose another name")
    return value


def name_in_code(argument: str, name: str) -> str:
    """Return the name of a function, or say that it means something else in a script."""
    if name in NAMES_OF_CODE or NAMES_OF_NUMBERS.fullmatch(name):
        raise ValueError(
            f"{argument} is {name!r}, which means something else in NumPy code; choose another name"
        )
    return name


def checked_formula(argument: str, value: object, symbols: Sequence[str]) -> Expression:
    """Return a formula that is written in these symbols only, or a number."""
    if not isinstance(value, (Ref, Op)) and not _is_number(value):
        raise TypeError(
            f"{argument} is {shortened(value)}; write it with the names of bpviz.formula, such as "
            f"{EXAMPLES[symbols[0]]}"
        )
    formula = _checked_part(argument, value)
    foreign = [name for name in registers(formula) if name not in symbols]
    if foreign:
        raise ValueError(
            f"{argument} is written with {', '.join(foreign)}; it can be written with "
            f"{' and '.join(symbols)}"
        )
    return formula


def formula_in(symbol: str, argument: str, value: object, symbols: Sequence[str]) -> Expression:
    """Return a formula that is written in these symbols, one of which must stand in it."""
    formula = checked_formula(argument, value, symbols)
    if symbol not in registers(formula):
        raise ValueError(
            f"{argument} is {shortened(value)}, whatever {symbol} is; write it with {symbol}, such "
            f"as {EXAMPLES[symbols[0]]}"
        )
    return formula


def _checked_part(argument: str, value: object) -> Expression:
    """Return a part of a formula, with NumPy's numbers as Python's."""
    if isinstance(value, Ref):
        return value
    if isinstance(value, Op):
        if value.op not in ENTRYWISE:
            possible = ", ".join(sorted(ENTRYWISE))
            raise ValueError(f"{argument} has {value.op}; it can have {possible}")
        return with_parts(value, tuple([_checked_part(argument, part) for part in value.of]))
    if not _is_number(value):
        raise TypeError(f"{argument} holds {shortened(value)}, which is no part of a formula")
    number = one_number(argument, value)
    return value if isinstance(value, int) else number


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def check_values(argument: str, formula: Expression, given: Mapping[str, Array]) -> Array:
    """Return the values of a formula at some numbers, or say where it has none."""
    values = _values(formula, given)
    if not np.isfinite(values).all():
        place = int(np.flatnonzero(~np.isfinite(values))[0])
        where = ", ".join(f"{name} = {array[place]:g}" for name, array in given.items())
        raise ValueError(f"{argument} is {values[place]} at {where}; it must be a finite number")
    return values


def check_derivative(
    argument: str, slope: Expression, formula: Expression, given: Mapping[str, Array], by: str
) -> None:
    """Raise ValueError if a derivative is not that of the formula, where it is compared.

    Parameters
    ----------
    argument : str
        The name of the argument that gave the derivative.
    slope, formula : Expression
        f′ and f.
    given : mapping
        The numbers at which they are compared, shape (n,) each.
    by : str
        The symbol by which the derivative is taken.
    """
    found = check_values(argument, slope, given)
    above = _values(formula, {**given, by: given[by] + DIFFERENCE_STEP})
    below = _values(formula, {**given, by: given[by] - DIFFERENCE_STEP})
    expected = (above - below) / (2 * DIFFERENCE_STEP)
    wrong = np.flatnonzero(np.abs(found - expected) > 1e-4 * np.maximum(1.0, np.abs(expected)))
    if wrong.size:
        place = int(wrong[0])
        raise ValueError(
            f"{argument} gives {found[place]:.4g} at {by} = {given[by][place]:g}, where the "
            f"formula has the derivative {expected[place]:.4g}"
        )


def _values(formula: Expression, given: Mapping[str, Array]) -> Array:
    rows = {name: array[None] for name, array in given.items()}
    shape = next(iter(rows.values())).shape
    values: Array = compute(formula, rows, np.empty(shape))[0]
    return values
