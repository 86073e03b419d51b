"""Turning what a caller passes into arrays, with errors that say what to do."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from decimal import Decimal
from numbers import Real
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
    except ValueError as error:
        if "inhomogeneous" not in str(error):
            raise
        raise TypeError(
            f"{name} has rows of different lengths; give every row the same number of entries"
        ) from None
    if np.ma.is_masked(value):
        raise ValueError(f"{name} has masked entries; fill them in or leave them out")
    if array.dtype.kind not in "biuf" and not _holds_real_numbers(array):
        raise TypeError(f"{name} must hold real numbers; {shortened(value)} does not")
    try:
        with np.errstate(all="ignore"):
            array = np.array(array, dtype=np.float64, order="C")
    except OverflowError:
        raise ValueError(
            f"{name} holds a number beyond ±{np.finfo(np.float64).max:.2g}, the largest that "
            "fits; scale it down"
        ) from None
    if not np.isfinite(array).all():
        where = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        place = f" at index {where[0] if len(where) == 1 else where}" if where else ""
        raise ValueError(f"{name} is {array[where]}{place}; every entry must be a finite number")
    return array


def _holds_real_numbers(array: NDArray[Any]) -> bool:
    """Return whether an array of Python objects holds numbers, such as fractions."""
    objects = array.dtype.kind == "O" and array.size > 0
    return objects and all(isinstance(entry, (Real, Decimal)) for entry in array.flat)


def is_one_sample(value: ArrayLike, units: int) -> bool:
    """Return whether `value` is a single sample: a vector, or a column as in a formula."""
    shape = np.shape(value)
    return shape in ((), (units,)) or (units > 1 and shape == (units, 1))


def samples_array(name: str, value: ArrayLike, units: int, what: str) -> Array:
    """Return `value` as samples, shape (B, units), one sample a row.

    A vector or a column of `units` numbers is one sample. Where a sample is a single
    number, a vector is as many samples as it has entries.
    """
    array = finite_array(name, value)
    if is_one_sample(array, units) and array.size == units:
        return array.reshape(1, units)
    if units == 1 and array.ndim == 1 and array.size:
        return array.reshape(-1, 1)
    if array.ndim != 2 or array.shape[1] != units or not len(array):
        raise ValueError(
            f"{name} has shape {array.shape}; {what}, so give shape ({units},) for one "
            f"sample or (samples, {units}) for several"
        )
    return array


def positive_count(name: str, value: Any) -> int:
    """Return `value` as an int of at least 1."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"{name} must be a whole number of at least 1; {shortened(value)} is not")
    if value < 1:
        raise ValueError(f"{name} must be at least 1; {value} came")
    return int(value)


def index_in(name: str, value: Any, length: int) -> int:
    """Return `value` as an index into `length` items; negative ones count from the end."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"{name} must be a whole number; {shortened(value)} is not")
    if not -length <= value < length:
        known = f"give 0 to {length - 1}" if length else "there is none yet"
        raise IndexError(f"{name} {value} does not exist; {known}")
    return int(value) % length


def one_of(name: str, value: Any, choices: Sequence[str]) -> str:
    """Return `value` if it is one of `choices`."""
    if not isinstance(value, str) or value not in choices:
        known = ", ".join(map(repr, choices))
        raise ValueError(f"{name} is {shortened(value)}; choose one of {known}")
    return value


def seed_number(name: str, value: Any) -> int:
    """Return `value` as a seed; for None a new one, drawn by the operating system."""
    if value is None:
        return secrets.randbits(32)
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"{name} must be a whole number or None; {shortened(value)} is not")
    if value < 0:
        raise ValueError(f"{name} is {value}; give 0 or a greater number")
    return int(value)


def shortened(value: Any) -> str:
    """Return a value as it would be written, cut short for a message."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
