"""The symbols and functions that formulas are written with."""

from __future__ import annotations

from bpviz.core.arguments import one_number
from bpviz.core.formula.expression import Expression, Op, Ref, is_op, operations_in

a = Ref("a")
"""The aggregate of a unit.

Examples
--------
>>> from bpviz.formula import a
>>> bp.Activation("cube", a**3)([-1, 2])
array([-1.,  8.])
"""
h = Ref("h")
"""The activation of a unit; in a loss, an output.

Examples
--------
>>> from bpviz.formula import a, h, tanh
>>> bp.Activation("my_tanh", tanh(a), derivative=1 - h**2).derivative([0.0])
array([1.])
"""
y = Ref("y")
"""The target of an output.

Examples
--------
>>> from bpviz.formula import h, y
>>> print(bp.Loss("quartic", (h - y) ** 4)([3], [1]))
16.0
"""


def part_of(name: str, value: Expression) -> Expression:
    """Return a part of a formula.

    Raises
    ------
    TypeError, ValueError
        If it is neither a formula nor a finite number.
    """
    return value if isinstance(value, (Ref, Op)) else one_number(name, value)


def exp(u: Expression) -> Op:
    """Return e^u.

    Examples
    --------
    >>> from bpviz.formula import a, exp
    >>> bp.Activation("swish", a / (1 + exp(-a)))([0, 1]).round(4)
    array([0.    , 0.7311])
    """
    return Op("exp", (part_of("u", u),))


def ln(u: Expression) -> Op:
    """Return the natural logarithm of u.

    Examples
    --------
    >>> from bpviz.formula import h, ln, y
    >>> print(bp.Loss("surprise", -(y * ln(h)))([0.5], [1]).round(4))
    0.6931
    """
    return Op("ln", (part_of("u", u),))


def tanh(u: Expression) -> Op:
    """Return the hyperbolic tangent of u.

    Examples
    --------
    >>> from bpviz.formula import a, tanh
    >>> bp.Activation("half_tanh", tanh(a / 2))([0, 2]).round(4)
    array([0.    , 0.7616])
    """
    return Op("tanh", (part_of("u", u),))


def softplus(u: Expression) -> Op:
    """Return ln(1 + e^u), without overflow.

    Examples
    --------
    >>> from bpviz.formula import a, softplus, tanh
    >>> bp.Activation("mish", a * tanh(softplus(a)))([0, 1]).round(4)
    array([0.    , 0.8651])
    """
    return Op("softplus", (part_of("u", u),))


def maximum(u: Expression, v: Expression) -> Op:
    """Return the larger of u and v.

    Examples
    --------
    >>> from bpviz.formula import a, maximum
    >>> bp.Activation("bent", maximum(0.2 * a, a))([-1, 1])
    array([-0.2,  1. ])
    """
    return Op("max", (part_of("u", u), part_of("v", v)))


def minimum(u: Expression, v: Expression) -> Op:
    """Return the smaller of u and v, as −max(−u, −v).

    Examples
    --------
    >>> from bpviz.formula import a, maximum, minimum
    >>> bp.Activation("relu6", minimum(6, maximum(0, a)))([-1, 3, 8])
    array([0., 3., 6.])
    """
    return Op("negate", (Op("max", (_minus(part_of("u", u)), _minus(part_of("v", v)))),))


def sqrt(u: Expression) -> Op:
    """Return the square root of u.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> from bpviz.formula import OptimizerLine, rate, sqrt
    >>> @dataclass(frozen=True)
    ... class Normalised(bp.Optimizer):
    ...     def lines(self, parameter):
    ...         change = rate * (parameter.gradient / sqrt(parameter.gradient**2 + 1e-8))
    ...         yield OptimizerLine(parameter.made("u"), change, "rate times sign")
    ...
    >>> network = bp.Network([bp.Layer([[0.5]], activation="identity")])
    >>> rule = bp.Rule(0.1, optimizer=Normalised())
    >>> bp.train(network, [[2]], [[3]], rule, epochs=3).rmse.round(3)
    array([2. , 1.7, 1.4])
    """
    return Op("sqrt", (part_of("u", u),))


def step(u: Expression) -> Op:
    """Return 1 where u is above 0, and 0 elsewhere.

    Examples
    --------
    >>> from bpviz.formula import a, step
    >>> bp.Activation("shifted", a * step(a - 1))([0.5, 2])
    array([0., 2.])
    """
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


def jumps_in(*expressions: Expression) -> tuple[Expression, ...]:
    """Return what expressions jump at the 0 of: the argument of each of their steps, once."""
    steps = (one for each in expressions for one in operations_in(each) if is_op(one, "step"))
    return tuple(dict.fromkeys(one.of[0] for one in steps))


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
