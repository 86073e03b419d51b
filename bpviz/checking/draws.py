"""The weights and data on which a learner's function is tried."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from bpviz.core.arguments import Array
from bpviz.core.model.network import Layer, Network
from bpviz.core.run.example import Example
from bpviz.core.update.backprop import backprop
from bpviz.core.update.possible import reason_against
from bpviz.core.update.rule import Rule
from bpviz.core.update.tape import Trace
from bpviz.core.update.variants import Variants

DRAWS = 6
ONE_AT_ZERO = "relu_derivative_one_at_zero"
SEED = 0


@dataclass(frozen=True)
class Draw:
    """A network with samples, and the right update.

    Attributes
    ----------
    network : Network
        The weights and biases.
    x, y : ndarray, shapes (B, n_0) and (B, n_L)
        The samples.
    trace : Trace
        The right update.
    """

    network: Network
    x: Array
    y: Array
    trace: Trace

    @cached_property
    def variants(self) -> Variants:
        """The update as other rules would make it."""
        return Variants(self.trace)

    @cached_property
    def with_slope_one(self) -> Trace:
        """The update with 1 as ReLU's derivative at 0; the right one where no layer has ReLU."""
        if reason_against(ONE_AT_ZERO, self.network) is not None:
            return self.trace
        rule = self.trace.rule
        return self.variants.under(replace(rule, mistakes=(*rule.mistakes, ONE_AT_ZERO)))

    @property
    def samples(self) -> int:
        """B, the number of samples."""
        return len(self.x)


def make_draws(
    network: Network, rule: Rule, batch: bool, example: Example | None, samples: int | None = None
) -> tuple[Draw, ...]:
    """Return the draws for a network; the same every time.

    The first has the weights of the network itself, the others weights of their own. Where
    there is ReLU, the last has a unit in each of its layers whose aggregate is exactly 0.

    Parameters
    ----------
    network : Network
        Its shape, and the weights of the first draw.
    rule : Rule
        What the right update does.
    batch : bool
        Whether a draw has several samples.
    example : Example or None
        Whose sample is the first of the first draw.
    samples : int or None
        How many samples a draw has; by default numbers that no layer has as its size, so that
        an array with the wrong axis first has the wrong shape.
    """
    generator = np.random.RandomState(SEED)
    counts = _counts(network, batch) if samples is None else (samples,)
    made = []
    for number in range(DRAWS):
        own = network if number == 0 else _drawn(network, generator)
        if number == DRAWS - 1:
            own = _with_zero_aggregates(own)
        count = counts[number % len(counts)]
        x, y = _inputs(network, count, generator), _targets(network, count, generator)
        if number == 0 and example is not None:
            x[0], y[0] = example.inputs[0], example.targets[0]
        trace = backprop(own, x, y, rule)
        if np.isfinite(trace.row).all():
            made.append(Draw(own, x, y, trace))
    return tuple(made)


def _counts(network: Network, batch: bool) -> tuple[int, ...]:
    if not batch:
        return (1,)
    free = [count for count in range(3, 3 + 2 + len(network.sizes)) if count not in network.sizes]
    return (free[0], free[1])


def _drawn(network: Network, generator: np.random.RandomState) -> Network:
    """Return the network with short weights of ordinary size, and biases that are not 0."""
    layers = []
    for layer in network.layers:
        weights = _short(generator.randn(*layer.weights.shape) / np.sqrt(layer.inputs), 2)
        layers.append(Layer(weights, _short(generator.randn(layer.units) / 2, 2), layer.activation))
    return Network(layers, network.loss)


def _short(numbers: Array, digits: int) -> Array:
    """Return numbers rounded to so many decimals, none of them 0."""
    rounded = np.round(numbers, digits)
    return np.where(rounded == 0, 10.0**-digits, rounded)


def _with_zero_aggregates(network: Network) -> Network:
    layers = []
    for layer in network.layers:
        weights, bias = layer.weights.copy(), layer.bias.copy()
        if layer.activation.kinked:
            weights[0], bias[0] = 0.0, 0.0
        layers.append(Layer(weights, bias, layer.activation))
    return Network(layers, network.loss)


def _inputs(network: Network, count: int, generator: np.random.RandomState) -> Array:
    return _short(generator.randn(count, network.sizes[0]), 1)


def _targets(network: Network, count: int, generator: np.random.RandomState) -> Array:
    units = network.sizes[-1]
    last = network.layers[-1].activation
    if last.couples_units:
        return np.eye(units)[generator.randint(units, size=count)]
    if (last.lowest, last.highest) == (0.0, 1.0):
        return np.round(generator.rand(count, units), 1)
    return _short(generator.randn(count, units), 1)
