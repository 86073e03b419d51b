"""The tape: one update is one flat row of numbers; names map to slices and shapes."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from bpviz.core.arguments import Array, index_in, shortened
from bpviz.core.formula.expression import Ref
from bpviz.core.model.architecture import HasArchitecture
from bpviz.core.model.network import Layer, Network
from bpviz.core.operations.quantities import QUANTITIES, RATE, quantity_of, register_shapes
from bpviz.core.outside import DrawsItself, outside
from bpviz.core.update.rule import Rule

REF = re.compile(r"(?P<register>[A-Za-z_]+\d*)(?:\[(?P<indices>\d+(?:\s*,\s*\d+)*)\])?")


@dataclass(frozen=True)
class Register:
    """Where a named array lies in a row.

    Attributes
    ----------
    name : str
        As in the vocabulary: `x`, `W1`, `a1`, …
    start, stop : int
        Its slice of the row.
    shape : tuple of int
        Its shape. A register that has a value for each sample starts with the sample axis.
    per_sample : bool
        Whether it has one.
    """

    name: str
    start: int
    stop: int
    shape: tuple[int, ...]
    per_sample: bool

    @property
    def entry_shape(self) -> tuple[int, ...]:
        """The shape for one sample: without the sample axis."""
        return self.shape[self.per_sample :]

    @property
    def refs(self) -> tuple[str, ...]:
        """Its numbers for one sample, one by one: `W1[0,0]`, `W1[0,1]`, … or `loss`."""
        return tuple(str(Ref(self.name, at)) for at in np.ndindex(self.entry_shape))


class Layout:
    """The registers of one update of a network, in one flat row.

    Parameters
    ----------
    network : Network or Architecture
        Gives the sizes of the registers.
    samples : int
        B, the number of samples in the update.
    rule : Rule or None
        Decides what an update needs of the update before.

    Attributes
    ----------
    quantities : dict
        What registers hold, by the letters that they begin with.
    carried : dict
        From each register that holds something of the update before to the one it was in
        there; before the first update it is 0.
    """

    def __init__(
        self, network: HasArchitecture, samples: int = 1, rule: Rule | None = None
    ) -> None:
        self.samples = samples
        net = network.architecture
        self.layers = net.last
        registers: dict[str, Register] = {}
        start = 0
        carried = () if rule is None else rule.carried
        self.quantities = dict(QUANTITIES)
        self.carried: dict[str, str] = {}
        for one in carried:
            self.quantities |= one.quantities()
            if one.becomes:
                sources = one.registers(net.last, one.becomes)
                self.carried |= dict(zip(one.registers(net.last), sources, strict=True))
        for name, shape in register_shapes(net, carried).items():
            per_sample = self.quantities[quantity_of(name)].per_sample
            full = (samples, *shape) if per_sample else shape
            stop = start + math.prod(full)
            registers[name] = Register(name, start, stop, full, per_sample)
            start = stop
        self.registers: Mapping[str, Register] = MappingProxyType(registers)
        self.size = start

    def view(self, row: Array, name: str) -> Array:
        """Return register `name` of `row`, or of each of several rows, as a view."""
        register = self.register(name)
        part = row[..., register.start : register.stop]
        return part.reshape((*row.shape[:-1], *register.shape))

    def register(self, name: str) -> Register:
        """Return the register of that name, or raise KeyError with the names that exist."""
        if name not in self.registers:
            raise KeyError(
                f"there is no register {name!r}; there are {', '.join(self.registers)}, and a ref "
                "begins with one of these"
            )
        return self.registers[name]

    def slot(self, ref: str, sample: int = 0) -> int:
        """Return the place in the row of a single number, given as a ref: `W1[0,1]`."""
        name, indices = parse_ref(ref)
        register = self.register(name)
        full = (sample, *indices) if register.per_sample else indices
        if len(full) != len(register.shape):
            shape = register.entry_shape
            raise KeyError(f"ref {ref!r} is not one number; {name} has shape {shape}")
        for index, length in zip(full, register.shape, strict=True):
            if index >= length:
                shape = register.entry_shape
                raise KeyError(f"ref {ref!r} does not exist; {name} has shape {shape}")
        place = 0
        for index, length in zip(full, register.shape, strict=True):
            place = place * length + index
        return register.start + place

    def span(self, first: str, last: str) -> slice:
        """Return the slice from the start of one register to the end of another."""
        return slice(self.registers[first].start, self.registers[last].stop)

    def __getstate__(self) -> dict[str, Any]:
        return vars(self) | {"registers": dict(self.registers)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state | {"registers": MappingProxyType(state["registers"])})

    def __repr__(self) -> str:
        return f"Layout({len(self.registers)} registers, {self.size} numbers, B = {self.samples})"


def parse_ref(ref: object) -> tuple[str, tuple[int, ...]]:
    """Split `W1[0,1]` into "W1" and (0, 1); raise KeyError if it is not a ref."""
    match = REF.fullmatch(ref.strip()) if isinstance(ref, str) else None
    if match is None:
        raise KeyError(
            f"{shortened(ref)} is not a ref; write a register with indices, such as 'W1[0,1]'"
        )
    indices = match["indices"]
    return match["register"], tuple(int(i) for i in indices.split(",")) if indices else ()


def _of_layer(letters: str, doc: str) -> property:
    """Return a property of a layer's trace: the register whose name begins with some letters."""

    def read(layer: LayerTrace) -> Array:
        return layer._trace[f"{letters}{layer.number}"]

    return property(read, doc=doc)


class LayerTrace:
    """What one update computed in one layer; every attribute is a read-only array.

    The shapes are those of the vocabulary; with one sample the sample axis is dropped.
    """

    def __init__(self, trace: Trace, number: int) -> None:
        self._trace = trace
        self.number = number

    weights = _of_layer("W", "W before the update, shape (n_l, n_{l-1}).")
    bias = _of_layer("b", "b before the update, shape (n_l,).")
    aggregate = _of_layer("a", "a = W x + b, shape (B, n_l).")
    activation = _of_layer("h", "h = f(a), shape (B, n_l).")
    derivative = _of_layer(
        "s",
        """f′(a), shape (B, n_l); for softmax ∂hᵢ/∂aⱼ, (B, n_l, n_l).

        Where loss and function are derived together (softmax with cross-entropy), the last
        layer has none: δ is h − y without it (KeyError).
        """,
    )
    error = _of_layer(
        "e", "∂L/∂h, shape (B, n_l); where δ is h − y without it, there is none (KeyError)."
    )
    delta = _of_layer("d", "δ = ∂L/∂a, shape (B, n_l).")
    weight_gradient = _of_layer("gW", "∂L/∂W, averaged over the batch, shape (n_l, n_{l-1}).")
    bias_gradient = _of_layer("gb", "∂L/∂b, averaged over the batch, shape (n_l,).")
    weight_change = _of_layer("uW", "learning rate × ∂L/∂W, shape (n_l, n_{l-1}).")
    bias_change = _of_layer(
        "ub", "learning rate × ∂L/∂b, or zeros where biases are not trained, shape (n_l,)."
    )
    new_weights = _of_layer("nW", "W after the update, shape (n_l, n_{l-1}).")
    new_bias = _of_layer("nb", "b after the update, shape (n_l,).")

    def __repr__(self) -> str:
        return f"LayerTrace(layer {self.number} of {self._trace!r})"


class Trace(DrawsItself):
    """Every number of one update: a read-only view of one row of the tape.

    Parameters
    ----------
    network : Network
        Its functions and loss; its parameters are those of the row.
    rule : Rule
        The rule that made the update.
    layout : Layout
        The registers of the row.
    row : ndarray, shape (layout.size,)
        The numbers.

    Examples
    --------
    `trace["W1"]` is a register, `trace["W1[0,1]"]` a single number, and
    `trace.layers[0].delta` the same as `trace["d1"]`.

    >>> example = bp.presets.three_two_one()
    >>> trace = bp.backprop(example.network, example.inputs[0], example.targets[0], example.rule)
    >>> trace
    Trace(3-2-1, loss 0.00661556)
    >>> trace.layers[0].delta.round(5)
    array([-0.00071,  0.00204])
    >>> print(trace["W1[0,1]"], trace["nW1[0,1]"].round(5))
    0.1 0.10004
    >>> trace.updated.predict([0.5, 0.1, -0.2]).round(4)
    array([0.4866])
    """

    def __init__(
        self, network: Network, rule: Rule, layout: Layout, row: Array, sample: int = 0
    ) -> None:
        self.rule = rule
        self.layout = layout
        self.row = row[: layout.size].view()
        self.row.flags.writeable = False
        self.sample = index_in("sample", sample, layout.samples)
        self._template = network

    def __getitem__(self, ref: str) -> Array:
        """Return a register as an array, or a single number as a float.

        A number that exists for each sample is that of the trace's chosen `sample`.
        """
        name, indices = parse_ref(ref)
        if indices:
            return self.row[self.layout.slot(ref, self.sample)]  # type: ignore[no-any-return]
        array = self.layout.view(self.row, name)
        if self.layout.register(name).per_sample and self.layout.samples == 1:
            return array[0]  # type: ignore[no-any-return]
        return array[()]

    def __reduce__(self) -> tuple[type[Trace], tuple[object, ...]]:
        # Made anew, for the numbers of a copied array could be written to.
        return Trace, (self._template, self.rule, self.layout, self.row, self.sample)

    def at_sample(self, sample: int) -> Trace:
        """Return the same trace with another sample of the batch chosen."""
        return Trace(self._template, self.rule, self.layout, self.row, sample)

    @property
    def x(self) -> Array:
        """The input, shape (B, n_0); (n_0,) with one sample."""
        return self["x"]

    @property
    def y(self) -> Array:
        """The target, shape (B, n_L); (n_L,) with one sample."""
        return self["y"]

    @property
    def output(self) -> Array:
        """The activation of the last layer, shape (B, n_L); (n_L,) with one sample."""
        return self[f"h{self.layout.layers}"]

    @property
    def loss(self) -> Array:
        """The loss of each sample, shape (B,); one number with one sample."""
        return self["loss"]

    @cached_property
    def layers(self) -> tuple[LayerTrace, ...]:
        """The layers, the first hidden layer first: `layers[0]` is layer 1."""
        return tuple(LayerTrace(self, number + 1) for number in range(self.layout.layers))

    @cached_property
    def network(self) -> Network:
        """The network before the update."""
        return self._network("")

    @cached_property
    def updated(self) -> Network:
        """The network after the update."""
        return self._network("n")

    def to_csv(self, path: str | os.PathLike[str]) -> Path:
        """Write every number to a file of comma-separated values, whole or not at all.

        A line has the ref, the sample (from 0; nothing where a number belongs to no one
        sample, as a weight does) and the value, in full. A file that is there is replaced.

        Returns
        -------
        Path
            Where it was written.

        Raises
        ------
        FileNotFoundError
            If the folder does not exist.
        TypeError, ValueError
            If `path` is no path.
        """
        written: Path = outside("trace_to_csv")(self, path)
        return written

    def to_pandas(self) -> Any:
        """Return the table that `to_csv` writes as a pandas DataFrame.

        Raises
        ------
        ImportError
            If pandas is not installed.
        """
        return outside("trace_to_pandas")(self)

    def _network(self, prefix: str) -> Network:
        return Network(
            [
                Layer(self[f"{prefix}W{i}"], self[f"{prefix}b{i}"], layer.activation)
                for i, layer in enumerate(self._template.layers, start=1)
            ],
            self._template.loss,
        )

    def __repr__(self) -> str:
        sizes = "-".join(map(str, self._template.sizes))
        samples = "" if self.layout.samples == 1 else f", {self.layout.samples} samples"
        return f"Trace({sizes}{samples}, loss {np.mean(self.loss):.6g})"

    def __str__(self) -> str:
        """Return every register and its numbers, rounded, as an aligned table."""
        width = max(len(name) for name in self.layout.registers if name != RATE.register) + 2
        lines = []
        with np.printoptions(precision=8, threshold=200, suppress=False, floatmode="maxprec"):
            for name in self.layout.registers:
                numbers = np.array2string(np.asarray(self[name]), max_line_width=100 - width)
                first, *rest = numbers.split("\n")
                lines.append(f"{name + ' ':<{width}}{first}")
                lines += [" " * width + line for line in rest]
        return "\n".join(lines)

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        """Show the table in IPython."""
        printer.text(str(self))
