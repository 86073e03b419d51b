"""What registers are called."""

from __future__ import annotations

from typing import TypedDict

from bpviz.core.operations.quantities import layer_of, quantity_of
from bpviz.core.update.tape import Layout


class RegisterWords(TypedDict):
    """A register's quantity, layer, and what it is called."""

    quantity: str
    layer: int
    words: str


def register_words(name: str, layout: Layout) -> RegisterWords:
    """Return the quantity, the layer and the words of a register of a network.

    The input belongs to layer 0, the target and the loss to the last layer.
    """
    quantity, layer = quantity_of(name), layer_of(name, layout.layers)
    words = layout.quantities[quantity].words.format(layer=layer)
    return {"quantity": quantity, "layer": layer, "words": words}
