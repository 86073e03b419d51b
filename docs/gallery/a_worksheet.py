"""A worksheet for paper.

Numbers that are friendly to the hand, and a key. `names=[...]` makes one for everybody in a class.
"""

import bpviz as bp

sheet = bp.worksheet(seed=1)
sheet

# %%
sheet.trace
