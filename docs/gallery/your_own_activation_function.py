"""Your own activation function.

A formula is enough: its derivative follows by the chain rule, and every step shows it.
"""

import bpviz as bp
from bpviz.formula import a, exp

swish = bp.Activation("swish", a / (1 + exp(-a)))
network = bp.Network([bp.Layer([[0.5, -0.2], [0.1, 0.3]], activation=swish)])
bp.StepPanel(bp.backprop(network, [1, 2], [0, 1]), cursor=8, views=["diagram", "formula"])

# %%
axes = bp.plot.activation(swish)
