"""Random networks with samples that fit, for property tests."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

import bpviz as bp

ACTIVATIONS = [
    *("sigmoid", "relu", "tanh", "identity", "softmax"),
    *("leaky_relu", "softplus", "silu"),
]
OPTIMIZERS = [
    bp.SGD(),
    bp.SGD(momentum=0.9),
    bp.SGD(momentum=0.8, dampening=0.3, weight_decay=0.1),
    bp.SGD(momentum=0.9, nesterov=True),
    # With a smaller eps the rounding of a gradient that should be 0 becomes a change one can see.
    bp.Adam(eps=0.01),
    bp.Adam(betas=(0.5, 0.9), eps=0.01, weight_decay=0.01),
]
LOSSES = ["squared_error", "cross_entropy", "binary_cross_entropy", "huber"]


@st.composite
def cases(draw, most_samples=5):
    """A random network with any activations and loss, inputs, and targets."""
    sizes = draw(st.lists(st.integers(1, 5), min_size=2, max_size=5))
    loss = draw(st.sampled_from(LOSSES))
    activations = [draw(st.sampled_from(ACTIVATIONS)) for _ in sizes[1:]]
    if loss == "cross_entropy":
        activations[-1] = "softmax"
    if loss == "binary_cross_entropy":
        activations[-1] = "sigmoid"
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    layers = [
        bp.Layer(generator.normal(size=(units, inputs)), generator.normal(size=units), activation)
        for inputs, units, activation in zip(sizes[:-1], sizes[1:], activations, strict=True)
    ]
    samples = draw(st.integers(1, most_samples))
    inputs = generator.normal(size=(samples, sizes[0]))
    targets = generator.normal(size=(samples, sizes[-1]))
    if loss == "cross_entropy":
        targets = np.exp(targets) / np.exp(targets).sum(axis=1, keepdims=True)
    if loss == "binary_cross_entropy":
        targets = 1 / (1 + np.exp(-targets))
    return bp.Network(layers, loss), inputs, targets


def rules():
    """A rule of any kind, right or with one mistake."""
    return st.builds(
        bp.Rule,
        learning_rate=st.sampled_from([0.0, 0.01, 0.5]),
        update=st.sampled_from(["simultaneous", "dirty"]),
        train_biases=st.booleans(),
        mistakes=st.one_of(st.just(()), st.tuples(st.sampled_from(list(bp.mistakes)))),
    )
