"""The loss landscape.

A slice through all weights and biases, with the way that a run took through it.
"""

import bpviz as bp

example = bp.presets.xor()
history = bp.train(example.network, example.inputs, example.targets, example.corrected, epochs=2000)
axes = bp.plot.landscape(history)
