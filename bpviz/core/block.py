"""Many runs at once: the updates of an epoch as NumPy calls, with the runs on the last axis."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import pairwise as neighbours
from math import prod
from typing import Any

import numpy as np

from bpviz.core.algorithm import algorithm
from bpviz.core.checks import Array
from bpviz.core.formula.entries import AXES
from bpviz.core.formula.expression import Ref
from bpviz.core.formula.lowering import RUN, Call, Placed, constant
from bpviz.core.formula.simplify import simplified
from bpviz.core.mistakes import carried
from bpviz.core.network import Network
from bpviz.core.operation import LOSS
from bpviz.core.passes import (
    Assignment,
    error_named,
    inlined,
    live,
    positive_part_by_step,
    rate_first,
    shared_places,
    with_sample,
)
from bpviz.core.quantities import register_shapes
from bpviz.core.rule import Rule
from bpviz.core.runs_last import RunsLast, flat, is_no_call, pairwise

SAMPLES_AT_ONCE = 8
"""How many samples' errors are kept before they are squared and added up."""
CACHE_LINE = 64
ERROR = "r"
"""The register of output minus target."""
FEW = (-1.0, 0.0, 1.0)
"""Inputs by which nothing need be multiplied."""


class Block:
    """Runs that fit into the cache together.

    Parameters
    ----------
    network : Network
        Its sizes, functions and loss; its numbers do not matter.
    rule : Rule
        What an update does.
    inputs, targets : ndarray, shapes (N, n_0) and (N, n_L)
        The samples, taken in order, one in an update.
    runs : int
        K, how many runs.

    Attributes
    ----------
    state : ndarray, shape (numbers, K)
        What goes over from one update to the next: for each layer W, the weights of one
        input side by side, then b; and likewise the gradients, if the rule accumulates them.
    squares : ndarray, shape (K,)
        After an epoch, the sum of (h − y)² over its predictions.
    size : int
        The numbers that it holds altogether.
    """

    def __init__(
        self, network: Network, rule: Rule, inputs: Array, targets: Array, runs: int
    ) -> None:
        memory = _Memory(runs)
        self.state = memory.array((sum(map(prod, state_shapes(network, rule).values())),))
        kept = min(len(targets), SAMPLES_AT_ONCE)
        errors, self.squares = memory.array((kept, targets.shape[1])), memory.array(())
        update = _Update(network, rule, self.state, errors[0], memory)
        made: dict[tuple[tuple[float | None, ...], ...], list[Call]] = {}
        calls: list[Call] = []
        for number, (x, y) in enumerate(zip(inputs, targets, strict=True)):
            place = number % kept
            pattern = _pattern(x, FEW), _pattern(y, (0.0,))
            if pattern not in made:
                made[pattern] = update.calls(*pattern)
            calls += update.bound(made[pattern], x, y, errors[place])
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
    network, rule
        What an update does.
    state : ndarray, shape (numbers, K)
        What outlasts it.
    errors : ndarray, shape (n_L, K)
        Where output minus target goes.
    memory : _Memory
        For all other arrays.
    """

    def __init__(
        self, network: Network, rule: Rule, state: Array, errors: Array, memory: _Memory
    ) -> None:
        net = network.architecture
        self.memory, self.errors, self.runs = memory, errors, memory.runs
        shapes = register_shapes(net, carried(rule.mistakes))
        self.shapes = {**shapes, ERROR: shapes["y"]}
        self.arrays = {ERROR: Placed(errors, ("i", RUN))}
        self.fixed, start = {ERROR: ERROR}, 0
        for name, shape in state_shapes(network, rule).items():
            stop = start + prod(shape)
            part = state[start:stop].reshape(*shape, memory.runs)
            self.arrays[name] = Placed(part, ("j", "i", RUN) if len(shape) == 2 else ("i", RUN))
            self.fixed[name] = name
            self.fixed[f"n{name}" if name[0] in "Wb" else f"g{name[1:]}"] = name
            start = stop
        self.x = [constant(0.0) for _ in range(net.sizes[0])]
        self.y = [constant(0.0) for _ in range(net.sizes[-1])]
        self.all_y = np.zeros((net.sizes[-1], 1))
        self.update = self._assignments(network, rule)

    def _assignments(self, network: Network, rule: Rule) -> list[Assignment]:
        operations = algorithm(network, rule)
        plain = [
            Assignment(op.writes, AXES[: len(self.shapes[op.writes])], op.entry)
            for op in operations
            if op.phase != LOSS or op.writes != "loss"
        ]
        named = error_named(plain, f"h{len(network.layers)}", ERROR)
        plain = rate_first(live(named, self.fixed))
        plain = [Assignment(one.register, one.at, simplified(one.formula)) for one in plain]
        return inlined(positive_part_by_step(plain), self.fixed, set(self.fixed.values()))

    def calls(self, x: tuple[float | None, ...], y: tuple[float | None, ...]) -> list[Call]:
        """Return the calls for samples in which some numbers are known, the rest left open."""
        todo = live(with_sample(self.update, {"x": x, "y": y}), self.fixed)
        places = shared_places(todo, self.fixed, self.shapes)
        lowering = RunsLast(lambda ref: self._read(ref, places), self.memory.array)
        for one in todo:
            sizes = dict(zip(map(str, one.at), self.shapes[one.register], strict=True))
            out = self._entry(places.get(one.register, one.register), one.at)
            lowering.assign(one.formula, out, {**sizes, RUN: self.runs})
        return [part for call in lowering.calls if not is_no_call(call) for part in flat(call)]

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

    def _read(self, ref: Ref, places: Mapping[str, str]) -> Placed:
        assert ref.at is not None
        if ref.register in ("x", "y"):
            (index,) = ref.at
            numbers = self.x if ref.register == "x" else self.y
            if isinstance(index, int) or len(numbers) == 1:
                return Placed(numbers[index if isinstance(index, int) else 0])
            return Placed(self.all_y, (index, RUN))
        return self._entry(places.get(ref.register, ref.register), ref.at)

    def _entry(self, register: str, at: Sequence[int | str]) -> Placed:
        if register not in self.arrays:
            shape = self.shapes[register]
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


def _pattern(numbers: Array, known: Sequence[float]) -> tuple[float | None, ...]:
    return tuple(float(number) if number in known else None for number in numbers)


def _squares(errors: Array, squares: Array, memory: _Memory, first: bool) -> list[Call]:
    """Return the calls that add the squares of some samples' errors to those before."""
    terms = errors.reshape(-1, memory.runs)
    out = squares if first else memory.array(())
    calls: list[Call] = [(np.multiply, (terms, terms, terms))]
    calls += pairwise(np.add, terms, out)
    if not first:
        calls.append((np.add, (squares, out, squares)))
    return [part for call in calls for part in flat(call)]


def state_shapes(network: Network, rule: Rule) -> dict[str, tuple[int, ...]]:
    """Return the arrays of a block's state and their shapes for one run, in order."""
    shapes: dict[str, tuple[int, ...]] = {}
    for prefix in ("", *carried(rule.mistakes)):
        for number, (inputs, units) in enumerate(neighbours(network.sizes), start=1):
            shapes[f"{prefix}W{number}"] = (inputs, units)
            shapes[f"{prefix}b{number}"] = (units,)
    return shapes


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


def runs_at_once(
    network: Network, rule: Rule, inputs: Array, targets: Array, runs: int, numbers: int
) -> int:
    """Return how many runs to put into a block so that it holds about so many numbers."""
    few = CACHE_LINE // 8
    at_most = max(few, numbers * few // Block(network, rule, inputs, targets, few).size)
    blocks = -(-runs // at_most)
    return -(-runs // blocks // few) * few
