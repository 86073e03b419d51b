"""Losses, each with its derivative with respect to the output, and its formula."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from bpviz.core.checks import Array, finite_array, shortened
from bpviz.core.functions import Call, constant, run_calls

HALF = constant(0.5)


@dataclass(frozen=True, repr=False, eq=False)
class Loss:
    """A loss L(h, y) of one sample, from the output h and the target y.

    Attributes
    ----------
    name : str
        Its name, as `Network(loss=...)` and files know it.
    formula, derivative_formula : str
        L and ∂L/∂h in plain text; for a loss that is defined together with its activation
        function, ∂L/∂a.
    needs_activation : str or None
        The activation function that the last layer must have. Loss and function are then
        derived together, and δ of the last layer is h − y without a separate f′(a).
    targets_add_up_to_one : bool
        Whether that holds only for targets that add up to 1.
    value_calls : callable
        From (h, y, loss) to the calls that write L of each sample.
    aggregate_calls : callable or None
        The same from (a, y, loss), a the aggregates of the last layer: an output may underflow
        to 0, whose logarithm is −∞, where L is finite. A network's loss is computed this way
        if there is one.
    """

    name: str
    formula: str
    derivative_formula: str
    value_calls: Callable[[Array, Array, Array], list[Call]]
    needs_activation: str | None = None
    targets_add_up_to_one: bool = False
    aggregate_calls: Callable[[Array, Array, Array], list[Call]] | None = None

    @property
    def value_from(self) -> str:
        """What a network's loss is computed from: "a", its last aggregates, or "h"."""
        return "h" if self.aggregate_calls is None else "a"

    @property
    def network_calls(self) -> Callable[[Array, Array, Array], list[Call]]:
        """The calls for a network's loss, from what `value_from` says."""
        return self.aggregate_calls or self.value_calls

    def __call__(self, h: ArrayLike, y: ArrayLike) -> Array:
        """Return the loss of each sample: shape (B,) for (B, n), one number for (n,)."""
        output, target = finite_array("h", h), finite_array("y", y)
        if output.shape != target.shape or output.ndim not in (1, 2):
            raise ValueError(
                f"h has shape {output.shape} and y has shape {target.shape}; both must be "
                "(units,) or (samples, units)"
            )
        loss = np.empty(np.atleast_2d(output).shape[0])
        run_calls(self.value_calls(np.atleast_2d(output), np.atleast_2d(target), loss))
        return loss if output.ndim == 2 else loss.reshape(())

    def __reduce__(self) -> str:
        return self.name  # copies and pickles refer to the one loss of that name

    def __repr__(self) -> str:
        return self.name


def _half_squared_error(h: Array, y: Array, loss: Array) -> list[Call]:
    difference, squares, total = np.empty(h.shape), np.empty(h.shape), np.empty(len(h))
    if len(h) == 1:
        row, number = difference[0], total.reshape(())
        sums: list[Call] = [(np.ndarray.dot, (row, row, number))]
    else:
        sums = [
            (np.multiply, (difference, difference, squares)),
            (np.add.reduce, (squares, 1, None, total)),
        ]
    return [(np.subtract, (h, y, difference)), *sums, (np.multiply, (total, HALF, loss))]


def _cross_entropy(h: Array, y: Array, loss: Array) -> list[Call]:
    return [(_negative_log_likelihood, (h, y, loss))]


def _negative_log_likelihood(h: Array, y: Array, out: Array) -> None:
    # A target of 0 adds nothing, even where the output has underflowed to 0.
    logarithms = np.log(h, where=y != 0, out=np.zeros_like(h))
    total = np.sum(y * logarithms, axis=1) if len(h) > 1 else y[0] @ logarithms[0]
    np.negative(total, out=out)


def _cross_entropy_of_aggregates(a: Array, y: Array, loss: Array) -> list[Call]:
    logarithms, exponentials, negative = np.empty(a.shape), np.empty(a.shape), np.empty(len(a))
    shifted, largest, total = np.empty(a.shape), np.empty((len(a), 1)), np.empty((len(a), 1))
    log_total = np.empty(total.shape)
    if len(a) == 1:
        sums: list[Call] = [(np.ndarray.dot, (y[0], logarithms[0], negative.reshape(())))]
    else:
        products = np.empty(a.shape)
        sums = [
            (np.multiply, (y, logarithms, products)),
            (np.add.reduce, (products, 1, None, negative)),
        ]
    return [
        (np.maximum.reduce, (a, -1, None, largest[:, 0])),
        (np.subtract, (a, largest, shifted)),
        (np.exp, (shifted, exponentials)),
        (np.add.reduce, (exponentials, -1, None, total[:, 0])),
        (np.log, (total, log_total)),
        (np.subtract, (shifted, log_total, logarithms)),
        *sums,
        (np.negative, (negative, loss)),
    ]


squared_error = Loss(
    name="squared_error",
    formula="L = ½ · Σᵢ (hᵢ − yᵢ)²",
    derivative_formula="∂L/∂hᵢ = hᵢ − yᵢ",
    value_calls=_half_squared_error,
)
cross_entropy = Loss(
    name="cross_entropy",
    formula="L = −Σᵢ yᵢ · ln hᵢ, with ln hᵢ = aᵢ − ln Σₖ e^(aₖ)",
    derivative_formula="∂L/∂aᵢ = hᵢ − yᵢ (with softmax, targets adding up to 1)",
    value_calls=_cross_entropy,
    needs_activation="softmax",
    targets_add_up_to_one=True,
    aggregate_calls=_cross_entropy_of_aggregates,
)

LOSSES = {loss.name: loss for loss in (squared_error, cross_entropy)}


def loss_named(value: object) -> Loss:
    """Return the loss that `value` is or names."""
    if isinstance(value, Loss):
        return value
    if isinstance(value, str) and value in LOSSES:
        return LOSSES[value]
    raise ValueError(f"loss is {shortened(value)}; choose one of {', '.join(LOSSES)}")
