"""A formula computed on arrays, for functions that are called by themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from threading import Lock

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


KEPT = 1000
"""For so few numbers the calls are kept, with arrays of their own: making them takes far longer
than running them."""

_in_use = Lock()


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
    if out.size + sum(array.size for array in given.values()) > KEPT:
        run_calls(_calls(formula, given, out))
        return out
    shapes = tuple((name, array.shape) for name, array in given.items())
    with _in_use:
        calls, own, results = _kept(formula, shapes, out.shape)
        for name, array in given.items():
            own[name][...] = array
        run_calls(calls)
        out[...] = results
    return out


@lru_cache(maxsize=128)
def _kept(
    formula: Expression, shapes: tuple[tuple[str, tuple[int, ...]], ...], shape: tuple[int, ...]
) -> tuple[list[Call], dict[str, Array], Array]:
    own, results = {name: np.empty(shape) for name, shape in shapes}, np.empty(shape)
    return _calls(formula, own, results), own, results


def _calls(formula: Expression, given: Mapping[str, Array], out: Array) -> list[Call]:
    axes = AXES[: out.ndim - 1]

    def read(ref: Ref) -> Placed:
        at = (SAMPLE, *(ref.at or ()))
        array = given[ref.register][tuple(slice(None) if isinstance(i, str) else i for i in at)]
        return Placed(array, tuple(index for index in at if isinstance(index, str)))

    lowering = Lowering(read)
    sizes = dict(zip((SAMPLE, *axes), out.shape, strict=True))
    entry = entry_of(formula, lambda name: given[name].shape[1:], len(axes))
    lowering.assign(entry, Placed(out, (SAMPLE, *axes)), sizes)
    return lowering.calls
