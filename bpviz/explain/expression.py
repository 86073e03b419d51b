"""Expression trees over registers: what a step computes, as data.

An expression is a number, a `Ref`, or an `Op` on expressions. Its indices may be variables
("i", "j"), so that one tree stands for every entry of a register; `bind` puts numbers in.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from bpviz.core.checks import Array

Index = int | str


@dataclass(frozen=True)
class Ref:
    """A register, or one entry of it.

    Attributes
    ----------
    register : str
        Its name.
    at : tuple of int or str, or None
        The indices of an entry, numbers or variables; None means the whole register.
    sample : int, str or None
        Another sample of the batch than the chosen one.
    partial : int or None
        Not the entry itself but the sum of its first `partial` summands.
    """

    register: str
    at: tuple[Index, ...] | None = None
    sample: Index | None = None
    partial: int | None = None

    def __str__(self) -> str:
        entry = "" if not self.at else f"[{','.join(map(str, self.at))}]"
        partial = "" if self.partial is None else f"~{self.partial}"
        return f"{self.register}{entry}{partial}"


@dataclass(frozen=True)
class Op:
    """An operation on expressions.

    Attributes
    ----------
    op : str
        "add", "multiply", "sum", …; the keys of `MEANING`, and those that `evaluate` names.
    of : tuple of Expression
        What it is applied to.
    over, count : str and int, or None
        For "sum", "each" and "log_softmax": the variable, which runs from 0 to count − 1 in
        the last operand. For "kronecker" the count of the values that its indices can have;
        for "stretch" that of the copies.
    name : str or None
        For "apply": the activation function.
    at : tuple of int or str, or None
        For "kronecker": the two indices that are compared.
    """

    op: str
    of: tuple[Expression, ...]
    over: str | None = None
    count: int | None = None
    name: str | None = None
    at: tuple[Index, ...] | None = None


Expression = float | Ref | Op


def add(*terms: Expression) -> Op:
    """Return the sum of the terms."""
    return Op("add", terms)


def subtract(left: Expression, right: Expression) -> Op:
    """Return left − right."""
    return Op("subtract", (left, right))


def multiply(*factors: Expression) -> Op:
    """Return the product of the factors."""
    return Op("multiply", factors)


def divide(numerator: Expression, denominator: Expression) -> Op:
    """Return numerator / denominator."""
    return Op("divide", (numerator, denominator))


def matmul(left: Expression, right: Expression) -> Op:
    """Return the matrix product."""
    return Op("matmul", (left, right))


def transpose(matrix: Expression) -> Op:
    """Return the transpose; of a vector, which stands as a column, the row."""
    return Op("transpose", (matrix,))


def sum_over(variable: str, count: int, body: Expression) -> Op:
    """Return Σ of `body`, with `variable` from 0 to `count` − 1."""
    return Op("sum", (body,), over=variable, count=count)


def log_softmax(chosen: Expression, variable: str, count: int, body: Expression) -> Op:
    """Return the logarithm of a softmax: `chosen` − ln Σ e^`body`, over a variable as in a Σ.

    It is computed without the shares themselves, which may underflow to 0. Of a single whole
    register, `Op("log_softmax", (column,))`, it is the logarithms of all shares.
    """
    return Op("log_softmax", (chosen, body), over=variable, count=count)


def in_full(expression: Op) -> Op:
    """Return what a log-softmax is the short and safe way to compute."""
    if len(expression.of) == 1:
        return Op("ln", (Op("apply", expression.of, name="softmax"),))
    chosen, *bodies = expression.of
    powers = tuple(Op("exp", (body,)) for body in bodies)
    if expression.over is None:
        total = Op("add", powers)
    else:
        total = Op("sum", powers, over=expression.over, count=expression.count)
    return subtract(chosen, Op("ln", (total,)))


def bind(expression: Expression, values: Mapping[str, Index]) -> Expression:
    """Return the expression with numbers, or other names, for the variables in `values`."""
    if isinstance(expression, Ref):
        at = None if expression.at is None else tuple(_bound(i, values) for i in expression.at)
        sample = None if expression.sample is None else _bound(expression.sample, values)
        is_same = at == expression.at and sample == expression.sample
        return expression if is_same else replace(expression, at=at, sample=sample)
    if isinstance(expression, Op):
        at = None if expression.at is None else tuple(_bound(i, values) for i in expression.at)
        of = tuple(bind(e, values) for e in expression.of)
        is_same = at == expression.at and all(map(operator.is_, of, expression.of))
        return expression if is_same else replace(expression, of=of, at=at)
    return expression


def written_out(expression: Expression) -> Expression:
    """Return the expression with every Σ written as a sum of its terms."""
    if not isinstance(expression, Op):
        return expression
    if expression.op in ("sum", "log_softmax") and expression.over is not None:
        terms = tuple(written_out(term) for term in sum_terms(expression))
        if expression.op == "log_softmax":
            return Op("log_softmax", terms)
        return terms[0] if len(terms) == 1 else Op("add", terms)
    return replace(expression, of=tuple(written_out(e) for e in expression.of))


def sum_terms(expression: Op) -> list[Expression]:
    """Return the terms of a Σ, the entries of an "each", or all operands of a log-softmax."""
    assert expression.over is not None
    assert expression.count is not None
    *others, body = expression.of
    over = expression.over
    return [*others, *(bind(body, {over: index}) for index in range(expression.count))]


def summands(expression: Expression) -> list[Expression]:
    """Return what is added up: the terms of sums at the top, or the expression alone."""
    if isinstance(expression, Op) and expression.op == "add":
        return [term for part in expression.of for term in summands(part)]
    if isinstance(expression, Op) and expression.op == "sum":
        return sum_terms(expression)
    return [expression]


def summand_count(expression: Expression) -> int:
    """Return how many summands there are, without making them."""
    if isinstance(expression, Op) and expression.op == "add":
        return sum(map(summand_count, expression.of))
    if isinstance(expression, Op) and expression.op == "sum":
        assert expression.count is not None
        return expression.count
    return 1


def summand(expression: Expression, number: int) -> Expression:
    """Return one of the `summands`, counted from 0, without making the others."""
    if isinstance(expression, Op) and expression.op == "add":
        for part in expression.of:
            count = summand_count(part)
            if number < count:
                return summand(part, number)
            number -= count
    if isinstance(expression, Op) and expression.op == "sum":
        assert expression.over is not None
        return bind(expression.of[0], {expression.over: number})
    return expression


def references(expression: Expression) -> Iterator[Ref]:
    """Yield every ref in the expression, from left to right, with sums written out."""
    if isinstance(expression, Ref):
        yield expression
    elif isinstance(expression, Op):
        parts = expression.of if expression.over is None else sum_terms(expression)
        for part in parts:
            yield from references(part)


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
    if isinstance(expression, Ref):
        return lookup(expression)
    if not isinstance(expression, Op):
        return expression
    if expression.op == "sum":
        return sum(evaluate(term, lookup) for term in sum_terms(expression))
    if expression.op == "each":
        return np.array([[evaluate(entry, lookup)] for entry in sum_terms(expression)])
    if expression.op == "kronecker":
        assert expression.at is not None
        return float(expression.at[0] == expression.at[1])
    parts = expression.of if expression.over is None else sum_terms(expression)
    values = [evaluate(part, lookup) for part in parts]
    if expression.op == "apply":
        assert expression.name is not None
        return _apply(expression.name, values[0])
    if expression.op == "stretch":
        assert expression.count is not None
        return _stretched(values[0], expression.count)
    return MEANING[expression.op](*values)


def _apply(name: str, column: Array) -> Array:
    from bpviz.core.functions import ACTIVATIONS

    return ACTIVATIONS[name](column[:, 0])[:, None]


def _stretched(value: Value, count: int) -> Array:
    """Repeat a number as a column, or a column as the columns of a matrix."""
    return np.full((count, 1), value) if np.ndim(value) == 0 else np.repeat(value, count, axis=1)


def _softmax_derivative(column: Array) -> Array:
    return np.asarray(column * (np.eye(len(column)) - column.T))


def _log_softmax(chosen: Value, *among: Value) -> Value:
    aggregates = np.asarray(among or chosen)
    largest = np.max(aggregates)
    return (chosen - largest) - np.log(np.sum(np.exp(aggregates - largest)))


def _product(*factors: Value) -> Value:
    result = factors[0]
    for factor in factors[1:]:
        result = result * factor
    return result


def _exp(value: Value) -> Value:
    # An infinite one is no accident: 1 / (1 + ∞) is the 0 that a sigmoid far below 0 has.
    with np.errstate(over="ignore"):
        return np.exp(value)


MEANING: dict[str, Callable[..., Value]] = {
    "add": lambda *terms: sum(terms[1:], terms[0]),
    "subtract": lambda left, right: left - right,
    "multiply": _product,
    "divide": lambda numerator, denominator: numerator / denominator,
    "negate": lambda value: -value,
    "power": lambda base, exponent: base**exponent,
    "exp": _exp,
    "ln": np.log,
    "log_softmax": _log_softmax,
    "tanh": np.tanh,
    "max": lambda left, right: np.maximum(left, right),
    "step": lambda value: np.heaviside(value, 0.0),
    "step_from_zero": lambda value: np.heaviside(value, 1.0),
    "learning_rate": lambda value: value,
    "matmul": lambda left, right: left @ right,
    "transpose": lambda matrix: matrix.T,
    "hadamard": _product,
    "softmax_derivative": _softmax_derivative,
    "first": lambda array: array[:1],
    "total": np.sum,
}
"""What each operation computes, entry by entry or on whole arrays."""


def to_json(expression: Expression) -> Any:
    """Return the expression as plain data for JSON: numbers, and dicts without empty keys."""
    if isinstance(expression, Ref):
        data = {
            "ref": expression.register,
            "at": None if expression.at is None else list(expression.at),
            "sample": expression.sample,
            "partial": expression.partial,
        }
    elif isinstance(expression, Op):
        data = {
            "op": expression.op,
            "of": [to_json(part) for part in expression.of],
            "over": expression.over,
            "count": expression.count,
            "name": expression.name,
            "at": None if expression.at is None else list(expression.at),
        }
    else:
        return expression
    return {key: value for key, value in data.items() if value is not None}


def _bound(index: Index, values: Mapping[str, Index]) -> Index:
    return values.get(index, index) if isinstance(index, str) else index
