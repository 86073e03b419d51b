"""Activation functions, each with its derivative and its formula."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from bpviz.core.checks import Array, finite_array, shortened

Call = tuple[Callable[..., object], tuple[object, ...]]
"""A NumPy function and its arguments: every array that it reads, then the one it writes to."""


def constant(value: float) -> Array:
    """Return a number as a read-only array without axes, which NumPy takes much faster."""
    array = np.array(value, dtype=np.float64)
    array.flags.writeable = False
    return array


ZERO, ONE = constant(0.0), constant(1.0)


@dataclass(frozen=True, repr=False, eq=False)
class ActivationFunction:
    """An activation function h = f(a), applied along the last axis.

    Call it with aggregates of any shape to get activations of the same shape.

    Attributes
    ----------
    name : str
        Its name, as `Layer(activation=...)` and files know it.
    formula, derivative_formula : str
        f(a) and f′(a) in plain text.
    derivative_from : str
        What the derivative is computed from: "a", the aggregate, or "h", the activation.
    couples_units : bool
        True if each activation depends on every aggregate of its layer (softmax), so that
        the derivative of a layer of n units is an n × n matrix ∂hᵢ/∂aⱼ.
    """

    name: str
    formula: str
    derivative_formula: str
    derivative_from: str
    activation_calls: Callable[[Array, Array], list[Call]]
    derivative_calls: Callable[[Array, Array], list[Call]]
    couples_units: bool = False

    def __call__(self, a: ArrayLike) -> Array:
        """Return f(a), the same shape as `a`, without overflow or warning.

        Raises
        ------
        TypeError, ValueError
            If `a` is empty or holds something that is not a finite number.
        """
        aggregate = finite_array("a", a)
        if not aggregate.size:
            raise ValueError(f"a is empty, of shape {aggregate.shape}; give at least one number")
        activation = np.empty_like(aggregate)
        run_calls(self.activation_calls(np.atleast_1d(aggregate), np.atleast_1d(activation)))
        return activation + 0.0  # turns -0 into 0

    def derivative(self, a: ArrayLike) -> Array:
        """Return f′(a), the same shape as `a`; for softmax ∂hᵢ/∂aⱼ, one axis more."""
        activation = self(a)
        shape = activation.shape + activation.shape[-1:] * self.couples_units
        source = activation if self.derivative_from == "h" else finite_array("a", a)
        source = np.atleast_1d(source)
        slope = np.empty(source.shape + source.shape[-1:] * self.couples_units)
        run_calls(self.derivative_calls(source, slope))
        return slope.reshape(shape) + 0.0

    def __reduce__(self) -> str:
        return self.name  # copies and pickles refer to the one function of that name

    def __repr__(self) -> str:
        return self.name


def run_calls(calls: list[Call]) -> None:
    """Run NumPy calls in order; numbers may become infinite, NaN or 0 without a warning."""
    with np.errstate(all="ignore"):
        for function, arguments in calls:
            function(*arguments)


# No call works in place: with a single number that takes NumPy twice as long.


def _sigmoid_activation(a: Array, h: Array) -> list[Call]:
    part = np.empty(a.shape)
    return [
        (np.negative, (a, part)),
        (np.exp, (part, h)),
        (np.add, (h, ONE, part)),
        (np.divide, (ONE, part, h)),
    ]


def _sigmoid_derivative(h: Array, s: Array) -> list[Call]:
    part = np.empty(h.shape)
    return [(np.subtract, (ONE, h, part)), (np.multiply, (h, part, s))]


def _tanh_derivative(h: Array, s: Array) -> list[Call]:
    part = np.empty(h.shape)
    return [(np.multiply, (h, h, part)), (np.subtract, (ONE, part, s))]


def _positive_part(a: Array, h: Array) -> None:
    np.maximum(a, ZERO, out=h)  # NumPy is about to refuse the output as a third argument


def _softmax_activation(a: Array, h: Array) -> list[Call]:
    # Subtracting the largest aggregate changes no ratio and keeps every exponent below 1.
    total = np.empty((*a.shape[:-1], 1))
    return [
        (np.maximum.reduce, (a, -1, None, total[..., 0])),
        (np.subtract, (a, total, h)),
        (np.exp, (h, h)),
        (np.add.reduce, (h, -1, None, total[..., 0])),
        (np.divide, (h, total, h)),
    ]


def _softmax_derivative(h: Array, s: Array) -> list[Call]:
    column, row = h[..., :, None], h[..., None, :]
    return [(np.subtract, (np.eye(h.shape[-1]), row, s)), (np.multiply, (column, s, s))]


sigmoid = ActivationFunction(
    name="sigmoid",
    formula="f(a) = 1 / (1 + e^(−a))",
    derivative_formula="f′(a) = f(a) · (1 − f(a))",
    derivative_from="h",
    activation_calls=_sigmoid_activation,
    derivative_calls=_sigmoid_derivative,
)
tanh = ActivationFunction(
    name="tanh",
    formula="f(a) = (e^a − e^(−a)) / (e^a + e^(−a))",
    derivative_formula="f′(a) = 1 − f(a)²",
    derivative_from="h",
    activation_calls=lambda a, h: [(np.tanh, (a, h))],
    derivative_calls=_tanh_derivative,
)
relu = ActivationFunction(
    name="relu",
    formula="f(a) = max(0, a)",
    derivative_formula="f′(a) = 1 if a > 0, else 0",
    derivative_from="a",
    activation_calls=lambda a, h: [(_positive_part, (a, h))],
    derivative_calls=lambda a, s: [(np.heaviside, (a, ZERO, s))],
)
identity = ActivationFunction(
    name="identity",
    formula="f(a) = a",
    derivative_formula="f′(a) = 1",
    derivative_from="a",
    activation_calls=lambda a, h: [(np.positive, (a, h))],
    derivative_calls=lambda a, s: [(np.positive, (ONE, s))],
)
softmax = ActivationFunction(
    name="softmax",
    formula="fᵢ(a) = e^(aᵢ) / Σₖ e^(aₖ)",
    derivative_formula="∂hᵢ/∂aⱼ = hᵢ · (1 − hᵢ) if i = j, else −hᵢ · hⱼ",
    derivative_from="h",
    activation_calls=_softmax_activation,
    derivative_calls=_softmax_derivative,
    couples_units=True,
)

ACTIVATIONS = {f.name: f for f in (sigmoid, relu, tanh, identity, softmax)}


def activation_named(name: str, value: object) -> ActivationFunction:
    """Return the activation function that `value` is or names; `name` is the argument's."""
    if isinstance(value, ActivationFunction):
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
    activation: ActivationFunction | str = sigmoid,
) -> float:
    """Return the output of a single unit, f(w · x + b).

    Parameters
    ----------
    x, weights : array_like, shape (n,)
        The inputs, and one weight for each.
    bias : float
        Added to the weighted sum.
    activation : ActivationFunction or str
        The unit's activation function.

    Raises
    ------
    ValueError
        If `x` and `weights` are not vectors of one length, or a number is not finite.
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
    output = np.empty(1)
    with np.errstate(all="ignore"):
        aggregate = (weights_array @ inputs + offset).reshape(1)
    run_calls(function.activation_calls(aggregate, output))
    return float(output[0] + 0.0)  # turns -0 into 0
