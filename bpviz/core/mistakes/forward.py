"""Mistakes in the forward pass."""

from __future__ import annotations

from bpviz.core.formula.expression import Expression, Op, replaced
from bpviz.core.mistakes.mistake import Mistake, Setting
from bpviz.core.operations.operation import Operation, Templates
from bpviz.core.operations.sentences import unit_words


def _exchanged(operation: Operation, setting: Setting) -> Expression | None:
    inputs = setting.sizes[0]
    if operation.writes != "a1" or inputs < 2:
        return None
    return replaced(operation.formula, {"x": lambda x: Op("exchanged", (x,), count=inputs)})


def _says_exchanged(operation: Operation, _setting: Setting) -> Templates:
    unit, layer = unit_words(operation.layer), operation.layer
    return Templates(
        f"Mistake: each unit of layer {layer} multiplies the first input by the weight of the "
        "second, and the second by that of the first.",
        f"Mistake: the aggregate of {unit} is made with the weights of the first two inputs "
        "exchanged: {value}.",
        f"Mistake: the weights of the first two inputs are exchanged; weight {{from}} times its "
        f"input is added to the aggregate of {unit}: {{value}}.",
        "Mistake: the bias is added to what was made with exchanged weights: the aggregate of "
        f"{unit} is {{value}}.",
    )


FORWARD_PASS = (
    Mistake(
        name="input_weights_exchanged",
        title="The weights of the first two inputs are exchanged",
        change="W₁ x₁ + W₂ x₂ becomes W₁ x₂ + W₂ x₁ in the first layer",
        notice="Every number from the first aggregate on is wrong, unless the two inputs are "
        "equal, and the gradient check fails: each of the two weights gets the gradient that is "
        "the other's.",
        source="scikit-learn guards against it with the error “Feature names must be in the same "
        "order as they were in fit”",
        needs="two inputs or more",
        alters=_exchanged,
        says=_says_exchanged,
    ),
)
