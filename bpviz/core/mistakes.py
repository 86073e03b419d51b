"""The registry of named mistakes: well-known errors of backpropagation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from bpviz.core.operation import Operation

Operations = list[Operation]


@dataclass(frozen=True, repr=False)
class Mistake:
    """A well-known error, as a small change to the algorithm.

    Attributes
    ----------
    name : str
        As in `Rule(mistakes=(name,))`.
    title : str
        The mistake in a few words.
    change : str
        What it changes in the formula.
    notice : str
        How to notice it.
    source : str
        Where it is found.
    rewrite : callable
        From the right list of operations to the mistaken one.
    """

    name: str
    title: str
    change: str
    notice: str
    source: str
    rewrite: Callable[[Operations], Operations]

    def __repr__(self) -> str:
        return f"Mistake({self.name}: {self.title})"


def _replace_kind(
    matches: Callable[[Operation], bool], change: Callable[[Operation], Operation]
) -> Callable[[Operations], Operations]:
    return lambda operations: [change(o) if matches(o) else o for o in operations]


def _is_relu_derivative(operation: Operation) -> bool:
    function = operation.function
    return operation.kind == "derivative" and function is not None and function.name == "relu"


def _mask_from_activation(operation: Operation) -> Operation:
    return replace(
        operation, kind="relu_derivative_from_activation", reads=(f"h{operation.layer}",)
    )


_ALL = (
    Mistake(
        name="relu_derivative_from_activation",
        title="ReLU's derivative is read off the activation, with ≥ 0",
        change="f′(a) = 1 if a > 0 becomes 1 if h ≥ 0; since h = max(0, a) is never negative, "
        "it is always 1",
        notice="The derivative f′ is 1 even for a unit whose aggregate is negative, and the "
        "gradient check fails for the weights that lead into that unit.",
        source="The lecture notebook on XOR: der_activation[der_activation >= 0] = 1",
        rewrite=_replace_kind(_is_relu_derivative, _mask_from_activation),
    ),
)

mistakes: Mapping[str, Mistake] = MappingProxyType({m.name: m for m in _ALL})
