"""The decision surface.

What a network answers for all inputs in the plane, with the samples that it was trained on.
"""

import bpviz as bp

example = bp.presets.xor()
network = bp.Network.random([2, 8, 1], ["tanh", "identity"], seed=1)
history = bp.train(network, example.inputs, example.targets, bp.Rule(0.05), epochs=300)
axes = bp.plot.decision(history.network(-1), example.inputs, example.targets)
