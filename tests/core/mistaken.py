"""Networks on which mistakes show."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import combinations

import numpy as np
from hypothesis import strategies as st

import bpviz as bp
from tests.core.networks import OPTIMIZERS, cases

X = np.array([[0.4, -0.7], [0.9, 0.3]])
Y = np.array([[0.2, 0.8], [0.5, 0.1]])


def deep(second_unit: float = -0.9) -> bp.Network:
    """A 2-2-2-2 network; of its two ReLU units one is switched off, or exactly at 0."""
    off = [[0.2, -0.4], [second_unit, 0.6 * (second_unit != 0)]]
    return bp.Network(
        [
            bp.Layer([[0.5, -0.3], [0.8, 0.1]], [0.1, -0.2], "tanh"),
            bp.Layer(off, [0.3, -0.5 * (second_unit != 0)], "relu"),
            bp.Layer([[0.7, -0.6], [-0.2, 0.9]], [0.05, 0.15], "sigmoid"),
        ]
    )


def classifier() -> bp.Network:
    """A 2-2-2 network with softmax and cross-entropy."""
    return bp.Network(
        [
            bp.Layer([[0.5, -0.3], [0.8, 0.1]], [0.1, -0.2], "tanh"),
            bp.Layer([[0.7, -0.6], [-0.2, 0.9]], [0.05, 0.15], "softmax"),
        ],
        "cross_entropy",
    )


def coupled() -> bp.Network:
    """A 2-2-2 network with softmax in the hidden layer and squared error."""
    return bp.Network(
        [
            bp.Layer([[0.5, -0.3], [0.8, 0.1]], [0.1, -0.2], "softmax"),
            bp.Layer([[0.7, -0.6], [-0.2, 0.9]], [0.05, 0.15], "sigmoid"),
        ]
    )


@contextmanager
def of_ones_own(name: str, alters, **more) -> Iterator[str]:
    """Have a mistake that bpviz has not, while a block lasts."""
    texts = dict.fromkeys(("change", "notice", "source", "needs"), "any")
    bp.mistakes.add(bp.Mistake(name, "Something odd is computed", **texts, alters=alters, **more))
    try:
        yield name
    finally:
        bp.mistakes.remove(name)


def compatible(names: tuple[str, ...]) -> bool:
    return not any(b in bp.mistakes[a].excludes for a, b in combinations(names, 2))


@st.composite
def mistaken_runs(draw):
    """A network, samples for two updates, the samples of an update, and a mistaken rule."""
    network, inputs, targets = draw(cases(most_samples=3))
    names = st.lists(st.sampled_from(list(bp.mistakes)), min_size=1, max_size=4, unique=True)
    rule = bp.Rule(
        learning_rate=draw(st.sampled_from([0.01, 0.5])),
        update=draw(st.sampled_from(["simultaneous", "dirty"])),
        train_biases=draw(st.booleans()),
        mistakes=draw(names.map(tuple).filter(compatible)),
        optimizer=draw(st.sampled_from(OPTIMIZERS)),
    )
    twice = np.concatenate((inputs, 0.5 * inputs)), np.concatenate((targets, targets[::-1]))
    return network, *twice, len(inputs), rule
