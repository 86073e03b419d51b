"""Predict, then reveal.

The panel hides the numbers that it is asked for, and stops where one comes up. A wrong number is
met with the mistake that leads to it.
"""

import bpviz as bp

bp.StepPanel(bp.presets.three_two_one(), cursor=9, predict=["h2", "d2", "d1[0]", "nW2[0,1]"])
