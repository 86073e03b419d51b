"""bpviz: see how a neural network learns, number by number."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from bpviz import presets
from bpviz.core import outside
from bpviz.core.mistakes import Mistake, mistakes
from bpviz.core.model.functions import (
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
from bpviz.core.model.losses import Loss, binary_cross_entropy, cross_entropy, huber, squared_error
from bpviz.core.model.network import Layer, Network
from bpviz.core.operations.optimizers import SGD, Adam, Optimizer
from bpviz.core.run.example import Example
from bpviz.core.run.history import History
from bpviz.core.run.run import Run
from bpviz.core.run.stopped import Stopped
from bpviz.core.run.training import TrainingWarning, train
from bpviz.core.update.backprop import backprop
from bpviz.core.update.rule import Rule
from bpviz.core.update.tape import Trace

if TYPE_CHECKING:
    from bpviz import export
    from bpviz.checking.checker import check
    from bpviz.checking.numbers_by_hand import check_number
    from bpviz.classroom.progress_file import note_result, progress
    from bpviz.core.gradient_check import gradient_check
    from bpviz.core.sweep.results import Sweep
    from bpviz.core.sweep.sweep import sweep
    from bpviz.draw import plots as plot
    from bpviz.export.pytorch import from_torch
    from bpviz.export.scikit_learn import from_sklearn
    from bpviz.panels.bug_lab import BugLab
    from bpviz.panels.slider_panel import SliderPanel
    from bpviz.panels.step_panel import StepPanel
    from bpviz.panels.training_panel import TrainingPanel
    from bpviz.worksheets.question_bank import question_bank
    from bpviz.worksheets.worksheet import worksheet

__version__ = "0.1.0"

__all__ = [  # noqa: RUF022  # in the order of dir()
    "Activation",
    "Adam",
    "BugLab",
    "Example",
    "History",
    "Layer",
    "Loss",
    "Mistake",
    "Network",
    "Optimizer",
    "Rule",
    "Run",
    "SGD",
    "SliderPanel",
    "StepPanel",
    "Stopped",
    "Sweep",
    "Trace",
    "TrainingPanel",
    "TrainingWarning",
    "backprop",
    "binary_cross_entropy",
    "check",
    "check_number",
    "cross_entropy",
    "export",
    "from_sklearn",
    "from_torch",
    "gradient_check",
    "huber",
    "identity",
    "leaky_relu",
    "mistakes",
    "note_result",
    "perceptron",
    "plot",
    "presets",
    "progress",
    "question_bank",
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
    "BugLab": "bpviz.panels.bug_lab",
    "SliderPanel": "bpviz.panels.slider_panel",
    "StepPanel": "bpviz.panels.step_panel",
    "Sweep": "bpviz.core.sweep.results",
    "TrainingPanel": "bpviz.panels.training_panel",
    "check": "bpviz.checking.checker",
    "check_number": "bpviz.checking.numbers_by_hand",
    "export": "bpviz.export",
    "from_sklearn": "bpviz.export.scikit_learn",
    "from_torch": "bpviz.export.pytorch",
    "gradient_check": "bpviz.core.gradient_check",
    "note_result": "bpviz.classroom.progress_file",
    "plot": "bpviz.draw.plots",
    "progress": "bpviz.classroom.progress_file",
    "question_bank": "bpviz.worksheets.question_bank",
    "sweep": "bpviz.core.sweep.sweep",
    "worksheet": "bpviz.worksheets.worksheet",
}

# What the core's objects do by other parts, which it does not import.
outside.offer(
    history_to_csv="bpviz.export.tables",
    history_to_pandas="bpviz.export.tables",
    mimebundle="bpviz.draw.pictures",
    to_torch="bpviz.export.pytorch",
    trace_to_csv="bpviz.export.tables",
    trace_to_pandas="bpviz.export.tables",
)


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module 'bpviz' has no attribute {name!r}")
    module = import_module(_LATER[name])
    # `plot` and `export` are the modules themselves.
    globals()[name] = value = getattr(module, name, module)
    return value


def __dir__() -> list[str]:
    return __all__
