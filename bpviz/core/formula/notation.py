"""The symbols and functions that formulas are written with."""

from __future__ import annotations

from bpviz.core.arguments import one_number
from bpviz.core.formula.expression import Expression, Op, Ref, is_op

a = Ref("a")
"""The aggregate of a unit."""
h = Ref("h")
"""The activation of a unit; in a loss, an output."""
y = Ref("y")
"""The target of an output."""


def part_of(name: str, value: Expression) -> Expression:
    """Return a part of a formula.

    Raises
    ------
    TypeError, ValueError
        If it is neither a formula nor a finite number.
    """
    return value if isinstance(value, (Ref, Op)) else one_number(name, value)


def exp(u: Expression) -> Op:
    """Return e^u."""
    return Op("exp", (part_of("u", u),))


def ln(u: Expression) -> Op:
    """Return the natural logarithm of u."""
    return Op("ln", (part_of("u", u),))


def tanh(u: Expression) -> Op:
    """Return the hyperbolic tangent of u."""
    return Op("tanh", (part_of("u", u),))


def softplus(u: Expression) -> Op:
    """Return ln(1 + e^u), without overflow."""
    return Op("softplus", (part_of("u", u),))


def maximum(u: Expression, v: Expression) -> Op:
    """Return the larger of u and v."""
    return Op("max", (part_of("u", u), part_of("v", v)))


def minimum(u: Expression, v: Expression) -> Op:
    """Return the smaller of u and v, as −max(−u, −v)."""
    return Op("negate", (Op("max", (_minus(part_of("u", u)), _minus(part_of("v", v)))),))


def sqrt(u: Expression) -> Op:
    """Return the square root of u."""
    return Op("sqrt", (part_of("u", u),))


def step(u: Expression) -> Op:
    """Return 1 where u is above 0, and 0 elsewhere."""
    return Op("step", (part_of("u", u),))


def total(u: Expression) -> Op:
    """Return Σ of u over all units of a layer."""
    return Op("total", (u,))


def contains(expression: Expression, *ops: str) -> bool:
    """Return whether an operation of one of these names is part of an expression."""
    if not isinstance(expression, Op):
        return False
    inside = (*expression.of, *(() if expression.body is None else (expression.body,)))
    return is_op(expression, *ops) or any(contains(part, *ops) for part in inside)


def is_rational(expression: Expression) -> bool:
    """Return whether an expression of fractions is a fraction."""
    return not contains(expression, "exp", "ln", "tanh", "softplus", "log_softmax", "sqrt")


def on_arrays(expression: Expression) -> Expression:
    """Return an expression on whole registers with ∘ for each product of two of them."""
    if not isinstance(expression, Op):
        return expression
    of = tuple(on_arrays(part) for part in expression.of)
    arrays = sum(_is_array(part) for part in of)
    op = "hadamard" if expression.op == "multiply" and arrays > 1 else expression.op
    return Op(
        op, of, expression.over, expression.count, expression.name, expression.at, expression.body
    )


def _is_array(expression: Expression) -> bool:
    if isinstance(expression, Ref):
        return expression.at is None
    if not isinstance(expression, Op) or expression.op in ("total", "largest"):
        return False
    return any(_is_array(part) for part in expression.of)


def _minus(u: Expression) -> Expression:
    return Op("negate", (u,)) if isinstance(u, (Ref, Op)) else -u
