"""Which register is which in what a function returned: by names, or by its structure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from bpviz.checking.calling import Failure
from bpviz.checking.foreign import Taken
from bpviz.core.operations.quantities import RATE, quantity_of
from bpviz.core.update.tape import Layout, Register

WANTED = (
    "Return two lists, return weight_gradients, bias_gradients, with an array for each layer, or "
    'a dict of registers by name, such as {"d1": …, "gW1": …}.'
)
NOT_YET = "Does it end with a return, and does everything in it have a value by then?"

LONG_NAMES = {
    "weight_gradient": "gW",
    "weight_gradients": "gW",
    "bias_gradient": "gb",
    "bias_gradients": "gb",
}
"""What the registers of a layer, or of all layers, may be called too."""

AS_GRADIENTS = "The names W and b were read as the gradients gW and gb."
WEIGHTS_ALONE = "Read as the gradients of the weights alone; those of the biases did not come."


@dataclass(frozen=True)
class Naming:
    """A way to read what was returned.

    Attributes
    ----------
    style : str
        How it is built.
    parts : dict
        From registers to what was returned for them.
    note : str
        What to say about this reading; "" where it needs no word.
    fit : int
        How well its shapes fit, to compare it with others.
    """

    style: str
    parts: dict[str, Taken]
    note: str = ""
    fit: int = 0


def known_names(layout: Layout) -> frozenset[str]:
    """Return the names by which registers are found in what was returned."""
    names = _returnable(layout)
    return frozenset((*names, *_families(layout), *LONG_NAMES))


def namings(returned: Taken, layout: Layout) -> list[Naming] | Failure:
    """Return the ways to read what was returned, the likeliest first, or why there is none.

    Where the shapes of several fit, all of them are given; else the one that fits best.
    """
    if returned.is_nothing and returned.names:
        return Failure(
            f"Your turn: your function returns None for {' and '.join(returned.names)}.",
            "Put what you compute in the place of None.",
            untouched=True,
        )
    if returned.is_nothing:
        if returned.text == "None":
            return Failure("Your function returned None.", f"{NOT_YET} {WANTED}")
        return Failure(
            f"Your turn: your function returns nothing but None yet, {returned.text}.",
            f"{NOT_YET} {WANTED}",
            untouched=True,
        )
    if returned.names is not None:
        return _of_names(returned, layout)
    found = list(_of_structure(returned.inside, layout))
    fits = [_fits(naming, layout) for naming in found]
    likely = [
        replace(naming, fit=sum(fit)) for naming, fit in zip(found, fits, strict=True) if all(fit)
    ]
    if likely:
        return sorted(likely, key=lambda naming: -naming.fit)  # of equals, the first stays first
    turned = _turned_around(found, layout)
    if turned is not None:
        return turned
    if returned.items is None and not returned.inside:
        return Failure(f"Your function returned {returned.text}.", WANTED)
    counts = [sum(score > 0 for score in fit) for fit in fits]
    readable = [
        k
        for k, naming in enumerate(found)
        if naming.style in (BY_NAME, TWO_LISTS) or 2 * counts[k] > len(naming.parts)
    ]
    if readable:
        return [found[max(readable, key=lambda k: (counts[k], sum(fits[k])))]]
    return _what_came(returned, layout)


TWO_LISTS = "two lists, first the gradients of all weights and then those of all biases"
PAIRS = "a pair for each layer, the gradients of its weights and of its biases"
BY_LAYER = "one list, layer by layer: gW1, gb1, gW2, …"
WEIGHTS_FIRST = "one list, first the gradients of all weights and then those of all biases"
ONLY_WEIGHTS = "one list, the gradients of the weights"
BY_NAME = "registers by name"


def _of_structure(items: Sequence[Taken], layout: Layout) -> Iterator[Naming]:
    """Yield the ways to read a list."""
    layers, count = layout.layers, len(items)
    weights = [f"gW{number}" for number in range(1, layers + 1)]
    biases = [f"gb{number}" for number in range(1, layers + 1)]
    by_layer = [name for pair in zip(weights, biases, strict=True) for name in pair]
    if items and all(item.names is not None for item in items):
        named = _of_layers(items, layout)
        if named is not None:
            yield named
    if count == 2 and all(len(item.inside) == layers for item in items):
        parts = (*items[0].inside, *items[1].inside)
        yield Naming(TWO_LISTS, dict(zip((*weights, *biases), parts, strict=True)))
    if count == layers and all(len(item.inside) == 2 for item in items):
        flat = [part for item in items for part in item.inside]
        yield Naming(PAIRS, dict(zip(by_layer, flat, strict=True)))
    if count == 2 * layers:
        yield Naming(BY_LAYER, dict(zip(by_layer, items, strict=True)))
        if layers > 1:
            yield Naming(WEIGHTS_FIRST, dict(zip((*weights, *biases), items, strict=True)))
    if count == layers:
        yield Naming(ONLY_WEIGHTS, dict(zip(weights, items, strict=True)), WEIGHTS_ALONE)


def _of_names(returned: Taken, layout: Layout) -> list[Naming] | Failure:
    assert returned.names is not None
    parts, unknown = _expanded(returned.names, layout)
    short = [key for key in unknown if LONG_NAMES.get(key, key) in _families(layout)]
    if short:
        return Failure(
            f"Your function returned {short[0]!r} without an entry for each of the "
            f"{_count(layout.layers, 'layer')}.",
            WANTED,
        )
    strange = [*(repr(key) for key in unknown), *returned.strange_keys]
    if strange:
        known = _returnable(layout)
        return Failure(
            f"Your function returned a dict with {', '.join(strange)}, which is no register of "
            "this network.",
            f"The registers are {', '.join(known)}.",
        )
    if not parts:
        return Failure("Your function returned an empty dict.", WANTED)
    return [_named(parts)]


def _named(parts: dict[str, Taken]) -> Naming:
    """Return registers by name; what is named after parameters alone holds their gradients."""
    if all(name[0] in "Wb" for name in parts):
        return Naming(BY_NAME, {f"g{name}": part for name, part in parts.items()}, AS_GRADIENTS)
    return Naming(BY_NAME, parts)


def _of_layers(items: Sequence[Taken], layout: Layout) -> Naming | None:
    """Return the registers of a dict for each layer, or of dicts that are parts of one."""
    families = {*_families(layout), *LONG_NAMES}
    names = [set(item.names or ()) for item in items]
    if len(items) == layout.layers and all(found <= families for found in names):
        parts = {}
        for number, item in enumerate(items, start=1):
            for name, part in (item.names or {}).items():
                parts[f"{LONG_NAMES.get(name, name)}{number}"] = part
        return _named(parts) if parts and set(parts) <= set(layout.registers) else None
    apart = sum(map(len, names)) == len(set().union(*names))
    if not apart or any(item.strange_keys for item in items):
        return None
    merged = {name: part for item in items for name, part in (item.names or {}).items()}
    parts, unknown = _expanded(merged, layout)
    return _named(parts) if parts and not unknown else None


def _expanded(names: dict[str, Taken], layout: Layout) -> tuple[dict[str, Taken], list[str]]:
    """Return registers by name, a list for all layers taken apart, and the names of no register."""
    families = _families(layout)
    parts: dict[str, Taken] = {}
    unknown = []
    for name, part in names.items():
        family = LONG_NAMES.get(name, name)
        if name in _returnable(layout):
            parts[name] = part
        elif family in families and len(part.inside) == layout.layers:
            for number, item in enumerate(part.inside, start=1):
                if f"{family}{number}" in layout.registers:
                    parts[f"{family}{number}"] = item
        else:
            unknown.append(name)
    return parts, unknown


def _returnable(layout: Layout) -> list[str]:
    """Return the registers that a function may return: those of its own making, and x, y, W, b."""
    return [
        name for name in layout.registers if name not in layout.carried and name != RATE.register
    ]


def _families(layout: Layout) -> list[str]:
    """Return the letters of the registers that layers have, such as a, h and gW."""
    names = [name for name in _returnable(layout) if name[-1].isdigit()]
    return list(dict.fromkeys(quantity_of(name) for name in names))


def _fits(naming: Naming, layout: Layout) -> list[int]:
    """Return how well each shape fits: 2 as it is or transposed, 1 with its lengths of 1, or 0."""
    return [_fit(part, layout.register(name)) for name, part in naming.parts.items()]


def _fit(part: Taken, register: Register) -> int:
    numbers, shape = part.numbers, register.shape
    if isinstance(numbers, str):
        return 0
    if numbers.shape in (shape, shape[::-1]):
        return 2
    flat = all(sum(length > 1 for length in s) <= 1 for s in (numbers.shape, shape))
    return int(flat and numbers.size == np.prod(shape))


def _turned_around(found: Iterable[Naming], layout: Layout) -> Failure | None:
    """Return what to do where the shapes fit in another order, and not in their own."""
    last = layout.layers + 1
    fitting: list[tuple[int, bool]] = []
    for naming, swapped in product(found, (False, True)):
        if naming.style in (BY_NAME, ONLY_WEIGHTS):
            continue
        parts = {}
        for name, part in naming.parts.items():
            number = int(name[2:]) if swapped else last - int(name[2:])
            letter = {"W": "b", "b": "W"}[name[1]] if swapped else name[1]
            parts[f"g{letter}{number}"] = part
        fits = _fits(Naming(naming.style, parts), layout)
        if all(fits):
            fitting.append((sum(fits), swapped))
    if not fitting:
        return None
    if max(fitting)[1]:
        return Failure(
            "Your function returned the gradients of the biases first.",
            "Those of the weights come first: return weight_gradients, bias_gradients.",
        )
    return Failure(
        "Your function returned the gradients of the last layer first.",
        "The backward pass finds them in that order; turn the lists around before the return, "
        "weight_gradients[::-1].",
    )


def _what_came(returned: Taken, layout: Layout) -> Failure:
    """Return what is wrong with a list that cannot be read in any way."""
    items, layers = returned.inside, layout.layers
    if len(items) != 2:
        return Failure(f"Your function returned {_count(len(items), 'value')}.", WANTED)
    for what, values in zip(("weight", "bias"), items, strict=True):
        if not values.inside:
            return Failure(
                f"The {what} gradients that your function returned are {values.text}.", WANTED
            )
        if len(values.inside) != layers:
            return Failure(
                f"Your function returned {_count(len(values.inside), f'{what} gradient')}; the "
                f"network has {_count(layers, 'layer')}.",
                f"Return a list of {_count(layers, 'array')}, one for each layer, the first hidden "
                "layer first.",
            )
    return Failure("Your function returned two values that cannot be read.", WANTED)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"
