"""Turning what a caller passes into arrays, with errors that say what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def finite_array(name: str, value: ArrayLike) -> Array:
    """Return `value` as a new float64 array, or say why it is not one.

    Raises
    ------
    TypeError
        If `value` does not hold real numbers in equal rows.
    ValueError
        If it holds NaN or an infinity.
    """
    try:
        array = np.asarray(value)
    except ValueError:
        raise TypeError(
            f"{name} has rows of different lengths; give every row the same number of entries"
        ) from None
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{name} must hold real numbers; {_shortened(value)} does not")
    array = np.array(array, dtype=np.float64)
    if not np.isfinite(array).all():
        where = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        place = f" at index {where}" if where else ""
        raise ValueError(f"{name} is {array[where]}{place}; every entry must be a finite number")
    return array


def samples_array(name: str, value: ArrayLike, units: int, what: str) -> Array:
    """Return `value` as samples, shape (B, units): one sample, or one sample a row."""
    array = finite_array(name, value)
    if array.ndim == 0 and units == 1:
        array = array.reshape(1, 1)
    if array.ndim == 1 and array.size == units:
        array = array.reshape(1, units)
    if array.ndim != 2 or array.shape[1] != units or not len(array):
        raise ValueError(
            f"{name} has shape {np.shape(value)}; {what}, so give shape ({units},) for one "
            f"sample or (samples, {units}) for several"
        )
    return array


def positive_count(name: str, value: Any) -> int:
    """Return `value` as an int of at least 1."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"{name} must be a whole number of at least 1; {value!r} is not")
    if value < 1:
        raise ValueError(f"{name} must be at least 1; {value} came")
    return int(value)


def index_in(name: str, value: Any, length: int) -> int:
    """Return `value` as an index into `length` items; negative ones count from the end."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"{name} must be a whole number; {value!r} is not")
    if not -length <= value < length:
        raise IndexError(f"{name} {value} does not exist; give 0 to {length - 1}")
    return int(value) % length


def one_of(name: str, value: Any, choices: Sequence[str]) -> str:
    """Return `value` if it is one of `choices`."""
    if value not in choices:
        raise ValueError(f"{name} is {value!r}; choose one of {', '.join(map(repr, choices))}")
    return str(value)


def _shortened(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
