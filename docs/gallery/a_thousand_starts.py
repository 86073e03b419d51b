"""A thousand starts.

Was it luck? The same network from a thousand starts, and the share that solves the task.
"""

import bpviz as bp

example = bp.presets.xor()
runs = bp.sweep(
    example.network, example.inputs, example.targets, bp.Rule(0.03), epochs=600, runs=1000, seed=0
)
runs.solved()

# %%
axes = bp.plot.percentiles(runs)
