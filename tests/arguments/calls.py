"""A valid call of everything public, in which one argument at a time can be replaced."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from sklearn.neural_network import MLPRegressor

import bpviz as bp
from bpviz import formula
from bpviz.core.mistakes import Registry
from bpviz.export import notebooks
from bpviz.formula import a, exp, h, y

XOR = bp.presets.xor()
NETWORK, RULE = XOR.network, bp.Rule(0.1)
X, Y = XOR.inputs.copy(), XOR.targets.copy()
NOTEBOOK = {
    "nbformat": 4,
    "nbformat_minor": 5,
    "metadata": {},
    "cells": [{"cell_type": "code", "metadata": {}, "source": "", "outputs": []}],
}
MODULE = import_module("torch").nn.Linear(2, 1) if find_spec("torch") else None
"""Some environments have no PyTorch; then there is no valid one."""


@cache
def history() -> bp.History:
    return bp.train(NETWORK, X, Y, RULE, epochs=3, batch_size=3, record=2)


@cache
def short_history() -> bp.History:
    """Return a run that makes a film of two pictures, without surfaces."""
    example = bp.presets.three_two_one()
    return bp.train(example.network, example.inputs, example.targets, RULE, epochs=1)


@cache
def many_runs() -> bp.Sweep:
    return bp.sweep(NETWORK, X, Y, RULE, epochs=5, runs=20, seed=0)


def draw_a_slope(**values: float) -> Axes:
    return bp.plot.slope(lambda weight: weight**2, *values.values(), ax=Figure().subplots())


_AXES: list[Axes] = []


def axes() -> Axes:
    """Return axes in which nothing is drawn; most calls draw nothing."""
    if not _AXES or _AXES[-1].has_data():
        _AXES[:] = [Figure().subplots()]
    return _AXES[-1]


def learner(weights: Any, biases: Any, *_samples: Any) -> Any:
    """Be wrong, so that the report has hints."""
    return [0 * w for w in weights], [0 * b for b in biases]


CALLS: dict[str, dict[str, Any]] = {
    # One update, and what belongs to it.
    "backprop": {"network": NETWORK, "x": X, "y": Y, "rule": RULE},
    "perceptron": {"x": X[0], "weights": X[1], "bias": 0.5, "activation": "relu"},
    "Activation": {
        "name": "mine",
        "formula": a / (1 + exp(-a)),
        "derivative": None,
        "says": "it bends",
        "derivative_says": "it bends back",
        "title": "Mine",
        "gain": 2.0,
    },
    "Activation.__call__": {"a": X},
    "Activation.derivative": {"a": X},
    "Loss": {
        "name": "mine",
        "formula": (h - y) ** 4,
        "derivative": 4 * (h - y) ** 3,
        "says": "The loss is mine",
        "title": "Mine",
        "pairs": {},
    },
    "Loss.__call__": {"h": Y, "y": Y},
    "Layer": {"weights": X, "bias": None, "activation": "relu"},
    "Network": {"layers": NETWORK.layers, "loss": "squared_error"},
    "Network.random": {
        "sizes": [2, 3, 1],
        "activations": ["relu", "identity"],
        "seed": 1,
        "loss": "squared_error",
    },
    "Network.predict": {"x": X},
    "from_torch": {"module": MODULE, "loss": "squared_error"},
    "from_sklearn": {"mlp": MLPRegressor(max_iter=300, solver="lbfgs").fit(X, Y[:, 0])},
    "Rule": {
        "learning_rate": 0.1,
        "update": "dirty",
        "train_biases": False,
        "mistakes": (),
        "optimizer": bp.Adam(),
    },
    "SGD": {"momentum": 0.9, "dampening": 0.1, "weight_decay": 0.1, "nesterov": False},
    "Adam": {"betas": (0.9, 0.99), "eps": 1e-8, "weight_decay": 0.1},
    "Trace.__getitem__": {"ref": "W1[0,1]"},
    "Trace.at_sample": {"sample": 1},
    "Trace.to_csv": {"path": "trace.csv"},
    "Mistake": {
        "name": "mine",
        "title": "Mine",
        "change": "∂L/∂W becomes ½ ∂L/∂W",
        "notice": "It is slow.",
        "source": "Here",
        "needs": "any network",
        "alters": lambda operation, _: 0.5 * operation.formula,
        "says": None,
        "reorders": lambda operations: operations,
        "unseen_because": None,
        "right_because": "either is right",
        "excludes": ("mine_too",),
        "acts_on": "update",
        "unseen_at": (0.0,),
        "keeps_gradients": False,
    },
    "Registry.add": {"mistake": bp.mistakes["batch_summed"]},
    "Registry.remove": {"name": "batch_summed"},
    "Registry.__getitem__": {"name": "batch_summed"},
    "gradient_check": {"network": NETWORK, "x": X, "y": Y, "rule": RULE, "tolerance": 1e-5},
    "GradientCheck.sweep": {"ref": "b2[0]"},
    # Runs.
    "train": {
        "network": NETWORK,
        "X": X,
        "Y": Y,
        "rule": RULE,
        "epochs": 2,
        "batch_size": 2,
        "shuffle": True,
        "seed": 1,
        "record": 2,
        "verbose": False,
    },
    "Run": {
        "network": NETWORK,
        "X": X,
        "Y": Y,
        "rule": RULE,
        "batch_size": 2,
        "shuffle": True,
        "seed": 1,
        "record": 2,
        "room": 2,
    },
    "Run.advance": {"updates": 2, "seconds": 0.1},
    "History.trace": {"epoch": 1, "update": 1},
    "History.frames": {"start": 1, "stop": 3},
    "History.samples": {"epoch": 1, "update": 1},
    "History.network": {"epoch": 1},
    "History.save": {"path": "run.npz"},
    "History.to_csv": {"path": "run.csv", "per": "epoch"},
    "History.to_pandas": {"per": "update"},
    "History.load": {"path": "saved.npz", "in_memory": True},
    "Example": {
        "network": NETWORK,
        "inputs": X,
        "targets": Y,
        "rule": RULE,
        "corrected": RULE,
        "epochs": 5,
        "name": "mine",
        "title": "Mine",
        "source": "Here",
    },
    # Many runs.
    "sweep": {
        "network": NETWORK,
        "X": X,
        "Y": Y,
        "rule": RULE,
        "epochs": 3,
        "runs": 4,
        "seed": 1,
        "starts": "lecture",
        "executor": None,
    },
    "Sweep.solved": {"threshold": 0.1},
    "Sweep.right_sides": {"boundary": 0.5},
    "Sweep.stalled": {"threshold": 0.1},
    "Sweep.plateaus": {"threshold": 0.1, "gap": 0.01},
    "Sweep.networks": {"run": 1},
    "Sweep.compare": {"other": many_runs(), "threshold": 0.1},
    # Pictures.
    "plot.activation": {"functions": "relu", "limits": (-1, 1), "ax": axes},
    "plot.animation": {"history": short_history(), "path": "run.gif", "frames": 2, "fps": 8},
    "plot.decision": {
        "network": NETWORK,
        "X": X,
        "Y": Y,
        "ax": axes,
        "output": 0,
        "limits": (-1, 1),
    },
    "plot.final_losses": {"sweep": many_runs(), "ax": axes},
    "plot.landscape": {
        "history": history(),
        "directions": ("W1[0,0]", "W2[0,0]"),
        "ax": axes,
    },
    "plot.loss": {"history": history(), "ax": axes, "log": True},
    "plot.network": {"source": history().trace(0), "ax": axes},
    "plot.percentiles": {"sweep": many_runs(), "ax": axes, "log": True},
    "plot.slope": {
        "function": lambda weight: weight**2,
        "at": 0.5,
        "limits": (-1, 1),
        "learning_rate": 0.1,
        "steps": 2,
        "ax": axes,
    },
    "plot.solved": {"sweep": many_runs(), "threshold": 0.1, "ax": axes},
    "plot.trajectories": {"history": history(), "refs": ["W1[0,0]"], "ax": axes},
    # Panels.
    "SliderPanel": {"draw": draw_a_slope, "weight": (0.0, 1.0, 0.5)},
    "SliderPanel.set": {"weight": 0.6},
    "StepPanel": {
        "source": XOR.network,
        "X": XOR.inputs[:1],
        "Y": XOR.targets[:1],
        "depth": "unit",
        "cursor": 1,
        "predict": "d1[0]",
        "perform": False,
        "score": "end",
        "views": ["code"],
        "skip_unchanged": True,
    },
    "StepPanel.go": {"ref": "d1[0]"},
    "StepPanel.trace =": {"trace": history().trace(0)},
    "StepPanel.appearance =": {"appearance": {"digits": 5}},
    "StepPanel.cursor =": {"cursor": 1},
    "StepPanel.depth =": {"depth": "unit"},
    "StepPanel.frame =": {"frame": 1},
    "StepPanel.sample =": {"sample": 0},
    "StepPanel.selection =": {"selection": "W1[0,1]"},
    "TrainingPanel": {
        "source": XOR.network,
        "X": XOR.inputs[:1],
        "Y": XOR.targets[:1],
        "depth": "unit",
        "views": ["loss"],
    },
    "TrainingPanel.run": {"epochs": 1},
    "TrainingPanel.advance": {"updates": 1},
    "TrainingPanel.new_start": {"seed": 1},
    "TrainingPanel.set": {
        "learning_rate": 0.1,
        "update": "dirty",
        "train_biases": False,
        "mistakes": (),
        "batch_size": 2,
        "shuffle": True,
        "seed": 1,
        "epochs": 2,
        "optimizer": bp.SGD(0.9),
    },
    "TrainingPanel.unpin": {"index": 0},
    "TrainingPanel.go": {"ref": "d1[0]"},
    "TrainingPanel.appearance =": {"appearance": {"digits": 5}},
    "TrainingPanel.cursor =": {"cursor": 1},
    "TrainingPanel.depth =": {"depth": "unit"},
    "TrainingPanel.frame =": {"frame": 0},
    "TrainingPanel.selection =": {"selection": "W1[0,1]"},
    "TrainingPanel.stepping =": {"stepping": True},
    "Settings.of": {"rule": RULE, "batch_size": 2, "seed": 1, "epochs": 2},
    "Settings.words": {"start_seed": 1},
    "Settings.changed": {"learning_rate": 0.1, "batch_size": 2, "mistakes": ()},
    "BugLab": {
        "source": XOR.network,
        "X": XOR.inputs[:1],
        "Y": XOR.targets[:1],
        "views": ["check"],
    },
    "BugLab.rule =": {"rule": RULE},
    "BugLab.mistakes =": {"mistakes": ()},
    "BugLab.go": {"ref": "d1[0]"},
    "BugLab.appearance =": {"appearance": {"digits": 5}},
    "BugLab.cursor =": {"cursor": 1},
    "BugLab.depth =": {"depth": "unit"},
    "BugLab.frame =": {"frame": 1},
    "BugLab.selection =": {"selection": "W1[0,1]"},
    "BugLab.stepping =": {"stepping": True},
    # Teaching.
    "check": {
        "function": learner,
        "network": NETWORK,
        "batch": False,
        "convention": "column",
        "rule": RULE,
        "seconds": 1.0,
        "feedback": "hints",
    },
    "progress": {"path": "mine.json", "name": "Ada"},
    "note_result": {"task": "a loop that trains", "passed": True},
    "check_number": {"trace": history().trace(0), "ref": "h1[1]", "mine": 0.5, "feedback": "full"},
    "Report.hint": {"level": 1},
    "worksheet": {
        "name": "",
        "names": ["Ada"],
        "seed": 1,
        "path": "sheets",
        "sizes": (2, 2, 1),
        "activations": ["relu", "identity"],
        "loss": "huber",
        "questions": ["forward"],
        "rule": RULE,
        "numbers": "decimals",
        "formulas": True,
        "paper": "A4",
    },
    "Worksheet.html": {"key": True},
    "Worksheet.markdown": {"key": True},
    "Worksheet.marks": {"answers": {"a1[0]": 0.5}},
    "Worksheet.save": {"path": "sheets"},
    "ClassSet.__getitem__": {"index": 0},
    "ClassSet.html": {"key": True},
    "ClassSet.markdown": {"key": True},
    "ClassSet.save": {"path": "sheets"},
    "question_bank": {
        "count": 1,
        "seed": 1,
        "sizes": (2, 2, 1),
        "activations": ["sigmoid", "sigmoid"],
        "loss": "binary_cross_entropy",
        "rule": RULE,
        "paper": "A4",
    },
    "QuestionBank.html": {"key": True},
    "QuestionBank.markdown": {"key": True},
    "QuestionBank.save": {"path": "bank.xml", "key": False},
    **{name: {"u": a} for name in ("exp", "ln", "softplus", "sqrt", "step", "tanh")},
    **{name: {"u": a, "v": 0} for name in ("maximum", "minimum")},
    "strip_widgets": {"notebook": NOTEBOOK},
    "strip_file": {"path": "notebook.ipynb"},
    "export.html": {
        "source": bp.presets.three_two_one(),
        "path": "page.html",
        "title": "Mine",
        "overwrite": False,
    },
    "StepPanel.page": {"title": "Mine"},
    "TrainingPanel.page": {"title": "Mine"},
    "BugLab.page": {"title": "Mine"},
}


def _training_panel() -> bp.TrainingPanel:
    panel = bp.TrainingPanel(history())
    panel.pin()
    return panel


MADE_BY: dict[str, Callable[[], Any]] = {
    "Activation": lambda: bp.softmax,
    "Loss": lambda: bp.squared_error,
    "Network": lambda: NETWORK,
    "Trace": lambda: bp.backprop(NETWORK, X, Y),
    "Registry": lambda: Registry(list(bp.mistakes.values())),
    "GradientCheck": lambda: bp.gradient_check(NETWORK, X, Y),
    "Run": lambda: bp.Run(NETWORK, X, Y),
    "History": history,
    "Sweep": many_runs,
    "SliderPanel": lambda: bp.SliderPanel(draw_a_slope, weight=(0.0, 1.0, 0.5)),
    "StepPanel": lambda: bp.StepPanel(XOR),
    "TrainingPanel": _training_panel,
    "BugLab": lambda: bp.BugLab(XOR),
    "Settings": lambda: _training_panel().settings,
    "Report": lambda: bp.check(learner),
    "Worksheet": lambda: bp.worksheet("Ada"),
    "QuestionBank": lambda: bp.question_bank(1),
    "ClassSet": lambda: bp.worksheet(names=["Ada"]),
}


def valid(name: str) -> dict[str, Any]:
    """Return the arguments of a valid call; what could be changed by it is made anew."""
    return {key: _own(value) for key, value in CALLS[name].items()}


def _own(value: Any) -> Any:
    if value is axes:
        return axes()
    return deepcopy(value) if isinstance(value, (np.ndarray, list, dict)) else value


@cache
def made(owner: str) -> Any:
    """Return the object of a class whose methods are called; what it refuses must not change it."""
    return MADE_BY[owner]()


def target(name: str) -> Callable[..., Any]:
    """Return what to call for an entry of the table."""
    owner, dot, member = name.partition(".")
    if member.endswith(" ="):
        attribute = member.removesuffix(" =")
        return lambda **arguments: setattr(made(owner), attribute, arguments[attribute])
    if owner in MADE_BY and dot:
        return getattr(made(owner), member)
    for place in (formula, bp, notebooks):
        if hasattr(place, owner):
            found = getattr(place, owner)
            return getattr(found, member) if dot else found
    raise AssertionError(f"there is no {name}")
