"""How activation functions and their derivatives are written and said."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from bpviz.explain.expression import (
    Expression,
    Op,
    Ref,
    add,
    divide,
    multiply,
    subtract,
    sum_over,
)
from bpviz.explain.templates import entry, whole


class FunctionWords(NamedTuple):
    """How an activation function and its derivative are written and said."""

    activation: Callable[[str, int], Expression]
    does: str
    derivative: Expression
    derivative_array: Callable[[str], Expression]
    derivative_says: str


def _softmax_element(a: str, units: int) -> Expression:
    total = sum_over("k", units, Op("exp", (Ref(a, ("k",)),)))
    return divide(Op("exp", (entry(a),)), total)


# In `derivative` the register "?" stands for the one that the derivative is read from.
FUNCTIONS: dict[str, FunctionWords] = {
    "sigmoid": FunctionWords(
        activation=lambda a, _: divide(1.0, add(1.0, Op("exp", (Op("negate", (entry(a),)),)))),
        does="the sigmoid squeezes the aggregate between 0 and 1",
        derivative=multiply(entry("?"), subtract(1.0, entry("?"))),
        derivative_array=lambda h: Op("hadamard", (whole(h), subtract(1.0, whole(h)))),
        derivative_says="for the sigmoid it is the activation times one minus the activation",
    ),
    "tanh": FunctionWords(
        activation=lambda a, _: Op("tanh", (entry(a),)),
        does="tanh squeezes the aggregate between −1 and 1",
        derivative=subtract(1.0, Op("power", (entry("?"), 2.0))),
        derivative_array=lambda h: subtract(1.0, Op("power", (whole(h), 2.0))),
        derivative_says="for tanh it is one minus the square of the activation",
    ),
    "relu": FunctionWords(
        activation=lambda a, _: Op("max", (0.0, entry(a))),
        does="ReLU keeps a positive aggregate and turns a negative one into 0",
        derivative=Op("step", (entry("?"),)),
        derivative_array=lambda a: Op("step", (whole(a),)),
        derivative_says="for ReLU it is 1 where the aggregate is positive and 0 elsewhere",
    ),
    "identity": FunctionWords(
        activation=lambda a, _: entry(a),
        does="the identity passes the aggregate on unchanged",
        derivative=1.0,
        derivative_array=lambda _: 1.0,
        derivative_says="for the identity it is always 1",
    ),
    "softmax": FunctionWords(
        activation=_softmax_element,
        does="softmax turns the aggregates of the layer into positive shares that add up to 1",
        derivative=multiply(
            entry("?"), subtract(Op("kronecker", (), at=("i", "j")), Ref("?", ("j",)))
        ),
        derivative_array=lambda h: Op("softmax_derivative", (whole(h),)),
        derivative_says="for softmax every activation depends on every aggregate, so it is a "
        "matrix: row i, column j holds ∂hᵢ/∂aⱼ",
    ),
}


def read_from(expression: Expression, register: str, units: int) -> Expression:
    """Return the derivative with `register` to read from, in a layer of so many units."""
    if isinstance(expression, Ref):
        return Ref(register, expression.at)
    if isinstance(expression, Op):
        of = tuple(read_from(part, register, units) for part in expression.of)
        count = units if expression.op == "kronecker" else None
        return Op(expression.op, of, at=expression.at, count=count)
    return expression
