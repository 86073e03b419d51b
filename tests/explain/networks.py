"""Random networks with rules and samples, for property tests."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

import bpviz as bp
from tests.core.networks import ACTIVATIONS, LOSSES


@st.composite
def cases(draw, most_units=4, most_samples=3):
    """A random network, a batch of samples that fits it, and a rule."""
    sizes = draw(st.lists(st.integers(1, most_units), min_size=2, max_size=5))
    loss = draw(st.sampled_from(LOSSES))
    activations = [draw(st.sampled_from(ACTIVATIONS)) for _ in sizes[1:]]
    if loss == "cross_entropy":
        activations[-1] = "softmax"
    if loss == "binary_cross_entropy":
        activations[-1] = "sigmoid"
    generator = np.random.default_rng(draw(st.integers(0, 2**16)))
    layers = [
        bp.Layer(
            generator.normal(size=(units, inputs)) / np.sqrt(inputs),
            generator.normal(size=units),
            activation,
        )
        for inputs, units, activation in zip(sizes, sizes[1:], activations, strict=False)
    ]
    network = bp.Network(layers, loss)
    samples = draw(st.integers(1, most_samples))
    x = generator.normal(size=(samples, sizes[0]))
    y = generator.normal(size=(samples, sizes[-1]))
    if loss == "binary_cross_entropy":
        y = generator.integers(2, size=y.shape).astype(float)
    if loss == "cross_entropy":
        y = np.eye(sizes[-1])[generator.integers(sizes[-1], size=samples)]
    rule = bp.Rule(
        learning_rate=draw(st.sampled_from([0.01, 0.5])),
        update=draw(st.sampled_from(["simultaneous", "dirty"])),
        train_biases=draw(st.booleans()),
        mistakes=draw(st.sampled_from([(), ("relu_derivative_from_activation",)])),
    )
    return network, x, y, rule
