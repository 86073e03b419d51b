"""Expression trees over registers: what an operation computes, as data.

An expression is a number, a `Ref`, or an `Op` on expressions. Written on whole registers it
is the formula of an operation: `Ref("W1") @ Ref("x") + Ref("b1")`. Its indices may be
variables ("i", "j"), so that one tree stands for every entry of a register; `bind` puts
numbers in.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeGuard

import numpy as np

Index = int | str

FOLDS = ("sum", "greatest")
"""Operations that run over a variable."""


SIGNS: Mapping[str, Callable[[Any, Any], Any]] = {
    "add": operator.add,
    "subtract": operator.sub,
    "multiply": operator.mul,
    "divide": operator.truediv,
    "power": operator.pow,
}
"""What NumPy calls the signs that stand between a number of its own and a formula."""


class Writable:
    """Expressions are written with Python's own signs; * is between numbers or entries."""

    def __array_ufunc__(self, ufunc: Any, _method: str, *parts: Any, **_: Any) -> Op:
        """Let a NumPy number stand on the left; refuse NumPy's functions."""
        if ufunc.__name__ not in SIGNS or not all(map(_is_one_part, parts)):
            raise TypeError(
                f"np.{ufunc.__name__} takes no formula; write with the functions of bpviz.formula, "
                "such as exp, tanh and maximum, and with single numbers"
            )
        one, other = (part if isinstance(part, Writable) else part.item() for part in parts)
        return SIGNS[ufunc.__name__](one, other)  # type: ignore[no-any-return]

    def __float__(self) -> float:
        raise TypeError(
            "a formula has no number; write exp, ln, tanh and sqrt of bpviz.formula, not of math"
        )

    def __gt__(self, _: object) -> bool:
        raise TypeError(
            "a formula is neither greater nor less; write maximum, minimum and step of "
            "bpviz.formula"
        )

    __lt__ = __ge__ = __le__ = __gt__

    def __add__(self, other: Expression) -> Op:
        return add(self, other)  # type: ignore[arg-type]

    def __radd__(self, other: Expression) -> Op:
        return add(other, self)  # type: ignore[arg-type]

    def __sub__(self, other: Expression) -> Op:
        return subtract(self, other)  # type: ignore[arg-type]

    def __rsub__(self, other: Expression) -> Op:
        return subtract(other, self)  # type: ignore[arg-type]

    def __mul__(self, other: Expression) -> Op:
        return multiply(self, other)  # type: ignore[arg-type]

    def __rmul__(self, other: Expression) -> Op:
        return multiply(other, self)  # type: ignore[arg-type]

    def __truediv__(self, other: Expression) -> Op:
        return divide(self, other)  # type: ignore[arg-type]

    def __rtruediv__(self, other: Expression) -> Op:
        return divide(other, self)  # type: ignore[arg-type]

    def __pow__(self, exponent: float) -> Op:
        return Op("power", (self, exponent))  # type: ignore[arg-type]

    def __rpow__(self, base: float) -> Op:
        return Op("power", (base, self))  # type: ignore[arg-type]

    def __abs__(self) -> Op:
        return Op("max", (self, -self))  # type: ignore[arg-type]

    def __neg__(self) -> Op:
        return Op("negate", (self,))  # type: ignore[arg-type]

    def __matmul__(self, other: Expression) -> Op:
        return matmul(self, other)  # type: ignore[arg-type]

    @property
    def T(self) -> Op:  # noqa: N802
        """The transpose; of a vector, which stands as a column, the row."""
        return transpose(self)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Ref(Writable):
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
class Op(Writable):
    """An operation on expressions.

    Attributes
    ----------
    op : str
        "add", "multiply", "sum", …; the keys of `MEANING`, and those that `evaluate` names.
        "log_softmax" of a whole register is the logarithms of all shares; of two entries and a
        variable it is the first less ln Σ e^second, computed without the shares, which may
        underflow to 0.
    of : tuple of Expression
        What it is applied to.
    over, count : str and int, or None
        For `FOLDS`, "each" and "log_softmax": the variable, which runs from 0 to count − 1 in
        the last operand; for an entry of "exchanged" the variable that stands for its index. For
        "kronecker" the count of the values that its indices can have; for "stretch" that of the
        copies.
    name, body : str and Expression, or None
        For "apply": the name of the function, and its formula in the register "a".
    at : tuple of int or str, or None
        For "kronecker": the two indices that are compared. For an entry of "exchanged": which.
    """

    op: str
    of: tuple[Expression, ...]
    over: str | None = None
    count: int | None = None
    name: str | None = None
    at: tuple[Index, ...] | None = None
    body: Expression | None = None

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """The variables that no Σ binds, in the order in which they come."""
        found: list[Index] = list(self.at or ())
        for part in self.of:
            found += [name for name in free_variables(part) if name != self.over]
        return _names(found)

    @cached_property
    def numbered(self) -> Expression:
        """The operation with its variables numbered, to know it again under other names."""
        return bind(self, {name: f"#{k}" for k, name in enumerate(self.variables)})


Expression = float | Ref | Op


def _is_one_part(part: object) -> bool:
    return isinstance(part, Writable | np.generic) or (
        isinstance(part, np.ndarray) and part.ndim == 0
    )


def add(*terms: Expression) -> Op:
    """Return the sum of the terms."""
    return Op("add", _joined("add", terms))


def subtract(left: Expression, right: Expression) -> Op:
    """Return left − right."""
    return Op("subtract", (left, right))


def multiply(*factors: Expression) -> Op:
    """Return the product of the factors."""
    return Op("multiply", _joined("multiply", factors))


def hadamard(*factors: Expression) -> Op:
    """Return the product of arrays, entry by entry."""
    return Op("hadamard", factors)


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


def _joined(op: str, parts: tuple[Expression, ...]) -> tuple[Expression, ...]:
    """Return (x, y, z) for ((x, y), z), which is computed in the same order."""
    first = parts[0]
    return (*first.of, *parts[1:]) if isinstance(first, Op) and first.op == op else parts


def is_op(expression: Expression, *names: str) -> TypeGuard[Op]:
    """Return whether an expression is an operation of one of these names."""
    return isinstance(expression, Op) and expression.op in names


def rewritten(expression: Expression, rule: Callable[[Expression], Expression]) -> Expression:
    """Return the expression with a rule applied to every part, the smallest first.

    The rule is given each part with its own parts rewritten already.
    """
    if isinstance(expression, Op) and expression.of:
        of = tuple([rewritten(part, rule) for part in expression.of])
        if any(map(operator.is_not, of, expression.of)):
            expression = with_parts(expression, of)
    return rule(expression)


def replaced(
    expression: Expression, instead: Mapping[str, Callable[[Ref], Expression]]
) -> Expression:
    """Return the expression with something else for every ref to some registers."""

    def rule(part: Expression) -> Expression:
        if isinstance(part, Ref) and part.register in instead:
            return instead[part.register](part)
        return part

    return rewritten(expression, rule)


def registers(expression: Expression) -> tuple[str, ...]:
    """Return the registers that an expression reads, each once, from left to right."""
    return tuple(dict.fromkeys(ref.register for ref in refs(expression)))


def refs(expression: Expression) -> Iterator[Ref]:
    """Yield every ref in an expression, those under a Σ once."""
    if isinstance(expression, Ref):
        yield expression
    elif isinstance(expression, Op):
        for part in expression.of:
            yield from refs(part)


def operations_in(expression: Expression) -> Iterator[Op]:
    """Yield every operation in an expression, the smallest first; those under a Σ once."""
    if isinstance(expression, Op):
        for part in expression.of:
            yield from operations_in(part)
        yield expression


def bind(expression: Expression, values: Mapping[str, Index]) -> Expression:
    """Return the expression with numbers, or other names, for the variables in `values`."""
    names: Mapping[Any, Index] = values
    if isinstance(expression, Ref):
        at, sample = expression.at, expression.sample
        if at:
            at = tuple(names.get(i, i) for i in at)
        if sample is not None:
            sample = names.get(sample, sample)
        return Ref(expression.register, at, sample, expression.partial)
    if isinstance(expression, Op):
        at = expression.at
        if at:
            at = tuple(names.get(i, i) for i in at)
        if expression.op == "exchanged" and at and isinstance(at[0], int):
            assert expression.over is not None
            return bind(expression.of[0], {**values, expression.over: exchanged(at[0])})
        return with_parts(expression, tuple([bind(e, values) for e in expression.of]), at)
    return expression


def exchanged(index: int) -> int:
    """Return the index of an entry where the first two have changed places."""
    return 1 - index if index < 2 else index


def with_parts(e: Op, of: tuple[Expression, ...], at: tuple[Index, ...] | None = None) -> Op:
    """Return an operation on other parts; many are made, and `replace` takes four times as long."""
    return Op(e.op, of, e.over, e.count, e.name, e.at if at is None else at, e.body)


def free_variables(expression: Expression) -> tuple[str, ...]:
    """Return the variables that no Σ binds, in the order in which they come."""
    if isinstance(expression, Op):
        return expression.variables
    if isinstance(expression, Ref):
        return _names([expression.sample, *(expression.at or ())])
    return ()


def _names(indices: Iterable[Index | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in indices if isinstance(name, str)))


def written_out(expression: Expression) -> Expression:
    """Return the expression with every Σ written as a sum of its terms."""
    if not isinstance(expression, Op):
        return expression
    if expression.op in ("sum", "log_softmax") and expression.over is not None:
        terms = tuple(written_out(term) for term in sum_terms(expression))
        if expression.op == "log_softmax":
            return Op("log_softmax", terms)
        return terms[0] if len(terms) == 1 else Op("add", terms)
    return with_parts(expression, tuple([written_out(e) for e in expression.of]))


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
