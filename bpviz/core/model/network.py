"""Layers and networks: immutable parameters with checked shapes."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from bpviz.core.arguments import (
    Array,
    finite_array,
    is_one_sample,
    list_of,
    positive_count,
    refuse_beyond_memory,
    samples_array,
    seed_number,
    shortened,
)
from bpviz.core.model.architecture import Architecture
from bpviz.core.model.functions import Activation, activation_named, sigmoid
from bpviz.core.model.losses import Loss, loss_named, squared_error
from bpviz.core.outside import DrawsItself, outside
from bpviz.core.words import counted

AGGREGATES_BEFORE_LOSS = np.array([-1000.0, -30.0, -3.0, -0.5, 0.0, 0.5, 3.0, 30.0, 1000.0])
"""Where the function of the last layer must give outputs that the loss can take."""


class Layer:
    """A dense layer, h = f(W x + b).

    Parameters
    ----------
    weights : array_like, shape (units, inputs)
        One row per unit.
    bias : array_like, shape (units,), or None
        None means zeros.
    activation : Activation or str
        f, for example `bpviz.relu` or "relu".

    Raises
    ------
    TypeError, ValueError
        If an argument has the wrong shape or holds something that is not a finite number.

    Examples
    --------
    >>> bp.Layer([[0.5, 0.1], [-0.6, 0.7]], bias=[0, 1], activation="relu")
    Layer(2 → 2, relu)
    """

    __slots__ = ("activation", "bias", "weights")

    weights: Array
    bias: Array
    activation: Activation

    def __init__(
        self,
        weights: ArrayLike,
        bias: ArrayLike | None = None,
        activation: Activation | str = sigmoid,
    ) -> None:
        matrix = finite_array("weights", weights)
        if matrix.ndim != 2 or not matrix.size:
            raise ValueError(
                f"weights has shape {matrix.shape}; a layer needs (units, inputs), one row per "
                "unit, for example [[0.5, 0.1, 0.1]] for one unit with three inputs"
            )
        units = len(matrix)
        vector = np.zeros(units) if bias is None else finite_array("bias", bias)
        if vector.size != units or (vector.ndim > 1 and vector.shape != (units, 1)):
            raise ValueError(
                f"bias has shape {vector.shape}; the layer has {units} "
                f"unit{'s' * (units > 1)}, so ({units},) is needed"
            )
        vector = vector.reshape(units)
        matrix.flags.writeable = vector.flags.writeable = False
        object.__setattr__(self, "weights", matrix)
        object.__setattr__(self, "bias", vector)
        object.__setattr__(self, "activation", activation_named("activation", activation))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a Layer does not change; make a new one to set its {name}")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a Layer does not change; its {name} stays")

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Layer)
            and self.activation == other.activation
            and np.array_equal(self.weights, other.weights)
            and np.array_equal(self.bias, other.bias)
        )

    def __hash__(self) -> int:
        return hash((self.weights.shape, *self.weights.flat, *self.bias, self.activation))

    def __reduce__(self) -> tuple[type[Layer], tuple[object, ...]]:
        return Layer, (self.weights, self.bias, self.activation)

    @property
    def units(self) -> int:
        """The number of units, n_l."""
        return len(self.weights)

    @property
    def inputs(self) -> int:
        """The number of inputs of each unit, n_{l-1}."""
        return int(self.weights.shape[1])

    def __repr__(self) -> str:
        return f"Layer({self.inputs} → {self.units}, {self.activation.name})"


class Network(DrawsItself):
    """A dense feed-forward network and its loss.

    Parameters
    ----------
    layers : iterable of Layer
        From the first hidden layer to the output layer.
    loss : Loss or str
        By default the squared error, ½ Σ (h − y)².

    Raises
    ------
    TypeError, ValueError
        If there is no layer, or one does not fit the layer before it or the loss.

    Examples
    --------
    >>> network = bp.Network([bp.Layer([[0.5, 0.1]], activation="sigmoid")])
    >>> network.predict([1, 2]).round(4)
    array([0.6682])
    >>> bp.Network.random([2, 3, 1], activations=["tanh", "sigmoid"], seed=0)
    Network(2-3-1; tanh, sigmoid; loss squared_error)
    """

    __slots__ = ("layers", "loss")

    layers: tuple[Layer, ...]
    loss: Loss

    def __init__(self, layers: Iterable[Layer], loss: Loss | str = squared_error) -> None:
        checked = tuple(list_of("layers", layers, "[Layer(weights, bias, activation)]"))
        if not checked:
            raise ValueError("layers is empty; a network needs at least one Layer")
        for number, layer in enumerate(checked, start=1):
            if not isinstance(layer, Layer):
                raise TypeError(
                    f"layers[{number - 1}] is {type(layer).__name__}; make it a "
                    "Layer(weights, bias, activation)"
                )
            if number > 1 and layer.inputs != checked[number - 2].units:
                before = checked[number - 2].units
                raise ValueError(
                    f"weights of layer {number} have shape {layer.weights.shape}; layer "
                    f"{number - 1} has {before} unit{'s' * (before > 1)}, so "
                    f"({layer.units}, {before}) is needed"
                )
        checked_loss = loss_named(loss)
        needed, found = checked_loss.needs_activation, checked[-1].activation
        if needed is not None and found.formula != needed.formula:
            raise ValueError(
                f"loss is {checked_loss.name}, which needs {needed} in the last layer; "
                f"it has {found}"
            )
        _check_outputs(checked_loss, found)
        _check_names([layer.activation for layer in checked])
        object.__setattr__(self, "layers", checked)
        object.__setattr__(self, "loss", checked_loss)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a Network does not change; make a new one to set its {name}")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a Network does not change; its {name} stays")

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Network) and self.layers == other.layers and self.loss == other.loss
        )

    def __hash__(self) -> int:
        return hash((self.layers, self.loss))

    def __reduce__(self) -> tuple[type[Network], tuple[object, ...]]:
        return Network, (self.layers, self.loss)

    @classmethod
    def random(
        cls,
        sizes: Sequence[int],
        activations: Sequence[Activation | str],
        seed: int | None = None,
        loss: Loss | str = squared_error,
    ) -> Network:
        """Return a network with random weights and zero biases.

        Weights are normal with mean 0 and variance 2/n (ReLU: He et al. 2015) or 1/n
        (the others: Glorot & Bengio 2010, LeCun et al. 1998), n the inputs of the unit.

        Parameters
        ----------
        sizes : sequence of int
            Units of each layer, the input first: `[2, 2, 1]`.
        activations : sequence of Activation or str
            One for each layer but the input.
        seed : int or None
            The same seed gives the same network.
        """
        given = list_of("sizes", sizes, "[2, 2, 1]")
        counts = [positive_count(f"sizes[{i}]", size) for i, size in enumerate(given)]
        if len(counts) < 2:
            raise ValueError(f"sizes is {counts}; give at least inputs and one layer")
        functions = np.asarray(activations, dtype=object)
        if functions.shape != (len(counts) - 1,):
            raise ValueError(
                f"activations is {shortened(activations)}; sizes has {len(counts) - 1} after the "
                "inputs, so a list of as many activation functions is needed"
            )
        generator = np.random.default_rng(seed_number("seed", seed))
        for inputs, units in pairwise(counts):
            refuse_beyond_memory("sizes", counts, inputs * units)
        layers = []
        for inputs, units, activation in zip(counts[:-1], counts[1:], functions, strict=True):
            function = activation_named("activations", activation)
            variance = function.gain / inputs
            weights = generator.standard_normal((units, inputs)) * np.sqrt(variance)
            layers.append(Layer(weights, np.zeros(units), function))
        return cls(layers, loss)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units of each layer, the input first."""
        return (self.layers[0].inputs, *(layer.units for layer in self.layers))

    @property
    def architecture(self) -> Architecture:
        """Sizes, functions and loss, without the numbers."""
        functions = tuple(layer.activation for layer in self.layers)
        return Architecture(self.sizes, functions, self.loss)

    def predict(self, x: ArrayLike) -> Array:
        """Return the output: shape (n_L,) for one sample, (B, n_L) for samples (B, n_0).

        It is infinite or NaN where the numbers grow beyond the largest that there is.
        """
        inputs = samples_array(
            "x", x, self.sizes[0], f"the network has {counted(self.sizes[0], 'input')}"
        )
        own = ((layer, layer.weights, layer.bias) for layer in self.layers)
        with np.errstate(all="ignore"):
            ((_, _, activation),) = deque(forward_pass(own, inputs), maxlen=1)
        activation += 0.0  # turns -0 into 0
        return activation[0] if is_one_sample(x, self.sizes[0]) else activation

    def to_torch(self) -> Any:
        """Return the network as a `torch.nn.Sequential` of float64.

        Linear layers with copies of the weights and biases, each followed by the module of its
        activation function, except for the identity. The loss is not part of it.

        Raises
        ------
        ImportError
            If PyTorch is not installed.
        ValueError
            If a layer has an activation function of one's own.
        """
        return outside("to_torch")(self)

    def __repr__(self) -> str:
        sizes = "-".join(map(str, self.sizes))
        functions = ", ".join(layer.activation.name for layer in self.layers)
        return f"Network({sizes}; {functions}; loss {self.loss.name})"


def _check_outputs(loss: Loss, last: Activation) -> None:
    """Raise ValueError if a loss of outputs from 0 to 1 follows a function that gives others."""
    if not loss.targets:
        return
    with np.errstate(all="ignore"):
        tried = last.values(AGGREGATES_BEFORE_LOSS[None])[0]
    wrong = np.flatnonzero((tried < 0) | (tried > 1))
    if wrong.size:
        at = wrong[np.argmin(np.abs(AGGREGATES_BEFORE_LOSS[wrong]))]
        aggregate = AGGREGATES_BEFORE_LOSS[at]
        raise ValueError(
            f"loss is {loss.name}, which needs outputs from 0 to 1, as sigmoid gives; {last} in "
            f"the last layer gives {tried[at]:.4g} for an aggregate of {aggregate:g}"
        )


def _check_names(functions: Sequence[Activation]) -> None:
    """Raise ValueError if two functions of one name differ."""
    named = {function.name: function for function in functions}
    for number, function in enumerate(functions, start=1):
        if named[function.name] != function:
            raise ValueError(
                f"activation of layer {number} is another {function.name} than that of a later "
                "layer; give each function a name of its own"
            )


def outputs_of_each(network: Network, parameters: Array, inputs: Array) -> Array:
    """Return what a network answers with each of many sets of parameters.

    Parameters
    ----------
    network : Network
        Its sizes and functions.
    parameters : ndarray, shape (sets, parameters)
        W of layer 1 by rows, b of layer 1, W of layer 2, …
    inputs : ndarray, shape (N, n_0)

    Returns
    -------
    ndarray, shape (sets, N, n_L)
    """
    with np.errstate(all="ignore"):
        last = deque(forward_pass(by_layers(network, parameters), inputs), maxlen=1)
    ((_, _, outputs),) = last
    return outputs


def by_layers(network: Network, parameters: Array) -> Iterator[tuple[Layer, Array, Array]]:
    """Yield each layer, and its W and b of one or many sets of parameters, (…, parameters)."""
    start = 0
    for layer in network.layers:
        middle, stop = start + layer.weights.size, start + layer.weights.size + layer.units
        shape = (*parameters.shape[:-1], *layer.weights.shape)
        yield layer, parameters[..., start:middle].reshape(shape), parameters[..., middle:stop]
        start = stop


def forward_pass(
    layers: Iterable[tuple[Layer, Array, Array]], inputs: Array
) -> Iterator[tuple[Layer, Array, Array]]:
    """Yield each layer, and its aggregates and activations with other W and b, (…, N, n_l)."""
    activation = inputs
    for layer, weights, bias in layers:
        aggregate = activation @ weights.swapaxes(-1, -2) + bias[..., None, :]
        activation = layer.activation.values(aggregate)
        yield layer, aggregate, activation
