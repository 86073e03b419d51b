"""bpviz: see how a neural network learns, number by number."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from bpviz import presets
from bpviz.core.backprop import backprop
from bpviz.core.functions import (
    Activation,
    identity,
    leaky_relu,
    perceptron,
    relu,
    sigmoid,
    silu,
    softmax,
    softplus,
    tanh,
)
from bpviz.core.history import History
from bpviz.core.losses import Loss, binary_cross_entropy, cross_entropy, huber, squared_error
from bpviz.core.mistakes import Mistake, mistakes
from bpviz.core.network import Layer, Network
from bpviz.core.rule import Rule
from bpviz.core.run import Run
from bpviz.core.stopped import Stopped
from bpviz.core.tape import Trace
from bpviz.core.training import TrainingWarning, train

if TYPE_CHECKING:
    from bpviz.core.gradients import gradient_check
    from bpviz.core.sweep import sweep
    from bpviz.core.sweep_results import Sweep
    from bpviz.draw import plots as plot
    from bpviz.panels.buglab import BugLab
    from bpviz.panels.step import StepPanel
    from bpviz.panels.training import TrainingPanel
    from bpviz.teach.checker import check
    from bpviz.teach.worksheet import worksheet

__version__ = "0.1.0"

__all__ = [
    "Activation",
    "BugLab",
    "History",
    "Layer",
    "Loss",
    "Mistake",
    "Network",
    "Rule",
    "Run",
    "StepPanel",
    "Stopped",
    "Sweep",
    "Trace",
    "TrainingPanel",
    "TrainingWarning",
    "backprop",
    "binary_cross_entropy",
    "check",
    "cross_entropy",
    "gradient_check",
    "huber",
    "identity",
    "leaky_relu",
    "mistakes",
    "perceptron",
    "plot",
    "presets",
    "relu",
    "sigmoid",
    "silu",
    "softmax",
    "softplus",
    "squared_error",
    "sweep",
    "tanh",
    "train",
    "worksheet",
]

# Loaded when first asked for: who only trains needs no panels, who steps no plots.
_LATER = {
    "BugLab": "bpviz.panels.buglab",
    "StepPanel": "bpviz.panels.step",
    "Sweep": "bpviz.core.sweep_results",
    "TrainingPanel": "bpviz.panels.training",
    "check": "bpviz.teach.checker",
    "gradient_check": "bpviz.core.gradients",
    "plot": "bpviz.draw.plots",
    "sweep": "bpviz.core.sweep",
    "worksheet": "bpviz.teach.worksheet",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module 'bpviz' has no attribute {name!r}")
    module = import_module(_LATER[name])
    # `plot` is the module itself.
    globals()[name] = value = getattr(module, name, module)
    return value


def __dir__() -> list[str]:
    return __all__
