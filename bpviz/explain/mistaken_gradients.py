"""Mistaken gradients of weights and biases, explained."""

from __future__ import annotations

from bpviz.core.operation import Operation
from bpviz.explain.expression import (
    Expression,
    Op,
    Ref,
    add,
    divide,
    matmul,
    multiply,
    sum_over,
    transpose,
)
from bpviz.explain.templates import (
    Context,
    Explanation,
    Templates,
    entry,
    source_words,
    unit_words,
    whole,
)


def mistaken_weight_gradient(operation: Operation, context: Context) -> Explanation:
    """Explain ∂L/∂W with a wrong product, a wrong mean, or an old gradient added."""
    d, inputs, *kept = operation.reads
    elementwise = "elementwise_product" in operation.mistakes
    if elementwise:
        element: Expression = multiply(entry(d), entry(inputs))
        product = Op("hadamard", (whole(d), whole(inputs)))
        array: Expression = Op("stretch", (product,), count=context.length(inputs))
    elif context.batch == 1:
        element = multiply(entry(d), Ref(inputs, ("j",)))
        array = matmul(whole(d), transpose(whole(inputs)))
    else:
        terms = multiply(Ref(d, ("i",), "s"), Ref(inputs, ("j",), "s"))
        element = sum_over("s", context.batch, terms)
        outer = matmul(Ref(d, sample="s"), transpose(Ref(inputs, sample="s")))
        array = sum_over("s", context.batch, outer)
    element, array = (_averaged(part, operation, context) for part in (element, array))
    if kept:
        element, array = add(Ref(kept[0], ("i", "j")), element), add(whole(kept[0]), array)
    does = f"delta times input{_extent(operation, context)}{_leftover(kept)}"
    if elementwise:
        does = (
            "delta times the input with the same number as the unit, whichever input the weight "
            f"is for{_leftover(kept)}"
        )
    unit = unit_words(operation)
    return Explanation(
        element,
        array,
        words=Templates(
            f"Mistake: the gradients of the weights of layer {operation.layer} are {does}.",
            f"Mistake: the gradients of the weights of {unit} are {does}.",
            f"Mistake: the gradient of the weight from {source_words(inputs)} to {unit} is "
            f"{does}: {{value}}.",
        ),
    )


def mistaken_bias_gradient(operation: Operation, context: Context) -> Explanation:
    """Explain ∂L/∂b over the wrong axis, with a wrong mean, or with an old gradient added."""
    d, *kept = operation.reads
    units, batch = context.length(d), context.batch
    over_units = "bias_gradient_wrong_axis" in operation.mistakes
    if over_units and batch == 1:
        element: Expression = sum_over("k", units, Ref(d, ("k",)))
        array: Expression = Op("stretch", (Op("total", (whole(d),)),), count=units)
    elif over_units:
        element = sum_over("k", units, Ref(d, ("k",), "i"))
        array = Op("each", (Op("total", (Ref(d, sample="s"),)),), over="s", count=batch)
    elif batch == 1:
        element, array = entry(d), whole(d)
    else:
        element = sum_over("s", batch, Ref(d, ("i",), "s"))
        array = sum_over("s", batch, Ref(d, sample="s"))
    element, array = (_averaged(part, operation, context) for part in (element, array))
    if kept:
        element, array = add(element, entry(kept[0])), add(whole(kept[0]), array)
    one, all_of_them = "its delta", "its deltas"
    if over_units:
        one = all_of_them = "the deltas of all units" + " of one sample" * (batch > 1)
    extent, leftover = _extent(operation, context, over_units), _leftover(kept)
    unit = unit_words(operation)
    return Explanation(
        element,
        array,
        words=Templates(
            f"Mistake: the gradients of the biases of layer {operation.layer} are {all_of_them}"
            f"{extent}{leftover}.",
            f"Mistake: the gradient of the bias of {unit} is {one}{extent}{leftover}: {{value}}.",
            f"Mistake: the gradient of the bias of {unit}, number {{from}} of what is added up: "
            "{value}.",
            f"Mistake: the gradient that is left over from the update before is added: "
            f"{{value}} for the bias of {unit}."
            if kept
            else "",
        ),
    )


def _averaged(total: Expression, operation: Operation, context: Context) -> Expression:
    if context.batch == 1 or "batch_summed" in operation.mistakes:
        return total
    mean = divide(total, float(context.batch))
    twice = "batch_averaged_twice" in operation.mistakes
    return divide(mean, float(context.batch)) if twice else mean


def _extent(operation: Operation, context: Context, over_units: bool = False) -> str:
    """Return how the gradient is made from the samples of a batch, in words."""
    batch = context.batch
    if "batch_summed" in operation.mistakes:
        return f", added up over the {batch} samples and not averaged"
    if "batch_averaged_twice" in operation.mistakes:
        return f", divided by the {batch} samples twice"
    added = ", added up" * over_units
    if batch == 1:
        return added
    return f"{added} and divided by {batch}" if over_units else f", averaged over {batch} samples"


def _leftover(kept: list[str]) -> str:
    return ", plus the gradient left over from the update before" if kept else ""
