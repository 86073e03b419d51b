"""How activation functions and their derivatives are written and said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bpviz.explain.expression import (
    Expression,
    Op,
    Ref,
    add,
    divide,
    matmul,
    multiply,
    subtract,
    sum_over,
    transpose,
)
from bpviz.explain.templates import entry, whole


@dataclass(frozen=True)
class FunctionWords:
    """How an activation function and its derivative are written and said."""

    activation: Callable[[str, int], Expression]
    does: str
    code: str
    derivative: Expression
    derivative_array: Callable[[str], Expression]
    derivative_says: str
    derivative_code: str


def _softmax_element(a: str, units: int) -> Expression:
    total = sum_over("k", units, Op("exp", (Ref(a, ("k",)),)))
    return divide(Op("exp", (entry(a),)), total)


# In `derivative` the register "?" stands for the one that the derivative is read from.
FUNCTIONS: dict[str, FunctionWords] = {
    "sigmoid": FunctionWords(
        activation=lambda a, _: divide(1.0, add(1.0, Op("exp", (Op("negate", (entry(a),)),)))),
        does="the sigmoid squeezes the aggregate between 0 and 1",
        code="1 / (1 + np.exp(-{a}))",
        derivative=multiply(entry("?"), subtract(1.0, entry("?"))),
        derivative_array=lambda h: Op("hadamard", (whole(h), subtract(1.0, whole(h)))),
        derivative_says="for the sigmoid it is the activation times one minus the activation",
        derivative_code="{h} * (1 - {h})",
    ),
    "tanh": FunctionWords(
        activation=lambda a, _: Op("tanh", (entry(a),)),
        does="tanh squeezes the aggregate between −1 and 1",
        code="np.tanh({a})",
        derivative=subtract(1.0, Op("power", (entry("?"), 2.0))),
        derivative_array=lambda h: subtract(1.0, Op("power", (whole(h), 2.0))),
        derivative_says="for tanh it is one minus the square of the activation",
        derivative_code="1 - {h} * {h}",
    ),
    "relu": FunctionWords(
        activation=lambda a, _: Op("max", (0.0, entry(a))),
        does="ReLU keeps a positive aggregate and turns a negative one into 0",
        code="np.maximum({a}, 0.0)",
        derivative=Op("step", (entry("?"),)),
        derivative_array=lambda a: Op("step", (whole(a),)),
        derivative_says="for ReLU it is 1 where the aggregate is positive and 0 elsewhere",
        derivative_code="np.heaviside({h}, 0.0)",
    ),
    "identity": FunctionWords(
        activation=lambda a, _: entry(a),
        does="the identity passes the aggregate on unchanged",
        code="{a}.copy()",
        derivative=1.0,
        derivative_array=lambda _: 1.0,
        derivative_says="for the identity it is always 1",
        derivative_code="np.ones_like({h})",
    ),
    "softmax": FunctionWords(
        activation=_softmax_element,
        does="softmax turns the aggregates of the layer into positive shares that add up to 1",
        code="np.exp({a} - np.amax({a})) / np.sum(np.exp({a} - np.amax({a})))",
        derivative=multiply(
            entry("?"), subtract(Op("kronecker", (), at=("i", "j")), Ref("?", ("j",)))
        ),
        derivative_array=lambda h: subtract(
            Op("diagonal", (whole(h),)), matmul(whole(h), transpose(whole(h)))
        ),
        derivative_says="for softmax every activation depends on every aggregate, so it is a "
        "matrix: row i, column j holds ∂hᵢ/∂aⱼ",
        derivative_code="{h}[:, None] * (np.eye(len({h})) - {h})",
    ),
}


def renamed(expression: Expression, register: str) -> Expression:
    """Return the expression with `register` in the place of every register."""
    if isinstance(expression, Ref):
        return Ref(register, expression.at)
    if isinstance(expression, Op):
        of = tuple(renamed(part, register) for part in expression.of)
        return Op(expression.op, of, at=expression.at)
    return expression
