"""Momentum, step by step.

The velocity is part of the update, and is stepped through like every other number. This is the
third update of a run.
"""

import bpviz as bp

network = bp.Network.random([2, 2, 1], ["tanh", "identity"], seed=1)
rule = bp.Rule(0.1, optimizer=bp.SGD(momentum=0.9))
history = bp.train(network, [[1, -1]], [[1]], rule, epochs=3)

panel = bp.StepPanel(history.trace(epoch=2, update=0), views=["formula", "matrices"])
panel.go("nvW2[0,0]")
panel
