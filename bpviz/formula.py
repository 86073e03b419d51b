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
from bpviz.core.operations.optimizers import UPDATE_NUMBER, OptimizerLine, Parameter
from bpviz.core.operations.quantities import RATE

t = UPDATE_NUMBER
"""The number of the update, from 1, in the formulas of an optimiser that counts.

Examples
--------
>>> from dataclasses import dataclass
>>> from bpviz.formula import OptimizerLine, rate, t
>>> @dataclass(frozen=True)
... class Decaying(bp.Optimizer):
...     counts = True
...     def lines(self, parameter):
...         change = rate / t * parameter.gradient
...         yield OptimizerLine(parameter.made("u"), change, "the learning rate falls as 1 / t")
...
>>> network = bp.Network([bp.Layer([[0.5]], activation="identity")])
>>> rule = bp.Rule(0.1, optimizer=Decaying())
>>> bp.train(network, [[2]], [[3]], rule, epochs=3).rmse.round(3)
array([2.  , 1.  , 0.75])
"""
rate = RATE
"""The learning rate, in the formulas of an optimiser.

Examples
--------
>>> from dataclasses import dataclass
>>> from bpviz.formula import OptimizerLine, rate
>>> @dataclass(frozen=True)
... class Signless(bp.Optimizer):
...     def lines(self, parameter):
...         change = rate * parameter.gradient
...         yield OptimizerLine(parameter.made("u"), change, "learning rate times gradient")
...
>>> network = bp.Network([bp.Layer([[0.5]], activation="identity")])
>>> rule = bp.Rule(0.1, optimizer=Signless())
>>> bp.train(network, [[2]], [[3]], rule, epochs=3).rmse.round(3)
array([2. , 1. , 0.5])
"""

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
