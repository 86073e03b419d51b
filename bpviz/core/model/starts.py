"""The initial parameters of many runs."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from bpviz.core.arguments import Array
from bpviz.core.model.network import Layer, Network, by_layers

RANDOM, LECTURE = "random", "lecture"
SCHEMES = (RANDOM, LECTURE)


def drawn_starts(network: Network, scheme: str, runs: int, seed: int) -> Array:
    """Return the initial parameters of many runs, from one stream of random numbers.

    The first runs are the same however many there are.

    Parameters
    ----------
    network : Network
        Its sizes and functions; its numbers do not matter.
    scheme : str
        "random": as `Network.random` draws, and the first run is
        `Network.random(sizes, activations, seed)`. "lecture": all parameters standard
        normal, for each layer first b, then W; with seed 0 the first run of a 2-2-1
        network is the lecture's.
    runs : int
        How many.
    seed : int
        What the stream follows from.

    Returns
    -------
    ndarray, shape (runs, parameters)
        In the order of the tape: W1 row by row, b1, W2, …
    """
    parts = []
    if scheme == LECTURE:
        stream = np.random.RandomState(seed)
        numbers = stream.standard_normal((runs, count(network)))
        start = 0
        for inputs, units in pairwise(network.sizes):
            bias = numbers[:, start : start + units]
            weights = numbers[:, start + units : start + units * (1 + inputs)]
            parts += [weights, bias]
            start += units * (1 + inputs)
        return np.concatenate(parts, axis=1)
    generator = np.random.default_rng(seed)
    numbers = generator.standard_normal((runs, sum(la.weights.size for la in network.layers)))
    start = 0
    for layer in network.layers:
        variance = layer.activation.gain / layer.inputs
        weights = numbers[:, start : start + layer.weights.size] * np.sqrt(variance)
        parts += [weights, np.zeros((runs, layer.units))]
        start += layer.weights.size
    return np.concatenate(parts, axis=1)


def count(network: Network) -> int:
    """Return how many weights and biases a network has."""
    return sum(layer.weights.size + layer.bias.size for layer in network.layers)


def parameters_of(network: Network) -> Array:
    """Return the weights and biases of a network, shape (parameters,), in the order of the tape."""
    arrays = [array.ravel() for layer in network.layers for array in (layer.weights, layer.bias)]
    return np.concatenate(arrays)


def with_parameters(network: Network, parameters: Array) -> Network:
    """Return the network with other parameters, in the order of the tape."""
    of_layers = by_layers(network, parameters)
    return Network([Layer(w, b, layer.activation) for layer, w, b in of_layers], network.loss)
