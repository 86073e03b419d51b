"""The update of the parameters, explained."""

from __future__ import annotations

from bpviz.core.operation import Operation
from bpviz.explain.expression import (
    Op,
    Ref,
    multiply,
    subtract,
)
from bpviz.explain.templates import (
    Context,
    Explanation,
    Templates,
    unit_words,
    whole,
)


def _parameter(register: str) -> tuple[str, tuple[str, ...]]:
    """Return what a parameter is called, and its index variables."""
    if "W" in register:
        return "weight", ("i", "j")
    return "bias", ("i",)


def _plural(what: str) -> str:
    return "biases" if what == "bias" else what + "s"


def _of_entry(operation: Operation, what: str) -> str:
    start = "weight {from}" if what == "weight" else "bias"
    return f"the {start} of {unit_words(operation)}"


def change(operation: Operation, context: Context) -> Explanation:
    """Explain the change of a parameter, learning rate × gradient."""
    (g,), u = operation.reads, operation.writes
    what, at = _parameter(u)
    rate = Op("learning_rate", (context.rule.learning_rate,))
    entry = f"The change of {_of_entry(operation, what)}: learning rate times gradient, {{value}}."
    row = f"The changes of the weights of {unit_words(operation)}: learning rate times gradient."
    return Explanation(
        element=multiply(rate, Ref(g, at)),
        array=multiply(rate, whole(g)),
        words=Templates(
            f"The changes of the {_plural(what)} of layer {operation.layer}: learning rate times "
            "gradient.",
            entry if what == "bias" else row,
            entry,
        ),
    )


def no_change(operation: Operation, _context: Context) -> Explanation:
    """Explain the zero change of a bias that is not trained."""
    u = operation.writes
    what, _ = _parameter(u)
    return Explanation(
        element=0.0,
        array=0.0,
        words=Templates(
            f"The {_plural(what)} of layer {operation.layer} are not trained: their change is 0.",
            f"The {what} of {unit_words(operation)} is not trained: its change is 0.",
        ),
    )


def new_parameters(operation: Operation, _context: Context) -> Explanation:
    """Explain the new value of a parameter, old − change."""
    parameter, u = operation.reads
    what, at = _parameter(parameter)
    entry = f"The new value of {_of_entry(operation, what)}: old minus change, {{value}}."
    row = f"The new weights of {unit_words(operation)}: old minus change."
    return Explanation(
        element=subtract(Ref(parameter, at), Ref(u, at)),
        array=subtract(whole(parameter), whole(u)),
        words=Templates(
            f"The new {_plural(what)} of layer {operation.layer}: old minus change, because the "
            "gradient points uphill.",
            entry if what == "bias" else row,
            entry,
        ),
    )
