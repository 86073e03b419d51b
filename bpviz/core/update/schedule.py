"""Making the NumPy calls of an update few, and ready for any row.

On networks small enough to look at, an update costs what its calls cost, not what they
compute. So a call whose result never changes is made once, and element-wise calls on
registers that lie side by side in the row are made as one. The numbers stay the same to
the last bit, which a test holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bpviz.core.arguments import Array
from bpviz.core.formula.compute import run_calls
from bpviz.core.formula.lowering import Call

ITEM = np.dtype(np.float64).itemsize


class View(NamedTuple):
    """Where an array lies in a memory; `start` and `strides` are in bytes."""

    shape: tuple[int, ...]
    start: int
    strides: tuple[int, ...]


class Schedule(NamedTuple):
    """What to do in each update, wherever its numbers are.

    Attributes
    ----------
    size : int
        How many numbers an update needs.
    once : tuple of ndarray
        The places of those that are made once, and what they are.
    calls : tuple
        Functions, each with its arguments: views of a memory, and constants.
    """

    size: int
    once: tuple[NDArray[np.intp], Array]
    calls: tuple[tuple[Callable[..., object], tuple[Any, ...]], ...]

    def memory(self) -> Array:
        """Return what an update begins with: zeros, and the results of what is made once."""
        memory = np.zeros(self.size)
        places, numbers = self.once
        memory[places] = numbers
        return memory

    def bound(self, memory: Array) -> list[partial[object]]:
        """Return the calls on such a memory."""
        return [partial(function, *_bound(memory, places)) for function, places in self.calls]


def _bound(memory: Array, places: Iterable[Any]) -> Iterator[Any]:
    for place in places:
        if isinstance(place, View):
            yield np.ndarray(place.shape, np.float64, memory, place.start, place.strides)
        else:
            yield place


@dataclass(frozen=True, eq=False)
class _Access:
    """A call, the place of each argument that lies in the memory, and what it reads and writes.

    What is read and written is a number with a bit for each place.
    """

    call: Call
    places: tuple[int | None, ...]
    reads: int
    writes: int

    def must_follow(self, other: _Access) -> bool:
        """Whether running this call before the other would change a number."""
        return bool(self.writes & (other.writes | other.reads) or self.reads & other.writes)


def schedule(
    calls: Sequence[Call], row: Array, more: Sequence[Array], given: Iterable[slice]
) -> Schedule:
    """Return the calls to make in each update, in order; those made once are made here.

    Parameters
    ----------
    calls : sequence of Call
        The calls of one update.
    row : ndarray, one axis
        The working row that registers are views of. What is in it is lost.
    more : sequence of ndarray
        The other arrays that the calls write to, likewise.
    given : iterable of slice
        The parts of the row that are written from outside before an update.
    """
    accesses = in_place(calls, [row, *more])
    changing, twice = sum(_bits(part.start, part.stop - part.start) for part in given), 0
    for access in accesses:
        twice |= changing & access.writes
        changing |= access.writes
    joined: list[_Access] = []
    for access in accesses:
        if access.reads & changing or access.writes & twice:
            _place(access, joined, row)
        else:
            run_calls([access.call])
    return ready(joined, [row, *more])


def in_place(calls: Iterable[Call], arrays: Sequence[Array]) -> list[_Access]:
    """Return the calls with the places of what they read and write; the arrays become zeros.

    The places are those in a memory that holds the arrays in order.
    """
    # Each number is its own place for a while: to ask NumPy for an address takes far longer.
    for array, start in zip(arrays, accumulate((a.size for a in arrays), initial=0), strict=False):
        array[...] = np.arange(start, start + array.size).reshape(array.shape)
    owners = set(map(id, arrays))
    accesses = [_access(call, owners) for call in calls]
    for array in arrays:
        array.fill(0.0)
    return accesses


def ready(accesses: Iterable[_Access], arrays: Sequence[Array]) -> Schedule:
    """Return the calls for any memory that holds the arrays in order."""
    memory = np.concatenate([array.ravel() for array in arrays])
    places = np.flatnonzero(memory)
    calls = tuple((one.call[0], tuple(_views(one))) for one in accesses)
    return Schedule(memory.size, (places, memory[places]), calls)


def _views(access: _Access) -> Iterator[Any]:
    for argument, place in zip(access.call[1], access.places, strict=True):
        if place is None:
            yield argument
        else:
            yield View(argument.shape, place * ITEM, argument.strides)


def _access(call: Call, owners: set[int]) -> _Access:
    places, bits = [], [0]
    for argument in call[1]:
        place = None
        if isinstance(argument, np.ndarray) and id(_owner(argument)) in owners:
            place = int(argument.item(0))
            bits.append(_bits(place, _extent(argument)))
        places.append(place)
    reads = 0
    for one in bits[:-1]:
        reads |= one
    return _Access(call, tuple(places), reads, bits[-1])


def _owner(array: Array) -> object:
    """Return the array whose numbers these are."""
    return array if array.base is None else array.base


def _extent(array: Array) -> int:
    """Return how many numbers lie from the first of an array to the last."""
    if array.flags.c_contiguous:
        return int(array.size)
    steps = zip(array.shape, array.strides, strict=True)
    return 1 + int(sum((n - 1) * step for n, step in steps)) // ITEM


def _bits(start: int, count: int) -> int:
    return ((1 << count) - 1) << start


def _place(access: _Access, placed: list[_Access], row: Array) -> None:
    """Join a call to the last one that it can be joined to, or else append it."""
    for position in reversed(range(len(placed))):
        earlier = placed[position]
        if access.must_follow(earlier):
            break
        joined = _joined(earlier, access, row)
        if joined is not None:
            placed[position] = joined
            return
    placed.append(access)


def _joined(first: _Access, second: _Access, row: Array) -> _Access | None:
    """Return one element-wise call in place of two independent ones, if there is one."""
    function = first.call[0]
    if function is not second.call[0] or not isinstance(function, np.ufunc) or function.signature:
        return None
    if first.writes > second.writes:  # the higher place is the higher number
        first, second = second, first
    sizes = first.call[1][-1].size, second.call[1][-1].size
    arguments, places = [], []
    for p, q, start, after in zip(
        first.call[1], second.call[1], first.places, second.places, strict=True
    ):
        if start == after and p.ndim == q.ndim == 0 and (start is not None or _are_same(p, q)):
            arguments.append(p)
        elif (
            start is not None
            and after == start + sizes[0] <= row.size - sizes[1]
            and (p.size, q.size) == sizes
            and p.flags.c_contiguous
            and q.flags.c_contiguous
        ):
            arguments.append(row[start : start + sum(sizes)])
        else:
            return None
        places.append(start)
    call = function, tuple(arguments)
    reads, writes = first.reads | second.reads, first.writes | second.writes
    return _Access(call, tuple(places), reads, writes)


def _are_same(one: Array, other: Array) -> bool:
    return not one.flags.writeable and not other.flags.writeable and bool(one == other)
