"""What registers are called."""

from __future__ import annotations

from typing import TypedDict

QUANTITIES = {
    "x": "input",
    "y": "target",
    "W": "weights of layer {layer}",
    "b": "biases of layer {layer}",
    "a": "aggregates of layer {layer}",
    "h": "activations of layer {layer}",
    "s": "derivatives of the activation function in layer {layer}",
    "e": "errors that arrive at layer {layer}, ∂L/∂h",
    "d": "deltas of layer {layer}, ∂L/∂a",
    "loss": "loss of the sample",
    "gW": "gradients of the weights of layer {layer}",
    "gb": "gradients of the biases of layer {layer}",
    "uW": "changes of the weights of layer {layer}",
    "ub": "changes of the biases of layer {layer}",
    "nW": "new weights of layer {layer}",
    "nb": "new biases of layer {layer}",
    "pW": "gradients of the weights of layer {layer} left over from the update before",
    "pb": "gradients of the biases of layer {layer} left over from the update before",
}


class RegisterWords(TypedDict):
    """A register's quantity, layer, and what it is called."""

    quantity: str
    layer: int
    words: str


def register_words(name: str, layers: int) -> RegisterWords:
    """Return the quantity, the layer and the words of a register of a network.

    The input belongs to layer 0, the target and the loss to the last layer.
    """
    quantity = name.rstrip("0123456789")
    number = name[len(quantity) :]
    layer = int(number) if number else 0 if name == "x" else layers
    return {
        "quantity": quantity,
        "layer": layer,
        "words": QUANTITIES[quantity].format(layer=layer),
    }
