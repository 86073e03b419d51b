"""The value of an expression, operation by operation: slow, plain, and for single numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from bpviz.core.arguments import Array
from bpviz.core.formula.expression import Expression, Op, Ref, replaced, sum_terms
from bpviz.core.formula.stable import stable

Value = Any  # a float for an entry, an array for a whole register


def evaluate(expression: Expression, lookup: Callable[[Ref], Value]) -> Value:
    """Return the value of a bound expression.

    Parameters
    ----------
    expression : Expression
        Without free variables.
    lookup : callable
        From a ref to its number; for a ref to a whole register, to its array, a vector
        being a column of shape (n, 1).
    """
    return _evaluate(stable(expression), lookup)


def _evaluate(expression: Expression, lookup: Callable[[Ref], Value]) -> Value:
    if isinstance(expression, Ref):
        return lookup(expression)
    if not isinstance(expression, Op):
        return expression
    if expression.op == "sum":
        return sum(_evaluate(term, lookup) for term in sum_terms(expression))
    if expression.op == "greatest":
        return max(_evaluate(term, lookup) for term in sum_terms(expression))
    if expression.op == "each":
        return np.array([[_evaluate(entry, lookup)] for entry in sum_terms(expression)])
    if expression.op == "kronecker":
        assert expression.at is not None
        return float(expression.at[0] == expression.at[1])
    if expression.op == "apply":
        assert expression.body is not None
        (argument,) = expression.of
        return evaluate(replaced(expression.body, {"a": lambda _: argument}), lookup)
    values = [_evaluate(part, lookup) for part in expression.of]
    if expression.op == "stretch":
        assert expression.count is not None
        return _stretched(values[0], expression.count)
    return MEANING[expression.op](*values)


def _stretched(value: Value, count: int) -> Array:
    """Repeat a number as a column, or a column as the columns of a matrix."""
    return np.full((count, 1), value) if np.ndim(value) == 0 else np.repeat(value, count, axis=1)


def _softmax_derivative(column: Array) -> Array:
    return np.asarray(column * (np.eye(len(column)) - column.T))


def _product(*factors: Value) -> Value:
    result = factors[0]
    for factor in factors[1:]:
        result = result * factor
    return result


def _exp(value: Value) -> Value:
    # An infinite one is no accident: 1 / (1 + ∞) is the 0 that a sigmoid far below 0 has.
    with np.errstate(over="ignore"):
        return np.exp(value)


def _times_ln(factor: Value, number: Value) -> Value:
    safe = np.where(np.asarray(factor) == 0.0, 1.0, number)
    return factor * np.log(safe)


def _log_softmax(chosen: Value, *among: Value) -> Value:
    aggregates = np.asarray(among or chosen)
    largest = np.max(aggregates)
    return (chosen - largest) - np.log(np.sum(np.exp(aggregates - largest)))


MEANING: dict[str, Callable[..., Value]] = {
    "add": lambda *terms: sum(terms[1:], terms[0]),
    "subtract": lambda left, right: left - right,
    "multiply": _product,
    "divide": lambda numerator, denominator: numerator / denominator,
    "negate": lambda value: -value,
    "power": lambda base, exponent: base**exponent,
    "exp": _exp,
    "ln": np.log,
    "tanh": np.tanh,
    "sqrt": np.sqrt,
    "softplus": lambda value: np.logaddexp(0.0, value),
    "times_ln": _times_ln,
    "max": lambda left, right: np.maximum(left, right),
    "step": lambda value: np.heaviside(value, 0.0),
    "step_from_zero": lambda value: np.heaviside(value, 1.0),
    "matmul": lambda left, right: left @ right,
    "transpose": lambda matrix: matrix.T,
    "hadamard": _product,
    "softmax_derivative": _softmax_derivative,
    "log_softmax": _log_softmax,
    "first": lambda array: array[:1],
    "exchanged": lambda column: column[[1, 0, *range(2, len(column))]],
    "total": np.sum,
    "largest": np.max,
}
"""What each operation computes, entry by entry or on whole arrays."""
