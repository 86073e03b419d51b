"""The symbols and functions that formulas of one's own are written with.

An activation function is a formula in the aggregate `a`, and its derivative one in `a` and the
activation `h`; a loss is a formula in an output `h` and its target `y`. An optimiser is made of
the learning rate `rate`, the number of the update `t`, and what its `Parameter` has.
"""

from bpviz.core.formula.notation import (
    a,
    exp,
    h,
    ln,
    maximum,
    minimum,
    softplus,
    sqrt,
    step,
    tanh,
    y,
)
from bpviz.core.operations.optimizers import NUMBER, OptimizerLine, Parameter
from bpviz.core.operations.quantities import RATE

t, rate = NUMBER, RATE

__all__ = [
    "OptimizerLine",
    "Parameter",
    "a",
    "exp",
    "h",
    "ln",
    "maximum",
    "minimum",
    "rate",
    "softplus",
    "sqrt",
    "step",
    "t",
    "tanh",
    "y",
]
