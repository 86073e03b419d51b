"""Step through an update.

Forward pass, loss, backward pass and update, one number after another. The keys <kbd>→</kbd> and
<kbd>←</kbd> step, <kbd>[</kbd> and <kbd>]</kbd> change how fine the steps are; any number can be
changed.
"""

import bpviz as bp

bp.StepPanel(bp.presets.three_two_one(), cursor=14)
