"""What earlier versions of a panel's data are brought up to.

The front end's `extension/older.ts` does the same where a notebook is opened.
"""

from __future__ import annotations

from typing import Any

from bpviz.core.operations.quantities import QUANTITIES, Quantity, symbol_of
from bpviz.explain.registers import quantity_json
from bpviz.panels.kept import TraitValues


def brought_up(values: TraitValues) -> TraitValues:
    """Return the values of a panel's traits with programs as this version writes them.

    In version 1 registers had words of their own, and the browser knew the quantities.
    """
    return {name: _whole(value) for name, value in values.items()}


def _whole(value: Any) -> Any:
    if not isinstance(value, dict) or "quantities" in value:
        return value
    if "sizes" in value:
        return {**value, "sizes": [_size(one) for one in value["sizes"]]}
    if "registers" in value:
        return {**value, "version": 2, "quantities": _quantities(value["registers"])}
    return value


def _size(size: dict[str, Any]) -> dict[str, Any]:
    """Return what programs of a number of samples are put together from."""
    if "quantities" in size:
        return size
    table = size["registers"]
    are = {key: _quantities(registers) for key, registers in table["are"].items()}
    return {**size, "quantities": {**table, "are": are}}


def _quantities(registers: dict[str, dict[str, Any]]) -> dict[str, dict[str, str]]:
    found = {register["quantity"]: register for register in registers.values()}
    return {
        name: quantity_json(QUANTITIES.get(name) or _carried(name, register))
        for name, register in found.items()
    }


def _carried(name: str, register: dict[str, Any]) -> Quantity:
    """Return a quantity that an optimiser, or a mistake, has added."""
    words = register["words"].replace(f"layer {register['layer']}", "layer {layer}")
    of = "weight" if name.endswith("W") else "bias of"
    noun = words.partition(" for the ")[0]
    return Quantity(words, f"{noun} for the {of}", symbol_of(name), ())
