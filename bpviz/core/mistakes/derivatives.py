"""Mistakes in the derivatives of activation functions, and in the deltas they enter."""

from __future__ import annotations

from collections.abc import Callable

from bpviz.core.formula.expression import (
    Expression,
    Op,
    Ref,
    hadamard,
    is_op,
    registers,
    rewritten,
)
from bpviz.core.formula.notation import a, step
from bpviz.core.mistakes.mistake import Mistake, Setting
from bpviz.core.model.functions import sigmoid, softmax, tanh
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


def _from_aggregate(operation: Operation, setting: Setting) -> Expression | None:
    function, a = setting.function(operation.layer), Ref(f"a{operation.layer}")
    if operation.quantity != "s" or "h" not in registers(function.derivative_formula):
        return None
    return function.derivative_at(a, a)


def _of_sigmoid(operation: Operation, setting: Setting) -> Expression | None:
    is_tanh = setting.function(operation.layer).derivative_formula == tanh.derivative_formula
    return (
        rewritten(operation.formula, _sigmoids) if operation.quantity == "s" and is_tanh else None
    )


def _sigmoids(part: Expression) -> Expression:
    """Return v · (1 − v) for 1 − v², whatever v is."""
    if is_op(part, "subtract") and is_op(part.of[1], "power"):
        return sigmoid.derivative_at(part.of[1].of[0], part.of[1].of[0])
    return part


WHERE = {
    "derivative_at_activation": "at {the} activation{s}, not at {the} aggregate{s}",
    "derivative_from_aggregate": "by the formula in h, with {the} aggregate{s} in the place of h",
}


def _says_of_slope(operation: Operation, setting: Setting) -> Templates:
    layer, unit = operation.layer, unit_words(operation.layer)
    value = "." if setting.function(layer).couples_units else ": {value}."
    which = "the sigmoid" if "sigmoid_derivative_for_tanh" in operation.mistakes else ""
    where = next((words for name, words in WHERE.items() if name in operation.mistakes), "")
    one, all_of_them = (
        ", ".join(filter(None, (which and f"that of {which}", where.format(the=the, s=s))))
        for the, s in (("its", ""), ("the", "s"))
    )
    verb, whole = "is" if which else "is taken", f"in layer {layer}"
    return Templates(
        f"Mistake: the derivative of the activation function {whole} {verb} {all_of_them}.",
        f"Mistake: the derivative of the activation function of {unit} {verb} {one}{value}",
        f"Mistake: how activation {{unit}} of layer {layer} changes with aggregate {{from}} "
        f"{verb} {all_of_them}: {{value}}.",
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


def _diagonal(operation: Operation, setting: Setting) -> Expression | None:
    is_softmax = setting.function(operation.layer).derivative_formula == softmax.derivative_formula
    if operation.quantity != "d" or f"s{operation.layer}" not in operation.reads or not is_softmax:
        return None
    h = Ref(f"h{operation.layer}")
    return hadamard(Ref(f"e{operation.layer}"), h, 1.0 - h)


def _says_diagonal(operation: Operation, _setting: Setting) -> Templates:
    says = (
        "times activation times one minus activation, as if each activation changed with its own "
        "aggregate alone"
    )
    return Templates(
        f"Mistake: the deltas of layer {operation.layer} are the errors that arrive {says}.",
        f"Mistake: the delta of {unit_words(operation.layer)} is the error that arrives {says}: "
        "{value}.",
    )


def says_again(operation: Operation, setting: Setting) -> Templates:
    """Say δ where it is multiplied by the derivative of the softmax again."""
    of = " of the first sample" * ("one_target_for_all" in operation.mistakes)
    first = f"output minus target{of}"
    if operation.reads[0] == "y":
        first = f"target{of} minus output"
    title = setting.function(operation.layer).title
    right = "" if of else " is right, but it"
    says = f"{first}{right} is multiplied by the derivative of the {title}"
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
        says=_says_of_slope,
        excludes=("derivative_from_aggregate",),
    ),
    Mistake(
        name="derivative_from_aggregate",
        title="The derivative is made from the aggregate, not from the activation",
        change="f′ = h · (1 − h) of the sigmoid becomes a · (1 − a), and 1 − h² of tanh becomes "
        "1 − a²",
        notice="A sigmoid's derivative lies between 0 and ¼; this one is negative wherever an "
        "aggregate is below 0 or above 1, and there the unit learns the wrong way. The gradient "
        "check fails in every such layer, and in those before it.",
        source="A. Trask, “A Neural Network in 11 lines of Python” (2015): nonlin(x, deriv=True) "
        "returns x * (1 − x), which is right for an x that has gone through the sigmoid only",
        needs="a layer whose derivative is written in the activation, as those of sigmoid, tanh, "
        "SiLU and softmax are, and is used",
        alters=_from_aggregate,
        says=_says_of_slope,
        excludes=("derivative_at_activation",),
    ),
    Mistake(
        name="sigmoid_derivative_for_tanh",
        title="The derivative of the sigmoid is used for tanh",
        change="f′ = 1 − h² of tanh becomes h · (1 − h)",
        notice="The derivative is 0 where tanh is steepest, at 0, and negative below: units with "
        "a negative activation learn the wrong way. The gradient check fails in every layer with "
        "tanh, and in those before it.",
        source="Y. LeCun, L. Bottou, G. Orr and K.-R. Müller, “Efficient BackProp” (1998), which "
        "takes tanh in the place of the sigmoid; the derivative has to change with it",
        needs="a layer with tanh",
        alters=_of_sigmoid,
        says=_says_of_slope,
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
        "zero biases: there the unit learns although its activation is 0. It is a ≥ 0 of the "
        "aggregate; h ≥ 0 of the activation is another thing, and always true.",
        source="D. Bertoin, J. Bolte, S. Gerchinovitz and E. Pauwels, “Numerical influence of "
        "ReLU′(0) on backpropagation”, NeurIPS 2021",
        needs="a layer with ReLU",
        alters=_one_at_zero,
        says=_says_of_kink("taken as 1 where the aggregate is exactly 0, too"),
        excludes=("relu_derivative_from_activation",),
        unseen_because=KINK,
        right_because="ReLU has no derivative at 0, and any number from 0 to 1 may stand there; "
        "bpviz takes 0, as PyTorch does.",
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
    Mistake(
        name="softmax_diagonal_only",
        title="Only the diagonal of softmax's derivative is used",
        change="δⱼ = Σᵢ ∂L/∂hᵢ · hᵢ (δᵢⱼ − hⱼ) becomes ∂L/∂hⱼ · hⱼ (1 − hⱼ), as for the sigmoid",
        notice="The deltas of a softmax layer add up to 0, for to add one number to all "
        "aggregates changes nothing; these do not. The gradient check fails in that layer and "
        "before it.",
        source="J. Bridle, “Training stochastic model recognition algorithms as networks”, NIPS "
        "1989, where the derivative is hᵢ (δᵢⱼ − hⱼ)",
        needs="a layer with softmax whose derivative is used: not the last with cross-entropy",
        alters=_diagonal,
        says=_says_diagonal,
    ),
)
