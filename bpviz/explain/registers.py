"""What registers are called."""

from __future__ import annotations

from bpviz.core.operations.quantities import Quantity, layer_of, quantity_of
from bpviz.core.update.tape import Layout


def register_words(name: str, layout: Layout) -> str:
    """Return what a register of a network is called: "weights of layer 1"."""
    words = layout.quantities[quantity_of(name)].words
    return words.replace("{layer}", str(layer_of(name, layout.layers)))


def quantities_json(layout: Layout) -> dict[str, dict[str, str]]:
    """Return how the quantities of an update are written and called, as plain data."""
    found = {quantity_of(name): None for name in layout.registers}
    return {name: quantity_json(layout.quantities[name]) for name in found}


def quantity_json(quantity: Quantity) -> dict[str, str]:
    """Return how a quantity is written and called; what is empty is left out."""
    own = {"words": quantity.words, "one": quantity.one, "legend": quantity.legend}
    return {key: text for key, text in {**quantity.symbol._asdict(), **own}.items() if text}
