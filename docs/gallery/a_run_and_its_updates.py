"""A run and its updates.

500 epochs of XOR. Drag along the loss curve, and the update under the cursor opens step by step.
"""

import bpviz as bp

bp.TrainingPanel(bp.presets.xor())
