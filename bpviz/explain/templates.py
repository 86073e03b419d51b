"""The parts of an explanation, and the phrases that they share."""

from __future__ import annotations

from typing import NamedTuple

from bpviz.core.operation import Operation
from bpviz.core.rule import Rule
from bpviz.core.tape import Layout
from bpviz.explain.expression import Expression, Ref


class Templates(NamedTuple):
    """A text for each depth, with fields in braces that a step fills in.

    `last` is for a summand that comes after a Σ, such as the bias. Fields: {unit} and {from}
    count from 1, {i} and {j} from 0;
    {value} is the number that is written.
    """

    layer: str
    unit: str
    term: str = ""
    last: str = ""


class Explanation(NamedTuple):
    """What an operation computes.

    Attributes
    ----------
    element : Expression
        One entry, in the variables i (and j).
    array : Expression
        The whole register.
    words : Templates
        A sentence for each depth.
    """

    element: Expression
    array: Expression
    words: Templates


class Context(NamedTuple):
    """What an explanation may depend on besides the operation."""

    rule: Rule
    layout: Layout

    def length(self, register: str) -> int:
        """Return the number of entries along the last axis of a register."""
        return self.layout.registers[register].shape[-1]

    @property
    def batch(self) -> int:
        """The number of samples in the update."""
        return self.layout.samples


def entry(register: str) -> Ref:
    """Return the ref to entry i of a register."""
    return Ref(register, ("i",))


def whole(register: str) -> Ref:
    """Return the ref to a whole register."""
    return Ref(register)


def unit_words(operation: Operation) -> str:
    """Return what the unit of a step is called."""
    return f"unit {{unit}} of layer {operation.layer}"


def source_words(register: str) -> str:
    """Return what a layer's inputs are called: {from} of them is one."""
    return "input {from}" if register == "x" else f"unit {{from}} of layer {register[1:]}"
