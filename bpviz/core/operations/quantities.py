"""What a register holds: the one table of quantities, and the registers of an update."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from bpviz.core.formula.expression import Ref
from bpviz.core.model.architecture import Architecture

PER_UNIT, PER_INPUT = "units", "inputs"
ALONE, PARTIAL, CHANGE, SLOPE = "W", "∂L/∂W", "ΔW", "f′(a)"
HAT = "\u0302"
"""What stands on the letter of a corrected moment, m̂."""


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
        What stands above the letter: "new", "old", "W,new".
    """

    letter: str
    form: str = ALONE
    mark: str = ""


COUNT = "t"
"""The register of how many updates were made before, where an optimiser counts them."""

RATE = Ref("learning_rate")
"""The learning rate, as a part of formulas."""


class Quantity(NamedTuple):
    """A kind of number that layers have.

    Attributes
    ----------
    words : str
        What it is called; {layer} is the number of the layer.
    one : str
        What one number of it is called, before the unit that it belongs to: "delta of".
    symbol : Symbol
        How it is written in formulas; in code it is its own name.
    axes : tuple of str
        What each axis runs over, the sample axis left out: "units" or "inputs" of the layer.
    per_sample : bool
        Whether every sample of a batch has its own.
    legend : str
        What a legend says of its symbol; empty where another one's entry says it.
    """

    words: str
    one: str
    symbol: Symbol
    axes: tuple[str, ...]
    per_sample: bool = False
    legend: str = ""


def _parameters(
    prefix: str,
    words: str,
    one: str,
    form: str = ALONE,
    mark: str = "",
    legends: tuple[str, str] = ("", ""),
) -> dict[str, Quantity]:
    """Return what there is of W and of b, said with these words for "weights" and "biases"."""
    said = (("weights", "weight", (PER_UNIT, PER_INPUT)), ("biases", "bias of", (PER_UNIT,)))
    return {
        prefix + letter: Quantity(
            words.replace("{what}", several),
            one.replace("{what}", single),
            Symbol(letter, form, mark),
            axes,
            legend=legend,
        )
        for letter, (several, single, axes), legend in zip("Wb", said, legends, strict=True)
    }


class Carried(NamedTuple):
    """A quantity that only some updates have, for each parameter or once.

    Attributes
    ----------
    letters : str
        What its registers begin with: "v" for `vW1`, `vb1`, ….
    words : str
        What it is called, with {what} for "weights" or "biases", and {layer}.
    one : str
        What one number of it is called, with {what} for "weight" or "bias of".
    becomes : str
        The letters of what it takes its numbers from when the next update begins, as "nv";
        before the first update it is 0. Empty where nothing goes over.
    of : str
        The parameters that have it, "Wb" or "W"; empty for a single number.
    legend : str
        What a legend says of its symbol; empty for nothing.
    """

    letters: str
    words: str
    one: str
    becomes: str = ""
    of: str = "Wb"
    legend: str = ""

    def registers(self, last: int, letters: str | None = None) -> tuple[str, ...]:
        """Return its registers in a network of so many layers, or those of other letters."""
        start = self.letters if letters is None else letters
        each = [f"{start}{q}{layer}" for layer in range(1, last + 1) for q in self.of]
        return tuple(each) if self.of else (start,)

    def quantities(self) -> dict[str, Quantity]:
        """Return its quantities by the letters that their registers begin with."""
        if not self.of:
            return {self.letters: Quantity(self.words, self.one, symbol_of(self.letters), ())}
        made = _parameters(self.letters, self.words, self.one, legends=(self.legend, ""))
        return {name: one._replace(symbol=symbol_of(name)) for name, one in made.items()}


def _of_units(words: str, one: str, symbol: Symbol, legend: str) -> Quantity:
    return Quantity(words, one, symbol, (PER_UNIT,), True, legend)


QUANTITIES: Mapping[str, Quantity] = MappingProxyType(
    {
        "learning_rate": Quantity(
            "learning rate", "learning rate", Symbol("η"), (), legend="learning rate"
        ),
        "x": Quantity("input", "input", Symbol("x"), (PER_INPUT,), True, "input"),
        "y": _of_units("target", "target", Symbol("y"), "target"),
        **_parameters("", "{what} of layer {layer}", "{what}", legends=("", "bias")),
        "a": _of_units("aggregates of layer {layer}", "aggregate of", Symbol("a"), "aggregate"),
        "h": _of_units("activations of layer {layer}", "activation of", Symbol("h"), "activation"),
        "s": _of_units(
            "derivatives of the activation function in layer {layer}",
            "derivative of the activation function at",
            Symbol("a", SLOPE),
            "derivative",
        ),
        "e": _of_units(
            "errors that arrive at layer {layer}, ∂L/∂h",
            "error that arrives at",
            Symbol("h", PARTIAL),
            "error that arrives",
        ),
        "d": _of_units("deltas of layer {layer}, ∂L/∂a", "delta of", Symbol("δ"), "delta, ∂L/∂a"),
        "loss": Quantity(
            "loss of the sample", "loss of the sample", Symbol("L"), (), True, "loss of the sample"
        ),
        **_parameters(
            "g",
            "gradients of the {what} of layer {layer}",
            "gradient of the {what}",
            PARTIAL,
            legends=("gradient", ""),
        ),
        **_parameters(
            "u", "changes of the {what} of layer {layer}", "change of the {what}", CHANGE
        ),
        **_parameters("n", "new {what} of layer {layer}", "new {what}", mark="new"),
    }
)
"""Every quantity by the letters that its registers begin with."""


OLD_GRADIENTS = MappingProxyType({q: Symbol(q[1], PARTIAL, "old") for q in ("pW", "pb")})
_OPTIMIZED = re.compile(r"(n?)(c?)([a-z]+?)([Wb]?)")


def symbol_of(quantity: str) -> Symbol:
    """Return the symbol of a quantity; one that an optimiser has says it by its letters.

    `nvW` is the new velocity of weights, v with W and "new" above; `cmb` is m̂ with b.
    """
    known = QUANTITIES.get(quantity)
    if known is not None:
        return known.symbol
    if quantity in OLD_GRADIENTS:
        return OLD_GRADIENTS[quantity]
    match = _OPTIMIZED.fullmatch(quantity)
    assert match is not None
    new, corrected, letter, parameter = match.groups()
    mark = ",".join(filter(None, (parameter, new and "new")))
    return Symbol(letter + HAT * bool(corrected), mark=mark)


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


def input_register(layer: int) -> str:
    """Return the register that a layer gets its inputs from."""
    return "x" if layer == 1 else f"h{layer - 1}"


@lru_cache(maxsize=64)
def register_shapes(
    net: Architecture, carried: tuple[Carried, ...]
) -> Mapping[str, tuple[int, ...]]:
    """Return the shape of every register without its sample axis, in the order of the row.

    Parameters
    ----------
    net : Architecture
        Gives the sizes.
    carried : tuple of Carried
        What the update has besides the usual quantities.
    """
    layers = range(1, net.last + 1)
    names = [RATE.register, "x", "y"]
    names += [f"{q}{layer}" for layer in layers for q in "Wb"]
    for layer in layers:
        separate = layer < net.last or net.pair is None
        names += [f"{q}{layer}" for q in ("ahsed" if separate else "ahd")]
    names.append("loss")
    names += [f"{prefix}{q}{layer}" for prefix in ("g", "u", "n") for layer in layers for q in "Wb"]
    quantities = dict(QUANTITIES)
    for one in carried:
        names += one.registers(net.last)
        quantities |= one.quantities()
    return MappingProxyType({name: _shape(net, name, quantities) for name in names})


def _shape(net: Architecture, register: str, quantities: Mapping[str, Quantity]) -> tuple[int, ...]:
    quantity, layer = quantity_of(register), layer_of(register, net.last)
    if quantity == "x":
        return net.sizes[:1]
    lengths = {PER_UNIT: net.sizes[layer], PER_INPUT: net.sizes[layer - 1]}
    shape = tuple(lengths[axis] for axis in quantities[quantity].axes)
    # Where each activation depends on every aggregate, its derivative is a matrix.
    coupled = quantity == "s" and net.activations[layer - 1].couples_units
    return shape * 2 if coupled else shape
