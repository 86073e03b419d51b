"""Recorded training of the 2-2-1 network, against loops that record nothing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from micrograd.engine import Value
from micrograd.nn import MLP

import bpviz as bp
from benchmarks.measuring import Result, ratios
from bpviz.core.update import algorithm, frame
from tests.core import lecture

EXAMPLE = bp.presets.xor()
X, Y = EXAMPLE.inputs, EXAMPLE.targets
EPOCHS, RATE = 500, 0.01


def train(rule: bp.Rule, epochs: int = EPOCHS, **options: object) -> bp.History:
    return bp.train(EXAMPLE.network, X, Y, rule, epochs, **options)


def train_anew(rule: bp.Rule) -> bp.History:
    """Train, and prepare what is kept for a shape and a rule as if it were the first time."""
    algorithm._algorithm.cache_clear()
    frame._pattern.cache_clear()
    return train(rule)


def train_torch(epochs: int = EPOCHS) -> list[np.ndarray]:
    """Train by PyTorch's autograd, and return the parameters at the end."""
    parameters = [
        torch.tensor(array, requires_grad=True)
        for layer in EXAMPLE.network.layers
        for array in (layer.weights, layer.bias)
    ]
    weights_1, bias_1, weights_2, bias_2 = parameters
    samples = [(torch.tensor(x), torch.tensor(y)) for x, y in zip(X, Y, strict=True)]
    for _ in range(epochs):
        for x, y in samples:
            hidden = torch.relu(torch.nn.functional.linear(x, weights_1, bias_1))
            output = torch.nn.functional.linear(hidden, weights_2, bias_2)
            loss = 0.5 * ((output - y) ** 2).sum()
            loss.backward()
            with torch.no_grad():
                for parameter in parameters:
                    parameter -= RATE * parameter.grad
                    parameter.grad = None
    return [parameter.detach().numpy() for parameter in parameters]


def train_micrograd(epochs: int = EPOCHS) -> list[np.ndarray]:
    """Train by micrograd, number by number, and return the parameters at the end."""
    network = MLP(2, [2, 1])
    for ours, layer in zip(EXAMPLE.network.layers, network.layers, strict=True):
        for weights, bias, unit in zip(ours.weights, ours.bias, layer.neurons, strict=True):
            unit.w = [Value(float(weight)) for weight in weights]
            unit.b = Value(float(bias))
    samples = [(list(map(float, x)), float(y[0])) for x, y in zip(X, Y, strict=True)]
    for _ in range(epochs):
        for x, y in samples:
            loss = (network(x) - y) ** 2 * 0.5
            network.zero_grad()
            loss.backward()
            for parameter in network.parameters():
                parameter.data -= RATE * parameter.grad
    return [
        np.array(numbers)
        for layer in network.layers
        for numbers in (
            [[weight.data for weight in unit.w] for unit in layer.neurons],
            [unit.b.data for unit in layer.neurons],
        )
    ]


def check_that_all_do_the_same() -> None:
    """Raise AssertionError if one of the loops trains differently."""
    losses, *_ = lecture.train(10)
    np.testing.assert_array_equal(train(EXAMPLE.rule, 10).rmse, losses)
    end = train(EXAMPLE.corrected, 10).network(-1)
    ours = [array for layer in end.layers for array in (layer.weights, layer.bias)]
    for theirs in (train_torch(10), train_micrograd(10)):
        for mine, other in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(mine, other, rtol=1e-12)


def results() -> Iterator[Result]:
    """Yield what a recorded update takes."""
    torch.set_num_threads(1)
    check_that_all_do_the_same()
    what = "500 epochs of 2-2-1, recorded"
    theirs = ratios(
        lambda: train_anew(EXAMPLE.rule),
        {"lecture": lambda: lecture.train(EPOCHS)},
    )
    yield Result(what + " (the lecture's rule)", "the lecture's loop", theirs["lecture"], 0.58)
    theirs = ratios(
        lambda: train_anew(EXAMPLE.corrected),
        {
            "lecture": lambda: lecture.train(EPOCHS),
            "torch": train_torch,
            "micrograd": train_micrograd,
        },
    )
    what += " (the right rule)"
    yield Result(what, "the lecture's loop", theirs["lecture"], 0.58)
    yield Result(what, "PyTorch eager", theirs["torch"], 1 / 16)
    yield Result(what, "micrograd", theirs["micrograd"])
