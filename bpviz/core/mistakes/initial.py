"""Mistakes in the parameters that a run begins with."""

from __future__ import annotations

from bpviz.core.formula.expression import Expression, Ref
from bpviz.core.mistakes.mistake import START, Mistake, Setting
from bpviz.core.operations.operation import Operation


def _all_equal(operation: Operation, setting: Setting) -> Expression | None:
    units, inputs = setting.sizes[operation.layer], setting.sizes[operation.layer - 1]
    places = {"W": units * inputs, "b": units}.get(operation.quantity, 1)
    first = (0, 0) if operation.quantity == "W" else (0,)
    return Ref(operation.writes, first) if places > 1 else None


INITIAL = (
    Mistake(
        name="weights_started_equal",
        title="All weights of a layer start equal",
        change="W and b of a layer do not begin with numbers drawn for each place, but with one "
        "number in all places: that of the first",
        notice="The units of a hidden layer compute the same and get the same gradients, so that "
        "they stay alike for ever: a layer of them can do no more than a single unit. The "
        "gradient check passes.",
        source="D. Rumelhart, G. Hinton and R. Williams, “Learning internal representations by "
        "error propagation” (1986), section “Symmetry breaking”",
        needs="a layer with two weights or more",
        alters=_all_equal,
        unseen_because="Every gradient is right; the mistake is in the weights that a run begins "
        "with.",
        acts_on=START,
    ),
)
