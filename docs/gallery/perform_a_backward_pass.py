"""Perform a backward pass.

You choose which number can be computed next, and compute it. A choice that comes too early is told
what it lacks.
"""

import bpviz as bp

bp.StepPanel(bp.worksheet(seed=3).trace, perform=True)
