"""Mistaken operations, explained: derivatives, deltas, errors, changes."""

from __future__ import annotations

from bpviz.core.operation import Operation
from bpviz.explain.expression import (
    Expression,
    Op,
    Ref,
    bind,
    matmul,
    multiply,
    subtract,
    sum_over,
    transpose,
)
from bpviz.explain.functions import FUNCTIONS
from bpviz.explain.templates import (
    Context,
    Explanation,
    Templates,
    entry,
    unit_words,
    whole,
)
from bpviz.explain.updating import change, no_change


def derivative_at_activation(operation: Operation, context: Context) -> Explanation:
    """Explain f′(h) in the place of f′(a)."""
    assert operation.function is not None
    (h,), name = operation.reads, operation.function.name
    units, layer = context.length(h), operation.layer
    again = FUNCTIONS[name].activation(h, units)
    again_array = Op("apply", (whole(h),), name=name)
    if name == "softmax":
        same = Op("kronecker", (), at=("i", "j"), count=units)
        element: Expression = multiply(again, subtract(same, bind(again, {"i": "j"})))
        array: Expression = Op("softmax_derivative", (again_array,))
    elif name == "tanh":
        element = subtract(1.0, Op("power", (again, 2.0)))
        array = subtract(1.0, Op("power", (again_array, 2.0)))
    else:
        element = multiply(again, subtract(1.0, again))
        array = Op("hadamard", (again_array, subtract(1.0, again_array)))
    value = "." if name == "softmax" else ": {value}."
    return Explanation(
        element,
        array,
        words=Templates(
            f"Mistake: the derivative of the activation function in layer {layer} is taken at "
            "the activations, not at the aggregates.",
            f"Mistake: the derivative of the activation function of {unit_words(operation)} is "
            f"taken at its activation, not at its aggregate{value}",
            f"Mistake: how activation {{unit}} of layer {layer} changes with aggregate {{from}} "
            "is taken at the activations, not at the aggregates: {value}.",
        ),
    )


def relu_derivative_from_activation(operation: Operation, _context: Context) -> Explanation:
    """Explain the mistaken derivative of ReLU, 1 if h ≥ 0."""
    return _step_from_zero(operation, "read off the activation with ≥ 0, which is always true")


def relu_derivative_one_at_zero(operation: Operation, _context: Context) -> Explanation:
    """Explain the derivative of ReLU with 1 at the kink, 1 if a ≥ 0."""
    return _step_from_zero(operation, "taken as 1 where the aggregate is exactly 0, too")


def _step_from_zero(operation: Operation, says: str) -> Explanation:
    (source,) = operation.reads
    return Explanation(
        element=Op("step_from_zero", (entry(source),)),
        array=Op("step_from_zero", (whole(source),)),
        words=Templates(
            f"Mistake: the derivative of ReLU in layer {operation.layer} is {says}.",
            f"Mistake: the derivative of ReLU at {unit_words(operation)} is {says}: {{value}}.",
        ),
    )


def delta_without_derivative(operation: Operation, _context: Context) -> Explanation:
    """Explain δ = ∂L/∂h without f′(a)."""
    (e,) = operation.reads
    return Explanation(
        element=entry(e),
        array=whole(e),
        words=Templates(
            f"Mistake: the deltas of layer {operation.layer} are the errors that arrive, not "
            "multiplied by the derivative of the activation function.",
            f"Mistake: the delta of {unit_words(operation)} is the error that arrives, not "
            "multiplied by the derivative of the activation function: {value}.",
        ),
    )


def output_delta_times_derivative(operation: Operation, _context: Context) -> Explanation:
    """Explain δ = (h − y) ∘ h ∘ (1 − h), where softmax and cross-entropy need h − y."""
    first, second, h = operation.reads
    says = f"{_difference(first)} is right, but it is multiplied by the derivative of the softmax"
    return Explanation(
        element=multiply(subtract(entry(first), entry(second)), entry(h), subtract(1.0, entry(h))),
        array=Op(
            "hadamard", (subtract(whole(first), whole(second)), whole(h), subtract(1.0, whole(h)))
        ),
        words=Templates(
            f"Mistake: for the deltas of the output layer {says} again.",
            f"Mistake: for the delta of output {{unit}} {says} again: {{value}}.",
        ),
    )


def reversed_output_error(operation: Operation, _context: Context) -> Explanation:
    """Explain ∂L/∂h taken as y − h."""
    return _reversed(operation, "the derivative of the loss with respect to")


def reversed_output_delta(operation: Operation, _context: Context) -> Explanation:
    """Explain δ taken as y − h."""
    return _reversed(operation, "the delta of")


def _reversed(operation: Operation, what: str) -> Explanation:
    y, h = operation.reads
    says = "is taken as target minus output, which has the wrong sign"
    return Explanation(
        element=subtract(entry(y), entry(h)),
        array=subtract(whole(y), whole(h)),
        words=Templates(
            f"Mistake: {what} each output {says}.",
            f"Mistake: {what} output {{unit}} {says}: {{value}}.",
        ),
    )


def _difference(first: str) -> str:
    return "target minus output" if first == "y" else "output minus target"


def mistaken_error(operation: Operation, context: Context) -> Explanation:
    """Explain ∂L/∂h from the wrong weights, the wrong deltas, or one path only."""
    weights, d = operation.reads
    unit, above = unit_words(operation), operation.layer + 1
    from_output = "output_delta_everywhere" in operation.mistakes
    deltas = "the output layer" if from_output else f"layer {above}"
    new = "already updated " if weights.startswith("n") else ""
    faults = [f"{new}weights" if new else "", "the deltas of the output layer" * from_output]
    if "one_path_only" in operation.mistakes:
        element: Expression = multiply(Ref(weights, (0, "i")), Ref(d, (0,)))
        array = matmul(transpose(Op("first", (whole(weights),))), Op("first", (whole(d),)))
        faults.append("one path only")
        does = f"the first delta of {deltas} times the {new}weight that leads there"
    else:
        crossed = "weights_not_transposed" in operation.mistakes
        at, matrix = (("i", "k"), whole(weights)) if crossed else (("k", "i"), whole(weights))
        element = sum_over("k", context.length(d), multiply(Ref(weights, at), Ref(d, ("k",))))
        array = matmul(matrix if crossed else transpose(matrix), whole(d))
        faults.append("W in the place of its transpose" * crossed)
        does = f"each delta of {deltas} times its {new}weight, added up"
    uses = " and ".join(fault for fault in faults if fault)
    return Explanation(
        element,
        array,
        words=Templates(
            f"Mistake: the error passes back to layer {operation.layer} with {uses}.",
            f"Mistake: the error that arrives at {unit} is made with {uses}: {does}, {{value}}.",
            f"Mistake: the delta of unit {{from}} of {deltas} comes back to {unit}, with {uses}: "
            "{value}.",
        ),
    )


def bias_forgotten(operation: Operation, context: Context) -> Explanation:
    """Explain the zero change of a bias that should be trained."""
    return _called_mistake(no_change(operation, context))


def change_twice(operation: Operation, context: Context) -> Explanation:
    """Explain a change that has the learning rate in it twice."""
    once = change(operation, context)
    rate = Op("learning_rate", (context.rule.learning_rate,))
    twice = _called_mistake(once, "learning rate times learning rate times gradient")
    return Explanation(multiply(rate, once.element), multiply(rate, once.array), twice.words)


def _called_mistake(explanation: Explanation, does: str = "") -> Explanation:
    """Return the explanation with words that say that it is a mistake."""
    sentences = []
    for sentence in explanation.words:
        text = sentence.replace("learning rate times gradient", does) if does else sentence
        sentences.append(text and f"Mistake: {text[0].lower()}{text[1:]}")
    return Explanation(explanation.element, explanation.array, Templates(*sentences))
