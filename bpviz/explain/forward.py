"""The forward pass and the loss, explained."""

from __future__ import annotations

from bpviz.core.operation import Operation
from bpviz.explain.expression import (
    Expression,
    Op,
    Ref,
    add,
    log_softmax,
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
    source_words,
    unit_words,
    whole,
)


def aggregate(operation: Operation, context: Context) -> Explanation:
    """Explain a = W x + b."""
    unit = unit_words(operation)
    weights, inputs, bias = operation.reads
    layer = operation.layer
    product = multiply(Ref(weights, ("i", "j")), Ref(inputs, ("j",)))
    return Explanation(
        element=add(sum_over("j", context.length(inputs), product), entry(bias)),
        array=add(matmul(whole(weights), whole(inputs)), whole(bias)),
        words=Templates(
            f"Each unit of layer {layer} multiplies its inputs by its weights, adds them up, and "
            "adds its bias: these are the aggregates.",
            f"The aggregate of {unit}: each input times its weight, plus the bias, "
            "gives {value}.",
            f"{source_words(inputs).capitalize()} times its weight is added to the aggregate of "
            f"{unit}: {{value}}.",
            f"The bias is added: the aggregate of {unit} is {{value}}.",
        ),
    )


def activation(operation: Operation, context: Context) -> Explanation:
    """Explain h = f(a)."""
    assert operation.function is not None
    (a,) = operation.reads
    function = FUNCTIONS[operation.function.name]
    return Explanation(
        element=function.activation(a, context.length(a)),
        array=Op("apply", (whole(a),), name=operation.function.name),
        words=Templates(
            f"The activations of layer {operation.layer}: {function.does}.",
            f"The activation of {unit_words(operation)}: {function.does}, and gives {{value}}.",
        ),
    )


def loss(operation: Operation, context: Context) -> Explanation:
    """Explain L, the loss of a sample."""
    assert operation.function is not None
    source, y = operation.reads
    count = context.length(source)
    if operation.function.name == "squared_error":
        difference = subtract(whole(source), whole(y))
        square = Op("power", (subtract(Ref(source, ("k",)), Ref(y, ("k",))), 2.0))
        element: Expression = multiply(0.5, sum_over("k", count, square))
        array: Expression = multiply(0.5, matmul(transpose(difference), difference))
        words = "The loss is half the squared distance between output and target: {value}."
    else:
        share = log_softmax(Ref(source, ("k",)), "j", count, Ref(source, ("j",)))
        element = Op("negate", (sum_over("k", count, multiply(Ref(y, ("k",)), share)),))
        array = Op("negate", (matmul(transpose(whole(y)), Op("log_softmax", (whole(source),))),))
        words = (
            "The loss is the cross-entropy: minus the logarithm of the share that softmax gives "
            "to the right class. It is taken from the aggregates, since a share can be too small "
            "to be told from 0: {value}."
        )
    return Explanation(element, array, Templates(words, words))
