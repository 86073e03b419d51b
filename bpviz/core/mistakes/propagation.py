"""Mistakes in the error that passes back: its sign, its weights, its paths."""

from __future__ import annotations

from dataclasses import replace

from bpviz.core.mistakes.mistake import Mistake, Setting
from bpviz.core.operation import UPDATE, Operation

PROPAGATION = ("propagated_error", "mistaken_error")
REVERSED = {
    "output_error": "reversed_output_error",
    "output_delta": "reversed_output_delta",
    "output_delta_times_derivative": "output_delta_times_derivative",
}


def _reversed(operation: Operation, _setting: Setting) -> Operation | None:
    kind = REVERSED.get(operation.kind)
    if kind is None:
        return None
    output, target, *more = operation.reads
    return replace(operation, kind=kind, reads=(target, output, *more))


def _from_updated(operation: Operation, setting: Setting) -> Operation | None:
    weights, *delta = operation.reads or ("",)
    changed = setting.rule.learning_rate > 0
    if operation.kind not in PROPAGATION or not weights.startswith("W") or not changed:
        return None
    return replace(operation, kind="mistaken_error", reads=(f"n{weights}", *delta))


def _updates_first(operations: list[Operation]) -> list[Operation]:
    """Move the update of each layer before the operation that reads its new weights."""
    updates = [operation for operation in operations if operation.phase == UPDATE]
    ordered: list[Operation] = []
    for operation in operations:
        if operation.kind in PROPAGATION:
            ordered += [update for update in updates if update.layer == operation.layer + 1]
        if operation.phase != UPDATE:
            ordered.append(operation)
    return ordered + [update for update in updates if update.layer == 1]


def _untransposed(operation: Operation, setting: Setting) -> Operation | None:
    square = setting.sizes[operation.layer] == setting.sizes[min(operation.layer + 1, setting.last)]
    if operation.kind not in PROPAGATION or not square or setting.sizes[operation.layer] < 2:
        return None
    return replace(operation, kind="mistaken_error")


def _from_output(operation: Operation, setting: Setting) -> Operation | None:
    above = operation.layer + 1
    if operation.kind not in PROPAGATION or above == setting.last:
        return None
    if setting.sizes[above] != setting.sizes[setting.last]:
        return None
    return replace(operation, kind="mistaken_error", reads=(operation.reads[0], f"d{setting.last}"))


def _one_path(operation: Operation, setting: Setting) -> Operation | None:
    if operation.kind not in PROPAGATION or setting.sizes[operation.layer + 1] < 2:
        return None
    return replace(operation, kind="mistaken_error")


PROPAGATIONS = (
    Mistake(
        name="error_sign_flipped",
        title="The sign of the error is flipped",
        change="∂L/∂h = h − y becomes y − h, and the weights still change by minus the gradient",
        notice="The loss grows from the first update on. Every gradient has the right size and "
        "the wrong sign: the gradient check gives a relative error of 2.",
        source="D. Rumelhart, G. Hinton and R. Williams, “Learning internal representations by "
        "error propagation” (1986): there δ starts from target minus output, and the weights "
        "change by plus, not minus, learning rate times δ times input",
        needs="any network",
        alters=_reversed,
    ),
    Mistake(
        name="updated_weights_used",
        title="The hidden deltas come from already updated weights",
        change="δ = Wᵀδ ∘ f′(a) uses W − change in the place of W",
        notice="The gradient check passes for the last layer and fails a little for the others, "
        "the more so the greater the learning rate. Some choose it on purpose: it is the rule's "
        'update="dirty", and with a small learning rate it learns about as well.',
        source="The lecture notebook on XOR, which calls it the dirty update",
        needs="a hidden layer, a learning rate above 0, and the simultaneous update",
        alters=_from_updated,
        reorders=_updates_first,
    ),
    Mistake(
        name="weights_not_transposed",
        title="W is taken for Wᵀ",
        change="δ = Wᵀδ ∘ f′(a) becomes δ = Wδ ∘ f′(a)",
        notice="With layers of different sizes NumPy refuses; with equal sizes nothing is "
        "heard. The gradient check passes for the last layer and fails before it.",
        source="M. Nielsen, “Neural Networks and Deep Learning” (2015), chapter 2, equation "
        "BP2, which has the transpose",
        needs="a hidden layer followed by a layer with as many units, at least two",
        alters=_untransposed,
        excludes=("one_path_only",),
    ),
    Mistake(
        name="output_delta_everywhere",
        title="The delta of the output is used for every layer",
        change="δ of layer l = Wᵀδ ∘ f′(a) takes δ from the last layer, not from layer l + 1",
        notice="Nothing is wrong with one hidden layer, where both are the same. With more, the "
        "gradient check fails for all but the last two layers.",
        source="The lecture notebook on XOR: back_prop reads the global variable delta_layer2, "
        "not its argument prev_delta",
        needs="two hidden layers or more, and one that is followed by a layer with as many "
        "units as the last",
        alters=_from_output,
    ),
    Mistake(
        name="one_path_only",
        title="Only one path back is counted",
        change="∂L/∂hᵢ = Σₖ Wₖᵢ δₖ becomes W₁ᵢ δ₁",
        notice="Nothing is wrong with a single unit above. With more, the gradient check fails "
        "for the layers before.",
        source="Stanford course CS231n, notes “Backpropagation, Intuitions”: gradients add up "
        "at forks, so += and not =",
        needs="a hidden layer followed by a layer with two units or more",
        alters=_one_path,
        excludes=("weights_not_transposed",),
    ),
)
