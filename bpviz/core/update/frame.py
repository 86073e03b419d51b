"""A working frame: one row of the tape and the calls that fill it.

What the calls are hangs on the architecture, the rule and the number of samples alone. So they
are made once, on the row of a pattern, and bound to the row of each new frame.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache

import numpy as np

from bpviz.core.arguments import Array
from bpviz.core.formula.entries import AXES
from bpviz.core.formula.expression import Ref
from bpviz.core.formula.lowering import SAMPLE, Call, Lowering, Placed
from bpviz.core.mistakes import Mistake, made_by
from bpviz.core.model.architecture import Architecture
from bpviz.core.model.network import Network
from bpviz.core.model.starts import parameters_of
from bpviz.core.operations.operation import Operation
from bpviz.core.operations.quantities import RATE
from bpviz.core.update.algorithm import algorithm
from bpviz.core.update.rule import Rule
from bpviz.core.update.schedule import Schedule, schedule
from bpviz.core.update.tape import Layout


class Frame:
    """A working frame: one row of the tape, and the calls that fill it.

    An update is nothing but NumPy calls that write into the row.

    Parameters
    ----------
    network : Network
        Gives the parameters that the frame starts with.
    rule : Rule
        What an update does.
    samples : int
        B, the number of samples in the update.

    Attributes
    ----------
    row : ndarray, shape (layout.size,)
        The numbers.
    pairs : ndarray, shape (B × n_0 + B × n_L,)
        The part of the row that holds the inputs, then the targets.
    parameters, new_parameters : ndarray, shape (parameters,)
        The parts that hold W and b of every layer before and after the update.
    carried : ndarray
        The part from the gradients to the end, as long for any B.
    calls : list of callable
        What an update runs, in order.
    """

    def __init__(self, network: Network, rule: Rule, samples: int) -> None:
        self.layout, scheduled = _pattern(
            network.architecture, rule.form, samples, made_by(rule.mistakes)
        )
        memory = scheduled.memory()
        self.row = memory[: self.layout.size]
        self.calls = scheduled.bound(memory)
        last = len(network.layers)
        self.layout.view(self.row, RATE.register)[...] = rule.learning_rate
        self.pairs = self.row[self.layout.span("x", "y")]
        self.parameters = self.row[self.layout.span("W1", f"b{last}")]
        self.new_parameters = self.row[self.layout.span("nW1", f"nb{last}")]
        self.carried = self.row[self.layout.register("gW1").start :]
        self.parameters[:] = parameters_of(network)
        self.new_parameters[:] = self.parameters


@lru_cache(maxsize=64)
def _pattern(
    net: Architecture, rule: Rule, samples: int, _mistakes: tuple[Mistake, ...]
) -> tuple[Layout, Schedule]:
    """Return what frames of one shape have in common: the registers, and what is done in them.

    The rule only names its mistakes, and a name may come to stand for another one.
    """
    layout = Layout(net, samples, rule)
    row = np.empty(layout.size)
    more: list[Array] = []

    def new(shape: tuple[int, ...]) -> Array:
        more.append(np.empty(shape))
        return more[-1]

    # Until they are overwritten, the numbers in the row are those of the update before.
    calls: list[Call] = [
        (np.positive, (layout.view(row, source), layout.view(row, name)))
        for name, source in layout.carried.items()
    ]
    calls += lowered(layout, row, algorithm(net, rule, samples), new)
    # A run takes its parameters from the new ones, where they are put before its first update.
    given = layout.span(RATE.register, f"b{net.last}"), layout.span("nW1", f"nb{net.last}")
    return layout, schedule(calls, row, more, given)


def lowered(
    layout: Layout,
    row: Array,
    operations: Iterable[Operation],
    new: Callable[[tuple[int, ...]], Array] = np.empty,
) -> list[Call]:
    """Return the calls that make operations on a row."""
    views = _Views(layout, row)
    lowering = Lowering(views.placed, new)
    for operation in operations:
        shape = layout.registers[operation.writes].entry_shape
        axes = AXES[: len(shape)]
        out = views.placed(Ref(operation.writes, axes))
        sizes = {SAMPLE: layout.samples, **dict(zip(axes, shape, strict=True))}
        lowering.assign(operation.entry, out, sizes)
    return lowering.calls


class _Views:
    """The registers of a row, without a sample axis where there is a single sample."""

    def __init__(self, layout: Layout, row: Array) -> None:
        several = layout.samples > 1
        self._by_sample = {
            name for name, register in layout.registers.items() if register.per_sample and several
        }
        self._arrays = {
            name: layout.view(row, name).reshape(
                register.shape if several else register.entry_shape
            )
            for name, register in layout.registers.items()
        }

    def placed(self, ref: Ref) -> Placed:
        """Return where the numbers of a ref are; without a sample of its own, of every sample."""
        array, at = self._arrays[ref.register], ref.at or ()
        if ref.register in self._by_sample:
            at = (SAMPLE if ref.sample is None else ref.sample, *at)
        names = tuple([index for index in at if isinstance(index, str)])
        if len(names) < len(at):
            array = array[(*(slice(None) if isinstance(i, str) else i for i in at), ...)]
        return Placed(array, names)
