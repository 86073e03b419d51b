"""Making the NumPy calls of an update few.

On networks small enough to look at, an update costs what its calls cost, not what they
compute. So a call whose result never changes is made once, and element-wise calls on
registers that lie side by side in the row are made as one. The numbers stay the same to
the last bit, which a test holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from bpviz.core.checks import Array
from bpviz.core.formula.compute import run_calls
from bpviz.core.formula.lowering import Call

Extent = tuple[int, int]
"""First byte in memory, and the byte after the last."""


@dataclass(frozen=True, eq=False)
class _Access:
    """What a call reads and writes."""

    call: Call
    reads: tuple[Extent, ...]
    writes: Extent

    def must_follow(self, other: _Access) -> bool:
        """Whether running this call before the other would change a number."""
        return (
            _overlap(self.writes, other.writes)
            or any(_overlap(self.writes, read) for read in other.reads)
            or any(_overlap(read, other.writes) for read in self.reads)
        )


def schedule(calls: Sequence[Call], row: Array, given: Sequence[Array]) -> list[partial[object]]:
    """Return the calls to make in each update, in order; those made once are made here.

    Parameters
    ----------
    calls : sequence of Call
        The calls of one update.
    row : ndarray, one axis
        The working row that registers are views of.
    given : sequence of ndarray
        What is written from outside before each update.
    """
    accesses = [_access(call) for call in calls]
    changing = [_extent(array) for array in given] + [access.writes for access in accesses]
    once = [access for access in accesses if _never_changes(access, changing)]
    run_calls([access.call for access in once])
    joined: list[_Access] = []
    for access in accesses:
        if access not in once:
            _place(access, joined, row)
    return [partial(function, *arguments) for function, arguments in (a.call for a in joined)]


def _never_changes(access: _Access, changing: Sequence[Extent]) -> bool:
    if any(_overlap(read, extent) for read in access.reads for extent in changing):
        return False
    return sum(_overlap(access.writes, extent) for extent in changing) == 1


def _place(access: _Access, placed: list[_Access], row: Array) -> None:
    """Join a call to the last one that it can be joined to, or else append it."""
    for position in reversed(range(len(placed))):
        earlier = placed[position]
        if access.must_follow(earlier):
            break
        call = _joined(earlier.call, access.call, row)
        if call is not None:
            placed[position] = _access(call)
            return
    placed.append(access)


def _joined(first: Call, second: Call, row: Array) -> Call | None:
    """Return one element-wise call in place of two independent ones, if there is one."""
    function = first[0]
    if function is not second[0] or not isinstance(function, np.ufunc) or function.signature:
        return None
    pairs = [(np.asarray(p), np.asarray(q)) for p, q in zip(first[1], second[1], strict=True)]
    if _start(pairs[-1][0], row) > _start(pairs[-1][1], row):
        pairs = [(q, p) for p, q in pairs]
    sizes = pairs[-1][0].size, pairs[-1][1].size
    arguments = []
    for p, q in pairs:
        start = _start(p, row)
        if _is_constant(p) and _is_constant(q) and p == q:
            arguments.append(p)
        elif (
            (p.size, q.size) == sizes
            and p.flags.c_contiguous
            and q.flags.c_contiguous
            and 0 <= start <= row.size
            and _start(q, row) == start + p.size
        ):
            arguments.append(row[start : start + p.size + q.size])
        else:
            return None
    return function, tuple(arguments)


def _access(call: Call) -> _Access:
    *reads, written = [a for a in call[1] if isinstance(a, np.ndarray)]
    return _Access(call, tuple(_extent(array) for array in reads), _extent(written))


def _extent(array: Array) -> Extent:
    start = array.__array_interface__["data"][0]
    steps = zip(array.shape, array.strides, strict=True)
    return start, start + sum((n - 1) * step for n, step in steps) + array.itemsize


def _start(array: Array, row: Array) -> int:
    """Return the place in the row where an array begins; out of bounds if it lies elsewhere."""
    return int(_extent(array)[0] - _extent(row)[0]) // row.itemsize


def _is_constant(array: Array) -> bool:
    return array.ndim == 0 and not array.flags.writeable


def _overlap(one: Extent, other: Extent) -> bool:
    return one[0] < other[1] and other[0] < one[1]
