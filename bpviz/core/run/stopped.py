"""Why a run ended before its time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from bpviz.core.arguments import Array
from bpviz.core.formula.expression import Ref
from bpviz.core.operations.operation import Operation
from bpviz.core.update.tape import Layout

DIVERGED, INTERRUPTED = "diverged", "interrupted"


@dataclass(frozen=True)
class Stopped:
    """Why and where a run ended before its time.

    Attributes
    ----------
    reason : str
        "diverged": a number became infinite or NaN. "interrupted": somebody stopped it.
    epoch, update : int
        The last update that is recorded, as in `history.trace(epoch, update)`.
    register, ref : str or None
        If it diverged, the register that was the first to get such a number, and which
        number of it that was.
    sample : int
        The sample of the batch that the number belongs to.
    value : float or None
        The number.

    Examples
    --------
    >>> import warnings
    >>> network = bp.Network([bp.Layer([[0.5]], activation="identity")])
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore", bp.TrainingWarning)
    ...     history = bp.train(network, [[2]], [[3]], bp.Rule(learning_rate=10), epochs=1000)
    ...
    >>> history.stopped
    Stopped(reason='diverged', epoch=92, update=0, register='loss', ref='loss', sample=0, value=inf)
    """

    reason: str
    epoch: int
    update: int
    register: str | None = None
    ref: str | None = None
    sample: int = 0
    value: float | None = field(default=None, compare=False)  # since NaN is unlike NaN

    def __str__(self) -> str:
        place = f"epoch {self.epoch:,}, update {self.update:,} (both from 0)"
        if self.reason == DIVERGED:
            return (
                f"training diverged: {self.ref} became {self.value} in {place}; that update is "
                f"history.trace({self.epoch}, {self.update}); try a smaller learning rate"
            )
        return f"training was interrupted after {place}; the history holds everything until then"


def divergence(
    operations: Sequence[Operation], layout: Layout, row: Array, epoch: int, update: int
) -> Stopped:
    """Return where a row that holds an infinity or NaN got the first one.

    Parameters
    ----------
    operations : sequence of Operation
        What wrote the row, in order.
    """
    for operation in operations:
        register = layout.register(operation.writes)
        numbers = layout.view(row, register.name)
        if not np.isfinite(numbers).all():
            where = [int(i) for i in np.argwhere(~np.isfinite(numbers))[0]]
            value = float(numbers[tuple(where)])
            sample = where.pop(0) if register.per_sample else 0
            ref = str(Ref(register.name, tuple(where)))
            return Stopped(DIVERGED, epoch, update, register.name, ref, sample, value)
    raise ValueError("row holds finite numbers only")
