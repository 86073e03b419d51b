"""What a panel says about a run that ended before its time, in the panel's own numbering."""

from __future__ import annotations

import math

from bpviz.core.run.stopped import DIVERGED, Stopped
from bpviz.core.update.tape import Layout
from bpviz.explain.registers import register_words


def stopped_words(stopped: Stopped | None, layout: Layout) -> str:
    """Return where and why a run stopped, epochs and updates counted from 1; "" if it did not.

    A run that diverges in its first epoch mostly has samples that are far too large; later,
    its learning rate is to blame.
    """
    if stopped is None:
        return ""
    place = f"epoch {stopped.epoch + 1:,}, update {stopped.update + 1:,}"
    if stopped.reason != DIVERGED:
        return f"interrupted in {place}; everything until then is kept"
    value = stopped.value
    became = "not a number"
    if value is not None and math.isinf(value):
        became = "infinite"
    advice = "Try a smaller learning rate"
    if stopped.epoch == 0:
        advice += ", and inputs and targets of about −1 to 1"
    words = register_words(str(stopped.register), layout)
    return f"diverged in {place}: the {words} became {became}. {advice}"
