"""bpviz: see how a neural network learns, number by number."""

from bpviz import presets
from bpviz.core.backprop import backprop
from bpviz.core.functions import identity, perceptron, relu, sigmoid, softmax, tanh
from bpviz.core.gradients import gradient_check
from bpviz.core.history import History
from bpviz.core.losses import cross_entropy, squared_error
from bpviz.core.mistakes import mistakes
from bpviz.core.network import Layer, Network
from bpviz.core.rule import Rule
from bpviz.core.run import Run
from bpviz.core.stopped import Stopped
from bpviz.core.sweep import sweep
from bpviz.core.sweep_results import Sweep
from bpviz.core.tape import Trace
from bpviz.core.training import TrainingWarning, train
from bpviz.draw import plots as plot
from bpviz.panels.buglab import BugLab
from bpviz.panels.step import StepPanel
from bpviz.panels.training import TrainingPanel
from bpviz.teach.checker import check
from bpviz.teach.worksheet import worksheet

__version__ = "0.1.0"

__all__ = [
    "BugLab",
    "History",
    "Layer",
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
    "check",
    "cross_entropy",
    "gradient_check",
    "identity",
    "mistakes",
    "perceptron",
    "plot",
    "presets",
    "relu",
    "sigmoid",
    "softmax",
    "squared_error",
    "sweep",
    "tanh",
    "train",
    "worksheet",
]
