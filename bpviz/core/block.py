"""Many runs at once: the updates of an epoch as NumPy calls, with the runs on the last axis."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from math import prod
from typing import Any

import numpy as np

from bpviz.core.checks import Array
from bpviz.core.formula.entries import AXES
from bpviz.core.formula.expression import Ref
from bpviz.core.formula.lowering import RUN, Call, Placed, constant
from bpviz.core.plan import ERROR, Known, Plan, pattern
from bpviz.core.runs_last import RunsLast, flat, is_no_call, pairwise

SAMPLES_AT_ONCE = 8
"""How many samples' errors are kept before they are squared and added up."""
CACHE_LINE = 64


class Block:
    """Runs that fit into the cache together.

    Parameters
    ----------
    plan : Plan
        What an update does.
    inputs, targets : ndarray, shapes (N, n_0) and (N, n_L)
        The samples, taken in order, one in an update.
    runs : int
        K, how many runs.

    Attributes
    ----------
    state : ndarray, shape (numbers, K)
        What goes over from one update to the next, as in `plan.state`.
    squares : ndarray, shape (K,)
        After an epoch, the sum of (h − y)² over its predictions.
    size : int
        The numbers that it holds altogether.
    """

    def __init__(self, plan: Plan, inputs: Array, targets: Array, runs: int) -> None:
        memory = _Memory(runs)
        self.state = memory.array((sum(map(prod, plan.state.values())),))
        kept = min(len(targets), SAMPLES_AT_ONCE)
        errors, self.squares = memory.array((kept, targets.shape[1])), memory.array(())
        update = _Update(plan, self.state, errors[0], memory)
        made: dict[tuple[Known, Known], list[Call]] = {}
        calls: list[Call] = []
        for number, (x, y) in enumerate(zip(inputs, targets, strict=True)):
            place = number % kept
            known = pattern(x, y)
            if known not in made:
                made[known] = update.calls(*known)
            calls += update.bound(made[known], x, y, errors[place])
            if place == kept - 1 or number == len(targets) - 1:
                first = number < kept
                calls += _squares(errors[: place + 1], self.squares, memory, first)
        self.runs, self.size = runs, memory.size
        self._calls: list[Callable[[], object]] = [
            partial(function, *arguments) for function, arguments in calls
        ]

    def run_epoch(self) -> None:
        """Make one update with every sample in every run."""
        for call in self._calls:
            call()


class _Update:
    """An update of many runs, with the numbers of its sample left open.

    Parameters
    ----------
    plan : Plan
        What an update does.
    state : ndarray, shape (numbers, K)
        What outlasts it.
    errors : ndarray, shape (n_L, K)
        Where output minus target goes.
    memory : _Memory
        For all other arrays.
    """

    def __init__(self, plan: Plan, state: Array, errors: Array, memory: _Memory) -> None:
        self.plan, self.memory, self.errors = plan, memory, errors
        self.arrays, start = {ERROR: Placed(errors, ("i", RUN))}, 0
        for name, shape in plan.state.items():
            stop = start + prod(shape)
            part = state[start:stop].reshape(*shape, memory.runs)
            self.arrays[name] = Placed(part, ("j", "i", RUN) if len(shape) == 2 else ("i", RUN))
            start = stop
        self.x = [constant(0.0) for _ in range(plan.sizes[0])]
        self.y = [constant(0.0) for _ in range(plan.sizes[-1])]
        self.all_y = np.zeros((plan.sizes[-1], 1))
        self._places: Mapping[str, str] = {}
        self._lowering = RunsLast(self._read, memory.array)

    def calls(self, x: Known, y: Known) -> list[Call]:
        """Return the calls for samples in which some numbers are known, the rest left open."""
        todo, self._places = self.plan.of_sample(x, y)
        self._lowering.calls = []
        for one in todo:
            shape = self.plan.shapes[one.register]
            sizes = dict(zip(map(str, one.at), shape, strict=True))
            out = self._entry(one.register, one.at)
            self._lowering.assign(one.formula, out, {**sizes, RUN: self.memory.runs})
        return [
            part for call in self._lowering.calls if not is_no_call(call) for part in flat(call)
        ]

    def bound(self, calls: Sequence[Call], x: Array, y: Array, errors: Array) -> list[Call]:
        """Return the calls with the numbers of a sample, and the place of its error."""
        instead = {
            id(there): constant(number)
            for there, number in zip([*self.x, *self.y], [*x, *y], strict=True)
        }
        all_y = np.ascontiguousarray(y[:, None])

        def bound(argument: Any) -> Any:
            if id(argument) in instead:
                return instead[id(argument)]
            if isinstance(argument, np.ndarray) and argument.ndim:
                argument = moved(argument, self.errors, errors)
                return moved(argument, self.all_y, all_y)
            return argument

        return [(function, tuple(map(bound, arguments))) for function, arguments in calls]

    def _read(self, ref: Ref) -> Placed:
        assert ref.at is not None
        if ref.register in ("x", "y"):
            (index,) = ref.at
            numbers = self.x if ref.register == "x" else self.y
            if isinstance(index, int) or len(numbers) == 1:
                return Placed(numbers[index if isinstance(index, int) else 0])
            return Placed(self.all_y, (index, RUN))
        return self._entry(ref.register, ref.at)

    def _entry(self, register: str, at: Sequence[int | str]) -> Placed:
        register = self._places.get(register, register)
        if register not in self.arrays:
            shape = self.plan.shapes[register]
            axes = ("j", "i", RUN) if len(shape) == 2 else ("i", RUN)
            self.arrays[register] = Placed(self.memory.array(shape[::-1]), axes)
        placed = self.arrays[register]
        named = dict(zip(AXES, at, strict=False))
        indices = [named.get(axis, axis) for axis in placed.axes]
        index = tuple(i if isinstance(i, int) else slice(None) for i in indices)
        return Placed(placed.array[index], tuple(i for i in indices if isinstance(i, str)))


def moved(view: Array, source: Array, goal: Array) -> Array:
    """Return a view of one array as the same view of another; a view of a third one as it is."""
    offset = _address(view) - _address(source)
    if source is goal or not 0 <= offset < source.nbytes:
        return view
    return np.ndarray(view.shape, np.float64, goal, offset, view.strides)


def _address(array: Array) -> int:
    return int(array.__array_interface__["data"][0])


def _squares(errors: Array, squares: Array, memory: _Memory, first: bool) -> list[Call]:
    """Return the calls that add the squares of some samples' errors to those before."""
    terms = errors.reshape(-1, memory.runs)
    out = squares if first else memory.array(())
    calls: list[Call] = [(np.multiply, (terms, terms, terms))]
    calls += pairwise(np.add, terms, out)
    if not first:
        calls.append((np.add, (squares, out, squares)))
    return [part for call in calls for part in flat(call)]


class _Memory:
    """Arrays that begin with a cache line; NumPy's own begin anywhere, and take twice as long."""

    def __init__(self, runs: int) -> None:
        self.runs = runs
        self.size = 0

    def array(self, shape: tuple[int, ...]) -> Array:
        """Return an array of zeros with that shape for each run."""
        count = prod(shape) * self.runs
        self.size += count
        memory = np.zeros(count + CACHE_LINE // 8)
        start = -memory.ctypes.data % CACHE_LINE // 8
        return memory[start : start + count].reshape(*shape, self.runs)


def runs_at_once(plan: Plan, inputs: Array, targets: Array, runs: int, numbers: int) -> int:
    """Return how many runs to put into a block so that it holds about so many numbers."""
    few = CACHE_LINE // 8
    at_most = max(few, numbers * few // Block(plan, inputs, targets, few).size)
    blocks = -(-runs // at_most)
    return -(-runs // blocks // few) * few
