"""What a register holds: the one table of quantities, and the registers of an update."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from bpviz.core.formula.expression import Ref
from bpviz.core.model.architecture import Architecture

UNITS, INPUTS = "units", "inputs"
ALONE, PARTIAL, CHANGE, SLOPE = "W", "∂L/∂W", "ΔW", "f′(a)"


class Symbol(NamedTuple):
    """How a quantity is written in formulas.

    Attributes
    ----------
    letter : str
        What has the layer and the indices below it.
    form : str
        The letter alone, the loss derived by it, its change, or f′ of it; where f′ is a matrix,
        it is ∂h/∂a.
    mark : str
        A word above the letter: "new", "old".
    """

    letter: str
    form: str = ALONE
    mark: str = ""


RATE = Ref("learning_rate")
"""The learning rate, as a part of formulas."""


class Quantity(NamedTuple):
    """A kind of number that layers have.

    Attributes
    ----------
    words : str
        What it is called; {layer} is the number of the layer.
    symbol : Symbol
        How it is written in formulas; in code it is its own name.
    axes : tuple of str
        What each axis runs over, the sample axis left out: "units" or "inputs" of the layer.
    per_sample : bool
        Whether every sample of a batch has its own.
    """

    words: str
    symbol: Symbol
    axes: tuple[str, ...]
    per_sample: bool = False

    @property
    def is_per_connection(self) -> bool:
        """Whether there is one for each weight, in a matrix with a row for each unit."""
        return self.axes == (UNITS, INPUTS)


def _parameters(prefix: str, words: str, form: str = ALONE, mark: str = "") -> dict[str, Quantity]:
    """Return what there is of W and of b, said with these words for "weights" and "biases"."""
    return {
        f"{prefix}W": Quantity(
            words.format(what="weights"), Symbol("W", form, mark), (UNITS, INPUTS)
        ),
        f"{prefix}b": Quantity(words.format(what="biases"), Symbol("b", form, mark), (UNITS,)),
    }


def _of_units(words: str, symbol: Symbol) -> Quantity:
    return Quantity(words, symbol, (UNITS,), per_sample=True)


QUANTITIES: Mapping[str, Quantity] = MappingProxyType(
    {
        "learning_rate": Quantity("learning rate", Symbol("η"), ()),
        "x": Quantity("input", Symbol("x"), (INPUTS,), per_sample=True),
        "y": _of_units("target", Symbol("y")),
        **_parameters("", "{what} of layer {{layer}}"),
        "a": _of_units("aggregates of layer {layer}", Symbol("a")),
        "h": _of_units("activations of layer {layer}", Symbol("h")),
        "s": _of_units(
            "derivatives of the activation function in layer {layer}", Symbol("a", SLOPE)
        ),
        "e": _of_units("errors that arrive at layer {layer}, ∂L/∂h", Symbol("h", PARTIAL)),
        "d": _of_units("deltas of layer {layer}, ∂L/∂a", Symbol("δ")),
        "loss": Quantity("loss of the sample", Symbol("L"), (), per_sample=True),
        **_parameters("g", "gradients of the {what} of layer {{layer}}", PARTIAL),
        **_parameters("u", "changes of the {what} of layer {{layer}}", CHANGE),
        **_parameters("n", "new {what} of layer {{layer}}", mark="new"),
        **_parameters(
            "p",
            "gradients of the {what} of layer {{layer}} left over from the update before",
            PARTIAL,
            "old",
        ),
    }
)
"""Every quantity by the letters that its registers begin with."""


@lru_cache(maxsize=1024)
def quantity_of(register: str) -> str:
    """Return the quantity of a register: "gW" of "gW1"."""
    return register.rstrip("0123456789")


def layer_of(register: str, last: int) -> int:
    """Return the layer of a register; the target and the loss belong to the last one.

    The learning rate belongs to none, which is 0 like the input's.
    """
    number = register[len(quantity_of(register)) :]
    return int(number) if number else 0 if register in ("x", RATE.register) else last


@lru_cache(maxsize=64)
def register_shapes(net: Architecture, carried: tuple[str, ...]) -> Mapping[str, tuple[int, ...]]:
    """Return the shape of every register without its sample axis, in the order of the row.

    Parameters
    ----------
    net : Architecture
        Gives the sizes.
    carried : tuple of str
        The prefixes of what an update needs of the update before: "p" for its gradients.
    """
    layers = range(1, net.last + 1)
    names = [RATE.register, "x", "y"]
    names += [f"{q}{layer}" for layer in layers for q in "Wb"]
    for layer in layers:
        separate = layer < net.last or net.pair is None
        names += [f"{q}{layer}" for q in ("ahsed" if separate else "ahd")]
    names.append("loss")
    names += [
        f"{prefix}{q}{layer}"
        for prefix in ("g", "u", "n", *carried)
        for layer in layers
        for q in "Wb"
    ]
    return MappingProxyType({name: _shape(net, name) for name in names})


def _shape(net: Architecture, register: str) -> tuple[int, ...]:
    quantity, layer = quantity_of(register), layer_of(register, net.last)
    if quantity == "x":
        return net.sizes[:1]
    lengths = {UNITS: net.sizes[layer], INPUTS: net.sizes[layer - 1]}
    shape = tuple(lengths[axis] for axis in QUANTITIES[quantity].axes)
    # Where each activation depends on every aggregate, its derivative is a matrix.
    coupled = quantity == "s" and net.activations[layer - 1].couples_units
    return shape * 2 if coupled else shape
