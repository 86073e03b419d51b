"""Formulas as NumPy calls that write into given arrays.

A formula is given as one entry of what is written; its variables are axes. Where the numbers
of a register lie, and which variable each axis of an array belongs to, is said by whoever
lowers. So one lowering serves the recorded row and many runs side by side.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bpviz.core.formula.expression import (
    FOLDS,
    Expression,
    Op,
    Ref,
    free_variables,
    operations_in,
)
from bpviz.core.formula.stable import stable

Call = tuple[Callable[..., object], tuple[Any, ...]]
"""A NumPy function and its arguments: every array that it reads, then the one it writes to."""

SAMPLE, RUN = "§", "run"
"""The axes of the samples of a batch, always the first, and of many runs, always the last."""


def constant(value: float) -> NDArray[np.float64]:
    """Return a number as a read-only array without axes, which NumPy takes much faster."""
    array = np.array(value, dtype=np.float64)
    array.flags.writeable = False
    return array


ZERO, ONE = constant(0.0), constant(1.0)


def larger(one: Any, other: Any, out: Any) -> None:
    """Write the larger number of each pair."""
    np.maximum(one, other, out=out)  # NumPy is about to refuse the output as a third argument


def times_ln(factor: Any, number: Any, out: Any) -> None:
    """Write factor · ln number; 0 where the factor is 0, even if the number is 0, too."""
    out[...] = 0.0
    np.log(number, out=out, where=np.broadcast_to(factor != 0.0, out.shape))
    np.multiply(factor, out, out=out)


def exchange(array: Any, axis: int, out: Any) -> None:
    """Write an array whose first two entries along an axis have changed places."""
    order = [1, 0, *range(2, array.shape[axis])]
    np.take(array, order, axis=axis, out=out, mode="clip")


UFUNCS: dict[str, tuple[Callable[..., object], tuple[Any, ...]]] = {
    "add": (np.add, ()),
    "subtract": (np.subtract, ()),
    "multiply": (np.multiply, ()),
    "divide": (np.divide, ()),
    "negate": (np.negative, ()),
    "exp": (np.exp, ()),
    "ln": (np.log, ()),
    "tanh": (np.tanh, ()),
    "sqrt": (np.sqrt, ()),
    "max": (larger, ()),
    "step": (np.heaviside, (ZERO,)),
    "step_from_zero": (np.heaviside, (ONE,)),
    "softplus": (np.logaddexp, (ZERO,)),
    "times_ln": (times_ln, ()),
}
"""What computes an operation entry by entry, and what else it is given."""

REDUCTIONS: dict[str, tuple[Callable[..., object], Callable[..., object]]] = {
    "sum": (np.add.reduce, np.add),
    "greatest": (np.maximum.reduce, larger),
}
"""What folds an axis, and what joins two terms."""


class Placed(NamedTuple):
    """An array, and the variable that each of its axes belongs to."""

    array: NDArray[Any]
    axes: tuple[str, ...] = ()

    def along(self, axes: Sequence[str]) -> NDArray[Any]:
        """Return the array with these axes in this order, of length 1 where it has none."""
        if self.axes == tuple(axes) or not self.axes:
            return self.array
        own = [axis for axis in axes if axis in self.axes]
        array = self.array.transpose([self.axes.index(axis) for axis in own])
        return array[tuple(slice(None) if axis in own else None for axis in axes)]


class Lowering:
    """Turns formulas into calls, one after the other.

    Parameters
    ----------
    read : callable
        From a ref, whose indices may be variables, to where its numbers are.
    new : callable
        From a shape to a new array for numbers that only the formula itself needs.

    Attributes
    ----------
    calls : list of Call
        The calls so far, in order.
    takes_matrix_products : bool
        Whether a Σ of products is computed as a matrix product where it is one.
    """

    takes_matrix_products = True

    def __init__(
        self,
        read: Callable[[Ref], Placed],
        new: Callable[[tuple[int, ...]], NDArray[np.float64]] = np.empty,
    ) -> None:
        self.read = read
        self.new_array = new
        self.calls: list[Call] = []
        self.sizes: dict[str, int] = {}
        self._known: dict[Expression, tuple[Placed, tuple[str, ...]]] = {}
        self._often: Counter[Expression] = Counter()
        self._repeats = False

    def assign(self, entry: Expression, out: Placed, sizes: dict[str, int]) -> None:
        """Add the calls that write a formula.

        Parameters
        ----------
        entry : Expression
            One entry of what is written.
        out : Placed
            Where to.
        sizes : dict
            How many values each free variable, and `SAMPLE`, can have.
        """
        formula = stable(entry)
        self.sizes, self._known = dict(sizes), {}
        names = [part.op for part in operations_in(formula)]
        self._repeats = len(set(names)) < len(names)
        self._often = Counter(
            [part.numbered for part in operations_in(formula)] if self._repeats else []
        )
        self.place(formula, out)

    def place(self, e: Expression, out: Placed | None = None) -> Placed:
        """Return where the numbers of an expression are, adding the calls that compute them."""
        if isinstance(e, Op):
            if not self._repeats:  # no part of it can be wanted again
                return self._operation(e, out)
            names, key = e.variables, e.numbered
            if out is None and key in self._known:
                placed, before = self._known[key]
                renamed = dict(zip(before, names, strict=True))
                return Placed(placed.array, tuple(renamed.get(a, a) for a in placed.axes))
            made = self._operation(e, out)
            self._known[key] = made, names
            return made
        source = self.read(e) if isinstance(e, Ref) else Placed(constant(e))
        return source if out is None else self.call(np.positive, [source], (), out)

    def call(
        self,
        function: Callable[..., object],
        parts: list[Placed],
        more: tuple[Any, ...] = (),
        out: Placed | None = None,
    ) -> Placed:
        """Add an element-wise call; return where it writes to."""
        if out is None:
            out = self.new(union(parts))
        arrays = [part.along(out.axes) for part in parts]
        self.calls.append((function, (*arrays, *more, out.array)))
        return out

    def new(self, axes: tuple[str, ...]) -> Placed:
        """Return a new place for numbers that only the formula itself needs."""
        return Placed(self.new_array(tuple(self.sizes[axis] for axis in axes)), axes)

    def _operation(self, e: Op, out: Placed | None) -> Placed:
        if e.op in FOLDS:
            assert e.over is not None
            assert e.count is not None
            self.sizes[e.over] = e.count
            return self._fold(e, e.over, out)
        if e.op == "kronecker":
            assert e.count is not None
            return Placed(np.eye(e.count), tuple(map(str, e.at or ())))
        if e.op == "exchanged":
            return self._exchanged(e)
        if e.op == "power":
            return self._power(e, out)
        parts = [self.place(part, self.handed_down(e, part, out)) for part in e.of]
        if e.op in ("add", "multiply") and len(parts) == 1:
            return parts[0] if out is None else self.call(np.positive, parts, (), out)
        function, more = UFUNCS[e.op]
        while len(parts) > 2:
            parts[:2] = [self.call(function, parts[:2])]
        if e.op == "multiply" and _are_two_vectors(parts):
            return self.outer(parts, out)
        return self.call(function, parts, more, out)

    def _exchanged(self, e: Op) -> Placed:
        assert e.over is not None
        assert e.count is not None
        assert e.at is not None
        self.sizes[e.over] = e.count
        part, variable = self.place(e.of[0]), str(e.at[0])
        made = self.new(tuple(variable if axis == e.over else axis for axis in part.axes))
        self.calls.append((exchange, (part.array, part.axes.index(e.over), made.array)))
        return made

    def _power(self, e: Op, out: Placed | None) -> Placed:
        base = self.place(e.of[0])
        if e.of[1] == 2.0:
            return self.call(np.multiply, [base, base], (), out)
        return self.call(np.power, [base, self.place(e.of[1])], (), out)

    def handed_down(self, e: Op, part: Expression, out: Placed | None) -> Placed | None:
        """Return where to compute a part: in the place of the whole, if the rest is numbers.

        Not if it is wanted again. And with a single number NumPy takes twice as long in place.
        """
        if not isinstance(part, Op) or out is None or out.array.size == 1:
            return None
        if not all(p is part or _is_number(p) for p in e.of):
            return None
        if self.is_wanted_again(part):
            return None
        return out if set(out.axes) - {SAMPLE} == set(free_variables(part)) else None

    def is_wanted_again(self, part: Op) -> bool:
        """Return whether a part stands in the formula more than once."""
        return self._repeats and self._often[part.numbered] > 1

    def outer(self, parts: list[Placed], out: Placed | None) -> Placed:
        """Multiply two vectors to a matrix: a column times a row, which takes half the time."""
        if out is None or out.axes == (*parts[1].axes, *parts[0].axes):
            parts = parts if out is None else parts[::-1]
        made = out or self.new((*parts[0].axes, *parts[1].axes))
        column, row = parts[0].array[:, None], parts[1].array[None]
        self.calls.append((np.ndarray.dot, (column, row, made.array)))
        return made

    def _fold(self, e: Op, over: str, out: Placed | None) -> Placed:
        (body,) = e.of
        if e.op == "sum" and isinstance(body, Op) and self.takes_matrix_products:
            if body.op == "multiply" and len(body.of) == 2:
                made = self.product([self.place(part) for part in body.of], over, out)
                if made is not None:
                    return made
            if body.op == "power" and body.of[1] == 2.0:
                made = self.product([self.place(body.of[0])] * 2, over, out)
                if made is not None:
                    return made
        part = self.place(body)
        axes = tuple(axis for axis in part.axes if axis != over)
        there = out is not None and out.axes == axes
        made = out if out is not None and there else self.new(axes)
        if over in part.axes:
            self.reduce(e.op, part, part.axes.index(over), made)
        else:  # as many equal terms
            count = constant(float(self.sizes[over]) if e.op == "sum" else 1.0)
            self.call(np.multiply, [part, Placed(count)], (), made)
        return made if out is None or there else self.call(np.positive, [made], (), out)

    def reduce(self, op: str, part: Placed, axis: int, out: Placed) -> None:
        """Add the call that folds an axis."""
        function, _ = REDUCTIONS[op]
        self.calls.append((function, (part.array, axis, None, out.array)))

    def product(self, parts: list[Placed], over: str, out: Placed | None) -> Placed | None:
        """Compute Σ of a product of two arrays as a matrix product; None if it is not one."""
        one, other = parts
        shared = [x for x in one.axes if x in other.axes and x != over]
        free = [[x for x in p.axes if x != over and x not in shared] for p in parts]
        if over not in one.axes or over not in other.axes or max(map(len, free)) > 1:
            return None
        axes = tuple(shared + free[0] + free[1])
        turned = tuple(shared + free[1] + free[0])
        if turned != axes and (free[1] == [SAMPLE] if out is None else out.axes == turned):
            (one, other), free, axes = (other, one), free[::-1], turned
        made = out if out is not None and out.axes == axes else None
        if not shared:
            made = made or self.new(axes)
            arrays = one.along([*free[0], over]), other.along([over, *free[1]])
            self.calls.append((np.ndarray.dot, (*arrays, made.array)))
        elif free[0] or free[1]:
            made = made or self.new(axes)
            row, column = free[0] or ["-"], free[1] or ["-"]
            arrays = one.along([*shared, *row, over]), other.along([*shared, over, *column])
            self.calls.append((np.matmul, (*arrays, made.along([*shared, *row, *column]))))
        else:
            return None
        return made if out is None or made is out else self.call(np.positive, [made], (), out)


def _is_number(e: Expression) -> bool:
    return e.at is None if isinstance(e, Ref) else not isinstance(e, Op)


def _are_two_vectors(parts: list[Placed]) -> bool:
    one, other = (part.axes for part in parts)
    return len(one) == len(other) == 1 and one != other


def union(parts: list[Placed]) -> tuple[str, ...]:
    """Return all axes of the parts, the samples first and the runs last."""
    longest = sorted(parts, key=lambda part: -len(part.axes))
    axes = dict.fromkeys(axis for part in longest for axis in part.axes)
    return tuple(sorted(axes, key=lambda axis: (axis == RUN) - (axis == SAMPLE)))
