"""Find the bug.

The right algorithm beside one with mistakes, on the same numbers. Switch mistakes on and off, and
see which number differs first.
"""

import bpviz as bp

bp.BugLab(bp.presets.xor())
