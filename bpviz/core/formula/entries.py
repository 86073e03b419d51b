"""One entry of a formula on whole registers.

A matrix product becomes a Σ, a transpose exchanges indices, and everything else goes entry
by entry. In a Σ the variable j counts the columns of a matrix, k its rows or the entries of
a vector.
"""

from __future__ import annotations

from collections.abc import Callable

from bpviz.core.formula.expression import (
    Expression,
    Index,
    Op,
    Ref,
    bind,
    free_variables,
    multiply,
    replaced,
    subtract,
    sum_over,
    with_parts,
)

Shape = tuple[int | None, int | None]
"""Rows and columns; None where there is no such axis, so that a vector is (n, None)."""

Shapes = Callable[[str], tuple[int, ...]]
"""From a register to its shape, without the sample axis."""

AXES = ("i", "j")
"""The variables of an entry."""

SUMMED = ("j", "k", "l", "m", "n")


def entry_of(formula: Expression, shapes: Shapes, axes: int) -> Expression:
    """Return the entry i (or i, j, or the only number) of a formula on whole registers.

    Parameters
    ----------
    formula : Expression
        On whole registers; a vector is a column.
    shapes : callable
        From a register to its shape.
    axes : int
        How many axes the register has that is written.
    """
    return _Entries(shapes).at(formula, *(AXES[:axes] or (0,)))


class _Entries:
    def __init__(self, shapes: Shapes) -> None:
        self.shapes = shapes

    def shape(self, e: Expression) -> Shape:
        """Return the shape of an expression on whole registers."""
        if isinstance(e, Ref):
            rows, columns = (*self.shapes(e.register), None, None)[:2]
            return (rows, columns) if e.at is None else (None, None)
        if not isinstance(e, Op):
            return None, None
        match e.op:
            case "transpose":
                rows, columns = self.shape(e.of[0])
                return columns, rows
            case "matmul":
                return self.shape(e.of[0])[0], self.shape(e.of[1])[1]
            case "first":
                return None, self.shape(e.of[0])[1]
            case "total" | "largest":
                return None, None
            case "each":
                return e.count, None
            case "stretch":
                rows, _ = self.shape(e.of[0])
                return (e.count, None) if rows is None else (rows, e.count)
            case "softmax_derivative":
                rows, _ = self.shape(e.of[0])
                return rows, rows
        found = [self.shape(part) for part in e.of]
        return max(found, key=lambda s: sum(n is not None for n in s), default=(None, None))

    def at(self, e: Expression, i: Index, j: Index = 0) -> Expression:
        """Return the entry of an expression in row i and column j."""
        if isinstance(e, Ref):
            if e.at is not None:
                return e
            return Ref(e.register, (i, j)[: len(self.shapes(e.register))] or None, e.sample)
        if not isinstance(e, Op):
            return e
        match e.op:
            case "transpose":
                return self.at(e.of[0], j, i)
            case "matmul":
                return self._product(e, i, j)
            case "total" | "largest":
                return self._over_all(e)
            case "each":
                assert e.over is not None
                return self.at(bind(e.of[0], {e.over: i}), 0)
            case "stretch":
                return self.at(e.of[0], i)
            case "first":
                return self.at(e.of[0], i, j)
            case "exchanged":
                among = e.of[0]
                name = self._name(e, i, j, first="m")
                whole = Op(
                    "exchanged", (self.at(among, name),), name, self.shape(among)[0], at=(i,)
                )
                return bind(whole, {})
            case "softmax_derivative":
                rows, _ = self.shape(e.of[0])
                same = Op("kronecker", (), at=(i, j), count=rows)
                return multiply(self.at(e.of[0], i), subtract(same, self.at(e.of[0], j)))
            case "log_softmax" if e.over is None:
                (among,) = e.of
                name = self._name(e, i, j, first="j")
                bodies = (self.at(among, i), self.at(among, name))
                return Op("log_softmax", bodies, over=name, count=self.shape(among)[0])
            case "apply":
                assert e.body is not None
                argument = e.of[0]
                return self.at(replaced(e.body, {"a": lambda _: argument}), i, j)
            case "hadamard":
                return multiply(*(self.at(part, i, j) for part in e.of))
        return with_parts(e, tuple([self.at(part, i, j) for part in e.of]))

    def _product(self, e: Op, i: Index, j: Index) -> Expression:
        left, right = e.of
        count = self.shape(left)[1]
        if count is None:  # the outer product of two vectors
            return multiply(self.at(left, i, 0), self.at(right, 0, j))
        columns = isinstance(left, Ref) and self.shape(left)[0] is not None
        name = self._name(e, i, j, first="j" if columns else "k")
        one, other = self.at(left, i, name), self.at(right, name, j)
        body = Op("power", (one, 2.0)) if one == other else multiply(one, other)
        return sum_over(name, count, body)

    def _over_all(self, e: Op) -> Expression:
        count, _ = self.shape(e.of[0])
        assert count is not None
        name = self._name(e, first="k")
        op = {"total": "sum", "largest": "greatest"}[e.op]
        return Op(op, (self.at(e.of[0], name),), over=name, count=count)

    def _name(self, e: Op, *taken: Index, first: str) -> str:
        """Return a variable that is not taken yet."""
        used = {*taken, *free_variables(e)}
        return next(name for name in (first, *SUMMED) if name not in used)
