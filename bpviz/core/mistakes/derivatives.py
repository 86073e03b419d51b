"""Mistakes in the derivatives of activation functions, and in the deltas they enter."""

from __future__ import annotations

from collections.abc import Callable

from bpviz.core.formula.expression import Expression, Op, Ref, hadamard, is_op, rewritten
from bpviz.core.formula.notation import a, step
from bpviz.core.mistakes.mistake import Mistake, Setting
from bpviz.core.operations.operation import Operation, Templates
from bpviz.core.operations.sentences import unit_words

KINK = (
    "It differs only where an aggregate is exactly 0. There ReLU has a kink and no "
    "derivative to compare with: the central difference gives the mean of both sides."
)


def _at_activation(operation: Operation, setting: Setting) -> Expression | None:
    function = setting.function(operation.layer)
    # ReLU and the identity have the same derivative at h as at a.
    if operation.quantity != "s" or not function.curved:
        return None
    h = f"h{operation.layer}"
    return function.derivative_at(Ref(h), function.of(h))


def _says_at_activation(operation: Operation, setting: Setting) -> Templates:
    layer, unit = operation.layer, unit_words(operation.layer)
    value = "." if setting.function(layer).couples_units else ": {value}."
    return Templates(
        f"Mistake: the derivative of the activation function in layer {layer} is taken at the "
        "activations, not at the aggregates.",
        f"Mistake: the derivative of the activation function of {unit} is taken at its "
        f"activation, not at its aggregate{value}",
        f"Mistake: how activation {{unit}} of layer {layer} changes with aggregate {{from}} is "
        "taken at the activations, not at the aggregates: {value}.",
    )


def _relu_mask(operation: Operation, setting: Setting) -> Expression | None:
    is_relu = setting.function(operation.layer).derivative_formula == step(a)
    if operation.quantity != "s" or not is_relu:
        return None
    return Op("step_from_zero", (Ref(f"h{operation.layer}"),))


def _one_at_zero(operation: Operation, setting: Setting) -> Expression | None:
    if operation.quantity != "s" or not setting.function(operation.layer).kinked:
        return None
    return rewritten(
        operation.formula,
        lambda part: Op("step_from_zero", part.of) if is_op(part, "step") else part,
    )


def _says_of_kink(says: str) -> Callable[[Operation, Setting], Templates]:
    def words(operation: Operation, setting: Setting) -> Templates:
        title = setting.function(operation.layer).title
        return Templates(
            f"Mistake: the derivative of {title} in layer {operation.layer} is {says}.",
            f"Mistake: the derivative of {title} at {unit_words(operation.layer)} is {says}: "
            "{value}.",
        )

    return words


def _without_derivative(operation: Operation, setting: Setting) -> Expression | None:
    plain = setting.function(operation.layer).derivative_formula == 1.0
    if operation.quantity != "d" or f"s{operation.layer}" not in operation.reads or plain:
        return None
    return Ref(f"e{operation.layer}")


def _output_without_derivative(operation: Operation, setting: Setting) -> Expression | None:
    at_output = operation.layer == setting.last
    return _without_derivative(operation, setting) if at_output else None


def _hidden_without_derivative(operation: Operation, setting: Setting) -> Expression | None:
    hidden = operation.layer < setting.last
    return _without_derivative(operation, setting) if hidden else None


def _says_without(operation: Operation, _setting: Setting) -> Templates:
    says = "not multiplied by the derivative of the activation function"
    return Templates(
        f"Mistake: the deltas of layer {operation.layer} are the errors that arrive, {says}.",
        f"Mistake: the delta of {unit_words(operation.layer)} is the error that arrives, {says}: "
        "{value}.",
    )


def _derivative_again(operation: Operation, setting: Setting) -> Expression | None:
    if operation.quantity != "d" or operation.layer < setting.last or setting.net.pair is None:
        return None
    h = Ref(f"h{operation.layer}")
    return hadamard(operation.formula, h, 1.0 - h)


def says_again(operation: Operation, setting: Setting) -> Templates:
    """Say δ where it is multiplied by the derivative of the softmax again."""
    first = "target minus output" if operation.reads[0] == "y" else "output minus target"
    title = setting.function(operation.layer).title
    says = f"{first} is right, but it is multiplied by the derivative of the {title}"
    return Templates(
        f"Mistake: for the deltas of the output layer {says} again.",
        f"Mistake: for the delta of output {{unit}} {says} again: {{value}}.",
    )


DERIVATIVES = (
    Mistake(
        name="derivative_at_activation",
        title="The derivative is taken at the activation",
        change="f′(a) becomes f′(h): for the sigmoid, σ(h) · (1 − σ(h)) instead of h · (1 − h)",
        notice="A sigmoid's derivative never falls below 0.196, however far the unit is driven "
        "to 0 or 1: saturated units go on learning. The gradient check fails in every layer "
        "with a curved function, and in those before it.",
        source="M. Nielsen, “Neural Networks and Deep Learning” (2015), chapter 2, equations "
        "BP1 and BP2: σ′ is taken at the weighted input z",
        needs="a layer with sigmoid, tanh or softmax whose derivative is used",
        alters=_at_activation,
        says=_says_at_activation,
    ),
    Mistake(
        name="relu_derivative_from_activation",
        title="ReLU's derivative is read off the activation, with ≥ 0",
        change="f′(a) = 1 if a > 0 becomes 1 if h ≥ 0; since h = max(0, a) is never negative, "
        "it is always 1",
        notice="The derivative f′ is 1 even for a unit whose aggregate is negative, and the "
        "gradient check fails for the weights that lead into that unit.",
        source="The lecture notebook on XOR: der_activation[der_activation >= 0] = 1",
        needs="a layer with ReLU",
        alters=_relu_mask,
        says=_says_of_kink("read off the activation with ≥ 0, which is always true"),
        excludes=("relu_derivative_one_at_zero",),
    ),
    Mistake(
        name="relu_derivative_one_at_zero",
        title="ReLU's derivative at 0 is taken as 1",
        change="f′(a) = 1 if a > 0 becomes 1 if a ≥ 0",
        notice="Only where an aggregate is exactly 0, as with zero weights, or zero inputs and "
        "zero biases: there the unit learns although its activation is 0.",
        source="D. Bertoin, J. Bolte, S. Gerchinovitz and E. Pauwels, “Numerical influence of "
        "ReLU′(0) on backpropagation”, NeurIPS 2021",
        needs="a layer with ReLU",
        alters=_one_at_zero,
        says=_says_of_kink("taken as 1 where the aggregate is exactly 0, too"),
        excludes=("relu_derivative_from_activation",),
        unseen_because=KINK,
    ),
    Mistake(
        name="output_derivative_missing",
        title="The derivative is missing in the output's delta",
        change="δ = ∂L/∂h ∘ f′(a) becomes δ = ∂L/∂h in the last layer",
        notice="δ equals output minus target although the last layer has an activation "
        "function. It is right for softmax with cross-entropy, and for the identity, only. "
        "The gradient check fails for every weight.",
        source="M. Nielsen, “Neural Networks and Deep Learning” (2015), chapter 3: σ′ cancels "
        "with the cross-entropy, not with the quadratic cost",
        needs="a last layer with an activation function other than the identity, and the "
        "squared error",
        alters=_output_without_derivative,
        says=_says_without,
    ),
    Mistake(
        name="hidden_derivative_missing",
        title="The derivative is missing in the hidden deltas",
        change="δ = Wᵀδ ∘ f′(a) becomes δ = Wᵀδ in the hidden layers",
        notice="The gradient check passes for the last layer and fails for the others.",
        source="D. Rumelhart, G. Hinton and R. Williams, “Learning representations by "
        "back-propagating errors”, Nature 323 (1986), which has the factor y(1 − y)",
        needs="a hidden layer with an activation function other than the identity",
        alters=_hidden_without_derivative,
        says=_says_without,
    ),
    Mistake(
        name="softmax_derivative_twice",
        title="Softmax with cross-entropy is multiplied by the derivative again",
        change="δ = h − y becomes δ = (h − y) ∘ h ∘ (1 − h) in the last layer",
        notice="The more certain a wrong answer is, the smaller its δ: learning stands still "
        "where the loss is greatest. The gradient check fails for every weight.",
        source="M. Nielsen, “Neural Networks and Deep Learning” (2015), chapter 3: softmax with "
        "the log-likelihood has δ = a − y",
        needs="softmax with cross-entropy",
        alters=_derivative_again,
        says=says_again,
    ),
)
