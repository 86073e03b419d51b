"""An update of a sweep as NumPy calls for a few runs, which stand for any number of runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import prod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from bpviz.core.arguments import Array
from bpviz.core.formula.entries import AXES
from bpviz.core.formula.expression import Ref, is_op
from bpviz.core.formula.lowering import RUN, Call, Placed, constant
from bpviz.core.sweep.passes import Assignment
from bpviz.core.sweep.plan import ERROR, Known, Plan, pattern
from bpviz.core.sweep.runs_last import RunsLast, flat, is_no_call

RUNS_LOWERED = 8
"""How many runs the calls are made for."""
STATE, ERRORS = 0, 1
"""The numbers of two buffers: what outlasts an update, and where output minus target goes."""
TARGETS = -1
"""Stands for the targets of a sample, which are the same in every run."""


class RunsView(NamedTuple):
    """Where an array of a call lies: in which buffer, and how, for RUNS_LOWERED runs."""

    buffer: int
    start: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    def on(self, buffer: NDArray[Any], runs: int, offset: int = 0) -> NDArray[Any]:
        """Return the array on a buffer for many runs; the offset is in bytes."""
        times = runs // RUNS_LOWERED
        shape = (*self.shape[:-1], self.shape[-1] * times)
        strides = (*(step * times for step in self.strides[:-1]), self.strides[-1])
        return np.ndarray(shape, buffer.dtype, buffer, self.start * times + offset, strides)


class Lowered:
    """What an update of a sweep does, as calls; its sample and the number of runs are left open.

    Parameters
    ----------
    plan : Plan
        What an update does.

    Attributes
    ----------
    buffers : list of ndarray
        The arrays that the calls need, for RUNS_LOWERED runs: the state, the errors, and others.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.buffers: list[NDArray[Any]] = []
        self._all_y = np.zeros((plan.sizes[-1], 1))
        self._numbers = {id(self._all_y): TARGETS}
        self._starts = {id(self._all_y): _address(self._all_y)}
        state = self._new((sum(map(prod, plan.state.values())),))
        self._arrays = {ERROR: Placed(self._new((plan.sizes[-1],)), ("i", RUN))}
        start = 0
        for name, shape in plan.state.items():
            stop = start + prod(shape)
            part = state[start:stop].reshape(*shape, RUNS_LOWERED)
            self._arrays[name] = Placed(part, _axes(shape))
            start = stop
        self._x = [constant(0.0) for _ in range(plan.sizes[0])]
        self._y = [constant(0.0) for _ in range(plan.sizes[-1])]
        self._places: Mapping[str, str] = {}
        self._before: dict[str, Array] = {}
        self._lowering = RunsLast(self._read, self._new)
        self._made: dict[tuple[Known, Known], list[Call]] = {}
        self._known: dict[tuple[Assignment, tuple[str, ...]], list[Call]] = {}

    def numbers_of_a_run(self, inputs: Array, targets: Array) -> int:
        """Return how many numbers a run needs for an update with each of some samples."""
        for x, y in zip(inputs, targets, strict=True):
            self._calls(x, y)
        return (
            sum(buffer.size for buffer in self.buffers if buffer.dtype == np.float64)
            // RUNS_LOWERED
        )

    def on(
        self, x: Array, y: Array, buffers: Sequence[NDArray[Any]], runs: int, error: int
    ) -> Iterator[Call]:
        """Yield the calls for a sample, on buffers for many runs.

        Parameters
        ----------
        x, y : ndarray
            The sample.
        buffers : sequence of ndarray
            Like `self.buffers`, flat; that of the errors has room for those of several samples.
        runs : int
            A multiple of RUNS_LOWERED.
        error : int
            Which of those the sample has.
        """
        numbers: dict[int, Array] = {
            id(there): constant(number)
            for there, number in zip([*self._x, *self._y], [*x, *y], strict=True)
        }
        targets = np.ascontiguousarray(y[:, None])
        offsets = {ERRORS: error * len(y) * runs * targets.itemsize}

        def bound(argument: Any) -> Any:
            if isinstance(argument, RunsView):
                if argument.buffer == TARGETS:
                    return argument.on(targets, RUNS_LOWERED)
                buffer = buffers[argument.buffer]
                return argument.on(buffer, runs, offsets.get(argument.buffer, 0))
            return numbers.get(id(argument), argument)

        for function, arguments in self._calls(x, y):
            yield function, tuple(map(bound, arguments))

    def _calls(self, x: Array, y: Array) -> list[Call]:
        """Return the calls for a sample, with views in place of arrays."""
        known = pattern(x, y)
        if known not in self._made:
            todo, self._places = self.plan.of_sample(*known)
            for one in todo:
                self._put_beside(one)
            self._made[known] = joined([call for one in todo for call in self._calls_of(one)])
        return self._made[known]

    def _put_beside(self, one: Assignment) -> None:
        """Put what changes a layer's biases behind what changes its weights.

        As the biases stand behind the weights, both can then be changed at once.
        """
        if one.register[:2] != "nb" or not is_op(one.formula, "subtract"):
            return
        change, (inputs, units) = one.formula.of[1], self.plan.state[f"W{one.register[2:]}"]
        if isinstance(change, Ref):
            name = self._places.get(change.register, change.register)
            if name not in self._arrays and self.plan.shapes[name] == (units,):
                both = self._new((inputs + 1, units))
                self._arrays[name] = Placed(both[-1], ("i", RUN))
                self._before[f"nW{one.register[2:]}"] = both
                self._lowering.give(both[:-1])

    def _calls_of(self, one: Assignment) -> list[Call]:
        """Return the calls that make an assignment; most are the same for all samples."""
        registers = sorted(one.reads | {one.register})
        key = one, tuple([self._places.get(name, name) for name in registers])
        if key not in self._known:
            shape = self.plan.shapes[one.register]
            sizes = dict(zip(map(str, one.at), shape, strict=True))
            self._lowering.calls = []
            self._lowering.preferred = self._before.get(one.register)
            out = self._entry(one.register, one.at)
            self._lowering.assign(one.formula, out, {**sizes, RUN: RUNS_LOWERED})
            calls = [call for call in self._lowering.calls if not is_no_call(call)]
            self._known[key] = [
                (function, tuple(map(self._view, arguments)))
                for call in calls
                for function, arguments in flat(call)
            ]
        return self._known[key]

    def _view(self, argument: Any) -> Any:
        if not isinstance(argument, np.ndarray) or not argument.ndim:
            return argument
        owner: Any = argument if argument.base is None else argument.base
        if id(owner) not in self._numbers:
            return argument  # a constant
        start = _address(argument) - self._starts[id(owner)]
        return RunsView(self._numbers[id(owner)], start, argument.shape, argument.strides)

    def _new(self, shape: tuple[int, ...], dtype: DTypeLike = np.float64) -> NDArray[Any]:
        """Return a new array with that shape for each run."""
        buffer = np.zeros((*shape, RUNS_LOWERED), dtype)
        self._numbers[id(buffer)] = len(self.buffers)
        self._starts[id(buffer)] = _address(buffer)
        self.buffers.append(buffer)
        return buffer

    def _read(self, ref: Ref) -> Placed:
        if ref.register in ("x", "y"):
            assert ref.at is not None
            (index,) = ref.at
            numbers = self._x if ref.register == "x" else self._y
            if isinstance(index, int) or len(numbers) == 1:
                return Placed(numbers[index if isinstance(index, int) else 0])
            return Placed(self._all_y, (index, RUN))
        return self._entry(ref.register, ref.at or ())

    def _entry(self, register: str, at: Sequence[int | str]) -> Placed:
        register = self._places.get(register, register)
        if register not in self._arrays:
            shape = self.plan.shapes[register]
            self._arrays[register] = Placed(self._new(shape[::-1]), _axes(shape))
        placed = self._arrays[register]
        named = dict(zip(AXES, at, strict=False))
        indices = [named.get(axis, axis) for axis in placed.axes]
        names = tuple([i for i in indices if isinstance(i, str)])
        if len(names) == len(indices):
            return Placed(placed.array, names)
        index = tuple(i if isinstance(i, int) else slice(None) for i in indices)
        return Placed(placed.array[index], names)


def _axes(shape: Sequence[int]) -> tuple[str, ...]:
    return (*AXES[: len(shape)][::-1], RUN)


def joined(calls: Sequence[Call]) -> list[Call]:
    """Return the calls with neighbours on arrays that lie side by side made as one."""
    made: list[Call] = []
    for call in calls:
        both = _both(made[-1], call) if made else None
        if both is None:
            made.append(call)
        else:
            made[-1] = both
    return made


def _both(first: Call, second: Call) -> Call | None:
    """Return one call in place of two, the second of which reads nothing that the first writes."""
    if first[0] is not second[0] or not all(map(_are_neighbours, first[1], second[1])):
        return None
    if any(_overlap(first[1][-1], read) for read in second[1][:-1]):
        return None
    pairs = zip(first[1], second[1], strict=True)
    both = (one._replace(shape=(one.shape[0] + next_one.shape[0],)) for one, next_one in pairs)
    return first[0], tuple(both)


def _overlap(one: RunsView, other: RunsView) -> bool:
    stop, stop_of_other = (view.start + view.shape[0] * view.strides[0] for view in (one, other))
    return one.buffer == other.buffer and one.start < stop_of_other and other.start < stop


def _are_neighbours(one: Any, other: Any) -> bool:
    """Return whether two flat arrays follow each other."""
    if not isinstance(one, RunsView) or not isinstance(other, RunsView):
        return False
    if one.buffer != other.buffer or one.buffer == TARGETS:
        return False
    flat_both = len(one.shape) == len(other.shape) == 1 and one.strides == other.strides
    return flat_both and other.start == one.start + one.shape[0] * one.strides[0]


def _address(array: NDArray[Any]) -> int:
    return int(array.__array_interface__["data"][0])
