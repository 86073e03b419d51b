"""The backward pass, explained."""

from __future__ import annotations

from collections.abc import Callable

from bpviz.core.operation import Operation
from bpviz.explain.expression import (
    Expression,
    Op,
    Ref,
    divide,
    matmul,
    multiply,
    subtract,
    sum_over,
    transpose,
)
from bpviz.explain.functions import FUNCTIONS, read_from
from bpviz.explain.templates import (
    Context,
    Explanation,
    Templates,
    entry,
    source_words,
    unit_words,
    whole,
)


def output_difference(what: str, unit_what: str) -> Callable[[Operation, Context], Explanation]:
    """Return the explanation of h − y, which is said with these words."""

    def explanation(operation: Operation, _context: Context) -> Explanation:
        h, y = operation.reads
        return Explanation(
            element=subtract(entry(h), entry(y)),
            array=subtract(whole(h), whole(y)),
            words=Templates(
                f"{what}: output minus target.",
                f"{unit_what}: output minus target, {{value}}.",
            ),
        )

    return explanation


def derivative(operation: Operation, context: Context) -> Explanation:
    """Explain f′(a)."""
    assert operation.function is not None
    (source,) = operation.reads
    name = operation.function.name
    function = FUNCTIONS[name]
    rows = name == "softmax"
    return Explanation(
        element=read_from(function.derivative, source, context.length(source)),
        array=function.derivative_array(source),
        words=Templates(
            f"The derivative of the activation function in layer {operation.layer}: "
            f"{function.derivative_says}.",
            f"The derivative of the activation function at {unit_words(operation)}: "
            f"{function.derivative_says}" + ("." if rows else "; here {value}."),
            f"How activation {{unit}} of layer {operation.layer} changes with aggregate {{from}}: "
            "{value}.",
        ),
    )


def delta(operation: Operation, _context: Context) -> Explanation:
    """Explain δ = ∂L/∂h ∘ f′(a)."""
    e, s = operation.reads
    return Explanation(
        element=multiply(entry(e), entry(s)),
        array=Op("hadamard", (whole(e), whole(s))),
        words=Templates(
            f"The deltas of layer {operation.layer}: the error that arrives at each unit times "
            "the derivative of its activation function.",
            f"The delta of {unit_words(operation)}: the error that arrives times the derivative of "
            "the activation function, {value}.",
        ),
    )


def coupled_delta(operation: Operation, context: Context) -> Explanation:
    """Explain δ where each aggregate moves every activation of the layer."""
    unit = unit_words(operation)
    e, s = operation.reads
    product = multiply(Ref(s, ("k", "i")), Ref(e, ("k",)))
    return Explanation(
        element=sum_over("k", context.length(e), product),
        array=matmul(transpose(whole(s)), whole(e)),
        words=Templates(
            f"The deltas of layer {operation.layer}: each aggregate moves every activation, so "
            "every error comes back through its derivative, and they add up.",
            f"The delta of {unit}: every error of the layer times how its activation "
            "changes with this aggregate, added up: {value}.",
            f"The error at unit {{from}} comes back to {unit}: {{value}}.",
        ),
    )


def weight_gradient(operation: Operation, context: Context) -> Explanation:
    """Explain ∂L/∂W = δ hᵀ, averaged over the batch."""
    d, inputs = operation.reads
    batch = context.batch
    source = source_words(inputs)
    if batch == 1:
        element: Expression = multiply(entry(d), Ref(inputs, ("j",)))
        array: Expression = matmul(whole(d), transpose(whole(inputs)))
        mean = ""
    else:
        product = multiply(Ref(d, ("i",), "s"), Ref(inputs, ("j",), "s"))
        element = divide(sum_over("s", batch, product), float(batch))
        outer = matmul(Ref(d, sample="s"), transpose(Ref(inputs, sample="s")))
        array = divide(sum_over("s", batch, outer), float(batch))
        mean = f", averaged over the {batch} samples"
    return Explanation(
        element,
        array,
        words=Templates(
            f"The gradients of the weights of layer {operation.layer}: the delta at the end of "
            f"each connection times the number that went in at its start{mean}.",
            f"The gradients of the weights of {unit_words(operation)}: its delta times each of its "
            f"inputs{mean}.",
            f"The gradient of the weight from {source} to {unit_words(operation)}: delta times "
            f"input{mean}, {{value}}.",
        ),
    )


def bias_gradient(operation: Operation, context: Context) -> Explanation:
    """Explain ∂L/∂b = δ, averaged over the batch."""
    unit = unit_words(operation)
    (d,), batch = operation.reads, context.batch
    if batch == 1:
        element: Expression = entry(d)
        array: Expression = whole(d)
        words = Templates(
            f"The gradients of the biases of layer {operation.layer} are its deltas: a bias has "
            "the input 1.",
            f"The gradient of the bias of {unit} is its delta, {{value}}: a bias has the input 1.",
        )
    else:
        element = divide(sum_over("s", batch, Ref(d, ("i",), "s")), float(batch))
        array = divide(sum_over("s", batch, Ref(d, sample="s")), float(batch))
        words = Templates(
            f"The gradients of the biases of layer {operation.layer}: its deltas, averaged over "
            f"the {batch} samples.",
            f"The gradient of the bias of {unit}: its delta, averaged over the "
            f"{batch} samples, {{value}}.",
        )
    return Explanation(element, array, words)


def propagated_error(operation: Operation, context: Context) -> Explanation:
    """Explain ∂L/∂h = Wᵀ δ, with the W and δ of the layer above."""
    unit = unit_words(operation)
    weights, d = operation.reads
    above = operation.layer + 1
    product = multiply(Ref(weights, ("k", "i")), Ref(d, ("k",)))
    new = "already updated " if weights.startswith("n") else ""
    return Explanation(
        element=sum_over("k", context.length(d), product),
        array=matmul(transpose(whole(weights)), whole(d)),
        words=Templates(
            f"The error passes back to layer {operation.layer}: each unit collects the deltas of "
            f"layer {above}, each times the {new}weight that connects them.",
            f"The error that arrives at {unit}: each delta of layer {above} times the "
            f"{new}weight that leads there, added up: {{value}}.",
            f"The delta of unit {{from}} of layer {above} comes back through its {new}weight to "
            f"{unit}: {{value}}.",
        ),
    )
