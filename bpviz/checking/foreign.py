"""What a learner's function returned, taken over as plain data that can do nothing any more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import islice
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bpviz.checking.guarded import attempt, described, plain_text
from bpviz.core.arguments import Array

MOST_ITEMS = 1000
"""So many items of what is no array are looked at."""

MOST_STACKED = 10_000_000
"""So many numbers are put together from a list of arrays; of more only the shape is kept."""

MOST_PARTS = 5000
DEEPEST = 6

NONSENSE = "no_object_has_an_attribute_of_this_name"
"""What has it all the same, such as a mock, is not read by its attributes."""

UNTOUCHED = "It is None."
"""What is said of a register for which nothing came, as in an exercise before it is done."""

NOTHING = object()


@dataclass(frozen=True, eq=False)
class Taken:
    """A piece of what was returned: numbers, several pieces, pieces with names, or neither.

    Attributes
    ----------
    text : str
        How it would be written.
    array : ndarray or None
        Its numbers.
    items : tuple of Taken or None
        What is in it, in order.
    names : dict or None
        What is in it, by name.
    strange_keys : tuple of str
        The keys of a dict that are no strings, as they would be written.
    trouble : str
        Why it holds no numbers.
    """

    text: str
    array: NDArray[Any] | None = None
    items: tuple[Taken, ...] | None = None
    names: dict[str, Taken] | None = None
    strange_keys: tuple[str, ...] = ()
    trouble: str = ""

    @cached_property
    def numbers(self) -> Array | str:
        """The numbers in it as one array, or why they are none."""
        if self.array is not None:
            return self.array
        if not self.items:
            return self.trouble or f"It holds no numbers, but {self.text}."
        parts = [item.numbers for item in self.items]
        arrays = [part for part in parts if not isinstance(part, str)]
        if len(arrays) < len(parts):
            return f"It holds no numbers, but {self.text}."
        if len({array.shape for array in arrays}) > 1:
            return "Its rows have different lengths."
        if sum(array.size for array in arrays) > MOST_STACKED:
            return np.broadcast_to(np.float64("nan"), (len(arrays), *arrays[0].shape))
        return np.stack(arrays)

    @cached_property
    def inside(self) -> tuple[Taken, ...]:
        """What is in it, in order; the first axis of an array counts as a list."""
        if self.items is not None:
            return self.items
        if self.array is None or not 0 < len(np.atleast_1d(self.array)) <= MOST_ITEMS:
            return ()
        return () if self.array.ndim == 0 else tuple(_row(numbers) for numbers in self.array)

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing in it but None."""
        inner = self.items or tuple((self.names or {}).values())
        return self.text == "None" if not inner else all(part.is_nothing for part in inner)


def _row(numbers: NDArray[Any]) -> Taken:
    text = f"{numbers:g}" if numbers.ndim == 0 else f"an array of shape {numbers.shape}"
    return Taken(text, array=np.asarray(numbers))


def taken(value: Any, known: frozenset[str], layers: int, most: int) -> Taken:
    """Return what a function returned as plain data.

    Parameters
    ----------
    value : object
        Anything; looking at it may run code, raise, or never end.
    known : frozenset of str
        The names by which an object with attributes is read.
    layers : int
        A dict whose keys count so many layers, from 0 or 1, is a list.
    most : int
        Of a larger array only the shape is kept.
    """
    return _Taker(known, layers, most).take(value)


class _Taker:
    def __init__(self, known: frozenset[str], layers: int, most: int) -> None:
        self._known, self._layers, self._most = known, layers, most
        self._left = MOST_PARTS

    def take(self, value: Any, depth: int = 0) -> Taken:
        self._left -= 1
        kind = type(value)
        if value is None:
            return Taken("None", trouble=UNTOUCHED)
        if depth > DEEPEST or self._left < 0:
            return Taken(described(value), trouble="There is too much in it, one in the other.")
        if _is(kind, (str, bytes, bytearray)):
            return self._odd(value)
        fields = attempt(lambda: [str(name) for name in value._fields if name in self._known])
        if _is(kind, tuple) and fields:
            return self._by_attributes(value, depth) or self._odd(value)
        if _is(kind, Mapping):
            return self._mapping(value, depth) or self._odd(value)
        if (kind is tuple or kind is list) and not value:
            return Taken(described(value), items=())
        array = _array(value, kind)
        if array is not None and array.dtype.kind in "biufc":
            return self._numbers(value, array)
        if array is not None and array.ndim == 0 and array.dtype.kind == "O":
            inner = array.item()
            return self._odd(value) if inner is value else self.take(inner, depth + 1)
        if _is(kind, (Set, type)):
            return self._odd(value)
        return self._listed(value, depth) or self._by_attributes(value, depth) or self._odd(value)

    def _numbers(self, value: Any, array: NDArray[Any]) -> Taken:
        shape = array.shape
        text = described(value) if array.size <= 8 else f"an array of shape {shape}"
        if array.dtype.kind == "c":
            return Taken(text, trouble="It holds complex numbers.")
        if attempt(np.ma.is_masked, value, otherwise=False) is True:
            return Taken(text, trouble="It has masked entries.")
        if array.size > self._most:
            return Taken(text, array=np.broadcast_to(np.float64("nan"), shape))
        with np.errstate(all="ignore"):
            return Taken(text, array=np.array(array, dtype=np.float64))

    def _mapping(self, value: Any, depth: int) -> Taken | None:
        pairs = attempt(lambda: [(key, entry) for key, entry in islice(value.items(), MOST_ITEMS)])
        if pairs is None:
            return None
        counts = [int(key) for key, _ in pairs if _is(type(key), (int, np.integer))]
        first = min(counts, default=0)
        layers = range(first, first + self._layers) if first in (0, 1) else range(0)
        if len(counts) == len(pairs) and sorted(counts) == list(layers):
            by_layer = dict(zip(counts, (entry for _, entry in pairs), strict=True))
            return self._of(value, [by_layer[number] for number in layers], depth)
        names = {}
        strange = []
        for key, entry in pairs:
            if _is(type(key), str):
                names[plain_text(key)] = self.take(entry, depth + 1)
            else:
                strange.append(described(key))
        return Taken("a dict", names=names, strange_keys=tuple(strange))

    def _listed(self, value: Any, depth: int) -> Taken | None:
        if not attempt(_is_iterable, value, otherwise=False):
            return None
        entries = attempt(lambda: list(islice(iter(value), MOST_ITEMS + 1)))
        if entries is None:
            return None
        if len(entries) > MOST_ITEMS:
            return Taken(described(value), trouble=f"It has more than {MOST_ITEMS} items.")
        return self._of(value, entries, depth)

    def _of(self, value: Any, entries: list[Any], depth: int) -> Taken:
        items = tuple(self.take(entry, depth + 1) for entry in entries)
        numbers = all(item.array is not None for item in items)
        return Taken("a list" if numbers and items else described(value), items=items)

    def _by_attributes(self, value: Any, depth: int) -> Taken | None:
        if attempt(getattr, value, NONSENSE, otherwise=NOTHING) is not NOTHING:
            return None
        found = {name: attempt(getattr, value, name, otherwise=NOTHING) for name in self._known}
        names = {name: self.take(v, depth + 1) for name, v in found.items() if v is not NOTHING}
        return Taken("an object", names=names) if names else None

    def _odd(self, value: Any) -> Taken:
        text = described(value)
        return Taken(text, trouble=f"It holds no numbers, but {text}.")


def _is(kind: type, of: Any) -> bool:
    """Return whether a type is one of others; a metaclass may refuse to say."""
    return attempt(issubclass, kind, of, otherwise=False) is True


def _is_iterable(value: Any) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, type)


def _array(value: Any, kind: type) -> NDArray[Any] | None:
    """Return a value that is like an array as one of NumPy's own, or None."""
    if _is(kind, (Real, Decimal)) and not _is(kind, (np.generic, complex)):
        number = attempt(float, value)
        return np.asarray(number) if type(number) is float else None
    like = _is(kind, (list, tuple, np.ndarray, np.generic, complex, memoryview)) or any(
        attempt(getattr, kind, name, otherwise=None) is not None
        for name in ("__array__", "__array_interface__", "__array_struct__")
    )
    if not like:
        return None
    array = attempt(np.asarray, value)
    if array is None:  # PyTorch's tensors ask for it when they need gradients
        array = attempt(lambda: np.asarray(value.detach().cpu()))
    return array if type(array) is np.ndarray else None
