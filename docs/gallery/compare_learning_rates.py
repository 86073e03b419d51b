"""Compare learning rates.

The same start, four learning rates.
"""

import bpviz as bp

example = bp.presets.xor()
axes = bp.plot.loss(
    {
        f"learning rate {rate}": bp.train(
            example.network, example.inputs, example.targets, bp.Rule(rate), epochs=400
        )
        for rate in (0.003, 0.01, 0.03, 0.1)
    }
)
