"""Activation functions: each is a formula, and everything else follows from it."""

from __future__ import annotations

from functools import cached_property
from math import prod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from bpviz.core.arguments import Array, finite_array, one_number, shortened, text
from bpviz.core.formula.compute import compute
from bpviz.core.formula.derivative import derivative as derived
from bpviz.core.formula.derivative import in_terms_of
from bpviz.core.formula.expression import Expression, Op, Ref, replaced
from bpviz.core.formula.given import (
    check_derivative,
    check_values,
    checked_formula,
    checked_name,
    formula_in,
    name_in_code,
)
from bpviz.core.formula.notation import (
    a,
    contains,
    exp,
    h,
    jumps_in,
    maximum,
    on_arrays,
    step,
    total,
)
from bpviz.core.formula.notation import softplus as softplus_of
from bpviz.core.formula.notation import tanh as tanh_of
from bpviz.core.model.definition import Definition

ACTIVATIONS: dict[str, Activation] = {}
"""The functions that bpviz has, by name."""

FAR = 1000.0
AGGREGATES_TRIED = np.array([-31.017, -3.7183, -1.2871, -0.4519, 0.3467, 1.0987, 2.8853, 30.503])
"""Where a derivative is compared with differences: no number at which a function has its kink."""


class Activation(Definition):
    """An activation function h = f(a), as a formula.

    Call it with aggregates of any shape to get activations of the same shape; it is applied
    along the last axis.

    Parameters
    ----------
    name : str
        Its name, as `Layer(activation=...)`, files and the screen know it: letters, digits
        and underscores.
    formula : Expression
        f(a), written with the names of `bpviz.formula`: `a / (1 + exp(-a))`.
    derivative : Expression or None
        f′ in a and h = f(a). By default it is derived by the chain rule.
    says : str
        What it does, as a part of a sentence: "the sigmoid squeezes the aggregate between 0
        and 1".
    derivative_says : str
        The same for f′: "for the sigmoid it is the activation times one minus the activation".
    title : str
        Its name on the screen; by default the name.
    gain : float
        The variance of initial weights times the number of inputs: 2 for ReLU (He et al.
        2015), 1 for the others (Glorot & Bengio 2010, LeCun et al. 1998).

    Raises
    ------
    TypeError, ValueError
        If the formula is none, or not finite at 0, or its derivative is not that of the
        formula.

    Examples
    --------
    >>> from bpviz.formula import a, exp
    >>> swish = bp.Activation("swish", a / (1 + exp(-a)))
    """

    def __init__(
        self,
        name: str,
        formula: Expression,
        derivative: Expression | None = None,
        says: str = "",
        *,
        derivative_says: str = "",
        title: str = "",
        gain: float = 1.0,
    ) -> None:
        self.name = name_in_code("name", checked_name("name", name, tuple(ACTIVATIONS)))
        self.formula = formula_in("a", "formula", formula, ("a",))
        self.title = text("title", title) or self.name.replace("_", " ")
        self.gain = one_number("gain", gain, above=0)
        self.says = text("says", says) or f"{self.title} is applied to the aggregate"
        self.derivative_says = (
            text("derivative_says", derivative_says)
            or f"for {self.title} it follows by the chain rule"
        )
        if derivative is not None:
            self.derivative_formula = checked_formula("derivative", derivative, ("a", "h"))
        elif self.couples_units:
            raise ValueError(
                "formula takes a total over all units; bpviz derives functions of one aggregate, "
                "so give derivative="
            )
        else:
            self.derivative_formula = in_terms_of(derived(self.formula, a), self.formula, h)
        self._check()

    def _check(self) -> None:
        """Refuse a formula without a value at 0, and a derivative that is another function's."""
        if self.couples_units or not ACTIVATIONS:  # those of bpviz itself are checked in the tests
            return
        at = {"a": np.concatenate((AGGREGATES_TRIED, [0.0]))}
        at["h"] = check_values("formula", self.formula, at)
        slope = self.derivative_formula
        check_values("derivative", slope, at)
        check_derivative("derivative", slope, self.formula, {n: v[:-1] for n, v in at.items()}, "a")

    @cached_property
    def couples_units(self) -> bool:
        """Whether each activation depends on every aggregate of its layer, as in softmax.

        The derivative of a layer of n units is then an n × n matrix ∂hᵢ/∂aⱼ.
        """
        return contains(self.formula, "total", "largest")

    @cached_property
    def curved(self) -> bool:
        """Whether f′ is another at another aggregate, not only on the other side of a kink."""
        return self.couples_units or _varies(self.derivative_formula)

    @cached_property
    def kinked(self) -> bool:
        """Whether f′ jumps somewhere, as that of ReLU where the aggregate is 0."""
        return contains(self.derivative_formula, "step")

    @cached_property
    def jumps(self) -> tuple[Expression, ...]:
        """Formulas in a and h; where one of them passes 0, f or f′ jumps."""
        return jumps_in(self.formula, self.derivative_formula)

    @cached_property
    def lowest(self) -> float:
        """What it gives for an aggregate far below 0."""
        return float(self(-FAR))

    @cached_property
    def highest(self) -> float:
        """What it gives for an aggregate far above 0."""
        return float(self(FAR))

    def of(self, register: str) -> Expression:
        """Return f of a register, as it is written on whole registers."""
        if self.formula == a:
            return Ref(register)
        return Op("apply", (Ref(register),), name=self.name, body=self.formula)

    def derivative_of(self, aggregate: str, activation: str) -> Expression:
        """Return f′ of the registers of a layer, as it is written on whole registers."""
        return self.derivative_at(Ref(aggregate), Ref(activation))

    def derivative_at(self, aggregate: Expression, activation: Expression) -> Expression:
        """Return f′ with other expressions for a and h."""
        instead = {"a": lambda _: aggregate, "h": lambda _: activation}
        return on_arrays(replaced(self.derivative_formula, instead))

    def values(self, aggregate: Array) -> Array:
        """Return f(a) of a float64 array whose last axis runs over the units of a layer."""
        *samples, units = aggregate.shape
        rows = aggregate.reshape((prod(samples), units) if self.couples_units else (1, -1))
        return compute(self.formula, {"a": rows}, np.empty_like(rows)).reshape(aggregate.shape)

    def __call__(self, a: ArrayLike) -> Array:
        """Return f(a), the same shape as `a`, without overflow or warning.

        Raises
        ------
        TypeError, ValueError
            If `a` is empty or holds something that is not a finite number.
        """
        array = finite_array("a", a)
        if not array.size:
            raise ValueError(f"a is empty, of shape {array.shape}; give at least one number")
        return self.values(np.atleast_1d(array)).reshape(array.shape) + 0.0  # turns -0 into 0

    def derivative(self, a: ArrayLike) -> Array:
        """Return f′(a), the same shape as `a`; for softmax ∂hᵢ/∂aⱼ, one axis more."""
        activation = self(a)
        return self.slopes(finite_array("a", a), activation) + 0.0

    def slopes(self, aggregate: Array, activation: Array) -> Array:
        """Return f′ of float64 arrays whose last axis runs over the units of a layer."""
        rows = np.atleast_1d(activation)
        rows = rows.reshape(-1, rows.shape[-1])
        more = rows.shape[-1:] * self.couples_units
        given = {"a": aggregate.reshape(rows.shape), "h": rows}
        slopes = compute(self.derivative_formula, given, np.empty(rows.shape + more))
        return slopes.reshape(activation.shape + activation.shape[-1:] * self.couples_units)

    @property
    def _parts(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "formula": self.formula,
            "derivative": self.derivative_formula,
            "says": self.says,
            "derivative_says": self.derivative_says,
            "title": self.title,
            "gain": self.gain,
        }

    @property
    def _is_built_in(self) -> bool:
        return ACTIVATIONS.get(self.name) is self


def _varies(slope: Expression) -> bool:
    """Return whether a slope has another value at another number, not counting steps."""
    if isinstance(slope, Op):
        return slope.op not in ("step", "step_from_zero") and any(map(_varies, slope.of))
    return isinstance(slope, Ref)


sigmoid = Activation(
    "sigmoid",
    1 / (1 + exp(-a)),
    h * (1 - h),
    "the sigmoid squeezes the aggregate between 0 and 1",
    derivative_says="for the sigmoid it is the activation times one minus the activation",
)
"""The sigmoid function 1 / (1 + e⁻ᵃ), between 0 and 1.

Examples
--------
>>> bp.sigmoid([-2, 0, 2]).round(4)
array([0.1192, 0.5   , 0.8808])
>>> bp.sigmoid.derivative([-2, 0, 2]).round(4)
array([0.105, 0.25 , 0.105])
"""
tanh = Activation(
    "tanh",
    tanh_of(a),
    1 - h**2.0,
    "tanh squeezes the aggregate between −1 and 1",
    derivative_says="for tanh it is one minus the square of the activation",
)
"""The hyperbolic tangent, between −1 and 1.

Examples
--------
>>> bp.tanh([-1, 0, 1]).round(4)
array([-0.7616,  0.    ,  0.7616])
"""
relu = Activation(
    "relu",
    maximum(0.0, a),
    step(a),
    "ReLU keeps a positive aggregate and turns a negative one into 0",
    derivative_says="for ReLU it is 1 where the aggregate is positive and 0 elsewhere",
    title="ReLU",
    gain=2.0,
)
"""The rectified linear unit, max(0, a). Its derivative at 0 is 0.

Examples
--------
>>> bp.relu([-2, 0, 3])
array([0., 0., 3.])
>>> bp.relu.derivative([-2, 0, 3])
array([0., 0., 1.])
"""
leaky_relu = Activation(
    "leaky_relu",
    maximum(0.01 * a, a),
    0.01 + 0.99 * step(a),
    "leaky ReLU keeps a positive aggregate and shrinks a negative one to a hundredth",
    derivative_says="for leaky ReLU it is 1 where the aggregate is positive and 0.01 elsewhere",
    title="leaky ReLU",
    gain=2.0,
)
"""The leaky rectified linear unit: a above 0, and a / 100 below.

Examples
--------
>>> bp.leaky_relu([-2, 3])
array([-0.02,  3.  ])
"""
softplus = Activation(
    "softplus",
    softplus_of(a),
    1 / (1 + exp(-a)),
    "softplus is a smooth ReLU: it keeps a large aggregate and brings a negative one near 0",
    derivative_says="for softplus it is the sigmoid of the aggregate",
)
"""The smooth ReLU, ln(1 + eᵃ).

Examples
--------
>>> bp.softplus([-2, 0, 3]).round(4)
array([0.1269, 0.6931, 3.0486])
"""
silu = Activation(
    "silu",
    a / (1 + exp(-a)),
    h + (1 - h) / (1 + exp(-a)),
    "SiLU multiplies the aggregate by its sigmoid",
    derivative_says="for SiLU it is the activation plus the sigmoid times one minus the activation",
    title="SiLU",
    gain=2.0,
)
"""The aggregate times its sigmoid, a / (1 + e⁻ᵃ).

Examples
--------
>>> bp.silu([-2, 0, 3]).round(4)
array([-0.2384,  0.    ,  2.8577])
"""
identity = Activation(
    "identity",
    a,
    1.0,
    "the identity passes the aggregate on unchanged",
    derivative_says="for the identity it is always 1",
)
"""The aggregate itself.

Examples
--------
>>> bp.identity([-2, 3])
array([-2.,  3.])
"""
softmax = Activation(
    "softmax",
    exp(a) / total(exp(a)),
    Op("softmax_derivative", (h,)),
    "softmax turns the aggregates of the layer into positive shares that add up to 1",
    derivative_says="for softmax every activation depends on every aggregate, so it is a "
    "matrix: row i, column j holds ∂hᵢ/∂aⱼ",
)
"""The shares eᵃ / Σ eᵃ of all units of a layer; they add up to 1.

Examples
--------
>>> bp.softmax([1, 2, 3]).round(4)
array([0.09  , 0.2447, 0.6652])
"""

ACTIVATIONS |= {
    f.name: f for f in (sigmoid, relu, tanh, identity, softmax, leaky_relu, softplus, silu)
}


def activation_named(name: str, value: object) -> Activation:
    """Return the activation function that `value` is or names; `name` is the argument's."""
    if isinstance(value, Activation):
        return value
    if isinstance(value, str) and value in ACTIVATIONS:
        return ACTIVATIONS[value]
    raise ValueError(
        f"{name} is {shortened(value)}; choose one of {', '.join(ACTIVATIONS)}, by name or as "
        "bpviz.sigmoid, …"
    )


def perceptron(
    x: ArrayLike,
    weights: ArrayLike,
    bias: float = 0.0,
    activation: Activation | str = sigmoid,
) -> float:
    """Return the output of a single unit, f(w · x + b).

    Parameters
    ----------
    x, weights : array_like, shape (n,)
        The inputs, and one weight for each.
    bias : float
        Added to the weighted sum.
    activation : Activation or str
        The unit's activation function.

    Raises
    ------
    ValueError
        If `x` and `weights` are not vectors of one length, or a number is not finite.

    Examples
    --------
    >>> bp.perceptron([1, 2], weights=[0.5, -0.25], bias=1.0, activation="identity")
    1.0
    """
    inputs, weights_array = finite_array("x", x), finite_array("weights", weights)
    if inputs.ndim != 1 or inputs.shape != weights_array.shape or not inputs.size:
        raise ValueError(
            f"x has shape {inputs.shape} and weights has shape {weights_array.shape}; "
            "both must be vectors with one weight for each input"
        )
    offset = finite_array("bias", bias)
    if offset.size != 1:
        raise ValueError(f"bias has shape {offset.shape}; a single unit has one number")
    function = activation_named("activation", activation)
    with np.errstate(all="ignore"):
        aggregate = (weights_array @ inputs + offset).reshape(1)
    return float(function.values(aggregate)[0] + 0.0)  # turns -0 into 0
