"""A formula computed on arrays, for functions that are called by themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from bpviz.core.arguments import Array
from bpviz.core.formula.entries import AXES, entry_of
from bpviz.core.formula.expression import Expression, Ref
from bpviz.core.formula.lowering import SAMPLE, Call, Lowering, Placed


def run_calls(calls: Sequence[Call]) -> None:
    """Run NumPy calls in order; exponentials may overflow to infinity and underflow to 0."""
    with np.errstate(all="ignore"):
        for function, arguments in calls:
            function(*arguments)


def compute(formula: Expression, given: Mapping[str, Array], out: Array) -> Array:
    """Compute a formula for each of several samples.

    Parameters
    ----------
    formula : Expression
        On whole registers.
    given : mapping
        From each register to its numbers, shape (samples, n) or (samples, n, m).
    out : ndarray, shape (samples,), (samples, n) or (samples, n, n)
        Where to write the results; it is also returned.
    """
    lengths = {name: array.shape[1:] for name, array in given.items()}
    axes = AXES[: out.ndim - 1]

    def read(ref: Ref) -> Placed:
        at = (SAMPLE, *(ref.at or ()))
        array = given[ref.register][tuple(slice(None) if isinstance(i, str) else i for i in at)]
        return Placed(array, tuple(index for index in at if isinstance(index, str)))

    lowering = Lowering(read)
    sizes = dict(zip((SAMPLE, *axes), out.shape, strict=True))
    entry = entry_of(formula, lambda name: lengths[name], len(axes))
    lowering.assign(entry, Placed(out, (SAMPLE, *axes)), sizes)
    run_calls(lowering.calls)
    return out
