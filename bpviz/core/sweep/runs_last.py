"""Formulas as NumPy calls on many runs side by side, with the runs on the last axis."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bpviz.core.arguments import Array
from bpviz.core.formula.expression import Expression, Op, Ref, free_variables, refs
from bpviz.core.formula.lowering import REDUCTIONS, RUN, ZERO, Call, Lowering, Placed, union

FLAT_PARTS = 4


class RunsLast(Lowering):
    """Lowers formulas for many runs at once.

    Arrays are large here, so calls work in place where they can, and what one formula needed
    for itself the next may use.

    Parameters
    ----------
    read : callable
        From a ref to where its numbers are.
    new_array : callable
        From a shape for one run, and a type, to a new array, with the runs on its last axis.

    Attributes
    ----------
    preferred : ndarray or None
        Of the free arrays, those in it are taken first.
    """

    takes_matrix_products = False

    def __init__(self, read: Callable[[Ref], Placed], new_array: Callable[..., Array]) -> None:
        super().__init__(read, new_array)
        self._new = new_array
        self._free: dict[int, list[Array]] = {}
        self._taken: list[Array] = []
        self._own: set[int] = set()
        self._order: tuple[str, ...] = ()
        self.preferred: Array | None = None

    def assign(self, entry: Expression, out: Placed, sizes: dict[str, int]) -> None:
        """Add the calls that write a formula; then what it needed for itself is free again."""
        self._order = out.axes
        super().assign(entry, out, sizes)
        for array in self._taken:
            self._free[array.size].append(array)
        self._taken, self._own = [], set()

    def place(self, e: Expression, out: Placed | None = None) -> Placed:
        """Return where the numbers of an expression are; what is wanted again is kept."""
        made = super().place(e, out)
        if isinstance(e, Op) and self.is_wanted_again(e):
            self._own.discard(id(made.array))
        return made

    def new(self, axes: tuple[str, ...]) -> Placed:
        """Return a place for numbers of the formula itself, one that is free if there is one.

        Every run has its own, also of what is the same in all.
        """
        shape = tuple(self.sizes[axis] for axis in axes if axis != RUN)
        free = self._free.setdefault(prod(shape) * self.sizes[RUN], [])
        preferred = next((k for k, a in enumerate(free) if a.base is self.preferred), -1)
        array = free.pop(preferred) if free else self._new(shape)
        array = array.reshape(*shape, self.sizes[RUN])
        self._taken.append(array)
        self._own.add(id(array))
        return Placed(array, axes if RUN in axes else (*axes, RUN))

    def give(self, array: Array) -> None:
        """Take an array in which formulas may put numbers of their own."""
        self._free.setdefault(array.size, []).append(array)

    def handed_down(self, e: Op, part: Expression, out: Placed | None) -> Placed | None:
        """Return where to compute a part: where the whole goes, for the first that is as large.

        Not if another part reads what is there.
        """
        if out is None or not isinstance(part, Op) or self.is_wanted_again(part):
            return None
        axes = set(out.axes) - {RUN}
        as_large = [p for p in e.of if isinstance(p, Op) and set(free_variables(p)) == axes]
        if not as_large or part is not as_large[0]:
            return None
        others = [ref for other in e.of if other is not part for ref in refs(other)]
        if any(np.shares_memory(self.read(ref).array, out.array) for ref in others):
            return None
        return out

    def call(
        self,
        function: Callable[..., object],
        parts: list[Placed],
        more: tuple[Any, ...] = (),
        out: Placed | None = None,
    ) -> Placed:
        """Add an element-wise call, in the place of a part that nothing else needs."""
        axes = self._axes(parts)
        if function is np.heaviside:
            return self._step(parts[0], more[0] == 0.0, out or self.new(axes))
        if out is None:
            own = (p for p in parts if p.axes == axes and id(p.array) in self._own)
            out = next(own, None) or self.new(axes)
        return super().call(function, parts, more, out)

    def _axes(self, parts: list[Placed]) -> tuple[str, ...]:
        """Return all axes of the parts; where all are in the outcome, as they come there."""
        axes = union(parts)
        if set(axes) <= set(self._order):
            return tuple(axis for axis in self._order if axis in axes)
        return axes

    def _step(self, part: Placed, above: bool, out: Placed) -> Placed:
        """Write 1 where a number is above 0, or 0 at least; faster in two calls than in one."""
        shape = tuple(self.sizes[axis] for axis in out.axes if axis != RUN)
        mask = self._new(shape, np.bool_)
        compare = np.greater if above else np.greater_equal
        self.calls.append((compare, (part.along(out.axes), ZERO, mask)))
        self.calls.append((np.copyto, (out.array, mask)))
        return out

    def outer(self, parts: list[Placed], out: Placed | None) -> Placed:
        """Multiply two vectors to a matrix, in every run."""
        return self.call(np.multiply, parts, (), out)

    def reduce(self, op: str, part: Placed, axis: int, out: Placed) -> None:
        """Fold an axis, half of what is left at a time; the terms are lost if they are our own."""
        _, join = REDUCTIONS[op]
        if id(part.array) not in self._own and part.array.shape[axis] > 2:
            super().reduce(op, part, axis, out)
            return
        self.calls += pairwise(join, np.moveaxis(part.array, axis, 0), out.array)


def pairwise(function: Callable[..., object], terms: Array, out: Array) -> list[Call]:
    """Return the calls that fold terms along the first axis; they are overwritten."""
    calls: list[Call] = []
    count = len(terms)
    while count > 2:
        half = count // 2
        calls.append((function, (terms[:half], terms[count - half : count], terms[:half])))
        count -= half
    if count == 1:
        return [*calls, (np.positive, (terms[0], out))]
    return [*calls, (function, (terms[0], terms[1], out))]


def flat(call: Call) -> list[Call]:
    """Return equivalent calls on flat arrays, if a few of them will do.

    With axes to go through, NumPy takes as long to begin as two or three flat calls take.
    """
    function, arguments = call
    if not isinstance(function, np.ufunc) and function is not np.copyto:
        return [call]
    place = 0 if function is np.copyto else -1
    return [(function, tuple(part)) for part in _flat_parts(list(arguments), place)]


def _flat_parts(arrays: Sequence[NDArray[Any]], place: int) -> list[list[NDArray[Any]]]:
    out = arrays[place]
    alike = len({array.shape for array in arrays if array.ndim}) == 1
    if alike and all(array.flags.c_contiguous for array in arrays):
        return [[array.reshape(-1) if array.ndim else array for array in arrays]]
    if out.ndim == 1:
        return [list(arrays)]
    parts = []
    for k in range(len(out)):
        rows = [array[k % len(array)] if array.ndim else array for array in arrays]
        parts += _flat_parts(rows, place)
    return parts if len(parts) <= FLAT_PARTS else [list(arrays)]


def is_no_call(call: Call) -> bool:
    """Return whether a call only copies an array to itself."""
    function, arguments = call
    if function is not np.positive or arguments[0].shape != arguments[-1].shape:
        return False
    one, other = (array.__array_interface__ for array in (arguments[0], arguments[-1]))
    return bool(one["data"] == other["data"] and one["strides"] == other["strides"])
