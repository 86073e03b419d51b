"""The symbols and functions that formulas of one's own are written with.

An activation function is a formula in the aggregate `a`, and its derivative one in `a` and the
activation `h`; a loss is a formula in an output `h` and its target `y`.
"""

from bpviz.core.formula.notation import (
    a,
    exp,
    h,
    ln,
    maximum,
    minimum,
    softplus,
    step,
    tanh,
    y,
)

__all__ = ["a", "exp", "h", "ln", "maximum", "minimum", "softplus", "step", "tanh", "y"]
