"""Mistakes in the error that passes back: its sign, its weights, its paths."""

from __future__ import annotations

from dataclasses import replace

from bpviz.core.formula.expression import Expression, Op, Ref, is_op, replaced, rewritten
from bpviz.core.mistakes.derivatives import says_again
from bpviz.core.mistakes.mistake import Mistake, Setting
from bpviz.core.model.losses import squared_error
from bpviz.core.operations.operation import BACKWARD, UPDATE, Operation, Templates
from bpviz.core.operations.sentences import unit_words


def _reversed(operation: Operation, setting: Setting) -> Expression | None:
    if operation.layer < setting.last or operation.writes != _output_register(setting):
        return None
    h, y = Ref(f"h{setting.last}"), Ref("y")
    turned = rewritten(operation.formula, lambda part: y - h if part == h - y else part)
    return Op("negate", (operation.formula,)) if turned == operation.formula else turned


def _output_register(setting: Setting) -> str:
    """Return where the error starts: in ∂L/∂h, or in δ if that is derived with the loss."""
    return f"e{setting.last}" if setting.net.pair is None else f"d{setting.last}"


def _doubled(operation: Operation, setting: Setting) -> Expression | None:
    starts = operation.quantity == "e" and operation.layer == setting.last
    is_square = setting.net.loss.derivative_formula == squared_error.derivative_formula
    return 2.0 * operation.formula if starts and is_square else None


def _with_one_target(operation: Operation, setting: Setting) -> Expression | None:
    if setting.samples == 1 or "y" not in operation.reads:
        return None
    return replaced(operation.formula, {"y": lambda ref: replace(ref, sample=0)})


def _says_of_error(operation: Operation, setting: Setting) -> Templates:
    made = operation.mistakes
    if "softmax_derivative_twice" in made:
        return says_again(operation, setting)
    flipped = "taken as target minus output, which has the wrong sign"
    parts = [flipped] if "error_sign_flipped" in made else []
    parts += ["multiplied by the 2 of the square"] * ("factor_two_kept" in made)
    parts += ["made with the target of the first sample"] * ("one_target_for_all" in made)
    says = ", and ".join(parts)
    if operation.quantity == "loss":
        return Templates(*(f"Mistake: the loss is {says}: {{value}}.",) * 2)
    of_loss = "the derivative of the loss with respect to"
    what = of_loss if operation.quantity == "e" else "the delta of"
    return Templates(
        f"Mistake: {what} each output is {says}.",
        f"Mistake: {what} output {{unit}} is {says}: {{value}}.",
    )


def _is_propagation(operation: Operation) -> bool:
    return operation.quantity == "e" and operation.phase == BACKWARD


def _from_updated(operation: Operation, _setting: Setting) -> Expression | None:
    weights = f"W{operation.layer + 1}"
    if not _is_propagation(operation) or weights not in operation.reads:
        return None
    return replaced(operation.formula, {weights: lambda _: Ref(f"n{weights}")})


def _updates_first(operations: list[Operation]) -> list[Operation]:
    """Move the update of each layer before the operation that reads its new weights."""
    updates = [operation for operation in operations if operation.phase == UPDATE]
    ordered: list[Operation] = []
    for operation in operations:
        if _is_propagation(operation):
            ordered += [update for update in updates if update.layer == operation.layer + 1]
        if operation.phase != UPDATE:
            ordered.append(operation)
    return ordered + [update for update in updates if update.layer == 1]


def _untransposed(operation: Operation, setting: Setting) -> Expression | None:
    square = setting.sizes[operation.layer] == setting.sizes[min(operation.layer + 1, setting.last)]
    if not _is_propagation(operation) or not square or setting.sizes[operation.layer] < 2:
        return None
    return rewritten(
        operation.formula,
        lambda part: part.of[0] if is_op(part, "transpose") else part,
    )


def _from_output(operation: Operation, setting: Setting) -> Expression | None:
    above = operation.layer + 1
    if not _is_propagation(operation) or above == setting.last:
        return None
    if setting.sizes[above] != setting.sizes[setting.last]:
        return None
    return replaced(operation.formula, {f"d{above}": lambda _: Ref(f"d{setting.last}")})


def _one_path(operation: Operation, setting: Setting) -> Expression | None:
    if not _is_propagation(operation) or setting.sizes[operation.layer + 1] < 2:
        return None
    return rewritten(
        operation.formula,
        lambda part: Op("first", (part,)) if isinstance(part, Ref) else part,
    )


def _says(operation: Operation, _setting: Setting) -> Templates:
    weights = operation.reads[0]
    unit, above = unit_words(operation.layer), operation.layer + 1
    from_output = "output_delta_everywhere" in operation.mistakes
    crossed, one_path = (
        name in operation.mistakes for name in ("weights_not_transposed", "one_path_only")
    )
    deltas = "the output layer" if from_output else f"layer {above}"
    new = "already updated " if weights.startswith("n") else ""
    faults = [f"{new}weights" if new else "", "the deltas of the output layer" * from_output]
    faults += ["W in the place of its transpose" * crossed, "one path only" * one_path]
    uses = " and ".join(fault for fault in faults if fault)
    does = f"each delta of {deltas} times its {new}weight, added up"
    if one_path:
        does = f"the first delta of {deltas} times the {new}weight that leads there"
    return Templates(
        f"Mistake: the error passes back to layer {operation.layer} with {uses}.",
        f"Mistake: the error that arrives at {unit} is made with {uses}: {does}, {{value}}.",
        f"Mistake: the delta of unit {{from}} of {deltas} comes back to {unit}, with {uses}: "
        "{value}.",
    )


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
        says=_says_of_error,
    ),
    Mistake(
        name="factor_two_kept",
        title="The 2 of (h − y)² is kept",
        change="∂L/∂h = h − y becomes 2 (h − y), although the loss is ½ Σ (h − y)²",
        notice="Every gradient is twice as large as it should be, and the gradient check gives a "
        "relative error of ½ for each. A run looks like one with twice the learning rate. Where "
        "the loss is Σ (h − y)², without the ½, the 2 is right.",
        source="D. Rumelhart, G. Hinton and R. Williams, “Learning representations by "
        "back-propagating errors”, Nature 323 (1986), which has the ½, so that ∂E/∂y = y − d",
        needs="the squared error",
        alters=_doubled,
        says=_says_of_error,
    ),
    Mistake(
        name="one_target_for_all",
        title="The target of the first sample is used for all",
        change="∂L/∂h = h − y of each sample takes the y of the first",
        notice="All answers draw near to one target, whatever the input, and the reported loss, "
        "which is made with the same target, falls. The gradient check fails for every weight.",
        source="NumPy user guide, “Broadcasting”: y[0], with one number for each output, fits "
        "the predictions of a whole batch",
        needs="two samples or more in an update",
        alters=_with_one_target,
        says=_says_of_error,
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
        says=_says,
        unseen_at=(0.0,),
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
        says=_says,
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
        says=_says,
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
        says=_says,
        excludes=("weights_not_transposed",),
    ),
)
