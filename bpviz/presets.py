"""The networks of the course."""

from __future__ import annotations

import numpy as np

from bpviz.core.model.functions import identity, relu, sigmoid
from bpviz.core.model.network import Layer, Network
from bpviz.core.run.example import Example
from bpviz.core.update.rule import DIRTY, Rule


def three_two_one() -> Example:
    """Return the 3-2-1 sigmoid network that the first lecture works through by hand.

    It has no biases; here they are zeros that the lecture's rule does not train. The
    lecture makes a single update; 100 epochs show where it leads.

    Examples
    --------
    >>> example = bp.presets.three_two_one()
    >>> example
    Example(three_two_one: 3-2-1 sigmoid network; 1 sample)
    >>> bp.backprop(example.network, example.inputs, example.targets, example.rule)
    Trace(3-2-1, loss 0.00661556)
    """
    network = Network(
        [
            Layer([[0.5, 0.1, 0.1], [-0.6, -0.2, 0.7]], activation=sigmoid),
            Layer([[0.1, -0.3]], activation=sigmoid),
        ]
    )
    return Example(
        name="three_two_one",
        title="3-2-1 sigmoid network",
        source="Lecture notebook “Understanding Backpropagation”",
        network=network,
        inputs=np.array([[0.5, 0.1, -0.2]]),
        targets=np.array([[0.6]]),
        rule=Rule(learning_rate=0.5, train_biases=False),
        corrected=Rule(learning_rate=0.5),
        epochs=100,
    )


def xor() -> Example:
    """Return the 2-2-1 network of the second lecture: XOR on inputs of ±1.

    Its targets are 1 where the two inputs are equal. The start is drawn as the lecture
    draws it, from `RandomState(0)`: bias 1, weights 1, bias 2, weights 2.

    Examples
    --------
    >>> bp.presets.xor()
    Example(xor: 2-2-1 network on XOR; 4 samples)
    >>> bp.presets.xor().rule.mistakes
    ('relu_derivative_from_activation',)
    """
    generator = np.random.RandomState(0)
    bias_1, weights_1 = generator.randn(2), generator.randn(2, 2)
    bias_2, weights_2 = generator.randn(1), generator.randn(1, 2)
    return Example(
        name="xor",
        title="2-2-1 network on XOR",
        source="Lecture notebook “Backprop Algorithm for Neural Network”",
        network=Network([Layer(weights_1, bias_1, relu), Layer(weights_2, bias_2, identity)]),
        inputs=np.array([[1.0, 1.0], [-1.0, 1.0], [1.0, -1.0], [-1.0, -1.0]]),
        targets=np.array([[1.0], [0.0], [0.0], [1.0]]),
        rule=Rule(
            learning_rate=0.01,
            update=DIRTY,
            train_biases=False,
            mistakes=("relu_derivative_from_activation",),
        ),
        corrected=Rule(learning_rate=0.01),
        epochs=500,
    )
