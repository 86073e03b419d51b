"""Softmax and cross-entropy.

Three classes. Together, softmax and the cross-entropy need no separate derivative.
"""

import bpviz as bp

network = bp.Network.random([2, 3], ["softmax"], loss="cross_entropy", seed=0)
panel = bp.StepPanel(bp.backprop(network, [0.8, -0.4], [0, 1, 0]))
panel.go("d1[1]")
panel
