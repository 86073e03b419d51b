"""Static figures by matplotlib, public as `bpviz.plot`.

Every function but `animation` takes the axes to draw in as `ax`, makes a figure if there are
none, and returns the axes. matplotlib is imported when the first one is called.
"""

from bpviz.draw.animation import animation
from bpviz.draw.function_plots import activation
from bpviz.draw.landscape import landscape
from bpviz.draw.network_plot import network
from bpviz.draw.run_plots import loss, trajectories
from bpviz.draw.slope_plot import slope
from bpviz.draw.surface_plots import decision
from bpviz.draw.sweep_plots import final_losses, percentiles, solved

__all__ = [
    "activation",
    "animation",
    "decision",
    "final_losses",
    "landscape",
    "loss",
    "network",
    "percentiles",
    "slope",
    "solved",
    "trajectories",
]
