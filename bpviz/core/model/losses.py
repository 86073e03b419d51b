"""Losses: each is a formula of one output and its target, added up over the outputs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from bpviz.core.arguments import Array, finite_array, shortened, text
from bpviz.core.formula.compute import compute
from bpviz.core.formula.derivative import derivative as derived
from bpviz.core.formula.expression import Expression, Op, Ref, replaced
from bpviz.core.formula.given import (
    check_derivative,
    check_values,
    checked_formula,
    checked_name,
    formula_in,
)
from bpviz.core.formula.notation import (
    a,
    h,
    jumps_in,
    ln,
    maximum,
    minimum,
    on_arrays,
    softplus,
    total,
    y,
)
from bpviz.core.model.definition import Definition
from bpviz.core.model.functions import Activation, sigmoid, softmax

OUTPUTS_TRIED = {
    "h": np.array([0.0713, 0.2087, 0.4219, 0.5791, 0.7717, 0.9283]),
    "y": np.array([0.8951, 0.3119, 0.1237, 0.8273, 0.6449, 0.0531]),
}
"""Where a derivative is compared with differences: outputs and targets between 0 and 1, which
differ by no number at which a loss has its kink."""

AGGREGATES_OF_PAIRS = np.array([-3.7, -1.3, -0.45, 0.35, 1.1, 2.9])
"""Where a pair is compared with its loss."""

Targets = Literal["", "shares", "distribution"]

LOSSES: dict[str, Loss] = {}
"""The losses that bpviz has, by name."""


class Pair(NamedTuple):
    """A loss together with the activation function of the last layer.

    Then δ of that layer is h − y, without a separate f′(a).

    Attributes
    ----------
    formula : Expression
        The loss of a sample in the aggregate a, the output h and the target y, in a form that
        neither overflows nor takes the logarithm of 0.
    says : str
        Why there is no separate derivative: "softmax and cross-entropy together need no …".
    loss_says : str
        What the loss is, and how it is taken, as sentences without the last full stop.
    """

    formula: Expression
    says: str
    loss_says: str

    def of(self, aggregate: str, output: str) -> Expression:
        """Return the loss of a sample, on the whole registers of the last layer."""
        instead = {"a": lambda _: Ref(aggregate), "h": lambda _: Ref(output)}
        return on_arrays(replaced(self.formula, instead))


class Loss(Definition):
    """A loss L(h, y) of one sample, from the output h and the target y.

    Parameters
    ----------
    name : str
        Its name, as `Network(loss=...)`, files and the screen know it: letters, digits and
        underscores.
    formula : Expression
        The loss of one output, written with h and y of `bpviz.formula`; it is added up over
        the outputs.
    derivative : Expression or None
        Its derivative by h. By default it is derived by the chain rule.
    says : str
        What it is, as a sentence without its end: "The loss is half the squared distance
        between output and target".
    title : str
        Its name on the screen; by default the name.
    pairs : mapping
        From activation functions of the last layer to the loss of one output written with a and
        y instead: the same number, in a form that neither overflows nor takes the logarithm of
        0, and whose derivative by a is f(a) − y. Then δ is h − y, without a separate f′(a). It
        is taken with every function of the same formula.

    Raises
    ------
    TypeError, ValueError
        If the formula is none, its derivative is not that of the formula, or a pair is not the
        loss of its function.

    Examples
    --------
    >>> from bpviz.formula import a, exp, h, ln, softplus, y
    >>> mine = bp.Activation("mine", 1 / (1 + exp(-a)))
    >>> surprise = -(y * ln(h) + (1 - y) * ln(1 - h))
    >>> loss = bp.Loss("surprise", surprise, pairs={mine: softplus(a) - y * a})
    >>> network = bp.Network([bp.Layer([[50.0]], activation=mine)], loss)
    >>> print(bp.backprop(network, [1], [0]).loss)
    50.0
    """

    def __init__(
        self,
        name: str,
        formula: Expression,
        derivative: Expression | None = None,
        says: str = "",
        *,
        title: str = "",
        pairs: Mapping[Activation, Expression | Pair] = MappingProxyType({}),
    ) -> None:
        self.name = checked_name("name", name, tuple(LOSSES))
        self.formula = formula_in("h", "formula", formula, ("h", "y"))
        self.title = text("title", title) or self.name.replace("_", " ")
        self.says = text("says", says) or f"The loss is the {self.title}"
        slope = derived(self.formula, h) if derivative is None else derivative
        self.derivative_formula = checked_formula("derivative", slope, ("h", "y"))
        if LOSSES:  # those of bpviz itself are checked in the tests
            self._check()
        self.pairs = self._checked_pairs(pairs)
        self.needs_activation: Activation | None = None
        self.targets: Targets = ""
        self._whole: Expression | None = None

    def _check(self) -> None:
        """Refuse a formula without a value, and a derivative that is another function's."""
        slope = self.derivative_formula
        check_values("formula", self.formula, OUTPUTS_TRIED)
        check_derivative("derivative", slope, self.formula, OUTPUTS_TRIED, "h")

    def _checked_pairs(self, value: object) -> dict[Activation, Pair]:
        if not isinstance(value, Mapping) or not all(isinstance(f, Activation) for f in value):
            raise TypeError(
                f"pairs is {shortened(value)}; give a mapping from activation functions to "
                "formulas, such as {bpviz.sigmoid: softplus(a) - y * a}"
            )
        return {function: self._pair(function, given) for function, given in value.items()}

    def _pair(self, function: Activation, given: object) -> Pair:
        if isinstance(given, Pair):  # it has been checked, or is one of bpviz itself
            return given
        argument = f"pairs[{function}]"
        formula = formula_in("a", argument, given, ("a", "y"))
        if function.couples_units:
            raise ValueError(
                f"{argument} is of a function that couples units; give functions of one aggregate"
            )
        at = {"a": AGGREGATES_OF_PAIRS, "y": OUTPUTS_TRIED["y"]}
        output = check_values("formula", function.formula, at)
        values = check_values(argument, formula, at)
        expected = check_values("formula", self.formula, {**at, "h": output})
        if not np.allclose(values, expected, rtol=1e-6, atol=1e-9):
            raise ValueError(
                f"{argument} is {values[0]:.4g} at a = {at['a'][0]:g}, y = {at['y'][0]:g}, where "
                f"the loss is {expected[0]:.4g}; give the same loss in another form"
            )
        try:
            check_derivative(argument, function.formula - y, formula, at, "a")
        except ValueError:
            raise ValueError(
                f"{argument} has another derivative by a than f(a) − y, so it can be no pair"
            ) from None
        return Pair(
            total(formula),
            f"{function.title} and {self.title} together need no separate derivative",
            f"{self.says}. It is taken from the aggregate, which loses no digits",
        )

    def pair_with(self, activation: Activation) -> Pair | None:
        """Return the loss together with a function of the last layer, if there is such a pair."""
        same = (p for f, p in self.pairs.items() if f.formula == activation.formula)
        return next(same, None)

    @cached_property
    def jumps(self) -> tuple[Expression, ...]:
        """Formulas in h and y; where one of them passes 0, the loss or ∂L/∂h jumps."""
        return jumps_in(self.formula, self.derivative_formula)

    def of(self, output: str) -> Expression:
        """Return the loss of a sample, on the whole registers of the output and the target."""
        whole = total(self.formula) if self._whole is None else self._whole
        return on_arrays(replaced(whole, {"h": lambda _: Ref(output)}))

    def derivative_of(self, output: str) -> Expression:
        """Return ∂L/∂h, on the whole registers of the output and the target."""
        return on_arrays(replaced(self.derivative_formula, {"h": lambda _: Ref(output)}))

    def values(
        self, output: Array, target: Array, aggregate: Array, activation: Activation
    ) -> Array:
        """Return the loss of each sample of a network, shape (samples,).

        Parameters
        ----------
        output, target, aggregate : ndarray, shape (samples, n_L)
            h and a of the last layer, and y.
        activation : Activation
            The activation function of that layer.
        """
        pair = self.pair_with(activation)
        formula = self.of("h") if pair is None else pair.formula
        given = {"a": aggregate, "h": output, "y": target}
        return compute(formula, given, np.empty(len(output)))

    def __call__(self, h: ArrayLike, y: ArrayLike) -> Array:
        """Return the loss of each sample: shape (B,) for (B, n), one number for (n,)."""
        output, target = finite_array("h", h), finite_array("y", y)
        if output.shape != target.shape or output.ndim not in (1, 2):
            raise ValueError(
                f"h has shape {output.shape} and y has shape {target.shape}; both must be "
                "(units,) or (samples, units)"
            )
        if self.targets:
            check_shares("h", output, self)
            check_shares("y", target, self)
        rows = np.atleast_2d(output)
        loss = compute(self.of("h"), {"h": rows, "y": np.atleast_2d(target)}, np.empty(len(rows)))
        return loss if output.ndim == 2 else loss.reshape(())

    @property
    def _parts(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "formula": self.formula,
            "derivative": self.derivative_formula,
            "says": self.says,
            "title": self.title,
            "pairs": self.pairs,
        }

    @property
    def _is_built_in(self) -> bool:
        return LOSSES.get(self.name) is self


def _completed(
    loss: Loss,
    whole: Expression | None = None,
    needs_activation: Activation | None = None,
    targets: Targets = "",
) -> Loss:
    """Return a loss with what only some of those of bpviz have.

    Parameters
    ----------
    loss : Loss
    whole : Expression or None
        The loss of a sample on whole registers, where it is not written as a total.
    needs_activation : Activation or None
        The activation function that the last layer must have.
    targets : str
        "shares" if outputs and targets must be from 0 to 1, "distribution" if those of a sample
        add up to 1 besides; empty for any.
    """
    loss._whole, loss.needs_activation = whole, needs_activation
    loss.targets = targets
    return loss


_difference = h - y
_clipped = maximum(-1.0, minimum(1.0, _difference))

squared_error = _completed(
    Loss(
        "squared_error",
        0.5 * (h - y) ** 2.0,
        h - y,
        "The loss is half the squared distance between output and target",
    ),
    whole=0.5 * (_difference.T @ _difference),
)
"""Half the squared distance between output and target, ½ Σ (h − y)².

Examples
--------
>>> print(bp.squared_error([0.5, 1.0], [1.0, 1.0]))
0.125
"""
cross_entropy = _completed(
    Loss(
        "cross_entropy",
        -(y * ln(h)),
        says="The loss is the cross-entropy: minus the logarithm of the share that softmax gives "
        "to the right class",
        title="cross-entropy",
        pairs={
            softmax: Pair(
                -(y.T @ Op("log_softmax", (a,))),
                "softmax and cross-entropy together need no separate derivative",
                "The loss is the cross-entropy: minus the logarithm of the share of the right "
                "class, taken from the aggregates since a share can round to 0",
            )
        },
    ),
    needs_activation=softmax,
    targets="distribution",
)
"""The cross-entropy −Σ y ln h, of a network whose last layer is softmax.

Examples
--------
>>> print(bp.cross_entropy([0.25, 0.75], [0, 1]).round(4))
0.2877
"""
binary_cross_entropy = _completed(
    Loss(
        "binary_cross_entropy",
        -(y * ln(h) + (1 - y) * ln(1 - h)),
        (h - y) / (h * (1 - h)),
        says="The loss is the binary cross-entropy: minus the logarithm of the share that each "
        "output gives to the right answer, yes or no",
        title="binary cross-entropy",
        pairs={
            sigmoid: Pair(
                total(softplus(a) - y * a),
                "the sigmoid and the binary cross-entropy together need no separate derivative",
                "The loss is the binary cross-entropy. It is taken from the aggregate, since an "
                "output can be too close to 0 or 1 for its logarithm",
            )
        },
    ),
    targets="shares",
)
"""The binary cross-entropy −Σ (y ln h + (1 − y) ln(1 − h)), of outputs and targets from 0 to 1.

Examples
--------
>>> print(bp.binary_cross_entropy([0.75], [1]).round(4))
0.2877
"""
huber = Loss(
    "huber",
    _clipped * _difference - 0.5 * _clipped**2.0,
    _clipped,
    says="The loss is that of Huber: half the square of a small error, and the size of an error "
    "above 1 less a half",
    title="Huber loss",
)
"""The Huber loss: half the square of a small error, and the size of one above 1 less a half.

Examples
--------
>>> print(bp.huber([0.5], [0]), bp.huber([3.0], [0]))
0.125 2.5
"""

LOSSES |= {loss.name: loss for loss in (squared_error, cross_entropy, binary_cross_entropy, huber)}


SHARE_ROUNDING = 1e-6
"""By how much shares may miss their bounds and their sum, as those computed in float32 do."""


def check_shares(argument: str, array: Array, loss: Loss) -> None:
    """Refuse an array with a number that is not from 0 to 1, but for rounding."""
    wrong = array[(array < -SHARE_ROUNDING) | (array > 1 + SHARE_ROUNDING)]
    if wrong.size:
        raise ValueError(
            f"{argument} has {wrong.flat[0]:.9g}; with {loss.name} each number must be from 0 to 1"
        )


def loss_named(value: object) -> Loss:
    """Return the loss that `value` is or names."""
    if isinstance(value, Loss):
        return value
    if isinstance(value, str) and value in LOSSES:
        return LOSSES[value]
    raise ValueError(f"loss is {shortened(value)}; choose one of {', '.join(LOSSES)}")
